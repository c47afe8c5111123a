//! The Party's organisations: what kind of Party committee each is, at which level, and whom it remits to, from a day on.

use std::collections::{BTreeMap, BTreeSet};

use dinh_sdk::time::Date;
use dinh_sdk::{UnitId, Words};

/// The type of a Party committee, as the columns of B01/ĐP have it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Đảng bộ xã, phường, thị trấn.
    Commune,
    /// Đảng bộ doanh nghiệp.
    Enterprise,
    /// Đảng bộ khác.
    Other,
}

impl Kind {
    /// In the order of the columns.
    pub const ALL: [Self; 3] = [Self::Commune, Self::Enterprise, Self::Other];

    /// As it is stored.
    pub fn key(self) -> &'static str {
        match self {
            Self::Commune => "commune",
            Self::Enterprise => "enterprise",
            Self::Other => "other",
        }
    }

    /// The kind of a key.
    pub fn of_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.key() == key)
    }

    /// As the form has it.
    pub fn name(self) -> Words {
        match self {
            Self::Commune => {
                Words::new("Đảng bộ xã, phường, thị trấn", "Party committee of a commune or ward")
            }
            Self::Enterprise => Words::new("Đảng bộ doanh nghiệp", "Party committee of an enterprise"),
            Self::Other => Words::new("Đảng bộ khác", "Other Party committee"),
        }
    }
}

/// The level of an organisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Chi bộ trực thuộc đảng uỷ cơ sở.
    Cell,
    /// Tổ chức cơ sở đảng: đảng uỷ cơ sở, chi bộ cơ sở.
    Grassroots,
    /// Cấp trên trực tiếp của tổ chức cơ sở đảng.
    Superior,
    /// Tỉnh uỷ.
    Province,
}

impl Level {
    /// From below.
    pub const ALL: [Self; 4] = [Self::Cell, Self::Grassroots, Self::Superior, Self::Province];

    /// As it is stored.
    pub fn key(self) -> &'static str {
        match self {
            Self::Cell => "cell",
            Self::Grassroots => "grassroots",
            Self::Superior => "superior",
            Self::Province => "province",
        }
    }

    /// The level of a key.
    pub fn of_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.key() == key)
    }

    /// As the forms have it.
    pub fn name(self) -> Words {
        match self {
            Self::Cell => Words::new("Chi bộ trực thuộc", "Cell"),
            Self::Grassroots => Words::new("Tổ chức cơ sở đảng", "Grassroots organisation"),
            Self::Superior => Words::new("Cấp trên trực tiếp cơ sở", "Immediate superior of the grassroots"),
            Self::Province => Words::new("Tỉnh uỷ", "Provincial Party committee"),
        }
    }
}

/// What an organisation is from a day on, until its next row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placement {
    /// The organisation.
    pub unit: UnitId,
    /// Its type.
    pub kind: Kind,
    /// Its level.
    pub level: Level,
    /// Whom it remits to; none at the top.
    pub upper: Option<UnitId>,
    /// The first day it holds.
    pub from: Date,
}

/// All of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Organisations(Vec<Placement>);

impl Organisations {
    /// From rows in any order.
    pub fn new(mut rows: Vec<Placement>) -> Self {
        rows.sort_by_key(|row| row.from);
        Self(rows)
    }

    /// What an organisation is on a day.
    pub fn on(&self, unit: UnitId, day: Date) -> Option<&Placement> {
        self.0.iter().rev().find(|row| row.unit == unit && row.from <= day)
    }

    /// Those that remit to an organisation on any day.
    pub fn ever_under(&self, upper: UnitId) -> BTreeSet<UnitId> {
        self.0.iter().filter(|row| row.upper == Some(upper)).map(|row| row.unit).collect()
    }

    /// An organisation and all that remit up to it on a day, each after the one above it. A circle is walked once.
    pub fn within(&self, top: UnitId, day: Date) -> Vec<&Placement> {
        // Rows are in the order of their days: a later one takes the place of an earlier one.
        let held = self.0.iter().filter(|row| row.from <= day).map(|row| (row.unit, row));
        let placed: BTreeMap<UnitId, &Placement> = held.collect();
        let mut under: BTreeMap<UnitId, Vec<&Placement>> = BTreeMap::new();
        for row in placed.values() {
            if let Some(upper) = row.upper {
                under.entry(upper).or_default().push(row);
            }
        }
        let (mut found, mut seen) = (Vec::new(), BTreeSet::from([top]));
        found.extend(placed.get(&top).copied());
        let mut waiting = vec![top];
        while let Some(upper) = waiting.pop() {
            for row in under.get(&upper).into_iter().flatten().copied() {
                if seen.insert(row.unit) {
                    found.push(row);
                    waiting.push(row.unit);
                }
            }
        }
        found
    }

    /// Whether an organisation would remit to itself, directly or through others, if it remitted to `upper` from a day on.
    pub fn circles(&self, unit: UnitId, upper: UnitId, day: Date) -> bool {
        unit == upper || self.within(unit, day).iter().any(|row| row.unit == upper)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dinh_sdk::jiff::civil::date;

    fn placed(unit: u32, upper: Option<u32>, from: Date) -> Placement {
        let level = if upper.is_some() { Level::Cell } else { Level::Grassroots };
        Placement { unit: UnitId(unit), kind: Kind::Other, level, upper: upper.map(UnitId), from }
    }

    fn units(rows: &[&Placement]) -> Vec<u32> {
        rows.iter().map(|row| row.unit.0).collect()
    }

    #[test]
    fn an_organisation_moves_to_another_committee_on_a_day() {
        let (january, july) = (date(2026, 1, 1), date(2026, 7, 1));
        let rows = [(1, None), (2, Some(1)), (3, Some(2)), (4, None)];
        let mut rows = rows.map(|(unit, upper)| placed(unit, upper, january)).to_vec();
        rows.push(placed(3, Some(4), july));
        let all = Organisations::new(rows);
        assert_eq!(units(&all.within(UnitId(1), date(2026, 6, 30))), [1, 2, 3]);
        assert_eq!(units(&all.within(UnitId(1), july)), [1, 2]);
        assert_eq!(units(&all.within(UnitId(4), july)), [4, 3]);
        assert_eq!(all.on(UnitId(1), date(2025, 12, 31)), None, "before its first day it is not known");
        assert_eq!(all.ever_under(UnitId(2)), BTreeSet::from([UnitId(3)]));
    }

    #[test]
    fn nobody_remits_to_themselves_and_a_circle_ends() {
        let day = date(2026, 1, 1);
        let all = Organisations::new(vec![placed(1, Some(2), day), placed(2, Some(1), day)]);
        assert_eq!(units(&all.within(UnitId(1), day)), [1, 2]);
        assert!(all.circles(UnitId(2), UnitId(1), day) && all.circles(UnitId(7), UnitId(7), day));
        assert!(!all.circles(UnitId(1), UnitId(7), day));
    }
}
