//! Sessions: an opaque token of 256 bits in the person's hands, its SHA-256 in the store, and a cache in
//! memory for the hot path.
//!
//! A cached session is trusted only while nothing about people or sessions has changed: every change that
//! could end a session moves the cache's epoch on before it is acknowledged, and what was cached under an
//! older epoch is read anew. So a suspension ends sessions on every thread at once, without looking for
//! them.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use dinh_model::{Actor, Language, RecordId, Timestamp, time};
use dinh_store::Transaction;
use hmac::{Hmac, KeyInit, Mac};
use parking_lot::RwLock;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::attempts::microseconds;
use super::stored_sessions::{StoredSession, TokenHash, end, key, subject};
use super::{Account, AccountState, Directory};
use crate::call::{decode, encode};
use crate::{Options, Platform, ServiceError};

/// Cached sessions; when there are more, the cache begins anew.
const CACHED: usize = 65_536;

/// What a session is for. One is never accepted in the place of the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SessionKind {
    /// A browser: the token is in a cookie.
    Page,
    /// A program: the token is in the `Authorization` header.
    Token,
}

impl SessionKind {
    /// The word as evidence and JSON spell it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Token => "token",
        }
    }
}

/// A session that holds.
#[derive(Clone, Debug)]
pub struct Session {
    /// Its name in lists and evidence; it opens nothing.
    pub id: RecordId,
    /// Whose it is.
    pub account: Account,
    /// When it was opened.
    pub opened: Timestamp,
    /// When it ends at the latest.
    pub expires: Timestamp,
    /// What it is for.
    pub kind: SessionKind,
    /// The key from which the session's CSRF tokens are made; derived from the token, stored nowhere.
    pub csrf_key: [u8; 32],
    pub(super) hash: TokenHash,
}

/// Why a token opens nothing.
#[derive(Debug, thiserror::Error)]
pub enum SessionError {
    /// Nobody was given this token, or the session was ended.
    #[error("there is no such session; sign in")]
    Unknown,
    /// The session is over: too long idle, too long open, or the password was changed.
    #[error("the session is over; sign in again")]
    Expired,
    /// The account is suspended or closed.
    #[error("the account is not active; ask your administrator")]
    Suspended,
    /// The platform could not tell.
    #[error(transparent)]
    Service(#[from] ServiceError),
}

impl SessionError {
    /// What to tell the person.
    pub fn text(&self, language: Language) -> String {
        match (language, self) {
            (_, Self::Service(error)) => error.text(language),
            (Language::En, _) => self.to_string(),
            (Language::Vi, Self::Unknown) => "Bạn chưa đăng nhập.".into(),
            (Language::Vi, Self::Expired) => "Phiên làm việc đã kết thúc. Vui lòng đăng nhập lại.".into(),
            (Language::Vi, Self::Suspended) => {
                "Tài khoản đang bị tạm khoá. Vui lòng liên hệ quản trị viên.".into()
            }
        }
    }
}

/// The cache.
pub(crate) struct Sessions {
    cached: RwLock<HashMap<TokenHash, Arc<Cached>>>,
    epoch: AtomicU64,
    idle: i64,
    absolute: i64,
}

struct Cached {
    session: Arc<Session>,
    epoch: u64,
    /// The last request, microseconds.
    seen: AtomicI64,
    /// The last request that the store knows of.
    noted: AtomicI64,
}

impl Sessions {
    pub(super) fn new(options: &Options) -> Self {
        Self {
            cached: RwLock::default(),
            epoch: AtomicU64::new(0),
            idle: microseconds(options.session_idle),
            absolute: microseconds(options.session_absolute),
        }
    }

    /// From here on nothing cached is trusted before it was read again.
    pub(crate) fn look_afresh(&self) {
        self.epoch.fetch_add(1, Ordering::SeqCst);
    }

    pub(super) fn expires(&self, opened: i64) -> Timestamp {
        time::from_microseconds(opened.saturating_add(self.absolute)).unwrap_or(Timestamp::MAX)
    }

    /// Whether a session has timed out. A clock that was set back does not end it.
    pub(super) fn is_over(&self, opened: i64, seen: i64, now: i64) -> bool {
        now.saturating_sub(opened) >= self.absolute || now.saturating_sub(seen) >= self.idle
    }
}

impl Platform {
    /// The session that a token opens. Counts as a request of it. Answers from memory, except the first time,
    /// after a change of people or sessions, and when the request is noted in the store, every few minutes.
    pub fn session(&self, token: &str) -> Result<Arc<Session>, SessionError> {
        let sessions = &self.sign_in.sessions;
        let hash = hash(token).ok_or(SessionError::Unknown)?;
        let now = time::microseconds(self.clock().now());
        // The epoch before the data: what changes in between is then seen as changed.
        let epoch = sessions.epoch.load(Ordering::SeqCst);
        let known = sessions.cached.read().get(&hash).filter(|cached| cached.epoch == epoch).cloned();
        let cached = match known {
            Some(cached) => cached,
            None => {
                let cached = Arc::new(self.read_session(token, hash, epoch)?);
                let mut all = sessions.cached.write();
                // What was seen since it was last noted in the store is not forgotten.
                if let Some(before) = all.get(&hash) {
                    cached.seen.fetch_max(before.seen.load(Ordering::Relaxed), Ordering::Relaxed);
                }
                if all.len() >= CACHED {
                    all.clear();
                }
                all.insert(hash, Arc::clone(&cached));
                cached
            }
        };
        let opened = time::microseconds(cached.session.opened);
        if sessions.is_over(opened, cached.seen.load(Ordering::Relaxed), now) {
            return Err(SessionError::Expired);
        }
        cached.seen.fetch_max(now, Ordering::Relaxed);
        self.note(&cached, now);
        Ok(Arc::clone(&cached.session))
    }

    /// Ends a session. A token that opens nothing is no error.
    pub fn sign_out(&self, token: &str) -> Result<(), ServiceError> {
        let Some(hash) = hash(token) else { return Ok(()) };
        let Some(stored) = self.stored_session(&hash)? else { return Ok(()) };
        let origin = self.origin(Actor::person(stored.account), Language::Vi);
        self.perform(&origin, |call| {
            if call.holds(&key(&hash))? {
                end(call, stored.account, &hash);
                call.evidence("session.closed", subject(stored.id), []);
            }
            Ok(())
        })?;
        self.sign_in.sessions.cached.write().remove(&hash);
        Ok(())
    }

    fn read_session(&self, token: &str, hash: TokenHash, epoch: u64) -> Result<Cached, SessionError> {
        let stored = self.stored_session(&hash)?.ok_or(SessionError::Unknown)?;
        let snapshot = self.store().snapshot().map_err(ServiceError::from)?;
        let account = Directory::new(&snapshot).account(stored.account)?.ok_or(SessionError::Unknown)?;
        if account.state != AccountState::Active {
            return Err(SessionError::Suspended);
        }
        if account.generation != stored.generation {
            return Err(SessionError::Expired);
        }
        let session = Session {
            id: stored.id,
            account,
            opened: time::from_microseconds(stored.opened).unwrap_or_default(),
            expires: self.sign_in.sessions.expires(stored.opened),
            kind: stored.kind,
            csrf_key: csrf_key(token),
            hash,
        };
        Ok(Cached {
            session: Arc::new(session),
            epoch,
            seen: AtomicI64::new(stored.seen),
            noted: AtomicI64::new(stored.seen),
        })
    }

    fn stored_session(&self, hash: &TokenHash) -> Result<Option<StoredSession>, ServiceError> {
        let key = key(hash);
        match self.store().snapshot()?.get(&key)? {
            Some(stored) => decode(&key, &stored.value).map(Some),
            None => Ok(None),
        }
    }

    /// Notes a request in the store now and then, so that an idle time-out survives a restart without a
    /// write for each request.
    fn note(&self, cached: &Cached, now: i64) {
        let noted = cached.noted.load(Ordering::Relaxed);
        let every = self.sign_in.sessions.idle / 6;
        if now.saturating_sub(noted) < every
            || cached.noted.compare_exchange(noted, now, Ordering::Relaxed, Ordering::Relaxed).is_err()
        {
            return;
        }
        if let Err(error) = self.write_seen(&cached.session.hash, now) {
            // The session goes on; at worst it is idle a little earlier after a restart.
            tracing::debug!(%error, "a session's last request was not noted");
        }
    }

    fn write_seen(&self, hash: &TokenHash, now: i64) -> Result<(), ServiceError> {
        let key = key(hash);
        let mut transaction = Transaction::new(self.store().snapshot()?);
        let Some(stored) = transaction.get(&key)? else { return Ok(()) };
        let mut session: StoredSession = decode(&key, &stored.value)?;
        session.seen = session.seen.max(now);
        let bytes = encode(&key, &session)?;
        transaction.put(key, bytes);
        self.store().commit(transaction.into_change(self.policy().version(), false))?;
        Ok(())
    }
}

/// The hash of a token; none when no token looks like it.
fn hash(token: &str) -> Option<TokenHash> {
    (token.len() == TOKEN).then(|| Sha256::digest(token.as_bytes()).into())
}

/// Characters of a token: 32 bytes in base64url.
pub(super) const TOKEN: usize = 43;

pub(super) fn csrf_key(token: &str) -> [u8; 32] {
    match Hmac::<Sha256>::new_from_slice(token.as_bytes()) {
        Ok(mut mac) => {
            mac.update(b"dinh csrf");
            mac.finalize().into_bytes().into()
        }
        // Not reached: a key of any length is taken.
        Err(_) => Sha256::digest(token.as_bytes()).into(),
    }
}
