//! Rows at random: of any schema, good ones, and what accidents and ill will make of them.

use dinh_model::{AccountId, CodeTerm, Decimal, FieldType, RecordId, UnitId, Value, row::write, time};

/// A small generator (SplitMix64), so that a run can be repeated from its seed.
pub struct Random(pub u64);

impl Random {
    pub fn word(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, bound: usize) -> usize {
        (self.word() % bound.max(1) as u64) as usize
    }

    /// Small numbers, large ones, and those at the edges.
    pub fn number(&mut self) -> i64 {
        let word = self.word().cast_signed();
        match self.below(6) {
            0 => word,
            1 => [0, 1, -1, i64::MIN, i64::MAX, i64::from(u32::MAX), 1 << 32][self.below(7)],
            2 => word >> 24,
            _ => word >> 52,
        }
    }

    pub fn bytes(&mut self, most: usize) -> Vec<u8> {
        (0..self.below(most + 1)).map(|_| self.word() as u8).collect()
    }

    fn text(&mut self) -> String {
        const LETTERS: [&str; 10] = ["a", "Đ", "ễ", "ơ", " ", "0", "\0", "\u{10ffff}", "ß", "e\u{301}"];
        (0..self.below(12)).map(|_| LETTERS[self.below(10)]).collect()
    }
}

pub fn some_type(random: &mut Random) -> FieldType {
    match random.below(13) {
        0 => FieldType::Integer,
        1 => FieldType::Money,
        // Beyond the 18 that a manifest may say, too.
        2 => FieldType::Decimal { scale: random.below(40) as u8 },
        3 => FieldType::Text,
        4 => FieldType::Code { catalog: "provinces".into(), valid: CodeTerm::Any },
        5 => FieldType::Date,
        6 => FieldType::Instant,
        7 => FieldType::Boolean,
        8 => FieldType::Reference { collection: "people".into() },
        9 => FieldType::Unit,
        10 => FieldType::Account,
        11 => FieldType::Attachment(Default::default()),
        _ => FieldType::Texts,
    }
}

pub fn some_types(random: &mut Random, most: usize) -> Vec<FieldType> {
    (0..random.below(most + 1)).map(|_| some_type(random)).collect()
}

/// A value that the field may hold.
pub fn a_value(random: &mut Random, kind: &FieldType) -> Value {
    if random.below(5) == 0 {
        return Value::Empty;
    }
    match kind {
        FieldType::Integer | FieldType::Money => Value::Integer(random.number()),
        FieldType::Decimal { scale } => {
            let coefficient = i128::from(random.number() % 1_000_000_000_000_000_000);
            Decimal::try_from_i128_with_scale(coefficient, u32::from(*scale))
                .map_or(Value::Empty, Value::Decimal)
        }
        FieldType::Date => time::from_days(random.number() as i32).map_or(Value::Empty, Value::Date),
        FieldType::Instant => time::from_microseconds(random.number()).map_or(Value::Empty, Value::Instant),
        FieldType::Boolean => Value::Boolean(random.below(2) == 0),
        FieldType::Unit => Value::Unit(UnitId(random.number() as u32)),
        FieldType::Account => Value::Account(AccountId(random.number() as u32)),
        FieldType::Text | FieldType::Code { .. } => Value::Text(random.text()),
        FieldType::Reference { .. } | FieldType::SharedReference { .. } => {
            Value::Reference(RecordId([random.word() as u8; 16]))
        }
        FieldType::Attachment(_) => Value::Attachment(RecordId([random.word() as u8; 16])),
        FieldType::Texts => Value::Texts((0..random.below(4)).map(|_| random.text()).collect()),
    }
}

pub fn a_row(random: &mut Random, types: &[FieldType]) -> Vec<u8> {
    let values: Vec<_> = types.iter().map(|kind| a_value(random, kind)).collect();
    write(&values).unwrap().0
}

/// Bytes that claim to be a row of `types`.
pub fn an_input(random: &mut Random, types: &[FieldType]) -> Vec<u8> {
    let mut row = a_row(random, types);
    match random.below(8) {
        0 => row = random.bytes(200),
        1 => {
            // Any bytes under a good head.
            row = random.bytes(200);
            row.splice(0..0, [1, random.below(20) as u8, 0]);
        }
        2 => row.truncate(random.below(row.len() + 1)),
        3 => {
            let other = some_types(random, 20);
            let other = a_row(random, &other);
            let (cut, from) = (random.below(row.len() + 1), random.below(other.len() + 1));
            row.truncate(cut);
            row.extend(&other[from..]);
        }
        4 => {
            // One slot of eight bytes, most of which are offsets and lengths.
            let slots = 3 + types.len().div_ceil(8);
            let at = slots + random.below(types.len()) * 8;
            let number = match random.below(3) {
                0 => random.number().cast_unsigned(),
                _ => (random.below(64) | random.below(64) << 32) as u64,
            };
            if let Some(slot) = row.get_mut(at..at + 8) {
                slot.copy_from_slice(&number.to_le_bytes());
            }
        }
        5 => row.extend(random.bytes(20)),
        6 => {}
        _ => {
            for _ in 0..=random.below(4) {
                let at = random.below(row.len());
                row[at] =
                    if random.below(2) == 0 { row[at] ^ 1 << random.below(8) } else { random.word() as u8 };
            }
        }
    }
    row
}
