//! Discipline: ballot, limitation, complaint; on the record sheet.

use super::*;

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
