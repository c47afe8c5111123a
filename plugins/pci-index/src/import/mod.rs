//! Imports: every row is checked before anything is written, and checked again when it is written.

pub(crate) mod components;
pub(crate) mod groups;
pub(crate) mod scores;

use std::collections::HashSet;

use dinh_sdk::prelude::*;
use dinh_sdk::sheet::Rows;

/// Texts that mean "not published" in a cell.
const NOT_AVAILABLE: [&str; 5] = ["N/A", "NA", "N.A.", "-", "–"];

/// A column whose cells may say that there is no value.
pub(crate) fn may_lack(column: SheetColumn) -> SheetColumn {
    NOT_AVAILABLE.iter().fold(column, |column, word| column.empty_word(*word))
}

/// A number as the reader writes it.
pub(crate) fn number(request: &Request, number: Decimal) -> String {
    let text = format!("{number:.2}");
    if request.language() == Language::Vi { text.replace('.', ",") } else { text }
}

/// What is wrong with the rows of a sheet.
#[derive(Clone, Debug, Default)]
pub(crate) struct Findings {
    problems: Vec<SheetProblem>,
}

impl Findings {
    /// Something wrong with a row.
    pub(crate) fn add(&mut self, row: usize, problem: impl FnOnce(u32) -> SheetProblem) {
        self.problems.push(problem(u32::try_from(row).unwrap_or(u32::MAX)));
    }

    /// The rows that cannot be imported.
    pub(crate) fn bad(&self, rows: usize) -> Vec<bool> {
        let mut bad = vec![false; rows];
        for problem in self.problems.iter().filter(|problem| !problem.warning) {
            if let Some(bad) = usize::try_from(problem.row).ok().and_then(|row| bad.get_mut(row)) {
                *bad = true;
            }
        }
        bad
    }

    /// Rows of a group that stands or falls together (the lines of one edition): where one is bad, so are
    /// the others. `group` tells the group of a row; `wrong` are rows that the host has found wrong.
    pub(crate) fn drag(&mut self, request: &Request, wrong: &[bool], group: impl Fn(usize) -> Option<i64>) {
        let bad: Vec<bool> =
            self.bad(wrong.len()).iter().zip(wrong).map(|(bad, wrong)| *bad || *wrong).collect();
        let years: HashSet<i64> =
            bad.iter().enumerate().filter(|(_, bad)| **bad).filter_map(|(row, _)| group(row)).collect();
        for (row, bad) in bad.iter().enumerate() {
            if let Some(year) = group(row).filter(|year| !bad && years.contains(year)) {
                self.add(row, |row| {
                    SheetProblem::new(
                        row,
                        format!(
                            "{} {year}",
                            request.say("Còn dòng sai ở kỳ", "Other rows are wrong in edition")
                        ),
                        request.say(
                            "Một kỳ được nhập trọn vẹn hoặc không nhập; hãy sửa các dòng sai.",
                            "An edition is imported whole or not at all; correct the wrong rows.",
                        ),
                    )
                });
            }
        }
    }

    /// The problems, for the preview.
    pub(crate) fn into_problems(mut self) -> Vec<SheetProblem> {
        self.problems.sort_by_key(|problem| problem.row);
        self.problems
    }

    /// For a submission: goes on when nothing is wrong. The host gives only rows that the preview found
    /// good, so what is wrong here changed in between.
    pub(crate) fn check(&self, request: &Request, rows: &Rows) -> Result<()> {
        let mut problems = Problems::default();
        for problem in self.problems.iter().filter(|problem| !problem.warning).take(20) {
            let line = usize::try_from(problem.row).map(|row| rows.line(row)).unwrap_or_default();
            problems.form(format!(
                "{} {line}: {}. {}",
                request.say("Dòng", "Line"),
                problem.message,
                problem.remedy
            ));
        }
        problems.check()
    }
}

/// The rows in which the host has reported one of these cells as wrong.
pub(crate) fn wrong_rows(rows: &Rows, columns: &[&str]) -> Vec<bool> {
    (0..rows.len()).map(|row| columns.iter().any(|column| rows.is_wrong(row, column))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_warning_does_not_make_a_row_bad() {
        let mut findings = Findings::default();
        findings.add(2, |row| SheetProblem::new(row, "m", "r").warning());
        findings.add(1, |row| SheetProblem::new(row, "m", "r"));
        assert_eq!(findings.bad(3), [false, true, false]);
        let order: Vec<u32> = findings.into_problems().iter().map(|problem| problem.row).collect();
        assert_eq!(order, [1, 2]);
    }
}
