//! Catalogs, entries and versions as commands show them.

use dinh_model::{Date, Localized, Value};
use dinh_services::Call;
use dinh_services::accounts::Signature;
use dinh_services::catalog::{Catalog, Entry, Version};
use dinh_services::sheets::Problem;
use serde::Serialize;
use serde_json::json;

use super::changed;
use crate::deeds::named;

/// Most mistakes named in a refusal.
const NAMED: usize = 10;

/// An entry as commands show one.
#[derive(Serialize)]
pub(super) struct Shown {
    code: String,
    name: Localized,
    parent: Option<String>,
    valid_from: Date,
    /// The last day of its term.
    until: Option<Date>,
    order: i64,
    aliases: Vec<String>,
    predecessors: Vec<String>,
    attributes: Vec<(String, String)>,
}

impl Shown {
    pub(super) fn new(entry: &Entry, catalog: &Catalog) -> Self {
        let known = catalog.definition.attributes.iter().zip(&entry.attributes);
        let said = known.filter(|(_, value)| !value.is_empty());
        Self {
            code: entry.code.clone(),
            name: entry.name.clone(),
            parent: entry.parent.clone(),
            valid_from: entry.valid_from,
            until: last(entry),
            order: entry.order,
            aliases: entry.aliases.clone(),
            predecessors: entry.predecessors.clone(),
            attributes: said.map(|(known, value)| (known.name.clone(), text(value))).collect(),
        }
    }

    pub(super) fn row(&self) -> [String; 6] {
        let until = self.until.map_or_else(|| "–".to_owned(), |until| until.to_string());
        let above = self.parent.clone().unwrap_or_else(|| "–".to_owned());
        [
            self.code.clone(),
            self.name.vi.clone(),
            self.valid_from.to_string(),
            until,
            above,
            self.attributes_in_words(),
        ]
    }

    pub(super) fn facts(&self) -> Vec<(&'static str, String)> {
        let [code, name, from, until, above, attributes] = self.row();
        vec![
            ("code", code),
            ("name", name),
            ("name in English", self.name.en.clone()),
            ("from", from),
            ("until", until),
            ("above", above),
            ("order", self.order.to_string()),
            ("aliases", self.aliases.join(", ")),
            ("attributes", attributes),
        ]
    }

    fn attributes_in_words(&self) -> String {
        let said = self.attributes.iter().map(|(name, value)| format!("{name}={value}"));
        said.collect::<Vec<_>>().join(", ")
    }
}

/// The last day of an entry's term.
fn last(entry: &Entry) -> Option<Date> {
    entry.valid_until.and_then(|until| until.yesterday().ok())
}

fn text(value: &Value) -> String {
    match value {
        Value::Integer(number) => number.to_string(),
        Value::Decimal(number) => number.to_string(),
        Value::Text(text) => text.clone(),
        _ => String::new(),
    }
}

/// An entry in one line.
pub(in crate::deeds) fn in_words(entry: &Entry) -> String {
    let until = last(entry).map_or_else(String::new, |until| format!(" through {until}"));
    format!("{} {} (from {}{until})", entry.code, entry.name.vi, entry.valid_from)
}

/// A catalog as a row of the list.
pub(super) fn facts_of_catalog(call: &Call, catalog: &Catalog) -> [String; 5] {
    let owner = catalog.definition.owner;
    [
        catalog.definition.name.clone(),
        catalog.version.to_string(),
        owner.map_or_else(|| "the house".to_owned(), |owner| named::code_of(call, owner)),
        catalog.definition.title.vi.clone(),
        catalog.definition.source.clone(),
    ]
}

/// A version for programs, and as a row.
pub(super) fn shown_version(call: &Call, version: &Version) -> (serde_json::Value, [String; 5]) {
    let login = |by: &Option<Signature>| by.map(|by| named::login_of(call, by.account));
    let (by, approved) = (login(&version.by), login(&version.approved));
    let value = json!({
        "version": version.number,
        "at": version.at,
        "by": by,
        "approved_by": approved,
        "request": version.request,
        "reason": version.reason,
        "what": version.what,
    });
    let or_none = |login: Option<String>| login.unwrap_or_else(|| "–".to_owned());
    let row = [
        version.number.to_string(),
        version.at.to_string(),
        changed(&version.what),
        or_none(by),
        or_none(approved),
    ];
    (value, row)
}

/// The mistakes of a file in one line.
pub(super) fn mistakes(problems: &[Problem]) -> String {
    let mut named: Vec<_> = problems
        .iter()
        .take(NAMED)
        .map(|problem| {
            let column = problem.column.as_deref().map(|column| format!(", {column}")).unwrap_or_default();
            // A remedy is a sentence of its own; several stand in one line.
            let remedy = problem.remedy.trim_end_matches('.');
            format!("line {}{column}: {}; {remedy}", problem.line, problem.message)
        })
        .collect();
    let more = problems.len().saturating_sub(NAMED);
    if more > 0 {
        named.push(format!("and {more} more"));
    }
    named.join("; ")
}
