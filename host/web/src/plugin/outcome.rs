//! What became of a submission.

use axum::response::Response;
use dinh_runtime::bindings::pages::{Done, InputProblem, Submission};
use dinh_runtime::bindings::views::Notice;
use dinh_runtime::{Asked, Submitted};
use maud::html;
use serde_json::json;

use super::address::Address;
use super::post::Deed;
use crate::app::App;
use crate::form::{self, Filled, Raw};
use crate::guard::once;
use crate::json::blocks;
use crate::problem::Problem;
use crate::respond;
use crate::visitor::{Visitor, Wants};

/// Hands a submission to the plugin, once for each nonce.
pub async fn submit(
    deed: &Deed<'_>,
    form: &str,
    raw: Raw,
    asked: Asked,
    submission: Submission,
) -> Result<Response, Problem> {
    let once = name(deed.visitor, deed.address, &raw)?;
    let submitted = deed.app.runtime.submit(&deed.address.plugin.manifest.id, asked, submission, once).await;
    match submitted.map_err(|error| Problem::call(error, deed.visitor.language))? {
        Submitted::Done(done) | Submitted::Repeated(done) => {
            Ok(self::done(deed.app, deed.visitor, deed.address, &done))
        }
        Submitted::Invalid(problems) => invalid(deed, form, raw, &problems),
    }
}

/// What came of the submission of this name, if it was handed in before: a double click, a reload. Asked before
/// the page is drawn again, on which the form may no longer be.
pub fn first(
    app: &App,
    visitor: &Visitor,
    address: &Address,
    once: Option<&[u8; 32]>,
) -> Result<Option<Response>, Problem> {
    let Some(once) = once else { return Ok(None) };
    let first = app.runtime.result_of(once).map_err(|error| Problem::call(error, visitor.language))?;
    Ok(first.map(|done| self::done(app, visitor, address, &done)))
}

/// What names the submission, when it has a nonce. All buttons of a page share one: each is named with what it
/// sends.
pub fn name(visitor: &Visitor, address: &Address, raw: &Raw) -> Result<Option<[u8; 32]>, Problem> {
    let account = visitor.signed_in()?.account.id;
    let nonce = raw.first("once").filter(|nonce| !nonce.is_empty());
    let form = raw.first("do").or_else(|| raw.first("form")).unwrap_or_default();
    Ok(nonce.map(|nonce| once(account, &address.place().bare(), form, nonce)))
}

/// On to where the plugin leads, with what it wants said there.
fn done(app: &App, visitor: &Visitor, address: &Address, done: &Done) -> Response {
    let target = address.place().address(&done.target);
    if visitor.wants == Wants::Json {
        let mut response = respond::json(&json!({
            "href": target.href,
            "notice": done.notice.as_ref().map(blocks::notice),
        }));
        let redirect = respond::see_other(&target.href);
        *response.status_mut() = redirect.status();
        response.headers_mut().extend(redirect.headers().clone());
        return response;
    }
    if target.leaves {
        return leave(app, visitor, address, &target.href, done.notice.as_ref());
    }
    let mut response = respond::see_other(&target.href);
    if let Some(notice) = &done.notice {
        respond::carry(&mut response, visitor, notice);
    }
    response
}

/// Nobody is sent out of the platform by a form: a link says where it leads.
fn leave(app: &App, visitor: &Visitor, address: &Address, href: &str, notice: Option<&Notice>) -> Response {
    let content = html! {
        (respond::notice(notice))
        p { a class="btn primary leaves" href=(href) rel="noopener noreferrer external" { (href) } }
    };
    let application = respond::application(app, visitor, &address.plugin, &[&address.path]);
    respond::page(app, visitor, &application.name, Some(&application), &content)
}

/// The form again, with what the plugin found wrong.
fn invalid(deed: &Deed<'_>, form: &str, raw: Raw, problems: &[InputProblem]) -> Result<Response, Problem> {
    let problems: Vec<_> = problems
        .iter()
        .map(|problem| form::Problem {
            name: problem.field.as_ref().map(|field| format!("f.{field}")),
            message: problem.message.clone(),
        })
        .collect();
    deed.refused(Filled { form: form.to_owned(), raw, problems, ..Filled::default() })
}
