//! The two languages, and texts in both.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::ParseError;

/// A language in which pages are drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// Vietnamese.
    #[default]
    Vi,
    /// English.
    En,
}

impl Language {
    /// The BCP 47 tag.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Vi => "vi",
            Self::En => "en",
        }
    }
}

impl FromStr for Language {
    type Err = ParseError;
    fn from_str(text: &str) -> Result<Self, ParseError> {
        match text {
            "vi" => Ok(Self::Vi),
            "en" => Ok(Self::En),
            _ => Err(ParseError::new("a language: `vi` or `en`", text)),
        }
    }
}

/// A name in both languages.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Localized {
    /// In Vietnamese, NFC.
    pub vi: String,
    /// In English.
    pub en: String,
}

impl Localized {
    /// A name in both languages, normalised to NFC.
    pub fn new(vi: &str, en: &str) -> Self {
        Self { vi: crate::text::nfc(vi), en: crate::text::nfc(en) }
    }

    /// The name in `language`.
    pub fn get(&self, language: Language) -> &str {
        match language {
            Language::Vi => &self.vi,
            Language::En => &self.en,
        }
    }
}
