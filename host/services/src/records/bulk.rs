//! Records by the hundred thousand: added in steps that nobody sees, visible at once by one change, or never.
//!
//! ```text
//! open_bulk ─▶ stage, stage, … ─▶ publish       visible
//!                        └──────▶ abandon       nothing was there
//! ```
//! Every step is a change of its own, small enough that others hardly wait for it: the work can stop after any
//! step, also by a power cut, and go on or be given up later. Each record is checked as if it were added alone.
//! Publishing checks again what may have changed since: the rights of whoever publishes, and that records which
//! are referred to are still there.

use std::collections::BTreeSet;

use dinh_model::key::after_prefix;
use dinh_model::{FieldType, RecordId, Row, RowError, Value, Verb};
use dinh_store::{KeyRange, Seq, Stage, Transaction};
use serde::{Deserialize, Serialize};

use super::columns::Column;
use super::cover::Opener;
use super::place::{Place, trailing_id};
use super::sight::{raised, target_of_row};
use super::write::labels;
use super::{PluginData, RecordError, fed, insert_many, reference, volume};
use crate::{Call, Origin, Platform, ServiceError};

/// Records of one step. Others wait for the step that is on its way to the disk, and then for their own change;
/// so a step should take hardly longer than the smallest change. The bench measures what they wait.
pub const BULK_STEP: usize = 4;

/// How often a step is run again when it conflicted.
const ATTEMPTS: u32 = 8;

/// Records that are being added to one collection. It can be kept, and taken up after a restart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bulk {
    /// The collection.
    pub collection: String,
    batch: Seq,
}

impl Platform {
    /// Begins to add many records to a collection.
    ///
    /// # Errors
    /// As [`insert_many`](super::insert_many), and when too much is being added already.
    pub fn open_bulk(
        &self,
        origin: &Origin,
        data: &PluginData,
        collection: &str,
    ) -> Result<Bulk, RecordError> {
        let place = Place::find(data, collection)?;
        let mut call = self.begin(origin)?;
        call.require_somewhere(place.permission(Verb::Create), None)?;
        if place.collection.may_seal() {
            // Steps are staged, and a key is not.
            call.data_key_to_seal(place.owner())?;
        }
        call.transaction.stage(Stage::Open { ranges: ranges(&place) });
        call.evidence("bulk.opened", format!("{}/{collection}", data.plugin), []);
        let committed = self.commit(call)?;
        Ok(Bulk { collection: collection.to_owned(), batch: committed.seq })
    }

    /// Adds at most [`BULK_STEP`] records that nobody sees yet; see [`insert_many`](super::insert_many).
    ///
    /// # Errors
    /// As there. Nothing of a refused step is staged; those before it are.
    pub fn stage_bulk(
        &self,
        origin: &Origin,
        data: &PluginData,
        bulk: &Bulk,
        fields: &[String],
        columns: &[Column],
    ) -> Result<Vec<RecordId>, RecordError> {
        let rows = columns.first().map_or(0, Column::len);
        if rows > BULK_STEP {
            let most = BULK_STEP;
            return Err(RecordError::BadRequest(format!("a step adds at most {most} records, not {rows}")));
        }
        let place = Place::find(data, &bulk.collection)?;
        let holds = |name: &String| {
            place.field(name).is_ok_and(|(_, field)| matches!(field.kind, FieldType::Attachment(_)))
        };
        if fields.iter().any(holds) {
            // A file is attached by the change that writes its record, and steps are staged.
            return Err(RecordError::BadRequest("records with files are not added in steps".to_owned()));
        }
        again(|| {
            let mut call = self.begin_staging(origin, bulk.batch)?;
            let ids = insert_many(&mut call, data, &bulk.collection, fields, columns)?;
            self.commit(call)?;
            Ok(ids)
        })
    }

    /// Makes all records visible; how many there are.
    ///
    /// # Errors
    /// When the actor may no longer add one of them, or a record that one refers to is gone: then nothing is
    /// visible, and the work can only be abandoned.
    pub fn publish_bulk(&self, origin: &Origin, data: &PluginData, bulk: &Bulk) -> Result<u64, RecordError> {
        let place = Place::find(data, &bulk.collection)?;
        again(|| {
            let mut call = self.begin(origin)?;
            let count = check_again(&mut call, &place, bulk)?;
            call.transaction.stage(Stage::Publish { batch: bulk.batch });
            let subject = format!("{}/{}", data.plugin, bulk.collection);
            call.evidence("bulk.published", subject, [("count", count.to_string())]);
            self.commit(call)?;
            Ok(count)
        })
    }

    /// Gives the work up: removes what was staged, in steps.
    ///
    /// # Errors
    /// When the actor may add no records there; when the store fails: what is left can be abandoned again.
    pub fn abandon_bulk(&self, origin: &Origin, data: &PluginData, bulk: &Bulk) -> Result<(), RecordError> {
        let place = Place::find(data, &bulk.collection)?;
        self.begin(origin)?.require_somewhere(place.permission(Verb::Create), None)?;
        for KeyRange { start, end } in ranges(&place) {
            loop {
                let mut call = self.begin_staging(origin, bulk.batch)?;
                let mut left = call.transaction.snapshot().staged(bulk.batch, &start, end.as_deref());
                let mut keys = Vec::new();
                // A record has a few entries in indexes.
                while keys.len() < 4 * BULK_STEP
                    && let Some(item) = left.step()?
                {
                    keys.push(item.key.to_vec());
                }
                if keys.is_empty() {
                    break;
                }
                keys.into_iter().for_each(|key| call.transaction.delete(key));
                self.commit(call)?;
            }
        }
        again(|| {
            let mut call = self.begin(origin)?;
            call.transaction.stage(Stage::Close { batch: bulk.batch });
            call.evidence("bulk.abandoned", format!("{}/{}", data.plugin, bulk.collection), []);
            self.commit(call)?;
            Ok(())
        })
    }

    /// Begins a call whose writes are staged, and which sees what its batch staged before.
    fn begin_staging(&self, origin: &Origin, batch: Seq) -> Result<Call, ServiceError> {
        let mut call = self.begin(origin)?;
        call.transaction = Transaction::staging(call.transaction.snapshot(), batch);
        call.staged = true;
        Ok(call)
    }
}

fn again<T>(mut step: impl FnMut() -> Result<T, RecordError>) -> Result<T, RecordError> {
    for _ in 1..ATTEMPTS {
        match step() {
            Err(RecordError::Service(ServiceError::Conflict)) => {}
            done => return done,
        }
    }
    step()
}

/// Where keys of new records of a collection lie: its rows, its indexes, its references to others.
fn ranges(place: &Place<'_>) -> Vec<KeyRange> {
    let of = |prefix: Vec<u8>| KeyRange { end: after_prefix(&prefix), start: prefix };
    let mut ranges = vec![of(place.rows().to_vec()), of(place.indexes())];
    let targets: BTreeSet<&str> = place
        .collection
        .fields
        .iter()
        .filter_map(|field| match &field.kind {
            FieldType::Reference { collection } => Some(collection.as_str()),
            _ => None,
        })
        .collect();
    for target in targets {
        if let Some(target) = place.data.collection(target) {
            let target = Place::of(place.data, target);
            ranges.extend([of(target.references()), of(target.sealed_references())]);
        }
    }
    ranges
}

/// Checks what may have changed since the records were staged; how many there are.
fn check_again(call: &mut Call, place: &Place<'_>, bulk: &Bulk) -> Result<u64, RecordError> {
    let mut ids = Vec::new();
    let mut bytes = 0_i64;
    let mut targets: BTreeSet<(String, RecordId)> = BTreeSet::new();
    let fields: Vec<usize> = (0..place.collection.fields.len()).collect();
    let end = after_prefix(place.rows());
    let opener = Opener::new(call, place);
    let mut rows = call.transaction.snapshot().staged(bulk.batch, place.rows(), end.as_deref());
    while let Some(item) = rows.step()? {
        let clear = Row::read(item.value)?;
        let id = trailing_id(item.key).ok_or(RowError::Damaged("a row that names no record"))?;
        let opened = opener.open(&call.transaction, place, id, &clear)?;
        let row = opened.as_ref().map_or(Ok(clear), |opened| Row::read(opened))?;
        // As when it was added alone: what a labelled field holds counts as well.
        let label = labels(place, &fields, |at| row.slot(at).is_some());
        call.require(place.permission(Verb::Create), &raised(target_of_row(place, &row), label))?;
        for (at, field) in place.collection.fields.iter().enumerate() {
            if let FieldType::Reference { collection } = &field.kind
                && let Value::Reference(to) = row.value(at, &field.kind)?
            {
                // A record may refer to one that comes with it.
                targets.insert((collection.clone(), to));
            }
        }
        bytes = bytes.saturating_add(volume::size(item.key.len(), item.value.len()));
        ids.push(id);
    }
    drop(rows);
    volume::changed(call, place, i64::try_from(ids.len()).unwrap_or(i64::MAX), bytes)?;
    for id in &ids {
        fed::written(call, place, *id, None)?;
    }
    for (collection, to) in targets {
        let staged = collection == place.collection.name && is_staged(call, place, bulk, to)?;
        if !staged && !reference::exists(call, place, &collection, to)? {
            return Err(RecordError::BadRequest(format!(
                "the record {to} of {collection}, which some of the new records refer to, was removed meanwhile"
            )));
        }
    }
    Ok(ids.len() as u64)
}

fn is_staged(call: &Call, place: &Place<'_>, bulk: &Bulk, id: RecordId) -> Result<bool, RecordError> {
    let key = place.row(id);
    let end = after_prefix(&key);
    let mut found = call.transaction.snapshot().staged(bulk.batch, &key, end.as_deref());
    Ok(found.step()?.is_some_and(|item| trailing_id(item.key) == Some(id)))
}
