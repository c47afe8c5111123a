//! What an operator accepts that a plugin may use beyond the defaults: amount by amount, as it was shown to them, so that
//! nothing else is accepted unseen.

use std::str::FromStr;

use dinh_model::{Localized, ParseError};
use dinh_services::{Refusal, ServiceError};

use crate::AskedLimit;
use crate::limits::{COUNT, KEYS};

/// Limits with their amounts, written `rows-read=5000000,records=20000000`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AcceptedLimits([Option<u64>; COUNT]);

impl AcceptedLimits {
    /// Goes on only if exactly this was accepted.
    pub(crate) fn cover(&self, subject: &str, asked: &[AskedLimit]) -> Result<(), ServiceError> {
        let accepted = |it: &AskedLimit| {
            let amounts = KEYS.iter().zip(self.0);
            amounts.into_iter().any(|(key, amount)| key.name == it.limit && amount == Some(it.amount))
        };
        if asked.iter().all(accepted) {
            return Ok(());
        }
        let each = |word: &str| {
            let each = asked.iter().map(|it| format!("{} {} ({word} {})", it.limit, it.amount, it.default));
            each.collect::<Vec<_>>().join(", ")
        };
        let words = asked.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
        let text = Localized {
            vi: format!(
                "Ứng dụng xin dùng nhiều hơn mức mặc định: {}. Hãy xem xét, rồi cài lại với --accept-limits {words}.",
                each("mặc định")
            ),
            en: format!(
                "it asks to use more than the default: {}; look at it, then install with --accept-limits {words}",
                each("default")
            ),
        };
        Err(ServiceError::Refused(Refusal { rule: "limits-not-accepted", subject: subject.to_owned(), text }))
    }
}

impl FromStr for AcceptedLimits {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong =
            || ParseError::new("limits with amounts, such as rows-read=5000000,records=20000000", text);
        let mut accepted = Self::default();
        for part in text.split(',') {
            let (name, amount) = part.trim().split_once('=').ok_or_else(wrong)?;
            let at = KEYS.iter().position(|key| key.name == name).ok_or_else(wrong)?;
            let slot = accepted.0.get_mut(at).filter(|slot| slot.is_none()).ok_or_else(wrong)?;
            *slot = Some(amount.parse().map_err(|_| wrong())?);
        }
        Ok(accepted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exactly_what_is_asked_for_has_to_be_accepted() {
        let asked = [
            AskedLimit { limit: "rows-read", amount: 5_000_000, default: 1_000_000 },
            AskedLimit { limit: "records", amount: 20_000_000, default: 10_000_000 },
        ];
        let cover = |words: &str| words.parse::<AcceptedLimits>().unwrap().cover("plugin:x", &asked);
        cover("rows-read=5000000,records=20000000").unwrap();
        cover("records=20000000, rows-read=5000000,log-lines=7").unwrap();
        for less in
            ["rows-read=5000000", "rows-read=5000001,records=20000000", "rows-read=4999999,records=20000000"]
        {
            let refused = cover(less).unwrap_err().to_string();
            assert!(refused.contains("--accept-limits rows-read=5000000,records=20000000"), "{refused}");
            assert!(refused.contains("rows-read 5000000 (default 1000000)"), "{refused}");
        }
        AcceptedLimits::default().cover("plugin:x", &[]).unwrap();
        for wrong in ["", "rows-read", "rows=1", "rows-read=-1", "rows-read=1,rows-read=1", "rows-read=x"] {
            assert!(wrong.parse::<AcceptedLimits>().is_err(), "{wrong:?}");
        }
    }
}
