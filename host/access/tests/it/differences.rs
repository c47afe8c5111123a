//! What would change, against the oracle and in words.

use dinh_access::{Difference, Facts, Grant, Grantee, Policy, Scope, Term};
use dinh_model::{AccountId, Actor, Label, Language, Permission, Target, Timestamp};

use crate::oracle::Question;
use crate::organisation::{self, Organisation, Random, moment};
use crate::sentences::{BUDGET, HEALTH, LAN, MINH, at, facts, grant, in_year, now, read};

/// Facts somewhat different from others: people, grants, units and roles.
fn changed(facts: &Facts, plugins: &[dinh_model::PluginId], random: &mut Random) -> Facts {
    let mut next = facts.clone();
    for _ in 0..random.below(3) {
        let id = dinh_model::GrantId(u32::try_from(500 + next.grants.len()).unwrap());
        next.grants.push(organisation::grant(id, facts, random));
    }
    if random.percent(50) && !next.grants.is_empty() {
        let withdrawn = random.below(next.grants.len());
        next.grants.swap_remove(withdrawn);
    }
    if random.percent(30) {
        let account = random.below(next.accounts.len());
        next.accounts[account].active ^= true;
        next.accounts[account].clearance = organisation::label(random);
    }
    if random.percent(30) {
        next.holdings.clear();
    }
    if random.percent(30) {
        let unit = random.below(next.units.len());
        next.units[unit].parent = None;
    }
    if random.percent(30) {
        let role = random.below(next.roles.len());
        next.roles[role].permissions =
            facts.permissions.iter().filter(|_| random.percent(50)).cloned().collect();
    }
    if random.percent(20) {
        next.services = vec![organisation::service(facts, plugins, random)];
        next.public = vec![organisation::public(facts, random)];
    }
    next
}

/// Every actor there might be a difference for.
fn actors(facts: &Facts, organisation: &Organisation) -> Vec<Actor> {
    let people: Vec<AccountId> = facts.accounts.iter().map(|fact| fact.id).collect();
    let mut actors = Vec::new();
    for account in &people {
        actors.push(Actor::person(*account));
        actors.extend(
            people.iter().map(|lender| Actor::Person { account: *account, on_behalf_of: Some(*lender) }),
        );
    }
    actors.extend(organisation.plugins.iter().cloned().map(Actor::Service));
    actors.push(Actor::Public);
    actors
}

/// The moments between which nothing changes.
fn moments(facts: [&Facts; 2], now: Timestamp) -> Vec<Timestamp> {
    let terms = facts.into_iter().flat_map(|facts| {
        let grants = facts.grants.iter().map(|grant| grant.term);
        let holdings = facts.holdings.iter().map(|holding| holding.term);
        grants.chain(holdings).chain(facts.delegations.iter().map(|loan| loan.term))
    });
    let ends = terms.flat_map(|term: Term| [Some(term.from), term.until]).flatten();
    let mut moments: Vec<Timestamp> = ends.filter(|end| *end > now).chain([now]).collect();
    moments.sort();
    moments.dedup();
    moments
}

#[test]
fn a_difference_names_exactly_who_gains_and_who_loses_what() {
    let (mut gained, mut lost, mut nothing) = (0, 0, 0);
    for seed in 0..400 {
        let mut random = Random(seed);
        let organisation = Organisation::new(&mut random);
        let facts = &organisation.facts;
        let next = changed(facts, &organisation.plugins, &mut random);
        let now = moment(&mut random);
        let policy = Policy::compile(facts, 1).unwrap();
        let difference = policy.diff(&Policy::compile(&next, 2).unwrap(), now);
        let moments = moments([facts, &next], now);
        for actor in actors(facts, &organisation) {
            let mut expected: [Vec<Permission>; 2] = [Vec::new(), Vec::new()];
            let mut permissions = facts.permissions.clone();
            permissions.sort();
            for permission in permissions {
                let (mut gains, mut loses) = (false, false);
                let person = match &actor {
                    Actor::Person { account, on_behalf_of } => Some(on_behalf_of.unwrap_or(*account)),
                    _ => None,
                };
                for now in &moments {
                    for unit in &facts.units {
                        for (label, owner) in
                            Label::ALL.into_iter().flat_map(|label| [(label, None), (label, person)])
                        {
                            let target = Target { unit: unit.id, label, owner };
                            let asked = |facts| {
                                Question { facts, actor: &actor, permission: &permission, target, now: *now }
                                    .allowed()
                            };
                            let (before, after) = (asked(facts), asked(&next));
                            gains |= after && !before;
                            loses |= before && !after;
                        }
                    }
                }
                expected[0].extend(gains.then(|| permission.clone()));
                expected[1].extend(loses.then(|| permission.clone()));
            }
            let found = difference.changes.iter().find(|change| change.actor == actor);
            let found = found.map_or([&[][..], &[]], |change| [&change.gains, &change.loses]);
            assert_eq!(found, [&expected[0][..], &expected[1]], "seed {seed}: {actor:?}");
            gained += usize::from(!found[0].is_empty());
            lost += usize::from(!found[1].is_empty());
            nothing += usize::from(found[0].is_empty() && found[1].is_empty());
        }
        let mut order = difference.changes.clone();
        order.sort_by_key(|change| match &change.actor {
            Actor::Person { account, on_behalf_of } => (0, Some(*account), *on_behalf_of, None),
            Actor::Service(plugin) => (1, None, None, Some(plugin.clone())),
            Actor::Public => (2, None, None, None),
        });
        assert_eq!(difference.changes, order);
    }
    assert!(gained > 300 && lost > 300 && nothing > 1_000, "{gained} {lost} {nothing}");
}

fn diff(before: &Facts, after: &Facts) -> Difference {
    Policy::compile(before, 1).unwrap().diff(&Policy::compile(after, 2).unwrap(), now())
}

#[test]
fn whoever_approves_reads_how_many_gain_and_how_many_lose() {
    let before = Facts { grants: vec![grant(1, Grantee::Account(LAN))], ..facts() };
    let after = Facts { grants: vec![grant(2, Grantee::Account(MINH))], ..facts() };
    let difference = diff(&before, &after);
    assert_eq!((difference.gaining(), difference.losing()), (vec![MINH], vec![LAN]));
    assert_eq!(difference.text(Language::Vi), "1 người được thêm quyền; 1 người bị bớt quyền.");
    assert_eq!(difference.text(Language::En), "1 person gains rights; 1 person loses rights.");
    assert_eq!(difference.changes[0].loses, [read()]);
    assert_eq!(diff(&before, &before).text(Language::Vi), "Không ai được thêm hay bị bớt quyền.");
}

#[test]
fn a_second_grant_of_the_same_gives_nothing_and_withdrawing_one_of_two_takes_nothing() {
    let one = Facts { grants: vec![grant(1, Grantee::Account(LAN))], ..facts() };
    let two =
        Facts { grants: vec![grant(1, Grantee::Account(LAN)), grant(2, Grantee::Account(LAN))], ..facts() };
    assert_eq!(diff(&one, &two).changes, []);
    assert_eq!(diff(&two, &one).changes, []);
}

#[test]
fn a_right_that_begins_next_year_is_gained_and_one_that_is_over_is_not_lost() {
    let with = |term| Facts { grants: vec![Grant { term, ..grant(1, Grantee::Account(LAN)) }], ..facts() };
    assert_eq!(diff(&facts(), &with(in_year(2027))).gaining(), [LAN]);
    assert_eq!(diff(&with(in_year(2025)), &facts()).changes, []);
    let longer = Term { from: in_year(2026).from, until: Some(at("2027-06-01T00:00:00Z")) };
    assert_eq!(diff(&with(in_year(2026)), &with(longer)).gaining(), [LAN]);
}

#[test]
fn who_moves_with_a_unit_gains_there_and_loses_here() {
    let over = |id, unit, to| Grant { scope: Scope { unit, own: false }, ..grant(id, Grantee::Account(to)) };
    let before = Facts {
        grants: vec![
            over(1, crate::sentences::PLANNING, LAN),
            over(2, HEALTH, MINH),
            over(3, crate::sentences::PROVINCE, LAN),
        ],
        ..facts()
    };
    let mut after = before.clone();
    after.units.iter_mut().find(|unit| unit.id == BUDGET).unwrap().parent = Some(HEALTH);
    let difference = diff(&before, &after);
    assert_eq!(difference.gaining(), [MINH]);
    assert_eq!(difference.losing(), [], "the whole province still reaches it");
}
