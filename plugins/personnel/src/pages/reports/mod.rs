//! Numbers and quality of officers, as of any day: by unit, grade, age, education, ethnic group and position in
//! the Party.
//!
//! ```text
//! tally   what is counted, by what rows
//! listed  who is counted in a figure
//! ```

mod listed;
mod tally;

pub(crate) use listed::draw as listed;

use dinh_sdk::prelude::*;
use dinh_sdk::time;

use self::tally::{ALL, By, MEMBERS, MINORITY, Report, Row, Rows, Tally, WOMEN};
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

impl Asked {
    fn by(&self) -> By {
        let by = self.by.as_deref().and_then(|key| By::ALL.into_iter().find(|by| by.key() == key));
        by.unwrap_or(By::Unit)
    }

    /// The same of another page.
    fn address(&self, path: &str) -> Address {
        Address::new(path)
            .with("by", self.by().key())
            .with_some("unit", self.unit)
            .with_some("as-of", self.as_of)
    }
}

/// Draws the report.
pub(crate) fn draw(request: &Request) -> Result<Page> {
    let asked: Asked = request.query()?;
    let by = asked.by();
    let today = time::today();
    let day = asked.as_of.unwrap_or(today);
    let lines = serving(asked.unit, day, today)?;
    let (rows, total) = Report::new(request, by, day)?.tally(&lines);
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
        Metric::new(request.say("Tổng số", "In all"), count(total.of(ALL))).format(Format::Integer),
        share(request.say("Nữ", "Women"), &total, WOMEN),
        share(request.say("Đảng viên", "Members of the Party"), &total, MEMBERS),
        share(request.say("Dân tộc thiểu số", "Ethnic minorities"), &total, MINORITY),
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
    Ok(page.block(table(request, &asked, &levels, rows, total)))
}

/// Those in service on the day, as they stood then; of a unit and all below it, or everywhere.
pub(crate) fn serving(unit: Option<UnitId>, day: Date, today: Date) -> Result<Vec<Stored<Line>>> {
    let mut lines = Line::all().filter(Line::RECRUITED_ON.at_most(day)).list()?;
    lines.retain(|line| line.serves(day));
    if needed(day, today) {
        let histories = Histories::of_all(day)?;
        lines.iter_mut().for_each(|line| histories.put_back(line, day));
    }
    if let Some(unit) = unit {
        let within = Units::load().within(unit);
        lines.retain(|line| within.contains(&line.unit));
    }
    Ok(lines)
}

fn share(name: &str, total: &Tally, column: &str) -> Metric {
    let (part, all) = (total.of(column), total.of(ALL));
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
    let names = rows.keys().map(|row| row.name.clone());
    let men = rows.values().map(|tally| Some(count(tally.of(ALL) - tally.of(WOMEN))));
    let women = rows.values().map(|tally| Some(count(tally.of(WOMEN))));
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

fn table(request: &Request, asked: &Asked, levels: &Levels, rows: Rows, total: Tally) -> Table {
    let say = |vi, en| request.say(vi, en);
    let by = asked.by();
    let mut lines: Vec<(Option<Row>, Tally)> =
        rows.into_iter().map(|(row, tally)| (Some(row), tally)).collect();
    if !lines.is_empty() {
        lines.push((None, total));
    }
    let mut columns: Vec<(String, &str, Option<&str>)> = vec![(ALL.to_owned(), say("Tổng số", "All"), None)];
    let of_these = Some(say("Trong đó", "Of these"));
    columns.extend([
        (WOMEN.to_owned(), say("Nữ", "Women"), of_these),
        (MEMBERS.to_owned(), say("Đảng viên", "Members"), of_these),
        (MINORITY.to_owned(), say("Dân tộc thiểu số", "Minorities"), of_these),
    ]);
    let education = Some(say("Trình độ chuyên môn", "Education"));
    columns.extend(levels.education.iter().map(|(code, name)| (tally::education(code), name, education)));
    let theory = Some(say("Lý luận chính trị", "Political theory"));
    columns.extend(levels.theory.iter().map(|(code, name)| (tally::theory(code), name, theory)));
    let bands: Vec<(String, String)> =
        BANDS.iter().map(|band| (tally::band(*band), band_name(request, *band))).collect();
    let ages = Some(say("Độ tuổi", "Age"));
    columns.extend(bands.iter().map(|(key, name)| (key.clone(), name.as_str(), ages)));
    let mut table = Table::of("report", &lines)
        .column(Head::new("row", by.name(request)).frozen().wide(), |(row, _)| {
            row.as_ref().map_or_else(|| say("Cộng", "Total").to_owned(), |row| row.name.clone())
        });
    for (key, name, under) in &columns {
        let head = Head::new(key.as_str(), *name).format(Format::Integer).narrow();
        let head = match under {
            Some(under) => head.under(*under),
            None => head,
        };
        // A figure leads to those it counts.
        table = table.column(head, |(row, tally)| {
            let cell = Cell::new(count(tally.of(key)));
            let row = row.as_ref().map(|row| row.key.clone());
            match tally.of(key) {
                0 => cell,
                _ => cell.to(asked.address("/reports/listed").with_some("row", row).with("of", key.as_str())),
            }
        });
    }
    table
        .row_kind(|(row, _)| row.is_none().then_some(RowKind::Total))
        .build()
        .caption(format!("{} – {}", say("Số lượng, chất lượng cán bộ", "Numbers and quality"), by.name(request)))
        .empty(say("Không có ai trong phạm vi này.", "Nobody is within this scope."))
        .note(say(
            "Tính những người đã tuyển dụng và chưa thôi công tác tại ngày báo cáo; đơn vị, ngạch và trình độ theo quá trình công tác, diễn biến lương và đào tạo tại ngày đó.",
            "Counted are those recruited and not left on the day; unit, grade and levels are those of the day, from the histories.",
        ))
}
