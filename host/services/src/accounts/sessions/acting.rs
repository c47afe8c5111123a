//! On whose behalf a session acts: chosen by its person among those who lend them rights, kept with the session on
//! the server, never in the browser's hands.
//!
//! The choice only says who the actor of the session's calls is; what that actor may, every check asks of the policy,
//! which knows the delegation. So when the delegation ends, the session has no rights left until its person stops:
//! it never goes on as somebody else than its pages say. Forms drawn before a choice are not taken after it, since
//! the key of the session's tokens is another.

use dinh_model::{AccountId, Actor, RoleId};

use crate::accounts::stored_sessions::{self, StoredSession};
use crate::accounts::{Session, grants, lenders, people, second_factor};
use crate::{Call, ServiceError};

impl Session {
    /// Who acts in its calls.
    pub fn actor(&self) -> Actor {
        Actor::Person { account: self.account.id, on_behalf_of: self.on_behalf_of }
    }
}

/// From the commit on, the actor's own session acts on behalf of `lender`, who must lend them something in force now;
/// with none, for its person again. Refused until they have a second factor when something of what is lent needs one:
/// `roles` are those that do.
pub fn act_for(
    call: &mut Call,
    session: &Session,
    lender: Option<AccountId>,
    roles: &[RoleId],
) -> Result<(), ServiceError> {
    let account = session.account.id;
    if call.account() != Some(account) {
        return Err(ServiceError::refused(
            "own-session",
            people::subject(account),
            "Chỉ chính người đang đăng nhập mới chọn được mình làm thay ai.",
            "Only the person who is signed in chooses for whom their session acts.",
        ));
    }
    if let Some(lender) = lender {
        may_act(call, account, lender, roles)?;
    }
    let key = stored_sessions::key(&session.hash);
    let Some(mut stored) = call.load::<StoredSession>(&key)? else {
        return Err(ServiceError::invalid(
            "Phiên làm việc đã kết thúc. Vui lòng đăng nhập lại.",
            "The session is over; sign in again.",
        ));
    };
    if stored.on_behalf_of == lender {
        return Ok(());
    }
    let before = std::mem::replace(&mut stored.on_behalf_of, lender);
    call.save(key, &stored)?;
    call.people_changed();
    let (action, of) = match lender {
        Some(_) => ("session.acting", lender),
        None => ("session.acting-ended", before),
    };
    let mut detail = vec![("session", stored_sessions::subject(stored.id))];
    detail.extend(of.map(|lender| ("lender", lender.to_string())));
    call.evidence(action, people::subject(account), detail);
    Ok(())
}

/// Goes on only if the lender lends something now, and what that needs is there.
fn may_act(call: &Call, account: AccountId, lender: AccountId, roles: &[RoleId]) -> Result<(), ServiceError> {
    let Some(lent) = lenders(call)?.into_iter().find(|known| known.account == lender) else {
        return Err(ServiceError::refused(
            "acting-for-a-lender",
            people::subject(lender),
            "Người này hiện không uỷ quyền cho bạn: chỉ làm thay được người đang uỷ quyền.",
            "This person lends you nothing now; one acts only for somebody who does.",
        ));
    };
    if second_factor::load(call, account)?.is_some() {
        return Ok(());
    }
    for id in lent.grants {
        if roles.contains(&grants::get_grant(call, id)?.role) {
            return Err(ServiceError::refused(
                "second-factor-first",
                people::subject(account),
                "Quyền được uỷ cần xác thực hai lớp: hãy bật xác thực hai lớp cho tài khoản của bạn, rồi làm thay.",
                "What is lent needs a second factor; enrol one for your own account, then act.",
            ));
        }
    }
    Ok(())
}
