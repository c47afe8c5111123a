//! What entries must be, beyond what each cell must be.

use std::collections::{HashMap, HashSet};

use dinh_model::{Date, Language, Localized, Value, text};

use super::export::BETWEEN;
use super::import::{LONGEST_CODE, LONGEST_NAME};
use super::wrong::Wrong;
use super::{Compiled, Entry, names};
use crate::sheets::{Problem, Sheet};

/// An entry of a file, and where it is.
pub(super) struct Row {
    pub(super) place: u32,
    pub(super) line: u32,
    pub(super) entry: Entry,
}

impl Row {
    /// An entry that stands in no file.
    pub(super) fn only(entry: Entry) -> Self {
        Self { place: 0, line: 1, entry }
    }
}

/// The entry as it is stored: texts in NFC and without spaces around them, nothing twice, nothing empty.
pub(super) fn normal(entry: Entry) -> Entry {
    let words = |words: &str| text::nfc(words.trim());
    let list = |all: Vec<String>| {
        let mut kept: Vec<String> = Vec::new();
        for one in all.iter().map(|one| words(one)).filter(|one| !one.is_empty()) {
            if !kept.contains(&one) {
                kept.push(one);
            }
        }
        kept
    };
    let vi = words(&entry.name.vi);
    let en = Some(words(&entry.name.en)).filter(|en| !en.is_empty()).unwrap_or_else(|| vi.clone());
    let attribute = |value| match value {
        Value::Text(text) => {
            Some(words(&text)).filter(|text| !text.is_empty()).map_or(Value::Empty, Value::Text)
        }
        other => other,
    };
    Entry {
        code: words(&entry.code),
        name: Localized { vi, en },
        parent: entry.parent.map(|parent| words(&parent)).filter(|parent| !parent.is_empty()),
        aliases: list(entry.aliases),
        predecessors: list(entry.predecessors),
        attributes: entry.attributes.into_iter().map(attribute).collect(),
        ..entry
    }
    .trimmed()
}

/// Heads that nobody knows: a misspelt one would silently lose a column.
pub(super) fn unknown_heads(sheet: &Sheet, language: Language) -> Vec<Problem> {
    let vi = language == Language::Vi;
    let problem = |head: &String| Problem {
        row: 0,
        line: 1,
        column: None,
        value: head.clone(),
        message: if vi {
            "cột không có trong danh mục"
        } else {
            "a column that this catalog does not have"
        }
        .into(),
        remedy: if vi {
            "Sửa tên cột hoặc xoá cột này."
        } else {
            "Correct the head, or remove the column."
        }
        .into(),
    };
    sheet.unknown_heads.iter().map(problem).collect()
}

/// Checks the rows against each other and against the catalog as it stands.
pub(super) fn check(compiled: &Compiled, rows: &[Row], language: Language) -> Vec<Problem> {
    let mut lines: HashMap<&str, u32> = HashMap::new();
    let mut checking =
        Checking { compiled, new: HashMap::new(), circles: HashSet::new(), language, problems: Vec::new() };
    for row in rows {
        match lines.get(row.entry.code.as_str()) {
            Some(first) => checking.report(row, "code", &row.entry.code, &Wrong::Twice(*first)),
            None => {
                lines.insert(&row.entry.code, row.line);
                checking.new.insert(&row.entry.code, &row.entry);
            }
        }
    }
    checking.circles = checking.circles();
    for row in rows {
        checking.alone(row);
        checking.above(row);
        checking.before(row);
        checking.of_others(row);
    }
    checking.problems
}

struct Checking<'a> {
    compiled: &'a Compiled,
    /// As they will be.
    new: HashMap<&'a str, &'a Entry>,
    /// The codes that would stand above themselves.
    circles: HashSet<&'a str>,
    language: Language,
    problems: Vec<Problem>,
}

impl<'a> Checking<'a> {
    /// An entry by itself.
    fn alone(&mut self, row: &Row) {
        let entry = &row.entry;
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '/');
        if entry.code.is_empty() || !entry.code.chars().all(plain) {
            self.report(row, "code", &entry.code, &Wrong::Code);
        }
        let between = BETWEEN.to_string();
        for (column, text, most) in [
            ("code", &entry.code, LONGEST_CODE),
            ("name_vi", &entry.name.vi, LONGEST_NAME),
            ("name_en", &entry.name.en, LONGEST_NAME),
            ("aliases", &entry.aliases.join(&between), LONGEST_NAME),
            ("predecessors", &entry.predecessors.join(&between), LONGEST_NAME),
        ] {
            if text.chars().count() > most as usize {
                self.report(row, column, text, &Wrong::Long(most));
            }
            if text.chars().any(text::is_hidden) {
                self.report(row, column, text, &Wrong::Hidden);
            }
        }
        if let Some(alias) = entry.aliases.iter().find(|alias| alias.contains(BETWEEN)) {
            self.report(row, "aliases", alias, &Wrong::Between);
        }
        if names::forms(&entry.name.vi).is_empty() {
            self.report(row, "name_vi", &entry.name.vi, &Wrong::Name);
        }
        if let Some(until) = entry.valid_until.filter(|until| *until <= entry.valid_from) {
            self.report(row, "valid_until", &until.to_string(), &Wrong::Term);
        }
        self.attributes(row);
    }

    /// Its values are of the types that the catalog says.
    fn attributes(&mut self, row: &Row) {
        let compiled = self.compiled;
        let known = &compiled.catalog().definition.attributes;
        for (place, value) in row.entry.attributes.iter().enumerate() {
            let column = known.get(place).map_or("", |attribute| attribute.name.as_str());
            let fits = known.get(place).is_some_and(|attribute| {
                value.clone().fit(&attribute.kind.field_type()).is_ok_and(|fitted| fitted == *value)
            });
            if !fits {
                self.report(row, column, "", &Wrong::Attribute);
            }
            if let Value::Text(text) = value {
                if text.chars().count() > LONGEST_NAME as usize {
                    self.report(row, column, text, &Wrong::Long(LONGEST_NAME));
                }
                if text.chars().any(text::is_hidden) {
                    self.report(row, column, text, &Wrong::Hidden);
                }
            }
        }
    }

    /// An entry and the one above it, whose term covers its own.
    fn above(&mut self, row: &Row) {
        let entry = &row.entry;
        let Some(parent) = &entry.parent else { return };
        if *parent == entry.code {
            self.report(row, "parent", parent, &Wrong::Itself);
            return;
        }
        match self.known(parent) {
            None => self.report(row, "parent", parent, &Wrong::UnknownCode),
            Some(_) if self.circles.contains(entry.code.as_str()) => {
                self.report(row, "parent", parent, &Wrong::Cycle);
            }
            Some(above) if !covers(above, entry) => self.report(row, "parent", parent, &Wrong::OutsideParent),
            Some(_) => {}
        }
    }

    /// An entry and what it came from, which began earlier.
    fn before(&mut self, row: &Row) {
        let entry = &row.entry;
        for before in &entry.predecessors {
            if *before == entry.code {
                self.report(row, "predecessors", before, &Wrong::Itself);
                continue;
            }
            match self.known(before) {
                None => self.report(row, "predecessors", before, &Wrong::UnknownCode),
                Some(known) if known.valid_from >= entry.valid_from => {
                    self.report(row, "predecessors", before, &Wrong::Succession);
                }
                Some(_) => {}
            }
        }
    }

    /// An entry and those that rely on it and are not asked for themselves.
    fn of_others(&mut self, row: &Row) {
        let (entry, compiled) = (&row.entry, self.compiled);
        let others = |others: Vec<&'a Entry>, wrong: &dyn Fn(&Entry) -> bool| {
            let mut left = others.into_iter().filter(|other| !self.new.contains_key(other.code.as_str()));
            left.find(|other| wrong(other)).map(|other| other.code.clone())
        };
        let below = others(compiled.below(&entry.code), &|below| !covers(entry, below));
        let after = others(compiled.successors(&entry.code), &|after| after.valid_from <= entry.valid_from);
        if let Some(below) = below {
            let until = entry.valid_until.map_or(entry.valid_from, |until| until);
            self.report(row, "valid_until", &until.to_string(), &Wrong::EndsBeforeChild(below));
        }
        if let Some(after) = after {
            self.report(row, "valid_from", &entry.valid_from.to_string(), &Wrong::AfterSuccessor(after));
        }
    }

    /// An entry as it will be.
    fn known(&self, code: &str) -> Option<&'a Entry> {
        self.new.get(code).copied().or_else(|| self.compiled.get(code))
    }

    /// The codes that stand above themselves. Each entry is walked past once, however deep they stand.
    fn circles(&self) -> HashSet<&'a str> {
        let (mut walked, mut circles) = (HashMap::new(), HashSet::new());
        for (walk, code) in self.new.keys().copied().enumerate() {
            let (mut here, mut way) = (Some(code), Vec::new());
            while let Some(code) = here
                && !walked.contains_key(code)
            {
                walked.insert(code, walk);
                way.push(code);
                here = self.known(code).and_then(|entry| entry.parent.as_deref());
            }
            // It came to where this very walk had been.
            if let Some(code) = here
                && walked.get(code) == Some(&walk)
            {
                circles.extend(way.into_iter().skip_while(|known| *known != code));
            }
        }
        circles
    }

    fn report(&mut self, row: &Row, column: &str, value: &str, wrong: &Wrong) {
        let (message, remedy) = wrong.words(self.language);
        self.problems.push(Problem {
            row: row.place,
            line: row.line,
            column: Some(column.to_owned()),
            value: value.chars().take(100).collect(),
            message,
            remedy,
        });
    }
}

/// Whether the term of one covers that of the other.
fn covers(one: &Entry, other: &Entry) -> bool {
    let end = |entry: &Entry| entry.valid_until.unwrap_or(Date::MAX);
    one.valid_from <= other.valid_from && end(other) <= end(one)
}
