//! A page of a plugin as a printed form: a PDF, laid out by a limited child (`dinh-print`).
//!
//! ```text
//! GET ?print=NAME                  the form NAME of the manifest, in Vietnamese, by its template
//!     ?print=page                  any page, by the default template
//!     ?export=TABLE&format=pdf     the table alone, by the default template
//!        │
//!     render as for an export: refused where the page is confidential and the person may not export such
//!     whole    paged tables in full, part by part
//!     data     the JSON twin, with the texts beside the values; about: who prints, for which unit, when
//!     press    the child; a PDF or a typed refusal
//!     evidence that the page leaves, durable before the first byte
//! ```
//!
//! The template sees the page as it is drawn for this person, and nothing else: rights hold by construction.
//! Whoever asks for JSON gets the data that the template would get: that is how a vendor makes an example of it.

mod about;
mod data;
mod evidence;
mod whole;

use std::sync::Arc;

use axum::body::Body;
use axum::response::Response;
use dinh_model::{FormFiles, Label, Language, Target, UnitId};
use dinh_print::{DEFAULT_TEMPLATE, Job, PrintError};
use dinh_runtime::Print;
use serde_json::{Value, json};

use super::address::Address;
use crate::app::App;
use crate::directory::Directory;
use crate::draw::Canvas;
use crate::json::{self as twin, Twin};
use crate::lookup::Lookup;
use crate::pages::call;
use crate::problem::{Kind, Problem};
use crate::respond;
use crate::table_file::saved;
use crate::visitor::{Visitor, Wants};

use whole::Whole;

/// What `?print=` names for the default template.
pub const PAGE: &str = "page";

/// What is asked to be printed.
pub enum Wanted {
    /// A form of the manifest, or [`PAGE`].
    Form(String),
    /// One table of the page.
    Table(String),
}

impl Wanted {
    /// What an address asks for, if it asks for a print.
    pub fn of(address: &Address) -> Option<Self> {
        if let Some(name) = address.host("print") {
            return Some(Self::Form(name.to_owned()));
        }
        let table = address.host("export").filter(|_| address.host("format") == Some("pdf"))?;
        Some(Self::Table(table.to_owned()))
    }
}

/// `GET ?print=NAME`
pub async fn print(
    app: App,
    mut visitor: Visitor,
    mut address: Address,
    wanted: Wanted,
) -> Result<Response, Problem> {
    // Laying out costs far more than drawing: not for everybody on the network.
    let (account, own) = {
        let account = &visitor.signed_in()?.account;
        (account.id, account.unit)
    };
    let off = || Problem::with(Kind::NotFound, visitor.texts().say("problem-print-off"));
    let press = app.press.clone().ok_or_else(off)?;
    let form = form(&address, &wanted)?;
    if form.is_some() {
        // Forms are prescribed in Vietnamese, whatever language their reader has chosen for the pages.
        visitor.language = Language::Vi;
    }
    address.query.retain(|(name, _)| name != "after");
    let only = match &wanted {
        Wanted::Table(table) => Some(table.as_str()),
        Wanted::Form(_) => None,
    };
    let whole = Whole::read(&app, &visitor, &address, only).await?;
    let issuer = issuer(&app, &visitor, &address, &whole, own)?;
    let data = told(&app, &visitor, &address, &whole, form.as_ref(), issuer);
    if visitor.wants == Wants::Json {
        evidence::leave(&app, &visitor, &address, &wanted, &whole).await?;
        return Ok(respond::json(&data));
    }
    let job = job(&app, &visitor, &address, &whole, form.as_ref())?;
    let data = serde_json::to_vec(&data).map_err(|error| Problem::internal(&error))?;
    let turn = app.printing.turn(account, app.options.turn_wait).await.ok_or_else(Problem::busy)?;
    let printed = call::blocking(move || {
        // Whether or not anybody waits for it any more.
        let _turn = turn;
        press.print(&job, data)
    })
    .await?;
    let pdf = printed.map_err(|error| problem(&visitor, &error))?;
    evidence::leave(&app, &visitor, &address, &wanted, &whole).await?;
    Ok(file(&address, form.as_ref(), pdf))
}

/// The unit in whose name the page is printed: the person's own, or the one that the page names where the person holds a
/// permission of the plugin. Nobody prints in the name of others.
fn issuer(
    app: &App,
    visitor: &Visitor,
    address: &Address,
    whole: &Whole,
    own: UnitId,
) -> Result<UnitId, Problem> {
    let Some(named) = whole.page.letterhead.map(UnitId).filter(|named| *named != own) else { return Ok(own) };
    let (policy, now, actor) = (app.platform.policy(), app.platform.clock().now(), visitor.actor());
    let target = Target { label: Label::Ordinary, ..Target::unit(named) };
    let mut permissions = address.plugin.manifest.permissions.iter();
    let holds = permissions.any(|declared| {
        let index = policy.permission(&declared.permission);
        index.is_some_and(|index| policy.check(&actor, index, &target, now))
    });
    if holds {
        return Ok(named);
    }
    let lookup = Lookup::new(app, visitor, Some(Arc::clone(&address.plugin)));
    let name = lookup.unit(named).unwrap_or_else(|| named.to_string());
    let text = visitor.texts().with("problem-print-letterhead", &[("unit", &name)]);
    Err(Problem::with(Kind::Denied, text))
}

/// The form that is asked for, if it is one of the manifest: only on the pages that it prints.
fn form(address: &Address, wanted: &Wanted) -> Result<Option<Print>, Problem> {
    match wanted {
        Wanted::Table(_) => Ok(None),
        Wanted::Form(name) if name == PAGE => Ok(None),
        Wanted::Form(name) => {
            let mut forms = address.plugin.manifest.prints_of(&address.path);
            forms.find(|form| form.name == *name).cloned().map(Some).ok_or_else(|| Kind::NotFound.into())
        }
    }
}

/// The data of a template.
fn told(
    app: &App,
    visitor: &Visitor,
    address: &Address,
    whole: &Whole,
    form: Option<&Print>,
    issuer: UnitId,
) -> Value {
    let lookup = Lookup::new(app, visitor, Some(Arc::clone(&address.plugin)));
    let canvas = Canvas {
        texts: visitor.texts(),
        formats: visitor.formats(),
        place: address.place(),
        directory: &lookup,
        guard: None,
        whose: None,
        filled: None,
        sheet: None,
        unreadable: None,
        label: whole.label,
        today: lookup.today(),
        prints: None,
        largest_file: 0,
    };
    let twin = Twin { place: address.place(), directory: &lookup, label: canvas.label };
    let mut page = twin::page(twin, &whole.page);
    data::with_texts(&canvas, twin, whole, &mut page);
    let title = form.map(|form| form.title.get(visitor.language).to_owned());
    json!({ "page": page, "about": about::about(app, visitor, address, &canvas, whole, title.as_deref(), issuer) })
}

fn job(
    app: &App,
    visitor: &Visitor,
    address: &Address,
    whole: &Whole,
    form: Option<&Print>,
) -> Result<Job, Problem> {
    let files = match form {
        None => FormFiles::default(),
        Some(_) => app.runtime.forms(&address.plugin).map_err(|error| Problem::internal(&error))?,
    };
    let label = whole.label;
    let today = dinh_model::time::day_in_vietnam(app.platform.clock().now());
    let number = |number: i8| u8::try_from(number).unwrap_or(1);
    Ok(Job {
        template: form.map_or_else(|| DEFAULT_TEMPLATE.to_owned(), |form| form.template.clone()),
        files,
        title: whole.page.title.clone(),
        stamp: (label > Label::Ordinary).then(|| label.name(visitor.language).to_owned()),
        today: (today.year().into(), number(today.month()), number(today.day())),
        pages: app.options.print_pages,
    })
}

/// What a person is told; what a vendor has to mend is in the log.
fn problem(visitor: &Visitor, error: &PrintError) -> Problem {
    let texts = visitor.texts();
    match error {
        PrintError::Limit { what, allowed } => {
            tracing::warn!(what, allowed, "a form was not printed: a limit was reached");
            let allowed = visitor.formats().integer(i64::try_from(*allowed).unwrap_or(i64::MAX));
            Problem::with(
                Kind::Export,
                texts.with("problem-print-limit", &[("what", what), ("allowed", &allowed)]),
            )
        }
        PrintError::Template { .. } => {
            tracing::error!(%error, "a form was not printed: its template is wrong");
            Problem::with(
                Kind::Plugin,
                texts.with("problem-print-template", &[("place", &error.to_string())]),
            )
        }
        other => Problem::internal(other),
    }
}

fn file(address: &Address, form: Option<&Print>, pdf: Vec<u8>) -> Response {
    let name = form.map_or(PAGE, |form| &form.name);
    let name = format!("{}-{name}.pdf", address.plugin.manifest.id);
    saved(&name, "application/pdf", Body::from(pdf))
}
