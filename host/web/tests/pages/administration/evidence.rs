//! The evidence as a list.

use axum::http::StatusCode;

use super::{Offices, column, send};
use crate::house::expect;

#[tokio::test]
async fn the_evidence_is_narrowed_by_person_deed_plugin_and_day_newest_first() {
    let offices = Offices::new();
    let mut quan = offices.house.browser("quan").await;
    let id = offices.account("hoa").id;
    let path = format!("/apps/dinh/people/{id}");
    expect(&send(&mut quan, &path, "suspend", &[("reason", "Nghỉ dài ngày")]).await, StatusCode::SEE_OTHER);
    let listed = async |visitor: &mut crate::house::Visitor, query: &str| {
        let page = visitor.get_json(&format!("/apps/dinh/evidence{query}")).await;
        expect(&page, StatusCode::OK);
        column(&page.json(), "evidence", "action")
    };
    let all = listed(&mut quan, "").await;
    assert_eq!(all.first().map(String::as_str), Some("form.submitted"), "{all:?}");
    let about = listed(&mut quan, &format!("?person={id}")).await;
    assert_eq!(about, ["account.suspended", "account.viewed", "account.viewed", "account.created"]);
    assert_eq!(listed(&mut quan, "?action=unit.created").await.len(), 2);
    assert!(listed(&mut quan, "?plugin=dinh").await.iter().all(|deed| deed != "unit.created"));
    assert_eq!(listed(&mut quan, "?until=30/06/2026").await.len(), 0);
    assert!(!listed(&mut quan, "?from=01/07/2026").await.is_empty());
    assert_eq!(quan.get("/apps/dinh/evidence?from=yesterday").await.status, 400);
}

#[tokio::test]
async fn who_reads_the_evidence_of_one_unit_sees_what_concerns_it() {
    let offices = Offices::new();
    let mut so = offices.house.browser("so").await;
    let page = so.get_json("/apps/dinh/evidence?action=unit.created").await.json();
    assert_eq!(column(&page, "evidence", "subject"), ["unit:2"]);
    let file = so.get("/apps/dinh/evidence?export=evidence&action=account.").await;
    expect(&file, StatusCode::OK);
    assert!(file.body.contains("account:4") || file.body.contains("account:1"), "{}", file.body);
    let quan = format!("account:{}", offices.quan);
    assert!(!file.body.lines().any(|line| line.contains(&format!(",{quan},"))), "not theirs: {}", file.body);
}
