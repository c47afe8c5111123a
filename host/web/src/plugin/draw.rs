//! A rendered view as an answer: HTML in its frame, or JSON.

use axum::http::{StatusCode, header};
use axum::response::Response;
use dinh_model::Label;
use dinh_runtime::bindings::types;
use dinh_runtime::bindings::views::{Notice, Page, Target};
use maud::html;
use serde_json::json;

use super::address::Address;
use crate::app::App;
use crate::draw::confirm::Question;
use crate::draw::{self, Canvas, SheetAtHand, Unreadable};
use crate::form::Filled;
use crate::json::{self as twin, Twin};
use crate::lookup::Lookup;
use crate::respond;
use crate::visitor::{Visitor, Wants};

/// What is drawn besides the view.
#[derive(Default)]
pub struct Besides<'a> {
    /// A form that came back.
    pub filled: Option<&'a Filled>,
    /// The sheet at hand.
    pub sheet: Option<SheetAtHand<'a>>,
    /// A sheet that could not be read or kept.
    pub unreadable: Option<&'a Unreadable>,
    /// What is asked before a button does what it does; drawn instead of the page.
    pub question: Option<Question<'a>>,
    /// What the page before wanted said.
    pub notice: Option<Notice>,
    /// The status; 200 unless said otherwise.
    pub status: Option<StatusCode>,
}

/// The answer.
pub fn draw(app: &App, visitor: &Visitor, address: &Address, page: &Page, besides: &Besides<'_>) -> Response {
    let lookup = Lookup::new(app, visitor, Some(address.plugin.clone()));
    let label = label(page.label);
    let guard = visitor.guard();
    let mut response = if visitor.wants == Wants::Json {
        let mut value = twin::page(Twin { place: address.place(), directory: &lookup, label }, page);
        if let (Some(object), Some(sheet)) = (value.as_object_mut(), besides.sheet) {
            object.insert("sheet".into(), super::import::json(address, &sheet));
        }
        if let (Some(object), Some(guard)) = (value.as_object_mut(), &guard) {
            object.insert(
                "csrf".into(),
                json!(guard.token(&draw::purpose(address.plugin.manifest.id.as_str()))),
            );
        }
        respond::json(&value)
    } else {
        let whose = visitor.account().and_then(|account| app.keeper.mark(account));
        let canvas = Canvas {
            texts: visitor.texts(),
            formats: visitor.formats(),
            place: address.place(),
            directory: &lookup,
            guard: guard.as_ref(),
            whose: whose.as_deref(),
            filled: besides.filled,
            sheet: besides.sheet,
            unreadable: besides.unreadable,
            label,
            today: lookup.today(),
            // A page that refused what was asked prints nothing.
            prints: prints(app, visitor, address).filter(|_| besides.status != Some(StatusCode::BAD_REQUEST)),
            largest_file: app.platform.options().files.file_bytes,
        };
        if let Some(question) = &besides.question {
            let content = draw::confirm::confirm(&canvas, page, question);
            let application = respond::application(app, visitor, &address.plugin, &way(address, page));
            return respond::page(
                app,
                visitor,
                &visitor.texts().say("confirm-title"),
                Some(&application),
                &content,
            );
        }
        let application = respond::application(app, visitor, &address.plugin, &way(address, page));
        let content = html! { (respond::notice(besides.notice.as_ref())) (draw::page(&canvas, page)) };
        respond::page(app, visitor, &page.title, Some(&application), &content)
    };
    let drawn_anew = besides.filled.is_none() && besides.status.is_none();
    if visitor.wants == Wants::Html && drawn_anew && draw::progress::comes_anew(page) {
        // Without a script too.
        response.headers_mut().insert(header::REFRESH, draw::progress::COMES_ANEW.into());
    }
    if let Some(status) = besides.status {
        *response.status_mut() = status;
    }
    if besides.notice.is_some() && visitor.wants == Wants::Html {
        respond::said(&mut response, visitor);
    }
    response
}

/// Where a page is: its path, then those of its breadcrumbs, the nearest first.
fn way<'a>(address: &'a Address, page: &'a Page) -> Vec<&'a str> {
    let above = page.breadcrumbs.iter().rev().filter_map(|link| match &link.target {
        Target::Page(path) => Some(path.as_str()),
        _ => None,
    });
    std::iter::once(address.path.as_str()).chain(above).collect()
}

/// The forms in which a page can be printed.
fn prints(app: &App, visitor: &Visitor, address: &Address) -> Option<Vec<(String, String)>> {
    app.press.as_ref()?;
    visitor.session.as_ref()?;
    let forms = address.plugin.manifest.prints_of(&address.path);
    Some(forms.map(|form| (form.name.clone(), form.title.get(visitor.language).to_owned())).collect())
}

/// The label as the host has it. The runtime has refused pages of the two highest, which no platform of this
/// kind may hold.
pub fn label(label: types::Label) -> Label {
    match label {
        types::Label::Ordinary => Label::Ordinary,
        types::Label::Confidential | types::Label::Secret | types::Label::TopSecret => Label::Confidential,
    }
}
