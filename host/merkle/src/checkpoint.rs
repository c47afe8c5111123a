//! Checkpoints (C2SP tlog-checkpoint): what a log was, in a note that the log signed.

use crate::hash::Hash;
use crate::key::{Signer, Verifier};
use crate::note::{self, Note, NoteError};

/// A log's size and root at one moment.
///
/// As the text of a note it is the origin, the size in decimal, the root in base64, and any extension
/// lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// Which log: one line, not empty, without control characters. Usually its key's name, such as
    /// `example.vn/evidence`.
    pub origin: String,
    /// How many leaves the log has.
    pub size: u64,
    /// The root of the tree of those leaves.
    pub root: Hash,
    /// Further lines, each like the origin. The specification advises against them: nobody can audit them.
    pub extensions: Vec<String>,
}

impl Checkpoint {
    /// A checkpoint without extensions.
    pub fn new(origin: impl Into<String>, size: u64, root: Hash) -> Self {
        Self { origin: origin.into(), size, root, extensions: Vec::new() }
    }

    /// The text of its note.
    pub fn text(&self) -> String {
        let mut text = format!("{}\n{}\n{}\n", self.origin, self.size, self.root);
        for line in &self.extensions {
            text.push_str(line);
            text.push('\n');
        }
        text
    }

    /// The note that hands it out, signed.
    ///
    /// # Errors
    /// When the origin or an extension is empty, or is not one line of plain text.
    pub fn sign(&self, signer: &Signer) -> Result<String, NoteError> {
        let text = self.text();
        // What is signed is what everybody else will read.
        if Self::parse(&text)? != *self {
            return Err(NoteError::at(1, "the origin and each extension are one line"));
        }
        note::sign(&text, &[signer])
    }

    /// Reads the text of a checkpoint's note. It says what somebody claims, and nothing of who.
    ///
    /// # Errors
    /// When it has not the form of a checkpoint.
    pub fn parse(text: &str) -> Result<Self, NoteError> {
        let lines = text.matches('\n').count();
        let Some(text) = text.strip_suffix('\n') else {
            return Err(NoteError::at(lines + 1, "the last line of a checkpoint ends in a newline"));
        };
        let mut lines = text.split('\n');
        let origin = lines.next().filter(|line| !line.is_empty());
        let origin = origin.ok_or(NoteError::at(1, "expected the log's origin"))?;
        let size = lines.next().and_then(decimal);
        let size = size.ok_or(NoteError::at(2, "expected the size: digits, without leading zeros"))?;
        let root = lines.next().and_then(|line| line.parse().ok());
        let root = root.ok_or(NoteError::at(3, "expected the root: 32 bytes in base64"))?;
        let extensions: Vec<String> = lines.map(String::from).collect();
        if let Some(empty) = extensions.iter().position(String::is_empty) {
            return Err(NoteError::at(4 + empty, "an empty line within a checkpoint"));
        }
        Ok(Self { origin: origin.into(), size, root, extensions })
    }

    /// Reads a signed checkpoint and checks its signatures: the checkpoint, and the names of the known keys
    /// that signed it ([`Note::verify`]). Compare the origin with that of the log asked about: one key may
    /// sign for several logs.
    ///
    /// # Errors
    /// When it is not a checkpoint, no known key signed it, or a known key's signature is wrong.
    pub fn open(note: &str, known: &[Verifier]) -> Result<(Self, Vec<String>), NoteError> {
        let note = Note::parse(note)?;
        let signed = note.verify(known)?;
        Ok((Self::parse(note.text())?, signed))
    }

    /// Reads a signed checkpoint without checking its signatures: for a witness who kept this very copy and
    /// trusts it more than any key.
    ///
    /// # Errors
    /// When it is not a checkpoint in a note.
    pub fn open_unverified(note: &str) -> Result<Self, NoteError> {
        Self::parse(Note::parse(note)?.text())
    }
}

/// A number in the one way to write it: digits, without sign or leading zeros.
pub(crate) fn decimal(digits: &str) -> Option<u64> {
    let plain = digits == "0" || (!digits.starts_with(['0', '+']) && !digits.is_empty());
    plain.then(|| digits.parse().ok()).flatten()
}
