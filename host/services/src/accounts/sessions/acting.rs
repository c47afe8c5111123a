//! On whose behalf a session acts: chosen by its person among those who lend them rights, kept with the session on
//! the server, never in the browser's hands.
//!
//! The choice only says who the actor of the session's calls is; what that actor may, every check asks of the policy,
//! which knows the delegation. So when the delegation ends, the session has no rights left until its person stops:
//! it never goes on as somebody else than its pages say. Forms drawn before a choice are not taken after it, since
//! the key of the session's tokens is another.

use dinh_model::{AccountId, Actor};

use crate::accounts::stored_sessions::{self, StoredSession};
use crate::accounts::{Session, lenders, people};
use crate::{Call, ServiceError};

impl Session {
    /// Who acts in its calls.
    pub fn actor(&self) -> Actor {
        Actor::Person { account: self.account.id, on_behalf_of: self.on_behalf_of }
    }
}

/// From the commit on, the actor's own session acts on behalf of `lender`, who must lend them something in force now;
/// with none, for its person again.
pub fn act_for(call: &mut Call, session: &Session, lender: Option<AccountId>) -> Result<(), ServiceError> {
    let account = session.account.id;
    if call.account() != Some(account) {
        return Err(ServiceError::refused(
            "own-session",
            people::subject(account),
            "Chỉ chính người đang đăng nhập mới chọn được mình làm thay ai.",
            "Only the person who is signed in chooses for whom their session acts.",
        ));
    }
    if let Some(lender) = lender
        && !lenders(call)?.iter().any(|known| known.account == lender)
    {
        return Err(ServiceError::refused(
            "acting-for-a-lender",
            people::subject(lender),
            "Người này hiện không uỷ quyền cho bạn: chỉ làm thay được người đang uỷ quyền.",
            "This person lends you nothing now; one acts only for somebody who does.",
        ));
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
