//! An old code in today's words, and back: along the succession, with every possibility shown.

use std::collections::BTreeSet;

use dinh_model::Date;

use super::{Compiled, Entry};

/// What a code is on another day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Translation<'a> {
    /// Exactly this entry.
    Exact(&'a Entry),
    /// One of these, in the catalog's order; which one, the code alone does not say: it was split, or, going
    /// back, it came from a merger.
    Ambiguous(Vec<&'a Entry>),
    /// Nothing: nobody recorded a successor, or there was none before.
    None,
}

impl<'a> Translation<'a> {
    /// All that it can be.
    pub fn candidates(self) -> Vec<&'a Entry> {
        match self {
            Self::Exact(entry) => vec![entry],
            Self::Ambiguous(entries) => entries,
            Self::None => Vec::new(),
        }
    }
}

impl Compiled {
    /// What a code is on `day`: itself while it is in its term, which a code keeps for ever what it means; else
    /// what became of it, or what it came from, over as many steps as it takes. None when there is no such code.
    pub fn translate(&self, code: &str, day: Date) -> Option<Translation<'_>> {
        let entry = self.get(code)?;
        let forward = entry.valid_from <= day;
        let mut found: Vec<&Entry> = Vec::new();
        // A step always leads to an entry that begins later, or earlier; an entry is looked at once all the same.
        let mut seen = BTreeSet::from([entry.code.as_str()]);
        let mut ahead = vec![entry];
        while let Some(here) = ahead.pop() {
            if here.is_valid_on(day) {
                found.push(here);
                continue;
            }
            let steps = if forward { self.successors(&here.code) } else { self.predecessors(&here.code) };
            // Past the day there is nothing of it.
            let near = |step: &&Entry| if forward { step.valid_from <= day } else { !step.is_over_on(day) };
            for step in steps.into_iter().filter(near) {
                if seen.insert(&step.code) {
                    ahead.push(step);
                }
            }
        }
        found.sort_by(|one, other| one.rank().cmp(&other.rank()));
        Some(match found.as_slice() {
            [] => Translation::None,
            [only] => Translation::Exact(only),
            _ => Translation::Ambiguous(found),
        })
    }
}

impl Entry {
    /// Whether its term has ended on `day`.
    fn is_over_on(&self, day: Date) -> bool {
        self.valid_until.is_some_and(|until| until <= day)
    }
}
