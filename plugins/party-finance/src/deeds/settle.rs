//! Quyết toán: a year of the fund, submitted by one person once everything in it is done, and settled by another; then
//! nothing of the year changes.

use dinh_sdk::prelude::*;
use dinh_sdk::time;

use super::{actor, require, second, sent};
use crate::book::{self, Tables};
use crate::model::spending::{Estimate, FundEntry, Settlement, Voucher, budget, first_day, last_day};
use crate::model::{Period, state};
use crate::month::Month;
use crate::pages::unit_name;
use crate::permission;
use crate::rules::{budget as rules, fund};

/// What a year of the fund comes to.
pub(crate) struct Year {
    pub(crate) opening: i64,
    pub(crate) added: i64,
    pub(crate) spent: i64,
    pub(crate) closing: i64,
    pub(crate) estimate: i64,
}

impl Year {
    /// Of a unit.
    pub(crate) fn of(unit: UnitId, year: i64) -> Result<Self> {
        let movements = FundEntry::movements(&FundEntry::of_unit(unit)?);
        let before = first_day(year).yesterday().unwrap_or(Date::MIN);
        let total = rules::total(budget(unit, year)?.values());
        let (opening, closing) =
            (fund::balance(&movements, before), fund::balance(&movements, last_day(year)));
        // What was spent is told apart from what came in; both are what the balance moved by.
        let added = closing.saturating_sub(opening).saturating_add(total.spent);
        Ok(Self { opening, added, spent: total.spent, closing, estimate: total.estimate })
    }
}

/// Submits a year.
pub(crate) fn submit(request: &Request, submission: &Submission) -> Result<Outcome> {
    let (unit, year): (UnitId, i64) = (sent(submission, "unit")?, sent(submission, "year")?);
    require(permission::SETTLE, unit)?;
    ready(request, unit, year)?;
    let Year { opening, added, spent, closing, estimate } = Year::of(unit, year)?;
    let settlement = Settlement {
        unit,
        year,
        state: state::SUBMITTED.to_owned(),
        subject: format!("{} {year}: {}", request.say("Quyết toán năm", "Settlement of"), unit_name(unit)),
        opening,
        added,
        spent,
        closing,
        estimate,
        prepared_by: actor(request)?,
        prepared_at: time::now(),
        decided_by: None,
        decided_at: None,
        note: None,
    };
    let id = match Settlement::find(unit, year)? {
        Some(mut known) => {
            let id = known.id;
            known.record = settlement;
            known.save()?;
            id
        }
        None => settlement.insert()?,
    };
    Ok(Outcome::done(Address::new("/settlements").segment(id))
        .saying(request.say("Đã trình quyết toán", "Submitted")))
}

/// Refuses a year in which something is left to do; all of it is named.
fn ready(request: &Request, unit: UnitId, year: i64) -> Result<()> {
    let mut problems = Problems::default();
    super::year_open(request, unit, year)?;
    let today = time::today();
    let month = Month::of(last_day(year));
    if month > Month::of(today) {
        problems.form(request.say("Năm này chưa kết thúc.", "The year is not over."));
    }
    let before =
        Settlement::all().filter(Settlement::UNIT.is(unit)).filter(Settlement::YEAR.below(year)).list()?;
    if before.iter().any(|one| one.state != state::CLOSED) {
        problems.form(request.say("Năm trước chưa quyết toán xong.", "The year before is not settled."));
    }
    let waiting = Voucher::of_year(unit, year)?;
    let waiting = waiting.iter().filter(|voucher| voucher.stage().is_some_and(|stage| stage.is_committed()));
    let waiting = waiting.count();
    if waiting > 0 {
        problems.form(request.say(
            &format!("{waiting} phiếu chi chưa chi xong; hãy chi hoặc huỷ."),
            &format!("{waiting} vouchers are neither paid nor cancelled."),
        ));
    }
    let estimates = Estimate::all().filter(Estimate::UNIT.is(unit)).filter(Estimate::YEAR.is(year)).list()?;
    if estimates.iter().any(|one| one.state == state::SUBMITTED) {
        problems.form(request.say("Có dự toán chờ duyệt.", "An estimate waits to be approved."));
    }
    let book = book::of_unit(request, unit, month, &Tables::load()?)?;
    for open in book.lines.keys() {
        let period = Period::find(unit, *open)?;
        if period.is_none_or(|period| period.state != state::CLOSED) {
            problems.form(request.say(
                &format!("Kỳ đảng phí {open} chưa khoá."),
                &format!("The period {open} of dues is not closed."),
            ));
        }
    }
    problems.check()
}

/// Settles it.
pub(crate) fn close(request: &Request, _: &Submission) -> Result<Outcome> {
    decide(request, state::CLOSED, None)?;
    Ok(Outcome::done(request.path()).saying(request.say("Đã duyệt quyết toán", "Settled")))
}

/// Gives it back, with the reason.
pub(crate) fn give_back(request: &Request, submission: &Submission) -> Result<Outcome> {
    decide(request, state::RETURNED, Some(submission.get("note")?))?;
    Ok(Outcome::done(request.path()).saying(request.say("Đã trả lại quyết toán", "Given back")))
}

fn decide(request: &Request, to: &str, note: Option<String>) -> Result<()> {
    let mut settlement = Settlement::get(request.parameter("id")?)?;
    let by = second(request, permission::SETTLE_CLOSE, settlement.unit, settlement.prepared_by)?;
    if settlement.state != state::SUBMITTED {
        return Err(Error::form(
            request.say("Quyết toán này không chờ duyệt.", "This settlement does not wait to be approved."),
        ));
    }
    to.clone_into(&mut settlement.state);
    settlement.decided_by = Some(by);
    settlement.decided_at = Some(time::now());
    settlement.note = note;
    settlement.save()
}
