//! Import of rows of the histories. A row names its officer by number; a row that is there already is left alone, but
//! for a training that attests nothing yet: it is completed by what the file says more.

use std::collections::{HashMap, HashSet};

use dinh_sdk::prelude::*;
use dinh_sdk::sheet::{Rows, Sheet};
use dinh_sdk::time;

use super::{Findings, Known, OFFICER, column, known};
use crate::codes;
use crate::model::common::Grades;
use crate::pages::actor;
use crate::renew;
use crate::sheet::check;
use crate::sheet::tables::Described;
use crate::sheet::values::{self, Any};
use crate::told::{Officer, Summary, Told, officer};
use crate::units::Units;

/// What would be done.
struct Plan<R> {
    added: Vec<Added<R>>,
    unchanged: usize,
    findings: Findings,
    /// What all rows tell then of the officers to whom rows are added, where their records hold a summary of it.
    told: Vec<(RecordId, Told)>,
}

/// A row to be added, and where it stands in the file.
struct Added<R> {
    row: usize,
    officer: RecordId,
    record: R,
    /// The stored row that it completes, and its version.
    completes: Option<(RecordId, u64)>,
}

/// A row of an officer: one that is stored, or stands further up in the file.
struct There {
    shown: Vec<Value>,
    /// Where a file may complete it: it is stored, no decision wrote it, and it tells nothing yet.
    open: Option<(RecordId, u64)>,
}

/// The block of a history.
pub(crate) fn block<R: Described>(request: &Request) -> Result<SheetImport> {
    let grades = Grades::load()?;
    let title = format!("{}: {}", request.say("Nhập", "Import"), R::title(request));
    let officer = SheetColumn::text(OFFICER, request.say("Số hiệu cán bộ", "Officer number"));
    let mut import = SheetImport::new(R::ID, title)
        .help(request.say(
            "Mỗi dòng ghi số hiệu của cán bộ; dòng đã có trong hồ sơ thì bỏ qua, dòng đào tạo chưa ghi trình độ đạt được thì bổ sung.",
            "Each line names its officer by number; a line that is in the record already is left out, a training without levels completed.",
        ))
        .column(officer.alias("Số hiệu").required());
    for field in R::fields(request, &grades) {
        import = import.column(column(field));
    }
    let Some(sheet) = Sheet::of(R::ID) else { return Ok(import) };
    let (_, plan) = read::<R>(request, &sheet, &grades)?;
    let summary = summary(request, &plan);
    Ok(import.preview(Some(plan.findings.preview(summary))))
}

fn summary<R>(request: &Request, plan: &Plan<R>) -> String {
    let completed = plan.added.iter().filter(|added| added.completes.is_some()).count();
    let added = plan.added.len() - completed;
    let (unchanged, wrong) = (plan.unchanged, plan.findings.rows());
    request
        .say(
            &format!("Thêm {added} dòng, bổ sung {completed} dòng, đã có {unchanged} dòng; {wrong} dòng sai."),
            &format!("{added} rows to add, {completed} to complete, {unchanged} there already; {wrong} wrong lines."),
        )
        .to_owned()
}

/// Imports the sheet of a history.
pub(crate) fn submit<R: Described>(request: &Request, _: &Submission) -> Result<Outcome> {
    let sheet = Sheet::of(R::ID).or_failed("no sheet")?;
    let (rows, plan) = read::<R>(request, &sheet, &Grades::load()?)?;
    plan.findings.check(request, &rows)?;
    let summary = summary(request, &plan);
    let mut new = Vec::new();
    for Added { record, completes, .. } in plan.added {
        match completes {
            Some((id, version)) => Stored { id, version, record }.save()?,
            None => new.push(record),
        }
    }
    R::insert_many(new)?;
    renew::all(&plan.told)?;
    Ok(Outcome::done("/import").saying(request.say("Đã nhập", "Imported")).saying_more(summary))
}

fn read<R: Described>(request: &Request, sheet: &Sheet, grades: &Grades) -> Result<(Rows, Plan<R>)> {
    let mut columns = vec![OFFICER];
    columns.extend(R::FIELDS.iter().skip(R::FIXED));
    // A file of an older form is compared by the columns it has: its rows are there already.
    let given: Vec<bool> = columns.iter().skip(1).map(|column| sheet.has(column)).collect();
    let rows = sheet.read(&columns)?;
    let (officers, units, today, by) = (known()?, Units::load(), time::today(), actor(request)?);
    let fields = R::fields(request, grades);
    let mut stored: HashMap<Officer, Vec<There>> = HashMap::new();
    for row in R::all().list()? {
        let mut told = Told::default();
        row.tell(&mut told);
        let open = R::SUMMARISED && row.decision().is_none() && told == Told::default();
        let open = open.then_some((row.id, row.version));
        let mut all = row.record.into_values();
        let shown = all.split_off(R::FIXED);
        if let Some(Value::Reference(person)) = all.first() {
            stored.entry(officer(*person)).or_default().push(There { shown, open });
        }
    }
    let mut plan = Plan { added: Vec::new(), unchanged: 0, findings: Findings::default(), told: Vec::new() };
    for row in 0..rows.len() {
        if columns.iter().any(|column| rows.is_wrong(row, column)) {
            continue;
        }
        let Some(code) = rows.get::<String>(row, OFFICER) else { continue };
        let Some(whose) = plan.findings.officer(request, row, &code, &officers) else { continue };
        let Some(shown) = cells(request, &rows, row, &fields, &units, &mut plan.findings) else { continue };
        let theirs = stored.entry(officer(whose.id)).or_default();
        // Said so, or, where it may be completed, left open.
        let says = |there: &There, or_open: bool| {
            there.shown.iter().zip(&shown).zip(&given).all(|((known, shown), given)| {
                !given || known == shown || (or_open && matches!(known, Value::Empty))
            })
        };
        if theirs.iter().any(|there| says(there, false)) {
            plan.unchanged += 1;
            continue;
        }
        if plan.findings.own(request, row, OFFICER, by, &[whose.account]) {
            continue;
        }
        let open = theirs.iter_mut().find(|there| there.open.is_some() && says(there, true));
        let completes = open.and_then(|there| there.open.take());
        let record: R = values::from(whole::<R>(whose, shown.clone()))?;
        if let Some(wrong) = record.wrong(request, today) {
            plan.findings.add(row, wrong.field, wrong.message, wrong.remedy);
            continue;
        }
        theirs.push(There { shown, open: None });
        plan.added.push(Added { row, officer: whose.id, record, completes });
    }
    if R::SUMMARISED {
        agree(request, &mut plan, today)?;
    }
    Ok((rows, plan))
}

/// Rows that begin to tell of what a record was taken over with come to the same: else none of that officer is added.
fn agree<R: Described>(request: &Request, plan: &mut Plan<R>, today: Date) -> Result<()> {
    let mut before = Told::of_all()?;
    let mut added: HashMap<Officer, (RecordId, Vec<usize>, Told)> = HashMap::new();
    for Added { row, officer: id, record, .. } in &plan.added {
        let (_, rows, told) = added.entry(officer(*id)).or_insert_with(|| (*id, Vec::new(), Told::default()));
        rows.push(*row);
        record.tell(told);
    }
    let ladders = codes::ladders(today)?;
    let mut wrong = HashSet::new();
    for (of, (id, rows, new)) in added {
        let mut told = before.remove(&of).unwrap_or_default();
        let known = told.fields();
        told.attested.extend(new.attested);
        told.held.extend(new.held);
        let record = Summary::get(id)?.record;
        let (summary, fields) = told.disagreeing(&known, &record, &ladders, today);
        for field in fields {
            let said = check::disagreement(request, field, &record, &summary);
            for row in &rows {
                plan.findings.add(*row, OFFICER, said.message.clone(), said.remedy.clone());
            }
            wrong.insert(of);
        }
        plan.told.push((id, told));
    }
    plan.findings.0.sort_by_key(|problem| problem.row);
    plan.added.retain(|added| !wrong.contains(&officer(added.officer)));
    plan.told.retain(|(id, _)| !wrong.contains(&officer(*id)));
    Ok(())
}

/// All values of a row: to whom it belongs, then what it says.
fn whole<R: Described>(officer: &Stored<Known>, shown: Vec<Value>) -> Vec<Value> {
    let mut all =
        vec![Value::Reference(officer.id), Value::Unit(officer.unit.0), officer.account.into_value()];
    all.resize(R::FIXED, Value::Empty);
    all.extend(shown);
    all
}

/// What a row says; none when something is wrong with it, or the host has said so.
fn cells(
    request: &Request,
    rows: &Rows,
    row: usize,
    fields: &[Field],
    units: &Units,
    findings: &mut Findings,
) -> Option<Vec<Value>> {
    let mut shown = Vec::with_capacity(fields.len());
    for field in fields {
        let value = rows.get::<Any>(row, &field.name).map_or(Value::Empty, |any| any.0);
        if field.required && matches!(value, Value::Empty) {
            return None;
        }
        shown.push(match (&field.kind, value) {
            (FieldKind::Unit, Value::Text(words)) => match units.find(&words) {
                Some(unit) => unit.into_value(),
                None => {
                    let message =
                        format!("{} “{words}”.", request.say("Không có đơn vị", "There is no unit"));
                    let remedy =
                        request.say("Ghi mã hoặc tên đầy đủ của đơn vị.", "Write its code or full name.");
                    findings.add(row, &field.name, message, remedy);
                    return None;
                }
            },
            (_, value) => value,
        });
    }
    let day = |name: &str| {
        let at = fields.iter().position(|field| field.name == name)?;
        shown.get(at).and_then(|value| Date::from_value(value.clone()).ok())
    };
    if day("from").zip(day("until")).is_some_and(|(from, until)| until < from) {
        let message = request.say("Ngày kết thúc trước ngày bắt đầu.", "The last day lies before the first.");
        findings.add(row, "until", message, request.say("Kiểm tra lại hai ngày này.", "Check both days."));
        return None;
    }
    Some(shown)
}
