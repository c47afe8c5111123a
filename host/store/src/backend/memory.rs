//! The model of an engine: the same promises in a few lines, in memory, and as durable as that.
//!
//! Every key keeps its values by the number of the batch that wrote them, as far back as a view still
//! looks. It is slow on purpose where being plain costs speed: it is the oracle that others are compared
//! with, and the engine of tests on the floors above.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::Arc;

use parking_lot::RwLock;

use super::{Backend, Cursor, Direction, RowWrite, Table, View, Writes, is_empty};
use crate::StoreError;

/// A store in memory. Clones share it, so that a test can "open it again".
#[derive(Clone, Default)]
pub struct Memory {
    shared: Arc<RwLock<State>>,
}

/// The values of a key, oldest first, each with the batch that wrote it; none where it was removed.
type History = Vec<(u64, Option<Arc<[u8]>>)>;

#[derive(Default)]
struct State {
    batches: u64,
    data: BTreeMap<Vec<u8>, History>,
    evidence: BTreeMap<Vec<u8>, History>,
    tiles: BTreeMap<Vec<u8>, History>,
    index: BTreeMap<Vec<u8>, History>,
    meta: BTreeMap<Vec<u8>, History>,
    /// How many views look at each batch.
    views: BTreeMap<u64, usize>,
}

impl State {
    fn table(&self, table: Table) -> &BTreeMap<Vec<u8>, History> {
        match table {
            Table::Data => &self.data,
            Table::Evidence => &self.evidence,
            Table::Tiles => &self.tiles,
            Table::Index => &self.index,
            Table::Meta => &self.meta,
        }
    }

    fn table_mut(&mut self, table: Table) -> &mut BTreeMap<Vec<u8>, History> {
        match table {
            Table::Data => &mut self.data,
            Table::Evidence => &mut self.evidence,
            Table::Tiles => &mut self.tiles,
            Table::Index => &mut self.index,
            Table::Meta => &mut self.meta,
        }
    }
}

impl Memory {
    /// An empty one.
    pub fn new() -> Self {
        Self::default()
    }
}

impl Backend for Memory {
    fn view(&self) -> Result<Box<dyn View>, StoreError> {
        let mut state = self.shared.write();
        let at = state.batches;
        *state.views.entry(at).or_default() += 1;
        Ok(Box::new(MemoryView { pin: Arc::new(Pin { shared: Arc::clone(&self.shared), at }) }))
    }

    fn write(&self, writes: &mut Writes<'_>) -> Result<(), StoreError> {
        // All of them before any: others look meanwhile.
        let writes = writes.collect::<Result<Vec<_>, _>>()?;
        let mut state = self.shared.write();
        state.batches += 1;
        let now = state.batches;
        let oldest = state.views.keys().next().copied().unwrap_or(now);
        for RowWrite { table, key, value } in writes {
            let history = state.table_mut(table).entry(key).or_default();
            history.push((now, value.map(Arc::from)));
            // What the oldest view sees is the last one not after it; nobody sees what is before that.
            let seen = history.iter().rposition(|(at, _)| *at <= oldest).unwrap_or(0);
            history.drain(..seen);
        }
        Ok(())
    }

    fn close(&self) -> Result<(), StoreError> {
        Ok(())
    }
}

/// Keeps what it sees from being forgotten.
struct Pin {
    shared: Arc<RwLock<State>>,
    at: u64,
}

impl Pin {
    fn visible(&self, history: &History) -> Option<Arc<[u8]>> {
        history.iter().rev().find(|(at, _)| *at <= self.at).and_then(|(_, value)| value.clone())
    }
}

impl Drop for Pin {
    fn drop(&mut self) {
        let mut state = self.shared.write();
        if let Some(views) = state.views.get_mut(&self.at) {
            *views -= 1;
            if *views == 0 {
                state.views.remove(&self.at);
            }
        }
    }
}

struct MemoryView {
    pin: Arc<Pin>,
}

impl View for MemoryView {
    fn get(&self, table: Table, key: &[u8], see: &mut dyn FnMut(&[u8])) -> Result<bool, StoreError> {
        let value = {
            let state = self.pin.shared.read();
            state.table(table).get(key).and_then(|history| self.pin.visible(history))
        };
        if let Some(value) = &value {
            see(value);
        }
        Ok(value.is_some())
    }

    fn walk(
        &self,
        table: Table,
        start: &[u8],
        end: Option<&[u8]>,
        direction: Direction,
    ) -> Result<Box<dyn Cursor>, StoreError> {
        Ok(Box::new(MemoryCursor {
            pin: Arc::clone(&self.pin),
            table,
            start: Bound::Included(start.to_vec()),
            end: end.map_or(Bound::Unbounded, |end| Bound::Excluded(end.to_vec())),
            done: is_empty(start, end),
            direction,
            here: None,
        }))
    }
}

struct MemoryCursor {
    pin: Arc<Pin>,
    table: Table,
    start: Bound<Vec<u8>>,
    end: Bound<Vec<u8>>,
    done: bool,
    direction: Direction,
    here: Option<(Vec<u8>, Arc<[u8]>)>,
}

impl MemoryCursor {
    fn next(&self) -> Option<(Vec<u8>, Arc<[u8]>)> {
        let state = self.pin.shared.read();
        let mut range = state.table(self.table).range((self.start.clone(), self.end.clone()));
        let seen = |(key, history): (&Vec<u8>, &History)| {
            self.pin.visible(history).map(|value| (key.clone(), value))
        };
        match self.direction {
            Direction::Forward => range.find_map(seen),
            Direction::Backward => range.rev().find_map(seen),
        }
    }
}

impl Cursor for MemoryCursor {
    fn advance(&mut self) -> Result<bool, StoreError> {
        if self.done {
            self.here = None;
            return Ok(false);
        }
        self.here = self.next();
        match (&self.here, self.direction) {
            (Some((key, _)), Direction::Forward) => self.start = Bound::Excluded(key.clone()),
            (Some((key, _)), Direction::Backward) => self.end = Bound::Excluded(key.clone()),
            (None, _) => self.done = true,
        }
        // BTreeMap refuses a range that excludes the same key at both ends.
        if let (Bound::Excluded(start) | Bound::Included(start), Bound::Excluded(end)) =
            (&self.start, &self.end)
            && start >= end
        {
            self.done = true;
        }
        Ok(self.here.is_some())
    }

    fn here(&self) -> (&[u8], &[u8]) {
        self.here.as_ref().map_or((&[], &[]), |(key, value)| (key, value))
    }
}
