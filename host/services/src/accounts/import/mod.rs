//! Bulk import of accounts (nhập tài khoản hàng loạt): a sheet of people becomes accounts that one other person approves
//! whole.
//!
//! ```text
//! file ─ columns ─▶ rows ─ cells: places (units), posts (positions) ─▶ plan ─▶ report: what would be made, every fault
//!                                                             │ no fault
//!                                                             ▼
//!                    all accounts wait, logins and addresses held ─▶ one request ─▶ approve: all active, or none
//! ```
//! What it promises:
//! - [`plan_import`] writes nothing and reports everything: each row that could be made with its login and address, each
//!   fault with line, reason and remedy.
//! - [`ask_for_accounts`] makes the plan again in the call that writes, and is refused while there is a fault; the
//!   evidence says by which rule. All accounts are made in one change or none is.
//! - What is approved is what was asked for: the accounts lie in the store as asked for, under consecutive numbers, and
//!   nobody changes an account that waits.
//! - Each account gets a temporary password of its own, returned once by [`hand_out_passwords`] to whoever asked, that
//!   has to be changed at its first use and is accepted for some days only, from the approval on. [`import_accounts`]
//!   asks and hands out in one change.
//! - A position (chức vụ) gives rights through its grants, so whoever asks and whoever approves an import that names
//!   positions needs what holding each of them needs ([`super::hold`]), the request says who is to hold which with
//!   which grants, and a reason; it falls when those grants changed meanwhile.

mod cells;
mod columns;
mod hand_out;
mod login_rule;
mod people_there;
mod places;
mod plan;
mod planning;
mod posts;
mod report;

use std::collections::BTreeMap;
use std::ops::Range;

use dinh_model::{AccountId, Label, PositionId, RequestId, UnitId};

use super::people::{Requested, add_requested};
use super::requests::{Asked, AskedPosition, Request, get_request, propose};
use super::{Accounts, TemporaryTerm, people, positions, temporary_password};
use crate::permissions::ACCOUNT_MANAGE;
use crate::{Call, ServiceError};

pub use columns::columns as import_columns;
pub use hand_out::{HandedOut, hand_out_passwords};
pub use plan::{ImportFile, ImportPlan, ImportSheet, PlannedAccount, plan_import, plan_people};
pub use report::{Fault, FaultKind};

/// Most rows of one import. Approving so many is one change of some 20 MiB; the store takes 64.
pub const MOST_ROWS: u32 = 20_000;

/// The first login that the rule gives somebody in a unit and nobody has: `nvan-skhdt`, `nvan2-skhdt`. Refused for names
/// that cannot be written in a–z.
pub(super) fn login_by_rule(call: &Call, full_name: &str, code: &str) -> Result<String, ServiceError> {
    let rule = login_rule::LoginRule::new(full_name, code)?;
    let mut nth = 1_u32;
    loop {
        let login = rule.login(nth);
        if !call.holds(&people::login_key(&login))? {
            return Ok(login);
        }
        nth = nth.saturating_add(1);
    }
}

/// What came of an import.
#[derive(Clone, Debug)]
pub struct Imported {
    /// The request that waits for a second person; none when the accounts are active.
    pub request: Option<RequestId>,
    /// The accounts in the order of the file.
    pub accounts: Vec<ImportedAccount>,
    /// How long the temporary passwords are accepted; none in a file without people.
    pub accepted: Option<TemporaryTerm>,
    /// Heads of the file that no column has.
    pub unread_heads: Vec<String>,
}

/// An account that was imported.
#[derive(Clone)]
pub struct ImportedAccount {
    /// Its number.
    pub id: AccountId,
    /// What was planned.
    pub planned: PlannedAccount,
    /// The temporary password: stored as a hash, shown this once.
    pub password: String,
}

impl std::fmt::Debug for ImportedAccount {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ImportedAccount").field("id", &self.id).finish_non_exhaustive()
    }
}

/// Asks for the accounts of a file, all in one request, and hands out their passwords at once. As
/// [`ask_for_accounts`].
pub fn import_accounts(
    call: &mut Call,
    file: &ImportFile<'_>,
    reason: &str,
) -> Result<Imported, ServiceError> {
    call.require_somewhere(&ACCOUNT_MANAGE, None)?;
    let sheet = file.read(call.language())?;
    let asked = ask_for_accounts(call, &file.people(&sheet), reason)?;
    let mut accounts = Vec::with_capacity(asked.accounts.len());
    for (id, planned) in asked.accounts {
        let password = hand_out::give_random(call, id)?;
        accounts.push(ImportedAccount { id, planned, password });
    }
    let accepted = match accounts.first() {
        Some(first) => temporary_password(call, &people::get_account(call, first.id)?)?,
        None => None,
    };
    Ok(Imported { request: asked.request, accounts, accepted, unread_heads: sheet.unknown_heads })
}

/// The accounts that were asked for. They have no passwords yet ([`hand_out_passwords`]).
#[derive(Clone, Debug)]
pub struct AskedAccounts {
    /// The request that waits for a second person; none when the accounts are active.
    pub request: Option<RequestId>,
    /// The accounts in the order of the file.
    pub accounts: Vec<(AccountId, PlannedAccount)>,
}

/// Asks for the accounts of a sheet, all in one request: they become active when a second person approves it, by
/// break-glass at once. Refused with a rule when the plan has a fault. Needs `dinh.account.manage` for every unit of
/// the file, up to the clearances in it; and for every position in it what holding it needs, and a reason.
pub fn ask_for_accounts(
    call: &mut Call,
    people: &ImportSheet<'_>,
    reason: &str,
) -> Result<AskedAccounts, ServiceError> {
    let plan = plan_people(call, people)?;
    plan.refuse_faults()?;
    let mut places = BTreeMap::new();
    let mut holders: BTreeMap<PositionId, Vec<AccountId>> = BTreeMap::new();
    let mut accounts = Vec::with_capacity(plan.accounts.len());
    for planned in plan.accounts {
        let place: &mut Label = places.entry(planned.unit).or_default();
        *place = planned.clearance.max(*place);
        let account = add_requested(
            call,
            Requested {
                login: planned.login.clone(),
                full_name: planned.full_name.clone(),
                email: planned.email.clone(),
                unit: planned.unit,
                clearance: planned.clearance,
                must_change: true,
            },
        )?;
        if let Some(position) = &planned.position {
            holders.entry(position.id).or_default().push(account.id);
        }
        accounts.push((account.id, planned));
    }
    let first = accounts.first().map_or(AccountId(0), |(id, _)| *id);
    let count = u32::try_from(accounts.len()).unwrap_or(u32::MAX);
    let places: Vec<(UnitId, Label)> = places.into_iter().collect();
    let mut held = Vec::with_capacity(holders.len());
    for (position, holders) in holders {
        held.push(AskedPosition { position, grants: positions::standing(call, position)?, holders });
    }
    let request = propose(call, Asked::Accounts { first, count, places, positions: held }, reason)?;
    Ok(AskedAccounts { request, accounts })
}

/// The accounts that a request of an import is for, in the order of the file, after `after`, at most `limit`: what
/// whoever decides it looks at. For whoever may see the request.
pub fn requested_accounts(
    call: &mut Call,
    request: RequestId,
    after: Option<AccountId>,
    limit: usize,
) -> Result<Accounts, ServiceError> {
    let numbers = numbers(&get_request(call, request)?)?;
    let from = after.map_or(numbers.start, |after| after.0.saturating_add(1).max(numbers.start));
    let mut page = Accounts::default();
    for id in (from..numbers.end).map(AccountId) {
        if page.accounts.len() >= limit {
            page.next = page.accounts.last().map(|last| last.id);
            break;
        }
        page.accounts.push(people::get_account(call, id)?);
    }
    Ok(page)
}

/// The numbers of the accounts that a request of an import is for.
fn numbers(request: &Request) -> Result<Range<u32>, ServiceError> {
    let Asked::Accounts { first, count, .. } = request.asked else {
        let id = request.id;
        return Err(ServiceError::invalid(
            format!("Đề nghị {id} không phải là đợt nhập tài khoản."),
            format!("Request {id} is not an import of accounts."),
        ));
    };
    Ok(first.0..first.0.saturating_add(count))
}
