//! Once only: what is collected once is not collected again.

use std::sync::Arc;

use dinh_model::{Collection, Keep, UnitId};
use dinh_services::ServiceError;
use dinh_services::records::PluginData;
use dinh_services::sharing;

use super::neighbours::{Neighbours, id, members, wanted};
use crate::house::{give, invalid, refused, ruled};

/// The plugin with `person.full-name` in the first field of its collection.
fn meaning(data: &PluginData) -> Vec<Arc<Collection>> {
    let mut collection = Collection::clone(data.collections.first().unwrap());
    collection.fields.first_mut().unwrap().meaning = Some("person.full-name".into());
    vec![Arc::new(collection)]
}

fn declare(it: &Neighbours, data: &PluginData) -> Result<(), ServiceError> {
    let (datasets, wants) = match data.plugin == id("personnel") {
        true => (vec![members()], Vec::new()),
        false => (Vec::new(), vec![wanted(Keep::References)]),
    };
    let (home, collections): (UnitId, _) = (data.home_unit, meaning(data));
    it.house.as_person(it.house.admin, |call| {
        sharing::declare(call, &data.plugin, home, &collections, &datasets, &wants)
    })
}

#[test]
fn an_owned_meaning_is_refused_with_the_dataset_to_ask_for() {
    let it = Neighbours::new();
    declare(&it, &it.personnel).unwrap();
    declare(&it, &it.personnel).unwrap();
    let said = ruled(declare(&it, &it.dues));
    assert!(said.contains("payments.member") && said.contains("personnel/members"), "{said}");
}

#[test]
fn a_waiver_takes_a_reason_and_a_second_person() {
    let it = Neighbours::new();
    declare(&it, &it.personnel).unwrap();
    let (dues, name) = (id("dues"), "person.full-name");
    let ask = |reason: &'static str| {
        it.house.as_person(it.house.admin, |call| sharing::ask_waiver(call, &dues, name, reason))
    };
    assert!(invalid(ask("")).contains("reason"));
    ask("sổ giấy từ trước năm 2020 chưa có mã đảng viên").unwrap();
    assert_eq!(refused(declare(&it, &it.dues)), "once-only", "asked for is not agreed to");
    it.house.admin(|call| give(call, it.house.admin, "dinh.steward", it.house.planning));
    let agree = |who| it.house.as_person(who, |call| sharing::approve_waiver(call, &dues, name));
    assert_eq!(refused(agree(it.house.admin)), "second-person");
    agree(it.steward).unwrap();
    declare(&it, &it.dues).unwrap();
    let register = it.house.as_person(it.house.officer, |call| sharing::waivers(call)).unwrap();
    assert!(register[0].holds() && register[0].reason.contains("sổ giấy"));
    assert!(invalid(ask("lần nữa")).contains("already"), "what holds is not asked for again");
    assert!(invalid(agree(it.steward)).contains("decided already"));
}

#[test]
fn a_waiver_waits_for_the_stewards_of_the_owner_and_may_be_refused_and_asked_for_again() {
    let it = Neighbours::new();
    declare(&it, &it.personnel).unwrap();
    let (dues, name) = (id("dues"), "person.full-name");
    let ask = |reason: &'static str| {
        it.house.as_person(it.house.admin, |call| sharing::ask_waiver(call, &dues, name, reason)).unwrap();
    };
    let waits = |who| it.house.as_person(who, |call| sharing::open_waivers(call)).unwrap().len();
    ask("sổ giấy chưa có mã đảng viên");
    assert_eq!([it.steward, it.house.admin, it.cashier].map(waits), [1, 0, 0]);
    let refuse = |who, why: &'static str| {
        it.house.as_person(who, |call| sharing::refuse_waiver(call, &dues, name, why))
    };
    assert!(refuse(it.cashier, "không cần").is_err());
    assert!(invalid(refuse(it.steward, " ")).contains("reason"));
    refuse(it.steward, "đã có bộ dữ liệu members").unwrap();
    assert_eq!((waits(it.steward), refused(declare(&it, &it.dues))), (0, "once-only"));
    ask("bộ dữ liệu chưa có người ngoài biên chế");
    assert_eq!(waits(it.steward), 1);
    it.house.as_person(it.steward, |call| sharing::approve_waiver(call, &dues, name)).unwrap();
    declare(&it, &it.dues).unwrap();
}

#[test]
fn the_owner_of_a_meaning_needs_no_waiver_of_it() {
    let it = Neighbours::new();
    declare(&it, &it.personnel).unwrap();
    let owned = it.house.as_person(it.house.officer, |call| sharing::owned_meanings(call)).unwrap();
    let named = owned.iter().map(|(meaning, owner)| (meaning.as_str(), owner.plugin.as_str()));
    assert!(named.clone().any(|pair| pair == ("person.full-name", "personnel")), "{owned:?}");
    let asked = it.house.as_person(it.house.admin, |call| {
        sharing::ask_waiver(call, &id("personnel"), "person.full-name", "…")
    });
    assert!(invalid(asked).contains("owns"));
}

#[test]
fn a_meaning_that_nobody_owns_needs_no_waiver() {
    let it = Neighbours::new();
    let asked = it
        .house
        .as_person(it.house.admin, |call| sharing::ask_waiver(call, &id("dues"), "person.birth-date", "…"));
    assert!(invalid(asked).contains("No plugin owns"));
}
