//! Writes a log to a folder as C2SP tlog-tiles, with the entries that may be read beside it.
//!
//! The command writes, under the rights and at the place of whoever typed it; the server, if one runs, only hands
//! out slices. The log grows meanwhile, so how much of it is exported is fixed at the beginning, and no snapshot
//! is held for longer than a slice takes. The checkpoint is written last: a folder without one is not an export.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use dinh_merkle::layout::{CHECKPOINT, Content, TilePath, append_entry};
use dinh_merkle::{Checkpoint, TILE, leaf_hash};
use serde::de::DeserializeOwned;
use serde_json::json;

use super::tiles::Tiles;
use super::{KEY, LINES, Line};
use crate::deeds::{AuditDeed, Head, LEAVES_MOST, Leaves};
use crate::reply::Reply;

/// Writes the log that `ask` hands out to `dir`, which is new or empty.
pub fn export(dir: &Path, mut ask: impl FnMut(AuditDeed) -> Result<Reply>) -> Result<Reply> {
    let began = Target::look(dir)?;
    let head: Head = read(ask(AuditDeed::Head)?)?;
    let mut target = began.begin()?;
    let readable = target.fill(&head, ask)?;
    target.finish(&head)?;
    let value = json!({
        "folder": dir, "origin": head.origin, "entries": head.size, "readable": readable, "root": head.root,
        "key": head.key,
    });
    let text = format!(
        "{}: {} entries, {readable} of them to be read, root {}\nThe key to check them with, which others should have \
         from you and not from this folder: {}",
        dir.display(),
        head.size,
        head.root,
        head.key
    );
    Ok(Reply::lines(value, text))
}

fn read<T: DeserializeOwned>(reply: Reply) -> Result<T> {
    serde_json::from_value(reply.value).context("the server answered in words this version does not know")
}

/// A folder that becomes an export. What was written is removed again unless it is finished.
struct Target {
    dir: PathBuf,
    /// Whether the folder itself is ours.
    made: bool,
    finished: bool,
}

/// A place where an export may be written.
struct Place(PathBuf);

impl Place {
    fn begin(self) -> Result<Target> {
        let dir = self.0;
        let made = !dir.exists();
        if made {
            fs::create_dir(&dir).with_context(|| format!("cannot make {}", dir.display()))?;
        }
        Ok(Target { dir, made, finished: false })
    }
}

impl Target {
    fn look(dir: &Path) -> Result<Place> {
        let there = match fs::read_dir(dir) {
            Ok(mut there) => there.next().is_some(),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => false,
            Err(error) => return Err(error).with_context(|| format!("cannot look at {}", dir.display())),
        };
        if there {
            bail!(
                "{} is not empty; export to a new or an empty folder (one without a `{CHECKPOINT}` was not finished: \
                 remove it)",
                dir.display()
            );
        }
        Ok(Place(dir.to_owned()))
    }

    /// Everything but the checkpoint; how many entries may be read.
    fn fill(&mut self, head: &Head, mut ask: impl FnMut(AuditDeed) -> Result<Reply>) -> Result<u64> {
        let file = self.dir.join(LINES);
        let lines = File::create_new(&file).with_context(|| format!("cannot write {}", file.display()))?;
        let mut lines = BufWriter::new(lines);
        let (mut tiles, mut bundle, mut readable) = (Tiles::default(), Vec::new(), 0);
        while tiles.size() < head.size {
            let from = tiles.size();
            let to = head.size.min(from + LEAVES_MOST);
            let slice: Leaves = read(ask(AuditDeed::Leaves { from, to })?)?;
            let (leaves, rest) = slice.leaves.0.as_chunks::<{ Line::LEAF }>();
            if leaves.is_empty() || leaves.len() as u64 > to - from || !rest.is_empty() {
                bail!("the log became shorter while it was exported: run `dinh audit verify`");
            }
            for leaf in leaves {
                append_entry(&mut bundle, leaf)?;
                for (path, hashes) in tiles.push(leaf_hash(leaf)) {
                    self.write(&path.to_string(), &hashes)?;
                }
                if tiles.size().is_multiple_of(TILE as u64) {
                    self.write(&TilePath::entries(tiles.size() / TILE as u64 - 1).to_string(), &bundle)?;
                    bundle.clear();
                }
            }
            for line in &slice.lines {
                serde_json::to_writer(&mut lines, line)
                    .with_context(|| format!("cannot write {}", file.display()))?;
                lines.write_all(b"\n").with_context(|| format!("cannot write {}", file.display()))?;
                readable += 1;
            }
        }
        for (path, hashes) in tiles.partial() {
            self.write(&path.to_string(), hashes)?;
            if path.content == (Content::Hashes { level: 0 }) {
                self.write(&TilePath { content: Content::Entries, ..path }.to_string(), &bundle)?;
            }
        }
        lines.flush().with_context(|| format!("cannot write {}", file.display()))?;
        let said = Checkpoint::open_unverified(&head.checkpoint)?;
        if said.root != tiles.root() {
            bail!("the entries are not those of the log's signed head: run `dinh audit verify`");
        }
        Ok(readable)
    }

    /// Makes it an export, once all that it holds is on the disk.
    fn finish(mut self, head: &Head) -> Result<()> {
        self.write(KEY, format!("{}\n", head.key).as_bytes())?;
        let part = format!("{CHECKPOINT}.part");
        self.write(&part, head.checkpoint.as_bytes())?;
        let sync = || -> std::io::Result<()> {
            let folder = File::open(&self.dir)?;
            // Thousands of files: all at once is quicker than one by one.
            rustix::fs::syncfs(&folder)?;
            fs::rename(self.dir.join(&part), self.dir.join(CHECKPOINT))?;
            folder.sync_all()
        };
        sync().with_context(|| format!("cannot finish {}", self.dir.display()))?;
        self.finished = true;
        Ok(())
    }

    fn write(&self, path: &str, content: &[u8]) -> Result<()> {
        let path = self.dir.join(path);
        let write = || {
            if let Some(folder) = path.parent().filter(|folder| !folder.exists()) {
                fs::create_dir_all(folder)?;
            }
            fs::write(&path, content)
        };
        write().with_context(|| format!("cannot write {}", path.display()))
    }
}

impl Drop for Target {
    fn drop(&mut self) {
        if self.finished {
            return;
        }
        // Whatever of it is there; what cannot be removed is no export without its checkpoint.
        let _ = fs::remove_dir_all(self.dir.join("tile"));
        for file in [LINES, KEY, "checkpoint.part"] {
            let _ = fs::remove_file(self.dir.join(file));
        }
        if self.made {
            let _ = fs::remove_dir(&self.dir);
        }
    }
}
