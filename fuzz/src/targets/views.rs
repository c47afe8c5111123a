//! Any page is refused, or drawn: as HTML of nothing but our own elements and addresses, as JSON that reads back, both
//! within a bound.
//!
//! An input is a page of the gallery, which has every block, with edits; or, after an odd first byte, a block that is
//! made up.

use std::sync::OnceLock;

use dinh_model::{Label, Language};
use dinh_runtime::bindings::pages::{Done, InputProblem};
use dinh_runtime::bindings::views::{Block, Layout, Page, Section};
use dinh_runtime::view;
use dinh_web::draw::{self, Canvas};
use dinh_web::form::Filled;
use dinh_web::format::Formats;
use dinh_web::guard::Guard;
use dinh_web::json;
use dinh_web::place::Place;
use serde_json::Value;

use crate::edit::Edits;
use crate::made::Maker;
use crate::village::Village;
use crate::{gallery, html, words};

pub fn run(bytes: &[u8]) {
    let Some((how, rest)) = bytes.split_first() else { return };
    let page: Option<Page> = if how & 1 == 0 {
        static GALLERY: OnceLock<Value> = OnceLock::new();
        let gallery = GALLERY.get_or_init(|| serde_json::to_value(gallery()).unwrap());
        Edits::read(rest, words::PAGES).apply(gallery).ok()
    } else {
        let mut maker = Maker::new(rest, words::PAGES);
        if let Ok(done) = maker.make::<Done>()
            && view::check_done(&done).is_ok()
        {
            let plugin = "pci-index".parse().unwrap();
            let place = Place { plugin: &plugin, path: "/gallery", query: &[] };
            html::address(&place.address(&done.target).href, "pci-index");
        }
        let _checked = maker.make::<Vec<InputProblem>>().map(|problems| view::check_problems(&problems));
        maker.make::<Vec<Block>>().ok().map(made)
    };
    let Some(page) = page else { return };
    match view::check(&page) {
        Ok(weight) => look(&page, weight, if how & 2 == 0 { Language::Vi } else { Language::En }),
        Err(problem) => {
            let said = problem.to_string();
            assert!(!said.is_empty() && said.len() < 8_192, "{} bytes", said.len());
        }
    }
}

/// The gallery, with a sheet that is looked at before it is imported.
fn gallery() -> Page {
    let mut page = gallery::page();
    for block in page.sections.iter_mut().flat_map(|section| &mut section.blocks) {
        if let Block::SheetImport(import) = block {
            import.preview = Some(gallery::sheet_preview());
        }
    }
    page
}

fn made(blocks: Vec<Block>) -> Page {
    let section = Section { id: "s".into(), title: None, layout: Layout::Stacked, collapsed: false, blocks };
    Page { sections: vec![section], ..gallery::empty_page("Trang") }
}

/// Draws a page that was checked, in each way there is.
pub fn look(page: &Page, weight: u64, language: Language) {
    assert!(weight <= view::BYTES);
    let plugin = "pci-index".parse().unwrap();
    let place = Place { plugin: &plugin, path: "/gallery", query: &[] };
    let html = drawn(page, place, language, None);
    // Some 40 bytes of markup around each byte of a list of empty texts, and the words of the host.
    assert!(html.len() as u64 <= weight * 60 + (1 << 20), "{weight} bytes become {}", html.len());
    html::look(&html, "pci-index");
    let twin = json::page(json::Twin { place, directory: &Village, label: Label::Ordinary }, page);
    let text = serde_json::to_string(&twin).unwrap();
    assert!(text.len() as u64 <= weight * 60 + (1 << 20), "{weight} bytes become {}", text.len());
    let read: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(read, twin);
    addresses(&read);
}

/// A page as HTML, as it is when a form has come back, too.
pub fn drawn(page: &Page, place: Place<'_>, language: Language, filled: Option<&Filled>) -> String {
    let reader = Village.reader(language);
    let guard = Guard::new([7; 32]);
    let canvas = Canvas {
        texts: reader.texts,
        formats: Formats::of(language),
        place,
        directory: &Village,
        guard: Some(&guard),
        whose: None,
        filled,
        sheet: None,
        unreadable: None,
        label: Label::Ordinary,
        today: reader.today,
        prints: None,
        largest_file: 20 << 20,
    };
    draw::page(&canvas, page).into_string()
}

/// Every address in the JSON twin is one that a page may have.
fn addresses(value: &Value) {
    match value {
        Value::Array(list) => list.iter().for_each(addresses),
        Value::Object(map) => {
            for (name, value) in map {
                match value {
                    Value::String(text) if name == "href" => html::address(text, "pci-index"),
                    // Cells have names that the plugin chose.
                    _ if matches!(name.as_str(), "cells" | "inputs") => {}
                    value => addresses(value),
                }
            }
        }
        _ => {}
    }
}
