//! Amounts of money in sentences.

use std::fmt;

/// An amount in whole đồng, as people write it: `1.234.567 đ`; with `#`, as an English sentence has it: `1,234,567 đ`.
pub struct Dong(pub i64);

impl fmt::Display for Dong {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let between = if formatter.alternate() { ',' } else { '.' };
        let digits = self.0.unsigned_abs().to_string();
        let mut text = String::new();
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                text.push(between);
            }
            text.push(digit);
        }
        write!(formatter, "{}{text} đ", if self.0 < 0 { "-" } else { "" })
    }
}

#[cfg(test)]
mod tests {
    use super::Dong;

    #[test]
    fn thousands_are_set_apart() {
        let said = [0, 999, 1_000, -1_234_567].map(|amount| Dong(amount).to_string());
        assert_eq!(said, ["0 đ", "999 đ", "1.000 đ", "-1.234.567 đ"]);
        assert_eq!(format!("{:#}", Dong(-1_234_567)), "-1,234,567 đ");
    }
}
