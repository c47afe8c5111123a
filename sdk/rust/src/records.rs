//! A plugin's own records: `#[derive(Record)]`, typed queries, writing.
//!
//! The host applies the permission of each verb to every record, so a query returns what the actor may see
//! and nothing else, whether or not the plugin asks.

mod property;
mod selection;

use crate::bindings::dinh::platform::{records as host, sharing};
use crate::column::{Column, ColumnBuilder};
use crate::error::{Error, Result};
use crate::value::{Kind, Mismatch, RecordId, Value};
pub use host::{Comparison, FieldValue};
pub use property::{Assignment, Condition, Order, Property};
pub use selection::{Records, Selection};

/// Most records that cross at once, in either direction.
const MOST: u32 = 1000;

/// A struct that is a record of a collection; derived.
///
/// The name of a field is the struct's, with `-` for `_`, unless `#[record(name = "…")]` gives another. An
/// array `[T; N]` is the N fields `name-1` … `name-N`. The derive also gives the struct a constant for each
/// field that is no array (`Note::WRITTEN`), from which queries are made.
///
/// ```
/// use dinh_sdk::prelude::*;
///
/// #[derive(Clone, Record)]
/// #[record(collection = "notes")]
/// struct Note {
///     title: String,
///     written: Date,
///     score: Option<Decimal>,
/// }
///
/// assert_eq!(Note::FIELDS, ["title", "written", "score"]);
/// let query = Note::all().filter(Note::TITLE.matches("bao cao")).order_by(Note::WRITTEN.descending());
/// # let _ = query;
/// ```
pub trait Record: Sized {
    /// The collection, or the wanted dataset, as the manifest names it.
    const COLLECTION: &'static str;
    /// Whether it is a dataset of another plugin (`#[record(wanted = "…")]`): it is read under a contract, with the
    /// same queries, and never written.
    const SHARED: bool = false;
    /// Names of the fields, in order.
    const FIELDS: &'static [&'static str];
    /// What their values are.
    const KINDS: &'static [Kind];

    /// The values, in the order of the fields.
    fn into_values(self) -> Vec<Value>;

    /// From values in the order of the fields, which `next` gives one by one.
    fn from_values(next: &mut dyn FnMut() -> Value) -> Result<Self, Mismatch>;

    /// The value of a field by its name; empty where it has no such field. For what treats all fields alike, such as a table
    /// of every field: anything else reads the field itself.
    fn value(&self, field: &str) -> Value
    where
        Self: Clone,
    {
        let at = Self::FIELDS.iter().position(|known| *known == field);
        at.and_then(|at| self.clone().into_values().into_iter().nth(at)).unwrap_or(Value::Empty)
    }

    /// A query for all records that the actor may see.
    fn all() -> Selection<Self> {
        Selection::new()
    }

    /// One record; an error when there is no such record or the actor may not see it.
    fn get(id: RecordId) -> Result<Stored<Self>> {
        let fields = names(Self::FIELDS);
        let row = if Self::SHARED {
            sharing::get(Self::COLLECTION, id, &fields)?
        } else {
            host::get(Self::COLLECTION, id, &fields)?
        };
        let row = row.ok_or(host::Error::NotFound)?;
        let mut values = row.values.into_iter();
        let record = Self::from_values(&mut || values.next().unwrap_or(Value::Empty))?;
        Ok(Stored { id: row.id, version: row.version, record })
    }

    /// Many records by their identifiers, in that order: how references to another plugin's records are shown. None for
    /// one that is not there or that the actor may not see.
    fn resolve(ids: &[RecordId]) -> Result<Vec<Option<Self>>> {
        let mut found = Vec::with_capacity(ids.len());
        for ids in ids.chunks(MOST as usize) {
            if !Self::SHARED {
                for id in ids {
                    found.push(match Self::get(*id) {
                        Ok(stored) => Some(stored.record),
                        Err(Error::Records(host::Error::NotFound)) => None,
                        Err(error) => return Err(error),
                    });
                }
                continue;
            }
            let columns = sharing::resolve(Self::COLLECTION, ids, &names(Self::FIELDS))?;
            for row in 0..ids.len() {
                let mut cells = columns.iter().map(|column| column.answered(row));
                let mut empty = true;
                let record = Self::from_values(&mut || {
                    let value = cells.next().unwrap_or(Value::Empty);
                    empty &= value == Value::Empty;
                    value
                });
                found.push(match record {
                    Ok(record) if !empty => Some(record),
                    // What is not seen is empty, also where it may not be.
                    _ if empty => None,
                    Ok(_) => None,
                    Err(mismatch) => return Err(mismatch.into()),
                });
            }
        }
        Ok(found)
    }

    /// Adds the record.
    fn insert(self) -> Result<RecordId> {
        own::<Self>()?;
        let values = Self::FIELDS.iter().zip(self.into_values());
        Ok(host::insert(
            Self::COLLECTION,
            &values.map(|(field, value)| assign(field, value)).collect::<Vec<_>>(),
        )?)
    }

    /// Adds many records, as columns.
    fn insert_many(records: impl IntoIterator<Item = Self>) -> Result<Vec<RecordId>> {
        own::<Self>()?;
        let mut ids = Vec::new();
        let mut records = records.into_iter().peekable();
        while records.peek().is_some() {
            let mut columns: Vec<ColumnBuilder> =
                Self::KINDS.iter().map(|kind| ColumnBuilder::new(*kind)).collect();
            for record in records.by_ref().take(MOST as usize) {
                for (column, value) in columns.iter_mut().zip(record.into_values()) {
                    column.push(value);
                }
            }
            let columns: Vec<Column> = columns.into_iter().map(ColumnBuilder::finish).collect();
            ids.extend(host::insert_many(Self::COLLECTION, &names(Self::FIELDS), &columns)?);
        }
        Ok(ids)
    }
}

/// A dataset of another plugin is not written: keep a reference instead.
fn own<R: Record>() -> Result<()> {
    if R::SHARED {
        return Err(Error::Failed(format!(
            "{:?} is a dataset of another plugin: it is only read",
            R::COLLECTION
        )));
    }
    Ok(())
}

fn names(fields: &[&str]) -> Vec<String> {
    fields.iter().map(|field| (*field).to_owned()).collect()
}

fn assign(field: &str, value: Value) -> FieldValue {
    FieldValue { field: field.to_owned(), value }
}

/// A record as it is stored.
#[derive(Clone, Debug, PartialEq)]
pub struct Stored<R> {
    /// Its identifier.
    pub id: RecordId,
    /// Grows with each change of the record.
    pub version: u64,
    /// The record itself.
    pub record: R,
}

impl<R> std::ops::Deref for Stored<R> {
    type Target = R;

    fn deref(&self) -> &R {
        &self.record
    }
}

impl<R> std::ops::DerefMut for Stored<R> {
    fn deref_mut(&mut self) -> &mut R {
        &mut self.record
    }
}

impl<R: Record> Stored<R> {
    /// Writes the record back, if nobody has changed it since it was read.
    pub fn save(self) -> Result<()> {
        own::<R>()?;
        let values: Vec<_> =
            R::FIELDS.iter().zip(self.record.into_values()).map(|(f, v)| assign(f, v)).collect();
        Ok(host::update(R::COLLECTION, self.id, known(self.version), &values)?)
    }

    /// Removes the record, if nobody has changed it since it was read.
    pub fn delete(self) -> Result<()> {
        own::<R>()?;
        Ok(host::delete(R::COLLECTION, self.id, known(self.version))?)
    }
}

/// What this call wrote itself has version zero, which is no version to compare with.
fn known(version: u64) -> Option<u64> {
    (version != 0).then_some(version)
}

/// Writes some fields of a record; with `version`, only while the record still has it.
pub fn update<R: Record>(
    id: RecordId,
    version: Option<u64>,
    assignments: impl IntoIterator<Item = Assignment<R>>,
) -> Result<()> {
    let values: Vec<_> = assignments.into_iter().map(|assignment| assignment.inner).collect();
    Ok(host::update(R::COLLECTION, id, version, &values)?)
}

/// The next number of a sequence, drawn when the call commits: no gap, no double.
pub fn draw(sequence: &str, period: &str) -> Result<crate::value::RegisterNumber> {
    Ok(crate::value::RegisterNumber::Drawn(host::draw(sequence, period)?))
}
