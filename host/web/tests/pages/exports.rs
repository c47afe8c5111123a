//! Export of tables.

use axum::http::StatusCode;
use dinh_web::Options;

use crate::house::{House, expect};

#[tokio::test]
async fn a_table_is_exported_with_all_its_parts() {
    let house = House::new();
    let mut lan = house.browser("lan").await;
    let file = lan.get("/apps/gallery/long?export=long&format=csv").await;
    expect(&file, StatusCode::OK);
    assert_eq!(file.header("content-type"), "text/csv; charset=utf-8");
    assert_eq!(file.header("content-disposition"), "attachment; filename=\"gallery-long.csv\"");
    let lines: Vec<_> = file.body.trim_start_matches('\u{feff}').lines().collect();
    assert_eq!((lines.len(), lines[0], lines[1], lines[2_500]), (2_501, "Hạng", "0", "2499"));
}

#[tokio::test]
async fn each_part_of_an_export_is_in_the_evidence_before_it_leaves_and_no_cell_of_it() {
    let house = House::new();
    let mut lan = house.browser("lan").await;
    let file = lan.get("/apps/gallery/long?export=long&format=csv&year=2024&after=").await;
    expect(&file, StatusCode::OK);
    let left = house.perform(|call| {
        let snapshot = call.transaction.snapshot();
        Ok(snapshot.evidence(0, 10_000)?)
    });
    let lan = house.perform(|call| Ok(dinh_services::accounts::find_account(call, "lan")?.unwrap().id));
    let left: Vec<_> =
        left.into_iter().map(|it| it.entry).filter(|it| it.action == "table.exported").collect();
    let rows: Vec<_> = left.iter().map(|it| it.detail["rows"].as_str()).collect();
    assert_eq!(rows.iter().map(|rows| rows.parse::<usize>().unwrap()).sum::<usize>(), 2_500, "{rows:?}");
    for (part, entry) in left.iter().enumerate() {
        assert_eq!(entry.actor.account(), Some(lan));
        assert_eq!(
            (entry.subject.as_str(), entry.plugin.as_ref().unwrap().as_str()),
            ("plugin:gallery", "gallery")
        );
        assert_eq!(entry.detail["table"], "long");
        assert_eq!(entry.detail["part"], (part + 1).to_string());
        assert_eq!(entry.detail.get("filter").map(String::as_str), Some("year"), "names, never values");
        assert!(!entry.detail.values().any(|value| value.contains("2024")), "{entry:?}");
    }
}

#[tokio::test]
async fn a_table_that_is_too_long_is_refused_and_never_cut() {
    let house = House::with(Options { export_rows: 999, ..Options::default() });
    let mut lan = house.browser("lan").await;
    let refused = lan.get("/apps/gallery/long?export=long").await;
    expect(&refused, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("999"), "{}", refused.body);
    let house = House::with(Options { export_rows: 1_500, ..Options::default() });
    let broken = house.browser("lan").await.get("/apps/gallery/long?export=long").await;
    assert_eq!(broken.body, "", "the transfer breaks off, so that nobody takes it for whole");
}

#[tokio::test]
async fn a_table_that_leads_in_a_circle_breaks_off() {
    let house = House::new();
    let broken = house.browser("lan").await.get("/apps/gallery/circle?export=long").await;
    assert_eq!(broken.body, "");
}

#[tokio::test]
async fn who_may_not_see_a_table_may_not_export_it() {
    let house = House::new();
    assert_eq!(house.browser("hoa").await.get("/apps/gallery?export=ranking").await.status, 403);
}
