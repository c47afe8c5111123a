//! A second factor reset for somebody who has lost their phone.

use axum::http::StatusCode;
use dinh_services::accounts;
use serde_json::json;

use super::{Offices, send};
use crate::house::{PASSWORD, expect};
use crate::own_account::enrol;

fn enrolled(offices: &Offices, login: &str) -> bool {
    let id = offices.account(login).id;
    offices.house.perform(|call| accounts::second_factor_of(call, id)).is_some()
}

#[tokio::test]
async fn a_lost_phone_is_taken_off_by_whoever_manages_the_account_and_says_how_they_knew_the_person() {
    let offices = Offices::new();
    let mut lan = offices.house.browser("lan").await;
    enrol(&offices.house, &mut lan).await;
    let id = offices.account("lan").id;
    let path = format!("/apps/dinh/people/{id}");
    let mut quan = offices.house.browser("quan").await;
    let page = quan.get(&path).await;
    assert!(page.body.contains("id=\"reset-factor\"") && page.body.contains("Đã đăng ký"), "{}", page.body);
    expect(&send(&mut quan, &path, "reset-factor", &[]).await, StatusCode::UNPROCESSABLE_ENTITY);
    let guessed = send(&mut quan, &path, "reset-factor", &[("identity", "looks-like-them")]).await;
    expect(&guessed, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(enrolled(&offices, "lan"));
    let done = send(&mut quan, &path, "reset-factor", &[("identity", "citizen-card")]).await;
    assert_eq!((done.status, done.location()), (303, path.as_str()), "{}", done.body);
    assert!(!enrolled(&offices, "lan"));
    assert!(lan.get("/").await.location().starts_with("/sign-in"), "their sessions are over");
    let mut again = offices.house.stranger();
    let signed_in = again.post("/sign-in", &[("account", "lan"), ("password", PASSWORD)]).await;
    assert_eq!(signed_in.status, 303, "the password is as it was, and no code is asked for");
    let kept = offices.house.platform.store().snapshot().unwrap().evidence(0, 10_000).unwrap();
    let reset = kept.iter().find(|it| it.entry.action == "second-factor.reset").unwrap();
    assert_eq!(reset.entry.detail["identity"], "citizen-card");
}

#[tokio::test]
async fn nobody_resets_their_own_nor_one_in_a_unit_they_do_not_manage() {
    let offices = Offices::new();
    let mut quan = offices.house.browser("quan").await;
    enrol(&offices.house, &mut quan).await;
    let path = format!("/apps/dinh/people/{}", offices.quan);
    let page = quan.get(&path).await;
    assert!(page.body.contains("Đã đăng ký") && !page.body.contains("id=\"reset-factor\""), "{}", page.body);
    let reset = json!({ "form": "reset-factor", "inputs": { "identity": "citizen-card" } });
    let mut so = offices.house.program("so").await;
    expect(&so.post_json(&path, &reset).await, StatusCode::FORBIDDEN);
    let mut lan = offices.house.browser("lan").await;
    enrol(&offices.house, &mut lan).await;
    let mut hoa = offices.house.program("hoa").await;
    let lans = format!("/apps/dinh/people/{}", offices.account("lan").id);
    expect(&hoa.post_json(&lans, &reset).await, StatusCode::FORBIDDEN);
    assert!(enrolled(&offices, "quan") && enrolled(&offices, "lan"));
}
