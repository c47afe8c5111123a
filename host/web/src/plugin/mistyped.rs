//! A page whose query it does not take, such as a month typed as `13/2026`: its filters again, with what was typed and what
//! is wrong with it. Nothing else of the page is shown: what would be there is wider than what was asked.

use axum::http::StatusCode;
use axum::response::Response;
use dinh_runtime::CallError;
use dinh_runtime::bindings::views::{Block, Field, Page};

use super::address::Address;
use super::draw::{Besides, draw};
use crate::app::App;
use crate::draw::filters;
use crate::form::{Filled, Problem as Mistake, Raw, Reader};
use crate::lookup::Lookup;
use crate::problem::Problem;
use crate::visitor::{Visitor, Wants};

/// The filters of the page at `address`, which refused its query with `said`; the refusal where it has none.
pub async fn again(
    app: &App,
    visitor: &Visitor,
    address: &Address,
    said: String,
) -> Result<Response, Problem> {
    let language = visitor.language;
    let refusal = |said| Problem::call(CallError::BadRequest(said), language);
    if visitor.wants == Wants::Json || address.query.is_empty() {
        return Err(refusal(said));
    }
    let mut asked = address.asked(visitor, None, None);
    asked.request.query.clear();
    let Ok(page) = app.runtime.render(&address.plugin.manifest.id, asked).await else {
        return Err(refusal(said));
    };
    let page = narrowing(page);
    if page.sections.is_empty() {
        return Err(refusal(said));
    }
    let raw = Raw::typed(address.query.clone(), Vec::new());
    let mut problems = mistakes(app, visitor, address, &page, &raw);
    if problems.is_empty() {
        problems.push(Mistake { name: None, message: said });
    }
    let filled = Filled { form: filters::FORM.to_owned(), raw, problems, ..Filled::default() };
    let besides =
        Besides { filled: Some(&filled), status: Some(StatusCode::BAD_REQUEST), ..Besides::default() };
    Ok(draw(app, visitor, address, &page, &besides))
}

/// The page with its filters alone.
fn narrowing(mut page: Page) -> Page {
    for section in &mut page.sections {
        section.blocks.retain(|block| matches!(block, Block::Filters(_)));
        section.title = None;
    }
    page.sections.retain(|section| !section.blocks.is_empty());
    page.subtitle = None;
    page.actions.clear();
    page
}

/// What of the query its fields do not take.
fn mistakes(app: &App, visitor: &Visitor, address: &Address, page: &Page, raw: &Raw) -> Vec<Mistake> {
    let lookup = Lookup::new(app, visitor, Some(address.plugin.clone()));
    let reader = Reader {
        texts: visitor.texts(),
        formats: visitor.formats(),
        directory: &lookup,
        today: lookup.today(),
        most_files: app.platform.options().files.files_per_field,
        passes_on: address.plugin.is_built_in(),
    };
    let mistake = |field: &Field| {
        let wrong = reader.value(raw, &field.name, &field.label, &field.kind, false).err()?;
        Some(Mistake { name: Some(field.name.clone()), message: wrong.message })
    };
    let blocks = page.sections.iter().flat_map(|section| &section.blocks);
    let fields = blocks.flat_map(|block| match block {
        Block::Filters(filters) => filters.fields.as_slice(),
        _ => &[],
    });
    fields.filter_map(mistake).collect()
}
