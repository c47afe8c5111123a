//! What is due: raises, retirements, ends of appointments, decisions that take effect, papers that are missing.
//!
//! ```text
//! mod     who is due until a day, by the rules
//! draft   decisions for those selected
//! other   decisions that take effect, records that are incomplete
//! ```

pub(crate) mod draft;
mod other;

use std::collections::HashMap;

use dinh_sdk::prelude::*;
use dinh_sdk::{access, jiff::ToSpan, time};

use super::{as_of_field, party_discipline, sheet_of, unit_field};
use crate::model::common::{Grades, parameters};
use crate::model::decision::Kind;
use crate::model::{Discipline, status};
use crate::past::{Line, grade_name};
use crate::permission;
use crate::prospects;
use crate::rules::parameters::{Parameters, key};
use crate::rules::raise::Measures;
use crate::units::Units;

/// What the page may be asked for.
#[derive(Query)]
struct Asked {
    unit: Option<UnitId>,
    /// Due until this day; without it, until the notice of the parameters.
    as_of: Option<Date>,
}

/// What is listed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum List {
    Raise,
    Retirement,
    Appointment,
    Effect,
    Papers,
}

impl List {
    const ALL: [Self; 5] = [Self::Raise, Self::Retirement, Self::Appointment, Self::Effect, Self::Papers];

    fn key(self) -> &'static str {
        match self {
            Self::Raise => "raise",
            Self::Retirement => "retirement",
            Self::Appointment => "appointment",
            Self::Effect => "effect",
            Self::Papers => "papers",
        }
    }

    fn name(self, request: &Request) -> &str {
        match self {
            Self::Raise => request.say("Nâng lương", "Raises"),
            Self::Retirement => request.say("Nghỉ hưu", "Retirement"),
            Self::Appointment => request.say("Hết thời hạn bổ nhiệm", "Ends of appointments"),
            Self::Effect => request.say("Quyết định đến hiệu lực", "Decisions taking effect"),
            Self::Papers => request.say("Hồ sơ còn thiếu", "Incomplete records"),
        }
    }

    /// The parameter that says how far ahead it is called due, in days.
    fn notice(self) -> Option<&'static str> {
        match self {
            Self::Raise => Some(key::RAISE_NOTICE),
            Self::Retirement => Some(key::RETIREMENT_NOTICE),
            Self::Appointment => Some(key::APPOINTMENT_NOTICE),
            Self::Effect | Self::Papers => None,
        }
    }

    /// The decision that deals with it.
    fn decision(self) -> Option<Kind> {
        match self {
            Self::Raise => Some(Kind::Raise),
            Self::Retirement => Some(Kind::Retire),
            _ => None,
        }
    }
}

fn list(request: &Request) -> Result<List> {
    let key: String = request.parameter("list")?;
    List::ALL.into_iter().find(|list| list.key() == key).or_not_found(request.path())
}

/// Between the officer and the day in the key of a row.
const KEY: char = '/';

/// An officer who is due.
struct Due {
    line: Stored<Line>,
    day: Date,
    said: String,
}

/// Draws a list.
pub(crate) fn draw(request: &Request) -> Result<Page> {
    let list = list(request)?;
    let asked: Asked = request.query()?;
    let today = time::today();
    let parameters = parameters()?;
    let tabs: Vec<Link> = List::ALL
        .into_iter()
        .map(|list| Link::new(list.name(request), Address::new("/due").segment(list.key())))
        .collect();
    let filters = Filters::new(vec![
        unit_field(request, asked.unit),
        Field {
            label: request.say("Đến hạn đến ngày", "Due until").to_owned(),
            ..as_of_field(request, asked.as_of)
        }
        .help(request.say("Để trống: theo số ngày nhắc trước.", "Empty: by the notice in days.")),
    ]);
    let page = Page::new(request.say("Danh sách đến hạn", "Due lists")).block(tabs).block(filters);
    let table = match list {
        List::Effect => return Ok(page.block(other::taking_effect(request)?)),
        List::Papers => return Ok(page.block(other::incomplete(request, asked.unit)?)),
        _ => {
            let Some(until) = until(list, &asked, &parameters, today) else {
                let title = request.say("Chưa có tham số nhắc trước hạn", "No parameter for the notice");
                return Ok(page.block(Notice::warning(title).text(request.say(
                    "Người quản trị bổ sung tại trang Tham số, hoặc chọn ngày ở trên.",
                    "The steward adds it on the page Parameters; or choose a day above.",
                ))));
            };
            let due = due(request, list, serving(asked.unit)?, until, &parameters)?;
            table(request, list, &due, today, &parameters).note(format!(
                "{} {}",
                request.say("Đến hạn tính đến ngày", "Due until"),
                until.strftime("%d/%m/%Y")
            ))
        }
    };
    Ok(page.block(table))
}

/// Until which day something counts as due.
fn until(list: List, asked: &Asked, parameters: &Parameters, today: Date) -> Option<Date> {
    asked.as_of.or_else(|| {
        let days = parameters.whole(list.notice()?, today).filter(|days| (0..=3660).contains(days))?;
        today.checked_add(days.days()).ok()
    })
}

/// Those in service, of a unit and all below it.
fn serving(unit: Option<UnitId>) -> Result<Vec<Stored<Line>>> {
    let mut lines = Line::all()
        .filter(Line::STATUS.is(status::WORKING.to_owned()))
        .order_by(Line::SORT_NAME.ascending())
        .list()?;
    if let Some(unit) = unit {
        let within = Units::load().within(unit);
        lines.retain(|line| within.contains(&line.unit));
    }
    Ok(lines)
}

/// Who is due until a day, the most urgent first.
fn due(
    request: &Request,
    list: List,
    lines: Vec<Stored<Line>>,
    until: Date,
    parameters: &Parameters,
) -> Result<Vec<Due>> {
    let grades = Grades::load()?;
    let mut measures = if list == List::Raise { official_measures()? } else { HashMap::new() };
    if list == List::Raise {
        for (person, day, months) in party_discipline::all_delays(parameters)? {
            measures.entry((person.high, person.low)).or_default().party.push((day, months));
        }
    }
    let none = Measures::default();
    let mut due: Vec<Due> = lines
        .into_iter()
        .filter_map(|line| {
            let (day, said) = match list {
                List::Raise => {
                    let measures = measures.get(&(line.id.high, line.id.low)).unwrap_or(&none);
                    let raise = prospects::raise(&line.record, &grades, parameters, measures, until)?;
                    (raise.due, raise_text(request, &line, &raise))
                }
                List::Retirement => {
                    let last = prospects::retirement(line.birth_date, &line.sex, parameters)?;
                    (last, line.position.clone().unwrap_or_default())
                }
                _ => (line.appointed_until?, line.position.clone().unwrap_or_default()),
            };
            (day <= until).then_some(Due { line, day, said })
        })
        .collect();
    due.sort_by_key(|due| due.day);
    Ok(due)
}

/// “Bậc 3 (3,00) → bậc 4 (3,33)”.
fn raise_text(request: &Request, line: &Line, raise: &crate::rules::raise::Raise) -> String {
    let number = |number: Decimal| {
        let text = format!("{number:.2}");
        if request.language() == Language::Vi { text.replace('.', ",") } else { text }
    };
    let step = request.say("bậc", "step");
    let share = |share: i64| if share > 0 { format!(" + {share} %") } else { String::new() };
    let before = line.coefficient.map(number).unwrap_or_default();
    format!(
        "{step} {} ({before}{}) → {step} {} ({}{})",
        line.step.unwrap_or_default(),
        share(line.over_frame.unwrap_or_default()),
        raise.step,
        number(raise.coefficient),
        share(raise.over_frame),
    )
}

/// Discipline of officials, by officer.
fn official_measures() -> Result<HashMap<(u64, u64), Measures>> {
    let mut by_officer: HashMap<_, Measures> = HashMap::new();
    for row in Discipline::all().list()? {
        let months = row.delay_months.unwrap_or_default();
        let measures = by_officer.entry((row.person.high, row.person.low)).or_default();
        measures.official.push((row.decided_on, months));
    }
    Ok(by_officer)
}

fn table(request: &Request, list: List, due: &[Due], today: Date, parameters: &Parameters) -> Table {
    let say = |vi, en| request.say(vi, en);
    let grades = Grades::load().unwrap_or_default();
    let urgent = parameters
        .whole(key::RETIREMENT_URGENT, today)
        .filter(|days| (0..=3660).contains(days))
        .and_then(|days| today.checked_add(days.days()).ok());
    let tone = |day: Date| {
        if day <= today {
            Tone::Bad
        } else if list == List::Retirement && urgent.is_some_and(|urgent| day <= urgent) {
            Tone::Warning
        } else {
            Tone::Neutral
        }
    };
    let (day, said) = match list {
        List::Raise => (say("Đến hạn từ", "Due from"), say("Nâng bậc", "Raise")),
        List::Retirement => (say("Nghỉ hưu hết ngày", "Last day"), say("Chức vụ, chức danh", "Position")),
        _ => (say("Hết thời hạn", "Term until"), say("Chức vụ, chức danh", "Position")),
    };
    let table = Table::of("due", due)
        .column(Head::new("name", say("Họ và tên", "Name")).frozen(), |due| due.line.full_name.as_str())
        .column(Head::new("code", say("Số hiệu", "Number")).format(Format::Code), |due| {
            due.line.code.clone()
        })
        .column(Head::new("birth-date", say("Ngày sinh", "Born")).format(Format::Date), |due| {
            due.line.birth_date
        })
        .column(Head::new("unit", say("Đơn vị", "Unit")).wide(), |due| due.line.unit)
        .column(Head::new("grade", say("Ngạch", "Grade")), |due| {
            grade_name(&grades, due.line.grade.as_ref())
        })
        .column(Head::new("said", said), |due| due.said.as_str())
        .column(Head::new("day", day).format(Format::Date), |due| Cell::new(due.day).tone(tone(due.day)))
        .row_target(|due| Some(sheet_of(due.line.id)))
        // The day is the list's answer: who drafts decisions from it need not be told again why it is that day.
        .row_key(|due| format!("{}{KEY}{}", due.line.id, due.day))
        .build()
        .caption(list.name(request))
        .empty(say("Không có ai đến hạn.", "Nobody is due."));
    match list.decision() {
        Some(_) if access::may_somewhere(permission::DRAFT) => table.bulk_action(
            Action::submit(say("Lập quyết định và trình ký", "Draft and submit decisions"), "draft").confirm(
                say(
                    "Lập quyết định cho những người đã chọn và trình ký?",
                    "Draft decisions for those selected and submit them for signature?",
                ),
            ),
        ),
        _ => Table { row_keys: Vec::new(), ..table },
    }
}
