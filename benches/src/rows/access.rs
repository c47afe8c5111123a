//! The permission check beside its floor, and the engine's other questions.

use std::hint::black_box;
use std::rc::Rc;
use std::time::{Duration, Instant};

use dinh_access::{Fact, FactChange, Facts, Grant, Grantee, Ledger, PermissionIndex, Policy};
use dinh_model::{AccountId, Actor, GrantId, Target, Timestamp, UnitId};

use super::floor::{Floor, Resolved, today};
use crate::organisation::{ACCOUNTS, Question, UNITS, now, province, questions};
use crate::random::Random;
use crate::{Goal, Row, Side};

/// Checks that are generated beforehand.
const CHECKS: usize = 1_000_000;

/// A question as the engine takes it and as the floor does. Side by side, so that both fetch the same
/// memory for it: a million questions do not fit the caches, and fetching them is not the check's work.
#[derive(Clone)]
struct Check {
    actor: Actor,
    permission: PermissionIndex,
    target: Target,
    resolved: Resolved,
}

struct Setting {
    facts: Facts,
    policy: Policy,
    floor: Floor,
    checks: Vec<Check>,
    now: Timestamp,
    today: u16,
}

impl Setting {
    fn new() -> Self {
        let mut random = Random(2026);
        let facts = province(&mut random);
        let policy = Policy::compile(&facts, 1).unwrap();
        let floor = Floor::new(&facts);
        let indexes: Vec<PermissionIndex> =
            facts.permissions.iter().map(|permission| policy.permission(permission).unwrap()).collect();
        let asked = questions(&facts, CHECKS, &mut random);
        let check = |question: Question| Check {
            resolved: floor.resolve(&question),
            permission: indexes[usize::from(question.permission)],
            actor: question.actor,
            target: question.target,
        };
        let checks: Vec<Check> = asked.into_iter().map(check).collect();
        let (now, today) = (now(), today());
        let mut allowed = 0;
        for check in &checks {
            let answer = policy.check(&check.actor, check.permission, &check.target, now);
            assert_eq!(answer, floor.check(&check.resolved, today), "the floor decides the same");
            allowed += usize::from(answer);
        }
        assert!((CHECKS / 10..CHECKS / 2).contains(&allowed), "{allowed} of {CHECKS} allowed");
        Self { facts, policy, floor, checks, now, today }
    }

    fn by_engine(&self, check: &Check) -> bool {
        self.policy.check(&check.actor, check.permission, &check.target, self.now)
    }

    fn by_floor(&self, check: &Check) -> bool {
        self.floor.check(&check.resolved, self.today)
    }

    /// How many of some checks are allowed.
    fn count(checks: &[Check], allowed: impl Fn(&Check) -> bool) -> usize {
        checks.iter().filter(|check| allowed(black_box(check))).count()
    }
}

/// The rows.
pub fn rows() -> Vec<Row> {
    let setting = Rc::new(Setting::new());
    vec![warm(&setting), evicted(&setting), batch(&setting), scopes(&setting), filtered(&setting)]
        .into_iter()
        .chain(others(&setting))
        .chain([applied(&setting), compared(&setting)])
        .collect()
}

/// One more grant, and taken back; the policy that comes of it is compared with the compiled one first.
fn applied(setting: &Rc<Setting>) -> Row {
    let (mut ledger, policy) = Ledger::compile(setting.facts.clone(), 1).unwrap();
    let facts = setting.clone();
    let mut at = 0;
    let mut apply = move || {
        at = (at + 7_919) % ACCOUNTS;
        let to = Grantee::Account(AccountId(at));
        let grant = Grant { id: GrantId(1_000_000), to, ..facts.facts.grants[at as usize].clone() };
        let applied = ledger.apply(&policy, vec![FactChange::Set(Fact::Grant(grant.clone()))]).unwrap();
        ledger.take_back(applied.undo);
        (applied.policy, grant)
    };
    let (next, grant) = apply();
    let mut facts = setting.facts.clone();
    facts.grants.push(grant);
    assert!(next == Policy::compile(&facts, 1).unwrap(), "applied is compiled");
    Row {
        name: "one grant applied, of 60,000".to_owned(),
        operations: 1,
        subject: Side::new("apply", move || apply().0),
        beside: None,
        goal: Goal::Within(Duration::from_millis(1)),
    }
}

/// A role that holds one permission less, an account suspended, ten grants withdrawn.
fn compared(setting: &Rc<Setting>) -> Row {
    let mut facts = setting.facts.clone();
    facts.roles[3].permissions.pop();
    facts.accounts[77].active = false;
    facts.grants.truncate(facts.grants.len() - 10);
    let next = Policy::compile(&facts, 2).unwrap();
    let setting = setting.clone();
    let difference = setting.policy.diff(&next, setting.now);
    assert!(difference.losing().len() > 1_000 && difference.gaining().is_empty());
    Row {
        name: "diff of two policies, 20,000 accounts".to_owned(),
        operations: 1,
        subject: Side::new("diff", move || setting.policy.diff(&next, setting.now)),
        beside: None,
        goal: Goal::Within(Duration::from_millis(100)),
    }
}

/// Checks in one run; the next run goes on with the next ones.
const SLICE: usize = 10_000;

fn warm(setting: &Rc<Setting>) -> Row {
    let (engine, floor) = (setting.clone(), setting.clone());
    let mut slices = (0..CHECKS).step_by(SLICE).cycle();
    let mut floor_slices = slices.clone();
    Row {
        name: "permission check, warm".to_owned(),
        operations: SLICE as u64,
        subject: Side::new("check", move || {
            let at = slices.next().unwrap();
            Setting::count(&engine.checks[at..at + SLICE], |check| engine.by_engine(check))
        }),
        beside: Some(Side::new("floor", move || {
            let at = floor_slices.next().unwrap();
            Setting::count(&floor.checks[at..at + SLICE], |check| floor.by_floor(check))
        })),
        goal: Goal::AtMost(1.5),
    }
}

/// Checks between two evictions.
const COLD: usize = 64;

fn evicted(setting: &Rc<Setting>) -> Row {
    Row {
        name: "permission check, caches evicted".to_owned(),
        operations: COLD as u64,
        subject: evicting("check", setting, |setting, check| setting.by_engine(check)),
        beside: Some(evicting("floor", setting, |setting, check| setting.by_floor(check))),
        goal: Goal::AtMost(1.5),
    }
}

/// A side that answers some checks after everything else was driven from the caches.
fn evicting(name: &str, setting: &Rc<Setting>, allowed: fn(&Setting, &Check) -> bool) -> Side {
    let setting = setting.clone();
    // Twice the last-level cache of the machines we know.
    let mut other_data = vec![1_u64; 8 << 20];
    let mut at = 0;
    Side::timed(name, move |times| {
        let mut took = Duration::ZERO;
        for _ in 0..times {
            other_data.iter_mut().step_by(8).for_each(|word| *word = word.wrapping_mul(3));
            black_box(&other_data);
            at = (at + COLD) % CHECKS;
            // The questions themselves are warm: they are the caller's.
            let checks = black_box(setting.checks[at..at + COLD].to_vec());
            let start = Instant::now();
            black_box(Setting::count(&checks, |check| allowed(&setting, check)));
            took += start.elapsed();
        }
        took
    })
}

fn batch(setting: &Rc<Setting>) -> Row {
    let (many, single) = (setting.clone(), setting.clone());
    let targets: Vec<Target> = setting.checks.iter().take(10_000).map(|check| check.target).collect();
    let permission = setting.checks[0].permission;
    let actor = setting.checks[0].actor.clone();
    let (targets2, actor2) = (targets.clone(), actor.clone());
    Row {
        name: "batch of 10,000 checks".to_owned(),
        operations: 1,
        subject: Side::new("check_many", move || {
            many.policy.check_many(&actor, permission, &targets, many.now)
        }),
        beside: Some(Side::new("one by one", move || {
            let check = |target| single.policy.check(&actor2, permission, target, single.now);
            targets2.iter().map(check).collect::<Vec<bool>>()
        })),
        goal: Goal::Within(Duration::from_micros(50)),
    }
}

fn scopes(setting: &Rc<Setting>) -> Row {
    let (engine, floor) = (setting.clone(), setting.clone());
    let mut checks = (0..CHECKS).cycle();
    let mut floor_checks = checks.clone();
    Row {
        name: "list scopes".to_owned(),
        operations: 1,
        subject: Side::new("scopes", move || {
            let check = &engine.checks[checks.next().unwrap()];
            engine.policy.scopes(&check.actor, check.permission, engine.now)
        }),
        beside: Some(Side::new("floor: collect, sort", move || {
            floor.floor.list(&floor.checks[floor_checks.next().unwrap()].resolved, floor.today)
        })),
        goal: Goal::Seen,
    }
}

/// Rows of a page that is filtered.
const ROWS: usize = 1_000;

fn filtered(setting: &Rc<Setting>) -> Row {
    let (engine, single) = (setting.clone(), setting.clone());
    let rows: Vec<Target> = setting.checks.iter().take(ROWS).map(|check| check.target).collect();
    let rows_again = rows.clone();
    // Somebody who may see some of the rows and not all.
    let asker = setting.checks.iter().position(|asker| {
        let may = |row: &&Target| setting.policy.check(&asker.actor, asker.permission, row, setting.now);
        (ROWS / 5..ROWS).contains(&rows.iter().filter(may).count())
    });
    let asker = asker.unwrap();
    Row {
        name: "1,000 rows filtered by scopes".to_owned(),
        operations: ROWS as u64,
        subject: Side::new("scopes", move || {
            let Check { actor, permission, .. } = &engine.checks[asker];
            let scopes = engine.policy.scopes(actor, *permission, engine.now);
            rows.iter().filter(|row| scopes.allows(&engine.policy, row)).count()
        }),
        beside: Some(Side::new("check each", move || {
            let Check { actor, permission, .. } = &single.checks[asker];
            let may = |row: &&Target| single.policy.check(actor, *permission, row, single.now);
            rows_again.iter().filter(may).count()
        })),
        goal: Goal::AtMost(1.0),
    }
}

fn others(setting: &Rc<Setting>) -> Vec<Row> {
    let row = |name: &str, goal, subject| Row {
        name: name.to_owned(),
        operations: 1,
        subject,
        beside: None,
        goal: Goal::Within(goal),
    };
    let (why, who, whole) = (setting.clone(), setting.clone(), setting.clone());
    let mut at = 0;
    let explain = move || {
        at = (at + 1) % CHECKS;
        let check = &why.checks[at];
        why.policy.explain(&check.actor, check.permission, &check.target, why.now)
    };
    let mut unit = 0;
    let who_can = move || {
        unit = (unit + 1) % UNITS;
        who.policy.who_can(who.checks[unit as usize].permission, &Target::unit(UnitId(unit)), who.now)
    };
    vec![
        row("explain a refusal", Duration::from_micros(10), Side::new("explain", explain)),
        row("who can, of 20,000 accounts", Duration::from_micros(200), Side::new("who_can", who_can)),
        row(
            "compile the whole policy",
            Duration::from_millis(10),
            Side::new("compile", move || Policy::compile(&whole.facts, 2).unwrap()),
        ),
    ]
}
