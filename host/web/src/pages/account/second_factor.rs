//! `/account/second-factor`: enrolling a phone, and taking it off again.
//!
//! The page draws a secret that is stored nowhere before a code has shown that the phone has it; until then it goes
//! to and fro with the form, sealed for the session.

use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::response::Response;
use dinh_services::accounts::{self, Password, SecondFactor, TotpSecret};
use maud::{Markup, html};
use serde_json::json;

use super::frame::{self, Field};
use super::qr;
use super::sent::Sent;
use crate::app::App;
use crate::form::Problem as Wrong;
use crate::format;
use crate::pages::call;
use crate::problem::{Kind, Problem};
use crate::respond;
use crate::visitor::{Visitor, Wants};

const PATH: &str = "/account/second-factor";
const PURPOSE: &str = "account/second-factor";

/// `GET /account/second-factor`
pub async fn page(State(app): State<App>, visitor: Visitor, headers: HeaderMap) -> Result<Response, Problem> {
    let enrolled = enrolled(&app, &visitor)?;
    if visitor.wants == Wants::Json {
        return Ok(respond::json(&match enrolled {
            Some(factor) => json!({
                "enrolled": factor.enrolled.to_string(), "recovery_codes_left": factor.recovery_left,
            }),
            None => {
                let secret = draw()?;
                json!({
                    "enrolled": null, "secret": secret.base32(), "uri": uri(&visitor, &secret)?,
                    "seal": seal(&visitor, &secret)?,
                })
            }
        }));
    }
    let content = match enrolled {
        Some(factor) => present(&visitor, &factor, &[]),
        None => enrolment(&visitor, &draw()?, &[])?,
    };
    Ok(frame::page(&app, &visitor, &headers, PATH, &content))
}

fn enrolled(app: &App, visitor: &Visitor) -> Result<Option<SecondFactor>, Problem> {
    let account = visitor.signed_in()?.account.id;
    call::read(app, visitor, |call| accounts::second_factor_of(call, account))
}

fn draw() -> Result<TotpSecret, Problem> {
    TotpSecret::draw().map_err(|error| Problem::internal(&error))
}

fn uri(visitor: &Visitor, secret: &TotpSecret) -> Result<String, Problem> {
    let login = &visitor.signed_in()?.account.login;
    Ok(secret.uri(&visitor.texts().say("platform-name"), login))
}

fn seal(visitor: &Visitor, secret: &TotpSecret) -> Result<String, Problem> {
    let guard = visitor.guard().ok_or(Kind::SignIn)?;
    Ok(guard.seal(PURPOSE, &[&secret.base32()]))
}

/// The secret that this page drew, come back as it was.
fn sealed(visitor: &Visitor, sent: &Sent) -> Option<TotpSecret> {
    let secret = TotpSecret::from_base32(sent.value("secret"))?;
    visitor.guard()?.sealed(PURPOSE, &[&secret.base32()], sent.value("seal")).then_some(secret)
}

fn enrolment(visitor: &Visitor, secret: &TotpSecret, problems: &[Wrong]) -> Result<Markup, Problem> {
    let texts = visitor.texts();
    let must = visitor.session.as_ref().is_some_and(|session| session.must_enrol);
    let text = secret.base32();
    // In groups of four, as people type.
    let groups: Vec<String> =
        text.as_bytes().chunks(4).map(|group| String::from_utf8_lossy(group).into_owned()).collect();
    let label = texts.say("factor-qr");
    Ok(html! {
        section class="section narrow-page" {
            h2 { (texts.say("factor-enrol-title")) }
            @if must {
                div class="notice warning page-notice" role="status" {
                    span class="sign" aria-hidden="true" { "!" } div { p { (texts.say("factor-must")) } }
                }
            } @else { p class="muted" { (texts.say("factor-help")) } }
            (frame::problems(texts, problems))
            form class="form-card" method="post" action=(PATH) novalidate data-form {
                (frame::token(visitor, PURPOSE))
                input type="hidden" name="action" value="enrol";
                input type="hidden" name="secret" value=(text);
                input type="hidden" name="seal" value=(seal(visitor, secret)?);
                ol {
                    li { (texts.say("factor-step-app")) }
                    li {
                        (texts.say("factor-step-scan"))
                        (qr::draw(&uri(visitor, secret)?, &label))
                        p { (texts.say("factor-step-type")) " " code class="secret" { (groups.join(" ")) } }
                    }
                    li { (texts.say("factor-step-code")) }
                }
                div class="fields" { (Field::code(texts).draw(problems)) (Field::password(texts, None).draw(problems)) }
                div class="buttons" { button class="btn primary" { (texts.say("factor-enrol")) } }
            }
        }
    })
}

fn present(visitor: &Visitor, factor: &SecondFactor, problems: &[Wrong]) -> Markup {
    let texts = visitor.texts();
    html! {
        section class="section narrow-page" {
            h2 { (texts.say("factor-title")) }
            dl class="facts" {
                div { dt { (texts.say("factor-since")) } dd { (format::instant(factor.enrolled)) } }
                div { dt { (texts.say("factor-left")) } dd { (factor.recovery_left) } }
            }
            (frame::problems(texts, problems))
            form class="form-card" method="post" action=(PATH) novalidate data-form {
                h3 { (texts.say("factor-remove-title")) }
                p class="muted" { (texts.say("factor-remove-help")) }
                (frame::token(visitor, PURPOSE))
                input type="hidden" name="action" value="remove";
                div class="fields" { (Field::code(texts).draw(problems)) (Field::password(texts, None).draw(problems)) }
                div class="buttons" { button class="btn secondary" { (texts.say("factor-remove")) } }
            }
        }
    }
}

/// `POST /account/second-factor`, with `action` `enrol` or `remove`.
pub async fn submit(
    State(app): State<App>,
    visitor: Visitor,
    headers: HeaderMap,
    request: Request,
) -> Result<Response, Problem> {
    visitor.signed_in()?;
    let sent = Sent::read(&app, &visitor, PURPOSE, request).await?;
    match sent.value("action") {
        "enrol" => enrol(&app, &visitor, &headers, &sent).await,
        "remove" => remove(&app, &visitor, &headers, &sent).await,
        _ => Err(Kind::BadRequest.into()),
    }
}

async fn enrol(app: &App, visitor: &Visitor, headers: &HeaderMap, sent: &Sent) -> Result<Response, Problem> {
    let secret = sealed(visitor, sent).ok_or(Kind::BadRequest)?;
    let (platform, origin) = (app.platform.clone(), visitor.origin(app));
    let session = visitor.signed_in()?.clone();
    let (password, code, held) =
        (Password::new(sent.value("password")), sent.value("code").to_owned(), secret.clone());
    let enrolled = call::blocking(move || {
        accounts::enrol_second_factor(&platform, &origin, Some(&session), &password, &held, &code)
    });
    match enrolled.await? {
        Ok(codes) if visitor.wants == Wants::Json => Ok(respond::json(&json!({ "recovery_codes": codes }))),
        Ok(codes) => {
            // The session is no longer bound to this page.
            let session = app.platform.session(visitor.token.as_deref().unwrap_or_default()).ok();
            let visitor = Visitor { session, ..visitor.clone() };
            Ok(frame::page(app, &visitor, headers, PATH, &recovery_codes(&visitor, &codes)))
        }
        Err(error) => frame::invalid(visitor, vec![frame::refused(visitor, &error)?], |problems| {
            Ok(frame::page(app, visitor, headers, PATH, &enrolment(visitor, &secret, problems)?))
        }),
    }
}

async fn remove(app: &App, visitor: &Visitor, headers: &HeaderMap, sent: &Sent) -> Result<Response, Problem> {
    let (platform, origin) = (app.platform.clone(), visitor.origin(app));
    let session = visitor.signed_in()?.clone();
    let (password, code) = (Password::new(sent.value("password")), sent.value("code").to_owned());
    let removed = call::blocking(move || {
        accounts::remove_second_factor(&platform, &origin, Some(&session), &password, &code)
    });
    match removed.await? {
        Ok(()) if visitor.wants == Wants::Json => Ok(respond::json(&json!({ "removed": true }))),
        Ok(()) => Ok(frame::done(visitor, PATH, "factor-removed")),
        Err(error) => {
            let factor = enrolled(app, visitor)?;
            frame::invalid(visitor, vec![frame::refused(visitor, &error)?], |problems| match &factor {
                Some(factor) => {
                    Ok(frame::page(app, visitor, headers, PATH, &present(visitor, factor, problems)))
                }
                None => Ok(respond::see_other(PATH)),
            })
        }
    }
}

fn recovery_codes(visitor: &Visitor, codes: &[String]) -> Markup {
    let texts = visitor.texts();
    html! {
        section class="section narrow-page" {
            div class="notice good page-notice" role="status" {
                span class="sign" aria-hidden="true" { "✓" } div { p { (texts.say("factor-enrolled")) } }
            }
            div class="form-card" {
                h2 { (texts.say("factor-codes-title")) }
                p { (texts.say("factor-codes-help")) }
                ul class="codes" { @for code in codes { li { code { (code) } } } }
                div class="buttons" { a class="btn primary" href="/" { (texts.say("factor-codes-kept")) } }
            }
        }
    }
}
