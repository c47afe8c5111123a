//! Biscuit: what a person holds is in a token of theirs, and the authorizer adds what the request is about: the roles
//! that hold the permission, and the unit with those above it.
//!
//! The token's signature was verified and the authorizer's source parsed beforehand. A token has to be loaded into an
//! authorizer for each request.

use std::collections::HashMap;
use std::fmt::Write;
use std::time::Duration;

use biscuit_auth::builder::AuthorizerBuilder;
use biscuit_auth::error::{Logic, Token};
use biscuit_auth::{AuthorizerLimits, Biscuit, KeyPair};

use crate::Peer;
use crate::held::{above, holders, roles};
use crate::setting::{Principal, Setting};

const POLICIES: &str = "
    allow if role($role), within($unit), holds($role, $unit, $label, false), asked($asked), $asked <= $label;
    allow if role($role), within($unit), holds($role, $unit, $label, true), asked($asked), $asked <= $label, own(true);
";

/// Biscuit, ready to be asked.
pub fn peer(setting: &Setting) -> Peer {
    let tokens = tokens(setting);
    let (roles, above) = (roles(&setting.facts), above(&setting.facts));
    // A millisecond, unless told: a busy machine may take longer.
    let limits = AuthorizerLimits { max_time: Duration::from_secs(10), ..AuthorizerLimits::default() };
    let policies = AuthorizerBuilder::new().code(POLICIES).unwrap().set_limits(limits);
    let requests: Vec<(Principal, AuthorizerBuilder)> = setting
        .questions
        .iter()
        .map(|question| {
            let mut code = format!("asked({}); own({});", question.label as u8, question.own());
            for role in &roles[usize::from(question.permission)] {
                write!(code, "role(\"{role}\");").unwrap();
            }
            for unit in &above[&question.unit] {
                write!(code, "within({unit});").unwrap();
            }
            (question.principal(), policies.clone().code(code).unwrap())
        })
        .collect();
    Box::new(move |question| {
        let (principal, request) = &requests[question];
        match request.clone().build(&tokens[principal]).unwrap().authorize() {
            Ok(_) => true,
            Err(Token::FailedLogic(Logic::NoMatchingPolicy { .. })) => false,
            Err(error) => panic!("{error}"),
        }
    })
}

/// A token for everybody who asks.
fn tokens(setting: &Setting) -> HashMap<Principal, Biscuit> {
    let root = KeyPair::new();
    let holders = holders(setting);
    let mut tokens = HashMap::new();
    for principal in setting.questions.iter().map(|question| question.principal()) {
        tokens.entry(principal).or_insert_with(|| {
            let mut code = format!("principal(\"{}\");", principal.name());
            for held in holders.get(&principal).into_iter().flatten() {
                let (role, unit, label, own) = (&held.role, held.unit, held.label as u8, held.own);
                write!(code, "holds(\"{role}\", {unit}, {label}, {own});").unwrap();
            }
            Biscuit::builder().code(code).unwrap().build(&root).unwrap()
        });
    }
    tokens
}
