//! Calls every guest that means harm in one house with a neighbour, and looks at everything that may have come of it:
//! its end, the evidence, the pool, the neighbour's page.

use std::fmt::Write;
use std::time::Duration;

use dinh_hostile::{Case, Ends, Source, cases};
use dinh_model::{Actor, Label, Value};
use dinh_runtime::CallError;
use dinh_runtime::engine::InUse;
use dinh_services::records::{self, FieldValue};

use crate::conflicts::disturbed;
use crate::house::{House, component};

/// A house with a neighbour, whose page is looked at after every case.
struct Suite {
    house: House,
    neighbour: String,
}

/// What was seen of a case.
#[derive(Debug, PartialEq)]
struct Seen {
    /// How it ended.
    ended: String,
    /// What that left in the evidence.
    evidence: Vec<String>,
}

#[test]
fn every_hostile_guest_ends_as_it_should_and_its_neighbour_feels_nothing() {
    let mut suite = Suite::new();
    let cases = cases();
    assert!(cases.len() >= 30);
    let mut table = format!("{:<26}{:<52}{}\n", "guest", "what becomes of it", "what it attempts");
    let mut wrong = Vec::new();
    // All are installed on one day and called on the next: some behave while they are looked at.
    let refusals: Vec<Option<String>> = cases.iter().map(|case| suite.install(case)).collect();
    suite.house.clock.advance(Duration::from_secs(24 * 3600));
    suite.neighbour = suite.neighbours_page();
    for (case, refusal) in cases.iter().zip(refusals) {
        let seen = match &refusal {
            Some(refusal) => Seen { ended: format!("refused: {refusal}"), evidence: Vec::new() },
            None if matches!(case.guest, Source::Disturbed) => disturb(),
            None => suite.call(case),
        };
        let _ = writeln!(table, "{:<26}{:<52}{}", case.name, short(&seen.ended), case.harm);
        wrong.extend(seen.differs(case).map(|why| format!("{}: {why}", case.name)));
        if refusal.is_none() && matches!(case.guest, Source::Text(_)) {
            // Nothing lives from one call to the next: it ends the same way.
            let again = suite.call(case);
            if again.ended.split(", used").next() != seen.ended.split(", used").next() {
                wrong.push(format!("{}: the second time {again:?}", case.name));
            }
        }
        wrong.extend(suite.harmed().map(|why| format!("{}: {why}", case.name)));
    }
    let counted = suite.house.runtime.endings();
    let count = |action: &str| {
        counted.iter().filter(|(it, _)| it.action == action).map(|(_, count)| count).sum::<u64>()
    };
    for action in ["call.tripped", "call.trapped", "call.failed"] {
        let evidence = suite.house.evidence().into_iter().filter(|it| it.entry.action == action).count();
        assert_eq!(count(action), evidence as u64, "{action}: {counted:?}");
    }
    println!("{table}{} guests", cases.len());
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn no_two_hostile_guests_have_one_name() {
    let mut names: Vec<_> = cases().iter().map(|case| case.name).collect();
    names.sort_unstable();
    let count = names.len();
    names.dedup();
    assert_eq!(names.len(), count);
}

/// Submits what conflicts for ever, in a house of its own.
fn disturb() -> Seen {
    let (house, attempts) = disturbed("2026-05-06T01:00:00Z", u32::MAX);
    let ended = house.submit(house.officer, "hostile", "add", &[]);
    assert!(matches!(ended, Err(CallError::Conflict)), "{ended:?}");
    assert_eq!(house.runtime.in_use(), InUse::default());
    let ended = format!("conflicts, {} attempts", attempts.lock().unwrap().len());
    Seen { ended, evidence: Vec::new() }
}

/// What fits into a column: of a refusal, its reason, which comes last.
fn short(text: &str) -> String {
    let line = match text.strip_prefix("refused: ") {
        Some(refusal) => {
            let reason =
                refusal.split("; ask for").next().unwrap_or_default().lines().last().unwrap_or_default();
            let reason = ["wasm trap: ", "the call reached its limit of ", "translate: ", ": "]
                .into_iter()
                .find_map(|before| reason.split_once(before).map(|(_, reason)| reason))
                .unwrap_or(reason);
            format!("refused: {reason}")
        }
        None => text.to_owned(),
    };
    if line.chars().count() <= 50 { line } else { line.chars().take(49).chain(['…']).collect() }
}

impl Seen {
    /// How what was seen differs from what should be.
    fn differs(&self, case: &Case) -> Option<String> {
        let (ended, evidence) = match case.ends {
            Ends::Refused(why) => {
                let refused = self.ended.starts_with("refused: ") && self.ended.contains(why);
                return (!refused).then(|| format!("not refused for {why:?}: {}", self.ended));
            }
            Ends::Trips(limit, allowed) => (format!("{limit} of {allowed}"), "call.tripped"),
            Ends::Breaks => ("breaks off".to_owned(), "call.trapped"),
            Ends::Fails => ("no page".to_owned(), "call.failed"),
            Ends::Conflicts => ("conflicts, 6 attempts".to_owned(), ""),
            Ends::Shows(title) => (format!("harmless: {title}"), ""),
        };
        if self.ended.split(", used").next() != Some(&ended) {
            return Some(format!("should be {ended:?}, is {:?}", self.ended));
        }
        if let Ends::Trips(limit, allowed) = case.ends {
            let used = self.ended.rsplit(' ').next().unwrap();
            let said = format!("call.tripped allowed={allowed} limit={limit} route=/ used={used}");
            if !self.evidence.contains(&said) {
                return Some(format!("evidence {:?} instead of {said:?}", self.evidence));
            }
        }
        // However much it asked for: its end, and the first few refusals.
        let of =
            |action: &str| self.evidence.iter().filter(|it| it.split(' ').next() == Some(action)).count();
        let ends = usize::from(!evidence.is_empty());
        let refusals = of("access.refused") + of("rule.refused");
        if of(evidence) != ends || refusals > 16 || self.evidence.len() != ends + refusals {
            return Some(format!("evidence {:?} instead of {evidence:?}", self.evidence));
        }
        None
    }
}

impl Suite {
    fn new() -> Self {
        let house = House::new();
        house.install(&component("hostile")).unwrap();
        house.install(&component("forgetful")).unwrap();
        house.give(house.officer, "hostile.vandal", house.province);
        house.give(house.officer, "forgetful.writer", house.province);
        let note = [
            ("title", types(Value::Text("ghi chép của hàng xóm".into()))),
            ("weight", types(Value::Integer(7))),
            ("unit", types(Value::Unit(house.planning))),
        ];
        house.submit(house.officer, "forgetful", "add", &note).unwrap();
        Self { house, neighbour: String::new() }
    }

    /// Installs a guest, with three papers of which the officer sees one; why not, when it is refused.
    fn install(&self, case: &Case) -> Option<String> {
        let Source::Text(guest) = &case.guest else { return None };
        let house = &self.house;
        let plugin = match house.install(&guest.package(case.name)) {
            Ok(plugin) => plugin,
            Err(refused) => {
                let evidence = house.evidence().pop().unwrap().entry;
                assert_eq!(evidence.action, "plugin.turned-away");
                assert_eq!(evidence.subject, format!("plugin:{}", case.name));
                return Some(refused.to_string());
            }
        };
        let role = format!("{}.vandal", case.name);
        house.give(house.officer, &role, house.planning);
        house.give_to(house.admin, &role, house.province, false, Label::Confidential);
        let papers =
            [(house.planning, "ordinary"), (house.planning, "confidential"), (house.finance, "ordinary")];
        let origin = house.platform.origin(Actor::person(house.admin), Default::default());
        let added = house.platform.perform(&origin, |call| {
            for (unit, secrecy) in papers {
                let values = vec![
                    FieldValue { field: "unit".into(), value: Value::Unit(unit) },
                    FieldValue { field: "secrecy".into(), value: Value::Text(secrecy.into()) },
                ];
                records::insert(call, &plugin.data, "papers", values)?;
            }
            Ok(())
        });
        added.unwrap();
        None
    }

    fn call(&self, case: &Case) -> Seen {
        let house = &self.house;
        let before = house.evidence().len();
        let (plugin, form, path) = match &case.guest {
            Source::Text(guest) => (case.name, guest.is_form().then_some("harm"), "/"),
            Source::Page(path) => ("hostile", None, *path),
            Source::Form(form) => ("hostile", Some(*form), "/"),
            Source::Disturbed => unreachable!("it has a house of its own"),
        };
        let ended = match form {
            Some(form) => house.submit(house.officer, plugin, form, &[]).map(|done| format!("{done:?}")),
            None => house.draw(house.officer, plugin, path).map(|page| page.title),
        };
        let ended = match ended {
            Ok(title) => format!("harmless: {title}"),
            Err(CallError::Limit(trip)) => format!("{} of {}, used {}", trip.what, trip.allowed, trip.used),
            Err(CallError::Trapped) => "breaks off".to_owned(),
            Err(CallError::Failed) => "no page".to_owned(),
            Err(other) => format!("{other:?}"),
        };
        let evidence = house.evidence().split_off(before).into_iter().map(|recorded| {
            let detail = recorded.entry.detail.iter().map(|(name, value)| format!(" {name}={value}"));
            detail.fold(recorded.entry.action.clone(), |said, detail| said + &detail)
        });
        Seen { ended, evidence: evidence.collect() }
    }

    /// What is not as it was before.
    fn harmed(&self) -> Option<String> {
        let held = self.house.runtime.in_use();
        if held != InUse::default() {
            return Some(format!("still held: {held:?}"));
        }
        if self.house.draw(self.house.officer, "hostile", "/").unwrap().title != "counters: " {
            return Some("half a deed was kept".to_owned());
        }
        let page = self.neighbours_page();
        (page != self.neighbour).then(|| format!("the neighbour's page is {page}"))
    }

    fn neighbours_page(&self) -> String {
        let page = self.house.draw(self.house.officer, "forgetful", "/").unwrap();
        let page = format!("{page:?}");
        assert!(page.contains("ghi chép của hàng xóm"), "{page}");
        page
    }
}

/// The model's value as it crosses.
fn types(value: Value) -> dinh_runtime::bindings::types::Value {
    use dinh_runtime::bindings::types::Value as Crossing;
    match value {
        Value::Text(text) => Crossing::Text(text),
        Value::Integer(number) => Crossing::Integer(number),
        Value::Unit(unit) => Crossing::Unit(unit.0),
        other => panic!("{other:?}"),
    }
}
