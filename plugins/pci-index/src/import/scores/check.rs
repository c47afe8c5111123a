//! Checks every line of a file of scores, and says what would be written.

use std::collections::{BTreeMap, HashMap};

use dinh_sdk::prelude::*;
use dinh_sdk::sheet::Rows;

use super::problems::{
    duplicate, foreign_component, missing_column, unknown_edition, unknown_province, warn,
};
use crate::edition::Definition;
use crate::import::{Findings, wrong_rows};
use crate::model::{SLOTS, Score};

/// The columns beside the components.
pub(super) const COLUMNS: [&str; 5] =
    ["year", "province", "published_score", "published_rank", "published_group"];

/// A province as a file names it, found in the catalog.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Found {
    pub(super) code: String,
    pub(super) name: String,
}

/// What the rows are checked against.
pub(super) struct Context<'a> {
    /// Editions by year.
    pub(super) editions: BTreeMap<i64, Definition>,
    /// Finds a province by its name or code on a day.
    pub(super) find: &'a mut dyn FnMut(&str, Date) -> Result<Option<Found>>,
    /// The results of an edition as they are now.
    pub(super) results: &'a mut dyn FnMut(i64) -> Result<Vec<Stored<Score>>>,
}

/// What an import would do.
#[derive(Debug, Default)]
pub(super) struct Plan {
    pub(super) findings: Findings,
    pub(super) added: Vec<Score>,
    pub(super) updated: Vec<Stored<Score>>,
    pub(super) unchanged: usize,
    /// Cells of components without a value, among the rows that would be written.
    pub(super) not_available: usize,
    /// For each row, what the preview shows: the province found, the computed total.
    pub(super) computed: Vec<(Option<String>, Option<Decimal>)>,
    pub(super) latest: Option<i64>,
}

/// Checks all rows and says what would be written. `columns` are those of the block, `has` tells those of
/// the file.
pub(super) fn plan(
    request: &Request,
    rows: &Rows,
    columns: &[&str],
    has: &dyn Fn(&str) -> bool,
    context: &mut Context<'_>,
) -> Result<Plan> {
    let wrong = wrong_rows(rows, columns);
    let mut plan = Plan::default();
    let mut first_rows: HashMap<(i64, String), usize> = HashMap::new();
    let mut before: HashMap<i64, HashMap<String, Stored<Score>>> = HashMap::new();
    for row in 0..rows.len() {
        plan.computed.push((None, None));
        let (Some(year), Some(name)) = (rows.get::<i64>(row, "year"), rows.get::<String>(row, "province"))
        else {
            continue;
        };
        let Some(definition) = context.editions.get(&year) else {
            plan.findings.add(row, |row| unknown_edition(request, row, year));
            continue;
        };
        let Some(found) = (context.find)(&name, definition.edition.provinces_as_of)? else {
            plan.findings.add(row, |row| unknown_province(request, row, &name, definition));
            continue;
        };
        let earlier = *first_rows.entry((year, found.code.clone())).or_insert(row);
        if earlier != row {
            plan.findings.add(row, |row| duplicate(request, row, &found.name, year, rows.line(earlier)));
        }
        let mut good = earlier == row && !wrong.get(row).copied().unwrap_or(true);
        for component in foreign(definition, rows, row, columns) {
            good = false;
            plan.findings.add(row, |row| foreign_component(request, row, component, year));
        }
        for component in definition.components.iter().filter(|component| !has(&component.key)) {
            good = false;
            plan.findings.add(row, |row| missing_column(request, row, component, year));
        }
        let result = result(rows, row, year, &found, definition);
        let computed = definition.computed(&result);
        if let Some(shown) = plan.computed.last_mut() {
            *shown = (Some(found.name.clone()), computed);
        }
        if !good {
            continue;
        }
        warn(request, row, &result, computed, definition, &mut plan.findings);
        plan.latest = plan.latest.max(Some(year));
        plan.not_available +=
            definition.components.iter().filter(|component| component.score(&result).is_none()).count();
        let known = match before.entry(year) {
            std::collections::hash_map::Entry::Occupied(known) => known.into_mut(),
            std::collections::hash_map::Entry::Vacant(vacant) => {
                let results = (context.results)(year)?.into_iter();
                vacant.insert(results.map(|result| (result.province.0.clone(), result)).collect())
            }
        };
        match known.remove(&found.code) {
            Some(stored) if stored.record == result => plan.unchanged += 1,
            Some(stored) => plan.updated.push(Stored { record: result, ..stored }),
            None => plan.added.push(result),
        }
    }
    Ok(plan)
}

fn result(rows: &Rows, row: usize, year: i64, found: &Found, definition: &Definition) -> Score {
    let mut component = [None; SLOTS];
    for known in &definition.components {
        let slot = usize::try_from(known.slot).ok().and_then(|slot| component.get_mut(slot.checked_sub(1)?));
        if let Some(slot) = slot {
            *slot = rows.get(row, &known.key);
        }
    }
    Score {
        year,
        province: Code(found.code.clone()),
        total: rows.get(row, "published_score"),
        rank: rows.get(row, "published_rank"),
        group: rows.get(row, "published_group"),
        component,
    }
}

/// Columns that are filled in although the edition has no such component.
fn foreign<'a>(definition: &Definition, rows: &Rows, row: usize, columns: &[&'a str]) -> Vec<&'a str> {
    columns
        .iter()
        .copied()
        .filter(|column| !COLUMNS.contains(column))
        .filter(|column| !definition.components.iter().any(|component| component.key == *column))
        .filter(|column| rows.get::<Decimal>(row, column).is_some())
        .collect()
}
