//! The accounts of a unit's members: their entries, as the ledger adds them up.

use std::collections::BTreeMap;

use dinh_sdk::prelude::*;

use crate::model::{Entry, kind};
use crate::month::Month;
use crate::roll::{Key, key};
use crate::rules::standing::{self, Posting, Row};

/// One member's account in a unit.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Account {
    pub(crate) member: RecordId,
    entries: Vec<Entry>,
    postings: Vec<Posting>,
}

impl Account {
    fn new(member: RecordId) -> Self {
        Self { member, entries: Vec::new(), postings: Vec::new() }
    }

    fn add(&mut self, entry: Entry) {
        self.postings.push(match entry.kind.as_str() {
            kind::COLLECTED => Posting::Collected(entry.period, entry.amount),
            _ => Posting::Assessed(entry.month, entry.period, entry.amount),
        });
        self.entries.push(entry);
    }

    /// Its row in the ledger of a period.
    pub(crate) fn row(&self, period: Month) -> Row {
        standing::row(&self.postings, period)
    }

    /// Its months that are not paid at the end of a period.
    pub(crate) fn unpaid_months(&self, period: Month) -> Vec<Month> {
        standing::unpaid_months(&self.postings, period)
    }

    /// What was assessed last for a month, after corrections: the income, and whether it is exempt.
    pub(crate) fn assessed(&self, month: Month, period: Month) -> Option<&Entry> {
        let of_month = |entry: &&Entry| {
            entry.kind == kind::ASSESSED
                && entry.month == month
                && entry.period <= period
                && entry.amount >= 0
        };
        self.entries.iter().rfind(of_month)
    }

    /// The last month that anything was assessed for or booked in.
    pub(crate) fn latest(&self) -> Option<Month> {
        self.entries.iter().map(|entry| entry.period).max()
    }
}

/// The accounts of a unit, with entries booked up to a period; all of them without one.
pub(crate) fn of_unit(unit: UnitId, until: Option<Month>) -> Result<Vec<Account>> {
    let entries = Entry::all()
        .filter(Entry::UNIT.is(unit))
        .filter_some(until.map(|until| Entry::PERIOD.at_most(until)))
        .order_by(Entry::PERIOD.ascending())
        .list()?;
    let mut accounts: BTreeMap<Key, Account> = BTreeMap::new();
    for entry in entries {
        let member = entry.member;
        accounts.entry(key(member)).or_insert_with(|| Account::new(member)).add(entry.record);
    }
    Ok(accounts.into_values().collect())
}

/// What a period comes to for a whole unit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Totals {
    pub(crate) members: i64,
    pub(crate) exempt: i64,
    pub(crate) row: Row,
}

impl Totals {
    /// Of a period.
    pub(crate) fn of(accounts: &[Account], period: Month) -> Self {
        accounts.iter().fold(Self::default(), |mut totals, account| {
            if let Some(assessed) = account.assessed(period, period) {
                totals.members += 1;
                totals.exempt += i64::from(assessed.exempt == Some(true));
            }
            let row = account.row(period);
            totals.row.this_month = totals.row.this_month.saturating_add(row.this_month);
            totals.row.earlier = totals.row.earlier.saturating_add(row.earlier);
            totals.row.collected = totals.row.collected.saturating_add(row.collected);
            totals
        })
    }
}
