//! The documents of a case: what its steps ask for with what is there, and each document on a page of its own, where its file
//! is attached.

use dinh_sdk::prelude::*;
use dinh_sdk::view::Document as Shown;

use super::dossier::Case;
use super::{may, stage_name};
use crate::deeds::{documents, shown_at};
use crate::model::{Document, Dossier, Paper, Progress};
use crate::permission;
use crate::rules::kind::stage;
use crate::rules::procedure::state;

/// The documents that the steps ask for, stage by stage, and further ones.
pub(super) fn list(request: &Request, case: &Case) -> Section {
    let say = |vi, en| request.say(vi, en);
    let mut section = Section::new("documents", say("Tài liệu", "Documents"));
    for stage in stage::ALL {
        let mut shown = Vec::new();
        for step in case.steps.iter().filter(|step| step.stage == stage) {
            for paper in case.papers.iter().filter(|paper| paper.step == step.code) {
                let there: Vec<_> =
                    case.documents.iter().filter(|it| it.paper.as_ref() == Some(&paper.code)).collect();
                if there.is_empty() {
                    shown.push(absent(request, paper, step));
                }
                shown.extend(there.into_iter().map(|document| present(request, document)));
            }
            let further = case.documents.iter().filter(|it| it.paper.is_none() && it.step == step.code);
            shown.extend(further.map(|document| present(request, document)));
        }
        if !shown.is_empty() {
            section = section.block(Paragraph::heading(stage_name(request, stage))).block(shown);
        }
    }
    section
}

/// A document that is not there: missing, unless it is not required, or somebody entitled let it lack.
fn absent(request: &Request, paper: &Paper, step: &Progress) -> Shown {
    if !paper.required {
        return Shown::new(paper.title.clone(), DocumentState::NotNeeded);
    }
    if step.waiver.is_some() {
        let title = format!("{} ({})", paper.title, request.say("được cho thiếu", "let lack"));
        return Shown::new(title, DocumentState::NotNeeded);
    }
    Shown::new(paper.title.clone(), DocumentState::Missing).required()
}

/// Its title leads to the file, or to where the file is attached.
fn present(request: &Request, document: &Stored<Document>) -> Shown {
    let title = match &document.summary {
        Some(summary) => format!("{} – {summary}", document.title),
        None => document.title.clone(),
    };
    let signer = document.signer.as_deref().map(|signer| format!(" ({signer})")).unwrap_or_default();
    let shown = Shown::new(title, DocumentState::Present);
    let shown = match &document.number {
        Some(number) => shown.numbered(format!("{number}{signer}"), document.dated),
        None => shown.dated(document.dated),
    };
    let page = shown_at(document.dossier).segment("documents").segment(document.id);
    match document.file {
        Some(file) => shown.file(file).action(Action::open(request.say("Chi tiết", "Details"), page)),
        None => shown.to(page),
    }
}

/// Draws the page of a document.
pub(crate) fn draw(request: &Request) -> Result<Page> {
    let say = |vi, en| request.say(vi, en);
    let dossier = Dossier::get(request.parameter("id")?)?;
    let document = documents::named(request, dossier.id)?;
    let facts = vec![
        Fact::new(say("Số, ký hiệu", "Number"), document.number.clone()).width(3),
        Fact::new(say("Ngày văn bản", "Dated"), document.dated).width(3),
        Fact::new(say("Người ký (chức vụ)", "Signer (office)"), document.signer.clone()).width(6),
        Fact::new(say("Trích yếu", "Summary"), document.summary.clone()).width(12),
        Fact::new(say("Tệp", "File"), document.file).width(6),
        Fact::new(say("Người cập nhật", "Recorded by"), document.recorded_by).width(3),
        Fact::new(say("Cập nhật lúc", "Recorded at"), document.recorded_at).width(3),
    ];
    let page = Page::new(document.title.clone())
        .letterhead(dossier.unit)
        .subtitle(dossier.title.clone())
        .breadcrumb(say("Hồ sơ", "Dossiers"), "/")
        .breadcrumb(dossier.sign(), shown_at(dossier.id))
        .label(Label::Confidential)
        .block(Facts::new(facts));
    let replaces = document.file.is_some();
    let permission = if replaces { permission::DIRECT } else { permission::WORK };
    if dossier.state != state::OPEN || !may(permission, dossier.unit) {
        return Ok(page);
    }
    let file = Field::of(Document::FILE, say("Tệp (bản quét, bản ký)", "File (scan)")).required();
    let form = Form::new("attach", say("Đính kèm", "Attach")).showing(&document).field(file);
    let (title, form) = if replaces {
        let reason =
            Field::text("reason", say("Lý do thay tệp", "Why it is replaced")).required().at_most(300);
        (say("Thay tệp", "Replace the file"), form.field(reason))
    } else {
        (say("Đính kèm tệp", "Attach the file"), form)
    };
    let section = Section::new("attach-file", title).block(form);
    Ok(page.section(if replaces { section.collapsed() } else { section }))
}
