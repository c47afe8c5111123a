//! What can be typed after `dinh account`.

use clap::Subcommand;
use dinh_model::{Label, RequestId};
use serde::{Deserialize, Serialize};

use super::super::begin::Beginning;
use super::super::decide::DecideDeed;
use super::super::input::Wanted;
use super::super::sign_in::SignInDeed;
use super::import::ImportDeed;

/// What can be done to accounts.
#[derive(Subcommand, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AccountDeed {
    /// Ask for an account, which another person approves; its first password is asked for
    Create {
        /// The sign-in name: a–z, 0–9, `.`, `-`, `_` [default: the next free one by the rule, such as nvan-skhdt]
        login: Option<String>,
        /// The person's full name
        #[arg(long, value_name = "NAME")]
        full_name: String,
        /// Code of the unit the person belongs to
        #[arg(long, value_name = "CODE")]
        unit: String,
        /// The highest label the person is cleared for: ordinary or confidential
        #[arg(long, value_name = "LABEL", default_value_t = Label::Ordinary)]
        clearance: Label,
        /// Read the password from standard input
        #[arg(long)]
        password_stdin: bool,
        /// The person need not change it at the first sign-in
        #[arg(long)]
        keep_password: bool,
    },
    /// Begin a house that has no account: two people, each with a password of their own; with --as-operator
    Begin(Box<Beginning>),
    /// Say what a file of people would make of it; with --apply, ask for all the accounts in one request
    Import(ImportDeed),
    /// List the accounts that whoever acts manages
    List {
        /// Only those of this unit and all below it
        #[arg(long, value_name = "CODE")]
        unit: Option<String>,
        /// Those that this request of an import is for, instead
        #[arg(long, value_name = "NUMBER", conflicts_with = "unit")]
        request: Option<RequestId>,
        /// At most so many
        #[arg(long, value_name = "NUMBER", default_value_t = 1_000)]
        limit: usize,
        /// Go on after this account
        #[arg(long, value_name = "LOGIN")]
        after: Option<String>,
    },
    /// Show an account
    Show {
        /// The sign-in name
        login: String,
    },
    /// Suspend an account: from now on it can neither sign in nor do anything
    Suspend {
        /// The sign-in name
        login: String,
        /// Why
        #[arg(long, default_value = "")]
        reason: String,
    },
    /// Activate a suspended account
    Activate {
        /// The sign-in name
        login: String,
    },
    /// Close an account for good, and end all that it has: grants, positions, delegations, requests, access tokens
    Close {
        /// The sign-in name
        login: String,
        /// Only show what would end
        #[arg(long)]
        dry_run: bool,
        /// Why
        #[arg(long, default_value = "")]
        reason: String,
    },
    /// Ask that an account goes to another unit; somebody else who approves accounts there does
    Transfer {
        /// The sign-in name
        login: String,
        /// Code of the unit it goes to
        #[arg(long, value_name = "CODE")]
        to: String,
        /// Why
        #[arg(long, default_value = "")]
        reason: String,
    },
    /// Correct a person's full name, at once; clearance is `clear`, the unit is `transfer`
    Update {
        /// The sign-in name
        login: String,
        /// The full name
        #[arg(long, value_name = "NAME")]
        full_name: String,
    },
    /// Show what somebody may and why: their grants, those of their positions, and what was lent to them
    Rights {
        /// The sign-in name
        login: String,
    },
    /// Change what a person is cleared for: less at once, more when another person approves
    Clear {
        /// The sign-in name
        login: String,
        /// The highest label: ordinary or confidential
        #[arg(long, value_name = "LABEL")]
        clearance: Label,
        /// Why
        #[arg(long, default_value = "")]
        reason: String,
    },
    /// Release the lock-out after too many wrong passwords
    Unlock {
        /// The sign-in name
        login: String,
    },
    /// Set a new password; it is asked for
    SetPassword {
        /// The sign-in name
        login: String,
        /// Read the password from standard input
        #[arg(long)]
        password_stdin: bool,
        /// The person need not change it at the next sign-in
        #[arg(long)]
        keep_password: bool,
    },
    /// Show what the evidence says of an account, newest first
    History {
        /// The sign-in name
        login: String,
        /// Only what came before this entry
        #[arg(long, value_name = "INDEX")]
        before: Option<u64>,
        /// At most so many entries
        #[arg(long, value_name = "NUMBER", default_value_t = 100)]
        limit: usize,
    },
    /// What is done about how somebody signs in.
    #[command(flatten)]
    SignIn(SignInDeed),
    /// What becomes of such a request.
    #[command(flatten)]
    Decide(DecideDeed),
}

impl AccountDeed {
    /// A password, for those that set one.
    pub(in crate::deeds) fn wanted(&self) -> Wanted {
        match self {
            Self::Create { password_stdin, .. } | Self::SetPassword { password_stdin, .. } => {
                Wanted::Password { stdin: *password_stdin }
            }
            Self::Begin(beginning) => beginning.wanted(),
            Self::Import(deed) => deed.wanted(),
            _ => Wanted::Nothing,
        }
    }
}
