//! Batches: whose keys nobody else may write, and what opening, publishing and closing one does.

use std::collections::HashMap;

use super::{KeyAndValue, Writer};
use crate::format::Batch;
use crate::{CommitError, Conflict, Draw, KeyRange, Seq, Stage, StoreError};

/// Most batches open at the same time: their list goes with every snapshot.
const BATCHES: usize = 64;

impl Writer {
    /// Whether the change may write its keys, and the open batches after it, if it changes them.
    pub(super) fn stage(
        &mut self,
        stage: Option<&Stage>,
        writes: &[KeyAndValue],
        draw: &[Draw],
        seq: Seq,
    ) -> Result<Option<Vec<Batch>>, CommitError> {
        if let Some(Stage::Write { batch }) = stage {
            return self.stage_rows(*batch, writes).map(Some);
        }
        if !self.group.state.batches.is_empty() {
            let registers = draw.iter().map(|draw| &draw.register);
            for key in writes.iter().map(|(key, _)| key).chain(registers) {
                if self.holder(key)?.is_some() {
                    return Err(Conflict::Staged(key.clone()).into());
                }
            }
        }
        let mut batches = self.group.state.batches.clone();
        match stage {
            None | Some(Stage::Write { .. }) => return Ok(None),
            Some(Stage::Open { ranges }) => {
                if batches.len() >= BATCHES {
                    return Err(CommitError::Malformed("64 batches are open already"));
                }
                batches.push(Batch { id: seq, ranges: ranges.clone(), rows: 0 });
            }
            Some(Stage::Publish { batch }) => {
                for range in take(&mut batches, *batch)?.ranges {
                    self.recent.note_published(range, seq);
                }
            }
            Some(Stage::Close { batch }) => {
                if take(&mut batches, *batch)?.rows > 0 {
                    return Err(CommitError::Malformed("it closes a batch whose rows are not removed"));
                }
            }
        }
        Ok(Some(batches))
    }

    /// A step of a batch: new keys, or its own.
    fn stage_rows(&self, batch: Seq, writes: &[KeyAndValue]) -> Result<Vec<Batch>, CommitError> {
        let mut batches = self.group.state.batches.clone();
        let Some(open) = batches.iter_mut().find(|open| open.id == batch) else {
            return Err(Conflict::Batch(batch).into());
        };
        // Of the keys that this very change staged or removed.
        let mut own_now: HashMap<&[u8], bool> = HashMap::new();
        for (key, value) in writes {
            if !open.ranges.iter().any(|range: &KeyRange| range.contains(key)) {
                return Err(CommitError::Malformed("a staged key lies outside the ranges of its batch"));
            }
            let holder = self.holder(key)?;
            let own = own_now.get(key.as_slice()).copied().unwrap_or(holder == Some(batch));
            let taken = holder.is_some_and(|holder| holder != batch) || self.version(key, None)?.is_some();
            if taken || (value.is_none() && !own) {
                return Err(Conflict::Key(key.clone()).into());
            }
            own_now.insert(key, value.is_some());
            match value {
                Some(_) if !own => open.rows += 1,
                None => open.rows = open.rows.saturating_sub(1),
                Some(_) => {}
            }
        }
        Ok(batches)
    }

    /// The open batch that holds `key`.
    fn holder(&self, key: &[u8]) -> Result<Option<Seq>, StoreError> {
        let state = &self.group.state;
        let batch = match self.group.staged.get(key) {
            Some(staged) => staged.map(|(batch, _)| batch),
            None => self.base.row(key, |row| row.batch)?.flatten(),
        };
        Ok(batch.filter(|batch| state.hides(*batch)))
    }
}

fn take(batches: &mut Vec<Batch>, id: Seq) -> Result<Batch, Conflict> {
    match batches.iter().position(|open| open.id == id) {
        Some(place) => Ok(batches.remove(place)),
        None => Err(Conflict::Batch(id)),
    }
}
