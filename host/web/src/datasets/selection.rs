//! What a program asks of a dataset, from the query of its address.
//!
//! ```text
//! fields=full-name,unit        the fields; all of the contract's without
//! where=joined:less:2000-01-01 a condition; all of several hold. FIELD:COMPARISON[:VALUE]
//! order=-joined,full-name      `-` for descending
//! after=CURSOR  limit=500      one page of at most that many rows; all rows without `limit`
//! format=json|csv|excel|xlsx|ods   JSON lines without
//! ```

use dinh_model::{Collection, FieldType, Value, time};
use dinh_services::records::{Comparison, Condition, Order, Selection};

use crate::format::{parse_date, parse_instant};
use crate::problem::{Kind, Problem};
use crate::table_file::FileFormat;

/// How rows are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// One JSON object a line.
    Json,
    /// A table.
    Table(FileFormat),
}

/// What is asked.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Which rows and fields.
    pub selection: Selection,
    /// Where a page begins.
    pub after: Option<String>,
    /// Rows of one page; none for all of them.
    pub limit: Option<u32>,
    /// How they are written.
    pub shape: Shape,
}

/// Reads a query. `fields` are those of the contract, `collection` says what they are.
pub fn read(
    query: &[(String, String)],
    fields: &[String],
    collection: &Collection,
) -> Result<Asked, Problem> {
    let mut asked = Asked {
        selection: Selection { fields: fields.to_vec(), ..Selection::default() },
        after: None,
        limit: None,
        shape: Shape::Json,
    };
    let mut conditions = Vec::new();
    for (name, text) in query {
        match name.as_str() {
            "fields" => asked.selection.fields = text.split(',').map(str::to_owned).collect(),
            "where" => conditions.push(condition(text, collection)?),
            "order" => asked.selection.order_by = text.split(',').map(order).collect(),
            "after" => asked.after = Some(text.clone()),
            "limit" => asked.limit = Some(text.parse().map_err(|_| wrong("limit", text))?),
            "format" => asked.shape = shape(text)?,
            _ => return Err(wrong("query", name)),
        }
    }
    if !conditions.is_empty() {
        asked.selection.any_of = vec![conditions];
    }
    Ok(asked)
}

fn wrong(what: &str, text: &str) -> Problem {
    let text: String = text.chars().take(100).collect();
    Problem::with(Kind::BadRequest, format!("{what}: {text:?}"))
}

fn shape(text: &str) -> Result<Shape, Problem> {
    match text {
        "json" => Ok(Shape::Json),
        other => FileFormat::named(Some(other)).map(Shape::Table).map_err(|_| wrong("format", other)),
    }
}

fn order(text: &str) -> Order {
    match text.strip_prefix('-') {
        Some(field) => Order { field: field.to_owned(), descending: true },
        None => Order { field: text.to_owned(), descending: false },
    }
}

fn condition(text: &str, collection: &Collection) -> Result<Condition, Problem> {
    let mut parts = text.splitn(3, ':');
    let field = parts.next().unwrap_or_default();
    let comparison = parts.next().and_then(comparison).ok_or_else(|| wrong("where", text))?;
    let value = match (comparison, parts.next()) {
        (Comparison::IsEmpty | Comparison::IsFilled, None) => Value::Empty,
        (Comparison::IsEmpty | Comparison::IsFilled, Some(_)) | (_, None) => {
            return Err(wrong("where", text));
        }
        // A field that is not there, or not in the contract, is refused where all are.
        (_, Some(value)) => match collection.field(field) {
            Some((_, known)) => self::value(value, &known.kind).ok_or_else(|| wrong("where", text))?,
            None => Value::Text(value.to_owned()),
        },
    };
    Ok(Condition { field: field.to_owned(), comparison, value })
}

fn comparison(word: &str) -> Option<Comparison> {
    const ALL: [Comparison; 9] = [
        Comparison::Equal,
        Comparison::Less,
        Comparison::LessOrEqual,
        Comparison::Greater,
        Comparison::GreaterOrEqual,
        Comparison::StartsWith,
        Comparison::Matches,
        Comparison::IsEmpty,
        Comparison::IsFilled,
    ];
    ALL.into_iter().find(|known| known.as_str() == word)
}

fn value(text: &str, kind: &FieldType) -> Option<Value> {
    Some(match kind {
        FieldType::Integer | FieldType::Money => Value::Integer(text.parse().ok()?),
        FieldType::Decimal { .. } => Value::Decimal(text.parse().ok()?),
        FieldType::Text | FieldType::Code { .. } | FieldType::Texts => Value::Text(text.to_owned()),
        FieldType::Date => Value::Date(parse_date(text)?),
        FieldType::Instant => {
            let moment = text.parse().ok().or_else(|| parse_instant(text))?;
            Value::Instant(time::from_microseconds(time::microseconds(moment))?)
        }
        FieldType::Boolean => Value::Boolean(text.parse().ok()?),
        FieldType::Reference { .. } | FieldType::SharedReference { .. } => {
            Value::Reference(text.parse().ok()?)
        }
        FieldType::Unit => Value::Unit(text.parse().ok()?),
        FieldType::Account => Value::Account(text.parse().ok()?),
        FieldType::Attachment(_) => Value::Attachment(text.parse().ok()?),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(query: &str) -> Result<Asked, Problem> {
        let field = |name: &str, kind| dinh_model::Field {
            name: name.into(),
            kind,
            required: false,
            meaning: None,
            label: dinh_model::Label::Ordinary,
            personal: false,
            drawn: false,
            title: dinh_model::Localized::new("Tên", "Name"),
        };
        let permission: dinh_model::Permission = "personnel.person.read".parse().unwrap();
        let collection = Collection {
            name: "people".into(),
            title: dinh_model::Localized::new("Người", "People"),
            fields: vec![field("name", FieldType::Text), field("joined", FieldType::Date)],
            unit_field: None,
            owner_field: None,
            withheld_field: None,
            seen: None,
            label_field: None,
            label: dinh_model::Label::Ordinary,
            permissions: dinh_model::schema::VerbPermissions {
                read: permission.clone(),
                create: permission.clone(),
                update: permission.clone(),
                delete: permission,
            },
            indexes: Vec::new(),
        };
        let pairs: Vec<_> = query
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        read(&pairs, &["name".into(), "joined".into()], &collection)
    }

    #[test]
    fn an_address_says_which_rows_and_fields_in_which_order_and_shape() {
        let all = asked("").unwrap();
        assert_eq!((all.selection.fields.len(), all.limit, all.shape), (2, None, Shape::Json));
        let some = asked(
            "fields=name&where=joined:less:2000-01-01&where=name:is-filled&order=-joined,name&limit=5&format=csv",
        )
        .unwrap();
        assert_eq!(some.selection.fields, ["name"]);
        let [all_of] = some.selection.any_of.as_slice() else { panic!("{some:?}") };
        assert_eq!(all_of[0].value, Value::Date("2000-01-01".parse().unwrap()));
        assert_eq!(all_of[1].comparison, Comparison::IsFilled);
        assert!(some.selection.order_by[0].descending && !some.selection.order_by[1].descending);
        assert_eq!(
            (some.limit, some.shape),
            (Some(5), Shape::Table(FileFormat::Csv(crate::csv::Writing::Csv)))
        );
    }

    #[test]
    fn what_cannot_be_read_is_refused_and_never_left_out() {
        for bad in [
            "limit=many",
            "format=xml",
            "where=name",
            "where=name:like:x",
            "where=joined:equal:yesterday",
            "where=name:is-empty:x",
            "where=name:equal",
            "filter=x",
        ] {
            assert!(asked(bad).is_err(), "{bad}");
        }
    }
}
