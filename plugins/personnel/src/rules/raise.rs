//! The next periodic raise: a step higher after the months of the grade; at the last step a share beyond
//! the frame, which grows every year. Discipline puts it off.

use dinh_sdk::Decimal;
use dinh_sdk::time::Date;

use super::months_after;

/// The pay scale of a grade: a dated row of the operator's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scale {
    /// Coefficient of the first step.
    pub first: Decimal,
    /// What each step adds.
    pub increment: Decimal,
    /// How many steps there are.
    pub steps: i64,
    /// Months that a step lasts.
    pub months: i64,
}

impl Scale {
    /// The coefficient of a step; none for a step that the grade has not.
    ///
    /// ```
    /// use dinh_plugin_personnel::rules::raise::Scale;
    /// use dinh_sdk::Decimal;
    /// let specialist = Scale { first: Decimal::new(234, 2), increment: Decimal::new(33, 2), steps: 9, months: 36 };
    /// assert_eq!(specialist.coefficient(9), Some(Decimal::new(498, 2)));
    /// assert_eq!(specialist.coefficient(10), None);
    /// ```
    pub fn coefficient(&self, step: i64) -> Option<Decimal> {
        if !(1..=self.steps).contains(&step) {
            return None;
        }
        self.increment.checked_mul(Decimal::from(step - 1))?.checked_add(self.first)
    }
}

/// Where somebody stands in a grade.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Counted from 1.
    pub step: i64,
    /// Per cent of the coefficient paid beyond the frame; 0 below the last step.
    pub over_frame: i64,
    /// The first day of this.
    pub since: Date,
}

/// What is paid beyond the frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OverFrame {
    /// The first share, in per cent.
    pub first: i64,
    /// What each further one adds.
    pub next: i64,
    /// Months between them.
    pub months: i64,
}

/// A raise that is to come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Raise {
    /// Its first day.
    pub due: Date,
    /// The step then.
    pub step: i64,
    /// The coefficient then.
    pub coefficient: Decimal,
    /// Beyond the frame, in per cent.
    pub over_frame: i64,
}

/// The next raise, put off by `delay` months. None for a step that the scale has not.
pub fn next(scale: &Scale, place: Place, over: OverFrame, delay: i64) -> Option<Raise> {
    let coefficient = scale.coefficient(place.step)?;
    let after = |months: i64| months_after(place.since, months.checked_add(delay.max(0))?);
    if place.step < scale.steps {
        let step = place.step + 1;
        let coefficient = scale.coefficient(step)?;
        return Some(Raise { due: after(scale.months)?, step, coefficient, over_frame: 0 });
    }
    let (months, over_frame) = if place.over_frame <= 0 {
        (scale.months, over.first)
    } else {
        (over.months, place.over_frame.checked_add(over.next)?)
    };
    Some(Raise { due: after(months)?, step: place.step, coefficient, over_frame })
}

/// What was decided against somebody: the day of each measure, and by how many months it puts a raise off.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Measures {
    /// Discipline of officials (kỷ luật hành chính).
    pub official: Vec<(Date, i64)>,
    /// Discipline by the Party (kỷ luật Đảng), by the same forms.
    pub party: Vec<(Date, i64)>,
}

/// By how many months what was decided since the present step puts off the raise. Discipline by the Party counts by its
/// form where officials' discipline was not decided as well (Thông tư 08/2013/TT-BNV, điều 2, as amended by Thông tư
/// 03/2021/TT-BNV; to be checked against the text in force).
pub fn delay(since: Date, measures: &Measures) -> i64 {
    let months = |decided: &[(Date, i64)]| -> i64 {
        let counts = decided.iter().filter(|(day, months)| *day >= since && *months > 0);
        counts.map(|(_, months)| months).fold(0, |sum, months| sum.saturating_add(*months))
    };
    match months(&measures.official) {
        0 => months(&measures.party),
        official => official,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dinh_sdk::jiff::civil::date;
    use proptest::prelude::*;

    const OVER: OverFrame = OverFrame { first: 5, next: 1, months: 12 };

    fn scale(first: i64, increment: i64, steps: i64, months: i64) -> Scale {
        Scale { first: Decimal::new(first, 2), increment: Decimal::new(increment, 2), steps, months }
    }

    #[test]
    fn a_specialist_rises_a_step_after_three_years_and_an_assistant_after_two() {
        let place = Place { step: 3, over_frame: 0, since: date(2023, 4, 1) };
        let raise = next(&scale(234, 33, 9, 36), place, OVER, 0).unwrap();
        let expected =
            Raise { due: date(2026, 4, 1), step: 4, coefficient: Decimal::new(333, 2), over_frame: 0 };
        assert_eq!(raise, expected);
        let raise = next(&scale(186, 20, 12, 24), place, OVER, 0).unwrap();
        assert_eq!((raise.due, raise.coefficient), (date(2025, 4, 1), Decimal::new(246, 2)));
    }

    #[test]
    fn at_the_last_step_five_per_cent_come_first_and_one_more_every_year() {
        let scale = scale(234, 33, 9, 36);
        let last = Place { step: 9, over_frame: 0, since: date(2023, 1, 1) };
        let first = next(&scale, last, OVER, 0).unwrap();
        assert_eq!((first.due, first.step, first.over_frame), (date(2026, 1, 1), 9, 5));
        let second = next(&scale, Place { over_frame: 5, since: first.due, ..last }, OVER, 0).unwrap();
        assert_eq!((second.due, second.over_frame), (date(2027, 1, 1), 6));
        assert_eq!(second.coefficient, Decimal::new(498, 2), "the coefficient itself stays");
    }

    #[test]
    fn discipline_since_the_present_step_puts_the_raise_off_and_earlier_one_does_not() {
        let since = date(2023, 4, 1);
        let official = vec![(date(2023, 3, 31), 12), (date(2024, 1, 5), 6), (date(2025, 1, 5), 3)];
        let delay = delay(since, &Measures { official, party: Vec::new() });
        assert_eq!(delay, 9);
        let place = Place { step: 1, over_frame: 0, since };
        assert_eq!(next(&scale(234, 33, 9, 36), place, OVER, delay).unwrap().due, date(2027, 1, 1));
    }

    #[test]
    fn discipline_by_the_party_counts_where_officials_discipline_was_not_decided_as_well() {
        let since = date(2023, 4, 1);
        let months = |official: &[(Date, i64)], party: &[(Date, i64)]| {
            delay(since, &Measures { official: official.to_vec(), party: party.to_vec() })
        };
        let (before, after) = (date(2023, 3, 31), date(2024, 1, 5));
        assert_eq!(months(&[], &[(after, 6)]), 6);
        assert_eq!(months(&[(after, 3)], &[(after, 6)]), 3);
        assert_eq!(months(&[(before, 3)], &[(after, 6), (before, 12)]), 6);
        // A form that puts nothing off leaves it to the Party's.
        assert_eq!(months(&[(after, 0)], &[(after, 6)]), 6);
    }

    #[test]
    fn a_step_that_the_scale_has_not_has_no_raise() {
        let place = |step| Place { step, over_frame: 0, since: date(2023, 4, 1) };
        for step in [i64::MIN, 0, 10, i64::MAX] {
            assert_eq!(next(&scale(234, 33, 9, 36), place(step), OVER, 0), None);
        }
    }

    proptest! {
        #[test]
        fn raises_follow_each_other_and_never_take_away(
            first in 100_i64..700, increment in 1_i64..60, steps in 1_i64..15, step in 1_i64..15,
            delay in 0_i64..40,
        ) {
            let scale = scale(first, increment, steps, 36);
            let mut place = Place { step: step.min(steps), over_frame: 0, since: date(2010, 1, 1) };
            for _ in 0..20 {
                let raise = next(&scale, place, OVER, delay).unwrap();
                prop_assert!(raise.due > place.since);
                let worth = |coefficient: Decimal, over: i64| coefficient * Decimal::from(100 + over);
                let before = worth(scale.coefficient(place.step).unwrap(), place.over_frame);
                prop_assert!(worth(raise.coefficient, raise.over_frame) > before);
                prop_assert!(raise.step <= steps);
                place = Place { step: raise.step, over_frame: raise.over_frame, since: raise.due };
            }
        }
    }
}
