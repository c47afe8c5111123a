//! Names of files: what is left of the one that a person's machine sent.

use dinh_model::text;

/// Most characters of a name, its extension included.
const LONGEST: usize = 150;

/// The name in NFC: without folders, without what is not seen or turns the direction of writing round (a name that
/// reads `…fdp.exe` from its end would show as a PDF), without what a file system or a shell would take for its own.
/// A long one is cut before its extension. Never empty.
pub(super) fn clean(given: &str) -> String {
    let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let kept = |c: &char| {
        !c.is_control()
            && !text::is_hidden(*c)
            && !matches!(c, '"' | '<' | '>' | '|' | ':' | '*' | '?' | '\u{fffd}')
    };
    let name = text::nfc(&last.chars().filter(kept).collect::<String>());
    let bare = |c: char| c.is_whitespace() || c == '.';
    let name = name.trim_matches(bare);
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
    let extension: String = extension.chars().take(20).collect();
    let extension = extension.trim_end_matches(bare);
    let room = LONGEST.saturating_sub(extension.chars().count() + 1);
    let stem: String = stem.chars().take(room).collect();
    match (stem.trim_end_matches(bare), extension) {
        ("", "") => "tep".to_owned(),
        (stem, "") => stem.to_owned(),
        ("", extension) => extension.to_owned(),
        (stem, extension) => format!("{stem}.{extension}"),
    }
}

/// The extension of a name, without the dot.
pub(super) fn extension(name: &str) -> &str {
    name.rsplit_once('.').map_or("", |(_, extension)| extension)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn of_a_name_its_last_part_is_kept_without_what_could_deceive() {
        for (given, kept) in [
            ("Quyết định 12.pdf", "Quyết định 12.pdf"),
            ("C:\\Users\\lan\\don.docx", "don.docx"),
            ("../../etc/passwd", "passwd"),
            ("bao-cao\u{202e}fdp.exe", "bao-caofdp.exe"),
            ("a\r\nSet-Cookie: x=1.pdf", "aSet-Cookie x=1.pdf"),
            ("\"><script>.pdf", "script.pdf"),
            ("Ho\u{0301}a.pdf", "Hóa.pdf"),
            (" . ", "tep"),
            ("", "tep"),
            (".pdf", "pdf"),
        ] {
            assert_eq!(clean(given), kept, "{given:?}");
        }
        let long = clean(&format!("{}.pdf", "ă".repeat(400)));
        assert_eq!(long.chars().count(), LONGEST);
        assert!(long.ends_with("ă.pdf"));
    }

    proptest! {
        #[test]
        fn whatever_is_given_is_a_name_that_stays_as_it_is(given: String) {
            let name = clean(&given);
            prop_assert!(!name.is_empty() && name.chars().count() <= LONGEST);
            prop_assert!(!name.contains(['/', '\\', '"', '\n', '\r']), "{name:?}");
            prop_assert_eq!(clean(&name), name);
        }
    }
}
