//! `/account/acting`: for whom one acts, of those who lend one rights.

use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::response::Response;
use dinh_model::AccountId;
use dinh_services::accounts::{self, Directory, Lender};
use dinh_services::{Call, ServiceError};
use maud::html;
use serde_json::json;

use super::frame;
use super::sent::Sent;
use crate::app::App;
use crate::format;
use crate::pages::call;
use crate::problem::{Kind, Problem};
use crate::respond;
use crate::shell::ACTING as PATH;
use crate::visitor::{Visitor, Wants};

/// Somebody who lends, in the words of the page.
struct Shown {
    lender: Lender,
    name: String,
    lent: Vec<String>,
}

/// `GET /account/acting`
pub async fn page(State(app): State<App>, visitor: Visitor, headers: HeaderMap) -> Result<Response, Problem> {
    let session = visitor.signed_in()?;
    let lenders = call::read(&app, &visitor, |call| shown(call, &visitor))?;
    if visitor.wants == Wants::Json {
        let list = lenders.iter().map(|one| {
            json!({
                "lender": one.lender.account.0, "name": one.name, "lent": one.lent,
                "until": one.lender.until.map(|until| until.to_string()),
            })
        });
        return Ok(respond::json(&json!({
            "acting_for": session.on_behalf_of.map(|lender| lender.0), "lenders": list.collect::<Vec<_>>(),
        })));
    }
    let texts = visitor.texts();
    let rows = html! {
        @for one in &lenders {
            tr {
                th scope="row" { (one.name) }
                td { (one.lent.join("; ")) }
                td class="nowrap" { @if let Some(until) = one.lender.until { (format::instant(until)) } }
                td {
                    @if session.on_behalf_of == Some(one.lender.account) { (texts.say("acting-now")) }
                    @else {
                        form method="post" action=(PATH) {
                            (frame::token(&visitor, PATH))
                            input type="hidden" name="lender" value=(one.lender.account);
                            button class="btn secondary" {
                                (texts.say("acting-begin")) span class="sr" { " " (one.name) }
                            }
                        }
                    }
                }
            }
        }
    };
    let content = html! {
        section class="section" {
            h2 { (texts.say("acting-title")) }
            p class="muted" { (texts.say("acting-help")) }
            @if lenders.is_empty() { div class="empty" { p { (texts.say("acting-none")) } } }
            @else {
                (frame::table(texts, "acting-title", &["acting-who", "acting-what", "acting-until"], Some("acting-begin"), &rows))
            }
        }
    };
    Ok(frame::page(&app, &visitor, &headers, PATH, &content))
}

fn shown(call: &Call, visitor: &Visitor) -> Result<Vec<Shown>, ServiceError> {
    let directory = Directory::new(call.transaction.snapshot());
    let mut found = Vec::new();
    for lender in accounts::lenders(call)? {
        let mut lent = Vec::new();
        for id in &lender.grants {
            let grant = accounts::get_grant(call, *id)?;
            let role = accounts::find_role(call, &grant.role)?;
            let title = role
                .map_or_else(|| grant.role.to_string(), |role| role.title.get(visitor.language).to_owned());
            let unit = directory.unit(grant.scope.unit)?.map(|unit| unit.name).unwrap_or_default();
            lent.push(format!("{title} – {unit}"));
        }
        let name = directory.account(lender.account)?.map(|account| account.full_name);
        found.push(Shown { name: name.unwrap_or_default(), lender, lent });
    }
    Ok(found)
}

/// `POST /account/acting`: acts for `lender`; without one, for oneself again.
pub async fn submit(State(app): State<App>, visitor: Visitor, request: Request) -> Result<Response, Problem> {
    let session = visitor.signed_in()?.clone();
    let sent = Sent::read(&app, &visitor, PATH, request).await?;
    let lender = match sent.value("lender") {
        "" => None,
        number => Some(number.parse::<AccountId>().map_err(|_| Kind::BadRequest)?),
    };
    let platform = app.platform.clone();
    call::perform_oneself(&app, &visitor, move |call| {
        accounts::act_for(call, &session, lender, &platform.options().second_factor_roles)
    })
    .await?;
    if visitor.wants == Wants::Json {
        return Ok(respond::json(&json!({ "acting_for": lender.map(|lender| lender.0) })));
    }
    // What was shown is no longer what may be seen: it begins with what there is now.
    Ok(respond::see_other("/"))
}
