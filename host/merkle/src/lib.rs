//! A transparency log: what makes a list of entries impossible to rewrite unnoticed.
//!
//! - [`leaf_hash`], [`node_hash`]: the hashes of RFC 6962 §2.1.
//! - [`Tree`]: the growing edge. It hands out full tiles (C2SP tlog-tiles) and names the root.
//! - [`inclusion`], [`consistency`], [`root_at`], [`tile_at`]: for every size the log ever had, from what a
//!   [`Source`] stored.
//! - [`Checkpoint`]: a size and a root, in a [`Note`] that a [`Signer`] signed and a [`Verifier`] checks
//!   (C2SP tlog-checkpoint, signed-note); [`notes`] reads many from one text.
//! - [`verify_inclusion`], [`verify_consistency`], and [`Proof`], which carries its checkpoint with it (C2SP
//!   tlog-proof): for whoever checks, with no log at hand.
//! - [`layout`]: the paths and bundles under which others expect to find a log.
//!
//! Nothing here reads a file or a clock.
//!
//! # Promises
//!
//! Each is tested in `tests/promises/`, in the file named beside it.
//!
//! - **The trees of RFC 6962** (`tree`, `vectors`). Roots, tiles of every level and what is resumed are those of
//!   the definition, at every size; published roots come out, and another library agrees.
//! - **Proofs that prove** (`proofs`, `vectors`). Every proof is the RFC's and verifies; with one bit changed,
//!   one hash more or less, or another place, none does. A log from which an entry was removed, changed, moved
//!   or put in between cannot prove that it continues the old one.
//! - **Notes that others read** (`keys`, `notes`, `checkpoints`, `standalone`, `layout`). Keys, notes,
//!   checkpoints, proofs and paths published by others are read, and written back letter by letter; a real
//!   public log's checkpoints verify.
//! - **Whatever is read** (`hostile`). No text, bundle or proof makes a reader panic; sizes are bounded; there
//!   is one way to write a thing, so that what was read is written back the same.
//!
//! # Example
//!
//! ```
//! use dinh_merkle::{Checkpoint, Signer, Tree, leaf_hash};
//!
//! let mut tree = Tree::new();
//! let mut tiles = Vec::new();
//! for entry in 0..1000u32 {
//!     tree.push(leaf_hash(&entry.to_be_bytes()), &mut |tile| tiles.push(tile));
//! }
//! assert_eq!(tiles.len(), 3);
//!
//! let signer = Signer::from_seed("example.vn/evidence", [7; 32])?;
//! let note = Checkpoint::new("example.vn/evidence", tree.size(), tree.root()).sign(&signer)?;
//! let (checkpoint, signed) = Checkpoint::open(&note, &[signer.verifier().clone()])?;
//! assert_eq!((checkpoint.size, checkpoint.root), (1000, tree.root()));
//! assert_eq!(signed, ["example.vn/evidence"]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod checkpoint;
mod hash;
mod key;
pub mod layout;
mod note;
mod proof;
mod prove;
mod range;
mod source;
mod tree;
mod verify;

pub use checkpoint::Checkpoint;
pub use hash::{Hash, HashError, leaf_hash, node_hash};
pub use key::{KeyError, Signer, Verifier};
pub use note::{MAX_NOTE_BYTES, MAX_SIGNATURES, Note, NoteError, notes, sign};
pub use proof::Proof;
pub use prove::{consistency, inclusion, root_at, tile_at};
pub use source::{ReadError, Source};
pub use tree::{FullTile, Tree};
pub use verify::{ProofError, verify_consistency, verify_inclusion};

/// Hashes in a full tile (C2SP tlog-tiles).
pub const TILE: usize = 256;

/// Bytes of a full tile.
pub const TILE_BYTES: usize = TILE * Hash::BYTES;
