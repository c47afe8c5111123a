//! Import of scores: one line for each province in an edition. A result that exists is replaced by its
//! line.

use std::collections::{BTreeMap, HashMap};

use dinh_sdk::catalog;
use dinh_sdk::prelude::*;
use dinh_sdk::sheet::{Rows, Sheet};

use super::{Findings, may_lack, number, wrong_rows};
use crate::arithmetic;
use crate::edition::{Definition, PROVINCES, editions, results};
use crate::model::{Component, SLOTS, Score, YEARS};

const BLOCK: &str = "scores";
/// The columns beside the components.
const COLUMNS: [&str; 5] = ["year", "province", "published_score", "published_rank", "published_group"];

/// A province as a file names it, found in the catalog.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Found {
    code: String,
    name: String,
}

/// What the rows are checked against.
pub(crate) struct Context<'a> {
    /// Editions by year.
    pub(crate) editions: BTreeMap<i64, Definition>,
    /// Finds a province by its name or code on a day.
    pub(crate) find: &'a mut dyn FnMut(&str, Date) -> Result<Option<Found>>,
    /// The results of an edition as they are now.
    pub(crate) results: &'a mut dyn FnMut(i64) -> Result<Vec<Stored<Score>>>,
}

/// What an import would do.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    findings: Findings,
    added: Vec<Score>,
    updated: Vec<Stored<Score>>,
    unchanged: usize,
    /// Cells of components without a value, among the rows that would be written.
    not_available: usize,
    /// For each row, what the preview shows: the province found, the computed total.
    computed: Vec<(Option<String>, Option<Decimal>)>,
    latest: Option<i64>,
}

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
    Ok(page.block(block(request, editions)?).section(columns_help(request)))
}

fn block(request: &Request, editions: BTreeMap<i64, Definition>) -> Result<SheetImport> {
    let components = known_components(&editions);
    let mut import = SheetImport::new(BLOCK, request.say("Tệp điểm", "File of scores"))
        .help(request.say(
            "Mỗi dòng là một tỉnh trong một kỳ. Ghi N/A khi điểm không được công bố. Tỉnh đã có kết quả trong kỳ sẽ được cập nhật.",
            "One line for each province in an edition. Write N/A for what was not published. A province that has a result in the edition is updated.",
        ))
        .column(
            SheetColumn::integer("year", request.say("Năm", "Year"), *YEARS.start(), *YEARS.end())
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
                .alias(&component.name_vi)
                .alias(&component.name_en),
        ));
    }
    let import = import
        .column(may_lack(
            SheetColumn::decimal("published_score", request.say("Điểm PCI", "Published score"), 2, 0, 100)
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
        let entry = match catalog::find(PROVINCES, name, day)? {
            Some(entry) => Some(entry),
            None => catalog::lookup(PROVINCES, name, day)?,
        };
        let found = entry.map(|entry| Found { code: entry.code, name: entry.name_vi });
        known.insert(key, found.clone());
        Ok(found)
    }
}

/// Checks all rows and says what would be written. `columns` are those of the block, `has` tells those of
/// the file.
pub(crate) fn plan(
    request: &Request,
    rows: &Rows,
    columns: &[&str],
    has: &dyn Fn(&str) -> bool,
    context: &mut Context<'_>,
) -> Result<Plan> {
    let wrong = wrong_rows(rows, columns);
    let mut plan = Plan::default();
    let mut first_rows: HashMap<(i64, String), usize> = HashMap::new();
    let mut before: HashMap<i64, HashMap<String, Stored<Score>>> = HashMap::new();
    for row in 0..rows.len() {
        plan.computed.push((None, None));
        let (Some(year), Some(name)) = (rows.get::<i64>(row, "year"), rows.get::<String>(row, "province"))
        else {
            continue;
        };
        let Some(definition) = context.editions.get(&year) else {
            plan.findings.add(row, |row| unknown_edition(request, row, year));
            continue;
        };
        let Some(found) = (context.find)(&name, definition.edition.provinces_as_of)? else {
            plan.findings.add(row, |row| unknown_province(request, row, &name, definition));
            continue;
        };
        let earlier = *first_rows.entry((year, found.code.clone())).or_insert(row);
        if earlier != row {
            plan.findings.add(row, |row| duplicate(request, row, &found.name, year, rows.line(earlier)));
        }
        let mut good = earlier == row && !wrong.get(row).copied().unwrap_or(true);
        for component in foreign(definition, rows, row, columns) {
            good = false;
            plan.findings.add(row, |row| foreign_component(request, row, component, year));
        }
        for component in definition.components.iter().filter(|component| !has(&component.key)) {
            good = false;
            plan.findings.add(row, |row| missing_column(request, row, component, year));
        }
        let result = result(rows, row, year, &found, definition);
        let computed = definition.computed(&result);
        if let Some(shown) = plan.computed.last_mut() {
            *shown = (Some(found.name.clone()), computed);
        }
        if !good {
            continue;
        }
        warn(request, row, &result, computed, definition, &mut plan.findings);
        plan.latest = plan.latest.max(Some(year));
        plan.not_available +=
            definition.components.iter().filter(|component| component.score(&result).is_none()).count();
        let known = match before.entry(year) {
            std::collections::hash_map::Entry::Occupied(known) => known.into_mut(),
            std::collections::hash_map::Entry::Vacant(vacant) => {
                let results = (context.results)(year)?.into_iter();
                vacant.insert(results.map(|result| (result.province.0.clone(), result)).collect())
            }
        };
        match known.remove(&found.code) {
            Some(stored) if stored.record == result => plan.unchanged += 1,
            Some(stored) => plan.updated.push(Stored { record: result, ..stored }),
            None => plan.added.push(result),
        }
    }
    Ok(plan)
}

fn result(rows: &Rows, row: usize, year: i64, found: &Found, definition: &Definition) -> Score {
    let mut component = [None; SLOTS];
    for known in &definition.components {
        let slot = usize::try_from(known.slot).ok().and_then(|slot| component.get_mut(slot.checked_sub(1)?));
        if let Some(slot) = slot {
            *slot = rows.get(row, &known.key);
        }
    }
    Score {
        year,
        province: Code(found.code.clone()),
        total: rows.get(row, "published_score"),
        rank: rows.get(row, "published_rank"),
        group: rows.get(row, "published_group"),
        component,
    }
}

/// Columns that are filled in although the edition has no such component.
fn foreign<'a>(definition: &Definition, rows: &Rows, row: usize, columns: &[&'a str]) -> Vec<&'a str> {
    columns
        .iter()
        .copied()
        .filter(|column| !COLUMNS.contains(column))
        .filter(|column| !definition.components.iter().any(|component| component.key == *column))
        .filter(|column| rows.get::<Decimal>(row, column).is_some())
        .collect()
}

fn unknown_edition(request: &Request, row: u32, year: i64) -> SheetProblem {
    SheetProblem::new(
        row,
        format!("{} {year}", request.say("Chưa có kỳ PCI", "There is no edition")),
        request.say(
            "Nhập các chỉ số thành phần của kỳ tại trang “Các kỳ PCI”, hoặc sửa năm.",
            "Import the edition's components on the page “PCI editions”, or correct the year.",
        ),
    )
    .in_column("year")
}

fn unknown_province(request: &Request, row: u32, name: &str, definition: &Definition) -> SheetProblem {
    let day = definition.edition.provinces_as_of.strftime("%d/%m/%Y");
    SheetProblem::new(
        row,
        request.say(
            &format!("“{name}” không có trong danh mục tỉnh tại ngày {day}"),
            &format!("“{name}” is not in the catalog of provinces as of {day}"),
        ),
        request.say(
            "Ghi tên hoặc mã tỉnh theo danh mục dùng chung.",
            "Write the name or the code of a province of the shared catalog.",
        ),
    )
    .in_column("province")
}

fn duplicate(request: &Request, row: u32, name: &str, year: i64, line: u32) -> SheetProblem {
    SheetProblem::new(
        row,
        request.say(
            &format!("{name} năm {year} đã có ở dòng {line}"),
            &format!("{name} in {year} is also on line {line}"),
        ),
        request.say("Giữ lại một dòng.", "Keep one of the two."),
    )
    .in_column("province")
}

fn foreign_component(request: &Request, row: u32, column: &str, year: i64) -> SheetProblem {
    SheetProblem::new(
        row,
        request.say(
            &format!("Kỳ PCI {year} không có chỉ số thành phần này"),
            &format!("Edition {year} has no such component"),
        ),
        request.say("Ghi N/A, hoặc sửa năm.", "Write N/A, or correct the year."),
    )
    .in_column(column)
}

fn missing_column(request: &Request, row: u32, component: &Component, year: i64) -> SheetProblem {
    let name = component.name(request.language());
    SheetProblem::new(
        row,
        request.say(
            &format!("Tệp không có cột “{name}” ({}) của kỳ PCI {year}", component.key),
            &format!("The file has no column “{name}” ({}) of edition {year}", component.key),
        ),
        request
            .say("Thêm cột này; ghi N/A khi không công bố.", "Add it; write N/A for what was not published."),
    )
}

/// What may be imported, but should be looked at.
fn warn(
    request: &Request,
    row: usize,
    result: &Score,
    computed: Option<Decimal>,
    definition: &Definition,
    findings: &mut Findings,
) {
    if let (Some(gap), Some(computed)) = (arithmetic::gap(result.total, computed), computed) {
        let (gap, computed) = (number(request, gap), number(request, computed));
        findings.add(row, |row| {
            SheetProblem::new(
                row,
                request.say(
                    &format!("Điểm công bố lệch {gap} so với điểm tính lại {computed}"),
                    &format!("The published score is {gap} from the computed {computed}"),
                ),
                request.say(
                    "Đối chiếu với nguồn; nếu đúng như công bố thì vẫn nhập được.",
                    "Compare with the source; if it is as published, import it.",
                ),
            )
            .in_column("published_score")
            .warning()
        });
    }
    let grouped = definition.group(result, request.language());
    if let (Some(published), Some((None, _)), false) = (&result.group, grouped, definition.groups.is_empty())
    {
        let names: Vec<&str> = definition.groups.iter().map(|group| group.name_vi.as_str()).collect();
        findings.add(row, |row| {
            SheetProblem::new(
                row,
                request.say(
                    &format!("Kỳ PCI {} không khai báo nhóm “{published}”", result.year),
                    &format!("Edition {} does not declare the group “{published}”", result.year),
                ),
                format!("{} {}.", request.say("Các nhóm đã khai báo:", "Declared groups:"), names.join(", ")),
            )
            .in_column("published_group")
            .warning()
        });
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

fn columns_help(request: &Request) -> Section {
    Section::new("columns", request.say("Các cột của tệp", "Columns of the file")).collapsed().block(vec![
        Paragraph::bullet(request.say(
            "year – năm của kỳ PCI; province – tên tỉnh (có hoặc không dấu) hoặc mã tỉnh.",
            "year – the edition; province – its name (with or without diacritics) or its code.",
        )),
        Paragraph::bullet(request.say(
            "Mỗi chỉ số thành phần một cột, theo mã hoặc tên của chỉ số (ví dụ entry_costs hay “Gia nhập thị trường”); điểm từ 1 đến 10, hoặc N/A.",
            "One column for each component, by its key or name (such as entry_costs); scores from 1 to 10, or N/A.",
        )),
        Paragraph::bullet(request.say(
            "published_score, published_rank, published_group – điểm, hạng và nhóm công bố; để trống hoặc N/A nếu không công bố.",
            "published_score, published_rank, published_group – as published; empty or N/A where they are not.",
        )),
        Paragraph::note(request.say(
            "Tệp CSV (dấu phẩy, chấm phẩy hoặc tab; số thập phân dùng dấu chấm hoặc phẩy) hoặc Excel (.xlsx).",
            "CSV (comma, semicolon or tab; decimal point or comma) or Excel (.xlsx).",
        )),
    ])
}

#[cfg(test)]
mod tests;
