//! Where a call comes from: all that a call may depend on besides the store.

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use dinh_model::{Actor, Language, Permission, Timestamp};

use sha2::{Digest, Sha256};

use crate::accounts::TokenScope;

/// Where a call comes from. Together with the snapshot it decides everything a call does: a call that is
/// run again with the same origin over the same data does the same.
#[derive(Clone, Debug)]
pub struct Origin {
    /// Who acts.
    pub actor: Actor,
    /// The language of what is said back.
    pub language: Language,
    /// The call's one instant.
    pub now: Timestamp,
    /// What the call's random numbers are made from.
    pub seed: [u8; 32],
    /// Deeds of the host that were performed with it and its copies. Each draws numbers of its own, so that no record of
    /// one is taken for that of another.
    pub(crate) deeds: Arc<AtomicU32>,
    /// Break-glass: the owner of the data folder acts beside the rules. Every check passes, and every call
    /// that relied on it says so in the evidence.
    pub operator: bool,
    /// The access token that the call came with, if it did: what the call may is what the actor may, as far as the
    /// token reaches.
    pub scope: Option<Arc<TokenScope>>,
    /// The address that the request came from, if it came over the network: what attempts are counted under. It is in no
    /// evidence.
    pub address: Option<IpAddr>,
    /// The command that the call was brought by, if it was: then nobody signed in, and every entry of its evidence
    /// says so.
    pub command: Option<Arc<Command>>,
}

/// A command of the owner of the data folder, who is trusted to name the account it acts as (`docs/decisions/0005`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// Its name, such as `grant give`.
    pub name: String,
    /// Number of the user of the operating system who typed it.
    pub system_user: u32,
    /// Why it acts beside the rules; empty under the rules.
    pub reason: String,
}

impl Command {
    /// What the evidence says of it.
    pub(crate) fn detail(&self) -> [(&'static str, String); 3] {
        [
            ("channel", "command".to_owned()),
            ("command", self.name.clone()),
            ("system-user", self.system_user.to_string()),
        ]
    }
}

impl Origin {
    /// The same for the next deed of the host, however often that is run again.
    pub(crate) fn deed(&self) -> Self {
        let mut deed = self.clone();
        let before = self.deeds.fetch_add(1, Ordering::Relaxed);
        if before > 0 {
            let seed = Sha256::new().chain_update(self.seed).chain_update(b"deed");
            deed.seed = seed.chain_update(before.to_le_bytes()).finalize().into();
        }
        deed
    }

    /// The same as somebody else.
    pub fn acting_as(mut self, actor: Actor) -> Self {
        self.actor = actor;
        self
    }

    /// The same within the scope of an access token.
    pub fn within(mut self, scope: Option<Arc<TokenScope>>) -> Self {
        self.scope = scope;
        self
    }

    /// The same, from an address.
    pub fn from_address(mut self, address: IpAddr) -> Self {
        self.address = Some(address);
        self
    }

    /// The same as the person themselves, on nobody's behalf: for what people do to their own account, which bears one
    /// name in the evidence.
    pub fn oneself(mut self) -> Self {
        if let Actor::Person { on_behalf_of, .. } = &mut self.actor {
            *on_behalf_of = None;
        }
        self
    }

    /// Whether the access token that the call came with, if it did, reaches a permission.
    pub fn reaches(&self, permission: &Permission) -> bool {
        self.scope.as_ref().is_none_or(|scope| scope.reaches(permission))
    }

    /// Whether nothing may be written.
    pub fn is_read_only(&self) -> bool {
        self.scope.as_ref().is_some_and(|scope| scope.read_only)
    }

    /// The same, brought by a command.
    pub fn by_command(mut self, command: Command) -> Self {
        self.command = Some(Arc::new(command));
        self
    }

    /// The same as the owner of the data folder (`--as-operator`).
    pub fn as_operator(mut self) -> Self {
        self.operator = true;
        self
    }
}
