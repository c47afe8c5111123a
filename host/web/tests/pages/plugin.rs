//! Pages of plugins: entered, refused, drawn, searched.

use axum::http::StatusCode;
use dinh_access::PublicGrant;
use dinh_services::accounts;

use crate::house::{House, expect};

#[tokio::test]
async fn who_may_not_enter_sees_a_locked_card_and_is_told_why() {
    let house = House::new();
    let mut hoa = house.browser("hoa").await;
    let home = hoa.get("/").await.body;
    for text in [
        "class=\"app locked\"",
        "Phòng trưng bày",
        "Chưa được cấp quyền",
        "href=\"/apps/gallery\"",
        "Xem lý do",
    ] {
        assert!(home.contains(text), "{text}: {home}");
    }
    assert!(!home.contains("<h2><a"), "nothing there leads in");
    let json = hoa.get_json("/").await.json();
    assert_eq!(
        (json["plugins"].as_array().unwrap().len(), json["locked"][0]["why"].as_str()),
        (0, Some("/apps/gallery"))
    );
    assert!(!house.browser("lan").await.get("/").await.body.contains("locked"));
    let page = hoa.get("/apps/gallery").await;
    expect(&page, StatusCode::FORBIDDEN);
    assert!(page.body.contains("Bạn không có quyền"), "{}", page.body);
    assert!(page.body.contains("Mở trang"), "the permission by its title: {}", page.body);
    let json = hoa.get_json("/apps/gallery").await.json();
    assert_eq!(json["type"], "/problems/denied");
    let mut lan = house.browser("lan").await;
    assert_eq!(lan.get("/apps/gallery/secret").await.status, 403, "a route has a permission of its own");
}

#[tokio::test]
async fn a_right_withdrawn_closes_the_page_at_once() {
    let house = House::new();
    let mut lan = house.browser("lan").await;
    expect(&lan.get("/apps/gallery").await, StatusCode::OK);
    house.perform(|call| {
        let lan = accounts::find_account(call, "lan")?.unwrap();
        let grants = accounts::grants_of(call, lan.id)?;
        grants.iter().try_for_each(|grant| accounts::withdraw(call, grant.id, "test"))
    });
    assert_eq!(lan.get("/apps/gallery").await.status, 403);
}

#[tokio::test]
async fn what_is_public_is_seen_without_signing_in_and_nothing_else() {
    let house = House::new();
    let province = house.province;
    house.perform(|call| {
        let grant = PublicGrant { permission: "gallery.page.open".parse().unwrap(), unit: province };
        accounts::publish(call, &grant)
    });
    let mut stranger = house.stranger();
    let page = stranger.get("/apps/gallery").await;
    expect(&page, StatusCode::OK);
    assert!(page.body.contains("Đăng nhập để gửi"), "forms of the public cannot be sent");
    assert!(stranger.get("/apps/gallery/secret").await.location().starts_with("/sign-in"));
    assert_eq!(stranger.post_json("/apps/gallery", &serde_json::json!({"form": "edit"})).await.status, 401);
}

#[tokio::test]
async fn the_menu_shows_what_may_be_entered_and_where_one_is() {
    let house = House::new();
    let mut lan = house.browser("lan").await;
    let page = lan.get("/apps/gallery/notes").await;
    assert!(
        page.body.contains("<a href=\"/apps/gallery/notes\" aria-current=\"page\">Ghi chép</a>"),
        "{}",
        page.body
    );
    assert!(page.body.contains("<a href=\"/apps/gallery\">Mọi khối</a>"));
}

#[tokio::test]
async fn the_json_twin_is_at_the_same_address() {
    let house = House::new();
    let mut program = house.program("lan").await;
    let page = program.get_json("/apps/gallery?edition=2021").await;
    expect(&page, StatusCode::OK);
    assert_eq!(page.header("content-type"), "application/json");
    let json = page.json();
    assert_eq!((json["plugin"].as_str(), json["path"].as_str()), (Some("gallery"), Some("/")));
    assert!(page.body.contains("\"score\":\"73.02\""));
}

#[tokio::test]
async fn a_picker_shows_candidates_only_for_fields_of_the_page() {
    let house = House::new();
    let mut lan = house.browser("lan").await;
    let found = lan.get_json("/apps/gallery?pick=edit/boss&words=tran+thi").await.json();
    assert_eq!(found["candidates"][0]["text"], "Trần Thị Hoa");
    for field in ["edit/name", "edit/nothing", "nothing/boss", "boss"] {
        assert_eq!(
            lan.get_json(&format!("/apps/gallery?pick={field}&words=tran")).await.status,
            404,
            "{field}"
        );
    }
}
