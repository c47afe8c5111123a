//! The files of a plugin's printed forms: its folder `prints`.

use std::path::Path;

use crate::BuildError;

/// The folder, beside the manifest.
const FOLDER: &str = "prints";

/// Ends of the names of files that go into the package; others, such as notes, stay outside.
const KINDS: [&str; 4] = ["typ", "svg", "png", "json"];

/// The files of the printed forms of the plugin in `plugin_dir`, by their paths in the package (`prints/sheet.typ`);
/// none when it has no folder `prints`.
pub fn forms(plugin_dir: &Path) -> Result<Vec<(String, Vec<u8>)>, BuildError> {
    let folder = plugin_dir.join(FOLDER);
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let mut files = Vec::new();
    for entry in std::fs::read_dir(&folder).map_err(|source| BuildError::io("read", &folder, source))? {
        let path = entry.map_err(|source| BuildError::io("read", &folder, source))?.path();
        let kind = path.extension().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_file() && KINDS.contains(&kind.as_str()) {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let bytes = std::fs::read(&path).map_err(|source| BuildError::io("read", &path, source))?;
            files.push((format!("{FOLDER}/{name}"), bytes));
        }
    }
    // The same folder gives the same package on every machine.
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_of_printed_forms_are_found_in_one_order_and_nothing_else() {
        let plugin = tempfile::tempdir().unwrap();
        assert_eq!(forms(plugin.path()).unwrap(), []);
        let folder = plugin.path().join(FOLDER);
        std::fs::create_dir(&folder).unwrap();
        for name in ["b.typ", "a.svg", "README.md", "b.json"] {
            std::fs::write(folder.join(name), name).unwrap();
        }
        let found: Vec<String> = forms(plugin.path()).unwrap().into_iter().map(|(path, _)| path).collect();
        assert_eq!(found, ["prints/a.svg", "prints/b.json", "prints/b.typ"]);
    }
}
