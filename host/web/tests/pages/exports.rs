//! Export of tables.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use calamine::{Data, DataType};
use dinh_web::Options;
use http_body_util::BodyExt;

use crate::house::{House, ODS, XLSX, expect};

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
async fn a_table_is_exported_as_a_workbook_with_all_its_parts_and_says_who_took_it_out() {
    let house = House::new();
    let mut lan = house.browser("lan").await;
    for (format, media) in [("xlsx", XLSX), ("ods", ODS)] {
        let file = lan.get(&format!("/apps/gallery/long?export=long&format={format}")).await;
        expect(&file, StatusCode::OK);
        assert_eq!(file.header("content-type"), media);
        assert_eq!(
            file.header("content-disposition"),
            format!("attachment; filename=\"gallery-long.{format}\"")
        );
        let sheet = file.sheet();
        let first: Vec<_> = sheet.rows().map(|row| row[0].clone()).collect();
        let head = first.iter().position(|cell| cell == &Data::String("Hạng".into())).unwrap();
        let above: Vec<_> = first[..head].iter().map(ToString::to_string).collect();
        for line in [
            "Đơn vị: Sở Kế hoạch và Đầu tư",
            "Người xuất: Nguyễn Thị Lan (lan)",
            "Thời điểm xuất: 01/07/2026 08:00",
        ] {
            assert!(above.iter().any(|said| said == line), "{line}: {above:?}");
        }
        let rows: Vec<_> = first[head + 1..].iter().take(2_500).map(|cell| cell.as_f64()).collect();
        let wanted: Vec<_> = (0..2_500).map(|rank| Some(f64::from(rank))).collect();
        assert_eq!(rows, wanted);
    }
}

#[tokio::test]
async fn the_button_of_a_table_offers_every_format_and_nothing_else_is_one() {
    let house = House::new();
    let mut lan = house.browser("lan").await;
    let page = lan.get("/apps/gallery").await;
    for format in ["xlsx", "ods", "excel", "csv"] {
        let address = format!("href=\"/apps/gallery?export=ranking&amp;format={format}\"");
        assert!(page.body.contains(&address), "{address}");
        expect(&lan.get(&format!("/apps/gallery?export=ranking&format={format}")).await, StatusCode::OK);
    }
    expect(&lan.get("/apps/gallery?export=ranking&format=xls").await, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn one_account_takes_out_so_much_at_a_time_and_leaves_room_for_others() {
    let house = House::with(Options { transfers_each: 1, transfers_at_once: 2, ..Options::default() });
    let mut lan = house.browser("lan").await;
    let export = "/apps/gallery/long?export=long&format=csv";
    let first = lan.open(Request::get(export).body(Body::empty()).unwrap()).await;
    let refused = lan.get(export).await;
    expect(&refused, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(refused.header("retry-after"), "5");
    drop(first);
}

#[tokio::test]
async fn an_export_goes_no_further_than_the_session_it_was_asked_in() {
    let house = House::new();
    let mut lan = house.program("lan").await;
    let export = || Request::get("/apps/gallery/long?export=long&format=csv").body(Body::empty()).unwrap();
    let lines = |text: &str| text.lines().count();
    let whole = lan.send(export()).await;
    assert_eq!(lines(&whole.body), 2_501);
    let mut body = lan.open(export()).await.into_body();
    house.platform.sign_out(lan.token.as_ref().unwrap()).unwrap();
    let first = body.frame().await.unwrap().unwrap().into_data().unwrap();
    assert_eq!(lines(&String::from_utf8_lossy(&first)), 1_001, "what had left before");
    assert!(body.frame().await.unwrap().is_err(), "then the transfer breaks off");
}

#[tokio::test]
async fn tables_of_the_administration_are_exported_as_workbooks_as_well() {
    let house = House::new();
    let lan = house.perform(|call| Ok(dinh_services::accounts::find_account(call, "lan")?.unwrap().id));
    house.give(lan, "dinh.administrator", house.province);
    let mut program = house.program("lan").await;
    let page = program.get_json("/apps/dinh/people").await.json();
    let csv = find(&page).unwrap_or_else(|| panic!("{page}"));
    assert!(csv.contains("format=csv"), "{csv}");
    for format in ["xlsx", "ods"] {
        let file = program.get(&csv.replace("format=csv", &format!("format={format}"))).await;
        expect(&file, StatusCode::OK);
        let sheet = file.sheet();
        assert!(sheet.rows().flatten().any(|cell| cell.to_string().contains("Trần Thị Hoa")), "{format}");
    }
}

/// The first address of an export in a page.
fn find(page: &serde_json::Value) -> Option<String> {
    match page {
        serde_json::Value::Object(object) => object
            .get("export")
            .and_then(|address| address.as_str().map(str::to_owned))
            .or_else(|| object.values().find_map(find)),
        serde_json::Value::Array(list) => list.iter().find_map(find),
        _ => None,
    }
}

#[tokio::test]
async fn each_part_of_an_export_is_in_the_evidence_before_it_leaves_and_no_cell_of_it() {
    let house = House::new();
    let mut lan = house.browser("lan").await;
    for format in ["csv", "xlsx", "ods"] {
        let path = format!("/apps/gallery/long?export=long&format={format}&year=2024&after=");
        expect(&lan.get(&path).await, StatusCode::OK);
    }
    let left = house.perform(|call| {
        let snapshot = call.transaction.snapshot();
        Ok(snapshot.evidence(0, 10_000)?)
    });
    let lan = house.perform(|call| Ok(dinh_services::accounts::find_account(call, "lan")?.unwrap().id));
    let left: Vec<_> =
        left.into_iter().map(|it| it.entry).filter(|it| it.action == "table.exported").collect();
    let rows: Vec<_> = left.iter().map(|it| it.detail["rows"].as_str()).collect();
    assert_eq!(rows, ["1000", "1000", "500"].repeat(3), "whatever the format");
    for (part, entry) in left.iter().enumerate() {
        assert_eq!(entry.actor.account(), Some(lan));
        assert_eq!(
            (entry.subject.as_str(), entry.plugin.as_ref().unwrap().as_str()),
            ("plugin:gallery", "gallery")
        );
        assert_eq!(entry.detail["table"], "long");
        assert_eq!(entry.detail["part"], (part % 3 + 1).to_string());
        assert_eq!(entry.detail.get("filter").map(String::as_str), Some("year"), "names, never values");
        assert!(!entry.detail.values().any(|value| value.contains("2024")), "{entry:?}");
    }
}

#[tokio::test]
async fn a_table_that_is_too_long_is_refused_and_never_cut() {
    let house = House::with(Options { export_rows: 999, ..Options::default() });
    let mut lan = house.browser("lan").await;
    for format in ["csv", "xlsx", "ods"] {
        let refused = lan.get(&format!("/apps/gallery/long?export=long&format={format}")).await;
        expect(&refused, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.body.contains("999"), "{}", refused.body);
    }
    let house = House::with(Options { export_rows: 1_500, ..Options::default() });
    let mut lan = house.browser("lan").await;
    for format in ["csv", "xlsx", "ods"] {
        let broken = lan.get(&format!("/apps/gallery/long?export=long&format={format}")).await;
        assert_eq!(broken.body, "", "the transfer breaks off, so that nobody takes it for whole");
    }
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
    let mut hoa = house.browser("hoa").await;
    for format in ["csv", "xlsx", "ods"] {
        let path = format!("/apps/gallery?export=ranking&format={format}");
        assert_eq!(hoa.get(&path).await.status, 403);
        assert_ne!(house.stranger().get(&path).await.status, 200);
    }
}
