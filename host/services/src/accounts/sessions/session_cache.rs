//! The cache of sessions in memory, for the hot path.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use dinh_model::{Timestamp, time};
use parking_lot::RwLock;
use siphasher::sip128::SipHasher24;

use crate::accounts::attempts::microseconds;
use crate::accounts::{Session, SessionKind};
use crate::{Options, ServiceError, platform};

/// Cached sessions; when there are more in one part of the cache, that part begins anew.
pub(in crate::accounts) const CACHED: usize = 65_536;
/// Parts of the cache, each with its own lock.
pub(in crate::accounts) const SHARDS: usize = 16;

/// The cache.
///
/// It is asked with every request, so the token is not hashed as the store does it: a keyed hash of 128 bits with
/// a secret of this process (SipHash-2-4) costs less than SHA-256, and nobody outside can make two tokens meet.
/// Neither the token nor anything that would open a session elsewhere is kept.
pub(crate) struct Sessions {
    shards: [RwLock<Shard>; SHARDS],
    mac: SipHasher24,
    epoch: AtomicU64,
    /// The idle time-out, microseconds.
    pub(in crate::accounts) idle: i64,
    absolute: i64,
}

/// Sessions by the keyed hash of their token. Requests of different people seldom meet at one lock.
pub(in crate::accounts) type Shard = HashMap<u128, Cached, BuildHasherDefault<Folded>>;

/// Hashes what is a keyed hash already.
#[derive(Default)]
pub(in crate::accounts) struct Folded(u64);

impl Hasher for Folded {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u128(&mut self, hash: u128) {
        self.0 = (hash >> 64) as u64;
    }
}

/// A session in the cache.
pub(in crate::accounts) struct Cached {
    pub(in crate::accounts) session: Arc<Session>,
    pub(in crate::accounts) epoch: u64,
    /// Time alone may change what it says, so that it is read anew each time: few are.
    pub(in crate::accounts) look_again: bool,
    /// When it was opened, microseconds.
    opened: i64,
    /// The last request, microseconds.
    pub(in crate::accounts) seen: AtomicI64,
    /// The last request that the store knows of.
    pub(in crate::accounts) noted: AtomicI64,
}

impl Sessions {
    pub(in crate::accounts) fn new(options: &Options) -> Result<Self, ServiceError> {
        Ok(Self {
            shards: std::array::from_fn(|_| RwLock::default()),
            mac: SipHasher24::new_with_key(&platform::random()?),
            epoch: AtomicU64::new(0),
            idle: microseconds(options.session_idle),
            absolute: microseconds(options.session_absolute),
        })
    }

    /// The keyed hash of a token, and where its session is.
    pub(in crate::accounts) fn place(&self, token: &str) -> (u128, &RwLock<Shard>) {
        let hash = self.mac.hash(token.as_bytes()).as_u128();
        let [first, ..] = &self.shards;
        (hash, self.shards.get(hash as usize % SHARDS).unwrap_or(first))
    }

    /// What is cached under an older one is not trusted.
    pub(in crate::accounts) fn epoch(&self) -> u64 {
        self.epoch.load(Ordering::SeqCst)
    }

    /// From here on nothing cached is trusted before it was read again.
    pub(crate) fn look_afresh(&self) {
        self.epoch.fetch_add(1, Ordering::SeqCst);
    }

    pub(in crate::accounts) fn expires(&self, opened: i64) -> Timestamp {
        time::from_microseconds(opened.saturating_add(self.absolute)).unwrap_or(Timestamp::MAX)
    }

    /// Whether a cached session has timed out, or an access token reached its term.
    pub(in crate::accounts) fn is_cached_over(&self, cached: &Cached, now: i64) -> bool {
        match cached.session.kind {
            SessionKind::Access => now >= time::microseconds(cached.session.expires),
            _ => self.is_over(cached.opened, cached.seen.load(Ordering::Relaxed), now),
        }
    }

    /// Whether a session has timed out. A clock that was set back does not end it.
    pub(in crate::accounts) fn is_over(&self, opened: i64, seen: i64, now: i64) -> bool {
        now.saturating_sub(opened) >= self.absolute || now.saturating_sub(seen) >= self.idle
    }
}

impl Cached {
    pub(in crate::accounts) fn new(session: Session, epoch: u64, seen: i64, look_again: bool) -> Self {
        let opened = time::microseconds(session.opened);
        Self {
            session: Arc::new(session),
            epoch,
            look_again,
            opened,
            seen: AtomicI64::new(seen),
            noted: AtomicI64::new(seen),
        }
    }
}
