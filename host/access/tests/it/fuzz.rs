//! Arbitrary facts: whatever the bytes say, compiling ends, with a policy or a reason, and the policy says what the
//! oracle says.

use dinh_access::{
    AccountFact, Delegation, Facts, Grant, Grantee, Holding, Ledger, Policy, PublicGrant, RoleFact, Scope,
    ServiceGrant, Term, UnitFact,
};
use dinh_model::{AccountId, Actor, GrantId, Label, PositionId, Target, Timestamp, UnitId};

use crate::oracle::Question;
use crate::organisation::{Organisation, Random, moment};

/// Inputs of a normal run. A longer run: `DINH_ACCESS_FUZZ=100000000`.
fn inputs() -> u64 {
    std::env::var("DINH_ACCESS_FUZZ").ok().and_then(|count| count.parse().ok()).unwrap_or(20_000)
}

/// Reads facts out of bytes, as many as there are: small numbers, so that facts meet, and now and then a great one.
struct Bytes<'a>(&'a [u8]);

impl Bytes<'_> {
    fn byte(&mut self) -> u8 {
        let Some((first, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        *first
    }

    fn number(&mut self) -> u32 {
        match self.byte() {
            255 => u32::from_le_bytes([self.byte(), self.byte(), self.byte(), self.byte()]),
            254 => 1 << (self.byte() % 32),
            small => u32::from(small % 12),
        }
    }

    fn moment(&mut self) -> Timestamp {
        match self.byte() {
            0..3 => Timestamp::MIN,
            3 => Timestamp::MAX,
            other => Timestamp::from_second(1_767_200_400 + i64::from(other % 6) * 43_200).unwrap(),
        }
    }

    fn term(&mut self) -> Term {
        let from = self.moment();
        Term { from, until: (self.byte().is_multiple_of(2)).then(|| self.moment()) }
    }

    fn label(&mut self) -> Label {
        Label::ALL[usize::from(self.byte()) % Label::ALL.len()]
    }

    fn permission(&mut self) -> dinh_model::Permission {
        let names =
            ["pci-index.score.read", "pci-index.score.write", Policy::MANAGE_GRANTS, Policy::MANAGE_PLUGINS];
        names[usize::from(self.byte()) % names.len()].parse().unwrap()
    }

    fn role(&mut self) -> dinh_model::RoleId {
        format!("pci-index.role-{}", self.byte() % 5).parse().unwrap()
    }

    fn facts(&mut self) -> Facts {
        let mut facts = Facts::default();
        while !self.0.is_empty() {
            match self.byte() % 14 {
                0 | 1 => facts.units.push(UnitFact {
                    id: UnitId(self.number()),
                    parent: (!self.byte().is_multiple_of(4)).then(|| UnitId(self.number())),
                }),
                2 | 3 => facts.accounts.push(AccountFact {
                    id: AccountId(self.number()),
                    active: !self.byte().is_multiple_of(4),
                    clearance: self.label(),
                }),
                4 => facts.positions.push(PositionId(self.number())),
                5 => facts.holdings.push(Holding {
                    account: AccountId(self.number()),
                    position: PositionId(self.number()),
                    term: self.term(),
                }),
                6 => facts.permissions.push(self.permission()),
                7 => facts.roles.push(RoleFact {
                    id: self.role(),
                    permissions: (0..self.byte() % 3).map(|_| self.permission()).collect(),
                }),
                8..11 => facts.grants.push(Grant {
                    id: GrantId(self.number()),
                    to: match self.byte() % 3 {
                        0 => Grantee::Position(PositionId(self.number())),
                        _ => Grantee::Account(AccountId(self.number())),
                    },
                    role: self.role(),
                    scope: Scope { unit: UnitId(self.number()), own: self.byte().is_multiple_of(3) },
                    label: self.label(),
                    term: self.term(),
                }),
                11 => facts.delegations.push(Delegation {
                    id: self.number(),
                    lender: AccountId(self.number()),
                    borrower: AccountId(self.number()),
                    grants: (0..self.byte() % 4).map(|_| GrantId(self.number())).collect(),
                    term: self.term(),
                }),
                12 => facts.services.push(ServiceGrant {
                    plugin: "pci-index".parse().unwrap(),
                    permission: self.permission(),
                    unit: UnitId(self.number()),
                    label: self.label(),
                }),
                _ => facts
                    .public
                    .push(PublicGrant { permission: self.permission(), unit: UnitId(self.number()) }),
            }
        }
        facts
    }
}

/// Leaves out what most often contradicts the rest, so that policies come of it, too.
fn mended(facts: &mut Facts) {
    let mut order = std::collections::HashSet::new();
    facts.units.retain(|unit| order.insert(unit.id));
    let mut below = std::collections::HashSet::new();
    for unit in &mut facts.units {
        unit.parent = unit.parent.filter(|parent| below.contains(parent));
        below.insert(unit.id);
    }
    let mut known = std::collections::HashSet::new();
    facts.accounts.retain(|account| known.insert(account.id));
    facts.permissions = [read(), Policy::MANAGE_GRANTS.parse().unwrap()].to_vec();
    let permissions = facts.permissions.clone();
    facts.roles = (0..5)
        .map(|n| RoleFact {
            id: format!("pci-index.role-{n}").parse().unwrap(),
            permissions: permissions.clone(),
        })
        .collect();
    let mut numbers = std::collections::HashSet::new();
    facts.positions.clear();
    facts.holdings.clear();
    facts.grants.retain(|grant| {
        let to = matches!(grant.to, Grantee::Account(account) if known.contains(&account));
        to && below.contains(&grant.scope.unit)
            && grant.term.until.is_none_or(|until| grant.term.from <= until)
            && numbers.insert(grant.id)
    });
    facts.services.clear();
    facts.public.retain(|grant| grant.permission == read() && below.contains(&grant.unit));
    facts.public.truncate(1);
}

fn read() -> dinh_model::Permission {
    crate::sentences::read()
}

/// Compiles, and holds some answers against the oracle. Whether there was a policy.
fn hold_against_the_oracle(facts: &Facts, random: &mut Random) -> bool {
    let Ok((_, policy)) = Ledger::compile(facts.clone(), 1) else { return false };
    for _ in 0..10 {
        let account = |random: &mut Random| AccountId(u32::try_from(random.below(12)).unwrap());
        let actor = match random.below(4) {
            0 => Actor::Public,
            1 => Actor::Service("pci-index".parse().unwrap()),
            2 => Actor::Person { account: account(random), on_behalf_of: Some(account(random)) },
            _ => Actor::person(account(random)),
        };
        let unit = UnitId(u32::try_from(random.below(12)).unwrap());
        let owner = random.percent(50).then(|| account(random));
        let target = Target { unit, label: random.pick(&Label::ALL), owner };
        let now = moment(random);
        for permission in &facts.permissions {
            let index = policy.permission(permission).unwrap();
            let expected = Question { facts, actor: &actor, permission, target, now }.allowed();
            assert_eq!(
                policy.check(&actor, index, &target, now),
                expected,
                "{actor:?} {target:?} {now} {facts:#?}"
            );
            assert_eq!(policy.scopes(&actor, index, now).allows(&policy, &target), expected);
            assert_eq!(policy.explain(&actor, index, &target, now).allowed, expected);
        }
    }
    true
}

#[test]
fn arbitrary_facts_make_a_policy_that_agrees_with_the_oracle_or_are_refused() {
    let (mut policies, mut refused) = (0, 0);
    for seed in 0..inputs() {
        let mut random = Random(seed ^ 0xf022);
        let bytes: Vec<u8> = (0..random.below(300)).map(|_| (random.next() >> 32) as u8).collect();
        let mut facts = Bytes(&bytes).facts();
        if seed % 2 == 0 {
            mended(&mut facts);
        }
        *if hold_against_the_oracle(&facts, &mut random) { &mut policies } else { &mut refused } += 1;
    }
    assert!(policies > inputs() / 10 && refused > inputs() / 10, "{policies} policies, {refused} refused");
}

#[test]
fn damaged_stored_facts_never_make_it_panic() {
    let mut read = 0;
    for seed in 0..inputs() / 10 {
        let mut random = Random(seed);
        let mut bytes = postcard::to_allocvec(&Organisation::new(&mut random).facts).unwrap();
        for _ in 0..1 + random.below(3) {
            let at = random.below(bytes.len());
            bytes[at] = (random.next() >> 32) as u8;
        }
        if let Ok(facts) = postcard::from_bytes::<Facts>(&bytes) {
            hold_against_the_oracle(&facts, &mut random);
            read += 1;
        }
    }
    assert!(read > inputs() / 1_000, "{read} read");
}
