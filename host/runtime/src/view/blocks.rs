//! Blocks: what a section is made of.

use super::{Checked, Checker, ITEMS};
use crate::bindings::types::Value;
use crate::bindings::views::{Block, Document, Event, Facts, Metric, Paragraph, Progress, Step};

impl Checker {
    pub(super) fn block(&mut self, block: &Block) -> Checked {
        match block {
            Block::Text(paragraphs) => self.each("text", paragraphs, ITEMS, Self::paragraph),
            Block::Notice(notice) => self.at("notice", |checker| checker.notice(notice)),
            Block::Facts(facts) => self.at("facts", |checker| checker.facts(facts)),
            Block::Table(table) => self.at("table", |checker| checker.table(table)),
            Block::Filters(filters) => self.at("filters", |checker| checker.filters(filters)),
            Block::Form(form) => self.at("form", |checker| checker.form(form)),
            Block::EntryGrid(grid) => self.at("entry-grid", |checker| checker.grid(grid)),
            Block::SheetImport(import) => self.at("sheet-import", |checker| checker.import(import)),
            Block::Metrics(metrics) => self.each("metrics", metrics, ITEMS, Self::metric),
            Block::Chart(chart) => self.at("chart", |checker| checker.chart(chart)),
            Block::Timeline(events) => self.each("timeline", events, ITEMS, Self::event),
            Block::Steps(steps) => self.each("steps", steps, ITEMS, Self::step),
            Block::Documents(documents) => self.each("documents", documents, ITEMS, Self::document),
            Block::Actions(actions) => self.actions("actions", actions),
            Block::Tabs(links) => self.each("tabs", links, 50, Self::link),
            Block::Progress(progress) => self.at("progress", |checker| checker.progress(progress)),
        }
    }

    fn paragraph(&mut self, paragraph: &Paragraph) -> Checked {
        self.each("spans", &paragraph.spans, ITEMS, |checker, span| {
            checker.text("text", &span.text)?;
            checker.maybe_target(span.link.as_ref())
        })
    }

    fn facts(&mut self, facts: &Facts) -> Checked {
        self.optional("title", facts.title.as_deref())?;
        self.each("facts", &facts.facts, ITEMS, |checker, fact| {
            checker.text("label", &fact.label)?;
            checker.optional("help", fact.help.as_deref())?;
            checker.value("value", &fact.value)?;
            checker.format(fact.format)?;
            checker.up_to("width", fact.width, 12)?;
            checker.maybe_target(fact.target.as_ref())
        })
    }

    fn metric(&mut self, metric: &Metric) -> Checked {
        self.filled("label", &metric.label)?;
        self.value("value", &metric.value)?;
        self.format(metric.format)?;
        self.value("change", &metric.change)?;
        self.format(metric.change_format)?;
        self.optional("unit-of-measure", metric.unit_of_measure.as_deref())?;
        self.optional("note", metric.note.as_deref())?;
        self.maybe_target(metric.target.as_ref())
    }

    fn event(&mut self, event: &Event) -> Checked {
        if !matches!(event.at, Value::Date(_) | Value::Instant(_)) {
            return self.wrong("at: neither a date nor an instant");
        }
        self.value("at", &event.at)?;
        self.filled("title", &event.title)?;
        self.optional("text", event.text.as_deref())?;
        self.maybe_target(event.target.as_ref())
    }

    fn step(&mut self, step: &Step) -> Checked {
        self.filled("title", &step.title)?;
        self.date_or_empty("due", &step.due)?;
        self.optional("note", step.note.as_deref())?;
        self.maybe_target(step.target.as_ref())
    }

    fn progress(&mut self, progress: &Progress) -> Checked {
        self.filled("title", &progress.title)?;
        self.text("counted", &progress.counted)?;
        self.at("started", |checker| checker.instant(progress.started))?;
        if let Some(ended) = progress.ended {
            self.at("ended", |checker| checker.instant(ended))?;
        }
        if let Some(notice) = &progress.notice {
            self.at("notice", |checker| checker.notice(notice))?;
        }
        self.maybe_target(progress.target.as_ref())
    }

    fn document(&mut self, document: &Document) -> Checked {
        self.filled("title", &document.title)?;
        self.optional("number", document.number.as_deref())?;
        self.date_or_empty("date", &document.date)?;
        self.maybe_target(document.target.as_ref())?;
        self.actions("actions", &document.actions)
    }

    fn date_or_empty(&mut self, name: &'static str, value: &Value) -> Checked {
        if matches!(value, Value::Date(_) | Value::Empty) {
            return self.value(name, value);
        }
        self.at(name, |checker| checker.wrong("neither a date nor empty"))
    }
}
