//! Secrets that people read from a screen or a sheet of paper and type.

/// Letters and digits that are not taken for one another: no 0 and o, no 1, i and l; no u beside v.
const LETTERS: &[u8; 30] = b"abcdefghjkmnpqrstvwxyz23456789";

/// So many letters, in groups of four: `kmwp-7xqd-h4tn`. Each is worth 4.9 bits; 26 letters use the bytes up.
pub(super) fn readable(random: [u8; 16], letters: usize) -> String {
    let mut left = u128::from_le_bytes(random);
    let mut text = String::new();
    for place in 0..letters {
        if place > 0 && place % 4 == 0 {
            text.push('-');
        }
        let index = usize::try_from(left % 30).unwrap_or_default();
        left /= 30;
        text.extend(LETTERS.get(index).copied().map(char::from));
    }
    text
}

/// As it was shown, however it was typed: lower case, without spaces and hyphens.
pub(super) fn plain(typed: &str) -> String {
    typed.to_lowercase().chars().filter(|c| c.is_ascii_alphanumeric()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_with_other_case_spaces_and_hyphens_is_the_same() {
        let shown = readable([0xa7; 16], 12);
        assert_eq!(shown.len(), 14);
        assert_eq!(plain(&shown.to_uppercase().replace('-', " ")), plain(&shown));
        assert_ne!(readable([1; 16], 16), readable([2; 16], 16));
        assert_eq!(readable([0; 16], 12), "aaaa-aaaa-aaaa");
    }
}
