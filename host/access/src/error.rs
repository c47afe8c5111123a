//! Why facts do not make a policy.

use std::fmt;

use dinh_model::{AccountId, GrantId, Permission, PositionId, RoleId, Timestamp, UnitId};

/// Facts that contradict themselves, named so that the one that is wrong can be found and put right.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CompileError {
    /// Units that contain each other.
    #[error("the unit tree has a cycle: {}; give one of them another parent", path(.0))]
    Cycle(Vec<UnitId>),
    /// Two facts with one number or name.
    #[error("{what} {id} is there twice; keep one")]
    Twice {
        /// Kind of fact.
        what: &'static str,
        /// Its number or name.
        id: String,
    },
    /// A unit that is named but not in the tree.
    #[error("{by} names unit {unit}, which does not exist")]
    UnknownUnit {
        /// What names it.
        by: String,
        /// Its number.
        unit: UnitId,
    },
    /// A role that is named but not defined.
    #[error("{by} names role {role}, which is not defined")]
    UnknownRole {
        /// What names it.
        by: String,
        /// Its name.
        role: RoleId,
    },
    /// An account that is named but does not exist.
    #[error("{by} names account {account}, which does not exist")]
    UnknownAccount {
        /// What names it.
        by: String,
        /// Its number.
        account: AccountId,
    },
    /// A position that is named but does not exist.
    #[error("{by} names position {position}, which does not exist")]
    UnknownPosition {
        /// What names it.
        by: String,
        /// Its number.
        position: PositionId,
    },
    /// A permission that is named but not declared.
    #[error("{by} names permission {permission}, which no manifest declares")]
    UnknownPermission {
        /// What names it.
        by: String,
        /// Its name.
        permission: Permission,
    },
    /// A term whose end lies before its beginning.
    #[error("the term of {of} ends at {until}, before it begins at {from}")]
    EndsBeforeItBegins {
        /// Whose term.
        of: TermOf,
        /// Its beginning.
        from: Timestamp,
        /// Its end.
        until: Timestamp,
    },
    /// A borrowed grant that is lent on.
    #[error(
        "delegation {delegation} lends grant {grant}, which account {lender} has only by delegation; \
         a person lends only their own grants"
    )]
    DelegationOfDelegation {
        /// The delegation.
        delegation: u32,
        /// Who lends on.
        lender: AccountId,
        /// What was borrowed.
        grant: GrantId,
    },
    /// A grant of somebody else that is lent.
    #[error(
        "delegation {delegation} lends grant {grant}, which is not account {lender}'s; \
         a person lends only their own grants"
    )]
    NotTheLenders {
        /// The delegation.
        delegation: u32,
        /// Who lends.
        lender: AccountId,
        /// What is not theirs.
        grant: GrantId,
    },
    /// More than the tables hold.
    #[error("the policy is too large for its tables: {what} is {found}, at most {most} fits")]
    TooLarge {
        /// What there is too much of.
        what: &'static str,
        /// How much there is.
        found: usize,
        /// How much fits.
        most: usize,
    },
}

/// Whose term is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TermOf {
    /// A grant's.
    Grant(GrantId),
    /// A delegation's.
    Delegation(u32),
    /// That of a person's holding of a position.
    Holding(AccountId, PositionId),
}

impl fmt::Display for TermOf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Grant(grant) => write!(f, "grant {grant}"),
            Self::Delegation(delegation) => write!(f, "delegation {delegation}"),
            Self::Holding(account, position) => write!(f, "account {account} in position {position}"),
        }
    }
}

fn path(units: &[UnitId]) -> String {
    let mut text = String::new();
    for unit in units.iter().chain(units.first()) {
        if !text.is_empty() {
            text.push_str(" is under ");
        }
        text.push_str(&unit.to_string());
    }
    text
}
