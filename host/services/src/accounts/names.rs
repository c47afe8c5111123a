//! Names as they are typed, made into names as they are stored.

use dinh_model::text;

use crate::ServiceError;

/// A sign-in name as it is stored and compared: NFC, lower case, without surrounding spaces.
pub(crate) fn plain_login(typed: &str) -> String {
    text::nfc(typed).trim().to_lowercase()
}

/// A sign-in name that may be given out: 2 to 64 of a–z, 0–9, `.`, `-`, `_`, a letter or digit first.
pub(crate) fn login(typed: &str) -> Result<String, ServiceError> {
    let login = plain_login(typed);
    let good = (2..=64).contains(&login.len())
        && login.starts_with(|c: char| c.is_ascii_alphanumeric())
        && login.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_'));
    if good {
        Ok(login)
    } else {
        let typed = quoted(typed);
        Err(ServiceError::invalid(
            format!(
                "“{typed}” không phải tên đăng nhập: gồm 2 đến 64 ký tự a–z, 0–9, “.”, “-”, “_”, bắt đầu bằng chữ \
                 hoặc số, không dấu."
            ),
            format!(
                "“{typed}” is no login: 2 to 64 of a–z, 0–9, “.”, “-”, “_”, beginning with a letter or digit."
            ),
        ))
    }
}

/// A unit's code: 1 to 40 of a–z, 0–9 and `-`, a letter or digit first and last.
pub(crate) fn unit_code(typed: &str) -> Result<String, ServiceError> {
    short_word(typed).ok_or_else(|| {
        let typed = quoted(typed);
        ServiceError::invalid(
            format!(
                "“{typed}” không phải mã đơn vị: gồm 1 đến 40 ký tự a–z, 0–9, “-”, bắt đầu và kết thúc bằng chữ hoặc \
                 số."
            ),
            format!(
                "“{typed}” is no unit's code: 1 to 40 of a–z, 0–9 and “-”, with a letter or digit first and last."
            ),
        )
    })
}

/// What a unit is, such as `so` or `phong`: a word of the same form.
pub(crate) fn unit_kind(typed: &str) -> Result<String, ServiceError> {
    short_word(typed).ok_or_else(|| {
        let typed = quoted(typed);
        ServiceError::invalid(
            format!(
                "“{typed}” không phải loại đơn vị: gồm 1 đến 40 ký tự a–z, 0–9, “-” không dấu, ví dụ “so”, “phong”."
            ),
            format!("“{typed}” is no kind of a unit: 1 to 40 of a–z, 0–9 and “-”, such as “so” or “phong”."),
        )
    })
}

fn short_word(typed: &str) -> Option<String> {
    let word = typed.trim().to_lowercase();
    let edge = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    let good = word.len() <= 40
        && edge(word.chars().next())
        && edge(word.chars().next_back())
        && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    good.then_some(word)
}

/// A text that people read, as they call it in a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shown {
    /// A person's full name.
    FullName,
    /// The name of a unit.
    UnitName,
    /// The title of a position.
    PositionTitle,
    /// The name of an access token.
    TokenName,
    /// Why something is asked for, refused or ended.
    Reason,
}

impl Shown {
    fn called(self) -> (&'static str, &'static str) {
        match self {
            Self::FullName => ("Họ và tên", "The full name"),
            Self::UnitName => ("Tên đơn vị", "The name of the unit"),
            Self::PositionTitle => ("Tên chức vụ", "The title of the position"),
            Self::TokenName => ("Tên mã truy cập", "The name of the access token"),
            Self::Reason => ("Lý do", "The reason"),
        }
    }
}

/// A name that people read: NFC, runs of spaces as one, 1 to 200 characters on one line, with a letter or digit and
/// none that are hidden.
pub(crate) fn shown(what: Shown, typed: &str) -> Result<String, ServiceError> {
    let name = seen(what, typed)?.split_whitespace().collect::<Vec<_>>().join(" ");
    let (vi, en) = what.called();
    let count = name.chars().count();
    if !(1..=200).contains(&count) {
        return Err(ServiceError::invalid(
            format!("{vi} có {count} ký tự: hãy ghi từ 1 đến 200 ký tự."),
            format!("{en} has {count} characters; give 1 to 200."),
        ));
    }
    if !name.contains(char::is_alphanumeric) {
        let name = quoted(&name);
        return Err(ServiceError::invalid(
            format!("{vi} “{name}” không có chữ hay số nào: hãy ghi tên đọc được."),
            format!("{en}, “{name}”, has no letter or digit; give one that people can read."),
        ));
    }
    Ok(name)
}

/// A reason: the same, possibly on several lines, at most 1,000 characters; may be empty.
pub(crate) fn reason(typed: &str) -> Result<String, ServiceError> {
    let reason = seen(Shown::Reason, typed)?.trim().to_owned();
    if reason.chars().count() <= 1000 {
        Ok(reason)
    } else {
        Err(ServiceError::invalid("Lý do dài tối đa 1.000 ký tự.", "A reason has at most 1,000 characters."))
    }
}

/// The text in NFC, when all of it is seen: a name that looks like another one's, or a reason that reads backwards,
/// deceives whoever approves.
fn seen(what: Shown, typed: &str) -> Result<String, ServiceError> {
    let text = text::nfc(typed);
    let Some(hidden) = text.chars().find(|c| text::is_hidden(*c)) else { return Ok(text) };
    let (code, (vi, en)) = (u32::from(hidden), what.called());
    Err(ServiceError::invalid(
        format!(
            "{vi} có ký tự ẩn U+{code:04X}, khiến chữ đọc được khác với nội dung: hãy gõ lại không có ký tự đó."
        ),
        format!("{en} holds the hidden character U+{code:04X}, which does not show; type it without."),
    ))
}

/// What was typed, for a message: short, and all of it to be seen.
fn quoted(typed: &str) -> String {
    let mut shown: String = typed.trim().chars().take(80).flat_map(char::escape_debug).collect();
    if typed.trim().chars().nth(80).is_some() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_is_compared_without_case_and_spaces() {
        assert_eq!(login(" NguyenVanAn-SKHDT ").unwrap(), "nguyenvanan-skhdt");
        for bad in ["", "a", "-an", "nguyễn", "an an", &"a".repeat(65)] {
            assert!(login(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_unit_code_has_letters_or_digits_at_both_ends() {
        assert_eq!(unit_code("SKHDT").unwrap(), "skhdt");
        for bad in ["", "-a", "a-", "sở", "a b", &"a".repeat(41)] {
            assert!(unit_code(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_shown_name_is_composed_and_on_one_line() {
        let shown = |typed: &str| shown(Shown::UnitName, typed);
        assert_eq!(shown("  Sở  Kế hoa\u{323}ch\nvà Đầu tư ").unwrap(), "Sở Kế hoạch và Đầu tư");
        assert!(shown(" \n ").is_err());
        assert!(shown(&"ế".repeat(200)).is_ok());
        assert!(shown(&"ế".repeat(201)).unwrap_err().to_string().contains("The name of the unit has 201"));
    }

    #[test]
    fn vietnamese_names_are_taken_composed_and_decomposed_and_become_the_same() {
        use unicode_normalization::UnicodeNormalization as _;
        for name in
            ["Nguyễn Thị Ước", "Đặng Văn Kiên", "Hoàng Ỹ Lan", "H’Hen Niê", "Y Krông Ñ’hăm", "Lò A Páo 2"]
        {
            let decomposed: String = name.nfd().collect();
            assert_eq!(shown(Shown::FullName, &decomposed).unwrap(), name);
            assert_eq!(shown(Shown::FullName, name).unwrap(), name);
            assert_eq!(
                reason(&format!("theo đề nghị của {decomposed}\nngày 1/7")).unwrap().lines().count(),
                2
            );
        }
    }

    #[test]
    fn a_name_or_reason_with_a_character_that_does_not_show_is_refused_by_its_code() {
        for (hidden, code) in [
            ('\u{202e}', "U+202E"),
            ('\u{2066}', "U+2066"),
            ('\u{200b}', "U+200B"),
            ('\u{200d}', "U+200D"),
            ('\u{ad}', "U+00AD"),
            ('\u{3164}', "U+3164"),
            ('\u{e0041}', "U+E0041"),
        ] {
            let refused = shown(Shown::FullName, &format!("Lê{hidden}Văn An")).unwrap_err().to_string();
            assert!(refused.contains(code) && refused.contains("The full name"), "{refused}");
            let refused = reason(&format!("QĐ 12{hidden}")).unwrap_err();
            assert!(
                refused.to_string().contains(code) && refused.to_string().contains("The reason"),
                "{refused}"
            );
            assert!(refused.text(dinh_model::Language::Vi).contains(code));
        }
    }

    #[test]
    fn a_name_that_looks_empty_is_none() {
        for empty in ["", "\u{a0}\u{2003}", "–", "…", "\u{301}", "' '"] {
            assert!(shown(Shown::FullName, empty).is_err(), "{empty:?}");
        }
    }

    #[test]
    fn a_refusal_quotes_what_was_typed_so_that_it_shows() {
        let refused = login("an\u{202e}\u{1b}[2J").unwrap_err().to_string();
        assert!(refused.contains("\\u{202e}") && !refused.contains('\u{202e}'), "{refused}");
        assert!(unit_code(&"ở".repeat(99)).unwrap_err().to_string().contains("…”"));
    }
}
