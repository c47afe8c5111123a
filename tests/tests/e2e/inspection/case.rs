//! A case through its steps.

use super::*;

#[test]
fn a_case_goes_through_its_steps_with_documents_waivers_suspension_and_a_conclusion() {
    let committee = Committee::open();
    let (head, officer) = (&committee.head, &committee.officer);
    let case = opened(&committee, "thematic", "Kiểm tra chuyên đề về đầu tư công", "CB0043");
    let page = officer.get_json(&case).expect(200);
    // The name is personnel's: shown, and nowhere in what is kept here.
    assert!(page.body.contains("Cao Văn Lâm"), "{}", page.body);
    assert_eq!(page.json()["label"], "confidential");
    // How they stand with dues is party finance's to say.
    let collector = committee.with_role("party-finance.collector");
    let ledger = collector.get_json("/apps/party-finance").expect(200).json();
    let assess = page::find(&ledger, &|value| value["form"] == "assess").unwrap()["inputs"].clone();
    submit(&collector, "/apps/party-finance", "assess", assess);
    let unpaid = officer.get_json(&case).expect(200).json();
    let unpaid = page::find(&unpaid, &|fact| fact["label"] == "Số tháng chưa đóng đảng phí").unwrap();
    assert_eq!(unpaid["value"], 1, "{unpaid}");
    assert!(refused(officer, &case, "close", json!({})).contains("Kế hoạch"));
    let day = today(head);
    for paper in ["ke-hoach", "lich", "de-cuong"] {
        submit(officer, &case, "document", json!({ "paper": paper, "number": "12-KH/UBKTTU", "dated": day }));
    }
    submit(officer, &case, "close", json!({}));
    // An officer may not let documents lack; the head may, and says why.
    let lacks = officer.post_json(&case, &json!({ "form": "close", "inputs": { "reason": "x" } }));
    assert!((400..500).contains(&lacks.status), "{lacks:?}");
    submit(head, &case, "suspend", json!({ "reason": "Chờ kết luận của cơ quan điều tra" }));
    assert!(!officer.get_json(&case).expect(200).body.contains("\"close\""));
    submit(head, &case, "resume", json!({ "reason": "Đã có kết luận" }));
    submit(head, &case, "extend", json!({ "days": "5", "reason": "Nội dung phức tạp" }));
    for _ in 0..5 {
        submit(head, &case, "close", json!({ "reason": "Lưu ở hồ sơ của cấp dưới" }));
    }
    let early = refused(head, &case, "close", json!({ "reason": "Lưu ở hồ sơ của cấp dưới" }));
    assert!(early.contains("Chưa có kết luận"), "{early}");
    submit(head, &case, "conclude", json!({ "conclusion": "good", "concluded-on": day, "findings": "Đạt" }));
    submit(head, &case, "close", json!({ "reason": "Lưu ở hồ sơ của cấp dưới" }));
    let done = officer.get_json(&case).expect(200).body;
    for said in
        ["Đã kết thúc", "Tạm đình chỉ", "Gia hạn", "Chờ kết luận của cơ quan điều tra", "Thực hiện tốt"]
    {
        assert!(done.contains(said), "{said}: {done}");
    }
    // The statistics count it, and lead to it.
    let statistics = officer.get_json(&format!("{APP}/statistics?kind=thematic")).expect(200).json();
    let lead =
        page::all(&statistics, &|value| value["href"].as_str().is_some_and(|to| to.contains("content=law")));
    let to = lead.iter().map(|cell| cell["href"].as_str().unwrap()).find(|to| to.contains("conclusion=good"));
    let found = rows(officer, to.expect("a figure that leads to its dossiers"), "dossiers");
    assert!(found.iter().any(|row| row.to_string().contains("đầu tư công")), "{found:?}");
}

#[test]
fn no_row_of_the_departments_catalogs_is_so_long_that_pages_cannot_show_it() {
    let committee = Committee::open();
    let row = |code: &str| {
        json!({ "form": "add", "inputs": { "list": "content", "code": code, "order": 1, "title": "Nội dung thử",
            "from": today(&committee.head), "limitation-years": 1, "effect-months": 1 } })
    };
    let add = |code: &str| committee.officer.post_json(&format!("{APP}/catalogs/terms"), &row(code));
    let refused = add(&"Ắ".repeat(65)).expect(422);
    assert!(refused.body.contains("64"), "{refused:?}");
    assert!((200..400).contains(&add(&"Ắ".repeat(64)).status));
    committee.head.get_json(APP).expect(200);
}

#[test]
fn dossiers_are_found_by_number_words_and_name_without_diacritics() {
    let committee = Committee::open();
    let (head, officer) = (&committee.head, &committee.officer);
    let case = opened(&committee, "thematic", "Kiểm tra chuyên đề về đầu tư công", "CB0043");
    let found = |program: &Visitor, words: &str| -> Vec<String> {
        let path = format!("{APP}?q={}", words.replace(' ', "+"));
        let rows = rows(program, &path, "dossiers");
        rows.iter().map(|row| row["href"].as_str().unwrap().to_owned()).collect()
    };
    for words in ["chuyen de dau tu cong", "CAO VAN LAM", "cao lam đầu tư"] {
        assert!(found(officer, words).contains(&case), "{words}");
    }
    let listed = rows(officer, APP, "dossiers");
    let row = listed.iter().find(|row| row["href"] == case.as_str()).unwrap();
    let number = row["cells"]["number"].as_str().unwrap();
    assert_eq!(found(officer, number), std::slice::from_ref(&case), "{number}");
    assert_eq!(found(officer, "khong co ai ten nhu vay"), [""; 0]);
    // Words narrow what the other filters leave.
    let path = format!("{APP}?q=dau+tu+cong&kind=denunciation");
    assert!(rows(head, &path, "dossiers").iter().all(|row| row["href"] != case.as_str()));
}

#[test]
fn a_row_of_a_catalog_that_is_wrong_is_taken_back_before_it_begins_and_not_after() {
    let committee = Committee::open();
    let place = format!("{APP}/catalogs/terms");
    let officer = &committee.officer;
    let today = today(&committee.head);
    let add = |code: &str, from: &str| {
        let row =
            json!({ "list": "content", "code": code, "order": 1, "title": "Nội dung thử", "from": from });
        submit(officer, &place, "add", row);
        let page = officer.get_json(&place).expect(200).json();
        let rows = page::find(&page, &|value| value["name"] == "row" && value["choices"].is_array()).unwrap();
        let row = rows["choices"]
            .as_array()
            .unwrap()
            .iter()
            .find(|choice| choice["text"].as_str().unwrap().contains(code));
        row.unwrap()["value"].clone()
    };
    let (wrong, old) = (add("nham", "2199-01-01"), add("cu", "2026-01-01"));
    let offered = |code: &str| officer.get(&place).expect(200).body.contains(&format!("{code} ("));
    let early = refused(officer, &place, "end", json!({ "row": old, "until": "2025-12-31" }));
    assert!(early.contains("Dòng này áp dụng từ 01/01/2026"), "{early}");
    let early = refused(officer, &place, "end", json!({ "row": wrong, "until": today }));
    assert!(early.contains("Dòng này áp dụng từ 01/01/2199"), "{early}");
    submit(officer, &place, "end", json!({ "row": wrong, "until": "2198-12-31" }));
    assert!(!offered("nham") && offered("cu"));
}
