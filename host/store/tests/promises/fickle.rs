//! The model as an engine that loses: a batch, the answer to one, or the sight of what is there.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use dinh_store::backend::{View, Writes};
use dinh_store::memory::Memory;
use dinh_store::{Backend, StoreError};
use parking_lot::Mutex;

/// What becomes of the next batch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fate {
    #[default]
    Kept,
    /// It is refused, and not there.
    Lost,
    /// It is refused, and there all the same.
    AnswerLost,
}

/// Clones share it.
#[derive(Clone, Default)]
pub struct Fickle {
    memory: Memory,
    fate: Arc<Mutex<Fate>>,
    blind: Arc<AtomicUsize>,
}

impl Fickle {
    pub fn set(&self, fate: Fate) {
        *self.fate.lock() = fate;
    }

    /// So often it cannot be looked at.
    pub fn blind(&self, times: usize) {
        self.blind.store(times, Ordering::Relaxed);
    }

    /// Well again.
    pub fn recover(&self) {
        self.set(Fate::Kept);
        self.blind(0);
    }
}

fn failed() -> StoreError {
    StoreError::Interrupted
}

impl Backend for Fickle {
    fn view(&self) -> Result<Box<dyn View>, StoreError> {
        match self.blind.load(Ordering::Relaxed) {
            0 => self.memory.view(),
            times => {
                self.blind.store(times - 1, Ordering::Relaxed);
                Err(failed())
            }
        }
    }

    fn write(&self, writes: &mut Writes<'_>) -> Result<(), StoreError> {
        let fate = std::mem::take(&mut *self.fate.lock());
        if fate != Fate::Lost {
            self.memory.write(writes)?;
        }
        if fate == Fate::Kept { Ok(()) } else { Err(failed()) }
    }

    fn close(&self) -> Result<(), StoreError> {
        Ok(())
    }
}
