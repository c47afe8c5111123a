//! A check allocates nothing.

// Counting allocations means being the allocator, which is unsafe by nature; this one only counts.
#![allow(unsafe_code)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use dinh_access::{
    AccountFact, Delegation, Facts, Grant, Grantee, Policy, RoleFact, Scope, ServiceGrant, Term, UnitFact,
};
use dinh_model::{AccountId, Actor, GrantId, Label, Target, Timestamp, UnitId};

struct Counting;

thread_local! {
    static ALLOCATIONS: Cell<u64> = const { Cell::new(0) };
}

// SAFETY: every call is passed on to the system's allocator unchanged; counting touches a thread-local
// integer that needs no allocation and no destructor.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.set(ALLOCATIONS.get() + 1);
        // SAFETY: the caller keeps the contract of `alloc`.
        unsafe { System.alloc(layout) }
    }
    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the caller keeps the contract of `dealloc`.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

#[test]
fn a_check_allocates_nothing_whoever_asks() {
    let (lender, borrower, unit) = (AccountId(0), AccountId(1), UnitId(0));
    let account = |id| AccountFact { id, active: true, clearance: Label::Ordinary };
    let facts = Facts {
        units: vec![UnitFact { id: unit, parent: None }],
        accounts: vec![account(lender), account(borrower)],
        permissions: vec!["pci-index.score.read".parse().unwrap()],
        roles: vec![RoleFact {
            id: "pci-index.reader".parse().unwrap(),
            permissions: vec!["pci-index.score.read".parse().unwrap()],
        }],
        grants: vec![Grant {
            id: GrantId(1),
            to: Grantee::Account(lender),
            role: "pci-index.reader".parse().unwrap(),
            scope: Scope { unit, own: false },
            label: Label::Ordinary,
            term: Term { from: "2026-01-01T00:00:00Z".parse().unwrap(), until: None },
        }],
        delegations: vec![Delegation {
            id: 1,
            lender,
            borrower,
            grants: vec![GrantId(1)],
            term: Term::ALWAYS,
        }],
        services: vec![ServiceGrant {
            plugin: "pci-index".parse().unwrap(),
            permission: "pci-index.score.read".parse().unwrap(),
            unit,
            label: Label::Ordinary,
        }],
        ..Facts::default()
    };
    let policy = Policy::compile(&facts, 1).unwrap();
    let read = policy.permission(&"pci-index.score.read".parse().unwrap()).unwrap();
    let now: Timestamp = "2026-03-10T02:00:00Z".parse().unwrap();
    let actors = [
        (Actor::person(lender), true),
        (Actor::person(borrower), false),
        (Actor::Person { account: borrower, on_behalf_of: Some(lender) }, true),
        (Actor::Service("pci-index".parse().unwrap()), true),
        (Actor::Service("inspection".parse().unwrap()), false),
        (Actor::Public, false),
    ];
    let scopes = policy.scopes(&actors[0].0, read, now);
    let before = ALLOCATIONS.get();
    assert!(before > 0, "the counter counts");
    for (actor, allowed) in &actors {
        assert_eq!(policy.check(actor, read, &Target::unit(unit), now), *allowed);
        assert!(!policy.check(actor, read, &Target::unit(UnitId(7)), now));
    }
    assert!(scopes.allows(&policy, &Target::unit(unit)));
    assert_eq!(ALLOCATIONS.get(), before);
}
