//! Sessions (phiên làm việc): where people are signed in, all of whom the reader manages or one of them, and ending them.

use dinh_model::AccountId;
use dinh_runtime::bindings::pages::Outcome;
use dinh_runtime::bindings::types::Value;
use dinh_runtime::bindings::views::{Block, Field, FieldKind, Page, Section};
use dinh_services::accounts::{
    OpenSession, OpenSessions, SessionCursor, SessionKind, end_session, end_sessions,
};

use super::blocks::{danger, deed, folded, note, page as blank, untitled};
use super::desk::{Desk, Given, Inputs};
use super::fields::{self, filters};
use super::table::Rows;

/// Sessions as a table in which they are selected to be ended, of one person or of several.
fn table<'r>(desk: &Desk<'_>, found: &'r OpenSessions, one_person: bool) -> Rows<'r, OpenSession> {
    let [browser, program] = [desk.say("Trình duyệt", "Browser"), desk.say("Chương trình", "Program")];
    let next = found.next.map(|next| next.to_string());
    let mut rows =
        Rows::new("sessions", &found.sessions, desk.say("Không có phiên nào.", "Nowhere signed in."));
    if !one_person {
        rows = rows.account("person", desk.say("Của", "Whose"), |one| one.account);
    }
    rows.text("kind", desk.say("Phiên", "Session"), |one| {
        if one.kind == SessionKind::Page { browser.clone() } else { program.clone() }
    })
    .moment("opened", desk.say("Bắt đầu", "Opened"), |one| one.opened)
    .moment("seen", desk.say("Hoạt động gần nhất", "Last request"), |one| one.seen)
    .moment("expires", desk.say("Hết hạn", "Ends"), |one| one.expires)
    .code("address", desk.say("Địa chỉ", "Address"), |one| one.address.to_string())
    .bulk(
        |one| if one_person { one.id.to_string() } else { one.cursor().to_string() },
        vec![danger(desk.say("Kết thúc phiên", "End"), "end-sessions")],
    )
    .paged(desk.started(), next)
}

/// The sessions of a person, on their page.
pub fn of_person(desk: &mut Desk<'_>, id: AccountId) -> Given<Section> {
    let found = desk.sessions_of(Some(id))?;
    let mut blocks = vec![table(desk, &found, true).within().block()];
    if !found.sessions.is_empty() {
        blocks.push(Block::Actions(vec![deed(
            desk.say("Kết thúc mọi phiên", "End all sessions"),
            "end-all-sessions",
            desk.say("Kết thúc mọi phiên làm việc của người này?", "End all sessions of this person?"),
        )]));
    }
    Ok(folded("sessions-of", desk.say("Phiên làm việc", "Sessions"), blocks))
}

/// What comes back from it; none when it is no form of sessions.
pub fn end_of_person(desk: &mut Desk<'_>, inputs: &Inputs<'_>, id: AccountId) -> Given<Option<Outcome>> {
    let here = format!("/people/{id}");
    match inputs.0.form.as_str() {
        "end-sessions" => {
            for one in &inputs.0.selected {
                end_session(desk.call, id, one.parse().map_err(|_| desk.missing())?)?;
            }
            desk.done(here, "Đã kết thúc phiên", "The sessions ended").map(Some)
        }
        "end-all-sessions" => {
            end_sessions(desk.call, id, None)?;
            desk.done(here, "Đã kết thúc mọi phiên", "All sessions ended").map(Some)
        }
        _ => Ok(None),
    }
}

/// `/sessions`
pub fn page(desk: &mut Desk<'_>) -> Given<Page> {
    let person = desk.person("person")?;
    let found = desk.sessions_of(person)?;
    let mut blocks =
        vec![filters(desk.say("Tìm", "Find"), vec![whose(desk, person)]), table(desk, &found, false).block()];
    if found.sessions.is_empty() && found.next.is_some() {
        blocks.push(note(desk.say(
            "Chưa thấy phiên nào của đơn vị bạn trong phần vừa xem; hãy xem tiếp.",
            "None of your units in the part looked at; go on.",
        )));
    }
    let mut page = blank(desk.say("Phiên làm việc", "Sessions"));
    page.subtitle = Some(desk.say(
        "Nơi người dùng thuộc đơn vị bạn quản lý đang đăng nhập.",
        "Where the people whom you manage are signed in.",
    ));
    page.breadcrumbs = desk.way(vec![]);
    page.sections = vec![untitled("list", blocks)];
    Ok(page)
}

fn whose(desk: &Desk<'_>, person: Option<AccountId>) -> Field {
    let field = fields::field("person", desk.say("Người dùng", "Person"), FieldKind::Account);
    Field { value: person.map_or(Value::Empty, |id| Value::Account(id.0)), ..field }
}

/// What comes back from it.
pub fn submit(desk: &mut Desk<'_>, inputs: &Inputs<'_>) -> Given<Outcome> {
    if inputs.0.form != "end-sessions" {
        return Err(desk.missing());
    }
    for one in &inputs.0.selected {
        let one: SessionCursor = one.parse().map_err(|()| desk.missing())?;
        end_session(desk.call, one.account, one.session)?;
    }
    desk.done("/sessions", "Đã kết thúc phiên", "The sessions ended")
}
