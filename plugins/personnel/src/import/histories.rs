//! Import of rows of the histories. A row names its officer by number; a row that is there already is left alone.

use std::collections::HashMap;

use dinh_sdk::prelude::*;
use dinh_sdk::sheet::{Rows, Sheet};

use super::{Findings, Known, OFFICER, column, known};
use crate::model::common::Grades;
use crate::renew;
use crate::sheet::tables::Described;
use crate::sheet::values::{self, Any};
use crate::units::Units;

/// What would be done.
struct Plan<R> {
    added: Vec<R>,
    /// To whom rows are added.
    officers: Vec<RecordId>,
    unchanged: usize,
    findings: Findings,
}

/// The block of a history.
pub(crate) fn block<R: Described>(request: &Request) -> Result<SheetImport> {
    let grades = Grades::load()?;
    let title = format!("{}: {}", request.say("Nhập", "Import"), R::title(request));
    let officer = SheetColumn::text(OFFICER, request.say("Số hiệu cán bộ", "Officer number"));
    let mut import = SheetImport::new(R::ID, title)
        .help(request.say(
            "Mỗi dòng ghi số hiệu của cán bộ; dòng đã có trong hồ sơ thì bỏ qua.",
            "Each line names its officer by number; a line that is in the record already is left out.",
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
    let (added, unchanged, wrong) = (plan.added.len(), plan.unchanged, plan.findings.rows());
    request
        .say(
            &format!("Thêm {added} dòng, đã có {unchanged} dòng; {wrong} dòng sai."),
            &format!("{added} rows to add, {unchanged} there already; {wrong} wrong lines."),
        )
        .to_owned()
}

/// Imports the sheet of a history.
pub(crate) fn submit<R: Described>(request: &Request, _: &Submission) -> Result<Outcome> {
    let sheet = Sheet::of(R::ID).or_failed("no sheet")?;
    let (rows, plan) = read::<R>(request, &sheet, &Grades::load()?)?;
    plan.findings.check(request, &rows)?;
    let summary = summary(request, &plan);
    let officers = plan.officers;
    R::insert_many(plan.added)?;
    if R::SUMMARISED {
        renew::all(&officers)?;
    }
    Ok(Outcome::done("/import").saying(request.say("Đã nhập", "Imported")).saying_more(summary))
}

fn read<R: Described>(request: &Request, sheet: &Sheet, grades: &Grades) -> Result<(Rows, Plan<R>)> {
    let mut columns = vec![OFFICER];
    columns.extend(R::FIELDS.iter().skip(R::FIXED));
    let rows = sheet.read(&columns)?;
    let (officers, units) = (known()?, Units::load());
    let fields = R::fields(request, grades);
    let mut stored: HashMap<(u64, u64), Vec<Vec<Value>>> = HashMap::new();
    for row in R::all().list()? {
        let mut all = row.record.into_values();
        let shown = all.split_off(R::FIXED);
        if let Some(Value::Reference(person)) = all.first() {
            stored.entry((person.high, person.low)).or_default().push(shown);
        }
    }
    let mut plan =
        Plan { added: Vec::new(), officers: Vec::new(), unchanged: 0, findings: Findings::default() };
    for row in 0..rows.len() {
        if columns.iter().any(|column| rows.is_wrong(row, column)) {
            continue;
        }
        let Some(code) = rows.get::<String>(row, OFFICER) else { continue };
        let Some(officer) = officers.get(&code) else {
            let message =
                format!("{} “{code}”.", request.say("Không có cán bộ mang số hiệu", "There is no officer"));
            let remedy = request.say("Nhập hồ sơ của người này trước.", "Import the officer first.");
            plan.findings.add(row, OFFICER, message, remedy);
            continue;
        };
        let Some(shown) = cells(request, &rows, row, &fields, &units, &mut plan.findings) else { continue };
        let theirs = stored.entry((officer.id.high, officer.id.low)).or_default();
        if theirs.contains(&shown) {
            plan.unchanged += 1;
            continue;
        }
        theirs.push(shown.clone());
        if plan.officers.last() != Some(&officer.id) {
            plan.officers.push(officer.id);
        }
        plan.added.push(values::from(whole::<R>(officer, shown))?);
    }
    Ok((rows, plan))
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
