//! `/apps/dinh/people/ID/release`: a lost password, released to the person who stands there. It belongs to the
//! person's page in the administration, and is no view of it: the temporary password is in this one answer and
//! nowhere else, while what becomes of a view's form is kept, to be given again to whoever sends it twice.

use axum::extract::{Path, Request, State};
use axum::response::Response;
use dinh_model::AccountId;
use dinh_services::accounts::{self, Account, IdentityCheck, Released};
use dinh_services::permissions::ACCOUNT_MANAGE;
use maud::{Markup, html};
use serde_json::json;

use super::account::frame;
use super::account::sent::Sent;
use super::call;
use crate::app::App;
use crate::form::Problem as Wrong;
use crate::format;
use crate::problem::{Kind, Problem};
use crate::respond;
use crate::visitor::{Visitor, Wants};

const PURPOSE: &str = "people/release";

/// `GET`: how the administrator makes sure who it is.
pub async fn page(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let account = managed(&app, &visitor, number(&id)?)?;
    if visitor.wants == Wants::Json {
        let checks: Vec<_> = IdentityCheck::ALL.iter().map(|check| check.as_str()).collect();
        return Ok(respond::json(&json!({ "account": account.login, "identity": checks })));
    }
    Ok(form(&app, &visitor, &account, &[]))
}

fn number(id: &str) -> Result<AccountId, Problem> {
    id.parse().map_err(|_| Kind::NotFound.into())
}

/// The account, for whoever manages it.
fn managed(app: &App, visitor: &Visitor, id: AccountId) -> Result<Account, Problem> {
    visitor.signed_in()?;
    call::read(app, visitor, |call| {
        let account = accounts::get_account(call, id)?;
        let target = dinh_model::Target { unit: account.unit, label: account.clearance, owner: None };
        call.require(&ACCOUNT_MANAGE, &target)?;
        Ok(account)
    })
}

fn address(id: AccountId) -> String {
    format!("/apps/dinh/people/{id}")
}

fn form(app: &App, visitor: &Visitor, account: &Account, problems: &[Wrong]) -> Response {
    let texts = visitor.texts();
    let content = html! {
        div class="narrow-page" {
            h1 { (texts.say("release-title")) }
            p class="subtitle" { (account.full_name) " (" (account.login) ")" }
            p { (texts.say("release-help")) }
            (frame::problems(texts, problems))
            form class="form-card" method="post" action={ (address(account.id)) "/release" } novalidate data-form {
                (frame::token(visitor, PURPOSE))
                div class="fields" {
                    fieldset class="field" id="identity" {
                        legend { (texts.say("release-identity")) }
                        @for check in IdentityCheck::ALL {
                            label class="choice-box" {
                                input type="radio" name="identity" value=(check.as_str());
                                span { (check.title(visitor.language)) }
                            }
                        }
                    }
                }
                div class="buttons" {
                    button class="btn primary" { (texts.say("release-submit")) }
                    a class="btn secondary" href=(address(account.id)) { (texts.say("release-back")) }
                }
            }
        }
    };
    respond::page(app, visitor, &texts.say("release-title"), None, &content)
}

/// `POST`: releases it and shows the temporary one, once.
pub async fn submit(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    visitor.signed_in()?;
    let id = number(&id)?;
    let sent = Sent::read(&app, &visitor, PURPOSE, request).await?;
    let texts = visitor.texts();
    let Ok(identity) = sent.value("identity").parse::<IdentityCheck>() else {
        let account = managed(&app, &visitor, id)?;
        let problems = vec![frame::wrong(Some("identity"), texts.say("release-identity-missing"))];
        return frame::invalid(&visitor, problems, |problems| Ok(form(&app, &visitor, &account, problems)));
    };
    let released = call::perform(&app, &visitor, move |call| {
        let released = accounts::release_password(call, id, identity)?;
        Ok((accounts::get_account(call, id)?, released))
    });
    let (account, released) = released.await?;
    if visitor.wants == Wants::Json {
        let (password, until) = (&released.password, released.accepted.until);
        return Ok(respond::json(
            &json!({ "account": account.login, "password": password, "until": until, "tokens_revoked": released.tokens }),
        ));
    }
    Ok(shown(&app, &visitor, &account, &released))
}

fn shown(app: &App, visitor: &Visitor, account: &Account, released: &Released) -> Response {
    let texts = visitor.texts();
    let until = released.accepted.until.map(format::instant);
    let content: Markup = html! {
        div class="narrow-page" {
            h1 { (texts.say("release-done")) }
            p class="subtitle" { (account.full_name) " (" (account.login) ")" }
            div class="notice good" role="status" {
                span class="sign" aria-hidden="true" { "✓" }
                div {
                    p { (texts.say("release-once")) }
                    p { code class="secret" { (released.password) } }
                    @if released.tokens > 0 {
                        p { (texts.with("release-tokens", &[("tokens", &released.tokens.to_string())])) }
                    }
                    @if let Some(until) = until { p { (texts.with("release-until", &[("until", &until)])) } }
                }
            }
            div class="buttons" {
                a class="btn primary" href=(address(account.id)) { (texts.say("release-back")) }
            }
        }
    };
    respond::page(app, visitor, &texts.say("release-done"), None, &content)
}
