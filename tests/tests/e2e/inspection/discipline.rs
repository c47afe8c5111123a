//! Discipline: ballot, limitation, complaint; on the record sheet.

use super::*;

/// Months of a day such as `2026-11-22`.
fn months(day: &str) -> i64 {
    let mut parts = day.split('-').map(|part| part.parse::<i64>().unwrap());
    parts.next().unwrap() * 12 + parts.next().unwrap()
}

#[test]
fn discipline_is_decided_within_its_limitation_shown_on_the_record_sheet_and_complained_against() {
    let committee = Committee::open();
    let head = &committee.head;
    let case = opened(&committee, "discipline", "Thi hành kỷ luật đảng viên", "CB0037");
    let place = format!("{case}/discipline");
    let day = today(head);
    let decision = |form: &str, violated: &str| json!({ "form": form, "level": "province", "number": "77-QĐ/UBKTTU", "violated-on": violated, "decided-on": day });
    assert!(refused(head, &place, "decide", decision("reprimand", "2026-01-05")).contains("biểu quyết"));
    let ballot = |form: &str, in_favour: u8, against: u8| {
        json!({ "purpose": "decide", "form": form, "held-on": day, "eligible": "9", "cast": "9",
            "in-favour": in_favour.to_string(), "against": against.to_string(), "invalid": "0" })
    };
    assert!(refused(head, &place, "ballot", ballot("reprimand", 7, 3)).contains("cộng lại"));
    submit(head, &place, "ballot", ballot("reprimand", 7, 2));
    let late = refused(head, &place, "decide", decision("reprimand", "2015-01-05"));
    assert!(late.contains("hết thời hiệu"), "{late}");
    submit(head, &place, "decide", decision("reprimand", "2026-01-05"));

    // It shows on the record sheet to whoever may see Mật, under the contract, and to nobody else.
    let sheet = |program: &Visitor| {
        let found = rows(program, "/apps/personnel?q=CB0037", "people");
        program.get_json(found[0]["href"].as_str().unwrap()).expect(200).body
    };
    let director = sheet(&committee.with_role("personnel.head"));
    assert!(director.contains("77-QĐ/UBKTTU"), "{director}");
    assert!(!sheet(&committee.with_role("personnel.clerk")).contains("77-QĐ/UBKTTU"));
    // A reprimand puts the next raise off by three months, in the list and in what is drafted from it, for the same people.
    let due = |program: &Visitor| {
        let found = rows(program, "/apps/personnel/due/raise?as-of=2032-01-01", "due");
        found.into_iter().find(|row| row["cells"]["code"] == "CB0037").expect("due some day")
    };
    let (late, early) =
        (due(&committee.with_role("personnel.head")), due(&committee.with_role("personnel.clerk")));
    let (late_day, early_day) =
        (late["cells"]["day"].as_str().unwrap(), early["cells"]["day"].as_str().unwrap());
    assert_eq!(months(late_day) - months(early_day), 3, "{early_day} {late_day}");
    let path = "/apps/personnel/due/raise?as-of=2032-01-01";
    let drafted = json!({ "form": "draft", "selected": [late["key"]], "confirmed": "yes" });
    let answer = committee.with_role("personnel.head").post_json(path, &drafted);
    assert!((200..400).contains(&answer.status), "{answer:?}");
    let register = "/apps/personnel/decisions?state=submitted";
    let waiting = rows(&committee.with_role("personnel.clerk"), register, "decisions");
    assert_eq!(waiting[0]["cells"]["effective-on"], late_day);

    // A complaint within its clock becomes a case with a day by which it is answered; a late one does not.
    let complaint = |lodged: &str| {
        json!({ "title": "Khiếu nại kỷ luật", "opened-on": day, "level": "base", "content": "other",
            "decision": "77-QĐ/UBKTTU", "lodged-on": lodged })
    };
    let path = format!("{APP}/new/complaint");
    assert!(refused(head, &path, "open", complaint("2020-01-01")).contains("thời hạn khiếu nại"));
    let complained = submit(head, &path, "open", complaint(&day));
    assert!(head.get_json(&complained).expect(200).body.contains("Hạn giải quyết khiếu nại"));
    let measures = rows(head, &format!("{APP}/discipline"), "measures");
    let decided = measures.iter().find(|row| row.to_string().contains("77-QĐ/UBKTTU")).unwrap();
    let decided = decided["href"].as_str().unwrap();
    submit(head, decided, "revoke", json!({ "reason": "Quyết định giải quyết khiếu nại số 5" }));
    assert!(!sheet(&committee.with_role("personnel.head")).contains("77-QĐ/UBKTTU"), "it no longer stands");
}

#[test]
fn a_case_of_discipline_ends_with_a_decision_or_with_a_vote_for_none() {
    let committee = Committee::open();
    let head = &committee.head;
    let day = today(head);
    let waived = json!({ "reason": "Lưu ở hồ sơ của cấp dưới" });
    let conclusion =
        |code: &str| json!({ "conclusion": code, "concluded-on": day, "findings": "Xem quyết định" });
    // Up to its last step, whose documents are there.
    let before_the_end = |title: &str, number: &str| {
        let case = opened(&committee, "discipline", title, number);
        let page = head.get_json(&case).expect(200).json();
        let steps =
            page::find(&page, &|block| block["kind"] == "steps").unwrap()["steps"].as_array().unwrap().len();
        for _ in 1..steps {
            submit(head, &case, "close", waived.clone());
        }
        for paper in ["bb-ket-luan", "muc-luc"] {
            submit(head, &case, "document", json!({ "paper": paper, "number": "3-BB", "dated": day }));
        }
        case
    };
    let ballot = |in_favour: u8| {
        json!({ "purpose": "decide", "form": "reprimand", "held-on": day, "eligible": "9", "cast": "9",
            "in-favour": in_favour.to_string(), "against": (9 - in_favour).to_string(), "invalid": "0" })
    };

    let spared = before_the_end("Xem xét kỷ luật đảng viên", "CB0037");
    let none = refused(head, &spared, "conclude", conclusion("disciplined"));
    assert!(none.contains("Hồ sơ chưa có quyết định kỷ luật"), "{none}");
    submit(head, &spared, "conclude", conclusion("faults"));
    assert!(head.get_json(&spared).expect(200).body.contains("Chưa có kết quả thi hành kỷ luật"));
    let none = refused(head, &spared, "close", json!({}));
    assert!(none.contains("cũng chưa có biểu quyết không thi hành kỷ luật"), "{none}");
    submit(head, &format!("{spared}/discipline"), "ballot", ballot(4));
    submit(head, &spared, "close", json!({}));

    let decided = before_the_end("Thi hành kỷ luật đảng viên", "CB0043");
    submit(head, &decided, "conclude", conclusion("good"));
    let place = format!("{decided}/discipline");
    submit(head, &place, "ballot", ballot(7));
    let carried = refused(head, &decided, "close", json!({}));
    assert!(carried.contains("Chưa có quyết định kỷ luật"), "what was carried is to be decided: {carried}");
    let decision = json!({ "form": "reprimand", "level": "province", "number": "81-QĐ/UBKTTU",
        "violated-on": "2026-01-05", "decided-on": day });
    submit(head, &place, "decide", decision);
    for form in [("close", json!({})), ("conclude", conclusion("faults"))] {
        let other = refused(head, &decided, form.0, form.1);
        assert!(other.contains("kết luận là “Đã thi hành kỷ luật”"), "{other}");
    }
    submit(head, &decided, "conclude", conclusion("disciplined"));
    submit(head, &decided, "close", json!({}));
}
