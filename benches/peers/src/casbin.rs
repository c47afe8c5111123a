//! Casbin with its model of roles in domains: units are the domains, a permission is a resource in the group of each
//! role that holds it (`g2`), and there is one policy for each role.
//!
//! Domains have no tree and roles no labels. So who holds a role for a unit holds it in each domain below, under a
//! name for each label it reaches, and under another name where only own records are meant.

use std::collections::BTreeSet;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use ::casbin::{CoreApi, DefaultModel, Enforcer, MgmtApi, NullAdapter};
use dinh_model::Label;

use crate::Peer;
use crate::held::{above, holders, roles};
use crate::setting::Setting;

const MODEL: &str = r#"
[request_definition]
r = sub, unit, act, reach, own

[policy_definition]
p = role

[role_definition]
g = _, _, _
g2 = _, _

[policy_effect]
e = some(where (p.eft == allow))

[matchers]
m = g2(r.act, p.role) && (g(r.sub, p.role + r.reach, r.unit) || g(r.sub, p.role + r.own, r.unit))
"#;

/// What follows a role's name for those who hold it for a label, or for own records with that label.
fn reach(label: Label, own: bool) -> String {
    format!("/{}{}", label as u8, if own { "/own" } else { "" })
}

/// Casbin, ready to be asked.
pub fn peer(setting: &Setting) -> Peer {
    let facts = &setting.facts;
    let policies = facts.roles.iter().map(|role| vec![role.id.to_string()]).collect();
    let permissions = facts.permissions.iter().zip(roles(facts));
    let held_by = permissions
        .flat_map(|(permission, roles)| {
            roles.into_iter().map(|role| vec![permission.to_string(), role.to_string()])
        })
        .collect();
    let mut enforcer = at_once(async {
        let model = DefaultModel::from_str(MODEL).await.unwrap();
        let mut enforcer = Enforcer::new(model, NullAdapter).await.unwrap();
        enforcer.add_policies(policies).await.unwrap();
        enforcer.add_named_grouping_policies("g2", held_by).await.unwrap();
        enforcer.add_grouping_policies(links(setting)).await.unwrap();
        enforcer
    });
    enforcer.enable_auto_save(false);
    let requests: Vec<Vec<String>> = setting
        .questions
        .iter()
        .map(|question| {
            let all = reach(question.label, false);
            let own = if question.own() { reach(question.label, true) } else { all.clone() };
            let permission = question.permission(facts).to_string();
            vec![question.principal().name(), question.unit.to_string(), permission, all, own]
        })
        .collect();
    Box::new(move |question| enforcer.enforce(requests[question].clone()).unwrap())
}

/// Who holds which role in which domain.
fn links(setting: &Setting) -> Vec<Vec<String>> {
    let above = above(&setting.facts);
    let mut links = BTreeSet::new();
    for (principal, held) in holders(setting) {
        for held in held {
            for unit in above.iter().filter(|(_, above)| above.contains(&held.unit)).map(|(unit, _)| unit) {
                for label in Label::ALL.into_iter().filter(|label| *label <= held.label) {
                    let role = format!("{}{}", held.role, reach(label, held.own));
                    links.insert(vec![principal.name(), role, unit.to_string()]);
                }
            }
        }
    }
    links.into_iter().collect()
}

/// Nothing here waits for anything.
fn at_once<T>(work: impl Future<Output = T>) -> T {
    match pin!(work).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(done) => done,
        Poll::Pending => panic!("it waits"),
    }
}
