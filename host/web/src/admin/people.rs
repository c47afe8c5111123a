//! People (tài khoản): the roll by name, narrowed and paged, and a new account.

use dinh_model::{AccountId, Label, UnitId};
use dinh_runtime::bindings::pages::Outcome;
use dinh_runtime::bindings::types::Value;
use dinh_runtime::bindings::views::{Block, Field, FieldKind, Page};
use dinh_services::accounts::{Account, NewAccount, Password, create_account, list_people};
use dinh_services::permissions::ACCOUNT_MANAGE;

use super::blocks::{link, open, open_first, page as blank, untitled};
use super::desk::{Desk, Given, Inputs};
use super::fields::{self, Described, choice, filters, form, line};
use super::table::Rows;
use super::words;

/// `/people`
pub fn page(desk: &mut Desk<'_>) -> Given<Page> {
    let filter = desk.people_filter()?;
    let after: Option<AccountId> = desk.parsed("after")?;
    let found = list_people(desk.call, &filter, after, desk.rows())?;
    let next = found.next.map(|next| next.to_string());
    let list = table(desk, "people", &found.accounts).paged(desk.started(), next).block();
    let unit = filter.unit.map_or(Value::Empty, fields::unit);
    let narrowing = vec![
        line("name", desk.say("Họ tên hoặc tên đăng nhập", "Name or login"), 100),
        fields::field("unit", desk.say("Đơn vị", "Unit"), FieldKind::Unit).value(unit),
        choice("state", desk.say("Tình trạng", "State"), words::states(desk.language())),
    ];
    let mut page = blank(desk.say("Tài khoản", "Accounts"));
    page.breadcrumbs = desk.way(vec![]);
    if desk.call.require_somewhere(&ACCOUNT_MANAGE, None).is_ok() {
        let at = |path: &str| filter.unit.map_or(path.to_owned(), |unit| format!("{path}?unit={unit}"));
        page.actions = vec![
            open_first(desk.say("Thêm tài khoản", "New account"), at("/people/new")),
            open(desk.say("Nhập từ tệp", "From a file"), "/people/import"),
        ];
    }
    page.sections = vec![untitled("list", vec![filters(desk.say("Tìm", "Find"), narrowing), list])];
    Ok(page)
}

/// People as a table that leads to each.
pub fn table<'r>(desk: &Desk<'_>, id: &str, accounts: &'r [Account]) -> Rows<'r, Account> {
    let language = desk.language();
    Rows::new(id, accounts, desk.say("Không tìm thấy tài khoản nào.", "No accounts."))
        .text("name", desk.say("Họ và tên", "Name"), |account| account.full_name.clone())
        .target(|account| Some(format!("/people/{}", account.id)))
        .code("login", desk.say("Tên đăng nhập", "Login"), |account| account.login.clone())
        .unit("unit", desk.say("Đơn vị", "Unit"), |account| account.unit)
        .text("clearance", desk.say("Tiếp cận đến", "Cleared to"), |account| {
            account.clearance.name(language).to_owned()
        })
        .badge("state", desk.say("Tình trạng", "State"), |account| words::state(account.state, language))
}

/// The field for a temporary password. It is typed in the open: it is told to somebody else, and good for one
/// sign-in only.
pub fn temporary_password(desk: &Desk<'_>) -> Field {
    line("password", desk.say("Mật khẩu tạm", "Temporary password"), 200).help(desk.say(
        "Ít nhất 10 ký tự. Người dùng phải đổi ngay ở lần đăng nhập đầu tiên.",
        "At least 10 characters. It must be changed at the first sign-in.",
    ))
}

/// `/people/new`
pub fn new_page(desk: &mut Desk<'_>) -> Given<Page> {
    desk.call.require_somewhere(&ACCOUNT_MANAGE, None)?;
    let unit: Option<UnitId> = desk.parsed("unit")?;
    let fields = vec![
        line("name", desk.say("Họ và tên", "Full name"), 200).required(),
        line("login", desk.say("Tên đăng nhập", "Login"), 64).help(desk.say(
            "Để trống để lập theo quy tắc từ họ tên và mã đơn vị, ví dụ nvan-skhdt. Nếu ghi: 2 đến 64 ký tự a–z, 0–9, “.”, “-”, “_”. Không đổi được về sau.",
            "Leave it empty for the one by the rule, from name and unit, such as nvan-skhdt. Else 2 to 64 of a–z, 0–9, “.”, “-”, “_”. It cannot be changed later.",
        )),
        fields::field("unit", desk.say("Đơn vị", "Unit"), FieldKind::Unit)
            .required()
            .value(unit.map_or(Value::Empty, fields::unit)),
        choice(
            "clearance",
            desk.say("Được tiếp cận đến độ mật", "Cleared to"),
            words::labels(desk.language()),
        )
        .required()
        .value(Value::Text(Label::Ordinary.as_str().to_owned())),
        temporary_password(desk),
    ];
    let mut create = form("create", desk.say("Gửi đề nghị tạo tài khoản", "Ask for the account"), fields);
    create.cancel = Some(super::blocks::to("/people"));
    let mut page = blank(desk.say("Thêm tài khoản", "New account"));
    page.breadcrumbs = desk.way(vec![link(desk.say("Tài khoản", "Accounts"), "/people")]);
    page.sections = vec![untitled("new", vec![Block::Form(create)])];
    Ok(page)
}

/// What comes back from it.
pub fn create(desk: &mut Desk<'_>, inputs: &Inputs<'_>) -> Given<Outcome> {
    let password = Some(inputs.text("password")).filter(|typed| !typed.is_empty());
    let new = NewAccount {
        login: inputs.text("login").to_owned(),
        full_name: inputs.text("name").to_owned(),
        unit: inputs.unit("unit").ok_or_else(|| desk.missing())?,
        clearance: inputs.parsed("clearance")?,
        password: password.map(Password::new),
        must_change: true,
    };
    let made = create_account(desk.call, new)?;
    let here = format!("/people/{}", made.id);
    desk.done_or_asked(here, made.request, "Đã tạo tài khoản", "The account was created")
}
