//! Sessions as they are listed and ended, by their owner and by those who manage the account.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use dinh_model::{AccountId, RecordId, Timestamp, key as keys, time};
use dinh_store::Direction;

use crate::accounts::session_cache::Sessions;
use crate::accounts::stored_sessions::{self, StoredSession, TokenHash};
use crate::accounts::{Account, Directory, Session, SessionKind, people, tokens};
use crate::call::decode;
use crate::permissions::ACCOUNT_MANAGE;
use crate::{Call, Platform, ServiceError, space};

/// Sessions looked at for one page, shown or not: those of other units and those that are over are passed by.
const LOOKED_AT: usize = 2_000;

/// A session that is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenSession {
    /// Its name in lists and evidence; it opens nothing.
    pub id: RecordId,
    /// Whose it is.
    pub account: AccountId,
    /// What it is for.
    pub kind: SessionKind,
    /// When it was opened.
    pub opened: Timestamp,
    /// The last request that was noted: a sixth of the idle time-out may have passed since.
    pub seen: Timestamp,
    /// When it ends at the latest.
    pub expires: Timestamp,
    /// Where it was opened.
    pub address: IpAddr,
}

impl OpenSession {
    /// Its place in the list of all sessions, which names it among them.
    pub fn cursor(&self) -> SessionCursor {
        SessionCursor { account: self.account, session: self.id }
    }
}

/// A page of open sessions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OpenSessions {
    /// The sessions: account after account, the oldest of each first.
    pub sessions: Vec<OpenSession>,
    /// Pass as `after` to go on; none at the end. There may be one though the page is not full: so many sessions were
    /// passed by that the rest is for the next page.
    pub next: Option<SessionCursor>,
}

/// A place in the list of sessions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionCursor {
    /// Whose session is the last before it.
    pub account: AccountId,
    /// Its name.
    pub session: RecordId,
}

impl fmt::Display for SessionCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.account, self.session)
    }
}

impl FromStr for SessionCursor {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (account, session) = text.split_once('.').ok_or(())?;
        let account = AccountId(account.parse().map_err(|_| ())?);
        Ok(Self { account, session: session.parse().map_err(|_| ())? })
    }
}

/// The open sessions of an account, or of all accounts that the actor manages, at most `limit`, after `after`.
/// Everybody may see their own; others' need `dinh.account.manage` for the account's unit, all of them need it
/// somewhere. Costs two look-ups for each session that it looks at, 2,000 at most, however many there are.
pub fn list_sessions(
    platform: &Platform,
    call: &mut Call,
    of: Option<AccountId>,
    after: Option<SessionCursor>,
    limit: usize,
) -> Result<OpenSessions, ServiceError> {
    let reach = match of {
        Some(account) => {
            tokens::own_or_managed(call, account)?;
            None
        }
        None => Some(call.require_somewhere(&ACCOUNT_MANAGE, None)?),
    };
    let prefix =
        of.map_or_else(|| vec![space::SESSION_OF], |account| stored_sessions::session_of(account, None));
    let end = keys::after_prefix(&prefix);
    let start = after.map_or_else(
        || prefix.clone(),
        |after| {
            // The key that follows at once.
            let mut key = stored_sessions::session_of(after.account, Some(after.session));
            key.push(0);
            key.max(prefix.clone())
        },
    );
    let now = time::microseconds(call.now());
    // Shown, not decided upon: no expectations.
    let snapshot = call.transaction.snapshot();
    let directory = Directory::new(snapshot);
    let mut owner: Option<Account> = None;
    let mut found = OpenSessions::default();
    let mut range = snapshot.range(&start, end.as_deref(), Direction::Forward);
    let mut last = after;
    let mut looked_at = 0;
    while let Some(item) = range.step()? {
        if looked_at >= LOOKED_AT {
            found.next = last;
            break;
        }
        looked_at += 1;
        let hash: TokenHash = decode(item.key, item.value)?;
        let key = stored_sessions::key(&hash);
        let Some(stored) = snapshot.get(&key)? else { continue };
        let stored: StoredSession = decode(&key, &stored.value)?;
        last = Some(SessionCursor { account: stored.account, session: stored.id });
        if owner.as_ref().is_none_or(|owner| owner.id != stored.account) {
            owner = directory.account(stored.account)?;
        }
        let Some(owner) = &owner else { continue };
        let seen = reach.as_ref().is_none_or(|reach| reach.has(owner.unit));
        if !seen || !stands(&platform.sign_in.sessions, &stored, owner, now) {
            continue;
        }
        if found.sessions.len() >= limit {
            found.next = found.sessions.last().map(OpenSession::cursor);
            break;
        }
        let moment = |microseconds| time::from_microseconds(microseconds).unwrap_or_default();
        found.sessions.push(OpenSession {
            id: stored.id,
            account: stored.account,
            kind: stored.kind,
            opened: moment(stored.opened),
            seen: moment(stored.seen),
            expires: platform.sign_in.sessions.expires(stored.opened),
            address: stored.address,
        });
    }
    Ok(found)
}

/// Ends one session of an account; whether there was one. From the commit on it opens nothing. Its owner may, and
/// whoever may suspend the account.
pub fn end_session(call: &mut Call, account: AccountId, id: RecordId) -> Result<bool, ServiceError> {
    tokens::own_or_outranked(call, account)?;
    let Some(hash) = call.load::<TokenHash>(&stored_sessions::session_of(account, Some(id)))? else {
        return Ok(false);
    };
    stored_sessions::end(call, account, id, &hash);
    call.evidence("session.ended", people::subject(account), [("session", stored_sessions::subject(id))]);
    Ok(true)
}

/// Ends all sessions of an account except `keep`: two writes, however many there are. Its access tokens stay, see
/// [`crate::accounts::revoke_token`]. Its owner may, and whoever may suspend the account.
pub fn end_sessions(call: &mut Call, account: AccountId, keep: Option<&Session>) -> Result<(), ServiceError> {
    let mut account = tokens::own_or_outranked(call, account)?;
    stored_sessions::end_others(call, &mut account, keep)?;
    call.evidence("sessions.ended", people::subject(account.id), [("kept-one", keep.is_some().to_string())]);
    Ok(())
}

/// Whether a stored session still opens something.
pub(in crate::accounts) fn stands(
    sessions: &Sessions,
    stored: &StoredSession,
    owner: &Account,
    now: i64,
) -> bool {
    stored.generation == owner.generation && !sessions.is_over(stored.opened, stored.seen, now)
}
