//! What came back, before anything is known about it: names and texts in order, and the files.

use bytes::Bytes;
use serde_json::{Map, Value};

use super::Problem;

/// A file of a multipart body that is not attached to anything: a sheet to be imported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RawFile {
    /// Name of the field.
    pub name: String,
    /// Name of the file, as the sender's machine calls it.
    pub file_name: String,
    /// Its bytes.
    pub bytes: Bytes,
}

/// Names and texts in the order sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Raw {
    pairs: Vec<(String, String)>,
    files: Vec<RawFile>,
    refused: Vec<Problem>,
    exact: bool,
}

/// Why a JSON body cannot be a submission.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NotASubmission(pub String);

impl Raw {
    /// From a urlencoded or multipart body: numbers and days are as people write them.
    pub fn typed(pairs: Vec<(String, String)>, files: Vec<RawFile>) -> Self {
        Self { pairs, files, ..Self::default() }
    }

    /// The same, beside attached files that were not taken.
    pub fn refusing(mut self, refused: Vec<Problem>) -> Self {
        self.refused = refused;
        self
    }

    /// Why files that came for a field were not taken.
    pub fn refused<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let of = self.refused.iter().filter(move |problem| problem.name.as_deref() == Some(name));
        of.map(|problem| problem.message.as_str())
    }

    /// From a JSON body: numbers and days are as programs write them.
    ///
    /// `{"form", "button"?, "once"?, "csrf"?, "sheet"?, "rows"?, "inputs": {…}, "children": {LIST: [{"key"?, …}]},
    /// "cells": [{"row", "column", "value"}], "selected": […]}`. For a button that submits without a form,
    /// `inputs` are what the page gives for it.
    pub fn from_json(body: &Value) -> Result<Self, NotASubmission> {
        let body = body.as_object().ok_or_else(|| NotASubmission("the body is not a JSON object".into()))?;
        let mut raw = Self { exact: true, ..Self::default() };
        for (name, value) in body {
            match name.as_str() {
                "form" | "button" | "once" | "csrf" | "sheet" | "rows" | "shown" | "confirmed" => {
                    raw.push(name, value)?
                }
                "inputs" => raw.inputs("f", object(name, value)?)?,
                "children" => raw.children(object(name, value)?)?,
                "cells" => raw.cells(array(name, value)?)?,
                "selected" => raw.push("selected", value)?,
                other => return Err(NotASubmission(format!("`{other}` is not part of a submission"))),
            }
        }
        Ok(raw)
    }

    fn push(&mut self, name: &str, value: &Value) -> Result<(), NotASubmission> {
        match value {
            Value::Null => {}
            Value::String(text) => self.pairs.push((name.to_owned(), text.clone())),
            Value::Bool(_) | Value::Number(_) => self.pairs.push((name.to_owned(), value.to_string())),
            Value::Array(list) => {
                for item in list {
                    if item.is_array() {
                        return Err(NotASubmission(format!("`{name}` has a list inside its list")));
                    }
                    self.push(name, item)?;
                }
            }
            Value::Object(map) => {
                // Units, people and records come out of the JSON door with their names beside the
                // identifier; they may go back in the same way.
                let id = map.get("id").filter(|id| id.is_string() || id.is_number());
                self.push(
                    name,
                    id.ok_or_else(|| NotASubmission(format!("`{name}` is an object without an id")))?,
                )?;
            }
        }
        Ok(())
    }

    fn inputs(&mut self, prefix: &str, inputs: &Map<String, Value>) -> Result<(), NotASubmission> {
        inputs.iter().try_for_each(|(name, value)| self.push(&format!("{prefix}.{name}"), value))
    }

    fn children(&mut self, lists: &Map<String, Value>) -> Result<(), NotASubmission> {
        for (list, rows) in lists {
            let rows = array(list, rows)?;
            self.pairs.push((format!("c.{list}.rows"), rows.len().to_string()));
            for (index, row) in rows.iter().enumerate() {
                let prefix = format!("c.{list}.{index}");
                let row = object(list, row)?;
                if let Some(key) = row.get("key") {
                    self.push(&format!("{prefix}..key"), key)?;
                }
                let values =
                    row.get("inputs").map_or_else(|| Ok(None), |inputs| object(list, inputs).map(Some))?;
                if let Some(values) = values {
                    self.inputs(&prefix, values)?;
                }
            }
        }
        Ok(())
    }

    fn cells(&mut self, cells: &[Value]) -> Result<(), NotASubmission> {
        for cell in cells {
            let cell = object("cells", cell)?;
            let (Some(row), Some(column)) =
                (cell.get("row").and_then(Value::as_str), cell.get("column").and_then(Value::as_str))
            else {
                return Err(NotASubmission("a cell is {\"row\", \"column\", \"value\"}".into()));
            };
            let name = format!("j.{column}.{row}");
            match cell.get("value") {
                None | Some(Value::Null) => self.pairs.push((name, String::new())),
                Some(value) => self.push(&name, value)?,
            }
        }
        Ok(())
    }

    /// Whether a program wrote it: `.` is the decimal mark, days are `2021-12-31`.
    pub fn exact(&self) -> bool {
        self.exact
    }

    /// The first text of a name.
    pub fn first(&self, name: &str) -> Option<&str> {
        self.pairs.iter().find(|(known, _)| known == name).map(|(_, text)| text.as_str())
    }

    /// All texts of a name.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.pairs.iter().filter(move |(known, _)| known == name).map(|(_, text)| text.as_str())
    }

    /// Whether a name came back.
    pub fn has(&self, name: &str) -> bool {
        self.first(name).is_some()
    }

    /// Everything, in order.
    pub fn pairs(&self) -> &[(String, String)] {
        &self.pairs
    }

    /// Replaces all texts of a name by one.
    pub fn set(&mut self, name: &str, text: String) {
        self.pairs.retain(|(known, _)| known != name);
        self.pairs.push((name.to_owned(), text));
    }

    /// The file of a field, if one was chosen: browsers send an empty one of no name otherwise.
    pub fn file(&self, name: &str) -> Option<&RawFile> {
        self.files
            .iter()
            .find(|file| file.name == name && !(file.file_name.is_empty() && file.bytes.is_empty()))
    }
}

fn object<'a>(name: &str, value: &'a Value) -> Result<&'a Map<String, Value>, NotASubmission> {
    value.as_object().ok_or_else(|| NotASubmission(format!("`{name}` is not an object")))
}

fn array<'a>(name: &str, value: &'a Value) -> Result<&'a Vec<Value>, NotASubmission> {
    value.as_array().ok_or_else(|| NotASubmission(format!("`{name}` is not a list")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_json_submission_becomes_the_names_of_the_page() {
        let raw = Raw::from_json(&json!({
            "form": "edit", "once": "n1",
            "inputs": {"year": 2021, "score": "73.02", "final": true, "note": null, "tags": ["a", "b"], "unit": {"id": 3, "name": "Sở"}},
            "children": {"family": [{"key": "k1", "inputs": {"name": "Lan"}}, {"inputs": {"name": "Huệ"}}]},
            "cells": [{"row": "r1", "column": "paid", "value": 50000}, {"row": "r2", "column": "paid", "value": null}],
            "selected": ["x", "y"],
        }))
        .unwrap();
        assert!(raw.exact());
        assert_eq!(raw.first("f.year"), Some("2021"));
        assert_eq!(raw.first("f.score"), Some("73.02"));
        assert_eq!(raw.first("f.final"), Some("true"));
        assert!(!raw.has("f.note"));
        assert_eq!(raw.all("f.tags").collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(raw.first("f.unit"), Some("3"));
        assert_eq!(raw.first("c.family.rows"), Some("2"));
        assert_eq!(raw.first("c.family.0..key"), Some("k1"));
        assert_eq!(raw.first("c.family.1.name"), Some("Huệ"));
        assert_eq!(raw.first("j.paid.r1"), Some("50000"));
        assert_eq!(raw.first("j.paid.r2"), Some(""));
        assert_eq!(raw.all("selected").count(), 2);
    }

    #[test]
    fn what_is_not_a_submission_is_named() {
        for (body, named) in [
            (json!([]), "not a JSON object"),
            (json!({"frm": "edit"}), "`frm`"),
            (json!({"inputs": []}), "`inputs` is not an object"),
            (json!({"inputs": {"a": {"b": 1}}}), "without an id"),
            (json!({"inputs": {"a": [[1]]}}), "list inside"),
            (json!({"cells": [{"row": 1}]}), "a cell is"),
        ] {
            let error = Raw::from_json(&body).unwrap_err().to_string();
            assert!(error.contains(named), "{error}");
        }
    }

    #[test]
    fn an_empty_file_field_is_no_file() {
        let file = |file_name: &str, bytes: &'static [u8]| RawFile {
            name: "file".into(),
            file_name: file_name.into(),
            bytes: Bytes::from_static(bytes),
        };
        assert!(Raw::typed(vec![], vec![file("", b"")]).file("file").is_none());
        assert!(Raw::typed(vec![], vec![file("a.csv", b"")]).file("file").is_some());
    }
}
