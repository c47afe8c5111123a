//! What assessing a month came to for an organisation, and which organisations a step of the job takes.

use dinh_sdk::{UnitId, Words};

/// What it came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Members were assessed.
    Assessed,
    /// All had been before.
    Complete,
    /// It has no members in the month.
    NoMembers,
    /// Of those who are left, nobody has a basis of income.
    NoBasis,
    /// The period, a later one or the year is closed, or waits to be.
    Locked,
    /// No contract lets the members be read, or it gives too little.
    Unread,
    /// A rate is not recorded.
    NoRate,
}

impl Outcome {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Assessed,
        Self::Complete,
        Self::NoMembers,
        Self::NoBasis,
        Self::Locked,
        Self::Unread,
        Self::NoRate,
    ];

    /// As it is stored.
    pub fn key(self) -> &'static str {
        match self {
            Self::Assessed => "assessed",
            Self::Complete => "complete",
            Self::NoMembers => "no-members",
            Self::NoBasis => "no-basis",
            Self::Locked => "locked",
            Self::Unread => "unread",
            Self::NoRate => "no-rate",
        }
    }

    /// The outcome of a key.
    pub fn of_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.key() == key)
    }

    /// As people read it.
    pub fn name(self) -> Words {
        match self {
            Self::Assessed => Words::new("Đã lập", "Assessed"),
            Self::Complete => Words::new("Đã lập từ trước", "Assessed before"),
            Self::NoMembers => Words::new("Không có đảng viên", "No members"),
            Self::NoBasis => Words::new("Chưa có căn cứ thu nhập", "No basis of income"),
            Self::Locked => Words::new("Kỳ đã khoá hoặc chờ khoá", "Period closed or to be closed"),
            Self::Unread => Words::new("Không đọc được danh sách đảng viên", "The members cannot be read"),
            Self::NoRate => Words::new("Chưa có mức đóng", "No rate"),
        }
    }

    /// Whether somebody has to do something before the month is assessed there.
    pub fn hinders(self) -> bool {
        !matches!(self, Self::Assessed | Self::Complete | Self::NoMembers)
    }
}

/// How many members there are in the month, were assessed now, and have no basis of income.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// All members of the month.
    pub members: usize,
    /// Who was assessed now.
    pub assessed: usize,
    /// Who has no basis.
    pub unknown: usize,
}

impl Counts {
    /// What they mean.
    pub fn outcome(self) -> Outcome {
        match self {
            Self { members: 0, .. } => Outcome::NoMembers,
            Self { assessed: 0, unknown: 0, .. } => Outcome::Complete,
            Self { assessed: 0, .. } => Outcome::NoBasis,
            Self { .. } => Outcome::Assessed,
        }
    }
}

/// Those that are left after one of them, in the order of their numbers: an organisation that is added or lost between
/// two steps moves none of the others.
pub fn left(mut units: Vec<UnitId>, after: Option<UnitId>) -> Vec<UnitId> {
    units.retain(|unit| after.is_none_or(|after| *unit > after));
    units.sort_unstable();
    units.dedup();
    units
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_organisation_is_assessed_when_anybody_was_and_hindered_when_only_the_unknown_are_left() {
        let outcome = |members, assessed, unknown| Counts { members, assessed, unknown }.outcome();
        assert_eq!(outcome(0, 0, 0), Outcome::NoMembers);
        assert_eq!(outcome(3, 2, 1), Outcome::Assessed);
        assert_eq!(outcome(3, 0, 0), Outcome::Complete);
        assert_eq!(outcome(3, 0, 1), Outcome::NoBasis);
        let hinder: Vec<_> = Outcome::ALL.into_iter().filter(|outcome| outcome.hinders()).collect();
        assert_eq!(hinder, [Outcome::NoBasis, Outcome::Locked, Outcome::Unread, Outcome::NoRate]);
    }

    #[test]
    fn what_is_stored_is_read_again() {
        for outcome in Outcome::ALL {
            assert_eq!(Outcome::of_key(outcome.key()), Some(outcome));
        }
        assert_eq!(Outcome::of_key(""), None);
    }

    proptest! {
        #[test]
        fn step_by_step_each_organisation_comes_once_also_when_one_is_lost(
            units in proptest::collection::vec(0_u32..40, 0..30), lost in 0_u32..40, size in 1_usize..7,
        ) {
            let units: Vec<UnitId> = units.into_iter().map(UnitId).collect();
            let (mut taken, mut after): (Vec<UnitId>, _) = (Vec::new(), None);
            loop {
                // After the first step one of them is gone.
                let mut known = units.clone();
                known.retain(|unit| taken.is_empty() || unit.0 != lost);
                let step: Vec<UnitId> = left(known, after).into_iter().take(size).collect();
                let Some(last) = step.last() else { break };
                after = Some(*last);
                taken.extend(step);
            }
            prop_assert!(taken.windows(2).all(|pair| pair[0] < pair[1]));
            prop_assert!(units.iter().all(|unit| unit.0 == lost || taken.contains(unit)));
        }
    }
}
