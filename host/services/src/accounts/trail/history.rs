//! What the evidence says of an account: what it did, what was done to it, what it was refused.

use dinh_model::{AccountId, Actor, Label, Target};
use dinh_store::{Entry, Recorded};

use crate::accounts::people;
use crate::permissions::AUDIT_READ;
use crate::{Call, ServiceError};

/// Entries read in one go.
const SLICE: u64 = 1_000;
/// Entries looked at in one call; a longer search goes on where it stopped.
const LOOKED_AT: u64 = 100_000;

/// A page of an account's history, newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    /// The entries.
    pub entries: Vec<Recorded>,
    /// Pass as `before` to go on; none at the beginning of the log. A page may be short, even empty, and
    /// still have a next one.
    pub next: Option<u64>,
}

/// The evidence by, on behalf of, and about an account, before the entry `before` (from the newest, when
/// absent), at most `limit` entries. Everybody may see their own; others' need `dinh.audit.read` for the
/// account's unit.
pub fn history(
    call: &mut Call,
    account: AccountId,
    before: Option<u64>,
    limit: usize,
) -> Result<History, ServiceError> {
    let found = people::get_account(call, account)?;
    if call.account() != Some(account) || call.origin.scope.is_some() {
        call.require(&AUDIT_READ, &Target { unit: found.unit, label: Label::Ordinary, owner: None })?;
    }
    let subject = people::subject(account);
    search(call, before, limit, |entry| Ok(concerns(entry, account, &subject)))
}

/// What others did to the account of the person who acts, or looked at of it, wrong passwords under its name
/// included: page by page as [`history`]. Everybody may see who was at their own record.
pub fn looked_at(call: &mut Call, before: Option<u64>, limit: usize) -> Result<History, ServiceError> {
    let Some(account) = call.account().filter(|_| call.origin.scope.is_none()) else {
        return Ok(History::default());
    };
    let subject = people::subject(account);
    let others = |entry: &Entry| entry.subject == subject && entry.actor.account() != Some(account);
    search(call, before, limit, |entry| Ok(others(entry)))
}

/// Says that the actor looks at somebody else's account: evidence, which [`looked_at`] shows its owner.
pub fn look_at(call: &mut Call, account: AccountId) {
    if call.account() != Some(account) {
        call.evidence("account.viewed", people::subject(account), []);
    }
}

/// The entries that are looked for, newest first.
pub(super) fn search(
    call: &Call,
    before: Option<u64>,
    limit: usize,
    mut wanted: impl FnMut(&Entry) -> Result<bool, ServiceError>,
) -> Result<History, ServiceError> {
    let snapshot = call.transaction.snapshot();
    let mut end = before.unwrap_or(u64::MAX).min(snapshot.evidence_len());
    let stop = end.saturating_sub(LOOKED_AT);
    let mut page = History::default();
    while end > stop {
        let start = end.saturating_sub(SLICE).max(stop);
        let slice = snapshot.evidence(start, usize::try_from(end - start).unwrap_or(usize::MAX))?;
        for recorded in slice.into_iter().rev() {
            if !wanted(&recorded.entry)? {
                continue;
            }
            if page.entries.len() >= limit {
                page.next = page.entries.last().map(|last| last.index);
                return Ok(page);
            }
            page.entries.push(recorded);
        }
        end = start;
    }
    page.next = (end > 0).then_some(end);
    Ok(page)
}

pub(in crate::accounts) fn concerns(entry: &Entry, account: AccountId, subject: &str) -> bool {
    let acted = match &entry.actor {
        Actor::Person { account: actor, on_behalf_of } => *actor == account || *on_behalf_of == Some(account),
        Actor::Service(_) | Actor::Public => false,
    };
    acted || entry.subject == subject
}
