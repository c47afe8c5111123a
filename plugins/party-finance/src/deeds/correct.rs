//! A mistake is undone by an entry of the opposite amount, beside one of the right amount; the wrong one stays.

use std::collections::BTreeSet;

use dinh_sdk::prelude::*;
use dinh_sdk::time;

use super::{actor, open, status};
use crate::model::{Entry, kind};
use crate::month::Month;
use crate::roll::key;

/// Corrects one entry, in the period that the form names.
pub(crate) fn submit(request: &Request, submission: &Submission) -> Result<Outcome> {
    let wrong: String = submission.get("entry")?;
    let wrong = Entry::get(wrong.parse().or_not_found(wrong.clone())?)?;
    let (right, period): (i64, Month) = (submission.get("amount")?, submission.get("period")?);
    let reason: String = submission.get("reason")?;
    let mut problems = Problems::default();
    if wrong.corrects.is_some() && wrong.amount < 0 {
        problems.field(
            "entry",
            request.say(
                "Đây là bút toán đảo; hãy chọn bút toán gốc.",
                "This is a counter-entry: choose the entry itself.",
            ),
        );
    }
    if Entry::all().filter(Entry::CORRECTS.is(wrong.id)).first()?.is_some() {
        problems.field(
            "entry",
            request.say(
                "Bút toán này đã được đính chính; hãy chọn bút toán thay thế.",
                "This entry was corrected before: choose the one in its place.",
            ),
        );
    }
    if right == wrong.amount {
        problems.field("amount", request.say("Số tiền đúng bằng số đã ghi.", "This is the amount as it is."));
    }
    // What stands in a month that is yet to come is taken back to this one.
    if period < wrong.period.min(Month::of(time::today())) {
        problems.field(
            "period",
            request.say("Kỳ đính chính không trước kỳ đã ghi.", "Not before the period of the entry."),
        );
    }
    problems.check()?;
    open(request, wrong.unit, period)?;
    let (by, at) = (actor(request)?, time::now());
    let entry = |amount: i64| Entry {
        amount,
        period,
        month: if wrong.kind == kind::COLLECTED { period } else { wrong.month },
        corrects: Some(wrong.id),
        reason: Some(reason.clone()),
        recorded_at: at,
        recorded_by: by,
        ..wrong.record.clone()
    };
    let undone = wrong.amount.checked_neg().or_failed("an amount out of range")?;
    Entry::insert_many([entry(undone), entry(right)])?;
    status::refresh(wrong.unit, &BTreeSet::from([key(wrong.member)]))?;
    Ok(Outcome::done(Address::new("/members").segment(wrong.member))
        .saying(request.say("Đã đính chính bằng bút toán đảo", "Corrected by a counter-entry")))
}
