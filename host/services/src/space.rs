//! The one key space: the first byte of a key says what kind of thing it is. This table is part of the
//! storage format: a byte is never used again for something else.
//!
//! After the first byte, numbers are big-endian, so that keys sort as they do; texts come last, or end
//! with a zero byte (codes and names hold none).

use dinh_model::{AccountId, GrantId, PositionId, UnitId};

/// Facts about the store itself: the mark of the last change of rights, the secrets of this deployment.
pub const META: u8 = 0x01;
/// Numbers given out so far, one key for each [`Counter`].
pub const COUNTER: u8 = 0x02;
/// An access token: hash of it → token.
pub const ACCESS_TOKEN: u8 = 0x03;
/// Account, token's id → hash: the access tokens of an account.
pub const ACCESS_TOKEN_OF: u8 = 0x04;
/// An account's second factor: id → secret, last step, recovery codes.
pub const SECOND_FACTOR: u8 = 0x05;

/// A unit: id → unit.
pub const UNIT: u8 = 0x10;
/// Code of a unit → id.
pub const UNIT_CODE: u8 = 0x11;
/// Unit above (0 for none), code → id: the units below a unit in the order of their codes.
pub const UNIT_BELOW: u8 = 0x12;

/// Unit → its one head administrator: there cannot be two under one key.
pub const HEAD: u8 = 0x13;
/// Account, unit → nothing: which units an account heads.
pub const HEAD_OF: u8 = 0x14;
/// Unit, successor → nothing: what became of a unit.
pub const UNIT_AFTER: u8 = 0x15;
/// Unit, predecessor → nothing: what a unit came from.
pub const UNIT_BEFORE: u8 = 0x16;
/// 0, domain name → unit; 1, unit, domain name → nothing.
pub const DOMAIN: u8 = 0x17;

/// An account: id → account.
pub const ACCOUNT: u8 = 0x18;
/// Login → id.
pub const LOGIN: u8 = 0x19;
/// An account's password hash: id → secret.
pub const SECRET: u8 = 0x1a;
/// Sort key of the full name, id → what a search looks at: people in the order of the alphabet.
pub const PERSON: u8 = 0x1b;
/// A session: hash of its token → session.
pub const SESSION: u8 = 0x1c;
/// Account, session's id → hash: the sessions of an account.
pub const SESSION_OF: u8 = 0x1d;
/// Keyed hash of a name → failed sign-ins under it.
pub const ATTEMPT: u8 = 0x1e;
/// E-mail address → id.
pub const EMAIL: u8 = 0x1f;

/// A position: id → position.
pub const POSITION: u8 = 0x20;
/// Unit, position → nothing.
pub const POSITION_IN: u8 = 0x21;
/// Account, position → term: who holds what.
pub const HOLDING: u8 = 0x22;
/// Position, account → nothing: who holds it.
pub const HELD_BY: u8 = 0x23;
/// A permission that a plugin declares → title.
pub const PERMISSION: u8 = 0x24;
/// A role → title and permissions.
pub const ROLE: u8 = 0x25;
/// A grant: id → grant.
pub const GRANT: u8 = 0x26;
/// Kind of grantee, number, grant → nothing: the grants of an account or position.
pub const GRANT_TO: u8 = 0x27;
/// What a plugin's own service principal may: plugin, unit, permission → label.
pub const SERVICE_GRANT: u8 = 0x28;
/// What everybody may: unit, permission → nothing.
pub const PUBLIC_GRANT: u8 = 0x29;

/// A request: id → request.
pub const REQUEST: u8 = 0x2a;
/// Request → nothing: those nobody has decided yet, oldest first.
pub const REQUEST_OPEN: u8 = 0x2b;
/// Account, request → nothing: who asked for it.
pub const REQUEST_BY: u8 = 0x2c;
/// A delegation: id → delegation.
pub const DELEGATION: u8 = 0x2d;
/// 0 for lender or 1 for borrower, account, delegation → nothing.
pub const DELEGATION_OF: u8 = 0x2e;
/// Account, request → nothing: whom it is about.
pub const REQUEST_ABOUT: u8 = 0x2f;

/// A catalog: name → catalog.
pub const CATALOG: u8 = 0x30;
/// An entry: catalog 0 code → entry.
pub const ENTRY: u8 = 0x31;
// 0x32 to 0x34 held the indexes of entries, which are in memory now.
/// Catalog 0 number → version: what was accepted when, from whom, why.
pub const CATALOG_VERSION: u8 = 0x35;

/// The journal of rights: number → moment and changes.
pub const JOURNAL: u8 = 0x36;
/// Catalog 0 code 0 number → entry: what an entry became in a version.
pub const ENTRY_VERSION: u8 = 0x37;
/// Proposal, part → entries that are asked for.
pub const PROPOSAL: u8 = 0x38;

/// An installed plugin: id → what was installed.
pub const PLUGIN: u8 = 0x40;
/// A plugin's package: id → the component's bytes.
pub const PACKAGE: u8 = 0x41;
/// A form submitted once: its hash → the result.
pub const ONCE: u8 = 0x42;

/// What people decided last about a plugin's service: id → suspended with a reason, or released.
pub const SUSPENSION: u8 = 0x4e;

/// How much a plugin keeps: number, 0 or 1 → its records, or the bytes of their keys and rows.
pub const VOLUME: u8 = 0x4f;

/// A data key: plugin's number, 0 for the platform → the key, wrapped; or that it was destroyed.
pub const DATA_KEY: u8 = 0x43;

/// A job: id → job.
pub const JOB: u8 = 0x48;
/// Plugin 0 job → nothing: the jobs of a plugin, oldest first.
pub const JOB_OF: u8 = 0x49;
/// Plugin 0 name 0 key → the job that runs under it.
pub const JOB_RUNNING: u8 = 0x4a;

/// A record: plugin's number, generation, collection, id → row.
pub const RECORD: u8 = 0x50;
/// An index entry of a record.
pub const INDEX: u8 = 0x51;
/// A sequence's register.
pub const SEQUENCE: u8 = 0x52;

/// A dataset that a plugin offers: plugin 0 name → offer.
pub const DATASET: u8 = 0x60;
/// A dataset that a plugin wants: plugin 0 name → want.
pub const WANTED: u8 = 0x61;
/// A plugin that was declared to sharing → the unit it is installed for.
pub const SHARER: u8 = 0x62;
/// A meaning → which plugin owns it.
pub const MEANING: u8 = 0x63;
/// Plugin 0 meaning → that it may hold it though another owns it.
pub const WAIVER: u8 = 0x64;
/// A contract: id → contract.
pub const CONTRACT: u8 = 0x65;
/// Consumer, contract → nothing.
pub const CONTRACT_TO: u8 = 0x66;
/// Plugin 0 dataset 0 contract → nothing.
pub const CONTRACT_OF: u8 = 0x67;
/// Contract → nothing: those nobody has decided yet.
pub const CONTRACT_OPEN: u8 = 0x68;
/// Contract, day → rows that were read under it.
pub const CONTRACT_USE: u8 = 0x69;
/// Contract, key of a row → which fields of it hold what was copied under the contract.
pub const COPY: u8 = 0x6a;
/// Key of a row, contract → nothing: the contracts under which something in it was copied.
pub const COPIED: u8 = 0x6d;
/// Contract → since when what was copied under it has to go.
pub const COPIES_DUE: u8 = 0x6e;

/// Plugin 0 collection → what is watched of it.
pub const WATCH: u8 = 0x6b;
/// Plugin 0 collection 0 position → what one call wrote to it.
pub const FEED: u8 = 0x6c;
/// Plugin 0 collection → position of the last entry of its feed.
pub const FEED_END: u8 = 0x78;
/// Contract → how far its consumer was told of changes.
pub const SUBSCRIPTION: u8 = 0x79;
/// Contract, record → what its consumer could not digest.
pub const PARKED: u8 = 0x7a;
/// A file: plugin's number, id → its head.
pub const FILE: u8 = 0x70;
/// Plugin's number, file, piece → sealed bytes.
pub const FILE_PIECE: u8 = 0x71;
/// Moment, plugin's number, file → a file that is removed from then on.
pub const FILE_DUE: u8 = 0x72;
/// Plugin's number, account, file → moment: what waits to be attached.
pub const FILE_WAITING: u8 = 0x73;
/// Plugin's number → bytes of its files.
pub const FILE_BYTES: u8 = 0x74;

/// A timer: plugin's number, name 0 key → when it fires, what its handler is given.
pub const TIMER: u8 = 0x90;
/// Plugin's number, moment, name 0 key → nothing: timers in the order in which they are tried.
pub const TIMER_DUE: u8 = 0x91;
/// Plugin's number, name 0 key → nothing: timers that wait for people.
pub const TIMER_PARKED: u8 = 0x92;
/// Plugin's number → how many timers it has.
pub const TIMERS: u8 = 0x93;
/// Account, moment, id → a notice, the newest of a person first.
pub const NOTICE: u8 = 0x94;
/// Moment, account, id → nothing: notices that are shown no more from then on.
pub const NOTICE_DUE: u8 = 0x95;
/// Plugin's number, day → how many notices it has sent.
pub const NOTICES: u8 = 0x96;

/// What numbers are given out for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Counter {
    /// Units.
    Unit = 1,
    /// Accounts.
    Account = 2,
    /// Positions.
    Position = 3,
    /// Grants.
    Grant = 4,
    /// Plugins, as the prefix of their records.
    Plugin = 5,
    /// Requests.
    Request = 16,
    /// Delegations.
    Delegation = 17,
    /// Contracts.
    Contract = 18,
    /// Proposals of entries.
    Proposal = 19,
    /// Jobs.
    Job = 24,
}

/// A key: its kind, then its parts one after another.
pub fn key(kind: u8, parts: &[&[u8]]) -> Vec<u8> {
    let mut key = Vec::with_capacity(1 + parts.iter().map(|part| part.len()).sum::<usize>());
    key.push(kind);
    for part in parts {
        key.extend_from_slice(part);
    }
    key
}

/// The key of something that has a number.
pub fn numbered(kind: u8, number: u32) -> Vec<u8> {
    key(kind, &[&number.to_be_bytes()])
}

/// The key of a counter.
pub fn counter(counter: Counter) -> Vec<u8> {
    vec![COUNTER, counter as u8]
}

/// The mark whose version is the seq of the last change of rights.
pub fn access_mark() -> Vec<u8> {
    key(META, &[b"access"])
}

/// The secret under which names typed at sign-in are hashed.
pub fn attempt_secret() -> Vec<u8> {
    key(META, &[b"attempt-secret"])
}

/// The key of a unit.
pub fn unit(id: UnitId) -> Vec<u8> {
    numbered(UNIT, id.0)
}

/// The key of an account.
pub fn account(id: AccountId) -> Vec<u8> {
    numbered(ACCOUNT, id.0)
}

/// The key of a position.
pub fn position(id: PositionId) -> Vec<u8> {
    numbered(POSITION, id.0)
}

/// The key of a grant.
pub fn grant(id: GrantId) -> Vec<u8> {
    numbered(GRANT, id.0)
}

/// The last four bytes of a key as a number; none when it is shorter.
pub fn trailing_number(key: &[u8]) -> Option<u32> {
    key.last_chunk::<4>().map(|bytes| u32::from_be_bytes(*bytes))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    #[test]
    fn no_byte_stands_for_two_kinds() {
        let kinds = include_str!("space.rs").lines().filter_map(|line| {
            let (_, byte) = line.strip_prefix("pub const ")?.split_once(": u8 = 0x")?;
            Some(u8::from_str_radix(byte.trim_end_matches(';'), 16).unwrap())
        });
        let kinds: Vec<_> = kinds.collect();
        assert!(kinds.len() > 45, "{kinds:02x?}");
        assert_eq!(kinds.iter().collect::<BTreeSet<_>>().len(), kinds.len(), "{kinds:02x?}");
    }
}
