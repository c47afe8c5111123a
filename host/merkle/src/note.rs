//! Signed notes (C2SP signed-note): a text, a blank line, and a line per signature.

use data_encoding::BASE64;

use crate::key::{Signer, Verifier, is_name};

/// The most bytes a note may have.
pub const MAX_NOTE_BYTES: usize = 1_000_000;

/// The most signatures a note may have; the specification asks for at least 16.
pub const MAX_SIGNATURES: usize = 100;

/// What a signature line begins with: an em dash and a space.
const MARK: &str = "— ";

/// A text is not a note, a checkpoint or a proof; or nobody known signed it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NoteError {
    /// The text has not the form of a note, a checkpoint or a proof.
    #[error("line {line}: {what}")]
    Malformed {
        /// The line, from 1.
        line: usize,
        /// What is wrong there, and what belongs there.
        what: &'static str,
    },
    /// The note is too large to be read.
    #[error("the note is too large: at most {MAX_NOTE_BYTES} bytes and {MAX_SIGNATURES} signatures are read")]
    TooLarge,
    /// No known key signed it.
    #[error(
        "the note is signed by {signed}, by none of the known keys; compare the keys with those of its log"
    )]
    Unknown {
        /// Names of who signed, in their order.
        signed: String,
    },
    /// A known key did not make the signature that bears its name and id.
    #[error(
        "the signature of {name} is wrong: the note was changed after it was signed, or never signed by it"
    )]
    Signature {
        /// The key's name.
        name: String,
    },
}

impl NoteError {
    pub(crate) fn at(line: usize, what: &'static str) -> Self {
        Self::Malformed { line, what }
    }

    /// The same, with lines counted in a longer text in which the note begins at line `first`
    /// ([`notes`]).
    pub fn from_line(self, first: usize) -> Self {
        match self {
            Self::Malformed { line, what } => Self::Malformed { line: line + first.saturating_sub(1), what },
            other => other,
        }
    }
}

/// One signature of a note.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Signature<'a> {
    name: &'a str,
    id: u32,
    bytes: Vec<u8>,
}

/// A note as it is written, before anybody is believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note<'a> {
    text: &'a str,
    signatures: Vec<Signature<'a>>,
}

impl<'a> Note<'a> {
    /// Reads a note.
    ///
    /// # Errors
    /// When it has not the form of a note, or is too large.
    pub fn parse(note: &'a str) -> Result<Self, NoteError> {
        if note.len() > MAX_NOTE_BYTES {
            return Err(NoteError::TooLarge);
        }
        check_letters(note)?;
        let lines = note.matches('\n').count().max(1);
        // The text keeps the end of its last line; the blank line belongs to neither.
        let split = note.rfind("\n\n").and_then(|at| note.split_at_checked(at + 1));
        let Some((text, signatures)) = split else {
            return Err(NoteError::at(
                lines,
                "the blank line between the text and its signatures is missing",
            ));
        };
        let Some(signatures) = signatures.strip_prefix('\n').and_then(|lines| lines.strip_suffix('\n'))
        else {
            return Err(NoteError::at(lines + 1, "expected a signature line, ended by a newline"));
        };
        if signatures.matches('\n').count() >= MAX_SIGNATURES {
            return Err(NoteError::TooLarge);
        }
        let first = text.matches('\n').count() + 2;
        let signatures = signatures.split('\n').enumerate().map(|(index, line)| {
            signature(line).ok_or(NoteError::at(
                first + index,
                "expected a signature: an em dash, a space, the signer's name, a space, and base64",
            ))
        });
        Ok(Self { text, signatures: signatures.collect::<Result<_, _>>()? })
    }

    /// What was signed, with its last newline.
    pub fn text(&self) -> &'a str {
        self.text
    }

    /// The names of those the note says signed it, in its order: claims, until [`Note::verify`] checks them.
    pub fn claimed(&self) -> impl Iterator<Item = &'a str> {
        self.signatures.iter().map(|signature| signature.name)
    }

    /// The names of the known keys that signed it, in the order of their signatures, each once.
    ///
    /// Signatures of unknown keys are passed over, as the specification asks: keys are replaced, and
    /// witnesses sign beside the log.
    ///
    /// # Errors
    /// When no known key signed it, or one signature that bears a known key's name and id is wrong.
    pub fn verify(&self, known: &[Verifier]) -> Result<Vec<String>, NoteError> {
        let mut signed: Vec<String> = Vec::new();
        for Signature { name, id, bytes } in &self.signatures {
            let mut named = known.iter().filter(|key| key.name() == *name && key.id() == *id).peekable();
            if named.peek().is_none() {
                continue;
            }
            if !named.any(|key| key.verify(self.text, bytes)) {
                return Err(NoteError::Signature { name: (*name).into() });
            }
            if signed.iter().all(|other| other != name) {
                signed.push((*name).into());
            }
        }
        if signed.is_empty() {
            return Err(NoteError::Unknown { signed: self.claimed().collect::<Vec<_>>().join(", ") });
        }
        Ok(signed)
    }
}

/// Signs a text: the note with its signatures, in the order of `signers`.
///
/// # Errors
/// When the text is empty, does not end in a newline, has control characters, or the note were too large.
pub fn sign(text: &str, signers: &[&Signer]) -> Result<String, NoteError> {
    check_letters(text)?;
    if !text.ends_with('\n') {
        return Err(NoteError::at(text.matches('\n').count() + 1, "the text of a note ends in a newline"));
    }
    let mut note = format!("{text}\n");
    for signer in signers {
        note.push_str(&format!("{MARK}{} {}\n", signer.verifier().name(), signer.signature(text)));
    }
    if note.len() > MAX_NOTE_BYTES || signers.len() > MAX_SIGNATURES {
        return Err(NoteError::TooLarge);
    }
    Ok(note)
}

/// The notes that stand one after another in a text, such as the file in which a witness keeps checkpoints:
/// each with the line at which it begins, from 1. Blank lines between them are passed over.
///
/// A note ends after its signature lines. What has none is handed out too, for [`Note::parse`] to refuse, so
/// that nothing in a file is silently left out.
pub fn notes(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let (mut rest, mut line) = (text, 1);
    std::iter::from_fn(move || {
        let note = rest.trim_start_matches('\n');
        line += rest.len() - note.len();
        let (mut end, mut lines, mut blank, mut signed) = (0, 0, false, false);
        for line in note.split_inclusive('\n') {
            let signature = line.starts_with(MARK);
            if signed && !signature {
                break;
            }
            signed |= blank && signature;
            blank = line == "\n";
            end += line.len();
            lines += 1;
        }
        let (note, after) = note.split_at_checked(end).filter(|(note, _)| !note.is_empty())?;
        let first = line;
        (rest, line) = (after, line + lines);
        Some((first, note))
    })
}

fn signature(line: &str) -> Option<Signature<'_>> {
    let (name, encoded) = line.strip_prefix(MARK)?.split_once(' ')?;
    let bytes = BASE64.decode(encoded.as_bytes()).ok()?;
    let (id, bytes) = bytes.split_first_chunk()?;
    let signature = Signature { name, id: u32::from_be_bytes(*id), bytes: bytes.to_vec() };
    (is_name(name) && !bytes.is_empty()).then_some(signature)
}

/// Notes have no control characters but newlines.
fn check_letters(text: &str) -> Result<(), NoteError> {
    let wrong = text.bytes().position(|byte| byte < b' ' && byte != b'\n');
    let Some(before) = wrong.and_then(|at| text.get(..at)) else { return Ok(()) };
    Err(NoteError::at(
        before.matches('\n').count() + 1,
        "a control character; save the file as plain text with Unix line ends",
    ))
}
