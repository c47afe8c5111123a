//! The little that building needs from `plugin.toml`. The host checks the rest when it is installed.

use std::path::Path;

use serde::Deserialize;

use crate::BuildError;

/// What building needs.
#[derive(Debug)]
pub(crate) struct Manifest {
    /// The plugin's id: the name of the finished file.
    pub(crate) id: String,
    /// Its version.
    pub(crate) version: String,
    /// The manifest as it is embedded.
    pub(crate) text: String,
}

#[derive(Deserialize)]
struct Head {
    id: String,
    version: String,
}

/// Reads `plugin.toml` of a plugin's folder.
pub(crate) fn read(plugin_dir: &Path) -> Result<Manifest, BuildError> {
    let file = plugin_dir.join("plugin.toml");
    let shown = file.display();
    let wrong = |what: String| BuildError::Manifest { place: shown.to_string(), what };
    let text = std::fs::read_to_string(&file).map_err(|error| {
        wrong(format!("{error}; a plugin's folder holds its manifest, plugin.toml, and its Cargo.toml"))
    })?;
    let head: Head = toml::from_str(&text).map_err(|error| {
        let (line, column) = place(&text, &error);
        BuildError::Manifest { place: format!("{shown}:{line}:{column}"), what: in_words(&error) }
    })?;
    let usable = !head.id.is_empty()
        && head.id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
        && head.id.starts_with(|c: char| c.is_ascii_lowercase());
    if !usable {
        return Err(wrong(format!(
            "the id {:?} cannot be used; an id is made of a–z, 0–9 and `-`, beginning with a letter",
            head.id
        )));
    }
    Ok(Manifest { id: head.id, version: head.version, text })
}

/// The line and the character of it, from 1, that the parser stopped at.
fn place(text: &str, error: &toml::de::Error) -> (usize, usize) {
    let before = text.get(..error.span().map_or(0, |span| span.start)).unwrap_or(text);
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    (before.matches('\n').count() + 1, column)
}

/// What the parser says without its drawing, and what to do about it.
fn in_words(error: &toml::de::Error) -> String {
    let said = error.message().lines().map(str::trim).collect::<Vec<_>>().join(", ");
    match said.strip_prefix("missing field ") {
        Some(key) => format!("the key {key} is missing; add it"),
        None => format!("{said}; correct the TOML at this place"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str) -> Result<Manifest, BuildError> {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("plugin.toml"), text).unwrap();
        read(folder.path())
    }

    #[test]
    fn a_manifest_is_kept_word_for_word() {
        let text = "id = \"pci-index\"\nversion = \"0.1.0\" # Đình\n";
        let manifest = read_text(text).unwrap();
        assert_eq!((manifest.id.as_str(), manifest.version.as_str()), ("pci-index", "0.1.0"));
        assert_eq!(manifest.text, text);
    }

    #[test]
    fn a_missing_manifest_is_named_with_its_remedy() {
        let folder = tempfile::tempdir().unwrap();
        let error = read(folder.path()).unwrap_err().to_string();
        assert!(error.contains("plugin.toml") && error.contains("Cargo.toml"), "{error}");
    }

    #[test]
    fn a_broken_manifest_is_told_in_one_line_with_the_place_and_the_remedy() {
        for (text, place, words) in [
            ("id = \"a\"\nversion = \n", "plugin.toml:2:", "; correct the TOML at this place"),
            ("id = \"a\"\n  version = 1\n", "plugin.toml:2:13: ", "; correct the TOML at this place"),
            ("id = \"a\"\n", "plugin.toml:1:1: ", "the key `version` is missing; add it"),
        ] {
            let error = read_text(text).unwrap_err().to_string();
            assert_eq!(error.lines().count(), 1, "{error}");
            assert!(error.contains(place) && error.contains(words), "{error}");
        }
    }

    #[test]
    fn an_id_that_would_leave_the_folder_is_refused() {
        let error = read_text("id = \"../evil\"\nversion = \"1\"").unwrap_err().to_string();
        assert!(error.contains("a–z"), "{error}");
    }
}
