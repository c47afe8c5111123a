//! The files of a package's printed forms: templates, pictures in them, examples of their data.

use std::collections::BTreeMap;

/// Most files of the printed forms of a package.
pub const MOST_FILES: usize = 64;

/// Most bytes of all of them.
pub const MOST_FILE_BYTES: usize = 4 << 20;

/// Longest path of a file, in bytes.
const LONGEST_PATH: usize = 100;

/// What a file may be, by the end of its name: a template, a picture, an example of data.
const KINDS: [&str; 4] = ["typ", "svg", "png", "json"];

/// The files of a package's printed forms, by their paths (`prints/sheet.typ`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FormFiles(BTreeMap<String, Vec<u8>>);

/// Why a file cannot be one of a package's printed forms.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FormFileError {
    /// The path does not fit.
    #[error(
        "{path:?} cannot be a file of a printed form; name it `prints/NAME.typ`, `.svg`, `.png` or `.json`, with a–z, 0–9, \
         `-` and `_`"
    )]
    Path {
        /// As it was written.
        path: String,
    },
    /// Two files with one path.
    #[error("{path} is there twice; keep one")]
    Twice {
        /// Which.
        path: String,
    },
    /// Too many files.
    #[error("more than {MOST_FILES} files of printed forms; leave out what is not needed")]
    TooMany,
    /// Too many bytes.
    #[error("the files of printed forms have more than {MOST_FILE_BYTES} bytes; make pictures smaller")]
    TooLarge,
}

impl FormFiles {
    /// Adds a file.
    pub fn add(&mut self, path: &str, bytes: Vec<u8>) -> Result<(), FormFileError> {
        if !is_path(path) {
            return Err(FormFileError::Path { path: path.to_owned() });
        }
        if self.0.contains_key(path) {
            return Err(FormFileError::Twice { path: path.to_owned() });
        }
        if self.0.len() >= MOST_FILES {
            return Err(FormFileError::TooMany);
        }
        if self.0.values().map(Vec::len).sum::<usize>() + bytes.len() > MOST_FILE_BYTES {
            return Err(FormFileError::TooLarge);
        }
        self.0.insert(path.to_owned(), bytes);
        Ok(())
    }

    /// A file.
    pub fn get(&self, path: &str) -> Option<&[u8]> {
        self.0.get(path).map(Vec::as_slice)
    }

    /// All of them, by path.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.0.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice()))
    }
}

/// `prints/` and a name in one folder.
fn is_path(path: &str) -> bool {
    let Some((name, kind)) = path.strip_prefix("prints/").and_then(|rest| rest.rsplit_once('.')) else {
        return false;
    };
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_');
    path.len() <= LONGEST_PATH && !name.is_empty() && name.bytes().all(plain) && KINDS.contains(&kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_lie_in_one_folder_and_are_of_known_kinds() {
        let mut files = FormFiles::default();
        for good in ["prints/2c.typ", "prints/quoc-huy.svg", "prints/a_1.png", "prints/2c.json"] {
            files.add(good, vec![1]).unwrap();
        }
        for bad in [
            "2c.typ",
            "prints/../a.typ",
            "prints/.typ",
            "prints/a/b.typ",
            "prints/a.wasm",
            "/prints/a.typ",
            "prints/A.typ",
        ] {
            assert_eq!(files.add(bad, vec![1]), Err(FormFileError::Path { path: bad.into() }));
        }
        assert!(matches!(files.add("prints/2c.typ", vec![1]), Err(FormFileError::Twice { .. })));
    }

    #[test]
    fn files_are_bounded_in_number_and_bytes() {
        let mut files = FormFiles::default();
        assert_eq!(files.add("prints/a.png", vec![0; MOST_FILE_BYTES + 1]), Err(FormFileError::TooLarge));
        for number in 0..MOST_FILES {
            files.add(&format!("prints/{number}.typ"), Vec::new()).unwrap();
        }
        assert_eq!(files.add("prints/a.typ", Vec::new()), Err(FormFileError::TooMany));
    }
}
