//! The editions, and the import of what they are made of.

use dinh_sdk::access;
use dinh_sdk::prelude::*;

use crate::edition::{Definition, editions};
use crate::import::{components, groups};
use crate::model::Score;
use crate::permission;

/// One row of the table.
struct Line {
    definition: Definition,
    results: i64,
}

/// Draws the list of editions.
pub(crate) fn draw(request: &Request) -> Result<Page> {
    let mut lines = Vec::new();
    for edition in editions()? {
        if let Some(definition) = Definition::load(edition.year)? {
            let results = Score::all().filter(Score::YEAR.is(edition.year)).count()?;
            lines.push(Line { definition, results: i64::try_from(results).unwrap_or(i64::MAX) });
        }
    }
    let page = Page::new(request.say("Các kỳ PCI", "PCI editions"))
        .subtitle(request.say(
            "Bộ chỉ số thành phần, trọng số và nhóm xếp hạng của từng kỳ",
            "Components, weights and groups of each edition",
        ))
        .breadcrumb(request.say("Xếp hạng PCI", "PCI ranking"), "/")
        .block(table(request, &lines));
    if !access::may_somewhere(permission::EDITIONS) {
        return Ok(page);
    }
    Ok(page
        .section(
            Section::new("import-components", request.say("Nhập chỉ số thành phần", "Import components"))
                .block(components::block(request)?),
        )
        .section(
            Section::new("import-groups", request.say("Nhập nhóm xếp hạng", "Import groups"))
                .block(groups::block(request)?),
        ))
}

fn table(request: &Request, lines: &[Line]) -> Table {
    let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    Table::of("editions", lines)
        .column(Head::new("year", request.say("Kỳ", "Edition")).format(Format::Year).frozen(), |line| {
            let year = line.definition.edition.year;
            Cell::new(year).to(Address::new("/editions").segment(year))
        })
        .column(
            Head::new("provinces", request.say("Danh mục tỉnh tại ngày", "Provinces as of"))
                .format(Format::Date),
            |line| line.definition.edition.provinces_as_of,
        )
        .column(
            Head::new("components", request.say("Số chỉ số thành phần", "Components"))
                .format(Format::Integer),
            |line| count(line.definition.components.len()),
        )
        .column(Head::new("weights", request.say("Trọng số", "Weights")).format(Format::Badge), |line| {
            if line.definition.weights_known() {
                Cell::new(request.say("Đủ", "Known")).tone(Tone::Good)
            } else {
                Cell::new(request.say("Chưa có", "Unknown"))
            }
        })
        .column(Head::new("groups", request.say("Số nhóm", "Groups")).format(Format::Integer), |line| {
            count(line.definition.groups.len())
        })
        .column(
            Head::new("results", request.say("Số tỉnh có kết quả", "Provinces with results"))
                .format(Format::Integer),
            |line| {
                let ranking = Address::new("/").with("edition", line.definition.edition.year);
                let cell = Cell::new(line.results);
                if line.results > 0 { cell.to(ranking) } else { cell }
            },
        )
        .build()
        .empty(request.say("Chưa có kỳ PCI nào.", "There is no edition yet."))
}
