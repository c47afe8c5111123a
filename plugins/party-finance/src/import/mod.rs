//! What the department brings in as files: tables of dated rows. A row that is known already is updated; every row is
//! checked before anything is written, and checked again when it is.
//!
//! ```text
//! rates          Mức đóng
//! retentions     Tỷ lệ trích giữ lại
//! organisations  Tổ chức đảng
//! items          Mục chi
//! ```

mod items;
mod organisations;
mod rates;
mod retentions;

use dinh_sdk::prelude::*;
use dinh_sdk::sheet::{Rows, Sheet};

/// What is wrong with a row: the column, what, and what to do about it.
pub(crate) type Wrong = (&'static str, String, String);

/// A wrong cell, in the language of the page.
fn wrong(
    request: &Request,
    column: &'static str,
    (vi, en): (&str, &str),
    (remedy, remedy_en): (&str, &str),
) -> Wrong {
    (column, request.say(vi, en).to_owned(), request.say(remedy, remedy_en).to_owned())
}

/// A table of dated rows.
pub(crate) trait Listed: Record + Clone {
    /// The import block, and the form that comes back.
    const BLOCK: &'static str;
    /// The page it is on.
    const PAGE: &'static str;

    /// Its title.
    fn title(request: &Request) -> &str;

    /// Its columns, which bear the names of the fields.
    fn columns(request: &Request) -> Vec<SheetColumn>;

    /// The record of a row; none when something required is missing, which the host has reported.
    fn of(request: &Request, rows: &Rows, row: usize) -> Option<Result<Self, Wrong>>;

    /// Whether it takes the place of another.
    fn same(&self, other: &Self) -> bool;

    /// The column that makes it the same, for what is said of repeated lines.
    const KEY: &'static str;
}

/// What would be done.
struct Plan<R> {
    added: Vec<R>,
    updated: Vec<Stored<R>>,
    problems: Vec<SheetProblem>,
}

/// The block of the page.
pub(crate) fn block<R: Listed>(request: &Request) -> Result<SheetImport> {
    let mut import = SheetImport::new(R::BLOCK, R::title(request)).at_most(1000).help(request.say(
        "Dòng trùng với một dòng đã có được cập nhật; mọi dòng được kiểm tra trước khi ghi.",
        "A line that is known already is updated; every line is checked before anything is written.",
    ));
    for column in R::columns(request) {
        import = import.column(column);
    }
    let Some(sheet) = Sheet::of(R::BLOCK) else { return Ok(import) };
    let plan = plan::<R>(request, &sheet.read(R::FIELDS)?, &R::all().list()?);
    let summary = summary(request, &plan);
    Ok(import.preview(Some(SheetPreview { problems: plan.problems, ..SheetPreview::new(summary) })))
}

/// Imports the sheet.
pub(crate) fn submit<R: Listed>(request: &Request, _: &Submission) -> Result<Outcome> {
    let sheet = Sheet::of(R::BLOCK).or_failed("no sheet")?;
    let plan = plan::<R>(request, &sheet.read(R::FIELDS)?, &R::all().list()?);
    let mut problems = Problems::default();
    plan.problems.iter().take(20).for_each(|problem| problems.form(problem.message.clone()));
    problems.check()?;
    let summary = summary(request, &plan);
    R::insert_many(plan.added)?;
    for row in plan.updated {
        row.save()?;
    }
    Ok(Outcome::done(R::PAGE).saying(request.say("Đã nhập tệp", "Imported")).saying_more(summary))
}

fn summary<R>(request: &Request, plan: &Plan<R>) -> String {
    let (added, updated) = (plan.added.len(), plan.updated.len());
    let vi = format!("Thêm {added}, cập nhật {updated}.");
    request.say(&vi, &format!("{added} to add, {updated} to update.")).to_owned()
}

fn plan<R: Listed>(request: &Request, rows: &Rows, stored: &[Stored<R>]) -> Plan<R> {
    let mut plan = Plan { added: Vec::new(), updated: Vec::new(), problems: Vec::new() };
    for row in 0..rows.len() {
        let Some(found) = R::of(request, rows, row) else { continue };
        let found = found.and_then(|record| {
            let repeated = plan.added.iter().any(|other| record.same(other))
                || plan.updated.iter().any(|other| record.same(&other.record));
            let twice = || {
                let message = ("Dòng này trùng với một dòng trên", "This line repeats one above");
                wrong(request, R::KEY, message, ("Bỏ một dòng.", "Leave one out."))
            };
            if repeated { Err(twice()) } else { Ok(record) }
        });
        match found {
            Err((column, message, remedy)) => {
                let row = u32::try_from(row).unwrap_or(u32::MAX);
                plan.problems.push(SheetProblem::new(row, message, remedy).in_column(column));
            }
            Ok(record) => match stored.iter().find(|known| record.same(&known.record)) {
                Some(known) => plan.updated.push(Stored { record, ..known.clone() }),
                None => plan.added.push(record),
            },
        }
    }
    plan
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Rate;
    use dinh_sdk::jiff::civil::date;

    fn planned(lines: &[(&str, i64)], stored: &[Stored<Rate>]) -> Plan<Rate> {
        let text = |at: fn(&(&str, i64)) -> String| Column::of(lines.iter().map(at));
        let rows = Rows::test(vec![
            ("key", text(|line| line.0.to_owned())),
            ("from", Column::of(lines.iter().map(|_| date(2026, 2, 3)))),
            ("value", Column::of(lines.iter().map(|line| Decimal::from(line.1)))),
            ("source", text(|_| "Quy định 01-QĐ/TW".to_owned())),
        ]);
        plan(&Request::test("/rates", Language::En), &rows, stored)
    }

    #[test]
    fn a_known_key_and_day_is_updated_and_others_are_added() {
        let plan = planned(&[("salary", 1), ("student", 5000)], &[]);
        assert_eq!((plan.added.len(), plan.updated.len(), plan.problems.len()), (2, 0, 0));
        let id = RecordId { high: 1, low: 2 };
        let stored = Stored { id, version: 3, record: plan.added[0].clone() };
        let plan = planned(&[("salary", 2), ("student", 5000)], &[stored]);
        assert_eq!((plan.added.len(), plan.updated.len()), (1, 1));
        assert_eq!((plan.updated[0].id, plan.updated[0].value), (id, Decimal::TWO));
    }

    #[test]
    fn a_repeated_line_is_named() {
        let plan = planned(&[("salary", 1), ("salary", 2), ("student", 3)], &[]);
        let rows: Vec<u32> = plan.problems.iter().map(|problem| problem.row).collect();
        assert_eq!((plan.added.len(), rows), (2, vec![1]));
    }
}
