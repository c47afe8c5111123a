//! Work on a dossier: the current step is closed.

use dinh_sdk::prelude::*;
use dinh_sdk::time;

use super::{actor, discipline, dossier, is_holiday, note, require, shown_at};
use crate::model::dossier::event;
use crate::model::{Document, Dossier, Paper, Progress};
use crate::permission;
use crate::rules::days::{Period, after};
use crate::rules::procedure::{self, Closing, Obstacle, state, step};

/// What a step asks for, and whether it is there.
pub(crate) fn papers(
    step: &Progress,
    papers: &[Paper],
    documents: &[Stored<Document>],
) -> Vec<procedure::Paper> {
    let asked = papers.iter().filter(|paper| paper.step == step.code);
    asked
        .map(|paper| procedure::Paper {
            code: paper.code.clone(),
            title: paper.title.clone(),
            required: paper.required,
            present: documents.iter().any(|document| document.paper.as_ref() == Some(&paper.code)),
        })
        .collect()
}

/// Closes the current step; the next one starts, or the dossier is finished.
pub(crate) fn close(request: &Request, submission: &Submission) -> Result<Outcome> {
    let mut dossier = dossier(request)?;
    require(permission::WORK, &dossier)?;
    let mut steps = Progress::of(dossier.id)?.into_iter().skip_while(|step| !step.is_current());
    let Some(mut current) = steps.next() else {
        return Err(Error::form(request.say("Hồ sơ không còn bước nào.", "No step is left.")));
    };
    let next = steps.next();
    let reason: Option<String> = submission.get("reason")?;
    let known = Paper::of(&dossier.kind, dossier.opened_on)?;
    let papers = papers(&current, &known, &Document::of(dossier.id)?);
    let missing = !procedure::missing(&papers).is_empty();
    let settled = next.is_some() || discipline::is_settled(&dossier)?;
    let waived = (missing || !settled) && reason.is_some();
    if waived {
        require(permission::WAIVE, &dossier)?;
    }
    let closing = Closing {
        dossier: &dossier.state,
        step: &current.state,
        papers: &papers,
        waived,
        last: next.is_none(),
        concluded: dossier.conclusion.is_some(),
        settled,
    };
    if let Some(obstacle) = procedure::obstacle(&closing) {
        return Err(Error::form(told(request, &obstacle)));
    }
    if let (None, Some(conclusion)) = (&next, &dossier.conclusion)
        && let Some(why) = discipline::contradiction(request, &dossier, conclusion)?
    {
        return Err(Error::form(why));
    }
    let today = time::today();
    current.state = step::DONE.to_owned();
    current.closed_on = Some(today);
    current.closed_by = Some(actor(request)?);
    if waived {
        current.waiver.clone_from(&reason);
        note(request, &dossier, event::WAIVED, reason, (None, None))?;
    }
    current.save()?;
    match next {
        Some(mut next) => {
            next.state = step::CURRENT.to_owned();
            next.started_on = Some(today);
            next.due =
                next.days.map(|days| after(today, Period { days, working: next.working }, &is_holiday));
            (dossier.step, dossier.due) = (Some(next.title.clone()), next.due);
            next.save()?;
        }
        None => {
            dossier.state = state::CLOSED.to_owned();
            dossier.closed_on = Some(today);
            (dossier.step, dossier.due) = (None, None);
            note(request, &dossier, event::CLOSED, None, (None, None))?;
        }
    }
    let id = dossier.id;
    dossier.save()?;
    Ok(Outcome::done(shown_at(id)).saying(request.say("Đã kết thúc bước", "Step closed")))
}

/// What an obstacle is, and what to do about it.
pub(crate) fn told(request: &Request, obstacle: &Obstacle) -> String {
    match obstacle {
        Obstacle::Suspended => request
            .say(
                "Hồ sơ đang tạm đình chỉ; cần cho tiếp tục trước.",
                "The dossier is suspended: resume it first.",
            )
            .to_owned(),
        Obstacle::NotCurrent => {
            request.say("Bước này không đang thực hiện.", "This step is not being done.").to_owned()
        }
        Obstacle::Missing(titles) => {
            let titles = titles.join("; ");
            request
                .say(
                    &format!(
                        "Còn thiếu tài liệu: {titles}. Hãy cập nhật, hoặc người có thẩm quyền nêu lý do."
                    ),
                    &format!("Missing: {titles}. Record them, or let somebody entitled say why."),
                )
                .to_owned()
        }
        Obstacle::NoConclusion => request
            .say(
                "Chưa có kết luận; cần ghi kết luận trước khi kết thúc hồ sơ.",
                "There is no conclusion yet.",
            )
            .to_owned(),
        Obstacle::NoOutcome => request
            .say(
                "Chưa có quyết định kỷ luật, cũng chưa có biểu quyết không thi hành kỷ luật. Hãy ghi ở trang Biểu quyết, quyết định kỷ luật, hoặc người có thẩm quyền nêu lý do.",
                "There is neither a decision nor a vote for none. Record it on the page of ballots and decisions, or let somebody entitled say why.",
            )
            .to_owned(),
    }
}

/// The steps of a dossier, brought from the paper book: those before the current one are done.
pub(crate) fn brought(
    dossier: &Dossier,
    id: RecordId,
    steps: &[crate::model::Step],
    (at, started): (usize, Date),
    reason: &str,
) -> Vec<Progress> {
    let make = |(position, known): (usize, &crate::model::Step)| {
        let mut progress = if position == at {
            super::open::progress(dossier, id, known, step::CURRENT, Some(started))
        } else {
            super::open::progress(dossier, id, known, step::WAITING, None)
        };
        if position < at {
            progress.state = step::DONE.to_owned();
            progress.closed_on = Some(started);
            progress.waiver = Some(reason.to_owned());
        }
        progress
    };
    steps.iter().enumerate().map(make).collect()
}
