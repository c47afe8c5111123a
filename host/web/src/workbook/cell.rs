//! A value as a cell of a workbook: what spreadsheet programs reckon with, and how it looks.

use dinh_model::{Date, Decimal, Timestamp};
use dinh_runtime::bindings::views::Format;
use jiff::civil::DateTime;

use super::look::{Look, PLACES};
use super::xml::unix;
use crate::datum::Datum;
use crate::directory::Directory;
use crate::format::{self, Formats};

/// Digits that a spreadsheet program reckons with; it sets those behind them to zero.
const DIGITS: usize = 15;

/// A value as spreadsheets know them.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// A number of at most 15 digits.
    Number(Decimal),
    /// A text.
    Text(String),
    /// A day from 1 March 1900 on: before it, programs do not agree.
    Day(Date),
    /// A moment, as clocks in Vietnam show it.
    Moment(DateTime),
    /// Yes or no.
    Boolean(bool),
}

/// A value in the format of its column.
pub fn cell(directory: &dyn Directory, formats: Formats, datum: &Datum<'_>, format: &Format) -> (Cell, Look) {
    let named = |name: Option<String>, id: &dyn ToString| text(&name.unwrap_or_else(|| id.to_string()));
    match datum {
        Datum::Empty => (Cell::Empty, Look::Text(0)),
        Datum::Integer(whole) => number(formats, Decimal::from(*whole), format),
        Datum::Decimal(decimal) => number(formats, *decimal, format),
        Datum::Text(said) => text(said),
        Datum::Date(day) => self::day(*day, format),
        Datum::Instant(moment) => self::moment(*moment, format),
        Datum::Boolean(yes) => match format {
            // As paper forms and the page have it.
            Format::Cross => (if *yes { Cell::Text("x".to_owned()) } else { Cell::Empty }, Look::Sign),
            _ => (Cell::Boolean(*yes), Look::Boolean),
        },
        Datum::Reference(id) => text(&id.to_string()),
        Datum::Attachment(id) => named(directory.file(*id).map(|info| info.name), id),
        Datum::Unit(id) => named(directory.unit(*id), id),
        Datum::Account(id) => named(directory.person(*id).map(|person| person.text), id),
        Datum::Texts(texts) => text(&texts.join("; ")),
    }
}

fn text(said: &str) -> (Cell, Look) {
    let said = unix(said);
    let look = if said.starts_with(['=', '+', '-', '@', '\t', '\n']) { Look::Marked } else { Look::Text(0) };
    if said.is_empty() { (Cell::Empty, look) } else { (Cell::Text(said), look) }
}

fn number(formats: Formats, number: Decimal, format: &Format) -> (Cell, Look) {
    if digits(number) > DIGITS {
        return text(&formats.typed_decimal(number));
    }
    let own = u8::try_from(number.scale()).unwrap_or(PLACES).min(PLACES);
    let look = match format {
        Format::Integer | Format::Money => Look::Number(0),
        Format::Decimal(places) => Look::Number(*places),
        Format::Percent(places) => Look::Percent(*places),
        Format::ChangeUp(places) | Format::ChangeDown(places) => Look::Change(*places),
        Format::Year | Format::Code if own == 0 => Look::Bare,
        _ => Look::Number(own),
    };
    (Cell::Number(number), look)
}

/// Digits that say something: without zeros before and behind.
fn digits(number: Decimal) -> usize {
    number.normalize().mantissa().unsigned_abs().to_string().trim_end_matches('0').len()
}

fn is_told_alike(day: Date) -> bool {
    day >= jiff::civil::date(1900, 3, 1)
}

fn day(day: Date, format: &Format) -> (Cell, Look) {
    if !is_told_alike(day) {
        return text(&format::date(day));
    }
    let look = match format {
        Format::Month => Look::Month,
        Format::Year => Look::Year,
        _ => Look::Day,
    };
    (Cell::Day(day), look)
}

fn moment(moment: Timestamp, format: &Format) -> (Cell, Look) {
    let local = format::in_vietnam(moment);
    if !is_told_alike(local.date()) {
        return text(&format::instant(moment));
    }
    (Cell::Moment(local), if matches!(format, Format::Date) { Look::Day } else { Look::Moment })
}

#[cfg(test)]
mod tests {
    use dinh_model::Language;
    use proptest::prelude::*;

    use super::*;
    use crate::village::Village;

    fn of(datum: &Datum<'_>, format: &Format) -> (Cell, Look) {
        cell(&Village, Formats::of(Language::Vi), datum, format)
    }

    #[test]
    fn numbers_that_a_spreadsheet_would_round_are_texts() {
        let decimal = |text: &str| of(&Datum::Decimal(text.parse().unwrap()), &Format::Plain);
        assert_eq!(decimal("4.90"), (Cell::Number("4.90".parse().unwrap()), Look::Number(2)));
        assert_eq!(decimal("123456789012.345").0, Cell::Number("123456789012.345".parse().unwrap()));
        assert_eq!(decimal("1234567890123.456").0, Cell::Text("1234567890123,456".into()));
        assert_eq!(
            of(&Datum::Integer(9_007_199_254_740_993), &Format::Money).0,
            Cell::Text("9007199254740993".into())
        );
        let round = of(&Datum::Integer(9_000_000_000_000_000_000), &Format::Money);
        assert!(matches!(round, (Cell::Number(_), Look::Number(0))), "{round:?}");
        assert_eq!(of(&Datum::Integer(-1_234_567_890_123_456), &Format::Money).1, Look::Marked);
    }

    #[test]
    fn days_that_programs_count_differently_are_texts() {
        let day = |text: &str| of(&Datum::Date(text.parse().unwrap()), &Format::Date).0;
        assert_eq!(day("1900-02-28"), Cell::Text("28/02/1900".into()));
        assert!(matches!(day("1900-03-01"), Cell::Day(_)));
        assert!(matches!(day("9999-12-31"), Cell::Day(_)));
    }

    proptest! {
        #[test]
        fn a_number_in_a_cell_survives_the_way_through_a_double(
            unscaled: i64,
            shorter in 0_u32..60,
            scale in 0_u32..=18,
        ) {
            let number = Decimal::new(unscaled >> shorter, scale);
            if let (Cell::Number(kept), _) = of(&Datum::Decimal(number), &Format::Plain) {
                let double: f64 = kept.to_string().parse().unwrap();
                let back: Decimal = double.to_string().parse().unwrap();
                prop_assert_eq!(back, number);
            } else {
                prop_assert!(digits(number) > DIGITS);
            }
        }
    }
}
