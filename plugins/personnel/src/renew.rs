//! Brings the summary of records up to date ([`crate::told`]) where nobody writes the record itself: after an import of
//! histories, and each night for allowances that begin or end by themselves.

use std::collections::HashMap;

use dinh_sdk::jiff::ToSpan;
use dinh_sdk::prelude::*;
use dinh_sdk::schedule::{Fired, Timer};
use dinh_sdk::time;

use crate::codes;
use crate::model::{Allowance, History, Training};
use crate::told::{Summary, Told};

/// How many officers a call looks at: each is read, and written where something changed.
const AT_ONCE: usize = 200;

/// A night is missed when the platform does not run: the timer then fires late, and goes back as far.
const DAY: i64 = 24 * 60 * 60;

/// Renews these officers, of whom rows were written in this call.
pub(crate) fn all(officers: &[RecordId]) -> Result<()> {
    let today = time::today();
    let ladders = codes::ladders(today)?;
    let mut told: HashMap<(u64, u64), (Vec<Training>, Vec<Allowance>)> = HashMap::new();
    for row in Training::all().list()? {
        told.entry((row.person.high, row.person.low)).or_default().0.push(row.record);
    }
    for row in Allowance::all().list()? {
        told.entry((row.person.high, row.person.low)).or_default().1.push(row.record);
    }
    for officer in officers {
        let Some((trainings, allowances)) = told.get(&(officer.high, officer.low)) else { continue };
        let told = Told::new(trainings, allowances);
        write(*officer, |summary| told.summary(summary, &ladders, today))?;
    }
    Ok(())
}

fn write(officer: RecordId, renewed: impl FnOnce(Summary) -> Summary) -> Result<()> {
    let mut stored = Summary::get(officer)?;
    let summary = renewed(stored.record.clone());
    if summary == stored.record {
        return Ok(());
    }
    stored.record = summary;
    stored.save()
}

/// The night's round: whose allowances began or ended since the last one.
pub(crate) fn due(fired: &Fired) -> Result<()> {
    let late = (time::now().as_second() - fired.due.as_second()).max(0) / DAY;
    let since = time::today().checked_sub((late + 1).days()).unwrap_or(Date::MIN);
    round(since, None)
}

/// The rest of a round that a call was too short for.
pub(crate) fn more(fired: &Fired) -> Result<()> {
    let (since, after) = fired.payload.split_once(' ').or_failed("a round without its beginning")?;
    let after: RecordId = after.parse().or_failed("a round after nobody")?;
    round(since.parse().or_failed("a round since no day")?, Some((after.high, after.low)))
}

fn round(since: Date, after: Option<(u64, u64)>) -> Result<()> {
    let today = time::today();
    let begun =
        Allowance::all().filter(Allowance::FROM.at_least(since)).filter(Allowance::FROM.at_most(today));
    let ended =
        Allowance::all().filter(Allowance::UNTIL.at_least(since)).filter(Allowance::UNTIL.below(today));
    let mut officers = Vec::new();
    for row in begun.list()?.into_iter().chain(ended.list()?) {
        officers.push((row.person.high, row.person.low));
    }
    officers.sort_unstable();
    officers.dedup();
    officers.retain(|officer| after.is_none_or(|after| *officer > after));
    for (at, (high, low)) in officers.iter().enumerate() {
        let officer = RecordId { high: *high, low: *low };
        let allowances = Allowance::of(officer)?;
        let told = Told::new([], allowances.iter().map(|row| &row.record));
        write(officer, |summary| told.pay(summary, today))?;
        if at + 1 == AT_ONCE && at + 1 < officers.len() {
            let rest = Timer::at("more-allowances", time::now()).with(format!("{since} {officer}"));
            return rest.set().map(drop);
        }
    }
    Ok(())
}
