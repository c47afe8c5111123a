//! The five tables of dated rows: their columns, for files and forms alike.

use dinh_sdk::prelude::*;
use dinh_sdk::sheet::Rows;

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
