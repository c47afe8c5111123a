//! `catalog`: shared code lists.

use dinh_model::{Language, time};
use dinh_services::catalog::{self as codes};
use dinh_services::{Call, ServiceError, Thing};

use super::{convert, size::Size};
use crate::bindings::catalog::{self, Entries, Entry, Error};
use crate::bindings::types;
use crate::state::{State, stop};

type Answer<T> = wasmtime::Result<Result<T, Error>>;

impl catalog::Host for State {
    fn lookup(&mut self, catalog: String, code: String, as_of: types::Date) -> Answer<Option<Entry>> {
        self.crossed(catalog.len() + code.len())?;
        let day = match convert::date(as_of) {
            Ok(day) => day,
            Err(wrong) => return Ok(Err(Error::Invalid(wrong))),
        };
        self.entry(|call| codes::lookup(call, &catalog, &code, day))
    }

    fn get(&mut self, catalog: String, code: String) -> Answer<Option<Entry>> {
        self.crossed(catalog.len() + code.len())?;
        self.entry(|call| codes::get(call, &catalog, &code))
    }

    fn find(&mut self, catalog: String, name: String, as_of: types::Date) -> Answer<Option<Entry>> {
        self.crossed(catalog.len() + name.len())?;
        let day = match convert::date(as_of) {
            Ok(day) => day,
            Err(wrong) => return Ok(Err(Error::Invalid(wrong))),
        };
        self.entry(|call| codes::find(call, &catalog, &name, day))
    }

    fn list(
        &mut self,
        catalog: String,
        as_of: types::Date,
        after: Option<String>,
        limit: u32,
    ) -> Answer<Entries> {
        self.crossed(catalog.len() + after.size())?;
        let day = match convert::date(as_of) {
            Ok(day) => day,
            Err(wrong) => return Ok(Err(Error::Invalid(wrong))),
        };
        let language = self.call.language();
        let listed = match codes::list(&self.call, &catalog, day, after.as_deref(), limit as usize) {
            Ok(listed) => listed,
            Err(error) => return refusal(error, language).map(Err),
        };
        let entries = Entries {
            codes: convert::text_list(listed.entries.iter().map(|entry| entry.code.as_str())),
            names: convert::text_list(listed.entries.iter().map(|entry| entry.name.get(language))),
            next: listed.next,
        };
        self.crossed(entries.codes.size() + entries.names.size() + entries.next.size())?;
        Ok(Ok(entries))
    }

    fn successors(&mut self, catalog: String, code: String) -> Answer<Vec<Entry>> {
        self.crossed(catalog.len() + code.len())?;
        let found = codes::successors(&self.call, &catalog, &code);
        self.entries(found)
    }

    fn predecessors(&mut self, catalog: String, code: String) -> Answer<Vec<Entry>> {
        self.crossed(catalog.len() + code.len())?;
        let found = codes::predecessors(&self.call, &catalog, &code);
        self.entries(found)
    }
}

impl State {
    fn entry(
        &mut self,
        ask: impl FnOnce(&Call) -> Result<Option<codes::Entry>, ServiceError>,
    ) -> Answer<Option<Entry>> {
        let found = ask(&self.call).map(|found| found.into_iter().collect());
        Ok(self.entries(found)?.map(|mut entries| entries.pop()))
    }

    fn entries(&mut self, found: Result<Vec<codes::Entry>, ServiceError>) -> Answer<Vec<Entry>> {
        let entries: Vec<Entry> = match found {
            Ok(found) => found.into_iter().map(entry).collect(),
            Err(error) => return refusal(error, self.call.language()).map(Err),
        };
        let bytes = entries.iter().map(|entry| {
            entry.code.size() + entry.name_vi.size() + entry.name_en.size() + entry.parent.size() + 16
        });
        self.crossed(bytes.sum())?;
        Ok(Ok(entries))
    }
}

fn entry(entry: codes::Entry) -> Entry {
    Entry {
        code: entry.code,
        name_vi: entry.name.vi,
        name_en: entry.name.en,
        parent: entry.parent,
        valid_from: time::days(entry.valid_from),
        valid_until: entry.valid_until.map(time::days),
    }
}

/// What the contract calls an error; anything else ends the call.
fn refusal(error: ServiceError, language: Language) -> wasmtime::Result<Error> {
    match error {
        ServiceError::NotFound { thing: Thing::Catalog, name } => Ok(Error::UnknownCatalog(name)),
        ServiceError::NotFound { .. } | ServiceError::Invalid(_) => Ok(Error::Invalid(error.text(language))),
        other => Err(stop(other)),
    }
}
