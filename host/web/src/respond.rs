//! Answers: pages in their frame, JSON, redirects with a notice for the next page.

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use dinh_model::{AccountId, PluginId};
use dinh_runtime::Plugin;
use dinh_runtime::bindings::views::{Notice, Target, Tone};
use dinh_services::accounts::{Directory, lenders};
use maud::{Markup, html};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::app::App;
use crate::draw;
use crate::guard::Guard;
use crate::place::Place;
use crate::problem::{Kind, Problem};
use crate::shell::{self, ACTING, Acting, Application, Frame, NavEntry, Who};
use crate::visitor::{Visitor, Wants, cookie, set_cookie};

/// What the form that signs out is made for.
pub const SIGN_OUT: &str = "sign-out";

/// The cookie that carries a notice to the next page.
const NOTICE: &str = "dinh-notice";
/// Longest notice that a cookie carries.
const NOTICE_BYTES: usize = 2_800;

/// A whole page.
pub fn page(
    app: &App,
    visitor: &Visitor,
    title: &str,
    application: Option<&Application>,
    content: &Markup,
) -> Response {
    let who = who(app, visitor);
    let frame = Frame { texts: visitor.texts(), title, who: who.as_ref(), application, here: &visitor.here };
    html(shell::page(&frame, content))
}

/// Marks an answer that a browser runs nothing of, and shows nothing of beside a page of ours: what people brought.
#[derive(Clone, Copy, Debug)]
pub struct Sandboxed;

/// HTML.
pub fn html(page: Markup) -> Response {
    let mut response = Body::from(page.into_string()).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    response
}

/// JSON.
pub fn json(value: &Value) -> Response {
    let mut response = Body::from(value.to_string()).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

/// On to another page.
pub fn see_other(href: &str) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    // Addresses are percent-encoded; one that is not could not be made into a header, and leads home.
    let href = HeaderValue::from_str(href).unwrap_or(HeaderValue::from_static("/"));
    response.headers_mut().insert(header::LOCATION, href);
    response
}

/// Who is signed in.
pub fn who(app: &App, visitor: &Visitor) -> Option<Who> {
    let session = visitor.session.as_ref()?;
    let guard = Guard::new(session.csrf_key);
    let snapshot = app.platform.store().snapshot().ok();
    let unit =
        snapshot.and_then(|snapshot| Directory::new(&snapshot).unit(session.account.unit).ok().flatten());
    Some(Who {
        name: session.account.full_name.clone(),
        login: session.account.login.clone(),
        unit: unit.map(|unit| unit.name).unwrap_or_default(),
        sign_out: guard.token(SIGN_OUT),
        acting: session.on_behalf_of.map(|lender| acting(app, visitor, &guard, lender)),
    })
}

/// For whom they act, and whether that person still lends them anything.
fn acting(app: &App, visitor: &Visitor, guard: &Guard, lender: AccountId) -> Acting {
    let call = app.platform.begin_reading(&visitor.origin(app)).ok();
    let found = call
        .as_ref()
        .and_then(|call| Directory::new(call.transaction.snapshot()).account(lender).ok().flatten());
    let lends = call.is_some_and(|call| {
        lenders(&call).is_ok_and(|lenders| lenders.iter().any(|known| known.account == lender))
    });
    Acting {
        name: found.map_or_else(|| lender.to_string(), |account| account.full_name),
        over: !lends,
        stop: guard.token(ACTING),
    }
}

/// A plugin as the frame shows it: its name and the entries of its menu that the visitor may enter. `way` is where the
/// page is: its path, then those of the pages it stands below, the nearest first.
pub fn application(app: &App, visitor: &Visitor, plugin: &Plugin, way: &[&str]) -> Application {
    let policy = app.platform.policy();
    let now = app.platform.clock().now();
    let actor = visitor.actor();
    let id = &plugin.manifest.id;
    let href = |path: &str| address(id, path);
    let entries =
        plugin.manifest.menu.iter().filter(|entry| plugin.admits(&policy, &actor, &entry.opens_to, now));
    let entries: Vec<_> = entries.collect();
    let current = current(&entries.iter().map(|entry| &*entry.path).collect::<Vec<_>>(), way);
    let menu: Vec<_> = entries
        .iter()
        .map(|entry| NavEntry {
            text: entry.title.get(visitor.language).to_owned(),
            href: href(&entry.path),
            current: bare(&entry.path) == current,
        })
        .collect();
    Application {
        name: plugin.manifest.name.get(visitor.language).to_owned(),
        href: menu.first().map_or_else(|| href("/"), |entry| entry.href.clone()),
        menu,
    }
}

/// Which of a menu's entries says most about where a page is: the longest that its path is below, else that of the nearest
/// page it stands below, else the first page. A first page is above nothing but itself.
fn current<'a>(entries: &[&'a str], way: &[&str]) -> &'a str {
    let above = |entry: &str, path: &str| {
        path == entry
            || (!entry.is_empty() && path.strip_prefix(entry).is_some_and(|rest| rest.starts_with('/')))
    };
    let entries = || entries.iter().map(|entry| bare(entry));
    let nearest =
        |path: &&str| entries().filter(|entry| above(entry, bare(path))).max_by_key(|entry| entry.len());
    way.iter().find_map(nearest).unwrap_or_default()
}

/// A path without its query; the first page's is empty.
fn bare(path: &str) -> &str {
    path.split('?').next().unwrap_or_default().trim_end_matches('/')
}

/// The address of a page of a plugin.
pub fn address(plugin: &PluginId, path: &str) -> String {
    Place { plugin, path: "/", query: &[] }.address(&Target::Page(path.to_owned())).href
}

/// A problem, as the request wants it.
pub fn problem(app: &App, visitor: &Visitor, problem: &Problem) -> Response {
    let texts = visitor.texts();
    let status = problem.kind.status();
    if visitor.wants == Wants::Json {
        let mut response = json(&problem.json(texts));
        *response.status_mut() = status;
        response
            .headers_mut()
            .insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        return response;
    }
    let title = problem.title(texts);
    let retry =
        matches!(problem.kind, Kind::Busy | Kind::Conflict | Kind::Stale | Kind::Internal | Kind::Plugin);
    // What was sent was not taken; the page that it was sent from is still there.
    let back = match problem.kind {
        Kind::TooLarge | Kind::TooMany | Kind::Slow | Kind::Media | Kind::Forged | Kind::Invalid => {
            Some(visitor.here.as_str())
        }
        // So is one on which something else may be done.
        Kind::Denied | Kind::BadRequest if visitor.sends => Some(visitor.here.as_str()),
        // What was wrong is in the query: with it the page is refused again.
        Kind::BadRequest => visitor.here.split('?').next().filter(|path| *path != visitor.here),
        _ => None,
    };
    let content = html! {
        div class="reading" {
            h1 { (title) }
            p class="subtitle" { (problem.text(texts)) }
            @if !problem.problems.is_empty() { ul { @for one in &problem.problems { li { (one.message) } } } }
            @if let Some(incident) = &problem.incident {
                p class="muted" { (texts.say("error-details")) ": " code { (incident) } }
            }
            ul class="actions" {
                @if let Some(back) = back { li { a class="btn primary" href=(back) { (texts.say("error-back")) } } }
                @if retry { li { a class="btn primary" href=(visitor.here) { (texts.say("error-try")) } } }
                li { a class="btn secondary" href="/" { (texts.say("error-home")) } }
            }
        }
    };
    let mut response = page(app, visitor, &title, None, &content);
    *response.status_mut() = status;
    response
}

/// A notice on its way to the next page.
#[derive(Serialize, Deserialize)]
struct Carried {
    tone: u8,
    title: String,
    text: String,
}

const TONES: [Tone; 5] = [Tone::Neutral, Tone::Info, Tone::Good, Tone::Warning, Tone::Bad];

/// Lets the next page say something. The cookie is sealed for the session, so that nobody else can put words
/// into the platform's mouth.
pub fn carry(response: &mut Response, visitor: &Visitor, notice: &Notice) {
    let Some(guard) = visitor.guard() else { return };
    let tone = TONES
        .iter()
        .position(|tone| *tone == notice.tone)
        .and_then(|place| u8::try_from(place).ok())
        .unwrap_or(0);
    let mut carried = Carried { tone, title: notice.title.clone(), text: notice.text.clone() };
    if carried.title.len() + carried.text.len() > NOTICE_BYTES / 2 {
        carried.text.clear();
        carried.title = carried.title.chars().take(300).collect();
    }
    let Ok(text) = serde_json::to_string(&carried) else { return };
    let text = data_encoding::BASE64URL_NOPAD.encode(text.as_bytes());
    let seal = guard.seal("notice", &[&text]);
    if let Some(cookie) = set_cookie(NOTICE, &format!("{text}.{seal}"), visitor.secure, Some(60)) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
}

/// What the page before wanted said here.
pub fn carried(visitor: &Visitor, headers: &axum::http::HeaderMap) -> Option<Notice> {
    let cookie = cookie(headers, NOTICE)?;
    let (text, seal) = cookie.split_once('.')?;
    if !visitor.guard()?.sealed("notice", &[text], seal) {
        return None;
    }
    let bytes = data_encoding::BASE64URL_NOPAD.decode(text.as_bytes()).ok()?;
    let carried: Carried = serde_json::from_slice(&bytes).ok()?;
    let tone = TONES.get(usize::from(carried.tone)).copied().unwrap_or(Tone::Neutral);
    Some(Notice { tone, title: carried.title, text: carried.text })
}

/// Takes the notice back: it is said once.
pub fn said(response: &mut Response, visitor: &Visitor) {
    if let Some(cookie) = set_cookie(NOTICE, "", visitor.secure, Some(0)) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
}

/// A notice above a page.
pub fn notice(notice: Option<&Notice>) -> Markup {
    html! {
        @if let Some(notice) = notice { div class="page-notice" role="status" { (draw::text::notice(notice)) } }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_entry_of_a_page_is_the_one_it_stands_below_by_its_path_or_else_by_its_breadcrumbs() {
        let menu = ["/", "/estimates", "/fund", "/report", "/report/late?year=2026"];
        for (way, expected) in [
            (&["/"][..], ""),
            (&["/report"], "/report"),
            (&["/report/late/7"], "/report/late"),
            (&["/reports"], ""),
            (&["/settlements/7", "/estimates?unit=3&year=2026"], "/estimates"),
            (&["/settlements/7/lines", "/settlements/7", "/estimates"], "/estimates"),
            (&["/fund/7", "/estimates"], "/fund"),
            (&["/members/7", "/?unit=3", "/fund"], ""),
            (&["/members/7"], ""),
            (&[], ""),
        ] {
            assert_eq!(current(&menu, way), expected, "{way:?}");
        }
    }
}
