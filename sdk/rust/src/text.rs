//! Vietnamese text: search without diacritics, alphabetical order. As the host's own search and order are.

use std::cmp::Ordering;

/// The alphabet, each letter with its tones in dictionary order: ngang, huyền, hỏi, ngã, sắc, nặng.
const ALPHABET: [&str; 33] = [
    "aàảãáạ",
    "ăằẳẵắặ",
    "âầẩẫấậ",
    "b",
    "c",
    "d",
    "đ",
    "eèẻẽéẹ",
    "êềểễếệ",
    "f",
    "g",
    "h",
    "iìỉĩíị",
    "j",
    "k",
    "l",
    "m",
    "n",
    "oòỏõóọ",
    "ôồổỗốộ",
    "ơờởỡớợ",
    "p",
    "q",
    "r",
    "s",
    "t",
    "uùủũúụ",
    "ưừửữứự",
    "v",
    "w",
    "x",
    "yỳỷỹýỵ",
    "z",
];

/// The text as people search for it: lower case, without diacritics, `đ` as `d`, every run of characters
/// that are neither letters nor digits as one space.
///
/// ```
/// assert_eq!(dinh_sdk::text::fold("TP. Hồ Chí Minh"), "tp ho chi minh");
/// ```
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.chars().flat_map(char::to_lowercase) {
        match base(c) {
            '\u{300}'..='\u{36f}' => {}
            c if c.is_alphanumeric() => folded.push(c),
            _ if !folded.is_empty() && !folded.ends_with(' ') => folded.push(' '),
            _ => {}
        }
    }
    if folded.ends_with(' ') {
        folded.pop();
    }
    folded
}

/// Whether each word of `words` begins a word of `text`, without regard to case or diacritics.
///
/// ```
/// assert!(dinh_sdk::text::matches("Thừa Thiên Huế", "thua hue"));
/// assert!(!dinh_sdk::text::matches("Thừa Thiên Huế", "uế"));
/// ```
pub fn matches(text: &str, words: &str) -> bool {
    let text = fold(text);
    fold(words).split(' ').all(|word| text.split(' ').any(|candidate| candidate.starts_with(word)))
}

/// Vietnamese alphabetical order: by letters (a ă â b c d đ …), then by tones, then lower case first.
///
/// ```
/// let mut names = ["Đà Nẵng", "Cần Thơ", "Cà Mau", "Dak"];
/// names.sort_by(|a, b| dinh_sdk::text::compare(a, b));
/// assert_eq!(names, ["Cà Mau", "Cần Thơ", "Dak", "Đà Nẵng"]);
/// ```
pub fn compare(one: &str, other: &str) -> Ordering {
    let letters = |text: &str| text.chars().flat_map(char::to_lowercase).map(place).collect::<Vec<_>>();
    let (one_letters, other_letters) = (letters(one), letters(other));
    let by_letter =
        one_letters.iter().map(|(letter, _)| letter).cmp(other_letters.iter().map(|(letter, _)| letter));
    let by_tone = || one_letters.iter().map(|(_, tone)| tone).cmp(other_letters.iter().map(|(_, tone)| tone));
    by_letter.then_with(by_tone).then_with(|| other.cmp(one))
}

/// The letter without its Vietnamese marks. Texts from the host are composed (NFC), so that the alphabet's
/// letters suffice; what is left over as a combining mark is dropped by the caller.
fn base(c: char) -> char {
    if c.is_ascii() {
        return c;
    }
    match letter(c).and_then(|(row, _)| row.chars().next()) {
        Some('ă' | 'â') => 'a',
        Some('đ') => 'd',
        Some('ê') => 'e',
        Some('ô' | 'ơ') => 'o',
        Some('ư') => 'u',
        Some(plain) => plain,
        None => c,
    }
}

/// Place of a character in the order, and its tone: what is no letter comes before all letters.
fn place(c: char) -> ((bool, u32), usize) {
    match letter(c) {
        Some((row, tone)) => {
            let rank =
                ALPHABET.iter().position(|known| *known == row).and_then(|rank| u32::try_from(rank).ok());
            ((true, rank.unwrap_or(u32::MAX)), tone)
        }
        None => ((!c.is_ascii(), c.into()), 0),
    }
}

fn letter(c: char) -> Option<(&'static str, usize)> {
    ALPHABET.iter().find_map(|row| Some((*row, row.chars().position(|known| known == c)?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn composed_and_decomposed_texts_fold_alike() {
        assert_eq!(fold("Đắk Lắk"), "dak lak");
        assert_eq!(fold("Tha\u{301}nh  Ho\u{301}a."), "thanh hoa");
        assert_eq!(fold("Bà Rịa - Vũng Tàu"), "ba ria vung tau");
    }

    #[test]
    fn every_word_has_to_begin_a_word() {
        assert!(!matches("TP. Hồ Chí Minh", "hcm"));
        assert!(matches("TP. Hồ Chí Minh", "ho chi"));
        assert!(matches("Quảng Ninh", ""));
    }

    #[test]
    fn words_sort_as_in_a_vietnamese_dictionary() {
        let sorted =
            ["An Giang", "Bà Rịa", "Bạc Liêu", "Bắc Giang", "Bến Tre", "Cà Mau", "Cần Thơ", "Dak", "Đắk Lắk"];
        let mut names = sorted;
        names.reverse();
        names.sort_by(|a, b| compare(a, b));
        assert_eq!(names, sorted);
        let mut tones = ["mạ", "má", "mã", "mả", "mà", "ma"];
        tones.sort_by(|a, b| compare(a, b));
        assert_eq!(tones, ["ma", "mà", "mả", "mã", "má", "mạ"]);
    }
}
