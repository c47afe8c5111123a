//! What became of units, and the domain names they have.

use dinh_services::ServiceError;
use dinh_services::accounts::{
    add_domain, add_successor, domains_of, end_unit, predecessors, remove_domain, successors, transfer,
    unit_of_domain,
};

use crate::house::{House, at_once, denied, invalid, unit};

/// Planning is empty afterwards.
fn empty_planning(house: &House) {
    house.admin(|call| {
        at_once(call, |call| transfer(call, house.officer, house.province, "sáp nhập").map(drop))
    });
}

#[test]
fn a_merger_links_the_old_units_to_the_new() {
    let house = House::new();
    let merged = house.admin(|call| Ok(unit(call, "stckh", "Sở Tài chính – Kế hoạch", Some(house.province))));
    empty_planning(&house);
    house.admin(|call| {
        for old in [house.planning, house.finance] {
            end_unit(call, old, "2026-03-01".parse().unwrap())?;
            add_successor(call, old, merged)?;
        }
        Ok(())
    });
    let codes = |units: Vec<dinh_services::accounts::Unit>| {
        units.into_iter().map(|unit| unit.code).collect::<Vec<_>>()
    };
    assert_eq!(house.read(|call| codes(successors(call, house.planning).unwrap())), ["stckh"]);
    assert_eq!(house.read(|call| codes(predecessors(call, merged).unwrap())), ["skhdt", "stc"]);
    let seq = house.seq();
    house.admin(|call| add_successor(call, house.planning, merged));
    assert_eq!(house.seq(), seq, "a successor is one once");
}

#[test]
fn a_split_has_several_successors_that_exist_on_the_day() {
    let house = House::new();
    let follow =
        |successor| house.as_person(house.admin, |call| add_successor(call, house.planning, successor));
    assert!(invalid(follow(house.finance)).contains("no end yet"));
    empty_planning(&house);
    house.admin(|call| end_unit(call, house.planning, "2026-03-01".parse().unwrap()));
    house.admin(|call| end_unit(call, house.finance, "2026-02-01".parse().unwrap()));
    assert!(invalid(follow(house.finance)).contains("does not exist on 2026-03-01"));
    assert!(invalid(follow(house.planning)).contains("does not exist"), "not its own successor");
    let parts =
        house.admin(|call| Ok(["a", "b"].map(|code| unit(call, code, "Phòng", Some(house.province)))));
    for part in parts {
        follow(part).unwrap();
        denied(house.as_person(house.officer, |call| add_successor(call, house.planning, part)));
    }
    assert_eq!(house.read(|call| successors(call, house.planning).unwrap().len()), 2);
}

#[test]
fn a_unit_has_several_domain_names_and_each_name_one_unit() {
    let house = House::new();
    let add = |unit, name: &str| house.as_person(house.admin, |call| add_domain(call, unit, name));
    add(house.planning, "skhdt.laocai.gov.vn").unwrap();
    add(house.planning, "PCI.laocai.gov.vn.").unwrap();
    add(house.planning, "pci.laocai.gov.vn").unwrap();
    assert!(matches!(add(house.finance, "pci.laocai.gov.vn"), Err(ServiceError::Exists { .. })));
    assert!(invalid(add(house.finance, "sở tài chính.vn")).contains("such as"));
    denied(house.as_person(house.officer, |call| add_domain(call, house.planning, "a.vn")));
    let names = || house.read(|call| domains_of(call, house.planning).unwrap());
    assert_eq!(names(), ["pci.laocai.gov.vn", "skhdt.laocai.gov.vn"]);
    let of = |name: &str| house.read(|call| unit_of_domain(call, name).unwrap().map(|unit| unit.id));
    assert_eq!((of("Skhdt.laocai.gov.vn"), of("x.vn")), (Some(house.planning), None));
    let remove = |unit, name: &str| house.as_person(house.admin, |call| remove_domain(call, unit, name));
    assert!(matches!(remove(house.finance, "pci.laocai.gov.vn"), Err(ServiceError::NotFound { .. })));
    remove(house.planning, "pci.laocai.gov.vn").unwrap();
    add(house.finance, "pci.laocai.gov.vn").unwrap();
    assert_eq!(names(), ["skhdt.laocai.gov.vn"]);
    for number in 1..16 {
        add(house.planning, &format!("n{number}.vn")).unwrap();
    }
    assert!(invalid(add(house.planning, "n16.vn")).contains("at most 16"));
}
