//! `sharing`: datasets of other plugins.

use std::sync::Arc;

use dinh_model::time;
use dinh_services::records::{PluginData, RecordError, Selection};
use dinh_services::sharing::{self as shared, Consumer, Source};
use dinh_services::{Refusal, ServiceError};

use super::convert;
use super::records::{asked_size, conditions, orders};
use super::size::Size;
use crate::bindings::records::Row;
use crate::bindings::sharing::{self, Error, Page, Terms};
use crate::bindings::types;
use crate::state::{State, stop};

type Answer<T> = wasmtime::Result<Result<T, Error>>;

/// What a step gave; its refusal goes to the guest.
macro_rules! given {
    ($given:expr) => {
        match $given {
            Ok(given) => given,
            Err(error) => return Ok(Err(error)),
        }
    };
}

impl sharing::Host for State {
    fn agreed(&mut self, wanted: String) -> Answer<Option<Terms>> {
        self.crossed(wanted.len())?;
        self.looks(1)?;
        let consumer = self.consumer(wanted);
        let source = match Source::open(&mut self.call, &consumer) {
            Ok(source) => source,
            Err(ServiceError::Refused(_)) => return Ok(Ok(None)),
            Err(error) => return Err(stop(error)),
        };
        let terms = source.contract().map(|contract| Terms {
            contract: contract.id.0,
            fields: contract.fields.clone(),
            until: time::days(contract.until),
        });
        self.crossed(terms.as_ref().map_or(1, |terms| terms.fields.size() + 8))?;
        Ok(Ok(terms))
    }

    fn query(&mut self, selection: sharing::Selection, after: Option<String>, limit: u32) -> Answer<Page> {
        self.crossed(selection.size() + after.size())?;
        self.looks(selection.any_of.len())?;
        let (source, data) = given!(self.source(selection.wanted.clone())?);
        let selection = given!(self::selection(selection));
        let found = shared::query(&mut self.call, &source, &data, &selection, after.as_deref(), limit);
        let page = given!(self.read(found)?);
        let page = Page {
            ids: page.ids.into_iter().map(convert::to_record_id).collect(),
            columns: page.columns.into_iter().map(convert::to_column).collect(),
            next: page.next,
        };
        self.crossed(page.ids.len() * 16 + page.columns.size() + page.next.size())?;
        Ok(Ok(page))
    }

    fn get(&mut self, wanted: String, id: types::RecordId, fields: Vec<String>) -> Answer<Option<Row>> {
        self.crossed(wanted.len() + fields.size() + 16)?;
        let (source, data) = given!(self.source(wanted)?);
        let found = shared::get(&mut self.call, &source, &data, convert::record_id(id), &fields);
        let Some(row) = given!(self.read(found)?) else { return Ok(Ok(None)) };
        let row = Row {
            id: convert::to_record_id(row.id),
            version: row.version,
            values: row.values.into_iter().map(convert::to_value).collect(),
        };
        self.crossed(row.values.size() + 24)?;
        Ok(Ok(Some(row)))
    }

    fn count(&mut self, selection: sharing::Selection) -> Answer<u64> {
        self.crossed(selection.size())?;
        self.looks(selection.any_of.len())?;
        let (source, data) = given!(self.source(selection.wanted.clone())?);
        let selection = given!(self::selection(selection));
        let counted = shared::count(&mut self.call, &source, &data, &selection);
        self.read(counted)
    }

    fn sum(&mut self, selection: sharing::Selection, field: String) -> Answer<types::Decimal> {
        self.crossed(selection.size() + field.len())?;
        self.looks(selection.any_of.len())?;
        let (source, data) = given!(self.source(selection.wanted.clone())?);
        let selection = given!(self::selection(selection));
        let sum = shared::sum(&mut self.call, &source, &data, &selection, &field);
        let sum = given!(self.read(sum)?);
        Ok(convert::to_decimal(sum)
            .ok_or_else(|| Error::BadRequest(format!("the sum of {field} has more than 18 digits"))))
    }

    fn resolve(
        &mut self,
        wanted: String,
        ids: Vec<types::RecordId>,
        fields: Vec<String>,
    ) -> Answer<Vec<types::Column>> {
        self.crossed(wanted.len() + ids.len() * 16 + fields.size())?;
        let (source, data) = given!(self.source(wanted)?);
        let ids: Vec<_> = ids.into_iter().map(convert::record_id).collect();
        let found = shared::resolve(&mut self.call, &source, &data, &ids, &fields);
        let page = given!(self.read(found)?);
        let columns: Vec<_> = page.columns.into_iter().map(convert::to_column).collect();
        self.crossed(columns.size())?;
        Ok(Ok(columns))
    }
}

impl State {
    fn consumer(&self, wanted: String) -> Consumer {
        Consumer::Plugin { plugin: self.manifest.id.clone(), wanted }
    }

    /// The dataset that the plugin has a contract for, and the records it lies in.
    fn source(&mut self, wanted: String) -> Answer<(Source, Arc<PluginData>)> {
        self.looks(1)?;
        let consumer = self.consumer(wanted);
        let source = match Source::open(&mut self.call, &consumer) {
            Ok(source) => source,
            Err(ServiceError::Refused(refusal)) => {
                let text = self.said(refusal);
                self.crossed(text.len())?;
                return Ok(Err(Error::NoContract(text)));
            }
            Err(error) => return Err(stop(error)),
        };
        match self.plugins.get(source.provider()) {
            Some(provider) => {
                let data = Arc::clone(&provider.data);
                Ok(Ok((source, data)))
            }
            None => {
                let text = format!("the plugin {} cannot be read at present", source.provider());
                Ok(Err(Error::Unavailable(text)))
            }
        }
    }

    /// What a read gave; its refusal as the contract calls it.
    fn read<T>(&mut self, read: Result<T, RecordError>) -> Answer<T> {
        let error = match read {
            Ok(read) => return Ok(Ok(read)),
            Err(RecordError::Refused(refusal)) => Error::Denied(self.said(refusal)),
            Err(RecordError::Denied(denial)) => {
                self.call.denied(&denial);
                Error::Denied(denial.text)
            }
            Err(RecordError::BadRequest(wrong)) => Error::BadRequest(wrong),
            Err(ends) => return Err(stop(ends)),
        };
        let (Error::NoContract(text)
        | Error::Denied(text)
        | Error::Unavailable(text)
        | Error::BadRequest(text)) = &error;
        self.crossed(text.len())?;
        Ok(Err(error))
    }

    /// A refusal in the reader's words; it goes into the evidence.
    fn said(&mut self, refusal: Refusal) -> String {
        let text = refusal.text.get(self.call.language()).to_owned();
        self.call.refused(&ServiceError::Refused(refusal));
        text
    }
}

fn selection(selection: sharing::Selection) -> Result<Selection, Error> {
    Ok(Selection {
        collection: String::new(),
        fields: selection.fields,
        any_of: conditions(selection.any_of).map_err(Error::BadRequest)?,
        order_by: orders(selection.order_by),
    })
}

impl Size for sharing::Selection {
    fn size(&self) -> usize {
        self.wanted.size() + self.fields.size() + asked_size(&self.any_of, &self.order_by)
    }
}
