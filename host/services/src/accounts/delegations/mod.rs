//! Delegations (uỷ quyền): one person lets another use part of their grants for a time, with the consent of the head
//! of the lender's unit (Lào Cai, Quyết định 95/QĐ-SKH 2013, điều 12.3).
//!
//! ```text
//! lend ──▶ request ──consent──▶ in force for its term, while the lender has the grants ──▶ ended by either, or by
//!                                                                                        whoever may consent
//! ```
//! Consent is given by the head administrator responsible for the lender's unit; when that is the lender or the
//! borrower, by the head of the next unit above; and always by a director of the unit (`dinh.grant.approve`). What is
//! lent is never more than the lender has at the moment it is used: the policy sees to that.

mod lenders;
mod rules;

use dinh_access::{Delegation, Term};
use dinh_model::{AccountId, Actor, DelegationId, GrantId, Label, Target, Timestamp, UnitId, key};
use dinh_store::Direction;
use jiff::fmt::serde::timestamp::microsecond;
use serde::{Deserialize, Serialize};

use super::model::term;
use super::requests::{Agreed, Asked, Made, propose};
use super::{Withdrawal, grants, names, people};
use crate::call::decode;
use crate::permissions::GRANT_APPROVE;
use crate::space::{self, Counter};
use crate::{Call, ServiceError, Thing};

pub(super) use lenders::borrowed;
pub use lenders::{Lender, lenders};
pub use rules::LONGEST_DAYS;
use rules::of_a_delegation;
pub(super) use rules::{check, consenting, is_consent};

/// A delegation to be lent by whoever acts.
#[derive(Clone, Debug)]
pub struct NewDelegation {
    /// Who may act on the lender's behalf.
    pub borrower: AccountId,
    /// Which of the lender's grants, direct or by a position.
    pub grants: Vec<GrantId>,
    /// When: it has an end.
    pub term: Term,
    /// Why.
    pub reason: String,
}

/// A delegation as it is stored. It stays after it ended: who acted for whom is history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredDelegation {
    /// Its number.
    pub id: DelegationId,
    /// Who lends.
    pub lender: AccountId,
    /// Who may act on the lender's behalf.
    pub borrower: AccountId,
    /// The lender's grants that are lent.
    pub grants: Vec<GrantId>,
    /// When.
    #[serde(with = "term")]
    pub term: Term,
    /// Why.
    pub reason: String,
    /// Who consented; none for the owner of the data folder.
    pub consented_by: Option<AccountId>,
    /// When.
    #[serde(with = "microsecond::required")]
    pub consented: Timestamp,
    /// When, by whom and why it was ended before its time.
    pub ended: Option<Withdrawal>,
}

impl StoredDelegation {
    /// As the policy is compiled from it; none when it was ended.
    pub(crate) fn fact(self) -> Option<Delegation> {
        let Self { id, lender, borrower, grants, term, ended, .. } = self;
        ended.is_none().then_some(Delegation { id: id.0, lender, borrower, grants, term })
    }

    /// Whether it is in force, as far as it goes itself.
    pub fn is_in_force(&self, now: Timestamp) -> bool {
        self.ended.is_none() && self.term.contains(now)
    }
}

/// Asks to lend some of the actor's own grants. In force when the head consents. Nobody lends what they have from a
/// delegation, what they do not hold, or to themselves.
pub fn lend(call: &mut Call, new: NewDelegation) -> Result<Made<()>, ServiceError> {
    let lender = match *call.actor() {
        Actor::Person { account, on_behalf_of: None } if !call.origin.operator => account,
        Actor::Person { account, on_behalf_of: Some(_) } => return Err(of_a_delegation(account)),
        _ => {
            return Err(ServiceError::invalid(
                "Chỉ chính người có quyền mới uỷ quyền được: hãy thực hiện bằng tài khoản của người đó.",
                "Only the person whose rights they are lends them; act as that account.",
            ));
        }
    };
    let asked = Asked::Delegation { lender, borrower: new.borrower, grants: new.grants, term: new.term };
    let request = propose(call, asked, &new.reason)?;
    Ok(Made { id: (), request })
}

/// Puts a delegation in force.
pub(in crate::accounts) fn begin(
    call: &mut Call,
    (lender, borrower): (AccountId, AccountId),
    lent: &[GrantId],
    term: Term,
    reason: &str,
    agreed: &Agreed,
) -> Result<(), ServiceError> {
    let id = DelegationId(call.next_number(Counter::Delegation)?);
    let mut grants = lent.to_vec();
    grants.sort_unstable();
    grants.dedup();
    let count = grants.len();
    let delegation = StoredDelegation {
        id,
        lender,
        borrower,
        grants,
        term,
        reason: reason.to_owned(),
        consented_by: agreed.approved.map(|by| by.account),
        consented: call.now(),
        ended: None,
    };
    call.save(of(LENT, lender, Some(id)), &())?;
    call.save(of(BORROWED, borrower, Some(id)), &())?;
    call.save(space::numbered(space::DELEGATION, id.0), &delegation)?;
    let detail =
        [("delegation", id.to_string()), ("borrower", borrower.to_string()), ("grants", count.to_string())];
    call.evidence("delegation.begun", people::subject(lender), detail.into_iter().chain(agreed.detail()));
    Ok(())
}

/// Ends a delegation before its time, at once. The lender and the borrower may, and whoever may consent to it.
pub fn end_delegation(call: &mut Call, id: DelegationId, reason: &str) -> Result<(), ServiceError> {
    let delegation = get(call, id)?;
    let own = call.account().is_some_and(|it| it == delegation.lender || it == delegation.borrower);
    if !own && !is_consent(call, delegation.lender, delegation.borrower)? {
        require_director(call, delegation.lender)?;
    }
    end(call, id, reason)
}

/// Ends a delegation, when the actor may.
pub(super) fn end(call: &mut Call, id: DelegationId, reason: &str) -> Result<(), ServiceError> {
    let mut delegation = get(call, id)?;
    if delegation.ended.is_some() {
        return Ok(());
    }
    let by = call.account().filter(|_| !call.origin.operator);
    delegation.ended = Some(Withdrawal { at: call.now(), by, reason: names::reason(reason)? });
    call.save(space::numbered(space::DELEGATION, id.0), &delegation)?;
    let detail = [("delegation", id.to_string()), ("borrower", delegation.borrower.to_string())];
    call.evidence("delegation.ended", people::subject(delegation.lender), detail);
    Ok(())
}

/// A delegation, for the two it is between and whoever may consent to it.
pub fn get_delegation(call: &mut Call, id: DelegationId) -> Result<StoredDelegation, ServiceError> {
    let delegation = get(call, id)?;
    let own = call.account().is_some_and(|it| it == delegation.lender || it == delegation.borrower);
    if !own && !is_consent(call, delegation.lender, delegation.borrower)? {
        require_director(call, delegation.lender)?;
    }
    Ok(delegation)
}

/// What an account lends and borrows, ended ones included, what it lends first, oldest first. Everybody may see their
/// own; others' are for the head administrator responsible for their unit, and its director.
pub fn delegations_of(call: &mut Call, account: AccountId) -> Result<Vec<StoredDelegation>, ServiceError> {
    if call.account() != Some(account) && !is_consent(call, account, account)? {
        require_director(call, account)?;
    }
    let mut found = Vec::new();
    for kind in [LENT, BORROWED] {
        found.extend(under(call, kind, account)?);
    }
    Ok(found)
}

/// Delegations of an account, lent or borrowed, in force or to come; relied upon.
pub(super) fn standing(call: &Call, account: AccountId) -> Result<Vec<DelegationId>, ServiceError> {
    let mut found = Vec::new();
    for kind in [LENT, BORROWED] {
        let known = under(call, kind, account)?.into_iter();
        let lasting = known.filter(|it| it.term.until.is_none_or(|until| call.now() < until));
        found.extend(lasting.filter(|it| it.ended.is_none()).map(|it| it.id));
    }
    Ok(found)
}

/// Delegations, in force or to come, that lend a grant for a unit itself; relied upon.
pub(in crate::accounts) fn lent_for_unit(
    call: &Call,
    unit: UnitId,
) -> Result<Vec<DelegationId>, ServiceError> {
    let mut found = Vec::new();
    for item in
        call.transaction.range(&[space::DELEGATION], Some(&[space::DELEGATION + 1]), Direction::Forward)
    {
        let (key, stored) = item?;
        let delegation: StoredDelegation = decode(&key, &stored.value)?;
        let over = delegation.term.until.is_some_and(|until| until <= call.now());
        if delegation.ended.is_some() || over {
            continue;
        }
        for grant in delegation.grants {
            if grants::get_grant(call, grant)?.scope.unit == unit {
                found.push(delegation.id);
                break;
            }
        }
    }
    Ok(found)
}

fn require_director(call: &mut Call, lender: AccountId) -> Result<(), ServiceError> {
    let unit = people::get_account(call, lender)?.unit;
    call.require(&GRANT_APPROVE, &Target { unit, label: Label::Ordinary, owner: None })
}

const LENT: u8 = 0;
const BORROWED: u8 = 1;

fn get(call: &Call, id: DelegationId) -> Result<StoredDelegation, ServiceError> {
    let found = call.load(&space::numbered(space::DELEGATION, id.0))?;
    found.ok_or_else(|| ServiceError::not_found(Thing::Delegation, id))
}

fn under(call: &Call, kind: u8, account: AccountId) -> Result<Vec<StoredDelegation>, ServiceError> {
    let start = of(kind, account, None);
    let end = key::after_prefix(&start);
    let mut found = Vec::new();
    for item in call.transaction.range(&start, end.as_deref(), Direction::Forward) {
        if let Some(id) = space::trailing_number(&item?.0) {
            found.push(get(call, DelegationId(id))?);
        }
    }
    Ok(found)
}

fn of(kind: u8, account: AccountId, id: Option<DelegationId>) -> Vec<u8> {
    let mut key = space::key(space::DELEGATION_OF, &[&[kind], &account.0.to_be_bytes()]);
    key.extend(id.iter().flat_map(|id| id.0.to_be_bytes()));
    key
}
