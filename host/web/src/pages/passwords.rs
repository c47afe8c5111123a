//! `/apps/dinh/requests/ID/passwords`: the temporary passwords of an import, handed out to whoever asked for the
//! accounts. It belongs to the request's page in the administration, and is no view of it: the passwords are in this one
//! answer and nowhere else, while what becomes of a view's form is kept.

use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::response::Response;
use dinh_model::RequestId;
use dinh_services::ServiceError;
use dinh_services::accounts::{self, Asked, Directory, HandedOut};
use maud::html;
use serde_json::json;

use super::account::frame;
use super::account::sent::Sent;
use super::call;
use crate::app::App;
use crate::csv::{Writing, guarded};
use crate::problem::{Kind, Problem};
use crate::respond;
use crate::table_file::FileFormat;
use crate::visitor::{Visitor, Wants};

const PURPOSE: &str = "requests/passwords";

/// `GET`: what will be handed out.
pub async fn page(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let id = number(&id)?;
    let accounts = imported(&app, &visitor, id)?;
    if visitor.wants == Wants::Json {
        return Ok(respond::json(&json!({ "request": id.0, "accounts": accounts })));
    }
    let texts = visitor.texts();
    let content = html! {
        div class="narrow-page" {
            h1 { (texts.say("passwords-title")) }
            p class="subtitle" { (texts.with("passwords-of", &[("request", &id.to_string()), ("accounts", &visitor.formats().integer(i64::from(accounts)))])) }
            div class="notice warning page-notice" {
                span class="sign" aria-hidden="true" { "!" }
                div { p { (texts.say("passwords-once")) } }
            }
            p { (texts.say("passwords-help")) }
            form method="post" action={ (address(id)) "/passwords" } {
                (frame::token(&visitor, PURPOSE))
                div class="buttons" {
                    button class="btn primary" { (texts.say("passwords-download")) }
                    a class="btn secondary" href=(address(id)) { (texts.say("passwords-back")) }
                }
            }
        }
    };
    Ok(respond::page(&app, &visitor, &texts.say("passwords-title"), None, &content))
}

fn number(id: &str) -> Result<RequestId, Problem> {
    id.parse().map_err(|_| Kind::NotFound.into())
}

fn address(id: RequestId) -> String {
    format!("/apps/dinh/requests/{id}")
}

/// How many accounts the visitor asked for in this request.
fn imported(app: &App, visitor: &Visitor, id: RequestId) -> Result<u32, Problem> {
    let own = visitor.signed_in()?.account.id;
    let request = call::read(app, visitor, |call| accounts::get_request(call, id))?;
    match request.asked {
        Asked::Accounts { count, .. } if request.by.account == own => Ok(count),
        _ => Err(Kind::NotFound.into()),
    }
}

/// `POST`: makes them and hands them out.
pub async fn submit(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    visitor.signed_in()?;
    let id = number(&id)?;
    Sent::read(&app, &visitor, PURPOSE, request).await?;
    let handed = call::perform(&app, &visitor, move |call| {
        let handed = accounts::hand_out_passwords(call, id)?;
        let names = Directory::new(call.transaction.snapshot());
        let rows = handed.into_iter().map(|one| Row::of(&names, one));
        rows.collect::<Result<Vec<_>, ServiceError>>()
    });
    let rows = handed.await?;
    if visitor.wants == Wants::Json {
        let accounts: Vec<_> = rows.iter().map(Row::json).collect();
        return Ok(respond::json(&json!({ "request": id.0, "accounts": accounts })));
    }
    let texts = visitor.texts();
    let heads =
        ["passwords-name", "passwords-unit", "passwords-login", "passwords-email", "passwords-password"];
    let heads = heads.map(|key| texts.say(key));
    let mut text = Writing::Excel.begin() + &Writing::Excel.line(heads.iter().map(String::as_str));
    for row in &rows {
        text.push_str(&Writing::Excel.line(row.cells().iter().map(String::as_str)));
    }
    Ok(FileFormat::Csv(Writing::Excel).file(&format!("mat-khau-tam-{id}"), Body::from(text)))
}

/// Somebody's line of the list.
struct Row {
    name: String,
    unit: String,
    login: String,
    email: String,
    password: String,
}

impl Row {
    fn of(names: &Directory<'_>, one: HandedOut) -> Result<Self, ServiceError> {
        let unit = names.unit(one.account.unit)?;
        Ok(Self {
            name: one.account.full_name,
            unit: unit.map(|unit| unit.name).unwrap_or_default(),
            login: one.account.login,
            email: one.account.email.unwrap_or_default(),
            password: one.password,
        })
    }

    fn json(&self) -> serde_json::Value {
        json!({
            "name": self.name, "unit": self.unit, "login": self.login, "email": self.email,
            "password": self.password,
        })
    }

    /// Passwords are of letters and hyphens; they stand as they are typed.
    fn cells(&self) -> [String; 5] {
        let Self { name, unit, login, email, password } = self;
        [guarded(name), guarded(unit), login.clone(), guarded(email), password.clone()]
    }
}
