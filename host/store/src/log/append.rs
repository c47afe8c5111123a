//! The growing end of the log, in the writer's hands.

use std::sync::Arc;

use dinh_merkle::{Checkpoint, FullTile, Hash, Signer, Tree};

use super::{EvidenceLog, HEAD_KEY, SIGNER_KEY, damaged, tile_key};
use crate::backend::{Batch, Table};
use crate::{Seq, Snapshot, StoreError, format};

/// Adds leaves, writes tiles, signs heads.
///
/// When the end of the log is damaged nothing can be added: then nothing at all is written, and what can be read
/// is read.
pub(crate) struct Appender {
    tree: Result<Tree, StoreError>,
    signer: Arc<Signer>,
}

impl Appender {
    /// Takes up the log where `snapshot` left it. The key must be the one that signed it before.
    pub(crate) fn open(snapshot: &Snapshot, signer: Arc<Signer>) -> Result<Self, StoreError> {
        let known = EvidenceLog::new(snapshot).verifier_key()?;
        let found = signer.verifier().to_string();
        if known != found {
            return Err(StoreError::OtherKey { known, found });
        }
        let tree = resume(snapshot).inspect_err(|error| {
            tracing::error!(%error, "the evidence cannot be continued: nothing is written, what can be read is read");
        });
        Ok(Self { tree, signer })
    }

    /// The first rows of a new log.
    pub(crate) fn begin(signer: &Signer, batch: &mut Batch) {
        put_meta(batch, SIGNER_KEY, signer.verifier().to_string().as_bytes(), Seq(0));
    }

    /// Adds leaves: what they fill, and the new head, go with the batch that holds their entries.
    pub(crate) fn append(
        &mut self,
        leaves: impl ExactSizeIterator<Item = Hash>,
        seq: Seq,
        batch: &mut Batch,
    ) -> Result<(), StoreError> {
        let tree = self.tree.as_mut().map_err(|error| error.clone())?;
        if leaves.len() == 0 {
            return Ok(());
        }
        for leaf in leaves {
            tree.push(leaf, &mut |FullTile { level, index, hashes }| {
                let key = tile_key(level, index);
                let mut stored = format::with_room(&hashes, None);
                format::seal(&key, &mut stored, seq);
                batch.put(Table::Tiles, key, stored);
            });
        }
        let origin = self.signer.verifier().name();
        let head = Checkpoint::new(origin, tree.size(), tree.root())
            .sign(&self.signer)
            .map_err(|error| StoreError::damaged(format!("the head of the evidence: {error}")))?;
        put_meta(batch, HEAD_KEY, head.as_bytes(), seq);
        Ok(())
    }

    /// Begins again from what is durable.
    pub(crate) fn look_again(&mut self, snapshot: &Snapshot) {
        self.tree = resume(snapshot);
    }
}

fn put_meta(batch: &mut Batch, key: &[u8], value: &[u8], seq: Seq) {
    let mut stored = format::with_room(value, None);
    format::seal(key, &mut stored, seq);
    batch.put(Table::Meta, key.to_vec(), stored);
}

/// The tree where `snapshot` left it.
pub(super) fn resume(snapshot: &Snapshot) -> Result<Tree, StoreError> {
    Tree::resume(snapshot.evidence_len(), &EvidenceLog::new(snapshot)).map_err(damaged)
}
