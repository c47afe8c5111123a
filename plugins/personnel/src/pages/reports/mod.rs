//! Numbers and quality of officers, as of any day: by unit, grade, age, education, ethnic group and position in
//! the Party.
//!
//! ```text
//! tally   what is counted, by what rows
//! ```

mod tally;

use dinh_sdk::prelude::*;
use dinh_sdk::time;

use self::tally::{By, Rows, Tally, tally};
use super::people::band_name;
use super::{as_of_field, count, unit_field};
use crate::codes::{self, Names};
use crate::past::{Histories, Line, needed};
use crate::rules::ages::BANDS;
use crate::units::Units;

/// What the page may be asked for.
#[derive(Query)]
struct Asked {
    by: Option<String>,
    unit: Option<UnitId>,
    as_of: Option<Date>,
}

/// Draws the report.
pub(crate) fn draw(request: &Request) -> Result<Page> {
    let asked: Asked = request.query()?;
    let by = asked.by.as_deref().and_then(|key| By::ALL.into_iter().find(|by| by.key() == key));
    let by = by.unwrap_or(By::Unit);
    let today = time::today();
    let day = asked.as_of.unwrap_or(today);
    let lines = serving(&asked, day, today)?;
    let (rows, total) = tally(request, by, &lines, day)?;
    let levels = Levels::load()?;
    let choices = By::ALL.map(|by| Choice::new(by.key(), by.name(request))).to_vec();
    let kind = FieldKind::Choice(Choices { choices, style: ChoiceStyle::Select });
    let filters = Filters::new(vec![
        Field::new("by", request.say("Theo", "By"), kind).value(by.key()).required().width(4),
        unit_field(request, asked.unit),
        as_of_field(request, Some(day)),
    ])
    .submit(request.say("Lập báo cáo", "Report"));
    let metrics = vec![
        Metric::new(request.say("Tổng số", "In all"), count(total.all)).format(Format::Integer),
        share(request.say("Nữ", "Women"), total.women, total.all),
        share(request.say("Đảng viên", "Members of the Party"), total.members, total.all),
        share(request.say("Dân tộc thiểu số", "Ethnic minorities"), total.minority, total.all),
    ];
    let moment = day.strftime("%d/%m/%Y").to_string();
    let title = request.say("Báo cáo số lượng, chất lượng cán bộ", "Numbers and quality of officers");
    let mut page = Page::new(title)
        .subtitle(format!("{} {moment}", request.say("Tính đến ngày", "As of")))
        .block(filters)
        .block(metrics);
    page.letterhead = asked.unit.map(|unit| unit.0);
    if let Some(chart) = chart(request, by, &rows) {
        page = page.block(chart);
    }
    Ok(page.block(table(request, by, &levels, rows, total)))
}

/// Those in service on the day, as they stood then.
fn serving(asked: &Asked, day: Date, today: Date) -> Result<Vec<Stored<Line>>> {
    let mut lines = Line::all().filter(Line::RECRUITED_ON.at_most(day)).list()?;
    lines.retain(|line| line.serves(day));
    if needed(day, today) {
        let histories = Histories::of_all(day)?;
        lines.iter_mut().for_each(|line| histories.put_back(line, day));
    }
    if let Some(unit) = asked.unit {
        let within = Units::load().within(unit);
        lines.retain(|line| within.contains(&line.unit));
    }
    Ok(lines)
}

fn share(name: &str, part: usize, all: usize) -> Metric {
    let metric = Metric::new(name, count(part)).format(Format::Integer);
    let percent = Decimal::from(part * 100).checked_div(Decimal::from(all));
    match percent {
        Some(percent) => metric.unit(format!("({} %)", percent.round_dp(0))),
        None => metric,
    }
}

fn chart(request: &Request, by: By, rows: &Rows) -> Option<Chart> {
    if !(2..=15).contains(&rows.len()) {
        return None;
    }
    let names = rows.keys().map(|(_, name)| name.clone());
    let men = rows.values().map(|tally| Some(count(tally.all - tally.women)));
    let women = rows.values().map(|tally| Some(count(tally.women)));
    let chart = Chart::new(ChartKind::StackedBar, "shares", by.name(request), names)
        .series(Series::new(request.say("Nam", "Men"), men))
        .series(Series::new(request.say("Nữ", "Women"), women))
        .format(Format::Integer);
    Some(chart)
}

/// The levels that have a column, the highest first.
struct Levels {
    education: Names,
    theory: Names,
}

impl Levels {
    fn load() -> Result<Self> {
        Ok(Self {
            education: Names::of(codes::EDUCATION_LEVELS)?.highest_first(),
            theory: Names::of(codes::THEORY_LEVELS)?.highest_first(),
        })
    }
}

fn table(request: &Request, by: By, levels: &Levels, rows: Rows, total: Tally) -> Table {
    let say = |vi, en| request.say(vi, en);
    let mut lines: Vec<(String, Tally, bool)> =
        rows.into_iter().map(|((_, name), tally)| (name, tally, false)).collect();
    if !lines.is_empty() {
        lines.push((say("Cộng", "Total").to_owned(), total, true));
    }
    let number = |key: &str, head: &str| Head::new(key, head).format(Format::Integer).narrow();
    let mut table = Table::of("report", &lines)
        .column(Head::new("row", by.name(request)).frozen().wide(), |line| line.0.clone())
        .column(number("all", say("Tổng số", "All")), |line| count(line.1.all))
        .column(number("women", say("Nữ", "Women")).under(say("Trong đó", "Of these")), |line| {
            count(line.1.women)
        })
        .column(
            number("members", say("Đảng viên", "Members")).under(say("Trong đó", "Of these")),
            |line| count(line.1.members),
        )
        .column(
            number("minority", say("Dân tộc thiểu số", "Minorities")).under(say("Trong đó", "Of these")),
            |line| count(line.1.minority),
        );
    for (code, name) in levels.education.iter() {
        let head = number(&format!("education-{code}"), name);
        table = table.column(head.under(say("Trình độ chuyên môn", "Education")), |line| {
            count(line.1.education.get(code).copied().unwrap_or_default())
        });
    }
    for (code, name) in levels.theory.iter() {
        let head = number(&format!("theory-{code}"), name);
        table = table.column(head.under(say("Lý luận chính trị", "Political theory")), |line| {
            count(line.1.theory.get(code).copied().unwrap_or_default())
        });
    }
    for (at, band) in BANDS.iter().enumerate() {
        let head = number(&format!("age-{at}"), &band_name(request, *band));
        table = table.column(head.under(say("Độ tuổi", "Age")), |line| {
            count(line.1.ages.get(band.key).copied().unwrap_or_default())
        });
    }
    table
        .row_kind(|line| line.2.then_some(RowKind::Total))
        .build()
        .caption(format!("{} – {}", say("Số lượng, chất lượng cán bộ", "Numbers and quality"), by.name(request)))
        .empty(say("Không có ai trong phạm vi này.", "Nobody is within this scope."))
        .note(say(
            "Tính những người đã tuyển dụng và chưa thôi công tác tại ngày báo cáo; đơn vị, ngạch và trình độ theo quá trình công tác, diễn biến lương và đào tạo tại ngày đó.",
            "Counted are those recruited and not left on the day; unit, grade and levels are those of the day, from the histories.",
        ))
}
