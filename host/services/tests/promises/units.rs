//! Units: a tree with terms.

use dinh_access::Term;
use dinh_model::{Actor, Language, Localized, Permission};
use dinh_services::accounts::{
    NewPosition, create_position, create_unit, declare_plugin, end_unit, find_unit, get_unit, hold,
    list_all_units, list_units, move_unit, rename_unit, root_above, withdraw,
};

use dinh_services::permissions::AUDIT_READ;
use dinh_services::{Call, ServiceError};

use crate::house::{House, ask, denied, give, invalid, new_unit, refused, ruled, unit};

#[test]
fn a_code_is_given_once_whatever_its_case() {
    let house = House::new();
    let again = house
        .as_person(house.admin, |call| create_unit(call, new_unit("SKHDT", "Sở Khác", Some(house.province))));
    assert!(matches!(again, Err(ServiceError::Exists { name, .. }) if name == "skhdt"));
    assert_eq!(house.read(|call| find_unit(call, " Skhdt ").unwrap().unwrap().id), house.planning);
}

#[test]
fn a_code_or_a_kind_that_is_no_plain_word_is_named_as_what_is_wrong() {
    let house = House::new();
    let create = |code: &str, kind: &str| {
        let mut new = new_unit(code, "Sở Mới", Some(house.province));
        new.kind = kind.to_owned();
        house.as_person(house.admin, |call| create_unit(call, new.clone()))
    };
    assert!(invalid(create("sở", "so")).contains("unit's code"));
    assert!(invalid(create("so", "Sở")).contains("kind of a unit"));
}

#[test]
fn the_units_below_are_listed_by_code_and_only_in_their_term() {
    let house = House::new();
    house.admin(|call| {
        unit(call, "ahd", "Ban An", Some(house.province));
        end_unit(call, house.finance, "2026-03-01".parse().unwrap())
    });
    let codes = house.read(|call| {
        let units = list_units(call, Some(house.province)).unwrap();
        units.into_iter().map(|unit| unit.code).collect::<Vec<_>>()
    });
    assert_eq!(codes, ["ahd", "skhdt"]);
    let roots = house.read(|call| list_units(call, None).unwrap());
    assert_eq!(roots.len(), 1);
    assert_eq!(house.read(|call| get_unit(call, house.finance).unwrap().code), "stc");
}

#[test]
fn names_are_composed_and_can_change() {
    let house = House::new();
    house.admin(|call| rename_unit(call, house.planning, "Sở Ta\u{300}i chi\u{301}nh  "));
    assert_eq!(house.read(|call| get_unit(call, house.planning).unwrap().name), "Sở Tài chính");
    assert!(house.actions().contains(&"unit.renamed".to_owned()));
}

#[test]
fn a_unit_cannot_come_under_itself_or_a_unit_below_it() {
    let house = House::new();
    let division = house.admin(|call| Ok(unit(call, "phong", "Phòng Tổng hợp", Some(house.planning))));
    for parent in [house.planning, division] {
        let text =
            ruled(house.as_person(house.admin, |call| move_unit(call, house.planning, parent, "nhầm")));
        assert!(text.contains("under itself"), "{text}");
    }
}

#[test]
fn a_unit_does_not_end_before_it_begins_or_before_those_below_it() {
    let house = House::new();
    let end =
        |day: &str| house.as_person(house.admin, |call| end_unit(call, house.finance, day.parse().unwrap()));
    let below =
        house.admin(|call| Ok(["p1", "p2"].map(|code| unit(call, code, "Phòng", Some(house.finance)))));
    assert_eq!(refused(end("2020-01-01")), "term-backwards");
    let longer = end("2026-07-01").unwrap_err().text(Language::En);
    assert!(longer.contains("last longer: 2 (p1, p2); end or move them first"), "{longer}");
    house.admin(|call| {
        end_unit(call, below[0], "2026-07-01".parse().unwrap())?;
        end_unit(call, below[1], "2026-06-01".parse().unwrap())
    });
    assert_eq!(refused(end("2026-06-15")), "unit-not-empty");
    assert!(end("2026-07-01").is_ok());
    // Also before that day: it would last longer.
    for day in ["2026-07-01", "2026-03-02"] {
        let late = house.as_person(house.admin, |call| {
            let mut late = new_unit("moi", "Phòng Mới", Some(house.finance));
            late.valid_from = day.parse().unwrap();
            create_unit(call, late)
        });
        assert!(ruled(late).contains("ends on 2026-07-01"), "{day}");
    }
}

#[test]
fn whoever_has_no_right_is_refused_with_the_reason_and_it_is_recorded() {
    let house = House::new();
    let refused = house
        .as_person(house.officer, |call| create_unit(call, new_unit("moi", "Sở Mới", Some(house.planning))));
    let text = denied(refused);
    assert!(text.contains("Quản lý đơn vị"), "{text}");
    assert!(text.contains("Trần Thị Quản Trị"), "who could grant it is named: {text}");
    let entry = house.last().entry;
    assert_eq!(entry.action, "access.refused");
    assert_eq!(entry.actor, Actor::person(house.officer));
    assert_eq!(entry.subject, format!("unit:{}", house.planning));
    assert_eq!(entry.detail.get("condition").unwrap(), "no-role");
    assert_eq!(house.read(|call| find_unit(call, "moi").unwrap()), None);
}

#[test]
fn what_the_operator_does_beside_the_rules_says_so() {
    let house = House::new();
    let actions = house.actions();
    assert_eq!(actions.first().unwrap(), "operator.break-glass");
    assert_eq!(actions.iter().filter(|action| *action == "operator.break-glass").count(), 1);
    let stranger = house.platform.origin(Actor::Public, Language::Vi);
    denied(house.platform.perform(&stranger, |call| rename_unit(call, house.planning, "Khác")));
}

#[test]
fn a_unit_comes_under_another_only_while_that_one_exists() {
    let house = House::new();
    let under = |parent, code: &str, from: &str| {
        let mut new = new_unit(code, "Phòng", Some(parent));
        new.valid_from = from.parse().unwrap();
        house.as_person(house.admin, |call| create_unit(call, new.clone()))
    };
    let later = under(house.province, "x6", "2030-01-01").unwrap();
    let early = invalid(under(later, "x7", "2026-03-02"));
    assert!(early.contains("begins on 2030-01-01"), "{early}");
    let there = under(later, "x8", "2030-01-01").unwrap();
    // Moved today, it would be under a unit that nobody sees yet.
    let moved = house.as_person(house.admin, |call| move_unit(call, house.planning, later, ""));
    assert!(invalid(moved).contains("begins on 2030-01-01"));
    house.admin(|call| end_unit(call, house.finance, "2028-01-01".parse().unwrap()));
    let moved = house.as_person(house.admin, |call| move_unit(call, house.planning, house.finance, ""));
    assert!(ruled(moved).contains("ends before this one"));
    let below = house.read(|call| list_all_units(call, Some(later)).unwrap());
    assert_eq!(below.iter().map(|unit| unit.id).collect::<Vec<_>>(), [there]);
    assert_eq!(house.read(|call| root_above(call, there).unwrap()), house.province);
}

#[test]
fn nothing_new_is_given_in_a_unit_whose_term_is_over_and_what_was_given_stays_until_it_is_taken_away() {
    let house = House::new();
    let title = || Localized::new("Trưởng phòng", "Head of division");
    let former = house.admin(|call| Ok(unit(call, "cu", "Sở Cũ", Some(house.province))));
    let (position, grant) = house.admin(|call| {
        let position = create_position(call, NewPosition { unit: former, title: title() })?;
        let grant = give(call, house.officer, "dinh.auditor", former)?;
        end_unit(call, former, "2026-03-02".parse().unwrap())?;
        Ok((position, grant))
    });
    let over = |result: Result<(), ServiceError>| {
        let text = ruled(result);
        assert!(text.contains("not in its term"), "{text}");
    };
    let admin = |deed: &dyn Fn(&mut Call) -> Result<(), ServiceError>| {
        house.as_person(house.admin, |call| deed(call))
    };
    over(admin(&|call| ask(call, house.officer, "dinh.auditor", former).map(drop)));
    over(admin(&|call| give(call, house.officer, "dinh.auditor", former).map(drop)));
    over(admin(&|call| hold(call, house.officer, position, Term::ALWAYS, "bổ nhiệm").map(drop)));
    over(admin(&|call| create_position(call, NewPosition { unit: former, title: title() }).map(drop)));
    let plugin = "pci-index".parse().unwrap();
    let read: Permission = "pci-index.score.read".parse().unwrap();
    let brought = [(read, title())];
    over(admin(&|call| declare_plugin(call, &plugin, former, &brought, &[])));
    // One that was there before is still mended.
    house.admin(|call| declare_plugin(call, &plugin, house.finance, &brought, &[]));
    house.admin(|call| declare_plugin(call, &plugin, former, &brought, &[]));
    // The records of the ended unit are still read, until the grant is withdrawn.
    assert!(house.may(house.officer, &AUDIT_READ, former));
    house.admin(|call| withdraw(call, grant, "đã bàn giao"));
    assert!(!house.may(house.officer, &AUDIT_READ, former));
}
