//! A new grant (cấp quyền): whom to, what, where, how long, why.

use dinh_access::Grantee;
use dinh_model::{AccountId, Label, PositionId, UnitId};
use dinh_runtime::bindings::pages::Outcome;
use dinh_runtime::bindings::types::Value;
use dinh_runtime::bindings::views::{Block, Field, FieldKind, Page};
use dinh_services::accounts::{NewGrant, get_position, give};
use dinh_services::permissions::GRANT_MANAGE;

use super::blocks::{link, page as blank, text, to, untitled};
use super::desk::{Desk, Given, Inputs};
use super::fields::{self, Described, choice, date, form, reason, select};
use super::grants::{grantee, role_titles};
use super::words;

/// `/grants/new`
pub fn page(desk: &mut Desk<'_>) -> Given<Page> {
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
    let mut give = form("give", desk.say("Gửi đề nghị cấp quyền", "Ask for it"), asked);
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
