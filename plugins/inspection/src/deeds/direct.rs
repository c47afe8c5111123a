//! What whoever directs decides: extension (gia hạn), suspension (tạm đình chỉ) and its end, the conclusion; each with a
//! reason that stays.

use dinh_sdk::prelude::*;
use dinh_sdk::time;

use super::discipline::contradiction;
use super::{current, dossier, is_holiday, is_open, not_to_come, note, require, shown_at};
use crate::model::Catalog;
use crate::model::catalog::key;
use crate::model::dossier::event;
use crate::permission;
use crate::rules::days::{Period, after, resumed};
use crate::rules::procedure::state;

/// Gives the current step more days.
pub(crate) fn extend(request: &Request, submission: &Submission) -> Result<Outcome> {
    let mut dossier = dossier(request)?;
    require(permission::DIRECT, &dossier)?;
    is_open(request, &dossier)?;
    let (days, reason): (i64, String) = (submission.get("days")?, submission.get("reason")?);
    let step = current(dossier.id)?.filter(|step| step.due.is_some());
    let (Some(mut step), Some(due)) = (step, dossier.due) else {
        return Err(Error::form(request.say("Bước này không có thời hạn.", "This step has no deadline.")));
    };
    let later = after(due, Period { days, working: step.working }, &is_holiday);
    note(request, &dossier, event::EXTENDED, Some(reason), (Some(due), Some(later)))?;
    (dossier.due, step.due) = (Some(later), Some(later));
    step.save()?;
    let id = dossier.id;
    dossier.save()?;
    Ok(Outcome::done(shown_at(id)).saying(request.say("Đã gia hạn", "Extended")))
}

/// Stops the clocks of a dossier.
pub(crate) fn suspend(request: &Request, submission: &Submission) -> Result<Outcome> {
    let mut dossier = dossier(request)?;
    require(permission::DIRECT, &dossier)?;
    is_open(request, &dossier)?;
    let reason: String = submission.get("reason")?;
    dossier.state = state::SUSPENDED.to_owned();
    dossier.suspended_on = Some(time::today());
    note(request, &dossier, event::SUSPENDED, Some(reason), (dossier.suspended_on, None))?;
    let id = dossier.id;
    dossier.save()?;
    Ok(Outcome::done(shown_at(id)).saying(request.say("Đã tạm đình chỉ", "Suspended")))
}

/// Lets the clocks of a dossier run again: as many days are left as were.
pub(crate) fn resume(request: &Request, submission: &Submission) -> Result<Outcome> {
    let mut dossier = dossier(request)?;
    require(permission::DIRECT, &dossier)?;
    let reason: String = submission.get("reason")?;
    let Some(since) = dossier.suspended_on.filter(|_| dossier.state == state::SUSPENDED) else {
        return Err(Error::form(request.say("Hồ sơ không tạm đình chỉ.", "The dossier is not suspended.")));
    };
    let today = time::today();
    if let Some(mut step) = current(dossier.id)? {
        step.due = step.due.map(|due| resumed(due, since, today, step.working, &is_holiday));
        dossier.due = step.due;
        step.save()?;
    }
    let working = Catalog::on(today)?.period(key::ANSWER).is_none_or(|period| period.working);
    dossier.answer_due = dossier.answer_due.map(|due| resumed(due, since, today, working, &is_holiday));
    dossier.state = state::OPEN.to_owned();
    dossier.suspended_on = None;
    note(request, &dossier, event::RESUMED, Some(reason), (Some(since), Some(today)))?;
    let id = dossier.id;
    dossier.save()?;
    Ok(Outcome::done(shown_at(id)).saying(request.say("Đã cho tiếp tục", "Resumed")))
}

/// Records the conclusion.
pub(crate) fn conclude(request: &Request, submission: &Submission) -> Result<Outcome> {
    let mut dossier = dossier(request)?;
    require(permission::DIRECT, &dossier)?;
    is_open(request, &dossier)?;
    let day: Date = submission.get("concluded-on")?;
    let mut problems = Problems::default();
    not_to_come(request, "concluded-on", day, &mut problems);
    if day < dossier.opened_on {
        problems.field(
            "concluded-on",
            request.say("Ngày kết luận trước ngày lập hồ sơ.", "Before the dossier was opened."),
        );
    }
    let conclusion: String = submission.get("conclusion")?;
    if let Some(why) = contradiction(request, &dossier, &conclusion)? {
        problems.field("conclusion", why);
    }
    problems.check()?;
    dossier.conclusion = Some(conclusion);
    dossier.findings = submission.get("findings")?;
    dossier.concluded_on = Some(day);
    note(request, &dossier, event::CONCLUDED, None, (Some(day), None))?;
    let id = dossier.id;
    dossier.save()?;
    Ok(Outcome::done(shown_at(id)).saying(request.say("Đã ghi kết luận", "Conclusion recorded")))
}
