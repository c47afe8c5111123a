//! The rule by which logins and addresses are made: `hodemten-skhdt`, where `hodem` are the first letters of family
//! and middle names and `ten` is the given name in full, without diacritics (Lào Cai, Quyết định 95/QĐ-SKH 2013,
//! điều 3.4b); what follows the hyphen is the code of the unit. The regulation is silent on two people whom the rule
//! gives the same login: the second gets a number after the given name, the smallest that is free (`nvan2-skhdt`).

use dinh_model::text;

use crate::ServiceError;
use crate::accounts::names;

/// The logins that the rule gives a person, in the order in which they are tried.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct LoginRule {
    /// `hodemten`.
    stem: String,
    /// The unit's code.
    code: String,
}

impl LoginRule {
    /// For a person of a unit. Refused for names that cannot be written in a–z, and when the login would be too long.
    pub(super) fn new(full_name: &str, code: &str) -> Result<Self, ServiceError> {
        let words: Vec<String> = full_name
            .split_whitespace()
            // Parts of one name: `H'Hen`, `Y-Phôn`.
            .map(|word| text::fold(word).replace(' ', ""))
            .filter(|word| !word.is_empty())
            .collect();
        let plain = |word: &String| word.bytes().all(|byte| byte.is_ascii_lowercase());
        let Some((given, before)) = words.split_last().filter(|_| words.iter().all(plain)) else {
            return Err(ServiceError::invalid(
                "Không lập được tên đăng nhập từ họ tên này vì có ký tự ngoài bảng chữ cái; hãy ghi tên đăng nhập.",
                "No login can be made from this name, which has other characters than letters a–z with diacritics; give one.",
            ));
        };
        let mut stem: String = before.iter().filter_map(|word| word.chars().next()).collect();
        stem.push_str(given);
        let rule = Self { stem, code: code.to_owned() };
        // Room for any number, so that collisions are always resolved.
        names::login(&rule.login(u32::MAX)).map_err(|_| {
            ServiceError::invalid(
                "Tên đăng nhập lập từ họ tên và mã đơn vị này quá dài; hãy ghi tên đăng nhập ngắn hơn.",
                "The login made from this name and the unit's code is too long; give a shorter one.",
            )
        })?;
        Ok(rule)
    }

    /// The login of the `nth` person with this stem in this unit, from 1; the first has no number.
    pub(super) fn login(&self, nth: u32) -> String {
        let Self { stem, code } = self;
        if nth <= 1 { format!("{stem}-{code}") } else { format!("{stem}{nth}-{code}") }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn login(name: &str) -> String {
        LoginRule::new(name, "skhdt").unwrap().login(1)
    }

    #[test]
    fn a_login_is_the_first_letters_the_given_name_and_the_unit() {
        for (name, made) in [
            ("Nguyễn Văn An", "nvan-skhdt"),
            ("Đỗ Thị Ánh Đào", "dtadao-skhdt"),
            ("Tô\u{302} Ư\u{301}ng", "tung-skhdt"),
            ("H'Hen Niê", "hnie-skhdt"),
            ("Giàng A Páo", "gapao-skhdt"),
            ("Y", "y-skhdt"),
            ("  LÊ   THỊ  HỒNG  GẤM ", "lthgam-skhdt"),
        ] {
            assert_eq!(login(name), made, "{name}");
        }
        assert_eq!(LoginRule::new("Nguyễn Văn An", "skhdt").unwrap().login(2), "nvan2-skhdt");
    }

    #[test]
    fn a_name_that_has_no_such_letters_is_refused_with_what_to_do() {
        for bad in ["", " ", "-", "李小龙", "Nguyễn Văn An 2", "Đỗ Øre", &"Ánh".repeat(20)] {
            let ServiceError::Invalid(text) = LoginRule::new(bad, "skhdt").unwrap_err() else {
                panic!("{bad}")
            };
            assert!(text.vi.contains("hãy ghi tên đăng nhập"), "{bad}: {}", text.vi);
        }
    }

    proptest! {
        #[test]
        fn any_name_gives_logins_that_may_be_given_out_or_is_refused(
            name in "\\PC{0,60}",
            code in "[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?",
            nth in any::<u32>(),
        ) {
            if let Ok(rule) = LoginRule::new(&name, &code) {
                let made = rule.login(nth);
                prop_assert_eq!(names::login(&made).unwrap(), made);
            }
        }

        #[test]
        fn names_of_vietnamese_letters_always_give_one(
            name in "[A-ZĐÂĂÊÔƠƯ][a-zăâêôơưđàáảãạ]{0,6}( [A-ZĐ][a-zăâêôơưđếềểễệ]{0,6}){1,4}",
        ) {
            let made = LoginRule::new(&name, "skhdt").unwrap().login(1);
            prop_assert!(made.ends_with("-skhdt"));
            prop_assert_eq!(names::login(&made).unwrap(), made);
        }
    }
}
