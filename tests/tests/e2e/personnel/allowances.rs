//! Allowances and trainings: granted, ended and recognised by decisions, true as of any day.

use super::*;

#[test]
fn an_allowance_is_granted_and_ended_by_decisions_and_paid_on_the_days_between() {
    let office = Office::open();
    let sheet = office.sheet("CB0008");
    let grant = json!({ "effective-on": "2026-03-01", "allowance-kind": "trach-nhiem", "rate": "0.3", "until": null, "content": null, "document": null });
    decide(&office, &sheet, "allowance", &grant);
    let end = json!({ "effective-on": "2026-09-01", "allowance-kind": "trach-nhiem", "content": null, "document": null });
    decide(&office, &sheet, "end-allowance", &end);
    let page = office.clerk.get_json(&sheet).expect(200).json();
    let row = rows(&page, "allowances").first().copied().unwrap().clone();
    assert_eq!(
        (&row["from"], &row["until"], &row["decision"]),
        (&json!("2026-03-01"), &json!("2026-08-31"), &json!("1/QĐ-VPUBND"))
    );
    let paid = |day: &str| {
        let page = office.clerk.get_json(&format!("{sheet}?as-of={day}")).expect(200).json();
        fact(&page, "Lương tháng").as_i64()
    };
    // 2.34 and 2.64, × 2,340,000; the base salary of later days is another.
    assert_eq!((paid("2026-02-28"), paid("2026-03-01")), (Some(5_475_600), Some(6_177_600)));
    // What is granted twice, and what is not had, is refused at its field.
    let path = format!("{sheet}/decide/end-allowance");
    let said = refused(&office.clerk, &path, &json!({ "form": "draft", "inputs": end }));
    assert!(said.contains("đã có dòng hưởng") || said.contains("không hưởng loại phụ cấp này"), "{said}");
    let mut more = grant.clone();
    more["rate"] = json!("6");
    more["effective-on"] = json!("2026-10-01");
    let path = format!("{sheet}/decide/allowance");
    let said = refused(&office.clerk, &path, &json!({ "form": "draft", "inputs": more }));
    assert!(said.contains("Mức hưởng phải lớn hơn 0 và không quá 5"), "{said}");
}

#[test]
fn what_was_taken_over_becomes_a_row_when_an_appointment_changes_it() {
    let office = Office::open();
    let sheet = office.sheet("CB0001");
    let insured = |day: &str| {
        let page = office.clerk.get_json(&format!("{sheet}?as-of={day}")).expect(200).json();
        fact(&page, "Hệ số đóng BHXH").clone()
    };
    assert_eq!(insured("2026-06-01"), "4.29");
    let appoint = json!({ "effective-on": "2026-06-01", "position": "Trưởng phòng", "to-unit": null, "term-until": null, "allowance": "0.5",
        "other-allowance": null, "content": null, "document": null });
    decide(&office, &sheet, "appoint", &appoint);
    assert_eq!((insured("2026-05-31"), insured("2026-06-01")), (json!("4.29"), json!("4.49")));
    let page = office.clerk.get_json(&sheet).expect(200).json();
    assert_eq!(fact(&page, "Phụ cấp chức vụ"), "0.5");
    let shown = rows(&page, "allowances");
    assert_eq!(shown.len(), 2);
    assert_eq!(
        (&shown[0]["from"], &shown[0]["until"], &shown[1]["from"]),
        (&json!("2022-03-01"), &json!("2026-05-31"), &json!("2026-06-01"))
    );
}

#[test]
fn a_training_that_is_recognised_raises_the_level_from_the_day_it_was_finished() {
    let office = Office::open();
    let sheet = office.sheet("CB0008");
    let page = office.clerk.get_json(&sheet).expect(200).json();
    assert_eq!(fact(&page, "Trình độ chuyên môn cao nhất"), "Đại học");
    let training = json!({ "effective-on": "2026-06-30", "training-from": "2024-09-05", "school": "Trường Đại học Kinh tế quốc dân",
        "specialty": "Quản lý công", "mode": "Vừa làm vừa học", "degree": "Thạc sĩ Quản lý công", "education-level": "thac-si",
        "political-theory": null, "state-management": null, "foreign-language": null, "computing": null,
        "content": null, "document": null });
    decide(&office, &sheet, "training", &training);
    let page = office.clerk.get_json(&sheet).expect(200).json();
    assert_eq!(fact(&page, "Trình độ chuyên môn cao nhất"), "Thạc sĩ");
    assert_eq!(fact(&page, "Chuyên ngành"), "Quản lý công");
    let row = rows(&page, "trainings").last().copied().unwrap().clone();
    assert_eq!((&row["until"], &row["decision"]), (&json!("2026-06-30"), &json!("1/QĐ-VPUBND")));
    // Sheet, list and report of the days before and after.
    let on = |day: &str| {
        let page = office.clerk.get_json(&format!("{sheet}?as-of={day}")).expect(200).json();
        fact(&page, "Trình độ chuyên môn cao nhất").clone()
    };
    assert_eq!((on("2026-06-29"), on("2026-06-30")), (json!("Đại học"), json!("Thạc sĩ")));
    let listed = |query: &str| {
        let page =
            office.clerk.get_json(&format!("{APP}?q=CB0008&education=thac-si{query}")).expect(200).json();
        rows(&page, "people").len()
    };
    assert_eq!((listed("&as-of=2026-06-29"), listed("&as-of=2026-06-30"), listed("")), (0, 1, 1));
    let masters = |day: &str| {
        let page =
            office.clerk.get_json(&format!("{APP}/reports?by=education&as-of={day}")).expect(200).json();
        let all = rows(&page, "report");
        all.iter().find(|row| row["row"] == "Thạc sĩ").unwrap()["all"].as_i64().unwrap()
    };
    assert_eq!(masters("2026-06-30") - masters("2026-06-29"), 1);
    // Nothing that would hide a level which no training attests yet.
    let mut theory = training.clone();
    theory["education-level"] = Value::Null;
    theory["political-theory"] = json!("cao-cap");
    let path = format!("{sheet}/decide/training");
    let said = refused(&office.clerk, &path, &json!({ "form": "draft", "inputs": theory }));
    assert!(said.contains("chưa có dòng đào tạo"), "{said}");
}
