//! Delegations: lent with consent, used on another's behalf by a choice that the session keeps, ended.

use axum::http::StatusCode;
use serde_json::json;

use super::{Offices, column};
use crate::house::{Answer, Visitor, expect};

/// Lan lends Hoa her right to write notes until the end of July, and the director consents.
async fn lent(offices: &Offices) {
    offices.director();
    let mut lan = offices.house.program("lan").await;
    let hoa = offices.account("hoa").id.0;
    let inputs = json!({
        "grants": ["1"], "borrower": hoa, "from": "2026-07-01", "until": "2026-07-31", "reason": "Nghỉ phép",
    });
    let made = lan.post_json("/apps/dinh/delegations", &json!({ "form": "lend", "inputs": inputs })).await;
    expect(&made, StatusCode::SEE_OTHER);
    let mut giam = offices.house.program("giam").await;
    let page = giam.get_json("/apps/dinh/requests/1").await.json();
    assert_eq!(column(&page, "effect", "who"), ["Trần Thị Hoa (thay Nguyễn Thị Lan)"]);
    offices.approve(1).await;
}

async fn choose(visitor: &mut Visitor, lender: &str) -> Answer {
    let page = visitor.get("/account/acting").await;
    let csrf = page.hidden("action=\"/account/acting\"", "csrf");
    visitor.post("/account/acting", &[("csrf", &csrf), ("lender", lender)]).await
}

#[tokio::test]
async fn a_lent_right_is_used_while_acting_for_its_lender_and_the_evidence_holds_both_names() {
    let offices = Offices::new();
    lent(&offices).await;
    let (lan, hoa_id) = (offices.account("lan").id, offices.account("hoa").id);
    let mut hoa = offices.house.browser("hoa").await;
    assert_eq!(hoa.get("/apps/gallery/notes").await.status, 403, "nobody uses it by the way");
    assert!(!hoa.get("/").await.body.contains("Đang làm thay"));
    let listed = hoa.get_json("/account/acting").await.json();
    assert_eq!(
        (listed["acting_for"].clone(), listed["lenders"][0]["lender"].clone()),
        (json!(null), json!(lan.0))
    );

    // Whoever asks who may, finds her.
    let mut quan = offices.house.browser("quan").await;
    let may = "permission=gallery.note.write&unit=1";
    let who = quan.get_json(&format!("/apps/dinh/who-can?{may}")).await.json();
    assert_eq!(column(&who, "who", "name"), ["Nguyễn Thị Lan", "Trần Thị Hoa"]);
    assert_eq!(column(&who, "who", "for"), ["null", "Nguyễn Thị Lan"]);
    let why = quan.get(&format!("/apps/dinh/why-not?person={hoa_id}&{may}")).await;
    assert!(why.body.contains("Được làm khi thay"), "{}", why.body);

    let chosen = choose(&mut hoa, &lan.to_string()).await;
    assert_eq!((chosen.status, chosen.location()), (303, "/"));
    for path in ["/", "/apps/gallery/notes", "/account", "/apps/dinh/inbox"] {
        let page = hoa.get(path).await;
        expect(&page, StatusCode::OK);
        assert!(page.body.contains("Đang làm thay <b>Nguyễn Thị Lan</b>"), "{path}: {}", page.body);
    }
    let page = hoa.get("/apps/gallery/notes").await;
    let hidden = |name| page.hidden("id=\"add\"", name);
    let (csrf, once) = (hidden("csrf"), hidden("once"));
    let fields =
        [("form", "add"), ("f.title", "Viết thay"), ("csrf", csrf.as_str()), ("once", once.as_str())];
    expect(&hoa.post("/apps/gallery/notes", &fields).await, StatusCode::SEE_OTHER);
    let evidence = offices.house.platform.store().snapshot().unwrap().evidence(0, 10_000).unwrap();
    let done = evidence.iter().rfind(|it| it.entry.action == "form.submitted").unwrap();
    let both = dinh_model::Actor::Person { account: hoa_id, on_behalf_of: Some(lan) };
    assert_eq!(done.entry.actor, both);
    // What was drawn while acting is not taken afterwards: it would be another's deed.
    expect(&choose(&mut hoa, "").await, StatusCode::SEE_OTHER);
    let stale = hoa.post("/apps/gallery/notes", &fields).await;
    expect(&stale, StatusCode::FORBIDDEN);
    assert_eq!(hoa.get("/apps/gallery/notes").await.status, 403);
    let actions: Vec<_> = offices.house.platform.store().snapshot().unwrap().evidence(0, 10_000).unwrap();
    let acting = actions.iter().filter(|it| it.entry.action.starts_with("session.acting"));
    let acting: Vec<_> =
        acting.map(|it| (it.entry.action.as_str(), it.entry.detail["lender"].as_str())).collect();
    let lan = lan.to_string();
    assert_eq!(acting, [("session.acting", lan.as_str()), ("session.acting-ended", lan.as_str())]);
}

#[tokio::test]
async fn nobody_acts_for_whoever_lends_them_nothing() {
    let offices = Offices::new();
    lent(&offices).await;
    let mut hoa = offices.house.browser("hoa").await;
    let quan = offices.quan.to_string();
    expect(&choose(&mut hoa, &quan).await, StatusCode::FORBIDDEN);
    let lan = offices.account("lan").id.to_string();
    let forged = hoa.post("/account/acting", &[("csrf", "forged"), ("lender", &lan)]).await;
    expect(&forged, StatusCode::FORBIDDEN);
    assert_eq!(hoa.get_json("/account/acting").await.json()["acting_for"], json!(null));
    // Each session for itself.
    expect(&choose(&mut hoa, &lan).await, StatusCode::SEE_OTHER);
    let mut other = offices.house.browser("hoa").await;
    assert_eq!(other.get_json("/account/acting").await.json()["acting_for"], json!(null));
}

#[tokio::test]
async fn when_a_delegation_ends_whoever_acts_has_no_right_left_and_is_told() {
    let offices = Offices::new();
    lent(&offices).await;
    let lan_id = offices.account("lan").id.to_string();
    let mut hoa = offices.house.browser("hoa").await;
    expect(&choose(&mut hoa, &lan_id).await, StatusCode::SEE_OTHER);
    expect(&hoa.get("/apps/gallery/notes").await, StatusCode::OK);
    let mut lan = offices.house.program("lan").await;
    let listed = lan.get_json("/apps/dinh/delegations").await.json();
    assert_eq!(column(&listed, "lent", "state"), ["Có hiệu lực"]);
    let end = json!({ "form": "end", "inputs": { "reason": "Đi làm lại" } });
    expect(&lan.post_json("/apps/dinh/delegations/1", &end).await, StatusCode::SEE_OTHER);
    expect(&hoa.get("/apps/gallery/notes").await, StatusCode::FORBIDDEN);
    let home = hoa.get("/").await.body;
    assert!(home.contains("Uỷ quyền đã kết thúc"), "{home}");
    expect(&choose(&mut hoa, "").await, StatusCode::SEE_OTHER);
    assert!(!hoa.get("/").await.body.contains("Đang làm thay"));
    let listed = hoa.get_json("/apps/dinh/delegations").await.json();
    assert_eq!(column(&listed, "borrowed", "state"), ["Đã chấm dứt"]);
}

#[tokio::test]
async fn a_delegation_is_its_twos_and_lends_only_ones_own() {
    let offices = Offices::new();
    lent(&offices).await;
    let so = offices.house.browser("so").await.get("/apps/dinh/delegations/1").await;
    expect(&so, StatusCode::FORBIDDEN);
    let mut hoa = offices.house.browser("hoa").await;
    expect(&hoa.get("/apps/dinh/delegations/1").await, StatusCode::OK);
    assert!(hoa.get("/apps/dinh/delegations").await.body.contains("Bạn không có quyền nào để uỷ"));
    // Not what was borrowed either.
    let lan = offices.account("lan").id.to_string();
    expect(&choose(&mut hoa, &lan).await, StatusCode::SEE_OTHER);
    assert!(hoa.get("/apps/dinh/delegations").await.body.contains("Bạn đang làm thay người khác"));
}

#[tokio::test]
async fn both_read_a_delegation_on_their_own_page_until_it_is_over() {
    let offices = Offices::new();
    let mut lan = offices.house.browser("lan").await;
    let said = |page: &Answer| page.body.contains("Nguyễn Thị Lan → Trần Thị Hoa");
    assert!(!said(&lan.get("/account").await));
    lent(&offices).await;
    let mut hoa = offices.house.browser("hoa").await;
    for visitor in [&mut lan, &mut hoa] {
        let page = visitor.get("/account").await;
        assert!(said(&page) && page.body.contains("31/07/2026"), "{}", page.body);
        assert!(page.body.contains("href=\"/apps/dinh/delegations/1\""), "{}", page.body);
        let listed = visitor.get_json("/account").await.json()["delegations"].clone();
        let one = json!([{
            "number": 1, "lender": "Nguyễn Thị Lan", "borrower": "Trần Thị Hoa", "until": "31/07/2026",
        }]);
        assert_eq!(listed, one);
    }
    let so = offices.house.browser("so").await.get_json("/account").await.json();
    assert_eq!(so["delegations"], json!([]), "it is nobody else's");
    let end = json!({ "form": "end", "inputs": { "reason": "Đi làm lại" } });
    let mut program = offices.house.program("lan").await;
    expect(&program.post_json("/apps/dinh/delegations/1", &end).await, StatusCode::SEE_OTHER);
    assert!(!said(&lan.get("/account").await) && !said(&hoa.get("/account").await));
}

#[tokio::test]
async fn whoever_lends_finds_the_form_at_once_and_is_told_who_consents() {
    let offices = Offices::new();
    offices.director();
    let mut lan = offices.house.browser("lan").await;
    let page = lan.get("/apps/dinh/delegations").await.body;
    let section = page.split("id=\"lend-some\"").nth(1).unwrap().split("id=\"lend\"").next().unwrap();
    assert!(!section.contains("<summary>"), "not folded away: {page}");
    assert!(page.find("id=\"lend\"") < page.find("Bạn chưa uỷ quyền cho ai"), "it comes first: {page}");
    let hoa = offices.account("hoa").id.0;
    let inputs = json!({
        "grants": ["1"], "borrower": hoa, "from": "2026-07-01", "until": "2026-07-31", "reason": "Nghỉ phép",
    });
    let mut program = offices.house.program("lan").await;
    let made =
        program.post_json("/apps/dinh/delegations", &json!({ "form": "lend", "inputs": inputs })).await;
    assert!(made.json()["notice"]["text"].as_str().unwrap().contains("Hoàng Văn Giám"), "{}", made.body);
}
