//! The book of an organisation (S01/ĐP part II), from what is stored: closed months as they were closed, open ones from
//! entries and confirmed remittances.

use std::collections::BTreeMap;

use dinh_sdk::access;
use dinh_sdk::prelude::*;

use crate::model::division::{Organisation, Remittance, Retention, stage};
use crate::model::{Amount, Period, kind, state};
use crate::month::Month;
use crate::permission;
use crate::roll::{Key, key};
use crate::rules::book::{self, Activity, Line};
use crate::rules::organisations::{Organisations, Placement};
use crate::rules::retention::{Divided, Share, Shares, Turnover};

/// The tables that a division rests on.
pub(crate) struct Tables {
    pub(crate) organisations: Organisations,
    pub(crate) shares: Shares,
}

impl Tables {
    /// As they are.
    pub(crate) fn load() -> Result<Self> {
        Ok(Self { organisations: Organisation::load()?, shares: Retention::load()? })
    }

    /// What an organisation is in a month: as of its last day.
    pub(crate) fn placement(&self, unit: UnitId, month: Month) -> Option<&Placement> {
        self.organisations.on(unit, month.last_day())
    }

    /// The share of an organisation in a month: as of its last day.
    pub(crate) fn share(&self, unit: UnitId, month: Month) -> Option<Share> {
        let placed = self.placement(unit, month)?;
        self.shares.on(placed.kind, placed.level, month.last_day()).cloned()
    }
}

/// The months of an organisation.
pub(crate) struct Book {
    /// From the first that something happened in.
    pub(crate) lines: BTreeMap<Month, Line>,
    /// The days on which remittances were received above, by period.
    pub(crate) remitted_on: BTreeMap<Month, Vec<Date>>,
}

impl Book {
    /// The months of a span as one.
    pub(crate) fn sum(&self, from: Month, until: Month) -> Line {
        let within = self.lines.iter().filter(|(month, _)| (from..=until).contains(month));
        book::sum(within.map(|(_, line)| line))
    }

    /// All months as one.
    pub(crate) fn all(&self) -> Line {
        book::sum(self.lines.values())
    }
}

/// The book of a unit up to a month. Refused where what an organisation below remits is not for the reader to see: a sum
/// that leaves something out would be wrong.
pub(crate) fn of_unit(request: &Request, unit: UnitId, until: Month, tables: &Tables) -> Result<Book> {
    let below = tables.organisations.ever_under(unit);
    let hidden: Vec<String> = below
        .into_iter()
        .filter(|below| !access::may(permission::READ, *below))
        .map(crate::pages::unit_name)
        .collect();
    if !hidden.is_empty() {
        let names = hidden.join(", ");
        let vi = format!("Cần quyền xem sổ đảng phí của tổ chức cấp dưới: {names}.");
        return Err(Error::Denied(
            request.say(&vi, &format!("It takes the right to see the ledgers of {names}.")).to_owned(),
        ));
    }
    let mut months: BTreeMap<Month, Activity> = BTreeMap::new();
    let closed = Period::all().filter(Period::UNIT.is(unit)).filter(Period::MONTH.at_most(until)).list()?;
    let closed: Vec<_> = closed.into_iter().filter(|period| period.state == state::CLOSED).collect();
    for period in &closed {
        months.insert(period.month, of_period(period));
    }
    // Months are closed in their order, so what is open comes after.
    let last = closed.iter().map(|period| period.month).max();
    let carried = last.and_then(|last| months.get(&last)).map_or(0, |activity| activity.unpaid);
    add_entries(unit, until, last, carried, &mut months)?;
    let remitted_on = add_remittances(unit, until, last, &mut months)?;
    let lines = book::lines(&months, |month| tables.share(unit, month));
    Ok(Book { lines, remitted_on })
}

fn of_period(period: &Period) -> Activity {
    let figure = Option::unwrap_or_default;
    let turnover = Turnover {
        collected: period.collected,
        received: figure(period.received),
        behind: figure(period.behind),
        remitted: figure(period.remitted),
    };
    let closed = period.retained.zip(period.due_above).map(|(retained, due)| Divided { retained, due });
    Activity { members: period.members, exempt: period.exempt, unpaid: period.unpaid, turnover, closed }
}

fn add_entries(
    unit: UnitId,
    until: Month,
    after: Option<Month>,
    carried: i64,
    months: &mut BTreeMap<Month, Activity>,
) -> Result<()> {
    let entries = Amount::all()
        .filter(Amount::UNIT.is(unit))
        .filter(Amount::PERIOD.at_most(until))
        .filter_some(after.map(|after| Amount::PERIOD.above(after)))
        .order_by(Amount::PERIOD.ascending())
        .list()?;
    let mut assessed: BTreeMap<Month, BTreeMap<Key, bool>> = BTreeMap::new();
    let mut unpaid = carried;
    for entry in entries {
        let activity = months.entry(entry.period).or_default();
        if entry.kind == kind::COLLECTED {
            let collected = &mut activity.turnover.collected;
            *collected = collected.saturating_add(entry.amount);
            unpaid = unpaid.saturating_sub(entry.amount);
        } else {
            unpaid = unpaid.saturating_add(entry.amount);
            if entry.month == entry.period && entry.amount >= 0 {
                let members = assessed.entry(entry.period).or_default();
                members.insert(key(entry.member), entry.exempt == Some(true));
            }
        }
        activity.unpaid = unpaid;
    }
    for (month, members) in assessed {
        let activity = months.entry(month).or_default();
        activity.members = i64::try_from(members.len()).unwrap_or(i64::MAX);
        let exempt = members.values().filter(|exempt| **exempt).count();
        activity.exempt = i64::try_from(exempt).unwrap_or(i64::MAX);
    }
    Ok(())
}

/// Adds what was handed up and received, in the periods in which both booked it.
fn add_remittances(
    unit: UnitId,
    until: Month,
    after: Option<Month>,
    months: &mut BTreeMap<Month, Activity>,
) -> Result<BTreeMap<Month, Vec<Date>>> {
    let mut days: BTreeMap<Month, Vec<Date>> = BTreeMap::new();
    let sent = Remittance::all().filter(Remittance::UNIT.is(unit)).list()?;
    let received = Remittance::all().filter(Remittance::UPPER.is(unit)).list()?;
    for (remittance, is_own) in sent.iter().map(|it| (it, true)).chain(received.iter().map(|it| (it, false)))
    {
        let Some(period) = remittance.period.filter(|period| *period <= until) else { continue };
        if remittance.state != stage::CONFIRMED {
            continue;
        }
        if is_own {
            days.entry(period).or_default().extend(remittance.received_on);
        }
        if after.is_some_and(|after| period <= after) {
            continue;
        }
        // A month without entries of its own still owes what the one before it did.
        let unpaid = months.range(..period).next_back().map_or(0, |(_, before)| before.unpaid);
        let activity = months.entry(period).or_insert(Activity { unpaid, ..Activity::default() });
        let turnover = &mut activity.turnover;
        if is_own {
            turnover.remitted = turnover.remitted.saturating_add(remittance.amount);
        } else {
            turnover.received = turnover.received.saturating_add(remittance.amount);
            turnover.behind = turnover.behind.saturating_add(remittance.behind);
        }
    }
    Ok(days)
}

/// How a month is divided in which nothing happened yet: nothing, if a share is known.
pub(crate) fn divided(tables: &Tables, unit: UnitId, month: Month, line: &Line) -> Option<Divided> {
    let share = tables.share(unit, month)?;
    Some(crate::rules::retention::divide(&share, &line.activity.turnover))
}
