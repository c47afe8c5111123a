//! Why not (vì sao không được): what of the rule does not hold for somebody, and who could help.

use dinh_access::FailedCondition;
use dinh_model::{Actor, Localized};
use dinh_runtime::bindings::views::{Block, FieldKind, Page, Tone};
use dinh_services::accounts::{Account, Directory, permission_title};
use dinh_services::permissions::GRANT_MANAGE;

use super::blocks::{badge, fact, facts, leading, note, notice, page as blank, text, untitled};
use super::desk::{Desk, Given};
use super::fields::{self, Described, filters};
use super::table::{ON_A_PAGE, Rows};
use super::who_can::{Asked, asked, question};

/// `/why-not`
pub fn page(desk: &mut Desk<'_>) -> Given<Page> {
    let mut page = blank(desk.say("Vì sao không được?", "Why not?"));
    page.breadcrumbs = desk.way(vec![]);
    let person = fields::field("person", desk.say("Người", "Person"), FieldKind::Account).required();
    let asking = [vec![person], question(desk)?].concat();
    let mut blocks = vec![filters(desk.say("Xem", "Show"), asking)];
    match desk.person("person")?.zip(asked(desk)?) {
        None => blocks.push(note(desk.say(
            "Chọn một người, một quyền và một đơn vị để xem người đó được hay không được làm việc đó, vì sao, và ai có thể cấp quyền.",
            "Choose a person, a permission and a unit to see whether they may, why, and who could grant it.",
        ))),
        Some((person, asked)) => {
            let account = dinh_services::accounts::get_account(desk.call, person)?;
            if !desk.may(&GRANT_MANAGE, account.unit) {
                desk.require_one(&[&GRANT_MANAGE], asked.target.unit)?;
            }
            blocks.extend(answer(desk, &account, &asked)?);
        }
    }
    page.sections = vec![untitled("answer", blocks)];
    Ok(page)
}

fn answer(desk: &Desk<'_>, account: &Account, asked: &Asked) -> Given<Vec<Block>> {
    let (policy, now) = desk.policy_on(asked.day)?;
    let Some(permission) = policy.permission(&asked.permission) else { return Err(desk.missing()) };
    let why = policy.explain(&Actor::person(account.id), permission, &asked.target, now);
    let said = match why.failed {
        None => notice(
            Tone::Good,
            desk.say("Được phép", "Allowed"),
            desk.say("Mọi điều kiện đều đạt.", "Every condition holds."),
        ),
        Some(failed) => {
            let capped = why.clearance.is_some();
            let reason = reason(failed, capped);
            notice(
                Tone::Warning,
                desk.say("Không được phép", "Not allowed"),
                reason.get(desk.language()).to_owned(),
            )
        }
    };
    let title = permission_title(desk.call, &asked.permission);
    let title =
        title.map_or_else(|| asked.permission.to_string(), |title| title.get(desk.language()).to_owned());
    let (state, tone) = super::words::state(account.state, desk.language());
    let mut list = vec![
        leading(desk.say("Người", "Person"), text(&account.full_name), format!("/people/{}", account.id)),
        badge(desk.say("Tài khoản", "Account"), state, tone),
        fact(desk.say("Quyền", "Permission"), text(title)),
        leading(
            desk.say("Tại đơn vị", "In the unit"),
            text(desk.unit_name(asked.target.unit)),
            format!("/units/{}", asked.target.unit),
        ),
        fact(desk.say("Độ mật", "Label"), text(asked.target.label.name(desk.language()))),
    ];
    if !why.by.is_empty() {
        let by: Vec<_> = why.by.iter().map(ToString::to_string).collect();
        list.push(fact(desk.say("Theo phân quyền số", "By grant"), text(by.join(", "))));
    }
    let lenders = policy.who_can_for_another(permission, &asked.target, now).into_iter();
    let lenders =
        lenders.filter(|(person, _)| *person == account.id).map(|(_, lender)| desk.person_name(lender));
    let lenders: Vec<String> = lenders.collect();
    if !lenders.is_empty() {
        let title = desk.say("Được làm khi thay", "May on behalf of");
        list.push(fact(title, text(lenders.join("; "))));
    }
    let mut blocks = vec![Block::Notice(said), facts(list)];
    if !why.could_grant.is_empty() {
        let directory = Directory::new(desk.call.transaction.snapshot());
        let first = why.could_grant.iter().take(ON_A_PAGE);
        let granters: Vec<Account> =
            first.filter_map(|person| directory.account(*person).ok().flatten()).collect();
        let rows =
            Rows::new("granters", &granters, desk.say("Không có ai.", "Nobody."))
                .text("name", desk.say("Họ và tên", "Name"), |account| account.full_name.clone())
                .target(|account| Some(format!("/people/{}", account.id)))
                .unit("unit", desk.say("Đơn vị", "Unit"), |account| account.unit)
                .caption(desk.say(
                    "Người có thể cấp quyền, gần đơn vị nhất trước",
                    "Who could grant it, nearest first",
                ));
        blocks.push(rows.within().block());
    }
    Ok(blocks)
}

/// The condition that does not hold, said of somebody else.
fn reason(failed: FailedCondition, capped: bool) -> Localized {
    let (vi, en) = match failed {
        FailedCondition::AccountNotActive => (
            "Tài khoản này không hoạt động, nên không dùng được quyền nào.",
            "The account is not active, so none of its rights can be used.",
        ),
        FailedCondition::NoRole => {
            ("Không vai trò nào của người này có quyền đó.", "No role of this person holds the permission.")
        }
        FailedCondition::OutsideUnits => (
            "Người này có quyền đó, nhưng không phải tại đơn vị này.",
            "The person holds the permission, but not for this unit.",
        ),
        FailedCondition::NotOwner => (
            "Quyền đó tại đơn vị này chỉ áp dụng cho hồ sơ của chính người này.",
            "The permission for this unit reaches the person's own records only.",
        ),
        FailedCondition::LabelTooHigh if capped => (
            "Độ mật cao hơn mức mà tài khoản được tiếp cận; cần nâng mức tiếp cận trước, cấp thêm quyền không giúp được.",
            "The label is above the account's clearance, which has to be raised first; no grant would help.",
        ),
        FailedCondition::LabelTooHigh => (
            "Quyền của người này tại đơn vị không bao gồm độ mật đó.",
            "What the person was granted for the unit does not reach this label.",
        ),
        FailedCondition::OutsideTerm => (
            "Thời hạn của quyền chưa bắt đầu hoặc đã hết.",
            "The term of the grant has not begun or is over.",
        ),
        FailedCondition::NotAdmitted => {
            ("Quyền này không dành cho người dùng.", "The permission is not one that people hold.")
        }
    };
    Localized::new(vi, en)
}
