//! The permission check (phân quyền): who may do what, answered from one immutable [`Policy`].
//!
//! [`Facts`] say who is in the house: the unit tree, accounts, positions and who holds them, roles,
//! grants, delegations, what plugins were admitted with, what is public. [`Policy::compile`] turns them
//! into flat tables; everything after that is reading.
//!
//! ```text
//! Facts ──compile──▶ Policy ──▶ check, check_many   may they?
//!                           ──▶ explain             why not, and who could grant it?
//!                           ──▶ scopes              which ones? exact, for scans and rows
//!                           ──▶ who_can             who may?
//!                           ──▶ diff                what would change?
//! Facts ──▶ Ledger ──apply(changes)──▶ the next Policy, with only what changed compiled anew
//! ```
//!
//! What it promises:
//! - A person may exactly when the account is active and some grant in force (direct, by position, or
//!   lent) has the permission in its role, the target's unit inside its subtree, the target's label at
//!   most its label and the account's clearance, the moment inside its term and, for own-record grants,
//!   the person as the target's owner. There are no deny rules.
//! - Whoever acts on another's behalf uses only what that other lent, and only as far as the lender has it
//!   at that moment.
//! - A service principal holds what its plugin was admitted with; the public what is marked public and
//!   labelled ordinary.
//! - A check allocates nothing and takes no lock; it reads a handful of words.
//! - `check`, `check_many`, `explain` and `scopes` never disagree: the tests hold all four against an
//!   oracle written plainly from the sentences above.
//!
//! No disk, no clock, no async: the moment is an argument, so that every rule can be tested on any date.

mod apply;
mod change;
mod compare;
mod compile;
mod diff;
mod error;
mod explain;
mod facts;
mod ledger;
mod links;
mod moves;
mod people;
mod policy;
mod resolve;
mod rights;
mod roles;
mod scopes;
mod span;
mod standing;
mod text;
mod tree;
mod why;

pub use change::{Fact, FactChange, FactKey};
pub use diff::{ActorChange, Difference};
pub use error::{CompileError, TermOf};
pub use explain::{Explanation, FailedCondition, Names, Numbers};
pub use facts::{
    AccountFact, Delegation, Facts, Grant, Grantee, Holding, PublicGrant, RoleFact, Scope, ServiceGrant,
    Term, UnitFact,
};
pub use ledger::{Applied, Ledger};
pub use policy::{PermissionIndex, Policy};
pub use scopes::{Interval, Scopes};
