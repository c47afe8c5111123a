//! The five tables of dated rows: what each is called, and its columns, which are those of its files, of its form and of its
//! page. A column bears the name of the field that it fills in.

use dinh_sdk::prelude::*;

use crate::model::catalog::{key, list};
use crate::model::{Paper, Setting, Step, Template, Term};
use crate::pages::catalogs::{list_name, setting_name};
use crate::pages::{kinds, stage_name};
use crate::rules::dated::Dated;
use crate::rules::kind::stage;

/// A table of dated rows. Its import block is called as its collection.
pub(crate) trait Listed: Record + Clone + Dated {
    /// Its title.
    fn title(request: &Request) -> &str;

    /// Its own columns; those of the term follow. Rows stand in the order of the first, where it is one of some choices,
    /// then of `order`.
    fn columns(request: &Request) -> Vec<SheetColumn>;
}

/// All columns of a table: its own, then those of its term.
pub(crate) fn columns<R: Listed>(request: &Request) -> Vec<SheetColumn> {
    let say = |vi, en| request.say(vi, en);
    let mut columns = R::columns(request);
    columns.extend([
        SheetColumn::date("from", say("Áp dụng từ", "From")).required(),
        SheetColumn::date("until", say("Đến hết", "Until")),
        SheetColumn::text("source", say("Căn cứ", "Source")),
    ]);
    columns
}

fn text(name: &str, label: &str) -> SheetColumn {
    SheetColumn::text(name, label).required()
}

/// A code: it becomes the value of choices, which take 256 bytes.
fn code(name: &str, label: &str) -> SheetColumn {
    let short = FieldKind::Text(TextRange { minimum: 1, maximum: 64 });
    SheetColumn::new(name, label, short).required().format(Format::Code)
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
    fn title(request: &Request) -> &str {
        request.say("Các bước của quy trình", "Steps of procedures")
    }

    fn columns(request: &Request) -> Vec<SheetColumn> {
        let say = |vi, en| request.say(vi, en);
        let stages = stage::ALL.map(|key| Choice::new(key, stage_name(request, key)));
        vec![
            kind(request),
            order(request),
            one_of("stage", say("Giai đoạn", "Stage"), stages.to_vec()),
            text("title", say("Tên bước", "Title")),
            text("responsible", say("Thực hiện", "Responsible")),
            SheetColumn::integer("days", say("Thời hạn (ngày)", "Days"), 1, 3660),
            yes_or_no("working", say("Ngày làm việc", "Working days")),
            code("code", say("Mã bước", "Step")),
        ]
    }
}

impl Listed for Paper {
    fn title(request: &Request) -> &str {
        request.say("Tài liệu của từng bước", "Documents of steps")
    }

    fn columns(request: &Request) -> Vec<SheetColumn> {
        let say = |vi, en| request.say(vi, en);
        vec![
            kind(request),
            order(request),
            text("title", say("Tên tài liệu", "Title")),
            yes_or_no("required", say("Bắt buộc", "Required")),
            code("step", say("Mã bước", "Step")),
            code("code", say("Mã tài liệu", "Document")),
        ]
    }
}

impl Listed for Term {
    fn title(request: &Request) -> &str {
        request.say("Danh mục nghiệp vụ", "Terms")
    }

    fn columns(request: &Request) -> Vec<SheetColumn> {
        let say = |vi, en| request.say(vi, en);
        let lists = list::ALL.map(|key| Choice::new(key, list_name(request, key)));
        let (limitation, effect) = (
            say("Thời hiệu kỷ luật (năm)", "Limitation (years)"),
            say("Thời hạn hiệu lực (tháng)", "Effect (months)"),
        );
        vec![
            one_of("list", say("Danh mục", "List"), lists.to_vec()),
            order(request),
            text("title", say("Tên", "Title")),
            SheetColumn::integer("limitation-years", limitation, 1, 100),
            SheetColumn::integer("effect-months", effect, 1, 1200),
            code("code", say("Mã", "Code")),
        ]
    }
}

impl Listed for Setting {
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
}

impl Listed for Template {
    fn title(request: &Request) -> &str {
        request.say("Mẫu văn bản", "Templates")
    }

    fn columns(request: &Request) -> Vec<SheetColumn> {
        let say = |vi, en| request.say(vi, en);
        let body = FieldKind::Text(TextRange { minimum: 1, maximum: 10_000 });
        let kind = say("Loại hồ sơ (để trống: mọi loại)", "Kind (empty: all)");
        vec![
            code("code", say("Mã mẫu", "Code")),
            SheetColumn::choice("kind", kind, kinds(request)),
            text("title", say("Tên văn bản", "Title")),
            SheetColumn::new("body", say("Nội dung mẫu", "Body"), body).required(),
        ]
    }
}
