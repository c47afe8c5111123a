//! Who takes part in a case. Nobody who is related to its subject does: personnel's family table is asked, and answers
//! yes or no.

use dinh_sdk::prelude::*;
use dinh_sdk::time;

use super::{actor, dossier, is_open, require};
use crate::model::dossier::role;
use crate::model::shared::{self, MemberFacts};
use crate::model::{Dossier, Member};
use crate::permission;

fn back(dossier: &Stored<Dossier>) -> Address {
    super::shown_at(dossier.id).segment("team")
}

/// Adds somebody. What personnel says is read by now, so only what was submitted is written as text.
pub(crate) fn join(request: &Request, submission: &Submission) -> Result<Outcome> {
    let mut dossier = dossier(request)?;
    require(permission::DIRECT, &dossier)?;
    is_open(request, &dossier)?;
    let (member, role): (RecordId, String) = (submission.field(Member::MEMBER)?, submission.get("role")?);
    let refused = |vi, en| Err(Error::field(Member::MEMBER.name(), request.say(vi, en)));
    if Member::of(dossier.id)?.iter().any(|known| known.member == member && known.left_on.is_none()) {
        return refused("Người này đang ở trong tổ.", "They take part already.");
    }
    if dossier.member == Some(member) {
        return refused(
            "Đối tượng của hồ sơ không tham gia tổ.",
            "Nobody takes part in the case that is about them.",
        );
    }
    let facts = MemberFacts::resolve(&[member])?.into_iter().next().flatten();
    if let Some(subject) = dossier.member {
        match shared::related(member, subject)? {
            Some(false) => {}
            Some(true) => {
                return refused(
                    "Người này có quan hệ gia đình với đối tượng theo hồ sơ cán bộ, phải từ chối tham gia.",
                    "By the personnel records they are related to the subject, and have to be recused.",
                );
            }
            None => {
                return refused(
                    "Chưa tra cứu được quan hệ gia đình của người này với đối tượng; kiểm tra phạm vi quyền và thoả thuận chia sẻ.",
                    "Whether they are related cannot be looked up: see your rights and the contract.",
                );
            }
        }
    }
    let account = facts.and_then(|facts| facts.account);
    if role == role::LEAD {
        records_lead(&mut dossier, account)?;
    }
    let place = back(&dossier);
    Member {
        unit: dossier.unit,
        dossier: dossier.id,
        member,
        account,
        role,
        added_on: time::today(),
        left_on: None,
        recused: false,
        reason: None,
        added_by: actor(request)?,
    }
    .insert()?;
    Ok(Outcome::done(place).saying(request.say("Đã thêm thành viên", "Added")))
}

/// Asks whether a member is related to the subject: the answer is on the page that follows.
pub(crate) fn ask(request: &Request, submission: &Submission) -> Result<Outcome> {
    let asked: RecordId = submission.field(Member::MEMBER)?;
    Ok(Outcome::done(back(&dossier(request)?).with("asked", asked.to_string())))
}

/// The dossier waits for whoever leads its team.
fn records_lead(dossier: &mut Stored<Dossier>, lead: Option<AccountId>) -> Result<()> {
    dinh_sdk::records::update(dossier.id, Some(dossier.version), [Dossier::LEAD.set(lead)])
}

/// Takes somebody out, with the reason; recused (từ chối tham gia) or not.
pub(crate) fn leave(request: &Request, submission: &Submission) -> Result<Outcome> {
    let dossier = dossier(request)?;
    require(permission::DIRECT, &dossier)?;
    let row: String = submission.get("member")?;
    let mut member = Member::get(row.parse().or_not_found(row.clone())?)?;
    if member.dossier != dossier.id || member.left_on.is_some() {
        return Err(Error::field(
            "member",
            request.say("Người này không ở trong tổ.", "They do not take part."),
        ));
    }
    member.left_on = Some(time::today());
    member.recused = submission.get("recused")?;
    member.reason = Some(submission.get("reason")?);
    member.save()?;
    Ok(Outcome::done(back(&dossier)).saying(request.say("Đã ghi thôi tham gia", "Recorded")))
}
