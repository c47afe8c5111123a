//! What a command answers: for programs as JSON, for people as text.
//!
//! What people once typed is shown as it is, and cannot look like something else: within a line every character
//! that ends it, steers a terminal or does not show stands there by its code (`\n`, `\u{1b}`, `\u{202e}`).

use std::borrow::Cow;
use std::fmt::Write;

use dinh_model::text::is_hidden;
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
    pub fn done(value: impl Serialize, sentence: impl AsRef<str>) -> Self {
        Self { value: json(value), text: on_this_line(sentence.as_ref()).into_owned() }
    }

    /// Text of our own on several lines, such as a signed head.
    pub fn lines(value: impl Serialize, text: impl Into<String>) -> Self {
        Self { value: json(value), text: text.into() }
    }

    /// The answer as JSON on one line. Also there nothing steers a terminal: what does not show is written as `\u202e`,
    /// which is the same to a program.
    pub fn json(&self) -> String {
        escaped(&self.value.to_string(), |c, shown| {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                let _ = write!(shown, "\\u{unit:04x}");
            }
        })
        .into_owned()
    }

    /// The answer for people. Lines are as they were made; a character in them that steers a terminal is not.
    pub fn shown(&self) -> String {
        self.text.split('\n').map(on_this_line).collect::<Vec<_>>().join("\n")
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
    let line = |(name, value): &(&str, String)| {
        format!("{name:<width$}  {}", on_this_line(value)).trim_end().to_owned()
    };
    facts.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// A number with its noun: `1 account`, `2 accounts`.
pub fn count(number: usize, one: &str, more: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { more })
}

/// Columns padded to their widest cell, two spaces apart.
pub fn table<const N: usize>(heads: [&str; N], rows: impl IntoIterator<Item = [String; N]>) -> String {
    let rows = rows.into_iter().map(|row| row.map(|cell| on_this_line(&cell).into_owned()));
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

/// A text that stays on its line and shows whole.
pub fn on_this_line(text: &str) -> Cow<'_, str> {
    escaped(text, |c, shown| {
        let _ = match c {
            '\n' => write!(shown, "\\n"),
            '\r' => write!(shown, "\\r"),
            '\t' => write!(shown, "\\t"),
            other => write!(shown, "\\u{{{:x}}}", u32::from(other)),
        };
    })
}

/// The text with what is control or hidden written as `write` does.
fn escaped(text: &str, write: impl Fn(char, &mut String)) -> Cow<'_, str> {
    let hidden = |c: char| c.is_control() || is_hidden(c);
    if !text.contains(hidden) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if hidden(c) { write(c, &mut shown) } else { shown.push(c) }
    }
    Cow::Owned(shown)
}

fn on_one_line(text: &str) -> String {
    let mut line = String::new();
    for part in text.lines().map(str::trim).filter(|part| !part.is_empty()) {
        if !line.is_empty() {
            line.push_str(if line.ends_with([':', ';', ',', '.']) { " " } else { "; " });
        }
        line.push_str(&on_this_line(part));
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
    fn what_somebody_typed_makes_no_line_of_its_own_and_steers_no_terminal() {
        let forged = "x\n99  grant  admin \u{1b}[31m\u{202e}gro";
        let said = "x\\n99  grant  admin \\u{1b}[31m\\u{202e}gro";
        assert_eq!(table(["why"], [[forged.to_owned()]]), format!("why\n{said}"));
        assert_eq!(
            facts_of(&[("why", forged.to_owned()), ("by", "lan".into())]),
            format!("why  {said}\nby   lan")
        );
        assert_eq!(Reply::done((), forged).text, said);
        assert_eq!(Reply::lines((), "one\ntwo\u{7}").shown(), "one\ntwo\\u{7}");
        assert_eq!(refusal(&anyhow::anyhow!("no unit \u{202e}x")), "no unit \\u{202e}x");
        let reply = Reply::done(serde_json::json!({ "why": forged, "far": "\u{e0041}" }), "");
        let line = reply.json();
        assert!(line.is_ascii() && line.lines().count() == 1, "{line}");
        assert_eq!(serde_json::from_str::<Value>(&line).unwrap(), reply.value);
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
