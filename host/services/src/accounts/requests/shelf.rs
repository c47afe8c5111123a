//! Where requests lie: by number, undecided ones also in the order of their making, each also under who made it
//! and whom it is about.

use dinh_access::Grantee;
use dinh_model::{AccountId, RequestId};
use dinh_store::Direction;

use super::{Asked, Request, RequestState};
use crate::{Call, ServiceError, Thing, space};

/// A request.
pub(super) fn load(call: &Call, id: RequestId) -> Result<Request, ServiceError> {
    call.load(&key(id))?.ok_or_else(|| ServiceError::not_found(Thing::Request, id))
}

/// Puts a new request on the shelf.
pub(super) fn add(call: &mut Call, request: &Request) -> Result<(), ServiceError> {
    call.save(open_key(request.id), &())?;
    call.save(under(space::REQUEST_BY, request.by.account, request.id), &())?;
    for account in about(&request.asked) {
        call.save(under(space::REQUEST_ABOUT, account, request.id), &())?;
    }
    call.save(key(request.id), request)
}

/// Says how an undecided request ended.
pub(super) fn close(
    call: &mut Call,
    mut request: Request,
    state: RequestState,
) -> Result<Request, ServiceError> {
    request.state = state;
    call.transaction.delete(open_key(request.id));
    call.save(key(request.id), &request)?;
    Ok(request)
}

/// Undecided requests after `after`, oldest first, `most` of them: shown, not decided upon.
pub(super) fn open_after(
    call: &Call,
    after: Option<RequestId>,
    most: usize,
) -> Result<Vec<RequestId>, ServiceError> {
    let start =
        after.map_or_else(|| vec![space::REQUEST_OPEN], |id| open_key(RequestId(id.0.saturating_add(1))));
    let end = [space::REQUEST_OPEN + 1];
    let mut found = Vec::new();
    for item in call.transaction.range_unchecked(&start, Some(&end), Direction::Forward) {
        if found.len() >= most {
            break;
        }
        found.extend(space::trailing_number(&item?.0).map(RequestId));
    }
    Ok(found)
}

/// All undecided requests, oldest first, relied upon: one that is made meanwhile makes a conflict.
pub(super) fn all_open(call: &Call) -> Result<Vec<RequestId>, ServiceError> {
    let (start, end) = ([space::REQUEST_OPEN], [space::REQUEST_OPEN + 1]);
    let mut found = Vec::new();
    for item in call.transaction.range(&start, Some(&end), Direction::Forward) {
        found.extend(space::trailing_number(&item?.0).map(RequestId));
    }
    Ok(found)
}

/// Requests under an account before `before`, newest first: by whom they were made, or about whom they are.
pub(super) fn newest(
    call: &Call,
    kind: u8,
    account: AccountId,
    before: Option<RequestId>,
) -> impl Iterator<Item = Result<RequestId, ServiceError>> {
    let start = space::numbered(kind, account.0);
    let end = match before {
        Some(before) => under(kind, account, before),
        None => under(kind, account, RequestId(u32::MAX)),
    };
    let range = call.transaction.range_unchecked(&start, Some(&end), Direction::Backward);
    range.map(|item| Ok(RequestId(space::trailing_number(&item?.0).unwrap_or_default())))
}

/// Whom it is about.
pub(super) fn about(asked: &Asked) -> Vec<AccountId> {
    match asked {
        Asked::Accounts { first, count, .. } => {
            (first.0..first.0.saturating_add(*count)).map(AccountId).collect()
        }
        Asked::Account(account)
        | Asked::Clearance { account, .. }
        | Asked::Transfer { account, .. }
        | Asked::Holding { account, .. }
        | Asked::Head { account, .. } => vec![*account],
        Asked::Grant(grant) => match grant.to {
            Grantee::Account(account) => vec![account],
            Grantee::Position(_) => Vec::new(),
        },
        Asked::Delegation { lender, borrower, .. } => vec![*lender, *borrower],
        Asked::Move { .. } | Asked::Root { .. } | Asked::Entries(_) => Vec::new(),
    }
}

fn key(id: RequestId) -> Vec<u8> {
    space::numbered(space::REQUEST, id.0)
}

fn open_key(id: RequestId) -> Vec<u8> {
    space::numbered(space::REQUEST_OPEN, id.0)
}

fn under(kind: u8, account: AccountId, id: RequestId) -> Vec<u8> {
    space::key(kind, &[&account.0.to_be_bytes(), &id.0.to_be_bytes()])
}
