//! Which records, in which order: queries.

use std::marker::PhantomData;

use rust_decimal::Decimal;

use super::{Comparison, Condition, MOST, Order, Property, Record, Stored, host, names, sharing};
use crate::error::{Error, Result};
use crate::value::{FieldType, Value, decimal_in};

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
    /// All records that the actor may see.
    pub(super) fn new() -> Self {
        Self { any_of: Vec::new(), order: Vec::new(), record: PhantomData }
    }

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

    fn want(&self, fields: &[&str]) -> sharing::Selection {
        sharing::Selection {
            wanted: R::COLLECTION.to_owned(),
            fields: names(fields),
            any_of: self.any_of.clone(),
            order_by: self.order.clone(),
        }
    }

    fn read(&self, fields: &[&str], after: Option<&str>, limit: u32) -> Result<host::Page> {
        if !R::SHARED {
            return Ok(host::query(&self.ask(fields), after, limit)?);
        }
        let page = sharing::query(&self.want(fields), after, limit)?;
        // Nobody but their owner writes them, so their versions bind nothing.
        let versions = vec![0; page.ids.len()];
        Ok(host::Page { ids: page.ids, versions, columns: page.columns, next: page.next })
    }

    /// One page of at most `limit` (1 to 1,000) records, after a cursor.
    pub fn page(&self, after: Option<&str>, limit: u32) -> Result<Records<R>> {
        let page = self.read(R::FIELDS, after, limit)?;
        let next = page.next.clone();
        Ok(Records { rows: rows(page)?, next })
    }

    /// All of them: for collections that are small by nature. A call has a limit of rows it may read.
    pub fn list(&self) -> Result<Vec<Stored<R>>> {
        let mut all = Vec::new();
        let mut after: Option<String> = None;
        loop {
            let page = self.read(R::FIELDS, after.as_deref(), MOST)?;
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
        self.read(fields, after, limit)
    }

    /// How many there are.
    pub fn count(&self) -> Result<u64> {
        if R::SHARED {
            return Ok(sharing::count(&self.want(&[]))?);
        }
        Ok(host::count(&self.ask(&[]))?)
    }

    /// The sum of a field, empty ones left out.
    pub fn sum<T: FieldType>(&self, property: Property<R, T>) -> Result<Decimal> {
        let sum = if R::SHARED {
            sharing::sum(&self.want(&[]), property.name)?
        } else {
            host::sum(&self.ask(&[]), property.name)?
        };
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
            let mut cells = columns.iter().map(|column| column.answered(row));
            let record = R::from_values(&mut || cells.next().unwrap_or(Value::Empty))?;
            Ok(Stored { id: *id, version: *version, record })
        })
        .collect()
}
