//! What may be done to a dossier, as its page offers it: closing a step, recording documents, directing, printing.

use dinh_sdk::prelude::*;

use super::dossier::Case;
use crate::deeds::discipline::is_settled;
use crate::deeds::documents::OTHER;
use crate::deeds::work::papers;
use crate::model::catalog::list;
use crate::model::{Document, Template};
use crate::permission;
use crate::rules::kind::Kind;
use crate::rules::procedure::{self, state};

/// Closing the current step, recording documents.
pub(super) fn work(request: &Request, mut page: Page, case: &Case) -> Page {
    let say = |vi, en| request.say(vi, en);
    let Some(current) = case.current() else { return page };
    let asked = papers(current, &case.papers, &case.documents);
    let missing = procedure::missing(&asked);
    let last = case.steps.last().is_some_and(|step| step.id == current.id);
    let mut close = Form::new("close", say("Kết thúc bước", "Close the step"));
    let mut section = Section::new("close-step", format!("{}: {}", say("Bước", "Step"), current.title));
    if last && case.dossier.conclusion.is_none() {
        section = section.block(Notice::info(say(
            "Đây là bước cuối; cần ghi kết luận trước khi kết thúc hồ sơ.",
            "This is the last step: the conclusion has to be recorded first.",
        )));
    }
    if !missing.is_empty() {
        let head = say("Còn thiếu tài liệu", "Missing");
        section = section.block(Notice::new(Tone::Warning, head, missing.join("; ")));
    }
    // Who may not see decisions is told when the step is to be closed.
    let settled = !last || is_settled(&case.dossier).unwrap_or(true);
    if !settled {
        section = section.block(
            Notice::new(
                Tone::Warning,
                say("Chưa có kết quả thi hành kỷ luật", "The case has come to no end yet"),
                say(
                    "Cần quyết định kỷ luật, hoặc kết quả biểu quyết không thi hành kỷ luật, ở trang Biểu quyết, quyết định kỷ luật.",
                    "It takes a decision, or a vote for none, on the page of ballots and decisions.",
                ),
            ),
        );
    }
    if !(missing.is_empty() && settled) && case.may(permission::WAIVE) {
        close = close.field(
            Field::text("reason", say("Lý do cho kết thúc khi còn thiếu", "Why it may lack")).help(say(
                "Chỉ điền khi cho kết thúc bước dù còn thiếu.",
                "Fill it in to close the step although something is missing.",
            )),
        );
    }
    page = page.section(section.block(close));
    page = page.section(
        Section::new("record-document", say("Cập nhật tài liệu", "Record a document"))
            .collapsed()
            .block(document_form(request, case, None)),
    );
    page
}

/// Records a document, by default the one of that code.
pub(super) fn document_form(request: &Request, case: &Case, paper: Option<&str>) -> Form {
    let say = |vi, en| request.say(vi, en);
    let mut choices: Vec<Choice> =
        case.papers.iter().map(|paper| Choice::new(paper.code.clone(), paper.title.clone())).collect();
    choices.push(Choice::new(OTHER, say("Tài liệu khác", "Another document")));
    let known = paper.filter(|code| case.papers.iter().any(|paper| paper.code == *code));
    let documents =
        Field::choice("paper", say("Tài liệu", "Document"), choices).value(known.map(str::to_owned));
    Form::new("document", say("Cập nhật", "Record"))
        .field(documents.required().width(6))
        .field(Field::text("title", say("Tên tài liệu", "Title")).when("paper", &[OTHER]).width(6))
        .field(Field::of(Document::NUMBER, say("Số, ký hiệu", "Number")).at_most(60).width(3))
        .field(Field::of(Document::DATED, say("Ngày văn bản", "Dated")).value(case.today).width(3))
        .field(Field::of(Document::SIGNER, say("Người ký (chức vụ)", "Signer (office)")).width(6))
        .field(Field::of(Document::SUMMARY, say("Trích yếu", "Summary")))
        .field(Field::of(Document::FILE, say("Tệp (bản quét, bản ký)", "File (scan)")).help(
            if case.dossier.kind == Kind::Denunciation.key() {
                say(
                    "Không đính kèm ở đây bản nêu danh tính người tố cáo; đơn gốc để ở trang Người tố cáo. Tệp mang độ Mật của hồ sơ.",
                    "Nothing that names who denounced: the letter belongs to the page of who denounced. The file is as confidential as the dossier.",
                )
            } else {
                say(
                    "Có thể đính kèm sau, ở trang của tài liệu. Tệp mang độ Mật của hồ sơ.",
                    "May be attached later, on the document's page. The file is as confidential as the dossier.",
                )
            },
        ))
}

/// Extension, suspension, conclusion.
pub(super) fn direct(request: &Request, mut page: Page, case: &Case) -> Page {
    let say = |vi, en| request.say(vi, en);
    let reason = || Field::text("reason", say("Lý do", "Reason")).required().at_most(500);
    let collapsed = |id: &str, title: &str, form: Form| Section::new(id, title).collapsed().block(form);
    if case.dossier.state == state::SUSPENDED {
        let form = Form::new("resume", say("Cho tiếp tục", "Resume")).field(reason());
        return page
            .section(Section::new("resume-dossier", say("Tiếp tục giải quyết", "Resume")).block(form));
    }
    let conclusion = Form::new("conclude", say("Ghi kết luận", "Record"))
        .showing(&case.dossier)
        .field(
            Field::choice(
                "conclusion",
                say("Kết luận", "Conclusion"),
                case.catalog.choices(list::CONCLUSION),
            )
            .value(case.dossier.conclusion.clone())
            .required()
            .width(6),
        )
        .field(
            Field::date("concluded-on", say("Ngày kết luận", "Concluded on"))
                .value(case.dossier.concluded_on.unwrap_or(case.today))
                .required()
                .width(3),
        )
        .field(
            Field::long_text("findings", say("Nội dung kết luận", "Findings"))
                .value(case.dossier.findings.clone())
                .at_most(4000),
        );
    page = page.section(collapsed("conclusion", say("Kết luận", "Conclusion"), conclusion));
    if case.dossier.due.is_some() {
        let form = Form::new("extend", say("Gia hạn", "Extend"))
            .field(
                Field::integer("days", say("Thêm số ngày", "Days more")).between(1, 365).required().width(3),
            )
            .field(reason().width(9));
        page = page.section(collapsed("extension", say("Gia hạn bước", "Extend the step"), form));
    }
    let form = Form::new("suspend", say("Tạm đình chỉ", "Suspend")).field(reason());
    page = page.section(collapsed("suspension", say("Tạm đình chỉ", "Suspend"), form));
    page
}

/// Documents from templates.
pub(super) fn templates(request: &Request, page: Page, case: &Case) -> Result<Page> {
    let templates = Template::of(&case.dossier.kind, case.today)?;
    let at = crate::deeds::shown_at(case.dossier.id).segment("templates");
    let open = |template: &Template| {
        Action::open(template.title.clone(), at.clone().segment(template.code.as_str()))
    };
    let actions: Vec<Action> = templates.iter().map(open).collect();
    if actions.is_empty() {
        return Ok(page);
    }
    let title = request.say("In theo mẫu", "Documents from templates");
    Ok(page.section(Section::new("templates", title).block(actions)))
}
