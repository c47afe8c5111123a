//! One value, as text and as HTML, by the format its view asks for.

use dinh_model::{Decimal, RecordId};
use dinh_runtime::bindings::views::{Format, Tone};
use maud::{Markup, html};

use super::{Canvas, attached, tone};
use crate::datum::Datum;
use crate::format::{self, Formats};

/// Where a value stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stand {
    /// Alone, as a fact or a figure: money carries its sign.
    Alone,
    /// In a cell, under a head that says what it is.
    Cell,
}

/// A value as plain text.
pub fn text(canvas: &Canvas<'_>, datum: &Datum<'_>, format: &Format, stand: Stand) -> String {
    let formats = canvas.formats;
    match (format, datum) {
        (_, Datum::Empty) => String::new(),
        (Format::Integer, number) => {
            number.number().map_or_else(|| plain(canvas, datum), |n| formats.decimal(n, 0))
        }
        (Format::Decimal(places), number) => {
            number.number().map_or_else(|| plain(canvas, datum), |n| formats.decimal(n, *places))
        }
        (Format::Money, Datum::Integer(dong)) if stand == Stand::Alone => formats.money(*dong),
        (Format::Money, number) => {
            number.number().map_or_else(|| plain(canvas, datum), |n| formats.decimal(n, 0))
        }
        (Format::Percent(places), number) => {
            number.number().map_or_else(|| plain(canvas, datum), |n| formats.percent(n, *places))
        }
        (Format::Month, Datum::Date(day)) => format::month(*day),
        (Format::Date, Datum::Instant(moment)) => format::date(dinh_model::time::day_in_vietnam(*moment)),
        (Format::Year, Datum::Date(day)) => day.year().to_string(),
        (Format::Year | Format::Code, Datum::Integer(number)) => number.to_string(),
        (Format::ChangeUp(places) | Format::ChangeDown(places), number) => {
            number.number().map_or_else(|| plain(canvas, datum), |n| signed(formats, n, *places))
        }
        // The decimals of a column cross with one scale: in a cell, places that only that gave are no figures.
        (Format::Plain, Datum::Decimal(number)) if stand == Stand::Cell => formats.exact(number.normalize()),
        (Format::Cross, Datum::Boolean(yes)) => if *yes { "×" } else { "" }.to_owned(),
        _ => plain(canvas, datum),
    }
}

/// A value by its type alone.
pub fn plain(canvas: &Canvas<'_>, datum: &Datum<'_>) -> String {
    match datum {
        Datum::Empty => String::new(),
        Datum::Integer(number) => canvas.formats.integer(*number),
        Datum::Decimal(number) => canvas.formats.exact(*number),
        Datum::Text(text) => (*text).to_owned(),
        Datum::Date(day) => format::date(*day),
        Datum::Instant(moment) => format::instant(*moment),
        Datum::Boolean(yes) => canvas.texts.say(if *yes { "value-yes" } else { "value-no" }),
        Datum::Reference(id) => short(*id),
        Datum::Unit(id) => canvas
            .directory
            .unit(*id)
            .unwrap_or_else(|| canvas.texts.with("value-unit", &[("number", &id.to_string())])),
        Datum::Account(id) => canvas.directory.person(*id).map_or_else(
            || canvas.texts.with("value-account", &[("number", &id.to_string())]),
            |person| person.text,
        ),
        Datum::Attachment(id) => match canvas.directory.file(*id) {
            Some(info) => info.name,
            None => canvas.texts.say("value-file"),
        },
        Datum::Texts(texts) => texts.join("; "),
    }
}

/// The end of an identifier: its random part, which tells records of one moment apart.
fn short(id: RecordId) -> String {
    let text = id.to_string();
    text.get(text.len().saturating_sub(8)..).unwrap_or_default().to_owned()
}

fn signed(formats: Formats, number: Decimal, places: u8) -> String {
    let text = formats.decimal(number, places);
    if text.starts_with(format::MINUS) || !text.contains(|c| ('1'..='9').contains(&c)) {
        text
    } else {
        format!("+{text}")
    }
}

/// A value as HTML. The tone colours badges; changes have colours of their own.
pub fn markup(canvas: &Canvas<'_>, datum: &Datum<'_>, format: &Format, badge: Tone, stand: Stand) -> Markup {
    if let Datum::Attachment(id) = datum {
        return attached::link(canvas, *id);
    }
    let text = text(canvas, datum, format, stand);
    match format {
        _ if text.is_empty() => html! {},
        Format::Code => html! { code { (text) } },
        Format::Badge => html! { span class={ "badge " (tone(badge)) } { (text) } },
        Format::ChangeUp(_) => change(canvas, &text, false),
        Format::ChangeDown(_) => change(canvas, &text, true),
        Format::Cross if text == "×" => html! {
            span aria-hidden="true" { "×" } span class="sr" { (canvas.texts.say("value-yes")) }
        },
        _ => html! { (text) },
    }
}

fn change(canvas: &Canvas<'_>, text: &str, lower_is_better: bool) -> Markup {
    let (arrow, rises) = match text.chars().next() {
        Some('+') => ("▲", true),
        Some(format::MINUS) => ("▼", false),
        _ => return html! { span class="change same" { span aria-hidden="true" { "● " } (text) } },
    };
    let better = rises != lower_is_better;
    let (class, key) = if better { ("change up", "value-better") } else { ("change down", "value-worse") };
    html! {
        span class=(class) {
            span aria-hidden="true" { (arrow) " " } (text) span class="sr" { " (" (canvas.texts.say(key)) ")" }
        }
    }
}

/// How a column of this format and these values is aligned: numbers to the right, signs in the middle.
pub fn alignment(format: &Format, first: Option<&Datum<'_>>) -> Option<&'static str> {
    match format {
        Format::Integer
        | Format::Decimal(_)
        | Format::Money
        | Format::Percent(_)
        | Format::ChangeUp(_)
        | Format::ChangeDown(_) => Some("num"),
        Format::Cross => Some("mid"),
        Format::Plain if matches!(first, Some(Datum::Integer(_) | Datum::Decimal(_))) => Some("num"),
        Format::Date | Format::Month | Format::Instant | Format::Year => Some("nowrap"),
        Format::Plain if matches!(first, Some(Datum::Date(_) | Datum::Instant(_))) => Some("nowrap"),
        Format::Plain | Format::Code | Format::Badge => None,
    }
}
