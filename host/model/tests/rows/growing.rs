//! A schema gains fields at its end: rows written before are read as they are, what they lack is empty, and
//! nothing is written again.

use dinh_model::{FieldType, Row, Value, row::write};

use crate::generate::{Random, a_value, some_types};

/// What the first release of a collection declared, and what it declares after two more.
fn first() -> Vec<FieldType> {
    vec![FieldType::Text, FieldType::Integer]
}

fn third() -> Vec<FieldType> {
    let added = [
        FieldType::Date,
        FieldType::Texts,
        FieldType::Boolean,
        FieldType::Decimal { scale: 3 },
        FieldType::Instant,
        FieldType::Unit,
        FieldType::Attachment(Default::default()),
        FieldType::Reference { collection: "people".into() },
    ];
    first().into_iter().chain(added).collect()
}

#[test]
fn a_frozen_row_of_the_first_release_is_read_by_the_third() {
    let bytes = include_bytes!("golden/first-release.row");
    let row = Row::read(bytes).unwrap();
    let values: Vec<_> =
        third().iter().enumerate().map(|(field, kind)| row.value(field, kind).unwrap()).collect();
    let mut expected = vec![Value::Empty; third().len()];
    expected[0] = Value::Text("Xã Bát Tràng".into());
    expected[1] = Value::Integer(1_240);
    assert_eq!(values, expected);
    assert_eq!(write(&expected[..2]).unwrap().0, bytes, "and is written so still by the first");
}

#[test]
fn a_frozen_row_of_the_third_release_is_read_by_the_first_as_far_as_it_knows_it() {
    let row = Row::read(include_bytes!("golden/third-release.row")).unwrap();
    let values: Vec<_> =
        first().iter().enumerate().map(|(field, kind)| row.value(field, kind).unwrap()).collect();
    assert_eq!(values, [Value::Text("Xã Bát Tràng".into()), Value::Integer(1_241)]);
    assert_eq!(row.value(2, &FieldType::Date), Ok(Value::Date("2025-07-01".parse().unwrap())));
    assert_eq!(row.value(5, &FieldType::Decimal { scale: 3 }), Ok(Value::Decimal("4.980".parse().unwrap())));
    assert_eq!(row.value(6, &FieldType::Instant), Ok(Value::Empty));
}

#[test]
fn any_schema_reads_any_row_of_an_earlier_one() {
    let mut random = Random(1);
    for _ in 0..2_000 {
        let types = some_types(&mut random, 40);
        let values: Vec<_> = types.iter().map(|kind| a_value(&mut random, kind)).collect();
        let known = random.below(values.len() + 1);
        let (bytes, _) = write(&values[..known]).unwrap();
        let row = Row::read(&bytes).unwrap();
        for (field, kind) in types.iter().enumerate() {
            let expected = if field < known { values[field].clone() } else { Value::Empty };
            assert_eq!(row.value(field, kind), Ok(expected), "field {field} of {known}");
        }
    }
}
