//! Sharing (chia sẻ dữ liệu): one unit's data, read by another by contract and never copied.
//!
//! A plugin offers datasets and wants datasets of others; both stand in its manifest and are declared at installation.
//! A contract is asked for by the consumer's administrator, decided by the steward of the provider's unit within two
//! working days (Nghị định 194/2025, điều 16: shared by default, refused only in writing with the reason and the legal
//! basis), holds within its term, and ends at its term or when either side ends it. A read passes the contract, the
//! reader's right, the label and the unit of each row, and comes straight from the owner's records: no code of the
//! provider runs.
//!
//! ```text
//! manifests ─ declare ─▶ offers, wants ─ request ─▶ contract ─ approve, narrowed ─▶ active ─▶ expiring ─▶ expired
//!               └ meanings: one owner each               ├─ refuse, with reason and basis     └─ revoke
//!                                                        └─ withdraw
//! read: contract in force ─ right ─ label ─ unit ─▶ rows of the owner's records, contracted fields only ─▶ evidence
//! ```
//!
//! What it promises:
//! - **Nothing leaves that a contract in force does not name**, and nobody reads a row under a contract that they could
//!   not act on with the permission the contract names.
//! - **Ending a contract is taking a right away**: every call that began before ends at its next host call and does not
//!   commit.
//! - **Two people** agree to every contract, every waiver too.
//! - **Every read is evidence**, durable before the answer leaves: one entry for each call and contract.
//! - **Whoever asked to be told of changes is** ([`feed`]): once each, in order, whatever breaks off in between.
//! - **What a call has read clings to what it writes** ([`Confinement`]).
//! - **Copies go when their contract ends**, after the days that the consumer has to remove or justify them ([`Copies`]).

mod confinement;
mod copies;
mod decide;
mod declared;
pub mod feed;
mod list;
mod meanings;
mod model;
mod notes;
mod quota;
mod read;
mod request;
mod shelf;
mod waivers;
mod working_days;

pub use confinement::{Clings, Confinement};
pub use copies::{Copies, DueCopies, Holding, Settled, copies, due_copies, settle_copies};
pub use decide::{Terms, approve, refuse, replaced, revoke};
pub use declared::{declare, find_offer, offers, wants, wants_of};
pub use list::{ContractFilter, Contracts, contracts, get_contract, open_contracts};
pub use meanings::{MeaningOwner, owned_meanings, owner_of};
pub use model::{Consumer, Contract, Offer, OfferedField, Signed, Standing, State, Want};
pub(crate) use notes::{Notes, Read};
pub use quota::Quotas;
pub(crate) use read::{Opened, rows_used};
pub use read::{Source, count, get, query, resolve, sum};
pub use request::{NewContract, request, request_for_account, withdraw};
pub(crate) use waivers::reason_of;
pub use waivers::{
    Waiver, WaiverState, approve_waiver, ask_waiver, get_waiver, open_waivers, refuse_waiver, waivers,
};
pub use working_days::{STEWARD_DAYS, working_days_after};
