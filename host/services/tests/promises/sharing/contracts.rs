//! The life of a contract.

use std::sync::Arc;

use dinh_model::{Collection, Dataset, Field, FieldType, Keep, Label, Wanted};
use dinh_services::sharing::{self, Standing, State};
use dinh_services::{ServiceError, Thing};

use super::neighbours::{Neighbours, all, id, wanted};
use crate::house::{denied, invalid, refused, ruled};

fn standing(it: &Neighbours, contract: dinh_model::ContractId) -> Standing {
    let found = it.house.as_person(it.asker, |call| {
        let contract = sharing::get_contract(call, contract)?;
        Ok(contract.standing(call.today()))
    });
    found.unwrap()
}

#[test]
fn a_contract_is_asked_for_by_one_unit_agreed_to_by_the_other_and_then_read_under() {
    let it = Neighbours::new();
    assert!(it.names(it.collector).is_err(), "nothing is read before anything is agreed to");
    let contract = it.ask();
    assert_eq!(standing(&it, contract), Standing::Requested);
    assert!(it.names(it.collector).is_err(), "nor while it waits");
    it.agree(contract, |_| ()).unwrap();
    assert_eq!(standing(&it, contract), Standing::Active);
    assert_eq!(it.names(it.collector).unwrap(), ["Trần Thanh Bình", "Nguyễn Văn An", "Lý Thị Chi"]);
    let actions = it.house.actions();
    for action in ["dataset.offered", "contract.requested", "contract.approved"] {
        assert!(actions.iter().any(|known| known == action), "{action} is in the evidence: {actions:?}");
    }
}

#[test]
fn the_steward_has_two_working_days_and_a_weekend_is_none() {
    // A Monday.
    let it = Neighbours::new();
    let due = |contract| {
        it.house.as_person(it.asker, |call| Ok(sharing::get_contract(call, contract)?.due)).unwrap()
    };
    let contract = it.ask();
    assert_eq!(due(contract), "2026-03-04".parse().unwrap());
    it.house.as_person(it.asker, |call| sharing::withdraw(call, contract)).unwrap();
    assert_eq!(standing(&it, contract), Standing::Withdrawn);
    // A Friday.
    it.house.clock.set("2026-03-06T01:00:00Z".parse().unwrap());
    let contract = it.ask();
    assert_eq!(due(contract), "2026-03-10".parse().unwrap());
    it.house.clock.set("2026-03-11T01:00:00Z".parse().unwrap());
    assert_eq!(standing(&it, contract), Standing::Overdue);
    // Late is better than never.
    it.agree(contract, |_| ()).unwrap();
    let late = it.house.evidence().into_iter().find(|it| it.entry.action == "contract.approved").unwrap();
    assert_eq!(late.entry.detail["in-time"], "false");
}

#[test]
fn no_public_holiday_is_a_working_day() {
    let it = Neighbours::new();
    let operator = it.house.platform.origin(dinh_model::Actor::Public, dinh_model::Language::Vi);
    it.house.platform.perform(&operator.as_operator(), dinh_services::catalog::ship).unwrap();
    let due = |day: &str, days| {
        let day = day.parse().unwrap();
        it.house.as_person(it.asker, |call| sharing::working_days_after(call, day, days)).unwrap()
    };
    for (asked, due_on) in [
        // Tết of 2025 and 2026: a Friday before it, two working days after nine free ones.
        ("2025-01-24", "2025-02-04"),
        ("2026-02-13", "2026-02-24"),
        // The Hùng Kings on a Sunday: the Monday is free in its place, and so are 30 April and 1 May.
        ("2026-04-24", "2026-04-29"),
        ("2026-04-28", "2026-05-04"),
        ("2026-08-31", "2026-09-04"),
        ("2026-12-31", "2027-01-05"),
        ("2027-04-15", "2027-04-20"),
        // Labour Day on a Saturday.
        ("2027-04-29", "2027-05-05"),
    ] {
        assert_eq!(due(asked, 2), due_on.parse().unwrap(), "asked on {asked}");
    }
}

#[test]
fn a_refusal_is_in_writing_with_reason_and_legal_basis() {
    let it = Neighbours::new();
    let contract = it.ask();
    let refuse = |reason: &'static str, basis: &'static str| {
        it.house.as_person(it.steward, |call| sharing::refuse(call, contract, reason, basis))
    };
    assert!(invalid(refuse(" ", "Luật 91/2025")).contains("reason"));
    assert!(invalid(refuse("ngoài mục đích", "")).contains("legal basis"));
    refuse("ngoài mục đích thu thập", "Luật 91/2025/QH15, điều 4").unwrap();
    assert_eq!(standing(&it, contract), Standing::Refused);
    assert!(ruled(it.agree(contract, |_| ())).contains("refused"), "what is decided stays decided");
    let said = it.names(it.collector).unwrap_err().to_string();
    assert!(said.contains("does not hold (refused)") && said.contains("Ask anew"), "{said}");
}

#[test]
fn ending_a_contract_holds_from_the_next_read_also_in_calls_that_run() {
    let it = Neighbours::new();
    let contract = it.agreed(|_| ());
    let mut running = it.call(it.collector);
    assert_eq!(it.read(&mut running, &all(&["full-name"])).unwrap().len(), 3);
    it.house.as_person(it.steward, |call| sharing::revoke(call, contract, "hết nhu cầu")).unwrap();
    let stopped = it.read(&mut running, &all(&["full-name"]));
    assert!(format!("{stopped:?}").contains("Conflict"), "{stopped:?}");
    assert!(it.house.platform.commit(running).is_err(), "and it does not commit");
    assert_eq!(standing(&it, contract), Standing::Revoked);
    let said = it.names(it.collector).unwrap_err().to_string();
    assert!(said.contains("does not hold (revoked)"), "{said}");
}

#[test]
fn either_side_ends_it_and_nobody_else() {
    let it = Neighbours::new();
    let contract = it.agreed(|_| ());
    let by = |who| it.house.as_person(who, |call| sharing::revoke(call, contract, "đã xong"));
    assert!(!denied(by(it.cashier)).is_empty());
    by(it.asker).unwrap();
    let entry = it.house.last().entry;
    assert_eq!((entry.action.as_str(), entry.detail["side"].as_str()), ("contract.revoked", "consumer"));
}

#[test]
fn whoever_asked_does_not_agree_whatever_they_may() {
    let it = Neighbours::new();
    it.house
        .admin(|call| crate::house::give(call, it.steward, "dinh.sharing-administrator", it.house.finance));
    let contract =
        it.house.as_person(it.steward, |call| sharing::request(call, &id("dues"), "members")).unwrap();
    assert_eq!(refused(it.agree(contract, |_| ())), "second-person");
}

#[test]
fn a_contract_begins_and_ends_with_its_term() {
    let it = Neighbours::new();
    let contract = it.agreed(|terms| {
        terms.from = "2026-03-03".parse().unwrap();
        terms.until = "2026-05-01".parse().unwrap();
    });
    assert_eq!(standing(&it, contract), Standing::Coming);
    assert!(it.names(it.collector).is_err());
    for (now, expected) in [
        ("2026-03-03T01:00:00Z", Standing::Active),
        ("2026-04-02T01:00:00Z", Standing::Expiring),
        ("2026-05-01T01:00:00Z", Standing::Expired),
    ] {
        it.house.clock.set(now.parse().unwrap());
        assert_eq!(standing(&it, contract), expected);
        assert_eq!(it.names(it.collector).is_ok(), expected.holds(), "{now}");
    }
}

#[test]
fn a_new_contract_takes_the_place_of_the_old_one() {
    let it = Neighbours::new();
    let first = it.agreed(|_| ());
    let second = it.agreed(|terms| terms.fields.retain(|field| field != "health"));
    assert_eq!(standing(&it, first), Standing::Revoked);
    let replaced = it.house.as_person(it.asker, |call| sharing::get_contract(call, first)).unwrap();
    assert!(matches!(replaced.state, State::Revoked { replaced_by: Some(by), .. } if by == second));
    assert!(it.read(&mut it.call(it.collector), &all(&["health"])).is_err());
}

#[test]
fn what_is_not_offered_is_not_asked_for() {
    let it = Neighbours::new();
    let asked = |change: &dyn Fn(&mut Wanted)| {
        let mut wanted = wanted(Keep::References);
        change(&mut wanted);
        it.want(&[wanted]);
        it.house.as_person(it.asker, |call| sharing::request(call, &id("dues"), "members"))
    };
    assert_eq!(refused(asked(&|wanted| wanted.fields.push("active".into()))), "field-not-offered");
    assert_eq!(refused(asked(&|wanted| wanted.fields.push("nothing".into()))), "field-not-offered");
    assert_eq!(refused(asked(&|wanted| wanted.fields.clear())), "field-not-offered");
    assert_eq!(refused(asked(&|wanted| wanted.purpose = "curiosity".into())), "purpose-not-allowed");
    assert_eq!(refused(asked(&|wanted| wanted.plugin = id("archive"))), "dataset-not-offered");
    assert_eq!(refused(asked(&|wanted| wanted.dataset = "officers".into())), "dataset-not-offered");
    asked(&|_| ()).unwrap();
    assert_eq!(refused(asked(&|_| ())), "asked-already");
    // Each refusal names what there is, and is evidence.
    let ruled = it.house.evidence().into_iter().filter(|it| it.entry.action == "rule.refused").count();
    assert_eq!(ruled, 7);
    // For a plugin that is not installed nothing is asked, nor for what its manifest does not want.
    let ask = |plugin: &str, wanted: &str| {
        it.house.as_person(it.asker, |call| sharing::request(call, &id(plugin), wanted)).unwrap_err()
    };
    assert!(matches!(ask("archive", "members"), ServiceError::NotFound { thing: Thing::Plugin, .. }));
    assert!(matches!(ask("dues", "officers"), ServiceError::NotFound { thing: Thing::Dataset, .. }));
}

#[test]
fn nobody_agrees_to_a_higher_label_than_the_dataset_has() {
    let it = Neighbours::new();
    let mut ordinary = super::neighbours::members();
    ordinary.label = Label::Ordinary;
    ordinary.fields.retain(|field| field != "health");
    it.offer(&[ordinary]).unwrap();
    let mut wanted = wanted(Keep::References);
    wanted.fields.retain(|field| field != "health");
    it.want(&[wanted]);
    let contract = it.ask();
    let higher = it.agree(contract, |terms| terms.label = Label::Confidential);
    assert_eq!(refused(higher), "label-does-not-fit");
    it.agree(contract, |_| ()).unwrap();
}

#[test]
fn a_dataset_whose_collection_changed_shape_has_one_outcome_before_and_after_it_was_agreed_to() {
    let with = |change: &dyn Fn(&mut Vec<Field>)| {
        let mut people = Collection::clone(Neighbours::new().personnel.collections.first().unwrap());
        change(&mut people.fields);
        vec![Arc::new(people)]
    };
    let declare = |it: &Neighbours, collections: &[Arc<Collection>], datasets: &[Dataset]| {
        let data = &it.personnel;
        it.house.as_person(it.house.admin, |call| {
            sharing::declare(call, &data.plugin, data.home_unit, collections, datasets, &[])
        })
    };
    let members = super::neighbours::members;
    let salary = |fields: &mut Vec<Field>, change: &dyn Fn(&mut Field)| {
        fields.iter_mut().filter(|field| field.name == "salary").for_each(change);
    };
    let gone = with(&|fields| fields.retain(|field| field.name != "salary"));
    let text = with(&|fields| salary(fields, &|field| field.kind = FieldType::Text));
    let mat = with(&|fields| salary(fields, &|field| field.label = Label::Confidential));
    // While a contract holds, the version that changes it is not installed.
    let it = Neighbours::new();
    it.agreed(|terms| {
        terms.label = Label::Ordinary;
        terms.fields = vec!["full-name".into(), "salary".into()];
    });
    for shape in [&gone, &text, &mat] {
        assert_eq!(refused(declare(&it, shape, &[members()])), "contract-relies-on-it");
    }
    // While one is only asked for, it is, and the steward cannot agree to what is no longer there.
    let it = Neighbours::new();
    let contract = it.ask();
    declare(&it, &gone, &[members()]).unwrap();
    assert_eq!(refused(it.agree(contract, |_| ())), "field-not-offered");
    declare(&it, &gone, &[]).unwrap();
    assert_eq!(refused(it.agree(contract, |_| ())), "field-not-offered");
    it.house
        .as_person(it.steward, |call| sharing::refuse(call, contract, "đã bỏ", "Luật 91/2025/QH15"))
        .unwrap();
}

#[test]
fn a_dataset_that_names_its_consumers_is_for_nobody_else() {
    let it = Neighbours::new();
    let offered = |consumer| {
        let consumers = vec![id(consumer)];
        it.offer(&[Dataset { consumers, ..super::neighbours::members() }]).unwrap();
    };
    let asked = || it.house.as_person(it.asker, |call| sharing::request(call, &id("dues"), "members"));
    offered("archive");
    assert_eq!(refused(asked()), "consumer-not-meant");
    offered("dues");
    asked().unwrap();
}

#[test]
fn nobody_agrees_to_more_than_was_asked_or_to_what_cannot_be() {
    let it = Neighbours::new();
    let contract = it.ask();
    let rule = |narrow: &dyn Fn(&mut sharing::Terms)| refused(it.agree(contract, narrow));
    assert_eq!(rule(&|terms| terms.fields.push("joined".into())), "beyond-what-was-asked");
    assert_eq!(rule(&|terms| terms.fields.clear()), "beyond-what-was-asked");
    assert_eq!(rule(&|terms| terms.keep = Keep::Copies), "beyond-what-was-asked");
    assert_eq!(rule(&|terms| terms.label = Label::Ordinary), "label-does-not-fit", "health is Mật");
    assert_eq!(rule(&|terms| terms.copies_until = Some(it.today())), "copies-need-a-day");
    assert_eq!(rule(&|terms| terms.until = terms.from), "term");
    assert_eq!(rule(&|terms| terms.until = "2099-01-01".parse().unwrap()), "term");
    assert_eq!(rule(&|terms| terms.rows_a_day = Some(0)), "quota");
    it.agree(contract, |terms| {
        terms.fields = vec!["full-name".into()];
        terms.label = Label::Ordinary;
        terms.keep = Keep::Nothing;
    })
    .unwrap();
}

#[test]
fn a_dataset_keeps_what_a_contract_in_force_relies_on() {
    let it = Neighbours::new();
    let contract = it.agreed(|_| ());
    let mut fewer = super::neighbours::members();
    fewer.fields.retain(|field| field != "salary");
    assert_eq!(refused(it.offer(&[fewer.clone()])), "contract-relies-on-it");
    assert_eq!(refused(it.offer(&[])), "contract-relies-on-it");
    let mut other_rows = super::neighbours::members();
    other_rows.rows.clear();
    assert_eq!(refused(it.offer(&[other_rows])), "contract-relies-on-it");
    // More is no harm; and once the contract has ended, nothing binds.
    let mut more = super::neighbours::members();
    more.purposes.pop();
    it.offer(&[more]).unwrap();
    it.house.as_person(it.steward, |call| sharing::revoke(call, contract, "đổi bộ dữ liệu")).unwrap();
    it.offer(&[fewer]).unwrap();
}

#[test]
fn a_contract_is_for_the_two_sides_to_see() {
    let it = Neighbours::new();
    let contract = it.agreed(|_| ());
    let seen = |who| {
        let list =
            it.house.as_person(who, |call| sharing::contracts(call, &Default::default(), None, 10)).unwrap();
        let one = it.house.as_person(who, |call| sharing::get_contract(call, contract));
        assert_eq!(one.is_ok(), !list.contracts.is_empty());
        one.is_ok()
    };
    assert!(seen(it.asker) && seen(it.steward) && seen(it.house.admin));
    assert!(!seen(it.cashier) && !seen(it.house.officer));
    // The inbox holds it for whoever may decide, and not for whoever asked.
    let second = it.ask();
    let waits = |who| {
        let open = it.house.as_person(who, |call| sharing::open_contracts(call)).unwrap();
        open.iter().any(|open| open.id == second)
    };
    assert!(waits(it.steward) && !waits(it.asker) && !waits(it.collector));
}
