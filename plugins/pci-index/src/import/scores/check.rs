//! Checks every line of a file of scores, and says what would be written.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap, HashSet};

use dinh_sdk::prelude::*;
use dinh_sdk::sheet::Rows;

use super::problems::{
    duplicate, foreign_component, missing_columns, unknown_edition, unknown_province, warn,
};
use crate::edition::Definition;
use crate::import::{Findings, wrong_rows};
use crate::model::{Component, SLOTS, Score};

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
    let mut check = Check {
        request,
        rows,
        columns,
        has,
        plan: Plan::default(),
        first_rows: HashMap::new(),
        stored: HashMap::new(),
        editions_seen: HashSet::new(),
    };
    for (row, wrong) in wrong.into_iter().enumerate() {
        let shown = check.row(row, wrong, context)?.unwrap_or_default();
        check.plan.computed.push(shown);
    }
    Ok(check.plan)
}

struct Check<'a> {
    request: &'a Request,
    rows: &'a Rows,
    columns: &'a [&'a str],
    has: &'a dyn Fn(&str) -> bool,
    plan: Plan,
    /// The first row of each province in each edition.
    first_rows: HashMap<(i64, String), usize>,
    /// The results of each edition as they are now, by province.
    stored: HashMap<i64, HashMap<String, Stored<Score>>>,
    /// Editions whose missing columns have been spoken of.
    editions_seen: HashSet<i64>,
}

impl Check<'_> {
    /// Checks a row; what the preview shows of it, when its province was found.
    fn row(
        &mut self,
        row: usize,
        wrong: bool,
        context: &mut Context<'_>,
    ) -> Result<Option<(Option<String>, Option<Decimal>)>> {
        let (request, rows) = (self.request, self.rows);
        let (Some(year), Some(name)) = (rows.get::<i64>(row, "year"), rows.get::<String>(row, "province"))
        else {
            return Ok(None);
        };
        let findings = &mut self.plan.findings;
        let Some(definition) = context.editions.get(&year) else {
            findings.add(row, |row| unknown_edition(request, row, year));
            return Ok(None);
        };
        let Some(found) = (context.find)(&name, definition.edition.provinces_as_of)? else {
            findings.add(row, |row| unknown_province(request, row, &name, definition));
            return Ok(None);
        };
        let mut good = !wrong;
        let earlier = *self.first_rows.entry((year, found.code.clone())).or_insert(row);
        if earlier != row {
            good = false;
            findings.add(row, |row| duplicate(request, row, &found.name, year, rows.line(earlier)));
        }
        for column in foreign(definition, rows, row, self.columns) {
            good = false;
            findings.add(row, |row| foreign_component(request, row, column, year));
        }
        if let Entry::Vacant(vacant) = self.stored.entry(year) {
            let results = (context.results)(year)?.into_iter();
            vacant.insert(results.map(|result| (result.province.0.clone(), result)).collect());
        }
        let before = self.stored.get_mut(&year).and_then(|stored| match good {
            true => stored.remove(&found.code),
            false => stored.get(&found.code).cloned(),
        });
        let result = self.result(row, year, &found, definition, before.as_ref());
        let computed = definition.computed(&result);
        if good {
            self.note(row, &result, computed, definition);
            match before {
                Some(stored) if stored.record == result => self.plan.unchanged += 1,
                Some(stored) => self.plan.updated.push(Stored { record: result, ..stored }),
                None => self.plan.added.push(result),
            }
        }
        Ok(Some((Some(found.name), computed)))
    }

    /// The result a row makes. What the file has no column for stays as it is stored.
    fn result(
        &self,
        row: usize,
        year: i64,
        found: &Found,
        definition: &Definition,
        before: Option<&Stored<Score>>,
    ) -> Score {
        let rows = self.rows;
        let mut component = [None; SLOTS];
        for known in &definition.components {
            let score = match (self.has)(&known.key) {
                true => rows.get(row, &known.key),
                false => before.and_then(|before| known.score(before)),
            };
            let slot = usize::try_from(known.slot).ok().and_then(|slot| slot.checked_sub(1));
            if let Some(slot) = slot.and_then(|slot| component.get_mut(slot)) {
                *slot = score;
            }
        }
        let kept = |column: &str| before.filter(|_| !(self.has)(column));
        Score {
            year,
            province: Code(found.code.clone()),
            total: rows
                .get(row, "published_score")
                .or_else(|| kept("published_score").and_then(|before| before.total)),
            rank: rows
                .get(row, "published_rank")
                .or_else(|| kept("published_rank").and_then(|before| before.rank)),
            group: rows
                .get(row, "published_group")
                .or_else(|| kept("published_group").and_then(|before| before.group.clone())),
            component,
        }
    }

    /// What should be looked at in a row that can be imported.
    fn note(&mut self, row: usize, result: &Score, computed: Option<Decimal>, definition: &Definition) {
        let year = definition.edition.year;
        if self.editions_seen.insert(year) {
            let missing: Vec<&Component> = definition
                .components
                .iter()
                .map(|component| &component.record)
                .filter(|component| !(self.has)(&component.key))
                .collect();
            if !missing.is_empty() {
                self.plan.findings.add(row, |row| missing_columns(self.request, row, &missing, year));
            }
        }
        warn(self.request, row, result, computed, definition, &mut self.plan.findings);
        self.plan.latest = self.plan.latest.max(Some(year));
        self.plan.not_available +=
            definition.components.iter().filter(|component| component.score(result).is_none()).count();
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
