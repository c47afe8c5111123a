//! Imports: every row is checked before anything is written, and checked again when it is written.
//!
//! ```text
//! people      the officers themselves, new ones and those that are known by their number
//! histories   rows of the histories, each naming its officer by number
//! papers      which papers the files hold, each naming its officer by number
//! common      parameters and pay scales
//! ```

pub(crate) mod common;
pub(crate) mod histories;
pub(crate) mod papers;
pub(crate) mod people;

use std::collections::HashMap;

use dinh_sdk::prelude::*;
use dinh_sdk::sheet::Rows;

/// What is wrong with the rows of a sheet.
#[derive(Clone, Debug, Default)]
pub(crate) struct Findings(Vec<SheetProblem>);

impl Findings {
    /// Something wrong with a cell of a row, and what to do about it.
    pub(crate) fn add(
        &mut self,
        row: usize,
        column: &str,
        message: impl Into<String>,
        remedy: impl Into<String>,
    ) {
        let row = u32::try_from(row).unwrap_or(u32::MAX);
        self.0.push(SheetProblem::new(row, message, remedy).in_column(column));
    }

    /// The officer that a row names by number; without one, that is wrong.
    fn officer<'a>(
        &mut self,
        request: &Request,
        row: usize,
        code: &str,
        officers: &'a HashMap<String, Stored<Known>>,
    ) -> Option<&'a Stored<Known>> {
        let known = officers.get(code);
        if known.is_none() {
            let what = request.say("Không có cán bộ mang số hiệu", "There is no officer");
            let remedy = request.say("Nhập hồ sơ của người này trước.", "Import the officer first.");
            self.add(row, OFFICER, format!("{what} “{code}”."), remedy);
        }
        known
    }

    /// Whether a row writes the actor's own record, held by one of `accounts`; then that is wrong.
    fn own(
        &mut self,
        request: &Request,
        row: usize,
        column: &str,
        actor: AccountId,
        accounts: &[Option<AccountId>],
    ) -> bool {
        let own = accounts.contains(&Some(actor));
        if own {
            let what = request.say("Đây là hồ sơ của chính mình.", "This is your own record.");
            let remedy = request.say(
                "Nhờ người khác nhập dòng này, hoặc gửi đề nghị đính chính.",
                "Have somebody else import this line, or ask for a correction.",
            );
            self.add(row, column, what, remedy);
        }
        own
    }

    /// How many rows are wrong.
    pub(crate) fn rows(&self) -> usize {
        let mut rows: Vec<u32> = self.0.iter().map(|problem| problem.row).collect();
        rows.sort_unstable();
        rows.dedup();
        rows.len()
    }

    /// For a submission: goes on when nothing is wrong. The host gives only rows that the preview found good, so
    /// what is wrong here changed in between.
    pub(crate) fn check(&self, request: &Request, rows: &Rows) -> Result<()> {
        let mut problems = Problems::default();
        for problem in self.0.iter().take(20) {
            let line = usize::try_from(problem.row).map(|row| rows.line(row)).unwrap_or_default();
            problems.form(format!(
                "{} {line}: {} {}",
                request.say("Dòng", "Line"),
                problem.message,
                problem.remedy
            ));
        }
        problems.check()
    }

    /// A preview that says what will happen.
    pub(crate) fn preview(self, summary: String) -> SheetPreview {
        SheetPreview { problems: self.0, ..SheetPreview::new(summary) }
    }
}

/// The column of a sheet for a field of a form.
pub(crate) fn column(field: Field) -> SheetColumn {
    let format = crate::sheet::show::format(&field);
    let kind = match field.kind {
        // Units are named by code or name; without choices a text is all there is.
        FieldKind::Unit => FieldKind::Text(TextRange { minimum: 0, maximum: 300 }),
        FieldKind::Choice(choices) if choices.choices.is_empty() => {
            FieldKind::Text(TextRange { minimum: 0, maximum: 300 })
        }
        kind => kind,
    };
    let column = SheetColumn::new(&field.name, field.label, kind).format(format);
    if field.required { column.required() } else { column }
}

/// The column that names an officer.
pub(crate) const OFFICER: &str = "officer";

/// Number and unit of officers, to find them by.
#[derive(Clone, Debug, PartialEq, Record)]
#[record(collection = "people")]
pub(crate) struct Known {
    pub(crate) code: String,
    pub(crate) citizen_id: Option<String>,
    pub(crate) unit: UnitId,
    pub(crate) account: Option<AccountId>,
}

/// The officers that the actor may see, by number.
pub(crate) fn known() -> Result<HashMap<String, Stored<Known>>> {
    Ok(Known::all().list()?.into_iter().map(|known| (known.code.clone(), known)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_with_two_problems_is_one_wrong_row() {
        let mut findings = Findings::default();
        findings.add(1, "a", "sai", "sửa");
        findings.add(1, "b", "sai", "sửa");
        findings.add(4, "a", "sai", "sửa");
        findings.add(1, "c", "sai", "sửa");
        assert_eq!(findings.rows(), 2);
    }
}
