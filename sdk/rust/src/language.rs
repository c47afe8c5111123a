//! Texts in the two languages of pages.

pub use crate::bindings::dinh::platform::types::Language;

impl Language {
    /// The text in this language.
    ///
    /// ```
    /// use dinh_sdk::Language;
    /// assert_eq!(Language::Vi.of("Năm", "Year"), "Năm");
    /// ```
    pub fn of<T>(self, vi: T, en: T) -> T {
        match self {
            Self::Vi => vi,
            Self::En => en,
        }
    }
}

/// A text in both languages, for texts that are chosen before the language is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Words {
    /// Vietnamese.
    pub vi: &'static str,
    /// English.
    pub en: &'static str,
}

impl Words {
    /// A text in both languages.
    pub const fn new(vi: &'static str, en: &'static str) -> Self {
        Self { vi, en }
    }

    /// The text in a language.
    pub fn in_language(self, language: Language) -> &'static str {
        language.of(self.vi, self.en)
    }
}
