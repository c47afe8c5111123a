//! Requests for correction: the officer asks, the unit's clerk checks, the head approves.

use dinh_sdk::prelude::*;
use dinh_sdk::{access, time};

use super::{actor, sheet_of, target};
use crate::codes;
use crate::model::correction::state;
use crate::model::{Correction, OfficerNotice, Person};
use crate::permission;
use crate::sheet::{check, fields, show, values};
use crate::told::Told;

/// Requests on one page.
const PAGE: u32 = 50;

fn state_name(state: &str, language: Language) -> (&'static str, Tone) {
    match state {
        state::REQUESTED => (language.of("Chờ kiểm tra", "To be checked"), Tone::Info),
        state::CHECKED => (language.of("Chờ duyệt", "To be approved"), Tone::Info),
        state::APPROVED => (language.of("Đã đính chính", "Corrected"), Tone::Good),
        state::REFUSED => (language.of("Không chấp nhận", "Refused"), Tone::Bad),
        _ => (language.of("Không rõ", "Unknown"), Tone::Neutral),
    }
}

/// Draws the list.
pub(crate) fn draw(request: &Request) -> Result<Page> {
    let corrections =
        Correction::all().order_by(Correction::REQUESTED_AT.descending()).page(request.after(), PAGE)?;
    let table = table(request, &corrections.rows, true).paged(request, corrections.next);
    Ok(Page::new(request.say("Đề nghị đính chính", "Requests for correction"))
        .subtitle(request.say(
            "Cán bộ đề nghị, cán bộ tổ chức kiểm tra, thủ trưởng duyệt",
            "The officer asks, the clerk checks, the head approves",
        ))
        .block(table))
}

/// Requests as a table; with links for those who deal with them.
pub(crate) fn table(request: &Request, corrections: &[Stored<Correction>], links: bool) -> Table {
    let say = |vi, en| request.say(vi, en);
    let table = Table::of("corrections", corrections)
        .column(Head::new("subject", say("Trích yếu", "Subject")).wide(), |row| row.subject.as_str())
        .column(Head::new("before", say("Đang ghi", "As it is")), |row| row.before.as_deref())
        .column(Head::new("after", say("Đề nghị ghi", "As it should be")), |row| row.after.as_str())
        .column(Head::new("requested-at", say("Gửi lúc", "Asked at")).format(Format::Instant), |row| {
            row.requested_at
        })
        .column(Head::new("state", say("Trạng thái", "State")).format(Format::Badge), |row| {
            let (name, tone) = state_name(&row.state, request.language());
            Cell::new(name).tone(tone)
        })
        .column(Head::new("note", say("Ý kiến", "Finding")), |row| {
            row.decision_note.clone().or_else(|| row.check_note.clone())
        });
    let table = if links {
        table.row_target(|row| Some(Address::new("/corrections").segment(row.id)))
    } else {
        table
    };
    table.build().empty(say("Chưa có đề nghị nào.", "No requests yet."))
}

/// Draws one request.
pub(crate) fn show(request: &Request) -> Result<Page> {
    let correction = Correction::get(request.parameter("id")?)?;
    let say = |vi, en| request.say(vi, en);
    let (name, tone) = state_name(&correction.state, request.language());
    let facts = Facts::new(vec![
        Fact::new(say("Trạng thái", "State"), name).format(Format::Badge).tone(tone).width(4),
        Fact::new(say("Đơn vị", "Unit"), correction.unit).width(8),
        Fact::new(say("Đang ghi", "As it is"), correction.before.clone()).width(6),
        Fact::new(say("Đề nghị ghi", "As it should be"), correction.after.clone()).tone(Tone::Info).width(6),
        Fact::new(say("Lý do, giấy tờ chứng minh", "Reason and proof"), correction.reason.clone()).width(12),
        Fact::new(say("Giấy tờ chứng minh (tệp)", "Proof (file)"), correction.proof).width(12),
    ]);
    let mut events =
        vec![event(say("Gửi đề nghị", "Asked"), Some(correction.requested_at), correction.account, None)];
    events.push(event(
        say("Kiểm tra", "Checked"),
        correction.checked_at,
        correction.checked_by,
        correction.check_note.clone(),
    ));
    events.push(event(
        say("Duyệt", "Decided"),
        correction.decided_at,
        correction.decided_by,
        correction.decision_note.clone(),
    ));
    let events: Vec<Event> = events.into_iter().flatten().collect();
    let page = Page::new(correction.subject.clone())
        .breadcrumb(say("Đề nghị đính chính", "Requests for correction"), "/corrections")
        .action(Action::open(say("Xem hồ sơ", "See the record"), sheet_of(correction.person)))
        .block(facts)
        .block(events);
    Ok(match step(&correction) {
        Some(permission) if access::may(permission, correction.unit) => page.section(
            Section::new("handling", say("Xử lý", "Deal with it")).block(form(request, &correction)),
        ),
        _ => page,
    })
}

fn event(title: &str, at: Option<Timestamp>, by: Option<AccountId>, note: Option<String>) -> Option<Event> {
    let mut event = Event::new(at?, title);
    if let Some(by) = by {
        event = event.by(by);
    }
    Some(match note {
        Some(note) => event.text(note),
        None => event,
    })
}

/// What the next step needs; none when there is no next step.
fn step(correction: &Correction) -> Option<&'static str> {
    match correction.state.as_str() {
        state::REQUESTED => Some(permission::CHECK),
        state::CHECKED => Some(permission::APPROVE),
        _ => None,
    }
}

fn form(request: &Request, correction: &Stored<Correction>) -> Form {
    let say = |vi, en| request.say(vi, en);
    let yes = if correction.state == state::REQUESTED {
        say("Đúng, trình duyệt", "Right, to be approved")
    } else {
        say("Duyệt và sửa hồ sơ", "Approve and correct")
    };
    Form::new("deal", yes)
        .button("refuse", say("Không chấp nhận", "Refuse"))
        .field(Field::long_text("note", say("Ý kiến, căn cứ", "Finding and proof")).at_most(1000).required())
        .showing(correction)
}

/// Takes the next step.
pub(crate) fn deal(request: &Request, submission: &Submission) -> Result<Outcome> {
    let mut correction = Correction::get(request.parameter("id")?)?;
    let say = |vi, en| request.say(vi, en);
    let Some(needed) = step(&correction) else {
        return Err(Error::form(say("Đề nghị này đã được giải quyết.", "This request has been dealt with.")));
    };
    access::require(needed, target(correction.unit, None))?;
    let actor = actor(request)?;
    if correction.account == Some(actor) {
        return Err(Error::form(say(
            "Không tự giải quyết đề nghị của chính mình.",
            "Nobody deals with their own request.",
        )));
    }
    let note: String = submission.get("note")?;
    let refused = submission.button() == "refuse";
    let said = if correction.state == state::REQUESTED {
        correction.checked_by = Some(actor);
        correction.checked_at = Some(time::now());
        correction.check_note = Some(note);
        correction.state = if refused { state::REFUSED } else { state::CHECKED }.to_owned();
        if refused {
            say("Đã trả lời không chấp nhận", "Refused")
        } else {
            say("Đã trình duyệt", "Sent to be approved")
        }
    } else {
        if correction.checked_by == Some(actor) {
            return Err(Error::form(say(
                "Người đã kiểm tra không đồng thời là người duyệt.",
                "Whoever checked it does not approve it as well.",
            )));
        }
        correction.decided_by = Some(actor);
        correction.decided_at = Some(time::now());
        correction.decision_note = Some(note);
        correction.state = if refused { state::REFUSED } else { state::APPROVED }.to_owned();
        if !refused {
            write(request, &correction)?;
        }
        if refused {
            say("Đã trả lời không chấp nhận", "Refused")
        } else {
            say("Đã đính chính hồ sơ", "Record corrected")
        }
    };
    OfficerNotice::of_correction(&correction)?;
    correction.save()?;
    Ok(Outcome::done("/corrections").saying(said))
}

/// Writes the correction into the record.
fn write(request: &Request, correction: &Correction) -> Result<()> {
    let field = fields::by_clerk(request).into_iter().find(|field| field.name == correction.field);
    let field = field.or_failed("a field that is no longer on the sheet")?;
    let value = show::read(request, &field, &correction.after).map_err(Error::form)?;
    let mut person = Person::get(correction.person)?;
    let told = Told::of(person.id)?;
    if told.fields().iter().any(|told| *told == correction.field) {
        return Err(Error::form(request.say(
            "Mục này nay theo quá trình đào tạo; hãy sửa dòng đào tạo của hồ sơ.",
            "Trainings tell of this by now: mend the training on the record.",
        )));
    }
    let today = time::today();
    let changed =
        values::with(person.record.clone(), |name| Ok((name == correction.field).then(|| value.clone())))?;
    person.record = changed.settle(&told, &codes::ladders(today)?, today);
    let wrong = check::person(request, &person.record, today);
    if let Some(wrong) = wrong.into_iter().find(|wrong| wrong.field == correction.field) {
        return Err(Error::form(format!("{} {}", wrong.message, wrong.remedy)));
    }
    person.save()
}
