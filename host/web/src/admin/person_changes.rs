//! What is changed about a person, on their page: their name and clearance, their unit, their password, whether they work.

use dinh_access::Grantee;
use dinh_model::AccountId;
use dinh_runtime::bindings::pages::Outcome;
use dinh_runtime::bindings::types::Value;
use dinh_runtime::bindings::views::{Block, FieldKind, Section};
use dinh_services::accounts::{
    Account, AccountChange, AccountState, Password, activate, close, closing, release_lock, set_password,
    suspend, transfer, update_account,
};
use dinh_services::{ServiceError, space};

use super::blocks::{deed, fact, facts, folded, folded_form, note, open_first, section, text};
use super::desk::{Desk, Given, Inputs};
use super::fields::{self, Described, choice, form, line, reason, showing};
use super::{grants, people, sign_in, words};

/// The forms, folded; none for an account that waits or is closed.
pub fn forms(desk: &mut Desk<'_>, account: &Account) -> Given<Vec<Section>> {
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
            line("reason", desk.say("Lý do", "Reason"), 1_000)
                .help(desk.say("Phải ghi khi nâng độ mật.", "Needed for a higher label.")),
        ],
    ))?;
    let transfer = shown(form(
        "transfer",
        desk.say("Đề nghị chuyển đơn vị", "Ask for the transfer"),
        vec![
            fields::field("unit", desk.say("Đơn vị đến", "To the unit"), FieldKind::Unit).required().help(desk.say(
                "Người phê duyệt tài khoản ở đơn vị đến phê duyệt. Quyền cấp trực tiếp và chức vụ ở đơn vị cũ kết thúc khi chuyển.",
                "Whoever approves accounts there approves. Direct grants and positions in the old unit end with it.",
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
            "Mọi phiên làm việc của người này kết thúc ngay, mã truy cập bị thu hồi, và tên đăng nhập được mở khoá.",
            "All their sessions and access tokens end at once, and a lock-out of the name is released.",
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
        folded_form("change-account", desk.say("Sửa thông tin", "Change"), change),
        folded_form("transfer-account", desk.say("Chuyển đơn vị", "Transfer"), transfer),
        folded("set-password", desk.say("Mật khẩu và khoá đăng nhập", "Password and lock-out"), password),
    ];
    let why = || reason(desk.say("Lý do", "Reason"));
    if account.state == AccountState::Active {
        let stop = shown(form("suspend", desk.say("Tạm khoá", "Suspend"), vec![why()]))?;
        let title = desk.say("Tạm khoá tài khoản", "Suspend the account");
        let said = note(desk.say(
            "Người này không đăng nhập được cho đến khi mở lại. Mã truy cập của họ bị thu hồi hẳn: sau khi mở lại phải tạo mã mới.",
            "They cannot sign in until the account is activated. Their access tokens are revoked for good; new ones have to be made then.",
        ));
        sections.push(folded("suspend-account", title, vec![said, Block::Form(stop)]));
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
    if let Some(end) = closing_section(desk, account)? {
        sections.push(end);
    }
    Ok(sections)
}

/// The end of the account, with all that ends with it; none for whoever may not close it.
fn closing_section(desk: &mut Desk<'_>, account: &Account) -> Given<Option<Section>> {
    let Ok(ends) = closing(desk.call, account.id) else { return Ok(None) };
    let mut list = vec![fact(desk.say("Tài khoản", "Account"), text(&account.login))];
    let mut add = |label: String, ended: Vec<String>| {
        if !ended.is_empty() {
            list.push(fact(label, text(ended.join("; "))));
        }
    };
    add(
        desk.say("Phân quyền bị thu hồi", "Grants withdrawn"),
        ends.grants.iter().map(|id| grants::in_words(desk, *id)).collect(),
    );
    let post = |id: &_| grants::grantee(desk, Grantee::Position(*id)).0;
    add(desk.say("Thôi giữ chức vụ", "Positions released"), ends.positions.iter().map(post).collect());
    let numbers = |ids: Vec<String>| if ids.is_empty() { ids } else { vec![ids.join(", ")] };
    add(
        desk.say("Uỷ quyền kết thúc, số", "Delegations ended, number"),
        numbers(ends.delegations.iter().map(ToString::to_string).collect()),
    );
    add(
        desk.say("Đề nghị được rút, số", "Requests withdrawn, number"),
        numbers(ends.requests.iter().map(ToString::to_string).collect()),
    );
    let tokens = (ends.tokens > 0).then(|| ends.tokens.to_string());
    add(desk.say("Mã truy cập bị thu hồi", "Access tokens revoked"), tokens.into_iter().collect());
    let seen = desk.say(
        "Tôi đã xem những gì kết thúc cùng tài khoản; việc này không hoàn tác được",
        "I have seen what ends with the account; this cannot be undone",
    );
    let fields =
        vec![reason(desk.say("Lý do", "Reason")), fields::field("seen", seen, FieldKind::Boolean).required()];
    let end = form("close", desk.say("Đóng vĩnh viễn", "Close for good"), fields);
    let end = showing(desk.call, end, "accounts", account.id.0, &space::account(account.id))?;
    let blocks = vec![
        note(desk.say(
            "Tài khoản đã đóng không mở lại được; tên đăng nhập không cấp cho người khác. Cùng với tài khoản kết thúc ngay:",
            "A closed account is never opened again; its login is given to nobody else. With it ends at once:",
        )),
        facts(list),
        Block::Form(end),
    ];
    Ok(Some(folded("close-account", desk.say("Đóng tài khoản", "Close the account"), blocks)))
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
            if !inputs.is_ticked("seen") {
                return Err(ServiceError::invalid(
                    "Hãy xem những gì kết thúc cùng tài khoản và đánh dấu đã xem, rồi đóng.",
                    "Look at what ends with the account and tick that you have; then close it.",
                )
                .into());
            }
            close(desk.call, id, inputs.text("reason"))?;
            desk.done(here, "Đã đóng tài khoản", "The account was closed")
        }
        _ => sign_in::submit(desk, inputs, id),
    }
}
