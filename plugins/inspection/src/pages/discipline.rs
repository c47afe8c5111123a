//! Disciplinary decisions: in effect, ended, or undone.

use dinh_sdk::prelude::*;
use dinh_sdk::time;

use super::{in_the_name, may, subject_name};
use crate::model::Catalog;
use crate::model::Measure;
use crate::model::catalog::list;
use crate::model::outcome::standing;
use crate::model::shared::{self, MemberName};
use crate::permission;
use crate::rules::kind::Kind;

/// Draws the list.
pub(crate) fn draw(request: &Request) -> Result<Page> {
    let say = |vi, en| request.say(vi, en);
    let found = Measure::all().page(request.after(), 50)?;
    let page = Page::new(say("Quyết định kỷ luật", "Disciplinary decisions"));
    Ok(in_the_name(page, permission::DISCIPLINE)
        .label(Label::Confidential)
        .block(table(request, "measures", &found.rows).paged(request, found.next)))
}

/// How a decision stands on a day.
fn state(request: &Request, measure: &Measure) -> (&'static str, Tone) {
    let language = request.language();
    if measure.state == standing::REVOKED {
        return (language.of("Không còn giá trị", "Undone"), Tone::Neutral);
    }
    match measure.effective_until {
        Some(until) if until < time::today() => (language.of("Hết hiệu lực", "Ended"), Tone::Good),
        _ => (language.of("Đang có hiệu lực", "In effect"), Tone::Warning),
    }
}

/// A table of decisions.
pub(crate) fn table(request: &Request, id: &str, rows: &[Stored<Measure>]) -> Table {
    let say = |vi, en| request.say(vi, en);
    Table::of(id, rows)
        .column(Head::new("number", say("Số quyết định", "Number")), |row| row.number.as_str())
        .column(Head::new("member", say("Đảng viên", "Member")).showing(MemberName::FULL_NAME), |row| {
            row.member
        })
        .column(Head::new("organisation", say("Tổ chức đảng", "Organisation")), |row| row.organisation)
        .column(Head::new("form", say("Hình thức", "Form")), |row| row.form_title.as_str())
        .column(
            Head::new("decided-on", say("Ngày quyết định", "Decided on")).format(Format::Date),
            |row| row.decided_on,
        )
        .column(Head::new("until", say("Hết hiệu lực", "End of effect")).format(Format::Date), |row| {
            row.effective_until
        })
        .column(Head::new("state", say("Tình trạng", "State")).format(Format::Badge), |row| {
            let (name, tone) = state(request, row);
            Cell::new(name).tone(tone)
        })
        .row_target(|row| Some(Address::new("/discipline").segment(row.id)))
        .build()
        .empty(say("Chưa có quyết định nào.", "No decisions yet."))
}

/// Draws one.
pub(crate) fn show(request: &Request) -> Result<Page> {
    let say = |vi, en| request.say(vi, en);
    let measure = Measure::get(request.parameter("id")?)?;
    let catalog = Catalog::on(measure.decided_on)?;
    let (name, tone) = state(request, &measure);
    let mut facts =
        vec![Fact::new(say("Tình trạng", "State"), name).format(Format::Badge).tone(tone).width(3)];
    if let Some(member) = measure.member {
        let name = shared::name_of(member)?;
        let name = name.unwrap_or_else(|| say("(ngoài phạm vi được chia sẻ)", "(not shared)").to_owned());
        facts.push(Fact::new(subject_name(request, &measure.subject), name).width(6));
    }
    facts.extend([
        Fact::new(say("Tổ chức đảng", "Organisation"), measure.organisation).width(6),
        Fact::new(say("Hình thức", "Form"), measure.form_title.clone()).width(3),
        Fact::new(say("Cấp quyết định", "Decided at"), catalog.title(list::LEVEL, &measure.level)).width(3),
        Fact::new(say("Ngày quyết định", "Decided on"), measure.decided_on).width(3),
        Fact::new(say("Hết hiệu lực", "End of effect"), measure.effective_until).width(3),
        Fact::new(say("Ngày có hành vi vi phạm", "Day of the violation"), measure.violated_on).width(3),
    ]);
    if let Some(note) = &measure.note {
        facts.push(
            Fact::new(say("Lý do không còn giá trị", "Why it no longer stands"), note.clone()).width(12),
        );
    }
    let title = format!("{} {}", say("Quyết định số", "Decision"), measure.number);
    let mut page = Page::new(title)
        .letterhead(measure.unit)
        .breadcrumb(say("Kỷ luật", "Discipline"), "/discipline")
        .label(Label::Confidential)
        .action(Action::open(say("Xem hồ sơ", "The dossier"), crate::deeds::shown_at(measure.dossier)))
        .block(Facts::new(facts));
    let stands = measure.state == standing::IN_FORCE;
    if stands && may(permission::OPEN, measure.unit) {
        let complaint = Address::new("/new").segment(Kind::Complaint.key()).with("decision", &measure.number);
        page = page.action(Action::open(say("Lập hồ sơ khiếu nại", "Open a complaint"), complaint));
    }
    if stands && may(permission::DECIDE, measure.unit) {
        let form = Form::new("revoke", say("Ghi không còn giá trị", "Record"))
            .help(say(
                "Sau khi giải quyết khiếu nại thay đổi hoặc xoá bỏ quyết định này.",
                "After a complaint changed this decision or did away with it.",
            ))
            .showing(&measure)
            .field(Field::text("reason", say("Lý do, căn cứ", "Reason")).required().at_most(500));
        page = page.section(
            Section::new("undo", say("Quyết định không còn giá trị", "The decision no longer stands"))
                .collapsed()
                .block(form),
        );
    }
    Ok(page)
}
