//! What ends with an account that is closed, as commands show it.

use dinh_model::{DelegationId, RequestId};
use dinh_services::Call;
use dinh_services::accounts::{Closing, get_grant, get_position};
use serde::Serialize;

use super::super::named;
use crate::reply::count;

/// What ends with an account.
#[derive(Serialize)]
pub(super) struct Ends {
    grants: Vec<String>,
    positions: Vec<String>,
    delegations: Vec<DelegationId>,
    requests: Vec<RequestId>,
    access_tokens: usize,
}

impl Ends {
    pub(super) fn new(call: &Call, closing: &Closing) -> Self {
        let grant = |id: &_| match get_grant(call, *id) {
            Ok(grant) => format!("{} in {}", grant.role, named::code_of(call, grant.scope.unit)),
            Err(_) => format!("grant {id}"),
        };
        let position = |id: &_| match get_position(call, *id) {
            Ok(position) => format!("{} in {}", position.title.vi, named::code_of(call, position.unit)),
            Err(_) => format!("position {id}"),
        };
        Self {
            grants: closing.grants.iter().map(grant).collect(),
            positions: closing.positions.iter().map(position).collect(),
            delegations: closing.delegations.clone(),
            requests: closing.requests.clone(),
            access_tokens: closing.tokens,
        }
    }

    /// In words; that it is nothing, too.
    pub(super) fn words(&self) -> String {
        let numbers = |ids: Vec<String>| ids.join(", ");
        let mut parts = Vec::new();
        let mut add = |what: &str, named: String| {
            if !named.is_empty() {
                parts.push(format!("{what} {named}"));
            }
        };
        add("grants of", self.grants.join(", "));
        add("positions", self.positions.join(", "));
        add("delegations", numbers(self.delegations.iter().map(ToString::to_string).collect()));
        add("requests", numbers(self.requests.iter().map(ToString::to_string).collect()));
        if self.access_tokens > 0 {
            parts.push(count(self.access_tokens, "access token", "access tokens"));
        }
        if parts.is_empty() { "nothing else".to_owned() } else { parts.join("; ") }
    }
}
