//! One person: who they are, what they may do and why, what was done; changed, suspended, closed.

use dinh_access::Grantee;
use dinh_model::{AccountId, Target};
use dinh_runtime::bindings::pages::Outcome;
use dinh_runtime::bindings::types::Value;
use dinh_runtime::bindings::views::{Block, FieldKind, Page, Section, Tone};
use dinh_services::accounts::{
    Account, AccountChange, AccountState, GrantFilter, Password, activate, close, find_grants, get_account,
    get_position, held_by, history, release_lock, requests_about, set_password, suspend, transfer,
    update_account,
};
use dinh_services::permissions::{ACCOUNT_MANAGE, AUDIT_READ, GRANT_MANAGE};
use dinh_services::space;

use super::blocks::{
    badge, deed, fact, facts, folded, leading, link, moment, note, open, open_first, page as blank, section,
    text,
};
use super::desk::{Desk, Given, Inputs};
use super::fields::{self, Described, choice, form, line, reason, showing};
use super::table::{ON_A_PAGE, Rows};
use super::{asked, evidence, grants, people, sign_in, words};

/// Entries of their history and requests about them that a person's page shows; the newest.
const SHOWN: usize = 20;

/// `/people/ID`
pub fn page(desk: &mut Desk<'_>, id: AccountId) -> Given<Page> {
    let account = get_account(desk.call, id).map_err(|_| desk.missing())?;
    desk.require_one(&[&ACCOUNT_MANAGE, &GRANT_MANAGE], account.unit)?;
    let mut page = blank(account.full_name.clone());
    page.subtitle = Some(account.login.clone());
    page.breadcrumbs = desk.way(vec![link(desk.say("Tài khoản", "Accounts"), "/people")]);
    page.sections.push(section("facts", desk.say("Thông tin", "Details"), vec![about(desk, &account)]));
    page.sections.push(positions(desk, id)?);
    if desk.may(&GRANT_MANAGE, account.unit) {
        page.actions.push(open_first(desk.say("Cấp quyền", "Give a right"), format!("/grants/new?to={id}")));
        page.actions.push(open(desk.say("Vì sao không được?", "Why not?"), format!("/why-not?person={id}")));
        page.sections.push(rights(desk, id)?);
    }
    if manages(desk, &account) {
        page.sections.push(requests(desk, id)?);
        page.sections.extend(changes(desk, &account)?);
        page.sections.extend(sign_in::of_person(desk, &account)?);
    }
    if desk.may(&AUDIT_READ, account.unit) {
        page.sections.push(past(desk, id)?);
    }
    Ok(page)
}

/// Whether the reader may change the account: as the services ask, up to its clearance.
fn manages(desk: &Desk<'_>, account: &Account) -> bool {
    let target = Target { unit: account.unit, label: account.clearance, owner: None };
    desk.call.check(&ACCOUNT_MANAGE, &target)
}

fn about(desk: &Desk<'_>, account: &Account) -> Block {
    let (state, tone) = words::state(account.state, desk.language());
    let mut list = vec![
        badge(desk.say("Tình trạng", "State"), state, tone),
        fact(desk.say("Tên đăng nhập", "Login"), text(&account.login)),
        leading(
            desk.say("Đơn vị", "Unit"),
            text(desk.unit_name(account.unit)),
            format!("/units/{}", account.unit),
        ),
        fact(
            desk.say("Được tiếp cận đến độ mật", "Cleared to"),
            text(account.clearance.name(desk.language())),
        ),
        fact(desk.say("Tạo lúc", "Created"), moment(account.created)),
    ];
    if account.must_change_password {
        let state = desk.say("Phải đổi khi đăng nhập", "To be changed at sign-in");
        list.push(badge(desk.say("Mật khẩu", "Password"), state, Tone::Info));
    }
    facts(list)
}

fn positions(desk: &Desk<'_>, id: AccountId) -> Given<Section> {
    let language = desk.language();
    let mut listed = Vec::new();
    for held in held_by(desk.call, id)? {
        listed.push((get_position(desk.call, held.position)?, held.term));
    }
    let rows = Rows::new("held", &listed, desk.say("Không giữ chức vụ nào.", "Holds no position."))
        .text("title", desk.say("Chức vụ", "Position"), |(position, _)| {
            position.title.get(language).to_owned()
        })
        .target(|(position, _)| Some(format!("/positions/{}", position.id)))
        .unit("unit", desk.say("Đơn vị", "Unit"), |(position, _)| position.unit)
        .day("from", desk.say("Từ ngày", "From"), |(_, term)| words::first_day(term))
        .day("until", desk.say("Đến hết ngày", "Through"), |(_, term)| words::last_day(term));
    Ok(section("positions", desk.say("Chức vụ", "Positions"), vec![rows.within().block()]))
}

/// The grants that the person has, and by what: given to them, or to a position they hold.
fn rights(desk: &mut Desk<'_>, id: AccountId) -> Given<Section> {
    let now = desk.call.now();
    let held = held_by(desk.call, id)?.into_iter().filter(|held| held.term.contains(now));
    let to = std::iter::once(Grantee::Account(id)).chain(held.map(|held| Grantee::Position(held.position)));
    let to: Vec<_> = to.collect();
    let filter = GrantFilter { to: Some(to), in_force: Some(true), ..GrantFilter::default() };
    let found = find_grants(desk.call, &filter, None, ON_A_PAGE)?;
    let named = grants::named(desk, &found.grants)?;
    let rows = grants::table(desk, "grants", &named).within();
    let all = link(
        desk.say("Mọi phân quyền cấp trực tiếp, kể cả đã thu hồi", "All given directly, withdrawn ones too"),
        format!("/grants?person={id}"),
    );
    let title =
        desk.say("Quyền đang có và nguồn của từng quyền", "Rights in force, and where each comes from");
    Ok(section("rights", title, vec![rows.block(), super::blocks::bullets(vec![all])]))
}

/// What was asked for about them.
fn requests(desk: &mut Desk<'_>, id: AccountId) -> Given<Section> {
    let found = requests_about(desk.call, id, None, SHOWN)?;
    let rows = asked::named(desk, found.requests);
    let empty = desk.say("Không có đề nghị nào.", "No requests.");
    let list = asked::table(desk, "requests", &rows, empty).within().block();
    Ok(section("requests-about", desk.say("Đề nghị liên quan", "Requests about them"), vec![list]))
}

fn changes(desk: &Desk<'_>, account: &Account) -> Given<Vec<Section>> {
    if matches!(account.state, AccountState::Requested | AccountState::Closed | AccountState::Refused) {
        return Ok(Vec::new());
    }
    let language = desk.language();
    let shown = |form| showing(desk.call, form, "accounts", account.id.0, &space::account(account.id));
    let clearance =
        choice("clearance", desk.say("Được tiếp cận đến độ mật", "Cleared to"), words::labels(language));
    let change = shown(form(
        "change",
        desk.say("Lưu thay đổi", "Save"),
        vec![
            line("name", desk.say("Họ và tên", "Full name"), 200).required().value(text(&account.full_name)),
            clearance.required().value(Value::Text(account.clearance.as_str().to_owned())).help(desk.say(
                "Nâng độ mật cần một người khác phê duyệt.",
                "Another person has to approve a higher label.",
            )),
            line(
                "reason",
                desk.say("Lý do (bắt buộc khi nâng độ mật)", "Reason (for a higher label)"),
                1_000,
            ),
        ],
    ))?;
    let transfer = shown(form(
        "transfer",
        desk.say("Đề nghị chuyển đơn vị", "Ask for the transfer"),
        vec![
            fields::field("unit", desk.say("Đơn vị đến", "To the unit"), FieldKind::Unit).required().help(desk.say(
                "Người quản lý tài khoản ở đơn vị đến phê duyệt. Quyền cấp trực tiếp và chức vụ ở đơn vị cũ kết thúc khi chuyển.",
                "Whoever manages accounts there approves. Direct grants and positions in the old unit end with it.",
            )),
            reason(desk.say("Lý do, căn cứ", "Reason and basis")),
        ],
    ))?;
    let password = form(
        "password",
        desk.say("Đặt mật khẩu tạm", "Set the password"),
        vec![people::temporary_password(desk).required()],
    );
    let released =
        desk.say("Cấp lại mật khẩu cho người đến trực tiếp", "Release it to the person before you");
    let password = vec![
        Block::Actions(vec![open_first(released, format!("/people/{}/release", account.id))]),
        note(desk.say(
            "Mọi phiên làm việc của người này kết thúc ngay, và tên đăng nhập được mở khoá.",
            "All their sessions end at once, and a lock-out of the name is released.",
        )),
        Block::Form(password),
        Block::Actions(vec![deed(
            desk.say("Chỉ mở khoá tên đăng nhập", "Release the lock-out only"),
            "release",
            desk.say(
                "Mở khoá tên đăng nhập đang bị khoá do nhập sai mật khẩu nhiều lần?",
                "Release the lock-out after too many wrong passwords?",
            ),
        )]),
    ];
    let mut sections = vec![
        folded("change-account", desk.say("Sửa thông tin", "Change"), vec![Block::Form(change)]),
        folded("transfer-account", desk.say("Chuyển đơn vị", "Transfer"), vec![Block::Form(transfer)]),
        folded("set-password", desk.say("Mật khẩu và khoá đăng nhập", "Password and lock-out"), password),
    ];
    let why = || reason(desk.say("Lý do", "Reason"));
    if account.state == AccountState::Active {
        let stop = shown(form("suspend", desk.say("Tạm khoá", "Suspend"), vec![why()]))?;
        let title = desk.say("Tạm khoá tài khoản", "Suspend the account");
        sections.push(folded("suspend-account", title, vec![Block::Form(stop)]));
    } else {
        let again = deed(
            desk.say("Mở lại tài khoản", "Activate"),
            "activate",
            desk.say(
                "Cho phép tài khoản này đăng nhập và làm việc trở lại?",
                "Let this account sign in and work again?",
            ),
        );
        let title = desk.say("Mở lại tài khoản", "Activate the account");
        sections.push(section("activate-account", title, vec![Block::Actions(vec![again])]));
    }
    let end = shown(form("close", desk.say("Đóng vĩnh viễn", "Close for good"), vec![why()]))?;
    sections.push(folded(
        "close-account",
        desk.say("Đóng tài khoản", "Close the account"),
        vec![
            note(desk.say(
                "Tài khoản đã đóng không mở lại được; tên đăng nhập không cấp cho người khác.",
                "A closed account is never opened again; its login is given to nobody else.",
            )),
            Block::Form(end),
        ],
    ));
    Ok(sections)
}

fn past(desk: &mut Desk<'_>, id: AccountId) -> Given<Section> {
    let found = history(desk.call, id, None, SHOWN)?;
    let rows = evidence::table(desk, "history", &found.entries).within().block();
    let mut blocks = vec![rows];
    if found.next.is_some() {
        let all = desk.say("Toàn bộ nhật ký của tài khoản này", "All evidence of this account");
        blocks.push(super::blocks::bullets(vec![link(all, format!("/evidence?person={id}"))]));
    }
    Ok(section("history-of", desk.say("Nhật ký gần đây", "Recent evidence"), blocks))
}

/// What comes back from the page of a person.
pub fn submit(desk: &mut Desk<'_>, inputs: &Inputs<'_>, id: AccountId) -> Given<Outcome> {
    let here = format!("/people/{id}");
    match inputs.0.form.as_str() {
        "change" => {
            let change = AccountChange {
                full_name: Some(inputs.text("name").to_owned()),
                clearance: Some(inputs.parsed("clearance")?),
                reason: inputs.text("reason").to_owned(),
            };
            let request = update_account(desk.call, id, change)?;
            desk.done_or_asked(here, request, "Đã lưu thay đổi", "Saved")
        }
        "transfer" => {
            let to = inputs.unit("unit").ok_or_else(|| desk.missing())?;
            let made = transfer(desk.call, id, to, inputs.text("reason"))?;
            desk.done_or_asked(here, made.request, "Đã chuyển đơn vị", "The account was transferred")
        }
        "password" => {
            set_password(desk.call, id, &Password::new(inputs.text("password")), true)?;
            let text = desk.say(
                "Hãy báo mật khẩu tạm cho người dùng bằng cách an toàn.",
                "Tell the person the temporary password in a safe way.",
            );
            desk.done_with(here, desk.say("Đã đặt mật khẩu tạm", "The password was set"), text)
        }
        "release" => {
            if release_lock(desk.call, id)? {
                desk.done(here, "Đã mở khoá tên đăng nhập", "The lock-out was released")
            } else {
                desk.done(here, "Tên đăng nhập không bị khoá", "The name was not locked out")
            }
        }
        "suspend" => {
            suspend(desk.call, id, inputs.text("reason"))?;
            desk.done(here, "Đã tạm khoá tài khoản", "The account was suspended")
        }
        "activate" => {
            activate(desk.call, id)?;
            desk.done(here, "Đã mở lại tài khoản", "The account was activated")
        }
        "close" => {
            close(desk.call, id, inputs.text("reason"))?;
            desk.done(here, "Đã đóng tài khoản", "The account was closed")
        }
        _ => sign_in::submit(desk, inputs, id),
    }
}
