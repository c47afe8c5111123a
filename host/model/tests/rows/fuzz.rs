//! Whatever the bytes: reading never panics and never reads beyond them, and what is read can be written and
//! read again as the same.
//!
//! `DINH_ROWS` sets how many inputs (20,000 when it is not set):
//!
//! ```text
//! DINH_ROWS=1000000 cargo test -p dinh-model --test rows -- --nocapture fuzz
//! ```

use dinh_model::{
    FieldType, Row, RowError, Value,
    row::{split_texts, write},
};

use crate::generate::{Random, a_row, a_value, an_input, some_type, some_types};

fn inputs() -> u64 {
    std::env::var("DINH_ROWS").map_or(20_000, |inputs| inputs.parse().unwrap())
}

/// Whether `part` is of `whole`, not only alike.
fn lies_in(part: &[u8], whole: &[u8]) -> bool {
    let (part, whole) = (part.as_ptr_range(), whole.as_ptr_range());
    whole.start <= part.start && part.end <= whole.end
}

/// Reads all there is, in each way there is; the values when every field can be read.
fn read(bytes: &[u8], types: &[FieldType]) -> Option<Vec<Value>> {
    let row = match Row::read(bytes) {
        Ok(row) => row,
        Err(RowError::Format(format)) => {
            assert!(format == bytes[0] && !(1..=2).contains(&format));
            return None;
        }
        Err(RowError::Damaged(_)) => return None,
        Err(error @ (RowError::TooLarge | RowError::SealedDraw)) => panic!("{error} is said of writing"),
    };
    assert_eq!(row.bytes(), bytes);
    for field in [types.len(), types.len() + 1, 65_535, usize::MAX / 8] {
        if field >= usize::from(u16::from_le_bytes([bytes[1], bytes[2]])) {
            assert_eq!(row.slot(field), None, "no field beyond the last");
        }
    }
    let mut values = Vec::new();
    let mut whole = true;
    for (field, kind) in types.iter().enumerate() {
        if let Ok(Some(part)) = row.heap(field) {
            assert!(lies_in(part, bytes));
            let texts = split_texts(part).unwrap_or_default();
            assert!(texts.iter().all(|text| lies_in(text, part)));
        }
        match row.value(field, kind) {
            Ok(value) => {
                assert_eq!(value.is_empty(), row.slot(field).is_none());
                values.push(value);
            }
            Err(RowError::Damaged(_)) => whole = false,
            Err(other) => panic!("{other}"),
        }
    }
    whole.then_some(values)
}

/// One input; whether it could be read.
fn check(bytes: &[u8], types: &[FieldType]) -> bool {
    let Some(values) = read(bytes, types) else { return false };
    let (written, drawn) = write(&values).unwrap_or_else(|error| panic!("{error}: {values:?}"));
    assert!(drawn.is_empty());
    assert_eq!(read(&written, types).as_ref(), Some(&values), "{}", bytes.escape_ascii());
    assert_eq!(write(&values).unwrap().0, written);
    true
}

#[test]
fn any_bytes_are_read_or_named_and_what_is_read_is_written_as_the_same() {
    let (inputs, mut good) = (inputs(), 0);
    for seed in 0..inputs {
        let mut random = Random(seed << 20);
        let types = some_types(&mut random, 20);
        let bytes = an_input(&mut random, &types);
        let outcome = std::panic::catch_unwind(|| check(&bytes, &types));
        let read = outcome.unwrap_or_else(|_| panic!("seed {seed}: {types:?}, {}", bytes.escape_ascii()));
        good += u64::from(read);
    }
    println!("{good} of {inputs} inputs could be read");
    assert!(good > inputs / 5 && good < inputs * 4 / 5, "{good} of {inputs}: too many or too few are good");
}

#[test]
fn a_good_row_comes_back_to_the_byte() {
    for seed in 0..inputs() / 4 {
        let mut random = Random(seed << 20);
        let types = some_types(&mut random, 30);
        let bytes = a_row(&mut random, &types);
        let values = read(&bytes, &types).unwrap_or_else(|| panic!("seed {seed}"));
        assert_eq!(write(&values).unwrap().0, bytes, "seed {seed}");
    }
}

#[test]
fn a_row_read_as_another_schema_is_named_or_read_and_never_worse() {
    for seed in 0..inputs() / 4 {
        let mut random = Random(seed << 20);
        let types = some_types(&mut random, 20);
        let bytes = a_row(&mut random, &types);
        let others: Vec<_> = types.iter().map(|_| some_type(&mut random)).collect();
        check(&bytes, &others);
    }
}

#[test]
fn a_row_of_as_many_fields_as_there_may_be_is_read() {
    let mut random = Random(7);
    let values: Vec<_> = (0..65_535).map(|_| a_value(&mut random, &FieldType::Integer)).collect();
    let (bytes, _) = write(&values).unwrap();
    let types = vec![FieldType::Integer; 65_535];
    assert_eq!(read(&bytes, &types), Some(values.clone()));
    assert_eq!(write(&[values, vec![Value::Empty]].concat()), Err(RowError::TooLarge));
}
