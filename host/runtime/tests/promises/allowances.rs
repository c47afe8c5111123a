//! Allowances that begin and end by themselves: the record, on which dues rest, follows in the night.

use std::time::Duration;

use dinh_model::{Date, Decimal, RecordId, Value};
use dinh_services::catalog;
use dinh_services::records::{FieldValue, get, insert};

use crate::house::{House, component};

/// The personnel of a department on the afternoon of 2 March 2026.
struct Personnel(House);

impl Personnel {
    fn new() -> Self {
        let house = House::at("2026-03-02T09:00:00Z");
        house.platform.perform(&house.operator(), catalog::ship).unwrap();
        house.install(&component("personnel")).unwrap();
        Self(house)
    }

    fn insert(&self, collection: &str, values: &[(&str, Value)]) -> RecordId {
        let data = self.0.runtime.plugin(&"personnel".parse().unwrap()).unwrap().data.clone();
        let field =
            |(field, value): &(&str, Value)| FieldValue { field: (*field).into(), value: value.clone() };
        let inserted = self.0.platform.perform(&self.0.operator(), |call| {
            Ok(insert(call, &data, collection, values.iter().map(field).collect())?)
        });
        inserted.unwrap()
    }

    /// Somebody with the coefficient 3.99, and nothing besides.
    fn officer(&self, code: &str) -> RecordId {
        let text = |text: &str| Value::Text(text.to_owned());
        self.insert(
            "people",
            &[
                ("code", text(code)),
                ("full-name", text("Nguyễn Thị Lan")),
                ("sort-name", text("Lan Nguyễn Thị")),
                ("birth-date", day("1985-03-08")),
                ("sex", text("2")),
                ("status", text("working")),
                ("unit", Value::Unit(self.0.planning)),
                ("coefficient", Value::Decimal(Decimal::new(399, 2))),
                ("insured-coefficient", Value::Decimal(Decimal::new(39_900, 4))),
            ],
        )
    }

    fn allowance(&self, of: RecordId, from: &str, until: Option<&str>) {
        self.insert(
            "allowances",
            &[
                ("person", Value::Reference(of)),
                ("unit", Value::Unit(self.0.planning)),
                ("kind", Value::Text("chuc-vu".into())),
                ("rate", Value::Decimal(Decimal::new(50, 2))),
                ("from", day(from)),
                ("until", until.map_or(Value::Empty, day)),
            ],
        );
    }

    fn nights(&self, nights: u64) {
        self.0.clock.advance(Duration::from_secs(nights * 86_400));
        self.0.runtime.tell_now().unwrap();
    }

    fn insured(&self, of: RecordId) -> Value {
        let data = self.0.runtime.plugin(&"personnel".parse().unwrap()).unwrap().data.clone();
        let found = self.0.platform.perform(&self.0.operator(), |call| {
            Ok(get(call, &data, "people", of, &["insured-coefficient".to_owned()])?)
        });
        found.unwrap().unwrap().values[0].clone()
    }
}

fn day(day: &str) -> Value {
    Value::Date(day.parse::<Date>().unwrap())
}

fn coefficient(hundredths: i64) -> Value {
    Value::Decimal(Decimal::new(hundredths * 100, 4))
}

#[test]
fn an_allowance_counts_from_the_night_in_which_it_begins_until_that_after_its_last_day() {
    let it = Personnel::new();
    let officer = it.officer("CB0001");
    it.allowance(officer, "2026-03-04", Some("2026-03-06"));
    let mut seen = Vec::new();
    for _ in 3..=7 {
        it.nights(1);
        seen.push(it.insured(officer));
    }
    let (bare, with) = (coefficient(399), coefficient(449));
    assert_eq!(seen, [bare.clone(), with.clone(), with.clone(), with, bare]);
}

#[test]
fn nights_in_which_the_platform_stood_still_are_made_up_for() {
    let it = Personnel::new();
    let (begins, ends) = (it.officer("CB0001"), it.officer("CB0002"));
    it.allowance(begins, "2026-03-05", None);
    it.allowance(ends, "2026-03-03", Some("2026-03-05"));
    it.nights(1);
    assert_eq!((it.insured(begins), it.insured(ends)), (coefficient(399), coefficient(449)));
    it.nights(20);
    assert_eq!((it.insured(begins), it.insured(ends)), (coefficient(449), coefficient(399)));
}

#[test]
fn more_officers_than_a_call_takes_follow_in_the_next_one() {
    let it = Personnel::new();
    let officers: Vec<RecordId> = (0..230).map(|number| it.officer(&format!("CB{number:04}"))).collect();
    officers.iter().for_each(|officer| it.allowance(*officer, "2026-03-03", None));
    let renewed = || officers.iter().filter(|officer| it.insured(**officer) == coefficient(449)).count();
    it.nights(1);
    assert_eq!(renewed(), 200);
    it.0.clock.advance(Duration::from_secs(61));
    it.0.runtime.tell_now().unwrap();
    assert_eq!(renewed(), 230);
}
