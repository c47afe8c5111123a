//! Who is listed: by a query of the records of today, or, where those do not say it, by looking at each.
//!
//! ```text
//! today, few units     one query, a page of it
//! a day that is past   all who served then, put back to that day, then narrowed by unit, grade and level as they were
//! many units           more than a query takes conditions: all, narrowed by unit
//! words of a unit      nobody is called so: those of the units that are
//! ```

use std::collections::HashSet;

use dinh_sdk::prelude::*;
use dinh_sdk::records::{Condition, Selection};

use super::{ALL, Asked};
use crate::past::{Histories, Line, needed};
use crate::rules::ages::Band;
use crate::units::Units;

/// Most lists of conditions that a query takes.
const MOST_LISTS: usize = 100;

/// A page of those who are listed.
pub(crate) struct Found {
    pub(crate) rows: Vec<Stored<Line>>,
    pub(crate) next: Option<String>,
    pub(crate) total: u64,
    /// Whether the words were those of units, not of people.
    pub(super) by_unit: bool,
}

/// The officers asked for, a page of them.
pub(super) fn find(
    request: &Request,
    asked: &Asked,
    (day, today): (Date, Date),
    limit: u32,
) -> Result<Found> {
    let units = Units::load();
    let within = |unit: UnitId| Some(units.within(unit)).filter(|within| !units.is_all(within));
    let mut narrowed = asked.unit.and_then(within);
    let named = named(asked, &units)?;
    let by_unit = named.is_some();
    let words = asked.q.as_deref().filter(|_| !by_unit);
    if let Some(named) = named {
        let all = named.into_iter().flat_map(|unit| units.within(unit));
        narrowed =
            Some(all.filter(|unit| narrowed.as_ref().is_none_or(|within| within.contains(unit))).collect());
    }
    let (mut selection, lists) = select(asked, words, day);
    let many = narrowed.as_ref().is_some_and(|units| units.len() * lists > MOST_LISTS);
    if needed(day, today) || many {
        let lines = order(selection, request).list()?;
        let found = page(request, looked_at(lines, asked, narrowed, (day, today))?, limit);
        return Ok(Found { by_unit, ..found });
    }
    selection = selection
        .filter_some(asked.grade.clone().map(|grade| Line::GRADE.is(grade)))
        .filter_some(asked.education.clone().map(|level| Line::EDUCATION_LEVEL.is(level)));
    if let Some(units) = narrowed {
        if units.is_empty() {
            return Ok(Found { rows: Vec::new(), next: None, total: 0, by_unit });
        }
        selection = selection.filter_any(units.into_iter().map(|unit| Line::UNIT.is(unit)));
    }
    let total = selection.count()?;
    let found = order(selection, request).page(request.after(), limit)?;
    Ok(Found { rows: found.rows, next: found.next, total, by_unit })
}

/// The units that are called as the words say, where nobody is.
fn named(asked: &Asked, units: &Units) -> Result<Option<Vec<UnitId>>> {
    let Some(words) = asked.q.as_deref() else { return Ok(None) };
    if Line::all().filter(sought(words)).count()? > 0 {
        return Ok(None);
    }
    Ok(Some(units.called(words)).filter(|named| !named.is_empty()))
}

/// Those of these units, this grade and this level, as they were on the day.
fn looked_at(
    mut lines: Vec<Stored<Line>>,
    asked: &Asked,
    units: Option<Vec<UnitId>>,
    (day, today): (Date, Date),
) -> Result<Vec<Stored<Line>>> {
    if needed(day, today) {
        let histories = Histories::of_all(day)?;
        lines.iter_mut().for_each(|line| histories.put_back(line, day));
    }
    let units: Option<HashSet<UnitId>> = units.map(|units| units.into_iter().collect());
    lines.retain(|line| {
        let here = units.as_ref().is_none_or(|units| units.contains(&line.unit));
        let is = |asked: &Option<String>, has: &Option<String>| asked.is_none() || asked == has;
        here && is(&asked.grade, &line.grade) && is(&asked.education, &line.education_level)
    });
    Ok(lines)
}

/// A page of rows that are at hand; its cursor is how many were before.
pub(crate) fn page(request: &Request, lines: Vec<Stored<Line>>, limit: u32) -> Found {
    let (total, limit) = (lines.len(), usize::try_from(limit).unwrap_or(usize::MAX));
    let before = request.after().and_then(|after| after.parse::<usize>().ok()).unwrap_or_default();
    let end = before.saturating_add(limit);
    Found {
        next: (end < total).then(|| end.to_string()),
        total: u64::try_from(total).unwrap_or(u64::MAX),
        rows: lines.into_iter().skip(before).take(limit).collect(),
        by_unit: false,
    }
}

/// All conditions but those on unit, grade and level; how many lists of conditions they make.
fn select(asked: &Asked, words: Option<&str>, day: Date) -> (Selection<Line>, usize) {
    let mut lists = 1;
    let mut selection = Line::all();
    if asked.as_of.is_some() {
        selection = selection
            .filter(Line::RECRUITED_ON.at_most(day))
            .filter_any([Line::LEFT_ON.is_empty(), Line::LEFT_ON.above(day)]);
        lists *= 2;
    } else {
        let wanted = Some(asked.status()).filter(|status| *status != ALL);
        selection = selection.filter_some(wanted.map(|status| Line::STATUS.is(status.to_owned())));
    }
    selection = selection
        .filter_some(words.map(sought))
        .filter_some(asked.sex.clone().map(|sex| Line::SEX.is(sex)))
        .filter_some(asked.ethnic.clone().map(|group| Line::ETHNIC_GROUP.is(group)));
    if let Some(band) = asked.age.as_deref().and_then(Band::of_key) {
        selection = selection
            .filter_some(band.born_at_latest(day).map(|latest| Line::BIRTH_DATE.at_most(latest)))
            .filter_some(band.born_after(day).map(|after| Line::BIRTH_DATE.above(after)));
    }
    match asked.party.as_deref() {
        Some("yes") => {
            selection = selection
                .filter(Line::PARTY_ADMITTED_ON.at_most(day))
                .filter_any([Line::PARTY_LEFT_ON.is_empty(), Line::PARTY_LEFT_ON.above(day)]);
            lists *= 2;
        }
        Some("no") => {
            selection = selection.filter_any([
                Line::PARTY_ADMITTED_ON.is_empty(),
                Line::PARTY_ADMITTED_ON.above(day),
                Line::PARTY_LEFT_ON.at_most(day),
            ]);
            lists *= 3;
        }
        _ => {}
    }
    (selection, lists)
}

/// The words for search, which lines do not carry along.
const SEARCH: dinh_sdk::Property<Line, Option<String>> = dinh_sdk::Property::new("search");

/// The identity number, which lies sealed and is found whole.
const CITIZEN_ID: dinh_sdk::Property<Line, String> = dinh_sdk::Property::new("citizen-id");

/// What was typed to search by: an identity number, or words of a name or a code.
fn sought(words: &str) -> Condition<Line> {
    let typed = words.trim();
    if typed.len() == 12 && typed.bytes().all(|byte| byte.is_ascii_digit()) {
        CITIZEN_ID.is(typed.to_owned())
    } else {
        SEARCH.matches(words)
    }
}

fn order(selection: Selection<Line>, request: &Request) -> Selection<Line> {
    let sorting = request.sorting();
    let descending = sorting.as_ref().is_some_and(|sorting| sorting.descending);
    let column = sorting.map_or_else(String::new, |sorting| sorting.column);
    macro_rules! by {
        ($property:expr) => {
            selection.order_by(if descending { $property.descending() } else { $property.ascending() })
        };
    }
    match column.as_str() {
        "code" => by!(Line::CODE),
        "birth-date" => by!(Line::BIRTH_DATE),
        "grade" => by!(Line::GRADE),
        _ => by!(Line::SORT_NAME),
    }
}
