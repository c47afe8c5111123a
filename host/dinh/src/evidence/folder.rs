//! Verifies an export, from the log's key and nothing else.

use std::fs::File;
use std::io::Read;
use std::num::NonZeroU8;
use std::path::Path;

use anyhow::{Context as _, Result};
use dinh_merkle::layout::{self, CHECKPOINT, Content, TilePath};
use dinh_merkle::{Checkpoint, Hash, MAX_NOTE_BYTES, TILE, TILE_BYTES, Verifier, leaf_hash};

use super::heads::{Ahead, Heads};
use super::lines::Lines;
use super::tiles::Tiles;
use super::{Finding, KEY, Line, Verdict};
use crate::reply::Reply;

/// Bytes of a full bundle.
const BUNDLE_BYTES: usize = TILE * (2 + Line::LEAF);

/// Verifies the export in `dir`: with the key `key`, or the one in the folder, and against the heads that
/// somebody kept.
pub fn verify(dir: &Path, key: Option<&str>, heads: &Heads) -> Result<Reply> {
    let note = text(dir, CHECKPOINT).with_context(|| {
        format!("{} is no export, or one that was not finished: it has no checkpoint", dir.display())
    })?;
    let key = key.map_or_else(|| text(dir, KEY), |key| Ok(key.to_owned()));
    let key = Verifier::parse(key.context("the folder has no key; say --key KEY")?.trim())?;
    let mut findings = Vec::new();
    let ahead = heads.ahead(&key, &mut findings);
    let head = match Checkpoint::open(&note, std::slice::from_ref(&key)) {
        Ok((head, _)) => Some(head),
        Err(error) => {
            findings.push(Finding::new(CHECKPOINT, error.to_string()));
            Checkpoint::open_unverified(&note).ok()
        }
    };
    let mut check = Check {
        dir,
        entries: Tiles::default(),
        stored: Some(Tiles::default()),
        differ: Vec::new(),
        lines: Lines::open(dir)?,
        ahead,
        findings,
    };
    if let Some(head) = head {
        if head.origin != key.name() {
            let what = format!("it is of the log {}, and the key of {}", head.origin, key.name());
            check.findings.push(Finding::new(CHECKPOINT, what));
        }
        if check.read(head.size)? {
            check.judge(&head)?;
        }
    }
    let verdict = Verdict {
        entries: check.entries.size(),
        root: check.entries.root().to_string(),
        key: key.to_string(),
        heads: heads.count(),
        readable: Some(check.lines.read),
        findings: check.findings,
    };
    Ok(verdict.into_reply(&dir.display().to_string()))
}

/// An export that is being read.
struct Check<'a> {
    dir: &'a Path,
    /// The tree of the entries.
    entries: Tiles,
    /// The tree of the leaf hashes that the tiles hold, as long as none is missing.
    stored: Option<Tiles>,
    /// The first entry of each bundle that does not belong to its tile.
    differ: Vec<u64>,
    lines: Lines,
    ahead: Ahead,
    findings: Vec<Finding>,
}

impl Check<'_> {
    /// Reads all bundles and tiles of a log of `size`; false when the entries end too early.
    fn read(&mut self, size: u64) -> Result<bool> {
        for path in layout::paths(size).filter(|path| path.content == Content::Entries) {
            let leaves = match self.bundle(&path) {
                Ok(leaves) => leaves,
                Err(error) => {
                    let what = format!("{error:#}; what follows could not be checked");
                    self.findings.push(Finding::new(path.to_string(), what));
                    return Ok(false);
                }
            };
            self.compare(&path, &leaves)?;
        }
        let stored: Vec<_> = self.stored.iter().flat_map(|tiles| tiles.partial().map(owned)).collect();
        for (path, hashes) in self.entries.partial().map(owned).collect::<Vec<_>>() {
            self.above(&path, &hashes, &stored);
        }
        Ok(true)
    }

    /// Adds a bundle, and the tile of its hashes, to their trees.
    fn compare(&mut self, path: &TilePath, leaves: &[Vec<u8>]) -> Result<()> {
        let first = self.entries.size();
        let hashes: Vec<Hash> = leaves.iter().map(|leaf| leaf_hash(leaf)).collect();
        let tile = TilePath { content: Content::Hashes { level: 0 }, ..*path };
        let stored = match self.tile(&tile) {
            Ok(bytes) => bytes.as_chunks().0.iter().copied().map(Hash::from_bytes).collect(),
            Err(error) => {
                self.findings.push(Finding::new(tile.to_string(), format!("{error:#}")));
                self.stored = None;
                Vec::<Hash>::new()
            }
        };
        let differs = |(_, (is, was)): &(u64, (&Hash, &Hash))| is != was;
        self.differ.extend((first..).zip(hashes.iter().zip(&stored)).find(differs).map(|(index, _)| index));
        let mut full = Vec::new();
        for hash in &stored {
            full.extend(self.stored.as_mut().map(|tiles| tiles.push(*hash)).unwrap_or_default());
        }
        for hash in &hashes {
            for (path, hashes) in self.entries.push(*hash) {
                self.above(&path, &hashes, &full);
            }
            let (entries, findings) = (&self.entries, &mut self.findings);
            self.ahead.compare(entries.size(), || entries.root(), findings);
        }
        let is_there = |index: u64, hash: &Hash| {
            let at = usize::try_from(index.saturating_sub(first)).unwrap_or(usize::MAX);
            hashes.get(at) == Some(hash) || stored.get(at) == Some(hash)
        };
        self.lines.compare(self.entries.size(), is_there, &mut self.findings)
    }

    /// Compares a tile above the leaves with what the entries make of it, or the tiles below it: one of them is
    /// named already when they differ.
    fn above(&mut self, path: &TilePath, hashes: &[u8], stored: &[(TilePath, Vec<u8>)]) {
        if path.content == (Content::Hashes { level: 0 }) {
            return;
        }
        let found = match self.tile(path) {
            Ok(found) => found,
            Err(error) => {
                return self.findings.push(Finding::new(path.to_string(), format!("{error:#}")));
            }
        };
        let below = stored.iter().find(|(other, _)| other == path);
        if found != hashes && below.is_none_or(|(_, below)| *below != found) {
            self.findings.push(Finding::new(path.to_string(), "not the hashes of the tiles below it"));
        }
    }

    /// Says which part is wrong: what was signed is what decides.
    fn judge(&mut self, head: &Checkpoint) -> Result<()> {
        let entries = self.entries.root() == head.root;
        let stored = self.stored.as_ref().is_some_and(|stored| stored.root() == head.root);
        for index in std::mem::take(&mut self.differ) {
            let (tile, bundle) = files(index, head.size);
            self.findings.push(match (entries, stored) {
                (true, _) => {
                    Finding::new(tile, format!("its hash of entry {index} is not that of the entry"))
                }
                (_, true) => {
                    Finding::new(bundle, format!("entry {index} is not the one that was signed for"))
                }
                _ => Finding::new(bundle, format!("entry {index} is not the one whose hash is in {tile}")),
            });
        }
        if !entries && !stored {
            let what = format!(
                "it is for a log with the root {}, and the entries here have {}",
                head.root,
                self.entries.root()
            );
            self.findings.push(Finding::new(CHECKPOINT, what));
        }
        self.ahead.end(head.size, &mut self.findings);
        self.lines.end(head.size, &mut self.findings)
    }

    fn bundle(&self, path: &TilePath) -> Result<Vec<Vec<u8>>> {
        let bytes = read(&self.dir.join(path.to_string()), BUNDLE_BYTES)?;
        let leaves: Vec<_> = layout::entries(&bytes)?.into_iter().map(<[u8]>::to_vec).collect();
        if leaves.len() != path.width() || leaves.iter().any(|leaf| leaf.len() != Line::LEAF) {
            anyhow::bail!("not {} entries of {} bytes", path.width(), Line::LEAF);
        }
        Ok(leaves)
    }

    fn tile(&self, path: &TilePath) -> Result<Vec<u8>> {
        let bytes = read(&self.dir.join(path.to_string()), TILE_BYTES)?;
        if bytes.len() != path.width() * Hash::BYTES {
            anyhow::bail!("not {} hashes of {} bytes", path.width(), Hash::BYTES);
        }
        Ok(bytes)
    }
}

fn owned((path, hashes): (TilePath, &[u8])) -> (TilePath, Vec<u8>) {
    (path, hashes.to_vec())
}

/// The tile and the bundle of an entry in a log of `size`.
fn files(index: u64, size: u64) -> (String, String) {
    let at = index / TILE as u64;
    let rest = u8::try_from(size % TILE as u64).ok().and_then(NonZeroU8::new);
    let partial = rest.filter(|_| at == size / TILE as u64);
    let of = |path| TilePath { partial, ..path }.to_string();
    (of(TilePath::hashes(0, at)), of(TilePath::entries(at)))
}

fn text(dir: &Path, file: &str) -> Result<String> {
    let path = dir.join(file);
    String::from_utf8(read(&path, MAX_NOTE_BYTES)?).with_context(|| format!("{} is no text", path.display()))
}

/// The content of a file that has at most `most` bytes.
pub(super) fn read(path: &Path, most: usize) -> Result<Vec<u8>> {
    let mut content = Vec::new();
    // Before it is opened: opening a pipe waits for whoever writes to it.
    let about = std::fs::metadata(path).with_context(|| format!("cannot read {}", path.display()))?;
    if !about.is_file() {
        anyhow::bail!("{} is no plain file", path.display());
    }
    let file = File::open(path).with_context(|| format!("cannot read {}", path.display()))?;
    file.take(most as u64 + 1)
        .read_to_end(&mut content)
        .with_context(|| format!("cannot read {}", path.display()))?;
    if content.len() > most {
        anyhow::bail!("{} is longer than {most} bytes", path.display());
    }
    Ok(content)
}
