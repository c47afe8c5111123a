//! Reading redb: every call is one passage through the boundary of `channel`.

use std::ops::Bound;
use std::sync::Arc;

use redb::{AccessGuard, ReadOnlyTable, ReadableTableMetadata, StorageError};

use super::channel::Channel;
use super::disk::Bytes;
use super::{Cursor, Direction, Table, Usage, View, is_empty};
use crate::StoreError;

pub(super) type Rows = Option<ReadOnlyTable<Bytes, Bytes>>;

pub(super) struct DiskView {
    channel: Arc<Channel>,
    tables: Tables,
}

/// The tables of an engine; none of them before the first batch.
pub(super) struct Tables {
    pub(super) data: Rows,
    pub(super) evidence: Rows,
    pub(super) tiles: Rows,
    pub(super) index: Rows,
    pub(super) meta: Rows,
}

impl DiskView {
    pub(super) fn new(channel: Arc<Channel>, tables: Tables) -> Self {
        Self { channel, tables }
    }

    fn table(&self, table: Table) -> Option<&ReadOnlyTable<Bytes, Bytes>> {
        match table {
            Table::Data => self.tables.data.as_ref(),
            Table::Evidence => self.tables.evidence.as_ref(),
            Table::Tiles => self.tables.tiles.as_ref(),
            Table::Index => self.tables.index.as_ref(),
            Table::Meta => self.tables.meta.as_ref(),
        }
    }

    /// How a file of so many bytes is used. Reads every page.
    pub(super) fn usage(&self, file: u64) -> Result<Usage, StoreError> {
        let mut usage = Usage { file, ..Usage::default() };
        for table in Table::ALL {
            let Some(table) = self.table(table) else { continue };
            let stats = self.channel.reading(|| table.stats())?;
            usage.stored += stats.stored_bytes();
            usage.unfilled += stats.fragmented_bytes();
            usage.live += stats.stored_bytes() + stats.metadata_bytes() + stats.fragmented_bytes();
        }
        Ok(usage)
    }
}

impl View for DiskView {
    fn get(&self, table: Table, key: &[u8], see: &mut dyn FnMut(&[u8])) -> Result<bool, StoreError> {
        let Some(table) = self.table(table) else { return Ok(false) };
        let value = self.channel.reading(|| {
            let value = table.get(key)?;
            // On a damaged page its bounds may be anywhere: looked at here, where a panic is caught.
            if let Some(value) = &value {
                value.value();
            }
            Ok(value)
        })?;
        match value {
            Some(value) => {
                see(value.value());
                Ok(true)
            }
            None => Ok(false),
        }
    }

    fn walk(
        &self,
        table: Table,
        start: &[u8],
        end: Option<&[u8]>,
        direction: Direction,
    ) -> Result<Box<dyn Cursor>, StoreError> {
        let range = match self.table(table) {
            Some(table) if !is_empty(start, end) => {
                let end = end.map_or(Bound::Unbounded, Bound::Excluded);
                Some(self.channel.reading(|| table.range::<&[u8]>((Bound::Included(start), end)))?)
            }
            _ => None,
        };
        let channel = Arc::clone(&self.channel);
        Ok(Box::new(DiskCursor { channel, range, direction, here: None, before: None }))
    }
}

struct DiskCursor {
    channel: Arc<Channel>,
    range: Option<redb::Range<'static, Bytes, Bytes>>,
    direction: Direction,
    /// As redb gave it: it is too large to be handed about at each step.
    here: Option<Result<Item, StorageError>>,
    /// The key before.
    before: Option<Vec<u8>>,
}

type Item = (AccessGuard<'static, Bytes>, AccessGuard<'static, Bytes>);

impl DiskCursor {
    fn next(&mut self) -> Result<bool, StoreError> {
        let Self { channel, range, direction, here, before } = self;
        let Some(range) = range else { return Ok(false) };
        channel.reading(|| {
            if let Some(Ok((key, _))) = here {
                let before = before.get_or_insert_default();
                before.clear();
                before.extend_from_slice(key.value());
            }
            *here = match direction {
                Direction::Forward => range.next(),
                Direction::Backward => range.next_back(),
            };
            let (key, value) = match here {
                Some(Ok(next)) => next,
                Some(Err(_)) => return here.take().transpose().map(|_| false),
                None => return Ok(false),
            };
            // As in `get`.
            value.value();
            let key = key.value();
            let in_order = before.as_deref().is_none_or(|before| match direction {
                Direction::Forward => before < key,
                Direction::Backward => before > key,
            });
            // Else a damaged page might be walked in circles.
            if in_order { Ok(true) } else { Err(StorageError::Corrupted("keys are out of order".to_owned())) }
        })
    }
}

impl Cursor for DiskCursor {
    fn advance(&mut self) -> Result<bool, StoreError> {
        let more = self.next();
        if !matches!(more, Ok(true)) {
            (self.here, self.range) = (None, None);
        }
        more
    }

    fn here(&self) -> (&[u8], &[u8]) {
        match &self.here {
            Some(Ok((key, value))) => (key.value(), value.value()),
            _ => (&[], &[]),
        }
    }
}
