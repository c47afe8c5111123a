//! How fast a job goes, by what its last steps took.

use serde::{Deserialize, Serialize};

/// Points that are kept.
const POINTS: usize = 12;
/// How far they lie apart at least: microseconds.
const APART: i64 = 5_000_000;
/// The shortest time that says anything about a rate: microseconds.
const SHORTEST: i64 = 1_000_000;
const HOUR: u128 = 3_600_000_000;

/// When how many were done, for the last minute or more.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pace {
    points: Vec<(i64, u64)>,
}

impl Pace {
    /// Begins to measure.
    pub(super) fn begin(at: i64, done: u64) -> Self {
        Self { points: vec![(at, done)] }
    }

    /// So many are done at a moment: microseconds since 1970.
    pub(super) fn note(&mut self, at: i64, done: u64) {
        let before = self.points.iter().rev().nth(1).map(|(at, _)| *at);
        match (before, self.points.last_mut()) {
            (Some(before), Some(last)) if at.saturating_sub(before) < APART => *last = (at, done),
            _ => self.points.push((at, done)),
        }
        if self.points.len() > POINTS {
            self.points.remove(0);
        }
    }

    /// How many are done in an hour; none until a second has shown.
    pub fn per_hour(&self) -> Option<u64> {
        let ((began, first), (ended, last)) = (self.points.first()?, self.points.last()?);
        let took =
            u128::try_from(ended.checked_sub(*began)?).ok().filter(|took| *took >= SHORTEST as u128)?;
        let rate = u128::from(last.saturating_sub(*first)) * HOUR / took;
        u64::try_from(rate).ok()
    }

    /// Seconds until all are done at that rate; none when it stands still.
    pub fn seconds_left(&self, done: u64, of: u64) -> Option<u64> {
        let rate = self.per_hour().filter(|rate| *rate > 0)?;
        let seconds = (u128::from(of.saturating_sub(done)) * 3_600).div_ceil(u128::from(rate));
        u64::try_from(seconds).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: i64 = 1_000_000;

    #[test]
    fn a_rate_is_that_of_the_last_minute_and_tells_the_time_left() {
        let mut pace = Pace::begin(0, 0);
        assert_eq!(pace.per_hour(), None);
        pace.note(SECOND / 2, 10);
        assert_eq!(pace.per_hour(), None, "half a second says nothing");
        // Ten in a second for five minutes, then one.
        for second in 1..=300 {
            pace.note(second * SECOND, u64::try_from(second).unwrap() * 10);
        }
        assert_eq!(pace.per_hour(), Some(36_000));
        assert_eq!(pace.seconds_left(3_000, 3_600), Some(60));
        assert!(pace.points.len() <= POINTS);
        for second in 301..=420 {
            pace.note(second * SECOND, 3_000 + u64::try_from(second - 300).unwrap());
        }
        assert_eq!(pace.per_hour(), Some(3_600));
        assert_eq!(pace.seconds_left(3_120, 3_121), Some(1));
    }

    #[test]
    fn what_stands_still_or_goes_back_has_no_time_left() {
        let mut pace = Pace::begin(0, 100);
        pace.note(10 * SECOND, 100);
        assert_eq!((pace.per_hour(), pace.seconds_left(100, 200)), (Some(0), None));
        pace.note(20 * SECOND, 50);
        assert_eq!((pace.per_hour(), pace.seconds_left(50, 200)), (Some(0), None));
        let mut backwards = Pace::begin(10 * SECOND, 0);
        backwards.note(0, 5);
        assert_eq!(backwards.per_hour(), None, "a clock that was set back says nothing");
        let mut huge = Pace::begin(i64::MIN, 0);
        huge.note(i64::MAX, u64::MAX);
        assert_eq!(huge.per_hour(), None);
    }
}
