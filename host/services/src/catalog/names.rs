//! Names as `find` compares them: without case, diacritics, punctuation and spaces, with and without the
//! words that say what kind of place it is.

use dinh_model::text;

/// Words that may stand before a name. With their diacritics: *Tịnh Bắc* is not a province called *Bắc*.
/// Without, for those who type without.
const BEFORE: [&[&str]; 7] =
    [&["thành", "phố"], &["thanh", "pho"], &["tỉnh"], &["tinh"], &["tp"], &["t", "p"], &["t"]];
/// Words that may stand after an English name.
const AFTER: [&str; 2] = ["province", "city"];

/// The forms of a name: whole, and without the words around it when there are some.
pub(super) fn forms(name: &str) -> Vec<String> {
    let lower = text::nfc(name).to_lowercase();
    let words: Vec<&str> =
        lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let whole = squeeze(&words);
    let core = squeeze(core(&words));
    if whole.is_empty() {
        Vec::new()
    } else if core == whole {
        vec![whole]
    } else {
        vec![whole, core]
    }
}

/// The words without those around the name; all of them when nothing else would be left.
fn core<'a, 'b>(words: &'b [&'a str]) -> &'b [&'a str] {
    let mut core = words;
    if let Some(rest) = BEFORE.iter().find_map(|before| core.strip_prefix(*before)) {
        core = rest;
    }
    if let Some((last, rest)) = core.split_last()
        && AFTER.contains(last)
    {
        core = rest;
    }
    if core.is_empty() { words } else { core }
}

fn squeeze(words: &[&str]) -> String {
    text::fold(&words.join(" ")).replace(' ', "")
}

#[cfg(test)]
mod tests {
    use super::forms;

    #[test]
    fn the_kind_of_place_and_its_abbreviations_do_not_matter() {
        for name in [
            "TP. Hồ Chí Minh",
            "Thành phố Hồ Chí Minh",
            "tp hồ chí minh",
            "T.P HỒ CHÍ MINH",
            "thanh pho ho chi minh",
            "Ho Chi Minh City",
        ] {
            assert_eq!(forms(name).last().unwrap(), "hochiminh", "{name}");
        }
        for name in ["Tỉnh Thanh Hóa", "tinh thanh hoa", "T. Thanh Hoá", "Thanh Hoa province", "THANH HÓA"]
        {
            assert_eq!(forms(name).last().unwrap(), "thanhhoa", "{name}");
        }
    }

    #[test]
    fn hyphens_dashes_and_spaces_do_not_matter() {
        for name in ["Bà Rịa - Vũng Tàu", "Bà Rịa – Vũng Tàu", "Bà Rịa-Vũng Tàu", "ba ria vung tau"]
        {
            assert_eq!(forms(name), ["bariavungtau"], "{name}");
        }
        assert_eq!(forms("Kon Tum"), forms("KonTum"));
    }

    #[test]
    fn a_name_that_only_looks_like_such_a_word_is_kept() {
        assert_eq!(forms("Tịnh Bắc"), ["tinhbac"]);
        assert_eq!(forms("Thành Phố"), ["thanhpho"]);
        assert_eq!(forms("Thanh Phong"), ["thanhphong"]);
        assert!(forms(" - ").is_empty());
    }

    #[test]
    fn decomposed_diacritics_are_the_same_name() {
        assert_eq!(forms("Ti\u{309}nh Ha\u{300} Ti\u{303}nh").last().unwrap(), "hatinh");
    }
}
