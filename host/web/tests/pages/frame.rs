//! What surrounds every page: headers, languages, problems, bounds.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use dinh_web::Options;

use crate::house::{House, expect};

#[tokio::test]
async fn every_answer_forbids_what_no_page_of_ours_needs() {
    let house = House::new();
    let mut lan = house.browser("lan").await;
    for path in ["/", "/apps/gallery", "/nowhere", "/sign-in", "/account"] {
        let answer = lan.get(path).await;
        let policy = answer.header("content-security-policy");
        assert!(policy.starts_with("default-src 'self'") && !policy.contains("unsafe"), "{path}: {policy}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("x-frame-options"), "DENY");
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
    }
}

#[tokio::test]
async fn no_page_has_script_style_or_handlers_inside() {
    let house = House::new();
    let mut lan = house.browser("lan").await;
    for path in ["/", "/apps/gallery", "/account", "/account/password", "/nowhere"] {
        let body = lan.get(path).await.body;
        assert!(!body.contains(" style=") && !body.contains("<style"), "{path}");
        assert_eq!(body.matches("<script").count(), 1, "{path}");
        assert!(
            !body.contains(" onclick") && !body.contains(" onload") && !body.contains("javascript:"),
            "{path}"
        );
    }
}

#[tokio::test]
async fn no_two_things_on_a_page_have_the_same_name() {
    let house = House::new();
    let mut lan = house.browser("lan").await;
    for path in ["/", "/account", "/apps/gallery", "/apps/gallery/notes"] {
        let body = lan.get(path).await.body;
        let mut ids: Vec<_> =
            body.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        ids.sort_unstable();
        let twice: Vec<_> = ids.windows(2).filter(|pair| pair[0] == pair[1]).collect();
        assert!(twice.is_empty(), "{path}: {twice:?}");
    }
}

#[tokio::test]
async fn a_page_that_refuses_what_was_sent_leads_back_to_where_it_was_sent_from() {
    let house = House::with(Options { form_bytes: 100, ..Options::default() });
    let mut lan = house.browser("lan").await;
    let long = "x".repeat(101);
    let refused = lan.post("/apps/gallery?edition=2021", &[("form", &long)]).await;
    expect(&refused, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(refused.body.contains("href=\"/apps/gallery?edition=2021\""), "{}", refused.body);
}

#[tokio::test]
async fn what_a_plugin_says_is_text_and_never_markup() {
    let house = House::new();
    let page = house.browser("lan").await.get("/apps/gallery").await;
    assert!(page.body.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
    assert!(!page.body.contains("<script>alert"));
}

#[tokio::test]
async fn the_language_is_chosen_once_and_comes_back_to_the_page() {
    let house = House::new();
    let mut lan = house.browser("lan").await;
    let page = lan.get("/apps/gallery?edition=2021").await;
    assert!(page.body.contains("<html lang=\"vi\">"));
    assert!(page.body.contains("/language?to=en&amp;back=%2Fapps%2Fgallery%3Fedition%3D2021"));
    let switched = lan.get("/language?to=en&back=%2Fapps%2Fgallery%3Fedition%3D2021").await;
    assert_eq!(switched.location(), "/apps/gallery?edition=2021");
    let page = lan.get("/apps/gallery").await;
    assert!(page.body.contains("<html lang=\"en\">") && page.body.contains("73.02"));
    assert_eq!(lan.get("/language?to=vi&back=//evil.example").await.location(), "/");
}

#[tokio::test]
async fn problems_are_pages_for_people_and_json_for_programs() {
    let house = House::new();
    let mut lan = house.browser("lan").await;
    let page = lan.get("/nowhere").await;
    expect(&page, StatusCode::NOT_FOUND);
    assert!(page.body.contains("Không tìm thấy trang") && page.body.contains("Đình"));
    let json = lan.get_json("/nowhere").await;
    assert_eq!(json.header("content-type"), "application/problem+json");
    assert_eq!(json.json()["type"], "/problems/not-found");
    assert_eq!(json.json()["status"], 404);
    assert_eq!(lan.get("/apps/no-such-plugin").await.status, 404);
    assert_eq!(lan.get("/apps/gallery/nowhere").await.status, 404);
    assert_eq!(lan.get("/apps/gallery/a/%2e%2e/b").await.status, 404);
    assert_eq!(lan.post("/", &[]).await.status, 405);
    let put = Request::put("/apps/gallery").body(Body::empty()).unwrap();
    assert_eq!(lan.send(put).await.status, 405);
}

#[tokio::test]
async fn strangers_do_not_learn_which_pages_there_are() {
    let house = House::new();
    let mut stranger = house.stranger();
    for path in ["/apps/gallery", "/apps/gallery/nowhere", "/apps/no-such-plugin", "/apps/gallery/%FF"] {
        let answer = stranger.get(path).await;
        assert!(answer.location().starts_with("/sign-in"), "{path}: {answer:?}");
    }
}

#[tokio::test]
async fn a_gigabyte_is_refused_before_a_byte_of_it_is_read() {
    let house = House::new();
    let mut lan = house.browser("lan").await;
    let request = Request::post("/apps/gallery")
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=b")
        .header(header::CONTENT_LENGTH, 1_000_000_000_u64)
        .body(Body::empty());
    let answer = lan.send(request.unwrap()).await;
    expect(&answer, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(answer.header("connection"), "close");
    assert!(answer.body.contains("104 MB"), "{}", answer.body);
}

#[tokio::test]
async fn forms_have_bounds_of_bytes_and_fields() {
    let house = House::with(Options { form_bytes: 1_000, form_fields: 20, ..Options::default() });
    let mut lan = house.browser("lan").await;
    let long = "x".repeat(1_001);
    assert_eq!(lan.post("/apps/gallery", &[("form", &long)]).await.status, 413);
    let many: Vec<_> = (0..21).map(|_| ("a", "")).collect();
    assert_eq!(lan.post("/apps/gallery", &many).await.status, 413);
    let text =
        Request::post("/apps/gallery").header(header::CONTENT_TYPE, "text/plain").body(Body::from("x"));
    assert_eq!(lan.send(text.unwrap()).await.status, 415);
}

#[tokio::test]
async fn with_tls_cookies_are_bound_to_the_host_and_browsers_told_to_stay() {
    let house = House::with(Options { tls: true, ..Options::default() });
    let mut lan = house.browser("lan").await;
    assert!(lan.cookies.iter().any(|(name, _)| name == "__Host-dinh"), "{:?}", lan.cookies);
    let answer = lan.get("/").await;
    assert!(answer.header("strict-transport-security").contains("max-age"));
    let token = lan.cookies.pop().unwrap().1;
    lan.cookies = vec![("dinh".to_owned(), token)];
    assert_eq!(lan.get("/").await.status, 303, "a cookie that TLS does not protect opens nothing");
}

#[tokio::test]
async fn static_files_are_kept_by_browsers() {
    let house = House::new();
    let mut stranger = house.stranger();
    let page = stranger.get("/sign-in").await;
    for name in ["style.css", "script.js", "emblem.svg"] {
        let end = page.body.find(name).unwrap() + name.len();
        let start = page.body[..end].rfind('"').unwrap() + 1;
        let asset = stranger.get(&page.body[start..end]).await;
        expect(&asset, StatusCode::OK);
        assert!(asset.header("cache-control").contains("immutable"), "{name}");
    }
}

#[tokio::test]
async fn static_files_are_the_same_whoever_asks() {
    let house = House::new();
    // The password of `moi` was set by somebody else: every other address leads to the page that changes it.
    for mut visitor in [house.stranger(), house.browser("moi").await, house.browser("lan").await] {
        let asset = visitor.get(&dinh_web::assets::address("style.css")).await;
        expect(&asset, StatusCode::OK);
        assert_eq!(asset.header("vary"), "", "kept once, for every session");
        assert_eq!(asset.header("x-content-type-options"), "nosniff");
    }
}

#[tokio::test]
async fn a_clock_that_was_set_back_is_said_at_sign_in_and_to_monitoring() {
    use http_body_util::BodyExt;
    use tower::ServiceExt;

    let house = House::new();
    house.browser("lan").await;
    let app = dinh_web::App::new(house.platform.clone(), house.runtime.clone(), Options::default());
    let ready = async || {
        let request = Request::get("/readyz").body(Body::empty()).unwrap();
        let answer = dinh_web::monitoring_router(app.clone()).oneshot(request).await.unwrap();
        let status = answer.status().as_u16();
        (status, String::from_utf8(answer.into_body().collect().await.unwrap().to_bytes().to_vec()).unwrap())
    };
    assert_eq!(ready().await.0, 200);
    house.clock.advance(-24 * 60);
    let (status, text) = ready().await;
    assert_eq!(status, 503);
    assert!(text.contains("1440 minutes"), "{text}");
    let fields = [("account", "lan"), ("password", crate::house::PASSWORD)];
    let answer = house.stranger().post("/sign-in", &fields).await;
    assert!(answer.status >= 400 && answer.body.contains("Đồng hồ máy chủ"), "{}", answer.body);
    house.clock.advance(24 * 60);
    assert_eq!(ready().await.0, 200);
    house.browser("lan").await;
}
