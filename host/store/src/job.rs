//! A change on its way to the writer: checked, measured and encoded by the caller's own thread, so that the
//! one writer does only what must happen in order.

use std::io;
use std::sync::Arc;

use crate::answer::Answer;
use crate::index::Postings;
use crate::log::{self, Commitment};
use crate::{
    Add, Change, CommitError, Draw, Entry, Expect, Fill, Seq, Snapshot, Stage, StoreError, Write, format,
};

/// A place in the queue.
pub(crate) struct Job {
    pub(crate) pending: Pending,
    pub(crate) bytes: usize,
    pub(crate) answer: Answer,
}

/// A change as the writer takes it.
pub(crate) struct Pending {
    pub(crate) based_on: Seq,
    /// None for evidence apart: what was refused under an old policy was refused all the same.
    pub(crate) policy: Option<u64>,
    pub(crate) expect: Vec<Expect>,
    /// A commit at which its keys were seen to have the versions that it expects.
    pub(crate) as_expected: Option<Seq>,
    pub(crate) write: Vec<Prepared>,
    pub(crate) draw: Vec<Draw>,
    pub(crate) add: Vec<Add>,
    pub(crate) revokes: bool,
    pub(crate) evidence: Vec<Sealed>,
    pub(crate) stage: Option<Stage>,
}

/// An entry of evidence with its salt, and what commits to both.
pub(crate) struct Sealed {
    pub(crate) stored: Vec<u8>,
    pub(crate) commitment: Commitment,
    /// What it is found by.
    pub(crate) postings: Postings,
}

/// A write: a value has room for its version; without a value the key is removed.
pub(crate) struct Prepared {
    pub(crate) key: Vec<u8>,
    pub(crate) value: Option<Vec<u8>>,
    pub(crate) fill: Vec<Fill>,
}

impl Pending {
    pub(crate) fn from_change(change: Change) -> Result<Self, CommitError> {
        change.validate()?;
        let batch = match &change.stage {
            Some(Stage::Write { batch }) => Some(*batch),
            _ => None,
        };
        let write = change.write.into_iter().map(|write| match write {
            Write::Put { key, value, fill } => {
                Prepared { key, value: Some(format::with_room(&value, batch)), fill }
            }
            Write::Delete { key } => Prepared { key, value: None, fill: Vec::new() },
        });
        Ok(Self {
            based_on: change.based_on,
            policy: Some(change.policy),
            expect: change.expect,
            as_expected: None,
            write: write.collect(),
            draw: change.draw,
            add: change.add,
            revokes: change.revokes,
            evidence: encode(&change.evidence)?,
            stage: change.stage,
        })
    }

    pub(crate) fn from_evidence(entries: &[Entry]) -> Result<Self, CommitError> {
        Ok(Self {
            based_on: Seq(0),
            policy: None,
            expect: Vec::new(),
            as_expected: None,
            write: Vec::new(),
            draw: Vec::new(),
            add: Vec::new(),
            revokes: false,
            evidence: encode(entries)?,
            stage: None,
        })
    }

    /// Looks whether its keys are as it expects in the newest snapshot. Then the writer need not: it only looks
    /// at what was written since. What cannot be told here, the writer will tell.
    pub(crate) fn look(&mut self, newest: &Snapshot) {
        let staging = matches!(self.stage, Some(Stage::Write { .. }));
        let as_expected = |expect: &Expect| match expect {
            Expect::Key { key, version } => matches!(newest.version(key), Ok(found) if found == *version),
            Expect::Range { .. } => true,
        };
        if !staging && self.expect.iter().all(as_expected) {
            self.as_expected = Some(newest.seq());
        }
    }

    /// Bytes that it writes and relies on.
    pub(crate) fn bytes(&self) -> usize {
        let expect = self.expect.iter().map(|expect| match expect {
            Expect::Key { key, .. } => key.len(),
            Expect::Range { start, end } => start.len() + end.as_ref().map_or(0, Vec::len),
        });
        let write = self.write.iter().map(|part| part.key.len() + part.value.as_ref().map_or(0, Vec::len));
        let registers = self.draw.iter().map(|draw| draw.register.len());
        let draw = registers.chain(self.add.iter().map(|add| add.counter.len()));
        let ranges = match &self.stage {
            Some(Stage::Open { ranges }) => ranges.as_slice(),
            _ => &[],
        };
        let ranges = ranges.iter().map(|range| range.start.len() + range.end.as_ref().map_or(0, Vec::len));
        expect
            .chain(ranges)
            .chain(write)
            .chain(draw)
            .chain(self.evidence.iter().map(|entry| entry.stored.len()))
            .sum()
    }
}

fn encode(entries: &[Entry]) -> Result<Vec<Sealed>, CommitError> {
    let mut salts = vec![0; entries.len() * format::SALT];
    getrandom::fill(&mut salts).map_err(|error| StoreError::Io {
        doing: "drawing the salts of the evidence".into(),
        error: Arc::new(io::Error::other(error)),
    })?;
    let (salts, _) = salts.as_chunks();
    entries
        .iter()
        .zip(salts)
        .map(|(entry, salt)| {
            if entry.records.len() > Entry::RECORDS {
                return Err(CommitError::Malformed("an entry of its evidence names more than 1,000 records"));
            }
            let stored = format::encode(entry, *salt)
                .map_err(|_| CommitError::Malformed("its evidence cannot be encoded"))?;
            let commitment = log::commitment(format::salted(&stored));
            Ok(Sealed { stored, commitment, postings: Postings::of(entry) })
        })
        .collect()
}
