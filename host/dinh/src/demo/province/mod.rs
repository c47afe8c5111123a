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

/// Rows in parts, each with whole officers: half a history would not agree with the record.
fn parts(rows: &[String], most: usize) -> impl Iterator<Item = &[String]> {
    let officer = |row: &String| row.split(',').next().map(str::to_owned);
    let mut rest = rows;
    std::iter::from_fn(move || {
        let most = most.min(rest.len());
        let whole = |end: &usize| rest.get(*end).and_then(officer) != rest.get(end - 1).and_then(officer);
        let end = (1..=most).rev().find(whole).unwrap_or(most);
        let (part, others) = rest.split_at_checked(end)?;
        rest = others;
        (!part.is_empty()).then_some(part)
    })
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
        parts: parts(&rows, part(block)).map(|part| format!("{head}\n{}\n", part.join("\n"))).collect(),
    };
    let all = |rows: &dyn Fn(&Officer) -> Vec<String>| officers.iter().flat_map(rows).collect::<Vec<_>>();
    vec![
        table("people", tables::PEOPLE, all(&|it| tables::people(it, today).into_iter().collect())),
        table("careers", "officer,from,until,agency,position,served-unit,basis", all(&tables::careers)),
        table("salary-steps", "officer,from,grade,step,coefficient,over-frame,basis", all(&tables::steps)),
        table("allowances", tables::ALLOWANCES, all(&|it| tables::allowances(it, today))),
        table("trainings", tables::TRAININGS, all(&|it| tables::trainings(it, today))),
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
        table("papers", "officer,kind,title,dated", all(&tables::papers)),
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
        assert!((27_000..38_000).contains(&parts), "{parts}");
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
    fn a_part_has_whole_officers_and_all_parts_have_all_rows() {
        let rows: Vec<String> =
            (0..10).flat_map(|officer| (0..3).map(move |row| format!("CB{officer},{row}"))).collect();
        let cut: Vec<&[String]> = parts(&rows, 7).collect();
        assert!(cut.iter().all(|part| part.len() == 6), "{cut:?}");
        assert_eq!(cut.concat(), rows);
        assert_eq!(parts(&[], 7).count(), 0);
    }

    #[test]
    fn trainings_attest_what_the_record_says_or_nothing_and_nothing_that_lies_ahead() {
        for today in [TODAY, date(2027, 1, 1), date(2028, 2, 29)] {
            let (mut attested, all) = (0, officers(today));
            for officer in &all {
                let rows = tables::trainings(officer, today);
                let cells = rows.iter().map(|row| row.split(',').collect::<Vec<_>>());
                let levels: Vec<_> =
                    cells.filter(|cells| !cells[7].is_empty() || !cells[8].is_empty()).collect();
                assert!(levels.iter().all(|cells| cells[4] <= today.to_string().as_str()), "{rows:?}");
                let last = levels.iter().rfind(|cells| !cells[7].is_empty()).map(|cells| cells[7]);
                assert!(last.is_none_or(|level| level == officer.education), "{rows:?}");
                attested += usize::from(last.is_some());
            }
            assert!(attested * 10 > all.len() * 8, "most of them: {attested}");
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
