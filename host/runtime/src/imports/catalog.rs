//! `catalog`: shared code lists, from memory.

use std::sync::Arc;

use dinh_model::{Date, Language, Value, time};
use dinh_services::catalog::{self as codes, Compiled, Translation as Found};
use dinh_services::{ServiceError, Thing};

use super::{convert, size::Size};
use crate::bindings::catalog::{self, Attribute, AttributeValue, Entries, Entry, Error, Translation};
use crate::bindings::types;
use crate::state::{State, stop};

type Answer<T> = wasmtime::Result<Result<T, Error>>;

/// Goes on with what an inner question found; what the contract calls an error is the answer.
macro_rules! found {
    ($asked:expr) => {
        match $asked {
            Ok(found) => found,
            Err(error) => return Ok(Err(error)),
        }
    };
}

impl catalog::Host for State {
    fn lookup(&mut self, catalog: String, code: String, as_of: types::Date) -> Answer<Option<Entry>> {
        self.crossed(catalog.len() + code.len())?;
        let day = found!(day(as_of));
        let compiled = found!(self.open(&catalog)?);
        self.answer(compiled.lookup(&code, day).map(|found| entry(&compiled, found)))
    }

    fn get(&mut self, catalog: String, code: String) -> Answer<Option<Entry>> {
        self.crossed(catalog.len() + code.len())?;
        let compiled = found!(self.open(&catalog)?);
        self.answer(compiled.get(&code).map(|found| entry(&compiled, found)))
    }

    fn find(&mut self, catalog: String, name: String, as_of: types::Date) -> Answer<Option<Entry>> {
        self.crossed(catalog.len() + name.len())?;
        let day = found!(day(as_of));
        let compiled = found!(self.open(&catalog)?);
        self.answer(compiled.find(&name, day).map(|found| entry(&compiled, found)))
    }

    fn list(
        &mut self,
        catalog: String,
        as_of: types::Date,
        after: Option<String>,
        limit: u32,
    ) -> Answer<Entries> {
        self.crossed(catalog.len() + after.size())?;
        let day = found!(day(as_of));
        let language = self.call.language();
        let compiled = found!(self.open(&catalog)?);
        let listed = match compiled.list(day, after.as_deref(), limit as usize) {
            Ok(listed) => listed,
            Err(error) => return refusal(error, language).map(Err),
        };
        let column = |text: fn(&codes::Entry, Language) -> &str| {
            convert::text_list(listed.entries.iter().map(|entry| text(entry, language)))
        };
        self.answer(Entries {
            codes: column(|entry, _| &entry.code),
            names: column(|entry, language| entry.name.get(language)),
            parents: column(|entry, _| entry.parent.as_deref().unwrap_or_default()),
            next: listed.next,
        })
    }

    fn successors(&mut self, catalog: String, code: String) -> Answer<Vec<Entry>> {
        self.crossed(catalog.len() + code.len())?;
        let compiled = found!(self.open(&catalog)?);
        self.answer(entries(&compiled, compiled.successors(&code)))
    }

    fn predecessors(&mut self, catalog: String, code: String) -> Answer<Vec<Entry>> {
        self.crossed(catalog.len() + code.len())?;
        let compiled = found!(self.open(&catalog)?);
        self.answer(entries(&compiled, compiled.predecessors(&code)))
    }

    fn translate(
        &mut self,
        catalog: String,
        code: String,
        to_day: types::Date,
    ) -> Answer<Option<Translation>> {
        self.crossed(catalog.len() + code.len())?;
        let day = found!(day(to_day));
        let compiled = found!(self.open(&catalog)?);
        self.answer(compiled.translate(&code, day).map(|found| match found {
            Found::Exact(exact) => Translation::Exact(entry(&compiled, exact)),
            Found::Ambiguous(several) => Translation::Ambiguous(entries(&compiled, several)),
            Found::None => Translation::Nothing,
        }))
    }
}

impl State {
    /// The catalog as this call sees it.
    #[inline]
    fn open(&mut self, catalog: &str) -> Answer<Arc<Compiled>> {
        match codes::open(&self.call, catalog) {
            Ok(compiled) => Ok(Ok(compiled)),
            Err(error) => {
                self.looks(1)?;
                refusal(error, self.call.language()).map(Err)
            }
        }
    }

    fn answer<T: Size>(&mut self, answer: T) -> Answer<T> {
        self.crossed(answer.size())?;
        Ok(Ok(answer))
    }
}

fn day(days: types::Date) -> Result<Date, Error> {
    convert::date(days).map_err(Error::Invalid)
}

fn entries(compiled: &Compiled, found: Vec<&codes::Entry>) -> Vec<Entry> {
    found.into_iter().map(|found| entry(compiled, found)).collect()
}

fn entry(compiled: &Compiled, entry: &codes::Entry) -> Entry {
    let known = &compiled.catalog().definition.attributes;
    let attributes = known.iter().zip(&entry.attributes).filter_map(|(known, value)| {
        let value = match value {
            Value::Integer(number) => AttributeValue::Integer(*number),
            Value::Decimal(number) => AttributeValue::Decimal(convert::to_decimal(*number)?),
            Value::Text(text) => AttributeValue::Text(text.clone()),
            _ => return None,
        };
        Some(Attribute { name: known.name.clone(), value })
    });
    Entry {
        code: entry.code.clone(),
        name_vi: entry.name.vi.clone(),
        name_en: entry.name.en.clone(),
        parent: entry.parent.clone(),
        valid_from: time::days(entry.valid_from),
        valid_until: entry.valid_until.map(time::days),
        attributes: attributes.collect(),
    }
}

impl Size for Entry {
    fn size(&self) -> usize {
        let Self { code, name_vi, name_en, parent, attributes, .. } = self;
        code.size() + name_vi.size() + name_en.size() + parent.size() + attributes.size() + 16
    }
}

impl Size for Attribute {
    fn size(&self) -> usize {
        self.name.size()
            + match &self.value {
                AttributeValue::Text(text) => text.size(),
                AttributeValue::Integer(_) | AttributeValue::Decimal(_) => 16,
            }
    }
}

impl Size for Entries {
    fn size(&self) -> usize {
        self.codes.size() + self.names.size() + self.parents.size() + self.next.size()
    }
}

impl Size for Translation {
    fn size(&self) -> usize {
        match self {
            Self::Exact(entry) => entry.size(),
            Self::Ambiguous(entries) => entries.size(),
            Self::Nothing => 1,
        }
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
