//! The day of retirement: the end of the month in which somebody reaches the age that is in force then.
//!
//! The age rises month by month with the calendar year (Labour Code 2019, Article 169): men from 60 years
//! and 3 months in 2021 by 3 months a year to 62 years, women from 55 years and 4 months by 4 months to 60.
//! Which age holds from which day are parameters.

use dinh_sdk::time::Date;

use super::months_after;

/// The last day of service of somebody born on `birth`. `ages` are the days from which an age, in months,
/// is in force, earliest first. None when the age was reached before the first of them, or there is none.
///
/// Somebody may reach last year's age this year: then it is this year's that has to be reached.
///
/// ```
/// use dinh_plugin_personnel::rules::retirement::last_day;
/// use dinh_sdk::jiff::civil::date;
/// let ages = [(date(2021, 1, 1), 723), (date(2022, 1, 1), 726)];
/// assert_eq!(last_day(date(1961, 9, 15), &ages), Some(date(2021, 12, 31)));
/// // 60 years and 3 months would be reached in January 2022, where 60 years and 6 months are asked for.
/// assert_eq!(last_day(date(1961, 10, 15), &ages), Some(date(2022, 4, 30)));
/// ```
pub fn last_day(birth: Date, ages: &[(Date, i64)]) -> Option<Date> {
    // Only months count: who was born on the 31st is not a month behind.
    let birth = birth.first_of_month();
    if months_after(birth, ages.first()?.1)? < ages.first()?.0 {
        return None;
    }
    for (at, (_, months)) in ages.iter().enumerate() {
        let reached = months_after(birth, *months)?;
        if ages.get(at + 1).is_none_or(|(next, _)| reached < *next) {
            return Some(reached.last_of_month());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use dinh_sdk::jiff::civil::date;
    use proptest::prelude::*;

    fn rising(first: i64, by: i64, last: i64) -> Vec<(Date, i64)> {
        let ages = (0..).map(|year| (first + i64::from(year) * by).min(last));
        (2021..=2040).zip(ages).map(|(year, months)| (date(year, 1, 1), months)).collect()
    }

    fn men() -> Vec<(Date, i64)> {
        rising(60 * 12 + 3, 3, 62 * 12)
    }

    fn women() -> Vec<(Date, i64)> {
        rising(55 * 12 + 4, 4, 60 * 12)
    }

    #[test]
    fn men_retire_month_by_month_as_the_annex_of_the_decree_lists_them() {
        // Born from … to …, retiring at years and months (Decree 135/2020, Annex I).
        for (from, to, years, months) in [
            ((1961, 1), (1961, 9), 60, 3),
            ((1961, 10), (1962, 6), 60, 6),
            ((1962, 7), (1963, 3), 60, 9),
            ((1963, 4), (1963, 12), 61, 0),
            ((1964, 1), (1964, 9), 61, 3),
            ((1964, 10), (1965, 6), 61, 6),
            ((1965, 7), (1966, 3), 61, 9),
            ((1966, 4), (1970, 12), 62, 0),
        ] {
            for (year, month) in [from, to] {
                let birth = date(year, month, 1);
                let expected = months_after(birth, years * 12 + months).unwrap().last_of_month();
                assert_eq!(last_day(date(year, month, 28), &men()), Some(expected), "{birth}");
            }
        }
    }

    #[test]
    fn women_retire_month_by_month_as_the_annex_of_the_decree_lists_them() {
        for (from, to, years, months) in [
            ((1966, 1), (1966, 8), 55, 4),
            ((1966, 9), (1967, 4), 55, 8),
            ((1967, 5), (1967, 12), 56, 0),
            ((1968, 1), (1968, 8), 56, 4),
            ((1968, 9), (1969, 4), 56, 8),
            ((1970, 1), (1970, 8), 57, 4),
            ((1973, 5), (1973, 12), 59, 0),
            ((1974, 9), (1975, 4), 59, 8),
            ((1975, 5), (1980, 1), 60, 0),
        ] {
            for (year, month) in [from, to] {
                let expected = months_after(date(year, month, 1), years * 12 + months).unwrap();
                assert_eq!(
                    last_day(date(year, month, 1), &women()),
                    Some(expected.last_of_month()),
                    "{year}-{month}"
                );
            }
        }
    }

    #[test]
    fn who_was_born_on_the_last_of_a_month_retires_with_that_months_others() {
        // 60 years and 9 months after 31 August would be 31 May; November has 30 days only.
        assert_eq!(last_day(date(1962, 8, 31), &men()), Some(date(2023, 5, 31)));
        assert_eq!(last_day(date(1963, 2, 28), &men()), Some(date(2023, 11, 30)));
        assert_eq!(last_day(date(1963, 5, 31), &men()), Some(date(2024, 5, 31)));
    }

    #[test]
    fn an_age_that_was_reached_before_all_that_is_known_gives_no_day() {
        assert_eq!(last_day(date(1955, 1, 1), &men()), None);
        assert_eq!(last_day(date(1970, 1, 1), &[]), None);
    }

    proptest! {
        #[test]
        fn nobody_retires_earlier_than_somebody_older(
            year in 1961_i16..1999, month in 1_i8..=12, day in 1_i8..=28, later in 0_i64..400,
        ) {
            let older = date(year, month, day);
            let younger = months_after(older, later).unwrap();
            for ages in [men(), women()] {
                let (Some(one), Some(other)) = (last_day(older, &ages), last_day(younger, &ages)) else {
                    continue;
                };
                prop_assert!(one <= other, "{older} {one} {younger} {other}");
                prop_assert_eq!(one, one.last_of_month());
            }
        }

        #[test]
        fn the_age_at_retirement_is_the_one_in_force_in_that_year(
            year in 1961_i16..1999, month in 1_i8..=12, day in 1_i8..=31_i8,
        ) {
            let birth = date(year, month, 1).with().day(day).build();
            let birth = birth.unwrap_or_else(|_| date(year, month, 28));
            let ages = men();
            let last = last_day(birth, &ages).unwrap();
            let months = i64::from(last.year() - birth.year()) * 12 + i64::from(last.month() - birth.month());
            let in_force = ages.iter().rev().find(|(from, _)| *from <= last).unwrap().1;
            prop_assert_eq!(months, in_force);
        }
    }
}
