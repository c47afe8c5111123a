//! Cedar, set up as its guide advises: few policies over entities.
//!
//! Units are entities in their tree. A role is an action group of its permissions, with one policy. A principal is
//! an entity; its tag for a role, a label and whether only own records are meant holds the units it has it for.

use std::collections::HashMap;

use cedar_policy::{
    Authorizer, Context, Decision, Entities, Entity, EntityId, EntityTypeName, EntityUid, PolicySet, Request,
    RestrictedExpression,
};
use dinh_access::Facts;
use dinh_model::{Label, UnitId};

use crate::Peer;
use crate::held::{Held, holders, roles};
use crate::setting::{Principal, Question, Setting};

/// The name of an entity.
pub fn uid(kind: &str, id: impl ToString) -> EntityUid {
    let kind: EntityTypeName = kind.parse().unwrap();
    EntityUid::from_type_name_and_id(kind, EntityId::new(id.to_string()))
}

/// Cedar, ready to be asked.
pub fn peer(setting: &Setting) -> Peer {
    let authorizer = Authorizer::new();
    let policies = policies(&setting.facts);
    let people = holders(setting).into_iter().map(|(principal, held)| person(principal, held));
    let entities = units(&setting.facts).chain(actions(&setting.facts)).chain(people);
    let entities = Entities::from_entities(entities, None).unwrap();
    let requests: Vec<Request> =
        setting.questions.iter().map(|question| request(&setting.facts, question)).collect();
    Box::new(move |question| {
        let answer = authorizer.is_authorized(&requests[question], &policies, &entities);
        answer.decision() == Decision::Allow
    })
}

/// What a tag is called.
fn tag(role: &str, label: Label, own: bool) -> String {
    format!("{role}/{}{}", label as u8, if own { "/own" } else { "" })
}

fn policies(facts: &Facts) -> PolicySet {
    let mut text = String::new();
    for role in &facts.roles {
        let role = role.id.as_str();
        let mut ways = Vec::new();
        for (own, label) in [false, true].into_iter().flat_map(|own| Label::ALL.map(|label| (own, label))) {
            let tag = tag(role, label, own);
            let own = if own { "context has owner && context.owner == principal.person && " } else { "" };
            ways.push(format!(
                "({own}context.label <= {} && principal.hasTag(\"{tag}\") && resource in principal.getTag(\"{tag}\"))",
                label as u8,
            ));
        }
        text.push_str(&format!(
            "permit(principal, action in Action::\"{role}\", resource) when {{ {} }};\n",
            ways.join(" || ")
        ));
    }
    text.parse().unwrap()
}

fn units(facts: &Facts) -> impl Iterator<Item = Entity> {
    facts.units.iter().map(|unit| {
        let parent = unit.parent.map(|parent| uid("Unit", parent));
        Entity::new_no_attrs(uid("Unit", unit.id), parent.into_iter().collect())
    })
}

fn actions(facts: &Facts) -> impl Iterator<Item = Entity> {
    facts.permissions.iter().zip(roles(facts)).map(|(permission, roles)| {
        let groups = roles.into_iter().map(|role| uid("Action", role));
        Entity::new_no_attrs(uid("Action", permission), groups.collect())
    })
}

fn person(principal: Principal, held: impl IntoIterator<Item = Held>) -> Entity {
    let mut tags: HashMap<String, Vec<UnitId>> = HashMap::new();
    for Held { role, unit, label, own } in held {
        tags.entry(tag(role.as_str(), label, own)).or_default().push(unit);
    }
    let units = |units: Vec<UnitId>| {
        let units = units.into_iter().map(|unit| RestrictedExpression::new_entity_uid(uid("Unit", unit)));
        RestrictedExpression::new_set(units)
    };
    let person = RestrictedExpression::new_entity_uid(uid("Person", principal.person()));
    Entity::new_with_tags(
        uid("Principal", principal.name()),
        [("person".to_owned(), person)],
        [],
        tags.into_iter().map(|(tag, held)| (tag, units(held))),
    )
    .unwrap()
}

fn request(facts: &Facts, question: &Question) -> Request {
    let label = RestrictedExpression::new_long(question.label as i64);
    let owner = question.owner.map(|owner| RestrictedExpression::new_entity_uid(uid("Person", owner)));
    let context = [("label".to_owned(), label)].into_iter();
    Request::new(
        uid("Principal", question.principal().name()),
        uid("Action", question.permission(facts)),
        uid("Unit", question.unit),
        Context::from_pairs(context.chain(owner.map(|owner| ("owner".to_owned(), owner)))).unwrap(),
        None,
    )
    .unwrap()
}
