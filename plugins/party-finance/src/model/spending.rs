//! What is spent: items, the fund, estimates, vouchers, settlements.

use dinh_sdk::RegisterNumber;
use dinh_sdk::prelude::*;

use crate::rules::budget::Fact;
use crate::rules::fund::Movement;
use crate::rules::voucher::Stage;

use super::state;

/// An item of expenses (mục chi), in its term.
#[derive(Clone, Debug, PartialEq, Record)]
#[record(collection = "items")]
pub(crate) struct Item {
    pub(crate) order: i64,
    pub(crate) key: String,
    pub(crate) title: String,
    pub(crate) from: Date,
    pub(crate) until: Option<Date>,
    pub(crate) source: String,
}

impl Item {
    /// All of them, in their order.
    pub(crate) fn load() -> Result<Vec<Self>> {
        let mut items: Vec<Self> = Self::all().list()?.into_iter().map(|row| row.record).collect();
        items.sort_by(|one, other| (one.order, &one.key).cmp(&(other.order, &other.key)));
        Ok(items)
    }

    /// Those of a year, in their order.
    pub(crate) fn of_year(year: i64) -> Result<Vec<Self>> {
        let begins = |day: Date| i64::from(day.year()) <= year;
        let lasts = |until: Option<Date>| until.is_none_or(|until| until > first_day(year));
        let mut items = Self::load()?;
        items.retain(|item| begins(item.from) && lasts(item.until));
        Ok(items)
    }

    /// What an item is called.
    pub(crate) fn title(items: &[Self], key: &str) -> String {
        items.iter().find(|item| item.key == key).map_or_else(|| key.to_owned(), |item| item.title.clone())
    }
}

/// 1 January of a year.
pub(crate) fn first_day(year: i64) -> Date {
    i16::try_from(year).ok().and_then(|year| Date::new(year, 1, 1).ok()).unwrap_or(Date::MAX)
}

/// 31 December of a year.
pub(crate) fn last_day(year: i64) -> Date {
    i16::try_from(year).ok().and_then(|year| Date::new(year, 12, 31).ok()).unwrap_or(Date::MAX)
}

/// What an entry of the fund is, as `kind` has it.
pub(crate) mod entry {
    /// Số dư ban đầu.
    pub(crate) const OPENING: &str = "opening";
    /// Đảng phí được trích giữ lại.
    pub(crate) const RETAINED: &str = "retained";
    /// Chi.
    pub(crate) const SPENT: &str = "spent";
    /// Thu hồi khoản chi.
    pub(crate) const REVERSED: &str = "reversed";
}

/// An entry of the fund. Never changed.
#[derive(Clone, Debug, PartialEq, Record)]
#[record(collection = "fund-entries")]
pub(crate) struct FundEntry {
    pub(crate) unit: UnitId,
    pub(crate) day: Date,
    pub(crate) kind: String,
    /// Whole đồng; negative where it takes.
    pub(crate) amount: i64,
    pub(crate) period: Option<RecordId>,
    pub(crate) voucher: Option<RecordId>,
    pub(crate) reason: Option<String>,
    pub(crate) recorded_at: Timestamp,
    pub(crate) recorded_by: AccountId,
}

impl FundEntry {
    /// Those of a unit, by day.
    pub(crate) fn of_unit(unit: UnitId) -> Result<Vec<Stored<Self>>> {
        Self::all().filter(Self::UNIT.is(unit)).order_by(Self::DAY.ascending()).list()
    }

    /// As the rules take them.
    pub(crate) fn movements(entries: &[Stored<Self>]) -> Vec<Movement> {
        entries.iter().map(|entry| (entry.day, entry.amount)).collect()
    }
}

/// The estimate of a year (dự toán), or a supplement.
#[derive(Clone, Debug, PartialEq, Record)]
#[record(collection = "estimates")]
pub(crate) struct Estimate {
    pub(crate) unit: UnitId,
    pub(crate) year: i64,
    /// 1 for the year's own, then supplements.
    pub(crate) ordinal: i64,
    pub(crate) state: String,
    pub(crate) subject: String,
    pub(crate) total: i64,
    pub(crate) reason: Option<String>,
    pub(crate) prepared_by: AccountId,
    pub(crate) prepared_at: Timestamp,
    pub(crate) decided_by: Option<AccountId>,
    pub(crate) decided_at: Option<Timestamp>,
    pub(crate) note: Option<String>,
}

/// What an estimate gives an item; negative where a supplement takes it away.
#[derive(Clone, Debug, PartialEq, Record)]
#[record(collection = "estimate-lines")]
pub(crate) struct EstimateLine {
    pub(crate) unit: UnitId,
    pub(crate) estimate: RecordId,
    pub(crate) year: i64,
    pub(crate) item: String,
    pub(crate) amount: i64,
}

/// A voucher (phiếu chi).
#[derive(Clone, Debug, PartialEq, Record)]
#[record(collection = "vouchers")]
pub(crate) struct Voucher {
    pub(crate) unit: UnitId,
    pub(crate) year: i64,
    pub(crate) number: Option<RegisterNumber>,
    pub(crate) item: String,
    pub(crate) amount: i64,
    pub(crate) payee: String,
    pub(crate) purpose: String,
    pub(crate) document: Option<FileId>,
    /// A key of [`Stage`].
    pub(crate) state: String,
    pub(crate) asked_by: AccountId,
    pub(crate) asked_at: Timestamp,
    pub(crate) approved_by: Option<AccountId>,
    pub(crate) approved_at: Option<Timestamp>,
    /// Whether it waits for somebody to let the balance fall below zero by it.
    pub(crate) short: Option<bool>,
    pub(crate) overrode_by: Option<AccountId>,
    pub(crate) overrode_at: Option<Timestamp>,
    pub(crate) overrode_why: Option<String>,
    pub(crate) paid_by: Option<AccountId>,
    pub(crate) paid_at: Option<Timestamp>,
    pub(crate) paid_on: Option<Date>,
    pub(crate) ended_by: Option<AccountId>,
    pub(crate) ended_at: Option<Timestamp>,
    pub(crate) note: Option<String>,
}

impl Voucher {
    /// How far it is.
    pub(crate) fn stage(&self) -> Option<Stage> {
        Stage::of_key(&self.state)
    }

    /// `12/2026`.
    pub(crate) fn number(&self) -> Option<String> {
        match self.number {
            Some(RegisterNumber::Number(number)) => Some(format!("{number:02}/{}", self.year)),
            _ => None,
        }
    }

    /// Those of a unit and year.
    pub(crate) fn of_year(unit: UnitId, year: i64) -> Result<Vec<Stored<Self>>> {
        Self::all().filter(Self::UNIT.is(unit)).filter(Self::YEAR.is(year)).list()
    }

    /// What it takes from its item, if anything.
    pub(crate) fn fact(&self) -> Option<(&str, Fact)> {
        let fact = match self.stage()? {
            stage if stage.is_committed() => Fact::Committed(self.amount),
            Stage::Paid => Fact::Spent(self.amount),
            _ => return None,
        };
        Some((&self.item, fact))
    }
}

/// What a year was given and what was spent of it, by item.
pub(crate) fn budget(
    unit: UnitId,
    year: i64,
) -> Result<std::collections::BTreeMap<String, crate::rules::budget::Line>> {
    let estimates = Estimate::all().filter(Estimate::UNIT.is(unit)).filter(Estimate::YEAR.is(year)).list()?;
    let approved: Vec<RecordId> =
        estimates.iter().filter(|one| one.state == state::CLOSED).map(|one| one.id).collect();
    let lines =
        EstimateLine::all().filter(EstimateLine::UNIT.is(unit)).filter(EstimateLine::YEAR.is(year)).list()?;
    let vouchers = Voucher::of_year(unit, year)?;
    let given = lines.iter().filter(|line| approved.contains(&line.estimate));
    let given = given.map(|line| (line.item.as_str(), Fact::Estimate(line.amount)));
    let asked = vouchers.iter().filter_map(|voucher| voucher.fact());
    Ok(crate::rules::budget::lines(given.chain(asked)))
}

/// A year of the fund, settled (quyết toán).
#[derive(Clone, Debug, PartialEq, Record)]
#[record(collection = "settlements")]
pub(crate) struct Settlement {
    pub(crate) unit: UnitId,
    pub(crate) year: i64,
    pub(crate) state: String,
    pub(crate) subject: String,
    pub(crate) opening: i64,
    pub(crate) added: i64,
    pub(crate) spent: i64,
    pub(crate) closing: i64,
    pub(crate) estimate: i64,
    pub(crate) prepared_by: AccountId,
    pub(crate) prepared_at: Timestamp,
    pub(crate) decided_by: Option<AccountId>,
    pub(crate) decided_at: Option<Timestamp>,
    pub(crate) note: Option<String>,
}

impl Settlement {
    /// The settlement of a unit and year, once it was submitted.
    pub(crate) fn find(unit: UnitId, year: i64) -> Result<Option<Stored<Self>>> {
        Self::all().filter(Self::UNIT.is(unit)).filter(Self::YEAR.is(year)).first()
    }

    /// What keeps a year from being written to: it, or a later one, is settled or waits to be.
    pub(crate) fn locking(unit: UnitId, year: i64) -> Result<Option<Stored<Self>>> {
        let settled = Self::all().filter(Self::UNIT.is(unit)).filter(Self::YEAR.at_least(year)).list()?;
        Ok(settled.into_iter().find(|one| one.state != state::RETURNED))
    }
}
