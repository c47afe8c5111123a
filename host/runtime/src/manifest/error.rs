//! What is wrong with a manifest, where, and what to do about it.

use std::ops::Range;

use super::FILE_NAME;

/// What is wrong with a manifest: one place, one remedy.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{FILE_NAME}:{line}:{column}: {problem}\n  {remedy}")]
pub struct ManifestError {
    /// The line, from 1.
    pub line: usize,
    /// The character of the line, from 1.
    pub column: usize,
    /// What is wrong.
    pub problem: String,
    /// What to do about it.
    pub remedy: String,
}

impl ManifestError {
    /// At a byte of `text`.
    pub(super) fn at(text: &str, place: usize, problem: String, remedy: String) -> Self {
        let before = text.get(..place).unwrap_or(text);
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        Self {
            line: before.matches('\n').count() + 1,
            column: before.get(line_start..).unwrap_or_default().chars().count() + 1,
            problem,
            remedy,
        }
    }

    /// From the parser's own words: what it says is kept, unless there is a better way to say it.
    pub(super) fn parse(text: &str, error: &toml::de::Error) -> Self {
        let place = error.span().map_or(0, |span| span.start);
        let message = error.message();
        let quoted = |at: usize| message.split('`').nth(at).unwrap_or_default();
        let (problem, remedy) = if message.starts_with("unknown field") {
            let known = message.split_once("expected ").map_or("no key", |(_, known)| known);
            (format!("unknown key `{}`", quoted(1)), format!("remove it, or use {known}"))
        } else if message.starts_with("missing field") {
            let key = quoted(1);
            (format!("the key `{key}` is missing"), format!("add `{key}` to this table"))
        } else if message.starts_with("duplicate key") {
            ("the same key twice in one table".to_owned(), "keep one of them".to_owned())
        } else if message.starts_with("invalid type") {
            let (found, expected) = message.split_once(", expected ").unwrap_or((message, "another type"));
            let expected = match expected {
                "struct Localized" => "{ vi = \"…\", en = \"…\" }",
                ours if ours.starts_with("struct ") => "a table",
                plain => plain,
            };
            (found.replace("invalid type: ", "wrong type: "), format!("write {expected}"))
        } else {
            (message.lines().collect::<Vec<_>>().join("; "), "correct the TOML at this place".to_owned())
        };
        Self::at(text, place, problem, remedy)
    }
}

/// Something wrong at a place that is still only a range of bytes.
#[derive(Debug)]
pub(super) struct Wrong {
    place: usize,
    problem: String,
    remedy: String,
}

impl Wrong {
    /// At the beginning of `span`.
    pub(super) fn at(span: Range<usize>, problem: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { place: span.start, problem: problem.into(), remedy: remedy.into() }
    }

    /// As the reader of `text` finds it.
    pub(super) fn locate(self, text: &str) -> ManifestError {
        ManifestError::at(text, self.place, self.problem, self.remedy)
    }
}
