//! Long work as people see it: how far it is, cancelled and retried by whoever started it or manages its plugin.

use axum::http::StatusCode;
use dinh_services::records::{FieldValue, insert};
use serde_json::{Value, json};

use crate::house::{House, Visitor, component, expect};
use crate::sharing::page;

/// With `dem` and `khac`, who may count in the province, and `coi`, who manages its plugins.
fn office() -> House {
    let house = House::new();
    let operator = house.platform.origin(dinh_model::Actor::Public, dinh_model::Language::Vi).as_operator();
    let install = dinh_runtime::Install::at(house.province);
    house.runtime.install(&component("worker"), install, &operator).unwrap();
    for login in ["dem", "khac"] {
        let counter = house.person(login, login, house.province, false);
        house.give(counter, "worker.counter", house.province);
    }
    let keeper = house.person("coi", "Trần Văn Coi", house.province, false);
    house.give(keeper, "dinh.administrator", house.province);
    house
}

/// Starts a job that fails in step 3; its page.
async fn start(house: &House, by: &mut Visitor) -> String {
    let inputs = json!({ "name": "count", "key": "tháng 7", "to": 4, "fails": 3, "unit": house.province.0 });
    let started = by.post_json("/apps/worker/", &json!({ "form": "start", "inputs": inputs })).await;
    expect(&started, StatusCode::SEE_OTHER);
    started.location().to_owned()
}

/// Mends what the job failed at.
fn mend(house: &House) {
    let data = house.runtime.plugin(&"worker".parse().unwrap()).unwrap().data.clone();
    let field = |field: &str, value| FieldValue { field: field.into(), value };
    let what = || field("what", dinh_model::Value::Text("mended".into()));
    let unit = || field("unit", dinh_model::Value::Unit(house.province));
    house.perform(|call| Ok(insert(call, &data, "tallies", vec![what(), unit()])?));
}

fn progress(page: &Value) -> Value {
    page["sections"][0]["blocks"][0].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_is_watched_stands_as_failed_and_goes_on_when_its_starter_says_so() {
    let house = office();
    let mut program = house.program("dem").await;
    let job = start(&house, &mut program).await;
    house.runtime.work_now().unwrap();
    let shown = progress(&program.get_json(&job).await.json());
    assert_eq!((&shown["kind"], &shown["state"]), (&json!("progress"), &json!("waiting")));
    assert_eq!((&shown["done"], &shown["of"], &shown["counted"]), (&json!(2), &json!(4), &json!("hồ sơ")));

    let mut browser = house.browser("dem").await;
    let drawn = browser.get(&job).await;
    expect(&drawn, StatusCode::OK);
    assert_eq!(drawn.header("refresh"), "5", "it comes anew by itself");
    for words in ["<progress max=\"4\" value=\"2\"", "2/4 hồ sơ", "Đang chờ", "Ứng dụng báo lỗi", "Huỷ"]
    {
        assert!(drawn.body.contains(words), "{words}: {}", drawn.body);
    }
    assert!(!drawn.body.contains("vendor"), "the vendor's words are for the vendor");

    for _ in 0..5 {
        house.clock.advance(1);
        house.runtime.work_now().unwrap();
    }
    let drawn = browser.get(&job).await;
    assert_eq!(drawn.header("refresh"), "", "nothing moves any more");
    assert!(drawn.body.contains("Đã dừng vì lỗi") && drawn.body.contains("Chạy tiếp"), "{}", drawn.body);
    assert!(page(&mut browser, "/apps/dinh/inbox").await.contains("Việc chạy nền của tôi"));

    mend(&house);
    expect(&program.post_json(&job, &json!({ "form": "retry" })).await, StatusCode::SEE_OTHER);
    house.runtime.work_now().unwrap();
    let drawn = page(&mut browser, &job).await;
    for words in ["4/4 hồ sơ", "Đã xong", "Đã đếm xong", "/apps/worker?counted=1"] {
        assert!(drawn.contains(words), "{words}: {drawn}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_is_for_its_starter_and_for_who_manages_the_plugin() {
    let house = office();
    let mut starter = house.program("dem").await;
    let job = start(&house, &mut starter).await;
    house.runtime.work_now().unwrap();
    let mut other = house.program("khac").await;
    expect(&other.get_json(&job).await, StatusCode::FORBIDDEN);
    let cancel = json!({ "form": "cancel" });
    expect(&other.post_json(&job, &cancel).await, StatusCode::FORBIDDEN);
    let listed = |answer: Value| answer["sections"][0]["blocks"][0]["rows"].as_array().unwrap().len();
    assert_eq!(listed(other.get_json("/apps/dinh/jobs").await.json()), 0);
    let mut keeper = house.program("coi").await;
    assert_eq!(listed(keeper.get_json("/apps/dinh/jobs").await.json()), 1);
    expect(&keeper.post_json(&job, &cancel).await, StatusCode::SEE_OTHER);
    let shown = progress(&starter.get_json(&job).await.json());
    assert_eq!((&shown["state"], &shown["done"]), (&json!("cancelled"), &json!(2)));
}
