//! Ten of thirty fields of stored rows, beside the same bytes read from places known beforehand.

use dinh_model::{Date, Row as Stored, Value, row};

use crate::{Goal, Row, Side};

/// Rows of one run.
const ROWS: usize = 1_000;
/// Fields of a row: every third is a text.
const FIELDS: usize = 30;
/// Fields that are wanted: seven numbers, three texts.
const WANTED: [usize; 10] = [0, 1, 2, 6, 9, 12, 13, 15, 20, 27];

fn is_text(field: usize) -> bool {
    field % 3 == 2
}

/// A row as a plugin's record has it, 564 bytes or so.
fn stored(number: usize) -> Vec<u8> {
    let value = |field: usize| match field % 3 {
        2 => Value::Text(format!("Trường thứ {field} của bản ghi {number}")),
        1 => Value::Date(Date::new(2021, 7, 1 + (number % 28) as i8).unwrap()),
        _ => Value::Integer((number * field) as i64),
    };
    let values: Vec<Value> = (0..FIELDS).map(value).collect();
    row::write(&values).unwrap().0
}

fn projected(rows: &[Vec<u8>]) -> i64 {
    let mut sum = 0;
    for bytes in rows {
        let row = Stored::read(bytes).unwrap();
        for field in WANTED {
            sum += match is_text(field) {
                true => row.heap(field).unwrap().map_or(0, |text| text.len() as i64 + i64::from(text[0])),
                false => row.number(field).unwrap_or(0),
            };
        }
    }
    sum
}

/// Where bitmap, slots and heap begin: what a program knows that was compiled for this one collection. Whether
/// a field is filled in, it has to look up as well.
const BITMAP: usize = 3;
const SLOTS: usize = BITMAP + FIELDS.div_ceil(8);
const HEAP: usize = SLOTS + 8 * FIELDS;

fn by_hand(rows: &[Vec<u8>]) -> i64 {
    let mut sum = 0;
    for bytes in rows {
        for field in WANTED {
            if bytes[BITMAP + field / 8] & (1 << (field % 8)) == 0 {
                continue;
            }
            let slot = &bytes[SLOTS + 8 * field..][..8];
            sum += match is_text(field) {
                true => {
                    let offset = u32::from_le_bytes(slot[..4].try_into().unwrap()) as usize;
                    let length = u32::from_le_bytes(slot[4..].try_into().unwrap()) as usize;
                    let text = &bytes[HEAP + offset..][..length];
                    length as i64 + i64::from(text[0])
                }
                false => i64::from_le_bytes(slot.try_into().unwrap()),
            };
        }
    }
    sum
}

/// The rows of the table.
pub fn rows() -> Vec<Row> {
    let rows: Vec<Vec<u8>> = (0..ROWS).map(stored).collect();
    assert_eq!(projected(&rows), by_hand(&rows));
    let same = rows.clone();
    vec![Row {
        name: "project 10 of 30 fields of a stored row".into(),
        operations: ROWS as u64,
        subject: Side::new("row", move || projected(&rows)),
        beside: Some(Side::new("at known places", move || by_hand(&same))),
        goal: Goal::AtMost(1.3),
    }]
}
