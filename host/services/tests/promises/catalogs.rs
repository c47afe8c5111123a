//! Catalogs: as of a day, by name as people write it, along the succession.

use std::collections::BTreeSet;

use dinh_model::Date;
use dinh_services::accounts::end_unit;
use dinh_services::catalog::{self, Entry, PROVINCES};
use dinh_services::{Call, ServiceError};

use crate::codes::{day, find, get, import_at_once, list, lookup, predecessors, ship, successors};
use crate::house::{House, denied, invalid};

fn shipped() -> House {
    let house = House::new();
    for shipped in ship(&house) {
        assert_eq!((shipped.problems.len(), shipped.request), (0, None), "{:?}", shipped.problems);
    }
    house
}

fn everything(call: &Call, as_of: Date, page: usize) -> Vec<Entry> {
    let mut all = Vec::new();
    let mut after: Option<String> = None;
    loop {
        let listed = list(call, PROVINCES, as_of, after.as_deref(), page).unwrap();
        assert!(listed.entries.len() <= page);
        all.extend(listed.entries);
        after = listed.next;
        if after.is_none() {
            return all;
        }
    }
}

fn code(house: &House, name: &str, as_of: &str) -> Option<String> {
    house.read(|call| find(call, PROVINCES, name, day(as_of)).unwrap()).map(|entry| entry.code)
}

#[test]
fn there_are_63_provinces_until_june_2025_and_34_from_july_on() {
    let house = shipped();
    for (as_of, count) in [
        ("2004-01-01", 63),
        ("2021-12-31", 63),
        ("2025-01-01", 63),
        ("2025-06-30", 63),
        ("2025-07-01", 34),
        ("2030-01-01", 34),
    ] {
        for page in [7, 34, 63, 1000] {
            let all = house.read(|call| everything(call, day(as_of), page));
            assert_eq!(all.len(), count, "as of {as_of}");
            assert_eq!(all.iter().map(|entry| &entry.code).collect::<BTreeSet<_>>().len(), count);
            assert!(all.iter().is_sorted_by_key(|entry| &entry.code));
        }
    }
    assert!(house.read(|call| everything(call, day("2003-12-31"), 10)).is_empty());
}

#[test]
fn official_numbers_are_those_of_their_time() {
    let house = shipped();
    for (name, old, new) in [
        ("Hà Nội", "01", "01"),
        ("Thanh Hóa", "38", "38"),
        ("Tuyên Quang", "08", "08-2025"),
        ("Lào Cai", "10", "15-2025"),
        ("Bắc Ninh", "27", "24-2025"),
        ("Quảng Trị", "45", "44-2025"),
        ("Gia Lai", "64", "52-2025"),
        ("Tây Ninh", "72", "80-2025"),
        ("Đồng Tháp", "87", "82-2025"),
        ("An Giang", "89", "91-2025"),
        ("TP. Hồ Chí Minh", "79", "79-2025"),
        ("Cà Mau", "96", "96-2025"),
    ] {
        assert_eq!(code(&house, name, "2021-06-30").as_deref(), Some(old), "{name} in 2021");
        assert_eq!(code(&house, name, "2025-07-01").as_deref(), Some(new), "{name} since July 2025");
    }
    let numbers: BTreeSet<String> = house
        .read(|call| everything(call, day("2026-01-01"), 100))
        .into_iter()
        .map(|entry| entry.code.chars().take(2).collect())
        .collect();
    let official = "01 04 08 11 12 14 15 19 20 22 24 25 31 33 37 38 40 42 44 46 48 51 52 56 66 68 75 79 80 82 86 91 92 96";
    assert_eq!(numbers, official.split(' ').map(str::to_owned).collect());
}

#[test]
fn hue_changes_its_name_half_a_year_before_the_mergers() {
    let house = shipped();
    assert_eq!(code(&house, "Thừa Thiên Huế", "2024-12-31").as_deref(), Some("46"));
    assert_eq!(code(&house, "Huế", "2025-01-01").as_deref(), Some("46-2025"));
    let name =
        |as_of| house.read(|call| find(call, PROVINCES, "TT-Huế", day(as_of)).unwrap().unwrap().name.vi);
    assert_eq!((name("2021-01-01").as_str(), name("2026-01-01").as_str()), ("Thừa Thiên Huế", "Huế"));
}

#[test]
fn a_code_is_not_used_outside_its_term_and_never_forgotten() {
    let house = shipped();
    let in_term =
        |code: &str, as_of| house.read(|call| lookup(call, PROVINCES, code, day(as_of)).unwrap().is_some());
    assert!(in_term("15", "2025-06-30") && !in_term("15", "2025-07-01"));
    assert!(!in_term("15-2025", "2025-06-30") && in_term("15-2025", "2025-07-01"));
    assert_eq!(house.read(|call| get(call, PROVINCES, "15").unwrap().unwrap().name.vi), "Yên Bái");
    assert_eq!(house.read(|call| get(call, PROVINCES, "99").unwrap()), None);
}

#[test]
fn every_province_that_ended_became_exactly_one_and_every_new_one_came_from_its_own() {
    let house = shipped();
    house.read(|call| {
        let (old, new) = (everything(call, day("2024-12-31"), 100), everything(call, day("2025-07-01"), 100));
        let lasting: Vec<&Entry> = old.iter().filter(|entry| entry.valid_until.is_none()).collect();
        assert_eq!(lasting.len(), 10);
        let mut mapped = 0;
        for entry in &old {
            let after = successors(call, PROVINCES, &entry.code).unwrap();
            assert_eq!(after.len(), usize::from(entry.valid_until.is_some()), "{}", entry.name.vi);
            for successor in after {
                assert_eq!(Some(successor.valid_from), entry.valid_until);
                let before = predecessors(call, PROVINCES, &successor.code).unwrap();
                assert!(before.contains(entry));
                mapped += 1;
            }
        }
        assert_eq!(mapped, 53, "52 that merged and Huế");
        let merged = new.iter().filter(|entry| entry.predecessors.len() >= 2).count();
        assert_eq!(merged, 23);
    });
}

#[test]
fn the_mergers_are_those_of_resolution_202() {
    let house = shipped();
    for merger in [
        "Hà Giang, Tuyên Quang → Tuyên Quang",
        "Lào Cai, Yên Bái → Lào Cai",
        "Bắc Kạn, Thái Nguyên → Thái Nguyên",
        "Hòa Bình, Phú Thọ, Vĩnh Phúc → Phú Thọ",
        "Bắc Giang, Bắc Ninh → Bắc Ninh",
        "Hưng Yên, Thái Bình → Hưng Yên",
        "Hải Dương, Hải Phòng → Hải Phòng",
        "Hà Nam, Nam Định, Ninh Bình → Ninh Bình",
        "Quảng Bình, Quảng Trị → Quảng Trị",
        "Quảng Nam, Đà Nẵng → Đà Nẵng",
        "Kon Tum, Quảng Ngãi → Quảng Ngãi",
        "Bình Định, Gia Lai → Gia Lai",
        "Khánh Hòa, Ninh Thuận → Khánh Hòa",
        "Bình Thuận, Lâm Đồng, Đắk Nông → Lâm Đồng",
        "Phú Yên, Đắk Lắk → Đắk Lắk",
        "Bà Rịa - Vũng Tàu, Bình Dương, TP. Hồ Chí Minh → TP. Hồ Chí Minh",
        "Bình Phước, Đồng Nai → Đồng Nai",
        "Long An, Tây Ninh → Tây Ninh",
        "Cần Thơ, Hậu Giang, Sóc Trăng → Cần Thơ",
        "Bến Tre, Trà Vinh, Vĩnh Long → Vĩnh Long",
        "Tiền Giang, Đồng Tháp → Đồng Tháp",
        "Bạc Liêu, Cà Mau → Cà Mau",
        "An Giang, Kiên Giang → An Giang",
    ] {
        let (before, after) = merger.split_once(" → ").unwrap();
        let code = code(&house, after, "2025-07-01").unwrap();
        let mut names: Vec<String> = house
            .read(|call| predecessors(call, PROVINCES, &code).unwrap())
            .into_iter()
            .map(|entry| entry.name.vi)
            .collect();
        names.sort();
        assert_eq!(names.join(", "), before);
    }
}

#[test]
fn a_name_is_found_as_people_write_it() {
    let house = shipped();
    for (name, expected) in [
        ("Thanh Hóa", "38"),
        ("Thanh Hoá", "38"),
        ("THANH HOA", "38"),
        ("tỉnh Thanh Hóa", "38"),
        ("Tha\u{300}nh phô\u{301} Ha\u{300} Nô\u{323}i", "01"),
        ("TP Hà Nội", "01"),
        ("Hanoi", "01"),
        ("TP HCM", "79"),
        ("TP.HCM", "79"),
        ("TPHCM", "79"),
        ("Tp. Hồ Chí Minh", "79"),
        ("Hồ Chí Minh", "79"),
        ("Ho Chi Minh City", "79"),
        ("Sài Gòn", "79"),
        ("BR-VT", "77"),
        ("Bà Rịa – Vũng Tàu", "77"),
        ("ba ria vung tau", "77"),
        ("TT. Huế", "46"),
        ("Thừa Thiên - Huế", "46"),
        ("Đắc Lắc", "66"),
        ("Dak Lak", "66"),
        ("Daklak province", "66"),
        ("Kontum", "62"),
        ("Bắc Cạn", "06"),
        ("Hoà Bình", "17"),
    ] {
        assert_eq!(code(&house, name, "2021-12-31").as_deref(), Some(expected), "{name}");
    }
    for unknown in ["", " - ", "Hà Tây", "tỉnh", "Thanh", "Sở Kế hoạch"] {
        assert_eq!(code(&house, unknown, "2021-12-31"), None, "{unknown}");
    }
}

#[test]
fn every_name_and_alias_of_a_day_finds_its_own_entry() {
    let house = shipped();
    for as_of in ["2007-12-31", "2021-12-31", "2025-03-01", "2026-01-01"] {
        let all = house.read(|call| everything(call, day(as_of), 100));
        for entry in all {
            for name in [&entry.name.vi, &entry.name.en].into_iter().chain(&entry.aliases) {
                assert_eq!(code(&house, name, as_of).as_ref(), Some(&entry.code), "{name} as of {as_of}");
            }
        }
    }
}

#[test]
fn a_name_that_several_have_finds_none_of_them() {
    let house = shipped();
    house.admin(|call| {
        let csv =
            "code,name_vi,valid_from,aliases\nx1,Xã Tân Lập,2020-01-01,\nx2,Xã Tân Lập,2020-01-01,Duy nhất\n";
        import_at_once(call, PROVINCES, csv)
    });
    assert_eq!(code(&house, "xã tân lập", "2021-01-01"), None);
    assert_eq!(code(&house, "duy nhat", "2021-01-01").as_deref(), Some("x2"));
}

#[test]
fn an_unknown_catalog_a_bad_limit_and_a_made_up_place_are_told() {
    let house = shipped();
    house.read(|call| {
        let today = call.today();
        for result in [
            lookup(call, "provices", "01", today).map(drop),
            find(call, "provices", "Hà Nội", today).map(drop),
            list(call, "provices", today, None, 10).map(drop),
            successors(call, "provices", "01").map(drop),
            catalog::export_csv(call, "provices").map(drop),
        ] {
            assert!(matches!(result, Err(ServiceError::NotFound { name, .. }) if name == "provices"));
        }
        for limit in [0, 1001] {
            assert!(invalid(list(call, PROVINCES, today, None, limit)).contains("1 to 1000"));
        }
        assert!(invalid(list(call, PROVINCES, today, Some("nowhere"), 10)).contains("not given out"));
        assert_eq!(catalog::catalogs(call).unwrap().len(), 10);
    });
}

#[test]
fn shipping_again_adds_nothing_and_keeps_what_the_deployment_changed() {
    let house = shipped();
    house.admin(|call| {
        let csv = "code,name_vi,name_en,valid_from,aliases\n38,Thanh Hóa,Thanh Hoa,2004-01-01,Xứ Thanh\n";
        let imported = import_at_once(call, PROVINCES, csv)?;
        assert_eq!((imported.added, imported.changed), (0, 1));
        Ok(())
    });
    let changes = || house.actions().into_iter().filter(|action| action.starts_with("catalog.")).count();
    let before = changes();
    let all = ship(&house);
    assert_eq!(changes(), before, "nothing is written when nothing is new");
    assert!(all.iter().all(|again| (again.added, again.changed, again.request) == (0, 0, None)), "{all:?}");
    let provinces = all.iter().find(|again| again.catalog == PROVINCES).unwrap();
    assert_eq!((provinces.unchanged, provinces.kept), (86, 1));
    assert_eq!(code(&house, "Xứ Thanh", "2026-01-01").as_deref(), Some("38"));
}

#[test]
fn catalogs_are_changed_by_whoever_may_everywhere() {
    let house = House::new();
    denied(house.as_person(house.officer, catalog::ship));
    house.admin(|call| end_unit(call, house.finance, day("2026-07-01")));
    shipped();
}
