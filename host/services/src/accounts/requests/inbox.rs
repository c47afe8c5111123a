//! What waits for whom.

use dinh_model::{AccountId, RequestId};

use super::{Request, RequestState, Signature, kinds, shelf};
use crate::accounts::people;
use crate::permissions::ACCOUNT_MANAGE;
use crate::{Call, ServiceError, space};

/// Undecided requests read in one go.
const SLICE: usize = 200;
/// Undecided requests looked at for one page; a longer search goes on where it stopped.
const LOOKED_AT: usize = 5_000;
/// Undecided requests looked at to say how much waits, on a page that is about something else.
const GLANCED_AT: usize = 200;

/// A page of requests.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Requests {
    /// Of the inbox the oldest first, of all others the newest.
    pub requests: Vec<Request>,
    /// Pass as `after` or `before` to go on; none at the end. A page of the inbox may be short, even empty, and still
    /// have a next one.
    pub next: Option<RequestId>,
}

/// What waits for the actor: exactly the requests that [`super::approve`] would not refuse them for want of a
/// right or for being the same person. The tasks of plugins stand beside it ([`crate::records::waiting`]). By break-glass, everything that waits for anybody. Oldest first, after `after`,
/// at most `limit`.
pub fn inbox(call: &Call, after: Option<RequestId>, limit: usize) -> Result<Requests, ServiceError> {
    gather(call, after, limit, LOOKED_AT)
}

/// How much waits for the actor among the 200 oldest undecided requests, and whether there may be more: one
/// bounded read, for whoever only wants to know whether to look.
pub fn waiting(call: &Call) -> Result<(usize, bool), ServiceError> {
    let found = gather(call, None, GLANCED_AT, GLANCED_AT)?;
    Ok((found.requests.len(), found.next.is_some()))
}

fn gather(
    call: &Call,
    after: Option<RequestId>,
    limit: usize,
    most: usize,
) -> Result<Requests, ServiceError> {
    let mut page = Requests::default();
    let (mut last, mut looked) = (after, 0);
    loop {
        let slice = shelf::open_after(call, last, SLICE)?;
        let ended = slice.len() < SLICE;
        for id in slice {
            if page.requests.len() >= limit || looked >= most {
                page.next = last;
                return Ok(page);
            }
            looked += 1;
            let request = shelf::load(call, id)?;
            if waits_for(call, &request)? {
                page.requests.push(request);
            }
            last = Some(id);
        }
        if ended {
            return Ok(page);
        }
    }
}

fn waits_for(call: &Call, request: &Request) -> Result<bool, ServiceError> {
    let waits = request.state == RequestState::Open && !request.has_lapsed(call.now());
    if call.origin.operator {
        return Ok(waits);
    }
    let Some(actor) = Signature::of(call) else { return Ok(false) };
    Ok(waits
        && !actor.shares(request.by)
        && kinds::may_decide(call, &request.asked)?
        && !kinds::gains(call, &request.asked)?.into_iter().any(|account| actor.names(account)))
}

/// What the actor asked for, decided or not. Newest first, before `before`, at most `limit`.
pub fn my_requests(call: &Call, before: Option<RequestId>, limit: usize) -> Result<Requests, ServiceError> {
    match call.account() {
        Some(account) => page(call, space::REQUEST_BY, account, before, limit),
        None => Ok(Requests::default()),
    }
}

/// What was asked for about an account, decided or not. Everybody may see their own; others' need
/// `dinh.account.manage` for the account's unit. Newest first, before `before`, at most `limit`.
pub fn requests_about(
    call: &mut Call,
    account: AccountId,
    before: Option<RequestId>,
    limit: usize,
) -> Result<Requests, ServiceError> {
    let found = people::get_account(call, account)?;
    if call.account() != Some(account) {
        call.require(&ACCOUNT_MANAGE, &people::target(&found))?;
    }
    page(call, space::REQUEST_ABOUT, account, before, limit)
}

/// A request, for whoever made it, whoever it is about, and whoever may decide it.
pub fn get_request(call: &mut Call, id: RequestId) -> Result<Request, ServiceError> {
    let request = shelf::load(call, id)?;
    let concerned = Signature::of(call).is_some_and(|actor| {
        actor.shares(request.by) || shelf::about(&request.asked).contains(&actor.account)
    });
    if !concerned {
        kinds::require_decider(call, &request.asked)?;
    }
    Ok(request)
}

fn page(
    call: &Call,
    kind: u8,
    account: AccountId,
    before: Option<RequestId>,
    limit: usize,
) -> Result<Requests, ServiceError> {
    let mut page = Requests::default();
    for id in shelf::newest(call, kind, account, before) {
        if page.requests.len() >= limit {
            page.next = page.requests.last().map(|last| last.id);
            break;
        }
        page.requests.push(shelf::load(call, id?)?);
    }
    Ok(page)
}
