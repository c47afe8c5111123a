//! Passwords of the demo: drawn anew for each demo, easy to type from the table that `serve` prints.

use anyhow::{Result, anyhow};

/// Words without diacritics, 64 of them: 6 bits each.
const WORDS: [&str; 64] = [
    "bien", "bong", "buoi", "cam", "canh", "cau", "chanh", "chim", "dao", "dau", "den", "dong", "dua", "gio",
    "giong", "hac", "hoa", "hong", "huong", "khe", "khoai", "lang", "lua", "mai", "may", "me", "mit", "mua",
    "nang", "nghe", "ngo", "ngoc", "nhan", "non", "nui", "oi", "phu", "que", "rung", "sao", "sen", "song",
    "suoi", "tam", "thac", "thong", "thu", "thuyen", "tim", "tra", "tram", "trang", "tre", "truc", "tuyet",
    "vang", "vai", "vuon", "xanh", "xoai", "xuan", "cuc", "dat", "troi",
];

/// Three words and four digits: 31 bits, far more than the lock-out lets anybody try.
pub fn draw() -> Result<String> {
    let mut random = [0; 8];
    getrandom::fill(&mut random).map_err(|error| anyhow!("no random numbers: {error}"))?;
    Ok(spell(u64::from_le_bytes(random)))
}

fn spell(mut random: u64) -> String {
    let mut password = String::new();
    for _ in 0..3 {
        let index = usize::try_from(random % 64).unwrap_or_default();
        password.push_str(WORDS.get(index).copied().unwrap_or_default());
        password.push('-');
        random /= 64;
    }
    format!("{password}{:04}", random % 10_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_long_enough_and_of_words_that_differ() {
        assert_eq!(spell(0), "bien-bien-bien-0000");
        assert_eq!(spell(u64::MAX).matches('-').count(), 3);
        assert!(
            WORDS
                .iter()
                .enumerate()
                .all(|(index, word)| !WORDS.iter().skip(index + 1).any(|other| other == word))
        );
        assert_ne!(draw().unwrap(), draw().unwrap());
    }
}
