//! Holding the log to itself, to its key, and to heads that others kept.

use std::fmt;

use dinh_merkle::{Checkpoint, FullTile, Hash, Source, Tree, Verifier};

use super::{EvidenceLog, commitment, leaf, tile_key};
use crate::StoreError;
use crate::backend::Table;
use crate::index::{self, SEGMENT};

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// How many entries were read and hashed.
    pub entries: u64,
    /// The root of their tree.
    pub root: Hash,
    /// How many heads that others kept were compared.
    pub heads: usize,
    /// What is not as it was, in the order of the log; empty when all is well.
    pub findings: Vec<Finding>,
}

/// Something that is not as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Finding {
    /// Where this entry belongs there is none, or one that cannot be read. Nothing after it could be checked.
    Entry {
        /// Its index.
        index: u64,
        /// What was found.
        what: String,
    },
    /// These entries are not those whose hashes were stored when they were written.
    Tile {
        /// The first of them.
        from: u64,
        /// The first after them.
        to: u64,
    },
    /// What these entries are found by does not follow from them: a search could miss one.
    Index {
        /// The first of them.
        from: u64,
        /// The first after them.
        to: u64,
    },
    /// The log's own head is missing, signed by another key, or of another tree.
    Head(String),
    /// A head that somebody kept is not of this log, or its signature is wrong.
    Foreign {
        /// Where it stood among those given, from 0.
        place: usize,
        /// What is wrong with it.
        what: String,
    },
    /// A head that somebody kept is of another past: entries before `size` were changed, removed, put in another
    /// order or put in afterwards, or the end was cut off.
    Past {
        /// Where it stood among those given, from 0.
        place: usize,
        /// How many entries it speaks of.
        size: u64,
    },
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Entry { index, what } => {
                write!(f, "entry {index}: {what}; what follows could not be checked")
            }
            Self::Tile { from, to } => {
                write!(f, "entries {from} to {}: not those that were written", to.saturating_sub(1))
            }
            Self::Index { from, to } => write!(
                f,
                "entries {from} to {}: their index is not the one that follows from them",
                to.saturating_sub(1)
            ),
            Self::Head(what) => write!(f, "the log's own head: {what}"),
            Self::Foreign { place, what } => write!(f, "head {} of those given: {what}", place + 1),
            Self::Past { place, size } => write!(
                f,
                "head {} of those given: the first {size} entries are not those it was signed for",
                place + 1
            ),
        }
    }
}

impl EvidenceLog<'_> {
    /// Reads and hashes every entry, and compares: the stored tiles, the log's own head and its signature, and
    /// every head in `kept` (signed notes) that somebody outside kept, and what the entries are found by. Costs some
    /// seconds for a million entries.
    ///
    /// A head that was kept is believed for what it says, not for who signed it: who rewrites the log and signs
    /// it again with the host's key is found out by it.
    ///
    /// # Errors
    /// When the store cannot be read at all. What is not as it was is in [`Verified::findings`].
    pub fn verify(&self, kept: &[String]) -> Result<Verified, StoreError> {
        let mut findings = Vec::new();
        let key = self.verifier_key()?;
        let verifier = Verifier::parse(&key).map_err(|error| StoreError::damaged(error.to_string()))?;
        let mut ahead = ahead(kept, &verifier, &mut findings);
        let tree = self.rebuild(&mut ahead, &mut findings)?;
        if tree.size() == self.size() {
            self.own_head(&tree, &verifier, &mut findings)?;
        }
        self.own_index(&mut findings)?;
        let size = tree.size();
        findings.extend(ahead.into_iter().map(|(place, head)| Finding::Past { place, size: head.size }));
        Ok(Verified { entries: size, root: tree.root(), heads: kept.len(), findings })
    }

    /// Hashes every entry; heads are compared, and taken off `ahead`, at their size.
    fn rebuild(
        &self,
        ahead: &mut Vec<(usize, Checkpoint)>,
        findings: &mut Vec<Finding>,
    ) -> Result<Tree, StoreError> {
        let mut tree = Tree::new();
        let mut full = Vec::new();
        let read = self.snapshot.salted(0, self.size(), |index, row| {
            tree.push(leaf(row.version, &commitment(row.value)), &mut |tile: FullTile| {
                full.push(tile);
            });
            for tile in full.drain(..) {
                if !self.is_stored(&tile)? {
                    let width = 256_u64.saturating_pow(u32::from(tile.level) + 1);
                    let from = tile.index.saturating_mul(width);
                    // A level above says no more than those below it did.
                    if tile.level == 0 || findings.is_empty() {
                        findings.push(Finding::Tile { from, to: from.saturating_add(width) });
                    }
                }
            }
            while let Some((place, head)) = ahead.pop_if(|(_, head)| head.size == index + 1) {
                if head.root != tree.root() {
                    findings.push(Finding::Past { place, size: head.size });
                }
            }
            Ok(())
        });
        match read {
            Ok(()) => {}
            Err(StoreError::Damaged { what }) => {
                findings.push(Finding::Entry { index: tree.size(), what });
            }
            Err(other) => return Err(other),
        }
        Ok(tree)
    }

    fn is_stored(&self, tile: &FullTile) -> Result<bool, StoreError> {
        match self.snapshot.at_rest(Table::Tiles, &tile_key(tile.level, tile.index)) {
            Ok(stored) => Ok(stored.is_some_and(|stored| *stored == *tile.hashes)),
            Err(StoreError::Damaged { .. }) => Ok(false),
            Err(other) => Err(other),
        }
    }

    /// Holds what the entries are found by to them; entries that cannot be read are named already.
    fn own_index(&self, findings: &mut Vec<Finding>) -> Result<(), StoreError> {
        for segment in 0..self.snapshot.evidence_index().segments() {
            match index::as_written(self.snapshot, segment) {
                Ok(true) | Err(StoreError::Damaged { .. }) => {}
                Ok(false) => {
                    let from = segment * SEGMENT;
                    let to = self.size().min(from + SEGMENT);
                    findings.push(Finding::Index { from, to });
                }
                Err(other) => return Err(other),
            }
        }
        Ok(())
    }

    fn own_head(
        &self,
        tree: &Tree,
        verifier: &Verifier,
        findings: &mut Vec<Finding>,
    ) -> Result<(), StoreError> {
        let Some(head) = self.head()? else {
            if tree.size() > 0 {
                findings.push(Finding::Head("there is none".into()));
            }
            return Ok(());
        };
        match Checkpoint::open(&head, std::slice::from_ref(verifier)) {
            Ok((head, _)) if head.size == tree.size() && head.root == tree.root() => {}
            Ok((head, _)) => findings.push(Finding::Head(format!(
                "it speaks of {} entries with the root {}, and there are {} with the root {}",
                head.size,
                head.root,
                tree.size(),
                tree.root()
            ))),
            Err(error) => findings.push(Finding::Head(error.to_string())),
        }
        Ok(())
    }
}

/// The heads that can be compared, largest first.
fn ahead(kept: &[String], verifier: &Verifier, findings: &mut Vec<Finding>) -> Vec<(usize, Checkpoint)> {
    let mut ahead = Vec::new();
    for (place, note) in kept.iter().enumerate() {
        match Checkpoint::open(note, std::slice::from_ref(verifier)) {
            Ok((head, _)) if head.origin != verifier.name() => {
                let what = format!("it is of the log {}, and this one is {}", head.origin, verifier.name());
                findings.push(Finding::Foreign { place, what });
            }
            // The empty tree is the past of every log.
            Ok((head, _)) if head.size == 0 => {}
            Ok((head, _)) => ahead.push((place, head)),
            Err(error) => findings.push(Finding::Foreign { place, what: error.to_string() }),
        }
    }
    ahead.sort_by_key(|(place, head)| std::cmp::Reverse((head.size, *place)));
    ahead
}
