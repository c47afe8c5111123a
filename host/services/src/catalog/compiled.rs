//! A catalog in memory: immutable, with everything by which an entry is found.

use std::collections::HashMap;

use dinh_model::Date;
use dinh_store::{StoreError, Stored};

use super::model::Kept;
use super::{Catalog, Entry, names};
use crate::ServiceError;
use crate::call::decode;

/// Most entries of one page.
const LONGEST_PAGE: usize = 1_000;

/// A catalog as it stands, in memory. Nothing is allocated to look a code up.
#[derive(Debug)]
pub struct Compiled {
    catalog: Catalog,
    /// In the catalog's order.
    entries: Vec<Entry>,
    codes: HashMap<Box<str>, u32>,
    /// By the forms of their names.
    names: HashMap<Box<str>, Vec<u32>>,
    /// What became of an entry.
    after: HashMap<u32, Vec<u32>>,
    /// What stands below an entry.
    below: HashMap<u32, Vec<u32>>,
}

/// A page of entries.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listed<'a> {
    /// The entries, in the catalog's order.
    pub entries: Vec<&'a Entry>,
    /// Pass as `after` to go on; none at the end.
    pub next: Option<String>,
}

impl Compiled {
    /// From stored entries.
    pub(super) fn read(
        catalog: Catalog,
        stored: impl Iterator<Item = Result<(Vec<u8>, Stored), StoreError>>,
    ) -> Result<Self, ServiceError> {
        let mut entries = Vec::new();
        for item in stored {
            let (key, stored) = item?;
            entries.push(decode::<Kept>(&key, &stored.value)?.entry);
        }
        Ok(Self::of(catalog, entries))
    }

    /// Of these entries.
    pub(super) fn of(catalog: Catalog, mut entries: Vec<Entry>) -> Self {
        entries.sort_by(|one, other| one.rank().cmp(&other.rank()));
        let number = |place: usize| u32::try_from(place).unwrap_or(u32::MAX);
        let places = || (0_usize..).map(number);
        let codes: HashMap<Box<str>, u32> =
            entries.iter().zip(places()).map(|(entry, place)| (entry.code.as_str().into(), place)).collect();
        let mut names: HashMap<Box<str>, Vec<u32>> = HashMap::new();
        let mut after: HashMap<u32, Vec<u32>> = HashMap::new();
        let mut below: HashMap<u32, Vec<u32>> = HashMap::new();
        for (entry, place) in entries.iter().zip(places()) {
            for before in entry.predecessors.iter().filter_map(|before| codes.get(before.as_str())) {
                after.entry(*before).or_default().push(place);
            }
            if let Some(above) = entry.parent.as_ref().and_then(|above| codes.get(above.as_str())) {
                below.entry(*above).or_default().push(place);
            }
            let known_as = [&entry.name.vi, &entry.name.en].into_iter().chain(&entry.aliases);
            for form in known_as.flat_map(|name| names::forms(name)) {
                let known = names.entry(form.into()).or_default();
                if known.last() != Some(&place) {
                    known.push(place);
                }
            }
        }
        Self { catalog, entries, codes, names, after, below }
    }

    /// What it is, and its version.
    pub fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    /// All entries, whatever their terms, in the catalog's order.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// An entry whatever its term; none when there is no such code.
    pub fn get(&self, code: &str) -> Option<&Entry> {
        self.at(*self.codes.get(code)?)
    }

    /// An entry as of a day; none when the code is unknown or not in its term on that day.
    pub fn lookup(&self, code: &str, as_of: Date) -> Option<&Entry> {
        self.get(code).filter(|entry| entry.is_valid_on(as_of))
    }

    /// The entry with this name, in either language or as an alias, in its term on the day: without regard to
    /// case, diacritics, punctuation, spaces and the words *tỉnh*, *thành phố* and their abbreviations. None
    /// when there is none, or when several have the name and nothing tells them apart.
    pub fn find(&self, name: &str, as_of: Date) -> Option<&Entry> {
        for form in names::forms(name) {
            let known = self.names.get(form.as_str()).into_iter().flatten();
            let mut found = known.filter_map(|place| self.at(*place)).filter(|it| it.is_valid_on(as_of));
            match (found.next(), found.next()) {
                (Some(only), None) => return Some(only),
                (Some(_), Some(_)) => return None,
                (None, _) => {}
            }
        }
        None
    }

    /// Entries in their term on a day, in the catalog's order, at most `limit` (1 to 1,000), after the code
    /// that a page before gave as `next`.
    pub fn list(&self, as_of: Date, after: Option<&str>, limit: usize) -> Result<Listed<'_>, ServiceError> {
        if !(1..=LONGEST_PAGE).contains(&limit) {
            return Err(ServiceError::invalid(
                format!("Mỗi lần lấy từ 1 đến {LONGEST_PAGE} mã."),
                format!("A page holds 1 to {LONGEST_PAGE} entries, not {limit}."),
            ));
        }
        let start = match after {
            None => 0,
            Some(code) => match self.codes.get(code) {
                Some(place) => *place as usize + 1,
                None => {
                    return Err(ServiceError::invalid(
                        format!("“{code}” không phải là vị trí mà danh mục đã trả về."),
                        format!("{code:?} was not given out as a place in the catalog."),
                    ));
                }
            },
        };
        let rest = self.entries.get(start..).unwrap_or_default().iter();
        let mut listed = Listed::default();
        for entry in rest.filter(|entry| entry.is_valid_on(as_of)) {
            if listed.entries.len() == limit {
                listed.next = listed.entries.last().map(|last| last.code.clone());
                break;
            }
            listed.entries.push(entry);
        }
        Ok(listed)
    }

    /// What became of a code: the entries that directly follow it. A merger has one, a split several.
    pub fn successors(&self, code: &str) -> Vec<&Entry> {
        self.linked(&self.after, code)
    }

    /// What a code came from: the entries that it directly follows.
    pub fn predecessors(&self, code: &str) -> Vec<&Entry> {
        let before = self.get(code).into_iter().flat_map(|entry| &entry.predecessors);
        before.filter_map(|before| self.get(before)).collect()
    }

    /// The entries directly below a code, whatever their terms.
    pub fn below(&self, code: &str) -> Vec<&Entry> {
        self.linked(&self.below, code)
    }

    fn linked(&self, links: &HashMap<u32, Vec<u32>>, code: &str) -> Vec<&Entry> {
        let places = self.codes.get(code).and_then(|place| links.get(place)).into_iter().flatten();
        places.filter_map(|place| self.at(*place)).collect()
    }

    fn at(&self, place: u32) -> Option<&Entry> {
        self.entries.get(place as usize)
    }
}
