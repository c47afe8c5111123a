//! `records`: a plugin's own typed data.

use dinh_model::Value;
use dinh_services::ServiceError;
use dinh_services::records::{
    self as kept, Comparison, Condition, FieldValue, Order, RecordError, Selection,
};

use super::convert::{self, Wrong};
use super::size::Size;
use crate::bindings::records::{self, Error, FieldProblem, Page, Row};
use crate::bindings::types;
use crate::state::{State, stop};

type Answer<T> = wasmtime::Result<Result<T, Error>>;

/// What a service answered; its refusal goes to the guest.
macro_rules! answer {
    ($state:expr, $answered:expr) => {
        match $answered {
            Ok(answered) => answered,
            Err(error) => return $state.refusal(error).map(Err),
        }
    };
}

/// What the guest meant; what it cannot mean goes back to it.
macro_rules! meant {
    ($parsed:expr) => {
        match $parsed {
            Ok(parsed) => parsed,
            Err(wrong) => return Ok(Err(Error::BadRequest(wrong))),
        }
    };
}

impl records::Host for State {
    fn get(&mut self, collection: String, id: types::RecordId, fields: Vec<String>) -> Answer<Option<Row>> {
        self.crossed(collection.len() + fields.size() + 16)?;
        let found = kept::get(&mut self.call, &self.data, &collection, convert::record_id(id), &fields);
        let Some(row) = answer!(self, found) else { return Ok(Ok(None)) };
        let row = Row {
            id: convert::to_record_id(row.id),
            version: row.version,
            values: row.values.into_iter().map(convert::to_value).collect(),
        };
        self.crossed(row.values.size() + 24)?;
        Ok(Ok(Some(row)))
    }

    fn query(&mut self, selection: records::Selection, after: Option<String>, limit: u32) -> Answer<Page> {
        self.crossed(selection.size() + after.size())?;
        self.looks(selection.any_of.len().max(1))?;
        let selection = meant!(self::selection(selection));
        let found = kept::query(&mut self.call, &self.data, &selection, after.as_deref(), limit);
        let page = answer!(self, found);
        let page = Page {
            ids: page.ids.into_iter().map(convert::to_record_id).collect(),
            versions: page.versions,
            columns: page.columns.into_iter().map(convert::to_column).collect(),
            next: page.next,
        };
        self.crossed(page.ids.len() * 24 + page.columns.size() + page.next.size())?;
        Ok(Ok(page))
    }

    fn count(&mut self, selection: records::Selection) -> Answer<u64> {
        self.crossed(selection.size())?;
        self.looks(selection.any_of.len().max(1))?;
        let selection = meant!(self::selection(selection));
        let counted = kept::count(&mut self.call, &self.data, &selection);
        Ok(Ok(answer!(self, counted)))
    }

    fn sum(&mut self, selection: records::Selection, field: String) -> Answer<types::Decimal> {
        self.crossed(selection.size() + field.len())?;
        self.looks(selection.any_of.len().max(1))?;
        let selection = meant!(self::selection(selection));
        let sum = kept::sum(&mut self.call, &self.data, &selection, &field);
        let sum = answer!(self, sum);
        Ok(convert::to_decimal(sum)
            .ok_or_else(|| Error::BadRequest(format!("the sum of {field} has more than 18 digits"))))
    }

    fn insert(&mut self, collection: String, values: Vec<records::FieldValue>) -> Answer<types::RecordId> {
        self.crossed(collection.len() + values.size())?;
        let values = meant!(field_values(values));
        let inserted = kept::insert(&mut self.call, &self.data, &collection, values);
        Ok(Ok(convert::to_record_id(answer!(self, inserted))))
    }

    fn insert_many(
        &mut self,
        collection: String,
        fields: Vec<String>,
        columns: Vec<types::Column>,
    ) -> Answer<Vec<types::RecordId>> {
        self.crossed(collection.len() + fields.size() + columns.size())?;
        let columns = meant!(columns.into_iter().map(convert::column).collect::<Result<Vec<_>, Wrong>>());
        let inserted = kept::insert_many(&mut self.call, &self.data, &collection, &fields, &columns);
        let ids = answer!(self, inserted);
        self.crossed(ids.len() * 16)?;
        Ok(Ok(ids.into_iter().map(convert::to_record_id).collect()))
    }

    fn update(
        &mut self,
        collection: String,
        id: types::RecordId,
        version: Option<u64>,
        values: Vec<records::FieldValue>,
    ) -> Answer<()> {
        self.crossed(collection.len() + values.size() + 32)?;
        let values = meant!(field_values(values));
        let id = convert::record_id(id);
        let updated = kept::update(&mut self.call, &self.data, &collection, id, version, values);
        answer!(self, updated);
        Ok(Ok(()))
    }

    fn delete(&mut self, collection: String, id: types::RecordId, version: Option<u64>) -> Answer<()> {
        self.crossed(collection.len() + 32)?;
        let deleted = kept::delete(&mut self.call, &self.data, &collection, convert::record_id(id), version);
        answer!(self, deleted);
        Ok(Ok(()))
    }

    fn draw(&mut self, sequence: String, period: String) -> Answer<types::DrawnNumber> {
        self.crossed(sequence.len() + period.len())?;
        let drawn = kept::draw(&mut self.call, &self.data, &sequence, &period);
        Ok(Ok(answer!(self, drawn)))
    }
}

impl State {
    /// What the contract calls an error; a limit or a failure of the host ends the call.
    fn refusal(&mut self, error: RecordError) -> wasmtime::Result<Error> {
        let error = match error {
            RecordError::Denied(denial) => {
                let text = denial.text.clone();
                self.call.denied(&denial);
                Error::Denied(text)
            }
            RecordError::Refused(refusal) => {
                let text = refusal.text.get(self.call.language()).to_owned();
                self.call.refused(&ServiceError::Refused(refusal));
                Error::Denied(text)
            }
            RecordError::NotFound => Error::NotFound,
            RecordError::Stale => Error::Stale,
            RecordError::Invalid(problems) => Error::Invalid(
                problems
                    .into_iter()
                    .map(|problem| FieldProblem { field: problem.field, message: problem.message })
                    .collect(),
            ),
            RecordError::Duplicate(fields) => Error::Duplicate(fields),
            RecordError::BadRequest(wrong) => Error::BadRequest(wrong),
            RecordError::ReadOnly => Error::ReadOnly,
            ends @ (RecordError::Limit(_) | RecordError::Damaged(_) | RecordError::Service(_)) => {
                return Err(stop(ends));
            }
        };
        self.crossed(error.size())?;
        Ok(error)
    }
}

/// What a guest asks for.
pub fn selection(selection: records::Selection) -> Result<Selection, Wrong> {
    Ok(Selection {
        collection: selection.collection,
        fields: selection.fields,
        any_of: conditions(selection.any_of)?,
        order_by: orders(selection.order_by),
    })
}

/// Conditions as the guest means them.
pub(super) fn conditions(any_of: Vec<Vec<records::Condition>>) -> Result<Vec<Vec<Condition>>, Wrong> {
    let condition = |condition: records::Condition| {
        Ok(Condition {
            comparison: comparison(condition.comparison),
            value: match condition.comparison {
                records::Comparison::IsEmpty | records::Comparison::IsFilled => Value::Empty,
                _ => named(&condition.field, convert::value(condition.value))?,
            },
            field: condition.field,
        })
    };
    any_of.into_iter().map(|all| all.into_iter().map(condition).collect()).collect()
}

/// An order as the guest means it.
pub(super) fn orders(order_by: Vec<records::Order>) -> Vec<Order> {
    order_by.into_iter().map(|order| Order { field: order.field, descending: order.descending }).collect()
}

fn comparison(comparison: records::Comparison) -> Comparison {
    match comparison {
        records::Comparison::Equal => Comparison::Equal,
        records::Comparison::Less => Comparison::Less,
        records::Comparison::LessOrEqual => Comparison::LessOrEqual,
        records::Comparison::Greater => Comparison::Greater,
        records::Comparison::GreaterOrEqual => Comparison::GreaterOrEqual,
        records::Comparison::StartsWith => Comparison::StartsWith,
        records::Comparison::Matches => Comparison::Matches,
        records::Comparison::IsEmpty => Comparison::IsEmpty,
        records::Comparison::IsFilled => Comparison::IsFilled,
    }
}

fn field_values(values: Vec<records::FieldValue>) -> Result<Vec<FieldValue>, Wrong> {
    values
        .into_iter()
        .map(|given| {
            Ok(FieldValue { value: named(&given.field, convert::value(given.value))?, field: given.field })
        })
        .collect()
}

fn named<T>(field: &str, parsed: Result<T, Wrong>) -> Result<T, Wrong> {
    parsed.map_err(|wrong| format!("{field}: {wrong}"))
}

impl Size for records::Selection {
    fn size(&self) -> usize {
        self.collection.size() + self.fields.size() + asked_size(&self.any_of, &self.order_by)
    }
}

/// Bytes of conditions and an order.
pub(super) fn asked_size(any_of: &[Vec<records::Condition>], order_by: &[records::Order]) -> usize {
    let conditions = any_of.iter().flatten();
    let conditions = conditions.map(|condition| condition.field.size() + condition.value.size() + 8);
    let orders = order_by.iter().map(|order| order.field.size() + 1);
    conditions.sum::<usize>() + orders.sum::<usize>()
}

impl Size for records::FieldValue {
    fn size(&self) -> usize {
        self.field.size() + self.value.size()
    }
}

impl Size for Error {
    fn size(&self) -> usize {
        match self {
            Self::Denied(text) | Self::BadRequest(text) => text.size(),
            Self::Invalid(problems) => {
                problems.iter().map(|problem| problem.field.size() + problem.message.size()).sum()
            }
            Self::Duplicate(fields) => fields.size(),
            Self::NotFound | Self::Stale | Self::ReadOnly => 1,
        }
    }
}
