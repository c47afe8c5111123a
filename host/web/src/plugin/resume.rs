//! What somebody had filled in when their session was over: after they have signed in again, the page shows it
//! in its fields, and nothing is sent before they press the button once more.
//!
//! It goes on for the account that filled it in and for nobody else, whoever signs in at the same machine.

use std::sync::Arc;

use axum::http::Uri;
use axum::response::Response;
use dinh_model::AccountId;
use dinh_runtime::bindings::views::{Notice, ShownVersion, Tone};
use dinh_services::accounts::Session;

use super::address::Address;
use super::draw::{Besides, draw};
use super::import;
use crate::app::App;
use crate::form::find::{self, Submittable};
use crate::form::{Filled, Raw, stale};
use crate::place::{ascii, parse_query};
use crate::problem::{Kind, Problem};
use crate::respond::{carry, see_other};
use crate::visitor::Visitor;

/// Whose a urlencoded form is; none when it does not come from a page of ours.
pub fn whose(app: &App, text: &str) -> Option<AccountId> {
    let pairs = parse_query(text);
    let mark = pairs.iter().find(|(name, _)| name == "whose").map(|(_, mark)| mark.as_str());
    app.keeper.whose(mark?)
}

/// The page at `next` with what was filled in. Where there is nothing to show it in, the page as it is.
pub async fn resume(app: &App, visitor: &Visitor, next: &str, text: &str) -> Response {
    if whose(app, text) != visitor.account() {
        let mut onward = see_other(&ascii(next));
        let title = visitor.texts().say("resume-others");
        carry(&mut onward, visitor, &Notice { tone: Tone::Info, title, text: String::new() });
        return onward;
    }
    filled_in(app, visitor, next, text).await.unwrap_or_else(|_| see_other(&ascii(next)))
}

async fn filled_in(app: &App, visitor: &Visitor, next: &str, text: &str) -> Result<Response, Problem> {
    let elsewhere_first = |session: &Arc<Session>| session.account.must_change_password || session.must_enrol;
    let bound = visitor.session.as_ref().is_some_and(elsewhere_first);
    let uri: Uri = ascii(next).parse().ok().filter(|_| !bound).ok_or(Kind::NotFound)?;
    let address = Address::of(app, visitor, &uri)?;
    let rendered = app.runtime.render(&address.plugin.manifest.id, address.asked(visitor, None, None)).await;
    let page = rendered.map_err(|error| Problem::call(error, visitor.language))?;
    let mut pairs = parse_query(text);
    // Made for the old session; the page makes its own.
    pairs.retain(|(name, _)| !matches!(name.as_str(), "csrf" | "once" | "seal" | "whose"));
    let value = |name: &str| pairs.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone());
    let form = value("form").ok_or(Kind::NotFound)?;
    let mut sheet = None;
    let shown: &[ShownVersion] = match find::find(&page, &form).ok_or(Kind::NotFound)? {
        Submittable::Form(found) => {
            // Sealed for the old session: they have to be what the page draws now.
            pairs.retain(|(name, _)| !find::is_hidden(found, name));
            &found.shown
        }
        Submittable::Grid(found) => &found.shown,
        Submittable::Import(_) => {
            sheet = value("sheet");
            &[]
        }
    };
    let raw = Raw::typed(pairs, Vec::new());
    let stale = stale::is_stale(raw.first("shown"), shown);
    let filled = Filled { form, raw, stale, ..Filled::default() };
    let texts = visitor.texts();
    let notice =
        Notice { tone: Tone::Info, title: texts.say("resume-title"), text: texts.say("resume-text") };
    let besides = Besides { filled: Some(&filled), notice: Some(notice), ..Besides::default() };
    match sheet {
        // A file that was uploaded still waits: its preview asks whether to import it.
        Some(sheet) => import::preview(app, visitor, &address, &page, &sheet, besides).await,
        None => Ok(draw(app, visitor, &address, &page, &besides)),
    }
}
