//! Forms: forged, repeated, stale, wrong, right.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::house::{Answer, House, Visitor, expect};

/// The gallery's form as a browser sends it, filled in rightly.
async fn filled(visitor: &mut Visitor) -> Vec<(&'static str, String)> {
    let page = visitor.get("/apps/gallery").await;
    let hidden = |name| page.hidden("id=\"edit\"", name);
    let fields: Vec<(&'static str, &str)> = vec![
        ("form", "edit"),
        ("f.name", "Nguyễn Thị Lan"),
        ("f.born", "08/03/1985"),
        ("f.sex", "nu"),
        ("f.home", ""),
        ("f.education", "thac-si"),
        ("f.dossier", "d-7"),
        ("f.unit", "2"),
        ("f.boss", "2"),
        ("f.boss.words", "Trần Thị Hoa"),
        ("f.file", ""),
        ("f.file.words", ""),
        ("f.children", "2"),
        ("f.coefficient", "4,98"),
        ("f.salary", "11.652.000"),
        ("f.month", "07/2024"),
        ("f.seen", "01/07/2025 08:30"),
        ("f.party", "true"),
        ("f.joined", "03/02/2009"),
        ("f.note", ""),
        ("c.family.rows", "1"),
        ("c.family.0..key", "k1"),
        ("c.family.0.name", "Trần Văn Hùng"),
        ("c.family.0.relation", "vo-chong"),
        ("c.family.0.born", ""),
    ];
    let mut all: Vec<_> = fields.into_iter().map(|(name, value)| (name, value.to_owned())).collect();
    all.extend(["csrf", "once", "seal", "shown"].map(|name| (name, hidden(name))));
    set(&mut all, "f.home", &first_province(&page));
    all
}

/// A province of the catalog, as the page offers it.
fn first_province(page: &Answer) -> String {
    let select = page.body.split("name=\"f.home\"").nth(1).unwrap();
    select.split("<option value=\"").nth(2).and_then(|rest| rest.split('"').next()).unwrap().to_owned()
}

fn set(fields: &mut [(&'static str, String)], name: &str, value: &str) {
    fields.iter_mut().find(|(known, _)| *known == name).unwrap().1 = value.to_owned();
}

async fn send(visitor: &mut Visitor, path: &str, fields: &[(&'static str, String)]) -> Answer {
    let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    visitor.post(path, &fields).await
}

#[tokio::test]
async fn a_form_filled_in_rightly_reaches_the_plugin_and_what_it_says_is_shown() {
    let house = House::new();
    let mut lan = house.browser("lan").await;
    let fields = filled(&mut lan).await;
    let done = send(&mut lan, "/apps/gallery", &fields).await;
    assert_eq!((done.status, done.location()), (303, "/apps/gallery"), "{}", done.body);
    let page = lan.get("/apps/gallery").await;
    assert!(page.body.contains("Submission") && page.body.contains("role=\"status\""));
    assert!(!lan.get("/apps/gallery").await.body.contains("Submission"), "it is said once");
}

#[tokio::test]
async fn a_forged_form_does_nothing() {
    let house = House::new();
    let mut lan = house.browser("lan").await;
    let fields = filled(&mut lan).await;
    for token in ["", "AAAA"] {
        let mut forged = fields.clone();
        set(&mut forged, "csrf", token);
        let answer = send(&mut lan, "/apps/gallery", &forged).await;
        expect(&answer, StatusCode::FORBIDDEN);
        assert!(answer.body.contains("không còn hiệu lực"));
    }
    let mut other = house.browser("lan").await;
    assert_eq!(send(&mut other, "/apps/gallery", &fields).await.status, 403, "the token of another session");
    lan.headers.push(("sec-fetch-site", "cross-site".to_owned()));
    assert_eq!(send(&mut lan, "/apps/gallery", &fields).await.status, 403, "sent by another site");
}

#[tokio::test]
async fn each_mistake_is_named_beside_its_field_and_nothing_typed_is_lost() {
    let house = House::new();
    let mut lan = house.browser("lan").await;
    let mut fields = filled(&mut lan).await;
    set(&mut fields, "f.name", "");
    set(&mut fields, "f.coefficient", "11");
    set(&mut fields, "f.note", "chữ <b>đã gõ</b>");
    let answer = send(&mut lan, "/apps/gallery", &fields).await;
    expect(&answer, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        answer.body.contains("<a href=\"#edit-f.name\">Hãy nhập “Họ và tên khai sinh”.</a>"),
        "{}",
        answer.body
    );
    assert!(answer.body.contains("id=\"edit-f.coefficient-wrong\""));
    assert!(answer.body.contains("value=\"11\"") && answer.body.contains("chữ &lt;b&gt;đã gõ&lt;/b&gt;"));
}

#[tokio::test]
async fn what_the_plugin_finds_wrong_is_shown_in_the_same_way() {
    let house = House::new();
    let mut lan = house.browser("lan").await;
    let mut fields = filled(&mut lan).await;
    set(&mut fields, "f.name", "Trùng");
    let answer = send(&mut lan, "/apps/gallery", &fields).await;
    expect(&answer, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains("<a href=\"#edit-f.name\">Đã có người tên này.</a>"), "{}", answer.body);
    assert!(answer.body.contains("value=\"Trùng\""));
}

#[tokio::test]
async fn a_row_is_added_without_javascript() {
    let house = House::new();
    let mut lan = house.browser("lan").await;
    let mut fields = filled(&mut lan).await;
    fields.push(("more", "family".to_owned()));
    let answer = send(&mut lan, "/apps/gallery", &fields).await;
    expect(&answer, StatusCode::OK);
    assert!(
        answer.body.contains("name=\"c.family.1.name\"") && answer.body.contains("value=\"Trần Văn Hùng\"")
    );
    assert_eq!(answer.hidden("id=\"edit\"", "c.family.rows"), "2");
}

async fn notes(visitor: &mut Visitor) -> usize {
    let json = visitor.get_json("/apps/gallery/notes").await.json();
    json["sections"][0]["blocks"][0]["rows"].as_array().unwrap().len()
}

#[tokio::test]
async fn a_double_click_makes_one_record() {
    let house = House::new();
    let mut lan = house.browser("lan").await;
    let page = lan.get("/apps/gallery/notes").await;
    let (csrf, once) = (page.hidden("id=\"add\"", "csrf"), page.hidden("id=\"add\"", "once"));
    let fields = [("form", "add"), ("csrf", csrf.as_str()), ("once", &once), ("f.title", "Họp giao ban")];
    let (first, second) =
        (lan.post("/apps/gallery/notes", &fields).await, lan.post("/apps/gallery/notes", &fields).await);
    assert_eq!((first.status, second.status), (303, 303), "{}", second.body);
    assert_eq!(first.location(), second.location());
    assert_eq!(notes(&mut lan).await, 1);
    let without =
        lan.post("/apps/gallery/notes", &[("form", "add"), ("csrf", &csrf), ("f.title", "x")]).await;
    assert_eq!(without.status, 400, "a browser says which form it is");
}

async fn add(program: &mut Visitor, body: Value) -> Answer {
    program.post_json("/apps/gallery/notes", &body).await
}

#[tokio::test]
async fn a_program_needs_no_token_and_may_name_its_submission() {
    let house = House::new();
    let mut program = house.program("lan").await;
    let done = add(&mut program, json!({"form": "add", "inputs": {"title": "Một"}})).await;
    expect(&done, StatusCode::SEE_OTHER);
    assert_eq!(done.json()["href"], "/apps/gallery/notes");
    let named = json!({"form": "add", "once": "k-1", "inputs": {"title": "Hai"}});
    let (first, second) = (add(&mut program, named.clone()).await, add(&mut program, named).await);
    assert_eq!(first.json(), second.json());
    assert_eq!(notes(&mut program).await, 2);
    let wrong = add(&mut program, json!({"form": "add", "inputs": {}})).await;
    expect(&wrong, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(wrong.json()["problems"][0]["field"], "title");
    assert_eq!(add(&mut program, json!({"form": "nothing"})).await.status, 400);
    assert_eq!(add(&mut program, json!({"frm": "add"})).await.status, 400);
}

#[tokio::test]
async fn json_with_a_cookie_needs_the_token_as_forms_do() {
    let house = House::new();
    let mut lan = house.browser("lan").await;
    let page = lan.get_json("/apps/gallery/notes").await.json();
    let body = json!({"form": "add", "once": "1", "inputs": {"title": "Một"}});
    assert_eq!(add(&mut lan, body.clone()).await.status, 403);
    lan.headers.push(("x-csrf-token", page["csrf"].as_str().unwrap().to_owned()));
    assert_eq!(add(&mut lan, body).await.status, 303);
}

#[tokio::test]
async fn a_stale_form_shows_both_values_and_overwrites_only_when_sent_again() {
    let house = House::new();
    let (mut lan, mut program) = (house.browser("lan").await, house.program("lan").await);
    let made = add(&mut program, json!({"form": "add", "inputs": {"title": "Bản đầu"}})).await.json();
    let path = format!("/apps/gallery/notes/{}", made["notice"]["title"].as_str().unwrap());
    let page = lan.get(&path).await;
    let change = |page: &Answer, title: &str| {
        let mut fields: Vec<_> =
            ["csrf", "once", "shown"].map(|name| (name, page.hidden("id=\"change\"", name))).to_vec();
        fields.extend([("form", "change".to_owned()), ("f.title", title.to_owned())]);
        fields
    };
    let mine = change(&page, "Của tôi");
    assert_eq!(
        program
            .post_json(&path, &json!({"form": "change", "inputs": {"title": "Của người khác"}}))
            .await
            .status,
        303
    );
    let stale = send(&mut lan, &path, &mine).await;
    expect(&stale, StatusCode::CONFLICT);
    for text in ["Người khác vừa sửa", "value=\"Của tôi\"", "Của người khác"] {
        assert!(stale.body.contains(text), "{text}: {}", stale.body);
    }
    let title = |answer: Value| answer["title"].as_str().unwrap().to_owned();
    assert_eq!(title(program.get_json(&path).await.json()), "Của người khác");
    let again = change(&stale, "Của tôi");
    assert_eq!(send(&mut lan, &path, &again).await.status, 303);
    assert_eq!(title(program.get_json(&path).await.json()), "Của tôi");
}

#[tokio::test]
async fn buttons_do_what_the_page_offers_after_a_question_and_nothing_else() {
    let house = House::new();
    let mut lan = house.browser("lan").await;
    let page = lan.get("/apps/gallery").await;
    let (csrf, once) = (page.hidden("class=\"actions\"", "csrf"), page.hidden("class=\"actions\"", "once"));
    let press = |name: &str| vec![("do", name.to_owned()), ("csrf", csrf.clone()), ("once", once.clone())];
    let publish = r#"["publish",[["edition","2021"]]]"#;
    let asked = send(&mut lan, "/apps/gallery", &press(publish)).await;
    expect(&asked, StatusCode::OK);
    assert!(asked.body.contains("Công bố bảng xếp hạng năm 2021?"));
    let mut confirmed = press(publish);
    confirmed.push(("confirmed", "true".to_owned()));
    assert_eq!(send(&mut lan, "/apps/gallery", &confirmed).await.status, 303);
    // A nonce that was used gets the first result back; these come from a page drawn afterwards.
    let page = lan.get("/apps/gallery").await;
    let once = page.hidden("class=\"actions\"", "once");
    let press = |name: &str| vec![("do", name.to_owned()), ("csrf", csrf.clone()), ("once", once.clone())];
    for forged in [r#"["publish",[["edition","1999"]]]"#, r#"["archive",[]]"#, r#"["nothing",[]]"#] {
        assert_eq!(send(&mut lan, "/apps/gallery", &press(forged)).await.status, 409, "{forged}");
    }
    assert_eq!(send(&mut lan, "/apps/gallery", &press("garbage")).await.status, 400);
}

#[tokio::test]
async fn bulk_actions_act_on_selected_rows() {
    let house = House::new();
    let mut program = house.program("lan").await;
    let withdraw = |selected: Value| json!({"form": "withdraw", "selected": selected});
    assert_eq!(program.post_json("/apps/gallery", &withdraw(json!([]))).await.status, 422);
    assert_eq!(program.post_json("/apps/gallery", &withdraw(json!(["r99"]))).await.status, 409);
    let done = program.post_json("/apps/gallery", &withdraw(json!(["r1", "r3"]))).await;
    assert!(done.json()["notice"]["title"].as_str().unwrap().contains("r3"), "{}", done.body);
}

#[tokio::test]
async fn a_grid_sends_only_changed_cells() {
    let house = House::new();
    let mut program = house.program("lan").await;
    let cells = json!({"form": "ledger", "cells": [{"row": "m2", "column": "paid", "value": 88_700}]});
    let done = program.post_json("/apps/gallery", &cells).await;
    let said = done.json()["notice"]["title"].as_str().unwrap().to_owned();
    assert!(said.contains("88700") && said.contains("m2") && !said.contains("m1"), "{said}");
}

#[tokio::test]
async fn what_is_wrong_in_a_row_says_in_which_row() {
    let house = House::new();
    let mut lan = house.browser("lan").await;
    let page = lan.get("/apps/gallery").await;
    let mut fields =
        vec![("form", "ledger".to_owned()), ("k.1", "m2".to_owned()), ("g.1.paid", "nhiều".to_owned())];
    fields.extend(["csrf", "once", "was"].map(|name| (name, page.hidden("id=\"ledger\"", name))));
    let back = send(&mut lan, "/apps/gallery", &fields).await;
    expect(&back, StatusCode::UNPROCESSABLE_ENTITY);
    let line = "<a href=\"#ledger-g.1.paid\"><strong>Trần Thị Bình</strong> – ";
    assert!(back.body.contains(line), "{}", back.body);

    let mut fields = filled(&mut lan).await;
    set(&mut fields, "c.family.0.born", "hôm qua");
    let back = send(&mut lan, "/apps/gallery", &fields).await;
    expect(&back, StatusCode::UNPROCESSABLE_ENTITY);
    let line = "<a href=\"#edit-c.family.0.born\"><strong>Quan hệ gia đình – Dòng 1</strong> – ";
    assert!(back.body.contains(line), "{}", back.body);
}

/// What somebody has filled in on the page of notes, sent after their session was over: what the sign-in page
/// carries on.
async fn carried(house: &House, visitor: &mut Visitor, title: &str) -> (String, String) {
    let page = visitor.get("/apps/gallery/notes").await;
    let mut fields = vec![("form", "add".to_owned()), ("f.title", title.to_owned())];
    fields.extend(["csrf", "once", "whose"].map(|name| (name, page.hidden("id=\"add\"", name))));
    house.clock.advance(31);
    let asked = send(visitor, "/apps/gallery/notes", &fields).await;
    expect(&asked, StatusCode::UNAUTHORIZED);
    let hidden = |name| asked.hidden("action=\"/sign-in\"", name);
    (hidden("next"), hidden("resume"))
}

async fn sign_in(visitor: &mut Visitor, login: &str, carried: &(String, String)) -> Answer {
    let (next, resume) = carried;
    let fields =
        [("account", login), ("password", crate::house::PASSWORD), ("next", next), ("resume", resume)];
    visitor.post("/sign-in", &fields).await
}

#[tokio::test]
async fn what_was_typed_outlives_a_session_that_ended_and_is_seen_before_it_is_sent() {
    let house = House::new();
    let mut lan = house.browser("lan").await;
    let carried = carried(&house, &mut lan, "Một đoạn dài & quý").await;
    let back = sign_in(&mut lan, "lan", &carried).await;
    expect(&back, StatusCode::OK);
    for text in ["chưa được gửi", "value=\"Một đoạn dài &amp; quý\"", "<h1>Ghi chép</h1>"] {
        assert!(back.body.contains(text), "{text}: {}", back.body);
    }
    assert_eq!(notes(&mut lan).await, 0, "nothing was sent");
    let mut again: Vec<_> =
        ["form", "csrf", "once"].map(|name| (name, back.hidden("id=\"add\"", name))).to_vec();
    again.push(("f.title", "Một đoạn dài & quý".to_owned()));
    assert_eq!(send(&mut lan, "/apps/gallery/notes", &again).await.status, 303);
    assert_eq!(notes(&mut lan).await, 1);
}

#[tokio::test]
async fn what_somebody_else_typed_is_neither_shown_nor_sent() {
    let house = House::new();
    let khac = house.person("khac", "Phạm Văn Khác", house.province, false);
    house.give(khac, "gallery.writer", house.province);
    let mut machine = house.browser("lan").await;
    let carried = carried(&house, &mut machine, "Việc riêng của Lan").await;
    let onward = sign_in(&mut machine, "khac", &carried).await;
    assert_eq!((onward.status, onward.location()), (303, "/apps/gallery/notes"));
    let page = machine.get("/apps/gallery/notes").await;
    assert!(page.body.contains("thuộc tài khoản khác") && !page.body.contains("Việc riêng"), "{}", page.body);
}

#[tokio::test]
async fn nothing_of_another_site_is_carried_through_a_sign_in() {
    let house = House::new();
    let fields = [("form", "add".to_owned()), ("f.title", "x".to_owned())];
    let unmarked = send(&mut house.stranger(), "/apps/gallery/notes", &fields).await;
    assert!(unmarked.location().starts_with("/sign-in"), "{unmarked:?}");
    let mut victim = house.stranger();
    victim.headers.push(("sec-fetch-site", "cross-site".to_owned()));
    let answer = send(&mut victim, "/apps/gallery/notes", &fields).await;
    assert!(!answer.body.contains("resume"));
}

#[tokio::test]
async fn a_hidden_field_that_was_changed_is_not_sealed_by_being_shown_again() {
    let house = House::new();
    let mut lan = house.browser("lan").await;
    let mut fields = filled(&mut lan).await;
    set(&mut fields, "f.dossier", "d-8");
    fields.retain(|(name, _)| *name != "seal");
    let answer = send(&mut lan, "/apps/gallery", &fields).await;
    expect(&answer, StatusCode::UNPROCESSABLE_ENTITY);
    fields.push(("seal", answer.hidden("id=\"edit\"", "seal")));
    set(&mut fields, "once", &answer.hidden("id=\"edit\"", "once"));
    expect(&send(&mut lan, "/apps/gallery", &fields).await, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn before_rows_are_acted_on_the_page_names_them() {
    let house = House::new();
    let mut lan = house.browser("lan").await;
    let page = lan.get("/apps/gallery").await;
    let bulk = "class=\"bulk\"";
    let fields = vec![
        ("csrf", page.hidden(bulk, "csrf")),
        ("once", page.hidden(bulk, "once")),
        ("do", r#"["withdraw",[]]"#.to_owned()),
        ("selected", "r1".to_owned()),
        ("selected", "r3".to_owned()),
    ];
    let asked = send(&mut lan, "/apps/gallery", &fields).await;
    expect(&asked, StatusCode::OK);
    insta::assert_snapshot!(asked.body.split("<main").nth(1).unwrap().split("<form").next().unwrap());
}
