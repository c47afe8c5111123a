//! Personnel 0.2.0 over the records of 0.1.0, which had neither allowances as rows nor levels that trainings attest: what
//! the record said then is what is read now, on every day, until rows tell of it.

use std::time::Duration;

use dinh_model::{AccountId, Decimal, RecordId, Value};
use dinh_runtime::bindings::types::{self, ColumnValues};
use dinh_runtime::bindings::views::{Block, Page, Table, Target};
use dinh_runtime::{CallError, Install, Submitted};
use dinh_services::catalog;

use super::{day, stored, text, under};
use crate::house::{House, component, submission};

const PLUGIN: &str = "personnel";
/// What 0.1.0 stored.
const BEFORE: &str = include_str!("../../manifests/personnel-0.1.0.toml");

/// An officer of 0.1.0 with a clerk and a head, under 0.2.0, on 2 March 2026.
struct Office {
    house: House,
    clerk: AccountId,
    head: AccountId,
    officer: RecordId,
}

impl Office {
    fn open() -> Self {
        let house = House::at("2026-03-02T09:00:00Z");
        house.platform.perform(&house.operator(), catalog::ship).unwrap();
        house.install(&under(PLUGIN, BEFORE)).unwrap();
        let officer = officer(&house);
        for (from, until, specialty, degree) in [
            ("2003-09-05", "2007-06-30", "Luật", "Cử nhân Luật"),
            ("2012-09-05", "2014-06-30", "Kinh tế", "Thạc sĩ Kinh tế"),
        ] {
            let values = [
                ("person", Value::Reference(officer)),
                ("unit", Value::Unit(house.planning)),
                ("school", text("Trường Đại học Luật Hà Nội")),
                ("specialty", text(specialty)),
                ("from", day(from)),
                ("until", day(until)),
                ("degree", text(degree)),
            ];
            stored(&house, PLUGIN, "trainings", &values);
        }
        // By itself 0.2.0 renews records in the night: a right that 0.1.0 had not, and the administrator accepts.
        let install = Install { accept_rights: true, ..Install::at(house.province) };
        house.runtime.install(&component(PLUGIN), install, &house.administrator()).unwrap();
        let (clerk, head) = (house.person("clerk", house.planning), house.person("head", house.planning));
        house.give(clerk, "personnel.clerk", house.planning);
        house.give(head, "personnel.head", house.planning);
        Self { house, clerk, head, officer }
    }

    fn sheet(&self, day: &str) -> Page {
        self.house.draw(self.clerk, PLUGIN, &format!("/people/{}?as-of={day}", self.officer)).unwrap()
    }

    /// Drafts a decision and has it signed.
    fn decide(&self, kind: &str, inputs: &[(&str, types::Value)]) {
        let path = format!("/people/{}/decide/{kind}", self.officer);
        let drafted = self.house.hand_in(self.clerk, PLUGIN, &path, submission("draft", inputs));
        let page = done(drafted);
        let signature = submission("sign", &[("signer-title", types::Value::Text("Giám đốc".into()))]);
        done(self.house.hand_in(self.head, PLUGIN, page.split('#').next().unwrap(), signature));
    }
}

fn officer(house: &House) -> RecordId {
    let values = [
        ("code", text("CB0001")),
        ("full-name", text("Nguyễn Thị Lan")),
        ("sort-name", text("Lan Nguyễn Thị")),
        ("birth-date", day("1985-03-08")),
        ("sex", text("2")),
        ("status", text("working")),
        ("unit", Value::Unit(house.planning)),
        ("recruited-on", day("2008-09-01")),
        ("position", text("Phó Trưởng phòng")),
        ("appointed-on", day("2022-01-15")),
        ("grade", text("01.003")),
        ("step", Value::Integer(6)),
        ("coefficient", Value::Decimal(Decimal::new(399, 2))),
        ("step-since", day("2021-04-01")),
        ("position-allowance", Value::Decimal(Decimal::new(50, 2))),
        ("insured-coefficient", Value::Decimal(Decimal::new(44_900, 4))),
        ("education-level", text("thac-si")),
        ("specialty", text("Kinh tế")),
        ("political-theory", text("trung-cap")),
        ("foreign-language", text("Tiếng Anh B1")),
    ];
    stored(house, PLUGIN, "people", &values)
}

fn date(day: &str) -> types::Value {
    types::Value::Date(dinh_model::time::days(day.parse().unwrap()))
}

fn done(submitted: Result<Submitted, CallError>) -> String {
    match submitted {
        Ok(Submitted::Done(done)) => match done.target {
            Target::Page(page) => page,
            other => panic!("a page of the plugin: {other:?}"),
        },
        other => panic!("it is done: {other:?}"),
    }
}

fn blocks(page: &Page) -> impl Iterator<Item = &Block> {
    page.sections.iter().flat_map(|section| &section.blocks)
}

/// What is said under a label, as text.
fn said(page: &Page, label: &str) -> String {
    let labelled = blocks(page).flat_map(|block| match block {
        Block::Facts(facts) => facts.facts.iter().map(|fact| (&fact.label, &fact.value)).collect(),
        Block::Metrics(metrics) => metrics.iter().map(|metric| (&metric.label, &metric.value)).collect(),
        _ => Vec::new(),
    });
    let (_, value) = labelled.into_iter().find(|(known, _)| *known == label).unwrap();
    match value {
        types::Value::Text(text) => text.clone(),
        types::Value::Decimal(decimal) => {
            Decimal::new(decimal.unscaled, decimal.scale.into()).normalize().to_string()
        }
        other => panic!("{label} is a text or a number: {other:?}"),
    }
}

fn table<'a>(page: &'a Page, id: &str) -> &'a Table {
    let mut tables = blocks(page).filter_map(|block| match block {
        Block::Table(table) if table.id == id => Some(table),
        _ => None,
    });
    tables.next().unwrap()
}

fn dates(table: &Table, key: &str) -> Vec<String> {
    let at = table.columns.iter().position(|column| column.key == key).unwrap();
    let ColumnValues::Dates(days) = &table.data[at].values else { panic!("{key} holds days") };
    days.iter().map(|day| dinh_model::time::from_days(*day).unwrap().to_string()).collect()
}

const LABELS: [&str; 6] = [
    "Trình độ chuyên môn cao nhất",
    "Chuyên ngành",
    "Lý luận chính trị",
    "Ngoại ngữ",
    "Phụ cấp chức vụ",
    "Hệ số đóng BHXH",
];
const RECORD: [&str; 6] = ["Thạc sĩ", "Kinh tế", "Trung cấp", "Tiếng Anh B1", "0.5", "4.49"];

fn summary(page: &Page) -> Vec<String> {
    LABELS.iter().map(|label| said(page, label)).collect()
}

#[test]
fn what_the_record_said_is_read_on_every_day_and_no_night_changes_it() {
    let it = Office::open();
    assert_eq!(summary(&it.sheet("2026-03-02")), RECORD);
    assert_eq!(summary(&it.sheet("2023-06-30"))[..4], RECORD[..4]);
    assert_eq!(dates(table(&it.sheet("2026-03-02"), "trainings"), "until"), ["2007-06-30", "2014-06-30"]);
    it.house.clock.advance(Duration::from_secs(86_400));
    it.house.runtime.tell_now().unwrap();
    assert_eq!(summary(&it.sheet("2026-03-03")), RECORD);
}

#[test]
fn a_training_that_attests_one_level_takes_nothing_else_away() {
    let it = Office::open();
    let words = |words: &str| types::Value::Text(words.into());
    let inputs = [
        ("effective-on", date("2026-02-27")),
        ("training-from", date("2025-09-05")),
        ("school", words("Trung tâm Tin học tỉnh")),
        ("computing", words("Ứng dụng CNTT cơ bản")),
    ];
    it.decide("training", &inputs);
    let page = it.sheet("2026-03-02");
    assert_eq!(
        (said(&page, "Tin học"), summary(&page)),
        ("Ứng dụng CNTT cơ bản".into(), RECORD.map(Into::into).to_vec())
    );
}

#[test]
fn an_allowance_of_the_record_becomes_a_row_when_a_decision_changes_it() {
    let it = Office::open();
    let inputs = [
        ("effective-on", date("2026-03-01")),
        ("position", types::Value::Text("Trưởng phòng".into())),
        ("allowance", types::Value::Decimal(types::Decimal { unscaled: 7, scale: 1 })),
    ];
    it.decide("appoint", &inputs);
    let page = it.sheet("2026-03-02");
    assert_eq!(dates(table(&page, "allowances"), "from"), ["2022-01-15", "2026-03-01"]);
    assert_eq!((said(&page, LABELS[4]), said(&page, LABELS[5])), ("0.7".into(), "4.69".into()));
    let before = it.sheet("2026-02-28");
    assert_eq!((said(&before, LABELS[4]), said(&before, LABELS[5])), ("0.5".into(), "4.49".into()));
}
