//! As whom a command acts.

use dinh_model::{Actor, Language, PluginId};
use dinh_services::accounts::{AccountState, find_account};
use dinh_services::{Call, Origin, Platform, ServiceError, Thing};
use serde::{Deserialize, Serialize};

/// As whom a command acts, and which user of the operating system said so.
///
/// Whoever owns the data folder is trusted to name the account (`docs/decisions/0005`): what is written
/// is marked as done by command, so that the evidence never looks like a sign-in of that person.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Authority {
    /// The account; none to act beside the rules, as the owner of the folder.
    login: Option<String>,
    /// The account that lent the rights used.
    #[serde(default)]
    on_behalf_of: Option<String>,
    /// User number of the operating system.
    user: u32,
}

impl Authority {
    /// The account with this login, under its rights.
    pub fn account(login: String) -> Self {
        Self { login: Some(login), on_behalf_of: None, user: our_user() }
    }

    /// The owner of the folder, beside the rules.
    pub fn operator() -> Self {
        Self { login: None, on_behalf_of: None, user: our_user() }
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

    /// Where a call of this authority comes from.
    pub fn origin(&self, platform: &Platform) -> Result<Origin, ServiceError> {
        let nobody = platform.origin(Actor::Public, Language::En);
        let Some(login) = &self.login else {
            let ourselves = platform_itself()?;
            return Ok(Origin { actor: Actor::Service(ourselves), ..nobody }.as_operator());
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
        Ok(Origin { actor: Actor::Person { account: account.id, on_behalf_of }, ..nobody })
    }

    /// Runs a deed under this authority and commits it. What was changed, and whatever was done beside the
    /// rules, is marked in the evidence as done by `command`.
    pub fn perform<T>(
        &self,
        platform: &Platform,
        command: &str,
        mut deed: impl FnMut(&mut Call) -> Result<T, ServiceError>,
    ) -> Result<T, ServiceError> {
        platform.perform(&self.origin(platform)?, |call| {
            let done = deed(call)?;
            if call.transaction.writes() || call.origin.operator {
                self.mark(call, command);
            }
            Ok(done)
        })
    }

    /// Puts into the evidence that `command` was run, and by which user of the operating system.
    pub fn mark(&self, call: &mut Call, command: &str) {
        call.evidence("command.run", format!("command:{command}"), [("system-user", self.user.to_string())]);
    }
}

fn our_user() -> u32 {
    rustix::process::geteuid().as_raw()
}

/// The platform itself, as who acts when the owner of the folder does.
fn platform_itself() -> Result<PluginId, ServiceError> {
    PluginId::PLATFORM.parse().map_err(|_| ServiceError::Damaged { what: "name of the platform".into() })
}
