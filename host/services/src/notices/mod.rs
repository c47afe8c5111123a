//! Notices (thông báo): a short word of a plugin to people, in their inbox.
//!
//! ```text
//! send ─ who holds the permission for the unit, up to the label ─▶ NOTICE: one row each ─▶ inbox ─ read, dismissed
//!                                                                  NOTICE_DUE ─ its last day is over ─▶ swept away
//! ```
//!
//! What it promises:
//! - **To those whom it concerns**: whoever gets a notice holds the permission that it names, for its unit and its label,
//!   when it is sent and again each time it is shown; and whom its record is withheld from by then is not shown it.
//! - **It says nothing that was read in confidence**: a call that is confined sends the words of the manifest and the
//!   identifier of a record, and the notice bears the label of what was read.
//! - **It is bounded**: [`MOST_A_DAY`] of a plugin, [`LONGEST_TEXT`], [`MOST_DAYS`]; what is over is swept away.

mod inbox;
mod send;

use dinh_model::{AccountId, Label, Localized, Permission, PluginId, RecordId, UnitId};
use serde::{Deserialize, Serialize};

pub use inbox::{NoticeId, Shown, dismiss, newest, read, sweep, unread};
pub use send::{DeclaredNotice, NewNotice, send};

/// Notices that one plugin sends in a day of Vietnam, each recipient counted.
pub const MOST_A_DAY: u64 = 20_000;
/// Bytes of a notice's own text.
pub const LONGEST_TEXT: usize = 400;
/// For how many days a notice is shown at most.
pub const MOST_DAYS: u32 = 366;

/// A notice at rest, for one person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Notice {
    plugin: PluginId,
    title: Localized,
    text: String,
    route: String,
    record: Option<RecordId>,
    /// Held by whoever it is for, in this unit, up to this label.
    permission: Permission,
    unit: UnitId,
    label: Label,
    /// First moment at which it is shown no more: microseconds since 1970.
    until: i64,
    /// When it was read: microseconds since 1970.
    read: Option<i64>,
}

mod keys {
    //! ```text
    //! NOTICE     │ account u32 │ −moment i64 │ id 16 → notice: the newest of a person first
    //! NOTICE_DUE │ moment i64 │ account u32 │ −moment i64 │ id 16 → nothing
    //! NOTICES    │ plugin u32 │ day i64 → how many it has sent
    //! ```

    use dinh_model::{AccountId, key::integer};

    use super::NoticeId;
    use crate::space::{self, NOTICE, NOTICE_DUE, NOTICES};

    pub(super) fn notice(account: AccountId, id: NoticeId) -> Vec<u8> {
        space::key(NOTICE, &[&account.0.to_be_bytes(), &id.0])
    }

    pub(super) fn due(until: i64, account: AccountId, id: NoticeId) -> Vec<u8> {
        space::key(NOTICE_DUE, &[&integer(until), &account.0.to_be_bytes(), &id.0])
    }

    pub(super) fn of(account: AccountId) -> Vec<u8> {
        space::numbered(NOTICE, account.0)
    }

    pub(super) fn day(plugin: u32, day: i32) -> Vec<u8> {
        space::key(NOTICES, &[&plugin.to_be_bytes(), &integer(day.into())])
    }

    /// The notice that a key of either kind ends with.
    pub(super) fn id_of(key: &[u8]) -> Option<(AccountId, NoticeId)> {
        let rest: &[u8; 28] = key.last_chunk()?;
        let account = rest.first_chunk::<4>().map(|bytes| AccountId(u32::from_be_bytes(*bytes)))?;
        Some((account, NoticeId(*rest.last_chunk::<24>()?)))
    }
}

/// Whose inbox it is, which only they see.
fn own(call: &crate::Call) -> Option<AccountId> {
    call.account()
}
