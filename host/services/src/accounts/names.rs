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
        Err(ServiceError::invalid(
            "Tên đăng nhập gồm 2 đến 64 ký tự a–z, 0–9, “.”, “-”, “_”, bắt đầu bằng chữ hoặc số, không dấu.",
            "A login is 2 to 64 of a–z, 0–9, “.”, “-”, “_”, beginning with a letter or digit.",
        ))
    }
}

/// A unit's code: 1 to 40 of a–z, 0–9 and `-`, a letter or digit first and last.
pub(crate) fn unit_code(typed: &str) -> Result<String, ServiceError> {
    short_word(typed).ok_or_else(|| {
        ServiceError::invalid(
            "Mã đơn vị gồm 1 đến 40 ký tự a–z, 0–9, “-”, bắt đầu và kết thúc bằng chữ hoặc số.",
            "A unit's code is 1 to 40 of a–z, 0–9 and “-”, with a letter or digit first and last.",
        )
    })
}

/// What a unit is, such as `so` or `phong`: a word of the same form.
pub(crate) fn unit_kind(typed: &str) -> Result<String, ServiceError> {
    short_word(typed).ok_or_else(|| {
        ServiceError::invalid(
            "Loại đơn vị gồm 1 đến 40 ký tự a–z, 0–9, “-” không dấu, ví dụ “so”, “phong”.",
            "The kind of a unit is 1 to 40 of a–z, 0–9 and “-”, such as “so” or “phong”.",
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

/// A name that people read: NFC, runs of spaces as one, 1 to 200 characters on one line.
pub(crate) fn shown(typed: &str) -> Result<String, ServiceError> {
    let name = text::nfc(typed).split_whitespace().collect::<Vec<_>>().join(" ");
    if (1..=200).contains(&name.chars().count()) {
        Ok(name)
    } else {
        Err(ServiceError::invalid("Tên gồm 1 đến 200 ký tự.", "A name has 1 to 200 characters."))
    }
}

/// A reason: the same, possibly on several lines, at most 1,000 characters; may be empty.
pub(crate) fn reason(typed: &str) -> Result<String, ServiceError> {
    let reason = text::nfc(typed).trim().to_owned();
    if reason.chars().count() <= 1000 {
        Ok(reason)
    } else {
        Err(ServiceError::invalid("Lý do dài tối đa 1.000 ký tự.", "A reason has at most 1,000 characters."))
    }
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
        assert_eq!(shown("  Sở  Kế hoa\u{323}ch\nvà Đầu tư ").unwrap(), "Sở Kế hoạch và Đầu tư");
        assert!(shown(" \n ").is_err());
        assert!(shown(&"ế".repeat(200)).is_ok());
        assert!(shown(&"ế".repeat(201)).is_err());
    }
}
