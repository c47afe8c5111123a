//! A file that came, and the confirmation of one.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::Response;
use dinh_runtime::bindings::views::SheetImport;
use dinh_services::ServiceError;
use dinh_services::sheets::{NewUpload, UploadId};
use serde_json::json;

use super::imports;
use super::preview::{unread, with_sheet};
use super::read::{read, staging};
use crate::app::App;
use crate::draw::import::bad_rows;
use crate::draw::{SheetAtHand, Unreadable};
use crate::form::{self, Filled, Raw, confirmation};
use crate::plugin::outcome;
use crate::plugin::post::Deed;
use crate::problem::{Kind, Problem};
use crate::respond::{self, see_other};
use crate::visitor::{Visitor, Wants};

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
        uploads.stage(upload, &bytes, now, &*keeper.upload_key()?)
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
    let read = read(app, visitor, address, deed.page, &id).await;
    if !matches!(read, Ok(Ok(_))) {
        discard(app, visitor, staged.id);
    }
    if let Err(unreadable) = read? {
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
    let at_hand = match read(app, visitor, address, deed.page, id).await? {
        Ok(at_hand) if at_hand.block == form => at_hand,
        Ok(_) => return Err(Kind::Stale.into()),
        Err(unreadable) => return unread(app, visitor, address, deed.page, &unreadable),
    };
    let page = with_sheet(app, visitor, address, &at_hand).await?;
    let preview = imports(&page).find(|import| import.id == form).and_then(|import| import.preview.as_ref());
    let Some(preview) = preview else { return Err(Kind::Stale.into()) };
    let name = at_hand.id.to_string();
    let sheet = SheetAtHand { id: &name, block: &at_hand.block, sheet: &at_hand.sheet };
    let deed = Deed { app, visitor, address, page: &page, sheet: Some(sheet) };
    let bad = bad_rows(preview, &at_hand.sheet);
    // The platform refuses a file with a fault itself, by which rule it says in the evidence.
    let whole = address.plugin.is_built_in() && raw.first("rows") == Some("all");
    let keep: Vec<bool> = (0..at_hand.sheet.rows()).map(|row| whole || !bad.contains(&row)).collect();
    let refusal = match raw.first("rows") {
        Some("all") if !bad.is_empty() && !whole => Some("import-not-all"),
        Some("all" | "good") if !keep.contains(&true) => Some("import-none-good"),
        Some("all" | "good") => None,
        _ => return Err(Kind::BadRequest.into()),
    };
    if let Some(key) = refusal {
        let problems = vec![form::Problem { name: None, message: visitor.texts().say(key) }];
        return deed.refused(Filled { form, raw, problems, ..Filled::default() });
    }
    let asks = confirmation(&form, preview);
    let parsed = deed.read(|reader| form::parse::form(reader, &asks, &raw, None));
    if !parsed.problems.is_empty() {
        let (problems, found) = (parsed.problems, parsed.found);
        return deed.refused(Filled { form, raw, problems, found, ..Filled::default() });
    }
    let rows = Arc::new(at_hand.sheet.keep(&keep));
    let asked = address.asked(visitor, None, Some(at_hand.asked(&rows)));
    let response = outcome::submit(&deed, &form, raw, asked, parsed.submission).await?;
    if response.status() == StatusCode::SEE_OTHER {
        discard(app, visitor, at_hand.id);
    }
    Ok(response)
}
