//! What a call has read that leaves evidence: under contracts, and what is labelled. One entry for each call and
//! contract, and for each call and collection.

use std::collections::BTreeSet;

use dinh_model::{ContractId, Label, PluginId, RecordId};
use dinh_store::{Entry, Outcome};

use super::model::Contract;
use crate::Origin;
use crate::call::{entry, parts};

/// What a call has read that leaves evidence.
#[derive(Debug, Default)]
pub(crate) struct Notes(Vec<Note>);

#[derive(Debug)]
struct Note {
    subject: String,
    contract: Option<ContractId>,
    detail: Vec<(&'static str, String)>,
    fields: BTreeSet<String>,
    filters: BTreeSet<String>,
    how: BTreeSet<&'static str>,
    rows: u64,
    records: Vec<RecordId>,
}

/// What one read was.
pub(crate) struct Read<'a> {
    /// How: `query`, `get`, `count`, `sum`, `resolve`.
    pub(crate) how: &'static str,
    /// The fields that were returned.
    pub(crate) fields: &'a [String],
    /// The fields that rows were chosen by, each with how it was compared; never with what.
    pub(crate) filters: &'a [String],
    /// Rows that were returned, or counted.
    pub(crate) rows: u64,
    /// The records that were returned.
    pub(crate) records: &'a [RecordId],
}

impl Notes {
    /// Notes a read under a contract.
    pub(crate) fn shared(&mut self, contract: &Contract, read: &Read<'_>) {
        let known = self.0.iter().position(|note| note.contract == Some(contract.id));
        let at = known.unwrap_or_else(|| {
            let detail = vec![
                ("contract", contract.id.to_string()),
                ("dataset", contract.of()),
                ("purpose", contract.purpose.clone()),
                ("consumer", contract.consumer.subject()),
                ("unit", contract.provider_unit.to_string()),
            ];
            self.push(contract.subject(), Some(contract.id), detail)
        });
        self.add(at, read);
    }

    /// Notes a read of a plugin's own records that are labelled.
    pub(crate) fn labelled(&mut self, collection: &str, label: Label, read: &Read<'_>) {
        let known = self.0.iter().position(|note| note.contract.is_none() && note.subject == collection);
        let at = known
            .unwrap_or_else(|| self.push(collection.to_owned(), None, vec![("label", label.to_string())]));
        self.add(at, read);
    }

    fn push(
        &mut self,
        subject: String,
        contract: Option<ContractId>,
        detail: Vec<(&'static str, String)>,
    ) -> usize {
        self.0.push(Note {
            subject,
            contract,
            detail,
            fields: BTreeSet::new(),
            filters: BTreeSet::new(),
            how: BTreeSet::new(),
            rows: 0,
            records: Vec::new(),
        });
        self.0.len() - 1
    }

    fn add(&mut self, at: usize, read: &Read<'_>) {
        let Some(note) = self.0.get_mut(at) else { return };
        note.rows += read.rows;
        note.how.insert(read.how);
        for field in read.fields {
            if !note.fields.contains(field) {
                note.fields.insert(field.clone());
            }
        }
        note.filters.extend(read.filters.iter().cloned());
        note.records.extend_from_slice(read.records);
    }

    /// The entries; none when nothing was read that leaves one.
    pub(crate) fn into_entries(self, origin: &Origin, plugin: Option<&PluginId>) -> Vec<Entry> {
        let of = |mut note: Note| {
            // Page after page in the order of their keys, mostly: a sort that knows such runs.
            note.records.sort();
            note.records.dedup();
            let action = if note.contract.is_some() { "dataset.read" } else { "record.read" };
            let words = |words: Vec<String>| words.join(" ");
            let detail = [
                ("how", note.how.into_iter().collect::<Vec<_>>().join(" ")),
                ("fields", words(note.fields.into_iter().collect())),
                ("filter", words(note.filters.into_iter().collect())),
                ("rows", note.rows.to_string()),
            ];
            let detail = note.detail.into_iter().chain(detail).filter(|(_, value)| !value.is_empty());
            parts(entry(origin, plugin.cloned(), action, note.subject, Outcome::Done, detail), &note.records)
        };
        // Which is so for most calls.
        if self.0.is_empty() { Vec::new() } else { self.0.into_iter().flat_map(of).collect() }
    }
}
