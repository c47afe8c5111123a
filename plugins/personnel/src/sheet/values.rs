//! Values of any type, by the name of their field: what lets one description serve every form.

use dinh_sdk::prelude::*;
use dinh_sdk::{ColumnBuilder, Mismatch};

/// A value whatever its type.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Any(pub(crate) Value);

impl FieldType for Any {
    const KIND: Kind = Kind::Text;
    const OPTIONAL: bool = true;

    fn into_value(self) -> Value {
        self.0
    }

    fn from_value(value: Value) -> std::result::Result<Self, Mismatch> {
        Ok(Self(value))
    }
}

/// The record with other values for the fields that `change` names.
pub(crate) fn with<R: Record>(record: R, mut change: impl FnMut(&str) -> Result<Option<Value>>) -> Result<R> {
    let mut values = Vec::with_capacity(R::FIELDS.len());
    for (field, value) in R::FIELDS.iter().zip(record.into_values()) {
        values.push(change(field)?.unwrap_or(value));
    }
    from(values)
}

/// A record from its values.
pub(crate) fn from<R: Record>(values: Vec<Value>) -> Result<R> {
    let mut values = values.into_iter();
    Ok(R::from_values(&mut || values.next().unwrap_or(Value::Empty))?)
}

/// A column of these values.
pub(crate) fn column(kind: Kind, values: impl IntoIterator<Item = Value>) -> Column {
    let mut column = ColumnBuilder::new(kind);
    for value in values {
        column.push(value);
    }
    column.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Quota;
    use dinh_sdk::jiff::civil::date;

    #[test]
    fn only_the_named_fields_change() {
        let quota = Quota { unit: UnitId(3), from: date(2026, 1, 1), posts: 40, source: None };
        let changed =
            with(quota.clone(), |field| Ok((field == "posts").then_some(Value::Integer(42)))).unwrap();
        assert_eq!(changed, Quota { posts: 42, ..quota.clone() });
        assert_eq!(quota.value("posts"), Value::Integer(40));
        assert_eq!(quota.value("other"), Value::Empty);
    }

    #[test]
    fn a_record_without_a_required_value_is_an_error() {
        assert!(from::<Quota>(vec![Value::Unit(3)]).is_err());
    }
}
