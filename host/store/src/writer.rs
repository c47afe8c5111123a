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
use std::time::Instant;

use dinh_merkle::Hash;
use parking_lot::RwLock;

use crate::ages::Ages;
use crate::answer::{self, Answer};
use crate::backend::{Backend, Batch, Table};
use crate::format::{self, State};
use crate::gather::Gather;
use crate::index::Indexer;
use crate::job::{Job, Pending, Sealed};
use crate::log::{self, Appender};
use crate::recent::{Recent, Touched};
use crate::{CommitError, Committed, Conflict, Expect, Seq, Snapshot, Stage, StoreError};

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
    ages: Ages,
    log: Appender,
    index: Indexer,
    /// Whether a batch failed and what is durable could not be read again yet.
    uncertain: bool,
}

/// What the changes admitted so far will have written.
struct Group {
    state: State,
    /// Those of them that the engine did not take yet.
    batch: Batch,
    /// Last numbers of the registers drawn from, with the commits that drew them.
    registers: HashMap<Vec<u8>, (i64, Seq)>,
    /// Values as short as the number of a register: one may be drawn from that was set by hand.
    short: HashMap<Vec<u8>, [u8; 8]>,
    /// Keys that were staged, with their batch and version; none where they were removed.
    staged: HashMap<Vec<u8>, Option<(Seq, Seq)>>,
    /// Whether one of its changes stages rows, or shows them.
    stages: bool,
    /// The log's new leaves.
    leaves: Vec<Hash>,
    /// The keys of the rows that the engine took.
    written: Vec<Vec<u8>>,
}

impl Group {
    fn on(base: &Snapshot) -> Self {
        Self {
            state: base.state().clone(),
            batch: Batch::default(),
            registers: HashMap::new(),
            short: HashMap::new(),
            staged: HashMap::new(),
            stages: false,
            leaves: Vec::new(),
            written: Vec::new(),
        }
    }
}

/// A write whose numbers are filled in; without a value the key is removed.
type KeyAndValue = (Vec<u8>, Option<Vec<u8>>);

impl Writer {
    pub(crate) fn new(
        backend: Arc<dyn Backend>,
        latest: Arc<Latest>,
        base: Snapshot,
        memory: usize,
        ages: Ages,
        log: Appender,
    ) -> Self {
        let recent = Recent::new(memory, base.seq());
        let group = Group::on(&base);
        let index = Indexer::open(&base);
        Self { backend, latest, memory, recent, base, group, ages, log, index, uncertain: false }
    }

    /// Works until every sender is gone and the queue is empty.
    pub(crate) fn run(mut self, mut queue: Gather) {
        let mut answers: Vec<Answer> = Vec::new();
        while let Some(job) = queue.first() {
            let start = Instant::now();
            let done = self.group(job, &mut queue, &mut answers);
            if let Err(error) = &done {
                answers.iter_mut().for_each(|answer| answer.note(Err(CommitError::Store(error.clone()))));
            }
            queue.done(start.elapsed(), || answer::wake(std::mem::take(&mut answers)));
            // While they make up their minds.
            self.recent.forget();
        }
    }

    /// One group, from its first change to its commit. What is admitted goes to the engine at once, while
    /// others are still on their way here.
    fn group(&mut self, job: Job, queue: &mut Gather, answers: &mut Vec<Answer>) -> Result<(), StoreError> {
        // Nothing is admitted on top of what cannot be seen.
        let seen = if self.uncertain { self.show(true) } else { Ok(()) };
        let mut next = Some(job);
        let mut more = |writer: &mut Self| {
            let Some(Job { pending, mut answer, .. }) = next.take().or_else(|| queue.next()) else {
                return false;
            };
            answer.note(match &seen {
                Ok(()) => writer.admit(pending),
                Err(error) => Err(CommitError::Store(error.clone())),
            });
            answers.push(answer);
            true
        };
        // Where nothing is to be written, nothing is begun.
        while !self.has_admitted() && more(self) {}
        let done = self.commit_group(&mut more);
        if done.is_err() {
            // Whoever is there shares the answer. They are not admitted: the group in hand is the next one's.
            while let Some(Job { answer, .. }) = queue.next() {
                answers.push(answer);
            }
        }
        done
    }

    /// Checks a change and adds it to the group, whole or not at all.
    fn admit(&mut self, pending: Pending) -> Result<Committed, CommitError> {
        let state = &self.group.state;
        if pending.based_on > state.seq {
            return Err(CommitError::Malformed("it is based on a commit that does not exist yet"));
        }
        if let Some(found) = pending.policy
            && found < state.policy_floor
        {
            return Err(Conflict::Policy { required: state.policy_floor, found }.into());
        }
        let viewer = match pending.stage {
            Some(Stage::Write { batch }) => Some(batch),
            _ => None,
        };
        // Looked at already, and not written since; what a group stages or publishes makes it look again.
        let durable = self.base.seq();
        let looked = pending.as_expected == Some(durable) && !self.group.stages;
        for expect in &pending.expect {
            match expect {
                Expect::Key { key, .. } if looked && !self.recent.written_after(key, durable) => {}
                expect => self.expect(expect, pending.based_on, viewer)?,
            }
        }
        let numbers = self.draw(&pending)?;
        let totals = self.add(&pending.add)?;
        let seq = Seq(self.group.state.seq.0 + 1);
        let writes = self.fill(pending.write, &pending.draw, &numbers)?;
        let batches = self.stage(pending.stage.as_ref(), &writes, &pending.draw, seq)?;
        self.group.stages |= pending.stage.is_some();

        // From here on nothing can fail.
        for (key, value) in writes {
            if let Some(Stage::Write { batch }) = pending.stage {
                self.recent.note_staged(&key);
                self.group.staged.insert(key.clone(), value.is_some().then_some((batch, seq)));
            } else {
                self.recent.note(&key, seq, value.is_none());
                if !self.group.staged.is_empty() {
                    self.group.staged.remove(&key);
                }
                if !self.group.registers.is_empty() {
                    self.group.registers.remove(&key);
                }
            }
            match value {
                Some(mut value) => {
                    format::seal(&key, &mut value, seq);
                    if let Ok(number) = format::value_mut(&mut value).try_into() {
                        self.group.short.insert(key.clone(), number);
                    }
                    self.group.batch.put(Table::Data, key, value);
                }
                None => self.group.batch.delete(Table::Data, key),
            }
        }
        for (draw, number) in pending.draw.into_iter().zip(&numbers) {
            self.recent.note(&draw.register, seq, false);
            self.group.registers.insert(draw.register, (*number, seq));
        }
        for (add, total) in pending.add.into_iter().zip(totals) {
            self.recent.note(&add.counter, seq, false);
            self.group.registers.insert(add.counter, (total, seq));
        }
        for Sealed { mut stored, commitment, postings } in pending.evidence {
            self.index.add(self.group.state.evidence, &postings, seq, &mut self.group.batch);
            let index = self.group.state.evidence.to_be_bytes();
            format::seal(&index, &mut stored, seq);
            self.group.leaves.push(log::leaf(seq, &commitment));
            self.group.batch.put(Table::Evidence, index.to_vec(), stored);
            self.group.state.evidence += 1;
        }
        if let Some(batches) = batches {
            self.group.state.batches = batches;
        }
        self.group.state.seq = seq;
        if pending.revokes {
            self.group.state.policy_floor = seq.0;
        }
        Ok(Committed { seq, numbers })
    }

    /// Whether what the change relied on still holds.
    fn expect(&mut self, expect: &Expect, based_on: Seq, viewer: Option<Seq>) -> Result<(), CommitError> {
        match expect {
            Expect::Key { key, version } => {
                if self.version(key, viewer)? == *version {
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

    /// The version of `key` now, with the group in hand, as the batch `viewer` sees it, or everybody.
    fn version(&self, key: &[u8], viewer: Option<Seq>) -> Result<Option<Seq>, StoreError> {
        let seen = |batch: Seq| viewer == Some(batch) || !self.group.state.hides(batch);
        if let Some(staged) = self.group.staged.get(key) {
            return Ok(staged.and_then(|(batch, seq)| seen(batch).then_some(seq)));
        }
        match self.recent.version(key) {
            Some(version) => Ok(version),
            None => {
                // What the group published is seen, whatever the snapshot below it shows.
                let version = self.base.row(key, |row| row.batch.is_none_or(seen).then_some(row.version))?;
                Ok(version.flatten())
            }
        }
    }

    fn has_admitted(&self) -> bool {
        self.group.state.seq != self.base.seq()
    }

    /// Makes the group durable and shows it to everybody. `more` admits one more change, or says that there is
    /// none.
    fn commit_group(&mut self, more: &mut dyn FnMut(&mut Self) -> bool) -> Result<(), StoreError> {
        if !self.has_admitted() {
            return Ok(());
        }
        let backend = Arc::clone(&self.backend);
        let mut ended = false;
        let applied = backend.write(&mut std::iter::from_fn(|| {
            loop {
                if let Some(write) = self.group.batch.take_first() {
                    if write.table == Table::Data {
                        self.group.written.push(write.key.clone());
                    }
                    return Some(Ok(write));
                }
                if ended {
                    return None;
                }
                if !more(self) {
                    ended = true;
                    if let Err(error) = self.end_group() {
                        return Some(Err(error));
                    }
                }
            }
        }));
        if let Err(error) = &applied {
            tracing::error!(%error, "a group of changes was not committed");
        }
        let shown = self.show(applied.is_err());
        applied.and(shown)
    }

    /// Adds what is written once for the whole group.
    fn end_group(&mut self) -> Result<(), StoreError> {
        let group = &mut self.group;
        for (register, (number, seq)) in group.registers.drain() {
            let mut value = format::with_room(&number.to_le_bytes(), None);
            format::seal(&register, &mut value, seq);
            group.batch.put(Table::Data, register, value);
        }
        let (key, value) = group.state.row();
        group.batch.put(Table::Meta, key, value);
        self.index.end(group.state.seq, &mut group.batch);
        let leaves = std::mem::take(&mut group.leaves);
        self.log.append(leaves.into_iter(), group.state.seq, &mut group.batch)
    }

    /// Puts the snapshot of what is now durable before everybody, and begins the next group on it. After a
    /// failure that is read from the disk, and the memory of recent writes begins anew.
    fn show(&mut self, after_failure: bool) -> Result<(), StoreError> {
        let mut look = || -> Result<Snapshot, StoreError> {
            let view = self.backend.view()?;
            let state = if after_failure {
                State::read(&*view)?
                    .ok_or_else(|| StoreError::damaged("the row that names the last commit"))?
            } else {
                self.group.state.clone()
            };
            let cache = self.base.cache();
            let written = self.group.written.iter().map(Vec::as_slice);
            match after_failure {
                true => cache.begin_anew(state.seq),
                false => cache.published(state.seq, written),
            }
            let snapshot = Snapshot::new(view, state, self.ages.most(), Arc::clone(cache));
            if after_failure {
                self.log.look_again(&snapshot);
                self.index = Indexer::open(&snapshot);
            }
            Ok(snapshot)
        };
        let snapshot = look();
        match &snapshot {
            Ok(snapshot) => {
                let old = std::mem::replace(&mut self.base, snapshot.clone());
                self.ages.supersede(&old, Instant::now());
                if after_failure {
                    self.recent = Recent::new(self.memory, self.base.seq());
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

mod numbers;
mod staging;
#[cfg(test)]
mod tests;
