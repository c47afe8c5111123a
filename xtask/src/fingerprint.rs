//! Whether the inputs of a build are those of the last one.

use std::fs;
use std::hash::{DefaultHasher, Hasher};
use std::path::{Path, PathBuf};

use crate::step::Failure;

/// A number that changes when a file under `inputs` changes, appears, vanishes or is renamed. Not a
/// defence against anybody: it only saves work.
pub fn of(inputs: &[PathBuf]) -> Result<String, Failure> {
    let mut files = Vec::new();
    for input in inputs {
        collect(input, &mut files)?;
    }
    files.sort();
    let mut hasher = DefaultHasher::new();
    for file in files {
        let content = fs::read(&file).map_err(|e| unreadable(&file, &e))?;
        hasher.write(file.as_os_str().as_encoded_bytes());
        hasher.write_usize(content.len());
        hasher.write(&content);
    }
    Ok(format!("{:016x}", hasher.finish()))
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) -> Result<(), Failure> {
    if path.is_dir() {
        for entry in fs::read_dir(path).map_err(|e| unreadable(path, &e))? {
            collect(&entry.map_err(|e| unreadable(path, &e))?.path(), files)?;
        }
    } else {
        files.push(path.to_owned());
    }
    Ok(())
}

fn unreadable(path: &Path, error: &std::io::Error) -> Failure {
    Failure::new(format!("cannot read {}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fingerprint_changes_with_content_and_name_and_with_nothing_else() {
        let folder = std::env::temp_dir().join(format!("dinh-fingerprint-{}", std::process::id()));
        let inner = folder.join("src");
        fs::create_dir_all(&inner).unwrap();
        fs::write(inner.join("a.rs"), "one").unwrap();
        let take = || of(std::slice::from_ref(&folder)).unwrap();
        let first = take();
        assert_eq!(take(), first);
        fs::write(inner.join("a.rs"), "two").unwrap();
        let changed = take();
        assert_ne!(changed, first);
        fs::rename(inner.join("a.rs"), inner.join("b.rs")).unwrap();
        assert_ne!(take(), changed);
        fs::remove_dir_all(&folder).unwrap();
    }
}
