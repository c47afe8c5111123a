//! Import of rates: a row of a known key and day is updated; every row is checked before anything is written.

use dinh_sdk::prelude::*;
use dinh_sdk::sheet::{Rows, Sheet};

use crate::model::Rate;
use crate::rules::rates::key;

const BLOCK: &str = "rates";

/// What would be done.
#[derive(Default)]
struct Plan {
    added: Vec<Rate>,
    updated: Vec<Stored<Rate>>,
    problems: Vec<SheetProblem>,
}

/// The block of the page.
pub(crate) fn block(request: &Request) -> Result<SheetImport> {
    let say = |vi, en| request.say(vi, en);
    let import = SheetImport::new(BLOCK, say("Tệp mức đóng", "File of rates"))
        .help(say(
            "Mỗi dòng: mã, ngày áp dụng, giá trị, căn cứ. Dòng cùng mã và ngày được cập nhật.",
            "Each line: key, first day, value, source. A line of a known key and day is updated.",
        ))
        .column(SheetColumn::text("key", say("Mã", "Key")).required())
        .column(SheetColumn::date("from", say("Áp dụng từ", "From")).required())
        .column(SheetColumn::decimal("value", say("Giá trị", "Value"), 4, 0, 1_000_000_000).required())
        .column(SheetColumn::text("source", say("Căn cứ", "Source")).required())
        .at_most(1000);
    let Some(sheet) = Sheet::of(BLOCK) else { return Ok(import) };
    let plan = plan(request, &sheet.read(Rate::FIELDS)?, &Rate::all().list()?);
    let summary = summary(request, &plan);
    Ok(import.preview(Some(SheetPreview { problems: plan.problems, ..SheetPreview::new(summary) })))
}

/// Imports the sheet.
pub(crate) fn submit(request: &Request, _: &Submission) -> Result<Outcome> {
    let sheet = Sheet::of(BLOCK).or_failed("no sheet")?;
    let plan = plan(request, &sheet.read(Rate::FIELDS)?, &Rate::all().list()?);
    let mut problems = Problems::default();
    plan.problems.iter().take(20).for_each(|problem| problems.form(problem.message.clone()));
    problems.check()?;
    let summary = summary(request, &plan);
    Rate::insert_many(plan.added)?;
    for row in plan.updated {
        row.save()?;
    }
    Ok(Outcome::done("/rates").saying(request.say("Đã nhập mức đóng", "Rates imported")).saying_more(summary))
}

fn summary(request: &Request, plan: &Plan) -> String {
    let (added, updated) = (plan.added.len(), plan.updated.len());
    let vi = format!("Thêm {added}, cập nhật {updated}.");
    request.say(&vi, &format!("{added} to add, {updated} to update.")).to_owned()
}

fn plan(request: &Request, rows: &Rows, stored: &[Stored<Rate>]) -> Plan {
    let say = |vi, en| request.say(vi, en);
    let mut plan = Plan::default();
    for row in 0..rows.len() {
        // A row that lacks something the host has reported already.
        let Some(rate) = rate(rows, row) else { continue };
        let same = |other: &Rate| other.key == rate.key && other.from == rate.from;
        let wrong = if !key::ALL.contains(&rate.key.as_str()) {
            Some((
                say("Không có mức mang mã này", "There is no such rate"),
                say("Dùng mã có trong bảng mức đóng.", "Use a key of the table."),
            ))
        } else if plan.added.iter().any(same) || plan.updated.iter().any(|other| same(other)) {
            Some((
                say("Dòng này trùng với một dòng trên", "This line repeats one above"),
                say("Bỏ một dòng.", "Leave one out."),
            ))
        } else {
            None
        };
        match (wrong, stored.iter().find(|known| same(known))) {
            (Some((message, remedy)), _) => {
                let row = u32::try_from(row).unwrap_or(u32::MAX);
                plan.problems.push(SheetProblem::new(row, message, remedy).in_column("key"));
            }
            (None, Some(known)) => plan.updated.push(Stored { record: rate, ..known.clone() }),
            (None, None) => plan.added.push(rate),
        }
    }
    plan
}

fn rate(rows: &Rows, row: usize) -> Option<Rate> {
    Some(Rate {
        key: rows.get(row, "key")?,
        from: rows.get(row, "from")?,
        value: rows.get(row, "value")?,
        source: rows.get(row, "source"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use dinh_sdk::jiff::civil::date;

    fn planned(lines: &[(&str, i64)], stored: &[Stored<Rate>]) -> Plan {
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
    fn an_unknown_key_and_a_repeated_line_are_named() {
        let plan = planned(&[("salary", 1), ("salary", 2), ("tax", 3)], &[]);
        let rows: Vec<u32> = plan.problems.iter().map(|problem| problem.row).collect();
        assert_eq!((plan.added.len(), rows), (1, vec![1, 2]));
    }
}
