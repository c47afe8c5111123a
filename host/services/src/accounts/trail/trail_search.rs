//! The evidence narrowed: by who, through what, which deed, on which days; newest first.

use std::sync::Arc;

use dinh_model::{AccountId, Date, PluginId, UnitId, time};
use dinh_store::Entry;

use crate::accounts::history::{concerns, search};
use crate::accounts::trail::Sight;
use crate::accounts::{History, people};
use crate::permissions::AUDIT_READ;
use crate::{Call, ServiceError};

/// What a search of the evidence is narrowed to; what is empty narrows nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EvidenceFilter {
    /// By, on behalf of, or about this account.
    pub account: Option<AccountId>,
    /// What concerns this unit or one below it: the unit itself, and what the accounts in it did or had done to them.
    pub unit: Option<UnitId>,
    /// Through this plugin.
    pub plugin: Option<PluginId>,
    /// The deed begins with this: `account.suspended`, or `account.` for all deeds on accounts.
    pub action: String,
    /// On this day in Vietnam or later.
    pub from: Option<Date>,
    /// On this day in Vietnam or earlier.
    pub until: Option<Date>,
}

impl EvidenceFilter {
    fn takes(&self, entry: &Entry) -> bool {
        let day = time::day_in_vietnam(entry.at);
        self.account.is_none_or(|account| concerns(entry, account, &people::subject(account)))
            && self.plugin.as_ref().is_none_or(|plugin| entry.plugin.as_ref() == Some(plugin))
            && entry.action.starts_with(&self.action)
            && self.from.is_none_or(|from| from <= day)
            && self.until.is_none_or(|until| day <= until)
    }
}

/// Entries of the evidence that the filter takes and [`evidence`](crate::accounts::evidence) shows the actor, newest
/// first, before the entry `before` (from the newest, when absent), at most `limit`. Needs `dinh.audit.read`
/// somewhere. A page may be short, even empty, and still have a next one.
pub fn search_evidence(
    call: &mut Call,
    filter: &EvidenceFilter,
    before: Option<u64>,
    limit: usize,
) -> Result<History, ServiceError> {
    let reach = call.require_somewhere(&AUDIT_READ, None)?;
    let everything = reach.is_everything();
    let snapshot = call.transaction.snapshot();
    let mut sight = Sight::new(|unit| reach.has(unit), snapshot);
    let policy = Arc::clone(&call.policy);
    let mut concerned = filter.unit.map(|top| Sight::new(move |unit| policy.is_within(unit, top), snapshot));
    search(call, before, limit, |entry| {
        if !filter.takes(entry) || !(everything || sight.sees(entry)?) {
            return Ok(false);
        }
        concerned.as_mut().map_or(Ok(true), |concerned| concerned.sees(entry))
    })
}
