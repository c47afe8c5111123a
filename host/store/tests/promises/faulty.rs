//! A disk that fails: at the n-th operation, for a moment or until it is healed; and what a power cut leaves
//! of it.
//!
//! It keeps two images, as a system does: what reading shows, and what is on the disk. A write is on the disk
//! after a sync; before, a power cut leaves any part of it, in any order. A failed sync leaves on the disk any
//! part of what it was for, reading shows all of it, and the next sync does not write it again.

use std::io::{self, ErrorKind};
use std::sync::Arc;

use dinh_store::backend::Medium;
use parking_lot::Mutex;

/// When and how it fails.
#[derive(Clone, Copy, Debug)]
pub struct Fault {
    /// How many operations of those that may fail still succeed.
    pub after: u64,
    /// Which may fail.
    pub of: Kind,
    /// Whether it goes on failing until it is healed.
    pub lasting: bool,
    /// Whether the first half of a failed write is there.
    pub torn: bool,
    /// As what it fails.
    pub error: ErrorKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Writing,
    Reading,
    Any,
}

#[derive(Clone, Debug)]
pub struct Faulty {
    shared: Arc<Mutex<State>>,
}

#[derive(Clone)]
enum Pending {
    Write(u64, Vec<u8>),
    Length(u64),
}

struct State {
    shown: Vec<u8>,
    on_disk: Vec<u8>,
    pending: Vec<Pending>,
    fault: Option<Fault>,
    /// Bytes that cannot be read.
    bad: std::ops::Range<u64>,
    fired: bool,
    operations: u64,
    random: Random,
}

impl std::fmt::Debug for State {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("State").field("bytes", &self.shown.len()).finish_non_exhaustive()
    }
}

/// Small, and the same each time.
#[derive(Clone, Debug)]
pub struct Random(pub u64);

impl Random {
    pub fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % end
    }

    fn coin(&mut self) -> bool {
        self.below(2) == 0
    }
}

fn apply(image: &mut Vec<u8>, pending: &Pending) {
    match pending {
        Pending::Length(len) => image.resize(*len as usize, 0),
        Pending::Write(offset, data) => {
            let (first, end) = (*offset as usize, *offset as usize + data.len());
            if image.len() < end {
                image.resize(end, 0);
            }
            image[first..end].copy_from_slice(data);
        }
    }
}

/// Sectors of a write, each of which may or may not arrive.
fn apply_in_part(image: &mut Vec<u8>, offset: u64, data: &[u8], random: &mut Random) {
    if random.coin() {
        apply(image, &Pending::Write(offset, data.to_vec()));
        return;
    }
    for (sector, bytes) in data.chunks(512).enumerate() {
        if random.coin() {
            apply(image, &Pending::Write(offset + sector as u64 * 512, bytes.to_vec()));
        }
    }
}

impl Faulty {
    pub fn new(image: Vec<u8>) -> Self {
        let state = State {
            shown: image.clone(),
            on_disk: image,
            pending: Vec::new(),
            fault: None,
            bad: 0..0,
            fired: false,
            operations: 0,
            random: Random(0x9e37_79b9_7f4a_7c15),
        };
        Self { shared: Arc::new(Mutex::new(state)) }
    }

    pub fn break_it(&self, fault: Fault) {
        let mut state = self.shared.lock();
        (state.fault, state.fired) = (Some(fault), false);
    }

    /// From now on these bytes cannot be read.
    pub fn lose(&self, bad: std::ops::Range<u64>) {
        self.shared.lock().bad = bad;
    }

    /// Well again; true when it had failed.
    pub fn heal(&self) -> bool {
        let mut state = self.shared.lock();
        state.fault = None;
        state.fired
    }

    /// What reading shows.
    pub fn image(&self) -> Vec<u8> {
        self.shared.lock().shown.clone()
    }

    /// What a power cut leaves, one of many possibilities.
    pub fn after_a_power_cut(&self, seed: u64) -> Vec<u8> {
        let state = self.shared.lock();
        let mut random = Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
        let mut image = state.on_disk.clone();
        let mut pending = state.pending.clone();
        // In any order.
        for place in (1..pending.len()).rev() {
            pending.swap(place, random.below(place as u64 + 1) as usize);
        }
        for pending in &pending {
            match pending {
                _ if random.coin() => {}
                Pending::Write(offset, data) => apply_in_part(&mut image, *offset, data, &mut random),
                Pending::Length(_) => apply(&mut image, pending),
            }
        }
        image
    }

    fn operation(&self, kind: Kind) -> (parking_lot::MutexGuard<'_, State>, Option<Fault>) {
        let mut state = self.shared.lock();
        state.operations += 1;
        let mut failing = None;
        if let Some(fault) = &mut state.fault
            && (fault.of == kind || fault.of == Kind::Any)
        {
            if fault.after > 0 {
                fault.after -= 1;
            } else {
                failing = Some(*fault);
            }
        }
        if let Some(fault) = failing {
            state.fired = true;
            if !fault.lasting {
                state.fault = None;
            }
        }
        (state, failing)
    }
}

impl Medium for Faulty {
    fn len(&self) -> io::Result<u64> {
        let (state, failing) = self.operation(Kind::Reading);
        failing.map_or(Ok(state.shown.len() as u64), |fault| Err(fault.error.into()))
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let (state, failing) = self.operation(Kind::Reading);
        if let Some(fault) = failing {
            return Err(fault.error.into());
        }
        let end = offset + out.len() as u64;
        if offset < state.bad.end && end > state.bad.start {
            return Err(io::Error::other("unreadable sector"));
        }
        let from = state.shown.get(offset as usize..end as usize).ok_or(ErrorKind::UnexpectedEof)?;
        out.copy_from_slice(from);
        Ok(())
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        let (mut state, failing) = self.operation(Kind::Writing);
        let arrives = match failing {
            None => data,
            Some(fault) if fault.torn => &data[..data.len() / 2],
            Some(_) => &[],
        };
        let write = Pending::Write(offset, arrives.to_vec());
        if !arrives.is_empty() {
            apply(&mut state.shown, &write);
            state.pending.push(write);
        }
        failing.map_or(Ok(()), |fault| Err(fault.error.into()))
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        let (mut state, failing) = self.operation(Kind::Writing);
        if let Some(fault) = failing {
            return Err(fault.error.into());
        }
        apply(&mut state.shown, &Pending::Length(len));
        state.pending.push(Pending::Length(len));
        Ok(())
    }

    fn sync(&self) -> io::Result<()> {
        let (mut state, failing) = self.operation(Kind::Writing);
        let State { on_disk, pending, random, .. } = &mut *state;
        let waiting = std::mem::take(pending);
        let Some(fault) = failing else {
            for done in &waiting {
                apply(on_disk, done);
            }
            return Ok(());
        };
        for lost in waiting {
            match lost {
                Pending::Write(offset, data) => {
                    if random.coin() {
                        apply_in_part(on_disk, offset, &data, random);
                    }
                }
                // The length is in the file system's own journal, which does not forget.
                Pending::Length(_) => pending.push(lost),
            }
        }
        Err(fault.error.into())
    }

    fn release(&self) -> io::Result<()> {
        Ok(())
    }
}
