//! Grants (phân quyền): the roll, narrowed and paged; given, and withdrawn with a reason.

use dinh_access::Grantee;
use dinh_model::{AccountId, GrantId, Label, PositionId, UnitId};
use dinh_runtime::bindings::pages::{Done, Outcome};
use dinh_runtime::bindings::types::Value;
use dinh_runtime::bindings::views::{
    Action, Block, Choice, Effect, Field, FieldKind, Format, Page, Prominence, SubmitEffect,
};
use dinh_services::accounts::{
    GrantFilter, NewGrant, StoredGrant, find_grants, get_grant, get_position, give, list_roles, withdraw,
};
use dinh_services::permissions::GRANT_MANAGE;

use super::blocks::{link, open_first, page as blank, text, to, untitled};
use super::desk::{Desk, Given, Inputs};
use super::fields::{self, Described, choice, date, filters, form, option, reason, select};
use super::table::Rows;
use super::words;

/// Days ahead within which a grant is said to end soon.
const SOON: i64 = 30;

/// A grant with the names that its row shows.
pub struct Named {
    grant: StoredGrant,
    to: String,
    path: String,
    role: String,
    by: String,
}

/// Grants with their names.
pub fn named(desk: &Desk<'_>, grants: &[StoredGrant]) -> Given<Vec<Named>> {
    let roles = list_roles(desk.call)?;
    let titles: Vec<_> =
        roles.into_iter().map(|role| (role.id, role.title.get(desk.language()).to_owned())).collect();
    let name = |grant: &StoredGrant| {
        let (to, path) = grantee(desk, grant.to);
        let title = titles.iter().find(|(role, _)| *role == grant.role);
        Named {
            to,
            path,
            role: title.map_or_else(|| grant.role.to_string(), |(_, title)| title.clone()),
            by: match grant.given_by {
                Some(by) => desk.person_name(by),
                None => desk.say("Người vận hành hệ thống", "The operator"),
            },
            grant: grant.clone(),
        }
    };
    Ok(grants.iter().map(name).collect())
}

/// Who holds a grant, and where their page is.
pub fn grantee(desk: &Desk<'_>, to: Grantee) -> (String, String) {
    match to {
        Grantee::Account(account) => (desk.person_name(account), format!("/people/{account}")),
        Grantee::Position(position) => {
            let found = desk.directory().position(position).ok().flatten();
            let title = found.map_or_else(
                || position.to_string(),
                |found| format!("{} – {}", found.title.get(desk.language()), desk.unit_name(found.unit)),
            );
            (title, format!("/positions/{position}"))
        }
    }
}

/// A grant in one line: which role where.
pub fn in_words(desk: &Desk<'_>, id: GrantId) -> String {
    get_grant(desk.call, id).map_or_else(
        |_| id.to_string(),
        |grant| format!("{} – {}", desk.role_title(&grant.role), desk.unit_name(grant.scope.unit)),
    )
}

/// Grants as a table: who has what where, until when, by whom and why.
pub fn table<'r>(desk: &Desk<'_>, id: &str, grants: &'r [Named]) -> Rows<'r, Named> {
    let (now, language) = (desk.call.now(), desk.language());
    let [position, person, own] = [
        desk.say("theo chức vụ", "by the position"),
        desk.say("cấp trực tiếp", "given directly"),
        desk.say("chỉ hồ sơ của chính mình", "own records only"),
    ];
    let source = |row: &Named| match row.grant.to {
        Grantee::Account(_) => person.clone(),
        Grantee::Position(_) => position.clone(),
    };
    let restricted = |row: &Named| row.grant.scope.own.then(|| own.clone());
    let why = |row: &Named| {
        let why = row.grant.withdrawn.as_ref().map_or(&row.grant.reason, |withdrawn| &withdrawn.reason);
        Some(why.clone()).filter(|why| !why.is_empty())
    };
    let rows = Rows::new(id, grants, desk.say("Không có phân quyền nào.", "No grants."))
        .text("to", desk.say("Người hoặc chức vụ", "Person or position"), |row| row.to.clone())
        .target(|row| Some(row.path.clone()))
        .text("role", desk.say("Vai trò", "Role"), |row| row.role.clone())
        .unit("unit", desk.say("Phạm vi", "Scope"), |row| row.grant.scope.unit)
        .noted(restricted)
        .text("label", desk.say("Độ mật đến", "Up to"), |row| {
            row.grant.label.name(language).to_owned()
        })
        .badge("state", desk.say("Hiệu lực", "Standing"), |row| {
            words::standing(&row.grant, now, language)
        })
        .day("until", desk.say("Đến hết ngày", "Through"), |row| words::last_day(&row.grant.term))
        .text("source", desk.say("Nguồn", "Source"), source)
        .noted(|row| Some(row.by.clone()))
        .maybe("reason", desk.say("Lý do", "Reason"), why)
        .number("number", desk.say("Số", "Number"), Format::Code, |row| u64::from(row.grant.id.0))
        .cancelled(|row| row.grant.withdrawn.is_some());
    if !desk.exporting() {
        return rows;
    }
    // What stands below other cells where people read it has columns of its own in a file.
    rows.maybe("own", desk.say("Giới hạn", "Restricted to"), restricted)
        .text("by", desk.say("Người cấp", "Given by"), |row| row.by.clone())
        .moment("given", desk.say("Cấp lúc", "Given"), |row| row.grant.given)
}

/// The roles, as choices.
pub fn role_titles(desk: &Desk<'_>) -> Given<Vec<Choice>> {
    let roles = list_roles(desk.call)?;
    let titled = |role: &dinh_services::accounts::Role| {
        option(role.id.as_str(), format!("{} ({})", role.title.get(desk.language()), role.id))
    };
    Ok(roles.iter().map(titled).collect())
}

fn filter(desk: &mut Desk<'_>) -> Given<GrantFilter> {
    let person: Option<AccountId> = desk.person("person")?;
    let in_force = match desk.query("standing") {
        Some("ended") => Some(false),
        Some("in-force") => Some(true),
        _ => None,
    };
    let soon = desk.call.now() + jiff::SignedDuration::from_hours(24 * SOON);
    let ending = desk.query("ending").is_some();
    Ok(GrantFilter {
        unit: desk.parsed("unit")?,
        reaching: desk.parsed("reaching")?,
        role: desk.parsed("role")?,
        to: person.map(|person| vec![Grantee::Account(person)]),
        in_force: if ending { Some(true) } else { in_force },
        ends_before: ending.then_some(soon),
    })
}

/// `/grants`
pub fn page(desk: &mut Desk<'_>) -> Given<Page> {
    let filter = filter(desk)?;
    let before: Option<GrantId> = desk.parsed("after")?;
    let found = find_grants(desk.call, &filter, before, desk.rows())?;
    let rows = named(desk, &found.grants)?;
    let withdraw = Action {
        text: desk.say("Thu hồi…", "Withdraw…"),
        prominence: Prominence::Danger,
        effect: Effect::Submit(SubmitEffect { form: "choose".into(), inputs: Vec::new(), confirm: None }),
        disabled: None,
    };
    let list = table(desk, "grants", &rows)
        .bulk(|row| row.grant.id.to_string(), vec![withdraw])
        .paged(desk.started(), found.next.map(|next| next.to_string()))
        .block();
    let standings = vec![
        option("in-force", desk.say("Đang có hiệu lực", "In force")),
        option("ended", desk.say("Đã thu hồi, hết hạn hoặc chưa đến hạn", "Withdrawn, over or not begun")),
    ];
    let unit = filter.unit.map_or(Value::Empty, fields::unit);
    let narrowing = vec![
        fields::field("person", desk.say("Người", "Person"), FieldKind::Account),
        select("role", desk.say("Vai trò", "Role"), role_titles(desk)?),
        fields::field("unit", desk.say("Phạm vi trong đơn vị", "Scope within"), FieldKind::Unit).value(unit),
        choice("standing", desk.say("Hiệu lực", "Standing"), standings),
    ];
    let mut page = blank(desk.say("Phân quyền", "Grants"));
    if let Some(unit) = filter.reaching {
        page.subtitle = Some(format!("{} {}", desk.say("Có hiệu lực đến", "Reaching"), desk.unit_name(unit)));
    } else if filter.ends_before.is_some() {
        page.subtitle = Some(desk.say("Hết hạn trong 30 ngày tới", "Ending within 30 days"));
    }
    page.breadcrumbs = desk.way(vec![]);
    page.actions = vec![open_first(desk.say("Cấp quyền", "Give a right"), "/grants/new")];
    page.sections = vec![untitled("list", vec![filters(desk.say("Lọc", "Filter"), narrowing), list])];
    Ok(page)
}

/// What was selected there is looked at once more, and a reason asked for, before anything is withdrawn.
pub fn submit(desk: &mut Desk<'_>, inputs: &Inputs<'_>) -> Given<Outcome> {
    if inputs.0.form != "choose" {
        return Err(desk.missing());
    }
    let target = to(format!("/grants/withdraw?of={}", inputs.0.selected.join(",")));
    Ok(Outcome::Done(Done { target, notice: None }))
}

/// The grants that the query names.
fn chosen(desk: &Desk<'_>) -> Given<Vec<StoredGrant>> {
    let ids = desk.query("of").unwrap_or_default().split(',').map(str::parse::<GrantId>);
    let ids: Vec<GrantId> = ids.collect::<Result<_, _>>().map_err(|_| desk.missing())?;
    Ok(ids.into_iter().map(|id| get_grant(desk.call, id)).collect::<Result<_, _>>()?)
}

/// `/grants/withdraw?of=1,2`
pub fn withdraw_page(desk: &mut Desk<'_>) -> Given<Page> {
    let grants = chosen(desk)?;
    for grant in &grants {
        desk.require_one(&[&GRANT_MANAGE], grant.scope.unit)?;
    }
    let rows = named(desk, &grants)?;
    let why = reason(desk.say("Lý do thu hồi", "Reason"));
    let mut end = form("withdraw", desk.say("Thu hồi các quyền này", "Withdraw these grants"), vec![why]);
    end.cancel = Some(to("/grants"));
    let mut page = blank(desk.say("Thu hồi phân quyền", "Withdraw grants"));
    page.subtitle = Some(desk.say(
        "Quyền mất hiệu lực ngay khi thu hồi, kể cả với việc đang làm dở.",
        "A right ends the moment it is withdrawn, for work under way too.",
    ));
    page.breadcrumbs = desk.way(vec![link(desk.say("Phân quyền", "Grants"), "/grants")]);
    let list = table(desk, "chosen", &rows).within().block();
    page.sections = vec![untitled("withdrawal", vec![list, Block::Form(end)])];
    Ok(page)
}

/// What comes back from it: all of them, or none.
pub fn withdraw_chosen(desk: &mut Desk<'_>, inputs: &Inputs<'_>) -> Given<Outcome> {
    for grant in chosen(desk)? {
        withdraw(desk.call, grant.id, inputs.text("reason"))?;
    }
    desk.done("/grants", "Đã thu hồi phân quyền", "The grants were withdrawn")
}

/// `/grants/new`
pub fn new_page(desk: &mut Desk<'_>) -> Given<Page> {
    desk.call.require_somewhere(&GRANT_MANAGE, None)?;
    let mut page = blank(desk.say("Cấp quyền", "Give a right"));
    page.breadcrumbs = desk.way(vec![link(desk.say("Phân quyền", "Grants"), "/grants")]);
    let mut asked = Vec::new();
    if let Some(position) = desk.parsed::<PositionId>("position")? {
        get_position(desk.call, position)?;
        page.subtitle = Some(grantee(desk, Grantee::Position(position)).0);
    } else {
        let person: Option<AccountId> = desk.parsed("to")?;
        asked.push(
            fields::field("person", desk.say("Người được cấp", "Given to"), FieldKind::Account)
                .required()
                .value(person.map_or(Value::Empty, |person| Value::Account(person.0))),
        );
    }
    asked.extend(what(desk)?);
    let mut give = form("give", desk.say("Cấp quyền", "Give"), asked);
    give.cancel = Some(to("/grants"));
    page.sections = vec![untitled("new", vec![Block::Form(give)])];
    Ok(page)
}

/// What is given: role, scope, label, term, reason.
fn what(desk: &Desk<'_>) -> Given<Vec<Field>> {
    let unit: Option<UnitId> = desk.parsed("unit")?;
    let own = fields::field(
        "own",
        desk.say("Chỉ hồ sơ của chính người đó", "Only their own records"),
        FieldKind::Boolean,
    );
    let scope = fields::field(
        "unit",
        desk.say("Phạm vi: đơn vị và mọi đơn vị trực thuộc", "Scope: unit and all below"),
        FieldKind::Unit,
    );
    Ok(vec![
        select("role", desk.say("Vai trò", "Role"), role_titles(desk)?).required(),
        scope.required().value(unit.map_or(Value::Empty, fields::unit)),
        own,
        choice("label", desk.say("Độ mật cao nhất", "Highest label"), words::labels(desk.language()))
            .required()
            .value(text(Label::Ordinary.as_str())),
        date("from", desk.say("Từ ngày", "From")).required().value(fields::day(desk.call.today())),
        date("until", desk.say("Đến hết ngày", "Through"))
            .help(desk.say("Để trống nếu không thời hạn.", "Empty where it has no end.")),
        reason(desk.say("Lý do, căn cứ", "Reason and basis")),
    ])
}

/// What comes back from it.
pub fn create(desk: &mut Desk<'_>, inputs: &Inputs<'_>) -> Given<Outcome> {
    let to = match desk.parsed::<PositionId>("position")? {
        Some(position) => Grantee::Position(position),
        None => Grantee::Account(inputs.account("person").ok_or_else(|| desk.missing())?),
    };
    let new = NewGrant {
        to,
        role: inputs.parsed("role")?,
        unit: inputs.unit("unit").ok_or_else(|| desk.missing())?,
        own: inputs.is_ticked("own"),
        label: inputs.parsed("label")?,
        term: words::term(inputs.day("from"), inputs.day("until"), desk.call.now())?,
        reason: inputs.text("reason").to_owned(),
    };
    let made = give(desk.call, new)?;
    desk.done_or_asked(grantee(desk, to).1, made.request, "Đã cấp quyền", "The right was given")
}
