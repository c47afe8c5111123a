//! The language switch: a link, so that it works everywhere, and a cookie for a year.

use axum::extract::RawQuery;
use axum::http::header;
use axum::response::Response;
use dinh_model::Language;

use crate::place::{local, parse_query};
use crate::respond::see_other;
use crate::visitor::{LANGUAGE_COOKIE, Visitor, set_cookie};

/// `GET /language?to=en&back=/apps/…`
pub async fn switch(visitor: Visitor, RawQuery(query): RawQuery) -> Response {
    let query = parse_query(query.as_deref().unwrap_or_default());
    let value = |name: &str| query.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
    let back = value("back").and_then(local).unwrap_or("/");
    let mut response = see_other(&crate::place::ascii(back));
    if let Some(language) = value("to").and_then(|text| text.parse::<Language>().ok())
        && let Some(cookie) = set_cookie(LANGUAGE_COOKIE, language.as_str(), visitor.secure, Some(31_536_000))
    {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    response
}
