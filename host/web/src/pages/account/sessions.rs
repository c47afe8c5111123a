//! `/account/sessions`: where one is signed in, and ending what one does not know.

use axum::extract::{RawQuery, Request, State};
use axum::http::HeaderMap;
use axum::response::Response;
use dinh_services::accounts::{self, OpenSession, SessionCursor, SessionKind};
use maud::{Markup, html};
use serde_json::json;

use super::frame;
use super::sent::Sent;
use crate::app::App;
use crate::format;
use crate::messages::Texts;
use crate::pages::call;
use crate::place::{parse_query, query};
use crate::problem::{Kind, Problem};
use crate::respond;
use crate::visitor::{Visitor, Wants};

const PATH: &str = "/account/sessions";
const PURPOSE: &str = "account/sessions";
/// Sessions of a page.
const PAGE: usize = 50;

/// `GET /account/sessions`
pub async fn page(
    State(app): State<App>,
    visitor: Visitor,
    RawQuery(asked): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let session = visitor.signed_in()?;
    let asked = parse_query(asked.as_deref().unwrap_or_default());
    let after = asked.iter().find(|(name, _)| name == "after").map(|(_, text)| text.parse::<SessionCursor>());
    let after = after.transpose().map_err(|()| Kind::BadRequest)?;
    let listed = call::read(&app, &visitor, |call| {
        accounts::list_sessions(&app.platform, call, Some(session.account.id), after, PAGE)
    })?;
    let next = listed.next.map(|next| next.to_string());
    if visitor.wants == Wants::Json {
        let sessions = listed.sessions.iter().map(|one| {
            json!({
                "id": one.id.to_string(), "kind": one.kind.as_str(), "opened": one.opened.to_string(),
                "seen": one.seen.to_string(), "expires": one.expires.to_string(),
                "address": one.address.to_string(), "current": one.id == session.id,
            })
        });
        return Ok(respond::json(&json!({ "sessions": sessions.collect::<Vec<_>>(), "next": next })));
    }
    let texts = visitor.texts();
    let others = listed.sessions.iter().any(|one| one.id != session.id);
    let content = html! {
        section class="section" {
            h2 { (texts.say("sessions-title")) }
            p class="muted" { (texts.say("sessions-help")) }
            (table(&visitor, &listed.sessions, session.id))
            @if let Some(next) = &next {
                a class="btn secondary" href={ (PATH) (query([("after", next.as_str())])) } { (texts.say("table-next")) }
            }
            @if others {
                form method="post" action=(PATH) {
                    (frame::token(&visitor, PURPOSE))
                    input type="hidden" name="all" value="true";
                    div class="buttons" { button class="btn secondary" { (texts.say("sessions-end-others")) } }
                }
            }
        }
    };
    Ok(frame::page(&app, &visitor, &headers, PATH, &content))
}

fn table(visitor: &Visitor, sessions: &[OpenSession], here: dinh_model::RecordId) -> Markup {
    let texts = visitor.texts();
    let rows = html! {
        @for one in sessions {
            tr {
                th scope="row" {
                    (kind(texts, one.kind))
                    @if one.id == here { small class="cell-note muted" { (texts.say("sessions-here")) } }
                }
                td class="nowrap" { (format::instant(one.opened)) }
                td class="nowrap" { (format::instant(one.seen)) }
                td class="nowrap" { (format::instant(one.expires)) }
                td { (one.address) }
                td {
                    @if one.id != here {
                        form method="post" action=(PATH) {
                            (frame::token(visitor, PURPOSE))
                            input type="hidden" name="session" value=(one.id);
                            button class="btn secondary" {
                                (texts.say("sessions-end"))
                                span class="sr" { " " (format::instant(one.opened)) }
                            }
                        }
                    }
                }
            }
        }
    };
    frame::table(
        texts,
        "sessions-title",
        &["sessions-kind", "sessions-opened", "sessions-seen", "sessions-expires", "sessions-address"],
        Some("sessions-end"),
        &rows,
    )
}

fn kind(texts: Texts, kind: SessionKind) -> String {
    texts.say(if kind == SessionKind::Page { "sessions-browser" } else { "sessions-program" })
}

/// `POST /account/sessions`: ends the session `session`, or with `all` every one but this.
pub async fn submit(State(app): State<App>, visitor: Visitor, request: Request) -> Result<Response, Problem> {
    let session = visitor.signed_in()?.clone();
    let sent = Sent::read(&app, &visitor, PURPOSE, request).await?;
    let id = session.account.id;
    let all = sent.value("all") == "true";
    let one = (!all).then(|| sent.value("session").parse()).transpose().map_err(|_| Kind::BadRequest)?;
    let ended = call::perform_oneself(&app, &visitor, move |call| match one {
        Some(one) => accounts::end_session(call, id, one),
        None => accounts::end_sessions(call, id, Some(&session)).map(|()| true),
    });
    let ended = ended.await?;
    if visitor.wants == Wants::Json {
        return Ok(respond::json(&json!({ "ended": ended })));
    }
    let said = match (ended, all) {
        (_, true) => "sessions-others-ended",
        (true, false) => "sessions-ended",
        (false, false) => "sessions-over",
    };
    Ok(frame::done(&visitor, PATH, said))
}
