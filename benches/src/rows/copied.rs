//! A collection's rows in redb by hand: what is scanned and copied beside a shared read.

use std::collections::HashMap;

use dinh_services::space;
use dinh_store::Direction;
use redb::{Database, ReadableDatabase, TableDefinition};
use tempfile::TempDir;

use super::house::{House, TOGETHER};

type Bytes = &'static [u8];

const ROWS: TableDefinition<'static, Bytes, Bytes> = TableDefinition::new("rows");
const INDEX: TableDefinition<'static, Bytes, Bytes> = TableDefinition::new("index");

/// The rows of a house's collection and its one index, byte for byte, written in the same changes.
pub struct Copied {
    database: Database,
    /// The key that each page begins with.
    by_key: Vec<Vec<u8>>,
    by_index: Vec<Vec<u8>>,
    rows: usize,
    _data: TempDir,
}

/// The record that a key ends with.
fn id(key: &[u8]) -> Vec<u8> {
    key.last_chunk::<16>().unwrap().to_vec()
}

impl Copied {
    /// With pages of so many rows.
    pub fn new(house: &House, rows: usize) -> Self {
        let data = tempfile::tempdir().unwrap();
        let database = Database::create(data.path().join("rows.redb")).unwrap();
        let snapshot = house.platform.store().snapshot().unwrap();
        let all = |kind: u8| -> Vec<(Vec<u8>, Vec<u8>)> {
            let range = snapshot.range(&[kind], Some(&[kind + 1]), Direction::Forward);
            let stored = range.map(|row| row.unwrap());
            // As the store does, with the number of the commit before it.
            stored.map(|(key, row)| (key, [&row.version.0.to_le_bytes()[..], &row.value].concat())).collect()
        };
        let (stored, index) = (all(space::RECORD), all(space::INDEX));
        let entry: HashMap<_, _> = index.iter().map(|(key, _)| (id(key), key)).collect();
        for change in stored.chunks(TOGETHER) {
            let writing = database.begin_write().unwrap();
            {
                let mut rows = writing.open_table(ROWS).unwrap();
                let mut index = writing.open_table(INDEX).unwrap();
                for (key, value) in change {
                    rows.insert(key.as_slice(), value.as_slice()).unwrap();
                    index.insert(entry[&id(key)].as_slice(), [].as_slice()).unwrap();
                }
            }
            writing.commit().unwrap();
        }
        let starts =
            |entries: &[(Vec<u8>, Vec<u8>)]| entries.chunks(rows).map(|page| page[0].0.clone()).collect();
        Self { database, by_key: starts(&stored), by_index: starts(&index), rows, _data: data }
    }

    /// Scans a page and copies its rows.
    pub fn page(&self, page: usize) -> Vec<u8> {
        let reading = self.database.begin_read().unwrap();
        let table = reading.open_table(ROWS).unwrap();
        let mut copy = Vec::with_capacity(self.rows << 10);
        let rows = table.range::<&[u8]>(self.by_key[page].as_slice()..).unwrap();
        rows.take(self.rows).for_each(|row| copy.extend_from_slice(row.unwrap().1.value()));
        copy
    }

    /// Scans a page of the index, and copies the row of each entry.
    pub fn page_by_index(&self, page: usize) -> Vec<u8> {
        let reading = self.database.begin_read().unwrap();
        let (index, table) = (reading.open_table(INDEX).unwrap(), reading.open_table(ROWS).unwrap());
        let mut copy = Vec::with_capacity(self.rows << 10);
        let mut key = self.by_key[0].clone();
        let begin = key.len() - 16;
        for entry in index.range::<&[u8]>(self.by_index[page].as_slice()..).unwrap().take(self.rows) {
            key.truncate(begin);
            key.extend_from_slice(entry.unwrap().0.value().last_chunk::<16>().unwrap());
            copy.extend_from_slice(table.get(key.as_slice()).unwrap().unwrap().value());
        }
        copy
    }
}
