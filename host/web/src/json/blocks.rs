//! Blocks by kind.

use dinh_runtime::bindings::views::*;
use serde_json::{Value, json};

use super::{Twin, fields, format, list, tables, tone};

/// A block; `kind` says which.
pub fn block(twin: Twin<'_>, block: &Block) -> Value {
    match block {
        Block::Text(paragraphs) => text(twin, paragraphs),
        Block::Notice(notice) => self::notice(notice),
        Block::Facts(facts) => json!({
            "kind": "facts",
            "title": facts.title,
            "facts": list(&facts.facts, |fact| json!({
                "label": fact.label,
                "value": twin.value(&fact.value),
                "format": format(fact.format),
                "tone": tone(fact.tone),
                "href": twin.maybe_href(fact.target.as_ref()),
                "help": fact.help,
            })),
        }),
        Block::Table(table) => tables::table(twin, table),
        Block::Filters(filters) => fields::filters(twin, filters),
        Block::Form(form) => fields::form(twin, form),
        Block::EntryGrid(grid) => tables::grid(twin, grid),
        Block::SheetImport(import) => fields::import(twin, import),
        Block::Metrics(metrics) => json!({
            "kind": "metrics",
            "metrics": list(metrics, |metric| json!({
                "label": metric.label,
                "value": twin.value(&metric.value),
                "format": format(metric.format),
                "unit_of_measure": metric.unit_of_measure,
                "change": twin.value(&metric.change),
                "tone": tone(metric.tone),
                "note": metric.note,
                "href": twin.maybe_href(metric.target.as_ref()),
            })),
        }),
        Block::Chart(chart) => tables::chart(twin, chart),
        Block::Timeline(events) => json!({
            "kind": "timeline",
            "events": list(events, |event| json!({
                "at": twin.value(&event.at),
                "title": event.title,
                "text": event.text,
                "by": event.by.map(|by| twin.datum(&crate::datum::Datum::Account(dinh_model::AccountId(by)))),
                "tone": tone(event.tone),
                "href": twin.maybe_href(event.target.as_ref()),
            })),
        }),
        Block::Steps(steps) => json!({ "kind": "steps", "steps": list(steps, |one| step(twin, one)) }),
        Block::Documents(documents) => {
            json!({ "kind": "documents", "documents": list(documents, |one| document(twin, one)) })
        }
        Block::Actions(actions) => {
            json!({ "kind": "actions", "actions": list(actions, |action| twin.action(action)) })
        }
        Block::Tabs(links) => json!({ "kind": "tabs", "tabs": list(links, |link| {
            json!({ "text": link.text, "href": twin.href(&link.target), "current": twin.place.is_here(&link.target) })
        }) }),
        Block::Progress(progress) => self::progress(twin, progress),
    }
}

fn progress(twin: Twin<'_>, progress: &Progress) -> Value {
    let state = match progress.state {
        JobState::Waiting => "waiting",
        JobState::Running => "running",
        JobState::Finished => "finished",
        JobState::Failed => "failed",
        JobState::Cancelled => "cancelled",
    };
    let whole = |number: u64| super::integer(i64::try_from(number).unwrap_or(i64::MAX));
    let moment = |moment| dinh_model::time::from_microseconds(moment).map(|moment| moment.to_string());
    json!({
        "kind": "progress",
        "job": progress.job,
        "title": progress.title,
        "state": state,
        "done": whole(progress.done),
        "of": progress.of.map(whole),
        "counted": progress.counted,
        "per_hour": progress.per_hour.map(whole),
        "seconds_left": progress.seconds_left.map(whole),
        "started": moment(progress.started),
        "ended": progress.ended.and_then(moment),
        "notice": progress.notice.as_ref().map(notice),
        "href": twin.maybe_href(progress.target.as_ref()),
    })
}

/// A notice.
pub fn notice(notice: &Notice) -> Value {
    json!({ "kind": "notice", "tone": tone(notice.tone), "title": notice.title, "text": notice.text })
}

fn text(twin: Twin<'_>, paragraphs: &[Paragraph]) -> Value {
    let kind = |kind: ParagraphKind| match kind {
        ParagraphKind::Paragraph => "paragraph",
        ParagraphKind::Heading => "heading",
        ParagraphKind::Bullet => "bullet",
        ParagraphKind::Numbered => "numbered",
        ParagraphKind::Quote => "quote",
        ParagraphKind::Note => "note",
    };
    let links = |paragraph: &Paragraph| -> Vec<Value> {
        let linked = paragraph.spans.iter().filter_map(|span| Some((span, span.link.as_ref()?)));
        linked.map(|(span, target)| json!({ "text": span.text, "href": twin.href(target) })).collect()
    };
    json!({
        "kind": "text",
        "paragraphs": list(paragraphs, |paragraph| json!({
            "kind": kind(paragraph.kind),
            "text": paragraph.spans.iter().map(|span| span.text.as_str()).collect::<String>(),
            "links": links(paragraph),
        })),
    })
}

fn step(twin: Twin<'_>, step: &Step) -> Value {
    let state = match step.state {
        StepState::Done => "done",
        StepState::Current => "current",
        StepState::Waiting => "waiting",
        StepState::Skipped => "skipped",
        StepState::Overdue => "overdue",
    };
    json!({
        "title": step.title,
        "state": state,
        "due": twin.value(&step.due),
        "note": step.note,
        "href": twin.maybe_href(step.target.as_ref()),
    })
}

fn document(twin: Twin<'_>, document: &Document) -> Value {
    let state = match document.state {
        DocumentState::Present => "present",
        DocumentState::Missing => "missing",
        DocumentState::Draft => "draft",
        DocumentState::NotNeeded => "not-needed",
    };
    // As on the page: without an address of its own, it leads to its file.
    let target = document.target.clone().or(document.file.map(Target::File));
    json!({
        "title": document.title,
        "number": document.number,
        "date": twin.value(&document.date),
        "required": document.required,
        "state": state,
        "file": document.file.map(|file| twin.record(file)),
        "href": twin.maybe_href(target.as_ref()),
        "actions": list(&document.actions, |action| twin.action(action)),
    })
}
