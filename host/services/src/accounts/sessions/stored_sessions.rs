//! Sessions at rest: under the hash of their token, and listed under their account.

use std::net::IpAddr;

use dinh_model::{AccountId, RecordId, key as keys, time};
use dinh_store::Direction;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::accounts::session_cache::Sessions;
use crate::accounts::sessions::csrf_key;
use crate::accounts::{Account, Session, SessionKind, session_list};
use crate::call::decode;
use crate::{Call, ServiceError, space};

/// SHA-256 of a token.
pub(in crate::accounts) type TokenHash = [u8; 32];

/// A session as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::accounts) struct StoredSession {
    pub(in crate::accounts) id: RecordId,
    pub(in crate::accounts) account: AccountId,
    pub(in crate::accounts) kind: SessionKind,
    /// Microseconds.
    pub(in crate::accounts) opened: i64,
    /// The last request that was noted, microseconds.
    pub(in crate::accounts) seen: i64,
    /// The account's generation it belongs to.
    pub(in crate::accounts) generation: u32,
    /// Where it was opened: so that a person recognises a session that is not theirs. Gone with the session.
    pub(in crate::accounts) address: IpAddr,
    /// Whose lent rights it uses instead of its person's own.
    pub(in crate::accounts) on_behalf_of: Option<AccountId>,
}

/// A session to be opened.
pub(in crate::accounts) struct Opening<'a> {
    pub(in crate::accounts) kind: SessionKind,
    pub(in crate::accounts) token: &'a str,
    pub(in crate::accounts) address: IpAddr,
    pub(in crate::accounts) must_enrol: bool,
    /// Most sessions of one account.
    pub(in crate::accounts) most: usize,
}

/// Opens a session for an account; whether another had to end for it. Sessions of the account that are over are
/// tidied away, and the oldest ends when there are too many.
pub(in crate::accounts) fn open(
    call: &mut Call,
    account: &Account,
    opening: &Opening<'_>,
    sessions: &Sessions,
) -> Result<(Session, bool), ServiceError> {
    let now = time::microseconds(call.now());
    let mut standing: Vec<(i64, RecordId, TokenHash)> = Vec::new();
    let mut ended = false;
    for (id, hash) in of(call, account.id)? {
        match call.load::<StoredSession>(&key(&hash))? {
            Some(stored) if session_list::stands(sessions, &stored, account, now) => {
                standing.push((stored.opened, id, hash));
            }
            _ => end(call, account.id, id, &hash),
        }
    }
    standing.sort_unstable_by_key(|(opened, ..)| *opened);
    let excess = (standing.len() + 1).saturating_sub(opening.most.max(1));
    for (_, id, oldest) in standing.iter().take(excess) {
        end(call, account.id, *id, oldest);
        ended = true;
    }
    let hash: TokenHash = Sha256::digest(opening.token.as_bytes()).into();
    let id = call.new_record_id();
    let stored = StoredSession {
        id,
        account: account.id,
        kind: opening.kind,
        opened: now,
        seen: now,
        generation: account.generation,
        address: opening.address,
        on_behalf_of: None,
    };
    call.save(key(&hash), &stored)?;
    call.save(session_of(account.id, Some(id)), &hash)?;
    let session = Session {
        id,
        account: account.clone(),
        opened: call.now(),
        expires: sessions.expires(now),
        kind: opening.kind,
        must_enrol: opening.must_enrol,
        scope: None,
        on_behalf_of: None,
        csrf_key: csrf_key(opening.token, None),
        hash,
    };
    Ok((session, ended))
}

pub(in crate::accounts) fn end(call: &mut Call, account: AccountId, id: RecordId, hash: &TokenHash) {
    call.transaction.delete(key(hash));
    call.transaction.delete(session_of(account, Some(id)));
    call.people_changed();
}

/// Ends all sessions of an account except `keep`, and saves the account. They are not looked for: those of an older
/// generation are over.
pub(in crate::accounts) fn end_others(
    call: &mut Call,
    account: &mut Account,
    keep: Option<&Session>,
) -> Result<(), ServiceError> {
    account.generation = account.generation.wrapping_add(1);
    if let Some(session) = keep.filter(|session| session.account.id == account.id) {
        let key = key(&session.hash);
        if let Some(mut stored) = call.load::<StoredSession>(&key)? {
            stored.generation = account.generation;
            call.save(key, &stored)?;
        }
    }
    call.save(space::account(account.id), account)?;
    call.people_changed();
    Ok(())
}

/// The sessions of an account.
fn of(call: &Call, account: AccountId) -> Result<Vec<(RecordId, TokenHash)>, ServiceError> {
    let start = session_of(account, None);
    let end = keys::after_prefix(&start);
    let mut found = Vec::new();
    for item in call.transaction.range(&start, end.as_deref(), Direction::Forward) {
        let (key, stored) = item?;
        if let Some(id) = trailing_id(&key) {
            found.push((id, decode(&key, &stored.value)?));
        }
    }
    Ok(found)
}

pub(in crate::accounts) fn key(hash: &TokenHash) -> Vec<u8> {
    space::key(space::SESSION, &[hash])
}

pub(in crate::accounts) fn session_of(account: AccountId, id: Option<RecordId>) -> Vec<u8> {
    of_key(space::SESSION_OF, account, id)
}

/// The key under which an account's sessions or tokens are listed. Identifiers sort by the time they were made.
pub(in crate::accounts) fn of_key(kind: u8, account: AccountId, id: Option<RecordId>) -> Vec<u8> {
    let mut key = space::numbered(kind, account.0);
    key.extend(id.iter().flat_map(|id| id.0));
    key
}

/// The identifier at the end of such a key.
pub(in crate::accounts) fn trailing_id(key: &[u8]) -> Option<RecordId> {
    key.last_chunk().copied().map(RecordId)
}

/// The name of a session in evidence.
pub(in crate::accounts) fn subject(id: RecordId) -> String {
    format!("session:{id}")
}
