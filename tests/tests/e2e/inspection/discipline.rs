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
