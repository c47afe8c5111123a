//! Argon2id, a bounded number at a time.
//!
//! A hash costs 19 MiB and tens of milliseconds on purpose. So that a wave of sign-ins (or an attacker)
//! takes neither the memory nor the processors of signed-in people, only so many are computed at once, only
//! so many people wait, and one more is told to come back at once.

use argon2::password_hash::PasswordHasher;
use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordVerifier, Version};
use parking_lot::{Condvar, Mutex};

use crate::accounts::password::Password;
use crate::accounts::policy::PasswordPolicy;
use crate::{Options, ServiceError, platform};

/// Memory of the hash of a secret that chance made, in KiB.
const LIGHT_KIB: u32 = 64;

/// Hashes and verifies passwords, and knows which ones the deployment takes.
pub(crate) struct Hasher {
    pub(crate) policy: PasswordPolicy,
    argon2: Argon2<'static>,
    /// For secrets that chance made.
    light: Argon2<'static>,
    /// What a password is compared with when there is no account, so that this takes as long.
    nobody: String,
    gate: Gate,
}

/// How a password compares with a stored hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Verified {
    /// It is the password.
    pub(crate) good: bool,
    /// The hash was made with other parameters than today's.
    pub(crate) outdated: bool,
}

impl Hasher {
    /// With the parameters of `options`.
    pub(crate) fn new(options: &Options) -> Result<Self, ServiceError> {
        let params = Params::new(options.hash_memory_kib, options.hash_passes, 1, None)
            .map_err(|error| ServiceError::Hash(error.to_string()))?;
        let light =
            Params::new(LIGHT_KIB, 1, 1, None).map_err(|error| ServiceError::Hash(error.to_string()))?;
        let mut hasher = Self {
            policy: PasswordPolicy::open(options)?,
            argon2: Argon2::new(Algorithm::Argon2id, Version::V0x13, params),
            light: Argon2::new(Algorithm::Argon2id, Version::V0x13, light),
            nobody: String::new(),
            gate: Gate::new(options.hashes_at_once, options.hashes_waiting),
        };
        let unknown = Password::new(&data_encoding::BASE64.encode(&platform::random::<32>()?));
        hasher.nobody = hasher.hash(&unknown, platform::random()?)?;
        Ok(hasher)
    }

    /// The hash of a password, as a PHC string that names its own parameters.
    pub(crate) fn hash(&self, password: &Password, salt: [u8; 16]) -> Result<String, ServiceError> {
        let _turn = self.gate.enter()?;
        let hash = self
            .argon2
            .hash_password_with_salt(password.bytes(), &salt)
            .map_err(|error| ServiceError::Hash(error.to_string()))?;
        Ok(hash.to_string())
    }

    /// The hash of a secret of many random bits: nobody guesses it, so it takes some hundredths of a millisecond, and
    /// twenty thousand a second or so.
    pub(crate) fn hash_random(&self, secret: &Password, salt: [u8; 16]) -> Result<String, ServiceError> {
        let hash = self
            .light
            .hash_password_with_salt(secret.bytes(), &salt)
            .map_err(|error| ServiceError::Hash(error.to_string()))?;
        Ok(hash.to_string())
    }

    /// Compares a password with a stored hash. Without one, or with one that takes less, it does the same work all the
    /// same: how long it takes says neither whether there is an account nor whether it was ever used.
    pub(crate) fn verify(&self, password: &Password, stored: Option<&str>) -> Result<Verified, ServiceError> {
        let hash = PasswordHash::new(stored.unwrap_or(&self.nobody))
            .map_err(|error| ServiceError::Hash(error.to_string()))?;
        let today = self.argon2.params();
        let cost = |params: &Params| (params.m_cost(), params.t_cost(), params.p_cost());
        let stored_with = Params::try_from(&hash).ok();
        let outdated = stored_with.as_ref().is_none_or(|params| cost(params) != cost(today));
        let lighter = stored_with.is_some_and(|params| params.m_cost() < today.m_cost());
        let _turn = self.gate.enter()?;
        let matches = self.argon2.verify_password(password.bytes(), &hash).is_ok();
        if lighter {
            let nobody =
                PasswordHash::new(&self.nobody).map_err(|error| ServiceError::Hash(error.to_string()))?;
            let _ = self.argon2.verify_password(password.bytes(), &nobody);
        }
        Ok(Verified { good: matches && stored.is_some(), outdated })
    }
}

/// Lets a bounded number in, lets a bounded number wait, and turns the rest away.
struct Gate {
    counts: Mutex<Counts>,
    left: Condvar,
    most_inside: usize,
    most_waiting: usize,
}

#[derive(Default)]
struct Counts {
    inside: usize,
    waiting: usize,
}

struct Turn<'a>(&'a Gate);

impl Gate {
    fn new(most_inside: usize, most_waiting: usize) -> Self {
        Self { counts: Mutex::default(), left: Condvar::new(), most_inside: most_inside.max(1), most_waiting }
    }

    fn enter(&self) -> Result<Turn<'_>, ServiceError> {
        let mut counts = self.counts.lock();
        if counts.inside >= self.most_inside {
            if counts.waiting >= self.most_waiting {
                return Err(ServiceError::Busy);
            }
            counts.waiting += 1;
            while counts.inside >= self.most_inside {
                self.left.wait(&mut counts);
            }
            counts.waiting -= 1;
        }
        counts.inside += 1;
        Ok(Turn(self))
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.0.counts.lock().inside -= 1;
        self.0.left.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hasher(options: &Options) -> Hasher {
        Hasher::new(options).unwrap()
    }

    #[test]
    fn a_hash_names_the_parameters_owasp_recommends() {
        let hash = hasher(&Options::default()).hash(&Password::new("bốn mùa xuân hạ"), [7; 16]).unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
    }

    #[test]
    fn a_secret_of_chance_is_recognised_and_renewed_at_its_first_use() {
        let hasher = hasher(&Options::default());
        let code = Password::new("kmwp-7xqd-h4tn-abcd");
        let hash = hasher.hash_random(&code, [7; 16]).unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=64,t=1,p=1$"), "{hash}");
        assert_eq!(hasher.verify(&code, Some(&hash)).unwrap(), Verified { good: true, outdated: true });
        assert!(!hasher.verify(&Password::new("kmwp-7xqd-h4tn-abce"), Some(&hash)).unwrap().good);
    }

    #[test]
    fn a_password_is_recognised_and_another_is_not() {
        let hasher = hasher(&Options::cheap());
        let hash = hasher.hash(&Password::new("bốn mùa xuân hạ"), [7; 16]).unwrap();
        let verify = |text, hash| hasher.verify(&Password::new(text), hash).unwrap();
        assert_eq!(verify("bốn mùa xuân hạ", Some(&hash)), Verified { good: true, outdated: false });
        assert!(!verify("bốn mùa xuân Hạ", Some(&hash)).good);
        assert!(!verify("bốn mùa xuân hạ", None).good);
    }

    #[test]
    fn a_hash_of_other_parameters_is_recognised_as_outdated() {
        let old = hasher(&Options { hash_passes: 3, ..Options::cheap() });
        let hash = old.hash(&Password::new("bốn mùa xuân hạ"), [7; 16]).unwrap();
        let verified =
            hasher(&Options::cheap()).verify(&Password::new("bốn mùa xuân hạ"), Some(&hash)).unwrap();
        assert_eq!(verified, Verified { good: true, outdated: true });
    }

    #[test]
    fn one_more_than_may_wait_is_turned_away_at_once() {
        let gate = Gate::new(1, 0);
        let turn = gate.enter().ok();
        assert!(matches!(gate.enter(), Err(ServiceError::Busy)));
        drop(turn);
        assert!(gate.enter().is_ok());
    }
}
