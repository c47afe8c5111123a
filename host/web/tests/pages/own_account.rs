//! One's own account: sessions, access tokens, the second factor, who was at the record.

use axum::http::StatusCode;
use dinh_model::{AccountId, Language};
use dinh_services::Options as Platform;
use dinh_services::accounts::{self, TotpSecret};
use serde_json::json;

use crate::house::{Answer, House, PASSWORD, Visitor, expect};

pub fn csrf(answer: &Answer, marker: &str) -> String {
    answer.hidden(marker, "csrf")
}

/// A phone enrolled through the page; the recovery codes it showed.
pub async fn enrol(house: &House, visitor: &mut Visitor) -> (TotpSecret, Vec<String>) {
    let page = visitor.get("/account/second-factor").await;
    let form = "action=\"/account/second-factor\"";
    let secret = TotpSecret::from_base32(&page.hidden(form, "secret")).unwrap();
    let (csrf, seal, text) = (csrf(&page, form), page.hidden(form, "seal"), secret.base32());
    let code = secret.code(house.platform.clock().now());
    let fields = [
        ("csrf", csrf.as_str()),
        ("action", "enrol"),
        ("secret", &text),
        ("seal", &seal),
        ("code", &code),
        ("password", PASSWORD),
    ];
    let answer = visitor.post("/account/second-factor", &fields).await;
    expect(&answer, StatusCode::OK);
    let list = answer.body.split("class=\"codes\"").nth(1).unwrap().split("</ul>").next().unwrap();
    let codes = list.split("<code>").skip(1).map(|rest| rest.split('<').next().unwrap().to_owned()).collect();
    (secret, codes)
}

async fn password_step(visitor: &mut Visitor, more: &[(&str, &str)]) -> Answer {
    let fields = [&[("account", "lan"), ("password", PASSWORD)], more].concat();
    visitor.post("/sign-in", &fields).await
}

#[tokio::test]
async fn a_phone_is_enrolled_by_its_first_code_and_asked_for_at_the_next_sign_in() {
    let house = House::new();
    let mut lan = house.browser("lan").await;
    let page = lan.get("/account/second-factor").await;
    assert!(page.body.contains("<svg class=\"qr\"") && page.body.contains("role=\"img\""), "{}", page.body);
    assert!(page.header("content-security-policy").contains("img-src 'self'"));
    let form = "action=\"/account/second-factor\"";
    let forged = TotpSecret::draw().unwrap();
    let (csrf_token, seal) = (csrf(&page, form), page.hidden(form, "seal"));
    let code = forged.code(house.platform.clock().now());
    let text = forged.base32();
    let fields = [
        ("csrf", csrf_token.as_str()),
        ("action", "enrol"),
        ("secret", &text),
        ("seal", &seal),
        ("code", &code),
        ("password", PASSWORD),
    ];
    expect(&lan.post("/account/second-factor", &fields).await, StatusCode::BAD_REQUEST);

    let (secret, codes) = enrol(&house, &mut lan).await;
    assert_eq!(codes.len(), 10);
    expect(&lan.get("/").await, StatusCode::OK);
    assert!(!lan.get("/account/second-factor").await.body.contains(&secret.base32()), "shown no more");

    house.clock.advance(1);
    let mut again = house.stranger();
    let asked = password_step(&mut again, &[("next", "/account")]).await;
    expect(&asked, StatusCode::OK);
    assert!(again.cookies.is_empty(), "there is no session yet");
    assert!(!asked.body.contains(PASSWORD), "a password is never sent back");
    let ticket = asked.hidden("action=\"/sign-in/code\"", "ticket");
    assert_eq!(asked.hidden("action=\"/sign-in/code\"", "next"), "/account");
    let wrong =
        again.post("/sign-in/code", &[("ticket", &ticket), ("code", "000000"), ("next", "/account")]).await;
    expect(&wrong, StatusCode::UNAUTHORIZED);
    assert!(wrong.body.contains("Mã xác thực không đúng"), "{}", wrong.body);
    assert_eq!(wrong.hidden("action=\"/sign-in/code\"", "ticket"), ticket);
    let code = secret.code(house.platform.clock().now());
    let done =
        again.post("/sign-in/code", &[("ticket", &ticket), ("code", &code), ("next", "/account")]).await;
    assert_eq!((done.status, done.location()), (303, "/account"));
    expect(&again.get("/account").await, StatusCode::OK);
    let late = house.stranger().post("/sign-in/code", &[("ticket", "x"), ("code", &codes[0])]).await;
    assert!(late.body.contains("Đã quá thời gian"), "{}", late.body);
    assert!(late.body.contains("name=\"password\""), "it begins again");
}

#[tokio::test]
async fn a_program_sends_its_code_along() {
    let house = House::new();
    let mut lan = house.browser("lan").await;
    let (_, codes) = enrol(&house, &mut lan).await;
    let mut program = house.stranger();
    let without = json!({ "account": "lan", "password": PASSWORD });
    let refused = program.post_json("/api/v1/session", &without).await;
    expect(&refused, StatusCode::UNAUTHORIZED);
    assert_eq!(refused.json()["type"], "/problems/second-factor-required");
    let with = json!({ "account": "lan", "password": PASSWORD, "otp": codes[0] });
    let opened = program.post_json("/api/v1/session", &with).await;
    expect(&opened, StatusCode::OK);
    program.token = opened.json()["token"].as_str().map(str::to_owned);
    let factor = program.get_json("/account/second-factor").await.json();
    assert_eq!(factor["recovery_codes_left"], 9);
}

#[tokio::test]
async fn what_was_typed_outlives_a_session_that_ended_through_the_second_factor_too() {
    let house = House::new();
    let mut lan = house.browser("lan").await;
    let (secret, _) = enrol(&house, &mut lan).await;
    let page = lan.get("/apps/gallery/notes").await;
    let hidden = |name| page.hidden("id=\"add\"", name);
    let (csrf, once, whose) = (hidden("csrf"), hidden("once"), hidden("whose"));
    let fields = [
        ("form", "add"),
        ("f.title", "Một đoạn dài & quý"),
        ("csrf", &csrf),
        ("once", &once),
        ("whose", &whose),
    ];
    house.clock.advance(31);
    let asked = lan.post("/apps/gallery/notes", &fields).await;
    expect(&asked, StatusCode::UNAUTHORIZED);
    let held = |answer: &Answer, form: &str, name: &str| answer.hidden(form, name);
    let (next, resume) =
        (held(&asked, "action=\"/sign-in\"", "next"), held(&asked, "action=\"/sign-in\"", "resume"));
    let asked = password_step(&mut lan, &[("next", &next), ("resume", &resume)]).await;
    let form = "action=\"/sign-in/code\"";
    let (ticket, next, resume) =
        (held(&asked, form, "ticket"), held(&asked, form, "next"), held(&asked, form, "resume"));
    let code = secret.code(house.platform.clock().now());
    let back = lan
        .post("/sign-in/code", &[("ticket", &ticket), ("code", &code), ("next", &next), ("resume", &resume)])
        .await;
    expect(&back, StatusCode::OK);
    for text in ["chưa được gửi", "value=\"Một đoạn dài &amp; quý\""] {
        assert!(back.body.contains(text), "{text}: {}", back.body);
    }
}

#[tokio::test]
async fn whoever_holds_a_role_that_needs_a_second_factor_enrols_before_anything_else() {
    let forced =
        Platform { second_factor_roles: vec!["gallery.writer".parse().unwrap()], ..Platform::default() };
    let house = House::with_both(dinh_web::Options::default(), forced);
    let mut lan = house.browser("lan").await;
    for path in ["/", "/apps/gallery", "/account", "/account/tokens"] {
        assert_eq!(lan.get(path).await.location(), "/account/second-factor", "{path}");
    }
    assert_eq!(lan.get_json("/").await.json()["type"], "/problems/second-factor-enrolment-required");
    assert!(lan.get("/account/second-factor").await.body.contains("bắt buộc xác thực hai lớp"));
    enrol(&house, &mut lan).await;
    expect(&lan.get("/apps/gallery").await, StatusCode::OK);
    expect(&house.browser("hoa").await.get("/").await, StatusCode::OK);
}

#[tokio::test]
async fn a_person_sees_their_sessions_and_ends_the_others() {
    let house = House::new();
    let mut here = house.browser("lan").await;
    let mut there = house.browser("lan").await;
    let mut program = house.program("lan").await;
    let listed = here.get_json("/account/sessions").await.json();
    let sessions = listed["sessions"].as_array().unwrap();
    assert_eq!(sessions.len(), 3);
    // Opened in the same moment, they stand in any order.
    let one = |kind: &str, current: bool| {
        sessions.iter().find(|one| one["kind"] == kind && one["current"] == current).unwrap()
    };
    assert_eq!(one("page", true)["address"], "192.0.2.1");
    one("token", false);

    let page = here.get("/account/sessions").await;
    assert!(page.body.contains("phiên này"));
    let csrf = csrf(&page, "action=\"/account/sessions\"");
    let second = one("page", false)["id"].as_str().unwrap();
    expect(
        &here.post("/account/sessions", &[("csrf", "forged"), ("session", second)]).await,
        StatusCode::FORBIDDEN,
    );
    let ended = here.post("/account/sessions", &[("csrf", &csrf), ("session", second)]).await;
    assert_eq!(ended.location(), "/account/sessions");
    assert!(here.get("/account/sessions").await.body.contains("Đã kết thúc phiên."));
    assert_eq!(there.get("/").await.status, 303);
    expect(&program.get_json("/").await, StatusCode::OK);
    here.post("/account/sessions", &[("csrf", &csrf), ("all", "true")]).await;
    expect(&program.get_json("/").await, StatusCode::UNAUTHORIZED);
    expect(&here.get("/").await, StatusCode::OK);
}

#[tokio::test]
async fn an_access_token_is_made_on_a_page_shown_once_and_works_in_applications_only() {
    let house = House::new();
    let mut lan = house.browser("lan").await;
    let page = lan.get("/account/tokens").await;
    assert!(page.body.contains("Phòng trưng bày"), "{}", page.body);
    let csrf = csrf(&page, "action=\"/account/tokens\"");
    let make = |scope: &'static str, expires: &'static str, password: &'static str| {
        [
            ("csrf", csrf.clone()),
            ("action", "make".into()),
            ("name", "Báo cáo".into()),
            ("scope", scope.into()),
            ("expires", expires.into()),
            ("password", password.into()),
        ]
    };
    for (fields, told) in [
        (make("", "2026-09-01", PASSWORD), "Không có ứng dụng"),
        (make("dinh", "2026-09-01", PASSWORD), "quản trị hệ thống"),
        (make("gallery", "", PASSWORD), "ngày hết hạn"),
        (make("gallery", "2027-08-01", PASSWORD), "366 ngày"),
        (make("gallery", "2026-09-01", "sai hoàn toàn"), "Mật khẩu hiện tại không đúng"),
    ] {
        let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let answer = lan.post("/account/tokens", &fields).await;
        expect(&answer, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.body.contains(told), "{told}: {}", answer.body);
    }
    let fields = make("gallery", "2026-09-01", PASSWORD);
    let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let made = lan.post("/account/tokens", &fields).await;
    expect(&made, StatusCode::OK);
    let token = made.body.split("class=\"secret\">").nth(1).unwrap().split('<').next().unwrap().to_owned();
    assert!(token.starts_with("dinh_"), "{token}");
    assert!(!lan.get("/account/tokens").await.body.contains(&token), "it is shown once");

    let mut program = house.stranger();
    program.token = Some(token.clone());
    expect(&program.get_json("/apps/gallery/notes").await, StatusCode::OK);
    let note = json!({"form": "add", "inputs": {"title": "Từ chương trình"}});
    expect(&program.post_json("/apps/gallery/notes", &note).await, StatusCode::SEE_OTHER);
    for path in [
        "/account",
        "/account/tokens",
        "/account/sessions",
        "/account/password",
        "/account/second-factor",
        "/apps/dinh",
        "/apps/dinh/inbox",
        "/apps/dinh/requests",
        "/apps/dinh/delegations",
    ] {
        let refused = program.get_json(path).await;
        expect(&refused, StatusCode::FORBIDDEN);
        assert!(refused.body.contains("Mã truy cập chỉ dùng cho các ứng dụng"), "{}", refused.body);
    }
    // It is no cookie.
    let mut browser = house.stranger();
    browser.cookies = vec![("dinh".to_owned(), token)];
    assert_eq!(browser.get("/").await.status, 303);

    let listed = lan.get_json("/account/tokens").await.json();
    let id = listed["tokens"][0]["id"].as_str().unwrap().to_owned();
    assert_eq!(listed["tokens"][0]["scope"], json!(["gallery"]));
    assert!(listed["tokens"][0]["used"].is_string());
    lan.post("/account/tokens", &[("csrf", &csrf), ("action", "revoke"), ("token", &id)]).await;
    expect(&program.get_json("/apps/gallery/notes").await, StatusCode::UNAUTHORIZED);
    let evidence = house.platform.store().snapshot().unwrap().evidence(0, 10_000).unwrap();
    let done = evidence.iter().find(|it| it.entry.action == "form.submitted").unwrap();
    assert_eq!(done.entry.detail["token"], id);
}

#[tokio::test]
async fn an_access_token_that_may_only_read_or_reaches_something_else_submits_nothing() {
    let house = House::new();
    let mut program = house.program("lan").await;
    let make = |scope: serde_json::Value, read_only: bool| json!({ "action": "make", "name": "Đọc", "scope": scope, "read_only": read_only, "expires": "2026-09-01", "password": PASSWORD });
    let reader = program.post_json("/account/tokens", &make(json!(["gallery"]), true)).await;
    expect(&reader, StatusCode::OK);
    let mut token = house.stranger();
    token.token = reader.json()["token"].as_str().map(str::to_owned);
    expect(&token.get_json("/apps/gallery/notes").await, StatusCode::OK);
    let note = json!({"form": "add", "inputs": {"title": "Không được ghi"}});
    let refused = token.post_json("/apps/gallery/notes", &note).await;
    expect(&refused, StatusCode::FORBIDDEN);
    assert!(refused.body.contains("chỉ được đọc"), "{}", refused.body);
    let other = program.post_json("/account/tokens", &make(json!(["pci-index"]), false)).await;
    token.token = other.json()["token"].as_str().map(str::to_owned);
    expect(&token.get_json("/apps/gallery/notes").await, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_person_sees_who_was_at_their_record() {
    let house = House::new();
    let mut lan = house.browser("lan").await;
    let id = AccountId(u32::try_from(lan.get_json("/account").await.json()["id"].as_u64().unwrap()).unwrap());
    let hoa = house.person("quantri", "Phạm Thị Quản Trị", house.province, false);
    house.give(hoa, "dinh.administrator", house.province);
    let origin = house.platform.origin(dinh_model::Actor::person(hoa), Language::Vi);
    house
        .platform
        .perform(&origin, |call| accounts::release_password(call, id, accounts::IdentityCheck::Vneid))
        .unwrap();
    let page = lan.get("/account/history").await;
    assert_eq!(page.status, 303, "the released password ended the session");
    // Seen by who they are, not by the password.
    let mine = house.platform.origin(dinh_model::Actor::person(id), Language::Vi);
    let mut call = house.platform.begin_reading(&mine).unwrap();
    let found = accounts::looked_at(&mut call, None, 10).unwrap();
    assert_eq!(found.entries[0].entry.action, "password.released");

    let mut hoa = house.browser("hoa").await;
    let page = hoa.get("/account/history").await;
    assert!(
        page.body.contains("Tạo tài khoản") && page.body.contains("Người chưa đăng nhập")
            || page.body.contains("Đơn vị vận hành"),
        "{}",
        page.body
    );
    let json = hoa.get_json("/account/history").await.json();
    assert_eq!(json["entries"].as_array().unwrap().last().unwrap()["action"], "account.created");
}
