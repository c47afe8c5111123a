//! What is stored; the manifest declares the same collections.
//!
//! ```text
//! (here)    members under contract, rates, decisions, entries, assessments, periods, statuses, changes
//! division  organisations, shares retained, remittances
//! spending  items, the fund, estimates, vouchers, settlements
//! ```

pub(crate) mod division;
pub(crate) mod spending;

use dinh_sdk::prelude::*;

use crate::month::Month;
use crate::rules::rates::{Dated, Rates};

/// A member (đảng viên), as personnel offers them under contract: what people are shown.
#[derive(Clone, Debug, PartialEq, Record)]
#[record(wanted = "members")]
pub(crate) struct MemberName {
    pub(crate) full_name: String,
}

/// The same without any text: what calls that write may read.
#[derive(Clone, Debug, PartialEq, Record)]
#[record(wanted = "members")]
pub(crate) struct MemberFacts {
    pub(crate) unit: UnitId,
    pub(crate) party_admitted_on: Option<Date>,
    pub(crate) party_left_on: Option<Date>,
    pub(crate) insured_coefficient: Option<Decimal>,
    pub(crate) left_on: Option<Date>,
}

/// A dated value of what changes by decree.
#[derive(Clone, Debug, PartialEq, Record)]
#[record(collection = "rates")]
pub(crate) struct Rate {
    pub(crate) key: String,
    pub(crate) from: Date,
    pub(crate) value: Decimal,
    /// The decree, or whoever decided it.
    pub(crate) source: Option<String>,
}

impl Rate {
    /// All of them.
    pub(crate) fn load() -> Result<Rates> {
        let rows = Self::all().list()?.into_iter().map(|row| row.record);
        Ok(Rates::new(rows.map(|row| Dated { key: row.key, from: row.from, value: row.value }).collect()))
    }
}

/// A decision by which a member pays less, or nothing.
#[derive(Clone, Debug, PartialEq, Record)]
#[record(collection = "exemptions")]
pub(crate) struct Exemption {
    pub(crate) member: RecordId,
    pub(crate) unit: UnitId,
    /// 100 exempts.
    pub(crate) percent: i64,
    pub(crate) from: Month,
    /// The last month; none while it lasts.
    pub(crate) until: Option<Month>,
    pub(crate) reason: String,
    pub(crate) decision: String,
}

/// What a member's dues are based on, where it is not the salary.
#[derive(Clone, Debug, PartialEq, Record)]
#[record(collection = "bases")]
pub(crate) struct Base {
    pub(crate) member: RecordId,
    pub(crate) unit: UnitId,
    /// A key of [`crate::rules::dues::Category`].
    pub(crate) category: String,
    pub(crate) income: Option<i64>,
    pub(crate) zone: Option<i64>,
    pub(crate) from: Month,
    pub(crate) until: Option<Month>,
    pub(crate) source: String,
}

/// What an entry is, as `kind` has it.
pub(crate) mod kind {
    /// Phải đóng.
    pub(crate) const ASSESSED: &str = "assessed";
    /// Đã thu.
    pub(crate) const COLLECTED: &str = "collected";
}

/// An entry (bút toán). Never changed: a mistake is undone by another of the opposite amount.
#[derive(Clone, Debug, PartialEq, Record)]
#[record(collection = "entries")]
pub(crate) struct Entry {
    pub(crate) member: RecordId,
    pub(crate) unit: UnitId,
    pub(crate) kind: String,
    /// The month the dues are for; of money collected, the month it was collected in.
    pub(crate) month: Month,
    /// The period it is booked in.
    pub(crate) period: Month,
    /// Whole đồng; negative where it undoes another.
    pub(crate) amount: i64,
    pub(crate) income: Option<i64>,
    pub(crate) exempt: Option<bool>,
    pub(crate) corrects: Option<RecordId>,
    pub(crate) reason: Option<String>,
    pub(crate) recorded_at: Timestamp,
    pub(crate) recorded_by: AccountId,
}

/// An entry without what a sum does not need.
#[derive(Clone, Debug, PartialEq, Record)]
#[record(collection = "entries")]
pub(crate) struct Amount {
    pub(crate) member: RecordId,
    pub(crate) kind: String,
    pub(crate) month: Month,
    pub(crate) period: Month,
    pub(crate) amount: i64,
    pub(crate) exempt: Option<bool>,
    pub(crate) unit: UnitId,
}

/// What assessing a month came to for an organisation when it was last tried.
#[derive(Clone, Debug, PartialEq, Record)]
#[record(collection = "assessments")]
pub(crate) struct Assessment {
    pub(crate) unit: UnitId,
    pub(crate) month: Month,
    /// A key of [`crate::rules::assessment::Outcome`].
    pub(crate) outcome: String,
    pub(crate) assessed: i64,
    pub(crate) unknown: i64,
    pub(crate) recorded_at: Timestamp,
    pub(crate) recorded_by: AccountId,
}

impl Assessment {
    /// Writes it down in the place of the one before.
    pub(crate) fn note(self) -> Result<()> {
        let known =
            Self::all().filter(Self::MONTH.is(self.month)).filter(Self::UNIT.is(self.unit)).first()?;
        match known {
            Some(mut known) => {
                known.record = self;
                known.save()
            }
            None => self.insert().map(drop),
        }
    }
}

/// How far what takes two people is: a period, an estimate, a settlement.
pub(crate) mod state {
    /// Being prepared.
    pub(crate) const DRAFT: &str = "draft";
    /// Waits for the second person.
    pub(crate) const SUBMITTED: &str = "submitted";
    /// Given back.
    pub(crate) const RETURNED: &str = "returned";
    /// Closed for good.
    pub(crate) const CLOSED: &str = "closed";
}

/// A month of a unit's ledger (kỳ), from the day it is submitted on.
#[derive(Clone, Debug, PartialEq, Record)]
#[record(collection = "periods")]
pub(crate) struct Period {
    pub(crate) unit: UnitId,
    pub(crate) month: Month,
    pub(crate) state: String,
    pub(crate) subject: String,
    pub(crate) members: i64,
    pub(crate) exempt: i64,
    pub(crate) due: i64,
    pub(crate) collected: i64,
    pub(crate) unpaid: i64,
    pub(crate) received: Option<i64>,
    pub(crate) behind: Option<i64>,
    pub(crate) retained: Option<i64>,
    pub(crate) due_above: Option<i64>,
    pub(crate) remitted: Option<i64>,
    pub(crate) prepared_by: AccountId,
    pub(crate) prepared_at: Timestamp,
    pub(crate) decided_by: Option<AccountId>,
    pub(crate) decided_at: Option<Timestamp>,
    pub(crate) note: Option<String>,
    /// Whether it waits for somebody to let the fund fall below zero by it.
    pub(crate) short: Option<bool>,
    pub(crate) overrode_by: Option<AccountId>,
    pub(crate) overrode_at: Option<Timestamp>,
    /// Why it is closed although the fund falls below zero by it.
    pub(crate) overrode_why: Option<String>,
}

impl Period {
    /// The period of a unit and month, once it was submitted.
    pub(crate) fn find(unit: UnitId, month: Month) -> Result<Option<Stored<Self>>> {
        Self::all().filter(Self::UNIT.is(unit)).filter(Self::MONTH.is(month)).first()
    }

    /// What keeps entries of a month out: a period of that month or later that is closed, or waits to be. Entries
    /// booked before a closed month would change what it carried over.
    pub(crate) fn locking(unit: UnitId, month: Month) -> Result<Option<Stored<Self>>> {
        let periods = Self::all().filter(Self::UNIT.is(unit)).filter(Self::MONTH.at_least(month)).list()?;
        Ok(periods.into_iter().find(|period| period.state != state::RETURNED))
    }
}

/// How a member stands, derived from the entries.
#[derive(Clone, Debug, PartialEq, Record)]
#[record(collection = "statuses")]
pub(crate) struct Status {
    pub(crate) member: RecordId,
    pub(crate) unit: UnitId,
    pub(crate) months_unpaid: i64,
    pub(crate) unpaid: i64,
    pub(crate) as_of: Month,
}

/// Whether somebody has looked at a change.
pub(crate) mod review {
    /// Somebody has to.
    pub(crate) const OPEN: &str = "open";
    /// Nobody need.
    pub(crate) const DONE: &str = "done";
}

/// What a member's dues rest on, as personnel last told of it.
#[derive(Clone, Debug, PartialEq, Record)]
#[record(collection = "watched")]
pub(crate) struct Watched {
    pub(crate) member: RecordId,
    pub(crate) unit: UnitId,
    pub(crate) party_admitted_on: Option<Date>,
    pub(crate) party_left_on: Option<Date>,
    pub(crate) insured_coefficient: Option<Decimal>,
    pub(crate) left_on: Option<Date>,
    /// A key of [`crate::rules::changes::Change`]; none while nothing has changed.
    pub(crate) change: Option<String>,
    /// The change in words, for the inbox.
    pub(crate) subject: Option<String>,
    pub(crate) state: String,
    pub(crate) noted_at: Timestamp,
}
