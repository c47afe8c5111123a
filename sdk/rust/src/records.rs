//! A plugin's own records: `#[derive(Record)]`, typed queries, writing.
//!
//! The host applies the permission of each verb to every record, so a query returns what the actor may see
//! and nothing else, whether or not the plugin asks.

use std::marker::PhantomData;

use rust_decimal::Decimal;

use crate::bindings::dinh::platform::records as host;
use crate::column::{Column, ColumnBuilder};
use crate::error::{Error, Result};
use crate::value::{FieldType, Kind, Mismatch, RecordId, Value, decimal_in};
pub use host::{Comparison, FieldValue};

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
    /// The collection, as the manifest names it.
    const COLLECTION: &'static str;
    /// Names of the fields, in order.
    const FIELDS: &'static [&'static str];
    /// What their values are.
    const KINDS: &'static [Kind];

    /// The values, in the order of the fields.
    fn into_values(self) -> Vec<Value>;

    /// From values in the order of the fields, which `next` gives one by one.
    fn from_values(next: &mut dyn FnMut() -> Value) -> Result<Self, Mismatch>;

    /// A query for all records that the actor may see.
    fn all() -> Selection<Self> {
        Selection { any_of: Vec::new(), order: Vec::new(), record: PhantomData }
    }

    /// One record; an error when there is no such record or the actor may not see it.
    fn get(id: RecordId) -> Result<Stored<Self>> {
        let row = host::get(Self::COLLECTION, id, &names(Self::FIELDS))?.ok_or(host::Error::NotFound)?;
        let mut values = row.values.into_iter();
        let record = Self::from_values(&mut || values.next().unwrap_or(Value::Empty))?;
        Ok(Stored { id: row.id, version: row.version, record })
    }

    /// Adds the record.
    fn insert(self) -> Result<RecordId> {
        let values = Self::FIELDS.iter().zip(self.into_values());
        Ok(host::insert(
            Self::COLLECTION,
            &values.map(|(field, value)| assign(field, value)).collect::<Vec<_>>(),
        )?)
    }

    /// Adds many records, as columns.
    fn insert_many(records: impl IntoIterator<Item = Self>) -> Result<Vec<RecordId>> {
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
        let values: Vec<_> =
            R::FIELDS.iter().zip(self.record.into_values()).map(|(f, v)| assign(f, v)).collect();
        Ok(host::update(R::COLLECTION, self.id, known(self.version), &values)?)
    }

    /// Removes the record, if nobody has changed it since it was read.
    pub fn delete(self) -> Result<()> {
        Ok(host::delete(R::COLLECTION, self.id, known(self.version))?)
    }
}

/// What this call wrote itself has version zero, which is no version to compare with.
fn known(version: u64) -> Option<u64> {
    (version != 0).then_some(version)
}

/// A field of a record, with its Rust type: what conditions, orders and form fields are made from.
#[derive(Debug)]
pub struct Property<R, T> {
    name: &'static str,
    types: PhantomData<fn() -> (R, T)>,
}

impl<R, T> Clone for Property<R, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R, T> Copy for Property<R, T> {}

impl<R: Record, T: FieldType> Property<R, T> {
    /// The field of this name. For the derive macro.
    pub const fn new(name: &'static str) -> Self {
        Self { name, types: PhantomData }
    }

    /// Its name, as the manifest has it.
    pub fn name(self) -> &'static str {
        self.name
    }

    fn compare(self, comparison: Comparison, value: Value) -> Condition<R> {
        Condition {
            inner: host::Condition { field: self.name.to_owned(), comparison, value },
            record: PhantomData,
        }
    }

    /// The field has this value.
    pub fn is(self, value: impl Into<T>) -> Condition<R> {
        self.compare(Comparison::Equal, value.into().into_value())
    }

    /// The field is less than this.
    pub fn below(self, value: impl Into<T>) -> Condition<R> {
        self.compare(Comparison::Less, value.into().into_value())
    }

    /// The field is this or less.
    pub fn at_most(self, value: impl Into<T>) -> Condition<R> {
        self.compare(Comparison::LessOrEqual, value.into().into_value())
    }

    /// The field is greater than this.
    pub fn above(self, value: impl Into<T>) -> Condition<R> {
        self.compare(Comparison::Greater, value.into().into_value())
    }

    /// The field is this or greater.
    pub fn at_least(self, value: impl Into<T>) -> Condition<R> {
        self.compare(Comparison::GreaterOrEqual, value.into().into_value())
    }

    /// The text begins with this, without regard to case or diacritics.
    pub fn starts_with(self, text: &str) -> Condition<R> {
        self.compare(Comparison::StartsWith, Value::Text(text.to_owned()))
    }

    /// Each word of this begins a word of the text, without regard to case or diacritics.
    pub fn matches(self, words: &str) -> Condition<R> {
        self.compare(Comparison::Matches, Value::Text(words.to_owned()))
    }

    /// The field is empty.
    pub fn is_empty(self) -> Condition<R> {
        self.compare(Comparison::IsEmpty, Value::Empty)
    }

    /// The field is filled in.
    pub fn is_filled(self) -> Condition<R> {
        self.compare(Comparison::IsFilled, Value::Empty)
    }

    /// Smallest first.
    pub fn ascending(self) -> Order<R> {
        self.order(false)
    }

    /// Largest first.
    pub fn descending(self) -> Order<R> {
        self.order(true)
    }

    fn order(self, descending: bool) -> Order<R> {
        Order { inner: host::Order { field: self.name.to_owned(), descending }, record: PhantomData }
    }

    /// A new value for this field alone, for [`update`].
    pub fn set(self, value: T) -> Assignment<R> {
        Assignment { inner: assign(self.name, value.into_value()), record: PhantomData }
    }
}

/// A condition on one field.
#[derive(Clone, Debug)]
pub struct Condition<R> {
    inner: host::Condition,
    record: PhantomData<fn() -> R>,
}

/// One field of an order.
#[derive(Clone, Debug)]
pub struct Order<R> {
    inner: host::Order,
    record: PhantomData<fn() -> R>,
}

/// A new value for one field.
#[derive(Clone, Debug)]
pub struct Assignment<R> {
    inner: FieldValue,
    record: PhantomData<fn() -> R>,
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

/// Which records, in which order.
#[derive(Clone, Debug)]
pub struct Selection<R> {
    any_of: Vec<Vec<host::Condition>>,
    order: Vec<host::Order>,
    record: PhantomData<fn() -> R>,
}

/// One page of a query.
#[derive(Clone, Debug)]
pub struct Records<R> {
    /// The records, in order.
    pub rows: Vec<Stored<R>>,
    /// Pass as `after` to go on; none at the end.
    pub next: Option<String>,
}

impl<R: Record> Selection<R> {
    /// And this holds.
    pub fn filter(mut self, condition: Condition<R>) -> Self {
        if self.any_of.is_empty() {
            self.any_of.push(Vec::new());
        }
        for all in &mut self.any_of {
            all.push(condition.inner.clone());
        }
        self
    }

    /// And this holds, where there is a condition.
    pub fn filter_some(self, condition: Option<Condition<R>>) -> Self {
        match condition {
            Some(condition) => self.filter(condition),
            None => self,
        }
    }

    /// And one of these holds; no record is meant when there is none.
    pub fn filter_any(mut self, conditions: impl IntoIterator<Item = Condition<R>>) -> Self {
        if self.any_of.is_empty() {
            self.any_of.push(Vec::new());
        }
        let mut any_of = Vec::new();
        for condition in conditions {
            for all in &self.any_of {
                any_of.push(all.iter().cloned().chain([condition.inner.clone()]).collect());
            }
        }
        if any_of.is_empty() {
            // An empty disjunction means every record to the host; a field cannot be empty and filled in.
            let never = |comparison| host::Condition {
                field: R::FIELDS.first().copied().unwrap_or_default().to_owned(),
                comparison,
                value: Value::Empty,
            };
            any_of.push(vec![never(Comparison::IsEmpty), never(Comparison::IsFilled)]);
        }
        self.any_of = any_of;
        self
    }

    /// In this order; later ones break ties. Without any, in order of creation.
    pub fn order_by(mut self, order: Order<R>) -> Self {
        self.order.push(order.inner);
        self
    }

    fn ask(&self, fields: &[&str]) -> host::Selection {
        host::Selection {
            collection: R::COLLECTION.to_owned(),
            fields: names(fields),
            any_of: self.any_of.clone(),
            order_by: self.order.clone(),
        }
    }

    /// One page of at most `limit` (1 to 1,000) records, after a cursor.
    pub fn page(&self, after: Option<&str>, limit: u32) -> Result<Records<R>> {
        let page = host::query(&self.ask(R::FIELDS), after, limit)?;
        let next = page.next.clone();
        Ok(Records { rows: rows(page)?, next })
    }

    /// All of them: for collections that are small by nature. A call has a limit of rows it may read.
    pub fn list(&self) -> Result<Vec<Stored<R>>> {
        let ask = self.ask(R::FIELDS);
        let mut all = Vec::new();
        let mut after: Option<String> = None;
        loop {
            let page = host::query(&ask, after.as_deref(), MOST)?;
            after = page.next.clone();
            all.extend(rows(page)?);
            if after.is_none() {
                return Ok(all);
            }
        }
    }

    /// The first of them, if there is one.
    pub fn first(&self) -> Result<Option<Stored<R>>> {
        Ok(self.page(None, 1)?.rows.into_iter().next())
    }

    /// One page as columns, of the fields named: what was read can be shown as it is.
    pub fn columns(&self, fields: &[&str], after: Option<&str>, limit: u32) -> Result<host::Page> {
        Ok(host::query(&self.ask(fields), after, limit)?)
    }

    /// How many there are.
    pub fn count(&self) -> Result<u64> {
        Ok(host::count(&self.ask(&[]))?)
    }

    /// The sum of a field, empty ones left out.
    pub fn sum<T: FieldType>(&self, property: Property<R, T>) -> Result<Decimal> {
        let sum = host::sum(&self.ask(&[]), property.name)?;
        decimal_in(sum).ok_or_else(|| Error::Failed(format!("the sum of {} is out of range", property.name)))
    }
}

/// The records of a page, from its columns.
fn rows<R: Record>(page: host::Page) -> Result<Vec<Stored<R>>> {
    let columns = &page.columns;
    page.ids
        .iter()
        .zip(&page.versions)
        .enumerate()
        .map(|(row, (id, version))| {
            let mut cells = columns.iter().map(|column| column.value(row));
            let record = R::from_values(&mut || cells.next().unwrap_or(Value::Empty))?;
            Ok(Stored { id: *id, version: *version, record })
        })
        .collect()
}
