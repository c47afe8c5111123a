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
