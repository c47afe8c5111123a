//! The directory of one visitor, over the services: one reading call, begun when the first name is asked.

use std::sync::Arc;

use dinh_model::{AccountId, Date, FileId, RecordId, UnitId, Value};
use dinh_runtime::Plugin;
use dinh_runtime::bindings::views::RecordPicker;
use dinh_services::accounts::{self, Account};
use dinh_services::files::{self, FileInfo};
use dinh_services::records::{self, Comparison, Condition, Order, RecordError, Selection};
use dinh_services::{Call, Origin, ServiceError, catalog};
use parking_lot::Mutex;

use crate::app::App;
use crate::directory::{Candidate, Directory, Found, UnitEntry};
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

    /// One record or several of the plugin's own collection.
    fn read<T>(
        &self,
        picker: &RecordPicker,
        read: impl FnOnce(&mut Call, &records::PluginData, &[String]) -> Result<T, RecordError>,
    ) -> Option<T> {
        let plugin = self.plugin.as_ref()?;
        // `dataset:` sources belong to contracts between plugins, which this version does not have.
        plugin.data.collection(&picker.source)?;
        let mut fields = vec![picker.title_field.clone()];
        fields.extend(picker.detail_fields.iter().cloned());
        self.ask(|call| match read(call, &plugin.data, &fields) {
            Ok(found) => Ok(Some(found)),
            Err(error) => {
                tracing::warn!(plugin = %plugin.manifest.id, source = picker.source, %error, "a picker cannot read its source");
                Ok(None)
            }
        })
        .flatten()
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
            Ok(Found { candidates, more: people.more })
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
        Some(Found { candidates: candidates.collect(), more: listed.next.is_some() })
    }

    fn file(&self, id: FileId) -> Option<FileInfo> {
        let plugin = self.plugin.as_ref()?;
        self.ask(|call| files::describe(call, &plugin.data, &[id]))?.into_iter().next()?
    }

    fn record(&self, picker: &RecordPicker, id: RecordId) -> Option<Candidate> {
        let row =
            self.read(picker, |call, data, fields| records::get(call, data, &picker.source, id, fields))??;
        let mut texts = row.values.iter().map(shown);
        let text = texts.next().unwrap_or_default();
        Some(Candidate { value: id.to_string(), text, detail: joined(texts) })
    }

    fn search_records(&self, picker: &RecordPicker, words: &str, limit: usize) -> Found {
        let found = self.read(picker, |call, data, fields| {
            let selection = |comparison| Selection {
                collection: picker.source.clone(),
                fields: fields.to_vec(),
                any_of: vec![vec![Condition {
                    field: picker.title_field.clone(),
                    comparison,
                    value: Value::Text(words.to_owned()),
                }]],
                order_by: vec![Order { field: picker.title_field.clone(), descending: false }],
            };
            let limit = u32::try_from(limit).unwrap_or(1_000).clamp(1, records::MOST_ROWS);
            let page = match records::query(call, data, &selection(Comparison::Matches), None, limit) {
                // Without an index of words, the beginning of the name is what can be searched.
                Err(RecordError::BadRequest(_)) => {
                    records::query(call, data, &selection(Comparison::StartsWith), None, limit)?
                }
                other => other?,
            };
            let mut candidates = Vec::with_capacity(page.ids.len());
            for id in &page.ids {
                if let Some(row) = records::get(call, data, &picker.source, *id, fields)? {
                    let mut texts = row.values.iter().map(shown);
                    let text = texts.next().unwrap_or_default();
                    candidates.push(Candidate { value: id.to_string(), text, detail: joined(texts) });
                }
            }
            Ok(Found { candidates, more: page.next.is_some() })
        });
        found.unwrap_or_default()
    }
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
