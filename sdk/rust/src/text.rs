//! Vietnamese text: search without diacritics.

/// The text as people search for it: lower case, without diacritics, `đ` as `d`, every run of characters
/// that are neither letters nor digits as one space. As the host's own search does.
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

/// The letter without its Vietnamese marks. Texts from the host are composed (NFC), so that one table of
/// the alphabet's letters serves; what is left over as a combining mark is dropped by the caller.
fn base(c: char) -> char {
    match c {
        'à' | 'á' | 'ả' | 'ã' | 'ạ' | 'ă' | 'ằ' | 'ắ' | 'ẳ' | 'ẵ' | 'ặ' | 'â' | 'ầ' | 'ấ' | 'ẩ' | 'ẫ'
        | 'ậ' => 'a',
        'è' | 'é' | 'ẻ' | 'ẽ' | 'ẹ' | 'ê' | 'ề' | 'ế' | 'ể' | 'ễ' | 'ệ' => 'e',
        'ì' | 'í' | 'ỉ' | 'ĩ' | 'ị' => 'i',
        'ò' | 'ó' | 'ỏ' | 'õ' | 'ọ' | 'ô' | 'ồ' | 'ố' | 'ổ' | 'ỗ' | 'ộ' | 'ơ' | 'ờ' | 'ớ' | 'ở' | 'ỡ'
        | 'ợ' => 'o',
        'ù' | 'ú' | 'ủ' | 'ũ' | 'ụ' | 'ư' | 'ừ' | 'ứ' | 'ử' | 'ữ' | 'ự' => 'u',
        'ỳ' | 'ý' | 'ỷ' | 'ỹ' | 'ỵ' => 'y',
        'đ' => 'd',
        other => other,
    }
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
        assert!(matches("TP. Hồ Chí Minh", "hcm") == false);
        assert!(matches("TP. Hồ Chí Minh", "ho chi"));
        assert!(matches("Quảng Ninh", ""));
    }
}
