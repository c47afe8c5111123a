//! What passwords a deployment takes.
//!
//! ```text
//! long enough ─ not one's own name ─ no pattern, not tried first ─ not in the breached list ─ hard to guess
//! ```
//!
//! No rules about kinds of characters (NIST SP 800-63B, 3.1.1.2: length, a list of what is known, no composition).

use dinh_model::text;
use zxcvbn::{Score, zxcvbn};

use crate::accounts::breached::Breached;
use crate::accounts::password::{LONGEST, Password, PasswordFault};
use crate::accounts::{Account, Directory};
use crate::{Call, Options, ServiceError};

/// What passwords a deployment takes.
pub(crate) struct PasswordPolicy {
    shortest: usize,
    /// How many days a temporary password is accepted.
    pub(in crate::accounts) temporary_days: u32,
    breached: Option<Breached>,
}

impl PasswordPolicy {
    /// As `options` say. A list of breached passwords that is not one is refused.
    pub(crate) fn open(options: &Options) -> Result<Self, ServiceError> {
        let breached = options.breached_passwords.as_deref().map(Breached::open).transpose()?;
        Ok(Self { shortest: options.password_length, temporary_days: options.temporary_days, breached })
    }

    /// Refuses what is not good enough for the person of whom these words are known: login, name, unit.
    pub(crate) fn check(&self, password: &Password, login: &str, known: &[&str]) -> Result<(), ServiceError> {
        let length = password.length();
        if length < self.shortest {
            return Err(PasswordFault::TooShort { shortest: self.shortest }.into());
        }
        if length > LONGEST {
            return Err(PasswordFault::TooLong.into());
        }
        password.check_words(login, known)?;
        if let Some(breached) = &self.breached
            && breached.holds(password.bytes())?
        {
            return Err(PasswordFault::Breached.into());
        }
        let words = words(login, known);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        if zxcvbn(password.as_str(), &words).score() < Score::Three {
            return Err(PasswordFault::Guessable.into());
        }
        Ok(())
    }
}

/// Refuses a password that is not good enough for an account, with what to do about it. Takes some milliseconds.
pub fn check_password(call: &Call, account: &Account, password: &Password) -> Result<(), ServiceError> {
    // Shown to nobody, decided upon by nothing else: no expectations.
    let unit = Directory::new(call.transaction.snapshot()).unit(account.unit)?;
    let mut known = vec![account.full_name.as_str()];
    if let Some(unit) = &unit {
        known.extend([unit.name.as_str(), unit.code.as_str()]);
    }
    call.common.hasher.policy.check(password, &account.login, &known)
}

/// The words that whoever knows the person would try: as they are written and without diacritics, single and
/// joined, all of them and two by two (`kehoach`, `vanan`).
fn words(login: &str, known: &[&str]) -> Vec<String> {
    let mut words = Vec::new();
    for text in std::iter::once(&login).chain(known) {
        let folded = text::fold(text);
        words.push(folded.replace(' ', ""));
        let single: Vec<&str> = folded.split(' ').collect();
        words.extend(single.windows(2).map(<[&str]>::concat));
        words.extend(single.iter().map(|word| (*word).to_owned()));
        words.extend(text.to_lowercase().split_whitespace().map(str::to_owned));
        words.push(folded);
        words.push(text.to_lowercase());
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use dinh_model::Language;
    use sha1::{Digest, Sha1};

    use super::*;

    fn check_with(options: &Options, password: &str) -> Result<(), String> {
        let policy = PasswordPolicy::open(options).unwrap();
        let known = ["Nguyễn Văn An", "Sở Kế hoạch và Đầu tư", "skhdt"];
        let checked = policy.check(&Password::new(password), "nguyenvanan-skhdt", &known);
        checked.map_err(|error| error.text(Language::En))
    }

    fn check(password: &str) -> Result<(), String> {
        check_with(&Options::default(), password)
    }

    fn refused(password: &str, why: &str) {
        let told = check(password).expect_err(password);
        assert!(told.contains(why), "{password}: {told}");
    }

    #[test]
    fn a_short_sentence_of_any_kind_is_enough() {
        for good in
            ["ba con mèo đen", "bốn mùa xuân hạ", "thu đông nối tiếp", "sen-tram-vuon-4821", "kmwp-7xqd-h4tn"]
        {
            assert_eq!(check(good), Ok(()), "{good}");
        }
        refused("ba con cá", "at least 10");
        refused(&format!("{}x", "năm tháng ".repeat(20)), "at most 200");
    }

    #[test]
    fn a_deployment_may_ask_for_more() {
        let options = Options { password_length: 14, ..Options::default() };
        let told = check_with(&options, "ba mèo đen to").unwrap_err();
        assert!(told.contains("at least 14"), "{told}");
        assert_eq!(check_with(&options, "ba con mèo đen"), Ok(()));
    }

    #[test]
    fn what_is_easy_to_guess_is_refused_also_from_what_is_known_of_the_person() {
        refused("P@ssw0rd2024", "guess");
        refused("sunshine12", "guess");
        // Each of these would be good enough for somebody else.
        for own in ["kehoachdautu", "vananskhdt", "nguyenvan75"] {
            refused(own, "guess");
        }
    }

    #[test]
    fn a_password_on_the_operators_list_is_refused_however_good_it_looks() {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        let mut lines: Vec<_> = ["sen-tram-vuon-4821", "bốn mùa xuân hạ"]
            .map(|password| data_encoding::HEXUPPER.encode(&Sha1::digest(password.as_bytes())))
            .into();
        lines.sort();
        file.write_all(lines.join(":3\r\n").as_bytes()).unwrap();
        let options = Options { breached_passwords: Some(file.path().to_owned()), ..Options::default() };
        // Decomposed, as some keyboards type it: the same password.
        for listed in
            ["sen-tram-vuon-4821", "bốn mùa xuân hạ", "bo\u{302}\u{301}n mu\u{300}a xua\u{302}n ha\u{323}"]
        {
            assert!(check_with(&options, listed).unwrap_err().contains("breach"), "{listed}");
        }
        assert_eq!(check_with(&options, "thu đông nối tiếp"), Ok(()));
        std::fs::write(file.path(), "not a list").unwrap();
        assert!(PasswordPolicy::open(&options).is_err());
    }
}
