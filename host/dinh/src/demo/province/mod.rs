//! The officers of the demo beside the sixty that are written down by hand: as many as make two thousand, in the units
//! from the sixteenth on. Nobody is real: names are put together by chance, and identity numbers are of a range that no
//! office has reached.
//!
//! The same day gives the same people, on every machine; the days of a career are counted back from it, so that raises,
//! retirements and appointments are due whenever the demo is made.
//!
//! ```text
//! number ─ draw ─► officer ◄─ names, post, salary ─► tables, family ─► CSV of personnel's own imports
//! ```

mod draw;
mod family;
mod names;
mod officer;
mod post;
mod salary;
mod tables;

use dinh_model::Date;
use jiff::ToSpan;

use super::units::{BY_HAND, DemoUnit, UNITS};
use officer::{Officer, officer};

/// How many officers there are here.
pub const OFFICERS: u32 = 1_940;

/// Most rows of a part: what one call of an import checks and writes well within its limits, also on a busy machine. A
/// line of an officer has ten times the cells of a history's.
fn part(block: &str) -> usize {
    if block == "people" { 300 } else { 1_000 }
}

/// A table in parts.
pub struct Table {
    /// The import block, and the name of the file.
    pub block: &'static str,
    /// Each with the head.
    pub parts: Vec<String>,
}

/// The tables: officers first, then their histories.
pub fn tables(today: Date) -> Vec<Table> {
    let officers = officers(today);
    let table = |block, head: &str, rows: Vec<String>| Table {
        block,
        parts: rows.chunks(part(block)).map(|part| format!("{head}\n{}\n", part.join("\n"))).collect(),
    };
    let all = |rows: &dyn Fn(&Officer) -> Vec<String>| officers.iter().flat_map(rows).collect::<Vec<_>>();
    vec![
        table("people", tables::PEOPLE, all(&|it| tables::people(it, today).into_iter().collect())),
        table("careers", "officer,from,until,agency,position,served-unit,basis", all(&tables::careers)),
        table("salary-steps", "officer,from,grade,step,coefficient,over-frame,basis", all(&tables::steps)),
        table(
            "trainings",
            "officer,school,specialty,from,until,mode,degree",
            all(&|it| tables::trainings(it, today)),
        ),
        table(
            "relatives",
            "officer,side,relation,name,birth-year,details",
            all(&|it| family::rows(it, today)),
        ),
        table(
            "rewards",
            "officer,decided-on,form,authority,content,basis",
            all(&|it| tables::rewards(it, today)),
        ),
        table(
            "disciplines",
            "officer,decided-on,form,authority,content,until,delay-months,basis",
            all(&tables::disciplines),
        ),
    ]
}

/// The officers, unit by unit.
fn officers(today: Date) -> Vec<Officer> {
    let units: Vec<(&'static DemoUnit, u32)> =
        UNITS.iter().skip(BY_HAND).map(|unit| (unit, strength(unit))).collect();
    let all: u32 = units.iter().map(|(_, strength)| strength).sum();
    let (mut officers, mut before, mut index) = (Vec::new(), 0, 0);
    for (unit, strength) in units {
        before += strength;
        // What falls to the units so far, so that it is exact in the end.
        let until = OFFICERS * before / all.max(1);
        officers.extend((index..until).map(|at| officer(at, unit, at - index, today)));
        index = until;
    }
    officers
}

/// How many people a unit has beside others.
fn strength(unit: &DemoUnit) -> u32 {
    match unit.kind {
        "so" => 9,
        "phong" => 18,
        "dang" => 14,
        _ => 32,
    }
}

/// A day of the calendar; of a day that there is not, the first of January.
fn day(year: i16, month: i8, day: i8) -> Date {
    Date::new(year, month, day).or_else(|_| Date::new(year, 1, 1)).unwrap_or_default()
}

/// So many months later, or earlier; the same day at the end of the calendar.
fn months_after(day: Date, months: i32) -> Date {
    day.checked_add(months.months()).unwrap_or(day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use std::collections::HashSet;

    const TODAY: Date = date(2026, 11, 22);

    #[test]
    fn two_thousand_less_sixty_are_the_same_each_time_and_nobody_twice() {
        let officers = officers(TODAY);
        assert_eq!(officers.len(), usize::try_from(OFFICERS).unwrap());
        let codes: HashSet<_> = officers.iter().map(|officer| officer.code.clone()).collect();
        assert_eq!(codes.len(), officers.len());
        assert!(codes.contains("CB0061") && codes.contains("CB2000"));
        let (once, again) = (tables(TODAY), tables(TODAY));
        assert!(once.iter().zip(&again).all(|(once, again)| once.parts == again.parts));
        let parts: usize =
            once.iter().flat_map(|table| &table.parts).map(|part| part.lines().count() - 1).sum();
        assert!((15_000..25_000).contains(&parts), "{parts}");
    }

    #[test]
    fn careers_fit_the_age_and_every_unit_is_headed() {
        for today in [TODAY, date(2027, 1, 1), date(2028, 2, 29), date(2031, 12, 31)] {
            for officer in officers(today) {
                let age = |day: Date| i32::from(day.year()) - i32::from(officer.birth.year());
                let said = || format!("{} as of {today}: {officer:?}", officer.code);
                assert!((19..=35).contains(&age(officer.recruited)), "{}", said());
                assert!((22..=62).contains(&age(today)), "{}", said());
                assert!(officer.steps.last().is_some_and(|step| step.from <= today), "{}", said());
                assert!(
                    officer.admitted.is_none_or(|day| officer.recruited < day && day < today),
                    "{}",
                    said()
                );
                assert!(
                    officer.appointed.is_none_or(|day| officer.recruited < day && day <= today),
                    "{}",
                    said()
                );
                assert!(
                    officer.disciplined.is_none_or(|day| officer.recruited <= day && day < today),
                    "{}",
                    said()
                );
            }
        }
        let officers = officers(TODAY);
        for unit in UNITS.iter().skip(BY_HAND) {
            let here: Vec<_> = officers.iter().filter(|officer| officer.unit.code == unit.code).collect();
            assert!(here.len() >= 8 && here[0].post.heads, "{}: {}", unit.name, here.len());
        }
    }

    #[test]
    fn names_and_groups_are_spread_as_in_the_province() {
        let officers = officers(TODAY);
        let share = |is: &dyn Fn(&Officer) -> bool| {
            officers.iter().filter(|it| is(it)).count() * 100 / officers.len()
        };
        assert!((40..52).contains(&share(&|it| it.is_woman)));
        assert!((70..85).contains(&share(&|it| it.group == "Kinh")));
        assert!((20..35).contains(&share(&|it| it.family == "Nguyễn")));
        assert!((65..85).contains(&share(&|it| it.admitted.is_some())));
        let names: HashSet<_> = officers.iter().map(|it| it.name.as_str()).collect();
        assert!(names.len() > 1_500, "{}", names.len());
    }
}
