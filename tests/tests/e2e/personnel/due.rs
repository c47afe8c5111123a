//! Due lists, and decisions drafted from them.

use super::*;

#[test]
fn due_lists_name_who_is_due_and_drafts_are_made_for_those_selected() {
    let office = Office::open();
    let list = |name: &str, until: &str| {
        let page = office.clerk.get_json(&format!("{APP}/due/{name}?as-of={until}")).expect(200).json();
        page::table(&page, "due")["rows"].as_array().unwrap().clone()
    };
    let raises = list("raise", "2027-06-30");
    let lan = raises.iter().find(|row| row["cells"]["code"] == "CB0001").expect("due on 1 April 2027");
    assert_eq!(lan["cells"]["day"], "2027-04-01");
    assert!(lan["cells"]["said"].as_str().unwrap().contains("bậc 7 (4,32)"), "{lan}");
    assert!(list("raise", "2027-03-31").iter().all(|row| row["cells"]["code"] != "CB0001"));
    // A man born in June 1965 reaches 61 years and 6 months in December 2026.
    let retirements = list("retirement", "2026-12-31");
    let man = retirements.iter().find(|row| row["cells"]["birth-date"] == "1965-06-11").expect("due");
    assert_eq!(man["cells"]["day"], "2026-12-31");
    assert!(!list("appointment", "2027-06-30").is_empty());
    assert!(!list("papers", "2027-06-30").is_empty());
    // Drafts of the rules' own answer, waiting for the signature; twice is refused.
    let path = format!("{APP}/due/raise?as-of=2027-06-30");
    let body = json!({ "form": "draft", "selected": [lan["key"]], "confirmed": "yes" });
    submit(&office.clerk, &path, &body);
    let waiting = office.head.get_json(&format!("{APP}/decisions?state=submitted")).expect(200).json();
    assert_eq!(rows(&waiting, "decisions")[0]["title"], "Nâng bậc lương: Nguyễn Thị Lan");
    assert!(refused(&office.clerk, &path, &body).contains("đã có quyết định cùng loại"));
}
