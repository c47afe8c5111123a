//! Discipline (kỷ luật): limitation, effect, ballots. Years and months are rows of the catalog, by form.

use dinh_sdk::jiff::{ToSpan, civil::Date};

/// The last day on which a form may be decided for a violation that ended on a day; none without limitation (khai trừ).
/// Five years for khiển trách, ten for cảnh cáo and cách chức, by 102-QĐ/TW: rows of the catalog.
pub fn last_day(violated: Date, years: Option<i64>) -> Option<Date> {
    let years = years?.clamp(0, 100);
    violated.checked_add(years.years()).ok().and_then(|day| day.yesterday().ok())
}

/// Whether a decision comes in time.
pub fn in_time(violated: Date, decided: Date, years: Option<i64>) -> bool {
    last_day(violated, years).is_none_or(|last| decided <= last)
}

/// The day on which a decision's effect ends; none for one that has no term.
pub fn effective_until(decided: Date, months: Option<i64>) -> Option<Date> {
    let months = months?.clamp(0, 1200);
    decided.checked_add(months.months()).ok()
}

/// Counts of a secret ballot: never who voted what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ballot {
    /// Who may vote.
    pub eligible: i64,
    /// Papers that came back.
    pub cast: i64,
    /// In favour of the form.
    pub in_favour: i64,
    /// Against it.
    pub against: i64,
    /// Neither.
    pub invalid: i64,
}

/// What is wrong with the counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Miscount {
    /// A count is negative, or nobody may vote.
    Absurd,
    /// More papers than voters.
    TooMany,
    /// The parts do not add up to what was cast.
    Sum,
}

impl Ballot {
    /// Whether the counts add up.
    pub fn check(self) -> Result<(), Miscount> {
        let Self { eligible, cast, in_favour, against, invalid } = self;
        if eligible <= 0 || [cast, in_favour, against, invalid].iter().any(|count| *count < 0) {
            return Err(Miscount::Absurd);
        }
        if cast > eligible {
            return Err(Miscount::TooMany);
        }
        let sum = in_favour.checked_add(against).and_then(|sum| sum.checked_add(invalid));
        if sum == Some(cast) { Ok(()) } else { Err(Miscount::Sum) }
    }

    /// Whether more than `percent` of those who may vote are in favour.
    pub fn carries(self, percent: i64) -> bool {
        i128::from(self.in_favour) * 100 > i128::from(self.eligible) * i128::from(percent)
    }
}

/// Whether a case has come to its end: a decision stands, or it was voted on (`votes`, one ballot for each form) and no
/// form was carried by more than `percent` of those who may vote. What is carried has to be decided first.
pub fn is_settled(decided: bool, mut votes: impl Iterator<Item = Ballot>, percent: i64) -> bool {
    decided || votes.try_fold(false, |_, vote| (!vote.carries(percent)).then_some(true)).unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;
    use dinh_sdk::jiff::civil::date;
    use proptest::prelude::*;

    #[test]
    fn limitation_runs_to_the_day_before_its_anniversary() {
        let violated = date(2021, 3, 10);
        assert!(in_time(violated, date(2026, 3, 9), Some(5)));
        assert!(!in_time(violated, date(2026, 3, 10), Some(5)));
        assert!(in_time(violated, date(2031, 3, 9), Some(10)));
        assert!(in_time(date(1990, 1, 1), date(2026, 3, 9), None), "khai trừ has none");
        // The leap day has its anniversary on the last of February.
        assert_eq!(last_day(date(2024, 2, 29), Some(5)), Some(date(2029, 2, 27)));
    }

    #[test]
    fn effect_ends_after_so_many_months() {
        assert_eq!(effective_until(date(2026, 3, 2), Some(12)), Some(date(2027, 3, 2)));
        assert_eq!(effective_until(date(2026, 8, 31), Some(6)), Some(date(2027, 2, 28)));
        assert_eq!(effective_until(date(2026, 3, 2), None), None);
    }

    #[test]
    fn a_ballot_carries_with_more_than_half_of_those_who_may_vote() {
        let ballot =
            |in_favour| Ballot { eligible: 10, cast: 9, in_favour, against: 9 - in_favour, invalid: 0 };
        assert!(!ballot(5).carries(50) && ballot(6).carries(50));
        assert_eq!(ballot(6).check(), Ok(()));
        assert_eq!(Ballot { cast: 11, ..ballot(6) }.check(), Err(Miscount::TooMany));
        assert_eq!(Ballot { invalid: 1, ..ballot(6) }.check(), Err(Miscount::Sum));
        assert_eq!(Ballot { against: -3, invalid: 6, ..ballot(6) }.check(), Err(Miscount::Absurd));
        assert_eq!(Ballot { in_favour: i64::MAX, ..ballot(6) }.check(), Err(Miscount::Sum));
    }

    #[test]
    fn a_case_ends_with_a_decision_or_with_a_vote_that_carried_nothing() {
        let vote = |in_favour| Ballot { eligible: 9, cast: 9, in_favour, against: 9 - in_favour, invalid: 0 };
        let settled =
            |decided, votes: &[i64]| is_settled(decided, votes.iter().map(|count| vote(*count)), 50);
        assert!(!settled(false, &[]), "nobody has voted");
        assert!(settled(false, &[4, 2]), "no form was carried");
        assert!(!settled(false, &[4, 6]), "one was, and has to be decided");
        assert!(settled(true, &[6]) && settled(true, &[]));
    }

    proptest! {
        #[test]
        fn a_longer_limitation_never_turns_in_time_into_too_late(
            days in 0_i64..12_000, years in 0_i64..20, more in 0_i64..20,
        ) {
            let violated = date(2000, 2, 29);
            let decided = violated.checked_add(days.days()).unwrap();
            prop_assert!(!in_time(violated, decided, Some(years)) || in_time(violated, decided, Some(years + more)));
        }

        #[test]
        fn of_two_forms_at_most_one_carries(one in 0_i64..200, other in 0_i64..200, absent in 0_i64..50) {
            let eligible = one + other + absent;
            let ballot = |in_favour| Ballot { eligible, cast: in_favour, in_favour, against: 0, invalid: 0 };
            prop_assert!(!(ballot(one).carries(50) && ballot(other).carries(50)));
        }
    }
}
