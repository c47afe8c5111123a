//! What was asked for: the path, its parameters, the query.

use rust_decimal::Decimal;

use crate::bindings::dinh::platform::{types::Language, views::Sorting};
use crate::bindings::exports::dinh::platform::pages;
use crate::error::{Error, Result};
use crate::time::Date;
use crate::value::{AccountId, Code, RecordId, UnitId};

/// What was asked for.
#[derive(Clone, Debug)]
pub struct Request {
    inner: pages::Request,
    /// The parts of the path that the route's pattern names, in order.
    parameters: Vec<(&'static str, String)>,
}

impl Request {
    /// Of what the host asks, with the parameters of its path.
    pub(crate) fn new(inner: pages::Request, parameters: Vec<(&'static str, String)>) -> Self {
        Self { inner, parameters }
    }

    /// A request as the host would make it, for tests of handlers.
    pub fn test(address: &str, language: Language) -> Self {
        let (path, query) = address.split_once('?').unwrap_or((address, ""));
        let query = query
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        Self::new(pages::Request { path: path.to_owned(), query, language, export_table: None }, Vec::new())
    }

    pub(crate) fn with_parameters(&self, parameters: Vec<(&'static str, String)>) -> Self {
        Self { inner: self.inner.clone(), parameters }
    }

    /// The path below the plugin's own.
    pub fn path(&self) -> &str {
        &self.inner.path
    }

    /// The language of the page.
    pub fn language(&self) -> Language {
        self.inner.language
    }

    /// The text in the language of the page.
    pub fn say<'a>(&self, vi: &'a str, en: &'a str) -> &'a str {
        self.inner.language.of(vi, en)
    }

    /// A part of the path that the route's pattern names: `{code}`. What does not parse is not found.
    pub fn parameter<T: Parameter>(&self, name: &str) -> Result<T> {
        let text = self.parameters.iter().find(|(known, _)| *known == name).map(|(_, text)| text.as_str());
        let text = text.ok_or_else(|| Error::Failed(format!("the route has no parameter {name}")))?;
        T::parse(text).ok_or_else(|| Error::NotFound(self.path().to_owned()))
    }

    /// The query as the fields of a struct: `#[derive(Query)]`.
    pub fn query<T: Query>(&self) -> Result<T> {
        T::read(self)
    }

    /// A parameter of the query, if it is there and not blank; an error that names it when it does not
    /// parse.
    pub fn optional<T: Parameter>(&self, name: &str) -> Result<Option<T>> {
        match self.texts(name).find(|text| !text.trim().is_empty()) {
            Some(text) => self.parse(name, text).map(Some),
            None => Ok(None),
        }
    }

    /// A parameter of the query that has to be there.
    pub fn required<T: Parameter>(&self, name: &str) -> Result<T> {
        self.optional(name)?.ok_or_else(|| {
            Error::BadRequest(match self.language() {
                Language::Vi => format!("Địa chỉ thiếu tham số “{name}”."),
                Language::En => format!("The address lacks the parameter “{name}”."),
            })
        })
    }

    /// All values of a parameter of the query that are not blank.
    pub fn all<T: Parameter>(&self, name: &str) -> Result<Vec<T>> {
        self.texts(name).filter(|text| !text.trim().is_empty()).map(|text| self.parse(name, text)).collect()
    }

    /// The cursor of the page of a table that is asked for; none for the first.
    pub fn after(&self) -> Option<&str> {
        self.texts("after").find(|text| !text.is_empty())
    }

    /// How the reader wants the table sorted.
    pub fn sorting(&self) -> Option<Sorting> {
        let column = self.texts("sort").find(|text| !text.is_empty())?.to_owned();
        let descending = self.texts("descending").any(|text| !matches!(text, "" | "0" | "false"));
        Some(Sorting { column, descending })
    }

    /// The table that is being exported, if one is.
    pub fn export(&self) -> Option<&str> {
        self.inner.export_table.as_deref()
    }

    fn texts<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.inner.query.iter().filter(move |(known, _)| known == name).map(|(_, text)| text.as_str())
    }

    fn parse<T: Parameter>(&self, name: &str, text: &str) -> Result<T> {
        T::parse(text).ok_or_else(|| {
            Error::BadRequest(match self.language() {
                Language::Vi => format!("Tham số “{name}” không nhận giá trị “{text}”."),
                Language::En => format!("The parameter “{name}” does not take the value “{text}”."),
            })
        })
    }
}

/// A type that stands in an address.
pub trait Parameter: Sized {
    /// From the text of the address; none when it does not fit.
    fn parse(text: &str) -> Option<Self>;

    /// As it stands in the address.
    fn to_text(&self) -> String;
}

macro_rules! parameters {
    ($($rust:ty),*) => {$(
        impl Parameter for $rust {
            fn parse(text: &str) -> Option<Self> {
                text.trim().parse().ok()
            }

            fn to_text(&self) -> String {
                self.to_string()
            }
        }
    )*};
}
parameters!(i64, i32, i16, u64, u32, u16, u8, bool, Decimal, RecordId);

/// A day as programs write it, `2026-03-02`, or as people fill it into filters, `02/03/2026`.
impl Parameter for Date {
    fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if let Ok(day) = text.parse() {
            return Some(day);
        }
        let mut parts = text.split(['/', '-', '.']).map(str::trim);
        let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
        if parts.next().is_some() || year.len() != 4 {
            return None;
        }
        Self::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
    }

    fn to_text(&self) -> String {
        self.to_string()
    }
}

impl Parameter for String {
    fn parse(text: &str) -> Option<Self> {
        Some(text.to_owned())
    }

    fn to_text(&self) -> String {
        self.clone()
    }
}

/// Only to write addresses: a borrowed text cannot be read from one.
impl Parameter for &str {
    fn parse(_: &str) -> Option<Self> {
        None
    }

    fn to_text(&self) -> String {
        (*self).to_owned()
    }
}

impl<T: Parameter> Parameter for &T {
    fn parse(_: &str) -> Option<Self> {
        None
    }

    fn to_text(&self) -> String {
        T::to_text(self)
    }
}

macro_rules! wrapped_parameters {
    ($($wrapper:ident),*) => {$(
        impl Parameter for $wrapper {
            fn parse(text: &str) -> Option<Self> {
                Parameter::parse(text).map(Self)
            }

            fn to_text(&self) -> String {
                self.0.to_text()
            }
        }
    )*};
}
wrapped_parameters!(Code, UnitId, AccountId);

/// A struct whose fields are the parameters of a query; derived.
///
/// `Option<T>` may be missing, `Vec<T>` takes all values of its name, anything else has to be there, unless
/// it is marked `#[query(default)]`. The name in the address is the field's, with `-` for `_`.
///
/// ```
/// use dinh_sdk::prelude::*;
///
/// #[derive(Debug, PartialEq, Query)]
/// struct Comparison {
///     edition: Option<i64>,
///     province: Vec<String>,
///     #[query(default)]
///     with_ranks: bool,
/// }
///
/// let request = Request::test("/compare?edition=2021&province=22&province=31", Language::Vi);
/// let asked: Comparison = request.query()?;
/// assert_eq!(asked.province, ["22", "31"]);
/// assert_eq!(asked.address("/compare").to_string(), "/compare?edition=2021&province=22&province=31&with-ranks=false");
/// # Ok::<(), Error>(())
/// ```
pub trait Query: Sized {
    /// From a request.
    fn read(request: &Request) -> Result<Self>;

    /// The address of the page at `path` with this query.
    fn address(&self, path: &str) -> crate::Address;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_that_does_not_parse_is_named() {
        let request = Request::test("/?edition=hai", Language::Vi);
        assert_eq!(
            request.optional::<i64>("edition"),
            Err(Error::BadRequest("Tham số “edition” không nhận giá trị “hai”.".into()))
        );
    }

    #[test]
    fn a_blank_parameter_is_as_good_as_none() {
        let request = Request::test("/?edition=&q=", Language::Vi);
        assert_eq!(request.optional::<i64>("edition"), Ok(None));
        assert!(matches!(request.required::<String>("q"), Err(Error::BadRequest(_))));
    }

    #[test]
    fn a_day_is_read_as_programs_and_as_people_write_it() {
        let day =
            |text: &str| Request::test(&format!("/?as-of={text}"), Language::Vi).optional::<Date>("as-of");
        for text in ["2026-03-02", "02/03/2026", "2/3/2026", " 02/03/2026 "] {
            assert_eq!(day(text), Ok(Some(jiff::civil::date(2026, 3, 2))), "{text}");
        }
        for text in ["31/02/2026", "02/03/26", "02/03", "02/03/2026/1", "x"] {
            assert!(matches!(day(text), Err(Error::BadRequest(_))), "{text}");
        }
    }

    #[test]
    fn sorting_is_read_from_the_hosts_own_parameters() {
        let request = Request::test("/?sort=rank&descending=1", Language::Vi);
        assert_eq!(request.sorting(), Some(Sorting { column: "rank".into(), descending: true }));
        assert_eq!(Request::test("/?descending=1", Language::Vi).sorting(), None);
    }
}
