//! Import of scores: one line for each province in an edition. A result that exists is replaced by its
//! line.

mod check;
mod problems;

use std::collections::{BTreeMap, HashMap};

use dinh_sdk::catalog;
use dinh_sdk::prelude::*;
use dinh_sdk::sheet::{Rows, Sheet};

use super::may_lack;
use crate::edition::{Definition, PROVINCES, editions, results};
use crate::model::{Component, Score, YEARS};
use check::{COLUMNS, Context, Found, Plan, plan};

const BLOCK: &str = "scores";

/// Draws the page.
pub(crate) fn draw(request: &Request) -> Result<Page> {
    let page = Page::new(request.say("Nhập điểm PCI", "Import PCI scores"))
        .breadcrumb(request.say("Xếp hạng PCI", "PCI ranking"), "/")
        .action(Action::open(request.say("Các kỳ PCI", "PCI editions"), "/editions"));
    let editions = definitions()?;
    if editions.is_empty() {
        let title = request.say("Chưa có kỳ PCI nào", "There is no edition yet");
        let text = request.say(
            "Trước tiên hãy nhập các chỉ số thành phần của kỳ tại trang “Các kỳ PCI”.",
            "First import the components of an edition on the page “PCI editions”.",
        );
        return Ok(page.block(Notice::info(title).text(text)));
    }
    Ok(page.block(block(request, editions)?))
}

fn block(request: &Request, editions: BTreeMap<i64, Definition>) -> Result<SheetImport> {
    let components = known_components(&editions);
    let mut import = SheetImport::new(BLOCK, request.say("Tệp điểm", "File of scores"))
        .help(request.say(
            "Mỗi dòng là một tỉnh trong một kỳ. Ghi N/A khi điểm không được công bố. Tỉnh đã có kết quả trong kỳ sẽ được cập nhật; cột nào tệp không có thì giữ nguyên.",
            "One line for each province in an edition. Write N/A for what was not published. A province that has a result in the edition is updated; what the file has no column for stays as it is.",
        ))
        .column(
            SheetColumn::integer("year", request.say("Năm", "Year"), *YEARS.start(), *YEARS.end())
                .format(Format::Year)
                .alias("Năm")
                .alias("Kỳ")
                .required(),
        )
        .column(
            SheetColumn::text("province", request.say("Tỉnh, thành phố", "Province"))
                .alias("Tỉnh")
                .alias("Tỉnh/thành phố")
                .required(),
        );
    for component in &components {
        import = import.column(may_lack(
            SheetColumn::decimal(&component.key, component.name(request.language()), 2, 1, 10)
                .format(Format::Decimal(2))
                .alias(&component.name_vi)
                .alias(&component.name_en),
        ));
    }
    let import = import
        .column(may_lack(
            SheetColumn::decimal("published_score", request.say("Điểm PCI", "Published score"), 2, 0, 100)
                .format(Format::Decimal(2))
                .alias("Điểm PCI")
                .alias("Điểm công bố"),
        ))
        .column(may_lack(
            SheetColumn::integer("published_rank", request.say("Hạng", "Published rank"), 1, 100)
                .alias("Hạng")
                .alias("Xếp hạng"),
        ))
        .column(may_lack(
            SheetColumn::text("published_group", request.say("Nhóm", "Published group"))
                .alias("Nhóm")
                .alias("Nhóm xếp hạng"),
        ));
    let Some(sheet) = Sheet::of(BLOCK) else { return Ok(import) };
    let (_, plan) = read(request, &sheet, editions, &components)?;
    Ok(import.preview(Some(preview(request, plan))))
}

/// Imports the sheet.
pub(crate) fn submit(request: &Request, _: &Submission) -> Result<Outcome> {
    let sheet = Sheet::of(BLOCK).or_failed("no sheet")?;
    let editions = definitions()?;
    let components = known_components(&editions);
    let (rows, plan) = read(request, &sheet, editions, &components)?;
    plan.findings.check(request, &rows)?;
    let summary = summary(request, &plan);
    Score::insert_many(plan.added)?;
    for result in plan.updated {
        result.save()?;
    }
    let ranking = Address::new("/").with_some("edition", plan.latest);
    Ok(Outcome::done(ranking).saying(request.say("Đã nhập điểm", "Scores imported")).saying_more(summary))
}

/// The sheet, checked against what is stored now.
fn read(
    request: &Request,
    sheet: &Sheet,
    editions: BTreeMap<i64, Definition>,
    components: &[Component],
) -> Result<(Rows, Plan)> {
    let mut columns = COLUMNS.to_vec();
    columns.extend(components.iter().map(|component| component.key.as_str()));
    let rows = sheet.read(&columns)?;
    let mut context = Context { editions, find: &mut find_province(), results: &mut results };
    let has = |column: &str| sheet.has(column);
    let plan = plan(request, &rows, &columns, &has, &mut context)?;
    Ok((rows, plan))
}

fn definitions() -> Result<BTreeMap<i64, Definition>> {
    let mut definitions = BTreeMap::new();
    for edition in editions()? {
        if let Some(definition) = Definition::load(edition.year)? {
            definitions.insert(edition.year, definition);
        }
    }
    Ok(definitions)
}

/// Every component that some edition has, in the order and with the names of the latest that has it.
fn known_components(editions: &BTreeMap<i64, Definition>) -> Vec<Component> {
    let mut known: Vec<Component> = Vec::new();
    for component in editions.values().rev().flat_map(|definition| &definition.components) {
        if !known.iter().any(|other| other.key == component.key) {
            known.push(component.record.clone());
        }
    }
    known
}

/// Finds provinces in the catalog, each name and day once.
fn find_province() -> impl FnMut(&str, Date) -> Result<Option<Found>> {
    let mut known: HashMap<(String, Date), Option<Found>> = HashMap::new();
    move |name, day| {
        let key = (name.to_owned(), day);
        if let Some(found) = known.get(&key) {
            return Ok(found.clone());
        }
        // Codes are numbers: names are not even looked up among them.
        let entry = if name.starts_with(|c: char| c.is_ascii_digit()) {
            catalog::lookup(PROVINCES, name, day)?
        } else {
            catalog::find(PROVINCES, name, day)?
        };
        let found = entry.map(|entry| Found { code: entry.code, name: entry.name_vi });
        known.insert(key, found.clone());
        Ok(found)
    }
}

fn summary(request: &Request, plan: &Plan) -> String {
    let (added, updated, unchanged) = (plan.added.len(), plan.updated.len(), plan.unchanged);
    let lacking = plan.not_available;
    request
        .say(
            &format!(
                "Thêm {added}, cập nhật {updated}, giữ nguyên {unchanged} kết quả; {lacking} chỉ số N/A."
            ),
            &format!(
                "{added} results added, {updated} updated, {unchanged} unchanged; {lacking} components N/A."
            ),
        )
        .to_owned()
}

fn preview(request: &Request, plan: Plan) -> SheetPreview {
    let summary = summary(request, &plan);
    let names = Column::of(plan.computed.iter().map(|(name, _)| name.clone()));
    let totals = Column::of(plan.computed.iter().map(|(_, total)| *total));
    let preview = SheetPreview::new(summary)
        .computed(Head::new("found", request.say("Tỉnh trong danh mục", "Province in the catalog")), names)
        .computed(Head::new("computed", request.say("Điểm tính lại", "Computed")).decimal(2), totals);
    SheetPreview { problems: plan.findings.into_problems(), ..preview }
}

#[cfg(test)]
mod tests;
