//! The columns of a sheet of people.

use dinh_model::{Label, Value};

use crate::sheets::{CellKind, Choice, Sheet, SheetColumn};

pub(super) const FULL_NAME: &str = "full_name";
pub(super) const UNIT: &str = "unit";
pub(super) const LOGIN: &str = "login";
pub(super) const CLEARANCE: &str = "clearance";
pub(super) const POSITION: &str = "position";
pub(super) const EMAIL: &str = "email";

/// What the file must hold. The unit may be left out when there is one for all.
pub(super) fn columns(unit_for_all: bool) -> Vec<SheetColumn> {
    let text = CellKind::Text { minimum: 1, maximum: 200 };
    let labels = Label::ALL.map(|label| Choice {
        value: label.as_str().to_owned(),
        text: label.name(dinh_model::Language::Vi).to_owned(),
    });
    let column = |name: &str, label: &str, aliases: &[&str], kind: &CellKind, required| SheetColumn {
        name: name.to_owned(),
        label: label.to_owned(),
        aliases: aliases.iter().map(|&alias| alias.to_owned()).collect(),
        kind: kind.clone(),
        required,
        empty_words: Vec::new(),
    };
    vec![
        column(FULL_NAME, "Họ và tên", &["Họ tên", "Full name"], &text, true),
        column(UNIT, "Đơn vị", &["Mã đơn vị", "Tên đơn vị", "Cơ quan"], &text, !unit_for_all),
        column(POSITION, "Chức vụ", &["Chức danh", "Position"], &text, false),
        column(LOGIN, "Tên đăng nhập", &["Tài khoản"], &text, false),
        column(CLEARANCE, "Độ mật", &["Label"], &CellKind::Choice(labels.to_vec()), false),
        column(EMAIL, "E-mail", &["Thư điện tử", "Địa chỉ thư điện tử", "Hộp thư"], &text, false),
    ]
}

/// A row whose cells are good.
pub(super) struct Row {
    /// 0-based.
    pub(super) place: u32,
    pub(super) line: u32,
    pub(super) full_name: String,
    pub(super) unit: Option<String>,
    pub(super) position: Option<String>,
    pub(super) login: Option<String>,
    pub(super) clearance: Label,
    pub(super) email: Option<String>,
}

/// The rows whose own cells are good; the others are reported already.
pub(super) fn rows(sheet: &Sheet) -> Vec<Row> {
    let text = |name: &str, place: usize| match sheet.column(name).and_then(|column| column.values.get(place))
    {
        Some(Value::Text(text)) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        _ => None,
    };
    let rows = sheet.lines.iter().zip(sheet.good_rows()).enumerate().filter(|(_, (_, good))| *good);
    rows.map(|(place, (line, _))| Row {
        place: u32::try_from(place).unwrap_or(u32::MAX),
        line: *line,
        full_name: text(FULL_NAME, place).unwrap_or_default(),
        unit: text(UNIT, place),
        position: text(POSITION, place),
        login: text(LOGIN, place),
        // The choice is among the labels, or empty.
        clearance: text(CLEARANCE, place).and_then(|label| label.parse().ok()).unwrap_or_default(),
        email: text(EMAIL, place),
    })
    .collect()
}
