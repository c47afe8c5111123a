//! Blocks of views, built with what they are usually built with.

use dinh_model::{Timestamp, time};
use dinh_runtime::bindings::types::{Label, Value};
use dinh_runtime::bindings::views::*;

/// A page with nothing on it but its title.
pub fn page(title: String) -> Page {
    Page {
        title,
        subtitle: None,
        breadcrumbs: Vec::new(),
        actions: Vec::new(),
        sections: Vec::new(),
        label: Label::Ordinary,
        as_of: None,
        letterhead: None,
    }
}

/// A section with a title.
pub fn section(id: &str, title: String, blocks: Vec<Block>) -> Section {
    Section { title: Some(title), ..untitled(id, blocks) }
}

/// A section without one.
pub fn untitled(id: &str, blocks: Vec<Block>) -> Section {
    Section { id: id.to_owned(), title: None, layout: Layout::Stacked, collapsed: false, blocks }
}

/// A section that is opened when it is needed: a form that few who see the page came for.
pub fn folded(id: &str, title: String, blocks: Vec<Block>) -> Section {
    Section { collapsed: true, ..section(id, title, blocks) }
}

/// A form that is opened when it is needed.
pub fn folded_form(id: &str, title: String, form: Form) -> Section {
    folded(id, title, vec![Block::Form(form)])
}

/// A page of the administration.
pub fn to(path: impl Into<String>) -> Target {
    Target::Page(path.into())
}

/// A link.
pub fn link(text: impl Into<String>, path: impl Into<String>) -> Link {
    Link { text: text.into(), target: to(path) }
}

/// A button that goes somewhere.
pub fn open(text: String, path: impl Into<String>) -> Action {
    Action { text, prominence: Prominence::Secondary, effect: Effect::Open(to(path)), disabled: None }
}

/// The button that the page is there for.
pub fn open_first(text: String, path: impl Into<String>) -> Action {
    Action { prominence: Prominence::Primary, ..open(text, path) }
}

/// A button that does something once its question is confirmed.
pub fn deed(text: String, form: &str, confirm: String) -> Action {
    let effect = SubmitEffect { form: form.to_owned(), inputs: Vec::new(), confirm: Some(confirm) };
    Action { text, prominence: Prominence::Secondary, effect: Effect::Submit(effect), disabled: None }
}

/// A button that ends what is selected.
pub fn danger(text: String, form: &str) -> Action {
    let effect = SubmitEffect { form: form.to_owned(), inputs: Vec::new(), confirm: None };
    Action { text, prominence: Prominence::Danger, effect: Effect::Submit(effect), disabled: None }
}

/// A text.
pub fn text(text: impl Into<String>) -> Value {
    Value::Text(text.into())
}

/// A moment.
pub fn moment(moment: Timestamp) -> Value {
    Value::Instant(time::microseconds(moment))
}

/// A count.
pub fn count(count: usize) -> Value {
    Value::Integer(i64::try_from(count).unwrap_or(i64::MAX))
}

/// A fact as its value shows itself.
pub fn fact(label: String, value: Value) -> Fact {
    Fact { label, value, format: Format::Plain, tone: Tone::Neutral, target: None, help: None, width: 0 }
}

/// A fact that is a state.
pub fn badge(label: String, state: String, tone: Tone) -> Fact {
    Fact { format: Format::Badge, tone, ..fact(label, Value::Text(state)) }
}

/// A fact that leads somewhere.
pub fn leading(label: String, value: Value, path: impl Into<String>) -> Fact {
    Fact { target: Some(to(path)), ..fact(label, value) }
}

/// Labelled values.
pub fn facts(facts: Vec<Fact>) -> Block {
    Block::Facts(Facts { title: None, facts })
}

/// A figure that stands for a whole.
pub fn metric(label: String, value: usize, path: Option<String>) -> Metric {
    Metric {
        label,
        value: count(value),
        format: Format::Integer,
        unit_of_measure: None,
        change: Value::Empty,
        change_format: Format::Plain,
        tone: Tone::Neutral,
        note: None,
        target: path.map(Target::Page),
    }
}

/// A note in small type.
pub fn note(words: String) -> Block {
    let marks = Marks::empty();
    let spans = vec![Span { text: words, marks, link: None }];
    Block::Text(vec![Paragraph { kind: ParagraphKind::Note, spans }])
}

/// A message that stands out.
pub fn notice(tone: Tone, title: String, text: String) -> Notice {
    Notice { tone, title, text }
}

/// Links, one below the other.
pub fn bullets(links: Vec<Link>) -> Block {
    let paragraph = |link: Link| Paragraph {
        kind: ParagraphKind::Bullet,
        spans: vec![Span { text: link.text, marks: Marks::empty(), link: Some(link.target) }],
    };
    Block::Text(links.into_iter().map(paragraph).collect())
}
