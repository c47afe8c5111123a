//! A row of which a part is sealed.
//!
//! ```text
//! format u8 = 2 │ fields u16 │ length of what is sealed u32 │ bitmap │ slots │ heap │ what is sealed
//! ```
//!
//! What stands in the clear is laid out as in format 1, with the sealed fields empty: not even whether they are
//! filled in shows. What is sealed is, once opened, a row of format 1 with the sealed fields alone, whose heap goes on
//! where the clear one ends; so [`join`] makes of both the row as it was written, and everything that reads rows
//! reads that one. Sealing and opening are not done here: this floor holds no keys.

use super::{FORMAT, HEAD, Placeholder, Row, RowError, SLOT, write_part};
use crate::Value;

/// The first byte of a row of which a part is sealed.
pub const SEALED_FORMAT: u8 = 2;
/// Bytes of the length of what is sealed.
const LENGTH: usize = 4;

/// A row in two parts, before one of them is sealed.
#[derive(Debug)]
pub struct Parts {
    /// What stays in the clear: a row of format 1.
    clear: Vec<u8>,
    drawn: Vec<Placeholder>,
    /// What is to be sealed.
    pub secret: Vec<u8>,
}

/// Writes a row of values that have been fitted to their fields, in two parts: `sealed` says what is to be sealed.
///
/// # Errors
/// As [`write`](super::write); and for a number that is yet to be drawn in a field that is sealed.
pub fn write_parts(values: &[Value], sealed: impl Fn(usize) -> bool) -> Result<Parts, RowError> {
    let (clear, drawn) = write_part(values, |field| !sealed(field), 0)?;
    let heap = Row::read(&clear)?.heap.len();
    let (secret, pending) = write_part(values, sealed, heap)?;
    if !pending.is_empty() {
        return Err(RowError::SealedDraw);
    }
    Ok(Parts { clear, drawn, secret })
}

impl Parts {
    /// The row with `sealed` in place of what was to be sealed.
    pub fn with(self, sealed: &[u8]) -> Result<(Vec<u8>, Vec<Placeholder>), RowError> {
        let (&[_, low, high], rest) =
            self.clear.split_first_chunk::<HEAD>().ok_or(RowError::Damaged("shorter than its head"))?;
        let length = u32::try_from(sealed.len()).map_err(|_| RowError::TooLarge)?;
        let mut row = Vec::with_capacity(self.clear.len() + LENGTH + sealed.len());
        row.extend([SEALED_FORMAT, low, high]);
        row.extend(length.to_le_bytes());
        row.extend(rest);
        row.extend(sealed);
        Ok((row, self.drawn.into_iter().map(|(at, draw)| (at + LENGTH, draw)).collect()))
    }
}

/// Divides what follows the head of a row that is not of format 1.
#[cold]
pub(super) fn split_off(format: u8, rest: &[u8]) -> Result<(&[u8], &[u8]), RowError> {
    if format != SEALED_FORMAT {
        return Err(RowError::Format(format));
    }
    let short = RowError::Damaged("shorter than what is sealed in it");
    let (length, rest) = rest.split_first_chunk::<LENGTH>().ok_or(short.clone())?;
    let length = u32::from_le_bytes(*length) as usize;
    rest.len().checked_sub(length).and_then(|clear| rest.split_at_checked(clear)).ok_or(short)
}

impl<'a> Row<'a> {
    /// What is sealed in it; none in a row that stands in the clear.
    #[inline]
    pub fn sealed(&self) -> Option<&'a [u8]> {
        if self.sealed.is_empty() { None } else { Some(self.sealed) }
    }
}

/// The row as it was written, of its clear part and the opened `secret`: a row of format 1.
pub fn join(clear: &Row<'_>, secret: &[u8]) -> Result<Vec<u8>, RowError> {
    let opened = Row::read(secret)?;
    if opened.slots.len() != clear.slots.len() || opened.sealed().is_some() {
        return Err(RowError::Damaged("two parts that do not belong together"));
    }
    let fields = u16::try_from(clear.slots.len() / SLOT).map_err(|_| RowError::TooLarge)?;
    let mut row = Vec::with_capacity(HEAD + clear.bytes.len() + secret.len());
    row.push(FORMAT);
    row.extend(fields.to_le_bytes());
    // A field is in one of them, and zero in the other.
    row.extend(clear.bitmap.iter().zip(opened.bitmap).map(|(a, b)| a | b));
    row.extend(clear.slots.iter().zip(opened.slots).map(|(a, b)| a | b));
    row.extend(clear.heap);
    row.extend(opened.heap);
    Ok(row)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{FieldType, row};
    use proptest::prelude::*;

    fn values() -> Vec<Value> {
        vec![
            Value::Text("Lào Cai".into()),
            Value::Integer(i64::MIN),
            Value::Text("035123456789".into()),
            Value::Empty,
            Value::Texts(vec!["một".into(), "hai".into()]),
        ]
    }

    proptest! {
        #[test]
        fn the_parts_make_the_row_that_was_written_whichever_fields_are_sealed(sealed: u8) {
            let is_sealed = |field: usize| sealed & (1 << field) != 0;
            let parts = write_parts(&values(), is_sealed).unwrap();
            let secret = parts.secret.clone();
            let (stored, _) = parts.with(b"sealed").unwrap();
            let clear = Row::read(&stored).unwrap();
            prop_assert_eq!(clear.sealed(), Some(&b"sealed"[..]));
            let joined = join(&clear, &secret).unwrap();
            let whole = Row::read(&joined).unwrap();
            let kinds = [FieldType::Text, FieldType::Integer, FieldType::Text, FieldType::Text, FieldType::Texts];
            for (field, (kind, value)) in kinds.iter().zip(values()).enumerate() {
                prop_assert_eq!(&whole.value(field, kind).unwrap(), &value);
                let shown = if is_sealed(field) { Value::Empty } else { value };
                prop_assert_eq!(clear.value(field, kind).unwrap(), shown, "nothing sealed shows outside");
            }
        }

        #[test]
        fn no_bytes_make_reading_or_joining_panic(mut stored: Vec<u8>, mut secret: Vec<u8>) {
            if let (Some(first), Some(other)) = (stored.first_mut(), secret.first_mut()) {
                (*first, *other) = (SEALED_FORMAT, FORMAT);
            }
            if let Ok(clear) = Row::read(&stored)
                && let Ok(joined) = join(&clear, &secret)
            {
                let _outcome = Row::read(&joined).unwrap().value(0, &FieldType::Texts);
            }
        }
    }

    #[test]
    fn a_drawn_number_beside_what_is_sealed_is_filled_in_where_the_row_says() {
        let values = [Value::Text("mật".into()), Value::Drawn(1)];
        let (mut bytes, drawn) = write_parts(&values, |field| field == 0).unwrap().with(b"??").unwrap();
        let [(place, 1)] = drawn[..] else { panic!("{drawn:?}") };
        bytes[place..place + 8].copy_from_slice(&42_i64.to_le_bytes());
        assert_eq!(Row::read(&bytes).unwrap().value(1, &FieldType::Integer), Ok(Value::Integer(42)));
        assert_eq!(write_parts(&values, |_| true).unwrap_err(), RowError::SealedDraw);
    }

    #[test]
    fn a_row_of_which_nothing_is_sealed_stays_as_it_was_byte_for_byte() {
        let (plain, _) = row::write(&values()).unwrap();
        assert_eq!(plain.first(), Some(&FORMAT));
        assert_eq!(Row::read(&plain).unwrap().sealed(), None);
    }
}
