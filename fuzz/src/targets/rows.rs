//! Whatever lies in the store is read as any schema or named as damaged; what is read is written as the same bytes
//! again and read as the same values.

use dinh_model::{CodeTerm, FieldType, Row, Value, row::write};

const TYPES: [fn() -> FieldType; 13] = [
    || FieldType::Integer,
    || FieldType::Money,
    || FieldType::Decimal { scale: 2 },
    || FieldType::Decimal { scale: 28 },
    || FieldType::Text,
    || FieldType::Code { catalog: "provinces".into(), valid: CodeTerm::Any },
    || FieldType::Date,
    || FieldType::Instant,
    || FieldType::Boolean,
    || FieldType::Reference { collection: "people".into() },
    || FieldType::Unit,
    || FieldType::Account,
    || FieldType::Texts,
];

/// `count · type* · row`.
pub fn run(bytes: &[u8]) {
    let Some((count, rest)) = bytes.split_first() else { return };
    let (types, row) = rest.split_at(usize::from(count % 24).min(rest.len()));
    let types: Vec<FieldType> = types.iter().map(|kind| TYPES[usize::from(*kind) % TYPES.len()]()).collect();
    let Some(values) = read(row, &types) else { return };
    let Ok((written, drawn)) = write(&values) else { panic!("{values:?} was read and cannot be written") };
    assert!(drawn.is_empty());
    assert_eq!(read(&written, &types), Some(values));
}

fn read(bytes: &[u8], types: &[FieldType]) -> Option<Vec<Value>> {
    let row = Row::read(bytes).ok()?;
    assert_eq!(row.slot(usize::MAX / 8), None);
    let values = types.iter().enumerate().map(|(field, kind)| row.value(field, kind));
    values.collect::<Result<_, _>>().ok()
}
