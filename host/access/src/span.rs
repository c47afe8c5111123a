//! Terms as a check reads them: the days in the grant itself, the exact moments beside it.
//!
//! Every grant has a term that began at some moment, so most checks that find a grant have to look at its
//! term. The days decide all of them but those on the very day on which the term begins or ends; only
//! these read the exact moments, which lie in another cache line.

use dinh_model::{Timestamp, time};

use crate::Term;

/// A term in microseconds since 1970: from the first, before the second.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Span {
    from: i64,
    until: i64,
}

impl Span {
    pub const ALWAYS: Self = Self { from: i64::MIN, until: i64::MAX };

    /// What two spans have in common; never in force when that is nothing.
    pub fn and(self, other: Self) -> Self {
        Self { from: self.from.max(other.from), until: self.until.min(other.until) }
    }

    /// The moments at which it begins and is over.
    pub fn ends(&self) -> [i64; 2] {
        [self.from, self.until]
    }

    pub fn contains(&self, now: Timestamp) -> bool {
        let now = time::microseconds(now);
        self.from <= now && now < self.until
    }
}

impl From<Term> for Span {
    fn from(term: Term) -> Self {
        Self {
            from: if term.from == Timestamp::MIN { i64::MIN } else { time::microseconds(term.from) },
            until: term.until.map_or(i64::MAX, time::microseconds),
        }
    }
}

/// A moment, and its day.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moment {
    pub now: Timestamp,
    day: u16,
}

impl From<Timestamp> for Moment {
    #[inline]
    fn from(now: Timestamp) -> Self {
        Self { now, day: day(now.as_second()) }
    }
}

/// The days of a span: that of its first moment, and how many later that of the first moment after it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Days {
    from: u16,
    length: u16,
}

/// Whether a span contains the moments of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Covers {
    /// None of them, when false.
    pub perhaps: bool,
    /// If any, then all of them, when false.
    pub partly: bool,
}

impl Days {
    #[inline]
    pub fn cover(self, moment: Moment) -> Covers {
        let after = moment.day.wrapping_sub(self.from);
        Covers { perhaps: after <= self.length, partly: (after == 0) | (after == self.length) }
    }
}

impl From<Span> for Days {
    fn from(span: Span) -> Self {
        if span.from >= span.until {
            return Self { from: u16::MAX, length: 0 };
        }
        // Before every day, and after.
        let from = if span.from == i64::MIN { 0 } else { day(seconds(span.from)) };
        let until = if span.until == i64::MAX { u16::MAX } else { day(seconds(span.until)) };
        Self { from, length: until - from }
    }
}

/// Whole seconds since 1970, rounded down.
fn seconds(microseconds: i64) -> i64 {
    microseconds.div_euclid(1_000_000)
}

/// The number of a day, counted from 1 on 1970-01-01; all before it count as that day, and all after some
/// day of the year 2149 as that.
#[inline]
fn day(seconds: i64) -> u16 {
    const LAST: u64 = u16::MAX as u64 - 2;
    // It fits, since it was bounded.
    (seconds.max(0).unsigned_abs() / 86_400).min(LAST) as u16 + 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// About the years −4000 and 8000.
    const FAR: i64 = 190_000_000_000_000_000;

    /// Moments around midnights of a few days, at the ends of what days can say, and anywhere.
    fn moments() -> impl Strategy<Value = i64> {
        let near = (-3_i64..4, -2_i64..3);
        let around = |(day, off)| (20_000 + day) * 86_400_000_000 + off;
        prop_oneof![
            4 => near.clone().prop_map(around),
            1 => near.clone().prop_map(|(day, off)| day * 86_400_000_000 + off),
            1 => near.prop_map(|(day, off)| (65_534 + day) * 86_400_000_000 + off),
            1 => -FAR..FAR,
            1 => Just(i64::MIN),
            1 => Just(i64::MAX),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20_000))]
        #[test]
        fn days_never_contradict_the_exact_term(from in moments(), until in moments(), now in moments()) {
            let now = now.clamp(-FAR, FAR);
            let moment = Moment::from(time::from_microseconds(now).unwrap());
            let span = Span { from, until };
            let covers = Days::from(span).cover(moment);
            let contains = span.contains(moment.now);
            prop_assert!(!contains || covers.perhaps, "{contains} {covers:?}");
            prop_assert!(contains || !covers.perhaps || covers.partly, "{contains} {covers:?}");
        }
    }

    #[test]
    fn a_grant_for_ever_needs_no_second_look_on_any_day() {
        for now in [Timestamp::MIN, Timestamp::UNIX_EPOCH, Timestamp::MAX] {
            let covers = Days::from(Span::ALWAYS).cover(now.into());
            assert_eq!(covers, Covers { perhaps: true, partly: false });
        }
    }
}
