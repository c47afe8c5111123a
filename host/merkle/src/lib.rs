//! A transparency log: what makes a list of entries impossible to rewrite unnoticed.
//!
//! - [`leaf_hash`], [`node_hash`]: the hashes of RFC 6962 §2.1.
//! - [`Tree`]: the growing edge. It hands out full tiles (C2SP tlog-tiles) and names the root.
//! - [`inclusion`], [`consistency`], [`root_at`], [`tile_at`]: for every size the log ever had, from what a
//!   [`Source`] stored.
//! - [`Checkpoint`]: a size and a root, in a [`Note`] that a [`Signer`] signed and a [`Verifier`] checks
//!   (C2SP tlog-checkpoint, signed-note).
//!
//! Nothing here reads a file or a clock, or panics on what it is given.
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
mod note;
mod prove;
mod range;
mod source;
mod tree;

pub use checkpoint::Checkpoint;
pub use hash::{Hash, HashError, leaf_hash, node_hash};
pub use key::{KeyError, Signer, Verifier};
pub use note::{MAX_NOTE_BYTES, MAX_SIGNATURES, Note, NoteError, sign};
pub use prove::{consistency, inclusion, root_at, tile_at};
pub use source::{ReadError, Source};
pub use tree::{FullTile, Tree};

/// Hashes in a full tile (C2SP tlog-tiles).
pub const TILE: usize = 256;

/// Bytes of a full tile.
pub const TILE_BYTES: usize = TILE * Hash::BYTES;
