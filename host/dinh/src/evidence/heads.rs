//! A file in which somebody keeps heads: signed notes, one after another.

use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};
use dinh_merkle::{Checkpoint, Hash, Verifier, notes};

use super::Finding;
use crate::deeds::AuditDeed;

/// The heads of a file, each with the line at which it begins.
#[derive(Clone, Debug, Default)]
pub struct Heads {
    file: String,
    kept: Vec<(usize, String)>,
    /// What in the file is no head at all.
    pub malformed: Vec<Finding>,
}

impl Heads {
    /// Reads the file, if there is one to be read.
    pub fn read(file: Option<PathBuf>) -> Result<Self> {
        let deed = AuditDeed::Verify { heads: file.clone() };
        match (file, deed.wanted().gather()?.file) {
            (Some(path), Some(content)) => Self::parse(&path.display().to_string(), content.0),
            _ => Ok(Self::default()),
        }
    }

    /// Reads a file of heads. One without any proves nothing and is refused.
    pub fn parse(file: &str, content: Vec<u8>) -> Result<Self> {
        let text = String::from_utf8(content)
            .with_context(|| format!("{file} is not a file of heads: it is no text in UTF-8"))?;
        // As editors save it: with a byte-order mark, without a last newline.
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text).trim_end().to_owned() + "\n";
        let mut heads = Self { file: file.to_owned(), ..Self::default() };
        for (line, note) in notes(&text) {
            match Checkpoint::open_unverified(note) {
                Ok(_) => heads.kept.push((line, note.to_owned())),
                Err(error) => {
                    let what = format!("no head: {}", error.from_line(line));
                    heads.malformed.push(Finding::new(format!("{file}:{line}"), what));
                }
            }
        }
        if heads.count() == 0 {
            bail!("{file} has no heads; `dinh audit head` prints one");
        }
        Ok(heads)
    }

    /// How many there are, heads or not.
    pub fn count(&self) -> usize {
        self.kept.len() + self.malformed.len()
    }

    /// The signed notes.
    pub fn notes(&self) -> Vec<String> {
        self.kept.iter().map(|(_, note)| note.clone()).collect()
    }

    /// Where the note `place` of [`Heads::notes`] begins.
    pub fn place(&self, place: usize) -> String {
        format!("{}:{}", self.file, self.kept.get(place).map_or(0, |(line, _)| *line))
    }

    /// Those that `key` signed for its log, to be compared with a log that is hashed again; what is wrong with
    /// the others goes to `findings`.
    pub fn ahead(&self, key: &Verifier, findings: &mut Vec<Finding>) -> Ahead {
        findings.extend(self.malformed.iter().cloned());
        let mut heads = Vec::new();
        for (place, (_, note)) in self.kept.iter().enumerate() {
            let opened = Checkpoint::open(note, std::slice::from_ref(key));
            let place = self.place(place);
            match opened {
                Ok((head, _)) if head.origin != key.name() => {
                    let what = format!("it is of the log {}, and this one is {}", head.origin, key.name());
                    findings.push(Finding::new(place, what));
                }
                // The empty tree is the past of every log.
                Ok((head, _)) if head.size == 0 => {}
                Ok((head, _)) => heads.push((place, head)),
                Err(error) => findings.push(Finding::new(place, error.to_string())),
            }
        }
        heads.sort_by_key(|(_, head)| std::cmp::Reverse(head.size));
        Ahead { heads }
    }
}

/// Heads that the log has not come to yet.
pub struct Ahead {
    /// The nearest last.
    heads: Vec<(String, Checkpoint)>,
}

impl Ahead {
    /// Compares those of a log of this size.
    pub fn compare(&mut self, size: u64, root: impl Fn() -> Hash, findings: &mut Vec<Finding>) {
        while let Some((place, head)) = self.heads.pop_if(|(_, head)| head.size == size) {
            if head.root != root() {
                findings.push(Finding::new(place, rewritten(size)));
            }
        }
    }

    /// The log ends here: what is left was cut off.
    pub fn end(&mut self, length: u64, findings: &mut Vec<Finding>) {
        let left = self.heads.drain(..).rev();
        findings.extend(left.map(|(place, head)| Finding::new(place, cut_off(head.size, length))));
    }
}

/// What a head says of a log that is shorter.
pub fn cut_off(size: u64, length: u64) -> String {
    format!(
        "it speaks of {size} entries and the log has {length}: its end was cut off, or an older copy put in its place"
    )
}

/// What a head says of a log with another past.
pub fn rewritten(size: u64) -> String {
    format!(
        "the first {size} entries are not those it was signed for: entries were changed, removed, reordered or put \
         in between"
    )
}
