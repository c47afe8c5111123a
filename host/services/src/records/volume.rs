//! How much a plugin keeps: the number of its records and the bytes of their rows, counted by the change that writes
//! them, so that the figures are exact over conflicts and restarts, and nobody who writes waits for another.
//!
//! ```text
//! VOLUME     │ plugin u32 │ 0  → records, i64 little-endian
//! VOLUME     │ plugin u32 │ 1  → bytes of keys and rows
//! FILE_BYTES │ plugin u32     → bytes of files (`files`)
//! ```
//!
//! A call looks at the figures once, when it first makes them grow, and ends with a [`Trip`] where they would grow
//! beyond what its plugin may keep. Calls that write at the same moment cannot exceed it together: the store refuses the
//! change that would, its call is run again, and sees. What shrinks is never refused. Entries of indexes are not counted;
//! records that are staged are counted when they are published.

use dinh_store::{Direction, Snapshot};

use super::RecordError;
use super::place::Place;
use crate::{Call, ServiceError, Trip, space};

const RECORDS: u8 = 0;
const BYTES: u8 = 1;

/// How much a plugin keeps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Volume {
    /// Records.
    pub records: u64,
    /// Bytes of the keys and rows of its records.
    pub row_bytes: u64,
    /// Bytes of its files, those on their way and those to be removed included.
    pub file_bytes: u64,
}

impl Volume {
    /// How much the plugin of this number keeps.
    pub fn of(snapshot: &Snapshot, number: u32) -> Result<Self, ServiceError> {
        let counted = |which| -> Result<u64, ServiceError> {
            let key = key(number, which);
            let read = snapshot.read(&key, |item| item.value.try_into().map(i64::from_le_bytes))?;
            let count = read.transpose().map_err(|_| crate::call::damaged(&key))?;
            Ok(u64::try_from(count.unwrap_or(0)).unwrap_or(0))
        };
        Ok(Self {
            records: counted(RECORDS)?,
            row_bytes: counted(BYTES)?,
            file_bytes: crate::files::bytes_of(snapshot, number)?,
        })
    }

    /// The same, counted anew: every row is looked at. What the counters say otherwise is a fault of the platform.
    pub fn recount(snapshot: &Snapshot, number: u32) -> Result<Self, ServiceError> {
        let prefix = space::numbered(space::RECORD, number);
        let end = dinh_model::key::after_prefix(&prefix);
        let mut rows = snapshot.range(&prefix, end.as_deref(), Direction::Forward);
        let mut volume = Self { file_bytes: crate::files::bytes_of(snapshot, number)?, ..Self::default() };
        while let Some(item) = rows.step()? {
            volume.records += 1;
            volume.row_bytes += (item.key.len() + item.value.len()) as u64;
        }
        Ok(volume)
    }

    /// Bytes of everything.
    pub fn bytes(&self) -> u64 {
        self.row_bytes.saturating_add(self.file_bytes)
    }
}

/// What a call has seen of a plugin's volume, and by how much it changes it.
pub(super) struct Growth {
    number: u32,
    seen: Volume,
    records: i64,
    bytes: i64,
}

/// Counts what the call writes: so many records more or fewer, so many bytes of keys and rows.
pub(super) fn changed(
    call: &mut Call,
    place: &Place<'_>,
    records: i64,
    bytes: i64,
) -> Result<(), RecordError> {
    if call.staged || (records == 0 && bytes == 0) {
        return Ok(());
    }
    let number = place.data.number;
    let known = call.records.growth.iter().position(|growth| growth.number == number);
    let at = match known {
        Some(at) => at,
        None => {
            // What the change is held to is in the change itself: here nothing is relied on.
            let seen = Volume::of(call.transaction.snapshot(), number)?;
            call.records.growth.push(Growth { number, seen, records: 0, bytes: 0 });
            call.records.growth.len() - 1
        }
    };
    let limits = call.limits;
    let Some(growth) = call.records.growth.get_mut(at) else { return Ok(()) };
    growth.records = growth.records.saturating_add(records);
    growth.bytes = growth.bytes.saturating_add(bytes);
    let kept = growth.seen.records.saturating_add_signed(growth.records);
    if records > 0 && growth.records > 0 && kept > limits.records {
        return Err(RecordError::Limit(Trip { what: "records", used: kept, allowed: limits.records }));
    }
    let stored = growth.seen.bytes().saturating_add_signed(growth.bytes);
    if bytes > 0 && growth.bytes > 0 && stored > limits.storage_bytes {
        let (used, allowed) = (stored, limits.storage_bytes);
        return Err(RecordError::Limit(Trip { what: "storage-bytes", used, allowed }));
    }
    let most = |most: u64| i64::try_from(most).unwrap_or(i64::MAX);
    let for_rows = most(limits.storage_bytes.saturating_sub(growth.seen.file_bytes));
    call.transaction.add(&key(number, RECORDS), records, most(limits.records));
    call.transaction.add(&key(number, BYTES), bytes, for_rows);
    Ok(())
}

/// Bytes of a key and its row, signed: what is added to, or taken from, the count.
pub(super) fn size(key: usize, row: usize) -> i64 {
    i64::try_from(key.saturating_add(row)).unwrap_or(i64::MAX)
}

fn key(number: u32, which: u8) -> [u8; 6] {
    let [a, b, c, d] = number.to_be_bytes();
    [space::VOLUME, a, b, c, d, which]
}
