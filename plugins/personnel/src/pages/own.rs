//! One's own record, and what one asks to have corrected.

use dinh_sdk::prelude::*;
use dinh_sdk::time;

use super::{actor, person};
use crate::model::correction::state;
use crate::model::{Correction, Person};
use crate::sheet::{fields, show};

/// Draws the record of whoever is signed in.
pub(crate) fn draw(request: &Request) -> Result<Page> {
    let title = request.say("Hồ sơ của tôi", "My record");
    let Some(own) = find(request)? else {
        let text = request.say(
            "Chưa có hồ sơ nào gắn với tài khoản của anh/chị. Hãy liên hệ cán bộ tổ chức của đơn vị.",
            "No record is tied to your account. Ask your unit's personnel clerk.",
        );
        return Ok(Page::new(title).block(Notice::info(request.say("Chưa có hồ sơ", "No record")).text(text)));
    };
    let sheet = person::Sheet::load(own, time::today())?;
    let own = &sheet.person;
    let corrections = Correction::all()
        .filter(Correction::PERSON.is(own.id))
        .order_by(Correction::REQUESTED_AT.descending())
        .page(None, 20)?
        .rows;
    let mut page =
        Page::new(title).subtitle(format!("{} · {}", own.full_name, person::subtitle(request, own)));
    page = person::body(request, page, &sheet)?;
    let section = Section::new("ask", request.say("Đề nghị đính chính", "Ask for a correction"))
        .block(form(request))
        .block(super::corrections::table(request, &corrections, false));
    Ok(page.section(section))
}

/// The record of whoever is signed in.
fn find(request: &Request) -> Result<Option<Stored<Person>>> {
    Person::all().filter(Person::ACCOUNT.is(Some(actor(request)?))).first()
}

fn form(request: &Request) -> Form {
    let say = |vi, en| request.say(vi, en);
    let choices = fields::by_clerk(request).into_iter().map(|field| Choice::new(field.name, field.label));
    let mut field = Field::choice("field", say("Mục cần đính chính", "Field"), choices.collect());
    field.kind = match field.kind {
        FieldKind::Choice(choices) => FieldKind::Choice(Choices { style: ChoiceStyle::Select, ..choices }),
        other => other,
    };
    Form::new("correct", say("Gửi đề nghị", "Send"))
        .help(say(
            "Cán bộ tổ chức của đơn vị kiểm tra với giấy tờ, thủ trưởng duyệt; khi đó hồ sơ mới thay đổi.",
            "Your unit's clerk checks it against papers and the head approves; only then the record changes.",
        ))
        .field(field.required().width(4))
        .field(
            Field::text("after", say("Ghi đúng là", "Should be"))
                .at_most(200)
                .help(say("Ngày ghi dạng 08/03/1985.", "Days as 08/03/1985."))
                .required()
                .width(8),
        )
        .field(
            Field::long_text("reason", say("Lý do, giấy tờ chứng minh", "Reason and proof"))
                .at_most(1000)
                .required(),
        )
        .field(
            Field::of(Correction::PROOF, say("Giấy tờ chứng minh (tệp)", "Proof (file)"))
                .help(say("Bản chụp hoặc bản quét.", "A photo or a scan.")),
        )
}

/// Sends a request.
pub(crate) fn ask(request: &Request, submission: &Submission) -> Result<Outcome> {
    let own = find(request)?.or_not_found(request.say("hồ sơ của anh/chị", "your record"))?;
    let name: String = submission.get("field")?;
    let field = fields::by_clerk(request).into_iter().find(|field| field.name == name);
    let field = field.or_failed("a choice that is none")?;
    let value = show::read(request, &field, &submission.get::<String>("after")?)
        .map_err(|message| Error::field("after", message))?;
    let before = own.record.value(&name);
    if before == value {
        return Err(Error::field(
            "after",
            request.say("Hồ sơ đã ghi như vậy.", "The record says so already."),
        ));
    }
    let said = |value: Value| show::text(&show::shown(request, &field, value));
    let correction = Correction {
        person: own.id,
        unit: own.unit,
        account: own.account,
        state: state::REQUESTED.to_owned(),
        subject: format!("{}: {}", own.full_name, field.label),
        before: said(before),
        after: said(value).or_failed("a value without a text")?,
        field: name,
        reason: submission.get("reason")?,
        proof: submission.field(Correction::PROOF)?,
        requested_at: time::now(),
        checked_by: None,
        checked_at: None,
        check_note: None,
        decided_by: None,
        decided_at: None,
        decision_note: None,
    };
    correction.insert()?;
    Ok(Outcome::done("/own").saying(request.say("Đã gửi đề nghị đính chính", "Request sent")))
}
