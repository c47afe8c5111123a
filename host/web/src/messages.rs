//! The host's own words, in Vietnamese and English: Fluent files embedded in the binary.
//!
//! A message that is asked for and not there shows its key, and a test keeps that from happening: every key
//! the code names exists in both files, and no file has a key that nobody names.

use std::sync::OnceLock;

use dinh_model::Language;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

type Bundle = FluentBundle<FluentResource>;

/// The host's messages in one language.
#[derive(Clone, Copy, Debug)]
pub struct Texts {
    language: Language,
}

impl Texts {
    /// The messages in `language`.
    pub fn of(language: Language) -> Self {
        Self { language }
    }

    /// The language they are in.
    pub fn language(self) -> Language {
        self.language
    }

    /// A message without variables.
    pub fn say(self, key: &str) -> String {
        self.with(key, &[])
    }

    /// A message with its variables filled in.
    pub fn with(self, key: &str, variables: &[(&str, &str)]) -> String {
        let mut arguments = FluentArgs::with_capacity(variables.len());
        for (name, text) in variables {
            arguments.set(*name, FluentValue::from(*text));
        }
        self.format(key, &arguments)
    }

    /// A message that speaks of `count` things: `$count` chooses the wording, `$shown` is the number as text.
    pub fn count(self, key: &str, count: usize) -> String {
        let shown =
            crate::format::Formats::of(self.language).integer(i64::try_from(count).unwrap_or(i64::MAX));
        let mut arguments = FluentArgs::with_capacity(2);
        arguments.set("count", FluentValue::from(count));
        arguments.set("shown", FluentValue::from(shown));
        self.format(key, &arguments)
    }

    fn format(self, key: &str, arguments: &FluentArgs<'_>) -> String {
        let bundle = bundle(self.language);
        let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) else {
            tracing::error!(key, "a message is missing");
            return key.to_owned();
        };
        bundle.format_pattern(pattern, Some(arguments), &mut Vec::new()).into_owned()
    }
}

fn source(language: Language) -> &'static str {
    match language {
        Language::Vi => include_str!("../messages/vi.ftl"),
        Language::En => include_str!("../messages/en.ftl"),
    }
}

fn bundle(language: Language) -> &'static Bundle {
    static VI: OnceLock<Bundle> = OnceLock::new();
    static EN: OnceLock<Bundle> = OnceLock::new();
    let cell = match language {
        Language::Vi => &VI,
        Language::En => &EN,
    };
    cell.get_or_init(|| build(language.as_str(), source(language)))
}

fn build(locale: &str, source: &str) -> Bundle {
    let locale: LanguageIdentifier = locale.parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![locale]);
    // Marks of direction around variables are for languages written right to left.
    bundle.set_use_isolating(false);
    // The files are part of the binary; a test parses them, so nothing is lost here.
    let resource = FluentResource::try_new(source.to_owned()).unwrap_or_else(|(usable, _)| usable);
    bundle.add_resource_overriding(resource);
    bundle
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::{Path, PathBuf};

    use super::*;

    fn keys(language: Language) -> BTreeSet<String> {
        FluentResource::try_new(source(language).to_owned()).unwrap();
        source(language)
            .lines()
            .filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()))
            .filter_map(|line| line.split_once(" ="))
            .map(|(key, _)| key.to_owned())
            .collect()
    }

    fn sources(folder: &Path, text: &mut String) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                sources(&path, text);
            } else {
                text.push_str(&std::fs::read_to_string(path).unwrap());
            }
        }
    }

    /// Of the checkout that the test runs in, wherever it was compiled.
    fn own_sources() -> PathBuf {
        PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap()).join("src")
    }

    #[test]
    fn both_files_hold_the_same_messages_and_each_is_used() {
        let (vi, en) = (keys(Language::Vi), keys(Language::En));
        assert_eq!(vi, en);
        let mut code = String::new();
        sources(&own_sources(), &mut code);
        let unused: Vec<_> = vi.iter().filter(|key| !code.contains(&format!("\"{key}\""))).collect();
        assert!(unused.is_empty(), "nobody says {unused:?}");
    }

    #[test]
    fn every_message_the_code_asks_for_exists() {
        let mut code = String::new();
        sources(&own_sources(), &mut code);
        let known = keys(Language::Vi);
        for call in ["say(\"", "with(\"", "count(\""] {
            for rest in code.split(call).skip(1) {
                let key = rest.split('"').next().unwrap();
                let asked = key.contains('-') && !key.contains(' ');
                assert!(!asked || known.contains(key), "no message {key:?}");
            }
        }
    }

    #[test]
    fn a_count_chooses_its_wording() {
        let texts = Texts::of(Language::En);
        assert_eq!(texts.count("table-rows", 1), "1 row");
        assert_eq!(texts.count("table-rows", 10_000), "10,000 rows");
        assert_eq!(Texts::of(Language::Vi).count("table-rows", 10_000), "10.000 dòng");
    }
}
