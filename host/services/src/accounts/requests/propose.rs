//! How a request is made.

use dinh_model::RequestId;

use super::{Agreed, Asked, Request, RequestState, Signature, decide, kinds, shelf};
use crate::accounts::{names, people, units};
use crate::space::{self, Counter};
use crate::{Call, ServiceError};

/// Undecided requests that one person may have at a time.
pub(super) const MOST_OPEN: usize = 500;
/// Undecided requests looked at whenever one is made, so that lapsed ones cannot pile up.
const TIDIED: usize = 4;

/// Asks for something, when the actor may; break-glass puts it in force at once. The request that waits for a
/// second person; none when it is in force.
pub(in crate::accounts) fn propose(
    call: &mut Call,
    asked: Asked,
    reason: &str,
) -> Result<Option<RequestId>, ServiceError> {
    for (permission, target) in kinds::of_asker(call, &asked)? {
        call.require(&permission, &target)?;
    }
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
    if reason.is_empty() && !matches!(asked, Asked::Account(_) | Asked::Accounts { .. }) {
        return Err(ServiceError::invalid(
            "Hãy ghi lý do của đề nghị để người phê duyệt xem xét.",
            "A request needs a reason, for whoever decides it; give one.",
        ));
    }
    few_enough(call, by)?;
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
    if let Asked::Accounts { count, .. } = &request.asked {
        detail.push(("accounts", count.to_string()));
    }
    call.evidence(&action, subject(&request.asked), detail);
    Ok(Some(id))
}

/// What a request is about, as evidence names it.
pub(super) fn subject(asked: &Asked) -> String {
    match asked {
        Asked::Head { unit, .. } | Asked::Move { unit, .. } => units::subject(*unit),
        Asked::Root { .. } => "house".to_owned(),
        Asked::Grant(grant) => crate::accounts::grants::grantee(grant.to),
        other => shelf::about(other).first().map(|account| people::subject(*account)).unwrap_or_default(),
    }
}

fn few_enough(call: &Call, by: Signature) -> Result<(), ServiceError> {
    let mut open = 0;
    for id in shelf::newest(call, space::REQUEST_BY, by.account, None) {
        let request = shelf::load(call, id?)?;
        // Those before are at least as old.
        if request.at <= call.now() && request.lapses() <= call.now() {
            break;
        }
        open += usize::from(request.state == RequestState::Open);
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

fn tidy(call: &mut Call) -> Result<(), ServiceError> {
    for id in shelf::open_after(call, None, TIDIED)? {
        let request = shelf::load(call, id)?;
        if request.has_lapsed(call.now()) {
            decide::lapse(call, request)?;
        }
    }
    Ok(())
}
