//! Everything the administration does, done by a program through JSON; and the table of it that operators read.

use std::collections::{BTreeMap, BTreeSet};

use axum::http::StatusCode;
use dinh_runtime::Install;
use serde_json::{Value, json};

use super::{Offices, column};
use crate::house::{Answer, Visitor, component, expect};

const DOCUMENT: &str = include_str!("../../../../../docs/operators.md");

/// Form by form: its inputs, or `selected`.
type Forms = BTreeMap<(String, String), BTreeSet<String>>;

/// Sends a form; where it leads.
async fn send(program: &mut Visitor, path: &str, form: &str, inputs: Value) -> String {
    let done =
        program.post_json(&format!("/apps/dinh{path}"), &json!({ "form": form, "inputs": inputs })).await;
    assert_eq!(done.status, 303, "{form} at {path}: {}", done.body);
    done.json()["href"].as_str().unwrap().strip_prefix("/apps/dinh").unwrap().to_owned()
}

async fn select(program: &mut Visitor, path: &str, form: &str, selected: &[&str]) {
    let body = json!({ "form": form, "selected": selected });
    let done = program.post_json(&format!("/apps/dinh{path}"), &body).await;
    assert_eq!(done.status, 303, "{form} at {path}: {}", done.body);
}

fn problem(answer: &Answer, status: StatusCode, kind: &str) {
    expect(answer, status);
    assert_eq!(answer.header("content-type"), "application/problem+json");
    assert_eq!(answer.json()["type"], format!("/problems/{kind}"), "{}", answer.body);
}

/// The forms of a page: those to fill in, and those behind buttons.
fn collect(page: &str, value: &Value, forms: &mut Forms) {
    let mut found = |form: &Value, inputs: BTreeSet<String>| {
        let name = form.as_str().unwrap().to_owned();
        forms.entry((page.to_owned(), name)).or_default().extend(inputs);
    };
    match value {
        Value::Object(map) => {
            match map.get("kind").and_then(Value::as_str) {
                Some("form") => {
                    let groups = map["groups"].as_array().unwrap().iter();
                    let fields = groups.flat_map(|group| group["fields"].as_array().unwrap());
                    found(
                        &map["form"],
                        fields.map(|field| field["name"].as_str().unwrap().to_owned()).collect(),
                    );
                }
                Some("table") => {
                    for action in map["bulk_actions"].as_array().unwrap() {
                        found(&action["submit"]["form"], BTreeSet::from(["selected".to_owned()]));
                    }
                    return;
                }
                _ => {}
            }
            if let Some(submit) = map.get("submit").filter(|submit| submit.is_object()) {
                found(&submit["form"], BTreeSet::new());
            }
            map.values().for_each(|value| collect(page, value, forms));
        }
        Value::Array(list) => list.iter().for_each(|value| collect(page, value, forms)),
        _ => {}
    }
}

/// The forms of the document's table.
fn documented() -> Forms {
    let table = DOCUMENT.split("| page | forms and their inputs |").nth(1).unwrap();
    let rows = table.lines().skip(2).take_while(|line| line.starts_with('|'));
    let mut forms = Forms::new();
    for row in rows.filter(|row| !row.contains("/people/import")) {
        let cells: Vec<_> = row.split('|').map(str::trim).collect();
        let page = cells[1].trim_matches('`').strip_prefix("/apps/dinh").unwrap();
        let page = page.split('?').next().unwrap();
        // `form` (`input`, `input`), `form`, …
        let mut rest = cells[2].split(';').next().unwrap();
        while let Some(from) = rest.find('`') {
            let (name, after) = rest[from + 1..].split_once('`').unwrap();
            let mut inputs = BTreeSet::new();
            rest = after;
            if let Some(list) = after.strip_prefix(" (") {
                let (list, after) = list.split_once(')').unwrap();
                inputs = list.split(',').map(|input| input.trim().trim_matches('`').to_owned()).collect();
                rest = after;
            }
            forms.insert((page.to_owned(), name.to_owned()), inputs);
        }
    }
    forms
}

#[tokio::test]
async fn each_kind_of_deed_is_done_and_read_by_a_program_and_the_document_names_them_all() {
    let offices = Offices::new();
    let director = offices.director();
    // A transfer is decided by whoever manages accounts where the person comes to.
    offices.house.give(director, "dinh.administrator", offices.house.province);
    let mut quan = offices.house.program("quan").await;
    let mut giam = offices.house.program("giam").await;
    let mut lan = offices.house.program("lan").await;

    // Units: made, named, moved, ended, followed by another; their domain names.
    let unit = |code: &str| json!({ "code": code, "name": format!("Sở {code}"), "kind": "so", "parent": 1, "from": "2026-01-01" });
    let old = send(&mut quan, "/units/new", "create", unit("snv")).await;
    let new = send(&mut quan, "/units/new", "create", unit("sldtbxh")).await;
    send(&mut quan, &old, "rename", json!({ "name": "Sở Nội vụ" })).await;
    send(&mut quan, &old, "move", json!({ "parent": 2, "reason": "sắp xếp lại" })).await;
    send(&mut giam, "/requests/1", "approve", json!({})).await;
    send(&mut quan, &old, "add-domain", json!({ "domain": "snv.lamdong.gov.vn" })).await;
    send(&mut quan, &old, "add-domain", json!({ "domain": "noivu.lamdong.gov.vn" })).await;
    select(&mut quan, &old, "remove-domains", &["noivu.lamdong.gov.vn"]).await;
    send(&mut quan, &old, "end", json!({ "until": "2026-06-01" })).await;
    send(
        &mut quan,
        &old,
        "add-successor",
        json!({ "successor": new.rsplit('/').next().unwrap().parse::<u32>().unwrap() }),
    )
    .await;
    let page = quan.get_json(&format!("/apps/dinh{old}")).await.json();
    assert_eq!(column(&page, "domains", "domain"), ["snv.lamdong.gov.vn"]);
    assert_eq!(column(&page, "successors", "code"), ["sldtbxh"]);

    // People: asked for, approved, changed, transferred.
    let person = json!({ "name": "Vũ Thị Tư", "login": "tu", "unit": 2, "clearance": "ordinary", "password": "một câu tạm thời" });
    let tu = send(&mut quan, "/people/new", "create", person).await;
    send(&mut giam, "/requests/2", "approve", json!({})).await;
    send(&mut quan, &tu, "change", json!({ "name": "Vũ Thị Tư Anh", "clearance": "ordinary" })).await;
    send(&mut quan, &tu, "transfer", json!({ "unit": 1, "reason": "Luân chuyển" })).await;
    send(&mut giam, "/requests/3", "refuse", json!({ "reason": "Chưa có chỉ tiêu" })).await;
    send(&mut quan, &tu, "transfer", json!({ "unit": 1, "reason": "Luân chuyển" })).await;
    send(&mut quan, "/requests/4", "withdraw", json!({})).await;
    let mine = quan.get_json("/apps/dinh/requests").await.json();
    assert_eq!(column(&mine, "mine", "number"), ["4", "3", "2", "1"]);
    send(&mut quan, &tu, "suspend", json!({ "reason": "Nghỉ dài ngày" })).await;

    // Roles, grants, positions.
    let held = json!({ "role": "skhdt.officer", "vi": "Cán bộ", "en": "Officer", "permissions": ["gallery.page.open"] });
    send(&mut quan, "/roles", "define", held).await;
    let anew = json!({ "vi": "Cán bộ sở", "en": "Officer", "permissions": ["gallery.page.open"] });
    send(&mut quan, "/roles/skhdt.officer", "define", anew).await;
    let hoa = offices.account("hoa").id.0;
    let grant = json!({ "person": hoa, "role": "skhdt.officer", "unit": 2, "label": "ordinary", "from": "2026-07-01", "reason": "QĐ 8" });
    send(&mut quan, "/grants/new", "give", grant).await;
    send(&mut giam, "/requests/5", "approve", json!({})).await;
    let listed = quan.get_json("/apps/dinh/grants?role=skhdt.officer").await.json();
    let number = column(&listed, "grants", "number").remove(0);
    send(&mut quan, &format!("/grants/withdraw?of={number}"), "withdraw", json!({ "reason": "Rà soát" }))
        .await;
    let position = send(
        &mut quan,
        "/units/2",
        "new-position",
        json!({ "vi": "Trưởng phòng", "en": "Head of division" }),
    )
    .await;
    send(&mut quan, &position, "hold", json!({ "person": hoa, "from": "2026-07-01", "reason": "QĐ 9" }))
        .await;
    send(&mut giam, "/requests/6", "approve", json!({})).await;
    select(&mut quan, &position, "release", &[&hoa.to_string()]).await;

    // Heads, delegations.
    send(&mut quan, "/units/2", "name-head", json!({ "head": hoa, "label": "ordinary", "reason": "QĐ 10" }))
        .await;
    send(&mut giam, "/requests/7", "approve", json!({})).await;
    let loan = json!({ "grants": ["1"], "borrower": hoa, "from": "2026-07-01", "until": "2026-07-31", "reason": "Nghỉ phép" });
    send(&mut lan, "/delegations", "lend", loan.clone()).await;
    send(&mut giam, "/requests/8", "approve", json!({})).await;
    let listed = lan.get_json("/apps/dinh/delegations").await.json();
    assert_eq!(column(&listed, "lent", "state"), ["Có hiệu lực"]);

    // Sessions.
    let mut so = offices.house.program("so").await;
    send(&mut quan, &format!("/people/{}", offices.so), "end-all-sessions", json!({})).await;
    expect(&so.get_json("/").await, StatusCode::UNAUTHORIZED);

    // Plugins: taken out, and let back.
    let operator = offices.house.operator();
    let province = Install::at(offices.house.province);
    offices.house.runtime.install(&component("forgetful"), province, &operator).unwrap();
    for plugin in ["gallery", "forgetful"] {
        let page = format!("/plugins/{plugin}");
        send(&mut quan, &page, "suspend", json!({ "reason": "Chờ bản vá" })).await;
    }
    problem(&lan.get_json("/apps/gallery").await, StatusCode::SERVICE_UNAVAILABLE, "plugin-out-of-service");
    send(&mut quan, "/plugins/gallery", "release", json!({})).await;
    expect(&lan.get_json("/apps/gallery").await, StatusCode::OK);

    // What is refused is a problem of a stable type.
    problem(&lan.get_json("/apps/dinh/roles").await, StatusCode::FORBIDDEN, "denied");
    let taken = json!({ "form": "create", "inputs": unit("snv") });
    let answer = quan.post_json("/apps/dinh/units/new", &taken).await;
    problem(&answer, StatusCode::UNPROCESSABLE_ENTITY, "invalid");
    assert_eq!(answer.json()["problems"][0]["field"], "code");
    problem(&quan.get_json("/apps/dinh/units/99").await, StatusCode::NOT_FOUND, "not-found");
    let none = quan.post_json("/apps/dinh/units/2", &json!({ "form": "abolish" })).await;
    problem(&none, StatusCode::BAD_REQUEST, "bad-request");
    let evidence = quan.get_json("/apps/dinh/evidence").await.json();
    assert!(column(&evidence, "evidence", "action").contains(&"sessions.ended".to_owned()));

    // The document names each form that some page of these has, with its inputs, and no others.
    send(&mut lan, "/delegations", "lend", loan).await;
    crate::own_account::enrol(&offices.house, &mut offices.house.browser("hoa").await).await;
    let lan_id = offices.account("lan").id;
    let pages = [
        ("/units/new", "/units/new".to_owned()),
        ("/units/ID", old),
        ("/units/ID", "/units/2".to_owned()),
        ("/units/ID", "/units/1".to_owned()),
        ("/positions/ID", position),
        ("/people/new", "/people/new".to_owned()),
        ("/people/ID", format!("/people/{lan_id}")),
        ("/people/ID", format!("/people/{hoa}")),
        ("/people/ID", tu),
        ("/sessions", "/sessions".to_owned()),
        ("/roles", "/roles".to_owned()),
        ("/roles/ID", "/roles/skhdt.officer".to_owned()),
        ("/grants", "/grants".to_owned()),
        ("/grants/withdraw", "/grants/withdraw?of=1".to_owned()),
        ("/grants/new", "/grants/new".to_owned()),
        ("/delegations", "/delegations".to_owned()),
        ("/delegations/ID", "/delegations/1".to_owned()),
        ("/requests/ID", "/requests/9".to_owned()),
        ("/plugins/ID", "/plugins/gallery".to_owned()),
        ("/plugins/ID", "/plugins/forgetful".to_owned()),
    ];
    let mut forms = Forms::new();
    for (page, path) in pages {
        for visitor in [&mut quan, &mut giam, &mut lan] {
            let answer = visitor.get_json(&format!("/apps/dinh{path}")).await;
            if answer.status == 200 {
                collect(page, &answer.json(), &mut forms);
            }
        }
    }
    assert_eq!(forms, documented());
}
