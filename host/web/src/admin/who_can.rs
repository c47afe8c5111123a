//! Who may (ai được làm): everybody who holds a permission for a unit, and by which grants.

use dinh_access::Policy;
use dinh_model::{AccountId, Actor, Label, Permission, Target, UnitId};
use dinh_runtime::bindings::views::{FieldKind, Page};
use dinh_services::accounts::Account;
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
}

/// What the query asks about; none before somebody has asked.
pub fn asked(desk: &Desk<'_>) -> Given<Option<Asked>> {
    let permission: Option<Permission> = desk.parsed("permission")?;
    let unit: Option<UnitId> = desk.parsed("unit")?;
    let label: Label = desk.parsed("label")?.unwrap_or_default();
    Ok(permission
        .zip(unit)
        .map(|(permission, unit)| Asked { permission, target: Target { unit, label, owner: None } }))
}

/// The fields that ask.
pub fn question(desk: &Desk<'_>) -> Given<Vec<dinh_runtime::bindings::views::Field>> {
    Ok(vec![
        select("permission", desk.say("Quyền", "Permission"), roles::permissions(desk)?).required(),
        fields::field("unit", desk.say("Tại đơn vị", "In the unit"), FieldKind::Unit).required(),
        choice("label", desk.say("Độ mật", "Label"), words::labels(desk.language()))
            .required()
            .value(text(Label::Ordinary.as_str())),
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
    let policy = std::sync::Arc::clone(&desk.call.policy);
    let now = desk.call.now();
    let Some(permission) = policy.permission(&asked.permission) else { return Err(desk.missing()) };
    let mut people = policy.who_can(permission, &asked.target, now);
    let total = people.len();
    let after: Option<AccountId> = desk.parsed("after")?;
    people.retain(|person| after.is_none_or(|after| *person > after));
    let next = people.get(desk.rows()).and(people.get(desk.rows() - 1)).map(ToString::to_string);
    people.truncate(desk.rows());
    let accounts: Vec<Account> =
        people.into_iter().filter_map(|person| desk.directory().account(person).ok().flatten()).collect();
    let by = |policy: &Policy, account: &Account| {
        let why = policy.explain(&Actor::person(account.id), permission, &asked.target, now);
        why.by.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
    };
    let shown = crate::format::Formats::of(desk.language()).integer(i64::try_from(total).unwrap_or(i64::MAX));
    let caption = match desk.language() {
        dinh_model::Language::Vi => format!("{shown} người được làm việc này"),
        dinh_model::Language::En => format!("{shown} may do this"),
    };
    let rows = Rows::new("who", &accounts, desk.say("Không ai được làm việc này.", "Nobody may."))
        .text("name", desk.say("Họ và tên", "Name"), |account| account.full_name.clone())
        .target(|account| Some(format!("/people/{}", account.id)))
        .code("login", desk.say("Tên đăng nhập", "Login"), |account| account.login.clone())
        .unit("unit", desk.say("Đơn vị", "Unit"), |account| account.unit)
        .text("by", desk.say("Theo phân quyền số", "By grant"), |account| by(&policy, account))
        .caption(caption);
    Ok(rows.paged(desk.started(), next).block())
}
