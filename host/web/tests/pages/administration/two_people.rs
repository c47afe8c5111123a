//! What takes two people: asked for, seen by whoever decides with what it would change, approved, refused, withdrawn.

use axum::http::StatusCode;
use dinh_model::{AccountId, Actor, Language};
use dinh_services::records::{FieldValue, insert};
use serde_json::{Value, json};

use super::{Offices, column, send};
use crate::house::{Visitor, expect};

fn give(to: AccountId, reason: &str) -> Value {
    let inputs = json!({
        "person": to.0, "role": "gallery.writer", "unit": 1, "label": "ordinary", "from": "2026-07-01",
        "reason": reason,
    });
    json!({ "form": "give", "inputs": inputs })
}

/// Quân asks that Hoa may write notes: request 1.
async fn asked(offices: &Offices) -> Visitor {
    let mut quan = offices.house.program("quan").await;
    let hoa = offices.account("hoa").id;
    let made = quan.post_json("/apps/dinh/grants/new", &give(hoa, "Quyết định 12")).await;
    expect(&made, StatusCode::SEE_OTHER);
    assert!(made.body.contains("Đề nghị số 1"), "{}", made.body);
    quan
}

#[tokio::test]
async fn a_right_is_in_force_when_a_second_person_has_seen_what_it_changes_and_approved() {
    let offices = Offices::new();
    offices.director();
    asked(&offices).await;
    let mut hoa = offices.house.browser("hoa").await;
    assert_eq!(hoa.get("/apps/gallery").await.status, 403, "asking gives nothing");

    let mut giam = offices.house.browser("giam").await;
    let home = giam.get("/").await.body;
    assert!(home.contains("Việc cần xử lý: 1"), "{home}");
    assert_eq!(giam.get_json("/").await.json()["waiting"], json!({ "count": 1, "more": false }));
    let inbox = giam.get_json("/apps/dinh/inbox").await.json();
    assert_eq!(column(&inbox, "inbox", "number"), ["1"]);
    assert_eq!(column(&inbox, "inbox", "for"), ["Trần Thị Hoa"]);
    assert_eq!(column(&inbox, "inbox", "by"), ["Lê Minh Quân"]);

    let page = giam.get("/apps/dinh/requests/1").await;
    for said in ["Cấp quyền: Trần Thị Hoa", "Quyết định 12", "1 người được thêm quyền", "31/07/2026"]
    {
        assert!(page.body.contains(said), "{said}: {}", page.body);
    }
    let shown = giam.get_json("/apps/dinh/requests/1").await.json();
    assert_eq!(column(&shown, "effect", "who"), ["Trần Thị Hoa"]);
    assert_eq!(hoa.get("/apps/gallery").await.status, 403, "looking at what it would change changes nothing");

    offices.approve(1).await;
    assert_eq!(hoa.get("/apps/gallery").await.status, 200);
    let page = giam.get("/apps/dinh/requests/1").await.body;
    assert!(page.contains("Đã phê duyệt") && page.contains("Hoàng Văn Giám"), "{page}");
    assert!(!page.contains("id=\"refuse\""), "what is decided is decided");
    let home = giam.get("/").await.body;
    assert!(!home.contains("Việc cần xử lý: "), "{home}");
}

#[tokio::test]
async fn a_refusal_needs_a_reason_and_the_asker_reads_it() {
    let offices = Offices::new();
    offices.director();
    let mut quan = asked(&offices).await;
    let mut giam = offices.house.browser("giam").await;
    let path = "/apps/dinh/requests/1";
    expect(&send(&mut giam, path, "refuse", &[("reason", "")]).await, StatusCode::UNPROCESSABLE_ENTITY);
    expect(&send(&mut giam, path, "refuse", &[("reason", "Đã có người làm")]).await, StatusCode::SEE_OTHER);
    let mine = quan.get_json("/apps/dinh/requests").await.json();
    assert_eq!(column(&mine, "mine", "state"), ["Bị từ chối"]);
    assert!(quan.get(path).await.body.contains("Đã có người làm"));
    let mut giam = offices.house.program("giam").await;
    let late = giam.post_json(path, &json!({ "form": "approve" })).await;
    assert!(late.status >= 400, "{}", late.body);
    assert!(late.body.contains("đã bị từ chối"), "{}", late.body);
}

#[tokio::test]
async fn whoever_asked_withdraws_and_does_not_approve() {
    let offices = Offices::new();
    let mut quan = asked(&offices).await;
    let path = "/apps/dinh/requests/1";
    let page = quan.get_json(path).await.json().to_string();
    assert!(page.contains("Rút đề nghị") && !page.contains("\"effect\""), "{page}");
    assert!(quan.post_json(path, &json!({ "form": "approve" })).await.status >= 400);
    // Also when they hold the right to approve.
    offices.house.give(offices.quan, "dinh.director", offices.house.province);
    assert_eq!(
        column(&quan.get_json("/apps/dinh/inbox").await.json(), "inbox", "number"),
        Vec::<String>::new()
    );
    let page = quan.get(path).await.body;
    assert!(page.contains("Bạn không phê duyệt được đề nghị này"), "{page}");
    // Whom to turn to.
    assert!(page.contains("Hiện chưa có ai đủ thẩm quyền"), "{page}");
    offices.director();
    let page = quan.get(path).await.body;
    assert!(page.contains("Người có thể phê duyệt") && page.contains("Hoàng Văn Giám"), "{page}");
    expect(&quan.post_json(path, &json!({ "form": "withdraw" })).await, StatusCode::SEE_OTHER);
    let mine = quan.get_json("/apps/dinh/inbox").await.json();
    assert_eq!(column(&mine, "mine", "state"), ["Đã rút"]);
}

/// The last entry of the evidence.
fn last(offices: &Offices) -> (String, Option<String>) {
    let evidence = offices.house.platform.store().snapshot().unwrap().evidence(0, 10_000).unwrap();
    let entry = &evidence.last().unwrap().entry;
    (entry.action.clone(), entry.detail.get("rule").cloned())
}

#[tokio::test]
async fn what_a_rule_refuses_on_a_page_says_why_and_is_in_the_evidence() {
    let offices = Offices::new();
    let mut quan = asked(&offices).await;
    offices.house.give(offices.quan, "dinh.director", offices.house.province);
    // The page offers whoever asked no button to approve; the service is asked all the same, and says why.
    let path = "/apps/dinh/requests/1";
    let own = quan.post_json(path, &json!({ "form": "approve" })).await;
    expect(&own, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(own.body.contains("người khác"), "{}", own.body);
    assert_eq!(last(&offices), ("rule.refused".to_owned(), Some("second-person".to_owned())));
    // Nothing else that is not there is a deed.
    expect(&quan.post_json(path, &json!({ "form": "explode" })).await, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn what_a_rule_refuses_leaves_what_was_filled_in_on_the_page() {
    let offices = Offices::new();
    let mut lan = offices.house.browser("lan").await;
    let hoa = offices.account("hoa").id.to_string();
    let typed = [
        ("grants", "1"),
        ("borrower", hoa.as_str()),
        ("from", "01/07/2026"),
        ("until", "31/12/2028"),
        ("reason", "Đi học dài hạn tại Học viện"),
    ];
    let back = send(&mut lan, "/apps/dinh/delegations", "lend", &typed).await;
    expect(&back, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(back.body.contains("hãy chọn ngày kết thúc sớm hơn"), "{}", back.body);
    assert!(back.body.contains("Đi học dài hạn tại Học viện"), "{}", back.body);
    assert_eq!(last(&offices), ("rule.refused".to_owned(), Some("delegation-too-long".to_owned())));
}

#[tokio::test]
async fn what_waits_in_an_application_stands_in_the_one_inbox() {
    let offices = Offices::new();
    let plugin = offices.house.runtime.plugin(&"gallery".parse().unwrap()).unwrap();
    let lan = offices.account("lan").id;
    let note = |title: &str, state: &str| {
        let origin = offices.house.platform.origin(Actor::person(lan), Language::Vi);
        let mut call = offices.house.platform.begin(&origin).unwrap();
        let value = |field: &str, text: &str| FieldValue {
            field: field.to_owned(),
            value: dinh_model::Value::Text(text.to_owned()),
        };
        let id = insert(&mut call, &plugin.data, "notes", vec![value("title", title), value("state", state)]);
        offices.house.platform.commit(call).unwrap();
        id.unwrap()
    };
    let waits = note("Biên bản họp tháng 6", "draft");
    note("Đã xong", "final");
    let mut browser = offices.house.browser("lan").await;
    assert!(browser.get("/").await.body.contains("Việc cần xử lý: 1"));
    let inbox = browser.get_json("/apps/dinh/inbox").await.json();
    assert_eq!(column(&inbox, "tasks-gallery", "task"), ["Ghi chép chờ hoàn thành"]);
    assert_eq!(column(&inbox, "tasks-gallery", "subject"), ["Biên bản họp tháng 6"]);
    let page = browser.get("/apps/dinh/inbox").await.body;
    assert!(page.contains(&format!("href=\"/apps/gallery/notes/{waits}\"")), "{page}");
    // Whoever may not do it has nothing to do.
    let mut hoa = offices.house.browser("hoa").await;
    assert!(!hoa.get("/").await.body.contains("Việc cần xử lý: "));
    assert!(!hoa.get("/apps/dinh/inbox").await.body.contains("Ghi chép"));
}

#[tokio::test]
async fn a_request_is_seen_by_whom_it_concerns_and_an_inbox_by_its_person() {
    let offices = Offices::new();
    offices.director();
    asked(&offices).await;
    let mut lan = offices.house.browser("lan").await;
    expect(&lan.get("/apps/dinh/requests/1").await, StatusCode::FORBIDDEN);
    expect(&lan.get("/apps/dinh/requests/7").await, StatusCode::NOT_FOUND);
    let inbox = lan.get_json("/apps/dinh/inbox").await;
    expect(&inbox, StatusCode::OK);
    assert_eq!(column(&inbox.json(), "inbox", "number"), Vec::<String>::new());
    let home = lan.get("/").await.body;
    assert!(home.contains("href=\"/apps/dinh/inbox\""), "the way there is in the header: {home}");
    // Whom it is for sees it, and decides nothing.
    let page = offices.house.browser("hoa").await.get("/apps/dinh/requests/1").await;
    expect(&page, StatusCode::OK);
    assert!(!page.body.contains("id=\"refuse\"") && !page.body.contains("Nếu phê duyệt"), "{}", page.body);
    // Not with an access token: it is the person's own.
    assert!(offices.house.stranger().get("/apps/dinh/inbox").await.location().starts_with("/sign-in"));
}

#[tokio::test]
async fn a_long_inbox_is_paged_through_without_losing_anything() {
    let offices = Offices::new();
    offices.director();
    let mut quan = offices.house.program("quan").await;
    for number in 0..60 {
        let to = offices.house.person(&format!("nv{number}"), "Nguyễn Văn", offices.planning, false);
        expect(
            &quan.post_json("/apps/dinh/grants/new", &give(to, "Theo danh sách")).await,
            StatusCode::SEE_OTHER,
        );
    }
    let mut giam = offices.house.program("giam").await;
    let (mut path, mut found) = ("/apps/dinh/inbox".to_owned(), Vec::new());
    loop {
        let page = giam.get_json(&path).await.json();
        found.extend(column(&page, "inbox", "number"));
        match page["sections"][0]["blocks"][0]["paging"]["next"].as_str() {
            Some(next) => path = next.to_owned(),
            None => break,
        }
    }
    assert_eq!(found, (1..=60).map(|number: u32| number.to_string()).collect::<Vec<_>>());
    assert_eq!(giam.get_json("/").await.json()["waiting"]["count"], 60);
}

#[tokio::test]
async fn whoever_decides_sees_login_and_unit_of_the_person_and_links_only_to_what_opens() {
    let offices = Offices::new();
    offices.director();
    asked(&offices).await;
    let page = offices.house.browser("giam").await.get("/apps/dinh/requests/1").await.body;
    for said in ["Tên đăng nhập", ">hoa<", "Thuộc đơn vị", "Sở Kế hoạch và Đầu tư"] {
        assert!(page.contains(said), "{said}: {page}");
    }
    // A director reads the evidence, so that a unit's page opens; a person's does not.
    assert!(!page.contains("href=\"/apps/dinh/people/"), "{page}");
    assert!(page.contains("href=\"/apps/dinh/units/1\""), "{page}");
    let page = offices.house.browser("quan").await.get("/apps/dinh/requests/1").await.body;
    assert!(page.contains("href=\"/apps/dinh/people/"), "{page}");
}
