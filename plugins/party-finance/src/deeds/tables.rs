//! What the department decides for all units: organisations, shares retained, items of expenses. Each is a new dated row.

use dinh_sdk::prelude::*;

use crate::model::division::{Organisation, Retention};
use crate::model::spending::Item;

/// Records what an organisation is from a day on.
pub(crate) fn organisation(request: &Request, submission: &Submission) -> Result<Outcome> {
    let placed: Organisation = submission.record()?;
    let all = Organisation::load()?;
    if placed.upper.is_some_and(|upper| all.circles(placed.organisation, upper, placed.from)) {
        return Err(Error::field(
            "upper",
            request.say(
                "Tổ chức sẽ nộp cho chính mình, trực tiếp hoặc qua cấp dưới của mình; chọn cấp trên khác.",
                "It would remit to itself, directly or through others: choose another one.",
            ),
        ));
    }
    placed.insert()?;
    Ok(Outcome::done("/organisations").saying(request.say("Đã ghi tổ chức", "Recorded")))
}

/// Records a share from a day on.
pub(crate) fn retention(request: &Request, submission: &Submission) -> Result<Outcome> {
    submission.record::<Retention>()?.insert()?;
    Ok(Outcome::done("/organisations").saying(request.say("Đã ghi tỷ lệ", "Recorded")))
}

/// Records an item.
pub(crate) fn item(request: &Request, submission: &Submission) -> Result<Outcome> {
    let item: Item = submission.record()?;
    if item.until.is_some_and(|until| until <= item.from) {
        return Err(Error::field(
            "until",
            request.say("Ngày hết hiệu lực không sau ngày áp dụng.", "It ends before it begins."),
        ));
    }
    item.insert()?;
    Ok(Outcome::done("/items").saying(request.say("Đã ghi mục chi", "Recorded")))
}
