//! People: found among many, made, changed, suspended, given a password.

use axum::http::StatusCode;
use dinh_model::Label;
use dinh_services::accounts::{self, AccountState, NewAccount};
use serde_json::json;

use super::{Offices, column, send};
use crate::house::{House, expect};

#[tokio::test]
async fn people_are_found_without_case_and_diacritics_by_unit_and_by_state() {
    let offices = Offices::new();
    let mut quan = offices.house.browser("quan").await;
    let names = async |visitor: &mut crate::house::Visitor, query: &str| {
        let page = visitor.get_json(&format!("/apps/dinh/people{query}")).await;
        expect(&page, StatusCode::OK);
        column(&page.json(), "people", "login")
    };
    assert_eq!(
        names(&mut quan, "").await,
        ["so", "quan", "moi", "lan", "hoa"],
        "by the alphabet of their names"
    );
    assert_eq!(names(&mut quan, "?name=tran+hoa").await, ["hoa"]);
    assert_eq!(names(&mut quan, "?name=le&unit=2").await, ["moi"]);
    assert_eq!(names(&mut quan, "?state=closed").await, Vec::<String>::new());
    assert_eq!(quan.get("/apps/dinh/people?state=asleep").await.status, 400, "never a list wider than asked");
    let mut so = offices.house.browser("so").await;
    assert_eq!(names(&mut so, "").await, ["so", "moi", "lan", "hoa"], "of their own units only");
}

#[tokio::test]
async fn a_long_roll_is_paged_through_without_losing_anybody_and_exported_whole() {
    let offices = Offices::new();
    many(&offices.house, offices.planning, 120);
    let mut quan = offices.house.program("quan").await;
    let mut found = Vec::new();
    let mut path = "/apps/dinh/people?name=nguyen+van".to_owned();
    loop {
        let page = quan.get_json(&path).await.json();
        let part = column(&page, "people", "login");
        assert!(part.len() <= 50);
        found.extend(part);
        let table = page["sections"][0]["blocks"].as_array().unwrap().last().unwrap().clone();
        match table["paging"]["next"].as_str() {
            Some(next) => path = next.to_owned(),
            None => break,
        }
    }
    let logins: Vec<_> = (0..120).map(|number| format!("nv{number:03}")).collect();
    assert_eq!(found, logins);
    let file = quan.get("/apps/dinh/people?name=nguyen+van&export=people").await;
    assert_eq!(file.body.lines().count(), 121, "a head and everybody");
}

fn many(house: &House, unit: dinh_model::UnitId, count: usize) {
    house.perform(|call| {
        for number in 0..count {
            let new = NewAccount {
                login: format!("nv{number:03}"),
                full_name: format!("Nguyễn Văn {number:03}"),
                unit,
                clearance: Label::Ordinary,
                password: None,
                must_change: false,
            };
            accounts::create_account(call, new)?;
        }
        Ok(())
    });
}

#[tokio::test]
async fn an_account_is_made_and_once_approved_its_owner_must_change_the_password() {
    let offices = Offices::new();
    let mut quan = offices.house.browser("quan").await;
    let new = [
        ("name", "Vũ Thị Tư"),
        ("login", "vuthitu"),
        ("unit", "2"),
        ("clearance", "ordinary"),
        ("password", "một câu tạm thời"),
    ];
    let done = send(&mut quan, "/apps/dinh/people/new", "create", &new).await;
    assert_eq!((done.status, done.location()), (303, "/apps/dinh/people/6"), "{}", done.body);
    let account = offices.account("vuthitu");
    assert!(account.must_change_password && account.unit == offices.planning);
    assert_eq!(account.state, AccountState::Requested);
    offices.director();
    offices.approve(1).await;
    assert_eq!(offices.account("vuthitu").state, AccountState::Active);
    let weak = [("password", "abc")];
    let refused = send(&mut quan, "/apps/dinh/people/6", "password", &weak).await;
    expect(&refused, StatusCode::UNPROCESSABLE_ENTITY);
    let taken = send(&mut quan, "/apps/dinh/people/new", "create", &new).await;
    assert!(taken.body.contains("href=\"#create-f.login\""), "{}", taken.body);
}

#[tokio::test]
async fn a_person_is_changed_suspended_activated_and_closed_each_with_evidence() {
    let offices = Offices::new();
    let mut quan = offices.house.browser("quan").await;
    let mut lan = offices.house.browser("lan").await;
    let id = offices.account("lan").id;
    let path = format!("/apps/dinh/people/{id}");
    let change = [("name", "Nguyễn Thị Lan Anh"), ("unit", "1"), ("clearance", "ordinary")];
    expect(&send(&mut quan, &path, "change", &change).await, StatusCode::SEE_OTHER);
    let without = send(&mut quan, &path, "suspend", &[("reason", "")]).await;
    expect(&without, StatusCode::UNPROCESSABLE_ENTITY);
    expect(&send(&mut quan, &path, "suspend", &[("reason", "Nghỉ dài ngày")]).await, StatusCode::SEE_OTHER);
    assert_eq!(offices.account("lan").state, AccountState::Suspended);
    assert!(lan.get("/apps/gallery").await.location().starts_with("/sign-in"), "the session is over");

    let mut program = offices.house.program("quan").await;
    expect(&program.post_json(&path, &json!({"form": "activate"})).await, StatusCode::SEE_OTHER);
    let shown = quan.get(&path).await.body;
    for ends in ["Phân quyền bị thu hồi", "Người ghi – Tỉnh Lâm Đồng", "không hoàn tác được"]
    {
        assert!(shown.contains(ends), "{ends}: {shown}");
    }
    let unseen = send(&mut quan, &path, "close", &[("reason", "Nghỉ hưu")]).await;
    expect(&unseen, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(offices.account("lan").state, AccountState::Active);
    let seen = [("reason", "Nghỉ hưu"), ("seen", "true")];
    expect(&send(&mut quan, &path, "close", &seen).await, StatusCode::SEE_OTHER);
    let account = offices.account("lan");
    assert_eq!((account.full_name.as_str(), account.state), ("Nguyễn Thị Lan Anh", AccountState::Closed));
    let page = quan.get_json(&path).await.json();
    let deeds = column(&page, "history", "action");
    for action in ["account.closed", "account.activated", "account.suspended", "account.updated"] {
        assert!(deeds.contains(&action.to_owned()), "{action}: {deeds:?}");
    }
    assert!(!quan.get(&path).await.body.contains("id=\"close\""), "what is closed has no forms");
}

#[tokio::test]
async fn a_double_click_does_the_deed_once() {
    let offices = Offices::new();
    let mut quan = offices.house.browser("quan").await;
    let page = quan.get("/apps/dinh/people/new").await;
    let new = [
        ("name", "Vũ Thị Tư"),
        ("login", "vuthitu"),
        ("unit", "2"),
        ("clearance", "ordinary"),
        ("password", ""),
    ];
    let fields = super::filled(&page, "create", &new);
    let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let first = quan.post("/apps/dinh/people/new", &fields).await;
    let second = quan.post("/apps/dinh/people/new", &fields).await;
    assert_eq!((first.status, first.location()), (second.status, second.location()), "{}", second.body);
}

#[tokio::test]
async fn the_page_of_a_person_says_where_each_right_comes_from() {
    let offices = Offices::new();
    let so = offices.so;
    let page = offices.house.browser("quan").await.get_json(&format!("/apps/dinh/people/{so}")).await.json();
    assert_eq!(column(&page, "grants", "role"), ["Quản trị hệ thống"]);
    assert_eq!(column(&page, "grants", "source"), ["cấp trực tiếp"]);
    assert!(page.to_string().contains("Người vận hành hệ thống"), "by whom: {page}");
}

#[tokio::test]
async fn whoever_manages_another_unit_neither_sees_nor_changes_a_person() {
    let offices = Offices::new();
    let quan = offices.quan;
    let mut so = offices.house.browser("so").await;
    expect(&so.get(&format!("/apps/dinh/people/{quan}")).await, StatusCode::FORBIDDEN);
    let mut program = offices.house.program("so").await;
    let suspend = json!({"form": "suspend", "inputs": {"reason": "x"}});
    assert_eq!(program.post_json(&format!("/apps/dinh/people/{quan}"), &suspend).await.status, 403);
    assert_eq!(offices.account("quan").state, AccountState::Active);
}

#[tokio::test]
async fn a_lost_password_is_released_in_person_and_shown_once() {
    let offices = Offices::new();
    let mut quan = offices.house.browser("quan").await;
    let mut lan = offices.house.browser("lan").await;
    let id = offices.account("lan").id;
    let (person, path) = (format!("/apps/dinh/people/{id}"), format!("/apps/dinh/people/{id}/release"));
    assert!(quan.get(&person).await.body.contains(&format!("href=\"{path}\"")));
    let page = quan.get(&path).await;
    let csrf = page.hidden(&format!("action=\"{path}\""), "csrf");
    expect(&quan.post(&path, &[("csrf", &csrf)]).await, StatusCode::UNPROCESSABLE_ENTITY);
    expect(&quan.post(&path, &[("identity", "vneid")]).await, StatusCode::FORBIDDEN);
    let done = quan.post(&path, &[("csrf", &csrf), ("identity", "vneid")]).await;
    expect(&done, StatusCode::OK);
    assert!(done.body.contains("có hiệu lực đến"), "{}", done.body);
    let temporary = done.body.split("class=\"secret\">").nth(1).unwrap().split('<').next().unwrap();
    assert!(
        !quan.get(&path).await.body.contains(temporary) && !quan.get(&person).await.body.contains(temporary)
    );
    assert!(lan.get("/").await.location().starts_with("/sign-in"), "their sessions are over");
    let signed_in = lan.post("/sign-in", &[("account", "lan"), ("password", temporary)]).await;
    assert_eq!(signed_in.status, 303, "{}", signed_in.body);
    assert_eq!(lan.get("/").await.location(), "/account/password");
    let mut so = offices.house.program("so").await;
    let quans = format!("/apps/dinh/people/{}/release", offices.quan);
    let refused = so.post_json(&quans, &json!({ "identity": "vneid" })).await;
    expect(&refused, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn sessions_are_ended_and_access_tokens_revoked_on_the_page_of_a_person() {
    let offices = Offices::new();
    let mut lan = offices.house.browser("lan").await;
    let mut other = offices.house.program("lan").await;
    let make = json!({
        "action": "make", "name": "Báo cáo", "scope": ["gallery"], "expires": "2026-09-01",
        "password": crate::house::PASSWORD,
    });
    let made = other.post_json("/account/tokens", &make).await;
    let mut token = offices.house.stranger();
    token.token = made.json()["token"].as_str().map(str::to_owned);
    expect(&token.get_json("/apps/gallery/notes").await, StatusCode::OK);

    let mut quan = offices.house.program("quan").await;
    let path = format!("/apps/dinh/people/{}", offices.account("lan").id);
    let page = quan.get_json(&path).await.json();
    assert_eq!(column(&page, "tokens", "name"), ["Báo cáo"]);
    assert_eq!(column(&page, "sessions", "kind").len(), 2);
    let listed = lan.get_json("/account/sessions").await.json();
    let mine = listed["sessions"].as_array().unwrap().iter().find(|one| one["current"] == true).unwrap();
    let one = json!({ "form": "end-sessions", "selected": [mine["id"]] });
    expect(&quan.post_json(&path, &one).await, StatusCode::SEE_OTHER);
    assert!(lan.get("/").await.location().starts_with("/sign-in"));
    expect(&other.get_json("/").await, StatusCode::OK);
    expect(&quan.post_json(&path, &json!({ "form": "end-all-sessions" })).await, StatusCode::SEE_OTHER);
    expect(&other.get_json("/").await, StatusCode::UNAUTHORIZED);
    expect(&token.get_json("/apps/gallery/notes").await, StatusCode::OK);
    let id = quan.get_json(&path).await.json();
    let sections = id["sections"].as_array().unwrap().iter();
    let mut blocks = sections.flat_map(|section| section["blocks"].as_array().unwrap());
    let id = blocks.find(|block| block["id"] == "tokens").unwrap()["rows"][0]["key"].clone();
    let revoke = json!({ "form": "revoke-tokens", "selected": [id] });
    expect(&quan.post_json(&path, &revoke).await, StatusCode::SEE_OTHER);
    expect(&token.get_json("/apps/gallery/notes").await, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn whoever_looks_at_a_person_is_seen_by_that_person_with_both_names() {
    let offices = Offices::new();
    let hoa = offices.account("hoa").id;
    let mut quan = offices.house.browser("quan").await;
    expect(&quan.get(&format!("/apps/dinh/people/{hoa}")).await, StatusCode::OK);
    // Another looks on her behalf: what an entry says of that is shown as it is.
    let store = offices.house.platform.store();
    let looked = store.snapshot().unwrap().evidence(0, 10_000).unwrap().pop().unwrap().entry;
    assert_eq!(
        (looked.action.as_str(), looked.subject.clone()),
        ("account.viewed", format!("account:{hoa}"))
    );
    let lan = offices.account("lan").id;
    let actor = dinh_model::Actor::Person { account: lan, on_behalf_of: Some(offices.quan) };
    store.witness(vec![dinh_store::Entry { actor, ..looked }]).unwrap();

    let mut hoa = offices.house.browser("hoa").await;
    let seen = hoa.get("/account/history").await.body;
    for said in ["Xem tài khoản", "<td>Lê Minh Quân</td>", "Nguyễn Thị Lan (thay Lê Minh Quân)"] {
        assert!(seen.contains(said), "{said}: {seen}");
    }
    // To look at oneself is nobody's news.
    expect(&quan.get(&format!("/apps/dinh/people/{}", offices.quan)).await, StatusCode::OK);
    let last = store.snapshot().unwrap().evidence(0, 10_000).unwrap().pop().unwrap().entry;
    assert_ne!((last.action.as_str(), last.subject), ("account.viewed", format!("account:{}", offices.quan)));
}
