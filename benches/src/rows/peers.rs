//! Other engines on the same decisions: the province's accounts, units, roles and grants, a few thousand of the same
//! random questions, every answer compared with the engine's before anything is measured.
//!
//! Each is set up as its own guide advises, with whatever can be worked out beforehand worked out beforehand, and
//! asked with requests that are ready made.
//!
//! - **Cedar**: few policies over entities. Units are entities in their tree, accounts are entities; a role is an
//!   action group of its permissions, and a person's tag for a role names the units they hold it for. One policy for
//!   each role and kind of reach (label × own records), eighty in all; terms are those of the day. What one person
//!   lends another is a principal of its own.

use std::collections::{HashMap, HashSet};

use cedar_policy::{
    Authorizer, Context, Decision, Entities, Entity, EntityId, EntityTypeName, EntityUid, PolicySet, Request,
    RestrictedExpression,
};
use dinh_access::{Facts, Grant, Grantee, Term};
use dinh_model::{AccountId, Actor, GrantId, Label, UnitId};

use crate::organisation::{Question, now};

fn uid(kind: &str, id: impl ToString) -> EntityUid {
    let kind: EntityTypeName = kind.parse().unwrap();
    EntityUid::from_type_name_and_id(kind, EntityId::new(id.to_string()))
}

/// Cedar, ready to be asked.
pub struct Cedar {
    authorizer: Authorizer,
    policies: PolicySet,
    entities: Entities,
    requests: Vec<Request>,
}

/// What a tag is called: the role and the kind of reach.
fn tag(role: &str, label: Label, own: bool) -> String {
    format!("{role}/{}/{}", label as u8, u8::from(own))
}

/// Who asks, as a principal: a person, or a person with what another lent them.
fn principal(actor: &Actor) -> EntityUid {
    match actor {
        Actor::Person { account, on_behalf_of: Some(lender) } => uid("Person", format!("{account}/{lender}")),
        Actor::Person { account, on_behalf_of: None } => uid("Person", account),
        Actor::Service(_) | Actor::Public => uid("Person", "nobody"),
    }
}

impl Cedar {
    /// The province with questions.
    pub fn new(facts: &Facts, questions: &[Question]) -> Self {
        let roles = || facts.roles.iter().map(|role| role.id.as_str());
        let mut text = String::new();
        for role in roles() {
            for (label, own) in Label::ALL.into_iter().flat_map(|label| [(label, false), (label, true)]) {
                let tag = tag(role, label, own);
                let own = if own { "&& context has owner && context.owner == principal.person" } else { "" };
                text.push_str(&format!(
                    "permit(principal, action in Action::\"{role}\", resource) when {{ principal.hasTag(\"{tag}\") && \
                     resource in principal.getTag(\"{tag}\") && context.label <= {} {own} }};\n",
                    label as u8,
                ));
            }
        }
        let mut entities: Vec<Entity> = Vec::new();
        for unit in &facts.units {
            let parent: HashSet<EntityUid> =
                unit.parent.map(|parent| uid("Unit", parent)).into_iter().collect();
            entities.push(Entity::new_no_attrs(uid("Unit", unit.id), parent));
        }
        for permission in &facts.permissions {
            let held = facts.roles.iter().filter(|role| role.permissions.contains(permission));
            let groups = held.map(|role| uid("Action", &role.id)).collect();
            entities.push(Entity::new_no_attrs(uid("Action", permission), groups));
        }
        entities.extend(people(facts));
        let requests = questions.iter().map(|question| request(facts, question)).collect();
        Self {
            authorizer: Authorizer::new(),
            policies: text.parse().unwrap(),
            entities: Entities::from_entities(entities, None).unwrap(),
            requests,
        }
    }

    /// The answer to one of the questions.
    pub fn check(&self, question: usize) -> bool {
        let answer = self.authorizer.is_authorized(&self.requests[question], &self.policies, &self.entities);
        answer.decision() == Decision::Allow
    }
}

/// Everybody who may act, with a tag for each role and kind of reach they have today, and everybody again for each
/// lender.
fn people(facts: &Facts) -> Vec<Entity> {
    let active: HashMap<AccountId, Label> =
        facts.accounts.iter().filter(|fact| fact.active).map(|fact| (fact.id, fact.clearance)).collect();
    let grants: HashMap<GrantId, &Grant> = facts.grants.iter().map(|grant| (grant.id, grant)).collect();
    let in_force = |term: Term| term.contains(now());
    // By principal: whose records are their own, and the units of each tag.
    let mut tags: HashMap<String, (AccountId, HashMap<String, Vec<UnitId>>)> = HashMap::new();
    let mut give = |principal: String, person: AccountId, grant: &Grant, label: Label| {
        let tag = tag(grant.role.as_str(), grant.label.min(label), grant.scope.own);
        let (_, tags) = tags.entry(principal).or_insert((person, HashMap::new()));
        tags.entry(tag).or_default().push(grant.scope.unit);
    };
    for grant in facts.grants.iter().filter(|grant| in_force(grant.term)) {
        if let Grantee::Account(account) = grant.to
            && let Some(label) = active.get(&account)
        {
            give(account.to_string(), account, grant, *label);
        }
    }
    for loan in facts.delegations.iter().filter(|loan| in_force(loan.term)) {
        let (Some(lenders), Some(borrowers)) = (active.get(&loan.lender), active.get(&loan.borrower)) else {
            continue;
        };
        for grant in
            loan.grants.iter().filter_map(|grant| grants.get(grant)).filter(|grant| in_force(grant.term))
        {
            let principal = format!("{}/{}", loan.borrower, loan.lender);
            give(principal, loan.lender, grant, *lenders.min(borrowers));
        }
    }
    let entity = |(principal, (person, tags)): (String, (AccountId, HashMap<String, Vec<UnitId>>))| {
        let units = |units: Vec<UnitId>| {
            RestrictedExpression::new_set(
                units.into_iter().map(|unit| RestrictedExpression::new_entity_uid(uid("Unit", unit))),
            )
        };
        let person = RestrictedExpression::new_entity_uid(uid("Person", person));
        Entity::new_with_tags(
            uid("Person", principal),
            [("person".to_owned(), person)],
            [],
            tags.into_iter().map(|(tag, held)| (tag, units(held))),
        )
        .unwrap()
    };
    tags.into_iter().map(entity).collect()
}

fn request(facts: &Facts, question: &Question) -> Request {
    let mut context =
        vec![("label".to_owned(), RestrictedExpression::new_long(question.target.label as i64))];
    let owner = question.target.owner.map(|owner| RestrictedExpression::new_entity_uid(uid("Person", owner)));
    context.extend(owner.map(|owner| ("owner".to_owned(), owner)));
    Request::new(
        principal(&question.actor),
        uid("Action", &facts.permissions[usize::from(question.permission)]),
        uid("Unit", question.target.unit),
        Context::from_pairs(context).unwrap(),
        None,
    )
    .unwrap()
}
