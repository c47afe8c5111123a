//! The order of an answer, and positions in it.

use dinh_model::{Label, RecordId, Row, RowError};

use super::RecordError;
use super::fields::key_of;
use super::place::Place;
use super::selection;

/// Most fields of an order.
const MOST: usize = 8;

/// One field of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct OrderField {
    pub(super) field: usize,
    pub(super) descending: bool,
}

/// The order of an answer: by fields, then by identifier in the direction of the last field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Ordering {
    pub(super) fields: Vec<OrderField>,
    /// The highest label of the fields it looks at.
    pub(super) label: Label,
}

/// Where a row is in an order: the keys of its order fields, and its identifier. It does not depend on how
/// the query is carried out, so a cursor outlives a change of indexes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Position {
    pub(super) keys: Vec<Vec<u8>>,
    pub(super) id: RecordId,
}

impl Ordering {
    pub(super) fn compile(place: &Place<'_>, order_by: &[selection::Order]) -> Result<Self, RecordError> {
        if order_by.len() > MOST {
            return Err(RecordError::BadRequest(format!("an order has at most {MOST} fields")));
        }
        let mut fields: Vec<OrderField> = Vec::new();
        let mut label = Label::Ordinary;
        for order in order_by {
            let (field, about) = place.field(&order.field)?;
            if fields.iter().any(|earlier| earlier.field == field) {
                return Err(RecordError::BadRequest(format!("the order names {:?} twice", order.field)));
            }
            label = label.max(about.label);
            fields.push(OrderField { field, descending: order.descending });
        }
        Ok(Self { fields, label })
    }

    /// The positions of its fields.
    pub(super) fn positions(&self) -> Vec<usize> {
        self.fields.iter().map(|order| order.field).collect()
    }

    /// Whether ties are broken by the highest identifier first.
    pub(super) fn ids_descend(&self) -> bool {
        self.fields.last().is_some_and(|last| last.descending)
    }

    /// Where a row is.
    pub(super) fn position(
        &self,
        place: &Place<'_>,
        row: &Row<'_>,
        id: RecordId,
    ) -> Result<Position, RowError> {
        let keys = self
            .fields
            .iter()
            .map(|order| match place.collection.fields.get(order.field) {
                Some(field) => Ok(key_of(&row.value(order.field, &field.kind)?)),
                None => Ok(Vec::new()),
            })
            .collect::<Result<_, RowError>>()?;
        Ok(Position { keys, id })
    }

    /// Bytes that sort as positions do.
    pub(super) fn sortable(&self, position: &Position) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut push = |key: &[u8], descending: bool| {
            bytes.extend(key.iter().map(|byte| if descending { !byte } else { *byte }));
        };
        for (order, key) in self.fields.iter().zip(&position.keys) {
            push(key, order.descending);
        }
        push(&position.id.0, self.ids_descend());
        bytes
    }
}
