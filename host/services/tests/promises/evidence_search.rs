//! A search of the evidence finds what reading all of it would, for whoever may read it, page by page.

use dinh_model::text::fold;
use dinh_model::{AccountId, Actor, RecordId, UnitId, time};
use dinh_services::accounts::{
    EvidenceFilter, Part, count_evidence, evidence, get_account, get_position, search_evidence,
};
use dinh_store::{Entry, Outcome, Recorded};
use proptest::prelude::*;

use crate::house::{House, account, give};

const PURPOSES: [&str; 3] = ["Kiểm tra đảng phí", "Thanh tra đảng viên", "kiểm toán"];

fn record(number: u8) -> RecordId {
    RecordId::new(1_700_000_000_000, [number; 10])
}

/// Any entry about few people, units and records: many have something in common.
fn any_entry(people: Vec<AccountId>, units: Vec<UnitId>) -> impl Strategy<Value = Entry> {
    let person = prop::sample::select(people);
    let unit = prop::sample::select(units);
    let actor = prop_oneof![
        4 => person.clone().prop_map(Actor::person),
        1 => (person.clone(), person.clone())
            .prop_map(|(account, lender)| Actor::Person { account, on_behalf_of: Some(lender) }),
        1 => Just(Actor::Public),
    ];
    let subject = prop_oneof![
        person.prop_map(|id| format!("account:{id}")),
        unit.clone().prop_map(|id| format!("unit:{id}")),
        Just("position:1".to_owned()),
        (0_u8..20).prop_map(|number| format!("papers/papers/{}", record(number))),
        Just("evidence:log".to_owned()),
    ];
    let records = prop_oneof![
        3 => prop::collection::vec((0_u8..20).prop_map(record), 0..4),
        1 => prop::collection::vec(any::<u8>().prop_map(record), 65..150),
    ];
    let action =
        prop::sample::select(vec!["record.read", "dataset.read", "account.viewed", "access.refused"]);
    let plugin = prop::option::of(prop::sample::select(vec!["papers", "pci-index"]));
    let outcome = prop::sample::select(vec![Outcome::Done, Outcome::Done, Outcome::Refused, Outcome::Failed]);
    let detail = (
        prop::option::of(unit),
        prop::option::of(0_u32..4),
        prop::option::of(prop::sample::select(PURPOSES.to_vec())),
    );
    (actor, subject, records, action, plugin, outcome, detail, 0_i64..10).prop_map(
        |(actor, subject, records, action, plugin, outcome, (unit, contract, purpose), day)| Entry {
            at: "2026-02-20T01:00:00Z".parse::<dinh_model::Timestamp>().unwrap()
                + std::time::Duration::from_secs(86_400 * day as u64),
            actor,
            plugin: plugin.map(|plugin| plugin.parse().unwrap()),
            action: action.to_owned(),
            subject,
            records,
            outcome,
            detail: [
                unit.map(|unit| ("unit".to_owned(), unit.to_string())),
                contract.map(|contract| ("contract".to_owned(), contract.to_string())),
                purpose.map(|purpose| ("purpose".to_owned(), purpose.to_owned())),
            ]
            .into_iter()
            .flatten()
            .collect(),
        },
    )
}

fn any_filter(people: Vec<AccountId>, units: Vec<UnitId>) -> impl Strategy<Value = EvidenceFilter> {
    let part = prop::sample::select(Part::WORDS.map(|(_, part)| part).to_vec());
    let maybe = |most: u32| (0..most).prop_map(|value| (value < 4).then_some(value));
    let days = (prop::option::of(0_usize..10), prop::option::of(0_usize..10));
    (
        prop::option::weighted(0.3, prop::sample::select(people)),
        part,
        prop::option::weighted(0.2, prop::sample::select(units)),
        maybe(30),
        maybe(12),
        prop::sample::select(vec!["", "", "", "record.", "access.refused", "rec"]),
        prop::option::weighted(0.2, prop::sample::select(vec![Outcome::Refused, Outcome::Done])),
        prop::sample::select(vec!["", "", "", "đảng", "KIEM tra", "đảng viên", "kiểm"]),
        days,
    )
        .prop_map(|(account, part, unit, contract, number, action, outcome, purpose, (from, until))| {
            let day = |days: usize| format!("2026-02-{:02}", 20 + days.min(8)).parse().unwrap();
            EvidenceFilter {
                account,
                part,
                unit,
                plugin: (number == Some(3)).then(|| "papers".parse().unwrap()),
                action: action.to_owned(),
                outcome,
                purpose: purpose.to_owned(),
                contract,
                record: number.map(|number| record(number as u8)),
                from: from.filter(|from| *from < 4).map(day),
                until: until.filter(|until| *until > 6).map(day),
            }
        })
}

/// The same said plainly, of an entry that its reader may see.
fn fits(house: &House, filter: &EvidenceFilter, entry: &Entry) -> bool {
    let (acted, lent) = match entry.actor {
        Actor::Person { account, on_behalf_of } => (Some(account), on_behalf_of),
        _ => (None, None),
    };
    let is_person = |id: AccountId| {
        let about = entry.subject == format!("account:{id}");
        match filter.part {
            Part::Any => acted == Some(id) || lent == Some(id) || about,
            Part::Acted => acted == Some(id),
            Part::Lent => lent == Some(id),
            Part::Subject => about,
        }
    };
    let of_unit = |top: UnitId| {
        let below = [house.planning, house.finance];
        let within = |unit: UnitId| unit == top || top == house.province && below.contains(&unit);
        let home = |id: AccountId| house.read(|call| get_account(call, id).unwrap().unit);
        let subject = match entry.subject.split_once(':') {
            Some(("unit", number)) => Some(UnitId(number.parse().unwrap())),
            Some(("account", number)) => Some(home(AccountId(number.parse().unwrap()))),
            Some(("position", number)) => {
                let position = dinh_model::PositionId(number.parse().unwrap());
                house.read(|call| get_position(call, position).ok().map(|found| found.unit))
            }
            _ => None,
        };
        let named = ["unit", "home", "parent"].iter().filter_map(|name| entry.detail.get(*name));
        let named = named.filter_map(|number| Some(UnitId(number.parse().ok()?)));
        acted.into_iter().chain(lent).map(home).chain(subject).chain(named).any(within)
    };
    let about = |record: RecordId| {
        entry.records.contains(&record) || entry.subject == format!("papers/papers/{record}")
    };
    let purpose = fold(entry.detail.get("purpose").map_or("", String::as_str));
    let day = time::day_in_vietnam(entry.at);
    filter.account.is_none_or(is_person)
        && filter.unit.is_none_or(of_unit)
        && filter.plugin.as_ref().is_none_or(|plugin| entry.plugin.as_ref() == Some(plugin))
        && entry.action.starts_with(&filter.action)
        && filter.outcome.is_none_or(|outcome| entry.outcome == outcome)
        && fold(&filter.purpose)
            .split(' ')
            .all(|word| word.is_empty() || purpose.split(' ').any(|known| known == word))
        && filter.contract.is_none_or(|number| entry.detail.get("contract") == Some(&number.to_string()))
        && filter.record.is_none_or(about)
        && filter.from.is_none_or(|from| from <= day)
        && filter.until.is_none_or(|until| day <= until)
}

fn all(house: &House, who: AccountId, filter: &EvidenceFilter, limit: usize) -> Vec<u64> {
    let (mut found, mut before) = (Vec::new(), None);
    loop {
        let page = house.as_person(who, |call| search_evidence(call, filter, before, limit)).unwrap();
        assert!(page.entries.len() <= limit);
        found.extend(page.entries.into_iter().map(|recorded| recorded.index));
        before = page.next;
        if before.is_none() {
            return found;
        }
    }
}

/// A house whose `head` reads the evidence of planning only.
fn house() -> (House, AccountId) {
    let house = House::new();
    let operator = house.origin(house.admin).as_operator();
    let head = house.platform.perform(&operator, |call| {
        let head = account(call, "truong-skhdt", "Lê Thị Trưởng", house.planning)?;
        give(call, head, "dinh.auditor", house.planning)?;
        Ok(head)
    });
    (house, head.unwrap())
}

#[test]
fn a_search_finds_exactly_what_reading_everything_would() {
    let (house, head) = house();
    // So that the rest spreads over two segments of the index.
    let filling = Entry { records: Vec::new(), ..house.last().entry };
    house.platform.store().witness(vec![filling; 1_900]).unwrap();
    let people = vec![house.admin, house.officer, head];
    let units = vec![house.province, house.planning, house.finance];
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig {
        cases: 8,
        max_shrink_iters: 0,
        failure_persistence: None,
        ..ProptestConfig::default()
    });
    let entries = prop::collection::vec(any_entry(people.clone(), units.clone()), 1..80);
    let filters = prop::collection::vec(any_filter(people, units), 10);
    runner
        .run(&(entries, filters, 7_usize..60), |(entries, filters, limit)| {
            house.platform.store().witness(entries).unwrap();
            for who in [house.admin, head] {
                let readable: Vec<Recorded> =
                    house.as_person(who, |call| evidence(call, Some(0), 100_000)).unwrap();
                for filter in &filters {
                    let naive = readable.iter().rev().filter(|it| fits(&house, filter, &it.entry));
                    let naive: Vec<u64> = naive.map(|it| it.index).collect();
                    let found = all(&house, who, filter, limit);
                    let differ = found.iter().zip(&naive).find(|(found, naive)| found != naive);
                    prop_assert!(found == naive, "{filter:?}: {differ:?}, {} {}", found.len(), naive.len());
                    let totals = house.as_person(who, |call| count_evidence(call, filter)).unwrap();
                    prop_assert_eq!(totals.done + totals.refused + totals.failed, naive.len());
                    prop_assert!(!totals.more);
                }
            }
            Ok(())
        })
        .unwrap();
}

#[test]
fn a_search_without_a_find_says_where_to_go_on_and_comes_to_the_end() {
    let (house, _) = house();
    let entry = Entry { records: Vec::new(), ..house.last().entry };
    for _ in 0..6 {
        house.platform.store().witness(vec![entry.clone(); 20_000]).unwrap();
    }
    let first = house.evidence()[0].clone();
    // The deed cannot be told from its segment's marks: every entry is read.
    let filter = EvidenceFilter { action: first.entry.action[..3].to_owned(), ..EvidenceFilter::default() };
    let filter = EvidenceFilter { until: Some("2020-01-01".parse().unwrap()), ..filter };
    assert_eq!(all(&house, house.admin, &filter, 10), Vec::<u64>::new());
    let rare = EvidenceFilter { action: "x".to_owned(), ..EvidenceFilter::default() };
    let page = house.admin(|call| search_evidence(call, &rare, None, 10));
    assert!(page.entries.is_empty() && page.next.is_some_and(|next| next > 0), "a call looks only so far");
    assert_eq!(all(&house, house.admin, &rare, 10), Vec::<u64>::new());
    assert!(house.admin(|call| count_evidence(call, &rare)).more);
}
