//! Reports and headcount, as of any day.

use super::*;

#[test]
fn reports_count_everybody_once_as_of_any_day() {
    let office = Office::open();
    for by in ["unit", "grade", "age", "sex", "education", "ethnic", "party", "category"] {
        for day in ["2026-11-01", "2015-07-01"] {
            let page =
                office.clerk.get_json(&format!("{APP}/reports?by={by}&as-of={day}")).expect(200).json();
            let rows = rows(&page, "report");
            let number = |row: &Value| row["all"].as_u64().unwrap();
            let (total, parts) = rows.split_last().unwrap();
            assert_eq!(number(total), parts.iter().map(|row| number(row)).sum::<u64>(), "{by} {day}");
        }
    }
    // Today: whoever is generated serves on the day on which the demo is made.
    let page = office.clerk.get_json(&format!("{APP}/reports")).expect(200).json();
    let shown = rows(&page, "report");
    let total = shown.last().unwrap();
    assert_eq!(
        (total["all"].as_u64(), total["women"].as_u64(), total["minority"].as_u64()),
        (Some(2_000), Some(933), Some(501))
    );
    assert_eq!(total["education-tien-si"], 26);
    // Groups come in the order of the catalog, under its names.
    let page = office.clerk.get_json(&format!("{APP}/reports?by=ethnic&as-of=2026-11-01")).expect(200).json();
    let groups: Vec<_> = rows(&page, "report").iter().map(|row| row["row"].clone()).collect();
    assert_eq!(groups[..2], ["Kinh", "Thái"]);
}

#[test]
fn quotas_are_set_from_a_day_on_and_whoever_sets_them_does_not_see_officers() {
    let office = Office::open();
    let steward = office.folder.with_role("personnel.steward");
    let steward = office.server.visitor().program(&steward.account, &steward.password);
    let quota = |program: &Visitor, day: &str| {
        let page = program.get_json(&format!("{APP}/headcount?as-of={day}")).expect(200).json();
        let row = rows(&page, "headcount")
            .into_iter()
            .find(|row| row["unit"].as_str().unwrap().ends_with("Sở Xây dựng"))
            .cloned();
        row.map_or(Value::Null, |row| row["posts"].clone())
    };
    assert_eq!((quota(&steward, "2025-12-31"), quota(&steward, "2026-01-01")), (Value::Null, json!(5)));
    let unit = office.unit("Sở Xây dựng");
    let set = json!({ "form": "set", "inputs": { "unit": unit, "from": "2026-07-01", "posts": 8, "source": "Quyết định giao biên chế" } });
    refused(&office.clerk, &format!("{APP}/headcount"), &set);
    submit(&steward, &format!("{APP}/headcount"), &set);
    assert_eq!(
        (quota(&office.clerk, "2026-06-30"), quota(&office.clerk, "2026-07-01")),
        (json!(5), json!(8))
    );
    steward.get_json(APP).expect(403);
    let page = steward.get_json(&format!("{APP}/headcount")).expect(200).json();
    assert!(rows(&page, "headcount")[0].get("people").is_none(), "{page}");
}
