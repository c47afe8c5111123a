//! One dossier: what it is about, its steps and documents, what happened, and what whoever looks may do.

use dinh_sdk::prelude::*;
use dinh_sdk::time;
use dinh_sdk::view::Document as Shown;

use super::{
    events, kind_name, may, stage_name, standing, standing_name, state_name, subject_name, unit_name,
};
use crate::deeds::work::{OTHER, papers};
use crate::model::catalog::list;
use crate::model::shared::{self, Dues};
use crate::model::{Catalog, Document, Dossier, Paper, Progress, Template};
use crate::permission;
use crate::rules::kind::{Kind, stage};
use crate::rules::procedure::{self, state, step};

/// What a dossier's page is drawn from.
struct Case {
    dossier: Stored<Dossier>,
    steps: Vec<Stored<Progress>>,
    papers: Vec<Paper>,
    documents: Vec<Stored<Document>>,
    catalog: Catalog,
    today: Date,
}

impl Case {
    fn load(id: RecordId) -> Result<Self> {
        let dossier = Dossier::get(id)?;
        let today = time::today();
        Ok(Self {
            steps: Progress::of(id)?,
            papers: Paper::of(&dossier.kind, dossier.opened_on)?,
            documents: Document::of(id)?,
            catalog: Catalog::on(today)?,
            today,
            dossier,
        })
    }

    fn current(&self) -> Option<&Stored<Progress>> {
        self.steps.iter().find(|step| step.is_current())
    }

    fn may(&self, permission: &str) -> bool {
        may(permission, self.dossier.unit)
    }

    fn is_under_way(&self) -> bool {
        self.dossier.state == state::OPEN
    }
}

/// Draws the page.
pub(crate) fn draw(request: &Request) -> Result<Page> {
    let say = |vi, en| request.say(vi, en);
    let case = Case::load(request.parameter("id")?)?;
    let dossier = &case.dossier;
    let sign = format!("{} {}", say("Số", "No."), dossier.sign());
    let mut page = Page::new(dossier.title.clone())
        .subtitle(format!("{} · {sign} · {}", kind_name(request, &dossier.kind), unit_name(dossier.unit)))
        .breadcrumb(say("Hồ sơ", "Dossiers"), "/")
        .label(Label::Confidential);
    page = links(request, page, &case);
    page = page.block(facts(request, &case)?);
    page = page.section(Section::new("steps", say("Quy trình", "Procedure")).block(steps(request, &case)));
    page = page.section(documents(request, &case));
    if case.is_under_way() && case.may(permission::WORK) {
        page = work(request, page, &case);
    }
    if dossier.is_open() && case.may(permission::DIRECT) {
        page = direct(request, page, &case);
    }
    let happened = events::timeline(request, dossier)?;
    page = page.section(Section::new("events", say("Diễn biến", "What happened")).block(happened));
    let path = format!("inspection/dossiers/{}", dossier.id);
    Ok(page.block(Paragraph::note(format!(
        "{} {path}",
        say(
            "Ai đã xem hồ sơ này: Quản trị › Nhật ký › Ai đã xem bản ghi này, mã bản ghi",
            "Who has seen this dossier: Administration › Evidence › Who has seen this record,",
        )
    ))))
}

fn links(request: &Request, page: Page, case: &Case) -> Page {
    let say = |vi, en| request.say(vi, en);
    let at = crate::deeds::shown_at(case.dossier.id);
    let mut page =
        page.action(Action::open(say("Tổ kiểm tra, giám sát", "Team"), at.clone().segment("team")));
    let kind = Kind::of_key(&case.dossier.kind);
    if kind == Some(Kind::Discipline) {
        let to = at.segment("discipline");
        page = page.action(Action::open(say("Biểu quyết, quyết định", "Ballots, decision"), to));
    }
    if kind == Some(Kind::Denunciation) && case.may(permission::DENOUNCER) {
        let to = Address::new("/denouncers").segment(case.dossier.id);
        page = page.action(Action::open(say("Người tố cáo", "Who denounced"), to));
    }
    page
}

fn facts(request: &Request, case: &Case) -> Result<Facts> {
    let say = |vi, en| request.say(vi, en);
    let dossier = &case.dossier;
    let (state, tone) = state_name(request, &dossier.state);
    let mut facts =
        vec![Fact::new(say("Trạng thái", "State"), state).format(Format::Badge).tone(tone).width(3)];
    if dossier.is_open() {
        let (name, tone) = standing_name(request, standing(dossier, &case.catalog, case.today));
        facts.push(Fact::new(say("Tiến độ", "Progress"), name).format(Format::Badge).tone(tone).width(3));
    }
    facts.push(Fact::new(say("Hạn của bước", "Due"), dossier.due).width(3));
    facts.push(Fact::new(say("Người phụ trách", "Lead"), dossier.lead).width(3));
    if let Some(member) = dossier.member {
        let name = shared::name_of(member)?
            .unwrap_or_else(|| say("(ngoài phạm vi được chia sẻ)", "(outside of what is shared)").to_owned());
        facts.push(Fact::new(subject_name(request, &dossier.subject), name).width(6));
        if let Ok(Some(dues)) = Dues::of(member) {
            let tone = if dues.months_unpaid > 0 { Tone::Warning } else { Tone::Good };
            let as_of = dues.as_of.strftime("%m/%Y");
            let help = request.say(&format!("đến hết tháng {as_of}"), &format!("as of {as_of}")).to_owned();
            let label = say("Số tháng chưa đóng đảng phí", "Months of dues unpaid");
            facts.push(Fact::new(label, dues.months_unpaid).tone(tone).help(help).width(3));
        }
    }
    let title = |list: &str, code: &str| case.catalog.title(list, code);
    facts.extend([
        Fact::new(say("Tổ chức đảng", "Organisation"), dossier.organisation).width(6),
        Fact::new(say("Cấp", "Level"), title(list::LEVEL, &dossier.level)).width(3),
        Fact::new(say("Nội dung", "Content"), title(list::CONTENT, &dossier.content)).width(6),
        Fact::new(say("Ngày lập", "Opened on"), dossier.opened_on).width(3),
    ]);
    if let Some(lodged) = dossier.lodged_on {
        facts.push(Fact::new(say("Ngày nhận khiếu nại", "Lodged on"), lodged).width(3));
        facts.push(
            Fact::new(say("Hạn giải quyết khiếu nại", "To be answered by"), dossier.answer_due).width(3),
        );
    }
    if let Some(conclusion) = &dossier.conclusion {
        facts.push(Fact::new(say("Kết luận", "Conclusion"), title(list::CONCLUSION, conclusion)).width(6));
        facts.push(Fact::new(say("Ngày kết luận", "Concluded on"), dossier.concluded_on).width(3));
    }
    if let Some(findings) = &dossier.findings {
        facts.push(Fact::new(say("Nội dung kết luận", "Findings"), findings.clone()).width(12));
    }
    Ok(Facts::new(facts))
}

fn steps(request: &Request, case: &Case) -> Vec<Step> {
    let draw = |known: &Stored<Progress>| {
        let late = known.due.is_some_and(|due| due < case.today) && case.is_under_way();
        let state = match known.state.as_str() {
            step::DONE => StepState::Done,
            step::CURRENT if late => StepState::Overdue,
            step::CURRENT => StepState::Current,
            _ => StepState::Waiting,
        };
        let stage = stage_name(request, &known.stage);
        let mut note = format!("{stage} · {}", known.responsible);
        if let Some(waiver) = &known.waiver {
            note = format!("{note} · {}: {waiver}", request.say("Cho thiếu tài liệu", "Documents may lack"));
        }
        if let Some(closed) = known.closed_on {
            let day = closed.strftime("%d/%m/%Y");
            note = format!("{note} · {} {day}", request.say("Kết thúc ngày", "Closed on"));
        }
        let drawn = Step::new(known.title.clone(), state).note(note);
        match known.due {
            Some(day) => drawn.due(day),
            None => drawn,
        }
    };
    case.steps.iter().map(draw).collect()
}

/// The documents that the steps ask for, stage by stage, and further ones.
fn documents(request: &Request, case: &Case) -> Section {
    let say = |vi, en| request.say(vi, en);
    let mut section = Section::new("documents", say("Tài liệu", "Documents"));
    for stage in stage::ALL {
        let mut shown = Vec::new();
        for step in case.steps.iter().filter(|step| step.stage == stage) {
            for paper in case.papers.iter().filter(|paper| paper.step == step.code) {
                let there: Vec<_> =
                    case.documents.iter().filter(|it| it.paper.as_ref() == Some(&paper.code)).collect();
                if there.is_empty() {
                    let state = match (paper.required, step.state.as_str()) {
                        (false, _) => DocumentState::NotNeeded,
                        (true, step::DONE) if step.waiver.is_some() => DocumentState::NotNeeded,
                        (true, _) => DocumentState::Missing,
                    };
                    let missing = Shown::new(paper.title.clone(), state);
                    shown.push(if paper.required { missing.required() } else { missing });
                }
                shown.extend(there.into_iter().map(|document| present(document)));
            }
            let further = case.documents.iter().filter(|it| it.paper.is_none() && it.step == step.code);
            shown.extend(further.map(|document| present(document)));
        }
        if !shown.is_empty() {
            section = section.block(Paragraph::heading(stage_name(request, stage))).block(shown);
        }
    }
    section
}

fn present(document: &Document) -> Shown {
    let title = match &document.summary {
        Some(summary) => format!("{} – {summary}", document.title),
        None => document.title.clone(),
    };
    let number = document.number.clone().unwrap_or_default();
    let signer = document.signer.as_deref().map(|signer| format!(" ({signer})")).unwrap_or_default();
    Shown::new(title, DocumentState::Present).numbered(format!("{number}{signer}").trim(), document.dated)
}

/// Recording documents, closing the current step, documents from templates.
fn work(request: &Request, mut page: Page, case: &Case) -> Page {
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
        let missing = missing.join("; ");
        section = section.block(Notice::new(Tone::Warning, say("Còn thiếu tài liệu", "Missing"), missing));
    }
    if !asked.iter().all(|paper| paper.present || !paper.required) && case.may(permission::WAIVE) {
        close = close.field(
            Field::text("reason", say("Lý do cho thiếu tài liệu", "Why they may lack")).help(say(
                "Chỉ điền khi cho kết thúc bước dù còn thiếu.",
                "Fill it in to close the step although documents are missing.",
            )),
        );
    }
    page = page.section(section.block(close));
    page = page.section(
        Section::new("record-document", say("Cập nhật tài liệu", "Record a document"))
            .collapsed()
            .block(document_form(request, case)),
    );
    page
}

fn document_form(request: &Request, case: &Case) -> Form {
    let say = |vi, en| request.say(vi, en);
    let mut choices: Vec<Choice> =
        case.papers.iter().map(|paper| Choice::new(paper.code.clone(), paper.title.clone())).collect();
    choices.push(Choice::new(OTHER, say("Tài liệu khác", "Another document")));
    Form::new("document", say("Cập nhật", "Record"))
        .field(Field::choice("paper", say("Tài liệu", "Document"), choices).required().width(6))
        .field(Field::text("title", say("Tên tài liệu", "Title")).when("paper", &[OTHER]).width(6))
        .field(Field::of(Document::NUMBER, say("Số, ký hiệu", "Number")).at_most(60).width(3))
        .field(Field::of(Document::DATED, say("Ngày văn bản", "Dated")).value(case.today).width(3))
        .field(Field::of(Document::SIGNER, say("Người ký (chức vụ)", "Signer (office)")).width(6))
        .field(Field::of(Document::SUMMARY, say("Trích yếu", "Summary")))
}

/// Extension, suspension, conclusion; documents from templates.
fn direct(request: &Request, mut page: Page, case: &Case) -> Page {
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
    let templates = Template::of(&case.dossier.kind, case.today).unwrap_or_default();
    let at = crate::deeds::shown_at(case.dossier.id).segment("templates");
    let open = |template: &Template| {
        Action::open(template.title.clone(), at.clone().segment(template.code.as_str()))
    };
    let actions: Vec<Action> = templates.iter().map(open).collect();
    if actions.is_empty() {
        return page;
    }
    page.section(Section::new("templates", say("In theo mẫu", "Documents from templates")).block(actions))
}
