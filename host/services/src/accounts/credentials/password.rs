//! Passwords, and what is wrong with one: the words and patterns that everybody tries first. What a deployment
//! asks for besides is in `policy`.

use std::fmt;

use dinh_model::{Language, Localized, text};

use crate::ServiceError;

/// Most characters: enough for any sentence, little enough to hash.
pub(in crate::accounts) const LONGEST: usize = 200;

/// Passwords that everybody tries first, folded, one a line. Shorter ones are refused for their length.
const COMMON: &str = include_str!("common-passwords.txt");

/// A password in the clear: never stored, never logged, never shown.
#[derive(Clone)]
pub struct Password(String);

impl Password {
    /// As it was typed. Composed and decomposed diacritics are the same password, whatever the keyboard.
    pub fn new(typed: &str) -> Self {
        Self(text::nfc(typed))
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }

    /// Whether it is longer than any password can be, so that it need not be hashed.
    pub(crate) fn is_absurd(&self) -> bool {
        self.0.chars().count() > LONGEST
    }

    pub(in crate::accounts) fn as_str(&self) -> &str {
        &self.0
    }

    /// Characters.
    pub(in crate::accounts) fn length(&self) -> usize {
        self.0.chars().count()
    }

    /// Refuses the words of the person themselves, and what everybody tries first.
    pub(in crate::accounts) fn check_words(&self, login: &str, known: &[&str]) -> Result<(), PasswordFault> {
        let squeezed = squeeze(&self.0);
        let mut own = std::iter::once(&login).chain(known).map(|own| squeeze(own));
        if own.any(|own| !own.is_empty() && strip_digits(&squeezed) == strip_digits(&own)) {
            return Err(PasswordFault::OwnName);
        }
        if is_pattern(&squeezed) || COMMON.lines().any(|common| common == squeezed) {
            return Err(PasswordFault::Common);
        }
        Ok(())
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

/// Why a password is not good enough.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordFault {
    /// Fewer characters than the deployment asks for.
    #[error("a password has at least {shortest} characters; a short sentence is good")]
    TooShort {
        /// How many it asks for.
        shortest: usize,
    },
    /// More than 200 characters.
    #[error("a password has at most {LONGEST} characters")]
    TooLong,
    /// The login, the person's name or that of the unit, with or without digits.
    #[error("a password must not be your login, your name or that of your unit")]
    OwnName,
    /// One that everybody tries first.
    #[error("this password is among the first that anybody would try; choose another")]
    Common,
    /// One on the operator's list.
    #[error(
        "this password was in a breach and is on lists that attackers use; choose another, and change it wherever you use it"
    )]
    Breached,
    /// One that takes few guesses.
    #[error(
        "this password is easy to guess; make it longer with words that have nothing to do with each other or with you"
    )]
    Guessable,
}

impl PasswordFault {
    /// What to tell the person.
    pub fn text(self, language: Language) -> String {
        match (language, self) {
            (Language::En, _) => self.to_string(),
            (Language::Vi, Self::TooShort { shortest }) => {
                format!("Mật khẩu phải có ít nhất {shortest} ký tự; nên dùng một câu ngắn.")
            }
            (Language::Vi, Self::TooLong) => format!("Mật khẩu dài tối đa {LONGEST} ký tự."),
            (Language::Vi, Self::OwnName) => {
                "Mật khẩu không được trùng tên đăng nhập, họ tên hoặc tên đơn vị của bạn.".into()
            }
            (Language::Vi, Self::Common) => {
                "Mật khẩu này quá phổ biến, ai cũng thử đầu tiên. Hãy chọn mật khẩu khác.".into()
            }
            (Language::Vi, Self::Breached) => {
                "Mật khẩu này đã bị lộ và nằm trong danh sách mà kẻ tấn công dùng. Hãy chọn mật khẩu khác, và đổi cả ở những nơi khác bạn đang dùng nó.".into()
            }
            (Language::Vi, Self::Guessable) => {
                "Mật khẩu này dễ đoán. Hãy đặt dài hơn, gồm vài từ không liên quan đến nhau và không liên quan đến bạn.".into()
            }
        }
    }
}

impl From<PasswordFault> for ServiceError {
    fn from(fault: PasswordFault) -> Self {
        Self::Invalid(Localized { vi: fault.text(Language::Vi), en: fault.text(Language::En) })
    }
}

/// Lower case, without diacritics, letters and digits only.
fn squeeze(text: &str) -> String {
    text::fold(text).replace(' ', "")
}

fn strip_digits(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_ascii_digit())
}

/// One character over and over, or a run up or down of the alphabet, the digits or the keyboard.
fn is_pattern(text: &str) -> bool {
    let codes: Vec<u32> = text.chars().map(u32::from).collect();
    let steps = |step: i64| {
        codes.windows(2).all(|pair| match pair {
            [a, b] => {
                let difference = i64::from(*b) - i64::from(*a);
                // 0 follows 9, and 9 comes before 0.
                difference == step || (step == 1 && difference == -9) || (step == -1 && difference == 9)
            }
            _ => true,
        })
    };
    const ROWS: [&str; 2] = ["qwertyuiopasdfghjklzxcvbnm", "1q2w3e4r5t6y7u8i9o0p"];
    text.is_empty()
        || steps(0)
        || steps(1)
        || steps(-1)
        || ROWS.iter().any(|row| row.contains(text))
        || (text.len() > 1 && repeats(text))
}

/// A short piece over and over: `abcabcabcabc`.
fn repeats(text: &str) -> bool {
    let bytes = text.as_bytes();
    (1..=8).any(|piece| {
        bytes.len() > 2 * piece && bytes.iter().skip(piece).eq(bytes.iter().take(bytes.len() - piece))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(password: &str) -> Result<(), PasswordFault> {
        Password::new(password).check_words("nguyenvanan-skhdt", &["Nguyễn Văn An", "Sở Kế hoạch và Đầu tư"])
    }

    #[test]
    fn the_persons_own_names_are_refused_with_or_without_digits_and_diacritics() {
        for own in [
            "nguyenvanan-skhdt",
            "NguyenVanAn_SKHDT 2025",
            "Nguyễn Văn An",
            "nguyen van an 1975",
            "so ke hoach va dau tu",
        ] {
            assert_eq!(check(own), Err(PasswordFault::OwnName), "{own}");
        }
    }

    #[test]
    fn what_everybody_tries_first_is_refused() {
        for common in [
            "matkhau123",
            "Mật khẩu 123",
            "0123456789",
            "9876543210",
            "aaaaaaaaaaaa",
            "qwertyuiop",
            "abcdefghij",
            "abcabcabcabc",
            "password123",
            "anhyeuem123",
            "12345678910",
        ] {
            assert_eq!(check(common), Err(PasswordFault::Common), "{common}");
        }
        assert_eq!(check(&"hoa sen ".repeat(25)), Err(PasswordFault::Common));
        assert_eq!(check("ba con mèo"), Ok(()));
    }

    #[test]
    fn the_list_holds_only_folded_passwords_long_enough_to_matter() {
        for common in COMMON.lines() {
            assert_eq!(common, squeeze(common));
            assert!(common.chars().count() >= 10, "{common} is refused for its length already");
            assert!(!is_pattern(common), "{common} is refused as a pattern already");
        }
    }

    #[test]
    fn a_password_is_never_shown() {
        assert_eq!(format!("{:?}", Password::new("bốn mùa xuân hạ")), "Password(…)");
    }

    #[test]
    fn faults_are_told_in_vietnamese_and_english() {
        let ServiceError::Invalid(text) = PasswordFault::TooShort { shortest: 10 }.into() else {
            panic!("not invalid")
        };
        assert!(text.vi.contains("ít nhất 10 ký tự"), "{}", text.vi);
        assert!(text.en.contains("at least 10 characters"), "{}", text.en);
    }
}
