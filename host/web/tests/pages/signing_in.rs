//! Signing in and out, the first password, sessions that end.

use axum::http::StatusCode;
use serde_json::json;

use crate::house::{House, PASSWORD, expect};

#[tokio::test]
async fn a_person_signs_in_goes_where_they_wanted_and_signs_out() {
    let house = House::new();
    let mut lan = house.stranger();
    let asked = lan.get("/apps/gallery/notes?x=1").await;
    assert_eq!(asked.location(), "/sign-in?next=%2Fapps%2Fgallery%2Fnotes%3Fx%3D1&why=needed");
    let page = lan.get(asked.location()).await;
    assert_eq!(page.hidden("<form", "next"), "/apps/gallery/notes?x=1");
    let fields = [("account", "lan"), ("password", PASSWORD), ("next", "/apps/gallery/notes?x=1")];
    let answer = lan.post("/sign-in", &fields).await;
    assert_eq!(answer.location(), "/apps/gallery/notes?x=1");
    assert!(answer.header("set-cookie").contains("HttpOnly; SameSite=Lax"), "{:?}", answer.headers);
    let home = lan.get("/").await;
    assert!(home.body.contains("Phòng trưng bày") && home.body.contains("Nguyễn Thị Lan"));

    let token = home.hidden("action=\"/sign-out\"", "csrf");
    assert_eq!(lan.post("/sign-out", &[("csrf", "forged")]).await.status, 403);
    assert_eq!(lan.post("/sign-out", &[("csrf", &token)]).await.location(), "/sign-in?why=out");
    assert_eq!(lan.get("/").await.status, 303);
}

#[tokio::test]
async fn nothing_tells_which_names_exist() {
    let house = House::new();
    let mut stranger = house.stranger();
    let wrong = stranger.post("/sign-in", &[("account", "lan"), ("password", "sai hoàn toàn")]).await;
    let unknown = stranger.post("/sign-in", &[("account", "khong-co"), ("password", "sai hoàn toàn")]).await;
    expect(&wrong, StatusCode::UNAUTHORIZED);
    assert_eq!(wrong.body.replace("value=\"lan\"", ""), unknown.body.replace("value=\"khong-co\"", ""));
    assert!(stranger.cookies.is_empty());
    assert!(!wrong.body.contains("sai hoàn toàn"), "a password is never sent back");
}

#[tokio::test]
async fn a_name_is_locked_after_too_many_attempts_whether_or_not_it_exists() {
    let house = House::new();
    for login in ["lan", "khong-co"] {
        let mut stranger = house.stranger();
        let mut last = 0;
        for _ in 0..12 {
            last =
                stranger.post("/sign-in", &[("account", login), ("password", "sai hoàn toàn")]).await.status;
        }
        assert_eq!(last, 429, "{login}");
    }
}

#[tokio::test]
async fn another_site_cannot_sign_anybody_in() {
    let house = House::new();
    let mut victim = house.stranger();
    victim.headers.push(("sec-fetch-site", "cross-site".to_owned()));
    let answer = victim.post("/sign-in", &[("account", "lan"), ("password", PASSWORD)]).await;
    expect(&answer, StatusCode::FORBIDDEN);
    assert!(victim.cookies.is_empty());
}

#[tokio::test]
async fn sign_in_leads_to_no_other_site() {
    let house = House::new();
    for next in ["https://evil.example", "//evil.example", "/\\evil.example"] {
        let mut lan = house.stranger();
        let answer =
            lan.post("/sign-in", &[("account", "lan"), ("password", PASSWORD), ("next", next)]).await;
        assert_eq!(answer.location(), "/", "{next}");
    }
}

#[tokio::test]
async fn a_token_for_programs_is_no_cookie_and_the_other_way_round() {
    let house = House::new();
    let mut lan = house.browser("lan").await;
    let cookie = lan.cookies.iter().find(|(name, _)| name == "dinh").unwrap().1.clone();
    let mut program = house.program("lan").await;
    expect(&program.get_json("/").await, StatusCode::OK);
    let token = program.token.clone().unwrap();

    program.token = Some(cookie);
    let refused = program.get_json("/").await;
    expect(&refused, StatusCode::UNAUTHORIZED);
    assert_eq!(refused.json()["type"], "/problems/sign-in-required");
    assert_eq!(refused.header("www-authenticate"), "Bearer");
    lan.cookies = vec![("dinh".to_owned(), token)];
    assert_eq!(lan.get("/").await.status, 303);
}

#[tokio::test]
async fn the_door_for_programs_names_what_is_wrong_and_repeats_nothing() {
    let house = House::new();
    let mut program = house.stranger();
    let refused = program.post_json("/api/v1/session", &json!({"account": "lan", "password": "sai"})).await;
    assert_eq!(refused.json()["type"], "/problems/sign-in-refused");
    assert_eq!(refused.header("content-type"), "application/problem+json");
    for body in
        [json!({"account": "lan"}), json!({"account": "lan", "password": "secret-word", "x": 1}), json!([])]
    {
        let answer = program.post_json("/api/v1/session", &body).await;
        expect(&answer, StatusCode::BAD_REQUEST);
        assert!(!answer.body.contains("secret-word"));
    }
    assert_eq!(program.post("/api/v1/session", &[("account", "lan")]).await.status, 415);
}

#[tokio::test]
async fn whoever_got_a_password_from_somebody_changes_it_first() {
    let house = House::new();
    let mut moi = house.browser("moi").await;
    assert_eq!(moi.get("/").await.location(), "/account/password");
    assert_eq!(moi.get("/apps/gallery").await.location(), "/account/password");
    let page = moi.get("/account/password").await;
    assert!(page.body.contains("do người khác đặt"));
    let token = page.hidden("action=\"/account/password\"", "csrf");
    let fields = |current, new, again| {
        [("csrf", token.as_str()), ("current", current), ("new", new), ("again", again)]
    };
    for (fields, told) in [
        (fields("", "", ""), "Hãy nhập mật khẩu hiện tại"),
        (fields(PASSWORD, "ngắn", "ngắn"), "ít nhất 10 ký tự"),
        (fields(PASSWORD, "một câu khác dài", "một câu khác"), "không giống nhau"),
        (fields(PASSWORD, PASSWORD, PASSWORD), "phải khác"),
        (fields("sai hoàn toàn", "một câu khác dài", "một câu khác dài"), "href=\"#current\""),
    ] {
        let answer = moi.post("/account/password", &fields).await;
        expect(&answer, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.body.contains(told), "{told}: {}", answer.body);
        assert!(!answer.body.contains("một câu khác"), "a password is never sent back");
    }
    let done = moi.post("/account/password", &fields(PASSWORD, "một câu khác dài", "một câu khác dài")).await;
    assert_eq!(done.location(), "/");
    let home = moi.get("/").await;
    assert!(home.body.contains("Đã đổi mật khẩu"), "{}", home.body);
    assert!(!moi.get("/").await.body.contains("Đã đổi mật khẩu"), "it is said once");
    assert!(home.body.contains("chưa được cấp quyền"), "nothing to enter yet");
}

#[tokio::test]
async fn the_first_page_says_which_password_is_meant_and_until_when_it_is_accepted() {
    let house = House::new();
    let page = house.browser("moi").await.get("/account/password").await.body;
    assert!(page.contains("Mật khẩu tạm vừa dùng") && page.contains("15/07/2026"), "{page}");
    let page = house.browser("lan").await.get("/account/password").await.body;
    assert!(page.contains("Mật khẩu hiện tại") && !page.contains("Mật khẩu tạm"), "{page}");
}

#[tokio::test]
async fn whoever_has_a_password_of_another_and_a_role_that_needs_a_factor_does_the_one_then_the_other() {
    let forced = dinh_services::Options {
        second_factor_roles: vec!["gallery.writer".parse().unwrap()],
        ..dinh_services::Options::default()
    };
    let house = House::with_both(dinh_web::Options::default(), forced);
    let moi = house.perform(|call| Ok(dinh_services::accounts::find_account(call, "moi")?.unwrap().id));
    house.give(moi, "gallery.writer", house.province);
    let mut moi = house.browser("moi").await;
    assert_eq!(moi.get("/").await.location(), "/account/password");
    let page = moi.get("/account/password").await;
    expect(&page, StatusCode::OK);
    assert_eq!(moi.get("/account/second-factor").await.location(), "/account/password");
    let mut program = house.program("moi").await;
    assert_eq!(program.get_json("/").await.json()["type"], "/problems/password-change-required");
    let token = page.hidden("action=\"/account/password\"", "csrf");
    let new = "một câu khác dài";
    let fields = [("csrf", token.as_str()), ("current", PASSWORD), ("new", new), ("again", new)];
    let done = moi.post("/account/password", &fields).await;
    assert_eq!((done.status, done.location()), (303, "/"), "{}", done.body);
    assert_eq!(moi.get("/").await.location(), "/account/second-factor");
    expect(&moi.get("/account/second-factor").await, StatusCode::OK);
}

#[tokio::test]
async fn a_session_ends_after_half_an_hour_without_a_request() {
    let house = House::new();
    let mut lan = house.browser("lan").await;
    house.clock.advance(29);
    expect(&lan.get("/").await, StatusCode::OK);
    house.clock.advance(31);
    assert_eq!(lan.get("/apps/gallery").await.location(), "/sign-in?next=%2Fapps%2Fgallery&why=ended");
    assert_eq!(lan.get_json("/apps/gallery").await.status, 401);
}

#[tokio::test]
async fn own_account_shows_who_one_is_and_what_one_may() {
    let house = House::new();
    let mut lan = house.browser("lan").await;
    let page = lan.get("/account").await;
    for text in ["Nguyễn Thị Lan", "Sở Kế hoạch và Đầu tư", "Người ghi", "Tỉnh Lâm Đồng", "Không thời hạn"]
    {
        assert!(page.body.contains(text), "{text}: {}", page.body);
    }
    let json = lan.get_json("/account").await.json();
    assert_eq!(json["rights"][0]["role"], "gallery.writer");
}
