//! Dự toán: the estimate of a year by item, and supplements; prepared by one person, approved by another, then never
//! changed.

use std::collections::BTreeMap;

use dinh_sdk::prelude::*;
use dinh_sdk::time;

use super::{actor, require, second, sent, year_open};
use crate::model::spending::{Estimate, EstimateLine, Item, budget};
use crate::model::state;
use crate::pages::unit_name;
use crate::permission;

/// Begins the estimate of a year, or the next supplement.
pub(crate) fn begin(request: &Request, submission: &Submission) -> Result<Outcome> {
    let (unit, year): (UnitId, i64) = (sent(submission, "unit")?, sent(submission, "year")?);
    require(permission::ESTIMATE, unit)?;
    year_open(request, unit, year)?;
    let known = Estimate::all().filter(Estimate::UNIT.is(unit)).filter(Estimate::YEAR.is(year)).list()?;
    if let Some(open) = known.iter().find(|one| one.state != state::CLOSED) {
        // One at a time: what is being prepared is gone on with.
        return Ok(Outcome::done(Address::new("/estimates").segment(open.id)));
    }
    // One click on a year far off would leave a draft that nobody looks for.
    let this = i64::from(time::today().year());
    if !(this - 1..=this + 1).contains(&year) {
        return Err(Error::form(request.say(
            &format!("Chỉ lập dự toán cho các năm {} đến {}; hãy chọn lại năm ở bộ lọc.", this - 1, this + 1),
            &format!("Estimates are prepared for {} to {}: choose another year above.", this - 1, this + 1),
        )));
    }
    let ordinal = i64::try_from(known.len()).unwrap_or(i64::MAX).saturating_add(1);
    let head = if ordinal == 1 {
        request.say("Dự toán năm", "Estimate of").to_owned()
    } else {
        format!(
            "{} {} {}",
            request.say("Dự toán bổ sung lần", "Supplement"),
            ordinal - 1,
            request.say("năm", "of")
        )
    };
    let estimate = Estimate {
        unit,
        year,
        ordinal,
        state: state::DRAFT.to_owned(),
        subject: format!("{head} {year}: {}", unit_name(unit)),
        total: 0,
        reason: None,
        prepared_by: actor(request)?,
        prepared_at: time::now(),
        decided_by: None,
        decided_at: None,
        note: None,
    };
    let id = estimate.insert()?;
    Ok(Outcome::done(Address::new("/estimates").segment(id)))
}

fn editable(request: &Request) -> Result<Stored<Estimate>> {
    let estimate = Estimate::get(request.parameter("id")?)?;
    require(permission::ESTIMATE, estimate.unit)?;
    year_open(request, estimate.unit, estimate.year)?;
    if matches!(estimate.state.as_str(), state::DRAFT | state::RETURNED) {
        return Ok(estimate);
    }
    Err(Error::form(request.say(
        "Dự toán đã trình hoặc đã duyệt thì không sửa; lập dự toán bổ sung.",
        "What was submitted or approved is not changed: prepare a supplement.",
    )))
}

/// Writes what was filled in.
pub(crate) fn fill(request: &Request, submission: &Submission) -> Result<Outcome> {
    let mut estimate = editable(request)?;
    let stored = EstimateLine::all().filter(EstimateLine::ESTIMATE.is(estimate.id)).list()?;
    let mut lines: BTreeMap<String, Stored<EstimateLine>> =
        stored.into_iter().map(|line| (line.item.clone(), line)).collect();
    let items = Item::of_year(estimate.year)?;
    let mut total: i64 = lines.values().map(|line| line.amount).sum();
    let mut added = Vec::new();
    for cell in submission.cells() {
        let item = cell.row_key.clone();
        if !items.iter().any(|known| known.key == item) {
            return Err(Error::NotFound(item));
        }
        let amount: Option<i64> = FieldType::from_value(cell.value.clone())?;
        let amount = amount.unwrap_or_default();
        match lines.remove(&item) {
            Some(mut line) => {
                total = total.saturating_add(amount).saturating_sub(line.amount);
                line.amount = amount;
                line.save()?;
            }
            None => {
                total = total.saturating_add(amount);
                let (unit, year) = (estimate.unit, estimate.year);
                added.push(EstimateLine { unit, estimate: estimate.id, year, item, amount });
            }
        }
    }
    EstimateLine::insert_many(added)?;
    estimate.total = total;
    estimate.save()?;
    Ok(Outcome::done(request.path()).saying(request.say("Đã ghi", "Saved")))
}

/// Submits it.
pub(crate) fn submit(request: &Request, submission: &Submission) -> Result<Outcome> {
    let mut estimate = editable(request)?;
    let lines = EstimateLine::all().filter(EstimateLine::ESTIMATE.is(estimate.id)).list()?;
    if lines.iter().all(|line| line.amount == 0) {
        return Err(Error::form(request.say("Chưa ghi số tiền nào.", "No amount is entered.")));
    }
    let given = budget(estimate.unit, estimate.year)?;
    let short = lines.iter().find(|line| {
        let free = given.get(&line.item).map_or(0, crate::rules::budget::Line::free);
        free.saturating_add(line.amount) < 0
    });
    if let Some(line) = short {
        let items = Item::of_year(estimate.year)?;
        let title = Item::title(&items, &line.item);
        let vi = format!("Mục “{title}” giảm quá số chưa chi; hãy nhập lại.");
        return Err(Error::form(
            request.say(&vi, &format!("“{title}” is cut by more than what is not spent.")).to_owned(),
        ));
    }
    estimate.reason = submission.get("reason")?;
    estimate.state = state::SUBMITTED.to_owned();
    estimate.prepared_by = actor(request)?;
    estimate.prepared_at = time::now();
    estimate.note = None;
    estimate.save()?;
    Ok(Outcome::done(request.path()).saying(request.say("Đã trình dự toán", "Submitted")))
}

/// Approves it.
pub(crate) fn approve(request: &Request, _: &Submission) -> Result<Outcome> {
    decide(request, state::CLOSED, None)?;
    Ok(Outcome::done(request.path()).saying(request.say("Đã duyệt dự toán", "Approved")))
}

/// Gives it back, with the reason.
pub(crate) fn give_back(request: &Request, submission: &Submission) -> Result<Outcome> {
    decide(request, state::RETURNED, Some(submission.get("note")?))?;
    Ok(Outcome::done(request.path()).saying(request.say("Đã trả lại dự toán", "Given back")))
}

fn decide(request: &Request, to: &str, note: Option<String>) -> Result<()> {
    let mut estimate = Estimate::get(request.parameter("id")?)?;
    let by = second(request, permission::ESTIMATE_APPROVE, estimate.unit, estimate.prepared_by)?;
    if estimate.state != state::SUBMITTED {
        return Err(Error::form(
            request.say("Dự toán này không chờ duyệt.", "This estimate does not wait to be approved."),
        ));
    }
    year_open(request, estimate.unit, estimate.year)?;
    to.clone_into(&mut estimate.state);
    estimate.decided_by = Some(by);
    estimate.decided_at = Some(time::now());
    estimate.note = note;
    estimate.save()
}
