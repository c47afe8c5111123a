//! What a command answers: for programs as JSON, for people as text.

use std::fmt::Write;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The answer to a command.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reply {
    /// For programs.
    pub value: Value,
    /// For people; without the last line break.
    pub text: String,
}

impl Reply {
    /// One thing that was done, in a sentence.
    pub fn done(value: impl Serialize, sentence: impl Into<String>) -> Self {
        Self { value: json(value), text: sentence.into() }
    }

    /// A list, as a table with these heads.
    pub fn table<const N: usize>(
        value: impl Serialize,
        heads: [&str; N],
        rows: impl IntoIterator<Item = [String; N]>,
    ) -> Self {
        Self { value: json(value), text: table(heads, rows) }
    }
}

fn json(value: impl Serialize) -> Value {
    // Our own types have string keys and no failing serializer.
    serde_json::to_value(value).unwrap_or_default()
}

/// Columns padded to their widest cell, two spaces apart.
pub fn table<const N: usize>(heads: [&str; N], rows: impl IntoIterator<Item = [String; N]>) -> String {
    let rows: Vec<[String; N]> = std::iter::once(heads.map(str::to_owned)).chain(rows).collect();
    let mut widths = [0; N];
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let mut text = String::new();
    for row in &rows {
        let mut line = String::new();
        for (width, cell) in widths.iter().zip(row) {
            let _ = write!(line, "{cell:<width$}  ");
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text.pop();
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up_by_characters_not_bytes() {
        let rows = [["skhdt".into(), "Sở Kế hoạch và Đầu tư".into()], ["snv".into(), "Sở Nội vụ".into()]];
        assert_eq!(
            table(["code", "name"], rows),
            "code   name\nskhdt  Sở Kế hoạch và Đầu tư\nsnv    Sở Nội vụ"
        );
    }
}
