//! Sessions at rest: under the hash of their token, and listed under their account.

use dinh_model::{AccountId, RecordId, key as keys, time};
use dinh_store::Direction;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::sessions::{Sessions, csrf_key};
use super::{Account, Session, SessionKind};
use crate::{Call, ServiceError, space};

/// SHA-256 of a token.
pub(super) type TokenHash = [u8; 32];

/// A session as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct StoredSession {
    pub(super) id: RecordId,
    pub(super) account: AccountId,
    pub(super) kind: SessionKind,
    /// Microseconds.
    pub(super) opened: i64,
    /// The last request that was noted, microseconds.
    pub(super) seen: i64,
    /// The account's generation it belongs to.
    pub(super) generation: u32,
}

/// Opens a session for an account and returns its token. Sessions of the account that are over are tidied
/// away, and the oldest ends when there are too many.
pub(super) fn open(
    call: &mut Call,
    account: &Account,
    kind: SessionKind,
    token: &str,
    sessions: &Sessions,
    most: usize,
) -> Result<(Session, bool), ServiceError> {
    let now = time::microseconds(call.now());
    let mut standing: Vec<(i64, TokenHash)> = Vec::new();
    let mut ended = false;
    for other in of(call, account.id)? {
        match call.load::<StoredSession>(&key(&other))? {
            Some(stored)
                if stored.generation == account.generation
                    && !sessions.is_over(stored.opened, stored.seen, now) =>
            {
                standing.push((stored.opened, other));
            }
            _ => end(call, account.id, &other),
        }
    }
    standing.sort_unstable();
    let excess = (standing.len() + 1).saturating_sub(most.max(1));
    for (_, oldest) in standing.iter().take(excess) {
        end(call, account.id, oldest);
        ended = true;
    }
    let hash: TokenHash = Sha256::digest(token.as_bytes()).into();
    let id = call.new_record_id();
    let stored = StoredSession {
        id,
        account: account.id,
        kind,
        opened: now,
        seen: now,
        generation: account.generation,
    };
    call.save(key(&hash), &stored)?;
    call.save(of_key(account.id, Some(&hash)), &())?;
    let session = Session {
        id,
        account: account.clone(),
        opened: call.now(),
        expires: sessions.expires(now),
        kind,
        csrf_key: csrf_key(token),
        hash,
    };
    Ok((session, ended))
}

pub(super) fn end(call: &mut Call, account: AccountId, hash: &TokenHash) {
    call.transaction.delete(key(hash));
    call.transaction.delete(of_key(account, Some(hash)));
    call.people_changed();
}

/// The sessions of an account.
fn of(call: &Call, account: AccountId) -> Result<Vec<TokenHash>, ServiceError> {
    let start = of_key(account, None);
    let end = keys::after_prefix(&start);
    let mut found = Vec::new();
    for item in call.transaction.range(&start, end.as_deref(), Direction::Forward) {
        found.extend(item?.0.last_chunk::<32>().copied());
    }
    Ok(found)
}

pub(super) fn key(hash: &TokenHash) -> Vec<u8> {
    space::key(space::SESSION, &[hash])
}

fn of_key(account: AccountId, hash: Option<&TokenHash>) -> Vec<u8> {
    space::key(space::SESSION_OF, &[&account.0.to_be_bytes(), hash.map_or(&[], |hash| hash.as_slice())])
}

/// The name of a session in evidence.
pub(super) fn subject(id: RecordId) -> String {
    format!("session:{id}")
}
