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
fn every_figure_of_a_report_leads_to_those_it_counts() {
    let office = Office::open();
    let mut followed = 0;
    for query in ["by=party&as-of=2020-07-01", "by=age", "by=category", "by=education"] {
        let page = office.clerk.get_json(&format!("{APP}/reports?{query}")).expect(200).json();
        for row in page::table(&page, "report")["rows"].as_array().unwrap() {
            for (column, value) in row["cells"].as_object().unwrap().iter().filter(|(key, _)| *key != "row") {
                let link = &row["marks"][column]["href"];
                assert_eq!(link.is_null(), *value == 0, "{query} {column}: {row}");
                let Some(link) = link.as_str() else { continue };
                let behind = office.clerk.get_json(link).expect(200).json();
                let listed = page::table(&behind, "listed");
                assert_eq!(listed["paging"]["total"], *value, "{query} {column}: {row}");
                let shown = listed["rows"].as_array().unwrap().len() as u64;
                assert_eq!(shown, value.as_u64().unwrap().min(50), "{query} {column}: {row}");
                followed += 1;
            }
        }
    }
    assert!(followed > 100, "{followed} figures");
    // Those of one unit, as of a day.
    let unit = office.unit("Sở Xây dựng");
    let page =
        office.clerk.get_json(&format!("{APP}/reports?by=sex&unit={unit}&as-of=2020-07-01")).expect(200);
    let page = page.json();
    let total = page::table(&page, "report")["rows"].as_array().unwrap().last().unwrap().clone();
    let behind = office.clerk.get_json(total["marks"]["all"]["href"].as_str().unwrap()).expect(200).json();
    assert_eq!(page::table(&behind, "listed")["paging"]["total"], total["cells"]["all"]);
    // So does the headcount, of any day.
    let page = office.clerk.get_json(&format!("{APP}/headcount?as-of=2020-07-01")).expect(200).json();
    let of_sxd = format!("unit={unit}&");
    let row = page::table(&page, "headcount")["rows"]
        .as_array()
        .unwrap()
        .iter()
        .find(|row| row["marks"]["people"]["href"].as_str().is_some_and(|to| to.contains(&of_sxd)));
    for figure in ["people", "own"] {
        let (value, link) = (&row.unwrap()["cells"][figure], &row.unwrap()["marks"][figure]["href"]);
        let behind = office.clerk.get_json(link.as_str().unwrap()).expect(200).json();
        assert_eq!(page::table(&behind, "listed")["paging"]["total"], *value, "{figure}");
        assert!(value.as_u64() > Some(0), "{figure}");
    }
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
