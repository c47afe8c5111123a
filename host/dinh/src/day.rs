//! Days and moments as people type and read them: in Vietnam, a last day included, as on the pages.

use std::fmt;
use std::str::FromStr;

use dinh_access::Term;
use dinh_model::{Date, Timestamp, time};
use serde::{Deserialize, Serialize};

/// A day that somebody types, such as `2026-12-31`: in the years 1900 to 2200. What lies outside is a slip of the
/// hand, and a year too far would make a term that never ends out of one that does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Day(Date);

/// The first and the last year of a [`Day`].
const YEARS: std::ops::RangeInclusive<i16> = 1900..=2200;

impl Day {
    /// As a date.
    pub fn date(self) -> Date {
        self.0
    }

    /// Its last moment in Vietnam, to the microsecond.
    pub fn last_moment(self) -> Timestamp {
        let end = begin(self.next());
        end.checked_sub(jiff::SignedDuration::from_micros(1)).unwrap_or(end)
    }

    /// The day after, which a term through this day no longer holds.
    pub fn next(self) -> Date {
        // Far from the last day there is.
        self.0.saturating_add(jiff::Span::new().days(1))
    }
}

impl FromStr for Day {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let day: Date = text
            .parse()
            .map_err(|_| format!("`{text}` is no day; write year, month and day as in 2026-12-31"))?;
        if text.len() != 10 || !YEARS.contains(&day.year()) {
            let (first, last) = (YEARS.start(), YEARS.end());
            return Err(format!("`{text}` is out of bounds: days are those of the years {first} to {last}"));
        }
        Ok(Self(day))
    }
}

impl TryFrom<String> for Day {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Day> for String {
    fn from(day: Day) -> Self {
        day.to_string()
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The term from the beginning of a day, or from now on when that is today or none is said, to the end of another.
pub fn term(from: Option<Day>, until: Option<Day>, now: Timestamp) -> Term {
    let today = time::day_in_vietnam(now);
    let from = from.filter(|day| day.0 != today).map_or(now, |day| begin(day.0));
    Term { from, until: until.map(|day| begin(day.next())) }
}

/// The first day on which a term holds; none when it always did.
pub fn first(term: &Term) -> Option<Date> {
    (term.from > Term::ALWAYS.from).then(|| time::day_in_vietnam(term.from))
}

/// The last day on which a term holds; none when it does not end.
pub fn last(term: &Term) -> Option<Date> {
    term.until.map(before)
}

/// The last day that is over, or begun, before a moment.
pub fn before(end: Timestamp) -> Date {
    time::day_in_vietnam(end.checked_sub(jiff::SignedDuration::from_micros(1)).unwrap_or(end))
}

/// A day in a cell, or a dash.
pub fn cell(day: Option<Date>) -> String {
    day.map_or_else(|| "–".to_owned(), |day| day.to_string())
}

/// A moment to the second on the clocks of Vietnam: `2026-11-22T08:30:00+07:00`.
pub fn moment(at: Timestamp) -> String {
    format!("{:.0}", at.display_with_offset(jiff::tz::Offset::constant(7)))
}

/// The moment at which a day begins in Vietnam; the last there is for one too far.
fn begin(day: Date) -> Timestamp {
    time::start_in_vietnam(day).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn a_term_comes_back_as_the_days_that_were_typed_the_last_one_included() {
        let now: Timestamp = "2026-07-01T01:00:00Z".parse().unwrap();
        let given = term(Some(day("2026-09-01")), Some(day("2026-12-31")), now);
        assert_eq!(given.until, Some("2026-12-31T17:00:00Z".parse().unwrap()));
        assert_eq!((first(&given), last(&given)), (Some(day("2026-09-01").0), Some(day("2026-12-31").0)));
        // Today is at once; without an end it does not end.
        let open = term(Some(day("2026-07-01")), None, now);
        assert_eq!((open.from, open.until, last(&open)), (now, None, None));
        assert_eq!(cell(last(&open)), "–");
        assert_eq!(first(&Term::ALWAYS), None);
    }

    #[test]
    fn a_day_outside_of_1900_to_2200_is_refused_also_when_it_comes_through_the_socket() {
        for good in ["1900-01-01", "2200-12-31", "2028-02-29"] {
            assert_eq!(day(good).to_string(), good);
            assert_eq!(serde_json::to_string(&day(good)).unwrap(), format!("\"{good}\""));
        }
        for bad in ["9999-12-31", "1899-12-31", "2201-01-01", "-002026-01-01", "2026-01-01T00:00"] {
            let refused = bad.parse::<Day>().unwrap_err();
            assert!(refused.contains(bad) && refused.contains("1900 to 2200"), "{refused}");
            assert!(serde_json::from_str::<Day>(&format!("\"{bad}\"")).is_err(), "{bad}");
        }
        for bad in ["", "31/12/2026", "2026-02-30", "soon"] {
            assert!(bad.parse::<Day>().unwrap_err().contains("2026-12-31"), "{bad}");
        }
    }

    #[test]
    fn a_moment_says_which_clock_it_is_of() {
        assert_eq!(moment("2026-11-22T01:30:00.25Z".parse().unwrap()), "2026-11-22T08:30:00+07:00");
    }
}
