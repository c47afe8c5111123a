//! A record's values as bytes at rest.
//!
//! ```text
//! format u8 = 1 │ fields u16 │ filled-in bitmap ⌈n/8⌉ │ n slots of 8 bytes │ heap
//! ```
//!
//! Little-endian throughout. Numbers, days, moments, booleans, units and accounts are their slot;
//! references, texts and lists have (offset u32, length u32) into the heap there. So a field is read in
//! constant time without decoding the rest, a schema gains fields at its end without rewriting rows
//! (a field beyond the row's count is empty), and texts, checked when written, are copied as bytes.
//!
//! A row of which a part is sealed has format 2; see [`sealed`].

pub mod sealed;

use crate::{AccountId, Decimal, FieldType, RecordId, UnitId, Value, time, value::unscaled};

/// The first byte of every row of which nothing is sealed.
pub const FORMAT: u8 = 1;
const HEAD: usize = 3;
const SLOT: usize = 8;

/// A stored row that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RowError {
    /// The row was written in a format this version does not know.
    #[error("a stored row of format {0}; this version reads formats 1 and 2")]
    Format(u8),
    /// The bytes contradict themselves.
    #[error("a damaged row: {0}")]
    Damaged(&'static str),
    /// More fields, or more bytes, than a row holds.
    #[error("a row of more than 65,535 fields or 4 GiB")]
    TooLarge,
    /// A number that is yet to be drawn cannot be sealed.
    #[error("a number that is yet to be drawn in a field that is sealed")]
    SealedDraw,
}

/// A stored row, read in place.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    bytes: &'a [u8],
    bitmap: &'a [u8],
    slots: &'a [u8],
    heap: &'a [u8],
    /// What is sealed; nothing in a row of format 1.
    sealed: &'a [u8],
}

impl<'a> Row<'a> {
    /// Reads the head; fields are read when asked for.
    #[inline]
    pub fn read(bytes: &'a [u8]) -> Result<Self, RowError> {
        let (&[format, low, high], rest) =
            bytes.split_first_chunk::<HEAD>().ok_or(RowError::Damaged("shorter than its head"))?;
        let (rest, sealed): (_, &[u8]) =
            if format == FORMAT { (rest, &[]) } else { sealed::split_off(format, rest)? };
        let fields = usize::from(u16::from_le_bytes([low, high]));
        let short = RowError::Damaged("shorter than its slots");
        let (bitmap, rest) = rest.split_at_checked(fields.div_ceil(8)).ok_or(short.clone())?;
        let (slots, heap) = rest.split_at_checked(fields * SLOT).ok_or(short)?;
        Ok(Self { bytes, bitmap, slots, heap, sealed })
    }

    /// The whole row.
    pub fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// The 8 bytes of a field; none when it is empty or younger than the row.
    #[inline]
    pub fn slot(&self, field: usize) -> Option<[u8; SLOT]> {
        if self.bitmap.get(field / 8)? & (1 << (field % 8)) == 0 {
            return None;
        }
        // There is none beyond the row's count, whatever the bits left over in the bitmap say.
        self.slots.get(field * SLOT..)?.first_chunk().copied()
    }

    /// A field whose slot is a number.
    #[inline]
    pub fn number(&self, field: usize) -> Option<i64> {
        self.slot(field).map(i64::from_le_bytes)
    }

    /// Whether all of these fields are filled in: `wanted` has a bit for each, as [`bits`] sets them.
    #[inline]
    pub fn has_all(&self, wanted: &[u8]) -> bool {
        let filled = |(wanted, bits): (&u8, &u8)| wanted & !bits == 0;
        wanted.len() <= self.bitmap.len() && wanted.iter().zip(self.bitmap).all(filled)
    }

    /// The slot of a field of which [`has_all`](Self::has_all) was true; none when the row contradicts itself.
    #[inline]
    pub fn filled_number(&self, field: usize) -> Option<i64> {
        self.slots.get(field * SLOT..)?.first_chunk().copied().map(i64::from_le_bytes)
    }

    /// A field whose value is in the heap.
    #[inline]
    pub fn heap(&self, field: usize) -> Result<Option<&'a [u8]>, RowError> {
        self.number(field)
            .map(|slot| self.heap_at(slot).ok_or(RowError::Damaged("a value outside its heap")))
            .transpose()
    }

    /// What the slot of a field whose value is in the heap refers to; none outside the heap.
    #[inline]
    pub fn heap_at(&self, slot: i64) -> Option<&'a [u8]> {
        let [a, b, c, d, e, f, g, h] = slot.to_le_bytes();
        let offset = u32::from_le_bytes([a, b, c, d]) as usize;
        let length = u32::from_le_bytes([e, f, g, h]) as usize;
        self.heap.get(offset..)?.get(..length)
    }

    /// A field, decoded as its type says.
    pub fn value(&self, field: usize, kind: &FieldType) -> Result<Value, RowError> {
        let Some(number) = self.number(field) else { return Ok(Value::Empty) };
        let damaged = RowError::Damaged;
        Ok(match kind {
            FieldType::Integer | FieldType::Money => Value::Integer(number),
            FieldType::Decimal { scale } => Value::Decimal(
                Decimal::try_from_i128_with_scale(i128::from(number), u32::from(*scale))
                    .ok()
                    .filter(|decimal| unscaled(*decimal).is_some())
                    .ok_or(damaged("a decimal out of range"))?,
            ),
            FieldType::Date => Value::Date(
                i32::try_from(number).ok().and_then(time::from_days).ok_or(damaged("a day out of range"))?,
            ),
            FieldType::Instant => {
                Value::Instant(time::from_microseconds(number).ok_or(damaged("a moment out of range"))?)
            }
            FieldType::Boolean => Value::Boolean(number != 0),
            FieldType::Unit => Value::Unit(UnitId(small(number)?)),
            FieldType::Account => Value::Account(AccountId(small(number)?)),
            FieldType::Text | FieldType::Code { .. } => Value::Text(text(self.needed(field)?)?),
            FieldType::Reference { .. } | FieldType::SharedReference { .. } => {
                Value::Reference(record_id(self.needed(field)?)?)
            }
            FieldType::Attachment(_) => Value::Attachment(record_id(self.needed(field)?)?),
            FieldType::Texts => Value::Texts(texts(self.needed(field)?)?),
        })
    }

    fn needed(&self, field: usize) -> Result<&'a [u8], RowError> {
        self.heap(field)?.ok_or(RowError::Damaged("a value that is not there"))
    }
}

/// A bit for each of these fields, laid out as rows say which of theirs are filled in.
pub fn bits(fields: impl IntoIterator<Item = usize>) -> Vec<u8> {
    let mut bits: Vec<u8> = Vec::new();
    for field in fields {
        bits.resize(bits.len().max(field / 8 + 1), 0);
        if let Some(byte) = bits.get_mut(field / 8) {
            *byte |= 1 << (field % 8);
        }
    }
    bits
}

fn small(number: i64) -> Result<u32, RowError> {
    u32::try_from(number).map_err(|_| RowError::Damaged("an identifier out of range"))
}

fn text(bytes: &[u8]) -> Result<String, RowError> {
    String::from_utf8(bytes.to_vec()).map_err(|_| RowError::Damaged("a text that is not UTF-8"))
}

fn record_id(bytes: &[u8]) -> Result<RecordId, RowError> {
    bytes.try_into().map(RecordId).map_err(|_| RowError::Damaged("a reference that is not 16 bytes"))
}

/// The texts of a list, as bytes: count u32, ends u32 each, then the bytes.
pub fn split_texts(bytes: &[u8]) -> Result<Vec<&[u8]>, RowError> {
    let damaged = RowError::Damaged("a list of texts");
    let (count, rest) = bytes.split_first_chunk::<4>().ok_or(damaged.clone())?;
    let count = u32::from_le_bytes(*count) as usize;
    let (ends, data) =
        count.checked_mul(4).and_then(|length| rest.split_at_checked(length)).ok_or(damaged.clone())?;
    let mut start = 0;
    ends.chunks_exact(4)
        .map(|end| {
            let end = u32::from_le_bytes(end.try_into().map_err(|_| damaged.clone())?) as usize;
            let text = data.get(start..end).ok_or(damaged.clone())?;
            start = end;
            Ok(text)
        })
        .collect()
}

fn texts(bytes: &[u8]) -> Result<Vec<String>, RowError> {
    split_texts(bytes)?.into_iter().map(text).collect()
}

/// A drawn number that has yet to be filled in: the byte of the row where its 8 little-endian bytes go,
/// and the index of the draw.
pub type Placeholder = (usize, u32);

/// Writes a row of values that have been fitted to their fields, in the order of the schema.
pub fn write(values: &[Value]) -> Result<(Vec<u8>, Vec<Placeholder>), RowError> {
    write_part(values, |_| true, 0)
}

/// The same with only the fields for which `kept` holds, and a heap that begins `heap_at` bytes into another one.
fn write_part(
    values: &[Value],
    kept: impl Fn(usize) -> bool,
    heap_at: usize,
) -> Result<(Vec<u8>, Vec<Placeholder>), RowError> {
    let fields = u16::try_from(values.len()).map_err(|_| RowError::TooLarge)?;
    let mut bitmap = vec![0_u8; values.len().div_ceil(8)];
    let mut slots = Vec::with_capacity(values.len() * SLOT);
    let mut heap = Vec::new();
    let mut drawn = Vec::new();
    let slots_at = HEAD + bitmap.len();
    for (field, value) in values.iter().enumerate() {
        let value = if kept(field) { value } else { &Value::Empty };
        if !value.is_empty()
            && let Some(byte) = bitmap.get_mut(field / 8)
        {
            *byte |= 1 << (field % 8);
        }
        let mut put = |bytes: &[u8]| -> Result<i64, RowError> {
            let offset = u32::try_from(heap_at + heap.len()).map_err(|_| RowError::TooLarge)?;
            let length = u32::try_from(bytes.len()).map_err(|_| RowError::TooLarge)?;
            heap.extend_from_slice(bytes);
            Ok((u64::from(offset) | u64::from(length) << 32).cast_signed())
        };
        let slot = match value {
            Value::Empty => 0,
            Value::Integer(number) => *number,
            Value::Decimal(number) => unscaled(*number).ok_or(RowError::TooLarge)?,
            Value::Date(day) => i64::from(time::days(*day)),
            Value::Instant(moment) => time::microseconds(*moment),
            Value::Boolean(yes) => i64::from(*yes),
            Value::Unit(unit) => i64::from(unit.0),
            Value::Account(account) => i64::from(account.0),
            Value::Text(text) => put(text.as_bytes())?,
            Value::Reference(id) | Value::Attachment(id) => put(&id.0)?,
            Value::Texts(texts) => put(&join_texts(texts)?)?,
            Value::Drawn(draw) => {
                drawn.push((slots_at + field * SLOT, *draw));
                0
            }
        };
        slots.extend(slot.to_le_bytes());
    }
    let mut row = Vec::with_capacity(slots_at + slots.len() + heap.len());
    row.push(FORMAT);
    row.extend(fields.to_le_bytes());
    row.extend(bitmap);
    row.extend(slots);
    row.extend(heap);
    Ok((row, drawn))
}

fn join_texts(texts: &[String]) -> Result<Vec<u8>, RowError> {
    let mut joined = Vec::new();
    let count = u32::try_from(texts.len()).map_err(|_| RowError::TooLarge)?;
    joined.extend(count.to_le_bytes());
    let mut end = 0_u32;
    for text in texts {
        let length = u32::try_from(text.len()).map_err(|_| RowError::TooLarge)?;
        end = end.checked_add(length).ok_or(RowError::TooLarge)?;
        joined.extend(end.to_le_bytes());
    }
    texts.iter().for_each(|text| joined.extend(text.as_bytes()));
    Ok(joined)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn kinds_and_values() -> Vec<(FieldType, Value)> {
        vec![
            (FieldType::Integer, Value::Integer(-5)),
            (FieldType::Decimal { scale: 2 }, Value::Decimal("73.02".parse().unwrap())),
            (FieldType::Text, Value::Text("Quảng Ninh".into())),
            (FieldType::Date, Value::Date(jiff::civil::date(2021, 4, 15))),
            (FieldType::Instant, Value::Instant("2021-04-15T08:00:00.000001Z".parse().unwrap())),
            (FieldType::Boolean, Value::Boolean(true)),
            (FieldType::Reference { collection: "x".into() }, Value::Reference(RecordId([7; 16]))),
            (FieldType::SharedReference { wanted: "x".into() }, Value::Reference(RecordId([8; 16]))),
            (FieldType::Unit, Value::Unit(UnitId(3))),
            (FieldType::Account, Value::Account(AccountId(4))),
            (FieldType::Texts, Value::Texts(vec!["một".into(), String::new(), "hai".into()])),
            (FieldType::Attachment(Default::default()), Value::Empty),
        ]
    }

    #[test]
    fn every_type_comes_back_as_it_was_written() {
        let (kinds, values): (Vec<_>, Vec<_>) = kinds_and_values().into_iter().unzip();
        let (bytes, drawn) = write(&values).unwrap();
        assert!(drawn.is_empty());
        let row = Row::read(&bytes).unwrap();
        for (field, (kind, value)) in kinds.iter().zip(&values).enumerate() {
            assert_eq!(&row.value(field, kind).unwrap(), value);
        }
        assert_eq!(
            row.value(values.len(), &FieldType::Text).unwrap(),
            Value::Empty,
            "a younger field is empty"
        );
    }

    #[test]
    fn a_drawn_number_is_filled_in_where_the_row_says() {
        let (mut bytes, drawn) = write(&[Value::Text("số".into()), Value::Drawn(1)]).unwrap();
        let [(place, 1)] = drawn[..] else { panic!("{drawn:?}") };
        bytes[place..place + 8].copy_from_slice(&42_i64.to_le_bytes());
        assert_eq!(Row::read(&bytes).unwrap().value(1, &FieldType::Integer), Ok(Value::Integer(42)));
    }

    #[test]
    fn a_decimal_of_more_digits_than_are_ever_written_is_damage() {
        let kind = FieldType::Decimal { scale: 2 };
        for (number, good) in [(999_999_999_999_999_999, true), (1_000_000_000_000_000_000, false)] {
            let (bytes, _) = write(&[Value::Integer(number)]).unwrap();
            assert_eq!(Row::read(&bytes).unwrap().value(0, &kind).is_ok(), good);
        }
    }

    #[test]
    fn a_row_of_a_later_format_is_refused_by_name() {
        assert_eq!(Row::read(&[3, 0, 0]).unwrap_err(), RowError::Format(3));
    }

    proptest! {
        #[test]
        fn fields_are_all_filled_in_exactly_when_each_is(
            row in proptest::collection::vec(proptest::option::of(any::<i64>()), 0..40),
            wanted in proptest::collection::vec(0_usize..48, 0..6),
        ) {
            let values: Vec<Value> =
                row.iter().map(|number| number.map_or(Value::Empty, Value::Integer)).collect();
            let (bytes, _) = write(&values).unwrap();
            let read = Row::read(&bytes).unwrap();
            let all = wanted.iter().all(|field| read.number(*field).is_some());
            prop_assert_eq!(read.has_all(&bits(wanted.iter().copied())), all);
            if all {
                for field in wanted {
                    prop_assert_eq!(read.filled_number(field), read.number(field));
                }
            }
        }

        #[test]
        fn no_bytes_make_reading_panic(bytes: Vec<u8>) {
            let mut bytes = bytes;
            if let Some(first) = bytes.first_mut() {
                *first = FORMAT;
            }
            if let Ok(row) = Row::read(&bytes) {
                for (field, (kind, _)) in kinds_and_values().iter().enumerate() {
                    let _outcome = row.value(field, kind);
                }
            }
        }

        #[test]
        fn damage_to_a_good_row_never_panics(at in 0_usize..300, byte: u8) {
            let (kinds, values): (Vec<_>, Vec<_>) = kinds_and_values().into_iter().unzip();
            let (mut bytes, _) = write(&values).unwrap();
            let length = bytes.len();
            bytes[at % length] = byte;
            if let Ok(row) = Row::read(&bytes) {
                for (field, kind) in kinds.iter().enumerate() {
                    let _outcome = row.value(field, kind);
                }
            }
        }
    }
}
