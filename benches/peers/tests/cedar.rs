//! A second opinion: Cedar decides the same cases from policies written out from the sentences of the rule.
//!
//! The translation: units are entities in their tree; accounts are entities that know whether they are active and
//! what they are cleared for. Everything else is policies, one for each way in which a grant reaches somebody: a
//! grant to an account; a grant to a position, once for each who holds it, within both terms; and a lent grant, once
//! for each way in which its lender has it, asked for with the lender in the context and within all terms, both
//! accounts active and both cleared. What a plugin was admitted with and what is public is a policy each. The
//! permission, the label as a number, the moment in microseconds and the owner are the request's context. There is
//! no `forbid`, as there are no deny rules.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

#[allow(dead_code, reason = "the engine's tests use more of it")]
#[path = "../../../host/access/tests/organisation/mod.rs"]
mod organisation;

use std::collections::BTreeMap;

use cedar_policy::{
    Authorizer, Context, Decision, Entities, Entity, PolicySet, Request, RestrictedExpression,
};
use dinh_access::{Facts, Grant, Grantee, Policy, Term};
use dinh_model::{AccountId, Actor, Label, Permission, Target, Timestamp, time};
use dinh_peers::cedar::uid;

use crate::organisation::{Organisation, Random, moment};

/// Cases of a normal run. A longer run: `DINH_CEDAR_CASES=1000000`.
fn cases() -> usize {
    std::env::var("DINH_CEDAR_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(20_000)
}

const PER_ORGANISATION: usize = 50;

fn microseconds(moment: Timestamp) -> i64 {
    time::microseconds(moment)
}

/// The condition that `now` is inside a term.
fn inside(term: Term) -> String {
    let from = format!("context.now >= {}", microseconds(term.from));
    match term.until {
        Some(until) => format!("{from} && context.now < {}", microseconds(until)),
        None => from,
    }
}

/// What a grant asks of a request, whoever has it; `person` is whose records are their own.
fn reaches(facts: &Facts, grant: &Grant, person: AccountId) -> String {
    let own = if grant.scope.own {
        format!("&& context has owner && context.owner == Account::\"{person}\"")
    } else {
        String::new()
    };
    let role = facts.roles.iter().find(|role| role.id == grant.role).unwrap();
    let permissions: Vec<String> = role.permissions.iter().map(|name| format!("\"{name}\"")).collect();
    format!(
        "[{}].contains(context.permission) && resource in Unit::\"{}\" && context.label <= {} && {} {own}",
        permissions.join(", "),
        grant.scope.unit,
        grant.label as u8,
        inside(grant.term),
    )
}

/// The terms in which a person has a grant; none when they do not.
fn has(facts: &Facts, person: AccountId, grant: &Grant) -> Vec<Term> {
    match grant.to {
        Grantee::Account(to) if to == person => vec![Term::ALWAYS],
        Grantee::Account(_) => Vec::new(),
        Grantee::Position(position) => {
            let held =
                facts.holdings.iter().filter(|held| (held.account, held.position) == (person, position));
            held.map(|held| held.term).collect()
        }
    }
}

fn policies(facts: &Facts) -> PolicySet {
    let mut text = String::new();
    for account in &facts.accounts {
        for grant in &facts.grants {
            for held in has(facts, account.id, grant) {
                text.push_str(&format!(
                    "permit(principal == Account::\"{}\", action, resource) when {{ !(context has lender) && \
                     principal.active && context.label <= principal.clearance && {} && {} }};\n",
                    account.id,
                    inside(held),
                    reaches(facts, grant, account.id),
                ));
            }
        }
    }
    for loan in &facts.delegations {
        for grant in facts.grants.iter().filter(|grant| loan.grants.contains(&grant.id)) {
            for held in has(facts, loan.lender, grant) {
                text.push_str(&format!(
                    "permit(principal == Account::\"{}\", action, resource) when {{ context has lender && \
                     context.lender == Account::\"{}\" && principal.active && context.lender.active && \
                     context.label <= principal.clearance && context.label <= context.lender.clearance && \
                     {} && {} && {} }};\n",
                    loan.borrower,
                    loan.lender,
                    inside(loan.term),
                    inside(held),
                    reaches(facts, grant, loan.lender),
                ));
            }
        }
    }
    for grant in &facts.services {
        text.push_str(&format!(
            "permit(principal == Plugin::\"{}\", action, resource in Unit::\"{}\") when {{ \
             context.permission == \"{}\" && context.label <= {} }};\n",
            grant.plugin, grant.unit, grant.permission, grant.label as u8,
        ));
    }
    for grant in &facts.public {
        text.push_str(&format!(
            "permit(principal == Public::\"everybody\", action, resource in Unit::\"{}\") when {{ \
             context.permission == \"{}\" && context.label == 0 }};\n",
            grant.unit, grant.permission,
        ));
    }
    text.parse().unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn entities(facts: &Facts) -> Entities {
    let units = facts.units.iter().map(|unit| {
        let parent = unit.parent.map(|parent| uid("Unit", parent));
        Entity::new_no_attrs(uid("Unit", unit.id), parent.into_iter().collect())
    });
    let accounts = facts.accounts.iter().map(|account| {
        let attributes = [
            ("active".to_owned(), RestrictedExpression::new_bool(account.active)),
            ("clearance".to_owned(), RestrictedExpression::new_long(account.clearance as i64)),
        ];
        Entity::new(uid("Account", account.id), attributes.into_iter().collect(), Default::default()).unwrap()
    });
    Entities::from_entities(units.chain(accounts), None).unwrap()
}

fn request(actor: &Actor, permission: &Permission, target: &Target, now: Timestamp) -> Request {
    let account = |id: AccountId| RestrictedExpression::new_entity_uid(uid("Account", id));
    let mut context = vec![
        ("permission".to_owned(), RestrictedExpression::new_string(permission.to_string())),
        ("label".to_owned(), RestrictedExpression::new_long(target.label as i64)),
        ("now".to_owned(), RestrictedExpression::new_long(microseconds(now))),
    ];
    context.extend(target.owner.map(|owner| ("owner".to_owned(), account(owner))));
    let principal = match actor {
        Actor::Person { account: person, on_behalf_of } => {
            context.extend(on_behalf_of.map(|lender| ("lender".to_owned(), account(lender))));
            uid("Account", person)
        }
        Actor::Service(plugin) => uid("Plugin", plugin),
        Actor::Public => uid("Public", "everybody"),
    };
    let context = Context::from_pairs(context).unwrap();
    Request::new(principal, uid("Action", "act"), uid("Unit", target.unit), context, None).unwrap()
}

/// How often each kind of actor was allowed and refused.
type Tally = BTreeMap<&'static str, [usize; 2]>;

fn kind(actor: &Actor) -> &'static str {
    match actor {
        Actor::Person { on_behalf_of: None, .. } => "somebody in their own right",
        Actor::Person { on_behalf_of: Some(_), .. } => "somebody on another's behalf",
        Actor::Service(_) => "a plugin",
        Actor::Public => "everybody",
    }
}

#[test]
fn cedar_decides_as_the_engine_does_in_every_random_case() {
    let authorizer = Authorizer::new();
    let mut tally = Tally::new();
    for seed in 0..cases().div_ceil(PER_ORGANISATION) as u64 {
        let mut random = Random(seed ^ 0xceda_0000);
        let organisation = Organisation::new(&mut random);
        let facts = &organisation.facts;
        let policy = Policy::compile(facts, 1).unwrap();
        let (policies, entities) = (policies(facts), entities(facts));
        for _ in 0..PER_ORGANISATION {
            let actor = organisation.actor(&mut random);
            let permission = random.pick(&facts.permissions);
            let target = organisation.target(&mut random);
            let now = moment(&mut random);
            let ours = policy.check(&actor, policy.permission(&permission).unwrap(), &target, now);
            let request = request(&actor, &permission, &target, now);
            let theirs = authorizer.is_authorized(&request, &policies, &entities);
            let said = || {
                format!(
                    "seed {seed}: {actor:?} asks for {permission} of {target:?} at {now} among {facts:#?}\n{policies}"
                )
            };
            // A policy that cannot be evaluated is one that Cedar leaves out.
            let errors: Vec<_> = theirs.diagnostics().errors().collect();
            assert!(errors.is_empty(), "{errors:?}: {}", said());
            assert_eq!(ours, theirs.decision() == Decision::Allow, "{}", said());
            tally.entry(kind(&actor)).or_default()[usize::from(ours)] += 1;
        }
    }
    // Both answers are frequent, whoever asks.
    let all: usize = tally.values().flatten().sum();
    assert!(all >= cases() && tally.len() == 4, "{tally:?}");
    let allowed: usize = tally.values().map(|[_, allowed]| allowed).sum();
    assert!((all / 20..all / 2).contains(&allowed), "{tally:?}");
    assert!(tally.values().flatten().all(|times| *times > all / 200), "{tally:?}");
}

#[test]
fn labels_are_ordered_by_the_numbers_that_cedar_is_told() {
    assert!(Label::ALL.is_sorted_by_key(|label| *label as u8) && Label::ALL.is_sorted());
}
