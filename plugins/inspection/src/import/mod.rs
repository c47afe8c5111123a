//! What comes in as files: every row is checked before anything is written, and checked again when it is.
//!
//! ```text
//! listed     the five tables of dated rows: their columns
//! catalogs   a row added, or a whole file
//! dossiers   from the paper book: each at the step where it stands
//! ```

pub(crate) mod catalogs;
pub(crate) mod dossiers;
pub(crate) mod listed;

use dinh_sdk::prelude::*;
use dinh_sdk::sheet::Rows;

/// What is wrong with a row: the column, what, and what to do about it.
pub(crate) type Wrong = (&'static str, String, String);

/// What is wrong with the rows of a sheet.
#[derive(Clone, Debug, Default)]
pub(crate) struct Findings(Vec<SheetProblem>);

impl Findings {
    /// Something wrong with a row.
    pub(crate) fn add(&mut self, row: usize, (column, message, remedy): Wrong) {
        let row = u32::try_from(row).unwrap_or(u32::MAX);
        self.0.push(SheetProblem::new(row, message, remedy).in_column(column));
    }

    /// For a submission: goes on when nothing is wrong. The host gives only rows that the preview found good, so what is
    /// wrong here changed in between.
    pub(crate) fn check(&self, request: &Request, rows: &Rows) -> Result<()> {
        let mut problems = Problems::default();
        for problem in self.0.iter().take(20) {
            let line = usize::try_from(problem.row).map(|row| rows.line(row)).unwrap_or_default();
            let head = request.say("Dòng", "Line");
            problems.form(format!("{head} {line}: {} {}", problem.message, problem.remedy));
        }
        problems.check()
    }

    /// A preview that says what will happen.
    pub(crate) fn preview(self, summary: String) -> SheetPreview {
        SheetPreview { problems: self.0, ..SheetPreview::new(summary) }
    }
}

/// A wrong cell, in the language of the page.
pub(crate) fn wrong(
    request: &Request,
    column: &'static str,
    (vi, en): (&str, &str),
    (remedy, remedy_en): (&str, &str),
) -> Wrong {
    (column, request.say(vi, en).to_owned(), request.say(remedy, remedy_en).to_owned())
}
