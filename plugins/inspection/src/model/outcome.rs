//! Ballots, disciplinary decisions, and who denounced.

use dinh_sdk::prelude::*;

use crate::rules::discipline;

/// A secret ballot: counts alone.
#[derive(Clone, Debug, PartialEq, Record)]
#[record(collection = "ballots")]
pub(crate) struct Ballot {
    pub(crate) unit: UnitId,
    pub(crate) dossier: RecordId,
    /// One of [`purpose`].
    pub(crate) purpose: String,
    /// Code of the form of discipline.
    pub(crate) form: String,
    pub(crate) held_on: Date,
    pub(crate) eligible: i64,
    pub(crate) cast: i64,
    pub(crate) in_favour: i64,
    pub(crate) against: i64,
    pub(crate) invalid: i64,
}

impl Ballot {
    /// The ballots of a dossier.
    pub(crate) fn of(dossier: RecordId) -> Result<Vec<Stored<Self>>> {
        Self::all().filter(Self::DOSSIER.is(dossier)).list()
    }

    /// Its counts.
    pub(crate) fn counts(&self) -> discipline::Ballot {
        let Self { eligible, cast, in_favour, against, invalid, .. } = *self;
        discipline::Ballot { eligible, cast, in_favour, against, invalid }
    }
}

/// What is voted on.
pub(crate) mod purpose {
    /// Đề nghị thi hành kỷ luật.
    pub(crate) const PROPOSE: &str = "propose";
    /// Quyết định thi hành kỷ luật.
    pub(crate) const DECIDE: &str = "decide";
}

/// A disciplinary decision.
#[derive(Clone, Debug, PartialEq, Record)]
#[record(collection = "measures")]
pub(crate) struct Measure {
    pub(crate) unit: UnitId,
    pub(crate) dossier: RecordId,
    pub(crate) subject: String,
    pub(crate) member: Option<RecordId>,
    pub(crate) organisation: UnitId,
    pub(crate) form: String,
    pub(crate) form_title: String,
    pub(crate) number: String,
    pub(crate) violated_on: Date,
    pub(crate) decided_on: Date,
    pub(crate) effective_until: Option<Date>,
    pub(crate) level: String,
    /// One of [`standing`].
    pub(crate) state: String,
    /// Why it no longer stands.
    pub(crate) note: Option<String>,
}

impl Measure {
    /// The decisions of a dossier.
    pub(crate) fn of(dossier: RecordId) -> Result<Vec<Stored<Self>>> {
        Self::all().filter(Self::DOSSIER.is(dossier)).list()
    }
}

/// Whether a decision stands.
pub(crate) mod standing {
    /// It stands: in effect, or its effect has ended.
    pub(crate) const IN_FORCE: &str = "in-force";
    /// A complaint changed it, or did away with it.
    pub(crate) const REVOKED: &str = "revoked";
}

/// Who denounced.
#[derive(Clone, Debug, PartialEq, Record)]
#[record(collection = "denouncers")]
pub(crate) struct Denouncer {
    pub(crate) unit: UnitId,
    pub(crate) dossier: RecordId,
    pub(crate) name: String,
    pub(crate) identity: Option<String>,
    pub(crate) address: Option<String>,
    pub(crate) contact: Option<String>,
    pub(crate) channel: String,
    pub(crate) received_on: Date,
    pub(crate) protected: bool,
    /// The letter, or the minutes of what was said: it names who denounced.
    pub(crate) letter: Option<FileId>,
    pub(crate) received_by: AccountId,
}
