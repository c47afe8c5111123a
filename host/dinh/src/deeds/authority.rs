//! As whom a command acts.

use dinh_model::{Actor, Language, PluginId, text};
use dinh_services::accounts::{AccountState, find_account};
use dinh_services::{Call, Command, Origin, Platform, ServiceError, Thing};
use serde::{Deserialize, Serialize};

/// As whom a command acts, and which user of the operating system said so.
///
/// Whoever owns the data folder is trusted to name the account (`docs/decisions/0005`): each entry of the evidence
/// is marked as left by a command, refusals too, so that none looks like a sign-in of that person.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Authority {
    /// The account; none to act beside the rules, as the owner of the folder.
    login: Option<String>,
    /// The account that lent the rights used.
    #[serde(default)]
    on_behalf_of: Option<String>,
    /// User number of the operating system.
    user: u32,
    /// Why the owner of the folder acts beside the rules; empty when nothing was said.
    #[serde(default)]
    reason: String,
}

/// Most characters of a reason.
const LONGEST_REASON: usize = 1_000;

impl Authority {
    /// The account with this login, under its rights.
    pub fn account(login: String) -> Self {
        Self { login: Some(login), on_behalf_of: None, user: our_user(), reason: String::new() }
    }

    /// The owner of the folder, beside the rules.
    pub fn operator() -> Self {
        Self { login: None, on_behalf_of: None, user: our_user(), reason: String::new() }
    }

    /// The same, for a reason.
    pub fn because(mut self, reason: impl Into<String>) -> Self {
        self.reason = reason.into();
        self
    }

    /// The same, with the rights that another account lent.
    pub fn on_behalf_of(mut self, lender: Option<String>) -> Self {
        self.on_behalf_of = lender;
        self
    }

    /// Whether the owner of the folder acts, beside the rules.
    pub fn is_operator(&self) -> bool {
        self.login.is_none()
    }

    /// The same, on the word of this user.
    pub fn of_user(mut self, user: u32) -> Self {
        self.user = user;
        self
    }

    /// Where a call of this authority comes from that `command` brings.
    pub fn origin(&self, platform: &Platform, command: &str) -> Result<Origin, ServiceError> {
        let operator = self.is_operator();
        let nobody = platform.origin(Actor::Public, Language::En).by_command(Command {
            name: command.to_owned(),
            system_user: self.user,
            reason: if operator { self.reason.trim().to_owned() } else { String::new() },
        });
        let Some(login) = &self.login else {
            return Ok(nobody.acting_as(Actor::Service(PluginId::platform())).as_operator());
        };
        let call = platform.begin(&nobody)?;
        let find = |login: &String| {
            find_account(&call, login)?.ok_or_else(|| ServiceError::not_found(Thing::Account, login))
        };
        let account = find(login)?;
        if account.state != AccountState::Active {
            return Err(ServiceError::invalid(
                format!("Tài khoản “{login}” không hoạt động."),
                format!("the account {login:?} is {} and can do nothing", account.state.as_str()),
            ));
        }
        let on_behalf_of = self.on_behalf_of.as_ref().map(find).transpose()?.map(|lender| lender.id);
        Ok(nobody.acting_as(Actor::Person { account: account.id, on_behalf_of }))
    }

    /// Runs a deed under this authority and commits it. What the evidence keeps of it is marked as left by `command`;
    /// beside the rules there is always an entry that says so, and no change without a reason.
    pub fn perform<T>(
        &self,
        platform: &Platform,
        command: &str,
        mut deed: impl FnMut(&mut Call) -> Result<T, ServiceError>,
    ) -> Result<T, ServiceError> {
        platform.perform(&self.origin(platform, command)?, |call| {
            let done = deed(call)?;
            call.acts_beside_the_rules();
            if call.transaction.writes() {
                self.may_change()?;
            }
            Ok(done)
        })
    }

    /// Goes on only if something may be changed: by an account, or beside the rules for a reason that can be read.
    pub fn may_change(&self) -> Result<(), ServiceError> {
        let reason = self.reason.trim();
        if !self.is_operator() {
            return Ok(());
        }
        if reason.is_empty() {
            return Err(ServiceError::invalid(
                "Làm ngoài quy định (--as-operator) phải có lý do: --reason \"…\".",
                "acting beside the rules (--as-operator) needs a reason, which the evidence keeps: --reason \"…\"",
            ));
        }
        if reason.chars().count() > LONGEST_REASON || reason.chars().any(text::is_hidden) {
            return Err(ServiceError::invalid(
                format!("Lý do (--reason) dài tối đa {LONGEST_REASON} ký tự và không có ký tự ẩn."),
                format!("a reason (--reason) has at most {LONGEST_REASON} characters, none of them hidden"),
            ));
        }
        Ok(())
    }
}

fn our_user() -> u32 {
    rustix::process::geteuid().as_raw()
}
