//! What is kept and what is handed up: organisations, shares, remittances.

use dinh_sdk::prelude::*;

use crate::month::Month;
use crate::rules::organisations::{Kind, Level, Organisations, Placement};
use crate::rules::retention::{Basis, Share, Shares};

/// What an organisation is, from a day on.
#[derive(Clone, Debug, PartialEq, Record)]
#[record(collection = "organisations")]
pub(crate) struct Organisation {
    pub(crate) organisation: UnitId,
    /// A key of [`Kind`].
    pub(crate) kind: String,
    /// A key of [`Level`].
    pub(crate) level: String,
    /// Whom it remits to; none at the top.
    pub(crate) upper: Option<UnitId>,
    pub(crate) from: Date,
    pub(crate) source: String,
}

impl Organisation {
    /// All of them.
    pub(crate) fn load() -> Result<Organisations> {
        let placed = |row: Stored<Self>| {
            Some(Placement {
                unit: row.organisation,
                kind: Kind::of_key(&row.kind)?,
                level: Level::of_key(&row.level)?,
                upper: row.upper,
                from: row.from,
            })
        };
        Ok(Organisations::new(Self::all().list()?.into_iter().filter_map(placed).collect()))
    }
}

/// What organisations of a kind and level keep, from a day on.
#[derive(Clone, Debug, PartialEq, Record)]
#[record(collection = "retentions")]
pub(crate) struct Retention {
    /// A key of [`Kind`].
    pub(crate) kind: String,
    /// A key of [`Level`].
    pub(crate) level: String,
    pub(crate) from: Date,
    pub(crate) percent: Decimal,
    /// A key of [`Basis`].
    pub(crate) basis: String,
    pub(crate) source: String,
}

impl Retention {
    /// All of them.
    pub(crate) fn load() -> Result<Shares> {
        let share = |row: Stored<Self>| {
            Some(Share {
                kind: Kind::of_key(&row.kind)?,
                level: Level::of_key(&row.level)?,
                from: row.from,
                percent: row.percent,
                basis: Basis::of_key(&row.basis)?,
            })
        };
        Ok(Shares::new(Self::all().list()?.into_iter().filter_map(share).collect()))
    }
}

/// How far a remittance is, as `state` has it.
pub(crate) mod stage {
    /// Waits for the organisation above.
    pub(crate) const SENT: &str = "sent";
    /// Received there.
    pub(crate) const CONFIRMED: &str = "confirmed";
    /// Not received: said by the organisation above.
    pub(crate) const RETURNED: &str = "returned";
}

/// Dues handed up (khoản nộp). Negative where it undoes another.
#[derive(Clone, Debug, PartialEq, Record)]
#[record(collection = "remittances")]
pub(crate) struct Remittance {
    pub(crate) unit: UnitId,
    pub(crate) upper: UnitId,
    /// The months it is for.
    pub(crate) from: Month,
    pub(crate) until: Month,
    pub(crate) amount: i64,
    /// The dues collected that stand behind it.
    pub(crate) behind: i64,
    pub(crate) sent_on: Date,
    pub(crate) state: String,
    pub(crate) subject: String,
    pub(crate) sent_by: AccountId,
    pub(crate) sent_at: Timestamp,
    pub(crate) received_on: Option<Date>,
    /// The period it is booked in by both, from the day it was received on.
    pub(crate) period: Option<Month>,
    pub(crate) decided_by: Option<AccountId>,
    pub(crate) decided_at: Option<Timestamp>,
    pub(crate) corrects: Option<RecordId>,
    pub(crate) note: Option<String>,
}

impl Remittance {
    /// The months it is for: `01/2026` or `01/2026 – 03/2026`.
    pub(crate) fn months(&self) -> String {
        if self.from == self.until {
            self.from.to_string()
        } else {
            format!("{} – {}", self.from, self.until)
        }
    }
}
