//! A decision: what it says, who did what to it, and the signature.

use dinh_sdk::prelude::*;
use dinh_sdk::{access, accounts, records, time};

use super::{actor, decide, may, not_own, sheet_of, target};
use crate::deeds::{apply, fits};
use crate::model::common::Grades;
use crate::model::decision::{state, state_name};
use crate::model::{Decision, OfficerNotice, Person};
use crate::permission;
use crate::sheet::show;
use crate::told::Told;
use crate::units;

/// Draws the decision.
pub(crate) fn draw(request: &Request) -> Result<Page> {
    let decision = Decision::get(request.parameter("id")?)?;
    let person = Person::get(decision.person)?;
    let kind = decision.kind()?;
    let grades = Grades::load()?;
    let say = |vi, en| request.say(vi, en);
    let issuer = decision.issuer.map(units::code).unwrap_or_default();
    let (name, tone) = state_name(&decision.state, request.language());
    let mut head = vec![
        Fact::new(say("Trạng thái", "State"), name).format(Format::Badge).tone(tone).width(3),
        Fact::new(say("Số", "Number"), decision.sign(&issuer)).width(3),
        Fact::new(say("Ngày ký", "Signed on"), decision.signed_on).width(3),
        Fact::new(say("Cơ quan ban hành", "Issuer"), decision.issuer).width(3),
        Fact::new(say("Cán bộ", "Officer"), person.full_name.clone()).to(sheet_of(person.id)).width(3),
        Fact::new(say("Chức vụ người ký", "Signer's title"), decision.signer_title.clone()).width(3),
    ];
    if decision.is_signed() {
        head.push(Fact::new(say("Bản đã ký", "As signed"), decision.scan).width(6));
    }
    if let Some(reason) = &decision.returned_reason {
        head.push(
            Fact::new(say("Lý do trả lại", "Reason of return"), reason.clone()).tone(Tone::Warning).width(6),
        );
    }
    let mut page = Page::new(decision.title.clone())
        .subtitle(super::person::subtitle(request, &person))
        .breadcrumb(say("Quyết định", "Decisions"), "/decisions")
        .block(Facts::new(head))
        .block(
            show::facts(request, &decision.record, &decide::fields(request, kind, &grades))
                .title(say("Nội dung quyết định", "What it says")),
        )
        .block(history(request, &decision));
    if decision.is_open() && may(permission::DRAFT, &person) {
        let form = decide::form(request, "change", kind, &decision, &grades).showing(&decision);
        page = page.section(Section::new("edit", say("Sửa dự thảo", "Edit the draft")).block(form));
    }
    if decision.state == state::SUBMITTED && may(permission::SIGN, &person) {
        page = page.section(
            Section::new("signature", say("Ký ban hành", "Signature")).block(signature(request, &decision)?),
        );
    }
    if decision.state == state::PENDING && may(permission::SIGN, &person) {
        page = page.section(
            Section::new("effect", say("Hiệu lực", "Effect")).block(put_into_effect(request, &decision)),
        );
    }
    if decision.is_signed() && may(permission_to_attach(&decision), &person) {
        let form = Form::new("scan", say("Đính kèm", "Attach"))
            .showing(&decision)
            .field(Field::of(Decision::SCAN, say("Bản quyết định đã ký", "Signed decision")).required());
        let section = Section::new("signed", say("Bản quyết định đã ký", "Signed decision")).block(form);
        page = page.section(if decision.scan.is_some() { section.collapsed() } else { section });
    }
    Ok(page)
}

/// Whoever drafts attaches what was signed; what is there is replaced by whoever signs.
fn permission_to_attach(decision: &Decision) -> &'static str {
    if decision.scan.is_some() { permission::SIGN } else { permission::DRAFT }
}

/// Attaches the decision as it was signed.
pub(crate) fn scan(request: &Request, submission: &Submission) -> Result<Outcome> {
    let mut decision = Decision::get(request.parameter("id")?)?;
    let person = Person::get(decision.person)?;
    access::require(permission_to_attach(&decision), target(person.unit, None))?;
    not_own(request, &person)?;
    if !decision.is_signed() {
        return Err(Error::form(request.say("Quyết định này chưa được ký.", "It is not signed yet.")));
    }
    decision.scan = submission.field(Decision::SCAN)?;
    decision.save()?;
    Ok(Outcome::done(request.path()).saying(request.say("Đã đính kèm", "Attached")))
}

fn history(request: &Request, decision: &Decision) -> Vec<Event> {
    let say = |vi, en| request.say(vi, en);
    let mut events = vec![Event::new(decision.drafted_at, say("Dự thảo", "Drafted")).by(decision.drafted_by)];
    if let Some(at) = decision.submitted_at {
        events.push(Event::new(at, say("Trình ký", "Submitted")).tone(Tone::Info));
    }
    if let (Some(on), Some(by)) = (decision.signed_on, decision.signed_by) {
        events.push(Event::new(on, say("Ký ban hành", "Signed")).by(by).tone(Tone::Good));
    }
    events
}

fn signature(request: &Request, decision: &Stored<Decision>) -> Result<Form> {
    let say = |vi, en| request.say(vi, en);
    let signer = accounts::person();
    let title = signer.and_then(|person| person.positions.into_iter().next());
    let own = decision.drafted_by == actor(request)?;
    let help = if own {
        say(
            "Anh/chị đã dự thảo quyết định này nên không ký được: người dự thảo và người ký là hai người.",
            "You drafted this decision: somebody else has to sign it.",
        )
    } else {
        say(
            "Khi ký, số được cấp và quyết định được ghi vào hồ sơ; quyết định có hiệu lực sau hôm nay được ghi khi đến ngày.",
            "Signing draws the number and writes the decision into the record; one in effect later is written when its day has come.",
        )
    };
    Ok(Form::new("sign", say("Ký ban hành", "Sign"))
        .help(help)
        .field(
            Field::of(Decision::SIGNER_TITLE, say("Chức vụ người ký", "Your title"))
                .at_most(120)
                .value(title)
                .width(6),
        )
        .field(
            Field::text("reason", say("Lý do (khi trả lại)", "Reason, to return it")).at_most(500).width(6),
        )
        .button("return", say("Trả lại", "Return"))
        .showing(decision))
}

fn put_into_effect(request: &Request, decision: &Decision) -> Action {
    let action = Action::submit(request.say("Ghi vào hồ sơ", "Write into the record"), "effect").primary();
    if decision.effective_on > time::today() {
        action.disabled(request.say("Chưa đến ngày hiệu lực.", "Its day is yet to come."))
    } else {
        action
    }
}

/// Signs, or returns.
pub(crate) fn sign(request: &Request, submission: &Submission) -> Result<Outcome> {
    let mut decision = Decision::get(request.parameter("id")?)?;
    let say = |vi, en| request.say(vi, en);
    if decision.state != state::SUBMITTED {
        return Err(Error::form(say(
            "Quyết định này không chờ ký.",
            "This decision does not wait for a signature.",
        )));
    }
    let person = Person::get(decision.person)?;
    access::require(permission::SIGN, target(person.unit, None))?;
    if submission.button() == "return" {
        let reason: Option<String> = submission.get("reason")?;
        let reason = reason
            .ok_or_else(|| Error::field("reason", say("Hãy ghi lý do trả lại.", "Give the reason.")))?;
        decision.returned_reason = Some(reason);
        decision.state = state::RETURNED.to_owned();
        decision.save()?;
        return Ok(Outcome::done("/decisions").saying(say("Đã trả lại người dự thảo", "Returned")));
    }
    let signer = accounts::person().or_failed("a signature of nobody")?;
    let by = AccountId(signer.account);
    if decision.drafted_by == by {
        return Err(Error::form(say(
            "Người dự thảo không đồng thời là người ký; hãy để người có thẩm quyền khác ký.",
            "Whoever drafted it does not sign it as well; somebody else has to.",
        )));
    }
    if person.account == Some(by) {
        return Err(Error::form(say(
            "Không tự ký quyết định về chính mình.",
            "Nobody signs a decision on themselves.",
        )));
    }
    let kind = decision.kind()?;
    let told = Told::of(person.id)?;
    fits::check(request, &decision, kind, (&person, &told), &Grades::load()?, false)?;
    let today = time::today();
    let issuer = UnitId(signer.unit);
    let period = format!("{}-{}", signer.unit, today.year());
    decision.issuer = Some(issuer);
    decision.year = Some(i64::from(today.year()));
    decision.number = Some(records::draw("decision-number", &period)?);
    decision.signed_on = Some(today);
    decision.signed_by = Some(by);
    decision.signer_title = submission.get("signer-title")?;
    decision.returned_reason = None;
    let now = decision.effective_on <= today;
    decision.state = if now { state::SIGNED } else { state::PENDING }.to_owned();
    let signed = decision.clone();
    decision.save()?;
    OfficerNotice::of_decision(&signed, kind)?;
    if now {
        apply::apply(&signed, person)?;
    }
    Ok(Outcome::done(request.path()).saying(if now {
        say("Đã ký và ghi vào hồ sơ", "Signed and written into the record")
    } else {
        say("Đã ký; chờ đến ngày hiệu lực", "Signed; waits for its day")
    }))
}

/// Writes a decision that was signed ahead into the record, once its day has come.
pub(crate) fn effect(request: &Request, _: &Submission) -> Result<Outcome> {
    let mut decision = Decision::get(request.parameter("id")?)?;
    let say = |vi, en| request.say(vi, en);
    if decision.state != state::PENDING || decision.effective_on > time::today() {
        return Err(Error::form(say(
            "Quyết định chưa đến ngày hiệu lực hoặc đã được ghi.",
            "Not in effect yet, or written already.",
        )));
    }
    let person = Person::get(decision.person)?;
    access::require(permission::SIGN, target(person.unit, None))?;
    let told = Told::of(person.id)?;
    fits::check(request, &decision, decision.kind()?, (&person, &told), &Grades::load()?, false)?;
    decision.state = state::SIGNED.to_owned();
    let signed = decision.clone();
    decision.save()?;
    apply::apply(&signed, person)?;
    Ok(Outcome::done(request.path()).saying(say("Đã ghi vào hồ sơ", "Written into the record")))
}
