//! One input by its declared kind: what a person typed becomes a value within its bounds, or a sentence
//! that says what is wrong and what would be right.

use dinh_model::text::nfc;
use dinh_model::{Date, Decimal, UnitId, time, value};
use dinh_runtime::bindings::types::{self, Value};
use dinh_runtime::bindings::views::*;
use jiff::civil::date;

use super::{Raw, Reader};
use crate::directory::Found;
use crate::format;

/// Most entries of a catalog that are offered as a list.
pub const CODES: usize = 1_000;

/// What is wrong with an input.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wrong {
    /// What is wrong and what to do about it.
    pub message: String,
    /// What a picker's words may mean.
    pub found: Option<Found>,
}

/// The first and the last day of a range. Where a plugin gives none, 1 January 1800 and 31 December 2200: a year of two
/// digits, or of five, is a slip.
pub fn days_within(range: DateRange) -> (Date, Date) {
    let given = |day: Option<i32>| day.and_then(time::from_days);
    let (first, last) = (date(1800, 1, 1), date(2200, 12, 31));
    (given(range.earliest).unwrap_or(first), given(range.latest).unwrap_or(last))
}

/// A value, or what is wrong with it.
pub(super) type Read = Result<Value, Wrong>;

impl Reader<'_> {
    /// The value of the field `name` (as in HTML), called `label`, as it came back.
    pub fn value(&self, raw: &Raw, name: &str, label: &str, kind: &FieldKind, required: bool) -> Read {
        let value = match kind {
            FieldKind::ChoiceList(choices) => self.choice_list(raw, name, label, choices)?,
            FieldKind::Reference(_) | FieldKind::Account => self.picked(raw, name, label, kind)?,
            FieldKind::Attachment(upload) => self.attached(raw, name, label, upload)?,
            FieldKind::Boolean => match raw.first(name).unwrap_or("false") {
                "true" | "on" | "1" => Value::Boolean(true),
                _ => Value::Boolean(false),
            },
            _ => match raw.first(name).map(str::trim).filter(|text| !text.is_empty()) {
                Some(text) => self.one(raw.exact(), text, label, kind)?,
                None => Value::Empty,
            },
        };
        if required && value == Value::Empty {
            let key = match kind {
                FieldKind::Choice(_)
                | FieldKind::ChoiceList(_)
                | FieldKind::Code(_)
                | FieldKind::Unit
                | FieldKind::Reference(_)
                | FieldKind::Account => "input-choose",
                FieldKind::Attachment(_) => "input-attach",
                _ => "input-required",
            };
            return Err(self.wrong(key, label, &[]));
        }
        Ok(value)
    }

    /// One text of a kind that takes one.
    pub fn one(&self, exact: bool, text: &str, label: &str, kind: &FieldKind) -> Read {
        match kind {
            FieldKind::Text(range) => self.text(&nfc(&text.replace(['\n', '\t'], " ")), label, *range),
            FieldKind::LongText(range) => self.text(&nfc(text), label, *range),
            FieldKind::Integer(range) => self.integer(exact, text, label, *range),
            FieldKind::Money(range) => {
                let bare = text.trim_end_matches("đồng").trim_end_matches(['đ', '₫']).trim();
                self.integer(exact, bare, label, *range)
            }
            FieldKind::Decimal(range) => self.decimal(exact, text, label, range),
            FieldKind::Date(range) => self.day(format::parse_date(text), "input-date", label, *range),
            FieldKind::Month(range) => {
                let day =
                    format::parse_month(text).or_else(|| exact.then(|| format::parse_date(text)).flatten());
                self.day(day, "input-month", label, *range)
            }
            FieldKind::Instant => match format::parse_instant(text) {
                Some(moment) => Ok(Value::Instant(time::microseconds(moment))),
                None => Err(self.wrong("input-instant", label, &[])),
            },
            FieldKind::Choice(choices)
                if self.passes_on || choices.choices.iter().any(|choice| choice.value == text) =>
            {
                Ok(Value::Text(text.to_owned()))
            }
            FieldKind::Choice(_) | FieldKind::ChoiceList(_) => Err(self.wrong("input-choice", label, &[])),
            FieldKind::Code(picker) => self.code(text, label, picker),
            FieldKind::Unit => {
                let unit = text.parse::<UnitId>().ok().filter(|unit| self.directory.unit(*unit).is_some());
                unit.map(|unit| Value::Unit(unit.0)).ok_or_else(|| self.wrong("input-choice", label, &[]))
            }
            FieldKind::Boolean => Ok(Value::Boolean(matches!(text, "true" | "on" | "1"))),
            FieldKind::Hidden => Ok(Value::Text(nfc(text))),
            FieldKind::Attachment(_) => Err(self.wrong("input-attachment", label, &[])),
            // Pickers are read by `picked`, which sees the words as well.
            FieldKind::Reference(_) | FieldKind::Account => Err(self.wrong("input-choice", label, &[])),
        }
    }

    pub(super) fn wrong(&self, key: &str, label: &str, more: &[(&str, &str)]) -> Wrong {
        let mut variables = vec![("label", label)];
        variables.extend_from_slice(more);
        Wrong { message: self.texts.with(key, &variables), found: None }
    }

    fn text(&self, text: &str, label: &str, range: TextRange) -> Read {
        let length = text.chars().count();
        let bounds = |number: u32| self.formats.integer(i64::from(number));
        if length < range.minimum as usize {
            return Err(self.wrong("input-too-short", label, &[("minimum", &bounds(range.minimum))]));
        }
        if length > range.maximum as usize {
            let length = self.formats.integer(i64::try_from(length).unwrap_or(i64::MAX));
            let variables = [("maximum", bounds(range.maximum)), ("length", length)];
            let variables: Vec<_> = variables.iter().map(|(name, text)| (*name, text.as_str())).collect();
            return Err(self.wrong("input-too-long", label, &variables));
        }
        Ok(if text.is_empty() { Value::Empty } else { Value::Text(text.to_owned()) })
    }

    fn number(&self, exact: bool, text: &str) -> Option<Decimal> {
        if exact { text.parse().ok() } else { self.formats.parse_decimal(text) }
    }

    fn integer(&self, exact: bool, text: &str, label: &str, range: IntegerRange) -> Read {
        let Some(number) = self.number(exact, text) else {
            return Err(self.wrong("input-integer", label, &[]));
        };
        let whole =
            if number.fract().is_zero() { i64::try_from(number.trunc().mantissa()).ok() } else { None };
        let Some(whole) = whole else { return Err(self.wrong("input-integer", label, &[])) };
        self.within(label, whole, range.minimum, range.maximum, |number| self.formats.integer(*number))?;
        Ok(Value::Integer(whole))
    }

    fn decimal(&self, exact: bool, text: &str, label: &str, range: &DecimalRange) -> Read {
        let Some(number) = self.number(exact, text) else {
            return Err(self.wrong("input-decimal", label, &[]));
        };
        let scale = u32::from(range.scale.min(18));
        let mut at_scale = number.normalize();
        if at_scale.scale() > scale {
            return Err(self.wrong("input-places", label, &[("places", &scale.to_string())]));
        }
        let bound =
            |value: &Option<Value>| value.as_ref().and_then(|value| crate::datum::Datum::of(value).number());
        let (minimum, maximum) = (bound(&range.minimum), bound(&range.maximum));
        self.within(label, at_scale, minimum, maximum, |number| self.formats.exact(*number))?;
        at_scale.rescale(scale);
        match value::unscaled(at_scale).filter(|_| at_scale.scale() == scale) {
            Some(unscaled) => Ok(Value::Decimal(types::Decimal { unscaled, scale: range.scale })),
            None => Err(self.wrong("input-decimal", label, &[])),
        }
    }

    fn within<T: PartialOrd>(
        &self,
        label: &str,
        found: T,
        minimum: Option<T>,
        maximum: Option<T>,
        show: impl Fn(&T) -> String,
    ) -> Result<(), Wrong> {
        let low = minimum.as_ref().is_some_and(|minimum| found < *minimum);
        let high = maximum.as_ref().is_some_and(|maximum| found > *maximum);
        if !low && !high {
            return Ok(());
        }
        let (minimum, maximum) = (minimum.as_ref().map(&show), maximum.as_ref().map(&show));
        Err(match (minimum, maximum) {
            (Some(minimum), Some(maximum)) => {
                self.wrong("input-between", label, &[("minimum", &minimum), ("maximum", &maximum)])
            }
            (Some(minimum), None) => self.wrong("input-at-least", label, &[("minimum", &minimum)]),
            (None, maximum) => {
                self.wrong("input-at-most", label, &[("maximum", &maximum.unwrap_or_default())])
            }
        })
    }

    fn day(&self, day: Option<Date>, key: &str, label: &str, range: DateRange) -> Read {
        let Some(day) = day else { return Err(self.wrong(key, label, &[])) };
        let show = if key == "input-month" { format::month } else { format::date };
        let (earliest, latest) = days_within(range);
        self.within(label, day, Some(earliest), Some(latest), |day| show(*day))?;
        Ok(Value::Date(time::days(day)))
    }

    fn code(&self, text: &str, label: &str, picker: &CodePicker) -> Read {
        let as_of = picker.as_of.and_then(time::from_days).unwrap_or(self.today);
        if self.directory.code(&picker.catalog, text, as_of).is_some() {
            return Ok(Value::Text(text.to_owned()));
        }
        Err(self.wrong("input-choice", label, &[]))
    }

    fn choice_list(&self, raw: &Raw, name: &str, label: &str, choices: &Choices) -> Read {
        let mut chosen: Vec<String> = Vec::new();
        for text in raw.all(name).filter(|text| !text.is_empty()) {
            if !self.passes_on && !choices.choices.iter().any(|choice| choice.value == text) {
                return Err(self.wrong("input-choice", label, &[]));
            }
            if !chosen.iter().any(|known| known == text) {
                chosen.push(text.to_owned());
            }
        }
        Ok(if chosen.is_empty() { Value::Empty } else { Value::Texts(chosen) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::village::Village;
    use dinh_model::Language;

    fn read(kind: &FieldKind, text: &str) -> Result<Value, String> {
        let reader = Village.reader(Language::Vi);
        reader.one(false, text, "Điểm", kind).map_err(|wrong| wrong.message)
    }

    fn raw(pairs: &[(&str, &str)]) -> Raw {
        Raw::typed(pairs.iter().map(|(n, t)| ((*n).to_owned(), (*t).to_owned())).collect(), vec![])
    }

    #[test]
    fn a_score_is_read_with_comma_and_kept_within_its_bounds_and_places() {
        let decimal = |unscaled| Some(Value::Decimal(types::Decimal { unscaled, scale: 2 }));
        let kind =
            FieldKind::Decimal(DecimalRange { scale: 2, minimum: decimal(100), maximum: decimal(1000) });
        assert_eq!(read(&kind, "7,98"), Ok(decimal(798).unwrap()));
        assert_eq!(read(&kind, "10"), Ok(decimal(1000).unwrap()));
        assert_eq!(read(&kind, "7,9800"), Ok(decimal(798).unwrap()));
        assert_eq!(read(&kind, "11"), Err("“Điểm” phải từ 1,00 đến 10,00.".into()));
        assert_eq!(read(&kind, "7,985"), Err("“Điểm” có nhiều nhất 2 chữ số thập phân.".into()));
        assert!(read(&kind, "bảy").unwrap_err().contains("phải là số"));
        assert!(read(&kind, "99999999999999999999").is_err());
    }

    #[test]
    fn programs_write_numbers_with_a_point_and_nothing_else() {
        let kind = FieldKind::Decimal(DecimalRange { scale: 3, minimum: None, maximum: None });
        let reader = Village.reader(Language::Vi);
        let exact = |text| reader.one(true, text, "x", &kind);
        assert_eq!(exact("1.234"), Ok(Value::Decimal(types::Decimal { unscaled: 1_234, scale: 3 })));
        assert!(exact("1,234").is_err());
        let typed = reader.one(false, "1.234", "x", &kind);
        assert_eq!(typed, Ok(Value::Decimal(types::Decimal { unscaled: 1_234_000, scale: 3 })));
    }

    #[test]
    fn money_is_whole_dong() {
        let kind = FieldKind::Money(IntegerRange { minimum: Some(0), maximum: None });
        assert_eq!(read(&kind, "5.310.000 đ"), Ok(Value::Integer(5_310_000)));
        assert_eq!(read(&kind, "5310000 đồng"), Ok(Value::Integer(5_310_000)));
        assert!(read(&kind, "5,5").is_err());
        assert_eq!(read(&kind, "-1"), Err("“Điểm” phải từ 0 trở lên.".into()));
    }

    #[test]
    fn texts_are_composed_and_measured_in_characters() {
        let kind = FieldKind::Text(TextRange { minimum: 2, maximum: 5 });
        assert_eq!(read(&kind, "Hu\u{1ebf}"), Ok(Value::Text("Huế".into())));
        assert_eq!(read(&kind, "Hue\u{302}\u{301}"), Ok(Value::Text("Huế".into())));
        assert_eq!(
            read(&kind, "Thường"),
            Err("“Điểm” dài nhiều nhất 5 ký tự, hiện có 6. Hãy rút gọn.".into())
        );
        assert!(read(&kind, "a").is_err());
    }

    #[test]
    fn days_outside_their_range_name_it() {
        let days = |y, m, d| Some(time::days(date(y, m, d)));
        let kind = FieldKind::Date(DateRange { earliest: days(2021, 1, 1), latest: days(2021, 12, 31) });
        assert_eq!(read(&kind, "1/7/2021"), Ok(Value::Date(days(2021, 7, 1).unwrap())));
        assert_eq!(read(&kind, "01/01/2022"), Err("“Điểm” phải từ 01/01/2021 đến 31/12/2021.".into()));
        assert!(read(&kind, "31/02/2021").unwrap_err().contains("31/12/2025"));
        let kind = FieldKind::Date(DateRange { earliest: None, latest: None });
        assert_eq!(read(&kind, "01/01/0026"), Err("“Điểm” phải từ 01/01/1800 đến 31/12/2200.".into()));
        assert!(read(&kind, "31/12/9999").is_err() && read(&kind, "31/12/2200").is_ok());
    }

    #[test]
    fn what_is_not_among_the_choices_is_refused() {
        let choice = |value: &str| Choice { value: value.into(), text: value.into(), help: None };
        let choices = Choices { choices: vec![choice("a"), choice("b")], style: ChoiceStyle::Automatic };
        assert_eq!(read(&FieldKind::Choice(choices.clone()), "a"), Ok(Value::Text("a".into())));
        assert!(read(&FieldKind::Choice(choices.clone()), "c").is_err());
        let list = FieldKind::ChoiceList(choices);
        let reader = Village.reader(Language::Vi);
        let several =
            reader.value(&raw(&[("f.x", "b"), ("f.x", "a"), ("f.x", "b")]), "f.x", "X", &list, true);
        assert_eq!(several, Ok(Value::Texts(vec!["b".into(), "a".into()])));
        assert!(reader.value(&raw(&[]), "f.x", "X", &list, true).unwrap_err().message.contains("Hãy chọn"));
    }
}
