//! Conditions, compiled: asked of a stored row without decoding it.

use std::cmp::Ordering;

use dinh_model::text::{fold, sort_key};
use dinh_model::{FieldType, Label, Row, RowError, Value};

use super::RecordError;
use super::fields::{is_number, key_of, slot};
use super::place::Place;
use super::selection::{Comparison, Condition};

/// Most lists of a disjunction, and most conditions of a list.
const MOST: usize = 100;
/// Most conditions of all lists together: each may be asked of each row.
pub const MOST_CONDITIONS: usize = 500;

/// One condition, checked against the schema.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Test {
    /// The field.
    pub(super) field: usize,
    /// How it compares; `Equal` with an empty value has become `IsEmpty`.
    pub(super) comparison: Comparison,
    /// With what, fitted to the field.
    pub(super) value: Value,
    how: How,
}

/// How a row is asked.
#[derive(Clone, Debug, PartialEq)]
enum How {
    /// Compare the slot.
    Number(i64),
    /// Compare bytes on the heap: texts for equality, references.
    Bytes(Vec<u8>),
    /// Compare sort keys of texts.
    Alphabet(Vec<u8>),
    /// Compare whole keys: lists.
    Key(Vec<u8>, FieldType),
    /// Begins with this, folded.
    Begins(String),
    /// Each of these, folded, begins a word.
    Words(Vec<String>),
    /// Only whether it is filled in.
    Presence,
}

/// A disjunction of conjunctions; without lists, everything.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Filter {
    pub(super) any_of: Vec<Vec<Test>>,
    /// The highest label of the fields it looks at.
    pub(super) label: Label,
}

impl Filter {
    pub(super) fn compile(place: &Place<'_>, any_of: &[Vec<Condition>]) -> Result<Self, RecordError> {
        if any_of.len() > MOST || any_of.iter().any(|all| all.len() > MOST) {
            return Err(RecordError::BadRequest(format!(
                "a query takes at most {MOST} lists of at most {MOST} conditions"
            )));
        }
        let conditions: usize = any_of.iter().map(Vec::len).sum();
        if conditions > MOST_CONDITIONS {
            return Err(RecordError::BadRequest(format!(
                "a query takes at most {MOST_CONDITIONS} conditions in all its lists, not {conditions}; ask twice, \
                 or for a range"
            )));
        }
        let mut label = Label::Ordinary;
        let mut lists = Vec::with_capacity(any_of.len());
        for all_of in any_of {
            let tests: Result<Vec<Test>, RecordError> = all_of
                .iter()
                .map(|condition| {
                    let (at, field) = place.field(&condition.field)?;
                    label = label.max(field.label);
                    Test::compile(at, &field.kind, condition)
                })
                .collect();
            lists.push(tests?);
        }
        Ok(Self { any_of: lists, label })
    }

    /// The fields it looks at.
    pub(super) fn fields(&self) -> impl Iterator<Item = usize> {
        self.any_of.iter().flatten().map(|test| test.field)
    }

    /// Whether a row is meant.
    pub(super) fn holds(&self, row: &Row<'_>) -> Result<bool, RowError> {
        if self.any_of.is_empty() {
            return Ok(true);
        }
        'lists: for all_of in &self.any_of {
            for test in all_of {
                if !test.holds(row)? {
                    continue 'lists;
                }
            }
            return Ok(true);
        }
        Ok(false)
    }
}

impl Test {
    fn compile(field: usize, kind: &FieldType, condition: &Condition) -> Result<Self, RecordError> {
        let bad =
            |why: String| RecordError::BadRequest(format!("the condition on {:?}: {why}", condition.field));
        let comparison = condition.comparison;
        if matches!(comparison, Comparison::IsEmpty | Comparison::IsFilled) {
            return Ok(Self { field, comparison, value: Value::Empty, how: How::Presence });
        }
        if matches!(condition.value, Value::Drawn(_)) {
            return Err(bad("a number that is not drawn yet cannot be searched for".into()));
        }
        let value = condition.value.clone().fit(kind).map_err(|error| bad(error.to_string()))?;
        let is_text = matches!(kind, FieldType::Text | FieldType::Code { .. });
        let how = match (comparison, &value) {
            (Comparison::Equal, Value::Empty) => {
                return Ok(Self { field, comparison: Comparison::IsEmpty, value, how: How::Presence });
            }
            (Comparison::StartsWith, Value::Text(text)) if is_text => How::Begins(fold(text)),
            (Comparison::Matches, Value::Text(text)) if is_text => {
                How::Words(fold(text).split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect())
            }
            // Searching for nothing finds whatever is filled in.
            (Comparison::StartsWith | Comparison::Matches, Value::Empty) if is_text => How::Words(Vec::new()),
            (Comparison::StartsWith | Comparison::Matches, _) => {
                return Err(bad(format!("a field of type {} holds no words to search in", kind.name())));
            }
            (_, Value::Empty) => return Err(bad("nothing is less or greater than an empty value".into())),
            (_, value) if is_number(kind) => How::Number(slot(value).unwrap_or_default()),
            (Comparison::Equal, Value::Text(text)) => How::Bytes(text.as_bytes().to_vec()),
            (_, Value::Text(text)) => How::Alphabet(sort_key(text)),
            (_, Value::Reference(id) | Value::Attachment(id)) => How::Bytes(id.0.to_vec()),
            (_, value) => How::Key(key_of(value), kind.clone()),
        };
        Ok(Self { field, comparison, value, how })
    }

    fn holds(&self, row: &Row<'_>) -> Result<bool, RowError> {
        let Some(number) = row.number(self.field) else { return Ok(self.comparison == Comparison::IsEmpty) };
        let heap = || Ok(row.heap(self.field)?.unwrap_or_default());
        let folded = || -> Result<String, RowError> { Ok(fold(&String::from_utf8_lossy(heap()?))) };
        let ordering = match &self.how {
            How::Presence => return Ok(self.comparison == Comparison::IsFilled),
            How::Begins(beginning) => return Ok(folded()?.starts_with(beginning.as_str())),
            How::Words(words) => {
                let text = folded()?;
                let begins = |word: &String| text.split(' ').any(|known| known.starts_with(word.as_str()));
                return Ok(words.iter().all(begins));
            }
            How::Number(other) => number.cmp(other),
            How::Bytes(other) => heap()?.cmp(other.as_slice()),
            How::Alphabet(other) => sort_key(&String::from_utf8_lossy(heap()?)).cmp(other),
            How::Key(other, kind) => key_of(&row.value(self.field, kind)?).cmp(other),
        };
        Ok(match self.comparison {
            Comparison::Equal => ordering == Ordering::Equal,
            Comparison::Less => ordering == Ordering::Less,
            Comparison::LessOrEqual => ordering != Ordering::Greater,
            Comparison::Greater => ordering == Ordering::Greater,
            Comparison::GreaterOrEqual => ordering != Ordering::Less,
            // Dealt with above; nothing else is left to hold.
            Comparison::StartsWith | Comparison::Matches | Comparison::IsEmpty | Comparison::IsFilled => {
                false
            }
        })
    }

    /// The words that a search index can look for; none when it cannot help.
    pub(super) fn words(&self) -> Option<Vec<&str>> {
        let words: Vec<&str> = match &self.how {
            How::Begins(beginning) => beginning.split(' ').filter(|word| !word.is_empty()).collect(),
            How::Words(words) => words.iter().map(String::as_str).collect(),
            _ => return None,
        };
        (!words.is_empty()).then_some(words)
    }
}
