//! One person: who they are, what they may do and why, what was done.

use dinh_access::Grantee;
use dinh_model::{AccountId, Target};
use dinh_runtime::bindings::types::Value;
use dinh_runtime::bindings::views::{Block, Page, Section, Tone};
use dinh_services::accounts::{
    Account, GrantFilter, find_grants, get_account, get_position, held_by, history, look_at, requests_about,
};
use dinh_services::permissions::{ACCOUNT_MANAGE, AUDIT_READ, GRANT_MANAGE};

use super::blocks::{
    badge, fact, facts, leading, link, moment, open, open_first, page as blank, section, text,
};
use super::desk::{Desk, Given};
use super::table::{ON_A_PAGE, Rows};
use super::{asked, evidence, grants, person_changes, sign_in, words};

/// Entries of their history and requests about them that a person's page shows; the newest.
const SHOWN: usize = 20;

/// `/people/ID`
pub fn page(desk: &mut Desk<'_>, id: AccountId) -> Given<Page> {
    let account = get_account(desk.call, id).map_err(|_| desk.missing())?;
    desk.require_one(&[&ACCOUNT_MANAGE, &GRANT_MANAGE], account.unit)?;
    look_at(desk.call, id);
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
        page.sections.extend(person_changes::forms(desk, &account)?);
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
        fact(desk.say("Địa chỉ e-mail", "E-mail"), account.email.as_deref().map_or(Value::Empty, text)),
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
