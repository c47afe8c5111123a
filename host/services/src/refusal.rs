//! A refusal by a rule of the house: not for want of a right, but because nobody may do this in this way.

use dinh_model::Localized;

use crate::ServiceError;

/// Why a rule refuses a deed. It goes into the evidence as `rule.refused`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The rule as evidence and JSON spell it, such as `second-person`.
    pub rule: &'static str,
    /// What was to be changed, as evidence names it: a kind and a number.
    pub subject: String,
    /// The reason and the remedy, for people.
    pub text: Localized,
}

impl ServiceError {
    /// A rule of the house forbids it.
    pub(crate) fn refused(
        rule: &'static str,
        subject: impl Into<String>,
        vi: impl Into<String>,
        en: impl Into<String>,
    ) -> Self {
        Self::Refused(Refusal {
            rule,
            subject: subject.into(),
            text: Localized { vi: vi.into(), en: en.into() },
        })
    }
}
