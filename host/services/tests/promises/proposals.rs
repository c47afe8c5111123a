//! Proposals of catalog entries, their approval, and what a catalog was before.

use dinh_model::{AccountId, Localized, RequestId, Value};
use dinh_services::accounts::{self, Asked, approve, effect_of, end_unit, get_request, inbox, refuse};
use dinh_services::catalog::{
    self, BASE_SALARY, Changed, Definition, Entry, GRADES, MOST_PROPOSED, PROVINCES, at_version, define,
    history_of, import_csv, open, propose, proposed, versions,
};
use dinh_services::{Call, ServiceError};

use crate::codes::{day, get, import_at_once, ship};
use crate::house::{House, account, at_once, denied, give, invalid, refused, ruled};

const TITLES: &str = "titles";

/// A catalog of planning, a steward there, a proposer in finance.
struct Shared {
    house: House,
    steward: AccountId,
    proposer: AccountId,
}

fn shared() -> Shared {
    let house = House::new();
    let (planning, finance, province) = (house.planning, house.finance, house.province);
    let (steward, proposer) = house.admin(|call| {
        let steward = account(call, "steward", "Lê Thị Danh", planning)?;
        let proposer = account(call, "proposer", "Phạm Văn Mục", finance)?;
        give(call, steward, "dinh.catalog-steward", planning)?;
        give(call, proposer, "dinh.catalog-proposer", finance)?;
        let _ = province;
        Ok((steward, proposer))
    });
    house.admin(|call| define(call, &titles(Some(planning)), "theo Quyết định 5"));
    Shared { house, steward, proposer }
}

fn titles(owner: Option<dinh_model::UnitId>) -> Definition {
    Definition {
        name: TITLES.into(),
        title: Localized::new("Danh hiệu", "Titles"),
        source: "Sở Kế hoạch và Đầu tư".into(),
        owner,
        attributes: Vec::new(),
    }
}

fn entry(code: &str, name: &str) -> Entry {
    Entry {
        code: code.into(),
        name: Localized::new(name, ""),
        parent: None,
        valid_from: day("2020-01-01"),
        valid_until: None,
        order: 0,
        aliases: Vec::new(),
        predecessors: Vec::new(),
        attributes: Vec::new(),
    }
}

impl Shared {
    fn ask(&self, entry: &Entry) -> RequestId {
        self.house
            .as_person(self.proposer, |call| propose(call, TITLES, entry.clone(), "căn cứ Công văn 7"))
            .unwrap()
            .unwrap()
    }

    fn steward<T>(&self, deed: impl FnMut(&mut Call) -> Result<T, ServiceError>) -> Result<T, ServiceError> {
        self.house.as_person(self.steward, deed)
    }

    fn get(&self, code: &str) -> Option<Entry> {
        self.house.read(|call| get(call, TITLES, code).unwrap())
    }
}

#[test]
fn what_a_unit_proposes_is_there_when_a_steward_of_the_owner_approved_it_and_not_before() {
    let shared = shared();
    let house = &shared.house;
    let id = shared.ask(&entry("chien-si", " Chiến sĩ thi đua "));
    assert_eq!(shared.get("chien-si"), None);
    let asked = house.last().entry;
    assert_eq!((asked.action.as_str(), asked.subject.as_str()), ("catalog.requested", "catalog:titles"));
    assert_eq!(asked.detail["entries"], "1");
    assert!(!format!("{asked:?}").contains("Công văn"), "the reason is no evidence");

    // It waits for the steward and for nobody else.
    let waits = |person| house.as_person(person, |call| Ok(inbox(call, None, 10)?.requests.len())).unwrap();
    assert_eq!((waits(shared.steward), waits(shared.proposer), waits(house.officer)), (1, 0, 0));
    assert!(effect_of(&house.platform, &house.origin(shared.steward), id).unwrap().changes.is_empty());
    let request = shared.steward(|call| get_request(call, id)).unwrap();
    let Asked::Entries(asked) = &request.asked else { panic!("{request:?}") };
    let entries = shared.steward(|call| proposed(call, asked)).unwrap();
    assert_eq!(
        (entries.len(), entries[0].was, entries[0].entry.name.en.as_str()),
        (1, None, "Chiến sĩ thi đua")
    );

    shared.steward(|call| approve(call, id)).unwrap();
    assert_eq!(shared.get("chien-si").unwrap().name.vi, "Chiến sĩ thi đua");
    let done = house.last().entry;
    assert_eq!(done.action, "catalog.changed");
    for (name, value) in [("version", "2"), ("added", "1"), ("changed", "0"), ("request", "1")] {
        assert_eq!(done.detail[name], value, "{name}");
    }
    assert_eq!(done.detail["requested-by"], shared.proposer.to_string());
}

#[test]
fn nobody_approves_their_own_proposal_nor_without_being_steward_of_the_owner() {
    let shared = shared();
    let house = &shared.house;
    let id = shared.ask(&entry("a", "A"));
    denied(house.as_person(shared.proposer, |call| approve(call, id)));
    denied(house.as_person(house.officer, |call| approve(call, id)));
    denied(house.as_person(house.officer, |call| propose(call, TITLES, entry("b", "B"), "vì sao")));
    // A steward of another unit is none of this catalog, and one who may both asks another.
    house.admin(|call| {
        give(call, shared.proposer, "dinh.catalog-steward", house.finance)?;
        give(call, shared.steward, "dinh.catalog-proposer", house.planning)
    });
    denied(house.as_person(shared.proposer, |call| approve(call, id)));
    let own = shared.steward(|call| propose(call, TITLES, entry("c", "C"), "vì sao")).unwrap().unwrap();
    assert_eq!(refused(shared.steward(|call| approve(call, own))), "second-person");
    assert_eq!(house.last().entry.action, "rule.refused");
    // The administrator of the whole house is steward of all.
    house.admin(|call| approve(call, own));
    assert!(shared.get("c").is_some());
    assert!(invalid(shared.steward(|call| propose(call, TITLES, entry("d", "D"), " "))).contains("reason"));
}

#[test]
fn a_refusal_has_a_reason_and_changes_nothing() {
    let shared = shared();
    let id = shared.ask(&entry("a", "A"));
    invalid(shared.steward(|call| refuse(call, id, " ")));
    shared.steward(|call| refuse(call, id, "đã có mã khác")).unwrap();
    assert_eq!(shared.house.last().entry.action, "catalog.refused");
    assert_eq!(shared.get("a"), None);
    assert_eq!(refused(shared.steward(|call| approve(call, id))), "request-decided");
}

#[test]
fn what_changed_since_it_was_looked_at_is_not_overwritten() {
    let shared = shared();
    let first = shared.ask(&entry("a", "Một"));
    let second = shared.ask(&entry("a", "Hai"));
    shared.steward(|call| approve(call, first)).unwrap();
    let said = ruled(shared.steward(|call| approve(call, second)));
    assert!(said.contains("\"a\" was changed since"), "{said}");
    assert_eq!(shared.house.last().entry.detail["rule"], "catalog-entry-changed");
    assert_eq!(shared.get("a").unwrap().name.vi, "Một");
    // Another entry of the same catalog is another matter.
    let third = shared.ask(&entry("b", "Ba"));
    let fourth = shared.ask(&entry("c", "Bốn"));
    shared.steward(|call| approve(call, fourth)).unwrap();
    shared.steward(|call| approve(call, third)).unwrap();
}

#[test]
fn what_no_longer_goes_with_the_catalog_is_refused_at_approval() {
    let shared = shared();
    shared.house.admin(|call| import_at_once(call, TITLES, "code,name_vi,valid_from\na,A,2020-01-01\n"));
    let child = shared.ask(&Entry { parent: Some("a".into()), ..entry("b", "B") });
    let ended = shared.ask(&Entry { valid_until: Some(day("2024-01-01")), ..entry("a", "A") });
    shared.steward(|call| approve(call, child)).unwrap();
    assert_eq!(refused(shared.steward(|call| approve(call, ended))), "catalog-rules");
    assert_eq!(shared.get("a").unwrap().valid_until, None);
    for wrong in [
        Entry { parent: Some("khong-co".into()), ..entry("x", "X") },
        Entry { predecessors: vec!["a".into()], valid_from: day("2019-01-01"), ..entry("x", "X") },
        Entry { valid_until: Some(day("2020-01-01")), ..entry("x", "X") },
        Entry { attributes: vec![Value::Integer(1)], ..entry("x", "X") },
        entry("mã xấu", "X"),
        entry("", "X"),
        entry("a", "A"),
    ] {
        let asked =
            shared.house.as_person(shared.proposer, |call| propose(call, TITLES, wrong.clone(), "vì"));
        assert!(matches!(asked, Err(ServiceError::Invalid(_))), "{wrong:?}: {asked:?}");
    }
}

#[test]
fn an_import_is_one_proposal_and_bounded() {
    let shared = shared();
    let import = |lines: std::ops::Range<usize>| {
        let rows: String = lines.map(|number| format!("x{number},Mã {number},2020-01-01\n")).collect();
        let csv = format!("code,name_vi,valid_from\n{rows}");
        shared.house.as_person(shared.proposer, |call| import_csv(call, TITLES, &csv, "theo Quyết định 9"))
    };
    let asked = import(0..600).unwrap();
    assert_eq!((asked.added, asked.request), (600, Some(RequestId(1))));
    shared.steward(|call| approve(call, RequestId(1))).unwrap();
    assert_eq!(shared.get("x599").unwrap().name.vi, "Mã 599");
    let again = import(0..600).unwrap();
    assert_eq!((again.unchanged, again.request), (600, None), "nothing changes, nothing is asked for");
    assert!(invalid(import(1_000..1_001 + MOST_PROPOSED)).contains("at most 5000"));
    for part in 1..=4 {
        import(part * 10_000..part * 10_000 + MOST_PROPOSED).unwrap();
    }
    assert_eq!(refused(import(90_000..90_001)), "open-entries");
}

#[test]
fn every_accepted_change_is_a_version_and_what_a_catalog_was_can_be_read() {
    let shared = shared();
    let id = shared.ask(&entry("a", "Môt"));
    shared.steward(|call| approve(call, id)).unwrap();
    let id = shared.ask(&entry("a", "Một"));
    shared.steward(|call| approve(call, id)).unwrap();
    let id = shared.ask(&entry("b", "Hai"));
    shared.steward(|call| approve(call, id)).unwrap();
    shared.house.read(|call| {
        let all = versions(call, TITLES, None, 10).unwrap();
        assert_eq!(all.iter().map(|version| version.number).collect::<Vec<_>>(), [4, 3, 2, 1]);
        assert_eq!(versions(call, TITLES, Some(4), 2).unwrap(), all[1..3]);
        assert_eq!((all[3].what, all[3].reason.as_str()), (Changed::Definition, "theo Quyết định 5"));
        assert_eq!(all[1].what, Changed::Entries { added: 0, changed: 1, shipped: false });
        assert_eq!(
            (all[1].by.unwrap().account, all[1].approved.unwrap().account),
            (shared.proposer, shared.steward)
        );
        assert_eq!((all[1].reason.as_str(), all[1].request), ("căn cứ Công văn 7", Some(RequestId(2))));
        assert_eq!(all[1].at, call.now());

        let named = |version| {
            let catalog = at_version(call, TITLES, version).unwrap().unwrap();
            catalog.entries().iter().map(|entry| entry.name.vi.clone()).collect::<Vec<_>>()
        };
        assert!(named(1).is_empty());
        assert_eq!(
            (named(2), named(3), named(4)),
            (vec!["Môt".into()], vec!["Một".into()], vec!["Một".into(), "Hai".into()])
        );
        assert!(at_version(call, TITLES, 5).unwrap().is_none());
        let history = history_of(call, TITLES, "a").unwrap();
        let history: Vec<_> =
            history.iter().map(|(version, entry)| (version.number, entry.name.vi.as_str())).collect();
        assert_eq!(history, [(3, "Một"), (2, "Môt")]);
    });
}

#[test]
fn an_owner_is_a_unit_in_its_term_that_does_not_end_before_it_hands_the_catalog_over() {
    let shared = shared();
    let house = &shared.house;
    // A steward defines what is of the own unit, and takes nothing of others.
    let own = Definition { name: "own".into(), ..titles(Some(house.planning)) };
    shared.steward(|call| define(call, &own, "")).unwrap();
    denied(shared.steward(|call| {
        define(call, &Definition { name: "theirs".into(), ..titles(Some(house.finance)) }, "")
    }));
    denied(shared.steward(|call| define(call, &Definition { name: "house".into(), ..titles(None) }, "")));
    denied(shared.steward(|call| define(call, &titles(Some(house.finance)), "")));
    let end = |unit| {
        house.as_person(house.admin, |call| at_once(call, |call| end_unit(call, unit, day("2026-12-01"))))
    };
    house.admin(|call| {
        at_once(call, |call| {
            for person in [shared.steward, house.officer, shared.proposer] {
                accounts::close(call, person, "nghỉ hưu")?;
            }
            Ok(())
        })
    });
    assert!(ruled(end(house.planning)).contains("catalogs that it owns: 2 (own, titles)"));
    house.admin(|call| {
        define(call, &titles(None), "")?;
        define(call, &Definition { name: "own".into(), ..titles(None) }, "")
    });
    end(house.planning).unwrap();
    house.clock.set("2026-12-02T01:00:00Z".parse().unwrap());
    assert_eq!(
        refused(house.as_person(house.admin, |call| define(call, &titles(Some(house.planning)), ""))),
        "unit-not-in-term"
    );
}

#[test]
fn a_call_sees_a_catalog_as_its_snapshot_has_it_and_its_own_writes() {
    let shared = shared();
    let house = &shared.house;
    house.admin(|call| import_at_once(call, TITLES, "code,name_vi,valid_from\na,A,2020-01-01\n"));
    let before = house.platform.begin_reading(&house.origin(house.officer)).unwrap();
    house.admin(|call| {
        import_at_once(call, TITLES, "code,name_vi,valid_from\nb,B,2020-01-01\n")?;
        assert_eq!(open(call, TITLES).unwrap().entries().len(), 2, "its own write");
        import_at_once(call, TITLES, "code,name_vi,valid_from\nc,C,2020-01-01\n")?;
        assert_eq!(open(call, TITLES).unwrap().entries().len(), 3, "both of them");
        Ok(())
    });
    assert_eq!(open(&before, TITLES).unwrap().entries().len(), 1, "opened only now");
    assert_eq!(house.read(|call| open(call, TITLES).unwrap().entries().len()), 3);
    assert_eq!(open(&before, TITLES).unwrap().entries().len(), 1);
}

#[test]
fn a_change_that_relied_on_a_code_conflicts_when_the_catalog_changed_meanwhile() {
    let shared = shared();
    let house = &shared.house;
    house.admin(|call| import_at_once(call, TITLES, "code,name_vi,valid_from\na,A,2020-01-01\n"));
    let begin = |looks: bool| {
        let mut call = house.platform.begin(&house.origin(house.admin)).unwrap();
        // From memory, where it was compiled already.
        let there = !looks || open(&call, TITLES).unwrap().lookup("a", call.today()).is_some();
        assert!(there);
        accounts::rename_unit(
            &mut call,
            house.finance,
            if looks { "Sở Tài chính cũ" } else { "Sở Tài chính mới" },
        )
        .unwrap();
        call
    };
    let (relies, does_not) = (begin(true), begin(false));
    house.admin(|call| {
        import_at_once(call, TITLES, "code,name_vi,valid_from,valid_until\na,A,2020-01-01,2021-01-01\n")
    });
    assert!(matches!(house.platform.commit(relies), Err(ServiceError::Conflict)));
    house.platform.commit(does_not).unwrap();
}

#[test]
fn the_shipped_catalogs_say_what_their_sources_say() {
    let house = House::new();
    ship(&house);
    house.read(|call| {
        let counts: Vec<_> = catalog::catalogs(call)
            .unwrap()
            .into_iter()
            .map(|known| {
                let compiled = open(call, &known.definition.name).unwrap();
                assert!(!known.definition.source.is_empty());
                (known.definition.name, compiled.entries().len())
            })
            .collect();
        let expected = [
            ("base-salary", 3),
            ("civil-service-grades", 5),
            ("document-types", 29),
            ("education-levels", 9),
            ("ethnic-groups", 54),
            ("holidays", 18),
            ("labels", 4),
            ("political-theory-levels", 4),
            ("provinces", 87),
            ("sexes", 2),
        ];
        assert_eq!(counts, expected.map(|(name, count)| (name.to_owned(), count)));
        let salary = |as_of: &str| {
            let compiled = open(call, BASE_SALARY).unwrap();
            let listed = compiled.list(day(as_of), None, 10).unwrap().entries;
            assert!(listed.len() <= 1);
            listed.first().map(|entry| entry.attribute(0).clone())
        };
        for (as_of, amount) in [
            ("2019-06-30", None),
            ("2019-07-01", Some(1_490_000)),
            ("2023-06-30", Some(1_490_000)),
            ("2023-07-01", Some(1_800_000)),
            ("2024-06-30", Some(1_800_000)),
            ("2024-07-01", Some(2_340_000)),
            ("2026-11-22", Some(2_340_000)),
        ] {
            assert_eq!(salary(as_of), amount.map(Value::Integer), "{as_of}");
        }
        let grades = open(call, GRADES).unwrap();
        let number = |text: &str| Value::Decimal(text.parse().unwrap());
        for (code, [first, step], [steps, months]) in [
            ("01.001", ["6.20", "0.36"], [6, 36]),
            ("01.003", ["2.34", "0.33"], [9, 36]),
            ("01.005", ["1.65", "0.18"], [12, 24]),
        ] {
            let all = [number(first), number(step), Value::Integer(steps), Value::Integer(months)];
            assert_eq!(grades.get(code).unwrap().attributes, all, "{code}");
        }
        let groups = open(call, "ethnic-groups").unwrap();
        for (name, code) in
            [("Kinh", "01"), ("Hmông", "08"), ("mông", "08"), ("Ê Đê", "12"), ("Rơ-măm", "54")]
        {
            assert_eq!(
                groups.find(name, call.today()).map(|entry| entry.code.as_str()),
                Some(code),
                "{name}"
            );
        }
    });
}

#[test]
fn shipping_under_the_rules_asks_like_anybody_else() {
    let house = House::new();
    let shipped = house.admin(catalog::ship);
    assert!(shipped.iter().all(|shipped| shipped.request.is_some() && shipped.added > 0), "{shipped:?}");
    assert!(house.read(|call| open(call, PROVINCES).unwrap().entries().is_empty()));
}
