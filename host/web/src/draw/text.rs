//! Texts and notices.

use dinh_runtime::bindings::views::{Marks, Notice, Paragraph, ParagraphKind, Span};
use maud::{Markup, html};

use super::{Canvas, sign, tone};

/// Paragraphs; neighbours of a list become one list.
pub fn text(canvas: &Canvas<'_>, paragraphs: &[Paragraph]) -> Markup {
    let runs = paragraphs.chunk_by(|a, b| a.kind == b.kind && is_list(a.kind));
    html! {
        div class="prose" { @for run in runs { (self::run(canvas, run)) } }
    }
}

fn is_list(kind: ParagraphKind) -> bool {
    matches!(kind, ParagraphKind::Bullet | ParagraphKind::Numbered)
}

fn run(canvas: &Canvas<'_>, run: &[Paragraph]) -> Markup {
    let items = html! { @for paragraph in run { li { (spans(canvas, &paragraph.spans)) } } };
    match run.first().map(|paragraph| paragraph.kind) {
        Some(ParagraphKind::Bullet) => html! { ul { (items) } },
        Some(ParagraphKind::Numbered) => html! { ol { (items) } },
        _ => html! {
            @for paragraph in run {
                @let content = spans(canvas, &paragraph.spans);
                @match paragraph.kind {
                    ParagraphKind::Heading => { h3 { (content) } }
                    ParagraphKind::Quote => { blockquote { p { (content) } } }
                    ParagraphKind::Note => { p class="note" { (content) } }
                    _ => { p { (content) } }
                }
            }
        },
    }
}

fn spans(canvas: &Canvas<'_>, spans: &[Span]) -> Markup {
    html! { @for span in spans { (self::span(canvas, span)) } }
}

fn span(canvas: &Canvas<'_>, span: &Span) -> Markup {
    let mut content = canvas.linked(span.link.as_ref(), &span.text);
    if span.marks.contains(Marks::CODE) {
        content = html! { code { (content) } };
    }
    if span.marks.contains(Marks::EMPHASIS) {
        content = html! { em { (content) } };
    }
    if span.marks.contains(Marks::STRONG) {
        content = html! { strong { (content) } };
    }
    content
}

/// A message that stands out.
pub fn notice(notice: &Notice) -> Markup {
    html! {
        div class={ "notice " (tone(notice.tone)) } {
            span class="sign" aria-hidden="true" { (sign(notice.tone)) }
            div {
                h3 { (notice.title) }
                @if !notice.text.is_empty() { p { (notice.text) } }
            }
        }
    }
}
