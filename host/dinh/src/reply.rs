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

    /// All that is said of one thing, a line each: its name, then its value.
    pub fn facts(value: impl Serialize, facts: &[(&str, String)]) -> Self {
        Self { value: json(value), text: facts_of(facts) }
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

/// Names and values, the values in one column.
pub fn facts_of(facts: &[(&str, String)]) -> String {
    let width = facts.iter().map(|(name, _)| name.chars().count()).max().unwrap_or_default();
    let line = |(name, value): &(&str, String)| format!("{name:<width$}  {value}").trim_end().to_owned();
    facts.iter().map(line).collect::<Vec<_>>().join("\n")
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

/// A failure with its causes in one line, on which a problem and its remedy are parted by `;`. A cause that the
/// words before it say already is not said again.
pub fn refusal(error: &anyhow::Error) -> String {
    let mut line = String::new();
    for cause in error.chain() {
        let words = on_one_line(&cause.to_string());
        if line.is_empty() {
            line = words;
        } else if !line.contains(&words) {
            line.push_str(": ");
            line.push_str(&words);
        }
    }
    line
}

fn on_one_line(text: &str) -> String {
    let mut line = String::new();
    for part in text.lines().map(str::trim).filter(|part| !part.is_empty()) {
        if !line.is_empty() {
            line.push_str(if line.ends_with([':', ';', ',', '.']) { " " } else { "; " });
        }
        line.push_str(part);
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_one_line_that_says_nothing_twice() {
        #[derive(Debug, thiserror::Error)]
        #[error("cannot use /x: {source}")]
        struct Io {
            source: std::io::Error,
        }
        let error = anyhow::Error::new(Io { source: std::io::Error::from_raw_os_error(2) });
        assert_eq!(
            refusal(&error.context("cannot start")),
            "cannot start: cannot use /x: No such file or directory (os error 2)"
        );
        let manifest = anyhow::anyhow!("plugin.toml:3:1: unknown key `colour`\n  remove it, or correct it");
        assert_eq!(refusal(&manifest), "plugin.toml:3:1: unknown key `colour`; remove it, or correct it");
        assert_eq!(refusal(&anyhow::anyhow!("nothing found:\none\n\ntwo")), "nothing found: one; two");
    }

    #[test]
    fn columns_line_up_by_characters_not_bytes() {
        let rows = [["skhdt".into(), "Sở Kế hoạch và Đầu tư".into()], ["snv".into(), "Sở Nội vụ".into()]];
        assert_eq!(
            table(["code", "name"], rows),
            "code   name\nskhdt  Sở Kế hoạch và Đầu tư\nsnv    Sở Nội vụ"
        );
    }
}
