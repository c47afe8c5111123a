//! Vietnamese text: one normal form, search without diacritics, alphabetical order.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark, is_nfc};

/// Unicode normal form C (TCVN 6909 asks for precomposed characters), without control characters other
/// than line feed and tab, without a byte-order mark.
pub fn nfc(text: &str) -> String {
    let clean = |c: &char| !(c.is_control() && *c != '\n' && *c != '\t') && *c != '\u{feff}';
    if is_nfc(text) { text.chars().filter(clean).collect() } else { text.nfc().filter(clean).collect() }
}

/// Whether a character is there and not seen, or changes how those around it are shown: Unicode's format characters
/// (general category Cf, with the controls of direction and the characters of no width), line and paragraph
/// separators, fillers, blanks and variation selectors. No Vietnamese text needs one.
///
/// The table is that of Unicode 16, with the places kept for more of the kind.
pub fn is_hidden(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{34f}'
            | '\u{600}'..='\u{605}'
            | '\u{61c}'
            | '\u{6dd}'
            | '\u{70f}'
            | '\u{890}'..='\u{891}'
            | '\u{8e2}'
            | '\u{115f}'..='\u{1160}'
            | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{2800}'
            | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}'
            | '\u{110bd}'
            | '\u{110cd}'
            | '\u{13430}'..='\u{1343f}'
            | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

/// The text as people search for it: lower case, without diacritics, `đ` as `d`, every run of characters
/// that are neither letters nor digits as one space.
///
/// ```
/// assert_eq!(dinh_model::text::fold("TP. Hồ Chí Minh"), "tp ho chi minh");
/// ```
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.nfd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase) {
        match c {
            'đ' => folded.push('d'),
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

/// A name as two spellings of it are compared: lower case, one space between words, and the tone of each syllable at
/// its end, since it stands over either letter of `oa`, `oe`, `uy` (`Hoà` and `Hòa` are one name, `Hoa` another).
///
/// ```
/// use dinh_model::text::spelling;
/// assert_eq!(spelling("Trần Thị Hoà"), spelling("TRẦN THỊ  Hòa"));
/// assert_ne!(spelling("Trần Thị Hoà"), spelling("Trần Thị Hoa"));
/// ```
pub fn spelling(name: &str) -> String {
    let tone = |mark: &char| matches!(mark, '\u{300}' | '\u{301}' | '\u{303}' | '\u{309}' | '\u{323}');
    let syllable = |word: &str| {
        let (tones, letters): (String, String) = word.to_lowercase().nfd().partition(tone);
        format!("{}{tones}", letters.nfc())
    };
    name.split_whitespace().map(syllable).collect::<Vec<_>>().join(" ")
}

/// Bytes that sort as the Vietnamese alphabet does: a ă â b c d đ e ê … y; then by tone (ngang, huyền,
/// hỏi, ngã, sắc, nặng); then lower case before upper.
///
/// The keys are stored in indexes, so this order is part of the storage format and must not change with
/// a library's tables. The order of letters and tones is that of Từ điển tiếng Việt (Hoàng Phê).
pub fn sort_key(text: &str) -> Vec<u8> {
    let mut primary = Vec::with_capacity(text.len() + 8);
    let mut tones = Vec::new();
    let mut cases = Vec::new();
    for c in text.nfc() {
        let upper = c.is_uppercase();
        for lower in c.to_lowercase() {
            let (letter, tone) = letter_and_tone(lower);
            match letter {
                // Letters of the Vietnamese alphabet, in two bytes after everything that is not a letter.
                Some(rank) => primary.extend([0x80, rank]),
                // Other characters by code point, in UTF-8-like order below and above the letters.
                None if (lower as u32) < 0x80 => primary.push(lower as u8),
                None => {
                    primary.push(0xf0);
                    primary.extend((lower as u32).to_be_bytes().into_iter().skip(1));
                }
            }
            tones.push(tone);
            cases.push(1 + u8::from(upper));
        }
    }
    // Trailing weights of the common case carry nothing; leaving them out keeps keys short.
    trim(&mut tones);
    trim(&mut cases);
    primary.push(0);
    primary.extend(tones);
    primary.push(0);
    primary.extend(cases);
    primary
}

fn trim(weights: &mut Vec<u8>) {
    while weights.last() == Some(&1) {
        weights.pop();
    }
}

/// Rank of a lower-case letter in the alphabet, and its tone (1 to 6, in dictionary order).
fn letter_and_tone(c: char) -> (Option<u8>, u8) {
    const ALPHABET: [char; 33] = [
        'a', 'ă', 'â', 'b', 'c', 'd', 'đ', 'e', 'ê', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm', 'n', 'o', 'ô',
        'ơ', 'p', 'q', 'r', 's', 't', 'u', 'ư', 'v', 'w', 'x', 'y', 'z',
    ];
    let mut tone = 1;
    let base: String = std::iter::once(c)
        .nfd()
        .filter(|mark| {
            let found = match mark {
                '\u{300}' => 2,
                '\u{309}' => 3,
                '\u{303}' => 4,
                '\u{301}' => 5,
                '\u{323}' => 6,
                _ => return true,
            };
            tone = found;
            false
        })
        .nfc()
        .collect();
    let mut letters = base.chars();
    let letter = match (letters.next(), letters.next()) {
        (Some(letter), None) => ALPHABET.iter().position(|known| *known == letter),
        _ => None,
    };
    match letter {
        Some(rank) => (u8::try_from(rank + 1).ok(), tone),
        None => (None, 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decomposed_text_becomes_composed_and_loses_marks_of_order_and_control() {
        assert_eq!(nfc("\u{feff}Tha\u{301}nh Ho\u{301}a\u{0}\r"), "Thánh Hóa");
    }

    #[test]
    fn what_is_not_seen_is_told_from_letters_with_marks_composed_or_not() {
        for hidden in
            ['\u{202e}', '\u{200b}', '\u{200d}', '\u{ad}', '\u{2066}', '\u{feff}', '\u{3164}', '\u{e0041}']
        {
            assert!(is_hidden(hidden), "{hidden:?}");
        }
        let name = "Nguyễn Thị Ước – “Đặng” Ỹ 1/2";
        for text in [name.to_owned(), name.nfd().collect()] {
            assert!(!text.chars().any(is_hidden), "{text:?}");
        }
    }

    #[test]
    fn folding_drops_case_diacritics_and_punctuation() {
        assert_eq!(fold("Bà Rịa - Vũng Tàu"), "ba ria vung tau");
        assert_eq!(fold("  ĐẮK LẮK. "), "dak lak");
        assert_eq!(fold("Tha\u{301}nh"), fold("THÀNH"));
    }

    #[test]
    fn provinces_sort_as_in_a_vietnamese_dictionary() {
        let sorted = [
            "An Giang",
            "Bà Rịa",
            "Bạc Liêu",
            "Bắc Giang",
            "Bến Tre",
            "Cà Mau",
            "Cần Thơ",
            "Dak",
            "Đà Nẵng",
            "Đắk Lắk",
            "Hà Nội",
        ];
        let mut shuffled = sorted;
        shuffled.reverse();
        shuffled.sort_by_key(|name| sort_key(name));
        assert_eq!(shuffled, sorted);
        let mut tones = ["mạ", "má", "mã", "mả", "mà", "ma"];
        tones.sort_by_key(|word| sort_key(word));
        assert_eq!(tones, ["ma", "mà", "mả", "mã", "má", "mạ"]);
    }

    #[test]
    fn a_longer_text_follows_its_beginning_whatever_its_tones() {
        assert!(sort_key("mạ") < sort_key("ma a"));
        assert!(sort_key("hoa") < sort_key("Hoa"));
        assert!(sort_key("a") < sort_key("日"));
    }
}
