//! Values as bytes that sort as the values do.
//!
//! Each value is written as a tag (0 for empty, 1 for filled in, so that empty ones come first) and its
//! bytes: numbers big-endian with the sign bit flipped, texts as their alphabetical sort key, escaped so
//! that no text's key begins another's. Keys are part of the storage format.

use crate::{Value, text, time, value::unscaled};

/// Appends the key of `value`, which has been fitted to its field.
///
/// A drawn number is written as 8 zero bytes for the store to fill in; the place of these bytes in `key`
/// is returned with the index of the draw.
pub fn push(key: &mut Vec<u8>, value: &Value) -> Option<(usize, u32)> {
    if value.is_empty() {
        key.push(0);
        return None;
    }
    key.push(1);
    match value {
        Value::Empty => {}
        Value::Integer(number) => key.extend(integer(*number)),
        // All values of a field have its scale, so their coefficients sort as they do.
        Value::Decimal(number) => key.extend(integer(unscaled(*number).unwrap_or(i64::MAX))),
        Value::Text(text) => push_bytes(key, &text::sort_key(text)),
        Value::Date(day) => key.extend(integer(i64::from(time::days(*day)))),
        Value::Instant(moment) => key.extend(integer(time::microseconds(*moment))),
        Value::Boolean(yes) => key.push(u8::from(*yes)),
        Value::Reference(id) | Value::Attachment(id) => key.extend(id.0),
        Value::Unit(unit) => key.extend(unit.0.to_be_bytes()),
        Value::Account(account) => key.extend(account.0.to_be_bytes()),
        Value::Texts(texts) => texts.iter().for_each(|text| push_bytes(key, &text::sort_key(text))),
        Value::Drawn(draw) => {
            let place = key.len();
            key.extend([0; 8]);
            return Some((place, *draw));
        }
    }
    None
}

/// A whole number as 8 bytes that sort as it does.
pub fn integer(number: i64) -> [u8; 8] {
    (number.cast_unsigned() ^ (1 << 63)).to_be_bytes()
}

/// Appends bytes so that what follows does not disturb their order: 0 becomes 0 255, and 0 0 ends them.
pub fn push_bytes(key: &mut Vec<u8>, bytes: &[u8]) {
    for &byte in bytes {
        key.push(byte);
        if byte == 0 {
            key.push(255);
        }
    }
    key.extend([0, 0]);
}

/// The first key after all keys that begin with `prefix`; none when there is no such key.
pub fn after_prefix(prefix: &[u8]) -> Option<Vec<u8>> {
    let mut end = prefix.to_vec();
    while let Some(last) = end.pop() {
        if last < 255 {
            end.push(last + 1);
            return Some(end);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn key(value: &Value) -> Vec<u8> {
        let mut key = Vec::new();
        push(&mut key, value);
        key
    }

    proptest! {
        #[test]
        fn integers_sort_as_numbers(a: i64, b: i64) {
            prop_assert_eq!(key(&Value::Integer(a)).cmp(&key(&Value::Integer(b))), a.cmp(&b));
        }

        #[test]
        fn no_key_of_bytes_begins_another(a: Vec<u8>, b: Vec<u8>) {
            let (mut first, mut second) = (Vec::new(), Vec::new());
            push_bytes(&mut first, &a);
            push_bytes(&mut second, &b);
            prop_assert_eq!(a == b, second.starts_with(&first));
            prop_assert_eq!(a.cmp(&b), first.cmp(&second));
        }

        #[test]
        fn the_end_of_a_prefix_is_after_all_that_begin_with_it(prefix: Vec<u8>, rest: Vec<u8>) {
            let mut longer = prefix.clone();
            longer.extend(rest);
            if let Some(end) = after_prefix(&prefix) {
                prop_assert!(longer < end);
            }
        }
    }

    #[test]
    fn empty_sorts_first() {
        assert!(key(&Value::Empty) < key(&Value::Integer(i64::MIN)));
        assert_eq!(after_prefix(&[255, 255]), None);
        assert_eq!(after_prefix(&[1, 255]), Some(vec![2]));
    }

    #[test]
    fn a_drawn_number_leaves_its_place() {
        let mut bytes = vec![9];
        assert_eq!(push(&mut bytes, &Value::Drawn(3)), Some((2, 3)));
        assert_eq!(bytes.len(), 10);
    }
}
