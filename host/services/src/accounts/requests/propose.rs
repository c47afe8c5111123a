//! How a request is made.

use dinh_model::RequestId;

use super::{Agreed, Asked, Request, RequestState, Signature, decide, kinds, shelf};
use crate::accounts::{MOST_ROWS, names, people, units};
use crate::space::{self, Counter};
use crate::{Call, ServiceError, catalog};

/// Undecided requests that one person may have at a time.
pub(super) const MOST_OPEN: usize = 500;
/// Accounts that one person may ask for within the time of a request and not have approved: five whole imports. Numbers
/// of accounts are never used again and there are four million, so refused ones count as well as waiting ones.
pub(super) const MOST_UNAPPROVED: u32 = 5 * MOST_ROWS;
/// Entries of catalogs in one person's undecided requests.
pub(super) const MOST_ENTRIES: u32 = 4 * catalog::MOST_PROPOSED as u32;
/// Undecided requests looked at whenever one is made, so that lapsed ones cannot pile up.
const TIDIED: usize = 4;

/// Asks for something, when the actor may; break-glass puts it in force at once. The request that waits for a
/// second person; none when it is in force.
pub(crate) fn propose(
    call: &mut Call,
    asked: Asked,
    reason: &str,
) -> Result<Option<RequestId>, ServiceError> {
    require_of_asker(call, &asked)?;
    kinds::check(call, &asked)?;
    let reason = names::reason(reason)?;
    if call.origin.operator {
        kinds::check_ripe(call, &asked)?;
        kinds::apply(call, &asked, &reason, &Agreed::OPERATOR)?;
        return Ok(None);
    }
    let Some(by) = Signature::of(call) else {
        return Err(ServiceError::refused(
            "a-person-asks",
            subject(&asked),
            "Chỉ cá nhân đã đăng nhập mới lập được đề nghị.",
            "Only a signed-in person can make a request.",
        ));
    };
    // Accounts alone give nobody a right.
    let speaks_for_itself = match &asked {
        Asked::Account(_) => true,
        Asked::Accounts { positions, .. } => positions.is_empty(),
        _ => false,
    };
    if reason.is_empty() && !speaks_for_itself {
        return Err(ServiceError::invalid(
            "Hãy ghi lý do của đề nghị để người phê duyệt xem xét.",
            "A request needs a reason, for whoever decides it; give one.",
        ));
    }
    few_enough(call, by, &asked)?;
    tidy(call)?;
    let id = RequestId(call.next_number(Counter::Request)?);
    let request = Request { id, asked, reason, by, at: call.now(), state: RequestState::Open };
    shelf::add(call, &request)?;
    let action = format!("{}.requested", request.asked.kind());
    let mut detail = vec![("request", id.to_string())];
    detail.extend(
        kinds::of_asker(call, &request.asked)?
            .first()
            .map(|(_, target)| target)
            .into_iter()
            .flat_map(|target| [("unit", target.unit.to_string()), ("label", target.label.to_string())]),
    );
    if let Asked::Grant(grant) = &request.asked {
        detail.push(("role", grant.role.to_string()));
    }
    if let Asked::Account(account) = &request.asked {
        let must_change = people::get_account(call, *account)?.must_change_password;
        detail.push(("must-change-password", must_change.to_string()));
    }
    if let Asked::Accounts { count, positions, .. } = &request.asked {
        detail.push(("accounts", count.to_string()));
        let holders: usize = positions.iter().map(|asked| asked.holders.len()).sum();
        detail.extend((holders > 0).then(|| ("positions-held", holders.to_string())));
    }
    if let Asked::Entries(asked) = &request.asked {
        detail.push(("entries", asked.len().to_string()));
    }
    call.evidence(&action, subject(&request.asked), detail);
    Ok(Some(id))
}

/// Goes on only if the actor may ask for this.
pub(in crate::accounts) fn require_of_asker(call: &mut Call, asked: &Asked) -> Result<(), ServiceError> {
    for (permission, target) in kinds::of_asker(call, asked)? {
        call.require(&permission, &target)?;
    }
    Ok(())
}

/// What a request is about, as evidence names it.
pub(super) fn subject(asked: &Asked) -> String {
    match asked {
        Asked::Head { unit, .. } | Asked::Move { unit, .. } => units::subject(*unit),
        Asked::Root { .. } => "house".to_owned(),
        Asked::Entries(asked) => catalog::subject(&asked.catalog),
        Asked::Grant(grant) => crate::accounts::grants::grantee(grant.to),
        other => shelf::about(other).first().map(|account| people::subject(*account)).unwrap_or_default(),
    }
}

fn few_enough(call: &Call, by: Signature, asked: &Asked) -> Result<(), ServiceError> {
    let mut open = 0;
    let (more, mut unapproved) = (accounts_in(asked), 0_u32);
    let mut entries = entries_in(asked);
    for id in shelf::newest(call, space::REQUEST_BY, by.account, None) {
        let request = shelf::load(call, id?)?;
        // Those before are at least as old.
        if request.at <= call.now() && request.lapses() <= call.now() {
            break;
        }
        if request.state == RequestState::Open {
            open += 1;
            entries = entries.saturating_add(entries_in(&request.asked));
        }
        if entries_in(asked) > 0 && entries > MOST_ENTRIES {
            return Err(ServiceError::refused(
                "open-entries",
                subject(asked),
                format!(
                    "Các đề nghị chưa được xem xét của bạn sẽ có {entries} mã, tối đa {MOST_ENTRIES}: hãy chờ hoặc rút bớt."
                ),
                format!(
                    "Your undecided proposals would hold {entries} entries, at most {MOST_ENTRIES}; wait, or withdraw some."
                ),
            ));
        }
        if !matches!(request.state, RequestState::Approved(_)) {
            unapproved = unapproved.saturating_add(accounts_in(&request.asked));
        }
        if more > 0 && unapproved.saturating_add(more) > MOST_UNAPPROVED {
            return Err(ServiceError::refused(
                "unapproved-accounts",
                people::subject(by.account),
                format!(
                    "Trong 30 ngày qua bạn đã đề nghị ít nhất {unapproved} tài khoản chưa được phê duyệt; thêm {more} sẽ vượt {MOST_UNAPPROVED}: hãy chờ phê duyệt."
                ),
                format!(
                    "At least {unapproved} accounts that you asked for within 30 days are not approved; {more} more would be above {MOST_UNAPPROVED}; wait for approval."
                ),
            ));
        }
        if open >= MOST_OPEN {
            return Err(ServiceError::refused(
                "open-requests",
                people::subject(by.account),
                format!("Đã có {MOST_OPEN} đề nghị chưa được xem xét: hãy chờ hoặc rút bớt đề nghị."),
                format!("{MOST_OPEN} requests of yours are undecided; wait, or withdraw some."),
            ));
        }
    }
    Ok(())
}

/// How many new accounts are asked for.
fn accounts_in(asked: &Asked) -> u32 {
    match asked {
        Asked::Account(_) => 1,
        Asked::Accounts { count, .. } => *count,
        _ => 0,
    }
}

/// How many entries of catalogs are asked for.
fn entries_in(asked: &Asked) -> u32 {
    match asked {
        Asked::Entries(asked) => asked.len(),
        _ => 0,
    }
}

fn tidy(call: &mut Call) -> Result<(), ServiceError> {
    for id in shelf::open_after(call, None, TIDIED)? {
        let request = shelf::load(call, id)?;
        if request.has_lapsed(call.now()) {
            decide::lapse(call, request)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::sync::Arc;

    use dinh_model::{AccountId, Actor, Language, Timestamp};
    use dinh_store::memory::Memory;
    use dinh_store::{Signer, Store};

    use super::*;
    use crate::accounts::requests::Decision;
    use crate::{FixedClock, Options, Platform};

    const ASKER: Signature = Signature { account: AccountId(1), on_behalf_of: None };

    fn call() -> Call {
        let signer = Signer::from_seed("tests", [7; 32]).unwrap();
        let memory = Box::new(Memory::new());
        let store = Store::with_backend(memory, signer, dinh_store::Options::default()).unwrap();
        let clock = Arc::new(FixedClock::new("2026-03-02T01:00:00Z".parse().unwrap()));
        let platform = Platform::open_with(Path::new("/nowhere"), store, clock, Options::cheap()).unwrap();
        platform.begin(&platform.origin(Actor::person(ASKER.account), Language::Vi)).unwrap()
    }

    fn of(count: u32) -> Asked {
        Asked::Accounts { first: AccountId(1_000_000), count, places: Vec::new(), positions: Vec::new() }
    }

    fn add(call: &mut Call, id: u32, count: u32, at: Timestamp, state: RequestState) {
        let request =
            Request { id: RequestId(id), asked: of(count), reason: String::new(), by: ASKER, at, state };
        shelf::add(call, &request).unwrap();
    }

    #[test]
    fn accounts_that_were_refused_count_as_well_as_those_that_wait_and_approved_ones_do_not() {
        let mut call = call();
        let now = call.now();
        let decision = || Decision { by: None, at: now, reason: String::new() };
        add(&mut call, 1, 70_000, now, RequestState::Approved(decision()));
        add(&mut call, 2, 40_000, now, RequestState::Refused(decision()));
        add(&mut call, 3, 40_000, now, RequestState::Withdrawn(decision()));
        add(&mut call, 4, 19_999, now, RequestState::Open);
        few_enough(&call, ASKER, &of(1)).unwrap();
        for asked in [of(2), of(20_000)] {
            let Err(ServiceError::Refused(refusal)) = few_enough(&call, ASKER, &asked) else { panic!() };
            assert_eq!(refusal.rule, "unapproved-accounts");
            assert!(refusal.text.en.contains("99999 accounts") && refusal.text.en.contains("above 100000"));
        }
        // Something else is still asked for, and somebody else asks for accounts.
        let clearance = dinh_model::Label::Ordinary;
        few_enough(&call, ASKER, &Asked::Clearance { account: ASKER.account, clearance }).unwrap();
        few_enough(&call, Signature { account: AccountId(2), ..ASKER }, &of(20_000)).unwrap();
    }

    #[test]
    fn what_was_asked_for_longer_ago_than_a_request_lasts_counts_no_more() {
        let mut call = call();
        let long_ago = call.now() - jiff::SignedDuration::from_hours(24 * 30);
        add(&mut call, 1, MOST_UNAPPROVED, long_ago, RequestState::Lapsed);
        few_enough(&call, ASKER, &of(20_000)).unwrap();
        let later = long_ago + jiff::SignedDuration::from_secs(1);
        add(&mut call, 2, MOST_UNAPPROVED, later, RequestState::Lapsed);
        few_enough(&call, ASKER, &of(1)).unwrap_err();
    }
}
