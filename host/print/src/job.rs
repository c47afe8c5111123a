//! What is to be printed.

use dinh_model::FormFiles;
use serde::{Deserialize, Serialize};

/// Most bytes of a page's data.
pub const LARGEST_DATA: usize = 64 << 20;

/// The template of pages for which their package has none.
pub const DEFAULT_TEMPLATE: &str = "/dinh/page.typ";

/// What is to be printed, besides the data of the page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    /// The template: a file of the package, or [`DEFAULT_TEMPLATE`].
    pub template: String,
    /// The package's files.
    #[serde(with = "as_text")]
    pub files: FormFiles,
    /// Title of the document, in the reader's list of windows.
    pub title: String,
    /// Set over the head of every page: the label of what is confidential.
    pub stamp: Option<String>,
    /// The day of printing in Vietnam: year, month, day. The template's only clock.
    pub today: (i32, u8, u8),
    /// Most pages.
    pub pages: usize,
}

/// Files as base64, so that a job is one line of JSON.
mod as_text {
    use std::collections::BTreeMap;

    use data_encoding::BASE64;
    use dinh_model::FormFiles;
    use serde::{Deserialize, Deserializer, Serializer, de};

    pub(super) fn serialize<S: Serializer>(files: &FormFiles, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(files.iter().map(|(path, bytes)| (path, BASE64.encode(bytes))))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<FormFiles, D::Error> {
        let mut files = FormFiles::default();
        for (path, text) in BTreeMap::<String, String>::deserialize(deserializer)? {
            let bytes = BASE64.decode(text.as_bytes()).map_err(de::Error::custom)?;
            files.add(&path, bytes).map_err(de::Error::custom)?;
        }
        Ok(files)
    }
}
