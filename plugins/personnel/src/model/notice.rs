//! What an officer is told of their own record: a decision that was signed, a request for correction that was answered.
//! It waits in their inbox until they have seen it.

use dinh_sdk::prelude::*;
use dinh_sdk::time;

use super::correction::state as asked;
use super::decision::Kind;
use super::{Correction, Decision};

/// Whether it was seen.
pub(crate) mod state {
    /// It waits in the inbox.
    pub(crate) const UNREAD: &str = "unread";
    /// The officer has seen it.
    pub(crate) const READ: &str = "read";
}

/// A notice (thông báo) to an officer.
#[derive(Clone, Debug, PartialEq, Record)]
#[record(collection = "notices")]
pub(crate) struct OfficerNotice {
    /// The unit of the officer when it was written.
    pub(crate) unit: UnitId,
    pub(crate) account: AccountId,
    pub(crate) state: String,
    pub(crate) subject: String,
    pub(crate) text: Option<String>,
    pub(crate) told_at: Timestamp,
    pub(crate) read_at: Option<Timestamp>,
}

impl OfficerNotice {
    /// Tells the officer whom a decision is about that it was signed; nobody, where they have no account.
    pub(crate) fn of_decision(decision: &Decision, kind: Kind) -> Result<()> {
        tell(decision.unit, decision.account, signed(kind, decision.effective_on), decision.content.clone())
    }

    /// Tells the officer who asked for a correction how it ended; nothing while it has not.
    pub(crate) fn of_correction(correction: &Correction) -> Result<()> {
        let Some(subject) = answered(&correction.state, &correction.subject) else { return Ok(()) };
        let note = correction.decision_note.clone().or_else(|| correction.check_note.clone());
        tell(correction.unit, correction.account, subject, note)
    }
}

fn tell(unit: UnitId, account: Option<AccountId>, subject: String, text: Option<String>) -> Result<()> {
    let Some(account) = account else { return Ok(()) };
    let state = state::UNREAD.to_owned();
    let told_at = time::now();
    OfficerNotice { unit, account, state, subject, text, told_at, read_at: None }.insert().map(drop)
}

/// How a signed decision is told.
fn signed(kind: Kind, effective_on: Date) -> String {
    format!(
        "Quyết định đã ký: {}, hiệu lực từ {}",
        kind.name(Language::Vi),
        effective_on.strftime("%d/%m/%Y")
    )
}

/// How the end of a request is told; none while it has not ended. `subject` is that of the request: who, and which field.
fn answered(state: &str, subject: &str) -> Option<String> {
    let field = subject.rsplit_once(": ").map_or(subject, |(_, field)| field);
    match state {
        asked::APPROVED => Some(format!("Đã đính chính hồ sơ: {field}")),
        asked::REFUSED => Some(format!("Không chấp nhận đề nghị đính chính: {field}")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dinh_sdk::jiff::civil::date;

    #[test]
    fn an_officer_is_told_what_was_signed_and_from_when() {
        assert_eq!(
            signed(Kind::Reward, date(2026, 3, 2)),
            format!("Quyết định đã ký: {}, hiệu lực từ 02/03/2026", Kind::Reward.name(Language::Vi))
        );
    }

    #[test]
    fn a_request_is_answered_when_it_has_ended_and_not_before() {
        let subject = "Nguyễn Thị Lan: Nơi ở hiện nay";
        assert_eq!(
            answered(asked::APPROVED, subject).as_deref(),
            Some("Đã đính chính hồ sơ: Nơi ở hiện nay")
        );
        assert_eq!(
            answered(asked::REFUSED, subject).as_deref(),
            Some("Không chấp nhận đề nghị đính chính: Nơi ở hiện nay")
        );
        assert_eq!((answered(asked::REQUESTED, subject), answered(asked::CHECKED, subject)), (None, None));
    }
}
