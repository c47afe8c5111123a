//! Accounts (tài khoản): who is in the house, what they may do, and how they get in.
//!
//! ```text
//! units ─ accounts ─ positions         the organisation, with terms; lineage, domains
//! requests ─ approve ─┐                two people agree to whatever gives a right
//! ceremony                             the first two people
//! roles ─ grants ─ heads ─ delegations ─ admissions ─▶ facts ─▶ Policy
//! password ─ hasher ─ sign_in ─▶ sessions
//! history, trail                       what the evidence says, of an account and at all
//! ```
//!
//! What it promises:
//! - Every deed asks for its permission, changes everything it touches in one change, and leaves evidence
//!   that names numbers and reasons, never personal values.
//! - What gives anybody a right takes two different people, break-glass apart; what takes one away takes one.
//! - A unit has exactly one head administrator; rights are lent for a time and with consent only.
//! - A change of rights is in force, for every check on every thread, when its commit is acknowledged.
//! - A sign-in does the same work and gives the same answer whether or not the name exists; passwords are
//!   Argon2id hashes, tokens are stored as hashes only.
//! - A person's sessions end at once when the account is suspended or closed or the password is set anew.

mod admissions;
mod attempts;
mod ceremony;
mod delegations;
mod directory;
mod domains;
mod facts;
mod grants;
mod hasher;
mod heads;
mod history;
mod life;
mod lineage;
mod list;
mod model;
mod names;
mod password;
mod passwords;
mod people;
mod positions;
mod requests;
mod roles;
mod search;
mod sessions;
mod sign_in;
mod stored_sessions;
mod trail;
mod transfers;
mod units;

pub use admissions::{admit_service, dismiss_service, publish, withdraw_public};
pub use attempts::{SignInState, release_lock};
pub use ceremony::{Begun, Ceremony, FirstPerson, begin_house};
pub use delegations::{
    LONGEST_DAYS, Lender, NewDelegation, StoredDelegation, delegations_of, end_delegation, get_delegation,
    lend, lenders,
};
pub use directory::Directory;
pub use domains::{add_domain, domains_of, remove_domain, unit_of_domain};
pub(crate) use facts::facts;
pub use grants::{
    NewGrant, StoredGrant, Withdrawal, get_grant, give, grants_of, grants_to, list_grants, withdraw,
};
pub(crate) use hasher::Hasher;
pub use heads::{Head, hand_over, head_of, headed_by, name_head, own_head};
pub use history::{History, history};
pub use life::{activate, close, suspend};
pub use lineage::{add_successor, left_behind, predecessors, successors};
pub use list::{Accounts, list_accounts};
pub use model::{Account, AccountState, Position, Role, Unit};
pub use password::{Password, PasswordFault};
pub use passwords::{change_password, set_password};
pub use people::{AccountChange, NewAccount, create_account, find_account, get_account, update_account};
pub use positions::{
    Held, NewPosition, create_position, get_position, held_by, hold, holders, positions_in, release,
};
pub use requests::{
    Asked, AskedGrant, Decision, Made, Request, RequestState, Requests, Signature, Task, Tasks, approve,
    get_request, inbox, my_requests, refuse, requests_about, withdraw_request,
};
pub use roles::{
    declare_permission, declare_plugin, define_role, find_role, list_permissions, list_roles,
    permission_title,
};
pub use search::{People, search_people};
pub use sessions::{Session, SessionError, SessionKind};
pub use sign_in::{SignIn, SignInError, SignedIn};
pub use trail::{evidence, evidence_between};
pub use transfers::transfer;
pub(crate) use units::roots;
pub use units::{
    NewUnit, create_unit, end_unit, find_unit, get_unit, list_all_units, list_units, move_unit, rename_unit,
    root_above,
};
