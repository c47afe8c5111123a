//! A page: the way here, its title and actions, its sections.

use dinh_model::{Label, time};
use dinh_runtime::bindings::views::{Block, Layout, Page, Section};
use maud::{Markup, html};

use super::Canvas;
use crate::form::find;
use crate::format;

/// The content of a page, to be set into the shell.
pub fn page(canvas: &Canvas<'_>, page: &Page) -> Markup {
    html! {
        @if !page.breadcrumbs.is_empty() {
            nav class="crumbs" aria-label=(canvas.texts.say("page-way-here")) {
                ol {
                    @for link in &page.breadcrumbs { li { (canvas.link(&link.target, &link.text)) } }
                    li aria-current="page" { (page.title) }
                }
            }
        }
        div class="page-head" {
            div {
                h1 { (page.title) }
                @if let Some(subtitle) = &page.subtitle { p class="subtitle" { (subtitle) } }
                (facts_line(canvas, page))
            }
            (super::actions::row(canvas, &page.actions))
            (super::actions::prints(canvas))
        }
        (super::form::summary(canvas, page))
        @for section in &page.sections { (self::section(canvas, section)) }
    }
}

fn facts_line(canvas: &Canvas<'_>, page: &Page) -> Markup {
    let as_of = page.as_of.and_then(time::from_microseconds).map(format::instant);
    html! {
        @if canvas.label > Label::Ordinary || as_of.is_some() {
            p class="facts-line" {
                @if canvas.label > Label::Ordinary {
                    span class="stamp" { (canvas.label.name(canvas.texts.language())) }
                }
                @if let Some(moment) = as_of { span { (canvas.texts.with("page-as-of", &[("moment", &moment)])) } }
            }
        }
    }
}

fn section(canvas: &Canvas<'_>, section: &Section) -> Markup {
    let columns = match section.layout {
        Layout::Stacked => "blocks",
        Layout::TwoColumns => "blocks two",
        Layout::ThreeColumns => "blocks three",
    };
    let blocks = html! {
        div class=(columns) { @for block in &section.blocks { (self::block(canvas, block)) } }
    };
    html! {
        section class="section" id=(section.id) {
            @match &section.title {
                Some(title) if section.collapsed => {
                    // What is to be mended stands open.
                    details open[canvas.filled.is_some_and(|filled| find::within(section, &filled.form).is_some())] { summary { h2 { (title) } } (blocks) }
                }
                Some(title) => { h2 { (title) } (blocks) }
                None => { (blocks) }
            }
        }
    }
}

/// One block.
pub fn block(canvas: &Canvas<'_>, block: &Block) -> Markup {
    match block {
        Block::Text(paragraphs) => super::text::text(canvas, paragraphs),
        Block::Notice(notice) => super::text::notice(notice),
        Block::Facts(facts) => super::facts::facts(canvas, facts),
        Block::Table(table) => super::table::table(canvas, table),
        Block::Filters(filters) => super::filters::filters(canvas, filters),
        Block::Form(form) => super::form::form(canvas, form),
        Block::EntryGrid(grid) => super::grid::grid(canvas, grid),
        Block::SheetImport(import) => super::import::import(canvas, import),
        Block::Metrics(metrics) => super::metrics::metrics(canvas, metrics),
        Block::Chart(chart) => super::chart::chart(canvas, chart),
        Block::Timeline(events) => super::timeline::timeline(canvas, events),
        Block::Steps(steps) => super::steps::steps(canvas, steps),
        Block::Documents(documents) => super::documents::documents(canvas, documents),
        Block::Actions(actions) => super::actions::row(canvas, actions),
        Block::Tabs(links) => super::tabs::tabs(canvas, links),
        Block::Progress(progress) => super::progress::progress(canvas, progress),
    }
}
