//! One position (chức vụ): who holds it and when, what rights come with it.

use dinh_access::Grantee;
use dinh_model::{AccountId, PositionId};
use dinh_runtime::bindings::pages::Outcome;
use dinh_runtime::bindings::views::{Block, FieldKind, Page, Prominence};
use dinh_services::accounts::{GrantFilter, find_grants, get_position, hold, holders, release};
use dinh_services::permissions::{ACCOUNT_MANAGE, GRANT_MANAGE};

use super::blocks::{deed, link, open_first, page as blank, section};
use super::desk::{Desk, Given, Inputs};
use super::fields::{self, Described, date, form};
use super::table::{ON_A_PAGE, Rows};
use super::{grants, words};

/// `/positions/ID`
pub fn page(desk: &mut Desk<'_>, id: PositionId) -> Given<Page> {
    let position = get_position(desk.call, id).map_err(|_| desk.missing())?;
    desk.require_one(&[&GRANT_MANAGE, &ACCOUNT_MANAGE], position.unit)?;
    let manages = desk.may(&GRANT_MANAGE, position.unit);
    let unit = desk.unit_name(position.unit);
    let mut page = blank(position.title.get(desk.language()).to_owned());
    page.subtitle = Some(unit.clone());
    page.breadcrumbs = desk.way(vec![
        link(desk.say("Đơn vị", "Units"), "/units"),
        link(unit, format!("/units/{}", position.unit)),
    ]);
    let held = holders(desk.call, id)?;
    let mut rows = Rows::new("holders", &held, desk.say("Chưa có ai giữ chức vụ này.", "Nobody holds it."))
        .text("name", desk.say("Họ và tên", "Name"), |held| desk.person_name(held.account))
        .target(|held| Some(format!("/people/{}", held.account)))
        .day("from", desk.say("Từ ngày", "From"), |held| words::first_day(&held.term))
        .day("until", desk.say("Đến hết ngày", "Through"), |held| words::last_day(&held.term));
    if manages {
        let mut end = deed(
            desk.say("Thôi giữ chức vụ", "Release"),
            "release",
            desk.say(
                "Những người này thôi giữ chức vụ và mất ngay các quyền theo chức vụ?",
                "These people no longer hold the position, and lose the rights it brings at once?",
            ),
        );
        end.prominence = Prominence::Danger;
        rows = rows.bulk(|held| held.account.to_string(), vec![end]);
    }
    let mut blocks = vec![rows.within().block()];
    if manages {
        let mut hold = form(
            "hold",
            desk.say("Gửi đề nghị giao chức vụ", "Ask for it"),
            vec![
                fields::field("person", desk.say("Người giữ chức vụ", "Person"), FieldKind::Account)
                    .required(),
                date("from", desk.say("Từ ngày", "From")).required().value(fields::day(desk.call.today())),
                date("until", desk.say("Đến hết ngày", "Through"))
                    .help(desk.say("Để trống nếu không thời hạn.", "Empty where it has no end.")),
                fields::reason(desk.say("Lý do, căn cứ", "Reason and basis")),
            ],
        );
        hold.title = Some(desk.say("Giao chức vụ", "Appoint somebody"));
        blocks.push(Block::Form(hold));
    }
    page.sections.push(section("held", desk.say("Người giữ chức vụ", "Holders"), blocks));
    if manages {
        let give = desk.say("Cấp quyền cho chức vụ", "Give it a right");
        page.actions.push(open_first(give, format!("/grants/new?position={id}")));
        let to = Some(vec![Grantee::Position(id)]);
        let filter = GrantFilter { to, in_force: Some(true), ..GrantFilter::default() };
        let found = find_grants(desk.call, &filter, None, ON_A_PAGE)?;
        let named = grants::named(desk, &found.grants)?;
        let title = desk.say("Quyền theo chức vụ", "Rights that come with it");
        page.sections.push(section(
            "rights",
            title,
            vec![grants::table(desk, "grants", &named).within().block()],
        ));
    }
    Ok(page)
}

/// What comes back from it.
pub fn submit(desk: &mut Desk<'_>, inputs: &Inputs<'_>, id: PositionId) -> Given<Outcome> {
    let here = format!("/positions/{id}");
    match inputs.0.form.as_str() {
        "hold" => {
            let person = inputs.account("person").ok_or_else(|| desk.missing())?;
            let term = words::term(inputs.day("from"), inputs.day("until"), desk.call.now())?;
            let request = hold(desk.call, person, id, term, inputs.text("reason"))?;
            desk.done_or_asked(here, request, "Đã giao chức vụ", "The position was given")
        }
        "release" => {
            for account in &inputs.0.selected {
                let account: AccountId = account.parse().map_err(|_| desk.missing())?;
                release(desk.call, account, id)?;
            }
            desk.done(here, "Đã thôi giữ chức vụ", "The position was released")
        }
        _ => Err(desk.missing()),
    }
}
