//! What the evidence says of an account: what it did, what was done to it, what it was refused.

use dinh_model::{AccountId, Label, Target};
use dinh_store::index::{Clause, Query, Term};
use dinh_store::{Entry, Party, Recorded};

use super::trail_search::Part;
use super::walk::page;
use crate::accounts::people;
use crate::permissions::AUDIT_READ;
use crate::{Call, ServiceError};

/// A page of the evidence, newest first.
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
    let mut query = Query { clauses: vec![Clause::AnyOf(Part::Any.terms(account))], ..Query::default() };
    page(call, &mut query, before, limit, |entry| Ok(Part::Any.is_of(entry, account)))
}

/// What others did to the account of the person who acts, or looked at of it, wrong passwords under its name
/// included: page by page as [`history`]. Everybody may see who was at their own record.
pub fn looked_at(call: &mut Call, before: Option<u64>, limit: usize) -> Result<History, ServiceError> {
    let Some(account) = call.account().filter(|_| call.origin.scope.is_none()) else {
        return Ok(History::default());
    };
    let terms = vec![Term::Party(Party::Account(account))];
    let mut query = Query { clauses: vec![Clause::AnyOf(terms)], ..Query::default() };
    let others = |entry: &Entry| {
        entry.actor.account() != Some(account)
            && entry.parties().any(|party| party == Party::Account(account))
    };
    page(call, &mut query, before, limit, |entry| Ok(others(entry)))
}

/// Says that the actor looks at somebody else's account: evidence, which [`looked_at`] shows its owner.
pub fn look_at(call: &mut Call, account: AccountId) {
    if call.account() != Some(account) {
        call.evidence("account.viewed", people::subject(account), []);
    }
}
