//! One dossier: what it is about, its steps and documents, what happened, and what whoever looks may do.

use dinh_sdk::prelude::*;
use dinh_sdk::{evidence, time};

use super::{
    act, document, events, kind_name, may, stage_name, standing, standing_name, state_name, subject_name,
    unit_name,
};
use crate::model::catalog::list;
use crate::model::shared::{self, Dues};
use crate::model::{Catalog, Document, Dossier, Paper, Progress};
use crate::permission;
use crate::rules::kind::Kind;
use crate::rules::procedure::{state, step};

/// What a dossier's page is drawn from.
pub(super) struct Case {
    pub(super) dossier: Stored<Dossier>,
    pub(super) steps: Vec<Stored<Progress>>,
    pub(super) papers: Vec<Paper>,
    pub(super) documents: Vec<Stored<Document>>,
    pub(super) catalog: Catalog,
    pub(super) today: Date,
}

impl Case {
    pub(super) fn load(id: RecordId) -> Result<Self> {
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

    /// The step that is being done.
    pub(super) fn current(&self) -> Option<&Stored<Progress>> {
        self.steps.iter().find(|step| step.is_current())
    }

    /// Whether the reader may do this to it.
    pub(super) fn may(&self, permission: &str) -> bool {
        may(permission, self.dossier.unit)
    }

    pub(super) fn is_under_way(&self) -> bool {
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
        .letterhead(dossier.unit)
        .subtitle(format!("{} · {sign} · {}", kind_name(request, &dossier.kind), unit_name(dossier.unit)))
        .breadcrumb(say("Hồ sơ", "Dossiers"), "/")
        .label(Label::Confidential);
    page = links(request, page, &case);
    page = page.block(facts(request, &case)?);
    page = page.section(Section::new("steps", say("Quy trình", "Procedure")).block(steps(request, &case)));
    page = page.section(document::list(request, &case));
    if case.is_under_way() && case.may(permission::WORK) {
        page = act::work(request, page, &case);
    }
    if dossier.is_open() && case.may(permission::DIRECT) {
        page = act::direct(request, page, &case);
    }
    if case.may(permission::WORK) {
        page = act::templates(request, page, &case)?;
    }
    let happened = events::timeline(request, dossier)?;
    page = page.section(Section::new("events", say("Diễn biến", "What happened")).block(happened));
    if case.may(permission::DIRECT) {
        let seen = Action::open(
            say("Ai đã xem hồ sơ này", "Who has seen this dossier"),
            evidence::seen("inspection", Dossier::COLLECTION, dossier.id),
        );
        page = page.section(Section::new("seen", say("Ai đã xem hồ sơ này", "Who has seen it")).block(seen));
    }
    Ok(page)
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
        let to = crate::deeds::denounce::known_at(case.dossier.id);
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
        if let Some(dues) = Dues::of(member)? {
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
