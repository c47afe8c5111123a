//! The page of a plugin, for whoever manages it.

use axum::http::StatusCode;
use dinh_runtime::Install;
use serde_json::json;

use super::{Offices, column};
use crate::house::{component, expect};

/// A province with the plugin `hostile`, which `lan` may open.
fn offices() -> Offices {
    let offices = Offices::new();
    let install = Install::at(offices.house.province);
    offices.house.runtime.install(&component("hostile"), install, &offices.house.operator()).unwrap();
    let lan = offices.account("lan").id;
    offices.house.give(lan, "hostile.vandal", offices.house.province);
    offices
}

#[tokio::test]
async fn whoever_manages_a_plugin_sees_why_it_is_out_and_lets_it_back() {
    let offices = offices();
    let (mut quan, mut lan) = (offices.house.program("quan").await, offices.house.program("lan").await);
    for path in ["/rows", "/break", "/fail"] {
        let answer = lan.get_json(&format!("/apps/hostile{path}")).await;
        assert!(matches!(answer.status, 502 | 503), "{}", answer.body);
    }
    for _ in 0..7 {
        expect(&lan.get_json("/apps/hostile/break").await, StatusCode::BAD_GATEWAY);
    }
    let out = lan.get_json("/apps/hostile").await;
    expect(&out, StatusCode::SERVICE_UNAVAILABLE);
    let seconds: u32 = out.header("retry-after").parse().unwrap();
    assert!((30..=34).contains(&seconds), "{seconds}");
    assert_eq!(out.json()["type"], "/problems/plugin-out-of-service");
    let said = out.json()["detail"].as_str().unwrap().to_owned();
    assert!(said.contains("Phá phách") && said.contains("Tỉnh Lâm Đồng"), "{said}");

    // The alarm: in the inbox, and counted on the first page, of whoever manages it; of nobody else.
    let inbox = quan.get_json("/apps/dinh/inbox").await.json();
    assert_eq!(column(&inbox, "plugins-out", "plugin"), ["hostile"]);
    assert_eq!(quan.get_json("/").await.json()["waiting"]["count"], 1);
    assert_eq!(lan.get_json("/").await.json()["waiting"]["count"], 0);
    let mut so = offices.house.program("so").await;
    assert!(!so.get_json("/apps/dinh/inbox").await.body.contains("plugins-out"));
    expect(&so.get_json("/apps/dinh/plugins/hostile").await, StatusCode::NOT_FOUND);
    expect(&lan.get_json("/apps/dinh/plugins").await, StatusCode::FORBIDDEN);

    let page = quan.get_json("/apps/dinh/plugins/hostile").await.json();
    let mut shown = page["sections"].clone();
    let text = serde_json::to_string_pretty(&shown).unwrap();
    for wanted in ["10/10", "rows-read", "2001 / 2000", "SHA-256"] {
        assert!(text.contains(wanted), "{wanted}: {text}");
    }
    // What differs from build to build, and from run to run.
    mask(&mut shown);
    insta::assert_snapshot!("plugin", serde_json::to_string_pretty(&shown).unwrap());

    let released = quan.post_json("/apps/dinh/plugins/hostile", &json!({ "form": "release" })).await;
    expect(&released, StatusCode::SEE_OTHER);
    expect(&lan.get_json("/apps/hostile").await, StatusCode::OK);
    assert_eq!(quan.get_json("/").await.json()["waiting"]["count"], 0);
}

#[tokio::test]
async fn a_suspended_plugin_says_so_until_it_is_released_and_not_why() {
    let offices = offices();
    let (mut quan, mut lan) = (offices.house.program("quan").await, offices.house.program("lan").await);
    let form = |reason: &str| json!({ "form": "suspend", "inputs": { "reason": reason } });
    let path = "/apps/dinh/plugins/hostile";
    expect(&quan.post_json(path, &form("")).await, StatusCode::UNPROCESSABLE_ENTITY);
    expect(&quan.post_json(path, &form("Rò rỉ bộ nhớ")).await, StatusCode::SEE_OTHER);
    offices.house.clock.advance(20);
    let out = lan.get_json("/apps/hostile").await;
    expect(&out, StatusCode::SERVICE_UNAVAILABLE);
    assert!(!out.body.contains("Rò rỉ"), "{}", out.body);
    let first = lan.get_json("/").await.json();
    let standing = |id: &str| {
        let all = first["plugins"].as_array().unwrap();
        all.iter().find(|it| it["plugin"] == id).unwrap()["standing"].clone()
    };
    assert_eq!((standing("hostile"), standing("gallery")), (json!("suspended"), json!("serving")));
    let listed = quan.get_json("/apps/dinh/plugins").await;
    assert!(listed.body.contains("Rò rỉ bộ nhớ"), "{}", listed.body);
    assert_eq!(column(&listed.json(), "plugins", "plugin"), ["hostile", "gallery"]);
}

/// Hashes and what comes from the seed become dots.
fn mask(value: &mut serde_json::Value) {
    match value {
        serde_json::Value::Object(map) => {
            let label = map.get("label").and_then(serde_json::Value::as_str).unwrap_or_default().to_owned();
            for (key, value) in map.iter_mut() {
                if ["value", "text"].contains(&key.as_str())
                    && (label == "SHA-256" || label == "Tự thử lại lúc")
                {
                    *value = json!("…");
                } else {
                    mask(value);
                }
            }
        }
        serde_json::Value::Array(list) => list.iter_mut().for_each(mask),
        _ => {}
    }
}
