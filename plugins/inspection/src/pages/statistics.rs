//! The matrix: how many organisations and members, by level and by content, and of these by conclusion; each figure leads
//! to its dossiers.

use dinh_sdk::prelude::*;
use dinh_sdk::time;

use super::{in_the_name, kinds, subject_name};
use crate::model::Catalog;
use crate::permission;
use crate::rules::matrix::{By, Counted, Pair, divide, subject};

/// A dossier as far as it is counted.
#[derive(Clone, Debug, PartialEq, Record)]
#[record(collection = "dossiers")]
struct Tallied {
    kind: String,
    subject: String,
    level: String,
    content: String,
    conclusion: Option<String>,
    year: i64,
}

/// A line of the matrix: its code in a list; the head of a list, and the total, have none.
struct Line {
    name: String,
    by: Option<(By, String)>,
    all: Pair,
    concluded: Vec<Pair>,
    kind: Option<RowKind>,
}

/// Draws the page.
pub(crate) fn draw(request: &Request) -> Result<Page> {
    let say = |vi, en| request.say(vi, en);
    let today = time::today();
    let year = request.optional("year")?.unwrap_or_else(|| i64::from(today.year()));
    let kind: Option<String> = request.optional("kind")?;
    let catalog = Catalog::on(today)?;
    let tallied = Tallied::all()
        .filter(Tallied::YEAR.is(year))
        .filter_some(kind.clone().map(|kind| Tallied::KIND.is(kind)))
        .list()?;
    let counted: Vec<Counted> = tallied.into_iter().map(|row| counted(row.record)).collect();
    let drill = Address::new("/").with("year", year).with_some("kind", kind.as_deref());
    let filters = Filters::new(vec![
        Field::integer("year", say("Năm", "Year")).between(1990, 2100).value(year).width(2),
        Field::choice("kind", say("Loại hồ sơ", "Kind"), kinds(request)).value(kind.clone()).width(4),
    ])
    .submit(say("Xem", "Show"));
    let title = request
        .say(
            &format!("Thống kê kiểm tra, giám sát năm {year}"),
            &format!("Inspection and supervision in {year}"),
        )
        .to_owned();
    Ok(in_the_name(Page::new(title), permission::STATISTICS)
        .label(Label::Confidential)
        .block(filters)
        .block(table(request, &lines(request, &counted, &catalog), &catalog, &drill)))
}

fn counted(row: Tallied) -> Counted {
    let Tallied { subject, level, content, conclusion, .. } = row;
    Counted { subject, level, content, conclusion }
}

fn line(name: String, by: Option<(By, String)>, counted: &[Counted], catalog: &Catalog) -> Line {
    let (parts, all) = divide(counted, By::Conclusion);
    let conclusions = catalog.list(By::Conclusion.list());
    let concluded = conclusions.map(|term| parts.get(&term.code).copied().unwrap_or_default()).collect();
    Line { name, by, all, concluded, kind: None }
}

fn lines(request: &Request, counted: &[Counted], catalog: &Catalog) -> Vec<Line> {
    let say = |vi, en| request.say(vi, en);
    let mut lines = Vec::new();
    for (by, name) in
        [(By::Level, say("Theo cấp", "By level")), (By::Content, say("Theo nội dung", "By content"))]
    {
        let head = line(name.to_owned(), None, &[], catalog);
        lines.push(Line { kind: Some(RowKind::Group), ..head });
        for term in catalog.list(by.list()) {
            let part: Vec<Counted> = counted
                .iter()
                .filter(|one| if by == By::Level { one.level == term.code } else { one.content == term.code })
                .cloned()
                .collect();
            lines.push(line(term.title.clone(), Some((by, term.code.clone())), &part, catalog));
        }
    }
    let total = line(say("Tổng số", "Total").to_owned(), None, counted, catalog);
    lines.push(Line { kind: Some(RowKind::Total), ..total });
    lines
}

fn table(request: &Request, lines: &[Line], catalog: &Catalog, drill: &Address) -> Table {
    let say = |vi, en| request.say(vi, en);
    let mut table = Table::of("matrix", lines)
        .column(Head::new("row", say("Chỉ tiêu", "Line")).frozen().wide(), |line| line.name.as_str());
    let conclusions: Vec<(Option<String>, String)> =
        [(None, say("Được kiểm tra, giám sát", "Inspected").to_owned())]
            .into_iter()
            .chain(
                catalog.list(By::Conclusion.list()).map(|term| (Some(term.code.clone()), term.title.clone())),
            )
            .collect();
    for (at, (code, title)) in conclusions.iter().enumerate() {
        for who in [subject::ORGANISATION, subject::MEMBER] {
            let key = format!("{who}-{}", code.as_deref().unwrap_or("all"));
            let head = if who == subject::MEMBER {
                say("Đảng viên", "Members")
            } else {
                say("Tổ chức", "Organisations")
            };
            let head = Head::new(key, head).under(title.clone()).format(Format::Integer).narrow();
            table = table.column(head, |line| cell(line, at, (who, code.as_deref()), drill));
        }
    }
    table
        .row_kind(|line| line.kind)
        .build()
        .note(format!(
            "{}: {}, {}. {}",
            say("Đối tượng", "Subjects"),
            subject_name(request, subject::ORGANISATION),
            subject_name(request, subject::MEMBER),
            say(
                "Mỗi hồ sơ có một đối tượng và được đếm một lần ở mỗi cách phân loại; chọn một số để xem các hồ sơ.",
                "Each dossier has one subject and is counted once in each division; a figure leads to its dossiers.",
            )
        ))
}

/// A figure of the matrix; none in the head of a list.
fn cell(
    line: &Line,
    at: usize,
    (who, conclusion): (&str, Option<&str>),
    drill: &Address,
) -> Cell<Option<i64>> {
    let pair = match at.checked_sub(1) {
        None => Some(line.all),
        Some(at) => line.concluded.get(at).copied(),
    };
    let Some(pair) = pair.filter(|_| line.kind != Some(RowKind::Group)) else { return Cell::new(None) };
    let count = if who == subject::MEMBER { pair.members } else { pair.organisations };
    if count == 0 {
        return Cell::new(Some(0));
    }
    let mut to = drill.clone().with("subject", who).with_some("conclusion", conclusion);
    if let Some((by, code)) = &line.by {
        to = to.with(by.list(), code.as_str());
    }
    Cell::new(Some(count)).to(to)
}
