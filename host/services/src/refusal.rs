//! A refusal by a rule of the house: not for want of a right, but because nobody may do this in this way.

use dinh_model::{Localized, PluginId};
use dinh_store::{Entry, Outcome};

use crate::call::entry;
use crate::{Denial, Origin, ServiceError};

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

/// Most refusals of one call that are kept: whoever asks again and again shows nothing new.
const MOST: usize = 16;

/// What a call was refused on its way, for the evidence, which outlives a call that ends so.
#[derive(Debug, Default)]
pub(crate) struct Refusals(Vec<Entry>);

impl Refusals {
    /// By the permission check.
    pub(crate) fn denied(&mut self, origin: &Origin, plugin: Option<PluginId>, denial: &Denial) {
        let detail = [
            ("permission", denial.permission.to_string()),
            ("condition", denial.condition().to_owned()),
            ("label", denial.target.label.to_string()),
        ];
        let subject = format!("unit:{}", denial.target.unit);
        self.keep(entry(origin, plugin, "access.refused", subject, Outcome::Refused, detail));
    }

    /// By a rule.
    pub(crate) fn refused(&mut self, origin: &Origin, plugin: Option<PluginId>, refusal: &Refusal) {
        let detail = [("rule", refusal.rule.to_owned())];
        let subject = refusal.subject.clone();
        self.keep(entry(origin, plugin, "rule.refused", subject, Outcome::Refused, detail));
    }

    fn keep(&mut self, entry: Entry) {
        if self.0.len() < MOST && !self.0.contains(&entry) {
            self.0.push(entry);
        }
    }

    pub(crate) fn into_entries(self) -> Vec<Entry> {
        self.0
    }
}
