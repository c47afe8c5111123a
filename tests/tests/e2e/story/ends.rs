//! The director ends the contracts under which finance and inspection know the members: what they read is refused, and
//! what they refer to is not available.

use dinh_tests::page;
use serde_json::{Value, json};

use super::proof::Told;
use super::{COLLECTOR, DIRECTOR, INSPECTOR, NAME, Province, rows, submit};

const CONTRACTS: &str = "/apps/dinh/contracts";

pub(super) fn act(province: &mut Province, case: &str) {
    for consumer in ["Tài chính Đảng", "Kiểm tra, giám sát"] {
        let active = rows(&province.director, &format!("{CONTRACTS}?standing=active"), "contracts");
        let contract = active.iter().find(|row| {
            let cells = &row["cells"];
            cells["dataset"] == "Đảng viên" && cells["consumer"].as_str().unwrap().starts_with(consumer)
        });
        let path =
            contract.unwrap_or_else(|| panic!("{consumer}: {active:?}"))["href"].as_str().unwrap().to_owned();
        submit(&province.director, &path, "revoke", json!({ "reason": "Rà soát thoả thuận" }));
        assert_eq!(
            rows(&province.director, &format!("{CONTRACTS}?standing=active"), "contracts").len(),
            active.len() - 1
        );
        province.told.push(Told::deed(DIRECTOR, "contract.revoked"));
    }

    let collector = &province.collector;
    let unit = &province.unit;
    let month = &province.today.three_months()[2];
    for page in ["", "/collect", "/arrears"] {
        let shown = collector
            .get_json(&format!("/apps/party-finance{page}?unit={unit}&month={month}"))
            .expect(200)
            .body;
        assert!(
            !shown.contains(NAME) && shown.contains("Chưa đọc được danh sách đảng viên"),
            "{page}: {shown}"
        );
    }
    let assess = json!({ "form": "assess", "inputs": { "unit": unit, "month": month } });
    let refused = collector.post_json("/apps/party-finance", &assess);
    assert!(refused.status == 400 && refused.body.contains("không còn trên trang"), "{refused:?}");

    // The dossier goes on; whom it is about is not available any more.
    let inspector = &province.inspector;
    let shown = inspector.get_json(case).expect(200).body;
    assert!(!shown.contains(NAME) && shown.contains("(ngoài phạm vi được chia sẻ)"), "{shown}");
    let list = inspector.get_json("/apps/inspection?kind=discipline").expect(200);
    assert!(!list.body.contains(NAME), "{}", list.body);
    let list = list.json();
    let row = page::find(&list, &|row| row["href"] == case).unwrap();
    assert_eq!(
        (&row["cells"]["member"], &row["marks"]["member"]["placeholder"]),
        (&Value::Null, &json!("không khả dụng")),
        "{row}"
    );
    province.told.push(Told::rule(COLLECTOR, "no-contract-in-force"));
    province.told.push(Told::rule(INSPECTOR, "no-contract-in-force"));
}
