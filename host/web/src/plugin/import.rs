//! Import of a spreadsheet: upload, preview, confirmation.
//!
//! ```text
//! POST file ── kept under DATA/uploads ── 303 ?sheet=ID
//! GET  ?sheet=ID ── read by the columns of the block ── render with the sheet ── preview
//! POST sheet=ID rows=all|good ── read again, rendered again ── submit with the rows to be imported ── discarded
//! ```

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use dinh_model::time;
use dinh_runtime::AskedSheet;
use dinh_runtime::bindings::views::{Block, FieldKind, Page, SheetImport};
use dinh_services::ServiceError;
use dinh_services::sheets::{
    self, CellKind, Choice, NewUpload, Sheet, SheetColumn, StagingError, UploadId, Wanted,
};
use serde_json::{Value, json};

use super::address::Address;
use super::draw::{Besides, draw};
use super::outcome;
use super::post::Deed;
use crate::app::App;
use crate::datum::Datum;
use crate::directory::Directory;
use crate::draw::import::bad_rows;
use crate::draw::{SheetAtHand, Unreadable};
use crate::form::kind::CODES;
use crate::form::parse::Parsed;
use crate::form::{self, Raw};
use crate::lookup::Lookup;
use crate::problem::{Kind, Problem};
use crate::respond::{self, see_other};
use crate::visitor::{Visitor, Wants};

/// A sheet that was read, and what reads it.
struct AtHand {
    id: UploadId,
    block: String,
    sheet: Arc<Sheet>,
    columns: Arc<[SheetColumn]>,
}

impl AtHand {
    fn asked(&self, sheet: &Arc<Sheet>) -> AskedSheet {
        AskedSheet { block: self.block.clone(), sheet: Arc::clone(sheet), columns: Arc::clone(&self.columns) }
    }
}

/// The import blocks of a page.
fn imports(page: &Page) -> impl Iterator<Item = &SheetImport> {
    page.sections.iter().flat_map(|section| &section.blocks).filter_map(|block| match block {
        Block::SheetImport(import) => Some(import),
        _ => None,
    })
}

/// Why an upload is not there, for the person.
fn staging(visitor: &Visitor, error: &StagingError) -> String {
    let texts = visitor.texts();
    match error {
        StagingError::TooLarge { most } => {
            texts.with("import-too-large", &[("most", &(most >> 20).to_string())])
        }
        StagingError::Full => texts.say("import-full"),
        StagingError::Unknown => texts.say("import-gone"),
        StagingError::Io { .. } => {
            tracing::error!(%error, "an upload could not be kept or read");
            texts.say("problem-internal-text")
        }
    }
}

/// Reads an upload by the columns of its block, which is looked for on the page.
async fn read(
    app: &App,
    visitor: &Visitor,
    address: &Address,
    page: &Page,
    id: &str,
) -> Result<AtHand, Unreadable> {
    let unreadable = |block: &str, text: String| Unreadable { block: block.to_owned(), text };
    let first = imports(page).next().map_or("", |import| import.id.as_str());
    let gone = || unreadable(first, visitor.texts().say("import-gone"));
    let (id, owner) = id.parse::<UploadId>().ok().zip(visitor.account()).ok_or_else(gone)?;
    let staged = app.uploads().and_then(|uploads| {
        uploads.staged(id, owner, &address.plugin.manifest.id, app.platform.clock().now())
    });
    let (staged, bytes) = staged.map_err(|error| unreadable(first, staging(visitor, &error)))?;
    let block = staged.upload.block;
    let import = imports(page).find(|import| import.id == block).ok_or_else(gone)?;
    let lookup = Lookup::new(app, visitor, Some(address.plugin.clone()));
    let columns: Arc<[SheetColumn]> =
        import.columns.iter().map(|column| self::column(&lookup, column)).collect();
    drop(lookup);
    let (wanted, most_rows, language) = (Arc::clone(&columns), import.maximum_rows, visitor.language);
    let file_name = staged.upload.file_name;
    // Reading ten thousand rows takes a moment: not on a thread that answers requests.
    let read = tokio::task::spawn_blocking(move || {
        sheets::read(&file_name, &bytes, Wanted { columns: &wanted, most_rows, language })
    });
    match read.await {
        Ok(Ok(sheet)) => Ok(AtHand { id, block, sheet: Arc::new(sheet), columns }),
        Ok(Err(error)) => Err(unreadable(&block, error.text(visitor.language))),
        Err(error) => {
            tracing::error!(%error, "reading a sheet broke off");
            Err(unreadable(&block, visitor.texts().say("problem-internal-text")))
        }
    }
}

/// A declared column as the sheets service has it. A code is a choice among the entries of its catalog.
fn column(lookup: &Lookup<'_>, column: &dinh_runtime::bindings::views::SheetColumn) -> SheetColumn {
    let kind = match &column.kind {
        FieldKind::Integer(range) => CellKind::Integer { minimum: range.minimum, maximum: range.maximum },
        FieldKind::Money(range) => CellKind::Money { minimum: range.minimum, maximum: range.maximum },
        FieldKind::Decimal(range) => {
            let bound = |value: &Option<_>| value.as_ref().and_then(|value| Datum::of(value).number());
            CellKind::Decimal {
                scale: range.scale,
                minimum: bound(&range.minimum),
                maximum: bound(&range.maximum),
            }
        }
        FieldKind::Date(range) => CellKind::Date {
            earliest: range.earliest.and_then(time::from_days),
            latest: range.latest.and_then(time::from_days),
        },
        FieldKind::Boolean => CellKind::Boolean,
        FieldKind::Choice(choices) => {
            let choices = choices.choices.iter();
            CellKind::Choice(
                choices.map(|one| Choice { value: one.value.clone(), text: one.text.clone() }).collect(),
            )
        }
        FieldKind::Code(picker) => {
            let as_of = picker.as_of.and_then(time::from_days).unwrap_or_else(|| lookup.today());
            let codes =
                lookup.codes(&picker.catalog, as_of, CODES).unwrap_or_default().candidates.into_iter();
            CellKind::Choice(codes.map(|code| Choice { value: code.value, text: code.text }).collect())
        }
        FieldKind::Text(range) | FieldKind::LongText(range) => {
            CellKind::Text { minimum: range.minimum, maximum: range.maximum }
        }
        // The runtime has refused pages whose imports take other kinds.
        _ => CellKind::Text { minimum: 0, maximum: 1_000 },
    };
    SheetColumn {
        name: column.name.clone(),
        label: column.label.clone(),
        aliases: column.aliases.clone(),
        kind,
        required: column.required,
        empty_words: column.empty_words.clone(),
    }
}

/// `GET ?sheet=ID`
pub async fn preview(
    app: &App,
    visitor: &Visitor,
    address: &Address,
    page: &Page,
    id: &str,
) -> Result<Response, Problem> {
    visitor.signed_in()?;
    let at_hand = match read(app, visitor, address, page, id).await {
        Ok(at_hand) => at_hand,
        Err(unreadable) => return unread(app, visitor, address, page, &unreadable),
    };
    let asked = address.asked(visitor, None, Some(at_hand.asked(&at_hand.sheet)));
    let id = &address.plugin.manifest.id;
    let page = app.runtime.render(id, asked).await.map_err(|error| Problem::call(error, visitor.language))?;
    let name = at_hand.id.to_string();
    let sheet = SheetAtHand { id: &name, block: &at_hand.block, sheet: &at_hand.sheet };
    Ok(draw(app, visitor, address, &page, &Besides { sheet: Some(sheet), ..Besides::default() }))
}

/// The page again, with what is wrong with the file beside its field.
fn unread(
    app: &App,
    visitor: &Visitor,
    address: &Address,
    page: &Page,
    unreadable: &Unreadable,
) -> Result<Response, Problem> {
    if visitor.wants == Wants::Json || imports(page).next().is_none() {
        return Err(Problem::with(Kind::Invalid, unreadable.text.clone()));
    }
    let status = Some(StatusCode::UNPROCESSABLE_ENTITY);
    Ok(draw(
        app,
        visitor,
        address,
        page,
        &Besides { unreadable: Some(unreadable), status, ..Besides::default() },
    ))
}

/// A sheet at hand, for programs: what was understood and what is wrong, row by row.
pub fn json(sheet: &SheetAtHand<'_>) -> Value {
    let problems = sheet.sheet.problems.iter().map(|problem| {
        json!({
            "row": problem.row, "line": problem.line, "column": problem.column, "value": problem.value,
            "message": problem.message, "remedy": problem.remedy,
        })
    });
    json!({
        "id": sheet.id,
        "form": sheet.block,
        "file_name": sheet.sheet.file_name,
        "rows": sheet.sheet.rows(),
        "good_rows": sheet.sheet.good_rows().iter().filter(|good| **good).count(),
        "columns": sheet.sheet.columns.iter().map(|column| column.name.as_str()).collect::<Vec<_>>(),
        "unknown_heads": sheet.sheet.unknown_heads,
        "problems": problems.collect::<Vec<_>>(),
        "unlisted_problems": sheet.sheet.unlisted_problems,
    })
}

/// `POST` of an import block: a file, or the confirmation of one.
pub async fn submitted(deed: &Deed<'_>, import: &SheetImport, raw: Raw) -> Result<Response, Problem> {
    match raw.first("sheet").map(str::to_owned) {
        Some(id) => confirm(deed, &id, raw).await,
        None => keep(deed, import, &raw).await,
    }
}

/// Keeps an uploaded file and goes on to its preview. A file that cannot be read at all is not kept.
async fn keep(deed: &Deed<'_>, import: &SheetImport, raw: &Raw) -> Result<Response, Problem> {
    let (app, visitor, address) = (deed.app, deed.visitor, deed.address);
    let wrong = |text: String| {
        let unreadable = Unreadable { block: import.id.clone(), text };
        unread(app, visitor, address, deed.page, &unreadable)
    };
    let Some(file) = raw.file("file") else { return wrong(visitor.texts().say("import-missing")) };
    let upload = NewUpload {
        owner: visitor.signed_in()?.account.id,
        plugin: address.plugin.manifest.id.clone(),
        block: import.id.clone(),
        file_name: file.file_name.clone(),
    };
    let (now, bytes, keeper) = (app.platform.clock().now(), file.bytes.clone(), app.clone());
    let staged = tokio::task::spawn_blocking(move || {
        let uploads = keeper.uploads()?;
        uploads.clean(now)?;
        uploads.stage(upload, &bytes, now)
    });
    let staged = match staged.await.map_err(|error| Problem::internal(&error))? {
        Ok(staged) => staged,
        Err(error) if error.is_disk_full() => {
            tracing::error!(%error, "an upload could not be kept");
            return Err(Problem::service(&ServiceError::Full, visitor.language));
        }
        Err(error) => return wrong(staging(visitor, &error)),
    };
    let id = staged.id.to_string();
    if let Err(unreadable) = read(app, visitor, address, deed.page, &id).await {
        discard(app, visitor, staged.id);
        return unread(app, visitor, address, deed.page, &unreadable);
    }
    let href = address.place().with(&[("sheet", Some(&id))]);
    let mut response = see_other(&href);
    if visitor.wants == Wants::Json {
        let redirect = response;
        response = respond::json(&json!({ "sheet": id, "href": href }));
        *response.status_mut() = redirect.status();
        response.headers_mut().extend(redirect.headers().clone());
    }
    Ok(response)
}

fn discard(app: &App, visitor: &Visitor, id: UploadId) {
    let discarded =
        visitor.account().map(|owner| app.uploads().and_then(|uploads| uploads.discard(id, owner)));
    if let Some(Err(error)) = discarded {
        tracing::warn!(%error, "an upload is left until it expires");
    }
}

/// Imports the rows that were confirmed.
async fn confirm(deed: &Deed<'_>, id: &str, raw: Raw) -> Result<Response, Problem> {
    let (app, visitor, address) = (deed.app, deed.visitor, deed.address);
    let form = raw.first("form").unwrap_or_default().to_owned();
    let at_hand = match read(app, visitor, address, deed.page, id).await {
        Ok(at_hand) if at_hand.block == form => at_hand,
        Ok(_) => return Err(Kind::Stale.into()),
        Err(unreadable) => return unread(app, visitor, address, deed.page, &unreadable),
    };
    let asked = address.asked(visitor, None, Some(at_hand.asked(&at_hand.sheet)));
    let plugin = &address.plugin.manifest.id;
    let page =
        app.runtime.render(plugin, asked).await.map_err(|error| Problem::call(error, visitor.language))?;
    let preview = imports(&page).find(|import| import.id == form).and_then(|import| import.preview.as_ref());
    let Some(preview) = preview else { return Err(Kind::Stale.into()) };
    let bad: BTreeSet<usize> = bad_rows(preview, &at_hand.sheet);
    let keep: Vec<bool> = (0..at_hand.sheet.rows()).map(|row| !bad.contains(&row)).collect();
    let refusal = match raw.first("rows") {
        Some("all") if !bad.is_empty() => Some("import-not-all"),
        Some("all" | "good") if !keep.contains(&true) => Some("import-none-good"),
        Some("all" | "good") => None,
        _ => return Err(Kind::BadRequest.into()),
    };
    let name = at_hand.id.to_string();
    let sheet = SheetAtHand { id: &name, block: &at_hand.block, sheet: &at_hand.sheet };
    if let Some(key) = refusal {
        let problem = form::Problem { name: None, message: visitor.texts().say(key) };
        return refused(deed, &page, sheet, vec![problem], &form, raw);
    }
    let rows = Arc::new(at_hand.sheet.keep(&keep));
    let asked = address.asked(visitor, None, Some(at_hand.asked(&rows)));
    let deed = Deed { app, visitor, address, page: &page };
    let response = outcome::submit(&deed, &form, raw, asked, Parsed::new(&form).submission).await?;
    if response.status() == StatusCode::SEE_OTHER {
        discard(app, visitor, at_hand.id);
    }
    Ok(response)
}

fn refused(
    deed: &Deed<'_>,
    page: &Page,
    sheet: SheetAtHand<'_>,
    problems: Vec<form::Problem>,
    form: &str,
    raw: Raw,
) -> Result<Response, Problem> {
    if deed.visitor.wants == Wants::Json {
        return Err(Problem { problems, ..Kind::Invalid.into() });
    }
    let filled = form::Filled { form: form.to_owned(), raw, problems, ..form::Filled::default() };
    let besides = Besides {
        filled: Some(&filled),
        sheet: Some(sheet),
        status: Some(Kind::Invalid.status()),
        ..Besides::default()
    };
    Ok(draw(deed.app, deed.visitor, deed.address, page, &besides))
}

/// `GET ?template=IMPORT`: the heads that the block expects, as a file to fill in.
pub fn template(visitor: &Visitor, page: &Page, block: &str) -> Result<Response, Problem> {
    visitor.signed_in()?;
    let import = imports(page).find(|import| import.id == block).ok_or(Kind::NotFound)?;
    let labels: Vec<&str> = import.columns.iter().map(|column| column.label.as_str()).collect();
    let text =
        super::export::Writing::Excel.begin() + &super::export::Writing::Excel.line(labels.into_iter());
    let mut response = Response::new(text.into());
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8"));
    headers.insert(header::CONTENT_DISPOSITION, super::export::attachment(&format!("{block}-mau.csv")));
    Ok(response)
}
