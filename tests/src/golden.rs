//! Pages for reviewed files.

use serde_json::{Value, json};

/// A page without what differs from day to day and from house to house.
pub fn masked(page: &Value) -> Value {
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
