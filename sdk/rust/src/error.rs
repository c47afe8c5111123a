//! What a handler returns when it does not return a page.

use crate::bindings::dinh::platform::{catalog, records, sharing, types::Language};
use crate::bindings::exports::dinh::platform::pages::{InputProblem, Outcome, Refusal};
use crate::value::Mismatch;

/// What a handler returns.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why there is no page, or why a submission was not done. Nothing that the call wrote is kept.
///
/// What host calls refuse becomes one of these by `?`.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Error {
    /// There is nothing at this address; what was looked for.
    NotFound(String),
    /// The actor may not; the reason.
    Denied(String),
    /// The query does not fit; what to do about it.
    BadRequest(String),
    /// What was entered is wrong: the form is shown again with these problems.
    Invalid(Vec<InputProblem>),
    /// The host refused a call on records.
    Records(records::Error),
    /// The plugin failed; for its vendor, not shown to the reader.
    Failed(String),
}

impl Error {
    /// Something wrong with one field of the form that came back.
    pub fn field(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self::Invalid(vec![InputProblem { field: Some(field.into()), message: message.into() }])
    }

    /// Something wrong with the form as a whole.
    pub fn form(message: impl Into<String>) -> Self {
        Self::Invalid(vec![InputProblem { field: None, message: message.into() }])
    }

    /// As the refusal of a page.
    pub(crate) fn into_refusal(self, language: Language) -> Refusal {
        match self {
            Self::NotFound(what) => Refusal::NotFound(what),
            Self::Denied(reason) => Refusal::Denied(reason),
            Self::BadRequest(remedy) => Refusal::BadRequest(remedy),
            Self::Invalid(problems) => Refusal::BadRequest(
                problems.into_iter().map(|problem| problem.message).collect::<Vec<_>>().join(" "),
            ),
            Self::Records(records::Error::Denied(reason)) => Refusal::Denied(reason),
            Self::Records(records::Error::NotFound) => {
                Refusal::NotFound(language.of("bản ghi", "the record").to_owned())
            }
            Self::Records(error) => Refusal::Failed(format!("records: {error:?}")),
            Self::Failed(what) => Refusal::Failed(what),
        }
    }

    /// As the outcome of a submission: what the person can correct is shown with the form.
    pub(crate) fn into_outcome(self, language: Language) -> std::result::Result<Outcome, Refusal> {
        let problem = |message: &str| InputProblem { field: None, message: message.to_owned() };
        match self {
            Self::Invalid(problems) => Ok(Outcome::Invalid(problems)),
            Self::Records(records::Error::Invalid(problems)) => Ok(Outcome::Invalid(
                problems
                    .into_iter()
                    .map(|problem| InputProblem { field: Some(problem.field), message: problem.message })
                    .collect(),
            )),
            Self::Records(records::Error::Duplicate(fields)) => {
                let message = language.of(
                    "Đã có bản ghi với giá trị này. Hãy nhập giá trị khác hoặc sửa bản ghi đã có.",
                    "A record with this value exists. Enter another value, or change that record.",
                );
                Ok(Outcome::Invalid(
                    fields
                        .into_iter()
                        .map(|field| InputProblem { field: Some(field), message: message.to_owned() })
                        .collect(),
                ))
            }
            Self::Records(records::Error::Stale) => Ok(Outcome::Invalid(vec![problem(language.of(
                "Bản ghi đã được người khác sửa. Hãy mở lại trang để xem bản mới nhất.",
                "Somebody else has changed the record. Open the page again to see it as it is now.",
            ))])),
            other => Err(other.into_refusal(language)),
        }
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NotFound(text) | Self::Denied(text) | Self::BadRequest(text) | Self::Failed(text) => {
                formatter.write_str(text)
            }
            Self::Invalid(problems) => {
                for problem in problems {
                    write!(formatter, "{}: ", problem.field.as_deref().unwrap_or("form"))?;
                    writeln!(formatter, "{}", problem.message)?;
                }
                Ok(())
            }
            Self::Records(error) => write!(formatter, "records: {error:?}"),
        }
    }
}

impl std::error::Error for Error {}

impl From<records::Error> for Error {
    fn from(error: records::Error) -> Self {
        Self::Records(error)
    }
}

impl From<catalog::Error> for Error {
    fn from(error: catalog::Error) -> Self {
        Self::Failed(format!("catalog: {error:?}"))
    }
}

impl From<sharing::Error> for Error {
    /// What a person can be told is a refusal with the reason: there is no contract, or it does not give that.
    fn from(error: sharing::Error) -> Self {
        match error {
            sharing::Error::NoContract(reason) | sharing::Error::Denied(reason) => Self::Denied(reason),
            other => Self::Failed(format!("sharing: {other:?}")),
        }
    }
}

impl From<Mismatch> for Error {
    fn from(mismatch: Mismatch) -> Self {
        Self::Failed(mismatch.to_string())
    }
}

/// Turns other failures into an [`Error`].
pub trait OrError<T> {
    /// A failure of the plugin: for its vendor, not shown to the reader.
    fn or_failed(self, doing: &str) -> Result<T>;

    /// There is nothing at this address.
    fn or_not_found(self, what: impl Into<String>) -> Result<T>;
}

impl<T> OrError<T> for Option<T> {
    fn or_failed(self, doing: &str) -> Result<T> {
        self.ok_or_else(|| Error::Failed(doing.to_owned()))
    }

    fn or_not_found(self, what: impl Into<String>) -> Result<T> {
        self.ok_or_else(|| Error::NotFound(what.into()))
    }
}

impl<T, E: std::fmt::Display> OrError<T> for std::result::Result<T, E> {
    fn or_failed(self, doing: &str) -> Result<T> {
        self.map_err(|error| Error::Failed(format!("{doing}: {error}")))
    }

    fn or_not_found(self, what: impl Into<String>) -> Result<T> {
        self.map_err(|_| Error::NotFound(what.into()))
    }
}

/// Collects what is wrong with a submission, so that the person sees all of it at once.
///
/// ```
/// use dinh_sdk::prelude::*;
///
/// fn check(title: &str, pages: i64) -> Result<()> {
///     let mut problems = Problems::default();
///     if title.is_empty() {
///         problems.field("title", "Hãy nhập tiêu đề.");
///     }
///     if pages < 1 {
///         problems.field("pages", "Số trang phải từ 1 trở lên.");
///     }
///     problems.check()
/// }
/// assert!(check("Báo cáo", 12).is_ok());
/// assert!(matches!(check("", 0), Err(Error::Invalid(problems)) if problems.len() == 2));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Problems(Vec<InputProblem>);

impl Problems {
    /// Something wrong with one field.
    pub fn field(&mut self, field: impl Into<String>, message: impl Into<String>) {
        self.0.push(InputProblem { field: Some(field.into()), message: message.into() });
    }

    /// Something wrong with the form as a whole.
    pub fn form(&mut self, message: impl Into<String>) {
        self.0.push(InputProblem { field: None, message: message.into() });
    }

    /// Goes on when nothing is wrong.
    pub fn check(self) -> Result<()> {
        if self.0.is_empty() { Ok(()) } else { Err(Error::Invalid(self.0)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_person_can_correct_comes_back_with_the_form() {
        let problem = records::FieldProblem { field: "title".into(), message: "quá dài".into() };
        let outcome = Error::from(records::Error::Invalid(vec![problem])).into_outcome(Language::Vi);
        assert_eq!(
            outcome,
            Ok(Outcome::Invalid(vec![InputProblem {
                field: Some("title".into()),
                message: "quá dài".into()
            }]))
        );
        let outcome = Error::from(records::Error::Duplicate(vec!["year".into()])).into_outcome(Language::En);
        assert!(
            matches!(outcome, Ok(Outcome::Invalid(problems)) if problems[0].field.as_deref() == Some("year"))
        );
        assert!(matches!(
            Error::from(records::Error::Stale).into_outcome(Language::Vi),
            Ok(Outcome::Invalid(problems)) if problems[0].field.is_none()
        ));
    }

    #[test]
    fn what_nobody_can_correct_is_a_refusal_without_internals_for_readers() {
        assert_eq!(
            Error::from(records::Error::Denied("vì …".into())).into_outcome(Language::Vi),
            Err(Refusal::Denied("vì …".into()))
        );
        assert!(matches!(
            Error::from(records::Error::BadRequest("no index".into())).into_refusal(Language::Vi),
            Refusal::Failed(_)
        ));
        assert_eq!(
            Error::from(records::Error::NotFound).into_refusal(Language::En),
            Refusal::NotFound("the record".into())
        );
    }
}
