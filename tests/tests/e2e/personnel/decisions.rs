//! Decisions: drafted by one, signed by another, written into record and histories.

use super::*;

#[test]
fn a_raise_is_drafted_by_one_signed_by_another_numbered_and_written_into_record_and_history() {
    let office = Office::open();
    let sheet = office.sheet("CB0001");
    let inputs = json!({ "effective-on": "2026-04-01", "grade": "01.003", "step": 7, "over-frame": null, "other-allowance": "0.20",
                         "content": "Nâng lương trước thời hạn do lập thành tích xuất sắc", "document": "45/TTr-SKHĐT" });
    let drafted = submit(
        &office.clerk,
        &format!("{sheet}/decide/raise"),
        &json!({ "form": "draft", "inputs": inputs }),
    );
    // It waits in the head's inbox, and the clerk cannot sign.
    let inbox = office.head.get_json("/apps/dinh/inbox").expect(200).json().to_string();
    assert!(inbox.contains("Nâng bậc lương: Nguyễn Thị Lan"), "{inbox}");
    let signature = json!({ "form": "sign", "inputs": { "signer-title": "Phó Chánh Văn phòng" } });
    refused(&office.clerk, &drafted, &signature);
    submit(&office.head, &drafted, &signature);
    refused(&office.head, &drafted, &signature);
    let decision = office.clerk.get_json(&drafted).expect(200).json();
    assert_eq!(fact(&decision, "Trạng thái"), "Đã ký");
    assert_eq!(fact(&decision, "Số"), "1/QĐ-VPUBND");
    let page = office.clerk.get_json(&sheet).expect(200).json();
    assert_eq!(fact(&page, "Bậc lương"), 7);
    assert_eq!(fact(&page, "Hệ số lương"), "4.32");
    // (4.32 + 0.30 + 0.20) × 2,340,000; on the last no insurance is paid.
    assert_eq!(fact(&page, "Lương tháng"), 11_278_800);
    assert_eq!(fact(&page, "Hệ số đóng BHXH"), "4.62");
    let step = rows(&page, "salary-steps").last().copied().unwrap().clone();
    assert_eq!(
        (&step["from"], &step["coefficient"], &step["decision"]),
        (&json!("2026-04-01"), &json!("4.32"), &json!("1/QĐ-VPUBND"))
    );
    // The next number follows without gap.
    let reward = decide(
        &office,
        &sheet,
        "reward",
        &json!({ "effective-on": "2026-05-19", "form": "Giấy khen", "content": null, "document": null }),
    );
    let decision = office.clerk.get_json(&reward).expect(200).json();
    assert_eq!(fact(&decision, "Số"), "2/QĐ-VPUBND");
}

#[test]
fn nobody_signs_what_they_drafted_and_a_step_that_is_none_is_refused_at_its_field() {
    let office = Office::open();
    let sheet = office.sheet("CB0001");
    let inputs = |step: i64, from: &str| json!({ "form": "draft", "inputs": { "effective-on": from, "grade": "01.003", "step": step, "over-frame": null, "content": null, "document": null } });
    let path = format!("{sheet}/decide/raise");
    assert!(refused(&office.clerk, &path, &inputs(12, "2026-04-01")).contains("Ngạch không có bậc này"));
    assert!(refused(&office.clerk, &path, &inputs(6, "2026-04-01")).contains("không cao hơn hiện nay"));
    assert!(refused(&office.clerk, &path, &inputs(7, "2020-01-01")).contains("Ngày hưởng không sau"));
    // The head drafts one, and may not sign it.
    let drafted = submit(&office.head, &path, &inputs(7, "2026-04-01"));
    let signature = json!({ "form": "sign", "inputs": { "signer-title": null } });
    assert!(
        refused(&office.head, &drafted, &signature).contains("Người dự thảo không đồng thời là người ký")
    );
    // Returned, it waits for whoever drafted it.
    let back = json!({ "form": "sign", "button": "return", "inputs": { "reason": "Chưa có tờ trình" } });
    submit(&office.head, &drafted, &back);
    let inbox = office.head.get_json("/apps/dinh/inbox").expect(200).json().to_string();
    assert!(inbox.contains("Quyết định bị trả lại"), "{inbox}");
}

#[test]
fn a_transfer_moves_the_officer_with_all_histories_and_the_past_stays_where_it_was() {
    let office = Office::open();
    let sheet = office.sheet("CB0001");
    let page = office.clerk.get_json(&format!("{sheet}/decide/transfer")).expect(200).json();
    assert_eq!(page["title"], "Quyết định: Điều động");
    let to = office.unit("Sở Xây dựng");
    let inputs = json!({ "effective-on": "2026-06-01", "to-unit": to, "position": "Chuyên viên", "content": null, "document": null });
    decide(&office, &sheet, "transfer", &inputs);
    let page = office.clerk.get_json(&sheet).expect(200).json();
    assert_eq!(
        fact(&page, "Đơn vị")["name"].as_str().or(fact(&page, "Đơn vị").as_str()),
        Some("Sở Xây dựng")
    );
    let careers = rows(&page, "careers");
    let last = careers.last().unwrap();
    assert_eq!((&last["from"], &last["agency"]), (&json!("2026-06-01"), &json!("Sở Xây dựng")));
    assert_eq!(careers[careers.len() - 2]["until"], "2026-05-31");
    // Before, the list shows where the officer was.
    let then = office.clerk.get_json(&format!("{APP}?q=CB0001&as-of=2026-05-31")).expect(200).json();
    assert!(rows(&then, "people")[0]["unit"].to_string().contains("Phòng Tổng hợp"), "{then}");
    let now = office.clerk.get_json(&format!("{APP}?q=CB0001")).expect(200).json();
    assert!(rows(&now, "people")[0]["unit"].to_string().contains("Sở Xây dựng"), "{now}");
}

#[test]
fn somebody_is_registered_recruited_and_retired_each_by_a_decision() {
    let office = Office::open();
    let unit = office.unit("unit=");
    let inputs = json!({ "code": "CB9100", "full-name": "Lê Thị Mới", "birth-date": "1998-02-03", "sex": "2", "unit": unit, "category": "cong-chuc",
        "citizen-id": "038198000001" });
    let wrong = json!({ "form": "add", "inputs": { "code": "CB9101", "full-name": "Lê Thị Mới", "birth-date": "1998-02-03", "sex": "2", "unit": unit,
        "category": "cong-chuc", "citizen-id": "0381" } });
    assert!(refused(&office.clerk, &format!("{APP}/new"), &wrong).contains("12 chữ số"));
    // Codes are those of the shared catalogs, by name on the sheet.
    let mut no_sex = inputs.clone();
    no_sex["sex"] = "nu".into();
    refused(&office.clerk, &format!("{APP}/new"), &json!({ "form": "add", "inputs": no_sex }));
    let sheet = submit(&office.clerk, &format!("{APP}/new"), &json!({ "form": "add", "inputs": inputs }));
    assert_eq!(fact(&office.clerk.get_json(&sheet).expect(200).json(), "Giới tính"), "Nữ");
    // Not in service yet: no raise before recruitment.
    let raise = json!({ "form": "draft", "inputs": { "effective-on": "2026-04-01", "grade": "01.003", "step": 2, "over-frame": null, "content": null, "document": null } });
    assert!(refused(&office.clerk, &format!("{sheet}/decide/raise"), &raise).contains("Tình trạng hiện nay"));
    let recruit = json!({ "effective-on": "2026-03-01", "to-unit": unit, "position": "Chuyên viên", "grade": "01.003", "step": 1, "content": null, "document": null });
    decide(&office, &sheet, "recruit", &recruit);
    let page = office.clerk.get_json(&sheet).expect(200).json();
    assert_eq!(fact(&page, "Tình trạng"), "Đang công tác");
    assert_eq!(fact(&page, "Hệ số lương"), "2.34");
    assert_eq!(rows(&page, "careers").len(), 1);
    // Signed ahead, it waits for its day and nothing changes before.
    let retire = json!({ "effective-on": "2060-03-01", "content": null, "document": null });
    let decision = decide(&office, &sheet, "retire", &retire);
    let shown = office.head.get_json(&decision).expect(200).json();
    assert_eq!(fact(&shown, "Trạng thái"), "Đã ký, chờ hiệu lực");
    let page = office.clerk.get_json(&sheet).expect(200).json();
    assert_eq!(fact(&page, "Tình trạng"), "Đang công tác");
    refused(&office.head, &decision, &json!({ "form": "effect" }));
}
