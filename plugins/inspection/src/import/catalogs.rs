//! Import of catalogs: a row of a known key and first day is updated.

use dinh_sdk::prelude::*;
use dinh_sdk::sheet::{Rows, Sheet};

use super::listed::{Listed, columns};
use super::{Findings, wrong};

/// What would be done.
struct Plan<R> {
    added: Vec<R>,
    updated: Vec<Stored<R>>,
    findings: Findings,
}

/// The form that adds one row, or changes the one of that code and day.
pub(crate) fn form<R: Listed>(request: &Request) -> Form {
    let say = |vi, en| request.say(vi, en);
    let field = |column: SheetColumn| {
        let required = column.required && column.kind != FieldKind::Boolean;
        Field { required, ..Field::new(column.name, column.label, column.kind).width(6) }
    };
    let form = Form::new("add", say("Ghi", "Record")).help(say(
        "Dòng cùng mã và ngày áp dụng được cập nhật; để thay một dòng từ một ngày, ghi dòng cùng mã với ngày áp dụng mới.",
        "A row of a known code and day is updated; to replace one from a day on, record its code with that day.",
    ));
    columns::<R>(request).into_iter().map(field).fold(form, Form::field)
}

/// Adds one row, or changes the one of that code and day.
pub(crate) fn add<R: Listed>(request: &Request, submission: &Submission) -> Result<Outcome> {
    let record: R = submission.record()?;
    if record.until().is_some_and(|until| until < record.from()) {
        return Err(Error::field(
            "until",
            request.say("Trước ngày bắt đầu áp dụng.", "Before its first day."),
        ));
    }
    let same = |known: &Stored<R>| known.key() == record.key() && known.from() == record.from();
    match R::all().list()?.into_iter().find(same) {
        Some(known) => Stored { record, ..known }.save()?,
        None => record.insert().map(drop)?,
    }
    Ok(Outcome::done(request.path()).saying(request.say("Đã ghi", "Recorded")))
}

/// The import block of a table.
pub(crate) fn block<R: Listed>(request: &Request) -> Result<SheetImport> {
    let import = columns::<R>(request)
        .into_iter()
        .fold(SheetImport::new(R::COLLECTION, R::title(request)).at_most(1000), SheetImport::column);
    let Some(sheet) = Sheet::of(R::COLLECTION) else { return Ok(import) };
    let plan = plan::<R>(request, &sheet.read(R::FIELDS)?, &R::all().list()?);
    let summary = summary(request, &plan);
    Ok(import.preview(Some(plan.findings.preview(summary))))
}

/// Imports the sheet of a table.
pub(crate) fn submit<R: Listed>(request: &Request, _: &Submission) -> Result<Outcome> {
    let rows = Sheet::of(R::COLLECTION).or_failed("no sheet")?.read(R::FIELDS)?;
    let plan = plan::<R>(request, &rows, &R::all().list()?);
    plan.findings.check(request, &rows)?;
    let summary = summary(request, &plan);
    R::insert_many(plan.added)?;
    for row in plan.updated {
        row.save()?;
    }
    Ok(Outcome::done(request.path()).saying(request.say("Đã nhập", "Imported")).saying_more(summary))
}

fn summary<R>(request: &Request, plan: &Plan<R>) -> String {
    let (added, updated) = (plan.added.len(), plan.updated.len());
    let vi = format!("Thêm {added}, cập nhật {updated}.");
    request.say(&vi, &format!("{added} to add, {updated} to update.")).to_owned()
}

fn plan<R: Listed>(request: &Request, rows: &Rows, stored: &[Stored<R>]) -> Plan<R> {
    let mut plan = Plan { added: Vec::new(), updated: Vec::new(), findings: Findings::default() };
    let mut seen = Vec::new();
    for row in 0..rows.len() {
        // A row that lacks something the host has reported already.
        let Some(record) = rows.record::<R>(row) else { continue };
        let key = (record.key(), record.from());
        let term = record.until().is_some_and(|until| until < record.from()).then(|| {
            wrong(
                request,
                "until",
                ("Trước ngày bắt đầu.", "Before its first day."),
                ("Sửa ngày.", "Mend it."),
            )
        });
        let twice = seen.contains(&key).then(|| {
            wrong(
                request,
                "from",
                ("Dòng này trùng với một dòng trên.", "This line repeats one above."),
                ("Bỏ một dòng.", "Leave one out."),
            )
        });
        if let Some(wrong) = term.or(twice) {
            plan.findings.add(row, wrong);
            continue;
        }
        match stored.iter().find(|known| (known.key(), known.from()) == key) {
            Some(known) => plan.updated.push(Stored { record, ..known.clone() }),
            None => plan.added.push(record),
        }
        seen.push(key);
    }
    plan
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Setting;
    use crate::model::catalog::key;
    use dinh_sdk::jiff::civil::date;

    fn planned(lines: &[(&str, i64, Date)], stored: &[Stored<Setting>]) -> Plan<Setting> {
        let rows = Rows::test(vec![
            ("key", Column::of(lines.iter().map(|line| line.0.to_owned()))),
            ("value", Column::of(lines.iter().map(|line| line.1))),
            ("working", Column::of(lines.iter().map(|_| true))),
            ("from", Column::of(lines.iter().map(|line| line.2))),
        ]);
        plan(&Request::test("/catalogs/settings", Language::En), &rows, stored)
    }

    #[test]
    fn a_known_code_and_day_is_updated_and_a_new_day_is_added() {
        let first = date(2021, 7, 28);
        let planned_first = planned(&[(key::LODGE, 30, first)], &[]);
        let id = RecordId { high: 1, low: 2 };
        let stored = Stored { id, version: 3, record: planned_first.added[0].clone() };
        let again = planned(&[(key::LODGE, 30, first), (key::LODGE, 20, date(2025, 5, 30))], &[stored]);
        assert_eq!((again.added.len(), again.updated.len(), again.updated[0].id), (1, 1, id));
    }

    #[test]
    fn a_repeated_line_is_named() {
        let day = date(2025, 5, 30);
        let plan = planned(&[(key::LODGE, 30, day), (key::LODGE, 31, day), (key::ANSWER, 3, day)], &[]);
        let rows: Vec<u32> = plan.findings.0.iter().map(|problem| problem.row).collect();
        assert_eq!((plan.added.len(), rows), (2, vec![1]));
    }
}
