//! Inspection is told of the unpaid months by finance and of the name by personnel, each under its contract; opens a
//! dossier, votes and disciplines. The member is shown nothing of it.

use serde_json::json;

use super::proof::Told;
use super::{INSPECTOR, MEMBER, NAME, PASSWORD, Province, fact, rows, submit};

const APP: &str = "/apps/inspection";

/// The decision of the Party.
pub(super) const DECISION: &str = "88-QĐ/UBKTTU";

/// The address of the dossier.
pub(super) fn act(province: &mut Province) -> String {
    let (inspector, today) = (&province.inspector, province.today.to_string());
    let inputs = json!({
        "title": "Thi hành kỷ luật do không đóng đảng phí", "opened-on": today, "level": "base",
        "content": "regulations", "subject": "member", "member": province.sheet.rsplit('/').next(),
    });
    let case = submit(inspector, &format!("{APP}/new/discipline"), "open", inputs);
    let page = inspector.get_json(&case).expect(200);
    assert!(page.body.contains(NAME), "{}", page.body);
    let page = page.json();
    assert_eq!(fact(&page, "Số tháng chưa đóng đảng phí"), 3);
    assert_eq!(page["label"], "confidential");

    let place = format!("{case}/discipline");
    let ballot = json!({ "purpose": "decide", "form": "reprimand", "held-on": today, "eligible": "11", "cast": "11",
        "in-favour": "10", "against": "1", "invalid": "0" });
    submit(inspector, &place, "ballot", ballot);
    let decision = json!({ "form": "reprimand", "level": "province", "number": DECISION,
        "violated-on": today, "decided-on": today });
    submit(inspector, &place, "decide", decision);
    assert!(
        rows(inspector, &format!("{APP}/discipline"), "measures")
            .iter()
            .any(|row| row.to_string().contains(DECISION))
    );

    let member = province.server.visitor().program(MEMBER, PASSWORD);
    for path in [&case, &place, APP] {
        let answer = member.get_json(path);
        assert!([403, 404].contains(&answer.status) && !answer.body.contains(DECISION), "{answer:?}");
    }
    province.told.extend([
        Told::form(INSPECTOR, "inspection", "open"),
        Told::read(INSPECTOR, "party-finance/dues-status"),
        Told::read(INSPECTOR, "personnel/members"),
        Told::form(INSPECTOR, "inspection", "ballot"),
        Told::form(INSPECTOR, "inspection", "decide"),
        Told::refused(MEMBER, "inspection"),
    ]);
    case
}
