//! The record sheet: what it shows, and what saves it.

use super::*;

#[test]
fn a_sheet_shows_salary_of_the_day_next_raise_and_retirement() {
    let office = Office::open();
    let sheet = office.sheet("CB0001");
    let page = office.clerk.get_json(&format!("{sheet}?as-of=2026-01-01")).expect(200).json();
    // (3.99 + 0.30) × 2,340,000.
    assert_eq!(fact(&page, "Lương tháng"), 10_038_600);
    assert_eq!(fact(&page, "Nâng lương kế tiếp"), "2027-04-01");
    // A woman born in March 1985 reaches 60 in March 2045.
    assert_eq!(fact(&page, "Nghỉ hưu hết ngày"), "2045-03-31");
    let before = office.clerk.get_json(&format!("{sheet}?as-of=2023-08-01")).expect(200).json();
    // A step lower, (3.66 + 0.30) × 1,800,000.
    assert_eq!(fact(&before, "Lương tháng"), 7_128_000);
    assert_eq!(rows(&page, "salary-steps").last().unwrap()["coefficient"], "3.99");
    let shown = office.clerk.get(&sheet).body;
    assert!(shown.is_empty() || !shown.contains("internal"), "{shown}");
}

#[test]
fn a_sheet_is_saved_with_its_rows_or_not_at_all() {
    let office = Office::open();
    let sheet = office.sheet("CB0002");
    let edit = format!("{sheet}/edit");
    let page = office.clerk.get_json(&edit).expect(200).json();
    let form = page::find(&page, &|value| value["form"] == "save").unwrap();
    let mut inputs = serde_json::Map::new();
    for field in page::all(&form["groups"], &|value| value["name"].is_string()) {
        inputs.insert(field["name"].as_str().unwrap().to_owned(), field["value"].clone());
    }
    let row = |from: &str, until: &str| json!({ "inputs": { "school": "Học viện Hành chính Quốc gia", "specialty": "Chuyên viên chính", "from": from, "until": until, "mode": null, "degree": "Chứng chỉ" } });
    let body = |inputs: &serde_json::Map<String, Value>, row: Value| json!({ "form": "save", "inputs": inputs, "children": { "trainings": [row] } });
    // A row out of order: neither the row nor the field beside it is saved.
    inputs.insert("forte".into(), json!("Soạn thảo văn bản"));
    let said = refused(&office.clerk, &edit, &body(&inputs, row("2025-03-01", "2024-03-01")));
    assert!(said.contains("ngày kết thúc trước ngày bắt đầu"), "{said}");
    let page = office.clerk.get_json(&sheet).expect(200).json();
    assert_eq!(fact(&page, "Sở trường công tác"), &Value::Null);
    submit(&office.clerk, &edit, &body(&inputs, row("2025-03-01", "2025-05-30")));
    let page = office.clerk.get_json(&sheet).expect(200).json();
    assert_eq!(fact(&page, "Sở trường công tác"), "Soạn thảo văn bản");
    let trainings = rows(&page, "trainings");
    assert_eq!(trainings.len(), 1, "rows that did not come back are gone");
    assert_eq!(trainings[0]["specialty"], "Chuyên viên chính");
}

#[test]
fn nobody_writes_the_own_record_and_an_account_is_tied_to_it_by_the_clerk() {
    let office = Office::open();
    let edit = |sheet: &str, change: &[(&str, Value)]| {
        let path = format!("{sheet}/edit");
        let page = office.clerk.get_json(&path).expect(200).json();
        let form = page::find(&page, &|value| value["form"] == "save").unwrap();
        let mut inputs = serde_json::Map::new();
        for field in page::all(&form["groups"], &|value| value["name"].is_string()) {
            inputs.insert(field["name"].as_str().unwrap().to_owned(), field["value"].clone());
        }
        inputs.extend(change.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
        (path, json!({ "form": "save", "inputs": inputs }))
    };
    // The clerk's own record.
    let (path, body) = edit(&office.sheet("CB0005"), &[("forte", json!("Tin học"))]);
    assert!(refused(&office.clerk, &path, &body).contains("Không tự sửa hồ sơ"));
    // Another officer's: who holds the account sees the record from then on, and its rows.
    let lan = office.sheet("CB0001");
    let (path, _) = edit(&lan, &[]);
    let page = office.clerk.get_json(&path).expect(200).json();
    let account = page::find(&page, &|value| value["name"] == "account").unwrap()["value"].clone();
    assert!(!account.is_null(), "{page}");
    let (path, body) = edit(&lan, &[("account", Value::Null)]);
    submit(&office.clerk, &path, &body);
    let officer = office.person("nguyenthilan-skhdt");
    assert!(officer.get(&format!("{APP}/own")).expect(200).body.contains("Chưa có hồ sơ"));
    let other = office.sheet("CB0010");
    let rows_before = office.clerk.get_json(&other).expect(200).json();
    let (path, mut body) = edit(&other, &[("account", account)]);
    body["children"] = json!({ "trainings": [{ "inputs": { "school": "Học viện Hành chính Quốc gia", "specialty": null, "from": "2020-01-05", "until": null, "mode": null, "degree": null } }] });
    submit(&office.clerk, &path, &body);
    let own = officer.get_json(&format!("{APP}/own")).expect(200).json();
    assert_eq!(fact(&own, "Số hiệu cán bộ"), "CB0010");
    assert_eq!(rows(&own, "trainings").len(), 1);
    assert_ne!(fact(&rows_before, "Họ và tên khai sinh"), "Nguyễn Thị Lan");
}
