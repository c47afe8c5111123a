//! Many people from a file (nhập tài khoản hàng loạt): what would be made of each row, then one request for all.

use dinh_model::UnitId;
use dinh_runtime::bindings::pages::{InputProblem, Outcome};
use dinh_runtime::bindings::types::Value;
use dinh_runtime::bindings::views::{
    Block, Choice, ChoiceStyle, Choices, FieldKind, Format, Page, SheetColumn, SheetImport, SheetPreview,
    SheetProblem, TextRange,
};
use dinh_services::ServiceError;
use dinh_services::accounts::{
    Fault, FaultKind, ImportSheet, MOST_ROWS, PlannedAccount, ask_for_accounts, import_columns, plan_people,
};
use dinh_services::permissions::ACCOUNT_MANAGE;
use dinh_services::sheets::{self, CellKind, Sheet};

use super::blocks::{folded, link, page as blank, untitled};
use super::desk::{Desk, Given, Inputs};
use super::fields::{self, Described, filters, reason};
use super::table::Rows;

/// `/people/import`
pub fn page(desk: &mut Desk<'_>) -> Given<Page> {
    desk.call.require_somewhere(&ACCOUNT_MANAGE, None)?;
    let unit: Option<UnitId> = desk.parsed("unit")?;
    let preview = match desk.sheet() {
        Some(sheet) => Some(preview(desk, sheet, unit)?),
        None => None,
    };
    let help = desk.say(
        "Mỗi dòng là một người: họ và tên, mã hoặc tên đơn vị; chức vụ (tên hoặc số), tên đăng nhập, độ mật và e-mail nếu có. Tên đăng nhập và e-mail để trống thì hệ thống tự lập. Chưa có gì được ghi trước khi bạn xem kết quả kiểm tra và gửi đề nghị.",
        "A row is a person: full name, code or name of the unit; position (title or number), login, label and e-mail if there are any. Logins and addresses that are left empty are made. Nothing is written before you have seen what was found and asked for the accounts.",
    );
    let import = SheetImport {
        id: "people".to_owned(),
        title: desk.say("Tệp danh sách người dùng", "File of people"),
        help: Some(help),
        columns: import_columns(unit.is_some()).into_iter().map(column).collect(),
        maximum_rows: MOST_ROWS,
        preview,
    };
    let of_all = fields::field(
        "unit",
        desk.say("Đơn vị của mọi dòng không ghi đơn vị", "Unit of rows that name none"),
        FieldKind::Unit,
    )
    .value(unit.map_or(Value::Empty, fields::unit));
    let mut page = blank(desk.say("Nhập tài khoản từ tệp", "Accounts from a file"));
    page.breadcrumbs = desk.way(vec![link(desk.say("Tài khoản", "Accounts"), "/people")]);
    page.sections.push(untitled("import", vec![Block::SheetImport(import)]));
    if desk.sheet().is_none() {
        let choose = filters(desk.say("Chọn đơn vị này", "Choose this unit"), vec![of_all]);
        let title = desk.say("Tệp không có cột đơn vị?", "No column of units in the file?");
        let one_for_all = folded("one-unit", title, vec![choose]);
        page.sections.push(one_for_all);
    }
    Ok(page)
}

/// A column of the service as views have it.
fn column(column: sheets::SheetColumn) -> SheetColumn {
    let kind = match column.kind {
        CellKind::Choice(choices) => {
            let choice = |one: sheets::Choice| Choice { value: one.value, text: one.text, help: None };
            let choices = choices.into_iter().map(choice).collect();
            FieldKind::Choice(Choices { choices, style: ChoiceStyle::Automatic })
        }
        CellKind::Text { minimum, maximum } => FieldKind::Text(TextRange { minimum, maximum }),
        // The sheet of people has no other kinds.
        _ => FieldKind::Text(TextRange { minimum: 0, maximum: 200 }),
    };
    SheetColumn {
        name: column.name,
        label: column.label,
        aliases: column.aliases,
        kind,
        required: column.required,
        empty_words: column.empty_words,
        format: Format::Plain,
    }
}

/// What would be made of each row, and what is wrong with it. What the host found when it read the cells it shows itself.
fn preview(desk: &mut Desk<'_>, sheet: &Sheet, unit: Option<UnitId>) -> Given<SheetPreview> {
    let plan = plan_people(desk.call, &ImportSheet { sheet, unit, same_names: true })?;
    let mut made: Vec<Option<&PlannedAccount>> = vec![None; sheet.rows()];
    for planned in &plan.accounts {
        if let Some(place) = made.get_mut(planned.row as usize) {
            *place = Some(planned);
        }
    }
    let (computed, data) = Rows::new("made", &made, String::new())
        .maybe("login", desk.say("Tên đăng nhập sẽ lập", "Login"), |made| {
            Some(made.as_ref()?.login.clone())
        })
        .maybe("address", desk.say("E-mail sẽ lập", "E-mail"), |made| made.as_ref()?.email.clone())
        .maybe("into", desk.say("Vào đơn vị", "Into the unit"), |made| {
            Some(made.as_ref()?.unit_code.clone())
        })
        .columns();
    let found = plan.faults.iter().filter(|fault| fault.kind != FaultKind::Cell);
    let mut problems: Vec<_> = found.map(|fault| problem(fault, false)).collect();
    problems.extend(plan.same_names.iter().map(|fault| problem(fault, true)));
    let mut units: Vec<_> = plan.accounts.iter().map(|planned| planned.unit).collect();
    units.sort_unstable();
    units.dedup();
    let (count, places) = (plan.accounts.len(), units.len());
    let summary = desk.say(
        &format!("Một đề nghị mở {count} tài khoản tại {places} đơn vị, có hiệu lực khi một người khác có thẩm quyền phê duyệt."),
        &format!("One request for {count} accounts in {places} units; they become active when another person who may approves it."),
    );
    let mut fields = vec![reason(desk.say("Lý do, căn cứ", "Reason and basis"))];
    if !plan.same_names.is_empty() {
        let label = desk.say(
            "Tôi đã xem các dòng trùng họ tên trong một đơn vị: đó là những người khác nhau",
            "I have looked at the people of one name in one unit: they are different people",
        );
        fields.push(fields::field(SAME_NAMES, label, FieldKind::Boolean));
    }
    Ok(SheetPreview { problems, computed, data, summary, fields })
}

/// The box that says so.
const SAME_NAMES: &str = "same-names";

fn problem(fault: &Fault, warning: bool) -> SheetProblem {
    let found = &fault.problem;
    SheetProblem {
        row: found.row,
        column: found.column.clone(),
        message: found.message.clone(),
        remedy: found.remedy.clone(),
        warning,
    }
}

/// What comes back from it: the rows that are to be imported, and why.
pub fn submit(desk: &mut Desk<'_>, inputs: &Inputs<'_>) -> Given<Outcome> {
    let sheet = desk.sheet().ok_or_else(|| desk.missing())?;
    let (unit, same_names) = (desk.parsed("unit")?, inputs.is_ticked(SAME_NAMES));
    let people = ImportSheet { sheet, unit, same_names };
    let asked = match ask_for_accounts(desk.call, &people, inputs.text("reason")) {
        Err(ServiceError::Refused(refused)) if refused.rule == "import-duplicate-person" && !same_names => {
            let message = desk.say(
                "Có người trùng họ tên trong một đơn vị: hãy xem lại và xác nhận đó là những người khác nhau.",
                "Some people have one name in one unit: look at them and confirm that they are different people.",
            );
            return Ok(Outcome::Invalid(vec![InputProblem { field: Some(SAME_NAMES.to_owned()), message }]));
        }
        other => other?,
    };
    let text = desk.say(
        "Hãy tải danh sách mật khẩu tạm tại đây để giao cho từng người.",
        "Download the temporary passwords here, to be handed to each person.",
    );
    match asked.request {
        Some(request) => desk.done_with(
            format!("/requests/{request}"),
            desk.say("Đã gửi đề nghị", "The request was made"),
            text,
        ),
        None => desk.done("/people", "Đã tạo các tài khoản", "The accounts were created"),
    }
}
