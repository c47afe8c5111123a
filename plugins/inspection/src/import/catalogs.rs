//! Import of catalogs: a row of a known key and first day is updated.

use dinh_sdk::prelude::*;
use dinh_sdk::sheet::{Rows, Sheet};

use super::{Findings, wrong};
use crate::model::catalog::{key, list};
use crate::model::{Paper, Setting, Step, Template, Term};
use crate::pages::catalogs::{list_name, setting_name};
use crate::pages::{kinds, stage_name};
use crate::rules::dated::Dated;
use crate::rules::kind::{Kind, stage};

/// A table of dated rows.
pub(crate) trait Listed: Record + Clone + Dated {
    /// The import block.
    const BLOCK: &'static str;

    /// Its title.
    fn title(request: &Request) -> &str;

    /// Its own columns; those of the term follow.
    fn columns(request: &Request) -> Vec<SheetColumn>;

    /// The record of a row; none when something required is missing, which the host has reported.
    fn of(rows: &Rows, row: usize) -> Option<Self>;

    /// Where it stands in the list.
    fn place(&self) -> (String, i64);

    /// Ends it on a day.
    fn ends(&mut self, until: Date);
}

fn text(name: &str, label: &str) -> SheetColumn {
    SheetColumn::text(name, label).required()
}

fn order(request: &Request) -> SheetColumn {
    SheetColumn::integer("order", request.say("Thứ tự", "Order"), 1, 1000).required()
}

fn yes_or_no(name: &str, label: &str) -> SheetColumn {
    SheetColumn::new(name, label, FieldKind::Boolean).required()
}

/// A column that takes one of these, by code or by name.
fn one_of(name: &str, label: &str, choices: Vec<Choice>) -> SheetColumn {
    SheetColumn::choice(name, label, choices).required()
}

fn kind(request: &Request) -> SheetColumn {
    one_of("kind", request.say("Loại hồ sơ", "Kind"), kinds(request))
}

impl Listed for Step {
    const BLOCK: &'static str = "steps";

    fn title(request: &Request) -> &str {
        request.say("Các bước của quy trình", "Steps of procedures")
    }

    fn columns(request: &Request) -> Vec<SheetColumn> {
        let say = |vi, en| request.say(vi, en);
        let stages = stage::ALL.map(|key| Choice::new(key, stage_name(request, key)));
        vec![
            kind(request),
            text("code", say("Mã bước", "Step")),
            order(request),
            one_of("stage", say("Giai đoạn", "Stage"), stages.to_vec()),
            text("title", say("Tên bước", "Title")),
            text("responsible", say("Thực hiện", "Responsible")),
            SheetColumn::integer("days", say("Thời hạn (ngày)", "Days"), 1, 3660),
            yes_or_no("working", say("Ngày làm việc", "Working days")),
        ]
    }

    fn of(rows: &Rows, row: usize) -> Option<Self> {
        Some(Self {
            kind: rows.get(row, "kind")?,
            code: rows.get(row, "code")?,
            order: rows.get(row, "order")?,
            stage: rows.get(row, "stage")?,
            title: rows.get(row, "title")?,
            responsible: rows.get(row, "responsible")?,
            days: rows.get(row, "days"),
            working: rows.get(row, "working")?,
            from: rows.get(row, "from")?,
            until: rows.get(row, "until"),
            source: rows.get(row, "source"),
        })
    }

    fn place(&self) -> (String, i64) {
        (position(&self.kind), self.order)
    }

    fn ends(&mut self, until: Date) {
        self.until = Some(until);
    }
}

/// Where a kind stands among all.
fn position(kind: &str) -> String {
    let at = Kind::ALL.iter().position(|known| known.key() == kind).unwrap_or(Kind::ALL.len());
    format!("{at:03}")
}

impl Listed for Paper {
    const BLOCK: &'static str = "papers";

    fn title(request: &Request) -> &str {
        request.say("Tài liệu của từng bước", "Documents of steps")
    }

    fn columns(request: &Request) -> Vec<SheetColumn> {
        let say = |vi, en| request.say(vi, en);
        vec![
            kind(request),
            text("step", say("Mã bước", "Step")),
            text("code", say("Mã tài liệu", "Document")),
            order(request),
            text("title", say("Tên tài liệu", "Title")),
            yes_or_no("required", say("Bắt buộc", "Required")),
        ]
    }

    fn of(rows: &Rows, row: usize) -> Option<Self> {
        Some(Self {
            kind: rows.get(row, "kind")?,
            step: rows.get(row, "step")?,
            code: rows.get(row, "code")?,
            order: rows.get(row, "order")?,
            title: rows.get(row, "title")?,
            required: rows.get(row, "required")?,
            from: rows.get(row, "from")?,
            until: rows.get(row, "until"),
            source: rows.get(row, "source"),
        })
    }

    fn place(&self) -> (String, i64) {
        (position(&self.kind), self.order)
    }

    fn ends(&mut self, until: Date) {
        self.until = Some(until);
    }
}

impl Listed for Term {
    const BLOCK: &'static str = "terms";

    fn title(request: &Request) -> &str {
        request.say("Danh mục nghiệp vụ", "Terms")
    }

    fn columns(request: &Request) -> Vec<SheetColumn> {
        let say = |vi, en| request.say(vi, en);
        let lists = list::ALL.map(|key| Choice::new(key, list_name(request, key)));
        vec![
            one_of("list", say("Danh mục", "List"), lists.to_vec()),
            text("code", say("Mã", "Code")),
            order(request),
            text("title", say("Tên", "Title")),
            SheetColumn::integer(
                "limitation-years",
                say("Thời hiệu kỷ luật (năm)", "Limitation (years)"),
                1,
                100,
            ),
            SheetColumn::integer(
                "effect-months",
                say("Thời hạn hiệu lực (tháng)", "Effect (months)"),
                1,
                1200,
            ),
        ]
    }

    fn of(rows: &Rows, row: usize) -> Option<Self> {
        Some(Self {
            list: rows.get(row, "list")?,
            code: rows.get(row, "code")?,
            order: rows.get(row, "order")?,
            title: rows.get(row, "title")?,
            limitation_years: rows.get(row, "limitation-years"),
            effect_months: rows.get(row, "effect-months"),
            from: rows.get(row, "from")?,
            until: rows.get(row, "until"),
            source: rows.get(row, "source"),
        })
    }

    fn place(&self) -> (String, i64) {
        let at = list::ALL.iter().position(|known| *known == self.list).unwrap_or_default();
        (format!("{at:03}"), self.order)
    }

    fn ends(&mut self, until: Date) {
        self.until = Some(until);
    }
}

impl Listed for Setting {
    const BLOCK: &'static str = "settings";

    fn title(request: &Request) -> &str {
        request.say("Tham số", "Settings")
    }

    fn columns(request: &Request) -> Vec<SheetColumn> {
        let say = |vi, en| request.say(vi, en);
        let keys = key::ALL.map(|key| Choice::new(key, setting_name(request, key)));
        vec![
            one_of("key", say("Tham số", "Setting"), keys.to_vec()),
            SheetColumn::integer("value", say("Giá trị", "Value"), 0, 3660).required(),
            yes_or_no("working", say("Ngày làm việc", "Working days")),
        ]
    }

    fn of(rows: &Rows, row: usize) -> Option<Self> {
        Some(Self {
            key: rows.get(row, "key")?,
            value: rows.get(row, "value")?,
            working: rows.get(row, "working")?,
            from: rows.get(row, "from")?,
            until: rows.get(row, "until"),
            source: rows.get(row, "source"),
        })
    }

    fn place(&self) -> (String, i64) {
        (self.key.clone(), 0)
    }

    fn ends(&mut self, until: Date) {
        self.until = Some(until);
    }
}

impl Listed for Template {
    const BLOCK: &'static str = "templates";

    fn title(request: &Request) -> &str {
        request.say("Mẫu văn bản", "Templates")
    }

    fn columns(request: &Request) -> Vec<SheetColumn> {
        let say = |vi, en| request.say(vi, en);
        let body = FieldKind::Text(TextRange { minimum: 1, maximum: 10_000 });
        vec![
            text("code", say("Mã mẫu", "Code")),
            SheetColumn::choice("kind", say("Loại hồ sơ", "Kind"), kinds(request)),
            text("title", say("Tên văn bản", "Title")),
            SheetColumn::new("body", say("Nội dung mẫu", "Body"), body).required(),
        ]
    }

    fn of(rows: &Rows, row: usize) -> Option<Self> {
        Some(Self {
            code: rows.get(row, "code")?,
            kind: rows.get(row, "kind"),
            title: rows.get(row, "title")?,
            body: rows.get(row, "body")?,
            from: rows.get(row, "from")?,
            until: rows.get(row, "until"),
            source: rows.get(row, "source"),
        })
    }

    fn place(&self) -> (String, i64) {
        (self.code.clone(), 0)
    }

    fn ends(&mut self, until: Date) {
        self.until = Some(until);
    }
}

/// What would be done.
struct Plan<R> {
    added: Vec<R>,
    updated: Vec<Stored<R>>,
    findings: Findings,
}

/// All columns of a table: its own, then those of its term.
fn columns<R: Listed>(request: &Request) -> Vec<SheetColumn> {
    let say = |vi, en| request.say(vi, en);
    let mut columns = R::columns(request);
    columns.extend([
        SheetColumn::date("from", say("Áp dụng từ", "From")).required(),
        SheetColumn::date("until", say("Đến hết", "Until")),
        SheetColumn::text("source", say("Căn cứ", "Source")),
    ]);
    columns
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
        .fold(SheetImport::new(R::BLOCK, R::title(request)).at_most(1000), SheetImport::column);
    let Some(sheet) = Sheet::of(R::BLOCK) else { return Ok(import) };
    let plan = plan::<R>(request, &sheet.read(R::FIELDS)?, &R::all().list()?);
    let summary = summary(request, &plan);
    Ok(import.preview(Some(plan.findings.preview(summary))))
}

/// Imports the sheet of a table.
pub(crate) fn submit<R: Listed>(request: &Request, _: &Submission) -> Result<Outcome> {
    let rows = Sheet::of(R::BLOCK).or_failed("no sheet")?.read(R::FIELDS)?;
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
        let Some(record) = R::of(rows, row) else { continue };
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
