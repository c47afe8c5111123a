//! What the members of a unit owe for a month: once for each member and month.

use std::collections::BTreeSet;

use dinh_sdk::prelude::*;
use dinh_sdk::time;

use super::{actor, not_to_come, open, sent, status};
use crate::account;
use crate::model::{Entry, Rate, kind};
use crate::month::Month;
use crate::roll::{self, Decided, key};
use crate::rules::dues::{self, Unknown};

/// Assesses everybody who has not been yet. Who cannot be, for want of a basis, is left out and named by the ledger.
pub(crate) fn submit(request: &Request, submission: &Submission) -> Result<Outcome> {
    let (unit, month): (UnitId, Month) = (sent(submission, "unit")?, sent(submission, "month")?);
    open(request, unit, month)?;
    not_to_come(request, month)?;
    roll::suffices(request)?;
    let (by, at) = (actor(request)?, time::now());
    let rates = Rate::load()?;
    let decided = Decided::of_unit(unit)?;
    let done: BTreeSet<_> = account::of_unit(unit, None)?
        .iter()
        .filter(|account| account.assessed(month, month).is_some())
        .map(|account| key(account.member))
        .collect();
    let (mut entries, mut unknown) = (Vec::new(), 0_usize);
    for member in roll::members(unit, month)? {
        if done.contains(&key(member.id)) {
            continue;
        }
        let Some(facts) = decided.facts(&member, month) else { continue };
        let assessed = match dues::assess(month, &facts, &rates) {
            Ok(assessed) => assessed,
            Err(Unknown::Rate(missing)) => return Err(missing_rate(request, &missing)),
            Err(Unknown::Basis | Unknown::OutOfRange) => {
                unknown += 1;
                continue;
            }
        };
        entries.push(Entry {
            member: member.id,
            unit,
            kind: kind::ASSESSED.to_owned(),
            month,
            period: month,
            amount: assessed.amount,
            income: assessed.income,
            exempt: Some(assessed.exempt),
            corrects: None,
            reason: None,
            recorded_at: at,
            recorded_by: by,
        });
    }
    let count = entries.len();
    if count == 0 {
        return Err(Error::form(request.say(
            "Không có đảng viên nào cần tính thêm cho tháng này.",
            "Nobody is left to be assessed for this month.",
        )));
    }
    let members = entries.iter().map(|entry| key(entry.member)).collect();
    Entry::insert_many(entries)?;
    status::refresh(unit, &members)?;
    let text = request
        .say(
            &format!("{count} đảng viên; {unknown} người chưa có căn cứ thu nhập."),
            &format!("{count} members; {unknown} without a basis of income."),
        )
        .to_owned();
    let back = Address::new("/").with("unit", unit).with("month", month);
    Ok(Outcome::done(back).saying(request.say("Đã tính phải thu", "Assessed")).saying_more(text))
}

/// A rate that nobody has recorded.
fn missing_rate(request: &Request, missing: &crate::rules::rates::Missing) -> Error {
    let (key, day) = (&missing.key, missing.day.strftime("%d/%m/%Y"));
    Error::form(request.say(
        &format!(
            "Chưa có mức “{key}” áp dụng cho ngày {day}; người quản trị mức đóng cần ghi ở trang Mức đóng; nếu đã có, bạn cần vai trò “Cán bộ dùng mức đóng chung”."
        ),
        &format!("There is no rate “{key}” for {day}; the steward of rates has to record it; if there is one, you need the role “Staff (common rates)”."),
    ))
}
