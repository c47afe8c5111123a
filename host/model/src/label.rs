//! How confidential something is.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{Language, ParseError};

/// Label (độ mật) of a record, page or grant, lowest first.
///
/// The law knows two more, Tối mật and Tuyệt mật. They may never be held in the system (Bình Thuận,
/// Quyết định 1749-QĐ/TU 2015, điều 12.2), so they cannot be written down: parsing them is refused.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Label {
    /// Thường: in the clear.
    #[default]
    Ordinary,
    /// Mật: sealed at rest, shown only to those cleared for it.
    Confidential,
}

impl Label {
    /// All labels that can be held, lowest first.
    pub const ALL: [Self; 2] = [Self::Ordinary, Self::Confidential];

    /// The word as manifests, commands and JSON spell it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ordinary => "ordinary",
            Self::Confidential => "confidential",
        }
    }

    /// The official word.
    pub fn name(self, language: Language) -> &'static str {
        match (self, language) {
            (Self::Ordinary, Language::Vi) => "Thường",
            (Self::Confidential, Language::Vi) => "Mật",
            (Self::Ordinary, Language::En) => "Ordinary",
            (Self::Confidential, Language::En) => "Confidential",
        }
    }
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Label {
    type Err = ParseError;
    fn from_str(text: &str) -> Result<Self, ParseError> {
        match text {
            "ordinary" => Ok(Self::Ordinary),
            "confidential" => Ok(Self::Confidential),
            "secret" | "top-secret" => Err(ParseError::new(
                "a label the platform may hold: Tối mật and Tuyệt mật must stay outside the system",
                text,
            )),
            _ => Err(ParseError::new("a label: `ordinary` or `confidential`", text)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_two_highest_labels_are_refused_with_the_reason() {
        let refused = "top-secret".parse::<Label>().unwrap_err().to_string();
        assert!(refused.contains("Tuyệt mật must stay outside"), "{refused}");
        assert!(Label::Ordinary < Label::Confidential);
    }
}
