//! Who has seen a record: every entry that is about it or showed it, complete.

use dinh_model::{RecordId, Target};
use dinh_store::index::{Clause, Query, Term};
use dinh_store::{Entry, Recorded};

use super::trail_search::is_about;
use super::walk::page;
use crate::permissions::AUDIT_READ;
use crate::records::{self, PluginData};
use crate::{Call, ServiceError};

/// A page of who has seen a record, newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SeenBy {
    /// Each with how it came to be seen.
    pub entries: Vec<Seen>,
    /// Pass as `before` to go on; none at the beginning of the log. A page may be short, even empty, and
    /// still have a next one.
    pub next: Option<u64>,
    /// Whether whoever asks may read these entries whole, and take them out with their proofs.
    pub whole: bool,
}

/// Somebody saw a record, or wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// How.
    pub how: How,
    /// Who, for whom, what for, under which contract, when: the entry, which can be proved.
    pub recorded: Recorded,
}

/// How somebody came to see a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum How {
    /// Under a contract, through another plugin.
    Shared,
    /// Through its own plugin; reads of what is labelled leave evidence.
    Read,
    /// In a file that was taken out.
    Exported,
    /// Wrote it: made, changed or removed it.
    Wrote,
    /// Otherwise.
    Otherwise,
}

impl How {
    /// How an entry says that its records were seen.
    pub fn of(entry: &Entry) -> Self {
        match entry.action.as_str() {
            "dataset.read" => Self::Shared,
            "record.read" => Self::Read,
            "record.created" | "record.changed" | "record.removed" => Self::Wrote,
            "file.viewed" => Self::Exported,
            action if action.ends_with(".exported") => Self::Exported,
            _ => Self::Otherwise,
        }
    }

    /// The word as commands and JSON spell it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Shared => "shared",
            Self::Read => "read",
            Self::Exported => "exported",
            Self::Wrote => "wrote",
            Self::Otherwise => "otherwise",
        }
    }
}

/// Who has seen a record of a plugin, before the entry `before` (from the newest, when absent), at most `limit`: every
/// entry that is about it or showed it, whoever acted and for whichever unit.
///
/// Needs `dinh.audit.read` for the record's unit; for the whole house where that unit is not known, because the record
/// or its plugin (then without `data`) is no longer there, or it is withheld from whoever asks, who is told nothing.
pub fn seen_by(
    call: &mut Call,
    data: Option<&PluginData>,
    collection: &str,
    record: RecordId,
    before: Option<u64>,
    limit: usize,
) -> Result<SeenBy, ServiceError> {
    let (target, withheld) = known(call, data, collection, record)?;
    match target.filter(|_| !withheld) {
        Some(Target { unit, .. }) => call.require(&AUDIT_READ, &Target::unit(unit))?,
        None => call.require_everywhere(&AUDIT_READ)?,
    }
    if withheld { Ok(SeenBy::default()) } else { entries(call, record, before, limit, true) }
}

/// The same for whoever may direct the record itself: the permission that its collection names in `seen`, for the
/// record's unit and label, does in place of `dinh.audit.read`. An entry may be about other records as well: the caller
/// shows of it who, when, how and what for, and nothing else.
pub fn seen_lines(
    call: &mut Call,
    data: Option<&PluginData>,
    collection: &str,
    record: RecordId,
    before: Option<u64>,
    limit: usize,
) -> Result<SeenBy, ServiceError> {
    let (target, withheld) = known(call, data, collection, record)?;
    let opens = data.and_then(|data| data.collection(collection)).and_then(|found| found.seen.as_ref());
    match (opens, target) {
        (Some(opens), Some(target)) if !withheld && call.check(opens, &target) => {
            let whole = call.check(&AUDIT_READ, &Target::unit(target.unit));
            entries(call, record, before, limit, whole)
        }
        _ => seen_by(call, data, collection, record, before, limit),
    }
}

/// Where a record belongs, if it is known, and whether it is withheld from whoever asks.
fn known(
    call: &Call,
    data: Option<&PluginData>,
    collection: &str,
    record: RecordId,
) -> Result<(Option<Target>, bool), ServiceError> {
    let Some(data) = data else { return Ok((None, false)) };
    let withheld = records::is_withheld(call, data, record).map_err(ServiceError::from)?;
    Ok((records::known_at(call, data, collection, record)?, withheld))
}

fn entries(
    call: &Call,
    record: RecordId,
    before: Option<u64>,
    limit: usize,
    whole: bool,
) -> Result<SeenBy, ServiceError> {
    let clauses = vec![Clause::AnyOf(vec![Term::Record(record)])];
    let mut query = Query { clauses, ..Query::default() };
    let found = page(call, &mut query, before, limit, |entry| Ok(is_about(entry, record)))?;
    let seen = |recorded: Recorded| Seen { how: How::of(&recorded.entry), recorded };
    Ok(SeenBy { entries: found.entries.into_iter().map(seen).collect(), next: found.next, whole })
}
