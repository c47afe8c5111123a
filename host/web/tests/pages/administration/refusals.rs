//! What a rule refuses is refused alike on the pages, by programs and by commands: with the reason, and in the evidence.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::{Offices, send};
use crate::house::{Answer, Visitor, expect};

/// The rules by which something was refused, oldest first.
fn rules(offices: &Offices) -> Vec<String> {
    let kept = offices.house.platform.store().snapshot().unwrap().evidence(0, 10_000).unwrap();
    let refused = kept.into_iter().filter(|it| it.entry.action == "rule.refused");
    refused.map(|mut it| it.entry.detail.remove("rule").unwrap()).collect()
}

/// Sends what a rule refuses.
async fn refused(
    offices: &Offices,
    who: &mut Visitor,
    path: &str,
    form: &str,
    inputs: Value,
    rule: &str,
) -> Answer {
    let path = format!("/apps/dinh{path}");
    let answer = who.post_json(&path, &json!({ "form": form, "inputs": inputs })).await;
    expect(&answer, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(rules(offices).last().map(String::as_str), Some(rule), "{}", answer.body);
    answer
}

#[tokio::test]
async fn a_second_head_is_refused_as_such_though_the_page_offers_no_such_form() {
    let offices = Offices::new();
    offices.director();
    let mut quan = offices.house.program("quan").await;
    let head = |account: u32| json!({ "head": account, "label": "ordinary", "reason": "QĐ 7" });
    let path = "/apps/dinh/units/2";
    let naming = json!({ "form": "name-head", "inputs": head(offices.so.0) });
    expect(&quan.post_json(path, &naming).await, StatusCode::SEE_OTHER);
    offices.approve(1).await;
    let lan = offices.account("lan").id.0;
    let answer = refused(&offices, &mut quan, "/units/2", "name-head", head(lan), "one-head").await;
    assert!(answer.body.contains("hãy bàn giao"), "{}", answer.body);
}

#[tokio::test]
async fn nobody_lends_what_was_lent_to_them_or_what_is_anothers() {
    let offices = Offices::new();
    offices.director();
    let (lan_id, hoa_id) = (offices.account("lan").id, offices.account("hoa").id.0);
    let loan = |grant: &str, to: u32| json!({ "grants": [grant], "borrower": to, "from": "2026-07-01", "until": "2026-07-31", "reason": "Nghỉ" });
    let mut lan = offices.house.program("lan").await;
    // A grant that she does not have, which is no choice of the form.
    refused(&offices, &mut lan, "/delegations", "lend", loan("2", hoa_id), "delegation-of-ones-own").await;
    let lend = json!({ "form": "lend", "inputs": loan("1", hoa_id) });
    expect(&lan.post_json("/apps/dinh/delegations", &lend).await, StatusCode::SEE_OTHER);
    offices.approve(1).await;
    let mut hoa = offices.house.program("hoa").await;
    let acting = hoa.post_json("/account/acting", &json!({ "lender": lan_id.to_string() })).await;
    assert!(acting.status < 400, "{}", acting.body);
    let again = loan("1", offices.quan.0);
    refused(&offices, &mut hoa, "/delegations", "lend", again, "delegation-of-a-delegation").await;
}

#[tokio::test]
async fn terms_that_are_over_or_end_before_they_begin_are_refused_with_the_day_as_people_write_it() {
    let offices = Offices::new();
    let mut quan = offices.house.program("quan").await;
    let hoa = offices.account("hoa").id.0;
    let grant = |until: &str| {
        json!({
            "person": hoa, "role": "gallery.writer", "unit": 1, "label": "ordinary", "from": "2026-06-01",
            "until": until, "reason": "QĐ 8",
        })
    };
    refused(&offices, &mut quan, "/grants/new", "give", grant("2026-06-20"), "term-is-over").await;
    let answer =
        refused(&offices, &mut quan, "/grants/new", "give", grant("2026-05-01"), "term-backwards").await;
    assert!(
        answer.body.contains("“Đến hết ngày”") || answer.body.contains("Đến hết ngày"),
        "{}",
        answer.body
    );
    let until = json!({ "until": "1999-01-01" });
    let answer = refused(&offices, &mut quan, "/units/2", "end", until, "term-backwards").await;
    assert!(answer.body.contains("01/01/2000"), "{}", answer.body);
}

#[tokio::test]
async fn a_form_that_the_page_does_not_offer_does_nothing_that_the_service_would_not() {
    let offices = Offices::new();
    let mut hoa = offices.house.program("hoa").await;
    for (path, form, inputs) in [
        ("/delegations", "approve", json!({})),
        ("/inbox", "give", json!({ "person": 1, "role": "dinh.administrator", "unit": 1 })),
    ] {
        let sent = json!({ "form": form, "inputs": inputs });
        let answer = hoa.post_json(&format!("/apps/dinh{path}"), &sent).await;
        expect(&answer, StatusCode::BAD_REQUEST);
        assert!(answer.body.contains("không còn trên trang"), "{}", answer.body);
    }
    let mut browser = offices.house.browser("quan").await;
    let none = send(&mut browser, "/apps/dinh/people/new", "create", &[("clearance", "top")]).await;
    expect(&none, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn whoever_may_not_is_told_where_the_right_is_needed_and_whom_to_turn_to() {
    let offices = Offices::new();
    let mut giam = {
        offices.director();
        offices.house.program("giam").await
    };
    let answer = giam.get_json("/apps/dinh/people/1").await;
    expect(&answer, StatusCode::FORBIDDEN);
    let told = answer.json()["detail"].as_str().unwrap().to_owned();
    assert!(told.contains("Quyền này cần có tại “Tỉnh Lâm Đồng”"), "{told}");
    // Nobody may give what only somebody beside the rules could.
    let mut quan = offices.house.program("quan").await;
    let hoa = offices.account("hoa").id;
    let asked = json!({
        "person": hoa.0, "role": "gallery.writer", "unit": 1, "label": "ordinary", "from": "2026-07-01", "reason": "x",
    });
    let made = quan.post_json("/apps/dinh/grants/new", &json!({ "form": "give", "inputs": asked })).await;
    expect(&made, StatusCode::SEE_OTHER);
    let told = quan.post_json("/apps/dinh/requests/1", &json!({ "form": "approve" })).await;
    expect(&told, StatusCode::FORBIDDEN);
    let text = told.json()["detail"].as_str().unwrap().to_owned();
    assert!(text.contains("“Tỉnh Lâm Đồng”") && text.contains("chủ sở hữu máy chủ"), "{text}");
}
