//! Exemptions, reductions, bases of income, rates: each with what it rests on.

use dinh_sdk::prelude::*;

use crate::model::{Base, Exemption, Rate};
use crate::month::Month;
use crate::pages;
use crate::rules::dues::Category;
use crate::rules::rates::key;

/// Records an exemption or a reduction. A reduction ends within the months that the rates allow.
pub(crate) fn exempt(request: &Request, submission: &Submission) -> Result<Outcome> {
    let exemption = Exemption {
        member: request.parameter("id")?,
        unit: submission.get("unit")?,
        percent: submission.get::<String>("percent")?.parse().or_failed("a choice that is no number")?,
        from: submission.get("from")?,
        until: submission.get("until")?,
        reason: submission.get("reason")?,
        decision: submission.get("decision")?,
    };
    let mut problems = Problems::default();
    ends(request, exemption.from, exemption.until, &mut problems);
    if exemption.percent < 100 {
        let most = Rate::load()?.whole(key::REDUCTION_MONTHS, exemption.from.first_day());
        let last =
            most.ok().and_then(|most| i32::try_from(most).ok()).map(|most| exemption.from.plus(most - 1));
        match last {
            Some(last) if exemption.until.is_none_or(|until| until > last) => problems.field(
                "until",
                request.say(
                    &format!("Giảm đảng phí chậm nhất hết tháng {last}; hãy nhập tháng cuối."),
                    &format!("A reduction ends with {last} at the latest: enter its last month."),
                ),
            ),
            Some(_) => {}
            None => problems.field(
                "from",
                format!(
                    "{}.",
                    pages::rates::missing(request, key::REDUCTION_MONTHS, exemption.from.first_day())
                ),
            ),
        }
    }
    problems.check()?;
    exemption.insert()?;
    Ok(Outcome::done(request.path()).saying(request.say("Đã ghi quyết định", "Recorded")))
}

/// Records what a member's dues are based on instead of the salary.
pub(crate) fn base(request: &Request, submission: &Submission) -> Result<Outcome> {
    let zone: Option<String> = submission.get("zone")?;
    let base = Base {
        member: request.parameter("id")?,
        unit: submission.get("unit")?,
        category: submission.get("category")?,
        income: submission.get("income")?,
        zone: zone.map(|zone| zone.parse().or_failed("a choice that is no number")).transpose()?,
        from: submission.get("from")?,
        until: submission.get("until")?,
        source: submission.get("source")?,
    };
    let category = Category::of_key(&base.category).or_failed("a category that is not offered")?;
    let mut problems = Problems::default();
    ends(request, base.from, base.until, &mut problems);
    if category.needs_income() && base.income.is_none() {
        problems.field("income", request.say("Hãy nhập thu nhập tháng.", "Enter the income of a month."));
    }
    if category.needs_zone() && base.zone.is_none() {
        problems.field("zone", request.say("Hãy chọn vùng lương tối thiểu.", "Choose the zone."));
    }
    problems.check()?;
    base.insert()?;
    Ok(Outcome::done(request.path()).saying(request.say("Đã ghi căn cứ thu nhập", "Recorded")))
}

fn ends(request: &Request, from: Month, until: Option<Month>, problems: &mut Problems) {
    if until.is_some_and(|until| until < from) {
        problems.field(
            "until",
            request.say("Tháng cuối trước tháng đầu.", "The last month is before the first."),
        );
    }
}

/// Records a rate from a day on.
pub(crate) fn rate(request: &Request, submission: &Submission) -> Result<Outcome> {
    submission.record::<Rate>()?.insert()?;
    Ok(Outcome::done("/rates").saying(request.say("Đã ghi mức đóng", "Rate recorded")))
}
