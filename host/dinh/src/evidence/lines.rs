//! The entries of an export, read beside its leaves.

use std::fs::File;
use std::io::{BufRead, BufReader, ErrorKind, Read};
use std::path::Path;

use anyhow::{Context as _, Result};
use dinh_merkle::Hash;

use super::{Finding, LINES, Line};

/// Most bytes of a line: far more than a change may hold.
const LINE_MOST: u64 = 128 << 20;

/// The entries, in the order of the log; some may be missing, since not everybody may read all.
pub struct Lines {
    from: Option<BufReader<File>>,
    number: u64,
    next: Option<Line>,
    /// The first index that may come.
    least: u64,
    /// How many were compared.
    pub read: u64,
}

impl Lines {
    /// Those of an export; none when it was handed on without.
    pub fn open(dir: &Path) -> Result<Self> {
        let file = dir.join(LINES);
        let from = match File::open(&file) {
            Ok(file) => Some(BufReader::new(file)),
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Err(error) => return Err(error).with_context(|| format!("cannot read {}", file.display())),
        };
        Ok(Self { from, number: 0, next: None, least: 0, read: 0 })
    }

    /// Compares those before entry `to`; `is_there` says whether an entry has this leaf.
    pub fn compare(
        &mut self,
        to: u64,
        is_there: impl Fn(u64, &Hash) -> bool,
        findings: &mut Vec<Finding>,
    ) -> Result<()> {
        while self.advance(findings)? {
            let Some(line) = self.next.take_if(|line| line.index < to) else { break };
            let place = format!("{LINES}:{}", self.number);
            if line.index < self.least {
                let what = format!("entry {} after entry {}", line.index, self.least.saturating_sub(1));
                findings.push(Finding::new(place, what));
                continue;
            }
            self.least = line.index + 1;
            self.read += 1;
            if !is_there(line.index, &line.leaf_hash()) {
                let what = format!("this is not entry {} of the log", line.index);
                findings.push(Finding::new(place, what));
            } else if let Err(error) = line.check() {
                findings.push(Finding::new(place, format!("entry {}: {error}", line.index)));
            }
        }
        Ok(())
    }

    /// The log ends at `size`; what follows is not in it.
    pub fn end(&mut self, size: u64, findings: &mut Vec<Finding>) -> Result<()> {
        while self.advance(findings)? {
            if let Some(line) = self.next.take() {
                let what = format!("entry {}, and the log has {size}", line.index);
                findings.push(Finding::new(format!("{LINES}:{}", self.number), what));
            }
        }
        Ok(())
    }

    /// Reads up to the next line that is one; false at the end.
    fn advance(&mut self, findings: &mut Vec<Finding>) -> Result<bool> {
        let Some(from) = &mut self.from else { return Ok(false) };
        while self.next.is_none() {
            let mut line = Vec::new();
            if from
                .take(LINE_MOST)
                .read_until(b'\n', &mut line)
                .with_context(|| format!("cannot read {LINES}"))?
                == 0
            {
                return Ok(false);
            }
            self.number += 1;
            match serde_json::from_slice(&line) {
                Ok(line) => self.next = Some(line),
                Err(error) => {
                    let what = format!("no entry: {error}");
                    findings.push(Finding::new(format!("{LINES}:{}", self.number), what));
                }
            }
        }
        Ok(true)
    }
}
