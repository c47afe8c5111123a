//! Who is asking, in which language, for what kind of answer: found out once for each request.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, header};
use dinh_model::{AccountId, Actor, Language};
use dinh_services::Origin;
use dinh_services::accounts::{Session, SessionError, SessionKind, TokenScope};

use crate::app::{App, Options};
use crate::format::Formats;
use crate::guard::Guard;
use crate::messages::Texts;
use crate::places::Place;
use crate::problem::{Kind, Problem};

/// The kind of answer that is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wants {
    /// A page.
    Html,
    /// Its JSON twin.
    Json,
}

/// How a session was shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// By a cookie: a browser, which other sites can make send requests.
    Cookie,
    /// By an `Authorization` header: a program.
    Bearer,
}

/// Who takes out something long.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Taker {
    /// Who is signed in.
    Account(AccountId),
    /// Nobody who is.
    Address(IpAddr),
}

/// Who is asking.
#[derive(Clone, Debug)]
pub struct Visitor {
    /// Their session, if they are signed in.
    pub session: Option<Arc<Session>>,
    /// How they showed it.
    pub by: By,
    /// The token they showed, whether or not it opens anything.
    pub token: Option<String>,
    /// They were signed in, and the session is over.
    pub ended: bool,
    /// The language they read.
    pub language: Language,
    /// The kind of answer they want.
    pub wants: Wants,
    /// Where they are.
    pub address: IpAddr,
    /// The request came by TLS.
    pub secure: bool,
    /// Path and query.
    pub here: String,
    /// They sent something, rather than asked for a page.
    pub sends: bool,
    /// The request does not say that it comes from another site.
    pub same_origin: bool,
}

/// The cookie that holds the token of a page session. The prefix makes browsers bind it to this host, and
/// take it by TLS only.
pub fn cookie_name(secure: bool) -> &'static str {
    if secure { "__Host-dinh" } else { "dinh" }
}

/// The cookie that holds the language.
pub const LANGUAGE_COOKIE: &str = "dinh-language";

impl Visitor {
    /// Finds out who asks. A session that the store could not look up is a failure, not a stranger.
    pub fn of(app: &App, parts: &Parts) -> Result<Self, Box<(Self, Problem)>> {
        let headers = &parts.headers;
        let (address, secure) = origin(&app.options, parts);
        let wants = wants(headers, parts.uri.path());
        let (by, token) = match bearer(headers) {
            Some(token) => (By::Bearer, Some(token)),
            None => (By::Cookie, cookie(headers, cookie_name(secure))),
        };
        let mut visitor = Self {
            session: None,
            by,
            token,
            ended: false,
            language: language(headers, wants),
            wants,
            address,
            secure,
            here: parts.uri.path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string),
            sends: !parts.method.is_safe(),
            same_origin: same_origin(headers),
        };
        let Some(token) = &visitor.token else { return Ok(visitor) };
        match app.platform.session(token) {
            Ok(session) if (session.kind == SessionKind::Page) == (by == By::Cookie) => {
                visitor.session = Some(session);
            }
            // A page's token is no program's, and the other way round.
            Ok(_) | Err(SessionError::Unknown) => {}
            Err(SessionError::Expired | SessionError::Suspended) => visitor.ended = true,
            Err(SessionError::Service(error)) => {
                let problem = Problem::service(&error, visitor.language);
                return Err(Box::new((visitor, problem)));
            }
        }
        Ok(visitor)
    }

    /// A place among those who take out something long, until it is dropped.
    pub fn transfer(&self, app: &App) -> Result<Place<Taker>, Problem> {
        let taker = self.account().map_or(Taker::Address(self.address), Taker::Account);
        app.transfers.take(taker).ok_or_else(Problem::busy)
    }

    /// Goes on only while the session that the request came with is open: what leaves in parts ends with it.
    pub fn still(&self, app: &App) -> Result<(), Problem> {
        let (Some(known), Some(token)) = (&self.session, &self.token) else { return Ok(()) };
        match app.platform.session(token) {
            Ok(session) if session.actor() == known.actor() => Ok(()),
            Err(SessionError::Service(error)) => Err(Problem::service(&error, self.language)),
            _ => Err(Kind::Denied.into()),
        }
    }

    /// The host's words for them.
    pub fn texts(&self) -> Texts {
        Texts::of(self.language)
    }

    /// How numbers look for them.
    pub fn formats(&self) -> Formats {
        Formats::of(self.language)
    }

    /// Who they are as the actor of calls.
    pub fn actor(&self) -> Actor {
        self.session.as_ref().map_or(Actor::Public, |session| session.actor())
    }

    /// What the access token that they showed reaches; none for whoever signed in.
    pub fn scope(&self) -> Option<Arc<TokenScope>> {
        self.session.as_ref().and_then(|session| session.scope.clone())
    }

    /// Where a call of theirs comes from.
    pub fn origin(&self, app: &App) -> Origin {
        app.platform.origin(self.actor(), self.language).within(self.scope()).from_address(self.address)
    }

    /// Their session, or the problem that they have none.
    pub fn signed_in(&self) -> Result<&Arc<Session>, Problem> {
        self.session.as_ref().ok_or_else(|| Kind::SignIn.into())
    }

    /// Their account, if they are signed in.
    pub fn account(&self) -> Option<AccountId> {
        self.session.as_ref().map(|session| session.account.id)
    }

    /// Makes and checks the tokens of their forms.
    pub fn guard(&self) -> Option<Guard> {
        self.session.as_ref().map(|session| Guard::new(session.csrf_key))
    }

    /// Goes on only if a form for `purpose` was sent by them and not made up by another site. Programs that
    /// show their token themselves cannot be made to.
    pub fn require_token(&self, purpose: &str, token: Option<&str>) -> Result<(), Problem> {
        let guard = self.guard().ok_or(Kind::SignIn)?;
        let ours = || self.same_origin && token.is_some_and(|token| guard.allows(purpose, token));
        if self.by == By::Bearer || ours() { Ok(()) } else { Err(Kind::Forged.into()) }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Visitor {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let found = parts.extensions.get::<Self>().cloned();
        found.ok_or_else(|| Problem::internal(&"the frame has not found out who asks"))
    }
}

/// Where the request comes from, and whether by TLS.
fn origin(options: &Options, parts: &Parts) -> (IpAddr, bool) {
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
    let peer = peer.map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |ConnectInfo(address)| address.ip());
    let peer = peer.to_canonical();
    if !options.proxies.contains(&peer) {
        return (peer, options.tls);
    }
    // The last address that is not a proxy's own: what stands before it anybody may have written.
    let mut hops = from_the_right(&parts.headers, "x-forwarded-for").map_while(hop).enumerate();
    let client = hops.find(|(_, address)| !options.proxies.contains(address));
    let (skipped, address) = client.unwrap_or((0, peer));
    // Each proxy writes how it was reached; a chain of which only the first does so has one entry for all.
    let scheme = from_the_right(&parts.headers, "x-forwarded-proto").take(skipped + 1).last();
    (address, options.tls || scheme.is_some_and(|scheme| scheme.eq_ignore_ascii_case("https")))
}

/// The entries of a header that proxies append to, the last one first. Whether a proxy appends to the last
/// line or writes a line of its own, all lines are one list (RFC 9110, 5.2); an entry that is no text is there
/// and says nothing.
fn from_the_right<'a>(headers: &'a HeaderMap, name: &'static str) -> impl Iterator<Item = &'a str> {
    let lines: Vec<&str> = headers.get_all(name).iter().map(|value| value.to_str().unwrap_or("?")).collect();
    lines.into_iter().rev().flat_map(|line| line.rsplit(',')).map(str::trim)
}

/// An address as proxies write it, with or without a port.
fn hop(text: &str) -> Option<IpAddr> {
    let bare = text.parse().or_else(|_| text.parse::<SocketAddr>().map(|address| address.ip()));
    bare.ok().map(|address: IpAddr| address.to_canonical())
}

/// JSON for whoever prefers it to a page, and below `/api/`.
fn wants(headers: &HeaderMap, path: &str) -> Wants {
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let place = |kind: &str| accept.split(',').position(|part| part.trim().starts_with(kind));
    let json = place("application/json").or_else(|| place("application/problem+json"));
    match (json, place("text/html")) {
        (Some(json), Some(html)) if html < json => Wants::Html,
        (Some(_), _) => Wants::Json,
        (None, _) if path.starts_with("/api/") => Wants::Json,
        (None, _) => Wants::Html,
    }
}

fn bearer(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim().to_owned())
}

/// The first cookie of a name.
pub fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let all = headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    all.flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(known, _)| *known == name)
        .map(|(_, value)| value.to_owned())
}

/// The language chosen; for programs, which keep no cookies, the one they ask for. Else Vietnamese, whatever
/// the browser was installed in.
fn language(headers: &HeaderMap, wants: Wants) -> Language {
    if let Some(language) = cookie(headers, LANGUAGE_COOKIE).and_then(|text| text.parse().ok()) {
        return language;
    }
    let asked = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    let first = asked.and_then(|text| text.split([',', ';', '-']).next()).map(str::trim);
    match (wants, first.map(str::parse::<Language>)) {
        (Wants::Json, Some(Ok(language))) => language,
        _ => Language::default(),
    }
}

/// Whether the browser says that a page of this platform sent the request. Old browsers and programs say
/// nothing; for them the token decides alone.
fn same_origin(headers: &HeaderMap) -> bool {
    let text = |value: &HeaderValue| value.to_str().map(str::to_owned).ok();
    if let Some(site) = headers.get("sec-fetch-site").and_then(text) {
        return matches!(site.as_str(), "same-origin" | "none");
    }
    match (headers.get(header::ORIGIN).and_then(text), headers.get(header::HOST).and_then(text)) {
        (Some(origin), Some(host)) => origin.split_once("://").is_some_and(|(_, rest)| rest == host),
        (Some(_), None) => false,
        (None, _) => true,
    }
}

/// A cookie of the whole platform that scripts cannot read.
pub fn set_cookie(name: &str, value: &str, secure: bool, seconds: Option<u64>) -> Option<HeaderValue> {
    let age = seconds.map(|seconds| format!("; Max-Age={seconds}")).unwrap_or_default();
    let secure = if secure { "; Secure" } else { "" };
    HeaderValue::from_str(&format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{age}")).ok()
}

/// Whether a method may change something.
pub fn is_unsafe(method: &Method) -> bool {
    !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS | Method::TRACE)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (header::HeaderName::from_static(name), value.parse().unwrap()))
            .collect()
    }

    #[test]
    fn json_is_for_those_who_prefer_it() {
        let wanted = |accept: &str| wants(&headers(&[("accept", accept)]), "/apps/pci-index");
        assert_eq!(wanted("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"), Wants::Html);
        assert_eq!(wanted("application/json"), Wants::Json);
        assert_eq!(wanted("application/json, text/html;q=0.5"), Wants::Json);
        assert_eq!(wanted("*/*"), Wants::Html);
        assert_eq!(wants(&HeaderMap::new(), "/api/v1/session"), Wants::Json);
    }

    #[test]
    fn vietnamese_is_the_language_until_another_is_chosen() {
        let chosen = |pairs: &[(&'static str, &str)], wants| language(&headers(pairs), wants);
        assert_eq!(chosen(&[("accept-language", "en-GB,en;q=0.9")], Wants::Html), Language::Vi);
        assert_eq!(chosen(&[("accept-language", "en-GB,en;q=0.9")], Wants::Json), Language::En);
        assert_eq!(chosen(&[("cookie", "a=b; dinh-language=en")], Wants::Html), Language::En);
        assert_eq!(chosen(&[("cookie", "dinh-language=fr")], Wants::Html), Language::Vi);
    }

    #[test]
    fn another_site_is_recognised() {
        let same = |pairs: &[(&'static str, &str)]| same_origin(&headers(pairs));
        assert!(same(&[("sec-fetch-site", "same-origin")]));
        assert!(!same(&[("sec-fetch-site", "cross-site")]));
        assert!(!same(&[("sec-fetch-site", "same-site")]));
        assert!(same(&[("origin", "http://127.0.0.1:8080"), ("host", "127.0.0.1:8080")]));
        assert!(!same(&[("origin", "http://evil.example"), ("host", "127.0.0.1:8080")]));
        assert!(!same(&[("origin", "null"), ("host", "127.0.0.1:8080")]));
        assert!(same(&[]));
    }

    /// What a request from `10.0.0.1` is taken for.
    fn seen(proxies: &[&str], lines: &[(&str, &str)]) -> (String, bool) {
        let mut request = axum::http::Request::builder();
        for (name, value) in lines {
            request = request.header(*name, *value);
        }
        let peer: SocketAddr = "10.0.0.1:1".parse().unwrap();
        request.extensions_mut().unwrap().insert(ConnectInfo(peer));
        let proxies = proxies.iter().map(|text| text.parse().unwrap()).collect();
        let options = Options { proxies, ..Options::default() };
        let (address, secure) = origin(&options, &request.body(()).unwrap().into_parts().0);
        (address.to_string(), secure)
    }

    #[test]
    fn only_a_proxy_we_know_says_where_a_request_comes_from() {
        let lines = [("x-forwarded-for", "6.6.6.6, 203.0.113.9, 10.0.0.2"), ("x-forwarded-proto", "https")];
        assert_eq!(seen(&[], &lines), ("10.0.0.1".into(), false));
        assert_eq!(seen(&["10.0.0.1", "10.0.0.2"], &lines), ("203.0.113.9".into(), true));
    }

    #[test]
    fn a_line_that_the_client_wrote_before_the_proxys_own_says_nothing() {
        let address = |lines: &[&str]| {
            let lines: Vec<_> = lines.iter().map(|line| ("x-forwarded-for", *line)).collect();
            seen(&["10.0.0.1"], &lines).0
        };
        assert_eq!(address(&["6.6.6.6", "203.0.113.9"]), "203.0.113.9");
        assert_eq!(address(&["6.6.6.6", "203.0.113.9", "10.0.0.1"]), "203.0.113.9");
        assert_eq!(address(&["203.0.113.9:50123"]), "203.0.113.9");
        assert_eq!(address(&["::ffff:203.0.113.9"]), "203.0.113.9");
        assert_eq!(address(&["6.6.6.6, unknown"]), "10.0.0.1", "what stands before it may be anybody's");

        let secure = |lines: &[&str]| {
            let lines: Vec<_> = lines.iter().map(|line| ("x-forwarded-proto", *line)).collect();
            seen(&["10.0.0.1"], &lines).1
        };
        assert!(!secure(&["https", "http"]) && !secure(&["https, http"]));
        assert!(secure(&["http", "https"]));
    }

    #[test]
    fn each_proxy_of_a_chain_says_how_it_was_reached() {
        let through = |schemes: &str| {
            let lines = [("x-forwarded-for", "203.0.113.9, 10.0.0.2"), ("x-forwarded-proto", schemes)];
            seen(&["10.0.0.1", "10.0.0.2"], &lines).1
        };
        assert!(through("https, http"), "TLS ends at the outer one");
        assert!(!through("https, http, http"), "the first of three is the client's own");
        assert!(through("https"), "the inner one hands on what the outer one wrote");
    }

    #[test]
    fn cookies_of_a_session_cannot_be_read_or_sent_by_others() {
        let cookie = set_cookie(cookie_name(true), "t", true, None).unwrap();
        assert_eq!(cookie, "__Host-dinh=t; Path=/; HttpOnly; SameSite=Lax; Secure");
        assert_eq!(cookie_name(false), "dinh");
    }
}
