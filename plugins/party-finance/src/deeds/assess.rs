//! What the members of a unit owe for a month: once for each member and month. For one unit by a button; for all below
//! one by a job, whose steps take some of them each, so that one that cannot be assessed holds up no other.

use std::collections::BTreeSet;

use dinh_sdk::jobs::{Job, Step};
use dinh_sdk::prelude::*;
use dinh_sdk::{access, accounts, jobs, time};

use super::{actor, is_locked, not_to_come, open, require, sent, status};
use crate::model::{Assessment, Entry, Rate, kind};
use crate::month::Month;
use crate::roll::{self, Decided, key};
use crate::rules::assessment::{self, Counts, Outcome as Came};
use crate::rules::dues::{self, Unknown};
use crate::rules::rates::{Missing, Rates};
use crate::{account, below, pages, permission};

/// The job of the manifest.
pub(crate) const JOB: &str = "assess";

/// How many organisations a step takes: of 500 members each it stays far below what a call may compute.
const AT_ONCE: usize = 5;

/// Assesses everybody who has not been yet. Who cannot be, for want of a basis, is left out and named by the ledger.
pub(crate) fn submit(request: &Request, submission: &Submission) -> Result<Outcome> {
    let (unit, month): (UnitId, Month) = (sent(submission, "unit")?, sent(submission, "month")?);
    open(request, unit, month)?;
    roll::suffices(request)?;
    let by = actor(request)?;
    let owed = match owed(unit, month, by, &Rate::load()?)? {
        Ok(owed) => owed,
        Err(missing) => return Err(missing_rate(request, &missing)),
    };
    let Counts { assessed, unknown, .. } = owed.counts;
    if assessed == 0 {
        return Err(Error::form(request.say(
            "Không có đảng viên nào cần tính thêm cho tháng này.",
            "Nobody is left to be assessed for this month.",
        )));
    }
    owed.book(unit, month, by)?;
    let text = request
        .say(
            &format!("{assessed} đảng viên; {unknown} người chưa có căn cứ thu nhập."),
            &format!("{assessed} members; {unknown} without a basis of income."),
        )
        .to_owned();
    let back = Address::new("/").with("unit", unit).with("month", month);
    Ok(Outcome::done(back).saying(request.say("Đã tính phải thu", "Assessed")).saying_more(text))
}

/// Starts the job for an organisation and all below it.
pub(crate) fn all(request: &Request, submission: &Submission) -> Result<Outcome> {
    let (unit, month): (UnitId, Month) = (sent(submission, "unit")?, sent(submission, "month")?);
    require(permission::RECORD, unit)?;
    not_to_come(request, month)?;
    let page = Address::new("/assessments").with("unit", unit).with("month", month).to_string();
    let code = accounts::unit(unit).map_or_else(|| unit.0.to_string(), |unit| unit.code);
    let key = format!("{month} {code}");
    match jobs::start(JOB, key, &[("unit", &unit), ("month", &month), ("page", &page)])? {
        Some(job) => Ok(Outcome::done(jobs::page(job))),
        None => Err(Error::form(request.say(
            &format!("Danh sách tháng {month} của tổ chức này đang được lập."),
            &format!("{month} is being assessed for this organisation already."),
        ))),
    }
}

/// Assesses the next organisations that the starter may record for.
pub(crate) fn step(job: &Job) -> Result<Step> {
    let (top, month): (UnitId, Month) = (job.required("unit")?, job.required("month")?);
    let by = accounts::person().map(|person| AccountId(person.account));
    let by = by.or_failed("a job that no person started")?;
    let units = below::of(top, month, &access::units(permission::RECORD))?;
    let left = assessment::left(units.iter().map(|branch| branch.unit).collect(), job.resume()?);
    let rates = Rate::load()?;
    let now: Vec<UnitId> = left.iter().copied().take(AT_ONCE).collect();
    for unit in &now {
        one(*unit, month, by, &rates)?;
    }
    let done = job.done.saturating_add(count(now.len()));
    match now.last() {
        Some(last) if left.len() > now.len() => {
            Ok(Step::next(done, *last).of(done.saturating_add(count(left.len() - now.len()))))
        }
        _ => Ok(Step::finished(done).at(job.required::<String>("page")?)),
    }
}

/// Assesses an organisation, or notes why it cannot be.
fn one(unit: UnitId, month: Month, by: AccountId, rates: &Rates) -> Result<()> {
    let hindered = |came| note(unit, month, by, came, Counts::default());
    if is_locked(unit, month)? {
        return hindered(Came::Locked);
    }
    if !access::may(permission::READ, unit) || roll::lacking()?.is_some() {
        return hindered(Came::Unread);
    }
    match owed(unit, month, by, rates) {
        Ok(Ok(owed)) => owed.book(unit, month, by),
        Ok(Err(_)) => hindered(Came::NoRate),
        Err(Error::Denied(_)) => hindered(Came::Unread),
        Err(error) => Err(error),
    }
}

/// What members owe who have not been assessed yet.
struct Owed {
    entries: Vec<Entry>,
    counts: Counts,
}

/// Finds out, and writes nothing; the rate that is missing.
fn owed(unit: UnitId, month: Month, by: AccountId, rates: &Rates) -> Result<Result<Owed, Missing>> {
    let at = time::now();
    let decided = Decided::of_unit(unit)?;
    let done: BTreeSet<_> = account::of_unit(unit, None)?
        .iter()
        .filter(|account| account.assessed(month, month).is_some())
        .map(|account| key(account.member))
        .collect();
    let (mut entries, mut counts) = (Vec::new(), Counts::default());
    for member in roll::members(unit, month)? {
        counts.members += 1;
        if done.contains(&key(member.id)) {
            continue;
        }
        let Some(facts) = decided.facts(&member, month) else { continue };
        let assessed = match dues::assess(month, &facts, rates) {
            Ok(assessed) => assessed,
            Err(Unknown::Rate(missing)) => return Ok(Err(missing)),
            Err(Unknown::Basis | Unknown::OutOfRange) => {
                counts.unknown += 1;
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
    counts.assessed = entries.len();
    Ok(Ok(Owed { entries, counts }))
}

impl Owed {
    /// Books it, and notes what it came to.
    fn book(self, unit: UnitId, month: Month, by: AccountId) -> Result<()> {
        let members: BTreeSet<_> = self.entries.iter().map(|entry| key(entry.member)).collect();
        if !members.is_empty() {
            Entry::insert_many(self.entries)?;
            status::refresh(unit, &members)?;
        }
        note(unit, month, by, self.counts.outcome(), self.counts)
    }
}

fn note(unit: UnitId, month: Month, by: AccountId, came: Came, counts: Counts) -> Result<()> {
    let whole = |count| i64::try_from(count).unwrap_or(i64::MAX);
    let assessment = Assessment {
        unit,
        month,
        outcome: came.key().to_owned(),
        assessed: whole(counts.assessed),
        unknown: whole(counts.unknown),
        recorded_at: time::now(),
        recorded_by: by,
    };
    assessment.note()
}

fn count(units: usize) -> u64 {
    u64::try_from(units).unwrap_or(u64::MAX)
}

/// A rate that nobody has recorded.
fn missing_rate(request: &Request, missing: &Missing) -> Error {
    let what = pages::rates::missing(request, &missing.key, missing.day);
    let remedy = request.say(
        "người quản trị mức đóng cần ghi; nếu đã có, bạn cần vai trò “Cán bộ dùng mức đóng chung”.",
        "the steward of rates has to record it; if there is one, you need the role “Staff (common rates)”.",
    );
    Error::form(format!("{what}; {remedy}"))
}
