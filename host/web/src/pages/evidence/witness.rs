//! `/apps/dinh/evidence/witness`: the newest head of the log on one page, for a witness to print and keep where the
//! operator cannot reach it.

use axum::extract::State;
use axum::response::Response;
use data_encoding::HEXLOWER;
use dinh_merkle::Checkpoint;
use dinh_model::Timestamp;
use dinh_services::ServiceError;
use dinh_services::permissions::AUDIT_READ;
use maud::{Markup, html};
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::app::App;
use crate::format::{self, Formats};
use crate::messages::Texts;
use crate::pages::account::qr;
use crate::pages::call;
use crate::problem::{Kind, Problem};
use crate::respond;
use crate::visitor::{Visitor, Wants};

/// A head as its page says it.
struct Witnessed {
    head: Checkpoint,
    checkpoint: String,
    key: String,
    at: Timestamp,
}

impl Witnessed {
    /// The key in a form that can be read out on the telephone: SHA-256 of its line, the first sixteen bytes.
    fn fingerprint(&self) -> String {
        let digest = Sha256::digest(self.key.as_bytes());
        let digits = HEXLOWER.encode(digest.get(..16).unwrap_or_default());
        let groups: Vec<_> = digits.as_bytes().chunks(4).map(String::from_utf8_lossy).collect();
        groups.join(" ")
    }
}

/// `GET`: the page, or the head as JSON.
pub async fn page(State(app): State<App>, visitor: Visitor) -> Result<Response, Problem> {
    visitor.signed_in()?;
    let witnessed = call::read(&app, &visitor, |call| {
        call.require_somewhere(&AUDIT_READ, None)?;
        let log = call.transaction.snapshot().evidence_log();
        let Some(checkpoint) = log.head()? else { return Ok(None) };
        let head = Checkpoint::open_unverified(&checkpoint)
            .map_err(|error| ServiceError::Damaged { what: format!("the head of the evidence: {error}") })?;
        Ok(Some(Witnessed { head, checkpoint, key: log.verifier_key()?, at: call.now() }))
    });
    let witnessed = witnessed?.ok_or(Kind::NotFound)?;
    if visitor.wants == Wants::Json {
        return Ok(respond::json(&json!({
            "origin": witnessed.head.origin, "size": witnessed.head.size, "root": witnessed.head.root.to_string(),
            "checkpoint": witnessed.checkpoint, "key": witnessed.key, "fingerprint": witnessed.fingerprint(),
            "at": witnessed.at.to_string(),
        })));
    }
    let texts = visitor.texts();
    let content = draw(texts, visitor.formats(), &witnessed);
    Ok(respond::page(&app, &visitor, &texts.say("witness-title"), None, &content))
}

fn draw(texts: Texts, formats: Formats, witnessed: &Witnessed) -> Markup {
    let size = formats.integer(i64::try_from(witnessed.head.size).unwrap_or(i64::MAX));
    let at = format::instant(witnessed.at);
    html! {
        nav class="crumbs" aria-label=(texts.say("page-way-here")) {
            ol { li { a href="/apps/dinh/evidence" { (texts.say("witness-back")) } } }
        }
        article class="witness" {
            h1 { (texts.say("witness-title")) }
            p class="lead" { (texts.with("witness-says", &[("at", at.as_str()), ("size", size.as_str())])) }
            div class="witness-head" {
                (qr::draw(&witnessed.checkpoint, &texts.say("witness-qr")))
                dl {
                    dt { (texts.say("witness-log")) } dd { code { (witnessed.head.origin) } }
                    dt { (texts.say("witness-at")) } dd { (at) }
                    dt { (texts.say("witness-size")) } dd { (size) }
                    dt { (texts.say("witness-root")) } dd { code { (witnessed.head.root) } }
                    dt { (texts.say("witness-fingerprint")) } dd { code { (witnessed.fingerprint()) } }
                }
            }
            h2 { (texts.say("witness-text")) }
            p class="muted" { (texts.say("witness-text-help")) }
            pre { (witnessed.checkpoint) }
            h2 { (texts.say("witness-key")) }
            pre { (witnessed.key) }
            h2 { (texts.say("witness-check")) }
            ol {
                li { (texts.say("witness-check-keep")) }
                li { (texts.say("witness-check-scan")) }
                li { (texts.say("witness-check-verify")) pre { "dinh audit verify --export DIR --key KEY --heads heads.txt" } }
                li { (texts.say("witness-check-none")) }
            }
            dl class="signatures" {
                dt { (texts.say("witness-printed-by")) } dd {}
                dt { (texts.say("witness-kept-by")) } dd {}
            }
        }
    }
}
