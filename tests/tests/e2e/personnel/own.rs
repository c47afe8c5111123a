//! One's own record, and corrections of it.

use super::*;

#[test]
fn an_officer_sees_the_own_record_only_and_a_correction_takes_clerk_and_head() {
    let office = Office::open();
    let officer = office.person("nguyenthilan-skhdt");
    let own = officer.get_json(&format!("{APP}/own")).expect(200).json();
    assert_eq!(fact(&own, "Họ và tên khai sinh"), "Nguyễn Thị Lan");
    assert_eq!(fact(&own, "Lương tháng"), 10_038_600);
    // Lists are closed, and other sheets are not there.
    officer.get_json(APP).expect(403);
    let other = office.sheet("CB0002");
    officer.get_json(&other).expect(404);
    let ask = |field: &str, after: &str| json!({ "form": "correct", "inputs": { "field": field, "after": after, "reason": "Theo giấy khai sinh" } });
    let path = format!("{APP}/own");
    assert!(refused(&officer, &path, &ask("birth-date", "1985-03-09")).contains("ngày/tháng/năm"));
    assert!(refused(&officer, &path, &ask("birth-date", "08/03/1985")).contains("đã ghi như vậy"));
    assert!(refused(&officer, &path, &ask("ethnic-group", "kinh")).contains("đã ghi như vậy"));
    assert!(
        refused(&officer, &path, &ask("ethnic-group", "Klingon")).contains("Danh mục dùng chung không có")
    );
    submit(&officer, &path, &ask("birth-date", "09/03/1985"));
    let list = office.clerk.get_json(&format!("{APP}/corrections")).expect(200).json();
    let request = page::table(&list, "corrections")["rows"][0]["href"].as_str().unwrap().to_owned();
    let deal = json!({ "form": "deal", "inputs": { "note": "Đúng với giấy khai sinh" } });
    refused(&office.head, &request, &deal);
    submit(&office.clerk, &request, &deal);
    refused(&office.clerk, &request, &deal);
    let sheet = office.sheet("CB0001");
    let before = office.clerk.get_json(&sheet).expect(200).json();
    assert_eq!(fact(&before, "Ngày sinh"), "1985-03-08", "nothing changes before the head approves");
    submit(&office.head, &request, &deal);
    let after = office.clerk.get_json(&sheet).expect(200).json();
    assert_eq!(fact(&after, "Ngày sinh"), "1985-03-09");
}

#[test]
fn an_officer_is_told_how_a_request_ended_and_what_was_signed_until_they_have_seen_it() {
    let office = Office::open();
    let officer = office.person("nguyenthilan-skhdt");
    let inbox = |of: &Visitor| of.get_json("/apps/dinh/inbox").expect(200).json();
    // The demo begins with one answer.
    let before = inbox(&officer).to_string();
    assert!(before.contains("Đã đính chính hồ sơ: Sở trường công tác"), "{before}");

    let ask = json!({ "form": "correct", "inputs": { "field": "ethnic-group", "after": "Mường", "reason": "Theo giấy khai sinh" } });
    submit(&officer, &format!("{APP}/own"), &ask);
    let list = office.clerk.get_json(&format!("{APP}/corrections")).expect(200).json();
    let request = page::table(&list, "corrections")["rows"][0]["href"].as_str().unwrap().to_owned();
    let refusal =
        json!({ "form": "deal", "button": "refuse", "inputs": { "note": "Giấy khai sinh ghi khác" } });
    submit(&office.clerk, &request, &refusal);
    let waiting = inbox(&officer);
    let notice = page::find(&waiting, &|row| {
        row["href"].as_str().is_some_and(|href| href.contains("/own/notices/"))
            && row.to_string().contains("Không chấp nhận đề nghị đính chính: Dân tộc")
    });
    let notice = notice.unwrap_or_else(|| panic!("{waiting}"))["href"].as_str().unwrap().to_owned();
    assert!(!inbox(&office.clerk).to_string().contains("/own/notices/"), "it waits for whom it is for");
    assert!(officer.get(&notice).expect(200).body.contains("Giấy khai sinh ghi khác"));
    office.clerk.get_json(&notice).expect(403);
    submit(&officer, &notice, &json!({ "form": "seen", "inputs": {} }));
    assert!(!inbox(&officer).to_string().contains("Dân tộc"));
    let page = officer.get_json(&notice).expect(200).json();
    assert!(page::find(&page, &|block| block["form"] == "seen").is_none(), "seen once");
}

#[test]
fn an_officer_does_not_read_what_is_being_written_about_them_until_it_is_signed() {
    let office = Office::open();
    let sheet = office.sheet("CB0001");
    let officer = office.person("nguyenthilan-skhdt");
    let inputs = json!({ "effective-on": "2026-05-05", "form": "khien-trach", "until": null, "delay-months": null,
                         "content": "Chậm xử lý hồ sơ", "document": null });
    let drafted = submit(
        &office.clerk,
        &format!("{sheet}/decide/discipline"),
        &json!({ "form": "draft", "inputs": inputs }),
    );
    officer.get_json(&drafted).expect(403);
    for page in [format!("{APP}/own"), sheet.clone()] {
        let shown = officer.get(&page).expect(200).body;
        assert!(!shown.contains("Chậm xử lý hồ sơ"), "{page}");
    }
    submit(&office.head, &drafted, &json!({ "form": "sign", "inputs": { "signer-title": null } }));
    let own = officer.get_json(&format!("{APP}/own")).expect(200).json();
    let measure = rows(&own, "disciplines")[0];
    // A reprimand puts the raise off by three months, as the parameters say.
    assert_eq!((&measure["form"], &measure["delay-months"]), (&json!("Khiển trách"), &json!(3)));
    assert_eq!(fact(&own, "Nâng lương kế tiếp"), "2027-07-01");
}
