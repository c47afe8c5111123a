//! Numbers as people write them: `7,39`, `7.39`, `1.234.567`, `1 234,5`.

use dinh_model::Decimal;

/// What a number is expected to be; decides the one form that could be read two ways.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Expected {
    /// A whole number: in `12.345` the point separates thousands.
    Whole,
    /// A number with places: in `12.345` it separates the places.
    Places,
}

/// Why a text is not read as a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unread {
    /// It spells none.
    NotANumber,
    /// It spells one with more digits before the decimal mark than are kept.
    TooLong,
    /// It spells one with more places than are kept.
    TooFine,
}

/// The number a text spells. Nothing is rounded.
pub(super) fn parse(text: &str, expected: Expected) -> Result<Decimal, Unread> {
    let (plain, places) = spelled(text, expected).ok_or(Unread::NotANumber)?;
    Decimal::from_str_exact(&plain).map_err(|_| if places { Unread::TooFine } else { Unread::TooLong })
}

/// A number as programs write it, without zeros at the end, and whether it has places that make it too long.
fn spelled(text: &str, expected: Expected) -> Option<(String, bool)> {
    let text = text.replace('−', "-");
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest.trim_start()),
        None => (false, text.strip_prefix('+').unwrap_or(&text)),
    };
    let (whole, places) = split(digits, expected)?;
    let whole = ungroup(whole)?;
    if !places.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let sign = if negative { "-" } else { "" };
    // A decimal keeps 28 digits; of more, zeros say nothing.
    let most = 28_usize.saturating_sub(whole.len());
    let places = if places.len() > most { places.trim_end_matches('0') } else { places };
    let plain = if places.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{places}") };
    Some((plain, whole.len() <= 28 && places.len() > most))
}

/// The number a workbook's floating-point cell stands for: 15 significant digits, as Excel shows, so that
/// 7.39 is 7.39 and what a formula left behind in the sixteenth digit is not taken for a place.
pub(super) fn exact(number: f64) -> Option<Decimal> {
    if number == 0.0 {
        return Some(Decimal::ZERO);
    }
    Decimal::from_scientific(&format!("{number:.14e}")).ok().map(|exact| exact.normalize())
}

/// The part before the decimal separator and the part after it.
fn split(digits: &str, expected: Expected) -> Option<(&str, &str)> {
    let (points, commas) = (digits.matches('.').count(), digits.matches(',').count());
    let separator = match (points, commas) {
        (0, 0) => return Some((digits, "")),
        (1, 0) | (0, 1) => {
            let separator = if points == 1 { '.' } else { ',' };
            let (whole, places) = digits.split_once(separator)?;
            let is_group = places.len() == 3 && !whole.starts_with('0');
            if expected == Expected::Whole && is_group {
                return Some((digits, ""));
            }
            separator
        }
        // Several of one kind can only separate thousands.
        (_, 0) | (0, _) => return Some((digits, "")),
        // Both kinds: the last one separates the places, and does so once.
        _ => {
            let last = digits.rfind(['.', ','])?;
            let separator = if digits.get(last..)?.starts_with('.') { '.' } else { ',' };
            if digits.matches(separator).count() > 1 {
                return None;
            }
            separator
        }
    };
    let (whole, places) = digits.split_once(separator)?;
    (!places.is_empty()).then_some((whole, places))
}

/// Digits without separators of thousands, which must part them into threes and be of one kind.
fn ungroup(whole: &str) -> Option<String> {
    let is_separator = |c: char| matches!(c, '.' | ',' | ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}' | '\'');
    let mut separators = whole.chars().filter(|c| is_separator(*c));
    if let Some(first) = separators.next() {
        let mut groups = whole.split(first);
        let head = groups.next()?;
        if head.is_empty()
            || head.len() > 3
            || head.starts_with('0')
            || separators.any(|c| c != first)
            || groups.any(|group| group.len() != 3)
        {
            return None;
        }
    }
    let digits: String = whole.chars().filter(|c| !is_separator(*c)).collect();
    (!digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())).then_some(digits)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str, expected: Expected) -> Option<String> {
        parse(text, expected).ok().map(|number| number.to_string())
    }

    #[test]
    fn commas_and_points_are_read_as_vietnamese_and_english_write_them() {
        for (text, number) in [
            ("7,39", "7.39"),
            ("7.39", "7.39"),
            ("-0,5", "-0.5"),
            ("−3", "-3"),
            ("+3", "3"),
            ("1.234,5", "1234.5"),
            ("1,234.5", "1234.5"),
            ("1.234.567", "1234567"),
            ("1 234 567,80", "1234567.80"),
            ("1\u{a0}234", "1234"),
            ("1.234", "1.234"),
            ("0,001", "0.001"),
        ] {
            assert_eq!(read(text, Expected::Places).as_deref(), Some(number), "{text}");
        }
        for (text, number) in
            [("12.345", "12345"), ("12,345", "12345"), ("2021", "2021"), ("2021,0", "2021.0")]
        {
            assert_eq!(read(text, Expected::Whole).as_deref(), Some(number), "{text}");
        }
        assert_eq!(read("0.500", Expected::Whole).as_deref(), Some("0.500"), "not five hundred");
    }

    #[test]
    fn what_is_no_number_is_not_taken_for_one() {
        for text in [
            "",
            "-",
            "+",
            ",5",
            "5,",
            ".",
            "7,3,9",
            "1.23.456",
            "12 34",
            "1.2,3.4",
            "7,39 đ",
            "1e5",
            "0x1",
            "NaN",
            "N/A",
            "٣",
            "1..2",
            "--1",
            "- -1",
            "1,234.567.8",
        ] {
            assert_eq!(read(text, Expected::Places), None, "{text}");
        }
    }

    #[test]
    fn a_number_of_many_digits_is_a_number() {
        let refused = |text: &str| parse(text, Expected::Places).unwrap_err();
        assert_eq!(refused(&format!("7,{}", "3".repeat(32))), Unread::TooFine);
        assert_eq!(refused(&"7".repeat(40)), Unread::TooLong);
        assert_eq!(refused("bảy"), Unread::NotANumber);
        let zeros = format!("7,39{}", "0".repeat(40));
        assert_eq!(read(&zeros, Expected::Places).as_deref(), Some("7.39"));
    }

    #[test]
    fn floating_point_cells_mean_what_excel_shows() {
        for (number, shown) in [
            (7.39, "7.39"),
            (7.390_000_000_000_001, "7.39"),
            (73.02 + 0.000_000_000_000_01, "73.02"),
            (0.1 + 0.2, "0.3"),
            (2021.0, "2021"),
            (-4.98, "-4.98"),
            (1_234_567_890_123.0, "1234567890123"),
            (0.0, "0"),
            (-0.0, "0"),
        ] {
            assert_eq!(exact(number).map(|exact| exact.to_string()).as_deref(), Some(shown));
        }
        for number in [f64::NAN, f64::INFINITY, 1e300] {
            assert_eq!(exact(number), None);
        }
    }

    proptest! {
        #[test]
        fn every_score_survives_as_text_and_as_floating_point(hundredths in -1_000_000_i64..1_000_000) {
            let score = Decimal::new(hundredths, 2);
            let comma = score.to_string().replace('.', ",");
            prop_assert_eq!(parse(&comma, Expected::Places), Ok(score));
            let float: f64 = score.to_string().parse().unwrap();
            prop_assert_eq!(exact(float), Some(score));
        }

        #[test]
        fn no_text_and_no_number_makes_parsing_panic(text: String, bits: u64) {
            let _outcome = parse(&text, Expected::Places);
            let _outcome = parse(&text, Expected::Whole);
            let _outcome = exact(f64::from_bits(bits));
        }
    }
}
