//! How a request ends: approved, refused, withdrawn, lapsed.

use dinh_model::{AccountId, RequestId};

use super::propose::subject;
use super::{Agreed, Decision, Request, RequestState, Signature, kinds, shelf};
use crate::accounts::names;
use crate::{Call, ServiceError, space};

/// Approves a request: what was asked for is in force from the commit on. Needs the right to decide it
/// (`dinh.account.approve` or `dinh.grant.approve` where it reaches; for a transfer `dinh.account.approve` for the
/// new unit; for a delegation to be the lender's head administrator). Refused to whoever asked or gains by it,
/// when whoever asked may no longer ask, and when what was asked for can no longer be.
pub fn approve(call: &mut Call, id: RequestId) -> Result<Request, ServiceError> {
    let request = undecided(call, id)?;
    kinds::require_decider(call, &request.asked)?;
    in_time(call, &request)?;
    let approved = Signature::of(call).filter(|_| !call.origin.operator);
    if !call.origin.operator {
        second_person(call, &request, approved)?;
    }
    still_asked(call, &request)?;
    kinds::check(call, &request.asked)?;
    kinds::check_ripe(call, &request.asked)?;
    let agreed = Agreed { by: Some(request.by), request: Some(id), approved };
    kinds::apply(call, &request.asked, &request.reason, &agreed)?;
    let decision = Decision { by: approved, at: call.now(), reason: String::new() };
    shelf::close(call, request, RequestState::Approved(decision))
}

/// Refuses a request, with a reason. Needs the right to decide it.
pub fn refuse(call: &mut Call, id: RequestId, reason: &str) -> Result<Request, ServiceError> {
    let request = undecided(call, id)?;
    kinds::require_decider(call, &request.asked)?;
    let reason = names::reason(reason)?;
    if reason.is_empty() {
        return Err(ServiceError::invalid(
            "Hãy ghi lý do từ chối để người đề nghị biết.",
            "A refusal needs a reason, for whoever asked; give one.",
        ));
    }
    let by = Signature::of(call).filter(|_| !call.origin.operator);
    let decision = Decision { by, at: call.now(), reason };
    ended(call, request, "refused", RequestState::Refused(decision))
}

/// Withdraws a request: only whoever made it does.
pub fn withdraw_request(call: &mut Call, id: RequestId) -> Result<Request, ServiceError> {
    let request = undecided(call, id)?;
    let by = Signature::of(call);
    if !call.origin.operator && by.is_none_or(|by| by.account != request.by.account) {
        return Err(ServiceError::refused(
            "asker-withdraws",
            subject(&request.asked),
            "Chỉ người lập đề nghị mới rút được đề nghị; người có thẩm quyền có thể từ chối.",
            "Only whoever made a request withdraws it; whoever may decide it can refuse it.",
        ));
    }
    let by = by.filter(|_| !call.origin.operator);
    let decision = Decision { by, at: call.now(), reason: String::new() };
    ended(call, request, "request-withdrawn", RequestState::Withdrawn(decision))
}

/// Withdraws a request that its asker can no longer make, or that is about somebody who has left: when the actor may
/// close their account.
pub(in crate::accounts) fn withdraw_for(
    call: &mut Call,
    id: RequestId,
    reason: &str,
) -> Result<(), ServiceError> {
    let request = undecided(call, id)?;
    let by = Signature::of(call).filter(|_| !call.origin.operator);
    let decision = Decision { by, at: call.now(), reason: reason.to_owned() };
    ended(call, request, "request-withdrawn", RequestState::Withdrawn(decision)).map(drop)
}

/// The undecided requests that an account made or that are about it, newest first.
pub(in crate::accounts) fn open_of(call: &Call, account: AccountId) -> Result<Vec<RequestId>, ServiceError> {
    let mut found = Vec::new();
    for kind in [space::REQUEST_BY, space::REQUEST_ABOUT] {
        for id in shelf::newest(call, kind, account, None) {
            let request = shelf::load(call, id?)?;
            // Those before are at least as old.
            if request.lapses() <= call.now() {
                break;
            }
            if request.state == RequestState::Open && !found.contains(&request.id) {
                found.push(request.id);
            }
        }
    }
    Ok(found)
}

/// Says that nobody decided in time, of what was asked about an account and has lapsed.
pub(in crate::accounts) fn lapse_about(call: &mut Call, account: AccountId) -> Result<(), ServiceError> {
    let all: Vec<_> = shelf::newest(call, space::REQUEST_ABOUT, account, None).collect();
    for id in all {
        let request = shelf::load(call, id?)?;
        if request.has_lapsed(call.now()) {
            lapse(call, request)?;
        }
    }
    Ok(())
}

/// Says that nobody decided a request in time.
pub(super) fn lapse(call: &mut Call, request: Request) -> Result<Request, ServiceError> {
    ended(call, request, "request-lapsed", RequestState::Lapsed)
}

fn ended(
    call: &mut Call,
    request: Request,
    what: &str,
    state: RequestState,
) -> Result<Request, ServiceError> {
    kinds::discard(call, &request.asked)?;
    let action = format!("{}.{what}", request.asked.kind());
    let detail = [("request", request.id.to_string()), ("requested-by", request.by.account.to_string())];
    call.evidence(&action, subject(&request.asked), detail);
    shelf::close(call, request, state)
}

/// The request, when nobody has decided it.
fn undecided(call: &Call, id: RequestId) -> Result<Request, ServiceError> {
    let request = shelf::load(call, id)?;
    let (vi, en) = match &request.state {
        RequestState::Open => return Ok(request),
        RequestState::Approved(_) => ("đã được phê duyệt", "was approved already"),
        RequestState::Refused(_) => {
            ("đã bị từ chối; hãy lập đề nghị mới nếu cần", "was refused; make a new one")
        }
        RequestState::Withdrawn(_) => {
            ("đã được rút; hãy lập đề nghị mới nếu cần", "was withdrawn; make a new one")
        }
        RequestState::Lapsed => ("đã quá hạn; hãy lập đề nghị mới nếu cần", "has lapsed; make a new one"),
    };
    Err(ServiceError::refused(
        "request-decided",
        subject(&request.asked),
        format!("Đề nghị {id} {vi}."),
        format!("Request {id} {en}."),
    ))
}

/// Goes on only within the time in which a request can be approved. A clock that was set back could make an old
/// request new again, or put an approval before what it approves.
fn in_time(call: &Call, request: &Request) -> Result<(), ServiceError> {
    let id = request.id;
    if call.now() < request.at {
        return Err(ServiceError::refused(
            "clock",
            subject(&request.asked),
            format!("Đồng hồ máy chủ sớm hơn lúc lập đề nghị {id}: hãy chỉnh lại đồng hồ rồi phê duyệt."),
            format!("The server's clock stands before request {id} was made; set it right, then approve."),
        ));
    }
    if request.has_lapsed(call.now()) {
        return Err(ServiceError::refused(
            "lapsed",
            subject(&request.asked),
            format!("Đề nghị {id} đã quá hạn 30 ngày: hãy lập đề nghị mới."),
            format!("Request {id} lapsed 30 days after it was made; make a new one."),
        ));
    }
    Ok(())
}

/// Goes on only if whoever approves is somebody else than whoever asked, and gains nothing by it.
fn second_person(call: &Call, request: &Request, approved: Option<Signature>) -> Result<(), ServiceError> {
    let subject = || subject(&request.asked);
    let Some(approved) = approved else {
        return Err(ServiceError::refused(
            "a-person-approves",
            subject(),
            "Chỉ cá nhân đã đăng nhập mới phê duyệt được.",
            "Only a signed-in person can approve.",
        ));
    };
    if approved.shares(request.by) {
        return Err(ServiceError::refused(
            "second-person",
            subject(),
            "Người đề nghị không tự phê duyệt, kể cả bằng quyền được uỷ quyền: cần một người khác phê duyệt.",
            "Whoever asked does not approve, nor with lent rights; another person has to.",
        ));
    }
    if kinds::gains(call, &request.asked)?.into_iter().any(|account| approved.names(account)) {
        return Err(ServiceError::refused(
            "not-for-oneself",
            subject(),
            "Không ai phê duyệt quyền cho chính mình: cần một người khác phê duyệt.",
            "Nobody approves rights of their own; another person has to.",
        ));
    }
    Ok(())
}

/// Goes on only if whoever asked still may.
fn still_asked(call: &Call, request: &Request) -> Result<(), ServiceError> {
    let asker = request.by.actor();
    let needed = kinds::of_asker(call, &request.asked)?;
    let Some((lost, _)) = needed.iter().find(|needed| !kinds::holds(call, &asker, needed)) else {
        return Ok(());
    };
    Err(ServiceError::refused(
        "asker-may-no-longer",
        subject(&request.asked),
        format!("Người lập đề nghị không còn quyền “{lost}”: hãy từ chối; người có quyền lập đề nghị mới."),
        format!("Whoever asked no longer holds {lost}; refuse this, and let somebody ask who holds it."),
    ))
}
