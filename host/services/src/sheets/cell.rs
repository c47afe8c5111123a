//! A raw cell → a value of the column's kind.

use std::collections::HashMap;

use dinh_model::text::{fold, nfc};
use dinh_model::value::unscaled;
use dinh_model::{Date, Decimal, Value};

use super::number::{self, Expected, Unread};
use super::sheet::{CellKind, Choice, SheetColumn};
use super::table::RawCell;
use super::wrong::Wrong;

/// How many choices a remedy names.
const CHOICES_NAMED: usize = 8;

/// A column ready to read cells.
pub(super) struct CellParser<'a> {
    pub(super) column: &'a SheetColumn,
    empty_words: Vec<String>,
    /// The choice each folded spelling means; none where two choices are spelled alike.
    choices: HashMap<String, Option<&'a Choice>>,
}

impl<'a> CellParser<'a> {
    pub(super) fn new(column: &'a SheetColumn) -> Self {
        let mut choices: HashMap<String, Option<&Choice>> = HashMap::new();
        if let CellKind::Choice(known) = &column.kind {
            for choice in known {
                for spelling in [fold(&choice.value), fold(&choice.text)] {
                    choices
                        .entry(spelling)
                        .and_modify(|found| {
                            *found = found.filter(|other| other.value == choice.value);
                        })
                        .or_insert(Some(choice));
                }
            }
        }
        let empty_words = column.empty_words.iter().map(|word| nfc(word).trim().to_lowercase()).collect();
        Self { column, empty_words, choices }
    }

    /// The value of a cell; empty where the cell is.
    pub(super) fn parse(&self, cell: &RawCell) -> Result<Value, Wrong> {
        let value = match cell {
            RawCell::Empty => Value::Empty,
            RawCell::Text(text) if self.empty_words.contains(&text.to_lowercase()) => Value::Empty,
            // The formula `=NA()` says the same as the text does.
            RawCell::Failed(text)
                if self
                    .empty_words
                    .iter()
                    .any(|word| word == &text.trim_start_matches('#').to_lowercase()) =>
            {
                Value::Empty
            }
            RawCell::Failed(_) => return Err(Wrong::Failed),
            cell => self.parse_filled(cell)?,
        };
        if value.is_empty() && self.column.required && *cell == RawCell::Empty {
            return Err(Wrong::Required);
        }
        Ok(value)
    }

    fn parse_filled(&self, cell: &RawCell) -> Result<Value, Wrong> {
        match &self.column.kind {
            CellKind::Text { minimum, maximum } => {
                let text = as_text(cell);
                let characters = text.chars().count();
                if characters > *maximum as usize {
                    return Err(Wrong::TooLong(*maximum));
                }
                if characters < *minimum as usize {
                    return Err(Wrong::TooShort(*minimum));
                }
                Ok(Value::Text(text))
            }
            CellKind::Integer { minimum, maximum } => whole(cell, *minimum, *maximum),
            CellKind::Money { minimum, maximum } => match cell {
                RawCell::Text(text) => whole(&RawCell::text(without_currency(text)), *minimum, *maximum),
                cell => whole(cell, *minimum, *maximum),
            },
            CellKind::Decimal { scale, minimum, maximum } => {
                let number = decimal(cell, Expected::Places, *scale)?;
                if number.scale() > u32::from(*scale) {
                    return Err(Wrong::Places(*scale));
                }
                if minimum.is_some_and(|lowest| number < lowest)
                    || maximum.is_some_and(|highest| number > highest)
                {
                    return Err(Wrong::Range(*minimum, *maximum));
                }
                Ok(Value::Decimal(number))
            }
            CellKind::Date { earliest, latest } => {
                let day = match cell {
                    RawCell::Date(day) => *day,
                    RawCell::Text(text) => day(text).ok_or(Wrong::NotADate)?,
                    _ => return Err(Wrong::NotADate),
                };
                if earliest.is_some_and(|earliest| day < earliest)
                    || latest.is_some_and(|latest| day > latest)
                {
                    return Err(Wrong::DateRange(*earliest, *latest));
                }
                Ok(Value::Date(day))
            }
            CellKind::Boolean => boolean(cell).map(Value::Boolean).ok_or(Wrong::NotABoolean),
            CellKind::Choice(known) => {
                let text = as_text(cell);
                let exact = known.iter().find(|choice| choice.value == text || choice.text == text);
                let folded = || self.choices.get(&fold(&text)).copied().flatten();
                match exact.or_else(folded) {
                    Some(choice) => Ok(Value::Text(choice.value.clone())),
                    None => Err(Wrong::UnknownChoice(named(known))),
                }
            }
        }
    }
}

fn named(choices: &[Choice]) -> Vec<String> {
    let mut named: Vec<String> =
        choices.iter().take(CHOICES_NAMED).map(|choice| choice.text.clone()).collect();
    if choices.len() > CHOICES_NAMED {
        named.push("…".into());
    }
    named
}

/// A cell as a person would write it.
pub(super) fn as_text(cell: &RawCell) -> String {
    match cell {
        RawCell::Empty => String::new(),
        RawCell::Text(text) | RawCell::Moment(text) | RawCell::Failed(text) => text.clone(),
        RawCell::Number(number) => {
            number::exact(*number).map_or(number.to_string(), |exact| exact.to_string())
        }
        RawCell::Date(day) => day.strftime("%d/%m/%Y").to_string(),
        RawCell::Boolean(yes) => if *yes { "TRUE" } else { "FALSE" }.into(),
    }
}

/// A number that may have `scale` places.
fn decimal(cell: &RawCell, expected: Expected, scale: u8) -> Result<Decimal, Wrong> {
    let number = match cell {
        RawCell::Number(number) => number::exact(*number).ok_or(Unread::NotANumber),
        RawCell::Text(text) => number::parse(text, expected),
        RawCell::Date(_) | RawCell::Moment(_) => return Err(Wrong::DateForNumber),
        _ => Err(Unread::NotANumber),
    };
    let number = number.map_err(|unread| match unread {
        Unread::NotANumber => Wrong::NotANumber(expected),
        Unread::TooLong => Wrong::TooLarge,
        Unread::TooFine => Wrong::Places(scale),
    })?;
    let number = number.normalize();
    // What a stored decimal holds: 18 digits.
    if unscaled(number).is_none() { Err(Wrong::TooLarge) } else { Ok(number) }
}

fn whole(cell: &RawCell, minimum: Option<i64>, maximum: Option<i64>) -> Result<Value, Wrong> {
    let number = decimal(cell, Expected::Whole, 0)?;
    if number.scale() > 0 {
        return Err(Wrong::NotWhole);
    }
    let number = i64::try_from(number.mantissa()).map_err(|_| Wrong::TooLarge)?;
    if minimum.is_some_and(|lowest| number < lowest) || maximum.is_some_and(|highest| number > highest) {
        return Err(Wrong::Range(minimum.map(Decimal::from), maximum.map(Decimal::from)));
    }
    Ok(Value::Integer(number))
}

fn without_currency(text: &str) -> &str {
    let text = text.trim();
    ["đồng", "đ", "Đ", "₫", "VND", "VNĐ", "vnd", "vnđ"]
        .iter()
        .find_map(|currency| text.strip_suffix(currency))
        .unwrap_or(text)
        .trim_end()
}

fn boolean(cell: &RawCell) -> Option<bool> {
    match cell {
        RawCell::Boolean(yes) => Some(*yes),
        cell => match fold(&as_text(cell)).as_str() {
            "co" | "x" | "dung" | "yes" | "true" | "1" => Some(true),
            "khong" | "sai" | "no" | "false" | "0" => Some(false),
            _ => None,
        },
    }
}

/// dd/mm/yyyy, with `/`, `-` or `.`; or yyyy-mm-dd. A year has four digits, so that no century is guessed.
fn day(text: &str) -> Option<Date> {
    let text = text.strip_suffix(" 00:00:00").or_else(|| text.strip_suffix("T00:00:00")).unwrap_or(text);
    let separator = ['/', '-', '.'].into_iter().find(|separator| text.contains(*separator))?;
    let parts: Vec<&str> = text.split(separator).map(str::trim).collect();
    let [first, month, last] = parts[..] else { return None };
    let (year, day) = if first.len() == 4 { (first, last) } else { (last, first) };
    let short = |part: &str| (1..=2).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    if year.len() != 4 || !year.bytes().all(|b| b.is_ascii_digit()) || !short(month) || !short(day) {
        return None;
    }
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn column(kind: CellKind) -> SheetColumn {
        SheetColumn {
            name: "c".into(),
            label: "Cột".into(),
            aliases: vec![],
            kind,
            required: true,
            empty_words: vec!["N/A".into(), "-".into()],
        }
    }

    fn parse(kind: CellKind, text: &str) -> Result<Value, Wrong> {
        CellParser::new(&column(kind)).parse(&RawCell::text(text))
    }

    fn score() -> CellKind {
        CellKind::Decimal { scale: 2, minimum: Some(Decimal::ONE), maximum: Some(Decimal::TEN) }
    }

    #[test]
    fn a_component_of_11_is_out_of_range_and_the_remedy_says_which() {
        let wrong = parse(score(), "11").unwrap_err();
        assert_eq!(wrong.remedy("Đất đai", dinh_model::Language::Vi), "Ghi giá trị từ 1 đến 10.");
        assert_eq!(parse(score(), "7,39"), Ok(Value::Decimal("7.39".parse().unwrap())));
        assert_eq!(parse(score(), "7,395"), Err(Wrong::Places(2)));
        assert_eq!(parse(score(), "7,390"), Ok(Value::Decimal("7.39".parse().unwrap())));
        assert_eq!(parse(score(), "bảy"), Err(Wrong::NotANumber(Expected::Places)));
        assert_eq!(parse(score(), "1234567890123456789"), Err(Wrong::TooLarge));
    }

    #[test]
    fn a_required_cell_may_say_that_there_is_no_value_but_not_say_nothing() {
        assert_eq!(parse(score(), ""), Err(Wrong::Required));
        assert_eq!(parse(score(), "n/a"), Ok(Value::Empty));
        assert_eq!(parse(score(), "-"), Ok(Value::Empty));
    }

    #[test]
    fn days_are_read_in_both_orders_and_never_guessed() {
        let kind = || CellKind::Date { earliest: Some(date(1930, 2, 3)), latest: None };
        for text in
            ["15/04/2021", "15-4-2021", "15.04.2021", "2021-04-15", "2021/4/15", "2021-04-15 00:00:00"]
        {
            assert_eq!(parse(kind(), text), Ok(Value::Date(date(2021, 4, 15))), "{text}");
        }
        for text in ["15/04/21", "31/02/2021", "04/15/2021", "tháng tư", "1/2", "20210415", "1/2/3/2021"] {
            assert_eq!(parse(kind(), text), Err(Wrong::NotADate), "{text}");
        }
        assert!(matches!(parse(kind(), "01/01/1900"), Err(Wrong::DateRange(..))));
    }

    #[test]
    fn whole_numbers_and_money() {
        let whole = || CellKind::Integer { minimum: Some(2005), maximum: Some(2100) };
        assert_eq!(parse(whole(), "2021"), Ok(Value::Integer(2021)));
        assert_eq!(parse(whole(), "2021,0"), Ok(Value::Integer(2021)));
        assert_eq!(parse(whole(), "2021,5"), Err(Wrong::NotWhole));
        assert!(matches!(parse(whole(), "1999"), Err(Wrong::Range(..))));
        let money = || CellKind::Money { minimum: None, maximum: None };
        assert_eq!(parse(money(), "5.310.000 đ"), Ok(Value::Integer(5_310_000)));
        assert_eq!(parse(money(), "5310000VND"), Ok(Value::Integer(5_310_000)));
    }

    #[test]
    fn choices_are_found_by_value_or_text_without_diacritics_unless_two_are_spelled_alike() {
        let choice = |value: &str, text: &str| Choice { value: value.into(), text: text.into() };
        let kind = || CellKind::Choice(vec![choice("01", "Hà Nội"), choice("m1", "Má"), choice("m2", "Mạ")]);
        for text in ["01", "Hà Nội", "HA NOI", "Ha\u{300} No\u{323}\u{302}i"] {
            assert_eq!(parse(kind(), text), Ok(Value::Text("01".into())), "{text}");
        }
        assert_eq!(parse(kind(), "Mạ"), Ok(Value::Text("m2".into())));
        assert!(matches!(parse(kind(), "ma"), Err(Wrong::UnknownChoice(_))));
    }

    #[test]
    fn what_excel_made_of_a_cell_is_said() {
        let parser_column = column(score());
        let parser = CellParser::new(&parser_column);
        assert_eq!(parser.parse(&RawCell::Date(date(2021, 8, 7))), Err(Wrong::DateForNumber));
        assert_eq!(parser.parse(&RawCell::Failed("#DIV/0!".into())), Err(Wrong::Failed));
        assert_eq!(parser.parse(&RawCell::Number(7.39)), Ok(Value::Decimal("7.39".parse().unwrap())));
        assert_eq!(parse(CellKind::Boolean, "Có"), Ok(Value::Boolean(true)));
        assert_eq!(parse(CellKind::Boolean, "có lẽ"), Err(Wrong::NotABoolean));
        assert_eq!(parse(CellKind::Text { minimum: 2, maximum: 3 }, "dài quá"), Err(Wrong::TooLong(3)));
        assert_eq!(parse(CellKind::Text { minimum: 2, maximum: 3 }, "a"), Err(Wrong::TooShort(2)));
    }
}
