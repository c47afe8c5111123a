//! `POST /api/v1/session`: a token for programs, in exchange for a name and a password. It is a credential
//! of its own: no page accepts it as a cookie, and no page session's token is accepted as a bearer's.

use axum::extract::{Request, State};
use axum::response::Response;
use dinh_services::accounts::{Password, SessionKind, SignIn};
use serde::Deserialize;
use serde_json::json;

use super::sign_in::{Opened, open};
use crate::app::App;
use crate::body;
use crate::problem::{Kind, Problem};
use crate::respond;
use crate::visitor::{By, Visitor};

/// Most bytes of the body.
const BYTES: usize = 16 << 10;

/// What is sent. `otp` is a code of the second factor, or a recovery code, for whoever has one.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Credentials {
    account: String,
    password: String,
    #[serde(default)]
    otp: Option<String>,
}

/// Opens a session for a program.
pub async fn open_session(
    State(app): State<App>,
    visitor: Visitor,
    request: Request,
) -> Result<Response, Problem> {
    if body::kind(request.headers()) != "application/json" {
        return Err(Kind::Media.into());
    }
    let bytes = body::read(request.into_body(), BYTES, app.options.form_time).await?;
    // Not serde's words: they could repeat what was sent.
    let credentials: Credentials = serde_json::from_slice(&bytes).map_err(|_| Kind::BadRequest)?;
    let opened = open(
        &app,
        &visitor,
        SignIn {
            login: credentials.account,
            password: Password::new(&credentials.password),
            address: visitor.address,
            kind: SessionKind::Token,
            otp: credentials.otp,
        },
    )
    .await?;
    let Opened::Session(signed_in) = opened else { return Err(Kind::SecondFactor.into()) };
    Ok(respond::json(&json!({ "token": signed_in.token, "expires": signed_in.session.expires.to_string() })))
}

/// Ends the session of a program: `DELETE /api/v1/session`.
pub async fn close_session(State(app): State<App>, visitor: Visitor) -> Result<Response, Problem> {
    visitor.signed_in()?;
    if visitor.by != By::Bearer {
        return Err(Kind::Forged.into());
    }
    if let Some(token) = &visitor.token {
        app.platform.sign_out(token).map_err(|error| Problem::service(&error, visitor.language))?;
    }
    Ok(respond::json(&json!({ "closed": true })))
}
