//! What can be done to a data folder, apart from making and serving it. One file per thing;
//! `decide` what becomes of requests, whatever they are for, `begin` the first two people.
//!
//! A [`Deed`] is what was typed and what travels to a running server; [`perform`] does it, on the same
//! services and under the same checks as pages. Whether the server runs or not, the same code runs
//! (see [`crate::admin`]).

mod access;
mod account;
mod audit;
mod authority;
mod begin;
mod catalog;
mod decide;
mod delegation;
mod doctor;
mod grant;
mod head;
mod inbox;
mod input;
mod job;
mod key;
mod plugin;
mod position;
mod role;
mod share;
mod sign_in;
mod timer;
mod unit;

use anyhow::Result;
use serde::{Deserialize, Serialize};

pub use access::AccessDeed;
pub use account::AccountDeed;
pub use audit::{AuditDeed, Head, LEAVES_MOST, Leaves};
pub use authority::Authority;
pub use begin::{Beginning, passwords};
pub use catalog::CatalogDeed;
pub use delegation::DelegationDeed;
pub use doctor::{check, compact};
pub use grant::GrantDeed;
pub use head::HeadDeed;
pub use inbox::InboxDeed;
pub use input::{Bytes, Input, Wanted};
pub use job::JobDeed;
pub use key::KeyDeed;
pub use plugin::PluginDeed;
pub use position::PositionDeed;
pub use role::RoleDeed;
pub use share::ShareDeed;
pub use timer::TimerDeed;
pub use unit::UnitDeed;

use crate::house::House;
use crate::reply::Reply;

/// What can be done to a data folder.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Deed {
    /// To an account.
    Account(AccountDeed),
    /// To a unit.
    Unit(UnitDeed),
    /// Asking what roles there are.
    Role(RoleDeed),
    /// To a grant.
    Grant(GrantDeed),
    /// Asking who may what.
    Access(AccessDeed),
    /// To a position.
    Position(PositionDeed),
    /// About a unit's head administrator.
    Head(HeadDeed),
    /// To a delegation.
    Delegation(DelegationDeed),
    /// Looking what waits.
    Inbox(InboxDeed),
    /// To a catalog.
    Catalog(CatalogDeed),
    /// About jobs of plugins.
    Job(JobDeed),
    /// About shared data.
    Share(ShareDeed),
    /// To a plugin.
    Plugin(PluginDeed),
    /// About timers of plugins.
    Timer(TimerDeed),
    /// With the evidence.
    Audit(AuditDeed),
    /// To keys of what is sealed.
    Key(KeyDeed),
    /// Looking how the store is.
    Doctor,
    /// Taking a clock for right that was set back.
    AcceptClock,
}

impl Deed {
    /// What it needs beside its words.
    pub fn wanted(&self) -> Wanted {
        match self {
            Self::Account(deed) => deed.wanted(),
            Self::Catalog(deed) => deed.wanted(),
            Self::Plugin(deed) => deed.wanted(),
            Self::Audit(deed) => deed.wanted(),
            Self::Unit(_)
            | Self::Role(_)
            | Self::Grant(_)
            | Self::Access(_)
            | Self::Position(_)
            | Self::Head(_)
            | Self::Delegation(_)
            | Self::Inbox(_)
            | Self::Job(_)
            | Self::Share(_)
            | Self::Timer(_)
            | Self::Key(_)
            | Self::Doctor
            | Self::AcceptClock => Wanted::Nothing,
        }
    }
}

impl Deed {
    /// Whether its answer is data for a file, which is printed byte by byte as it is.
    pub fn gives_data(&self) -> bool {
        matches!(self, Self::Catalog(CatalogDeed::Export { .. }))
    }
}

/// Does `deed` in `house` under `authority`. The error is for whoever typed the command.
pub fn perform(house: &House, authority: &Authority, deed: Deed, input: Input) -> Result<Reply> {
    let platform = house.platform();
    match deed {
        Deed::Account(deed) => account::perform(platform, authority, deed, input),
        Deed::Unit(deed) => unit::perform(platform, authority, deed),
        Deed::Role(deed) => role::perform(platform, authority, deed),
        Deed::Access(deed) => access::perform(platform, authority, deed),
        Deed::Grant(deed) => grant::perform(platform, authority, deed),
        Deed::Position(deed) => position::perform(platform, authority, deed),
        Deed::Head(deed) => head::perform(platform, authority, deed),
        Deed::Delegation(deed) => delegation::perform(platform, authority, deed),
        Deed::Inbox(deed) => inbox::perform(house, authority, &deed),
        Deed::Catalog(deed) => catalog::perform(house, authority, deed, input),
        Deed::Job(deed) => job::perform(platform, authority, deed),
        Deed::Share(deed) => share::perform(platform, authority, deed),
        Deed::Plugin(deed) => plugin::perform(house, authority, deed, input),
        Deed::Timer(deed) => timer::perform(house, authority, deed),
        Deed::Audit(deed) => audit::perform(house, authority, deed, input),
        Deed::Key(deed) => key::perform(platform, authority, deed),
        Deed::Doctor => doctor::perform(house, authority),
        Deed::AcceptClock => doctor::accept_clock(house, authority),
    }
}

/// Look-ups by the names people type.
mod named {
    use dinh_model::{AccountId, UnitId};
    use dinh_services::accounts::{Account, Unit, find_account, find_unit, get_account, get_unit};
    use dinh_services::{Call, ServiceError, Thing};

    /// The unit with this code.
    pub fn unit(call: &Call, code: &str) -> Result<Unit, ServiceError> {
        find_unit(call, code)?.ok_or_else(|| ServiceError::not_found(Thing::Unit, code))
    }

    /// The account with this login.
    pub fn account(call: &Call, login: &str) -> Result<Account, ServiceError> {
        find_account(call, login)?.ok_or_else(|| ServiceError::not_found(Thing::Account, login))
    }

    /// The login of an account, which no two people share, and the full name.
    pub fn person(call: &Call, account: AccountId) -> String {
        get_account(call, account)
            .map_or_else(|_| account.to_string(), |it| format!("{} ({})", it.login, it.full_name))
    }

    /// The code of a unit, which no two units share, and its name.
    pub fn place(call: &Call, unit: UnitId) -> String {
        get_unit(call, unit).map_or_else(|_| unit.to_string(), |it| format!("{} ({})", it.code, it.name))
    }

    /// The code of a unit, or its number when it cannot be read.
    pub fn code_of(call: &Call, unit: UnitId) -> String {
        get_unit(call, unit).map_or_else(|_| unit.to_string(), |unit| unit.code)
    }

    /// The login of an account, or its number when it cannot be read.
    pub fn login_of(call: &Call, account: AccountId) -> String {
        get_account(call, account).map_or_else(|_| account.to_string(), |account| account.login)
    }
}
