//! Where stored hashes come from.

use crate::hash::{self, Hash};
use crate::range::{Perfect, Range};
use crate::{TILE, TILE_BYTES};

/// Stored hashes of a log: its full tiles, and the leaf hashes after them.
///
/// A source is one state of a log; it does not change while it is read.
pub trait Source {
    /// Why a read failed.
    type Error;

    /// How many leaves the log has.
    fn size(&self) -> u64;

    /// The full tile `index` of `level`: [`TILE_BYTES`] bytes. Only tiles that are full at [`Source::size`]
    /// are asked for.
    ///
    /// # Errors
    /// When it cannot be read.
    fn tile(&self, level: u8, index: u64) -> Result<Vec<u8>, Self::Error>;

    /// The hashes of the leaves from `from` to before `to`, at most 255. Only leaves that no full tile holds
    /// at [`Source::size`] are asked for.
    ///
    /// # Errors
    /// When they cannot be read.
    fn leaves(&self, from: u64, to: u64) -> Result<Vec<Hash>, Self::Error>;
}

impl<S: Source + ?Sized> Source for &S {
    type Error = S::Error;

    fn size(&self) -> u64 {
        (**self).size()
    }

    fn tile(&self, level: u8, index: u64) -> Result<Vec<u8>, S::Error> {
        (**self).tile(level, index)
    }

    fn leaves(&self, from: u64, to: u64) -> Result<Vec<Hash>, S::Error> {
        (**self).leaves(from, to)
    }
}

/// A root, a proof or a tile cannot be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError<E> {
    /// The source could not read.
    #[error(transparent)]
    Source(E),
    /// A tree larger than the log was asked for.
    #[error("the log has {size} leaves, and a tree of {asked} was asked for; ask for at most {size}")]
    Size {
        /// The size asked for.
        asked: u64,
        /// The size of the log.
        size: u64,
    },
    /// A leaf that is not in the tree.
    #[error("a tree of {size} leaves has no leaf {index}; its leaves are counted from 0")]
    NoLeaf {
        /// The leaf asked for.
        index: u64,
        /// The size of the tree.
        size: u64,
    },
    /// A tile that is not in the tree.
    #[error("a tree of {size} leaves has no tile {index} of level {level}; both are counted from 0")]
    NoTile {
        /// The level asked for.
        level: u8,
        /// The index in the level.
        index: u64,
        /// The size of the tree.
        size: u64,
    },
    /// An old tree larger than the new one.
    #[error("a tree of {new} leaves cannot continue one of {old}; name the smaller size first")]
    Order {
        /// Size of the tree that came first.
        old: u64,
        /// Size of the tree that should continue it.
        new: u64,
    },
    /// What the source holds is not a tile.
    #[error(
        "tile {index} of level {level} has {bytes} bytes, not {TILE_BYTES}: the stored log is damaged; \
         restore it from a backup"
    )]
    Tile {
        /// Level of the tile.
        level: u8,
        /// Its index in the level.
        index: u64,
        /// How many bytes there are.
        bytes: usize,
    },
    /// The source gave too few or too many leaf hashes.
    #[error(
        "{found} hashes are stored for the leaves {from} to {to}: the stored log is damaged; \
         restore it from a backup"
    )]
    Leaves {
        /// First leaf asked for.
        from: u64,
        /// First leaf after those asked for.
        to: u64,
        /// How many came.
        found: usize,
    },
}

/// Reads hashes of any height. Keeps the last tile, since neighbours are asked for together.
pub(crate) struct Reader<'a, S: Source> {
    source: &'a S,
    size: u64,
    last: Option<(u8, u64, Vec<Hash>)>,
}

impl<'a, S: Source> Reader<'a, S> {
    /// A reader of trees up to `size` leaves.
    pub(crate) fn new(source: &'a S, size: u64) -> Result<Self, ReadError<S::Error>> {
        let reader = Self { source, size: source.size(), last: None };
        if size > reader.size {
            return Err(ReadError::Size { asked: size, size: reader.size });
        }
        Ok(reader)
    }

    /// The root over some leaves; [`Hash::EMPTY`] over none.
    pub(crate) fn root(&mut self, range: Range) -> Result<Hash, ReadError<S::Error>> {
        // The smallest first, which lies beside what was read last.
        let trees: Result<Vec<_>, _> = range.perfect().rev().map(|tree| self.perfect(tree)).collect();
        Ok(hash::join(trees?.into_iter().rev()).unwrap_or(Hash::EMPTY))
    }

    fn perfect(&mut self, tree: Perfect) -> Result<Hash, ReadError<S::Error>> {
        let (level, within) = (tree.height / 8, tree.height % 8);
        let from = tree.index << within;
        // Never empty: its length is a power of two.
        let row = self.row(level as u8, from, from + (1 << within))?;
        Ok(hash::perfect(row).unwrap_or(Hash::EMPTY))
    }

    /// The hashes of `level` from `from` to before `to`, all of one tile: full, partial or not stored.
    pub(crate) fn row(&mut self, level: u8, from: u64, to: u64) -> Result<Vec<Hash>, ReadError<S::Error>> {
        let tile = from / TILE as u64;
        if tile < in_level(self.size, level) / TILE as u64 {
            let skip = from % TILE as u64;
            let row = self.tile(level, tile)?;
            return Ok(row.iter().skip(skip as usize).take((to - from) as usize).copied().collect());
        }
        let Some(below) = level.checked_sub(1) else {
            let leaves = self.source.leaves(from, to).map_err(ReadError::Source)?;
            if leaves.len() as u64 != to - from {
                return Err(ReadError::Leaves { from, to, found: leaves.len() });
            }
            return Ok(leaves);
        };
        // The tile is not full, but every tile below it is.
        (from..to)
            .map(|index| {
                let row = self.tile(below, index)?.to_vec();
                Ok(hash::perfect(row).unwrap_or(Hash::EMPTY))
            })
            .collect()
    }

    fn tile(&mut self, level: u8, index: u64) -> Result<&[Hash], ReadError<S::Error>> {
        let row = match self.last.take() {
            Some((at, which, row)) if (at, which) == (level, index) => row,
            _ => {
                let bytes = self.source.tile(level, index).map_err(ReadError::Source)?;
                if bytes.len() != TILE_BYTES {
                    return Err(ReadError::Tile { level, index, bytes: bytes.len() });
                }
                bytes.as_chunks().0.iter().copied().map(Hash::from_bytes).collect()
            }
        };
        let (_, _, row) = self.last.insert((level, index, row));
        Ok(row)
    }
}

/// How many hashes a level has, in a tree of `size` leaves.
pub(crate) fn in_level(size: u64, level: u8) -> u64 {
    size.checked_shr(8 * u32::from(level)).unwrap_or(0)
}
