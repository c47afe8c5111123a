//! The book of an organisation (S01/ĐP part II), from what is stored: closed months as they were closed, open ones from
//! entries and confirmed remittances.

use std::collections::BTreeMap;

use dinh_sdk::access;
use dinh_sdk::prelude::*;
use dinh_sdk::records::Condition;

use crate::model::division::{Organisation, Remittance, Retention, stage};
use crate::model::{Amount, Period, kind, state};
use crate::month::Month;
use crate::permission;
use crate::roll::key;
use crate::rules::activity::{self, Booked};
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
    let periods = Period::all().filter(Period::UNIT.is(unit)).filter(Period::MONTH.at_most(until)).list()?;
    let closed = periods.iter().filter(|period| period.state == state::CLOSED);
    let closed: BTreeMap<Month, Activity> = closed.map(|period| (period.month, of_period(period))).collect();
    let last = closed.keys().next_back().copied();
    let mut booked = entries(unit, until, last)?;
    let mut remitted_on: BTreeMap<Month, Vec<Date>> = BTreeMap::new();
    for sent in confirmed(Remittance::UNIT.is(unit))? {
        let Some(period) = sent.period.filter(|period| *period <= until) else { continue };
        booked.push(Booked::Remitted(period, sent.amount));
        remitted_on.entry(period).or_default().extend(sent.received_on);
    }
    for received in confirmed(Remittance::UPPER.is(unit))? {
        let Some(period) = received.period.filter(|period| *period <= until) else { continue };
        booked.push(Booked::Received(period, received.amount, received.behind));
    }
    let months = activity::months(&closed, &booked);
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

/// What was assessed and collected, after a closed month.
fn entries(unit: UnitId, until: Month, after: Option<Month>) -> Result<Vec<Booked>> {
    let entries = Amount::all()
        .filter(Amount::UNIT.is(unit))
        .filter(Amount::PERIOD.at_most(until))
        .filter_some(after.map(|after| Amount::PERIOD.above(after)))
        .order_by(Amount::PERIOD.ascending())
        .list()?;
    let booked = |entry: &Stored<Amount>| match entry.kind.as_str() {
        kind::COLLECTED => Booked::Collected(entry.period, entry.amount),
        _ => Booked::Assessed {
            member: key(entry.member),
            month: entry.month,
            period: entry.period,
            amount: entry.amount,
            exempt: entry.exempt == Some(true),
        },
    };
    Ok(entries.iter().map(booked).collect())
}

/// The remittances that both sides have booked.
fn confirmed(of: Condition<Remittance>) -> Result<Vec<Stored<Remittance>>> {
    let mut remittances = Remittance::all().filter(of).list()?;
    remittances.retain(|remittance| remittance.state == stage::CONFIRMED);
    Ok(remittances)
}

/// How a month is divided in which nothing happened yet: nothing, if a share is known.
pub(crate) fn divided(tables: &Tables, unit: UnitId, month: Month, line: &Line) -> Option<Divided> {
    let share = tables.share(unit, month)?;
    Some(crate::rules::retention::divide(&share, &line.activity.turnover))
}
