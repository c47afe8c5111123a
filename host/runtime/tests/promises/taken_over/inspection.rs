//! Inspection 0.2.0 over the records of 0.1.0, whose parts of a case named the account of its subject themselves: they are
//! withheld from it still, and read by everybody else who may.

use dinh_model::{AccountId, Label, RecordId, Value};
use dinh_runtime::{CallError, Install};

use super::{day, stored, text, under};
use crate::house::{House, component};

const PLUGIN: &str = "inspection";

/// What 0.1.0 stored.
const BEFORE: &str = include_str!("../../manifests/inspection-0.1.0.toml");

/// A case with a step and a document, and whom it is about.
fn case(house: &House, head: AccountId, subject: AccountId) -> RecordId {
    let dossier = stored(
        house,
        PLUGIN,
        "dossiers",
        &[
            ("unit", Value::Unit(house.planning)),
            ("year", Value::Integer(2026)),
            ("kind", text("thematic")),
            ("title", text("Kiểm tra việc thu, nộp đảng phí")),
            ("level", text("base")),
            ("content", text("law")),
            ("subject", text("organisation")),
            ("organisation", Value::Unit(house.planning)),
            ("state", text("open")),
            ("lead", Value::Account(head)),
            ("opened-on", day("2026-02-02")),
            ("opened-by", Value::Account(head)),
            ("subject-account", Value::Account(subject)),
        ],
    );
    let step = [
        ("unit", Value::Unit(house.planning)),
        ("dossier", Value::Reference(dossier)),
        ("code", text("plan")),
        ("order", Value::Integer(1)),
        ("stage", text("prepare")),
        ("title", text("Xây dựng kế hoạch")),
        ("responsible", text("Uỷ ban Kiểm tra")),
        ("working", Value::Boolean(true)),
        ("state", text("current")),
        ("subject-account", Value::Account(subject)),
    ];
    stored(house, PLUGIN, "progress", &step);
    let document = [
        ("unit", Value::Unit(house.planning)),
        ("dossier", Value::Reference(dossier)),
        ("step", text("plan")),
        ("title", text("Kế hoạch kiểm tra")),
        ("dated", day("2026-02-03")),
        ("recorded-by", Value::Account(head)),
        ("recorded-at", Value::Instant("2026-02-03T02:00:00Z".parse().unwrap())),
        ("subject-account", Value::Account(subject)),
    ];
    stored(house, PLUGIN, "documents", &document);
    dossier
}

#[test]
fn a_case_of_before_is_read_as_it_was_and_stays_withheld_from_whom_it_is_about() {
    let house = House::at("2026-03-02T09:00:00Z");
    let (head, subject) =
        (house.person("chu-nhiem", house.planning), house.person("doi-tuong", house.planning));
    house.install(&under(PLUGIN, BEFORE)).unwrap();
    let dossier = case(&house, head, subject);
    // By itself 0.2.0 withholds what somebody is given an account for later: rights that 0.1.0 had not.
    let install = Install { accept_rights: true, ..Install::at(house.province) };
    house.runtime.install(&component(PLUGIN), install, &house.administrator()).unwrap();
    for account in [head, subject] {
        house.give_to(account, "inspection.head", house.planning, false, Label::Confidential);
    }
    let page = format!("/dossiers/{dossier}");
    let seen = house.draw(head, PLUGIN, &page).unwrap();
    assert!(format!("{seen:?}").contains("Kế hoạch kiểm tra"), "{seen:?}");
    let withheld = house.draw(subject, PLUGIN, &page);
    assert!(matches!(withheld, Err(CallError::NotFound(_))), "{withheld:?}");
    let (all, own) = (house.draw(head, PLUGIN, "/").unwrap(), house.draw(subject, PLUGIN, "/").unwrap());
    let listed = |page| format!("{page:?}").contains(&format!("/dossiers/{dossier}"));
    assert_eq!((listed(all), listed(own)), (true, false));
}
