//! The one writer: checks each change against what was written before it, and commits many together.
//!
//! ```text
//! commit() ──▶ bounded queue ──▶ gather who is there ──▶ admit one after another ──▶ one durable batch
//!    ▲                                                   │ conflict                        │
//!    └───────────────── answers, after the new snapshot is there for all ◀─────────────────┘
//! ```
//!
//! Changes of one batch see each other's writes exactly as if each had been durable alone. Conflicts are
//! answered only with the batch too, so that the next attempt begins from a snapshot that shows what the
//! conflict was about.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::mpsc::SyncSender;
use std::time::Instant;

use parking_lot::RwLock;

use crate::backend::{Backend, Batch, Table};
use crate::format::{self, State};
use crate::gather::Gather;
use crate::job::{Job, Pending, Prepared};
use crate::recent::{Recent, Touched};
use crate::{CommitError, Committed, Conflict, Expect, Fill, Part, Seq, Snapshot, StoreError};

/// The newest snapshot, for everybody.
pub(crate) type Latest = RwLock<Result<Snapshot, StoreError>>;

pub(crate) struct Writer {
    backend: Arc<dyn Backend>,
    latest: Arc<Latest>,
    memory: usize,
    recent: Recent,
    /// What is durable; the group in hand is on top of it.
    base: Snapshot,
    group: Group,
    /// Whether a batch failed and what is durable could not be read again yet.
    uncertain: bool,
}

/// What the changes admitted so far will have written.
struct Group {
    state: State,
    batch: Batch,
    /// Last numbers of the registers drawn from, with the commits that drew them.
    registers: HashMap<Vec<u8>, (i64, Seq)>,
}

impl Group {
    fn on(base: &Snapshot) -> Self {
        Self { state: base.state(), batch: Batch::default(), registers: HashMap::new() }
    }
}

/// A write whose numbers are filled in; without a value the key is removed.
type KeyAndValue = (Vec<u8>, Option<Vec<u8>>);

type Answer = (SyncSender<Result<Committed, CommitError>>, Result<Committed, CommitError>);

impl Writer {
    pub(crate) fn new(backend: Arc<dyn Backend>, latest: Arc<Latest>, base: Snapshot, memory: usize) -> Self {
        let recent = Recent::new(memory, base.seq());
        let group = Group::on(&base);
        Self { backend, latest, memory, recent, base, group, uncertain: false }
    }

    /// Works until every sender is gone and the queue is empty.
    pub(crate) fn run(mut self, mut queue: Gather) {
        let mut answers: Vec<Answer> = Vec::new();
        while let Some(job) = queue.first() {
            // Nothing is admitted on top of what cannot be seen.
            let seen = if self.uncertain { self.show(true) } else { Ok(()) };
            let mut next = Some(job);
            while let Some(Job { pending, answer, .. }) = next {
                let outcome = match &seen {
                    Ok(()) => self.admit(pending),
                    Err(error) => Err(CommitError::Store(error.clone())),
                };
                answers.push((answer, outcome));
                next = queue.next();
            }
            let start = Instant::now();
            let done = self.commit_group();
            queue.done(start.elapsed(), || {
                for (answer, outcome) in answers.drain(..) {
                    let outcome = match &done {
                        Ok(()) => outcome,
                        Err(error) => Err(CommitError::Store(error.clone())),
                    };
                    // Whoever asked may be gone; the change is as durable as it is.
                    let _ = answer.send(outcome);
                }
            });
        }
    }

    /// Checks a change and adds it to the group, whole or not at all.
    fn admit(&mut self, pending: Pending) -> Result<Committed, CommitError> {
        let state = self.group.state;
        if pending.based_on > state.seq {
            return Err(CommitError::Malformed("it is based on a commit that does not exist yet"));
        }
        if let Some(found) = pending.policy
            && found < state.policy_floor
        {
            return Err(Conflict::Policy { required: state.policy_floor, found }.into());
        }
        for expect in &pending.expect {
            self.expect(expect, pending.based_on)?;
        }
        let numbers = self.draw(&pending)?;
        let seq = Seq(state.seq.0 + 1);
        let writes = self.fill(pending.write, &numbers)?;

        // From here on nothing can fail.
        for (key, value) in writes {
            self.recent.note(&key, seq, value.is_none());
            if !self.group.registers.is_empty() {
                self.group.registers.remove(&key);
            }
            match value {
                Some(mut value) => {
                    format::set_version(&mut value, seq);
                    self.group.batch.put(Table::Data, key, value);
                }
                None => self.group.batch.delete(Table::Data, key),
            }
        }
        for (draw, number) in pending.draw.into_iter().zip(&numbers) {
            self.recent.note(&draw.register, seq, false);
            self.group.registers.insert(draw.register, (*number, seq));
        }
        for mut entry in pending.evidence {
            format::set_version(&mut entry, seq);
            let index = self.group.state.evidence;
            self.group.batch.put(Table::Evidence, index.to_be_bytes().to_vec(), entry);
            self.group.state.evidence += 1;
        }
        self.group.state.seq = seq;
        if pending.revokes {
            self.group.state.policy_floor = seq.0;
        }
        Ok(Committed { seq, numbers })
    }

    /// Whether what the change relied on still holds.
    fn expect(&self, expect: &Expect, based_on: Seq) -> Result<(), CommitError> {
        match expect {
            Expect::Key { key, version } => {
                if self.version(key)? == *version {
                    Ok(())
                } else {
                    Err(Conflict::Key(key.clone()).into())
                }
            }
            Expect::Range { start, end } => match self.recent.touched(start, end.as_deref(), based_on) {
                Touched::No => Ok(()),
                Touched::Yes => Err(Conflict::Range { start: start.clone(), end: end.clone() }.into()),
                Touched::Forgotten => Err(Conflict::TooOld.into()),
            },
        }
    }

    /// The version of `key` now, with the group in hand.
    fn version(&self, key: &[u8]) -> Result<Option<Seq>, StoreError> {
        match self.recent.version(key) {
            Some(version) => Ok(version),
            None => self.base.version(key),
        }
    }

    /// The next numbers of the registers.
    fn draw(&self, pending: &Pending) -> Result<Vec<i64>, CommitError> {
        let mut last: HashMap<&[u8], i64> = HashMap::new();
        let mut numbers = Vec::with_capacity(pending.draw.len());
        for draw in &pending.draw {
            let register = draw.register.as_slice();
            let before = match last.get(register) {
                Some(number) => *number,
                None => self.last_number(register)?,
            };
            let number = before.checked_add(1).ok_or(CommitError::Malformed("its register is exhausted"))?;
            last.insert(register, number);
            numbers.push(number);
        }
        Ok(numbers)
    }

    fn last_number(&self, register: &[u8]) -> Result<i64, CommitError> {
        let number = |value: &[u8]| {
            value.try_into().map(i64::from_le_bytes).map_err(|_| {
                CommitError::Malformed("it draws from a key whose value is not the last number of a register")
            })
        };
        if let Some((number, _)) = self.group.registers.get(register) {
            return Ok(*number);
        }
        if self.recent.written_after(register, self.base.seq()) {
            // Somebody in this group set the register by hand.
            let mut written = self.group.batch.writes().rev();
            return match written.find(|(table, key, _)| *table == Table::Data && *key == register) {
                Some((_, _, Some(stored))) => number(format::split(stored)?.0),
                _ => Ok(0),
            };
        }
        self.base.read(register, |item| number(item.value))?.unwrap_or(Ok(0))
    }

    /// The writes with the drawn numbers in their places.
    fn fill(&self, writes: Vec<Prepared>, numbers: &[i64]) -> Result<Vec<KeyAndValue>, CommitError> {
        let mut filled = Vec::with_capacity(writes.len());
        for Prepared { mut key, mut value, fill } in writes {
            let mut new_key = false;
            for Fill { draw, part, offset } in fill {
                let number = numbers.get(draw as usize).copied().unwrap_or_default();
                let (room, bytes) = match part {
                    Part::Key => {
                        new_key = true;
                        (key.as_mut_slice(), dinh_model::key::integer(number))
                    }
                    Part::Value => {
                        let stored = value.as_deref_mut().unwrap_or_default();
                        (format::value_mut(stored), number.to_le_bytes())
                    }
                };
                if let Some(place) = room.get_mut(offset as usize..).and_then(|rest| rest.first_chunk_mut()) {
                    *place = bytes;
                }
            }
            if new_key && self.version(&key)?.is_some() {
                return Err(Conflict::Key(key).into());
            }
            filled.push((key, value));
        }
        Ok(filled)
    }

    /// Makes the group durable and shows it to everybody.
    fn commit_group(&mut self) -> Result<(), StoreError> {
        if self.group.state == self.base.state() {
            return Ok(());
        }
        let mut batch = std::mem::take(&mut self.group.batch);
        for (register, (number, seq)) in self.group.registers.drain() {
            let mut value = format::with_room(&number.to_le_bytes());
            format::set_version(&mut value, seq);
            batch.put(Table::Data, register, value);
        }
        let (key, value) = self.group.state.row();
        batch.put(Table::Meta, key, value);

        let applied = self.backend.apply(&batch);
        if let Err(error) = &applied {
            tracing::error!(%error, "a group of changes was not committed");
        }
        let shown = self.show(applied.is_err());
        applied.and(shown)
    }

    /// Puts the snapshot of what is now durable before everybody, and begins the next group on it. After a
    /// failure that is read from the disk, and the memory of recent writes begins anew.
    fn show(&mut self, after_failure: bool) -> Result<(), StoreError> {
        let look = || -> Result<Snapshot, StoreError> {
            let view = self.backend.view()?;
            let state = if after_failure {
                State::read(&*view)?
                    .ok_or_else(|| StoreError::damaged("the row that names the last commit"))?
            } else {
                self.group.state
            };
            Ok(Snapshot::new(view, state))
        };
        let snapshot = look();
        match &snapshot {
            Ok(snapshot) => {
                self.base = snapshot.clone();
                if after_failure {
                    self.recent = Recent::new(self.memory, self.base.seq());
                } else {
                    self.recent.forget();
                }
            }
            Err(error) => tracing::error!(%error, "the store cannot be read"),
        }
        self.group = Group::on(&self.base);
        self.uncertain = snapshot.is_err();
        let outcome = snapshot.as_ref().map(|_| ()).map_err(StoreError::clone);
        *self.latest.write() = snapshot;
        outcome
    }
}

#[cfg(test)]
mod tests;
