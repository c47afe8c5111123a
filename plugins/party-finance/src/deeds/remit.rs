//! Dues handed up: said by the organisation below, confirmed by the one above, by two people of two units. Both book it in
//! the month it was received in, or the first one after it that is open. A mistake is undone by a remittance of the opposite amount, confirmed the same way.

use dinh_sdk::prelude::*;
use dinh_sdk::{accounts, time};

use super::{actor, is_locked, open, require, sent, year_open};
use crate::book::{self, Tables};
use crate::dong::Dong;
use crate::model::division::{Remittance, stage};
use crate::month::Month;
use crate::pages::unit_name;
use crate::permission;
use crate::rules::retention::behind;

/// What a unit has to hand up, as of a month's end.
pub(crate) struct Owed {
    /// What fell due up to then.
    pub(crate) due: i64,
    /// All dues that stand behind it.
    total: i64,
    /// What was handed up, confirmed or not, whenever.
    pub(crate) sent: i64,
    /// What stands behind that.
    behind: i64,
    /// What of it waits to be confirmed.
    pub(crate) waiting: i64,
}

impl Owed {
    /// Of a unit; none where a share is not known.
    pub(crate) fn of(request: &Request, unit: UnitId, until: Month, tables: &Tables) -> Result<Option<Self>> {
        let book = book::of_unit(request, unit, until, tables)?;
        let all = book.all();
        if book.lines.values().any(|line| line.divided.is_none()) {
            return Ok(None);
        }
        let sent = Remittance::all().filter(Remittance::UNIT.is(unit)).list()?;
        let (mut amount, mut stands, mut waiting) = (0_i64, 0_i64, 0_i64);
        for remittance in sent.iter().filter(|it| it.state != stage::RETURNED) {
            amount = amount.saturating_add(remittance.amount);
            stands = stands.saturating_add(remittance.behind);
            if remittance.state == stage::SENT {
                waiting = waiting.saturating_add(remittance.amount);
            }
        }
        let due = all.divided.unwrap_or_default().due;
        let total = all.activity.turnover.total();
        Ok(Some(Self { due, total, sent: amount, behind: stands, waiting }))
    }

    /// What is still to be handed up.
    pub(crate) fn left(&self) -> i64 {
        self.due.saturating_sub(self.sent)
    }
}

/// Says that dues were handed up.
pub(crate) fn send(request: &Request, submission: &Submission) -> Result<Outcome> {
    let unit: UnitId = sent(submission, "unit")?;
    require(permission::REMIT, unit)?;
    let (from, until): (Month, Month) = (submission.get("from")?, submission.get("until")?);
    let (amount, sent_on): (i64, Date) = (submission.get("amount")?, submission.get("sent-on")?);
    let mut problems = Problems::default();
    if until < from
        || until > from.plus(2)
        || until.year() != from.year()
        || until.quarter() != from.quarter()
    {
        problems.field(
            "until",
            request.say(
                "Mỗi lần nộp là một tháng, hoặc các tháng của một quý.",
                "A remittance is of a month, or of months of one quarter.",
            ),
        );
    }
    if until > Month::of(time::today()) {
        problems.field("until", request.say("Tháng này chưa đến.", "This month is yet to come."));
    }
    if sent_on > time::today() {
        problems.field(
            "sent-on",
            request.say(
                "Ngày này chưa đến; hãy ghi hôm nay hoặc ngày trước đó.",
                "This day is yet to come: today at the latest.",
            ),
        );
    }
    problems.check()?;
    let tables = Tables::load()?;
    let upper = tables.placement(unit, until).and_then(|placed| placed.upper);
    let (Some(upper), Some(owed)) = (upper, Owed::of(request, unit, until, &tables)?) else {
        return Err(Error::form(request.say(
            "Chưa khai báo tổ chức cấp trên hoặc tỷ lệ trích giữ lại: người quản trị mức đóng cần ghi ở trang Tổ chức, tỷ lệ trích nộp.",
            "The organisation above, or the share retained, is not recorded: the steward of rates has to do so.",
        )));
    };
    if amount > owed.left() {
        let left = owed.left().max(0);
        return Err(Error::field(
            "amount",
            request.say(
                &format!("Đến hết tháng {until} còn phải nộp {}.", Dong(left)),
                &format!("{:#} are left to be remitted up to {until}.", Dong(left)),
            ),
        ));
    }
    let stands = behind(owed.total, owed.due, owed.sent.saturating_add(amount), owed.behind);
    let months = if from == until { from.to_string() } else { format!("{from} – {until}") };
    let remittance = Remittance {
        unit,
        upper,
        from,
        until,
        amount,
        behind: stands,
        sent_on,
        state: stage::SENT.to_owned(),
        subject: format!("{} {months}: {}", request.say("Nộp đảng phí", "Dues remitted"), unit_name(unit)),
        sent_by: actor(request)?,
        sent_at: time::now(),
        received_on: None,
        period: None,
        decided_by: None,
        decided_at: None,
        corrects: None,
        note: submission.get("note")?,
    };
    let id = remittance.insert()?;
    Ok(Outcome::done(Address::new("/remittances").segment(id)).saying(
        request
            .say("Đã ghi khoản nộp; chờ cấp trên xác nhận", "Recorded; the organisation above confirms it"),
    ))
}

/// Somebody of the organisation above, who did not send it and does not belong to the one that did.
fn receiver(request: &Request, remittance: &Remittance) -> Result<AccountId> {
    require(permission::CONFIRM, remittance.upper)?;
    let by = actor(request)?;
    let home = accounts::person().map(|person| UnitId(person.unit));
    if by == remittance.sent_by || home == Some(remittance.unit) {
        return Err(Error::form(request.say(
            "Bên nộp không tự xác nhận; người của cấp trên cần xác nhận.",
            "Whoever remits does not confirm: somebody of the organisation above does.",
        )));
    }
    if remittance.state != stage::SENT {
        return Err(Error::form(
            request
                .say("Khoản nộp này không chờ xác nhận.", "This remittance does not wait to be confirmed."),
        ));
    }
    Ok(by)
}

/// The month it was received in, or the first later one that neither has closed.
fn first_open(unit: UnitId, upper: UnitId, received_on: Date) -> Result<Month> {
    let (mut period, last) = (Month::of(received_on), Month::of(time::today()));
    while period < last && (is_locked(unit, period)? || is_locked(upper, period)?) {
        period = period.plus(1);
    }
    Ok(period)
}

/// Confirms that it was received.
pub(crate) fn confirm(request: &Request, submission: &Submission) -> Result<Outcome> {
    let mut remittance = Remittance::get(request.parameter("id")?)?;
    let by = receiver(request, &remittance)?;
    let received_on: Date = submission.get("received-on")?;
    if received_on > time::today() || received_on < remittance.sent_on {
        return Err(Error::field(
            "received-on",
            request.say(
                "Ngày nhận từ ngày nộp đến hôm nay.",
                "It was received between the day it was sent on and today.",
            ),
        ));
    }
    let period = first_open(remittance.unit, remittance.upper, received_on)?;
    open(request, remittance.unit, period)?;
    open(request, remittance.upper, period)?;
    remittance.state = stage::CONFIRMED.to_owned();
    remittance.received_on = Some(received_on);
    remittance.period = Some(period);
    remittance.decided_by = Some(by);
    remittance.decided_at = Some(time::now());
    remittance.save()?;
    Ok(Outcome::done(request.path()).saying(request.say("Đã xác nhận nhận đủ", "Confirmed")))
}

/// Says that it was not received.
pub(crate) fn give_back(request: &Request, submission: &Submission) -> Result<Outcome> {
    let mut remittance = Remittance::get(request.parameter("id")?)?;
    let by = receiver(request, &remittance)?;
    remittance.state = stage::RETURNED.to_owned();
    remittance.decided_by = Some(by);
    remittance.decided_at = Some(time::now());
    remittance.note = Some(submission.get("note")?);
    remittance.save()?;
    Ok(Outcome::done(request.path()).saying(request.say("Đã trả lại khoản nộp", "Given back")))
}

/// Undoes a confirmed remittance by one of the opposite amount, which the organisation above confirms too.
pub(crate) fn reverse(request: &Request, submission: &Submission) -> Result<Outcome> {
    let wrong = Remittance::get(request.parameter("id")?)?;
    require(permission::REMIT, wrong.unit)?;
    let undone = Remittance::all().filter(Remittance::CORRECTS.is(wrong.id)).list()?;
    let is_undone = undone.iter().any(|other| other.state != stage::RETURNED);
    if wrong.state != stage::CONFIRMED || wrong.corrects.is_some() || is_undone {
        return Err(Error::form(request.say(
            "Chỉ đảo khoản nộp đã xác nhận và chưa đảo.",
            "Only a remittance that was confirmed and not undone yet is undone.",
        )));
    }
    year_open(request, wrong.unit, i64::from(time::today().year()))?;
    let counter = Remittance {
        amount: wrong.amount.checked_neg().or_failed("an amount out of range")?,
        behind: wrong.behind.checked_neg().or_failed("an amount out of range")?,
        sent_on: time::today(),
        state: stage::SENT.to_owned(),
        subject: format!("{}: {}", request.say("Đảo khoản nộp", "A remittance undone"), wrong.subject),
        sent_by: actor(request)?,
        sent_at: time::now(),
        received_on: None,
        period: None,
        decided_by: None,
        decided_at: None,
        corrects: Some(wrong.id),
        note: Some(submission.get("reason")?),
        ..wrong.record
    };
    let id = counter.insert()?;
    Ok(Outcome::done(Address::new("/remittances").segment(id)).saying(
        request
            .say("Đã lập khoản đảo; chờ cấp trên xác nhận", "Recorded; the organisation above confirms it"),
    ))
}
