//! A transaction: reads one snapshot and its own writes, remembers what it relied on, and becomes one change.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use parking_lot::Mutex;

use crate::backend::Direction;
use crate::merge::TransactionRange;
use crate::reads::Reads;
use crate::{Add, Change, Draw, Entry, Expect, Fill, Part, Seq, Snapshot, Stage, StoreError, Stored, Write};

/// What a transaction did to a key.
#[derive(Clone)]
pub(crate) enum Own {
    Put { value: Vec<u8>, fill: Vec<Fill> },
    Removed,
}

pub(crate) type OwnWrites = BTreeMap<Vec<u8>, Own>;

/// One call's reading and writing.
///
/// ```
/// use dinh_store::{Options, Signer, Store, Transaction, memory::Memory};
///
/// let signer = Signer::from_seed("example", [7; 32])?;
/// let store = Store::with_backend(Box::new(Memory::new()), signer, Options::default())?;
/// let mut call = Transaction::new(store.snapshot()?);
/// assert!(call.get(b"province/38")?.is_none());
/// call.put(b"province/38".to_vec(), b"Thanh Hoa".to_vec());
/// store.commit(call.into_change(0, false))?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Transaction {
    snapshot: Snapshot,
    /// None: reads are not noted; see [`reading`](Self::reading).
    reads: Option<Arc<Mutex<Reads>>>,
    /// Shared with walks in progress, which see it as it was when they began.
    own: Arc<OwnWrites>,
    /// Puts whose keys are not known before their numbers are drawn.
    unnamed: BTreeMap<(Vec<u8>, Vec<Fill>), Own>,
    draws: Vec<Draw>,
    adds: Vec<Add>,
    evidence: Vec<Entry>,
    stage: Option<Stage>,
}

impl Transaction {
    /// Begins on `snapshot`.
    pub fn new(snapshot: Snapshot) -> Self {
        Self { reads: Some(Arc::default()), ..Self::reading(snapshot) }
    }

    /// Begins a transaction that will only read, such as the rendering of a page: reads are not noted, which
    /// makes them cheaper. Should it write after all, its change relies on everything, and conflicts with
    /// any other commit since its snapshot.
    pub fn reading(snapshot: Snapshot) -> Self {
        Self {
            snapshot,
            reads: None,
            own: Arc::default(),
            unnamed: BTreeMap::new(),
            draws: Vec::new(),
            adds: Vec::new(),
            evidence: Vec::new(),
            stage: None,
        }
    }

    /// Begins a step of a batch ([`Stage::Write`]): what it puts is staged, and it sees what the batch staged
    /// before. Steps of one batch follow one another: they do not conflict with each other over ranges.
    pub fn staging(snapshot: &Snapshot, batch: Seq) -> Self {
        Self { stage: Some(Stage::Write { batch }), ..Self::new(snapshot.with_batch(batch)) }
    }

    /// What its change does to a batch besides: opens, publishes or closes it.
    pub fn stage(&mut self, stage: Stage) {
        self.stage = Some(stage);
    }

    /// The snapshot it reads. What is read there directly is not relied on and does not show own writes.
    pub fn snapshot(&self) -> &Snapshot {
        &self.snapshot
    }

    /// The value of `key`: its own, with the version [`Seq::PENDING`], or the snapshot's.
    pub fn get(&self, key: &[u8]) -> Result<Option<Stored>, StoreError> {
        self.read(key, |item| item.to_stored())
    }

    /// What `see` makes of the value of `key`, shown to it where it lies.
    pub fn read<T>(
        &self,
        key: &[u8],
        see: impl FnOnce(crate::Item<'_>) -> T,
    ) -> Result<Option<T>, StoreError> {
        match self.own.get(key) {
            Some(Own::Put { value, .. }) => Ok(Some(see(crate::Item { key, version: Seq::PENDING, value }))),
            Some(Own::Removed) => Ok(None),
            None => {
                let mut version = None;
                let seen = self.snapshot.read(key, |item| {
                    version = Some(item.version);
                    see(item)
                })?;
                if let Some(reads) = &self.reads {
                    reads.lock().key(key, version);
                }
                Ok(seen)
            }
        }
    }

    /// The version of `key`, [`Seq::PENDING`] for its own; none when there is no value.
    pub fn version(&self, key: &[u8]) -> Result<Option<Seq>, StoreError> {
        self.read(key, |item| item.version)
    }

    /// The keys from `start` to before `end` (none: all that follow), own writes included, as they are now:
    /// writing while walking does not disturb the walk. The change will rely on what was walked over, not
    /// on what lies beyond.
    pub fn range(&self, start: &[u8], end: Option<&[u8]>, direction: Direction) -> TransactionRange {
        let reads = self.reads.as_ref().map(|reads| {
            let place = reads.lock().begin_range(start, end);
            (Arc::clone(reads), place)
        });
        TransactionRange::new(&self.snapshot, &self.own, start, end, direction, reads)
    }

    /// As [`range`](Self::range), without relying on it. Right where a slightly older answer does no harm
    /// and a conflict would: statistics beside what is decided, suggestions, the host's own housekeeping.
    /// Never for what decides whether or what to write.
    pub fn range_unchecked(
        &self,
        start: &[u8],
        end: Option<&[u8]>,
        direction: Direction,
    ) -> TransactionRange {
        TransactionRange::new(&self.snapshot, &self.own, start, end, direction, None)
    }

    /// Sets the value of `key`.
    pub fn put(&mut self, key: Vec<u8>, value: Vec<u8>) {
        self.put_filled(key, value, Vec::new());
    }

    /// Sets the value of `key` with places for drawn numbers in them.
    ///
    /// Until the commit, a value shows the bytes given; a put with a number in its *key* is not seen by this
    /// transaction's reads at all, since its key is not known yet. Putting the same key with the same fills
    /// again replaces it, [`delete_filled`](Self::delete_filled) takes it back.
    pub fn put_filled(&mut self, key: Vec<u8>, value: Vec<u8>, fill: Vec<Fill>) {
        let named = named_by(&fill);
        if named.is_empty() {
            Arc::make_mut(&mut self.own).insert(key, Own::Put { value, fill });
        } else {
            self.unnamed.insert((key, named), Own::Put { value, fill });
        }
    }

    /// Removes `key`.
    pub fn delete(&mut self, key: Vec<u8>) {
        Arc::make_mut(&mut self.own).insert(key, Own::Removed);
    }

    /// Takes back a [`put_filled`](Self::put_filled) of this transaction, named by the key and fills given
    /// then. Without a number in the key it is [`delete`](Self::delete).
    pub fn delete_filled(&mut self, key: Vec<u8>, fill: &[Fill]) {
        let named = named_by(fill);
        if named.is_empty() {
            self.delete(key);
        } else {
            self.unnamed.remove(&(key, named));
        }
    }

    /// Asks for the next number of a register; the index of the draw names it in fills and in
    /// [`Committed::numbers`](crate::Committed::numbers). Two clerks drawing from one register do not
    /// conflict.
    pub fn draw(&mut self, register: Vec<u8>) -> u32 {
        self.draws.push(Draw { register });
        u32::try_from(self.draws.len() - 1).unwrap_or(u32::MAX)
    }

    /// Adds to a counter, which may not grow beyond `most`. Two calls that count do not conflict. What the snapshot shows
    /// of the counter is what it was before.
    pub fn add(&mut self, counter: &[u8], by: i64, most: i64) {
        if by == 0 {
            return;
        }
        match self.adds.iter_mut().find(|add| add.counter == counter) {
            Some(add) => {
                add.by = add.by.saturating_add(by);
                add.most = add.most.min(most);
            }
            None => self.adds.push(Add { counter: counter.to_vec(), by, most }),
        }
    }

    /// Whether it has evidence to leave.
    pub fn has_evidence(&self) -> bool {
        !self.evidence.is_empty()
    }

    /// Adds evidence.
    pub fn evidence(&mut self, entry: Entry) {
        self.evidence.push(entry);
    }

    /// The keys it sets, each with its value, and those it removes, with none. Keys that have a number yet to be
    /// drawn in them are left out: they are not known.
    pub fn written(&self) -> impl Iterator<Item = (&[u8], Option<&[u8]>)> {
        self.own.iter().map(|(key, own)| match own {
            Own::Put { value, .. } => (key.as_slice(), Some(value.as_slice())),
            Own::Removed => (key.as_slice(), None),
        })
    }

    /// Whether it does anything besides leaving evidence.
    pub fn writes(&self) -> bool {
        self.stage.is_some()
            || !self.own.is_empty()
            || !self.unnamed.is_empty()
            || !self.draws.is_empty()
            || !self.adds.is_empty()
    }

    /// The change it amounts to, checked under the policy of the commit `policy`.
    ///
    /// What only reads is consistent as it is, at its snapshot: what neither writes nor revokes relies on nothing,
    /// and its evidence does not conflict.
    pub fn into_change(self, policy: u64, revokes: bool) -> Change {
        let expect = match &self.reads {
            _ if !self.writes() && !revokes => Vec::new(),
            Some(reads) => std::mem::take(&mut *reads.lock()).into_expectations(),
            None => vec![Expect::Range { start: Vec::new(), end: None }],
        };
        let own = Arc::unwrap_or_clone(self.own).into_iter();
        let unnamed = self.unnamed.into_iter().map(|((key, _), own)| (key, own));
        let write = own.chain(unnamed).map(|(key, own)| match own {
            Own::Put { value, fill } => Write::Put { key, value, fill },
            Own::Removed => Write::Delete { key },
        });
        Change {
            based_on: self.snapshot.seq(),
            policy,
            expect,
            write: write.collect(),
            draw: self.draws,
            add: self.adds,
            revokes,
            evidence: self.evidence,
            stage: self.stage,
        }
    }
}

impl fmt::Debug for Transaction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transaction").field("snapshot", &self.snapshot).finish_non_exhaustive()
    }
}

/// The fills that make a key.
fn named_by(fill: &[Fill]) -> Vec<Fill> {
    fill.iter().filter(|fill| fill.part == Part::Key).copied().collect()
}
