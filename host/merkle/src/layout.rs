//! Where a log's parts are when it is handed out as files (C2SP tlog-tiles), and how entries are bundled.

use std::fmt;
use std::num::NonZeroU8;
use std::str::FromStr;

use crate::TILE;
use crate::source::in_level;

/// Where the newest checkpoint is.
pub const CHECKPOINT: &str = "checkpoint";

/// The highest level a path may name.
const MAX_LEVEL: u8 = 63;

/// A path or a bundle is not as the specification has it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LayoutError {
    /// The text is not the path of a tile.
    #[error("{path:?} is not the path of a tile; one is `tile/0/x001/x234/067` or `tile/entries/000.p/8`")]
    Path {
        /// The text, cut after 200 letters.
        path: String,
    },
    /// An entry does not fit into a bundle.
    #[error(
        "an entry of {bytes} bytes; one entry has at most 65535: keep what is long elsewhere, and its hash here"
    )]
    Entry {
        /// Its size.
        bytes: usize,
    },
    /// The bundle ends in the midst of an entry.
    #[error("entry {index} of the bundle is cut short; fetch the bundle again")]
    Cut {
        /// Which entry, from 0.
        index: usize,
    },
    /// The bundle has more entries than a tile has hashes.
    #[error("the bundle has more than {TILE} entries; fetch it again, or ask who made it")]
    Full,
}

/// What a tile holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Content {
    /// Hashes of a level, 0 for the leaves' (at most 63).
    Hashes {
        /// The level.
        level: u8,
    },
    /// The entries whose hashes are the tile of level 0 with the same index.
    Entries,
}

/// The path of a tile: `tile/<level or entries>/<index>`, with `.p/<width>` while it is partial.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TilePath {
    /// What it holds.
    pub content: Content,
    /// Its place in the level, from 0.
    pub index: u64,
    /// How many hashes or entries it has, unless it is full.
    pub partial: Option<NonZeroU8>,
}

impl TilePath {
    /// The path of a full tile of hashes.
    pub fn hashes(level: u8, index: u64) -> Self {
        Self { content: Content::Hashes { level }, index, partial: None }
    }

    /// The path of a full bundle of entries.
    pub fn entries(index: u64) -> Self {
        Self { content: Content::Entries, index, partial: None }
    }

    /// How many hashes or entries it has.
    pub fn width(&self) -> usize {
        self.partial.map_or(TILE, |width| usize::from(width.get()))
    }
}

impl fmt::Display for TilePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.content {
            Content::Hashes { level } => write!(f, "tile/{level}/")?,
            Content::Entries => write!(f, "tile/entries/")?,
        }
        let groups = self.index.checked_ilog(1000).unwrap_or(0);
        for group in (1..=groups).rev() {
            write!(f, "x{:03}/", self.index / 1000u64.pow(group) % 1000)?;
        }
        write!(f, "{:03}", self.index % 1000)?;
        self.partial.map_or(Ok(()), |width| write!(f, ".p/{width}"))
    }
}

impl FromStr for TilePath {
    type Err = LayoutError;

    fn from_str(text: &str) -> Result<Self, LayoutError> {
        let path = parse(text).filter(|path| path.to_string() == text);
        path.ok_or_else(|| LayoutError::Path { path: text.chars().take(200).collect() })
    }
}

/// Reads a path, and also some that are written differently from how [`TilePath`] writes them.
fn parse(text: &str) -> Option<TilePath> {
    let (content, rest) = text.strip_prefix("tile/")?.split_once('/')?;
    let content = match content {
        "entries" => Content::Entries,
        level => Content::Hashes { level: level.parse().ok().filter(|level| *level <= MAX_LEVEL)? },
    };
    let (index, partial) = match rest.split_once(".p/") {
        Some((index, width)) => (index, Some(width.parse().ok()?)),
        None => (rest, None),
    };
    let index = index.split('/').try_fold(0u64, |index, group| {
        let digits: u64 = group.strip_prefix('x').unwrap_or(group).parse().ok()?;
        index.checked_mul(1000)?.checked_add(digits)
    });
    Some(TilePath { content, index: index?, partial })
}

/// Every tile and bundle of a log of `size` leaves: per level its full tiles and the partial one, then the
/// bundles.
pub fn paths(size: u64) -> impl Iterator<Item = TilePath> {
    let levels = (0..=MAX_LEVEL).map(move |level| (Content::Hashes { level }, in_level(size, level)));
    levels.chain([(Content::Entries, size)]).flat_map(|(content, width)| {
        let (full, rest) = (width / TILE as u64, (width % TILE as u64) as u8);
        let full_tiles = (0..full).map(move |index| TilePath { content, index, partial: None });
        let partial =
            NonZeroU8::new(rest).map(|width| TilePath { content, index: full, partial: Some(width) });
        full_tiles.chain(partial)
    })
}

/// Appends an entry to a bundle: its length in two bytes, big end first, and itself.
///
/// # Errors
/// When the entry is longer than 65,535 bytes; the bundle is then as it was.
pub fn append_entry(bundle: &mut Vec<u8>, entry: &[u8]) -> Result<(), LayoutError> {
    let length = u16::try_from(entry.len()).map_err(|_| LayoutError::Entry { bytes: entry.len() })?;
    bundle.extend_from_slice(&length.to_be_bytes());
    bundle.extend_from_slice(entry);
    Ok(())
}

/// The entries of a bundle, at most [`TILE`].
///
/// # Errors
/// When it ends in the midst of an entry or has too many.
pub fn entries(bundle: &[u8]) -> Result<Vec<&[u8]>, LayoutError> {
    let mut entries = Vec::new();
    let mut rest = bundle;
    while !rest.is_empty() {
        let cut = LayoutError::Cut { index: entries.len() };
        if entries.len() == TILE {
            return Err(LayoutError::Full);
        }
        let entry = rest
            .split_first_chunk()
            .and_then(|(length, after)| after.split_at_checked(usize::from(u16::from_be_bytes(*length))));
        let (entry, after) = entry.ok_or(cut)?;
        entries.push(entry);
        rest = after;
    }
    Ok(entries)
}
