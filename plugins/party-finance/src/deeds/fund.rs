//! The balance that a fund begins with: recorded once, before anything else.

use dinh_sdk::prelude::*;
use dinh_sdk::time;

use super::{actor, require, sent, year_open};
use crate::model::spending::{FundEntry, entry};
use crate::permission;

/// Records it.
pub(crate) fn open(request: &Request, submission: &Submission) -> Result<Outcome> {
    let unit: UnitId = sent(submission, "unit")?;
    require(permission::CLOSE, unit)?;
    let (day, amount): (Date, i64) = (submission.get("day")?, submission.get("amount")?);
    if day > time::today() {
        return Err(Error::field(
            "day",
            request.say(
                "Ngày này chưa đến; hãy ghi hôm nay hoặc ngày trước đó.",
                "This day is yet to come: today at the latest.",
            ),
        ));
    }
    year_open(request, unit, i64::from(day.year()))?;
    if FundEntry::all().filter(FundEntry::UNIT.is(unit)).first()?.is_some() {
        return Err(Error::form(request.say(
            "Sổ quỹ đã có bút toán; số dư ban đầu chỉ ghi một lần, trước các bút toán khác.",
            "The fund has entries: the balance it begins with is recorded once, before them.",
        )));
    }
    FundEntry {
        unit,
        day,
        kind: entry::OPENING.to_owned(),
        amount,
        period: None,
        voucher: None,
        reason: Some(submission.get("reason")?),
        recorded_at: time::now(),
        recorded_by: actor(request)?,
    }
    .insert()?;
    Ok(Outcome::done(Address::new("/fund").with("unit", unit))
        .saying(request.say("Đã ghi số dư", "Recorded")))
}
