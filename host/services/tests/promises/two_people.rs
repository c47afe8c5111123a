//! Whatever people do, in whatever order and at the same time: each unit has its one head, and nothing is in force
//! that two different people did not agree to.

use std::collections::HashSet;

use dinh_access::{Grantee, Term};
use dinh_model::{AccountId, Actor, DelegationId, GrantId, Label, Language, RequestId, UnitId};
use dinh_services::accounts::{
    self, Asked, NewDelegation, NewGrant, Password, Request, RequestState, activate, approve, close,
    create_account, end_delegation, get_request, give, hand_over, lend, list_accounts, list_grants,
    move_unit, name_head, own_head, refuse, set_password, suspend, transfer, withdraw, withdraw_request,
};
use dinh_services::{Call, Origin, ServiceError};
use proptest::prelude::*;
use proptest::strategy::ValueTree;

use crate::house::{House, account, at_once, give as give_now, new_account, new_grant};

/// A deed, with small numbers that are read as whom and what there is at the time.
#[derive(Clone, Debug)]
enum Deed {
    AskForAccount { unit: u8 },
    AskForGrant { to: u8, role: u8, unit: u8 },
    NameHead { unit: u8, to: u8 },
    HandOver { unit: u8, to: u8 },
    Transfer { of: u8, unit: u8 },
    Lend { to: u8, grant: u8 },
    Approve { request: u8 },
    Refuse { request: u8 },
    Unask { request: u8 },
    Withdraw { grant: u8 },
    EndDelegation { delegation: u8 },
    Suspend { of: u8 },
    Activate { of: u8 },
    Close { of: u8 },
    SetPassword { of: u8 },
    Move { unit: u8, to: u8 },
}

fn deeds() -> impl Strategy<Value = Deed> {
    let small = 0..12u8;
    let near = || 0..6u8;
    prop_oneof![
        1 => near().prop_map(|unit| Deed::AskForAccount { unit }),
        4 => (near(), near(), near()).prop_map(|(to, role, unit)| Deed::AskForGrant { to, role, unit }),
        2 => (near(), near()).prop_map(|(unit, to)| Deed::NameHead { unit, to }),
        2 => (near(), near()).prop_map(|(unit, to)| Deed::HandOver { unit, to }),
        1 => (near(), near()).prop_map(|(of, unit)| Deed::Transfer { of, unit }),
        2 => (near(), small.clone()).prop_map(|(to, grant)| Deed::Lend { to, grant }),
        10 => small.clone().prop_map(|request| Deed::Approve { request }),
        1 => small.clone().prop_map(|request| Deed::Refuse { request }),
        1 => small.clone().prop_map(|request| Deed::Unask { request }),
        1 => small.clone().prop_map(|grant| Deed::Withdraw { grant }),
        1 => near().prop_map(|delegation| Deed::EndDelegation { delegation }),
        1 => near().prop_map(|of| Deed::Suspend { of }),
        1 => near().prop_map(|of| Deed::Activate { of }),
        1 => near().prop_map(|of| Deed::Close { of }),
        2 => near().prop_map(|of| Deed::SetPassword { of }),
        1 => (near(), near()).prop_map(|(unit, to)| Deed::Move { unit, to }),
    ]
}

/// Who acts, perhaps on another's behalf, and what they do.
type Step = (u8, Option<u8>, Deed);

fn steps() -> impl Strategy<Value = Step> {
    // Mostly the two who may ask and approve, so that stories get somewhere.
    let who = prop_oneof![3 => Just(0u8), 3 => Just(2u8), 2 => 0..6u8];
    (who, prop_oneof![6 => Just(None), 1 => (0..6u8).prop_map(Some)], deeds())
}

struct World {
    house: House,
    units: [UnitId; 3],
    /// What was there before anybody asked.
    given: HashSet<GrantId>,
    people: HashSet<AccountId>,
}

const ROLES: [&str; 6] = [
    "dinh.administrator",
    "dinh.director",
    "dinh.grant-administrator",
    "dinh.account-administrator",
    "dinh.auditor",
    "dinh.head",
];

impl World {
    fn new() -> Self {
        let house = House::new();
        house.admin(|call| {
            give_now(call, house.admin, "dinh.director", house.province)?;
            let second = account(call, "hai", "Người Hai", house.province)?;
            give_now(call, second, "dinh.administrator", house.province)?;
            give_now(call, second, "dinh.director", house.province)?;
            let third = account(call, "ba", "Người Ba", house.planning)?;
            give_now(call, third, "dinh.director", house.planning)?;
            account(call, "bon", "Người Bốn", house.finance)?;
            at_once(call, |call| name_head(call, house.province, house.admin, Label::Ordinary, ""))
        });
        let units = [house.province, house.planning, house.finance];
        let mut world = Self { house, units, given: HashSet::new(), people: HashSet::new() };
        world.given = world.grants().into_iter().map(|grant| grant.id).collect();
        world.people = (1..=5).map(AccountId).collect();
        world
    }

    fn operator(&self) -> Origin {
        self.house.platform.origin(Actor::Public, Language::Vi).as_operator()
    }

    fn grants(&self) -> Vec<accounts::StoredGrant> {
        let mut call = self.house.platform.begin(&self.operator()).unwrap();
        let mut grants = list_grants(&mut call).unwrap();
        grants.retain(|grant| grant.withdrawn.is_none());
        grants
    }

    fn requests(&self) -> Vec<Request> {
        let mut call = self.house.platform.begin(&self.operator()).unwrap();
        (1..).map_while(|id| get_request(&mut call, RequestId(id)).ok()).collect()
    }

    fn origin(&self, step: &Step) -> Origin {
        let account = AccountId(u32::from(step.0) + 1);
        let on_behalf_of = step.1.map(|lender| AccountId(u32::from(lender) + 1));
        self.house.platform.origin(Actor::Person { account, on_behalf_of }, Language::Vi)
    }

    fn run(&self, call: &mut Call, deed: &Deed) -> Result<(), ServiceError> {
        let person = |number: u8| AccountId(u32::from(number) + 1);
        let unit = |number: u8| *self.units.get(usize::from(number) % 3).unwrap();
        // One of those that wait; none has number 0.
        let request = |number: u8| {
            let waits = |request: &Request| request.state == RequestState::Open;
            let open: Vec<_> = self.requests().into_iter().filter(waits).map(|request| request.id).collect();
            open.get(usize::from(number) % open.len().max(1)).copied().unwrap_or(RequestId(0))
        };
        let grant = |number: u8| GrantId(u32::from(number) + 1);
        match deed {
            Deed::AskForAccount { unit: at } => {
                let login = format!("p{}", call.random());
                create_account(call, new_account(&login, "Người Mới", unit(*at))).map(drop)
            }
            Deed::AskForGrant { to, role, unit: at } => {
                let role = ROLES.get(usize::from(*role)).unwrap();
                let new = new_grant(person(*to), role, unit(*at));
                give(call, NewGrant { reason: "việc".into(), ..new }).map(drop)
            }
            Deed::NameHead { unit: at, to } => {
                name_head(call, unit(*at), person(*to), Label::Ordinary, "việc").map(drop)
            }
            Deed::HandOver { unit: at, to } => hand_over(call, unit(*at), person(*to), "việc").map(drop),
            Deed::Transfer { of, unit: to } => transfer(call, person(*of), unit(*to), "việc").map(drop),
            Deed::Lend { to, grant: lent } => {
                let until = Some("2026-05-01T00:00:00Z".parse().unwrap());
                let term = Term { from: call.now(), until };
                let (borrower, grants) = (person(*to), vec![grant(*lent)]);
                lend(call, NewDelegation { borrower, grants, term, reason: "việc".into() }).map(drop)
            }
            Deed::Approve { request: id } => approve(call, request(*id)).map(drop),
            Deed::Refuse { request: id } => refuse(call, request(*id), "không").map(drop),
            Deed::Unask { request: id } => withdraw_request(call, request(*id)).map(drop),
            Deed::Withdraw { grant: id } => withdraw(call, grant(*id), ""),
            Deed::EndDelegation { delegation } => {
                end_delegation(call, DelegationId(u32::from(*delegation) + 1), "")
            }
            Deed::Suspend { of } => suspend(call, person(*of), ""),
            Deed::Activate { of } => activate(call, person(*of)),
            Deed::Close { of } => close(call, person(*of), ""),
            Deed::SetPassword { of } => {
                set_password(call, person(*of), &Password::new("thu đông nối nhau"), true)
            }
            Deed::Move { unit: at, to } => move_unit(call, unit(*at), unit(*to), "việc").map(drop),
        }
    }

    /// Runs two deeds from one snapshot, so that they do not see each other, and commits both.
    fn run_together(&self, one: &Step, other: &Step) -> u32 {
        let mut calls: Vec<Call> = Vec::new();
        for step in [one, other] {
            let mut call = self.house.platform.begin(&self.origin(step)).unwrap();
            if self.run(&mut call, &step.2).is_ok() {
                calls.push(call);
            }
        }
        let committed = calls.into_iter().map(|call| self.house.platform.commit(call));
        committed.map(|result| u32::from(result.is_ok())).sum()
    }

    fn hold(&self) {
        let requests = self.requests();
        let agreed = |is: &dyn Fn(&Asked) -> bool| {
            requests.iter().any(|request| {
                let RequestState::Approved(decision) = &request.state else { return false };
                let (asked, approved) = (request.by, decision.by.unwrap());
                let names = |account| account == approved.account || Some(account) == approved.on_behalf_of;
                assert!(!names(asked.account), "{request:?}");
                assert!(!asked.on_behalf_of.is_some_and(names), "{request:?}");
                is(&request.asked)
            })
        };
        let grants = self.grants();
        for grant in &grants {
            if self.given.contains(&grant.id) {
                continue;
            }
            assert!(
                grant.given_by.is_some()
                    && grant.approved_by.is_some()
                    && grant.given_by != grant.approved_by,
                "{grant:?}"
            );
            assert!(
                agreed(&|asked| match asked {
                    Asked::Grant(asked) =>
                        asked.id == grant.id && asked.role == grant.role && asked.to == grant.to,
                    Asked::Head { unit, account, .. } =>
                        *unit == grant.scope.unit && grant.to == Grantee::Account(*account),
                    _ => false,
                }),
                "{grant:?}"
            );
            assert_ne!(grant.to, Grantee::Account(grant.approved_by.unwrap()), "{grant:?}");
        }
        let mut call = self.house.platform.begin(&self.operator()).unwrap();
        for account in list_accounts(&mut call, None, None, 1_000).unwrap().accounts {
            let active = account.state == accounts::AccountState::Active;
            if active && !self.people.contains(&account.id) {
                assert!(agreed(&|asked| *asked == Asked::Account(account.id)), "{account:?}");
            }
            let director = |grant: &&accounts::StoredGrant| grant.role.as_str() == "dinh.director";
            let mut directs = grants.iter().filter(director);
            let mut approves = directs.any(|grant| grant.to == Grantee::Account(account.id));
            for loan in accounts::delegations_of(&mut call, account.id).unwrap() {
                let (lender, consent) = (loan.lender, loan.consented_by.unwrap());
                assert!(consent != lender && consent != loan.borrower, "{loan:?}");
                let mut lent = grants.iter().filter(director).filter(|grant| loan.grants.contains(&grant.id));
                approves |= loan.borrower == account.id && loan.ended.is_none() && lent.next().is_some();
            }
            assert!(!(approves && account.must_change_password), "somebody else knows it: {account:?}");
        }
        for unit in self.units {
            let parent = accounts::get_unit(&call, unit).unwrap().parent;
            let moved = |asked: &Asked| matches!(asked, Asked::Move { unit: of, to, .. } if *of == unit && Some(*to) == parent);
            let began = (unit != self.house.province).then_some(self.house.province);
            assert!(parent == began || agreed(&moved), "{unit} is under {parent:?}");
        }
        for unit in self.units {
            let heads: Vec<_> = grants
                .iter()
                .filter(|grant| grant.role.as_str() == "dinh.head" && grant.scope.unit == unit)
                .collect();
            match own_head(&call, unit).unwrap() {
                Some(head) => {
                    let [only] = heads.as_slice() else { panic!("{heads:?}") };
                    assert_eq!((only.id, only.to), (head.grant, Grantee::Account(head.account)));
                    let state = accounts::get_account(&call, head.account).unwrap().state;
                    assert_eq!(state, accounts::AccountState::Active, "a head is in place");
                }
                None => {
                    assert!(heads.is_empty(), "{heads:?}");
                    assert_ne!(unit, self.house.province, "the root is never without");
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn one_head_a_unit_and_two_people_a_right_whatever_people_do(
        story in proptest::collection::vec((steps(), proptest::option::weighted(0.3, steps())), 1..60),
    ) {
        let world = World::new();
        for (step, meanwhile) in &story {
            match meanwhile {
                Some(meanwhile) => drop(world.run_together(step, meanwhile)),
                None => drop(world.house.platform.perform(&world.origin(step), |call| world.run(call, &step.2))),
            }
            world.hold();
        }
    }
}

#[test]
fn the_stories_above_get_somewhere() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let stories = proptest::collection::vec(steps(), 60);
    let (mut approved, mut kinds) = (0, HashSet::new());
    for _ in 0..60 {
        let story = stories.new_tree(&mut runner).unwrap().current();
        let world = World::new();
        for step in &story {
            let _ = world.house.platform.perform(&world.origin(step), |call| world.run(call, &step.2));
        }
        world.hold();
        for request in world.requests() {
            if matches!(request.state, RequestState::Approved(_)) {
                approved += 1;
                kinds.insert(request.asked.kind());
            }
        }
    }
    assert!(approved > 60, "{approved}");
    assert_eq!(kinds.len(), 6, "accounts, grants, heads, transfers, delegations and moves: {kinds:?}");
}

#[test]
fn of_two_hand_overs_approved_from_one_snapshot_one_happens() {
    let world = World::new();
    let ask = |who: u8, to: u8| {
        let step = (who, None, Deed::HandOver { unit: 0, to });
        world.house.platform.perform(&world.origin(&step), |call| world.run(call, &step.2)).unwrap();
    };
    ask(2, 4);
    ask(0, 3);
    let approve = |who: u8, request: u8| (who, None, Deed::Approve { request });
    assert_eq!(world.run_together(&approve(0, 0), &approve(2, 1)), 1);
    world.hold();
    let head = world.house.read(|call| own_head(call, world.house.province).unwrap().unwrap());
    assert_eq!(head.account, AccountId(5), "the first to commit");
}
