//! Reading: a consistent view of the store at one commit.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use arc_swap::ArcSwapOption;

use crate::backend::{Cursor, Direction, Table, View};
use crate::format::{self, Row, State};
use crate::index::EvidenceIndex;
use crate::log::EvidenceLog;
use crate::range::{Range, Shown};
use crate::row_cache::RowCache;
use crate::{Recorded, Seq, StoreError};

/// A value and the commit that wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// The commit that wrote it.
    pub version: Seq,
    /// The value.
    pub value: Vec<u8>,
}

/// A key and its value where they lie, without a copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Item<'a> {
    /// The key.
    pub key: &'a [u8],
    /// The commit that wrote the value.
    pub version: Seq,
    /// The value.
    pub value: &'a [u8],
}

impl Item<'_> {
    /// A copy of the value.
    pub fn to_stored(&self) -> Stored {
        Stored { version: self.version, value: self.value.to_vec() }
    }
}

/// What the store held after one commit. Later commits do not change it; clones share it.
///
/// It keeps the pages it sees on disk from being used again: hold one for a call, not for an afternoon. One
/// that is held longer than [`Options::snapshot_age`](crate::Options::snapshot_age) after it was no longer the
/// newest is ended by the next commit: it answers [`StoreError::Overstayed`] from then on, and so do its walks.
#[derive(Clone)]
pub struct Snapshot {
    pinned: Arc<Pinned>,
    /// Also sees the rows of this batch.
    batch: Option<Seq>,
}

/// The view of a snapshot, until it is ended.
pub(crate) struct Pinned {
    view: ArcSwapOption<Box<dyn View>>,
    /// Looked at by walks, which have pages of their own, and by what is answered from memory.
    ended: AtomicBool,
    state: State,
    most: Duration,
    cache: Arc<RowCache>,
}

impl Pinned {
    fn with<T>(&self, look: impl FnOnce(&dyn View) -> Result<T, StoreError>) -> Result<T, StoreError> {
        match &*self.view.load() {
            Some(view) => look(&***view),
            None => Err(self.overstayed()),
        }
    }

    /// Releases the pages. Whoever reads at this moment finishes first.
    pub(crate) fn end(&self) {
        self.ended.store(true, Ordering::Relaxed);
        self.view.store(None);
    }

    /// Whether it was not ended yet.
    #[inline]
    pub(crate) fn held(&self) -> Result<(), StoreError> {
        if self.ended.load(Ordering::Relaxed) { Err(self.overstayed()) } else { Ok(()) }
    }

    #[cold]
    fn overstayed(&self) -> StoreError {
        StoreError::Overstayed { seq: self.state.seq, most: self.most }
    }
}

impl Snapshot {
    /// A snapshot that may be held for `most` once it is no longer the newest.
    pub(crate) fn new(view: Box<dyn View>, state: State, most: Duration, cache: Arc<RowCache>) -> Self {
        let view = ArcSwapOption::from_pointee(view);
        let pinned = Pinned { view, ended: AtomicBool::new(false), state, most, cache };
        Self { pinned: Arc::new(pinned), batch: None }
    }

    #[inline]
    pub(crate) fn state(&self) -> &State {
        &self.pinned.state
    }

    pub(crate) fn pinned(&self) -> &Arc<Pinned> {
        &self.pinned
    }

    /// The last commit it sees.
    pub fn seq(&self) -> Seq {
        self.pinned.state.seq
    }

    /// The same, which also sees the rows of a batch that is being staged: for the work that stages them.
    pub fn with_batch(&self, batch: Seq) -> Self {
        Self { pinned: Arc::clone(&self.pinned), batch: Some(batch) }
    }

    /// A copy of the value of `key`.
    pub fn get(&self, key: &[u8]) -> Result<Option<Stored>, StoreError> {
        self.read(key, |item| item.to_stored())
    }

    /// What `see` makes of the value of `key`, shown to it where it lies; none when there is no value.
    pub fn read<T>(&self, key: &[u8], see: impl FnOnce(Item<'_>) -> T) -> Result<Option<T>, StoreError> {
        self.row(key, |row| {
            self.shows(&row).then(|| see(Item { key, version: row.version, value: row.value }))
        })
        .map(Option::flatten)
    }

    /// What is at rest under `key`, staged or not.
    pub(crate) fn row<T>(&self, key: &[u8], see: impl FnOnce(Row<'_>) -> T) -> Result<Option<T>, StoreError> {
        let Pinned { cache, state, .. } = &*self.pinned;
        if let Some(kept) = cache.row(key, state.seq) {
            self.pinned.held()?;
            return kept.map(|stored| format::opened(key, &stored).map(see)).transpose();
        }
        let mut see = Some(see);
        let (mut seen, mut found) = (Ok(None), None);
        let keep = cache.admits(key);
        self.pinned.with(|view| {
            view.get(Table::Data, key, &mut |stored| {
                found = keep.then(|| stored.into());
                seen = format::open(key, stored).map(|row| see.take().map(|see| see(row)));
            })
        })?;
        if keep && seen.is_ok() {
            cache.keep_row(key, state.seq, found);
        }
        seen
    }

    pub(crate) fn cache(&self) -> &Arc<RowCache> {
        &self.pinned.cache
    }

    #[inline]
    pub(crate) fn shows(&self, row: &Row<'_>) -> bool {
        row.batch.is_none_or(|batch| self.batch == Some(batch) || !self.state().hides(batch))
    }

    /// The version of `key`; none when there is no value.
    pub fn version(&self, key: &[u8]) -> Result<Option<Seq>, StoreError> {
        self.read(key, |item| item.version)
    }

    /// The keys from `start` to before `end` (none: all that follow), with their values.
    pub fn range(&self, start: &[u8], end: Option<&[u8]>, direction: Direction) -> Range {
        self.walk(start, end, direction, Shown::All)
    }

    /// The keys from `start` to before `end` that a batch staged, whether or not it is published: to count
    /// them, or to remove them when the work is given up.
    pub fn staged(&self, batch: Seq, start: &[u8], end: Option<&[u8]>) -> Range {
        self.walk(start, end, Direction::Forward, Shown::Staged(batch))
    }

    fn walk(&self, start: &[u8], end: Option<&[u8]>, direction: Direction, shown: Shown) -> Range {
        Range::new(self.clone(), start, end, direction, shown)
    }

    /// Evidence from `from_index` on, oldest first, at most `limit` entries.
    pub fn evidence(&self, from_index: u64, limit: usize) -> Result<Vec<Recorded>, StoreError> {
        let limit = u64::try_from(limit).unwrap_or(u64::MAX);
        let to = from_index.saturating_add(limit).min(self.evidence_len());
        let mut entries = Vec::new();
        self.salted(from_index, to, |index, row| {
            entries.push(Recorded { index, seq: row.version, entry: format::decode(index, row.value)? });
            Ok(())
        })?;
        Ok(entries)
    }

    /// Shows the entries from `from` to before `to` with their salts. One that is not there is damage.
    pub(crate) fn salted(
        &self,
        from: u64,
        to: u64,
        mut see: impl FnMut(u64, Row<'_>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let (start, end) = (from.to_be_bytes(), to.to_be_bytes());
        let mut cursor = self.rows(Table::Evidence, &start, Some(&end), Direction::Forward)?;
        for index in from..to {
            let found = cursor.advance()?;
            let (key, stored) = cursor.here();
            if !found || key != index.to_be_bytes() {
                return Err(StoreError::damaged(format!("evidence {index}, which is missing")));
            }
            see(index, format::open(key, stored)?)?;
        }
        Ok(())
    }

    /// The entries with these indexes, in their order. One that is not there is damage.
    pub fn evidence_at(&self, indexes: &[u64]) -> Result<Vec<Recorded>, StoreError> {
        let mut entries = Vec::with_capacity(indexes.len());
        for run in indexes.chunk_by(|one, next| one.checked_add(1) == Some(*next)) {
            if let (Some(first), Some(last)) = (run.first(), run.last()) {
                self.salted(*first, last.saturating_add(1), |index, row| {
                    let entry = format::decode(index, row.value)?;
                    entries.push(Recorded { index, seq: row.version, entry });
                    Ok(())
                })?;
            }
        }
        Ok(entries)
    }

    /// A walk through one of the store's own tables.
    pub(crate) fn rows(
        &self,
        table: Table,
        start: &[u8],
        end: Option<&[u8]>,
        direction: Direction,
    ) -> Result<Box<dyn Cursor>, StoreError> {
        self.pinned.with(|view| view.walk(table, start, end, direction))
    }

    /// A value of one of the store's own tables.
    pub(crate) fn at_rest(&self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        let mut found = Ok(None);
        self.pinned.with(|view| {
            view.get(table, key, &mut |stored| {
                found = format::open(key, stored).map(|row| Some(row.value.to_vec()));
            })
        })?;
        found
    }

    /// The evidence as a log that can be proved.
    pub fn evidence_log(&self) -> EvidenceLog<'_> {
        EvidenceLog::new(self)
    }

    /// What the evidence is found by.
    pub fn evidence_index(&self) -> EvidenceIndex<'_> {
        EvidenceIndex::new(self)
    }

    /// The batches that are being staged, with the number of rows each holds.
    pub fn batches(&self) -> impl Iterator<Item = (Seq, u64)> {
        self.state().batches.iter().map(|open| (open.id, open.rows))
    }

    /// How many entries of evidence there are.
    pub fn evidence_len(&self) -> u64 {
        self.state().evidence
    }
}

impl fmt::Debug for Snapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Snapshot").field("seq", &self.seq()).finish_non_exhaustive()
    }
}
