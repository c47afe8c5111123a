//! Documents of a dossier: recorded by number and day, each with the file that it is, at once or later. A file that is
//! there is only replaced by whoever directs, with the reason.

use dinh_sdk::prelude::*;
use dinh_sdk::time;

use super::{actor, dossier, is_open, not_to_come, note, require, shown_at};
use crate::model::dossier::event;
use crate::model::{Document, Paper};
use crate::permission;

/// Stands for a document that no step asks for.
pub(crate) const OTHER: &str = "other";

/// Records a document, with its file or without it.
pub(crate) fn record(request: &Request, submission: &Submission) -> Result<Outcome> {
    let dossier = dossier(request)?;
    require(permission::WORK, &dossier)?;
    is_open(request, &dossier)?;
    let (code, dated): (String, Date) = (submission.get("paper")?, submission.get("dated")?);
    let title: Option<String> = submission.get("title")?;
    let papers = Paper::of(&dossier.kind, dossier.opened_on)?;
    let paper = papers.iter().find(|paper| paper.code == code);
    let mut problems = Problems::default();
    not_to_come(request, "dated", dated, &mut problems);
    if code == OTHER && title.is_none() {
        problems.field("title", request.say("Hãy nhập tên tài liệu.", "Enter the document's name."));
    }
    problems.check()?;
    let step = match paper {
        Some(paper) => paper.step.clone(),
        None => super::current(dossier.id)?.map(|step| step.code.clone()).unwrap_or_default(),
    };
    let title =
        paper.map(|paper| paper.title.clone()).or(title).or_failed("a document that is not offered")?;
    Document {
        unit: dossier.unit,
        dossier: dossier.id,
        step,
        paper: paper.map(|paper| paper.code.clone()),
        title,
        number: submission.get("number")?,
        dated,
        signer: submission.get("signer")?,
        summary: submission.get("summary")?,
        file: submission.field(Document::FILE)?,
        recorded_by: actor(request)?,
        recorded_at: time::now(),
    }
    .insert()?;
    Ok(Outcome::done(shown_at(dossier.id)).saying(request.say("Đã cập nhật tài liệu", "Document recorded")))
}

/// A document of the dossier that the address names.
pub(crate) fn named(request: &Request, dossier: RecordId) -> Result<Stored<Document>> {
    let document = Document::get(request.parameter("document")?)?;
    if document.dossier == dossier { Ok(document) } else { Err(Error::NotFound(request.path().to_owned())) }
}

/// Attaches the file of a document, such as the scan of what was signed meanwhile.
pub(crate) fn attach(request: &Request, submission: &Submission) -> Result<Outcome> {
    let dossier = dossier(request)?;
    require(permission::WORK, &dossier)?;
    is_open(request, &dossier)?;
    let mut document = named(request, dossier.id)?;
    let file: Option<FileId> = submission.field(Document::FILE)?;
    let file = file.ok_or_else(|| {
        Error::field(Document::FILE.name(), request.say("Hãy chọn tệp.", "Choose the file."))
    })?;
    if document.file.is_some() {
        require(permission::DIRECT, &dossier)?;
        let reason: Option<String> = submission.get("reason")?;
        let reason = reason.ok_or_else(|| {
            Error::field("reason", request.say("Hãy ghi lý do thay tệp.", "Say why the file is replaced."))
        })?;
        let reason = format!("{}: {reason}", document.title);
        note(request, &dossier, event::REPLACED, Some(reason), (None, None))?;
    }
    document.file = Some(file);
    document.save()?;
    Ok(Outcome::done(shown_at(dossier.id)).saying(request.say("Đã đính kèm tệp", "File attached")))
}
