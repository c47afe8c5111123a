//! What keeps a form from being forged and repeated: tokens and seals bound to a session, one-use nonces.

use dinh_model::AccountId;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

/// Makes and checks the tokens of one session.
#[derive(Clone)]
pub struct Guard {
    /// The session's key, filled up with zeros to the block of the hash as RFC 2104 does.
    key: [u8; 64],
}

impl std::fmt::Debug for Guard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Guard(…)")
    }
}

impl Guard {
    /// The guard of the session that has this key.
    pub fn new(key: [u8; 32]) -> Self {
        let mut block = [0; 64];
        for (slot, byte) in block.iter_mut().zip(key) {
            *slot = byte;
        }
        Self { key: block }
    }

    /// The token that a form for `purpose` has to bring back. Bound to the session by its key.
    pub fn token(&self, purpose: &str) -> String {
        self.seal("csrf", &[purpose])
    }

    /// Whether `token` is the one of `purpose`; compared in constant time.
    pub fn allows(&self, purpose: &str, token: &str) -> bool {
        self.sealed("csrf", &[purpose], token)
    }

    /// A seal on texts that leave for the browser and have to come back as they were. Each text is preceded
    /// by its length, so that no two lists have the same seal.
    pub fn seal(&self, kind: &str, texts: &[&str]) -> String {
        data_encoding::BASE64URL_NOPAD.encode(&self.mac(kind, texts).finalize().into_bytes())
    }

    /// Whether `seal` is the one of these texts; compared in constant time.
    pub fn sealed(&self, kind: &str, texts: &[&str], seal: &str) -> bool {
        let bytes = data_encoding::BASE64URL_NOPAD.decode(seal.as_bytes());
        bytes.is_ok_and(|bytes| self.mac(kind, texts).verify_slice(&bytes).is_ok())
    }

    fn mac(&self, kind: &str, texts: &[&str]) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new(&self.key.into());
        for text in std::iter::once(&kind).chain(texts) {
            mac.update(&(text.len() as u64).to_le_bytes());
            mac.update(text.as_bytes());
        }
        mac
    }
}

/// Says whose forms are: what is typed into one and outlives its session goes on for nobody else. The key is
/// made anew with every start; what was carried across one is not gone on with.
#[derive(Clone, Debug)]
pub struct Keeper(Option<Guard>);

impl Default for Keeper {
    /// With a key that nobody else has. Without a source of randomness nothing is carried.
    fn default() -> Self {
        let mut key = [0; 32];
        Self(getrandom::fill(&mut key).is_ok().then(|| Guard::new(key)))
    }
}

impl Keeper {
    /// What a form of this account carries.
    pub fn mark(&self, account: AccountId) -> Option<String> {
        let id = account.0.to_string();
        self.0.as_ref().map(|guard| format!("{id}.{}", guard.seal("whose", &[&id])))
    }

    /// Whose form carries this; none when it was not made here.
    pub fn whose(&self, mark: &str) -> Option<AccountId> {
        let (id, seal) = mark.split_once('.')?;
        let ours = self.0.as_ref()?.sealed("whose", &[id], seal);
        ours.then(|| id.parse().ok().map(AccountId)).flatten()
    }
}

/// A fresh nonce for one form: 128 bits, so that no two forms share one.
pub fn nonce() -> Result<String, getrandom::Error> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes)?;
    Ok(data_encoding::BASE64URL_NOPAD.encode(&bytes))
}

/// What names a submission for the runtime, so that its repetition gets the first result: one account, one
/// place, one form, one nonce.
pub fn once(account: AccountId, place: &str, form: &str, nonce: &str) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(account.0.to_le_bytes());
    for text in [place, form, nonce] {
        hash.update((text.len() as u64).to_le_bytes());
        hash.update(text.as_bytes());
    }
    hash.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_holds_for_one_session_and_one_purpose() {
        let (mine, theirs) = (Guard::new([1; 32]), Guard::new([2; 32]));
        let token = mine.token("apps/pci-index");
        assert!(mine.allows("apps/pci-index", &token));
        assert!(!mine.allows("apps/personnel", &token));
        assert!(!theirs.allows("apps/pci-index", &token));
        for forged in ["", "AAAA", "not base64 !", &token[1..]] {
            assert!(!mine.allows("apps/pci-index", forged));
        }
    }

    #[test]
    fn sealed_texts_cannot_be_moved_or_joined() {
        let guard = Guard::new([7; 32]);
        let seal = guard.seal("hidden", &["id", "12"]);
        assert!(guard.sealed("hidden", &["id", "12"], &seal));
        assert!(!guard.sealed("hidden", &["id", "13"], &seal));
        assert!(!guard.sealed("hidden", &["id1", "2"], &seal));
        assert!(!guard.sealed("csrf", &["id", "12"], &seal));
    }

    #[test]
    fn a_form_says_whose_it_is_and_is_not_made_anybody_elses() {
        let keeper = Keeper::default();
        let mark = keeper.mark(AccountId(7)).unwrap();
        assert_eq!(keeper.whose(&mark), Some(AccountId(7)));
        assert_eq!(keeper.whose(&mark.replacen('7', "8", 1)), None);
        assert_eq!(Keeper::default().whose(&mark), None);
        assert_eq!(keeper.whose("7"), None);
    }

    #[test]
    fn nonces_differ_and_a_submission_is_named_by_all_its_parts() {
        assert_ne!(nonce().unwrap(), nonce().unwrap());
        let name = once(AccountId(1), "/apps/a", "edit", "n");
        assert_eq!(name, once(AccountId(1), "/apps/a", "edit", "n"));
        assert_ne!(name, once(AccountId(2), "/apps/a", "edit", "n"));
        assert_ne!(name, once(AccountId(1), "/apps/a", "edi", "tn"));
    }
}
