//! Two plugins share data by contract; what the one has read clings to its call.

use dinh_model::{AccountId, ContractId, Keep, Label};
use dinh_runtime::bindings::types::{self, Value};
use dinh_runtime::bindings::views::Block;
use dinh_runtime::{CallError, Submitted};
use dinh_services::sharing::{self, Terms};

use crate::house::{House, altered, component};

fn text(text: &str) -> Value {
    Value::Text(text.into())
}

pub struct Neighbours {
    pub house: House,
    /// Writes notes, up to Mật.
    pub writer: AccountId,
    /// Reads up to Mật in the whole province.
    pub cleared: AccountId,
    /// Reads what is ordinary in planning.
    pub planner: AccountId,
    pub contract: ContractId,
}

/// Asks and agrees, beside the rules: two people are another test's promise.
pub fn agree(house: &House, consumer: &str, narrow: impl Fn(&mut Terms)) -> ContractId {
    let consumer = consumer.parse().unwrap();
    let contract =
        house.platform.perform(&house.operator(), |call| sharing::request(call, &consumer, "notes")).unwrap();
    let agreed = house.platform.perform(&house.operator(), |call| {
        let mut terms = Terms::asked(&sharing::get_contract(call, contract)?);
        narrow(&mut terms);
        sharing::approve(call, contract, terms)
    });
    agreed.unwrap();
    contract
}

impl Neighbours {
    pub fn new() -> Self {
        Self::with(&component("leaky"), |_| ())
    }

    fn with(leaky: &[u8], narrow: impl Fn(&mut Terms)) -> Self {
        let house = House::new();
        house.install(&component("forgetful")).unwrap();
        house.install(leaky).unwrap();
        let writer = house.person("vanthu", house.province);
        house.give_to(writer, "forgetful.writer", house.province, false, Label::Confidential);
        for (title, weight, unit, label) in [
            ("Ghi chép chung", 1, house.planning, "ordinary"),
            ("Ghi chép của tài chính", 2, house.finance, "ordinary"),
            ("Ghi chép mật của kế hoạch", 4, house.planning, "confidential"),
        ] {
            let inputs = [
                ("title", text(title)),
                ("weight", Value::Integer(weight)),
                ("unit", Value::Unit(unit.0)),
                ("secrecy", text(label)),
            ];
            let added = house.submit(writer, "forgetful", "add", &inputs);
            assert!(matches!(added, Ok(Submitted::Done(_))), "{added:?}");
        }
        let cleared = house.person("canbo", house.province);
        house.give_to(cleared, "leaky.reader", house.province, false, Label::Confidential);
        let planner = house.person("kehoach", house.planning);
        house.give(planner, "leaky.reader", house.planning);
        for keeper in [cleared, planner] {
            house.give_to(keeper, "leaky.keeper", house.province, false, Label::Confidential);
        }
        let contract = agree(&house, "leaky", narrow);
        Self { house, writer, cleared, planner, contract }
    }

    /// What the page shows of one fact.
    fn fact(&self, who: AccountId, name: &str) -> String {
        let page = self.house.draw(who, "leaky", "/").unwrap();
        let blocks = page.sections.iter().flat_map(|section| &section.blocks);
        let facts =
            blocks.filter_map(|block| if let Block::Facts(facts) = block { Some(facts) } else { None });
        let found = facts.flat_map(|facts| &facts.facts).find(|fact| fact.label == name);
        format!("{:?}", found.unwrap_or_else(|| panic!("{name} is shown")).value)
    }

    fn leak(&self, who: AccountId, way: &str) -> Result<Submitted, CallError> {
        self.house.submit(who, "leaky", "leak", &[("way", text(way)), ("said", text("tự tôi ghi"))])
    }

    /// The last refusal by a rule in the evidence.
    fn rule(&self) -> String {
        let entries = self.house.evidence().into_iter().rev();
        let mut refused = entries.filter(|recorded| recorded.entry.action == "rule.refused");
        refused.next().map(|recorded| recorded.entry.detail["rule"].clone()).unwrap_or_default()
    }
}

#[test]
fn a_plugin_reads_what_another_offers_as_far_as_its_reader_may() {
    let it = Neighbours::new();
    let titles = |who| it.fact(who, "titles");
    assert!(titles(it.cleared).contains("Ghi chép chung, Ghi chép của tài chính, Ghi chép mật của kế hoạch"));
    let seen = titles(it.planner);
    assert!(seen.contains("\"Ghi chép chung\""), "another unit's and what is Mật are not there: {seen}");
    assert!(it.fact(it.planner, "count").contains('1') && it.fact(it.cleared, "sum").contains('7'));
    assert!(it.fact(it.planner, "contract").contains(&it.contract.to_string()));
}

#[test]
fn every_read_is_durable_evidence_before_the_page_is_there() {
    let it = Neighbours::new();
    let before = it.house.evidence().len();
    it.house.draw(it.cleared, "leaky", "/").unwrap();
    let entries: Vec<_> = it.house.evidence().drain(before..).collect();
    let reads: Vec<_> = entries.iter().filter(|it| it.entry.action == "dataset.read").collect();
    let [read] = reads.as_slice() else { panic!("one entry for the call and contract: {entries:?}") };
    assert_eq!(read.entry.subject, format!("contract:{}", it.contract));
    assert_eq!(read.entry.records.len(), 3);
    assert_eq!(read.entry.detail["how"], "count query sum");
}

#[test]
fn each_way_out_is_refused_with_its_reason_and_leaves_evidence() {
    let it = Neighbours::new();
    for (way, rule) in
        [("text", "confined-text"), ("number", "confined-label"), ("submitted", "confined-label")]
    {
        let seq = it.house.seq();
        let refused = it.leak(it.cleared, way);
        assert!(
            matches!(&refused, Err(CallError::Denied(why)) if why.contains("Lượt xử lý này đã đọc")),
            "{way}: {refused:?}"
        );
        assert_eq!(it.rule(), rule, "{way}");
        let kept = it.house.platform.store().snapshot().unwrap().seq().0 - seq;
        assert!(kept <= 1, "{way}: nothing was written but the evidence");
    }
    let refused = it.leak(it.cleared, "other-field").unwrap();
    let Submitted::Invalid(problems) = refused else { panic!("{refused:?}") };
    assert!(problems[0].message.contains("not a field of the contract"), "{problems:?}");
}

#[test]
fn what_is_derived_or_submitted_is_kept_and_what_is_mat_as_mat() {
    let it = Neighbours::new();
    assert!(matches!(it.leak(it.planner, "number"), Ok(Submitted::Done(_))));
    assert!(matches!(it.leak(it.planner, "submitted"), Ok(Submitted::Done(_))));
    assert!(matches!(it.leak(it.planner, "text"), Err(CallError::Denied(_))));
    assert!(matches!(it.leak(it.cleared, "number-as-high"), Ok(Submitted::Done(_))));
}

#[test]
fn a_line_of_the_log_is_withheld_after_reading() {
    let it = Neighbours::new();
    assert!(matches!(it.leak(it.cleared, "log"), Ok(Submitted::Done(_))));
    assert_eq!(it.rule(), "confined-log");
}

#[test]
fn a_notice_is_for_whoever_submitted_and_is_kept_nowhere() {
    let it = Neighbours::new();
    let once = Some([9; 32]);
    let inputs = [("way", text("notice")), ("said", text(""))];
    let submit = || it.house.submit_once(it.cleared, "leaky", "leak", &inputs, once).unwrap();
    let Submitted::Done(done) = submit() else { panic!("done") };
    assert!(done.notice.is_some());
    let Submitted::Repeated(done) = submit() else { panic!("repeated") };
    assert!(done.notice.is_none(), "{done:?}");
}

#[test]
fn a_page_bears_the_label_of_what_was_read_for_it() {
    let it = Neighbours::new();
    let label = |who| it.house.draw(who, "leaky", "/").unwrap().label;
    assert_eq!(label(it.cleared), types::Label::Confidential);
    assert_eq!(label(it.planner), types::Label::Ordinary);
}

#[test]
fn the_host_shows_what_references_refer_to_and_the_plugin_never_reads_it() {
    let it = Neighbours::new();
    let ids: Vec<String> = {
        let snapshot = it.house.platform.store().snapshot().unwrap();
        let kind = [dinh_services::space::RECORD];
        let rows = snapshot.range(&kind, Some(&[kind[0] + 1]), dinh_store::Direction::Forward);
        let ids = rows.map(|row| row.unwrap().0).map(|key| dinh_model::RecordId(*key.last_chunk().unwrap()));
        ids.map(|id| id.to_string()).collect()
    };
    assert_eq!(ids.len(), 3);
    let page = |who| it.house.draw(who, "leaky", &format!("/references?ids={}", ids.join(","))).unwrap();
    let cells = |who| {
        let page = page(who);
        let Block::Table(table) = &page.sections[0].blocks[0] else { panic!("{page:?}") };
        let types::ColumnValues::Texts(titles) = &table.data[0].values else { panic!("{table:?}") };
        let types::ColumnValues::Integers(weights) = &table.data[1].values else { panic!("{table:?}") };
        // In the order of the identifiers, which is none in particular within one millisecond.
        let mut weights = weights.clone();
        weights.sort_unstable();
        (String::from_utf8(titles.data.clone()).unwrap(), weights, page.label)
    };
    let (titles, weights, label) = cells(it.cleared);
    for title in ["Ghi chép chung", "Ghi chép của tài chính", "Ghi chép mật của kế hoạch"] {
        assert!(titles.contains(title), "{titles}");
    }
    assert_eq!((weights, label), (vec![1, 2, 4], types::Label::Confidential));
    let (titles, weights, label) = cells(it.planner);
    assert_eq!((titles.as_str(), weights, label), ("Ghi chép chung", vec![0, 0, 1], types::Label::Ordinary));
    // What somebody does not see is said to be not available, in each column that shows it.
    let unavailable = |page: &dinh_runtime::bindings::views::Page| {
        let Block::Table(table) = &page.sections[0].blocks[0] else { panic!("{page:?}") };
        let said = table.cell_styles.iter().map(|style| style.placeholder.as_deref());
        said.filter(|said| *said == Some("không khả dụng")).count()
    };
    assert_eq!((unavailable(&page(it.cleared)), unavailable(&page(it.planner))), (0, 4));
    // One batch, one entry.
    let before = it.house.evidence().len();
    page(it.cleared);
    let entries: Vec<_> = it.house.evidence().drain(before..).collect();
    let [read] = entries.as_slice() else { panic!("{entries:?}") };
    assert_eq!((read.entry.detail["how"].as_str(), read.entry.detail["rows"].as_str()), ("resolve", "3"));
    // Without a contract the page is there, and says why the names are not.
    let revoked = it
        .house
        .platform
        .perform(&it.house.operator(), |call| sharing::revoke(call, it.contract, "hết nhu cầu"));
    revoked.unwrap();
    let page = page(it.cleared);
    let Block::Table(table) = &page.sections[0].blocks[0] else { panic!("{page:?}") };
    assert!(table.note.as_ref().is_some_and(|note| note.contains("lập đề nghị mới")), "{:?}", table.note);
    assert_eq!(unavailable(&page), 6);
}

#[test]
fn exporting_or_printing_what_is_confidential_takes_a_right_of_its_own() {
    let it = Neighbours::new();
    let export = |who| it.house.export(who, "leaky", "/", "notes");
    assert!(export(it.planner).is_ok());
    let print = |who| it.house.print(who, "leaky", "/");
    assert!(print(it.planner).is_ok());
    for refused in [export(it.cleared), print(it.cleared)] {
        assert!(
            matches!(&refused, Err(CallError::Denied(why)) if why.contains("Xuất dữ liệu Mật")),
            "{refused:?}"
        );
    }
    it.house.give_to(it.cleared, "dinh.confidential-exporter", it.house.province, false, Label::Confidential);
    assert!(export(it.cleared).is_ok() && print(it.cleared).is_ok());
}

#[test]
fn under_a_contract_that_lets_nothing_be_kept_nothing_is() {
    let it = Neighbours::with(&component("leaky"), |terms| terms.keep = Keep::Nothing);
    for way in ["number", "submitted", "number-as-high"] {
        assert!(matches!(it.leak(it.planner, way), Err(CallError::Denied(_))), "{way}");
        assert_eq!(it.rule(), "confined-keep-nothing", "{way}");
    }
}

#[test]
fn without_a_contract_the_reader_is_told_what_to_do() {
    let it = Neighbours::new();
    let revoked = it
        .house
        .platform
        .perform(&it.house.operator(), |call| sharing::revoke(call, it.contract, "hết nhu cầu"));
    revoked.unwrap();
    assert_eq!(it.house.draw(it.planner, "leaky", "/").unwrap().title, "no contract");
    let refused = it.leak(it.planner, "number");
    assert!(
        matches!(&refused, Err(CallError::Denied(why)) if why.contains("lập đề nghị mới")),
        "{refused:?}"
    );
}

#[test]
fn a_plugin_that_collects_again_what_another_owns_is_not_installed() {
    let house = House::new();
    let owns = "title = { vi = \"Tiêu đề\", en = \"Title\" }";
    let with_meaning = "meaning=\"person.name\"\ntitle={vi=\"T\",en=\"T\"} ";
    let padded = format!("{with_meaning}{}", " ".repeat(owns.len() - with_meaning.len()));
    house.install(&altered("forgetful", &[(owns, &padded)])).unwrap();
    let copies = "title = { vi = \"Ghi chép gốc\", en = \"Note\" }";
    let padded = format!("{with_meaning}{}", " ".repeat(copies.len() - with_meaning.len()));
    let error = house.install(&altered("leaky", &[(copies, &padded)])).map(drop).unwrap_err().to_string();
    assert!(error.contains("person.name") && error.contains("forgetful/notes"), "{error}");
    assert!(house.runtime.plugin(&"leaky".parse().unwrap()).is_none());
}
