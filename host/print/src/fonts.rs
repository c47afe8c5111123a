//! The faces that forms are set in.
//!
//! Decree 30/2020/NĐ-CP prescribes Times New Roman, which may not be given away. Libertinus Serif may (OFL), is of
//! the same kind, and has every letter of Vietnamese, with one gap: the face that is bold and italic lacks `ơ` and
//! `ư`. It is left out, so that the semibold italic, which has them, stands in for it.

use std::sync::LazyLock;

use typst::foundations::Bytes;
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;

/// The family of the forms.
const FAMILY: &str = "Libertinus Serif";

/// The letter that the face with the gap lacks.
const MARK: char = 'ơ';

/// The faces, in the order of [`BOOK`].
static FACES: LazyLock<Vec<Font>> = LazyLock::new(|| {
    typst_assets::fonts()
        .flat_map(|data| Font::iter(Bytes::new(data)))
        .filter(|font| font.info().family.as_str() == FAMILY)
        .filter(|font| has(font, MARK))
        .collect()
});

static BOOK: LazyLock<LazyHash<FontBook>> =
    LazyLock::new(|| LazyHash::new(FontBook::from_fonts(FACES.iter())));

/// Whether a face has a letter.
fn has(font: &Font, letter: char) -> bool {
    font.info().coverage.contains(u32::from(letter))
}

/// What faces there are.
pub(crate) fn book() -> &'static LazyHash<FontBook> {
    &BOOK
}

/// A face.
pub(crate) fn face(index: usize) -> Option<Font> {
    FACES.get(index).cloned()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every letter of Vietnamese, small and capital, with each of its five marks and without.
    fn alphabet() -> Vec<char> {
        let mut letters: Vec<char> = ('a'..='z').chain(['đ']).collect();
        let vowels = "aàáảãạăằắẳẵặâầấẩẫậeèéẻẽẹêềếểễệiìíỉĩịoòóỏõọôồốổỗộơờớởỡợuùúủũụưừứửữựyỳýỷỹỵ";
        letters.extend(vowels.chars());
        let capitals: Vec<char> = letters.iter().flat_map(|letter| letter.to_uppercase()).collect();
        letters.extend(capitals);
        letters
    }

    #[test]
    fn every_letter_of_vietnamese_has_a_glyph_in_every_face() {
        let letters = alphabet();
        assert_eq!(letters.len(), 2 * (27 + 12 * 6));
        assert_eq!(FACES.len(), 5, "regular, bold, italic, semibold, semibold italic");
        for font in FACES.iter() {
            let missing: String = letters
                .iter()
                .chain(&['–', '−', '“', '”', '…', '×', '•', '§', '·', '₫', '0', '9', '.', ','])
                .filter(|letter| !has(font, **letter))
                .collect();
            assert_eq!(missing, "", "{:?}", font.info().variant);
        }
    }
}
