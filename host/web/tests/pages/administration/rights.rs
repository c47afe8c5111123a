//! Grants, roles, positions; who may, and why somebody may not.

use axum::http::StatusCode;
use dinh_services::accounts;
use serde_json::json;

use super::{Offices, column, send};
use crate::house::expect;

#[tokio::test]
async fn a_right_that_was_approved_opens_what_it_is_for_at_once() {
    let offices = Offices::new();
    let mut quan = offices.house.browser("quan").await;
    let mut hoa = offices.house.browser("hoa").await;
    assert_eq!(hoa.get("/apps/gallery").await.status, 403);
    let new = [
        ("person.words", "Trần Thị Hoa"),
        ("person", ""),
        ("role", "gallery.writer"),
        ("unit", "1"),
        ("label", "ordinary"),
        ("from", "01/07/2026"),
        ("until", "31/12/2026"),
        ("reason", "Quyết định 12/QĐ-SKHĐT"),
    ];
    let done = send(&mut quan, "/apps/dinh/grants/new", "give", &new).await;
    expect(&done, StatusCode::SEE_OTHER);
    assert_eq!(hoa.get("/apps/gallery").await.status, 403);
    offices.director();
    offices.approve(1).await;
    assert_eq!(hoa.get("/apps/gallery").await.status, 200);
    let page = quan.get_json("/apps/dinh/grants?standing=in-force&role=gallery.writer").await.json();
    assert_eq!(column(&page, "grants", "to"), ["Trần Thị Hoa", "Nguyễn Thị Lan"], "newest first");
    assert_eq!(column(&page, "grants", "until"), ["2026-12-31", "null"]);
    let file = quan.get("/apps/dinh/grants?standing=in-force&role=gallery.writer&export=grants").await.body;
    let by: Vec<_> = file.lines().skip(1).map(|line| line.rsplit(',').nth(1).unwrap()).collect();
    assert_eq!(by, ["Lê Minh Quân", "Người vận hành hệ thống"]);
}

#[tokio::test]
async fn selected_grants_are_withdrawn_with_a_reason_all_or_none() {
    let offices = Offices::new();
    let mut quan = offices.house.program("quan").await;
    let choose = json!({"form": "choose", "selected": ["1", "3"]});
    let asked = quan.post_json("/apps/dinh/grants", &choose).await;
    expect(&asked, StatusCode::SEE_OTHER);
    let path = asked.json()["href"].as_str().unwrap().to_owned();
    assert_eq!(path, "/apps/dinh/grants/withdraw?of=1,3");
    assert_eq!(
        quan.post_json(&path, &json!({"form": "withdraw"})).await.status,
        422,
        "no reason, no withdrawal"
    );
    let done = quan.post_json(&path, &json!({"form": "withdraw", "inputs": {"reason": "Rà soát"}})).await;
    expect(&done, StatusCode::SEE_OTHER);
    let ended = quan.get_json("/apps/dinh/grants?standing=ended").await.json();
    assert_eq!(column(&ended, "grants", "number"), ["3", "1"]);
    assert_eq!(column(&ended, "grants", "reason"), ["Rà soát", "Rà soát"]);
    let mut so = offices.house.browser("so").await;
    assert_eq!(so.get("/apps/dinh/people").await.status, 403, "it was theirs");
}

#[tokio::test]
async fn nobody_gives_what_they_do_not_administer() {
    let offices = Offices::new();
    let mut so = offices.house.program("so").await;
    let give = |unit: u32| {
        let inputs = json!({
            "person": 2, "role": "dinh.administrator", "unit": unit, "label": "ordinary",
            "from": "2026-07-01", "reason": "x"
        });
        json!({"form": "give", "inputs": inputs})
    };
    assert_eq!(so.post_json("/apps/dinh/grants/new", &give(1)).await.status, 403);
    expect(&so.post_json("/apps/dinh/grants/new", &give(2)).await, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_label_above_ones_own_is_refused_at_its_field_and_what_was_filled_in_stays() {
    let offices = Offices::new();
    let mut so = offices.house.browser("so").await;
    let give = [
        ("person.words", "Trần Thị Hoa"),
        ("person", ""),
        ("role", "gallery.writer"),
        ("unit", "2"),
        ("label", "confidential"),
        ("from", "01/07/2026"),
        ("until", ""),
        ("reason", "Quyết định 19"),
    ];
    let told = send(&mut so, "/apps/dinh/grants/new", "give", &give).await;
    expect(&told, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(told.body.contains("Quyết định 19"), "{}", told.body);
    let mut program = offices.house.program("so").await;
    let person = offices.account("hoa").id.0;
    let inputs = json!({
        "person": person, "role": "gallery.writer", "unit": 2, "label": "confidential", "from": "2026-07-01",
        "reason": "x"
    });
    let told = program.post_json("/apps/dinh/grants/new", &json!({ "form": "give", "inputs": inputs })).await;
    expect(&told, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(told.body.contains("\"label\"") && !told.body.contains("grants/new\""), "{}", told.body);
    // It is a refusal all the same, and nothing was asked for.
    let mut quan = offices.house.browser("quan").await;
    let refused = quan.get_json("/apps/dinh/evidence?outcome=refused").await.json();
    assert!(!column(&refused, "evidence", "action").is_empty());
    assert!(!quan.get("/apps/dinh/inbox").await.body.contains("Quyết định 19"));
}

#[tokio::test]
async fn a_position_is_made_held_given_rights_and_released() {
    let offices = Offices::new();
    let mut quan = offices.house.browser("quan").await;
    let new = [("vi", "Trưởng phòng"), ("en", "Head of division")];
    let made = send(&mut quan, "/apps/dinh/units/2", "new-position", &new).await;
    assert_eq!(made.location(), "/apps/dinh/positions/1", "{}", made.body);
    offices.director();
    let hold = [
        ("person.words", "Trần Thị Hoa"),
        ("person", ""),
        ("from", "01/07/2026"),
        ("until", ""),
        ("reason", "Quyết định 7"),
    ];
    expect(&send(&mut quan, "/apps/dinh/positions/1", "hold", &hold).await, StatusCode::SEE_OTHER);
    offices.approve(1).await;
    let give = [
        ("role", "gallery.writer"),
        ("unit", "2"),
        ("label", "ordinary"),
        ("from", "01/07/2026"),
        ("until", ""),
        ("reason", "Theo chức vụ"),
    ];
    let given = send(&mut quan, "/apps/dinh/grants/new?position=1", "give", &give).await;
    assert_eq!(given.location(), "/apps/dinh/positions/1", "{}", given.body);
    offices.approve(2).await;
    let mut hoa = offices.house.browser("hoa").await;
    assert_eq!(hoa.get("/apps/gallery").await.status, 200);
    let id = offices.account("hoa").id;
    let person = quan.get_json(&format!("/apps/dinh/people/{id}")).await.json();
    assert_eq!(column(&person, "held", "title"), ["Trưởng phòng"]);
    assert_eq!(column(&person, "grants", "source"), ["theo chức vụ"]);

    let mut program = offices.house.program("quan").await;
    let release = json!({"form": "release", "selected": [id.to_string()]});
    expect(&program.post_json("/apps/dinh/positions/1", &release).await, StatusCode::SEE_OTHER);
    assert_eq!(hoa.get("/apps/gallery").await.status, 403);
}

#[tokio::test]
async fn a_role_is_defined_shown_with_its_holders_and_defined_anew() {
    let offices = Offices::new();
    let mut quan = offices.house.program("quan").await;
    let define = |role: &str, permissions: serde_json::Value| {
        json!({"form": "define", "inputs": {
            "role": role, "vi": "Cán bộ", "en": "Officer", "permissions": permissions
        }})
    };
    let done =
        quan.post_json("/apps/dinh/roles", &define("skhdt.officer", json!(["gallery.page.open"]))).await;
    expect(&done, StatusCode::SEE_OTHER);
    let again =
        quan.post_json("/apps/dinh/roles", &define("skhdt.officer", json!(["gallery.page.open"]))).await;
    assert_eq!(again.status, 422, "a new role does not replace one: {}", again.body);
    let page = quan.get_json("/apps/dinh/roles/skhdt.officer").await.json();
    assert_eq!(column(&page, "permissions-of", "permission"), ["gallery.page.open"]);
    let mut anew = define("", json!(["gallery.page.open", "dinh.audit.read"]));
    anew["inputs"].as_object_mut().unwrap().remove("role");
    expect(&quan.post_json("/apps/dinh/roles/skhdt.officer", &anew).await, StatusCode::SEE_OTHER);
    let role = offices.house.perform(|call| accounts::find_role(call, &"skhdt.officer".parse().unwrap()));
    assert_eq!(role.unwrap().permissions.len(), 2);
    let platform = quan.get("/apps/dinh/roles/dinh.administrator").await;
    assert!(!platform.body.contains("id=\"define\""), "the platform's own role is not changed");
    let so = offices.house.browser("so").await.get("/apps/dinh/roles").await;
    assert!(!so.body.contains("id=\"define\""), "roles are for the whole house");
}

#[tokio::test]
async fn who_can_names_everybody_who_may_and_by_which_grant() {
    let offices = Offices::new();
    let mut quan = offices.house.browser("quan").await;
    let asked = "/apps/dinh/who-can?permission=dinh.account.manage&unit=2";
    let page = quan.get_json(asked).await.json();
    assert_eq!(column(&page, "who", "login"), ["quan", "so"]);
    assert_eq!(column(&page, "who", "by"), ["Quản trị hệ thống (số 2)", "Quản trị hệ thống (số 3)"]);
    let above = quan.get_json("/apps/dinh/who-can?permission=dinh.account.manage&unit=1").await.json();
    assert_eq!(column(&above, "who", "login"), ["quan"]);
    // By the rights of an earlier day, when nobody had any.
    let then = quan.get_json(&format!("{asked}&day=30/06/2026")).await.json();
    assert_eq!(column(&then, "who", "login"), Vec::<String>::new());
    assert_eq!(
        column(&quan.get_json(&format!("{asked}&day=2026-07-01")).await.json(), "who", "login"),
        ["quan", "so"]
    );
    expect(&quan.get(&format!("{asked}&day=yesterday")).await, StatusCode::BAD_REQUEST);
    let mut so = offices.house.browser("so").await;
    assert_eq!(so.get("/apps/dinh/who-can?permission=dinh.account.manage&unit=1").await.status, 403);
    expect(&so.get(asked).await, StatusCode::OK);
}

#[tokio::test]
async fn why_not_names_the_condition_that_fails_and_who_could_help() {
    let offices = Offices::new();
    let mut quan = offices.house.browser("quan").await;
    let asked = |person: dinh_model::AccountId, unit: u32| {
        format!(
            "/apps/dinh/why-not?person={person}&permission=dinh.account.manage&unit={unit}&label=ordinary"
        )
    };
    let (hoa, so) = (offices.account("hoa").id, offices.so);
    let page = quan.get(&asked(hoa, 2)).await;
    assert!(page.body.contains("Không vai trò nào của người này có quyền đó."), "{}", page.body);
    assert_eq!(
        column(&quan.get_json(&asked(hoa, 2)).await.json(), "granters", "name"),
        ["Đặng Thị Sổ", "Lê Minh Quân"]
    );
    assert!(quan.get(&asked(so, 1)).await.body.contains("nhưng không phải tại đơn vị này"));
    assert!(quan.get(&asked(so, 2)).await.body.contains("Mọi điều kiện đều đạt."));
}

#[tokio::test]
async fn who_may_names_the_roles_and_asks_before_it_shows() {
    let offices = Offices::new();
    let mut quan = offices.house.browser("quan").await;
    let page = quan.get("/apps/dinh/who-can").await.body;
    let select =
        page.split("name=\"permission\"").nth(1).unwrap().split("</select>").next().unwrap().to_owned();
    assert!(select.contains("— Chọn —") && !select.contains("Tất cả"), "{select}");
    let who = quan.get_json("/apps/dinh/who-can?permission=gallery.note.write&unit=1").await.json();
    assert_eq!(column(&who, "who", "by"), ["Người ghi (số 1)"]);
}
