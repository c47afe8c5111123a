//! The head administrator of a unit: asked for, handed over, on the page of the unit.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::{Offices, send};
use crate::house::expect;

const UNIT: &str = "/apps/dinh/units/2";

fn forms(page: &Value) -> Vec<&str> {
    let sections = page["sections"].as_array().unwrap().iter();
    let blocks = sections.flat_map(|section| section["blocks"].as_array().unwrap());
    blocks.filter_map(|block| block["form"].as_str()).collect()
}

#[tokio::test]
async fn a_head_is_asked_for_on_the_page_of_the_unit_and_handed_over_when_there_is_one() {
    let offices = Offices::new();
    offices.director();
    let mut quan = offices.house.browser("quan").await;
    let page = quan.get(UNIT).await;
    assert!(page.body.contains("Chưa có ai"), "{}", page.body);
    let (before, form) = page.body.split_once("id=\"name-head\"").unwrap();
    assert!(
        before.rsplit("<section").next().unwrap().contains("<details><summary>"),
        "opened when it is needed"
    );
    assert!(!form.contains("id=\"hand-over\""));

    let naming = [("head", ""), ("head.words", "Đặng Thị Sổ"), ("label", "ordinary"), ("reason", "")];
    let without = send(&mut quan, UNIT, "name-head", &naming).await;
    expect(&without, StatusCode::UNPROCESSABLE_ENTITY);
    let (before, _) = without.body.split_once("id=\"name-head\"").unwrap();
    assert!(
        before.rsplit("<section").next().unwrap().contains("<details open>"),
        "what is to be mended is open"
    );

    let naming = [("head", ""), ("head.words", "Đặng Thị Sổ"), ("label", "ordinary"), ("reason", "QĐ 7")];
    let asked = send(&mut quan, UNIT, "name-head", &naming).await;
    assert_eq!((asked.status, asked.location()), (303, UNIT), "{}", asked.body);
    assert!(quan.get(UNIT).await.body.contains("Chưa có ai"), "it waits for a second person");
    offices.approve(1).await;
    let page = quan.get(UNIT).await;
    assert!(page.body.contains(&format!("href=\"/apps/dinh/people/{}\"", offices.so)), "{}", page.body);

    let mut program = offices.house.program("quan").await;
    let drawn = program.get_json(UNIT).await.json();
    assert!(forms(&drawn).contains(&"hand-over") && !forms(&drawn).contains(&"name-head"), "{drawn}");
    let again = json!({ "form": "name-head", "inputs": { "head": 1, "label": "ordinary", "reason": "x" } });
    assert!(program.post_json(UNIT, &again).await.status >= 400, "there is one already");
    let lan = offices.account("lan").id.0;
    let over = json!({ "form": "hand-over", "inputs": { "head": lan, "reason": "Luân chuyển" } });
    expect(&program.post_json(UNIT, &over).await, StatusCode::SEE_OTHER);
    offices.approve(2).await;
    let head = offices.house.perform(|call| dinh_services::accounts::own_head(call, offices.planning));
    assert_eq!(head.unwrap().account.0, lan);
}

#[tokio::test]
async fn who_may_give_no_rights_sees_the_head_and_no_form() {
    let offices = Offices::new();
    let ke = offices.house.person("ke", "Lý Văn Kế", offices.planning, false);
    offices.house.give(ke, "dinh.auditor", offices.planning);
    let mut ke = offices.house.program("ke").await;
    let page = ke.get_json(UNIT).await;
    expect(&page, StatusCode::FORBIDDEN);
    let hoa = json!({ "form": "name-head", "inputs": { "head": 1, "label": "ordinary", "reason": "x" } });
    expect(&ke.post_json(UNIT, &hoa).await, StatusCode::FORBIDDEN);
}
