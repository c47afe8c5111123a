//! Who comes in, and what is refused at the door.

use axum::http::StatusCode;

use super::Offices;
use crate::house::expect;

#[tokio::test]
async fn the_administration_is_a_tile_for_whom_a_page_of_it_opens_and_for_nobody_else() {
    let offices = Offices::new();
    let home = offices.house.browser("quan").await.get("/").await.body;
    for text in
        ["Quản trị", "href=\"/apps/dinh\"", "href=\"/apps/dinh/people\"", "href=\"/apps/dinh/evidence\""]
    {
        assert!(home.contains(text), "{text}: {home}");
    }
    let home = offices.house.browser("lan").await.get("/").await.body;
    assert!(!home.contains("Quản trị") && !home.contains("href=\"/apps/dinh\""), "{home}");
}

#[tokio::test]
async fn who_administers_nothing_is_told_so_and_the_refusal_is_evidence() {
    let offices = Offices::new();
    let mut lan = offices.house.browser("lan").await;
    for path in
        ["", "/units", "/people", "/people/1", "/grants", "/roles", "/who-can", "/why-not", "/evidence"]
    {
        let refused = lan.get(&format!("/apps/dinh{path}")).await;
        expect(&refused, StatusCode::FORBIDDEN);
        assert!(refused.body.contains("Bạn chưa có vai trò nào có quyền"), "{path}: {}", refused.body);
        assert_eq!(lan.get_json(&format!("/apps/dinh{path}")).await.json()["type"], "/problems/denied");
    }
    let refused = offices.house.perform(|call| dinh_services::accounts::evidence(call, None, 1));
    assert_eq!(refused[0].entry.action, "access.refused");
    assert_eq!(refused[0].entry.plugin.as_ref().unwrap().as_str(), "dinh");
    assert_eq!(refused[0].entry.detail["permission"], "dinh.audit.read");
}

#[tokio::test]
async fn strangers_are_asked_to_sign_in_and_unknown_pages_are_not_there() {
    let offices = Offices::new();
    let sent = offices.house.stranger().get("/apps/dinh/people").await;
    assert!(sent.location().starts_with("/sign-in"), "{sent:?}");
    let mut quan = offices.house.browser("quan").await;
    for path in ["/nothing", "/units/999", "/units/x", "/people/999", "/positions/1", "/roles/no.role"] {
        assert_eq!(quan.get(&format!("/apps/dinh{path}")).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn the_overview_counts_what_the_reader_administers() {
    let offices = Offices::new();
    let figures = |page: serde_json::Value| {
        let metrics = page["sections"][0]["blocks"][0]["metrics"].as_array().unwrap().clone();
        let values: Vec<_> = metrics.iter().map(|metric| metric["value"].as_i64().unwrap()).collect();
        values
    };
    let whole = offices.house.browser("quan").await.get_json("/apps/dinh").await.json();
    // Units; active and suspended accounts; grants that end soon.
    assert_eq!(figures(whole), [2, 5, 0, 0]);
    let part = offices.house.browser("so").await.get_json("/apps/dinh").await.json();
    assert_eq!(figures(part), [1, 4, 0, 0]);
}

#[tokio::test]
async fn the_overview_says_what_keeps_the_keys_to_whoever_answers_for_the_house() {
    let offices = Offices::new();
    let whole = offices.house.browser("quan").await.get("/apps/dinh").await;
    assert!(whole.body.contains("không phải sản phẩm mật mã"), "{}", whole.body);
    let part = offices.house.browser("so").await.get("/apps/dinh").await;
    assert!(!part.body.contains("sản phẩm mật mã"), "{}", part.body);
}

#[tokio::test]
async fn every_page_speaks_english_too() {
    let offices = Offices::new();
    let mut quan = offices.house.browser("quan").await;
    quan.get("/language?to=en&back=/").await;
    for (path, said) in [
        ("", "Frequent tasks"),
        ("/units", "Unit above"),
        ("/units/new", "Full name"),
        ("/units/2", "Grants in force here"),
        ("/people", "Name or login"),
        ("/people/new", "Temporary password"),
        ("/people/1", "Rights in force, and where each comes from"),
        ("/grants", "Person or position"),
        ("/grants/new", "Scope: unit and all below"),
        ("/roles", "Each is a named set of permissions."),
        ("/roles/gallery.writer", "Who has it"),
        ("/who-can", "Choose a permission and a unit"),
        ("/why-not", "Choose a person, a permission and a unit"),
        ("/evidence", "Newest first."),
        ("/catalogs", "Code lists that all applications share"),
        ("/catalogs/provinces", "Translate a code"),
        ("/catalogs/provinces/entry?code=60", "Became"),
        ("/catalogs/provinces/propose", "Send the proposal"),
        ("/catalogs/provinces/import", "Propose from a file"),
    ] {
        let page = quan.get(&format!("/apps/dinh{path}")).await;
        expect(&page, StatusCode::OK);
        assert!(page.body.contains(said), "{path}: {}", page.body);
        for vietnamese in ["Quản trị", "Đơn vị", "Tài khoản", "Phân quyền", "Vai trò", "Nhật ký"]
        {
            assert!(!page.body.contains(vietnamese), "{path} says {vietnamese}: {}", page.body);
        }
    }
}
