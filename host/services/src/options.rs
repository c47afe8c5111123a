//! What a deployment may set.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use dinh_model::RoleId;

use crate::files::FileLimits;
use crate::secrets::{KeyProvider, MemoryKeys};

/// Sign-in, passwords, sessions, password hashing, attached files. The defaults are for production; every figure can be tried in
/// a test.
#[derive(Clone, Debug)]
pub struct Options {
    /// A session ends after this long without a request (Decision 742/QĐ-BTTTT asks for a time-out).
    pub session_idle: Duration,
    /// A session ends this long after sign-in, whatever happens: one working day.
    pub session_absolute: Duration,
    /// Most sessions of one account; the oldest ends when one more begins.
    pub sessions_per_account: usize,
    /// Most access tokens of one account (`accounts::make_token`).
    pub tokens_per_account: usize,
    /// Fewest characters of a password.
    pub password_length: usize,
    /// Days for which a password is accepted that somebody else set to be changed at its first use.
    pub temporary_days: u32,
    /// A sorted list of SHA-1 hashes of passwords known from breaches; no such password is taken.
    pub breached_passwords: Option<PathBuf>,
    /// Whoever holds one of these roles by a grant in force needs a second factor.
    pub second_factor_roles: Vec<RoleId>,
    /// Memory of one password hash, in KiB. OWASP's Argon2id recommendation: 19 MiB, 2 passes, 1 lane.
    pub hash_memory_kib: u32,
    /// Passes of one password hash.
    pub hash_passes: u32,
    /// Password hashes computed at the same time; bounds memory and leaves processors for signed-in people.
    pub hashes_at_once: usize,
    /// People waiting for a hash; more are told to come back at once.
    pub hashes_waiting: usize,
    /// Wrong passwords in a row for one name before it is locked.
    pub lock_after: u32,
    /// How long a name stays locked, unless an administrator releases it.
    pub lock_for: Duration,
    /// Failed attempts from one address within the window before it has to wait. Whole departments share
    /// an address, so this is well above what one person needs.
    pub address_failures: u32,
    /// The window in which they count.
    pub address_window: Duration,
    /// Days that a unit has to remove or justify what it copied under a contract, once that has ended; after them the
    /// platform removes it.
    pub copies_days: u32,
    /// What keeps the keys of what is sealed; none for the platform's own, with files in `keys` of the data folder.
    pub keys: Option<Arc<dyn KeyProvider>>,
    /// What attached files may take up.
    pub files: FileLimits,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            session_idle: Duration::from_secs(30 * 60),
            session_absolute: Duration::from_secs(12 * 60 * 60),
            sessions_per_account: 20,
            tokens_per_account: 20,
            password_length: 10,
            temporary_days: 14,
            breached_passwords: None,
            second_factor_roles: Vec::new(),
            hash_memory_kib: 19 * 1024,
            hash_passes: 2,
            hashes_at_once: std::thread::available_parallelism().map_or(2, usize::from),
            hashes_waiting: 64,
            lock_after: 5,
            lock_for: Duration::from_secs(15 * 60),
            address_failures: 50,
            address_window: Duration::from_secs(10 * 60),
            copies_days: 10,
            keys: None,
            files: FileLimits::default(),
        }
    }
}

impl Options {
    /// The defaults with a password hash that costs next to nothing, and keys in memory: **for tests only**.
    pub fn cheap() -> Self {
        let keys: Arc<dyn KeyProvider> = Arc::new(MemoryKeys::default());
        Self { hash_memory_kib: 8, hash_passes: 1, keys: Some(keys), ..Self::default() }
    }
}
