//! The directory of one visitor, over the services: one reading call, begun when the first name is asked.

use std::sync::Arc;

use dinh_model::{AccountId, Date, FileId, RecordId, UnitId, Value};
use dinh_runtime::Plugin;
use dinh_runtime::bindings::views::RecordPicker;
use dinh_services::accounts::{self, Account};
use dinh_services::files::{self, FileInfo};
use dinh_services::records::{self, RecordError};
use dinh_services::{Call, Origin, ServiceError, catalog};
use parking_lot::Mutex;

use crate::app::App;
use crate::directory::{Candidate, Directory, Found, UnitEntry};
use crate::source::Source;
use crate::visitor::Visitor;

/// Deepest level of units that is listed.
const DEPTH: usize = 12;

/// Looks up what a visitor may see. What fails is logged and shows as missing: a page is worth more than a
/// name on it.
pub struct Lookup<'a> {
    app: &'a App,
    origin: Origin,
    plugin: Option<Arc<Plugin>>,
    call: Mutex<Option<Call>>,
}

impl<'a> Lookup<'a> {
    /// For a visitor, on a page of `plugin`, if it is one.
    pub fn new(app: &'a App, visitor: &Visitor, plugin: Option<Arc<Plugin>>) -> Self {
        Self { app, origin: visitor.origin(app), plugin, call: Mutex::new(None) }
    }

    /// The visitor's day.
    pub fn today(&self) -> Date {
        dinh_model::time::day_in_vietnam(self.origin.now)
    }

    fn ask<T>(&self, question: impl FnOnce(&mut Call) -> Result<T, ServiceError>) -> Option<T> {
        let mut held = self.call.lock();
        if held.is_none() {
            *held = self.app.platform.begin_reading(&self.origin).map_err(|error| failed(&error)).ok();
        }
        question(held.as_mut()?).map_err(|error| failed(&error)).ok()
    }

    fn unit_name(call: &Call, id: UnitId) -> String {
        accounts::get_unit(call, id).map(|unit| unit.name).unwrap_or_default()
    }

    fn candidate(call: &Call, account: &Account) -> Candidate {
        Candidate {
            value: account.id.to_string(),
            text: account.full_name.clone(),
            detail: format!("{} – {}", account.login, Self::unit_name(call, account.unit)),
        }
    }

    /// Looks in what a picker picks from, in a call of its own: what it reads of others is durable evidence before it is
    /// shown. None when there is no such source.
    fn look<T>(
        &self,
        picker: &RecordPicker,
        mut look: impl FnMut(&mut Call, &Source, &[String]) -> Result<T, RecordError>,
    ) -> Option<Result<T, ServiceError>> {
        let plugin = self.plugin.as_ref()?;
        let source = Source::named(plugin, &picker.source)?;
        let mut fields = vec![picker.title_field.clone()];
        fields.extend(picker.detail_fields.iter().cloned());
        let looked = self.app.platform.look(&self.origin, |call| {
            call.plugin = Some(plugin.manifest.id.clone());
            let opened = source.open(call, |id| self.app.runtime.plugin(id))?;
            look(call, &opened, &fields).map_err(ServiceError::from)
        });
        if let Err(error) = &looked {
            let (plugin, source) = (&plugin.manifest.id, &picker.source);
            tracing::warn!(%plugin, source, %error, "a picker cannot read its source");
        }
        Some(looked)
    }
}

fn failed(error: &ServiceError) {
    match error {
        ServiceError::NotFound { .. } => {}
        error => tracing::error!(%error, "a name could not be looked up"),
    }
}

impl Directory for Lookup<'_> {
    fn unit(&self, id: UnitId) -> Option<String> {
        self.ask(|call| accounts::get_unit(call, id)).map(|unit| unit.name)
    }

    fn units(&self) -> Vec<UnitEntry> {
        fn below(
            call: &Call,
            parent: Option<UnitId>,
            depth: usize,
            list: &mut Vec<UnitEntry>,
        ) -> Result<(), ServiceError> {
            if depth > DEPTH {
                return Ok(());
            }
            for unit in accounts::list_units(call, parent)? {
                list.push(UnitEntry { id: unit.id, name: unit.name, depth });
                below(call, Some(unit.id), depth + 1, list)?;
            }
            Ok(())
        }
        self.ask(|call| {
            let mut list = Vec::new();
            below(call, None, 0, &mut list).map(|()| list)
        })
        .unwrap_or_default()
    }

    fn person(&self, id: AccountId) -> Option<Candidate> {
        self.ask(|call| accounts::get_account(call, id).map(|account| Self::candidate(call, &account)))
    }

    fn search_people(&self, words: &str, limit: usize) -> Found {
        self.ask(|call| {
            let people = accounts::search_people(call, words, None, limit)?;
            let candidates = people.accounts.iter().map(|account| Self::candidate(call, account)).collect();
            Ok(Found { candidates, more: people.more, why: None })
        })
        .unwrap_or_default()
    }

    fn code(&self, catalog: &str, code: &str, as_of: Date) -> Option<String> {
        let language = self.origin.language;
        let compiled = self.ask(|call| catalog::open(call, catalog))?;
        Some(compiled.lookup(code, as_of)?.name.get(language).to_owned())
    }

    fn codes(&self, catalog: &str, as_of: Date, limit: usize) -> Option<Found> {
        let language = self.origin.language;
        let compiled = self.ask(|call| catalog::open(call, catalog))?;
        let listed = compiled.list(as_of, None, limit.clamp(1, 1_000)).ok()?;
        let candidates = listed.entries.iter().map(|entry| Candidate {
            value: entry.code.clone(),
            text: entry.name.get(language).to_owned(),
            detail: entry.code.clone(),
        });
        Some(Found { candidates: candidates.collect(), more: listed.next.is_some(), why: None })
    }

    fn file(&self, id: FileId) -> Option<FileInfo> {
        let plugin = self.plugin.as_ref()?;
        self.ask(|call| files::describe(call, &plugin.data, &[id]))?.into_iter().next()?
    }

    fn record(&self, picker: &RecordPicker, id: RecordId) -> Option<Candidate> {
        let found = self.look(picker, |call, source, fields| {
            let values = source.get(call, id, fields)?;
            Ok(values.map(|values| candidate_of(call, id, &values)))
        });
        found?.ok()?
    }

    fn search_records(&self, picker: &RecordPicker, words: &str, limit: usize) -> Found {
        let limit = u32::try_from(limit).unwrap_or(1_000).clamp(1, records::MOST_ROWS);
        let found = self.look(picker, |call, source, fields| {
            let page = source.search(call, fields, words, limit)?;
            let row = |at: usize| -> Vec<Value> {
                page.columns.iter().map(|column| column.value(at).unwrap_or_default()).collect()
            };
            let candidates = page.ids.iter().enumerate().map(|(at, id)| candidate_of(call, *id, &row(at)));
            Ok(Found { candidates: candidates.collect(), more: page.next.is_some(), why: None })
        });
        match found {
            None => Found::default(),
            Some(Ok(found)) => found,
            Some(Err(error @ (ServiceError::Refused(_) | ServiceError::Denied(_)))) => {
                Found { why: Some(error.text(self.origin.language)), ..Found::default() }
            }
            Some(Err(_)) => Found::default(),
        }
    }
}

/// A record by the fields that a picker shows.
fn candidate_of(call: &Call, id: RecordId, values: &[Value]) -> Candidate {
    let mut texts = values.iter().map(|value| match value {
        Value::Unit(unit) => Lookup::unit_name(call, *unit),
        value => shown(value),
    });
    let text = texts.next().unwrap_or_default();
    Candidate { value: id.to_string(), text, detail: joined(texts) }
}

fn joined(texts: impl Iterator<Item = String>) -> String {
    texts.filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" – ")
}

/// A field of a record beside its name.
fn shown(value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        Value::Integer(number) => number.to_string(),
        Value::Decimal(number) => number.to_string(),
        Value::Date(day) => crate::format::date(*day),
        Value::Instant(moment) => crate::format::instant(*moment),
        Value::Texts(texts) => texts.join("; "),
        _ => String::new(),
    }
}
