//! Import of parameters, pay scales and quotas: a row of a known key is updated.

use dinh_sdk::prelude::*;
use dinh_sdk::sheet::{Rows, Sheet};

use super::Findings;
use crate::model::{Grade, ParameterRow, Quota};
use crate::rules::parameters::key;
use crate::sheet::words;
use crate::units::Units;

/// A table that is imported whole: a record that a key tells from the others.
pub(crate) trait Listed: Record + Clone {
    /// The import block.
    const BLOCK: &'static str;

    /// Its title.
    fn title(request: &Request) -> &str;

    /// Its columns, one for each field.
    fn columns(request: &Request) -> Vec<SheetColumn>;

    /// The record of a row; none when something required is missing, which the host has reported.
    fn of(
        request: &Request,
        rows: &Rows,
        row: usize,
        units: &Units,
    ) -> Option<std::result::Result<Self, Wrong>>;

    /// Whether it is the same entry as another.
    fn is(&self, other: &Self) -> bool;
}

/// What is wrong with a row: the column, what, and what to do about it.
pub(crate) type Wrong = (&'static str, String, String);

impl Listed for ParameterRow {
    const BLOCK: &'static str = "parameters";

    fn title(request: &Request) -> &str {
        request.say("Nhập tham số", "Import parameters")
    }

    fn columns(request: &Request) -> Vec<SheetColumn> {
        vec![
            SheetColumn::text("key", request.say("Mã", "Key")).required(),
            SheetColumn::date("from", request.say("Áp dụng từ", "From")).required(),
            SheetColumn::decimal("value", request.say("Giá trị", "Value"), 4, 0, 1_000_000_000).required(),
            SheetColumn::text("source", request.say("Căn cứ", "Source")),
        ]
    }

    fn of(request: &Request, rows: &Rows, row: usize, _: &Units) -> Option<std::result::Result<Self, Wrong>> {
        let parameter = Self {
            key: rows.get(row, "key")?,
            from: rows.get(row, "from")?,
            value: rows.get(row, "value")?,
            source: rows.get(row, "source"),
        };
        if is_key(&parameter.key) {
            return Some(Ok(parameter));
        }
        let what = request.say("Không có tham số mang mã", "There is no parameter");
        let remedy = request.say("Dùng mã có trong bảng tham số.", "Use a key of the table.");
        Some(Err(("key", format!("{what} “{}”.", parameter.key), remedy.to_owned())))
    }

    fn is(&self, other: &Self) -> bool {
        self.key == other.key && self.from == other.from
    }
}

/// Whether something is called so.
pub(crate) fn is_key(key: &str) -> bool {
    let delays = words::DISCIPLINE.iter().any(|(form, ..)| key == key::raise_delay(form));
    let papers = words::PAPERS.iter().any(|(kind, ..)| key == key::required_paper(kind));
    key::ALL.contains(&key) || delays || papers
}

impl Listed for Grade {
    const BLOCK: &'static str = "grades";

    fn title(request: &Request) -> &str {
        request.say("Nhập thang lương", "Import pay scales")
    }

    fn columns(request: &Request) -> Vec<SheetColumn> {
        let say = |vi, en| request.say(vi, en);
        vec![
            SheetColumn::text("code", say("Mã ngạch", "Grade")).required(),
            SheetColumn::text("name", say("Tên ngạch", "Name")).required(),
            SheetColumn::decimal("first", say("Hệ số bậc 1", "First coefficient"), 2, 0, 20).required(),
            SheetColumn::decimal("increment", say("Chênh lệch bậc", "Increment"), 2, 0, 5).required(),
            SheetColumn::integer("steps", say("Số bậc", "Steps"), 1, 20).required(),
            SheetColumn::integer("months", say("Thời gian giữ bậc (tháng)", "Months of a step"), 1, 120)
                .required(),
            SheetColumn::text("source", say("Căn cứ", "Source")),
        ]
    }

    fn of(_: &Request, rows: &Rows, row: usize, _: &Units) -> Option<std::result::Result<Self, Wrong>> {
        Some(Ok(Self {
            code: rows.get(row, "code")?,
            name: rows.get(row, "name")?,
            first: rows.get(row, "first")?,
            increment: rows.get(row, "increment")?,
            steps: rows.get(row, "steps")?,
            months: rows.get(row, "months")?,
            source: rows.get(row, "source"),
        }))
    }

    fn is(&self, other: &Self) -> bool {
        self.code == other.code
    }
}

impl Listed for Quota {
    const BLOCK: &'static str = "quotas";

    fn title(request: &Request) -> &str {
        request.say("Nhập chỉ tiêu biên chế", "Import quotas")
    }

    fn columns(request: &Request) -> Vec<SheetColumn> {
        vec![
            SheetColumn::text("unit", request.say("Đơn vị", "Unit")).required(),
            SheetColumn::date("from", request.say("Áp dụng từ", "From")).required(),
            SheetColumn::integer("posts", request.say("Biên chế giao", "Posts"), 0, 100_000).required(),
            SheetColumn::text("source", request.say("Căn cứ", "Source")),
        ]
    }

    fn of(
        request: &Request,
        rows: &Rows,
        row: usize,
        units: &Units,
    ) -> Option<std::result::Result<Self, Wrong>> {
        let (from, posts) = (rows.get(row, "from")?, rows.get(row, "posts")?);
        let words: String = rows.get(row, "unit")?;
        let Some(unit) = units.find(&words) else {
            let what = request.say("Không có đơn vị", "There is no unit");
            let remedy = request.say("Ghi mã hoặc tên đầy đủ của đơn vị.", "Write its code or full name.");
            return Some(Err(("unit", format!("{what} “{words}”."), remedy.to_owned())));
        };
        Some(Ok(Self { unit, from, posts, source: rows.get(row, "source") }))
    }

    fn is(&self, other: &Self) -> bool {
        self.unit == other.unit && self.from == other.from
    }
}

/// What would be done.
struct Plan<R> {
    added: Vec<R>,
    updated: Vec<Stored<R>>,
    findings: Findings,
}

/// The block of a table.
pub(crate) fn block<R: Listed>(request: &Request) -> Result<SheetImport> {
    let import = R::columns(request)
        .into_iter()
        .fold(SheetImport::new(R::BLOCK, R::title(request)).at_most(1000), SheetImport::column);
    let Some(sheet) = Sheet::of(R::BLOCK) else { return Ok(import) };
    let (_, plan) = read::<R>(request, &sheet)?;
    let summary = summary(request, &plan);
    Ok(import.preview(Some(plan.findings.preview(summary))))
}

fn summary<R>(request: &Request, plan: &Plan<R>) -> String {
    let (added, updated) = (plan.added.len(), plan.updated.len());
    request
        .say(&format!("Thêm {added}, cập nhật {updated}."), &format!("{added} to add, {updated} to update."))
        .to_owned()
}

/// Imports the sheet of a table.
pub(crate) fn submit<R: Listed>(request: &Request, _: &Submission) -> Result<Outcome> {
    let sheet = Sheet::of(R::BLOCK).or_failed("no sheet")?;
    let (rows, plan) = read::<R>(request, &sheet)?;
    plan.findings.check(request, &rows)?;
    let summary = summary(request, &plan);
    R::insert_many(plan.added)?;
    for row in plan.updated {
        row.save()?;
    }
    Ok(Outcome::done(request.path()).saying(request.say("Đã nhập", "Imported")).saying_more(summary))
}

fn read<R: Listed>(request: &Request, sheet: &Sheet) -> Result<(Rows, Plan<R>)> {
    let rows = sheet.read(R::FIELDS)?;
    let (stored, units) = (R::all().list()?, Units::load());
    let mut plan = Plan { added: Vec::new(), updated: Vec::new(), findings: Findings::default() };
    for row in 0..rows.len() {
        let record = match R::of(request, &rows, row, &units) {
            None => continue,
            Some(Ok(record)) => record,
            Some(Err((column, message, remedy))) => {
                plan.findings.add(row, column, message, remedy);
                continue;
            }
        };
        let twice = plan.added.iter().any(|other| record.is(other))
            || plan.updated.iter().any(|other| record.is(&other.record));
        let column = R::FIELDS.first().copied().unwrap_or_default();
        if twice {
            let message = request.say("Dòng này trùng với một dòng trên.", "This line repeats one above.");
            plan.findings.add(row, column, message, request.say("Bỏ một dòng.", "Leave one out."));
        } else if let Some(known) = stored.iter().find(|known| record.is(&known.record)) {
            plan.updated.push(Stored { record, ..known.clone() });
        } else {
            plan.added.push(record);
        }
    }
    Ok((rows, plan))
}
