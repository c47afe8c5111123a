//! What is wrong with a file of people, as a report.

use std::collections::BTreeMap;

use dinh_model::{Language, Localized};
use serde::Serialize;

use super::columns::Row;
use crate::sheets::Problem;

/// Most faults that are put into words; those beyond are counted.
const MOST_FAULTS: usize = 10_000;

/// What a fault is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum FaultKind {
    /// A cell that cannot be read, or is empty and must not be.
    Cell,
    /// A unit that is not there, or not the only one of that name.
    Unit,
    /// A position that the unit does not have, or not only once.
    Position,
    /// Somebody of that name is in that unit, in the file or already.
    Duplicate,
    /// A login that cannot be given out or is taken.
    Login,
    /// An address that is none or is taken.
    Email,
    /// A unit or a clearance for which whoever imports may not make accounts, or a position that they may not give.
    Right,
}

/// A fault: line, column, value, what is wrong and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What it is about.
    pub kind: FaultKind,
    /// The same in words.
    pub problem: Problem,
}

/// Faults as they are found.
pub(super) struct Report {
    language: Language,
    pub(super) faults: Vec<Fault>,
    pub(super) unlisted: u32,
    pub(super) counts: BTreeMap<FaultKind, usize>,
}

impl Report {
    pub(super) fn new(language: Language) -> Self {
        Self { language, faults: Vec::new(), unlisted: 0, counts: BTreeMap::new() }
    }

    /// What reading the sheet found.
    pub(super) fn cells(&mut self, problems: &[Problem], unlisted: u32) {
        for problem in problems {
            self.push(Fault { kind: FaultKind::Cell, problem: problem.clone() });
        }
        self.unlisted = self.unlisted.saturating_add(unlisted);
        if unlisted > 0 {
            *self.counts.entry(FaultKind::Cell).or_default() += unlisted as usize;
        }
    }

    /// What a row has wrong in a column.
    pub(super) fn add(
        &mut self,
        kind: FaultKind,
        row: &Row,
        (column, value): (&str, &str),
        message: &Localized,
        remedy: &Localized,
    ) {
        let problem = Problem {
            row: row.place,
            line: row.line,
            column: Some(column.to_owned()),
            value: value.chars().take(100).collect(),
            message: message.get(self.language).to_owned(),
            remedy: remedy.get(self.language).to_owned(),
        };
        self.push(Fault { kind, problem });
    }

    /// All faults so far.
    pub(super) fn total(&self) -> usize {
        self.counts.values().sum()
    }

    fn push(&mut self, fault: Fault) {
        *self.counts.entry(fault.kind).or_default() += 1;
        if self.faults.len() < MOST_FAULTS {
            self.faults.push(fault);
        } else {
            self.unlisted = self.unlisted.saturating_add(1);
        }
    }
}
