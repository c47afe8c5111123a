//! Candidates of a picker while one types. The page is drawn first: only what a field on it picks from can
//! be searched, and shows what that field shows.

use axum::response::Response;
use dinh_runtime::bindings::views::{FieldKind, Page};
use serde_json::json;

use super::address::Address;
use crate::app::App;
use crate::directory::Directory;
use crate::form::find;
use crate::form::picked::CANDIDATES;
use crate::lookup::Lookup;
use crate::problem::{Kind, Problem};
use crate::respond;
use crate::visitor::Visitor;

/// `?pick=FORM/FIELD&words=…`
pub fn candidates(
    app: &App,
    visitor: &Visitor,
    address: &Address,
    page: &Page,
    name: &str,
) -> Result<Response, Problem> {
    visitor.signed_in()?;
    let field = find::field(page, name).ok_or(Kind::NotFound)?;
    let words = address.host("words").unwrap_or_default();
    let lookup = Lookup::new(app, visitor, Some(address.plugin.clone()));
    let found = match &field.kind {
        FieldKind::Reference(picker) => lookup.search_records(picker, words, CANDIDATES),
        FieldKind::Account => lookup.search_people(words, CANDIDATES),
        _ => return Err(Kind::NotFound.into()),
    };
    let list = found.candidates.iter().map(
        |candidate| json!({ "value": candidate.value, "text": candidate.text, "detail": candidate.detail }),
    );
    Ok(respond::json(
        &json!({ "candidates": list.collect::<Vec<_>>(), "more": found.more, "why": found.why }),
    ))
}
