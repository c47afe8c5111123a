//! Lists: order, search, filters, as of a day.

use super::*;

#[test]
fn officers_are_listed_by_given_name_and_found_without_diacritics_by_name_and_number() {
    let office = Office::open();
    let page = office.clerk.get_json(APP).expect(200).json();
    let names: Vec<&str> = rows(&page, "people").iter().map(|row| row["name"].as_str().unwrap()).collect();
    assert_eq!(names.len(), 50, "a page");
    assert_eq!(page::table(&page, "people")["paging"]["total"], 2_000);
    let given = |name: &str| name.rsplit_once(' ').unwrap().1.to_owned();
    let all_before = |first: &str, second: &str| {
        let last = names.iter().rposition(|name| given(name) == first).unwrap();
        names.iter().position(|name| given(name) == second).is_some_and(|at| last < at)
    };
    assert!(all_before("Anh", "Bách") && all_before("Bách", "Bình"), "{names:?}");
    let found = |words: &str| {
        let page = office.clerk.get_json(&format!("{APP}?q={words}")).expect(200).json();
        rows(&page, "people").iter().map(|row| row["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert!(found("nguyen+thi+lan").contains(&"Nguyễn Thị Lan".to_owned()));
    assert_eq!(found("CB0003"), ["Lê Minh Tuấn"]);
    // Words that nobody is called by, and a unit is: its officers, and those below it.
    let by_unit = office.clerk.get_json(&format!("{APP}?q=so+ke+hoach+va+dau+tu")).expect(200).json();
    let table = page::table(&by_unit, "people");
    assert_eq!(table["paging"]["total"], 18);
    assert!(table["note"].as_str().unwrap().contains("đơn vị có tên này"), "{table}");
    // The next page goes on without gap or double.
    let next = page::table(&page, "people")["paging"]["next"].as_str().unwrap();
    let after = office.clerk.get_json(next).expect(200).json();
    let addresses = |page: &Value| {
        let rows = page::table(page, "people")["rows"].as_array().unwrap().clone();
        rows.into_iter().map(|row| row["href"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let both: std::collections::HashSet<_> =
        [addresses(&page), addresses(&after)].concat().into_iter().collect();
    assert_eq!(both.len(), 100);
}

#[test]
fn filters_narrow_by_unit_and_all_below_it_sex_age_and_membership_as_of_a_day() {
    let office = Office::open();
    let total = |query: &str| {
        let page = office.clerk.get_json(&format!("{APP}?{query}")).expect(200).json();
        page::table(&page, "people")["paging"]["total"].as_u64().unwrap()
    };
    let headcount = office.clerk.get_json(&format!("{APP}/headcount")).expect(200).json();
    let department = rows(&headcount, "headcount")
        .into_iter()
        .find(|row| row["unit"].as_str().unwrap().contains("Sở Kế hoạch"))
        .unwrap();
    assert_eq!(department["people"], 18);
    assert!(department["own"].as_u64().unwrap() < 18, "divisions have people of their own");
    assert_eq!(total("sex=2") + total("sex=1"), 2_000);
    let bands: u64 =
        ["-30", "31-40", "41-50", "51-60", "61-"].iter().map(|band| total(&format!("age={band}"))).sum();
    assert_eq!(bands, 2_000);
    assert_eq!(total("party=yes") + total("party=no"), 2_000);
    // Nobody was a member before being admitted, and fewer people served earlier.
    let (then, now) = (total("as-of=2005-01-01"), total("as-of=2026-01-01"));
    assert!(0 < then && then < now, "{then} {now}");
    assert_eq!(total("as-of=1980-01-01"), 0);
    // A day as people fill it in, and as it is shown to them.
    assert_eq!(total("as-of=01/01/2005"), then);
    let clerk = office.folder.with_role("personnel.clerk");
    let person = office.server.visitor().sign_in(&clerk.account, &clerk.password);
    let shown = person.get(&format!("{APP}?as-of=2005-01-01")).expect(200).body;
    assert!(shown.contains("value=\"01/01/2005\""), "{shown}");
    assert_eq!(total("as-of=2005-01-01&party=yes") + total("as-of=2005-01-01&party=no"), then);
}

#[test]
fn as_of_a_past_day_filters_go_by_the_unit_and_grade_of_that_day_page_by_page() {
    let office = Office::open();
    let (from, to) = (office.unit("Phòng Tổng hợp"), office.unit("Sở Xây dựng"));
    let inputs = json!({ "effective-on": "2026-06-01", "to-unit": to, "position": "Chuyên viên", "content": null, "document": null });
    decide(&office, &office.sheet("CB0001"), "transfer", &inputs);
    let listed = |unit: u32, more: &str| {
        let page = office.clerk.get_json(&format!("{APP}?q=CB0001&unit={unit}{more}")).expect(200).json();
        rows(&page, "people").len()
    };
    assert_eq!((listed(from, ""), listed(to, "")), (0, 1));
    assert_eq!((listed(from, "&as-of=2026-05-31"), listed(to, "&as-of=2026-05-31")), (1, 0));
    // Everybody once, over the pages, as of a day and by each grade of that day.
    let mut path = format!("{APP}?as-of=2026-05-31");
    let (mut codes, mut counted) = (Vec::new(), 0);
    loop {
        let page = office.clerk.get_json(&path).expect(200).json();
        counted = page::table(&page, "people")["paging"]["total"].as_u64().unwrap_or(counted);
        codes.extend(rows(&page, "people").iter().map(|row| row["code"].as_str().unwrap().to_owned()));
        match page::table(&page, "people")["paging"]["next"].as_str() {
            Some(next) => path = next.to_owned(),
            None => break,
        }
    }
    let total = codes.len();
    codes.sort();
    codes.dedup();
    assert_eq!((codes.len() as u64, total as u64), (counted, counted));
    assert!(counted > 1_900, "{counted}");
    let of_grade = |grade: &str| {
        let page = office.clerk.get_json(&format!("{APP}?as-of=2026-05-31&grade={grade}")).expect(200).json();
        page::table(&page, "people")["paging"]["total"].as_u64().unwrap()
    };
    let report =
        office.clerk.get_json(&format!("{APP}/reports?by=grade&as-of=2026-05-31")).expect(200).json();
    let parts = rows(&report, "report");
    let specialists = parts.iter().find(|row| row["row"].as_str().unwrap().contains("01.003")).unwrap();
    assert_eq!(specialists["all"], of_grade("01.003"));
    let ethnic: u64 = {
        let page = office.clerk.get_json(&format!("{APP}?ethnic=01")).expect(200).json();
        page::table(&page, "people")["paging"]["total"].as_u64().unwrap()
    };
    assert_eq!(ethnic, 2_000 - 501, "the others are of minorities");
}
