//! Units: listed, made, renamed, moved, ended.

use axum::http::StatusCode;
use dinh_services::accounts;
use serde_json::json;

use super::{Offices, column, filled, send};
use crate::house::expect;

#[tokio::test]
async fn the_tree_is_a_table_cut_to_what_the_reader_administers() {
    let offices = Offices::new();
    let mut quan = offices.house.browser("quan").await;
    let page = quan.get("/apps/dinh/units").await;
    expect(&page, StatusCode::OK);
    assert!(
        page.body.contains("\u{2003}<a href=\"/apps/dinh/units/2\">Sở Kế hoạch và Đầu tư"),
        "below the province: {}",
        page.body
    );
    assert!(page.body.contains("href=\"/apps/dinh/units/new\""));
    let json = quan.get_json("/apps/dinh/units").await.json();
    assert_eq!(column(&json, "units", "code"), ["tinh", "skhdt"]);
    let json = offices.house.browser("so").await.get_json("/apps/dinh/units").await.json();
    assert_eq!(column(&json, "units", "code"), ["skhdt"]);
    assert_eq!(column(&json, "units", "name"), ["Sở Kế hoạch và Đầu tư"], "nothing is above it here");
}

#[tokio::test]
async fn a_unit_is_made_renamed_moved_and_ended() {
    let offices = Offices::new();
    let mut quan = offices.house.browser("quan").await;
    let new =
        [("code", "snv"), ("name", "Sở Nội vụ"), ("kind", "so"), ("parent", "1"), ("from", "01/07/2026")];
    let done = send(&mut quan, "/apps/dinh/units/new", "create", &new).await;
    assert_eq!((done.status, done.location()), (303, "/apps/dinh/units/3"), "{}", done.body);
    let page = quan.get("/apps/dinh/units/3").await;
    assert!(page.body.contains("Đã tạo đơn vị") && page.body.contains("Sở Nội vụ"), "{}", page.body);

    for (form, inputs) in
        [("rename", ("name", "Sở Nội vụ tỉnh")), ("move", ("parent", "2")), ("end", ("until", "01/01/2030"))]
    {
        let done = send(&mut quan, "/apps/dinh/units/3", form, &[inputs]).await;
        expect(&done, StatusCode::SEE_OTHER);
    }
    let unit = offices.house.perform(|call| accounts::get_unit(call, dinh_model::UnitId(3)));
    assert_eq!((unit.name.as_str(), unit.parent), ("Sở Nội vụ tỉnh", Some(offices.planning)));
    assert_eq!(unit.valid_until, Some(jiff::civil::date(2030, 1, 1)));
}

#[tokio::test]
async fn a_mistake_is_named_beside_its_field_and_nothing_is_made() {
    let offices = Offices::new();
    let mut quan = offices.house.browser("quan").await;
    let taken =
        [("code", "skhdt"), ("name", "Sở khác"), ("kind", "so"), ("parent", "1"), ("from", "01/07/2026")];
    let refused = send(&mut quan, "/apps/dinh/units/new", "create", &taken).await;
    expect(&refused, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("href=\"#create-f.code\""), "{}", refused.body);
    assert!(refused.body.contains("value=\"Sở khác\""), "what was typed is still there");
    let itself = send(&mut quan, "/apps/dinh/units/1", "move", &[("parent", "2")]).await;
    expect(&itself, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(itself.body.contains("Không thể chuyển một đơn vị vào chính nó"), "{}", itself.body);
}

#[tokio::test]
async fn a_form_is_there_only_for_whoever_may_send_it_and_is_refused_from_others() {
    let offices = Offices::new();
    let mut so = offices.house.browser("so").await;
    expect(&so.get("/apps/dinh/units/2").await, StatusCode::OK);
    let above = so.get("/apps/dinh/units/1").await;
    expect(&above, StatusCode::FORBIDDEN);
    let new = [("code", "x"), ("name", "X"), ("kind", "so"), ("parent", "1"), ("from", "01/07/2026")];
    let refused = send(&mut so, "/apps/dinh/units/new", "create", &new).await;
    expect(&refused, StatusCode::FORBIDDEN);
    assert!(refused.body.contains("Tỉnh Lâm Đồng"), "it says where: {}", refused.body);
}

#[tokio::test]
async fn a_name_that_somebody_else_changed_meanwhile_is_shown_beside_mine() {
    let offices = Offices::new();
    let mut quan = offices.house.browser("quan").await;
    let page = quan.get("/apps/dinh/units/2").await;
    let mine = filled(&page, "rename", &[("name", "Tên của tôi")]);
    let mut program = offices.house.program("quan").await;
    let theirs = json!({"form": "rename", "inputs": {"name": "Tên của người khác"}});
    expect(&program.post_json("/apps/dinh/units/2", &theirs).await, StatusCode::SEE_OTHER);
    let fields: Vec<_> = mine.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let stale = quan.post("/apps/dinh/units/2", &fields).await;
    expect(&stale, StatusCode::CONFLICT);
    for text in ["Người khác vừa sửa", "value=\"Tên của tôi\"", "Tên của người khác"] {
        assert!(stale.body.contains(text), "{text}: {}", stale.body);
    }
}

#[tokio::test]
async fn the_tree_is_exported_without_what_only_eyes_need() {
    let offices = Offices::new();
    let file = offices.house.browser("quan").await.get("/apps/dinh/units?export=units").await;
    expect(&file, StatusCode::OK);
    assert_eq!(file.header("content-disposition"), "attachment; filename=\"dinh-units.csv\"");
    let lines: Vec<_> = file.body.trim_start_matches('\u{feff}').lines().collect();
    assert!(lines[2].starts_with("Sở Kế hoạch và Đầu tư,skhdt,so,Tỉnh Lâm Đồng,2000-01-01,"), "{lines:?}");
}

#[tokio::test]
async fn a_new_unit_looks_as_it_does() {
    let offices = Offices::new();
    let page = offices.house.browser("quan").await.get("/apps/dinh/units/2").await;
    let content = page.body.split("<main").nth(1).unwrap().split("</main>").next().unwrap();
    insta::assert_snapshot!("unit", super::readable(content));
}
