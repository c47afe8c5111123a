//! A period is submitted by one person, and closed or given back by another; closed, it never changes again.

use dinh_sdk::prelude::*;
use dinh_sdk::{access, accounts, time};

use super::{actor, not_to_come, open, sent};
use crate::account::{self, Totals};
use crate::model::{Period, state};
use crate::month::Month;
use crate::permission;

/// Submits a month of a unit, with its totals as they are.
pub(crate) fn prepare(request: &Request, submission: &Submission) -> Result<Outcome> {
    let (unit, month): (UnitId, Month) = (sent(submission, "unit")?, sent(submission, "month")?);
    open(request, unit, month)?;
    not_to_come(request, month)?;
    let totals = Totals::of(&account::of_unit(unit, Some(month))?, month);
    if totals.members == 0 {
        return Err(Error::form(request.say(
            "Kỳ này chưa tính phải thu cho đảng viên nào; hãy tính ở Sổ thu đảng phí trước.",
            "Nobody has been assessed for this month: do so in the ledger first.",
        )));
    }
    let name = accounts::unit(unit).map_or_else(String::new, |unit| unit.name);
    let (prepared_by, prepared_at) = (actor(request)?, time::now());
    let period = Period {
        unit,
        month,
        state: state::SUBMITTED.to_owned(),
        subject: format!("{} {month}: {name}", request.say("Khoá kỳ đảng phí", "Closing of dues")),
        members: totals.members,
        exempt: totals.exempt,
        due: totals.row.due(),
        collected: totals.row.collected,
        unpaid: totals.row.unpaid(),
        prepared_by,
        prepared_at,
        decided_by: None,
        decided_at: None,
        note: None,
    };
    let id = match Period::find(unit, month)? {
        Some(mut known) => {
            let id = known.id;
            known.record = period;
            known.save()?;
            id
        }
        None => period.insert()?,
    };
    Ok(Outcome::done(Address::new("/periods").segment(id))
        .saying(request.say("Đã trình khoá kỳ", "Submitted")))
}

/// Closes a period that waits for it.
pub(crate) fn close(request: &Request, _: &Submission) -> Result<Outcome> {
    decide(request, state::CLOSED, None)?;
    Ok(Outcome::done(request.path()).saying(request.say("Đã khoá kỳ", "Closed")))
}

/// Gives a period back to whoever submitted it, with the reason.
pub(crate) fn give_back(request: &Request, submission: &Submission) -> Result<Outcome> {
    decide(request, state::RETURNED, Some(submission.get("note")?))?;
    Ok(Outcome::done(request.path()).saying(request.say("Đã trả lại kỳ", "Given back")))
}

fn decide(request: &Request, to: &str, note: Option<String>) -> Result<()> {
    let mut period = Period::get(request.parameter("id")?)?;
    if !access::may(permission::CLOSE, period.unit) {
        return Err(Error::Denied(
            request
                .say("Chỉ người duyệt của đơn vị khoá hoặc trả lại kỳ.", "Only the unit's treasurer may.")
                .to_owned(),
        ));
    }
    if period.state != state::SUBMITTED {
        return Err(Error::form(
            request.say("Kỳ này không chờ khoá.", "This period does not wait to be closed."),
        ));
    }
    let by = actor(request)?;
    if period.prepared_by == by {
        return Err(Error::form(request.say(
            "Người trình không tự khoá kỳ; người thứ hai cần duyệt.",
            "Whoever submitted a period does not close it: it takes a second person.",
        )));
    }
    to.clone_into(&mut period.state);
    period.decided_by = Some(by);
    period.decided_at = Some(time::now());
    period.note = note;
    period.save()
}
