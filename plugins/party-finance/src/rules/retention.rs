//! Retention (trích giữ lại): what an organisation keeps of what it took in, and what it hands to the one above.
//!
//! Sources disagree on the shares, so they are dated rows by kind and level that the department edits. A share is of one
//! of two sums: of what the organisation itself took in, from its members and from below ([`Basis::Received`]), or of all
//! dues that stand behind it, with what the organisations below have kept of them ([`Basis::Total`]). Quyết định
//! 342-QĐ/TW (2010) gave a cell 30–50 %, a grassroots organisation of a commune 90 %, another 70 %, each level above 50 %.

use dinh_sdk::rust_decimal::RoundingStrategy;
use dinh_sdk::rust_decimal::prelude::ToPrimitive;
use dinh_sdk::time::Date;
use dinh_sdk::{Decimal, Words};

use super::organisations::{Kind, Level};

/// What a share is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// Of what it collected itself and received from below.
    Received,
    /// Of all dues collected by it and below it, whatever was kept there.
    Total,
}

impl Basis {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Received, Self::Total];

    /// As it is stored.
    pub fn key(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Total => "total",
        }
    }

    /// The basis of a key.
    pub fn of_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|basis| basis.key() == key)
    }

    /// In words.
    pub fn name(self) -> Words {
        match self {
            Self::Received => {
                Words::new("Số tự thu và cấp dưới nộp lên", "Collected and received from below")
            }
            Self::Total => Words::new("Tổng thu của cả cấp dưới", "All dues collected, also below"),
        }
    }
}

/// What organisations of a kind and level keep, from a day on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Share {
    /// Of this kind.
    pub kind: Kind,
    /// At this level.
    pub level: Level,
    /// The first day it holds; it holds until the next row.
    pub from: Date,
    /// Per cent that is kept, 0 to 100.
    pub percent: Decimal,
    /// Per cent of what.
    pub basis: Basis,
}

/// All shares.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shares(Vec<Share>);

impl Shares {
    /// From rows in any order.
    pub fn new(mut rows: Vec<Share>) -> Self {
        rows.sort_by_key(|row| row.from);
        Self(rows)
    }

    /// The share in force on a day.
    pub fn on(&self, kind: Kind, level: Level, day: Date) -> Option<&Share> {
        self.0.iter().rev().find(|row| row.kind == kind && row.level == level && row.from <= day)
    }
}

/// What an organisation took in during a month, and paid up. All in đồng; corrections make them negative.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Turnover {
    /// Đã thu from its own members.
    pub collected: i64,
    /// Cấp dưới nộp: what those below handed in, confirmed.
    pub received: i64,
    /// The dues collected that stand behind what was received.
    pub behind: i64,
    /// Đã nộp cấp trên, confirmed there.
    pub remitted: i64,
}

impl Turnover {
    /// What is there to be divided.
    pub fn income(&self) -> i64 {
        self.collected.saturating_add(self.received)
    }

    /// All dues that stand behind it.
    pub fn total(&self) -> i64 {
        self.collected.saturating_add(self.behind)
    }
}

/// An income divided: the parts add up to it, to the đồng.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Divided {
    /// Được trích giữ lại.
    pub retained: i64,
    /// Phải nộp cấp trên.
    pub due: i64,
}

/// Divides what was taken in. What is kept is rounded to whole đồng, half up; the rest is handed up, never more than there
/// is.
pub fn divide(share: &Share, turnover: &Turnover) -> Divided {
    let income = turnover.income();
    let of = match share.basis {
        Basis::Received => income,
        Basis::Total => turnover.total(),
    };
    let kept =
        Decimal::from(of).checked_mul(share.percent).and_then(|kept| kept.checked_div(Decimal::ONE_HUNDRED));
    let kept = kept.map(|kept| kept.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero));
    let kept = kept.and_then(|kept| kept.to_i64()).unwrap_or(of);
    let due = of.saturating_sub(kept);
    let due = if income >= 0 { due.clamp(0, income) } else { due };
    Divided { retained: income.saturating_sub(due), due }
}

/// The dues that stand behind a remittance: as much of `total` as the sums remitted so far, this one included, are of
/// what is due. `before` stands behind the earlier ones. Once all is remitted, all of `total` stands behind it.
pub fn behind(total: i64, due: i64, remitted: i64, before: i64) -> i64 {
    if due == 0 {
        return 0;
    }
    let share = i128::from(total) * i128::from(remitted);
    let all = i64::try_from(share / i128::from(due)).unwrap_or(total);
    all.saturating_sub(before)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use dinh_sdk::jiff::civil::date;
    use proptest::prelude::*;

    /// The rows of `data/retention.csv`.
    pub(crate) fn shipped() -> Shares {
        let lines = include_str!("../../data/retention.csv").lines().skip(1);
        let row = |line: &str| {
            let cells: Vec<&str> = line.splitn(6, ',').collect();
            Share {
                kind: Kind::of_key(cells[0]).unwrap(),
                level: Level::of_key(cells[1]).unwrap(),
                from: cells[2].parse().unwrap(),
                percent: cells[3].parse().unwrap(),
                basis: Basis::of_key(cells[4]).unwrap(),
            }
        };
        Shares::new(lines.map(row).collect())
    }

    fn parts(kind: Kind, level: Level, turnover: Turnover) -> (i64, i64) {
        let shares = shipped();
        let divided = divide(shares.on(kind, level, date(2026, 3, 1)).unwrap(), &turnover);
        (divided.retained, divided.due)
    }

    #[test]
    fn a_commune_keeps_ninety_per_cent_of_all_dues_with_what_its_cells_have_kept() {
        // 10.000.000 collected by a cell, which keeps 50 % (342-QĐ/TW: 30 to 50); the committee hands 10 % of it up.
        let cell = Turnover { collected: 10_000_000, ..Turnover::default() };
        assert_eq!(parts(Kind::Commune, Level::Cell, cell), (5_000_000, 5_000_000));
        let committee = Turnover { received: 5_000_000, behind: 10_000_000, ..Turnover::default() };
        assert_eq!(parts(Kind::Commune, Level::Grassroots, committee), (4_000_000, 1_000_000));
        assert_eq!(parts(Kind::Enterprise, Level::Grassroots, committee), (2_000_000, 3_000_000));
        // Each level above keeps half of what it receives.
        let superior = Turnover { received: 1_000_000, behind: 10_000_000, ..Turnover::default() };
        assert_eq!(parts(Kind::Commune, Level::Superior, superior), (500_000, 500_000));
        assert_eq!(parts(Kind::Other, Level::Province, superior), (1_000_000, 0));
    }

    #[test]
    fn an_odd_dong_stays_below() {
        let odd = Turnover { collected: 194_455, ..Turnover::default() };
        assert_eq!(parts(Kind::Other, Level::Cell, odd), (97_228, 97_227));
    }

    #[test]
    fn a_share_holds_from_its_day_and_before_the_first_there_is_none() {
        let share = |from, percent| Share {
            kind: Kind::Other,
            level: Level::Cell,
            from,
            percent: Decimal::from(percent),
            basis: Basis::Received,
        };
        let shares = Shares::new(vec![share(date(2026, 7, 1), 30), share(date(2026, 1, 1), 50)]);
        let on = |day| shares.on(Kind::Other, Level::Cell, day).map(|share| share.percent);
        assert_eq!(on(date(2025, 12, 31)), None);
        assert_eq!(on(date(2026, 6, 30)), Some(Decimal::from(50)));
        assert_eq!(on(date(2026, 7, 1)), Some(Decimal::from(30)));
        assert_eq!(shares.on(Kind::Commune, Level::Cell, date(2026, 7, 1)), None);
    }

    #[test]
    fn what_stands_behind_parts_of_a_remittance_adds_up_to_all_of_it() {
        let first = behind(1_000_001, 500_000, 166_667, 0);
        let second = behind(1_000_001, 500_000, 400_000, first);
        let third = behind(1_000_001, 500_000, 500_000, first + second);
        assert_eq!((first, second, third), (333_334, 466_666, 200_001));
        assert_eq!(behind(5, 0, 0, 0), 0);
    }

    proptest! {
        #[test]
        fn what_is_kept_and_handed_up_is_what_was_taken_in(
            collected in -1_000_000_000_i64..1_000_000_000,
            received in 0..1_000_000_000_i64,
            more in 0..1_000_000_000_i64,
            percent in 0..=1_000_000_i64,
            total in any::<bool>(),
        ) {
            let turnover = Turnover { collected, received, behind: received + more, remitted: 0 };
            let basis = if total { Basis::Total } else { Basis::Received };
            let percent = Decimal::new(percent, 4);
            let share =
                Share { kind: Kind::Other, level: Level::Cell, from: date(2026, 1, 1), percent, basis };
            let divided = divide(&share, &turnover);
            prop_assert_eq!(divided.retained + divided.due, turnover.income());
            if turnover.income() >= 0 {
                prop_assert!(divided.due >= 0 && divided.retained >= 0);
            }
        }
    }
}
