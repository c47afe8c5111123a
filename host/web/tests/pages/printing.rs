//! Printing of pages. The printer of these tests lays nothing out: its “PDF” is what it was given, so that a test can
//! look at it.

use std::time::Duration;

use axum::http::StatusCode;
use dinh_services::accounts;
use dinh_web::Options;
use serde_json::Value;

use crate::house::{Answer, House, expect};

fn with_printer() -> Options {
    let script = "printf '%%PDF-1.7\\n'; exec cat";
    Options {
        printer: Some(("/bin/sh".into(), vec!["-c".into(), script.into(), "sh".into()])),
        ..Options::default()
    }
}

/// What the printer was given: the job, and the data of the page.
fn given(answer: &Answer) -> (Value, Value) {
    expect(answer, StatusCode::OK);
    assert_eq!(answer.header("content-type"), "application/pdf");
    let mut lines = answer.body.lines();
    assert_eq!(lines.next(), Some("%PDF-1.7"));
    let mut next = || serde_json::from_str(lines.next().unwrap()).unwrap();
    (next(), next())
}

/// A table of the data.
fn table<'a>(data: &'a Value, id: &str) -> &'a Value {
    let sections = data["page"]["sections"].as_array().unwrap();
    let mut blocks = sections.iter().flat_map(|section| section["blocks"].as_array().unwrap());
    blocks.find(|block| block["id"] == id).unwrap()
}

#[tokio::test]
async fn a_page_is_printed_with_the_texts_that_it_shows_and_who_prints_it() {
    let house = House::with(with_printer());
    let mut lan = house.browser("lan").await;
    let (job, data) = given(&lan.get("/apps/gallery/long?print=page").await);
    assert_eq!((&job["template"], &job["stamp"]), (&"/dinh/page.typ".into(), &Value::Null));
    let key = table(&data, "long")["columns"][0]["key"].as_str().unwrap();
    assert_eq!(table(&data, "long")["rows"][1_234]["cells"][key], 1_234);
    assert_eq!(table(&data, "long")["rows"][1_234]["texts"][key], "1.234");
    let about = &data["about"];
    assert_eq!(about["person"], "Nguyễn Thị Lan");
    assert_eq!(about["unit"], "Sở Kế hoạch và Đầu tư");
    assert_eq!((&about["place"], &about["day"]["year"]), (&"Lâm Đồng".into(), &2026.into()));
    let shown = lan.get("/apps/gallery").await.body;
    for address in ["?print=page", "export=ranking&amp;format=pdf"] {
        assert!(shown.contains(address), "{address}");
    }
}

#[tokio::test]
async fn a_table_that_goes_on_is_printed_with_all_its_rows() {
    let house = House::with(with_printer());
    let mut lan = house.browser("lan").await;
    for address in ["/apps/gallery/long?print=page", "/apps/gallery/long?export=long&format=pdf"] {
        let (_, data) = given(&lan.get(address).await);
        let table = table(&data, "long");
        let rows = table["rows"].as_array().unwrap();
        assert_eq!((rows.len(), &table["paging"]), (2_500, &Value::Null), "{address}");
        assert!(rows.iter().all(|row| row["texts"].is_object()));
    }
}

#[tokio::test]
async fn a_single_table_is_printed_without_the_rest_of_its_page() {
    let house = House::with(with_printer());
    let (_, data) = given(&house.browser("lan").await.get("/apps/gallery?export=b01&format=pdf").await);
    let sections = data["page"]["sections"].as_array().unwrap();
    let blocks: Vec<_> = sections.iter().flat_map(|section| section["blocks"].as_array().unwrap()).collect();
    assert_eq!(blocks.len(), 1);
    assert_eq!(blocks[0]["id"], "b01");
    let none = house.browser("lan").await.get("/apps/gallery?export=nothing&format=pdf").await;
    assert_eq!(none.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_leaves_on_paper_is_in_the_evidence_and_no_value_of_it() {
    let house = House::with(with_printer());
    let mut lan = house.browser("lan").await;
    given(&lan.get("/apps/gallery/long?print=page&year=2024").await);
    let left = house.perform(|call| {
        let snapshot = call.transaction.snapshot();
        Ok(snapshot.evidence(0, 10_000)?)
    });
    let left: Vec<_> = left.into_iter().map(|it| it.entry).filter(|it| it.action == "page.printed").collect();
    assert_eq!(left.len(), 1);
    assert_eq!(left[0].subject, "plugin:gallery");
    assert_eq!((left[0].detail["form"].as_str(), left[0].detail["tables"].as_str()), ("page", "long:2500"));
    assert_eq!(left[0].detail["filter"], "year");
    assert!(!left[0].detail.values().any(|value| value.contains("2024")), "{:?}", left[0]);
}

#[tokio::test]
async fn more_rows_than_may_be_printed_are_refused_and_never_cut() {
    for print_rows in [999, 2_499] {
        let house = House::with(Options { print_rows, ..with_printer() });
        let refused = house.browser("lan").await.get_json("/apps/gallery/long?print=page").await;
        expect(&refused, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(refused.json()["type"], "/problems/export-too-long");
    }
    let house = House::with(Options { print_rows: 2_500, ..with_printer() });
    given(&house.browser("lan").await.get("/apps/gallery/long?print=page").await);
}

#[tokio::test]
async fn a_table_that_leads_in_a_circle_is_not_printed() {
    let house = House::with(with_printer());
    let broken = house.browser("lan").await.get("/apps/gallery/circle?export=long&format=pdf").await;
    expect(&broken, StatusCode::BAD_GATEWAY);
}

#[tokio::test]
async fn who_may_not_see_a_page_may_not_print_it() {
    let house = House::with(with_printer());
    assert_eq!(house.browser("hoa").await.get("/apps/gallery?print=page").await.status, 403);
    let stranger = house.stranger().get_json("/apps/gallery?print=page").await;
    assert_eq!(stranger.status, StatusCode::UNAUTHORIZED);
    let none = house.browser("lan").await.get("/apps/gallery?print=no-such-form").await;
    assert_eq!(none.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_page_is_printed_in_the_name_of_a_unit_only_by_who_belongs_there_or_holds_a_right_there() {
    let house = House::with(with_printer());
    let planning = house.perform(|call| Ok(accounts::find_unit(call, "skhdt")?.unwrap().id));
    let mai = house.person("mai", "Vũ Thị Mai", planning, false);
    house.give(mai, "gallery.visitor", planning);
    let address = |unit: u32| format!("/apps/gallery/long?print=page&unit={unit}");
    let (mut lan, mut mai) = (house.browser("lan").await, house.browser("mai").await);
    let about = given(&lan.get(&address(house.province.0)).await).1["about"].clone();
    assert_eq!((&about["unit"], &about["above"]), (&"Tỉnh Lâm Đồng".into(), &Value::Null));
    let about = given(&mai.get(&address(planning.0)).await).1["about"].clone();
    assert_eq!(about["unit"], "Sở Kế hoạch và Đầu tư");
    for (unit, name) in [(house.province.0, "Tỉnh Lâm Đồng"), (4_000_000, "4000000")] {
        let refused = mai.get(&address(unit)).await;
        expect(&refused, StatusCode::FORBIDDEN);
        assert!(refused.body.contains(name) && refused.body.contains("Không in được"), "{}", refused.body);
    }
}

#[tokio::test]
async fn a_program_gets_the_data_that_a_template_would_get() {
    let house = House::with(with_printer());
    let mut lan = house.browser("lan").await;
    let data = lan.get_json("/apps/gallery/long?print=page").await.json();
    assert_eq!(data, given(&lan.get("/apps/gallery/long?print=page").await).1);
}

#[tokio::test]
async fn a_printer_that_fails_is_told_as_what_it_is() {
    let answering = |script: &str| Options {
        printer: Some(("/bin/sh".into(), vec!["-c".into(), script.into()])),
        ..Options::default()
    };
    let template = r#"echo '{"error":"template","file":"prints/a.typ","line":3,"column":1,"message":"unclosed","hints":[]}'; exit 1"#;
    let limit = r#"echo '{"error":"limit","what":"pages","allowed":1000}'; exit 1"#;
    for (script, status, says) in [
        (template, StatusCode::BAD_GATEWAY, "prints/a.typ:3:1"),
        (limit, StatusCode::UNPROCESSABLE_ENTITY, "1.000"),
        ("exit 0", StatusCode::INTERNAL_SERVER_ERROR, ""),
        ("echo half; kill -XCPU $$", StatusCode::UNPROCESSABLE_ENTITY, "CPU"),
        ("echo half; kill -9 $$", StatusCode::INTERNAL_SERVER_ERROR, ""),
    ] {
        let house = House::with(answering(script));
        let failed = house.browser("lan").await.get("/apps/gallery/long?print=page").await;
        expect(&failed, status);
        assert!(failed.body.contains(says), "{script}: {}", failed.body);
    }
}

#[tokio::test]
async fn one_account_prints_one_form_at_a_time_and_is_asked_to_come_back() {
    let slow = "sleep 2; printf '%%PDF-1.7\\n'";
    let options = |turn_wait| Options {
        printer: Some(("/bin/sh".into(), vec!["-c".into(), slow.into()])),
        turn_wait,
        ..Options::default()
    };
    let both = async |wait| {
        let house = House::with(options(wait));
        let (mut here, mut there) = (house.browser("lan").await, house.browser("lan").await);
        let address = "/apps/gallery/long?print=page";
        let (first, second) = tokio::join!(here.get(address), there.get(address));
        let mut both = [first.status, second.status];
        both.sort();
        both
    };
    assert_eq!(both(Duration::ZERO).await, [200, 503]);
    assert_eq!(both(Duration::from_secs(60)).await, [200, 200]);
}

#[tokio::test]
async fn without_a_printer_nothing_is_offered() {
    let house = House::new();
    let mut lan = house.browser("lan").await;
    assert!(!lan.get("/apps/gallery").await.body.contains("print="));
    assert_eq!(lan.get("/apps/gallery?print=page").await.status, StatusCode::NOT_FOUND);
}
