//! Ages and their bands.

use dinh_sdk::time::Date;

use super::months_after;

/// Completed years of age on a day; none before birth.
///
/// ```
/// use dinh_plugin_personnel::rules::ages::age;
/// use dinh_sdk::jiff::civil::date;
/// assert_eq!(age(date(1985, 3, 8), date(2026, 3, 7)), Some(40));
/// assert_eq!(age(date(1985, 3, 8), date(2026, 3, 8)), Some(41));
/// ```
pub fn age(birth: Date, on: Date) -> Option<i64> {
    let years = i64::from(on.year()) - i64::from(birth.year());
    let reached = (on.month(), on.day()) >= (birth.month(), birth.day());
    Some(years - i64::from(!reached)).filter(|age| *age >= 0)
}

/// A band of ages, in completed years.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Band {
    /// As it stands in addresses.
    pub key: &'static str,
    /// The youngest; none for no bound.
    pub least: Option<i64>,
    /// The oldest.
    pub most: Option<i64>,
}

/// The bands of reports on officers.
pub const BANDS: [Band; 5] = [
    Band { key: "-30", least: None, most: Some(30) },
    Band { key: "31-40", least: Some(31), most: Some(40) },
    Band { key: "41-50", least: Some(41), most: Some(50) },
    Band { key: "51-60", least: Some(51), most: Some(60) },
    Band { key: "61-", least: Some(61), most: None },
];

impl Band {
    /// The band of that key.
    pub fn of_key(key: &str) -> Option<Self> {
        BANDS.into_iter().find(|band| band.key == key)
    }

    /// The band of an age.
    pub fn of(age: i64) -> Option<Self> {
        let within = |band: &Band| {
            band.least.is_none_or(|least| least <= age) && band.most.is_none_or(|most| age <= most)
        };
        BANDS.into_iter().find(within)
    }

    /// The last day of birth of those who are old enough on a day.
    pub fn born_at_latest(self, on: Date) -> Option<Date> {
        years_before(on, self.least?)
    }

    /// Those born on this day are too old on the day.
    pub fn born_after(self, on: Date) -> Option<Date> {
        years_before(on, self.most? + 1)
    }
}

/// The last day of birth on which somebody is so many years old on a day.
fn years_before(on: Date, years: i64) -> Option<Date> {
    let year = i16::try_from(i64::from(on.year()) - years).ok()?;
    let first = Date::new(year, on.month(), 1).ok()?;
    // Who was born on 29 February is a year older from 1 March.
    let day = on.day().min(first.days_in_month());
    let birth = Date::new(year, on.month(), day).ok()?;
    months_after(birth, 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use dinh_sdk::jiff::civil::date;
    use proptest::prelude::*;

    #[test]
    fn every_age_has_exactly_one_band() {
        for age in 0..=120 {
            let bands = BANDS.iter().filter(|band| Band::of(age) == Some(**band)).count();
            assert_eq!(bands, 1, "{age}");
        }
        assert_eq!(Band::of(30).map(|band| band.key), Some("-30"));
        assert_eq!(Band::of(31).map(|band| band.key), Some("31-40"));
    }

    proptest! {
        #[test]
        fn days_of_birth_of_a_band_are_those_whose_age_is_in_it(
            days in 0_i32..40_000, year in 1990_i16..2050, month in 1_i8..=12, day in 1_i8..=28,
        ) {
            let on = date(year, month, day);
            let birth = date(1930, 1, 1).checked_add(dinh_sdk::jiff::ToSpan::days(days)).unwrap();
            let Some(age) = age(birth, on) else { return Ok(()) };
            for band in BANDS {
                let young = band.born_after(on).is_none_or(|after| birth > after);
                let old = band.born_at_latest(on).is_none_or(|latest| birth <= latest);
                prop_assert_eq!(Band::of(age) == Some(band), young && old, "{} {} {}", birth, on, band.key);
            }
        }
    }
}
