//! Brings the summary of records up to date ([`crate::told`]) where nobody writes the record itself: after an import of
//! histories, and each night for allowances that begin or end by themselves.

use dinh_sdk::jiff::ToSpan;
use dinh_sdk::prelude::*;
use dinh_sdk::schedule::{Fired, Timer};
use dinh_sdk::time;

use crate::codes;
use crate::model::{Allowance, History};
use crate::told::{Officer, Summary, Told, officer};

/// How many officers a call looks at: each is read, and written where something changed.
const AT_ONCE: usize = 200;

/// A night is missed when the platform does not run: the timer then fires late, and goes back as far.
const DAY: i64 = 24 * 60 * 60;

/// Renews officers of whom rows were written in this call, by all their rows.
pub(crate) fn all(told: &[(RecordId, Told)]) -> Result<()> {
    let today = time::today();
    let ladders = codes::ladders(today)?;
    told.iter().try_for_each(|(of, told)| write(*of, |summary| told.summary(summary, &ladders, today)))
}

fn write(of: RecordId, renewed: impl FnOnce(Summary) -> Summary) -> Result<()> {
    let mut stored = Summary::get(of)?;
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
    round(since.parse().or_failed("a round since no day")?, Some(officer(after)))
}

fn round(since: Date, after: Option<Officer>) -> Result<()> {
    let today = time::today();
    let begun =
        Allowance::all().filter(Allowance::FROM.at_least(since)).filter(Allowance::FROM.at_most(today));
    let ended =
        Allowance::all().filter(Allowance::UNTIL.at_least(since)).filter(Allowance::UNTIL.below(today));
    let mut officers = Vec::new();
    for row in begun.list()?.into_iter().chain(ended.list()?) {
        officers.push(officer(row.person));
    }
    officers.sort_unstable();
    officers.dedup();
    officers.retain(|of| after.is_none_or(|after| *of > after));
    for (at, (high, low)) in officers.iter().enumerate() {
        let of = RecordId { high: *high, low: *low };
        let allowances = Allowance::of(of)?;
        let told = Told::new([], allowances.iter().map(|row| &row.record));
        write(of, |summary| told.pay(summary, today))?;
        if at + 1 == AT_ONCE && at + 1 < officers.len() {
            let rest = Timer::at("more-allowances", time::now()).with(format!("{since} {of}"));
            return rest.set().map(drop);
        }
    }
    Ok(())
}
