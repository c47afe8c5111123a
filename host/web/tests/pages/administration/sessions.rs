//! Where people are signed in, for whoever manages their accounts.

use axum::http::StatusCode;
use serde_json::json;

use super::{Offices, column};
use crate::house::expect;

const PAGE: &str = "/apps/dinh/sessions";

#[tokio::test]
async fn an_administrator_sees_the_sessions_of_their_units_and_ends_those_selected() {
    let offices = Offices::new();
    let mut quan = offices.house.program("quan").await;
    let mut lan = offices.house.browser("lan").await;
    let mut hoa = offices.house.program("hoa").await;
    let mut so = offices.house.program("so").await;
    let listed = so.get_json(PAGE).await.json();
    assert_eq!(column(&listed, "sessions", "person"), ["Nguyễn Thị Lan", "Trần Thị Hoa", "Đặng Thị Sổ"]);
    assert_eq!(column(&quan.get_json(PAGE).await.json(), "sessions", "person").len(), 4);
    let of_hoa = quan.get_json(&format!("{PAGE}?person={}", offices.account("hoa").id)).await.json();
    assert_eq!(column(&of_hoa, "sessions", "person"), ["Trần Thị Hoa"]);

    let rows = listed["sections"][0]["blocks"].as_array().unwrap().last().unwrap()["rows"].clone();
    let end = json!({ "form": "end-sessions", "selected": [rows[0]["key"]] });
    expect(&so.post_json(PAGE, &end).await, StatusCode::SEE_OTHER);
    assert!(lan.get("/").await.location().starts_with("/sign-in"));
    expect(&hoa.get_json("/").await, StatusCode::OK);
    let none = json!({ "form": "end-sessions", "selected": [] });
    expect(&so.post_json(PAGE, &none).await, StatusCode::UNPROCESSABLE_ENTITY);
    expect(&hoa.get_json(PAGE).await, StatusCode::FORBIDDEN);
    // A session that is not on their page.
    let all = quan.get_json(PAGE).await.json();
    let rows = all["sections"][0]["blocks"].as_array().unwrap().last().unwrap()["rows"].clone();
    let quans =
        rows.as_array().unwrap().iter().find(|row| row["cells"]["person"]["name"] == "Lê Minh Quân").unwrap();
    let beyond = json!({ "form": "end-sessions", "selected": [quans["key"]] });
    assert!(so.post_json(PAGE, &beyond).await.status >= 400);
    expect(&quan.get_json("/").await, StatusCode::OK);
}

#[tokio::test]
async fn the_sessions_of_a_house_are_paged_through_without_losing_one() {
    let offices = Offices::new();
    for _ in 0..20 {
        for login in ["lan", "hoa", "so"] {
            offices.house.program(login).await;
        }
    }
    let mut quan = offices.house.browser("quan").await;
    let first = quan.get_json(PAGE).await.json();
    assert_eq!(column(&first, "sessions", "person").len(), 50);
    let table = first["sections"][0]["blocks"].as_array().unwrap().last().unwrap();
    let next = table["paging"]["next"].as_str().unwrap().to_owned();
    assert_eq!(column(&quan.get_json(&next).await.json(), "sessions", "person").len(), 11);
}
