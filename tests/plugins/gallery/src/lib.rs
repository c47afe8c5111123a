//! A test plugin that shows every block, and says in a notice what came back: what the tests of the pages
//! and of the JSON door are held against.

use dinh_sdk::bindings::dinh::platform::files as host;
use dinh_sdk::files;
use dinh_sdk::prelude::*;
use dinh_sdk::sheet::Sheet;

mod contract {
    //! The types of views, as the shared gallery names them.
    pub use dinh_sdk::bindings::dinh::platform::{types, views};
}

mod gallery;

/// A note.
#[derive(Clone, Record)]
#[record(collection = "notes")]
pub struct Note {
    /// What it says.
    pub title: String,
}

/// A paper with its scan.
#[derive(Clone, Record)]
#[record(collection = "papers")]
pub struct Paper {
    /// What it says.
    pub title: String,
    /// The file.
    pub scan: Option<FileId>,
    /// How confidential it is.
    pub label: Option<String>,
}

fn every_block(_: &Request) -> Result<Page> {
    let mut page = gallery::page();
    let sheet = Sheet::of("scores");
    for block in page.sections.iter_mut().flat_map(|section| &mut section.blocks) {
        if let (Block::SheetImport(import), Some(sheet)) = (block, &sheet) {
            import.preview = Some(preview(sheet)?);
        }
    }
    Ok(page)
}

/// A province that comes twice is a problem; the sum of the two scores is computed.
fn preview(sheet: &Sheet) -> Result<SheetPreview> {
    let rows = sheet.read(&["province"])?;
    let mut seen = Vec::new();
    let mut problems = Vec::new();
    for row in 0..sheet.rows() {
        let province: Option<String> = rows.get(row, "province");
        let Some(province) = province else { continue };
        if seen.contains(&province) {
            problems.push(SheetProblem {
                row: u32::try_from(row).unwrap_or(u32::MAX),
                column: Some("province".to_owned()),
                message: format!("{province} đã có ở dòng trên."),
                remedy: "Xoá một trong hai dòng.".to_owned(),
                warning: false,
            });
        }
        seen.push(province);
    }
    let summary = format!("Sẽ thêm {} tỉnh.", sheet.rows() - problems.len());
    let note = Field::text("note", "Ghi chú").at_most(100);
    Ok(SheetPreview { problems, ..SheetPreview::new(summary).ask(note) })
}

/// Says what came back; the name `Trùng` is refused.
fn echo(_: &Request, submission: &Submission) -> Result<Outcome> {
    if submission.get::<Option<String>>("name").ok().flatten().as_deref() == Some("Trùng") {
        let mut problems = Problems::default();
        problems.field("name", "Đã có người tên này.");
        return problems.check().map(|()| Outcome::done("/"));
    }
    Ok(Outcome::done("/").saying(format!("{submission:?}")))
}

/// Says how many rows came, and the note that was written beside them; the note `Trùng` is refused.
fn imported(_: &Request, submission: &Submission) -> Result<Outcome> {
    let note = submission.get::<Option<String>>("note")?.unwrap_or_default();
    if note == "Trùng" {
        let mut problems = Problems::default();
        problems.field("note", "Đã có ghi chú này.");
        return problems.check().map(|()| Outcome::done("/"));
    }
    let rows = Sheet::of("scores").map_or(0, |sheet| sheet.rows());
    Ok(Outcome::done("/").saying(format!("imported {rows} {note}").trim().to_owned()))
}

const LONG: i64 = 2_500;
const PART: i64 = 1_000;

/// A table of 2,500 rows in parts of a thousand, in the name of the unit that the query names.
fn long(request: &Request) -> Result<Page> {
    let start: i64 = request.after().and_then(|after| after.parse().ok()).unwrap_or(0);
    let end = (start + PART).min(LONG);
    let letterhead = request.optional("unit")?;
    Ok(Page { letterhead, ..numbers(start, end, (end < LONG).then(|| end.to_string())) })
}

/// A table that leads in a circle.
fn circle(_: &Request) -> Result<Page> {
    Ok(numbers(0, 1, Some("0".to_owned())))
}

fn numbers(start: i64, end: i64, next: Option<String>) -> Page {
    let rows: Vec<_> = (start..end).map(Some).collect();
    let mut table = gallery::ranking();
    table.id = "long".to_owned();
    table.columns.truncate(1);
    table.data = vec![gallery::build::integers(&rows)];
    table.row_targets.clear();
    table.row_keys.clear();
    table.bulk_actions.clear();
    table.row_styles.clear();
    table.cell_styles.clear();
    table.sorting = None;
    table.paging = Some(Paging { total: None, next, started: start > 0 });
    let section = Section {
        id: "s".to_owned(),
        title: None,
        layout: Layout::Stacked,
        collapsed: false,
        blocks: vec![Block::Table(table)],
    };
    Page { sections: vec![section], ..gallery::empty_page("Long") }
}

fn notes(_: &Request) -> Result<Page> {
    let notes = Note::all().order_by(Note::TITLE.ascending()).list()?;
    let table =
        Table::of("notes", &notes).column(Head::new("title", "Tiêu đề"), |note| note.title.as_str()).build();
    let form = Form::new("add", "Thêm").field(Field::of(Note::TITLE, "Tiêu đề"));
    Ok(Page::new("Ghi chép").block(table).block(form))
}

fn add(_: &Request, submission: &Submission) -> Result<Outcome> {
    let id = submission.record::<Note>()?.insert()?;
    Ok(Outcome::done("/notes").saying(id.to_string()))
}

fn note(request: &Request) -> Result<Page> {
    let note = Note::get(request.parameter("id")?)?;
    let title = Field::of(Note::TITLE, "Tiêu đề").value(note.title.clone());
    let form = Form::new("change", "Lưu").field(title).showing(&note);
    Ok(Page::new(note.title.clone()).block(form))
}

fn change(request: &Request, submission: &Submission) -> Result<Outcome> {
    let mut note = Note::get(request.parameter("id")?)?;
    note.title = submission.field(Note::TITLE)?;
    note.save()?;
    Ok(Outcome::done("/notes"))
}

fn papers(_: &Request) -> Result<Page> {
    let papers = Paper::all().list()?;
    let table = Table::of("papers", &papers)
        .column(Head::new("title", "Tiêu đề"), |paper| paper.title.as_str())
        .column(Head::new("scan", "Bản quét"), |paper| paper.scan)
        .build();
    let form = Form::new("attach", "Thêm")
        .field(Field::of(Paper::TITLE, "Tiêu đề"))
        .field(Field::of(Paper::SCAN, "Bản quét").extensions(&[".pdf", ".png"]))
        .field(Field::of(Paper::LABEL, "Độ mật"));
    let several = Form::new("several", "Thêm nhiều")
        .field(Field::file("scans", "Các bản quét").files(3))
        .field(Field::text("note", "Ghi chú").required());
    Ok(Page::new("Văn bản").block(table).block(form).block(several))
}

fn attach(_: &Request, submission: &Submission) -> Result<Outcome> {
    let id = submission.record::<Paper>()?.insert()?;
    Ok(Outcome::done("/papers").saying(id.to_string()))
}

/// One paper for each file, called as the file is.
fn several(_: &Request, submission: &Submission) -> Result<Outcome> {
    let ids = submission.files("scans")?;
    for (id, info) in ids.iter().zip(files::describe(&ids)?) {
        let title = info.or_not_found(id.0.to_string())?.name;
        Paper { title, scan: Some(*id), label: None }.insert()?;
    }
    Ok(Outcome::done("/papers").saying(format!("{} papers", ids.len())))
}

fn paper(request: &Request) -> Result<Page> {
    let paper = Paper::get(request.parameter("id")?)?;
    let mut facts = vec![Fact::new("Bản quét", paper.scan)];
    if let Some(scan) = paper.scan {
        let info = files::info(scan)?.or_not_found(scan.0.to_string())?;
        let begins = files::read(scan, 0, 8)?.unwrap_or_default();
        facts.push(Fact::new("Loại", info.media_type));
        // Beyond the bounds of the contract.
        let long = host::read(scan.0, 0, 65_537).err().unwrap_or_default();
        let many = host::describe(&[scan.0; 101]).err().unwrap_or_default();
        facts.push(Fact::new("Quá nhiều", format!("{long}; {many}")));
        facts.push(Fact::new("Bắt đầu", String::from_utf8_lossy(&begins).into_owned()));
    }
    let form = Form::new("alter", "Lưu")
        .field(Field::of(Paper::TITLE, "Tiêu đề").value(paper.title.clone()))
        .field(Field::of(Paper::SCAN, "Bản quét").value(paper.scan))
        .showing(&paper);
    Ok(Page::new(paper.title.clone()).block(Facts::new(facts)).block(form))
}

fn alter(request: &Request, submission: &Submission) -> Result<Outcome> {
    let mut paper = Paper::get(request.parameter("id")?)?;
    paper.title = submission.field(Paper::TITLE)?;
    paper.scan = submission.field(Paper::SCAN)?;
    paper.save()?;
    Ok(Outcome::done("/papers"))
}

fn secret(_: &Request) -> Result<Page> {
    Ok(gallery::empty_page("Secret"))
}

fn routes() -> Router {
    Router::new()
        .page("/", every_block)
        .form("edit", echo)
        .form("ledger", echo)
        .form("publish", echo)
        .form("withdraw", echo)
        .form("remove", echo)
        .form("scores", imported)
        .page("/long", long)
        .page("/circle", circle)
        .page("/notes", notes)
        .form("add", add)
        .page("/notes/{id}", note)
        .form("change", change)
        .page("/papers", papers)
        .form("attach", attach)
        .form("several", several)
        .page("/papers/{id}", paper)
        .form("alter", alter)
        .page("/secret", secret)
}

dinh_sdk::plugin!(routes);
