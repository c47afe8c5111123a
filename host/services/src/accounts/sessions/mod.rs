//! Sessions: an opaque token of 256 bits in the person's hands, its SHA-256 in the store, and a cache in
//! memory for the hot path. An access token (`tokens`) opens one of its own kind, by the same look-up.
//!
//! A cached session is trusted only while nothing about people or sessions has changed: every change that
//! could end a session moves the cache's epoch on before it is acknowledged, and what was cached under an
//! older epoch is read anew. So a suspension ends sessions on every thread at once, without looking for
//! them.

pub(super) mod acting;
mod factor;
pub(super) mod session_cache;
pub(super) mod session_list;
pub(super) mod stored_sessions;
pub(super) mod tokens;

use std::sync::Arc;
use std::sync::atomic::Ordering;

use dinh_model::{AccountId, Actor, Language, RecordId, Timestamp, time};
use dinh_store::Transaction;
use hmac::{Hmac, KeyInit, Mac};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use factor::Factor;

use super::session_cache::{CACHED, Cached, SHARDS};
use super::stored_sessions::{StoredSession, TokenHash, end, key, subject};
use super::tokens::{StoredToken, TokenScope};
use super::{Account, AccountState, Directory};
use crate::call::{decode, encode};
use crate::{Platform, ServiceError};

/// What a session is for. One is never accepted in the place of the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SessionKind {
    /// A browser: the token is in a cookie.
    Page,
    /// A program that signed in with its person's password: the token is in the `Authorization` header.
    Token,
    /// A program with an access token of its own (`tokens`), in the same header.
    Access,
}

impl SessionKind {
    /// The word as evidence and JSON spell it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Token => "token",
            Self::Access => "access-token",
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
    /// A second factor has to be enrolled before anything else. An access token opens nothing until its person has.
    pub must_enrol: bool,
    /// What it reaches, of what its person may: an access token's.
    pub scope: Option<Arc<TokenScope>>,
    /// Whose lent rights it uses instead of its person's own.
    pub on_behalf_of: Option<AccountId>,
    /// The key from which the session's CSRF tokens are made; derived from the token and
    /// from whom it acts for, stored nowhere.
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

impl Platform {
    /// The session that a token opens. Counts as a request of it. Answers from memory, except the first time,
    /// after a change of people or sessions, and when the request is noted in the store, every few minutes.
    pub fn session(&self, token: &str) -> Result<Arc<Session>, SessionError> {
        if !looks_like_one(token) {
            return Err(SessionError::Unknown);
        }
        let sessions = &self.sign_in.sessions;
        let now = self.clock().about();
        // The epoch before the data: what changes in between is then seen as changed.
        let epoch = sessions.epoch();
        let (place, shard) = sessions.place(token);
        let trusted = |cached: &&Cached| cached.epoch == epoch && !cached.look_again;
        if let Some(cached) = shard.read().get(&place).filter(trusted) {
            let (session, note) = self.use_cached(cached, now)?;
            if !note {
                return Ok(session);
            }
        }
        let read = self.read_session(token, epoch)?;
        let (session, note) = {
            let mut shard = shard.write();
            // What was seen since it was last noted in the store is not forgotten.
            if let Some(before) = shard.get(&place) {
                read.seen.fetch_max(before.seen.load(Ordering::Relaxed), Ordering::Relaxed);
            }
            if shard.len() >= CACHED / SHARDS {
                shard.clear();
            }
            let used = self.use_cached(&read, now)?;
            if used.1 {
                read.noted.store(now, Ordering::Relaxed);
            }
            shard.insert(place, read);
            used
        };
        if note && let Err(error) = self.write_seen(&session, now) {
            // The session goes on; at worst it is idle a little earlier after a restart.
            tracing::debug!(%error, "a session's last request was not noted");
        }
        Ok(session)
    }

    /// Counts a request of a cached session. Also whether the store should learn of it, which it does now and then,
    /// so that an idle time-out survives a restart without a write for each request.
    fn use_cached(&self, cached: &Cached, now: i64) -> Result<(Arc<Session>, bool), SessionError> {
        let sessions = &self.sign_in.sessions;
        if sessions.is_cached_over(cached, now) {
            return Err(SessionError::Expired);
        }
        if now > cached.seen.load(Ordering::Relaxed) {
            cached.seen.fetch_max(now, Ordering::Relaxed);
        }
        let unnoted = now.saturating_sub(cached.noted.load(Ordering::Relaxed));
        Ok((Arc::clone(&cached.session), unnoted >= sessions.idle / 6))
    }

    /// Ends a session. A token that opens nothing is no error.
    pub fn sign_out(&self, token: &str) -> Result<(), ServiceError> {
        if !looks_like_one(token) {
            return Ok(());
        }
        let hash = hash(token);
        let Some(stored) = self.stored::<StoredSession>(&key(&hash))? else { return Ok(()) };
        let origin = self.origin(Actor::person(stored.account), Language::Vi);
        self.perform(&origin, |call| {
            if call.holds(&key(&hash))? {
                end(call, stored.account, stored.id, &hash);
                call.evidence("session.closed", subject(stored.id), []);
            }
            Ok(())
        })?;
        let (place, shard) = self.sign_in.sessions.place(token);
        shard.write().remove(&place);
        Ok(())
    }

    fn read_session(&self, token: &str, epoch: u64) -> Result<Cached, SessionError> {
        let hash = hash(token);
        if token.starts_with(tokens::PREFIX) {
            return self.read_token(token, hash, epoch);
        }
        let stored: StoredSession = self.stored(&key(&hash))?.ok_or(SessionError::Unknown)?;
        let account = self.active(stored.account)?;
        if account.generation != stored.generation {
            return Err(SessionError::Expired);
        }
        let factor = self.factor_of(account.id)?;
        let session = Session {
            id: stored.id,
            account,
            opened: time::from_microseconds(stored.opened).unwrap_or_default(),
            expires: self.sign_in.sessions.expires(stored.opened),
            kind: stored.kind,
            must_enrol: factor == Factor::Missing,
            scope: None,
            on_behalf_of: stored.on_behalf_of,
            csrf_key: csrf_key(token, stored.on_behalf_of),
            hash,
        };
        Ok(Cached::new(session, epoch, stored.seen, factor != Factor::Settled))
    }

    fn read_token(&self, token: &str, hash: TokenHash, epoch: u64) -> Result<Cached, SessionError> {
        let stored: StoredToken = self.stored(&tokens::key(&hash))?.ok_or(SessionError::Unknown)?;
        let token_of = stored.shown();
        let used = token_of.used.map_or(i64::MIN, time::microseconds);
        let factor = self.factor_of(token_of.account)?;
        let session = Session {
            id: token_of.id,
            account: self.active(token_of.account)?,
            opened: token_of.made,
            expires: token_of.expires,
            kind: SessionKind::Access,
            must_enrol: factor == Factor::Missing,
            scope: Some(token_of.scope),
            on_behalf_of: None,
            csrf_key: csrf_key(token, None),
            hash,
        };
        Ok(Cached::new(session, epoch, used, factor != Factor::Settled))
    }

    /// The account of a session, if it may act.
    fn active(&self, id: AccountId) -> Result<Account, SessionError> {
        let snapshot = self.store().snapshot().map_err(ServiceError::from)?;
        let account = Directory::new(&snapshot).account(id)?.ok_or(SessionError::Unknown)?;
        if account.state == AccountState::Active { Ok(account) } else { Err(SessionError::Suspended) }
    }

    fn stored<T: DeserializeOwned>(&self, key: &[u8]) -> Result<Option<T>, ServiceError> {
        match self.store().snapshot()?.get(key)? {
            Some(stored) => decode(key, &stored.value).map(Some),
            None => Ok(None),
        }
    }

    fn write_seen(&self, session: &Session, now: i64) -> Result<(), ServiceError> {
        let mut transaction = Transaction::new(self.store().snapshot()?);
        let access = session.kind == SessionKind::Access;
        let key = if access { tokens::key(&session.hash) } else { key(&session.hash) };
        let Some(stored) = transaction.get(&key)? else { return Ok(()) };
        let bytes = if access {
            let mut token: StoredToken = decode(&key, &stored.value)?;
            token.used = token.used.max(Some(now));
            encode(&key, &token)?
        } else {
            let mut stored: StoredSession = decode(&key, &stored.value)?;
            stored.seen = stored.seen.max(now);
            encode(&key, &stored)?
        };
        transaction.put(key, bytes);
        self.store().commit(transaction.into_change(self.policy().version(), false))?;
        Ok(())
    }
}

/// The hash of a token as the store knows it.
fn hash(token: &str) -> TokenHash {
    Sha256::digest(token.as_bytes()).into()
}

/// Whether a token has the form of one, so that nothing else is looked for.
fn looks_like_one(token: &str) -> bool {
    token.len() == TOKEN || (token.len() == tokens::PREFIX.len() + TOKEN && token.starts_with(tokens::PREFIX))
}

/// Characters of a token: 32 bytes in base64url.
pub(super) const TOKEN: usize = 43;

pub(super) fn csrf_key(token: &str, on_behalf_of: Option<AccountId>) -> [u8; 32] {
    match Hmac::<Sha256>::new_from_slice(token.as_bytes()) {
        Ok(mut mac) => {
            mac.update(b"dinh csrf");
            if let Some(lender) = on_behalf_of {
                mac.update(&lender.0.to_be_bytes());
            }
            mac.finalize().into_bytes().into()
        }
        // Not reached: a key of any length is taken.
        Err(_) => Sha256::digest(token.as_bytes()).into(),
    }
}
