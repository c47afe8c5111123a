//! The pages of a case, as reviewed files.

use dinh_tests::golden::masked;

use super::*;

#[test]
fn the_pages_of_a_case_are_those_of_the_reviewed_files() {
    let committee = Committee::open();
    let head = &committee.head;
    let case = opened(&committee, "discipline", "Thi hành kỷ luật đảng viên", "CB0037");
    let ballot = json!({ "purpose": "propose", "form": "warning", "held-on": today(head), "eligible": "9",
        "cast": "9", "in-favour": "4", "against": "5", "invalid": "0" });
    submit(head, &format!("{case}/discipline"), "ballot", ballot);
    for (name, path) in [
        ("dossier", case.clone()),
        ("discipline", format!("{case}/discipline")),
        ("team", format!("{case}/team")),
        ("template", format!("{case}/templates/quyet-dinh-ky-luat")),
        ("new-complaint", format!("{APP}/new/complaint")),
        ("settings", format!("{APP}/catalogs/settings")),
    ] {
        let page = head.get_json(&path).expect(200).json();
        insta::assert_snapshot!(name, serde_json::to_string_pretty(&masked(&page)).unwrap());
    }
}
