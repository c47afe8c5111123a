//! Frozen bytes. If one of these fails, rows written before can no longer be read: leave the files as they are,
//! raise `row::FORMAT`, and read both.

use dinh_model::{
    AccountId, CodeTerm, FieldType, RecordId, Row, RowError, UnitId, Value,
    row::{sealed::write_parts, split_texts, write},
};

/// A row in `golden/`, and what it says.
struct Golden {
    name: &'static str,
    bytes: &'static [u8],
    fields: Vec<(FieldType, Value)>,
}

fn decimal(text: &str) -> Value {
    Value::Decimal(text.parse().unwrap())
}

fn day(text: &str) -> Value {
    Value::Date(text.parse().unwrap())
}

fn moment(text: &str) -> Value {
    Value::Instant(text.parse().unwrap())
}

fn texts(texts: &[&str]) -> Value {
    Value::Texts(texts.iter().map(|text| (*text).into()).collect())
}

/// Every type once.
fn types() -> Vec<FieldType> {
    vec![
        FieldType::Integer,
        FieldType::Money,
        FieldType::Decimal { scale: 2 },
        FieldType::Text,
        FieldType::Code { catalog: "provinces".into(), valid: CodeTerm::Any },
        FieldType::Date,
        FieldType::Instant,
        FieldType::Boolean,
        FieldType::Reference { collection: "people".into() },
        FieldType::Unit,
        FieldType::Account,
        FieldType::Attachment(Default::default()),
        FieldType::Texts,
    ]
}

fn with(values: Vec<Value>) -> Vec<(FieldType, Value)> {
    types().into_iter().zip(values).collect()
}

macro_rules! golden {
    ($name:literal, $fields:expr) => {
        Golden { name: $name, bytes: include_bytes!(concat!("golden/", $name, ".row")), fields: $fields }
    };
}

fn all() -> Vec<Golden> {
    let filled = vec![
        Value::Integer(-5),
        Value::Integer(2_340_000),
        decimal("73.02"),
        Value::Text("Quảng Ninh".into()),
        Value::Text("22".into()),
        day("2021-04-15"),
        moment("2021-04-15T08:00:00.000001Z"),
        Value::Boolean(true),
        Value::Reference(RecordId([7; 16])),
        Value::Unit(UnitId(3)),
        Value::Account(AccountId(4)),
        Value::Attachment(RecordId(*b"0123456789abcdef")),
        texts(&["một", "", "hai"]),
    ];
    let least = vec![
        Value::Integer(i64::MIN),
        Value::Integer(0),
        decimal("-9999999999999999.99"),
        Value::Empty,
        Value::Text("0".into()),
        day("-009999-01-01"),
        moment("-009999-01-02T01:59:59Z"),
        Value::Boolean(false),
        Value::Reference(RecordId([0; 16])),
        Value::Unit(UnitId(0)),
        Value::Account(AccountId(0)),
        Value::Empty,
        texts(&[]),
    ];
    let most = vec![
        Value::Integer(i64::MAX),
        Value::Integer(i64::MAX),
        decimal("9999999999999999.99"),
        Value::Text("ễ".repeat(100)),
        Value::Text("\u{10ffff}\0".into()),
        day("9999-12-31"),
        moment("9999-12-30T22:00:00.999999Z"),
        Value::Boolean(true),
        Value::Reference(RecordId([255; 16])),
        Value::Unit(UnitId(u32::MAX)),
        Value::Account(AccountId(u32::MAX)),
        Value::Attachment(RecordId([255; 16])),
        texts(&["", "", "Đình"]),
    ];
    vec![
        golden!("filled", with(filled)),
        golden!("least", with(least)),
        golden!("most", with(most)),
        golden!("empty", with(vec![Value::Empty; 13])),
        golden!("none", vec![]),
        golden!("eight", vec![(FieldType::Integer, Value::Integer(1)); 8]),
        golden!("nine", vec![(FieldType::Integer, Value::Integer(1)); 9]),
    ]
}

#[test]
fn every_frozen_row_says_what_it_said() {
    for Golden { name, bytes, fields } in all() {
        let row = Row::read(bytes).unwrap();
        for (field, (kind, value)) in fields.iter().enumerate() {
            assert_eq!(row.value(field, kind).unwrap(), *value, "{name}, field {field}");
        }
        assert_eq!(row.value(fields.len(), &FieldType::Text), Ok(Value::Empty), "{name}");
    }
}

#[test]
fn every_row_is_written_as_it_was() {
    for Golden { name, bytes, fields } in all() {
        let values: Vec<_> = fields.into_iter().map(|(_, value)| value).collect();
        let (written, drawn) = write(&values).unwrap();
        assert!(drawn.is_empty());
        assert_eq!(written, bytes, "{name}");
    }
}

/// The same row as numbers, spelled out once: head, bitmap, slots, heap.
#[test]
fn the_parts_of_a_row_lie_where_the_documentation_says() {
    let row = include_bytes!("golden/filled.row");
    assert_eq!(row[..3], [1, 13, 0], "format, fields");
    assert_eq!(row[3..5], [0xff, 0x1f], "all 13 filled in");
    let slot = |field: usize| i64::from_le_bytes(row[5 + field * 8..][..8].try_into().unwrap());
    assert_eq!((slot(0), slot(2), slot(5), slot(7)), (-5, 7302, 18_732, 1));
    assert_eq!(slot(6), 1_618_473_600_000_001, "microseconds");
    let heap = &row[5 + 13 * 8..];
    let at = |slot: i64| &heap[(slot & 0xffff_ffff) as usize..][..(slot >> 32) as usize];
    assert_eq!(at(slot(3)), "Quảng Ninh".as_bytes());
    assert_eq!(at(slot(8)), [7; 16]);
    assert_eq!(at(slot(12))[..16], [3, 0, 0, 0, 5, 0, 0, 0, 5, 0, 0, 0, 8, 0, 0, 0], "count and ends");
    assert_eq!(split_texts(at(slot(12))).unwrap(), ["một".as_bytes(), b"", b"hai"]);
}

#[test]
fn a_drawn_number_has_its_place_and_no_value_yet() {
    let (mut row, drawn) = write(&[Value::Text("số".into()), Value::Drawn(1)]).unwrap();
    assert_eq!(drawn, [(4 + 8, 1)]);
    row[12..20].copy_from_slice(&42_i64.to_le_bytes());
    assert_eq!(row, include_bytes!("golden/drawn.row"));
}

#[test]
fn a_row_of_another_format_is_refused_by_name() {
    for format in [0, 3, 255] {
        let mut row = include_bytes!("golden/filled.row").to_vec();
        row[0] = format;
        assert_eq!(Row::read(&row).unwrap_err(), RowError::Format(format));
    }
}

#[test]
fn a_row_of_which_a_part_is_sealed_has_its_layout() {
    let values = [Value::Integer(5), Value::Text("mật".into())];
    let (row, _) = write_parts(&values, |field| field == 1).unwrap().with(b"???").unwrap();
    // Format, two fields, three bytes sealed, the first field filled in, two slots, no heap, what is sealed.
    let expected = [&[2, 2, 0, 3, 0, 0, 0, 0b01, 5][..], &[0; 7], &[0; 8], b"???"].concat();
    assert_eq!(row, expected);
}

#[test]
fn a_row_cut_off_anywhere_is_named_or_says_less_and_never_something_else() {
    for Golden { bytes, fields, .. } in all() {
        for cut in 0..bytes.len() {
            let Ok(row) = Row::read(&bytes[..cut]) else { continue };
            for (field, (kind, value)) in fields.iter().enumerate() {
                let found = row.value(field, kind);
                assert!(found.as_ref() == Ok(value) || found.is_err(), "{found:?} for {value:?}");
            }
        }
    }
}
