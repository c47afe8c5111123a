//! Many people from a file: a full report first, one request, the passwords handed out once.

use axum::http::StatusCode;
use dinh_model::Localized;
use dinh_services::accounts::{AccountState, NewPosition, create_position};
use serde_json::json;

use super::{Offices, column};
use crate::house::{Answer, Visitor, expect};

const PAGE: &str = "/apps/dinh/people/import";
const GOOD: &str =
    "Họ và tên;Đơn vị;Số bàn\nĐỗ Thị Ánh Đào;skhdt;Trưởng phòng\nLê Văn Bình;Sở Kế hoạch và Đầu tư;\n";

async fn upload(visitor: &mut Visitor, accept: &str, csrf: &str, content: &str) -> Answer {
    let fields = [("form", "people"), ("csrf", csrf), ("once", "n1")];
    visitor.upload(PAGE, accept, &fields, "can-bo.csv", content.as_bytes()).await
}

/// The upload of a program, and its preview.
async fn read(program: &mut Visitor, content: &str) -> (String, serde_json::Value) {
    let sent = upload(program, "application/json", "", content).await;
    expect(&sent, StatusCode::SEE_OTHER);
    let preview = program.get_json(sent.location()).await;
    expect(&preview, StatusCode::OK);
    (sent.json()["sheet"].as_str().unwrap().to_owned(), preview.json())
}

fn problems(preview: &serde_json::Value) -> &Vec<serde_json::Value> {
    preview["sections"][0]["blocks"][0]["preview"]["problems"].as_array().unwrap()
}

fn confirm(sheet: &str, rows: &str, inputs: serde_json::Value) -> serde_json::Value {
    json!({ "form": "people", "sheet": sheet, "rows": rows, "inputs": inputs })
}

#[tokio::test]
async fn a_file_of_people_becomes_one_request_that_its_approver_sees_whole() {
    let offices = Offices::new();
    offices.director();
    let mut quan = offices.house.browser("quan").await;
    assert!(quan.get("/apps/dinh/people").await.body.contains(&format!("href=\"{PAGE}\"")));
    let csrf = quan.get(PAGE).await.hidden("id=\"people\"", "csrf");
    let sent = upload(&mut quan, "text/html", &csrf, GOOD).await;
    expect(&sent, StatusCode::SEE_OTHER);
    let preview = quan.get(sent.location()).await;
    for said in [
        "Mọi dòng đều đúng",
        "dtadao-skhdt",
        "lvbinh-skhdt",
        "2 tài khoản tại 1 đơn vị",
        "Cột không dùng đến, được bỏ qua: Số bàn",
    ] {
        assert!(preview.body.contains(said), "{said}: {}", preview.body);
    }
    assert!(
        offices.house.perform(|call| dinh_services::accounts::find_account(call, "lvbinh-skhdt")).is_none()
    );

    let hidden = |name: &str| preview.hidden("id=\"people\"", name);
    let (sheet, once) = (hidden("sheet"), hidden("once"));
    let mut fields = vec![
        ("form", "people"),
        ("csrf", csrf.as_str()),
        ("once", &once),
        ("sheet", &sheet),
        ("rows", "all"),
        ("f.reason", ""),
    ];
    let without = quan.post(PAGE, &fields).await;
    expect(&without, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(without.body.contains("href=\"#people-f.reason\""), "{}", without.body);
    assert!(without.body.contains("dtadao-skhdt"), "the file is still at hand");
    *fields.last_mut().unwrap() = ("f.reason", "Quyết định tuyển dụng 15/QĐ-SNV");
    let asked = quan.post(PAGE, &fields).await;
    assert_eq!((asked.status, asked.location()), (303, "/apps/dinh/requests/1"), "{}", asked.body);
    let page = quan.get("/apps/dinh/requests/1").await;
    assert!(page.body.contains("href=\"/apps/dinh/requests/1/passwords\""), "{}", page.body);

    let mut giam = offices.house.program("giam").await;
    let inbox = giam.get_json("/apps/dinh/inbox").await.json();
    assert_eq!(column(&inbox, "inbox", "kind"), ["Mở nhiều tài khoản mới từ tệp"]);
    let shown = giam.get_json("/apps/dinh/requests/1").await;
    assert!(shown.body.contains("15/QĐ-SNV") && !shown.body.contains("/passwords"), "{}", shown.body);
    assert_eq!(column(&shown.json(), "accounts", "login"), ["dtadao-skhdt", "lvbinh-skhdt"]);
    offices.approve(1).await;
    assert_eq!(offices.account("lvbinh-skhdt").state, AccountState::Active);
}

#[tokio::test]
async fn the_passwords_are_handed_out_as_a_file_to_whoever_asked_and_are_nowhere_else() {
    let offices = Offices::new();
    offices.director();
    let mut quan = offices.house.program("quan").await;
    let (sheet, _) = read(&mut quan, GOOD).await;
    let asked = quan.post_json(PAGE, &confirm(&sheet, "all", json!({ "reason": "Quyết định 15" }))).await;
    expect(&asked, StatusCode::SEE_OTHER);
    let path = "/apps/dinh/requests/1/passwords";
    for who in ["giam", "so", "hoa"] {
        let mut other = offices.house.program(who).await;
        assert!(matches!(other.get_json(path).await.status, 403 | 404), "{who}");
        assert!(matches!(other.post_json(path, &json!({})).await.status, 403 | 404), "{who}");
    }
    let mut browser = offices.house.browser("quan").await;
    let page = browser.get(path).await;
    expect(&page, StatusCode::OK);
    expect(&browser.post(path, &[("csrf", "forged")]).await, StatusCode::FORBIDDEN);
    let csrf = page.hidden(&format!("action=\"{path}\""), "csrf");
    let file = browser.post(path, &[("csrf", &csrf)]).await;
    expect(&file, StatusCode::OK);
    assert_eq!(file.header("cache-control"), "no-store");
    assert_eq!(file.header("content-disposition"), "attachment; filename=\"mat-khau-tam-1.csv\"");
    let lines: Vec<_> = file.body.lines().collect();
    assert_eq!(lines[0], "\u{feff}Họ và tên;Đơn vị;Tên đăng nhập;E-mail;Mật khẩu tạm");
    let cells: Vec<_> = lines[2].split(';').collect();
    assert_eq!(&cells[..3], ["Lê Văn Bình", "Sở Kế hoạch và Đầu tư", "lvbinh-skhdt"]);
    let password = cells[4].to_owned();
    assert_eq!(password.len(), 19, "16 letters in groups of four: {password}");
    let kept = offices.house.platform.store().snapshot().unwrap().evidence(0, 10_000).unwrap();
    assert!(!format!("{kept:?}").contains(&password));
    assert!(kept.iter().any(|it| it.entry.action == "passwords.handed-out"));
    assert!(!browser.get(path).await.body.contains(&password));

    offices.approve(1).await;
    let again = quan.post_json(path, &json!({})).await;
    expect(&again, StatusCode::FORBIDDEN);
    assert!(again.json()["detail"].as_str().unwrap().contains("cấp lại cho từng người"), "{}", again.body);
    let mut binh = offices.house.stranger();
    let signed_in = binh.post("/sign-in", &[("account", "lvbinh-skhdt"), ("password", &password)]).await;
    assert_eq!(signed_in.status, 303, "{}", signed_in.body);
    assert_eq!(binh.get("/").await.location(), "/account/password");
}

#[tokio::test]
async fn a_program_gets_the_passwords_as_json() {
    let offices = Offices::new();
    let mut quan = offices.house.program("quan").await;
    let (sheet, _) = read(&mut quan, GOOD).await;
    let asked = quan.post_json(PAGE, &confirm(&sheet, "all", json!({ "reason": "Quyết định 15" }))).await;
    assert_eq!(asked.json()["href"], "/apps/dinh/requests/1");
    let path = "/apps/dinh/requests/1/passwords";
    assert_eq!(quan.get_json(path).await.json(), json!({ "request": 1, "accounts": 2 }));
    let list = quan.post_json(path, &json!({})).await.json();
    assert_eq!(list["accounts"][0]["login"], "dtadao-skhdt");
    assert!(list["accounts"][0]["password"].is_string());
}

#[tokio::test]
async fn every_fault_is_named_with_its_remedy_and_nothing_is_made_of_the_row() {
    let offices = Offices::new();
    let mut so = offices.house.program("so").await;
    let csv = "Họ và tên,Đơn vị,Độ mật\nNguyễn Thị Hồng,skhdt,\nVũ Văn Lạc,khong-co,\nHà Thị Cao,tinh,\nĐinh Văn Kín,skhdt,Cực mật\n";
    let (sheet, preview) = read(&mut so, csv).await;
    let found: Vec<_> = problems(&preview)
        .iter()
        .map(|it| (it["row"].as_u64().unwrap(), it["message"].as_str().unwrap()))
        .collect();
    assert_eq!(found[0], (1, "không có đơn vị đang hoạt động nào có mã hoặc tên này"));
    assert_eq!(found[1], (2, "bạn không có quyền quản lý tài khoản của đơn vị này ở độ mật này"));
    assert_eq!(found.len(), 2, "what the host finds in a cell is told once: {found:?}");
    assert_eq!(preview["sheet"]["problems"][0]["value"], "Cực mật");
    let report = so.get(preview["sheet"]["report"].as_str().unwrap()).await;
    let lines: Vec<_> = report.body.lines().collect();
    assert_eq!(lines.len(), 5, "a head and every row: {}", report.body);
    assert!(lines[1].contains("nthong-skhdt"), "{}", lines[1]);
    assert!(lines[2].contains("Ghi mã đơn vị như trong danh sách đơn vị"), "{}", lines[2]);
    // The whole file is refused as by command, by the same rule and with evidence.
    let all = so.post_json(PAGE, &confirm(&sheet, "all", json!({ "reason": "x" }))).await;
    expect(&all, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(all.body.contains("lỗi đầu tiên ở dòng 3"), "{}", all.body);
    let kept = offices.house.platform.store().snapshot().unwrap().evidence(0, 10_000).unwrap();
    let rule = kept.iter().rfind(|it| it.entry.action == "rule.refused").unwrap();
    assert_eq!(rule.entry.detail["rule"], "import-unknown-unit");
    let good = so.post_json(PAGE, &confirm(&sheet, "good", json!({ "reason": "x" }))).await;
    expect(&good, StatusCode::SEE_OTHER);
    assert_eq!(offices.account("nthong-skhdt").state, AccountState::Requested);
    let asked = so.get_json("/apps/dinh/requests/1").await.json();
    assert_eq!(column(&asked, "accounts", "login"), ["nthong-skhdt"]);
}

#[tokio::test]
async fn people_of_one_name_are_pointed_out_and_imported_once_they_are_said_to_be_different() {
    let offices = Offices::new();
    let mut quan = offices.house.program("quan").await;
    let csv = "Họ và tên,Đơn vị\nNguyễn Thị Lan,skhdt\nLê Văn Bình,skhdt\nLê Văn Bình,skhdt\n";
    let (sheet, preview) = read(&mut quan, csv).await;
    let found: Vec<_> =
        problems(&preview).iter().map(|it| (it["row"].as_u64(), it["warning"].as_bool())).collect();
    assert_eq!(found, [(Some(0), Some(true)), (Some(2), Some(true))]);
    let fields = preview["sections"][0]["blocks"][0]["preview"]["fields"].as_array().unwrap();
    assert_eq!(
        fields.iter().map(|it| it["name"].as_str().unwrap()).collect::<Vec<_>>(),
        ["reason", "same-names"]
    );
    let unsaid = quan.post_json(PAGE, &confirm(&sheet, "all", json!({ "reason": "x" }))).await;
    expect(&unsaid, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(unsaid.json()["problems"][0]["field"], "same-names", "{}", unsaid.body);
    let said = json!({ "reason": "x", "same-names": true });
    expect(&quan.post_json(PAGE, &confirm(&sheet, "all", said)).await, StatusCode::SEE_OTHER);
    assert_eq!(offices.account("lvbinh2-skhdt").state, AccountState::Requested);
}

#[tokio::test]
async fn a_file_without_units_is_for_one_unit_that_is_chosen_first() {
    let offices = Offices::new();
    let mut quan = offices.house.program("quan").await;
    let csv = "Họ và tên\nLê Văn Bình\n";
    let sent = upload(&mut quan, "application/json", "", csv).await;
    expect(&sent, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(sent.body.contains("Đơn vị"), "{}", sent.body);
    let page = format!("{PAGE}?unit={}", offices.planning);
    let fields = [("form", "people"), ("once", "n1")];
    let sent = quan.upload(&page, "application/json", &fields, "a.csv", csv.as_bytes()).await;
    expect(&sent, StatusCode::SEE_OTHER);
    let sheet = sent.json()["sheet"].as_str().unwrap().to_owned();
    let done = quan.post_json(&page, &confirm(&sheet, "all", json!({ "reason": "x" }))).await;
    expect(&done, StatusCode::SEE_OTHER);
    assert_eq!(offices.account("lvbinh-skhdt").unit, offices.planning);
}

#[tokio::test]
async fn whoever_manages_no_accounts_brings_no_file_and_what_is_no_table_is_refused() {
    let offices = Offices::new();
    let mut hoa = offices.house.program("hoa").await;
    expect(&hoa.get_json(PAGE).await, StatusCode::FORBIDDEN);
    expect(&upload(&mut hoa, "application/json", "", GOOD).await, StatusCode::FORBIDDEN);
    let mut quan = offices.house.program("quan").await;
    for (content, told) in
        [("%PDF-1.7 \0\u{1}", "không phải là bảng tính"), ("", "Tệp trống"), ("a;b\n1;2\n", "Tệp thiếu cột")]
    {
        let sent = upload(&mut quan, "application/json", "", content).await;
        expect(&sent, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(sent.body.contains(told), "{}", sent.body);
    }
    assert_eq!(
        quan.get_json("/apps/dinh/requests").await.json()["sections"][0]["blocks"][0]["rows"],
        json!([])
    );
}

#[tokio::test]
async fn twenty_thousand_people_are_asked_for_in_one_request_and_one_more_is_refused() {
    let offices = Offices::new();
    offices.director();
    let mut quan = offices.house.program("quan").await;
    let mut csv = String::from("Họ và tên,Đơn vị\n");
    let letter = |number: usize| char::from(b'a' + u8::try_from(number % 26).unwrap());
    for row in 0..20_000 {
        let given: String = [row / 676 % 26, row / 26 % 26, row % 26].map(letter).iter().collect();
        csv += &format!("Lê {}văn {given}{given},skhdt\n", letter(row / 17_576));
    }
    let (sheet, preview) = read(&mut quan, &csv).await;
    assert_eq!((preview["sheet"]["good_rows"].as_u64(), problems(&preview).len()), (Some(20_000), 0));
    let asked = quan.post_json(PAGE, &confirm(&sheet, "all", json!({ "reason": "Đợt đầu" }))).await;
    expect(&asked, StatusCode::SEE_OTHER);
    let list = quan.post_json("/apps/dinh/requests/1/passwords", &json!({})).await.json();
    assert_eq!(list["accounts"].as_array().unwrap().len(), 20_000);
    let mut giam = offices.house.program("giam").await;
    let shown = giam.get_json("/apps/dinh/requests/1").await.json();
    assert_eq!(column(&shown, "accounts", "login").len(), 20, "a page of them");
    let whole = giam.get("/apps/dinh/requests/1?export=accounts").await;
    assert_eq!(whole.body.lines().count(), 20_001);
    offices.approve(1).await;
    csv += "Lê Văn Thừa,skhdt\n";
    let sent = upload(&mut quan, "application/json", "", &csv).await;
    expect(&sent, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(sent.body.contains("20.000") || sent.body.contains("20000"), "{}", sent.body);
}

#[tokio::test]
async fn an_approver_sees_who_is_to_hold_which_position_below_the_decision() {
    let offices = Offices::new();
    offices.director();
    offices.house.perform(|call| {
        let title = Localized::new("Trưởng phòng", "Head of division");
        create_position(call, NewPosition { unit: offices.planning, title })
    });
    let mut quan = offices.house.program("quan").await;
    let file = "Họ và tên;Đơn vị;Chức vụ\nĐỗ Thị Ánh Đào;skhdt;Trưởng phòng\nLê Văn Bình;skhdt;\n";
    let (sheet, _) = read(&mut quan, file).await;
    let asked = quan.post_json(PAGE, &confirm(&sheet, "all", json!({ "reason": "Quyết định 15" }))).await;
    expect(&asked, StatusCode::SEE_OTHER);
    let shown = offices.house.program("giam").await.get_json("/apps/dinh/requests/1").await.json();
    let held = column(&shown, "accounts", "position");
    assert_eq!(held, ["Trưởng phòng – Sở Kế hoạch và Đầu tư", "null"]);
    let page = offices.house.browser("giam").await.get("/apps/dinh/requests/1").await.body;
    let place = |text: &str| page.find(text).unwrap_or_else(|| panic!("no {text}: {page}"));
    assert!(place("1–2 trong 2") > place(">Phê duyệt<"), "the decision comes first");
}
