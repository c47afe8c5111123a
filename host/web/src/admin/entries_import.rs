//! Entries from a file (đề nghị từ tệp): what each row would change, then one proposal for all.

use dinh_runtime::bindings::pages::{InputProblem, Outcome};
use dinh_runtime::bindings::views::{
    Block, DateRange, DecimalRange, FieldKind, Format, IntegerRange, Page, SheetColumn, SheetImport,
    SheetPreview, SheetProblem, TextRange,
};
use dinh_services::catalog::{
    self, Compiled, Entry, MOST_PROPOSED, Planned, columns, import_sheet, open, plan_sheet,
};
use dinh_services::sheets::{self, CellKind, Sheet};

use super::blocks::{folded, note, page as blank, untitled};
use super::desk::{Desk, Given, Inputs};
use super::table::Rows;
use super::{catalogs, entries};

/// `/catalogs/NAME/import`
pub fn page(desk: &mut Desk<'_>, name: &str) -> Given<Page> {
    catalog::require_proposer(desk.call)?;
    let compiled = open(desk.call, name).map_err(|_| desk.missing())?;
    let about = compiled.catalog();
    let preview = match desk.sheet() {
        Some(sheet) => Some(preview(desk, name, sheet)?),
        None => None,
    };
    let help = desk.say(
        "Mỗi dòng là một mã. Bắt buộc: code, name_vi, valid_from (ngày đầu tiên có hiệu lực); valid_until là ngày đầu tiên hết hiệu lực. Cột không có trong tệp thì giữ nguyên. Chưa có gì được ghi trước khi bạn xem kết quả kiểm tra và gửi đề nghị.",
        "A row is an entry. Needed: code, name_vi, valid_from; valid_until is the first day on which it no longer holds. What the file has no column for stays. Nothing is written before you have seen what was found and sent the proposal.",
    );
    let import = SheetImport {
        id: "entries".to_owned(),
        title: desk.say("Tệp danh mục", "File of entries"),
        help: Some(help),
        columns: columns(&about.definition).into_iter().map(column).collect(),
        maximum_rows: u32::try_from(MOST_PROPOSED).unwrap_or(u32::MAX),
        preview,
    };
    let mut page = blank(desk.say("Đề nghị từ tệp", "Propose from a file"));
    page.breadcrumbs = catalogs::way(desk, Some(about));
    page.sections.push(untitled("import", vec![Block::SheetImport(import)]));
    if desk.sheet().is_none() {
        page.sections.push(template(desk, &compiled)?);
    }
    Ok(page)
}

/// The catalog under the heads of a file: exported, it is what can be changed and brought back.
fn template(desk: &Desk<'_>, compiled: &Compiled) -> Given<dinh_runtime::bindings::views::Section> {
    let all = compiled.entries();
    let start = match desk.query("after") {
        None => 0,
        Some(after) => {
            let place = all.iter().position(|entry| entry.code == after);
            place.ok_or_else(|| desk.unclear("after"))? + 1
        }
    };
    let end = all.len().min(start + desk.rows());
    let part = all.get(start..end).unwrap_or_default();
    let next = part.last().filter(|_| end < all.len()).map(|last| last.code.clone());
    let list = |words: &[String]| Some(words.join("|")).filter(|words| !words.is_empty());
    let mut rows = Rows::new("template", part, desk.say("Chưa có mã nào.", "No entries yet."))
        .code("code", "code".into(), |entry: &Entry| entry.code.clone())
        .text("name-vi", "name_vi".into(), |entry| entry.name.vi.clone())
        .text("name-en", "name_en".into(), |entry| entry.name.en.clone())
        .maybe("parent", "parent".into(), |entry| entry.parent.clone())
        .day("valid-from", "valid_from".into(), |entry| Some(entry.valid_from))
        .day("valid-until", "valid_until".into(), |entry| entry.valid_until)
        .text("order", "order".into(), |entry| entry.order.to_string())
        .maybe("aliases", "aliases".into(), |entry| list(&entry.aliases))
        .maybe("predecessors", "predecessors".into(), |entry| list(&entry.predecessors));
    for (place, attribute) in compiled.catalog().definition.attributes.iter().enumerate() {
        rows = rows.maybe(&entries::key(attribute), attribute.name.clone(), |entry| {
            match entry.attribute(place) {
                dinh_model::Value::Integer(number) => Some(number.to_string()),
                dinh_model::Value::Decimal(number) => Some(number.to_string()),
                dinh_model::Value::Text(text) => Some(text.clone()),
                _ => None,
            }
        });
    }
    let title = desk.say("Danh mục hiện có, theo mẫu của tệp", "The catalog, as a file has it");
    let help = note(desk.say(
        "Xuất bảng này, sửa trong bảng tính rồi tải lên.",
        "Export this table, change it in a spreadsheet and bring it back.",
    ));
    Ok(folded("file", title, vec![help, rows.paged(desk.started(), next).block()]))
}

/// A column of the service as views have it.
fn column(column: sheets::SheetColumn) -> SheetColumn {
    let kind = match column.kind {
        CellKind::Text { minimum, maximum } => FieldKind::Text(TextRange { minimum, maximum }),
        CellKind::Integer { minimum, maximum } => FieldKind::Integer(IntegerRange { minimum, maximum }),
        CellKind::Decimal { scale, .. } => {
            FieldKind::Decimal(DecimalRange { scale, minimum: None, maximum: None })
        }
        CellKind::Date { .. } => FieldKind::Date(DateRange { earliest: None, latest: None }),
        // The file of a catalog has no other kinds.
        _ => FieldKind::Text(TextRange { minimum: 0, maximum: 500 }),
    };
    SheetColumn {
        name: column.name,
        label: column.label,
        aliases: column.aliases,
        kind,
        required: column.required,
        empty_words: column.empty_words,
        format: Format::Plain,
    }
}

/// What each row would change, and what is wrong with it. What the host found when it read the cells it shows itself.
fn preview(desk: &mut Desk<'_>, name: &str, sheet: &Sheet) -> Given<SheetPreview> {
    let plan = plan_sheet(desk.call, name, sheet)?;
    let mut planned = plan.rows.clone();
    planned.resize(sheet.rows(), None);
    let said = |row: &Option<Planned>| {
        row.map(|row| match row {
            Planned::Add => desk.say("thêm mới", "new"),
            Planned::Change => desk.say("sửa", "changed"),
            Planned::Same => desk.say("không đổi", "as it is"),
        })
    };
    let (computed, data) = Rows::new("planned", &planned, String::new())
        .maybe("what", desk.say("Sẽ làm", "What"), said)
        .columns();
    let found = plan.imported.problems.iter().filter(|problem| !sheet.problems.contains(problem));
    let problems = found.map(|found| SheetProblem {
        row: found.row,
        column: found.column.clone(),
        message: found.message.clone(),
        remedy: found.remedy.clone(),
        warning: false,
    });
    let problems = problems.collect();
    let (added, changed, same) = (plan.imported.added, plan.imported.changed, plan.imported.unchanged);
    let summary = desk.say(
        &format!("Một đề nghị thêm {added} mã, sửa {changed} mã; {same} mã không đổi. Có hiệu lực khi người quản lý danh mục phê duyệt."),
        &format!("One proposal: {added} new, {changed} changed, {same} as they are. It takes effect when a steward approves it."),
    );
    Ok(SheetPreview { problems, computed, data, summary, fields: vec![catalogs::why(desk)] })
}

/// What comes back from it: the rows that are to be proposed, and why.
pub fn submit(desk: &mut Desk<'_>, inputs: &Inputs<'_>, name: &str) -> Given<Outcome> {
    let sheet = desk.sheet().ok_or_else(|| desk.missing())?;
    let done = import_sheet(desk.call, name, sheet, inputs.text("reason"))?;
    if let Some(problem) = done.problems.first() {
        let message =
            format!("{} {}: {}. {}", desk.say("Dòng", "Line"), problem.line, problem.message, problem.remedy);
        return Ok(Outcome::Invalid(vec![InputProblem { field: None, message }]));
    }
    let here = format!("/catalogs/{name}");
    if done.added + done.changed == 0 {
        return desk.done(here, "Không có gì thay đổi", "Nothing changes");
    }
    desk.done_or_asked(here, done.request, "Đã ghi các mã", "The entries were written")
}
