//! Vietnamese text: search without diacritics, alphabetical order. As the host's own search and order are.

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

/// Orders texts as the Vietnamese alphabet does: by letters (a ă â b c d đ …), then by tones, then lower case
/// first. Make the keys once: `sort_by_cached_key`.
///
/// ```
/// let mut names = ["Đà Nẵng", "Cần Thơ", "Cà Mau", "Dak"];
/// names.sort_by_cached_key(|name| dinh_sdk::text::sort_key(name));
/// assert_eq!(names, ["Cà Mau", "Cần Thơ", "Dak", "Đà Nẵng"]);
/// ```
pub fn sort_key(text: &str) -> SortKey {
    let mut key = SortKey { letters: Vec::new(), tones: Vec::new(), cases: Vec::new() };
    for c in text.chars() {
        for lower in c.to_lowercase() {
            let (letter, tone) = place(lower);
            key.letters.push(letter);
            key.tones.push(tone);
            key.cases.push(lower != c);
        }
    }
    key
}

/// Where a text stands in the order of [`sort_key`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SortKey {
    letters: Vec<u32>,
    tones: Vec<u8>,
    cases: Vec<bool>,
}

/// The letter without its Vietnamese marks. Texts from the host are composed (NFC), so that the alphabet's
/// letters suffice; what is left over as a combining mark is dropped by the caller.
fn base(c: char) -> char {
    if c.is_ascii() {
        return c;
    }
    match ALPHABET.iter().find(|row| row.contains(c)).and_then(|row| row.chars().next()) {
        Some('ă' | 'â') => 'a',
        Some('đ') => 'd',
        Some('ê') => 'e',
        Some('ô' | 'ơ') => 'o',
        Some('ư') => 'u',
        Some(plain) => plain,
        None => c,
    }
}

/// Place of a character in the order, and its tone: ASCII that is no letter comes before all letters, other
/// characters after.
fn place(c: char) -> (u32, u8) {
    /// After all of ASCII.
    const LETTERS: u32 = 0x80;
    /// Places of the plain letters in the alphabet.
    const PLAIN: [u8; 26] =
        [0, 3, 4, 5, 7, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 21, 22, 23, 24, 25, 26, 28, 29, 30, 31, 32];
    if c.is_ascii() {
        let plain =
            u32::from(c).checked_sub(u32::from('a')).and_then(|at| PLAIN.get(usize::try_from(at).ok()?));
        return (plain.map_or(u32::from(c), |rank| LETTERS + u32::from(*rank)), 0);
    }
    let found = ALPHABET.iter().zip(0..).find_map(|(row, rank)| Some((rank, tone(row, c)?)));
    match found {
        Some((rank, tone)) => (LETTERS + rank, tone),
        None => (LETTERS + LETTERS + u32::from(c), 0),
    }
}

fn tone(row: &str, c: char) -> Option<u8> {
    row.chars().zip(0..).find_map(|(known, tone)| (known == c).then_some(tone))
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
        names.sort_by_cached_key(|name| sort_key(name));
        assert_eq!(names, sorted);
        let mut tones = ["mạ", "má", "mã", "mả", "mà", "ma"];
        tones.sort_by_cached_key(|word| sort_key(word));
        assert_eq!(tones, ["ma", "mà", "mả", "mã", "má", "mạ"]);
        assert!(sort_key("hoa") < sort_key("Hoa") && sort_key("Hoa") < sort_key("hoà"));
        assert!(sort_key("mạ") < sort_key("ma a") && sort_key("a") < sort_key("日"));
    }

    #[test]
    fn the_places_of_plain_letters_are_those_of_the_alphabet() {
        for (row, rank) in ALPHABET.iter().zip(0x80..) {
            assert_eq!(place(row.chars().next().unwrap()).0, rank, "{row}");
        }
    }
}
