//! Accounts (tài khoản): who is in the house, what they may do, and how they get in.
//!
//! ```text
//! organisation                         units, positions, heads, lineage, domains
//! people ─ import                      accounts, one at a time or many at once
//! ceremony                             the first two people
//! requests ─ approve ─┐                two people agree to whatever gives a right
//! rights ─ delegations ┴─▶ facts ─▶ Policy, journal
//! credentials ─ sign_in ─▶ sessions    passwords, second factors, tokens; for whom a session acts
//! trail                                what the evidence says, of an account and at all
//! ```
//!
//! What it promises:
//! - Every deed asks for its permission, changes everything it touches in one change, and leaves evidence
//!   that names numbers and reasons, never personal values.
//! - What gives anybody a right takes two different people, break-glass apart; what takes one away takes one.
//! - A unit has exactly one head administrator; rights are lent for a time and with consent only.
//! - A unit ends when nothing belongs to it any more, and then nobody comes to it.
//! - A change of rights is in force, for every check on every thread, when its commit is acknowledged, and in the
//!   journal, so that who could do what on an earlier day can be said.
//! - A sign-in does the same work and gives the same answer whether or not the name exists; passwords are
//!   Argon2id hashes, tokens are stored as hashes only.
//! - An import of accounts writes nothing before its report has no fault, and is approved whole by another person.
//! - A password that somebody else set has to be changed at its first use, and is accepted for some days only.
//! - Nobody gets into another's account, or closes it, who does not hold what it holds; whoever only acts on another's
//!   behalf never touches that other's.
//! - A code of a second factor is accepted once; whoever holds a role that needs one enrols it at the next request
//!   before anything else.
//! - An access token reaches what its scope and its person's rights both reach, never the platform's own
//!   permissions, and ends within a year.
//! - A person's sessions and access tokens end at once when the account is suspended or closed or the password is set
//!   anew by another; with a closed account ends all that it has.

mod ceremony;
mod credentials;
mod delegations;
mod directory;
mod import;
mod model;
pub(crate) mod names;
mod organisation;
mod people;
mod readable;
mod requests;
mod rights;
mod sessions;
mod sign_in;
mod trail;

// What one folder's deeds call of another's, by its own short name.
use credentials::{
    breached, hasher, identity, password, passwords, policy, reset, second_factor, temporary, totp,
};
use organisation::{domains, ending, heads, lineage, moves, positions, roots, units};
use people::{closing, emails, life, list, rank, roll, search, transfers};
use rights::{admissions, facts, grant_roll, grants, had, journal, roles};
use sessions::{acting, session_cache, session_list, stored_sessions, tokens};
use sign_in::{attempts, failures, ticket};
use trail::{history, proofs, seen, trail_search};

pub use acting::act_for;
pub use admissions::{admit_service, dismiss_service, publish, withdraw_public};
pub use attempts::SignInState;
pub use ceremony::{Begun, Ceremony, FirstPerson, begin_house};
pub use closing::{Closing, closing};
pub use delegations::{
    LONGEST_DAYS, Lender, NewDelegation, StoredDelegation, delegations_of, end_delegation, get_delegation,
    lend, lenders,
};
pub use directory::Directory;
pub use domains::{add_domain, domains_of, remove_domain, unit_of_domain};
pub use ending::end_unit;
pub(crate) use facts::{changes, facts};
pub use failures::release_lock;
pub use grant_roll::{GrantFilter, Grants, find_grants};
pub use grants::{
    NewGrant, StoredGrant, Withdrawal, get_grant, give, grants_of, grants_to, list_grants, withdraw,
};
pub(crate) use hasher::Hasher;
pub use heads::{Head, hand_over, head_of, headed_by, name_head, own_head};
pub use history::{History, history, look_at, looked_at};
pub use identity::IdentityCheck;
pub use import::{
    AskedAccounts, Fault, FaultKind, HandedOut, ImportFile, ImportPlan, ImportSheet, Imported,
    ImportedAccount, MOST_ROWS, PlannedAccount, ask_for_accounts, hand_out_passwords, import_accounts,
    import_columns, plan_import, plan_people, requested_accounts,
};
pub(crate) use journal::{Tail, facts_at};
pub use life::{activate, close, suspend};
pub use lineage::{add_successor, predecessors, successors};
pub use list::{Accounts, list_accounts};
pub use model::{Account, AccountState, Position, Role, Unit};
pub use moves::move_unit;
pub use password::{Password, PasswordFault};
pub use passwords::{change_password, set_password};
pub use people::{AccountChange, NewAccount, create_account, find_account, get_account, update_account};
pub use policy::check_password;
pub use positions::{
    Held, NewPosition, create_position, get_position, held_by, hold, holders, positions_in, release,
};
pub use proofs::{Proofs, Proved, prove_evidence};
pub(crate) use requests::{Agreed, propose};
pub use requests::{
    Asked, AskedGrant, AskedPosition, Decision, Made, Request, RequestState, Requests, Signature, approve,
    deciders, effect_of, get_request, inbox, my_requests, refuse, requests_about, waiting, withdraw_request,
};
pub use reset::{Released, release_password, reset_second_factor};
pub use roles::{
    declare_permission, declare_plugin, define_role, find_role, list_permissions, list_roles,
    permission_title,
};
pub use roll::{PeopleFilter, count_people, list_people};
pub use roots::create_root;
pub(crate) use roots::roots;
pub use search::{LONGEST_SEARCH, People, search_people};
pub use second_factor::{
    SecondFactor, enrol_second_factor, needs_second_factor, remove_second_factor, second_factor_of,
};
pub use seen::{How, Seen, SeenBy, seen_by, seen_lines};
pub use session_list::{OpenSession, OpenSessions, SessionCursor, end_session, end_sessions, list_sessions};
pub use sessions::{Session, SessionError, SessionKind};
pub use sign_in::{SignIn, SignInError, SignedIn};
pub use temporary::{TemporaryTerm, temporary_password};
pub use tokens::{
    AccessToken, LONGEST_TERM, MadeToken, NewToken, TokenScope, list_tokens, make_token, revoke_token,
};
pub use totp::TotpSecret;
pub use trail::{evidence, evidence_between};
pub use trail_search::{EvidenceFilter, EvidenceTotals, Part, count_evidence, search_evidence};
pub use transfers::{Kept, kept_by, transfer};
pub(crate) use units::in_term;
pub use units::{
    NewUnit, create_unit, find_unit, get_unit, list_all_units, list_units, rename_unit, root_above,
};
