//! Shared code lists (danh mục dùng chung), effective-dated.

use rust_decimal::Decimal;

use crate::bindings::dinh::platform::catalog as host;
use crate::error::Result;
use crate::language::Language;
use crate::time::{self, Date};

/// One entry of a catalog.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The code, unique in its catalog over all time.
    pub code: String,
    /// Name in Vietnamese.
    pub name_vi: String,
    /// Name in English; the Vietnamese one where there is no other.
    pub name_en: String,
    /// The code above, in a hierarchical catalog.
    pub parent: Option<String>,
    /// First day on which the code may be used.
    pub valid_from: Option<Date>,
    /// First day on which it may no longer be used; none while it lasts.
    pub valid_until: Option<Date>,
    attributes: Vec<host::Attribute>,
}

/// What a code is on another day.
#[derive(Clone, Debug)]
pub enum Translation {
    /// Exactly this entry.
    Exact(Entry),
    /// One of these, and the code alone does not say which: show all of them.
    Ambiguous(Vec<Entry>),
    /// Nothing: no successor was recorded, or there was nothing before.
    Nothing,
}

impl Entry {
    /// A whole number that the entry says besides its names; none when it does not, or says something else.
    pub fn integer(&self, attribute: &str) -> Option<i64> {
        match self.attribute(attribute)? {
            host::AttributeValue::Integer(number) => Some(*number),
            _ => None,
        }
    }

    /// An exact number, such as a coefficient.
    pub fn decimal(&self, attribute: &str) -> Option<Decimal> {
        match self.attribute(attribute)? {
            host::AttributeValue::Decimal(number) => Some(Decimal::new(number.unscaled, number.scale.into())),
            host::AttributeValue::Integer(number) => Some(Decimal::from(*number)),
            host::AttributeValue::Text(_) => None,
        }
    }

    /// A text.
    pub fn text(&self, attribute: &str) -> Option<&str> {
        match self.attribute(attribute)? {
            host::AttributeValue::Text(text) => Some(text),
            _ => None,
        }
    }

    fn attribute(&self, name: &str) -> Option<&host::AttributeValue> {
        self.attributes.iter().find(|known| known.name == name).map(|known| &known.value)
    }

    /// Its name in a language.
    pub fn name(&self, language: Language) -> &str {
        language.of(&self.name_vi, &self.name_en)
    }
}

impl From<host::Entry> for Entry {
    fn from(entry: host::Entry) -> Self {
        Self {
            code: entry.code,
            name_vi: entry.name_vi,
            name_en: entry.name_en,
            parent: entry.parent,
            valid_from: time::date(entry.valid_from),
            valid_until: entry.valid_until.and_then(time::date),
            attributes: entry.attributes,
        }
    }
}

/// A code and its name in the language of the call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// The code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// The code above it, in a hierarchical catalog.
    pub parent: Option<String>,
}

/// A code as of a day; none when it is unknown or not in its term on that day.
pub fn lookup(catalog: &str, code: &str, as_of: Date) -> Result<Option<Entry>> {
    Ok(host::lookup(catalog, code, time::days(as_of))?.map(Entry::from))
}

/// A code whatever its term.
pub fn get(catalog: &str, code: &str) -> Result<Option<Entry>> {
    Ok(host::get(catalog, code)?.map(Entry::from))
}

/// The entry with this name, in either language, in its term on the day; without regard to case,
/// diacritics, punctuation or the words `tỉnh`, `thành phố` and their abbreviations.
pub fn find(catalog: &str, name: &str, as_of: Date) -> Result<Option<Entry>> {
    Ok(host::find(catalog, name, time::days(as_of))?.map(Entry::from))
}

/// All entries in their term on a day, in the catalog's order.
pub fn list(catalog: &str, as_of: Date) -> Result<Vec<Named>> {
    let mut all = Vec::new();
    let mut after: Option<String> = None;
    loop {
        let entries = host::list(catalog, time::days(as_of), after.as_deref(), 1000)?;
        for row in 0..entries.codes.rows() {
            all.push(Named {
                code: entries.codes.text(row).unwrap_or_default().to_owned(),
                name: entries.names.text(row).unwrap_or_default().to_owned(),
                parent: entries.parents.text(row).filter(|parent| !parent.is_empty()).map(str::to_owned),
            });
        }
        after = entries.next;
        if after.is_none() {
            return Ok(all);
        }
    }
}

/// What became of a code: the entries that directly follow it.
pub fn successors(catalog: &str, code: &str) -> Result<Vec<Entry>> {
    Ok(host::successors(catalog, code)?.into_iter().map(Entry::from).collect())
}

/// What a code came from: the entries that it directly follows.
pub fn predecessors(catalog: &str, code: &str) -> Result<Vec<Entry>> {
    Ok(host::predecessors(catalog, code)?.into_iter().map(Entry::from).collect())
}

/// What a code is on a day: itself while it is in its term, else what became of it or what it came from. None when
/// there is no such code.
pub fn translate(catalog: &str, code: &str, to_day: Date) -> Result<Option<Translation>> {
    let entries = |found: Vec<host::Entry>| found.into_iter().map(Entry::from).collect();
    Ok(host::translate(catalog, code, time::days(to_day))?.map(|found| match found {
        host::Translation::Exact(entry) => Translation::Exact(entry.into()),
        host::Translation::Ambiguous(several) => Translation::Ambiguous(entries(several)),
        host::Translation::Nothing => Translation::Nothing,
    }))
}
