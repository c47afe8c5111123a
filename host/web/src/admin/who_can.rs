//! Who may (ai được làm): everybody who holds a permission for a unit, and by which grants.

use dinh_model::{AccountId, Actor, Date, Label, Permission, Target, UnitId};
use dinh_runtime::bindings::views::{FieldKind, Page};
use dinh_services::accounts::{Account, get_grant};
use dinh_services::permissions::GRANT_MANAGE;

use super::blocks::{note, page as blank, text, untitled};
use super::desk::{Desk, Given};
use super::fields::{self, Described, choice, filters, select};
use super::table::Rows;
use super::{roles, words};

/// What is asked about: a permission, for what is labelled so in a unit.
pub struct Asked {
    /// The permission.
    pub permission: Permission,
    /// The unit, and how confidential what is there.
    pub target: Target,
    /// The day whose rights are asked about, at its end; none for now.
    pub day: Option<Date>,
}

/// What the query asks about; none before somebody has asked.
pub fn asked(desk: &Desk<'_>) -> Given<Option<Asked>> {
    let permission: Option<Permission> = desk.parsed("permission")?;
    let unit: Option<UnitId> = desk.parsed("unit")?;
    let label: Label = desk.parsed("label")?.unwrap_or_default();
    let day = desk.day("day")?;
    Ok(permission.zip(unit).map(|(permission, unit)| Asked {
        permission,
        target: Target { unit, label, owner: None },
        day,
    }))
}

/// The fields that ask.
pub fn question(desk: &Desk<'_>) -> Given<Vec<dinh_runtime::bindings::views::Field>> {
    Ok(vec![
        select("permission", desk.say("Quyền", "Permission"), roles::permissions(desk)?).required(),
        fields::field("unit", desk.say("Tại đơn vị", "In the unit"), FieldKind::Unit).required(),
        choice("label", desk.say("Độ mật", "Label"), words::labels(desk.language()))
            .required()
            .value(text(Label::Ordinary.as_str())),
        fields::date("day", desk.say("Vào cuối ngày", "At the end of the day")).help(desk.say(
            "Bỏ trống để xem hiện nay; ngày đã qua: theo quyền khi đó.",
            "Leave empty for now; an earlier day: by the rights of then.",
        )),
    ])
}

/// `/who-can`
pub fn page(desk: &mut Desk<'_>) -> Given<Page> {
    let mut page = blank(desk.say("Ai được làm?", "Who may?"));
    page.breadcrumbs = desk.way(vec![]);
    let mut blocks = vec![filters(desk.say("Xem", "Show"), question(desk)?)];
    match asked(desk)? {
        None => blocks.push(note(desk.say(
            "Chọn một quyền và một đơn vị để xem mọi người được làm việc đó ở đó, và theo phân quyền nào.",
            "Choose a permission and a unit to see everybody who may do it there, and by which grants.",
        ))),
        Some(asked) => {
            desk.require_one(&[&GRANT_MANAGE], asked.target.unit)?;
            blocks.push(answer(desk, &asked)?);
        }
    }
    page.sections = vec![untitled("answer", blocks)];
    Ok(page)
}

fn answer(desk: &Desk<'_>, asked: &Asked) -> Given<dinh_runtime::bindings::views::Block> {
    let (policy, now) = desk.policy_on(asked.day)?;
    let Some(permission) = policy.permission(&asked.permission) else { return Err(desk.missing()) };
    let mut who: Vec<(AccountId, Option<AccountId>)> =
        policy.who_can(permission, &asked.target, now).into_iter().map(|person| (person, None)).collect();
    let total = who.len();
    let lent = policy.who_can_for_another(permission, &asked.target, now);
    who.extend(lent.into_iter().map(|(person, lender)| (person, Some(lender))));
    who.sort_unstable();
    let after =
        desk.query("after").map(|after| place(after).ok_or_else(|| desk.unclear("after"))).transpose()?;
    who.retain(|one| after.is_none_or(|after| *one > after));
    let next = who.get(desk.rows()).and(who.get(desk.rows() - 1)).map(|(person, lender)| match lender {
        Some(lender) => format!("{person}-{lender}"),
        None => person.to_string(),
    });
    who.truncate(desk.rows());
    let person = |(person, lender): (AccountId, Option<AccountId>)| {
        Some((desk.directory().account(person).ok().flatten()?, lender))
    };
    let people: Vec<(Account, Option<AccountId>)> = who.into_iter().filter_map(person).collect();
    let by = |(account, lender): &(Account, Option<AccountId>)| {
        let actor = Actor::Person { account: account.id, on_behalf_of: *lender };
        let why = policy.explain(&actor, permission, &asked.target, now);
        let named = why.by.iter().map(|id| match get_grant(desk.call, *id) {
            Ok(grant) => format!("{} ({} {id})", desk.role_title(&grant.role), desk.say("số", "number")),
            Err(_) => id.to_string(),
        });
        named.collect::<Vec<_>>().join(", ")
    };
    let shown = crate::format::Formats::of(desk.language()).integer(i64::try_from(total).unwrap_or(i64::MAX));
    let caption = match desk.language() {
        dinh_model::Language::Vi => format!("{shown} người được tự mình làm việc này"),
        dinh_model::Language::En => format!("{shown} may do this in their own right"),
    };
    let rows = Rows::new("who", &people, desk.say("Không ai được làm việc này.", "Nobody may."))
        .text("name", desk.say("Họ và tên", "Name"), |(account, _)| account.full_name.clone())
        .target(|(account, _)| Some(format!("/people/{}", account.id)))
        .code("login", desk.say("Tên đăng nhập", "Login"), |(account, _)| account.login.clone())
        .unit("unit", desk.say("Đơn vị", "Unit"), |(account, _)| account.unit)
        .maybe("for", desk.say("Thay cho", "On behalf of"), |(_, lender)| {
            lender.map(|lender| desk.person_name(lender))
        })
        .text("by", desk.say("Theo phân quyền", "By grant"), by)
        .caption(caption);
    Ok(rows.paged(desk.started(), next).block())
}

/// Where a page of people goes on: a person, or a person and whom they act for.
fn place(text: &str) -> Option<(AccountId, Option<AccountId>)> {
    match text.split_once('-') {
        Some((person, lender)) => Some((person.parse().ok()?, Some(lender.parse().ok()?))),
        None => Some((text.parse().ok()?, None)),
    }
}
