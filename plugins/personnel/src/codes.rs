//! The shared catalogs whose codes a record sheet holds: names come from them, in their order.

use dinh_sdk::catalog::{self, Named};
use dinh_sdk::prelude::*;
use dinh_sdk::time;

use crate::rules::levels::Ladders;

/// Sexes, by ISO/IEC 5218.
pub(crate) const SEXES: &str = "sexes";
/// Women among them.
pub(crate) const FEMALE: &str = "2";
/// Ethnic groups (dân tộc).
pub(crate) const ETHNIC_GROUPS: &str = "ethnic-groups";
/// The one that is no minority: Kinh.
pub(crate) const MAJORITY: &str = "01";
/// Levels of education (trình độ chuyên môn).
pub(crate) const EDUCATION_LEVELS: &str = "education-levels";
/// Levels of political theory (lý luận chính trị).
pub(crate) const THEORY_LEVELS: &str = "political-theory-levels";

/// The codes of a catalog that are in their term today.
#[derive(Clone, Debug, Default)]
pub(crate) struct Names(Vec<Named>);

impl Names {
    /// Of a catalog.
    pub(crate) fn of(catalog: &str) -> Result<Self> {
        Ok(Self(catalog::list(catalog, time::today())?))
    }

    /// The highest first, where the catalog has the lowest.
    pub(crate) fn highest_first(mut self) -> Self {
        self.0.reverse();
        self
    }

    /// Where a code stands; after all where it is none of them.
    pub(crate) fn place(&self, code: &str) -> usize {
        self.0.iter().position(|named| named.code == code).unwrap_or(self.0.len())
    }

    /// The name of a code; the code itself where it is none of them.
    pub(crate) fn name<'a>(&'a self, code: &'a str) -> &'a str {
        self.0.iter().find(|named| named.code == code).map_or(code, |named| &named.name)
    }

    /// Codes with their names.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|named| (named.code.as_str(), named.name.as_str()))
    }

    /// As the choices of a field.
    pub(crate) fn choices(&self) -> Vec<Choice> {
        self.iter().map(|(code, name)| Choice::new(code, name)).collect()
    }
}

/// The levels of both catalogs as of a day, the lowest first.
pub(crate) fn ladders(day: Date) -> Result<Ladders> {
    let codes = |catalog| -> Result<Vec<String>> {
        Ok(catalog::list(catalog, day)?.into_iter().map(|named| named.code).collect())
    };
    Ok(Ladders { education: codes(EDUCATION_LEVELS)?, theory: codes(THEORY_LEVELS)? })
}

/// The name of a code, in its term or not; the code itself where the catalog has none.
pub(crate) fn name(catalog: &str, code: &str, language: Language) -> String {
    let entry = catalog::get(catalog, code).ok().flatten();
    entry.map_or_else(|| code.to_owned(), |entry| entry.name(language).to_owned())
}

/// The code that a person means, by its name or by itself, of those in their term today.
pub(crate) fn find(catalog: &str, words: &str) -> Result<Option<String>> {
    let today = time::today();
    let found = match catalog::lookup(catalog, words, today)? {
        None => catalog::find(catalog, words, today)?,
        found => found,
    };
    Ok(found.map(|entry| entry.code))
}
