//! Units: listed, made, renamed, moved, ended.

use axum::http::StatusCode;
use dinh_services::accounts;
use serde_json::json;

use super::{Offices, column, filled, send};
use crate::house::expect;

#[tokio::test]
async fn the_tree_is_a_table_cut_to_what_the_reader_administers() {
    let offices = Offices::new();
    let mut quan = offices.house.browser("quan").await;
    let page = quan.get("/apps/dinh/units").await;
    expect(&page, StatusCode::OK);
    assert!(
        page.body.contains("\u{2003}<a href=\"/apps/dinh/units/2\">Sở Kế hoạch và Đầu tư"),
        "below the province: {}",
        page.body
    );
    assert!(page.body.contains("href=\"/apps/dinh/units/new\""));
    let json = quan.get_json("/apps/dinh/units").await.json();
    assert_eq!(column(&json, "units", "code"), ["tinh", "skhdt"]);
    let json = offices.house.browser("so").await.get_json("/apps/dinh/units").await.json();
    assert_eq!(column(&json, "units", "code"), ["skhdt"]);
    assert_eq!(column(&json, "units", "name"), ["Sở Kế hoạch và Đầu tư"], "nothing is above it here");
}

#[tokio::test]
async fn a_unit_is_made_renamed_and_ended_and_its_move_is_asked_for() {
    let offices = Offices::new();
    let mut quan = offices.house.browser("quan").await;
    let new =
        [("code", "snv"), ("name", "Sở Nội vụ"), ("kind", "so"), ("parent", "1"), ("from", "01/07/2026")];
    let done = send(&mut quan, "/apps/dinh/units/new", "create", &new).await;
    assert_eq!((done.status, done.location()), (303, "/apps/dinh/units/3"), "{}", done.body);
    let page = quan.get("/apps/dinh/units/3").await;
    assert!(page.body.contains("Đã tạo đơn vị") && page.body.contains("Sở Nội vụ"), "{}", page.body);

    let moved = [("parent", "2"), ("reason", "sắp xếp lại")];
    for (form, inputs) in [
        ("rename", &[("name", "Sở Nội vụ tỉnh")][..]),
        ("end", &[("until", "31/12/2029")][..]),
        ("move", &moved[..]),
    ] {
        let done = send(&mut quan, "/apps/dinh/units/3", form, inputs).await;
        expect(&done, StatusCode::SEE_OTHER);
    }
    let unit = || offices.house.perform(|call| accounts::get_unit(call, dinh_model::UnitId(3)));
    assert_eq!(unit().name, "Sở Nội vụ tỉnh");
    // The move waits for somebody else, who is shown what it is.
    let asked = quan.get("/apps/dinh/requests/1").await;
    for text in ["Chuyển đơn vị sang cấp trên khác", "Sở Kế hoạch và Đầu tư"] {
        assert!(asked.body.contains(text), "{text}: {}", asked.body);
    }
    assert_ne!(unit().parent, Some(offices.planning));
    let unit = unit();
    assert_eq!(unit.valid_until, Some(jiff::civil::date(2030, 1, 1)));
}

#[tokio::test]
async fn another_root_is_asked_for_on_purpose_and_the_director_agrees() {
    let offices = Offices::new();
    offices.director();
    let mut quan = offices.house.browser("quan").await;
    let root = [
        ("code", "tinhuy"),
        ("name", "Tỉnh uỷ"),
        ("kind", "dang"),
        ("from", "01/01/2026"),
        ("reason", "riêng"),
    ];
    let asked = send(&mut quan, "/apps/dinh/units/new", "create-root", &root).await;
    expect(&asked, StatusCode::SEE_OTHER);
    let found = || offices.house.perform(|call| accounts::find_unit(call, "tinhuy"));
    assert_eq!(found(), None);
    offices.approve(1).await;
    assert_eq!(found().unwrap().parent, None);
    // Who administers one department only is not offered it.
    let page = offices.house.browser("so").await.get("/apps/dinh/units/new").await;
    assert!(page.body.contains("id=\"create\"") && !page.body.contains("create-root"), "{}", page.body);
}

#[tokio::test]
async fn a_mistake_is_named_beside_its_field_and_nothing_is_made() {
    let offices = Offices::new();
    let mut quan = offices.house.browser("quan").await;
    let taken =
        [("code", "skhdt"), ("name", "Sở khác"), ("kind", "so"), ("parent", "1"), ("from", "01/07/2026")];
    let refused = send(&mut quan, "/apps/dinh/units/new", "create", &taken).await;
    expect(&refused, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("href=\"#create-f.code\""), "{}", refused.body);
    assert!(refused.body.contains("value=\"Sở khác\""), "what was typed is still there");
    let itself = send(&mut quan, "/apps/dinh/units/1", "move", &[("parent", "2"), ("reason", "nhầm")]).await;
    expect(&itself, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(itself.body.contains("Không thể chuyển một đơn vị vào chính nó"), "{}", itself.body);
}

#[tokio::test]
async fn a_form_is_there_only_for_whoever_may_send_it_and_is_refused_from_others() {
    let offices = Offices::new();
    let mut so = offices.house.browser("so").await;
    expect(&so.get("/apps/dinh/units/2").await, StatusCode::OK);
    let above = so.get("/apps/dinh/units/1").await;
    expect(&above, StatusCode::FORBIDDEN);
    let new = [("code", "x"), ("name", "X"), ("kind", "so"), ("parent", "1"), ("from", "01/07/2026")];
    let refused = send(&mut so, "/apps/dinh/units/new", "create", &new).await;
    expect(&refused, StatusCode::FORBIDDEN);
    assert!(refused.body.contains("Tỉnh Lâm Đồng"), "it says where: {}", refused.body);
}

#[tokio::test]
async fn a_name_that_somebody_else_changed_meanwhile_is_shown_beside_mine() {
    let offices = Offices::new();
    let mut quan = offices.house.browser("quan").await;
    let page = quan.get("/apps/dinh/units/2").await;
    let mine = filled(&page, "rename", &[("name", "Tên của tôi")]);
    let mut program = offices.house.program("quan").await;
    let theirs = json!({"form": "rename", "inputs": {"name": "Tên của người khác"}});
    expect(&program.post_json("/apps/dinh/units/2", &theirs).await, StatusCode::SEE_OTHER);
    let fields: Vec<_> = mine.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let stale = quan.post("/apps/dinh/units/2", &fields).await;
    expect(&stale, StatusCode::CONFLICT);
    for text in ["Người khác vừa sửa", "value=\"Tên của tôi\"", "Tên của người khác"] {
        assert!(stale.body.contains(text), "{text}: {}", stale.body);
    }
}

#[tokio::test]
async fn the_tree_is_exported_without_what_only_eyes_need() {
    let offices = Offices::new();
    let file = offices.house.browser("quan").await.get("/apps/dinh/units?export=units").await;
    expect(&file, StatusCode::OK);
    assert_eq!(file.header("content-disposition"), "attachment; filename=\"dinh-units.csv\"");
    let lines: Vec<_> = file.body.trim_start_matches('\u{feff}').lines().collect();
    assert!(lines[2].starts_with("Sở Kế hoạch và Đầu tư,skhdt,so,Tỉnh Lâm Đồng,2000-01-01,"), "{lines:?}");
}

#[tokio::test]
async fn a_new_unit_looks_as_it_does() {
    let offices = Offices::new();
    let page = offices.house.browser("quan").await.get("/apps/dinh/units/2").await;
    let content = page.body.split("<main").nth(1).unwrap().split("</main>").next().unwrap();
    insta::assert_snapshot!("unit", super::readable(content));
}

#[tokio::test]
async fn a_head_is_named_and_handed_over_by_two_people_and_the_unit_says_who_it_is() {
    let offices = Offices::new();
    offices.director();
    let (lan, hoa) = (offices.account("lan").id, offices.account("hoa").id);
    // What is asked is asked by somebody who has all that a head has.
    let (quan, province) = (offices.quan, offices.house.province);
    offices.house.perform(|call| {
        accounts::name_head(call, province, quan, dinh_model::Label::Ordinary, "Bắt đầu").map(|_| ())
    });
    let mut quan = offices.house.program("quan").await;
    let mut giam = offices.house.program("giam").await;
    let name = |form: &str, head: u32| {
        let mut inputs = json!({ "head": head, "reason": "Quyết định 5" });
        if form == "name-head" {
            inputs["label"] = "ordinary".into();
        }
        json!({ "form": form, "inputs": inputs })
    };
    let page = quan.get("/apps/dinh/units/2").await.body;
    assert!(
        page.contains("Là quản trị tối cao của đơn vị cấp trên") && page.contains("id=\"name-head\""),
        "{page}"
    );
    let asked = quan.post_json("/apps/dinh/units/2", &name("name-head", lan.0)).await;
    expect(&asked, StatusCode::SEE_OTHER);
    assert!(asked.body.contains("Đề nghị số 1"), "{}", asked.body);
    offices.approve(1).await;
    let page = quan.get("/apps/dinh/units/2").await.body;
    assert!(page.contains("Nguyễn Thị Lan") && page.contains("id=\"hand-over\""), "{page}");
    expect(&quan.post_json("/apps/dinh/units/2", &name("hand-over", hoa.0)).await, StatusCode::SEE_OTHER);
    let shown = giam.get("/apps/dinh/requests/2").await.body;
    assert!(shown.contains("1 người được thêm quyền; 1 người bị bớt quyền"), "{shown}");
    offices.approve(2).await;
    let head = offices.house.perform(|call| accounts::own_head(call, offices.planning));
    assert_eq!(head.unwrap().account, hoa);
    let mut so = offices.house.program("so").await;
    assert_eq!(so.post_json("/apps/dinh/units/1", &name("name-head", lan.0)).await.status, 403);
}

#[tokio::test]
async fn a_unit_shows_its_domain_names_and_what_it_was_merged_into() {
    let offices = Offices::new();
    let mut quan = offices.house.program("quan").await;
    let path = "/apps/dinh/units/2";
    let add = |name: &str| json!({ "form": "add-domain", "inputs": { "domain": name } });
    expect(&quan.post_json(path, &add("skhdt.lamdong.gov.vn")).await, StatusCode::SEE_OTHER);
    assert_eq!(quan.post_json(path, &add("không phải tên miền")).await.status, 422);
    let page = quan.get_json(path).await.json();
    assert_eq!(column(&page, "domains", "domain"), ["skhdt.lamdong.gov.vn"]);
    let remove = json!({ "form": "remove-domains", "selected": ["skhdt.lamdong.gov.vn"] });
    expect(&quan.post_json(path, &remove).await, StatusCode::SEE_OTHER);
    assert!(column(&quan.get_json(path).await.json(), "domains", "domain").is_empty());

    let end = json!({ "form": "end", "inputs": { "until": "2026-12-31" } });
    let kept = quan.post_json(path, &end).await;
    assert!((400..500).contains(&kept.status), "{}", kept.body);
    assert!(kept.body.contains("hãy chuyển đơn vị hoặc đóng"), "{}", kept.body);
    let new = json!({ "form": "create", "inputs": {
        "code": "snv", "name": "Sở Nội vụ", "kind": "so", "parent": 1, "from": "2026-07-01"
    } });
    expect(&quan.post_json("/apps/dinh/units/new", &new).await, StatusCode::SEE_OTHER);
    let path = "/apps/dinh/units/3";
    expect(&quan.post_json(path, &end).await, StatusCode::SEE_OTHER);
    let after = json!({ "form": "add-successor", "inputs": { "successor": 1 } });
    expect(&quan.post_json(path, &after).await, StatusCode::SEE_OTHER);
    let page = quan.get_json(path).await.json();
    assert_eq!(column(&page, "successors", "name"), ["Tỉnh Lâm Đồng"]);
    let page = quan.get_json("/apps/dinh/units/1").await.json();
    assert_eq!(column(&page, "predecessors", "name"), ["Sở Nội vụ"]);
}
