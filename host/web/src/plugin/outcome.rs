//! What became of a submission.

use axum::response::Response;
use dinh_runtime::bindings::pages::{Done, InputProblem, Submission};
use dinh_runtime::bindings::views::Notice;
use dinh_runtime::{Asked, Submitted};
use maud::html;
use serde_json::json;

use super::post::Deed;
use crate::form::{self, Filled, Raw};
use crate::guard::once;
use crate::json::blocks;
use crate::problem::{Kind, Problem};
use crate::respond;
use crate::visitor::Wants;

/// Hands a submission to the plugin, once for each nonce.
pub async fn submit(
    deed: &Deed<'_>,
    form: &str,
    raw: Raw,
    asked: Asked,
    submission: Submission,
) -> Result<Response, Problem> {
    let account = deed.visitor.signed_in()?.account.id;
    let here = deed.address.place().bare();
    let once =
        raw.first("once").filter(|nonce| !nonce.is_empty()).map(|nonce| once(account, &here, form, nonce));
    let submitted = deed.app.runtime.submit(&deed.address.plugin.manifest.id, asked, submission, once).await;
    match submitted.map_err(|error| Problem::call(error, deed.visitor.language))? {
        Submitted::Done(done) | Submitted::Repeated(done) => Ok(self::done(deed, &done)),
        Submitted::Invalid(problems) => invalid(deed, form, raw, &problems),
    }
}

/// On to where the plugin leads, with what it wants said there.
fn done(deed: &Deed<'_>, done: &Done) -> Response {
    let address = deed.address.place().address(&done.target);
    if deed.visitor.wants == Wants::Json {
        let mut response = respond::json(&json!({
            "href": address.href,
            "notice": done.notice.as_ref().map(blocks::notice),
        }));
        let redirect = respond::see_other(&address.href);
        *response.status_mut() = redirect.status();
        response.headers_mut().extend(redirect.headers().clone());
        return response;
    }
    if address.leaves {
        return leave(deed, &address.href, done.notice.as_ref());
    }
    let mut response = respond::see_other(&address.href);
    if let Some(notice) = &done.notice {
        respond::carry(&mut response, deed.visitor, notice);
    }
    response
}

/// Nobody is sent out of the platform by a form: a link says where it leads.
fn leave(deed: &Deed<'_>, href: &str, notice: Option<&Notice>) -> Response {
    let content = html! {
        (respond::notice(notice))
        p { a class="btn primary leaves" href=(href) rel="noopener noreferrer external" { (href) } }
    };
    let application = respond::application(deed.app, deed.visitor, &deed.address.plugin, &deed.address.path);
    respond::page(deed.app, deed.visitor, &deed.page.title, Some(&application), &content)
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
    if deed.visitor.wants == Wants::Json {
        return Err(Problem { problems, ..Kind::Invalid.into() });
    }
    let filled = Filled { form: form.to_owned(), raw, problems, ..Filled::default() };
    Ok(deed.again(filled, Kind::Invalid.status()))
}
