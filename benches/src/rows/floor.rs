//! The least a permission check can cost: an interval test and a bit test on flat arrays, with everything
//! that can be resolved beforehand resolved beforehand.
//!
//! It knows nothing of actors, names or numbers of units: a question comes as the place of the unit in
//! preorder, the row of the permission's bits and the list of the person's grants. It is written apart
//! from the engine, and its answers are compared with the engine's before anything is measured.

use std::collections::HashMap;

use dinh_access::{Facts, Grant, Grantee};
use dinh_model::{AccountId, Actor, GrantId, Label, Timestamp};

use crate::organisation::{Question, now, subtrees};

/// One grant, side by side with the person's others.
#[derive(Clone, Copy)]
struct Right {
    first: u16,
    below: u16,
    from: u16,
    until: u16,
    role: u8,
    /// 1: not what is confidential; 2: not others' records.
    lacks: u8,
}

/// A question with everything resolved.
#[derive(Clone, Copy)]
pub struct Resolved {
    list: u32,
    place: u16,
    permission: u16,
    person: u32,
    owner: u32,
    confidential: bool,
}

/// The flat arrays.
pub struct Floor {
    starts: Vec<u32>,
    rights: Vec<Right>,
    /// By permission: the roles that hold it.
    roles: Vec<u32>,
    loans: HashMap<(AccountId, AccountId), u32>,
    places: Vec<u16>,
}

const NOBODY: u32 = u32::MAX;

impl Floor {
    /// From the facts of [`province`](crate::organisation::province): grants to accounts only.
    pub fn new(facts: &Facts) -> Self {
        let below = subtrees(facts);
        let mut floor = Self {
            starts: vec![0],
            rights: Vec::new(),
            roles: Vec::new(),
            loans: HashMap::new(),
            places: vec![0; facts.units.len()],
        };
        floor.number(facts, 0, &mut 0);
        for permission in &facts.permissions {
            let holds = |role: &usize| facts.roles[*role].permissions.contains(permission);
            floor.roles.push((0..facts.roles.len()).filter(holds).map(|role| 1 << role).sum());
        }
        let sizes: Vec<u16> = below.iter().map(|units| units.len() as u16).collect();
        let active = |account: AccountId| facts.accounts[account.0 as usize].active;
        let cleared = |account: AccountId| facts.accounts[account.0 as usize].clearance;
        let mut by_account: Vec<Vec<&Grant>> = vec![Vec::new(); facts.accounts.len()];
        for grant in &facts.grants {
            if let Grantee::Account(account) = grant.to {
                by_account[account.0 as usize].push(grant);
            }
        }
        for (account, grants) in facts.accounts.iter().zip(&by_account) {
            for grant in grants.iter().filter(|_| account.active) {
                floor.push(facts, grant, cleared(account.id), i64::MIN, i64::MAX, &sizes);
            }
            floor.starts.push(floor.rights.len() as u32);
        }
        let mut lent: HashMap<_, Vec<(GrantId, i64, i64)>> = HashMap::new();
        for delegation in &facts.delegations {
            let (from, until) =
                (delegation.term.from.as_microsecond(), delegation.term.until.unwrap().as_microsecond());
            let list = lent.entry((delegation.borrower, delegation.lender)).or_default();
            list.extend(delegation.grants.iter().map(|grant| (*grant, from, until)));
        }
        for ((borrower, lender), grants) in lent {
            for (id, from, until) in grants {
                if active(borrower) && active(lender) {
                    let clearance = cleared(borrower).min(cleared(lender));
                    floor.push(facts, &facts.grants[id.0 as usize], clearance, from, until, &sizes);
                }
            }
            floor.loans.insert((borrower, lender), floor.starts.len() as u32 - 1);
            floor.starts.push(floor.rights.len() as u32);
        }
        floor
    }

    fn number(&mut self, facts: &Facts, unit: u32, next: &mut u16) {
        self.places[unit as usize] = *next;
        *next += 1;
        for child in facts.units.iter().filter(|fact| fact.parent.is_some_and(|parent| parent.0 == unit)) {
            self.number(facts, child.id.0, next);
        }
    }

    fn push(&mut self, facts: &Facts, grant: &Grant, clearance: Label, from: i64, until: i64, sizes: &[u16]) {
        let unit = grant.scope.unit.0 as usize;
        let from = from.max(grant.term.from.as_microsecond());
        let until = until.min(grant.term.until.map_or(i64::MAX, Timestamp::as_microsecond));
        let confidential = grant.label.min(clearance) == Label::Confidential;
        self.rights.push(Right {
            first: self.places[unit],
            below: sizes[unit] - 1,
            from: day(from),
            until: day(until),
            role: facts.roles.iter().position(|role| role.id == grant.role).unwrap() as u8,
            lacks: u8::from(!confidential) | u8::from(grant.scope.own) << 1,
        });
    }

    /// Resolves a question.
    pub fn resolve(&self, question: &Question) -> Resolved {
        let Actor::Person { account, on_behalf_of } = question.actor else { panic!("only people ask here") };
        let list = match on_behalf_of {
            None => account.0,
            Some(lender) => self.loans[&(account, lender)],
        };
        Resolved {
            list,
            place: self.places[question.target.unit.0 as usize],
            permission: question.permission,
            person: on_behalf_of.unwrap_or(account).0,
            owner: question.target.owner.map_or(NOBODY, |owner| owner.0),
            confidential: question.target.label == Label::Confidential,
        }
    }

    /// The decision and nothing else. Of the ways to write it, this was the fastest: no early exit and no
    /// short circuit, because a branch guessed wrong costs more than the tests it saves.
    #[inline]
    pub fn check(&self, asked: &Resolved, today: u16) -> bool {
        let range = self.starts[asked.list as usize] as usize..self.starts[asked.list as usize + 1] as usize;
        let roles = self.roles[asked.permission as usize];
        let demands = u8::from(asked.confidential) | u8::from(asked.owner != asked.person) << 1;
        self.rights[range].iter().fold(false, |allowed, right| {
            allowed
                | (asked.place.wrapping_sub(right.first) <= right.below)
                    & (roles >> right.role & 1 != 0)
                    & (right.lacks & demands == 0)
                    & (right.from <= today)
                    & (today < right.until)
        })
    }
}

impl Floor {
    /// The least that listing scopes can cost: the grants that hold the permission today, in order.
    pub fn list(&self, asked: &Resolved, today: u16) -> Vec<(u16, u16, u8)> {
        let range = self.starts[asked.list as usize] as usize..self.starts[asked.list as usize + 1] as usize;
        let roles = self.roles[asked.permission as usize];
        let holds =
            |right: &&Right| (roles >> right.role & 1 != 0) & (right.from <= today) & (today < right.until);
        let held = self.rights[range].iter().filter(holds);
        let mut list: Vec<_> = held.map(|right| (right.first, right.below, right.lacks)).collect();
        list.sort_unstable();
        list
    }
}

/// The day of all checks.
pub fn today() -> u16 {
    day(now().as_microsecond())
}

/// Whole days since 1970. All terms of the province begin and end at the time of day of [`now`], so that
/// days decide exactly.
fn day(microseconds: i64) -> u16 {
    (microseconds / 86_400_000_000).clamp(0, i64::from(u16::MAX)) as u16
}
