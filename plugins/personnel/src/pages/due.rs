//! What is due: raises, retirements, ends of appointments, decisions that take effect, papers that are missing.

use std::collections::HashMap;

use dinh_sdk::prelude::*;
use dinh_sdk::{access, jiff::ToSpan, time};

use super::{actor, as_of_field, decision_of, not_own, sheet_of, target, unit_field};
use crate::deeds::{fits, propose};
use crate::model::common::{Grades, parameters};
use crate::model::decision::{Kind, state};
use crate::model::{Decision, Discipline, Person, status};
use crate::past::{Line, grade_name};
use crate::permission;
use crate::prospects;
use crate::rules::parameters::{Parameters, key};
use crate::sheet::{check, fields};
use crate::units::Units;

/// Most officers for whom drafts are made at once.
const MOST_DRAFTS: usize = 200;

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
        List::Effect => return Ok(page.block(taking_effect(request)?)),
        List::Papers => return Ok(page.block(papers(request, asked.unit)?)),
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
    let disciplines = if list == List::Raise { disciplines()? } else { HashMap::new() };
    let none = Vec::new();
    let mut due: Vec<Due> = lines
        .into_iter()
        .filter_map(|line| {
            let (day, said) = match list {
                List::Raise => {
                    let measures = disciplines.get(&(line.id.high, line.id.low)).unwrap_or(&none);
                    let raise =
                        prospects::raise(&line.record, &grades, parameters, measures.iter().copied(), until)?;
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

/// Disciplinary measures by officer: the day of each, and by how many months it puts a raise off.
type Measures = HashMap<(u64, u64), Vec<(Date, i64)>>;

fn disciplines() -> Result<Measures> {
    let mut by_officer = Measures::new();
    for row in Discipline::all().list()? {
        let months = row.delay_months.unwrap_or_default();
        by_officer.entry((row.person.high, row.person.low)).or_default().push((row.decided_on, months));
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
        .column(Head::new("name", say("Họ và tên", "Name")).frozen(), |due| due.line.full_name.clone())
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
        .column(Head::new("said", said), |due| due.said.clone())
        .column(Head::new("day", day).format(Format::Date), |due| Cell::new(due.day).tone(tone(due.day)))
        .row_target(|due| Some(sheet_of(due.line.id)))
        .row_key(|due| due.line.id.to_string())
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

/// Drafts decisions for those selected, and submits them for signature.
pub(crate) fn draft(request: &Request, submission: &Submission) -> Result<Outcome> {
    let kind = list(request)?.decision().or_failed("a list without a decision")?;
    let selected = submission.selected();
    if selected.len() > MOST_DRAFTS {
        let text = request.say("Mỗi lần lập nhiều nhất 200 quyết định.", "At most 200 decisions at a time.");
        return Err(Error::form(text));
    }
    let (grades, parameters, by) = (Grades::load()?, parameters()?, actor(request)?);
    let disciplines = disciplines()?;
    let mut problems = Problems::default();
    let mut drafts = Vec::new();
    for id in selected {
        let person = Person::get(id.parse().map_err(|_| Error::NotFound(id.clone()))?)?;
        access::require(permission::DRAFT, target(person.unit, None))?;
        not_own(request, &person)?;
        let mut decision = Decision::draft(kind, &person, time::today(), by, time::now());
        let none = Vec::new();
        let measures = disciplines.get(&(person.id.high, person.id.low)).unwrap_or(&none);
        propose::fill(&mut decision, kind, &person, &grades, &parameters, measures);
        propose::complete(&mut decision, kind, &grades, &parameters);
        decision.state = state::SUBMITTED.to_owned();
        decision.submitted_at = Some(time::now());
        for (_, message) in fits::problems(request, &decision, kind, &person, &grades) {
            problems.form(format!("{}: {message}", person.full_name));
        }
        if pending(person.id, kind)? {
            let text =
                request.say("đã có quyết định cùng loại đang làm.", "such a decision is under way already.");
            problems.form(format!("{}: {text}", person.full_name));
        }
        drafts.push(decision);
    }
    problems.check()?;
    let made = drafts.len();
    Decision::insert_many(drafts)?;
    let said = format!("{} {made}", request.say("Số quyết định đã trình ký:", "Decisions submitted:"));
    Ok(Outcome::done("/decisions?state=submitted").saying(said))
}

/// Whether a decision of the kind is under way for an officer.
fn pending(person: RecordId, kind: Kind) -> Result<bool> {
    let decisions = Decision::all().filter(Decision::PERSON.is(person)).list()?;
    Ok(decisions.iter().any(|decision| decision.kind == kind.key() && decision.state != state::SIGNED))
}

/// Decisions that were signed ahead.
fn taking_effect(request: &Request) -> Result<Table> {
    let say = |vi, en| request.say(vi, en);
    let today = time::today();
    let mut pending = Decision::all().filter(Decision::STATE.is(state::PENDING.to_owned())).list()?;
    pending.sort_by_key(|decision| decision.effective_on);
    Ok(Table::of("due", &pending)
        .column(Head::new("title", say("Trích yếu", "Subject")).wide(), |row| row.title.clone())
        .column(Head::new("unit", say("Đơn vị", "Unit")), |row| row.unit)
        .column(Head::new("day", say("Hiệu lực từ", "In effect from")).format(Format::Date), |row| {
            let tone = if row.effective_on <= today { Tone::Warning } else { Tone::Neutral };
            Cell::new(row.effective_on).tone(tone)
        })
        .row_target(|row| Some(decision_of(row.id)))
        .build()
        .caption(List::Effect.name(request))
        .empty(say("Không có quyết định nào chờ hiệu lực.", "No decision waits for its day.")))
}

/// Officers whose records lack what a complete one has.
fn papers(request: &Request, unit: Option<UnitId>) -> Result<Table> {
    let say = |vi, en| request.say(vi, en);
    let labels = fields::all(request, &Grades::default());
    let label = |name: &str| labels.iter().find(|field| field.name == name).map_or("", |field| &field.label);
    let mut people = Person::all()
        .filter(Person::STATUS.is(status::WORKING.to_owned()))
        .order_by(Person::SORT_NAME.ascending())
        .list()?;
    if let Some(unit) = unit {
        let within = Units::load().within(unit);
        people.retain(|person| within.contains(&person.unit));
    }
    let mut rows = Vec::new();
    for person in people {
        let missing = check::missing(&person);
        if !missing.is_empty() {
            let names: Vec<&str> = missing.iter().map(|name| label(name)).collect();
            rows.push((person, names.join(", ")));
        }
    }
    Ok(Table::of("due", &rows)
        .column(Head::new("name", say("Họ và tên", "Name")).frozen(), |row| row.0.full_name.clone())
        .column(Head::new("code", say("Số hiệu", "Number")).format(Format::Code), |row| {
            row.0.code.clone()
        })
        .column(Head::new("unit", say("Đơn vị", "Unit")), |row| row.0.unit)
        .column(Head::new("missing", say("Còn thiếu", "Missing")).wide(), |row| row.1.clone())
        .row_target(|row| Some(sheet_of(row.0.id)))
        .build()
        .caption(List::Papers.name(request))
        .empty(say("Không có hồ sơ nào thiếu.", "No record is incomplete.")))
}
