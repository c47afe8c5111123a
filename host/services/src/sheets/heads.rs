//! Which column of a file is which declared column.

use std::collections::HashMap;

use dinh_model::text::fold;

use super::SheetError;
use super::sheet::SheetColumn;

/// The heads that a block knows.
pub(super) struct Heads<'a> {
    columns: &'a [SheetColumn],
    known: HashMap<String, usize>,
}

impl<'a> Heads<'a> {
    pub(super) fn new(columns: &'a [SheetColumn]) -> Self {
        let mut known = HashMap::new();
        // Names before labels before aliases, so that an alias never takes another column's own name.
        for spell in [own_name, label, aliases] {
            for (place, column) in columns.iter().enumerate() {
                for spelling in spell(column) {
                    let spelling = fold(spelling);
                    if !spelling.is_empty() {
                        known.entry(spelling).or_insert(place);
                    }
                }
            }
        }
        Self { columns, known }
    }

    pub(super) fn find(&self, head: &str) -> Option<usize> {
        self.known.get(&fold(head)).copied()
    }

    /// For each declared column, the column of the file it is; and the heads nobody declared.
    pub(super) fn assign(&self, heads: &[String]) -> Result<Assigned, SheetError> {
        let mut places: Vec<Option<usize>> = vec![None; self.columns.len()];
        let mut unknown = Vec::new();
        for (place, head) in heads.iter().enumerate() {
            let Some(declared) = self.find(head) else {
                if !head.is_empty() {
                    unknown.push(head.clone());
                }
                continue;
            };
            let Some(slot) = places.get_mut(declared) else { continue };
            if let Some(earlier) = *slot {
                return Err(self.duplicate(declared, heads, (earlier, place)));
            }
            *slot = Some(place);
        }
        let missing: Vec<String> = self
            .columns
            .iter()
            .zip(&places)
            .filter(|(column, place)| column.required && place.is_none())
            .map(|(column, _)| column.label.clone())
            .collect();
        if !missing.is_empty() {
            return Err(SheetError::MissingColumns { missing, found: heads.to_vec() });
        }
        if places.iter().all(Option::is_none) {
            let missing = self.columns.iter().map(|column| column.label.clone()).collect();
            return Err(SheetError::MissingColumns { missing, found: heads.to_vec() });
        }
        Ok(Assigned { places, unknown })
    }

    fn duplicate(&self, declared: usize, heads: &[String], places: (usize, usize)) -> SheetError {
        let head = |place: usize| heads.get(place).cloned().unwrap_or_default();
        let number = |place: usize| u32::try_from(place + 1).unwrap_or(u32::MAX);
        SheetError::DuplicateColumn {
            label: self.columns.get(declared).map(|column| column.label.clone()).unwrap_or_default(),
            heads: (head(places.0), head(places.1)),
            places: (number(places.0), number(places.1)),
        }
    }
}

/// Which column of a file is which.
pub(super) struct Assigned {
    /// For each declared column, its place in the file.
    pub places: Vec<Option<usize>>,
    /// Heads nobody declared.
    pub unknown: Vec<String>,
}

fn own_name(column: &SheetColumn) -> Vec<&str> {
    vec![&column.name]
}

fn label(column: &SheetColumn) -> Vec<&str> {
    vec![&column.label]
}

fn aliases(column: &SheetColumn) -> Vec<&str> {
    column.aliases.iter().map(String::as_str).collect()
}
