//! Everything that is not an answer: one list of problems, each with a status and a stable type, shown as a
//! page or as `application/problem+json` (RFC 9457). What is inside the platform is never told; the log
//! knows it under the incident's number.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use dinh_model::Language;
use dinh_runtime::{CallError, Trip};
use dinh_services::ServiceError;
use dinh_services::secrets::SealError;
use serde_json::{Map, Value, json};

use crate::form;
use crate::format::Formats;
use crate::limit_words;
use crate::messages::Texts;

/// What kind of problem it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// There is no such page.
    NotFound,
    /// The person may not.
    Denied,
    /// Nobody is signed in.
    SignIn,
    /// The password has to be changed first.
    Password,
    /// A second factor has to be enrolled first.
    Enrol,
    /// The password is right, and a code of the second factor is needed.
    SecondFactor,
    /// Name and password do not belong together.
    Refused,
    /// The name is locked.
    Locked,
    /// Too many attempts.
    Throttled,
    /// The request does not fit.
    BadRequest,
    /// Inputs are wrong; `problems` says which.
    Invalid,
    /// No valid token: perhaps another site sent it.
    Forged,
    /// What was submitted is not on the page any more, or records have changed.
    Stale,
    /// Others changed the same data.
    Conflict,
    /// The method is not served here.
    Method,
    /// The body is too large.
    TooLarge,
    /// The body has too many fields.
    TooMany,
    /// The body is of a kind that is not read here.
    Media,
    /// The body did not arrive in time.
    Slow,
    /// Too much to do.
    Busy,
    /// The plugin is called more often than it may be.
    Often,
    /// The plugin is taken out for a time.
    Out,
    /// The plugin used more than it may.
    Limit,
    /// The plugin failed.
    Plugin,
    /// The platform failed.
    Internal,
    /// The table is too long to export.
    Export,
    /// What is asked for lies sealed, and its key is not at hand.
    Sealed,
    /// What is asked for was destroyed with its key.
    Destroyed,
}

impl Kind {
    /// The status, the last part of the type, and the message of the title.
    fn parts(self) -> (StatusCode, &'static str, &'static str) {
        match self {
            Self::NotFound => (StatusCode::NOT_FOUND, "not-found", "problem-not-found"),
            Self::Denied => (StatusCode::FORBIDDEN, "denied", "problem-denied"),
            Self::SignIn => (StatusCode::UNAUTHORIZED, "sign-in-required", "problem-sign-in"),
            Self::Password => (StatusCode::FORBIDDEN, "password-change-required", "problem-password"),
            Self::Enrol => (StatusCode::FORBIDDEN, "second-factor-enrolment-required", "problem-enrol"),
            Self::SecondFactor => {
                (StatusCode::UNAUTHORIZED, "second-factor-required", "problem-second-factor")
            }
            Self::Refused => (StatusCode::UNAUTHORIZED, "sign-in-refused", "problem-refused"),
            Self::Locked => (StatusCode::TOO_MANY_REQUESTS, "name-locked", "problem-locked"),
            Self::Throttled => (StatusCode::TOO_MANY_REQUESTS, "too-many-attempts", "problem-throttled"),
            Self::BadRequest => (StatusCode::BAD_REQUEST, "bad-request", "problem-bad-request"),
            Self::Invalid => (StatusCode::UNPROCESSABLE_ENTITY, "invalid", "problem-invalid"),
            Self::Forged => (StatusCode::FORBIDDEN, "forged", "problem-forged"),
            Self::Stale => (StatusCode::CONFLICT, "stale", "problem-stale"),
            Self::Conflict => (StatusCode::CONFLICT, "conflict", "problem-conflict"),
            Self::Method => (StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed", "problem-method"),
            Self::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "too-large", "problem-too-large"),
            Self::TooMany => (StatusCode::PAYLOAD_TOO_LARGE, "too-many-fields", "problem-too-many"),
            Self::Media => (StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported-media-type", "problem-media"),
            Self::Slow => (StatusCode::REQUEST_TIMEOUT, "too-slow", "problem-slow"),
            Self::Busy => (StatusCode::SERVICE_UNAVAILABLE, "busy", "problem-busy"),
            Self::Often => (StatusCode::SERVICE_UNAVAILABLE, "called-too-often", "problem-often"),
            Self::Out => (StatusCode::SERVICE_UNAVAILABLE, "plugin-out-of-service", "problem-out"),
            Self::Limit => (StatusCode::SERVICE_UNAVAILABLE, "limit-reached", "problem-limit"),
            Self::Plugin => (StatusCode::BAD_GATEWAY, "plugin-failed", "problem-plugin"),
            Self::Internal => (StatusCode::INTERNAL_SERVER_ERROR, "internal", "problem-internal"),
            Self::Export => (StatusCode::UNPROCESSABLE_ENTITY, "export-too-long", "problem-export"),
            Self::Sealed => (StatusCode::SERVICE_UNAVAILABLE, "sealed-data-unavailable", "problem-sealed"),
            Self::Destroyed => (StatusCode::GONE, "data-destroyed", "problem-destroyed"),
        }
    }

    /// The explanation when there is none of its own and nothing to fill in.
    fn text(self) -> Option<&'static str> {
        Some(match self {
            Self::NotFound => "problem-not-found-text",
            Self::Denied => "problem-denied-text",
            Self::SignIn => "problem-sign-in-text",
            Self::Password => "problem-password-text",
            Self::Enrol => "problem-enrol-text",
            Self::SecondFactor => "problem-second-factor-text",
            Self::BadRequest => "problem-bad-request-text",
            Self::Forged => "problem-forged-text",
            Self::Stale => "problem-stale-text",
            Self::Conflict => "problem-conflict-text",
            Self::Method => "problem-method-text",
            Self::Media => "problem-media-text",
            Self::Slow => "problem-slow-text",
            Self::Busy => "problem-busy-text",
            Self::Plugin => "problem-plugin-text",
            Self::Internal => "problem-internal-text",
            Self::Refused
            | Self::Locked
            | Self::Throttled
            | Self::Invalid
            | Self::TooLarge
            | Self::TooMany
            | Self::Limit
            | Self::Often
            | Self::Out
            | Self::Export
            | Self::Sealed
            | Self::Destroyed => return None,
        })
    }

    /// The status.
    pub fn status(self) -> StatusCode {
        self.parts().0
    }

    /// The last part of the stable type.
    pub fn slug(self) -> &'static str {
        self.parts().1
    }
}

/// A problem, on its way to whoever asked. Returned by handlers; the frame around them draws it in the
/// language and the form of the request.
#[derive(Clone, Debug)]
pub struct Problem {
    /// What kind it is.
    pub kind: Kind,
    /// An explanation in the language of the request, where there is one of its own.
    pub detail: Option<String>,
    /// Seconds after which it may be different.
    pub retry_after: Option<u64>,
    /// The limit that a plugin reached.
    pub trip: Option<Trip>,
    /// What is wrong with the inputs.
    pub problems: Vec<form::Problem>,
    /// A bound that was exceeded, for the text.
    pub most: Option<usize>,
    /// The number under which the log knows the incident.
    pub incident: Option<String>,
}

impl From<Kind> for Problem {
    fn from(kind: Kind) -> Self {
        Self {
            kind,
            detail: None,
            retry_after: None,
            trip: None,
            problems: Vec::new(),
            most: None,
            incident: None,
        }
    }
}

impl Problem {
    /// With an explanation of its own.
    pub fn with(kind: Kind, detail: impl Into<String>) -> Self {
        Self { detail: Some(detail.into()), ..kind.into() }
    }

    /// All places are taken, or all that one may take: a few seconds, and some are free again.
    pub fn busy() -> Self {
        Self { retry_after: Some(5), ..Kind::Busy.into() }
    }

    /// A body larger than `most` bytes.
    pub fn too_large(most: usize) -> Self {
        Self { most: Some(most), ..Kind::TooLarge.into() }
    }

    /// A body of more than `most` fields.
    pub fn too_many(most: usize) -> Self {
        Self { most: Some(most), ..Kind::TooMany.into() }
    }

    /// The platform failed: the reason goes to the log, its number to the person.
    pub fn internal(error: &dyn std::fmt::Display) -> Self {
        let incident: String = crate::guard::nonce().unwrap_or_default().chars().take(8).collect();
        tracing::error!(%error, incident, "a request failed");
        Self { incident: Some(incident), ..Kind::Internal.into() }
    }

    /// What a service refused.
    pub fn service(error: &ServiceError, language: Language) -> Self {
        match error {
            ServiceError::Denied(denial) => Self::with(Kind::Denied, denial.text.clone()),
            ServiceError::Refused(_) => Self::with(Kind::Denied, error.text(language)),
            ServiceError::Invalid(_) | ServiceError::Exists { .. } | ServiceError::TooLarge { .. } => {
                Self::with(Kind::Invalid, error.text(language))
            }
            ServiceError::NotFound { .. } => Self::with(Kind::NotFound, error.text(language)),
            ServiceError::Conflict => Kind::Conflict.into(),
            ServiceError::Importing => Self::with(Kind::Conflict, error.text(language)),
            ServiceError::Busy => Self { retry_after: Some(2), ..Kind::Busy.into() },
            ServiceError::Full => {
                Self { retry_after: Some(60), ..Self::with(Kind::Busy, error.text(language)) }
            }
            ServiceError::Limit(trip) => Self { trip: Some(*trip), ..Kind::Limit.into() },
            ServiceError::Sealed(SealError::Destroyed { .. }) => {
                Self::with(Kind::Destroyed, error.text(language))
            }
            ServiceError::Sealed(SealError::Key { .. }) => {
                tracing::error!(%error, "sealed data is unavailable");
                Self::with(Kind::Sealed, error.text(language))
            }
            other => Self::internal(other),
        }
    }

    /// What came of a call of a plugin.
    pub fn call(error: CallError, language: Language) -> Self {
        match error {
            CallError::NoSuchPlugin => Kind::NotFound.into(),
            // The path that nothing is at is in the address already; what a plugin looked for is said.
            CallError::NotFound(what) if what.starts_with('/') || what.trim().is_empty() => {
                Kind::NotFound.into()
            }
            CallError::NotFound(what) => {
                let text = Texts::of(language).with("problem-not-found-what", &[("what", what.trim())]);
                Self::with(Kind::NotFound, text)
            }
            CallError::Denied(text) => Self::with(Kind::Denied, text),
            CallError::BadRequest(text) => Self::with(Kind::BadRequest, text),
            CallError::Limit(trip) => Self { trip: Some(trip), ..Kind::Limit.into() },
            CallError::Busy { retry_after } => {
                Self { retry_after: Some(u64::from(retry_after)), ..Kind::Busy.into() }
            }
            CallError::Often { trip, retry_after } => {
                Self { trip: Some(trip), retry_after: Some(u64::from(retry_after)), ..Kind::Often.into() }
            }
            CallError::Out { text, retry_after } => {
                Self { retry_after: Some(u64::from(retry_after)), ..Self::with(Kind::Out, text) }
            }
            CallError::Conflict => Kind::Conflict.into(),
            CallError::Service(error) => Self::service(&error, language),
            // A plugin that broke off or failed; also what later versions of the runtime add.
            _ => Kind::Plugin.into(),
        }
    }

    /// The title, in the language of `texts`.
    pub fn title(&self, texts: Texts) -> String {
        texts.say(self.kind.parts().2)
    }

    /// The explanation, in the language of `texts`.
    pub fn text(&self, texts: Texts) -> String {
        let formats = Formats::of(texts.language());
        let number = |number: u64| formats.integer(i64::try_from(number).unwrap_or(i64::MAX));
        match (&self.detail, self.kind, &self.trip, self.most) {
            (Some(detail), ..) if !detail.trim().is_empty() => detail.clone(),
            (_, Kind::TooLarge, _, Some(most)) => {
                texts.with("problem-too-large-text", &[("most", &number((most as u64).div_ceil(1 << 20)))])
            }
            (_, Kind::TooMany, _, Some(most)) => {
                texts.with("problem-too-many-text", &[("most", &number(most as u64))])
            }
            (_, Kind::Export, _, Some(most)) => {
                texts.with("problem-export-text", &[("most", &number(most as u64))])
            }
            (_, Kind::Limit, Some(trip), _) => texts.with(
                "problem-limit-text",
                &[
                    ("what", &limit_words::with_name(trip.what, texts.language())),
                    ("used", &number(trip.used)),
                    ("allowed", &number(trip.allowed)),
                ],
            ),
            (_, Kind::Often, Some(trip), _) => {
                texts.with("problem-often-text", &[("allowed", &number(trip.allowed))])
            }
            (_, kind, ..) => kind.text().map(|key| texts.say(key)).unwrap_or_default(),
        }
    }

    /// As RFC 9457 has it.
    pub fn json(&self, texts: Texts) -> Value {
        let mut object = Map::new();
        object.insert("type".into(), json!(format!("/problems/{}", self.kind.slug())));
        object.insert("title".into(), json!(self.title(texts)));
        object.insert("status".into(), json!(self.kind.status().as_u16()));
        let text = self.text(texts);
        if !text.is_empty() {
            object.insert("detail".into(), json!(text));
        }
        if let Some(incident) = &self.incident {
            object.insert("incident".into(), json!(incident));
        }
        if let Some(trip) = &self.trip {
            let limit = json!({ "what": trip.what, "used": trip.used, "allowed": trip.allowed });
            object.insert("limit".into(), limit);
        }
        if !self.problems.is_empty() {
            let problems = self.problems.iter().map(
                |problem| json!({ "field": problem.name.as_deref().map(field_of), "message": problem.message }),
            );
            object.insert("problems".into(), problems.collect());
        }
        Value::Object(object)
    }
}

/// The name of a field as programs know it: without what distinguishes it on a page.
fn field_of(name: &str) -> &str {
    name.strip_prefix("f.").unwrap_or(name)
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.kind.status().into_response();
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.kind == Kind::SignIn {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response.extensions_mut().insert(self);
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_has_a_stable_type_and_no_internal_detail() {
        let texts = Texts::of(Language::En);
        let internal = Problem::internal(&"file /var/lib/dinh/dinh.redb is broken");
        let json = internal.json(texts);
        assert_eq!(json["type"], "/problems/internal");
        assert_eq!(json["status"], 500);
        assert_eq!(json["incident"].as_str().unwrap().len(), 8);
        assert!(!json.to_string().contains("redb"));
    }

    #[test]
    fn what_was_looked_for_is_said_and_a_path_is_not() {
        let told = |what: &str, language| {
            Problem::call(CallError::NotFound(what.to_owned()), language).text(Texts::of(language))
        };
        let said = "Không tìm thấy: kỳ PCI 1999. Hãy kiểm tra địa chỉ, hoặc mở lại từ danh sách.";
        assert_eq!(told("kỳ PCI 1999", Language::Vi), said);
        assert!(told("PCI edition 1999", Language::En).starts_with("Not found: PCI edition 1999. "));
        for nothing in ["", " ", "/editions/abc"] {
            assert_eq!(
                told(nothing, Language::Vi),
                Problem::from(Kind::NotFound).text(Texts::of(Language::Vi))
            );
        }
    }

    #[test]
    fn a_limit_says_what_was_used_and_allowed() {
        let trip = Trip { what: "rows read", used: 100_001, allowed: 100_000 };
        let problem = Problem::call(CallError::Limit(trip), Language::Vi);
        let json = problem.json(Texts::of(Language::Vi));
        assert_eq!(json["limit"]["allowed"], 100_000);
        assert!(json["detail"].as_str().unwrap().contains("100.001"), "{json}");
    }

    #[test]
    fn being_busy_says_when_to_come_back() {
        let response = Problem::call(CallError::Busy { retry_after: 2 }, Language::Vi).into_response();
        assert_eq!(response.status(), 503);
        assert_eq!(response.headers()[header::RETRY_AFTER], "2");
    }
}
