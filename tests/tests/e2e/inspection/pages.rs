//! The pages of a case, as reviewed files.

use super::*;

/// A page without what differs from day to day and from house to house.
fn masked(page: &Value) -> Value {
    match page {
        Value::Object(members) => members
            .iter()
            .map(|(name, value)| match name.as_str() {
                "csrf" | "shown" => (name.clone(), json!("…")),
                _ => (name.clone(), masked(value)),
            })
            .collect(),
        Value::Array(values) => values.iter().map(masked).collect(),
        Value::String(text) => json!(masked_text(text)),
        other => other.clone(),
    }
}

fn masked_text(text: &str) -> String {
    let part = |part: &str| {
        let digits = part.bytes().filter(u8::is_ascii_digit).count();
        let hyphens = part.bytes().filter(|byte| *byte == b'-').count();
        match (part.len(), digits, hyphens) {
            (36, _, 4) => "ID".to_owned(),
            (10, 8, 2) => "DAY".to_owned(),
            (20.., 14.., 2) if part.ends_with('Z') => "MOMENT".to_owned(),
            (1..=4, all, 0) if all == part.len() => "N".to_owned(),
            _ => part.to_owned(),
        }
    };
    let parts = text.split_inclusive(['/', ' ', '?', '=', '&']).map(|piece| {
        let end = piece.trim_end_matches(['/', ' ', '?', '=', '&']);
        format!("{}{}", part(end), &piece[end.len()..])
    });
    parts.collect()
}

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
