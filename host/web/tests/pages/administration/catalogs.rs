//! Shared catalogs: looked up by everybody, proposed by whoever may, decided by a steward.

use axum::http::StatusCode;
use dinh_services::catalog;
use serde_json::json;

use super::{Offices, column, filled, send};
use crate::house::expect;

const PROVINCES: &str = "/apps/dinh/catalogs/provinces";

#[tokio::test]
async fn everybody_looks_catalogs_up_as_of_a_day_and_by_name() {
    let offices = Offices::new();
    let mut hoa = offices.house.browser("hoa").await;
    let all = hoa.get_json("/apps/dinh/catalogs").await.json();
    let names = column(&all, "catalogs", "name");
    assert!(names.len() == 10 && names.contains(&"civil-service-grades".to_owned()), "{names:?}");
    let page = hoa.get(PROVINCES).await;
    expect(&page, StatusCode::OK);
    for said in ["Nghị quyết 202/2025/QH15", "Toàn hệ thống", "Lâm Đồng", "Các phiên bản"] {
        assert!(page.body.contains(said), "{said}: {}", page.body);
    }
    assert!(!page.body.contains("/propose"), "who may not propose is offered nothing");
    for (query, count) in [
        ("", 34),
        ("?day=2021-12-31", 50),
        ("?day=2021-12-31&after=70", 18),
        ("?name=binh+thuan&term=all", 1),
    ] {
        let shown = hoa.get_json(&format!("{PROVINCES}{query}")).await.json();
        assert_eq!(column(&shown, "entries", "code").len(), count, "{query}");
    }
    let before = hoa.get_json(&format!("{PROVINCES}?version=1")).await.json();
    assert!(column(&before, "entries", "code").is_empty(), "defined, and still without entries");
    let grades = hoa.get_json("/apps/dinh/catalogs/civil-service-grades").await.json();
    assert_eq!(column(&grades, "entries", "attribute-coefficient"), ["6,20", "4,40", "2,34", "1,86", "1,65"]);
    for missing in [
        "/apps/dinh/catalogs/provices",
        &format!("{PROVINCES}?version=99"),
        &format!("{PROVINCES}/entry?code=99"),
    ] {
        expect(&hoa.get(missing).await, StatusCode::NOT_FOUND);
    }
    expect(&hoa.get(&format!("{PROVINCES}/propose")).await, StatusCode::FORBIDDEN);
    expect(&hoa.get(&format!("{PROVINCES}/import")).await, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_code_is_translated_with_every_possibility_shown() {
    let offices = Offices::new();
    let mut hoa = offices.house.browser("hoa").await;
    let page = hoa.get(&format!("{PROVINCES}?code=60&to=2026-01-01")).await;
    assert!(page.body.contains("60 vào ngày 01/01/2026: đúng một mã."), "{}", page.body);
    let shown = hoa.get_json(&format!("{PROVINCES}?code=68-2025&to=2020-01-01")).await.json();
    assert_eq!(column(&shown, "translated", "code"), ["60", "67", "68"]);
    let entry = hoa.get_json(&format!("{PROVINCES}/entry?code=60")).await.json();
    assert_eq!(column(&entry, "became", "code"), ["68-2025"]);
    assert_eq!(column(&entry, "translated", "name"), ["Lâm Đồng"]);
}

#[tokio::test]
async fn an_entry_is_proposed_on_a_form_and_in_force_once_a_steward_approved_it() {
    let offices = Offices::new();
    offices.director();
    let mut quan = offices.house.browser("quan").await;
    let path = "/apps/dinh/catalogs/civil-service-grades/propose";
    let wrong = [("code", "01.003"), ("vi", "Chuyên viên"), ("from", "01/10/2004"), ("reason", "thử")];
    let told = send(&mut quan, path, "propose", &wrong).await;
    expect(&told, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(told.body.contains("Đã có mã “01.003”"), "{}", told.body);
    let new = [
        ("code", "01.009"),
        ("vi", "Nhân viên phục vụ"),
        ("from", "01/10/2004"),
        ("attribute-coefficient", "1,00"),
        ("attribute-steps", "12"),
        ("order", "9"),
        ("reason", "Nghị định 204/2004/NĐ-CP"),
    ];
    let asked = send(&mut quan, path, "propose", &new).await;
    expect(&asked, StatusCode::SEE_OTHER);
    let entry =
        || offices.house.perform(|call| Ok(catalog::open(call, catalog::GRADES)?.get("01.009").cloned()));
    assert!(entry().is_none());

    let mut giam = offices.house.browser("giam").await;
    let inbox = giam.get_json("/apps/dinh/inbox").await.json();
    assert_eq!(column(&inbox, "inbox", "kind"), ["Sửa danh mục dùng chung"]);
    assert_eq!(column(&inbox, "inbox", "for"), ["Ngạch công chức"]);
    let shown = giam.get_json("/apps/dinh/requests/1").await.json();
    assert_eq!(column(&shown, "proposed", "code"), ["01.009"]);
    assert_eq!(column(&shown, "proposed", "attribute-coefficient"), ["1,00"]);
    offices.approve(1).await;
    let entry = entry().unwrap();
    assert_eq!((entry.order, entry.attributes.len()), (9, 3));

    // A change shows what it changes, and ends on the last day that was said.
    let path = format!("{path}?code=01.009");
    let change = [
        ("vi", "Nhân viên phục vụ"),
        ("from", "01/10/2004"),
        ("until", "31/12/2026"),
        ("order", "9"),
        ("attribute-coefficient", "1"),
        ("attribute-steps", "12"),
        ("reason", "bãi bỏ"),
    ];
    expect(&send(&mut quan, &path, "propose", &change).await, StatusCode::SEE_OTHER);
    let shown = giam.get_json("/apps/dinh/requests/2").await.json();
    assert_eq!(column(&shown, "proposed", "kind"), ["Kết thúc"]);
    assert_eq!(column(&shown, "proposed", "differences"), ["Đến hết ngày: – → 31/12/2026"]);
    let stale = quan.get(&path).await;
    offices.approve(2).await;
    let seen = stale.hidden("id=\"propose\"", "f.seen");
    assert_eq!(seen, "3");
    let change = [&change[..], &[("seen", seen.as_str())]].concat();
    let fields = filled(&stale, "propose", &change);
    let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let told = quan.post(&path, &fields).await;
    expect(&told, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(told.body.contains("vừa được sửa sau khi bạn mở trang"), "{}", told.body);
    let page = quan.get("/apps/dinh/catalogs/civil-service-grades/entry?code=01.009").await;
    for said in ["31/12/2026", "Lịch sử sửa đổi", "bãi bỏ", "Hoàng Văn Giám"] {
        assert!(page.body.contains(said), "{said}: {}", page.body);
    }
}

#[tokio::test]
async fn a_file_is_looked_through_and_becomes_one_proposal() {
    let offices = Offices::new();
    let page = "/apps/dinh/catalogs/sexes/import";
    let mut quan = offices.house.program("quan").await;
    let upload = |content: &'static str| (content, [("form", "entries"), ("csrf", ""), ("once", "n1")]);
    let (content, fields) =
        upload("code,name_vi,valid_from,parent\n1,Nam giới,1945-09-02,\n3,Khác,2026-01-01,9\n");
    let sent = quan.upload(page, "application/json", &fields, "gioi-tinh.csv", content.as_bytes()).await;
    expect(&sent, StatusCode::SEE_OTHER);
    let preview = quan.get_json(sent.location()).await.json();
    let block = &preview["sections"][0]["blocks"][0]["preview"];
    let problems = block["problems"].as_array().unwrap();
    assert!(
        problems.len() == 1 && problems[0]["message"].as_str().unwrap().contains("không có trong tệp"),
        "{block}"
    );

    let (content, fields) =
        upload("code,name_vi,valid_from\n1,Nam giới,1945-09-02\n2,Nữ,1945-09-02\n3,Khác,2026-01-01\n");
    let sent = quan.upload(page, "application/json", &fields, "gioi-tinh.csv", content.as_bytes()).await;
    let preview = quan.get_json(sent.location()).await;
    assert!(preview.body.contains("thêm 1 mã, sửa 1 mã; 1 mã không đổi"), "{}", preview.body);
    let sheet = sent.json()["sheet"].as_str().unwrap().to_owned();
    let confirm = json!({ "form": "entries", "sheet": sheet, "rows": "all", "inputs": { "reason": "QCVN" } });
    expect(&quan.post_json(page, &confirm).await, StatusCode::SEE_OTHER);
    offices.director();
    offices.approve(1).await;
    let names = offices.house.perform(|call| {
        Ok(catalog::open(call, "sexes")?
            .entries()
            .iter()
            .map(|entry| entry.name.vi.clone())
            .collect::<Vec<_>>())
    });
    assert_eq!(names, ["Nam giới", "Nữ", "Khác"]);
    // The name in English had no column and stays.
    let male =
        offices.house.perform(|call| Ok(catalog::open(call, "sexes")?.get("1").unwrap().name.en.clone()));
    assert_eq!(male, "Male");
}

#[tokio::test]
async fn a_steward_defines_a_catalog_of_their_unit_and_hands_it_over() {
    let offices = Offices::new();
    let mut so = offices.house.browser("so").await;
    let planning = offices.planning.0.to_string();
    let new = [
        ("name", "danh-hieu"),
        ("vi", "Danh hiệu"),
        ("en", "Titles"),
        ("source", "Sở"),
        ("owner", planning.as_str()),
        ("reason", "lập mới"),
    ];
    let done = send(&mut so, "/apps/dinh/catalogs", "define", &new).await;
    assert_eq!((done.status, done.location()), (303, "/apps/dinh/catalogs/danh-hieu"), "{}", done.body);
    let whole = [
        ("name", "cua-tinh"),
        ("vi", "Của tỉnh"),
        ("en", "Theirs"),
        ("source", "Sở"),
        ("owner", ""),
        ("reason", "lập"),
    ];
    expect(&send(&mut so, "/apps/dinh/catalogs", "define", &whole).await, StatusCode::FORBIDDEN);
    assert!(so.get(PROVINCES).await.body.contains("/propose"), "an administrator may propose anything");
    assert!(!so.get(PROVINCES).await.body.contains("id=\"change\""), "but decides nothing of the house");
    let changed = [
        ("vi", "Danh hiệu thi đua"),
        ("en", "Titles"),
        ("source", "Sở"),
        ("owner", planning.as_str()),
        ("reason", "đổi tên"),
    ];
    expect(&send(&mut so, "/apps/dinh/catalogs/danh-hieu", "change", &changed).await, StatusCode::SEE_OTHER);
    let page = so.get("/apps/dinh/catalogs/danh-hieu").await;
    assert!(page.body.contains("Danh hiệu thi đua") && page.body.contains("đổi tên"), "{}", page.body);
}
