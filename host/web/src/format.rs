//! How numbers, days and money look: one way for every plugin, and the way back from what a person types.
//!
//! Vietnamese: `1.234,56`; English: `1,234.56`. Days are dd/mm/yyyy in both. Moments are shown in Vietnam's
//! time (UTC+7). Reading is more generous than writing (see [`Formats::parse_decimal`]), but never guesses:
//! what can mean two numbers is refused.

use dinh_model::{Date, Decimal, Language, Timestamp};
use rust_decimal::RoundingStrategy;

/// The sign of a number below zero. A hyphen is shorter and breaks at the end of a line; what is typed may have
/// either.
pub const MINUS: char = '−';

/// The way of writing of one language.
#[derive(Clone, Copy, Debug)]
pub struct Formats {
    language: Language,
}

impl Formats {
    /// The way of writing of `language`.
    pub fn of(language: Language) -> Self {
        Self { language }
    }

    fn group(self) -> char {
        match self.language {
            Language::Vi => '.',
            Language::En => ',',
        }
    }

    /// How large a file is: whole KB below one MB, then MB with one place, in powers of 1,024.
    pub fn size(self, bytes: u64) -> String {
        let number = |whole: u64| i64::try_from(whole).unwrap_or(i64::MAX);
        if bytes < 1 << 20 {
            return format!("{} KB", self.integer(number(bytes.div_ceil(1 << 10))));
        }
        let tenths = (u128::from(bytes) * 10 + (1 << 19)) >> 20;
        let tenths = Decimal::new(i64::try_from(tenths).unwrap_or(i64::MAX), 1).normalize();
        format!("{} MB", self.exact(tenths))
    }

    /// The mark between whole and fraction.
    pub fn point(self) -> char {
        match self.language {
            Language::Vi => ',',
            Language::En => '.',
        }
    }

    /// `1.234.567`.
    pub fn integer(self, number: i64) -> String {
        let digits = grouped(&number.unsigned_abs().to_string(), self.group());
        if number < 0 { format!("{MINUS}{digits}") } else { digits }
    }

    /// A decimal with exactly `places`; halves are rounded away from zero, as reports prescribe.
    pub fn decimal(self, number: Decimal, places: u8) -> String {
        let places = u32::from(places.min(18));
        let mut rounded = number.round_dp_with_strategy(places, RoundingStrategy::MidpointAwayFromZero);
        rounded.rescale(places);
        self.exact(rounded)
    }

    /// A decimal with the places it has.
    pub fn exact(self, number: Decimal) -> String {
        let text = number.abs().to_string();
        let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
        let mut shown = String::with_capacity(text.len() + 8);
        if number.is_sign_negative() && !number.is_zero() {
            shown.push(MINUS);
        }
        shown.push_str(&grouped(whole, self.group()));
        if !fraction.is_empty() {
            shown.push(self.point());
            shown.push_str(fraction);
        }
        shown
    }

    /// Whole đồng with their sign, for figures that stand alone.
    pub fn money(self, dong: i64) -> String {
        format!("{}\u{a0}đ", self.integer(dong))
    }

    /// `12,5 %`; a space that does not break in Vietnamese, none in English.
    pub fn percent(self, number: Decimal, places: u8) -> String {
        match self.language {
            Language::Vi => format!("{}\u{a0}%", self.decimal(number, places)),
            Language::En => format!("{}%", self.decimal(number, places)),
        }
    }

    /// A whole number as a person would type it into a field: no separators.
    pub fn typed_integer(self, number: i64) -> String {
        number.to_string()
    }

    /// A decimal as a person would type it: no separators of thousands, the language's decimal mark.
    pub fn typed_decimal(self, number: Decimal) -> String {
        number.to_string().replace('.', &self.point().to_string())
    }

    /// A whole number as typed: separators of thousands, spaces and a sign are understood.
    pub fn parse_integer(self, text: &str) -> Option<i64> {
        let number = self.parse_decimal(text)?;
        if !number.fract().is_zero() {
            return None;
        }
        i64::try_from(number.trunc().mantissa()).ok()
    }

    /// A decimal as typed.
    ///
    /// Spaces between digits are separators. When both `.` and `,` occur, the last kind is the decimal mark
    /// and the other separates thousands. A mark that occurs twice or more separates thousands. A single
    /// `,` or `.` is the decimal mark, unless it is the language's separator of thousands and stands before
    /// exactly three last digits (`1.234` is 1234 in Vietnamese). Groups must be of three digits.
    pub fn parse_decimal(self, text: &str) -> Option<Decimal> {
        let compact: String =
            text.chars().filter(|c| !matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}')).collect();
        let (negative, digits) = match compact.strip_prefix(['-', '−']) {
            Some(rest) => (true, rest),
            None => (false, compact.strip_prefix('+').unwrap_or(&compact)),
        };
        if digits.is_empty() || !digits.chars().all(|c| c.is_ascii_digit() || c == '.' || c == ',') {
            return None;
        }
        let (whole, fraction) = self.split(digits)?;
        let number: Decimal =
            if fraction.is_empty() { whole } else { format!("{whole}.{fraction}") }.parse().ok()?;
        Some(if negative { -number } else { number })
    }

    /// Whole digits without separators, and the digits after the decimal mark.
    fn split(self, digits: &str) -> Option<(String, String)> {
        let dots = digits.matches('.').count();
        let commas = digits.matches(',').count();
        let mark = match (dots, commas) {
            (0, 0) => None,
            (0, 1) | (1, 0) => {
                let mark = if commas == 1 { ',' } else { '.' };
                let after = digits.len() - digits.find(mark)? - 1;
                let before = digits.len() - after - 1;
                let thousands = mark == self.group()
                    && after == 3
                    && (1..=3).contains(&before)
                    && !digits.starts_with('0');
                (!thousands).then_some(mark)
            }
            (0, _) | (_, 0) => None,
            _ => {
                let last = digits.rfind([',', '.'])?;
                let mark = digits.get(last..)?.chars().next()?;
                if digits.matches(mark).count() > 1 {
                    return None;
                }
                Some(mark)
            }
        };
        let (whole, fraction) = match mark {
            Some(mark) => {
                let (whole, fraction) = digits.split_once(mark)?;
                if fraction.is_empty() || fraction.contains(['.', ',']) {
                    return None;
                }
                (whole, fraction)
            }
            None => (digits, ""),
        };
        let whole = match whole.find(['.', ',']) {
            None => whole.to_owned(),
            Some(_) => {
                let mut groups = whole.split(['.', ',']);
                let first = groups.next()?;
                if first.is_empty() || first.len() > 3 || !groups.all(|group| group.len() == 3) {
                    return None;
                }
                whole.replace(['.', ','], "")
            }
        };
        Some((if whole.is_empty() { "0".to_owned() } else { whole }, fraction.to_owned()))
    }
}

/// dd/mm/yyyy.
pub fn date(day: Date) -> String {
    format!("{:02}/{:02}/{:04}", day.day(), day.month(), day.year())
}

/// mm/yyyy.
pub fn month(day: Date) -> String {
    format!("{:02}/{:04}", day.month(), day.year())
}

/// dd/mm/yyyy hh:mm in Vietnam.
pub fn instant(moment: Timestamp) -> String {
    let local = in_vietnam(moment);
    format!("{} {:02}:{:02}", date(local.date()), local.hour(), local.minute())
}

/// What clocks in Vietnam show.
pub fn in_vietnam(moment: Timestamp) -> jiff::civil::DateTime {
    jiff::tz::Offset::constant(7).to_datetime(moment)
}

/// A day as typed: `31/12/2021`, also with `.` or `-`, one-digit days and months, and `2021-12-31`.
pub fn parse_date(text: &str) -> Option<Date> {
    let parts: Vec<&str> = text.trim().split(['/', '-', '.']).map(str::trim).collect();
    let [first, second, third] = parts.as_slice() else { return None };
    let (day, month, year) = if first.len() == 4 { (third, second, first) } else { (first, second, third) };
    civil(year, month, day)
}

/// A month as typed: `12/2021` or `2021-12`; its first day.
pub fn parse_month(text: &str) -> Option<Date> {
    let parts: Vec<&str> = text.trim().split(['/', '-', '.']).map(str::trim).collect();
    let [first, second] = parts.as_slice() else { return None };
    let (month, year) = if first.len() == 4 { (second, first) } else { (first, second) };
    civil(year, month, "1")
}

fn civil(year: &str, month: &str, day: &str) -> Option<Date> {
    let number = |text: &str, most: usize| {
        ((1..=most).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit()))
            .then(|| text.parse::<i16>().ok())?
    };
    if year.len() != 4 {
        return None;
    }
    let (month, day) = (i8::try_from(number(month, 2)?).ok()?, i8::try_from(number(day, 2)?).ok()?);
    Date::new(number(year, 4)?, month, day).ok()
}

/// A moment as typed, in Vietnam's time: `31/12/2021 08:30`, or with offset as in RFC 3339.
pub fn parse_instant(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if let Ok(moment) = text.parse::<Timestamp>() {
        return Some(moment);
    }
    let (day, time) = text.split_once([' ', 'T'])?;
    let (hour, minute) = time.trim().split_once([':', 'h'])?;
    let part = |text: &str| (1..=2).contains(&text.len()).then(|| text.parse::<i8>().ok())?;
    let time = jiff::civil::Time::new(part(hour)?, part(minute)?, 0, 0).ok()?;
    let local = parse_date(day)?.to_datetime(time);
    jiff::tz::Offset::constant(7).to_timestamp(local).ok()
}

fn grouped(digits: &str, separator: char) -> String {
    let mut shown = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            shown.push(separator);
        }
        shown.push(digit);
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_of_files_are_told_as_people_know_them() {
        let size = |bytes| Formats::of(Language::Vi).size(bytes);
        assert_eq!(
            [size(0), size(1), size(2_048), size((1 << 20) - 1)],
            ["0 KB", "1 KB", "2 KB", "1.024 KB"]
        );
        assert_eq!([size(1 << 20), size(1_500_000), size(20 << 20)], ["1 MB", "1,4 MB", "20 MB"]);
        assert!(size(u64::MAX).ends_with(" MB"));
    }
    use jiff::civil::date as day;

    const VI: Formats = Formats { language: Language::Vi };
    const EN: Formats = Formats { language: Language::En };

    fn number(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn numbers_look_as_each_language_writes_them() {
        assert_eq!(VI.integer(1_234_567), "1.234.567");
        assert_eq!(EN.integer(-1_234_567), "−1,234,567");
        assert_eq!(VI.integer(i64::MIN), "−9.223.372.036.854.775.808");
        assert_eq!(VI.decimal(number("1234.565"), 2), "1.234,57");
        assert_eq!(EN.decimal(number("-0.005"), 2), "−0.01");
        assert_eq!(VI.decimal(number("-0.001"), 2), "0,00");
        assert_eq!(VI.exact(number("7.10")), "7,10");
        assert_eq!(VI.money(5_310_000), "5.310.000\u{a0}đ");
        assert_eq!(VI.percent(number("12.5"), 1), "12,5\u{a0}%");
        assert_eq!(EN.percent(number("12.5"), 0), "13%");
        assert_eq!(VI.decimal(number("999999999.999999999"), 18), "999.999.999,999999999000000000");
    }

    #[test]
    fn typed_numbers_are_read_generously_and_never_guessed() {
        for (text, meant) in [
            ("7,98", "7.98"),
            ("7.98", "7.98"),
            ("1.234", "1234"),
            ("0.125", "0.125"),
            ("1.234,5", "1234.5"),
            ("1,234.5", "1234.5"),
            ("1.234.567", "1234567"),
            ("1 234 567,8", "1234567.8"),
            ("-5", "-5"),
            ("−5,5", "-5.5"),
            (",5", "0.5"),
            ("+3", "3"),
        ] {
            assert_eq!(VI.parse_decimal(text), Some(number(meant)), "{text}");
        }
        assert_eq!(EN.parse_decimal("1.234"), Some(number("1.234")));
        assert_eq!(EN.parse_decimal("1,234"), Some(number("1234")));
        for bad in
            ["", "-", "abc", "1,2,3", "1.23.456", "1.234,5,6", "12a", "1e5", "7,", "..", "1.2345.678", "NaN"]
        {
            assert_eq!(VI.parse_decimal(bad), None, "{bad}");
        }
        assert_eq!(VI.parse_integer("1.234.567"), Some(1_234_567));
        assert_eq!(VI.parse_integer("7,5"), None);
        assert_eq!(VI.parse_integer("7,0"), Some(7));
        assert_eq!(VI.parse_integer("9223372036854775808"), None);
    }

    #[test]
    fn what_a_field_shows_is_read_back_as_the_same_number() {
        for formats in [VI, EN] {
            for text in ["0", "-0.5", "1234.567", "1.234", "12345678.123456789", "0.123", "-1.000"] {
                let shown = formats.typed_decimal(number(text));
                assert_eq!(formats.parse_decimal(&shown), Some(number(text)), "{shown}");
            }
        }
    }

    #[test]
    fn days_are_read_as_people_type_them() {
        let expected = Some(day(2021, 12, 3));
        for text in ["03/12/2021", "3/12/2021", "3-12-2021", "03.12.2021", "2021-12-03", " 3 / 12 / 2021 "] {
            assert_eq!(parse_date(text), expected, "{text}");
        }
        for bad in [
            "",
            "31/02/2021",
            "3/12/21",
            "12/2021",
            "2021",
            "a/b/2021",
            "-1/12/2021",
            "32/1/2021",
            "1/13/2021",
        ] {
            assert_eq!(parse_date(bad), None, "{bad}");
        }
        assert_eq!(parse_month("12/2021"), Some(day(2021, 12, 1)));
        assert_eq!(parse_month("2021-12"), Some(day(2021, 12, 1)));
        assert_eq!(date(day(2025, 7, 1)), "01/07/2025");
        assert_eq!(month(day(2025, 7, 1)), "07/2025");
    }

    #[test]
    fn moments_are_in_the_time_of_vietnam() {
        let moment = parse_instant("01/07/2025 00:30").unwrap();
        assert_eq!(moment.to_string(), "2025-06-30T17:30:00Z");
        assert_eq!(instant(moment), "01/07/2025 00:30");
        assert_eq!(parse_instant("2025-06-30T17:30:00Z"), Some(moment));
        for bad in ["01/07/2025", "01/07/2025 24:00", "01/07/2025 10:60", "x 10:00"] {
            assert_eq!(parse_instant(bad), None, "{bad}");
        }
    }
}
