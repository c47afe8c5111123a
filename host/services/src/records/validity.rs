//! Which rows of a column are filled in, while it is made.

/// Which rows of a column are filled in; nothing is kept until one is not.
#[derive(Default)]
pub(super) struct Validity(pub(super) Option<Vec<u8>>);

impl Validity {
    /// Adds the row after `rows` rows.
    #[inline]
    pub(super) fn push(&mut self, rows: usize, filled: bool) {
        if filled && self.0.is_none() {
            return;
        }
        let bits = self.0.get_or_insert_with(|| all_filled(rows));
        if rows.is_multiple_of(8) {
            bits.push(0);
        }
        if let Some(byte) = bits.last_mut() {
            *byte |= u8::from(filled) << (rows % 8);
        }
    }
}

fn all_filled(rows: usize) -> Vec<u8> {
    let mut bits = vec![u8::MAX; rows / 8];
    if !rows.is_multiple_of(8) {
        bits.push((1 << (rows % 8)) - 1);
    }
    bits
}

#[cfg(test)]
mod tests {
    use super::super::columns::{Column, ColumnValues};
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn validity_says_of_each_row_whether_it_is_filled(rows in proptest::collection::vec(any::<bool>(), 0..40)) {
            let mut validity = Validity::default();
            rows.iter().enumerate().for_each(|(row, filled)| validity.push(row, *filled));
            prop_assert_eq!(validity.0.is_none(), rows.iter().all(|filled| *filled));
            prop_assert!(validity.0.as_ref().is_none_or(|bits| bits.len() == rows.len().div_ceil(8)));
            let values = ColumnValues::Booleans(rows.clone());
            let column = Column { values, validity: validity.0 };
            for (row, filled) in rows.iter().enumerate() {
                prop_assert_eq!(column.is_filled(row), *filled);
            }
        }
    }
}
