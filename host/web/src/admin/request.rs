//! One request: who asks what for whom and why, what an approval would change, and the decision.

use std::collections::HashMap;

use dinh_access::{ActorChange, Difference, Grantee};
use dinh_model::{AccountId, Actor, Permission, RequestId};
use dinh_runtime::bindings::pages::Outcome;
use dinh_runtime::bindings::views::{Action, Block, Page, Prominence, Section, Tone};
use dinh_services::ServiceError;
use dinh_services::accounts::{
    Account, Asked, AskedPosition, Request, approve, deciders, get_request, permission_title, refuse,
    requested_accounts, withdraw_request,
};
use dinh_services::permissions::ACCOUNT_MANAGE;

use super::blocks::{
    deed, fact, facts, folded_form, link, note, notice, open_first, page as blank, section, text,
};
use super::desk::{Desk, Given, Inputs};
use super::fields::{form, reason};
use super::table::{ON_A_PAGE, Rows};
use super::{asked, entries, grants, people};
use crate::format::Formats;

/// Permissions that a cell names; the rest is counted.
const NAMED: usize = 6;

/// Accounts of an import shown at once: the decision stands below them.
const SHOWN: usize = 20;

/// `/requests/ID`
pub fn page(desk: &mut Desk<'_>, id: RequestId) -> Given<Page> {
    let request = get_request(desk.call, id)?;
    let language = desk.language();
    let mut page =
        blank(format!("{}: {}", asked::kind(&request.asked, language), asked::whom(desk, &request.asked)));
    page.subtitle = Some(format!("{} {id}", desk.say("Đề nghị số", "Request")));
    page.breadcrumbs = vec![link(desk.say("Việc cần xử lý", "Inbox"), "/inbox")];
    let what = vec![facts(asked::facts(desk, &request))];
    page.sections.push(section("asked", desk.say("Nội dung đề nghị", "What is asked"), what));
    page.sections.extend(entries::proposed(desk, &request)?);
    let course = vec![facts(asked::course(desk, &request))];
    page.sections.push(section("course", desk.say("Quá trình", "Course"), course));
    if request.standing(desk.call.now()) == "open" {
        page.sections.extend(decision(desk, &request)?);
    }
    // The decision stands above them: they may be twenty thousand.
    if let Asked::Accounts { first, count, positions, .. } = &request.asked {
        page.sections.push(imported(desk, id, (*first, *count), positions)?);
    }
    if hands_out(desk, &request) {
        let text = desk.say("Tải mật khẩu tạm…", "Temporary passwords…");
        page.actions.push(open_first(text, format!("/requests/{id}/passwords")));
    }
    Ok(page)
}

/// The accounts of an import, in the order of the file, each with the position it is to hold.
fn imported(
    desk: &mut Desk<'_>,
    id: RequestId,
    (first, count): (AccountId, u32),
    positions: &[AskedPosition],
) -> Given<Section> {
    let after: Option<AccountId> = desk.parsed("after")?;
    let most = if desk.exporting() { desk.rows() } else { SHOWN };
    let found = requested_accounts(desk.call, id, after, most)?;
    let next = found.next.map(|next| next.to_string());
    let held: HashMap<AccountId, String> = positions
        .iter()
        .flat_map(|asked| {
            let title = grants::grantee(desk, Grantee::Position(asked.position)).0;
            asked.holders.iter().map(move |holder| (*holder, title.clone()))
        })
        .collect();
    let manages = |account: &Account| desk.may(&ACCOUNT_MANAGE, account.unit);
    let table = people::table(desk, "accounts", &found.accounts)
        // Not every approver may open the page of an account.
        .target(|account| manages(account).then(|| format!("/people/{}", account.id)))
        .maybe("position", desk.say("Giao chức vụ", "Position"), |account| held.get(&account.id).cloned())
        .maybe("email", desk.say("Địa chỉ e-mail", "E-mail"), |account| account.email.clone())
        .paged(desk.started(), next);
    let formats = Formats::of(desk.language());
    let number = |account: Option<&Account>| {
        let place = account.map_or(0, |account| account.id.0.saturating_sub(first.0).saturating_add(1));
        formats.integer(i64::from(place))
    };
    let title = format!(
        "{}: {}–{} {} {}",
        desk.say("Các tài khoản được đề nghị", "The accounts asked for"),
        number(found.accounts.first()),
        number(found.accounts.last()),
        desk.say("trong", "of"),
        formats.integer(i64::from(count)),
    );
    Ok(section("accounts-of", title, vec![table.block()]))
}

/// Whether the reader is who gets the passwords of an import.
fn hands_out(desk: &Desk<'_>, request: &Request) -> bool {
    let standing = request.standing(desk.call.now());
    matches!(request.asked, Asked::Accounts { .. })
        && desk.call.account() == Some(request.by.account)
        && matches!(standing, "open" | "approved")
}

/// What the reader may decide: it is tried, so nothing is offered that would be refused.
fn decision(desk: &mut Desk<'_>, request: &Request) -> Given<Vec<Section>> {
    let own = desk.call.account() == Some(request.by.account);
    let mut sections = Vec::new();
    match desk.effect_of(request.id) {
        Ok(difference) => {
            sections.push(effect(desk, &difference));
            let question = format!(
                "{} {} {}",
                desk.say("Phê duyệt đề nghị này?", "Approve this request?"),
                difference.text(desk.language()),
                desk.say("Có hiệu lực ngay.", "It takes effect at once."),
            );
            let yes = deed(desk.say("Phê duyệt", "Approve"), "approve", question);
            let yes = Action { prominence: Prominence::Primary, ..yes };
            sections.push(section(
                "approval",
                desk.say("Quyết định", "Decision"),
                vec![Block::Actions(vec![yes])],
            ));
            sections.push(refusal(desk));
        }
        // They are told who decides, nothing of the effect.
        Err(ServiceError::Denied(_)) => sections.push(waiting(desk, request.id)?),
        Err(error @ (ServiceError::Refused(_) | ServiceError::Invalid(_))) => {
            let title = desk.say("Bạn không phê duyệt được đề nghị này", "You cannot approve this request");
            let why = Block::Notice(notice(Tone::Warning, title, error.text(desk.language())));
            sections.push(section("approval", desk.say("Quyết định", "Decision"), vec![why]));
            sections.push(if own { waiting(desk, request.id)? } else { refusal(desk) });
        }
        Err(error) => return Err(error.into()),
    }
    if own {
        let back = deed(
            desk.say("Rút đề nghị", "Withdraw the request"),
            "withdraw",
            desk.say(
                "Rút đề nghị này? Người phê duyệt sẽ không còn thấy đề nghị.",
                "Withdraw this request? Nobody is asked to decide it any more.",
            ),
        );
        let title = desk.say("Đề nghị của bạn", "Your request");
        sections.push(section("own", title, vec![Block::Actions(vec![back])]));
    }
    Ok(sections)
}

/// Who could decide, for those who cannot.
fn waiting(desk: &mut Desk<'_>, id: RequestId) -> Given<Section> {
    let deciders = deciders(desk.call, id)?;
    let shown: Vec<String> = deciders.iter().take(NAMED).map(|account| desk.person_name(*account)).collect();
    let more = deciders.len() - shown.len();
    let who = match (shown.is_empty(), more) {
        (true, _) => desk.say(
            "Hiện chưa có ai đủ thẩm quyền; hãy báo quản trị viên.",
            "Nobody has the right at present; tell the administrator.",
        ),
        (false, 0) => shown.join("; "),
        (false, more) => format!("{} (+{more})", shown.join("; ")),
    };
    let title = desk.say("Người có thể phê duyệt", "Who could approve");
    let blocks = vec![facts(vec![fact(title.clone(), text(who))])];
    Ok(section("deciders", title, blocks))
}

fn refusal(desk: &Desk<'_>) -> Section {
    let why = reason(desk.say("Lý do từ chối", "Why it is refused"));
    let no = form("refuse", desk.say("Từ chối đề nghị", "Refuse the request"), vec![why]);
    folded_form("refusal", desk.say("Từ chối", "Refuse"), no)
}

fn effect(desk: &Desk<'_>, difference: &Difference) -> Section {
    let language = desk.language();
    let tone = if difference.changes.is_empty() { Tone::Neutral } else { Tone::Info };
    let said = notice(tone, difference.text(language), String::new());
    let mut blocks = vec![Block::Notice(said)];
    let shown = difference.changes.get(..ON_A_PAGE).unwrap_or(&difference.changes);
    if !shown.is_empty() {
        let table = Rows::new("effect", shown, String::new())
            .text("who", desk.say("Ai", "Who"), |change: &ActorChange| who(desk, &change.actor))
            .maybe("gains", desk.say("Được thêm", "Gains"), |change| named(desk, &change.gains))
            .maybe("loses", desk.say("Bị bớt", "Loses"), |change| named(desk, &change.loses));
        blocks.push(table.within().block());
    }
    let more = difference.changes.len() - shown.len();
    if more > 0 {
        blocks.push(note(format!("… {} {more}", desk.say("và số người khác:", "and others:"))));
    }
    section(
        "would-change",
        desk.say("Nếu phê duyệt, điều gì thay đổi", "What an approval would change"),
        blocks,
    )
}

fn named(desk: &Desk<'_>, permissions: &[Permission]) -> Option<String> {
    let title = |permission: &Permission| {
        let title = permission_title(desk.call, permission);
        title.map_or_else(|| permission.to_string(), |title| title.get(desk.language()).to_owned())
    };
    let mut names: Vec<_> = permissions.iter().take(NAMED).map(title).collect();
    let more = permissions.len() - names.len();
    if more > 0 {
        names.push(format!("+{more}"));
    }
    (!names.is_empty()).then(|| names.join("; "))
}

fn who(desk: &Desk<'_>, actor: &Actor) -> String {
    super::evidence::actor(desk, actor)
}

/// What comes back from the page of a request.
pub fn submit(desk: &mut Desk<'_>, inputs: &Inputs<'_>, id: RequestId) -> Given<Outcome> {
    let here = format!("/requests/{id}");
    match inputs.0.form.as_str() {
        "approve" => {
            approve(desk.call, id)?;
            desk.done(here, "Đã phê duyệt đề nghị", "The request was approved")
        }
        "refuse" => {
            refuse(desk.call, id, inputs.text("reason"))?;
            desk.done(here, "Đã từ chối đề nghị", "The request was refused")
        }
        "withdraw" => {
            withdraw_request(desk.call, id)?;
            desk.done(here, "Đã rút đề nghị", "The request was withdrawn")
        }
        _ => Err(desk.missing()),
    }
}
