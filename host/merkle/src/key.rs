//! Ed25519 keys of signed notes (C2SP signed-note, signature type 0x01).

use std::fmt;
use std::str::FromStr;

use data_encoding::{BASE64, HEXLOWER_PERMISSIVE};
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};

/// Marks a key or a signature as Ed25519.
const ED25519: u8 = 1;

/// What the text of a signing key begins with, so that nobody takes it for a verifier's.
const PRIVATE: &str = "PRIVATE+KEY+";

/// A text is not a key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// The name breaks the rules of names.
    #[error(
        "the key name {name:?} cannot be used: a name is not empty and has no spaces, `+` or control \
         characters; a host and a path such as `example.vn/evidence` serves well"
    )]
    Name {
        /// The name.
        name: String,
    },
    /// The text has not the parts of a key.
    #[error("not a key: expected {expected}")]
    Malformed {
        /// How such a key is written.
        expected: &'static str,
    },
    /// The key is for signatures of another kind.
    #[error("the key {name} is of type {kind:#04x}; only Ed25519 keys (0x01) are known here")]
    Kind {
        /// The key's name.
        name: String,
        /// The signature type it says.
        kind: u8,
    },
    /// Name, id and key do not belong together: a character was changed.
    #[error("the key {name} has id {computed:08x} and not {written:08x}; copy it again, whole")]
    Id {
        /// The key's name.
        name: String,
        /// The id in the text.
        written: u32,
        /// The id of this name and key.
        computed: u32,
    },
    /// The key is no point of the curve, or one under which everything verifies.
    #[error("the key {name} is not an Ed25519 public key; ask its owner for it again")]
    Point {
        /// The key's name.
        name: String,
    },
}

/// Names stand in a line between spaces, and in a key between pluses.
pub(crate) fn is_name(name: &str) -> bool {
    let allowed = |letter: char| !letter.is_whitespace() && letter != '+' && letter >= ' ';
    !name.is_empty() && name.chars().all(allowed)
}

/// The first four bytes of `SHA-256(name ‖ 0x0A ‖ type ‖ public key)`.
fn id(name: &str, key: &VerifyingKey) -> u32 {
    let hash = Sha256::new()
        .chain_update(name)
        .chain_update([b'\n', ED25519])
        .chain_update(key.as_bytes())
        .finalize();
    hash.first_chunk().map_or(0, |bytes| u32::from_be_bytes(*bytes))
}

/// `name+id+key` apart: the key's 32 bytes after its type.
fn parse(text: &str, expected: &'static str) -> Result<(String, u32, [u8; 32]), KeyError> {
    let malformed = || KeyError::Malformed { expected };
    let (name, rest) = text.split_once('+').ok_or_else(malformed)?;
    let (id, key) = rest.split_once('+').ok_or_else(malformed)?;
    if !is_name(name) {
        return Err(KeyError::Name { name: name.into() });
    }
    let id = HEXLOWER_PERMISSIVE.decode(id.as_bytes()).map_err(|_| malformed())?;
    let id = u32::from_be_bytes(id.try_into().map_err(|_| malformed())?);
    let key = BASE64.decode(key.as_bytes()).map_err(|_| malformed())?;
    let (kind, key) = key.split_first().ok_or_else(malformed)?;
    if *kind != ED25519 {
        return Err(KeyError::Kind { name: name.into(), kind: *kind });
    }
    Ok((name.into(), id, key.try_into().map_err(|_| malformed())?))
}

fn encode(key: &[u8; 32]) -> String {
    let mut bytes = vec![ED25519];
    bytes.extend_from_slice(key);
    BASE64.encode(&bytes)
}

/// A key that signs notes. Whoever has its text can sign in its name.
///
/// It is wiped from memory when dropped and never shown by `Debug`.
#[derive(Clone)]
pub struct Signer {
    key: SigningKey,
    verifier: Verifier,
}

impl Signer {
    /// The key of 32 secret random bytes, under a name: usually the origin of the log's checkpoints.
    ///
    /// # Errors
    /// When the name breaks the rules of names.
    pub fn from_seed(name: &str, seed: [u8; 32]) -> Result<Self, KeyError> {
        if !is_name(name) {
            return Err(KeyError::Name { name: name.into() });
        }
        let key = SigningKey::from_bytes(&seed);
        let public = key.verifying_key();
        let verifier = Verifier { name: name.into(), id: id(name, &public), key: public };
        Ok(Self { key, verifier })
    }

    /// Reads `PRIVATE+KEY+<name>+<id>+<base64>`, as golang.org/x/mod/sumdb/note writes signing keys.
    ///
    /// # Errors
    /// When the text is not such a key, or its id is not that of its name and key. No part of the key is in
    /// the message.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        const EXPECTED: &str = "`PRIVATE+KEY+<name>+<8 hexadecimal digits>+<base64 of 33 bytes>`";
        let public = text.strip_prefix(PRIVATE).ok_or(KeyError::Malformed { expected: EXPECTED })?;
        let (name, written, seed) = parse(public, EXPECTED)?;
        let signer = Self::from_seed(&name, seed)?;
        signer.verifier.check_id(written)?;
        Ok(signer)
    }

    /// The whole secret as text, for [`Signer::parse`].
    pub fn to_text(&self) -> String {
        let Verifier { name, id, .. } = &self.verifier;
        format!("{PRIVATE}{name}+{id:08x}+{}", encode(self.key.as_bytes()))
    }

    /// The public half, to hand out.
    pub fn verifier(&self) -> &Verifier {
        &self.verifier
    }

    /// The id and signature over a note's text, as a signature line has them.
    pub(crate) fn signature(&self, text: &str) -> String {
        let mut bytes = self.verifier.id.to_be_bytes().to_vec();
        bytes.extend_from_slice(&self.key.sign(text.as_bytes()).to_bytes());
        BASE64.encode(&bytes)
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signer").field("verifier", &self.verifier).finish_non_exhaustive()
    }
}

/// A public key that checks notes. As text it is `<name>+<id>+<base64>`, the usual vkey.
#[derive(Clone, PartialEq, Eq)]
pub struct Verifier {
    name: String,
    id: u32,
    key: VerifyingKey,
}

impl Verifier {
    /// Reads a vkey: `<name>+<8 hexadecimal digits>+<base64 of 33 bytes>`.
    ///
    /// # Errors
    /// When the text is not a vkey, is not for Ed25519, or its id is not that of its name and key.
    pub fn parse(vkey: &str) -> Result<Self, KeyError> {
        let (name, written, key) = parse(vkey, "`<name>+<8 hexadecimal digits>+<base64 of 33 bytes>`")?;
        let key = VerifyingKey::from_bytes(&key).ok().filter(|key| !key.is_weak());
        let Some(key) = key else { return Err(KeyError::Point { name }) };
        let verifier = Self { id: id(&name, &key), name, key };
        verifier.check_id(written)?;
        Ok(verifier)
    }

    /// The name signatures bear.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The id signatures bear: four bytes that tell keys of one name apart, and prove nothing.
    pub fn id(&self) -> u32 {
        self.id
    }

    fn check_id(&self, written: u32) -> Result<(), KeyError> {
        if written == self.id {
            return Ok(());
        }
        Err(KeyError::Id { name: self.name.clone(), written, computed: self.id })
    }

    /// Whether `signature`, without its id, is this key's over a note's text.
    pub(crate) fn verify(&self, text: &str, signature: &[u8]) -> bool {
        let signature = Signature::from_slice(signature);
        signature.is_ok_and(|signature| self.key.verify_strict(text.as_bytes(), &signature).is_ok())
    }
}

impl fmt::Display for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}+{:08x}+{}", self.name, self.id, encode(self.key.as_bytes()))
    }
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Verifier {
    type Err = KeyError;

    fn from_str(vkey: &str) -> Result<Self, KeyError> {
        Self::parse(vkey)
    }
}
