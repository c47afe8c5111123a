//! Pages, sections, links, buttons, running text.

use super::{
    Action, Block, Chart, Document, Effect, EntryGrid, Event, Facts, Filters, Form, Label, Layout, Link,
    Marks, Metric, Notice, Page, Paragraph, ParagraphKind, Progress, Prominence, Section, SheetImport, Span,
    Step, SubmitEffect, Table, Target, Tone,
};
use crate::UnitId;
use crate::language::Language;
use crate::time::Timestamp;

impl Page {
    /// A page with nothing on it but its title.
    pub fn new(title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            subtitle: None,
            breadcrumbs: Vec::new(),
            actions: Vec::new(),
            sections: Vec::new(),
            label: Label::Ordinary,
            as_of: None,
            letterhead: None,
        }
    }

    /// A line under the title.
    pub fn subtitle(mut self, subtitle: impl Into<String>) -> Self {
        self.subtitle = Some(subtitle.into());
        self
    }

    /// One more step of the way here, outermost first.
    pub fn breadcrumb(mut self, text: impl Into<String>, target: impl Into<Target>) -> Self {
        self.breadcrumbs.push(Link::new(text, target));
        self
    }

    /// What can be done on the page as a whole.
    pub fn action(mut self, action: Action) -> Self {
        self.actions.push(action);
        self
    }

    /// One more section.
    pub fn section(mut self, section: Section) -> Self {
        self.sections.push(section);
        self
    }

    /// One more block, in the section added last, or in one without a title.
    pub fn block(mut self, block: impl Into<Block>) -> Self {
        if self.sections.is_empty() {
            self.sections.push(Section::untitled("main"));
        }
        if let Some(section) = self.sections.last_mut() {
            section.blocks.push(block.into());
        }
        self
    }

    /// One more block, where there is one.
    pub fn block_some(self, block: Option<impl Into<Block>>) -> Self {
        match block {
            Some(block) => self.block(block),
            None => self,
        }
    }

    /// How confidential the page is; the host raises it to what the call has read.
    pub fn label(mut self, label: Label) -> Self {
        self.label = label;
        self
    }

    /// The unit in whose name the page is printed: the reader's own, or one where the reader holds a permission of this
    /// plugin; else it is not printed. The reader's own, where none is named.
    pub fn letterhead(mut self, unit: UnitId) -> Self {
        self.letterhead = Some(unit.0);
        self
    }

    /// When what is shown was true, where that is not now.
    pub fn as_of(mut self, moment: Timestamp) -> Self {
        self.as_of = Some(moment.as_microsecond());
        self
    }
}

/// Texts that a plugin left to the SDK, in the language of the page.
pub(crate) fn complete(page: &mut Page, language: Language) {
    let fill = |text: &mut String, vi: &str, en: &str| {
        if text.is_empty() {
            language.of(vi, en).clone_into(text);
        }
    };
    for block in page.sections.iter_mut().flat_map(|section| &mut section.blocks) {
        match block {
            Block::Table(table) => fill(&mut table.empty_text, "Chưa có dữ liệu.", "Nothing here yet."),
            Block::Form(form) => fill(&mut form.submit, "Lưu", "Save"),
            Block::EntryGrid(grid) => fill(&mut grid.submit, "Lưu", "Save"),
            Block::Filters(filters) => fill(&mut filters.submit, "Lọc", "Filter"),
            _ => {}
        }
    }
}

impl Section {
    /// A section with a title. The id is its anchor: a–z, 0–9, `-`, and like those of tables, forms, charts
    /// and imports, on the page once.
    pub fn new(id: impl Into<String>, title: impl Into<String>) -> Self {
        Self { title: Some(title.into()), ..Self::untitled(id) }
    }

    /// A section without a title.
    pub fn untitled(id: impl Into<String>) -> Self {
        Self { id: id.into(), title: None, layout: Layout::Stacked, collapsed: false, blocks: Vec::new() }
    }

    /// One more block.
    pub fn block(mut self, block: impl Into<Block>) -> Self {
        self.blocks.push(block.into());
        self
    }

    /// One more block, where there is one.
    pub fn block_some(self, block: Option<impl Into<Block>>) -> Self {
        match block {
            Some(block) => self.block(block),
            None => self,
        }
    }

    /// How the blocks stand.
    pub fn layout(mut self, layout: Layout) -> Self {
        self.layout = layout;
        self
    }

    /// Closed until the reader opens it.
    pub fn collapsed(mut self) -> Self {
        self.collapsed = true;
        self
    }
}

impl Link {
    /// A link.
    pub fn new(text: impl Into<String>, target: impl Into<Target>) -> Self {
        Self { text: text.into(), target: target.into() }
    }
}

impl Action {
    /// A button that goes somewhere.
    pub fn open(text: impl Into<String>, target: impl Into<Target>) -> Self {
        Self::new(text, Effect::Open(target.into()))
    }

    /// A button that submits: comes back as a submission of `form`, without a form to fill in.
    pub fn submit(text: impl Into<String>, form: impl Into<String>) -> Self {
        Self::new(text, Effect::Submit(SubmitEffect { form: form.into(), inputs: Vec::new(), confirm: None }))
    }

    /// A button that exports the table with this id.
    pub fn export(text: impl Into<String>, table: impl Into<String>) -> Self {
        Self::new(text, Effect::ExportTable(table.into()))
    }

    fn new(text: impl Into<String>, effect: Effect) -> Self {
        Self { text: text.into(), prominence: Prominence::Secondary, effect, disabled: None }
    }

    /// An input that a submitting button sends along.
    pub fn input(mut self, name: impl Into<String>, text: impl Into<String>) -> Self {
        if let Effect::Submit(submit) = &mut self.effect {
            submit.inputs.push((name.into(), text.into()));
        }
        self
    }

    /// A question to confirm before a submitting button does anything.
    pub fn confirm(mut self, question: impl Into<String>) -> Self {
        if let Effect::Submit(submit) = &mut self.effect {
            submit.confirm = Some(question.into());
        }
        self
    }

    /// The most prominent button of its place.
    pub fn primary(mut self) -> Self {
        self.prominence = Prominence::Primary;
        self
    }

    /// A button that takes something away.
    pub fn danger(mut self) -> Self {
        self.prominence = Prominence::Danger;
        self
    }

    /// Shown, but cannot be used now, for this reason.
    pub fn disabled(mut self, reason: impl Into<String>) -> Self {
        self.disabled = Some(reason.into());
        self
    }
}

impl Notice {
    /// A message that stands out.
    pub fn new(tone: Tone, title: impl Into<String>, text: impl Into<String>) -> Self {
        Self { tone, title: title.into(), text: text.into() }
    }

    /// Something worth knowing.
    pub fn info(title: impl Into<String>) -> Self {
        Self::new(Tone::Info, title, "")
    }

    /// Something to look at.
    pub fn warning(title: impl Into<String>) -> Self {
        Self::new(Tone::Warning, title, "")
    }

    /// And what to do about it.
    pub fn text(mut self, text: impl Into<String>) -> Self {
        self.text = text.into();
        self
    }
}

impl Paragraph {
    /// A paragraph.
    pub fn new(text: impl Into<String>) -> Self {
        Self::of_kind(ParagraphKind::Paragraph, text)
    }

    /// A heading within a section.
    pub fn heading(text: impl Into<String>) -> Self {
        Self::of_kind(ParagraphKind::Heading, text)
    }

    /// An item of a list.
    pub fn bullet(text: impl Into<String>) -> Self {
        Self::of_kind(ParagraphKind::Bullet, text)
    }

    /// Set apart in smaller type: sources, footnotes.
    pub fn note(text: impl Into<String>) -> Self {
        Self::of_kind(ParagraphKind::Note, text)
    }

    fn of_kind(kind: ParagraphKind, text: impl Into<String>) -> Self {
        Self { kind, spans: vec![Span::new(text)] }
    }

    /// One more run of text.
    pub fn span(mut self, span: Span) -> Self {
        self.spans.push(span);
        self
    }
}

impl Span {
    /// A run of text.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), marks: Marks::empty(), link: None }
    }

    /// A run of text that leads somewhere.
    pub fn link(text: impl Into<String>, target: impl Into<Target>) -> Self {
        Self { text: text.into(), marks: Marks::empty(), link: Some(target.into()) }
    }

    /// Set in bold.
    pub fn strong(mut self) -> Self {
        self.marks = self.marks | Marks::STRONG;
        self
    }
}

macro_rules! blocks {
    ($($block:ident: $from:ty;)*) => {$(
        impl From<$from> for Block {
            fn from(inner: $from) -> Self {
                Self::$block(inner)
            }
        }
    )*};
}
blocks! {
    Text: Vec<Paragraph>;
    Notice: Notice;
    Facts: Facts;
    Table: Table;
    Filters: Filters;
    Form: Form;
    EntryGrid: EntryGrid;
    SheetImport: SheetImport;
    Metrics: Vec<Metric>;
    Chart: Chart;
    Timeline: Vec<Event>;
    Steps: Vec<Step>;
    Documents: Vec<Document>;
    Actions: Vec<Action>;
    Tabs: Vec<Link>;
    Progress: Progress;
}

impl From<Paragraph> for Block {
    fn from(paragraph: Paragraph) -> Self {
        Self::Text(vec![paragraph])
    }
}

impl From<Action> for Block {
    fn from(action: Action) -> Self {
        Self::Actions(vec![action])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_left_out_are_filled_in_the_language_of_the_page() {
        let mut page = Page::new("x").block(Table::new("t")).block(Form::new("f", ""));
        complete(&mut page, Language::En);
        let [Block::Table(table), Block::Form(form)] = page.sections[0].blocks.as_slice() else {
            panic!("a table and a form")
        };
        assert_eq!((table.empty_text.as_str(), form.submit.as_str()), ("Nothing here yet.", "Save"));
    }

    #[test]
    fn a_button_that_opens_ignores_what_only_submitting_ones_have() {
        let action = Action::open("Mở", "/").confirm("?").input("a", "b");
        assert_eq!(action.effect, Effect::Open(Target::Page("/".into())));
    }
}
