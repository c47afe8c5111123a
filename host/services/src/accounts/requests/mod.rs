//! Requests (đề nghị): nothing that gives anybody a right takes effect before two different people agreed to it
//! (Lào Cai, Quyết định 95/QĐ-SKH 2013, điều 12.4).
//!
//! ```text
//! create_account, give, hold, transfer, name_head, hand_over, lend, catalog entries …
//!      │ needs the asker's right; its conditions hold
//!      ▼
//!   request ──▶ inbox of whoever may decide ──▶ approve ──▶ its conditions are checked again, and that the asker
//!      │                                          │         still has the right; then it is in force
//!      └──▶ withdrawn, lapsed after 30 days       └──▶ refuse, with a reason
//! ```
//! What it promises:
//! - What was asked is what is put in force: a request holds it all, and is refused when the role, the unit or
//!   the head it was made for is no longer what it was.
//! - Whoever asked, or lent their rights to whoever asked, does not approve; nor does whoever it is for.
//! - Nobody comes to approve whose password somebody else chose: one person would be both.
//! - Break-glass needs no second person: the evidence says that the glass was broken.
//! - Taking away needs one person and happens at once: suspending, withdrawing, releasing, ending.
//!
//! One file an idea: `model` what a request is, `kinds` what each kind asks of whom, `approvers` what whoever comes to
//! approve must have, `propose` how one is made, `decide` how it ends, `deciders` who could end it, `effect` what an
//! approval would change, `inbox` who sees it, `of_unit` what a unit that ends waits for, `shelf` where it lies.

mod approvers;
mod decide;
mod deciders;
mod effect;
mod inbox;
mod kinds;
mod model;
mod of_unit;
mod propose;
mod shelf;

pub use decide::{approve, refuse, withdraw_request};
pub(super) use decide::{lapse_about, open_of, withdraw_for};
pub use deciders::deciders;
pub use effect::effect_of;
pub use inbox::{Requests, get_request, inbox, my_requests, requests_about, waiting};
pub(super) use kinds::Needed;
pub(crate) use model::Agreed;
pub use model::{Asked, AskedGrant, AskedPosition, Decision, Made, Request, RequestState, Signature};
pub(super) use of_unit::open_in_unit;
pub(crate) use propose::propose;
pub(super) use propose::require_of_asker;
