//! What a template can see: its package's files, what is offered to every template, the data of the page.

use std::collections::HashMap;
use std::sync::LazyLock;

use typst::diag::{FileError, FileResult, PackageError};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};

use crate::{Job, PrintError, fonts};

/// What is offered to every template, by path.
const OFFERED: [(&str, &str); 3] = [
    ("/dinh.typ", include_str!("../templates/dinh.typ")),
    ("/dinh/page.typ", include_str!("../templates/page.typ")),
    ("/dinh/stamp.typ", include_str!("../templates/stamp.typ")),
];

/// Where a template finds the data of the page.
const DATA: &str = "/data.json";

/// What is compiled: the template within the setting that every form begins with.
const MAIN: &str = "/main.typ";

static LIBRARY: LazyLock<LazyHash<Library>> = LazyLock::new(|| LazyHash::new(Library::default()));

/// All that a template can see.
pub(crate) struct Sealed {
    main: FileId,
    files: HashMap<FileId, Bytes>,
    today: Option<Datetime>,
}

impl Sealed {
    /// What `job` and the data of its page show; `main` is what is compiled, beside everything else.
    pub(crate) fn new(job: &Job, data: Bytes, main: String) -> Result<Self, PrintError> {
        let (year, month, day) = job.today;
        let mut files = HashMap::new();
        for (path, bytes) in job.files.iter() {
            files.insert(id(path)?, Bytes::new(bytes.to_vec()));
        }
        for (path, text) in OFFERED {
            files.insert(id(path)?, Bytes::from_string(text));
        }
        files.insert(id(DATA)?, data);
        files.insert(id(MAIN)?, Bytes::from_string(main));
        Ok(Self { main: id(MAIN)?, files, today: Datetime::from_ymd(year, month, day) })
    }

    /// A file of the package.
    pub(crate) fn of_package(&self, path: &str) -> Result<FileId, PrintError> {
        id(path)
    }

    /// The text that sets a template into the frame of every form.
    pub(crate) fn framed(template: &str) -> String {
        let path = template.trim_start_matches('/').replace(['"', '\\'], "");
        format!("#import \"/dinh.typ\": form\n#show: form\n#include \"/{path}\"\n")
    }
}

/// A file by its path.
fn id(path: &str) -> Result<FileId, PrintError> {
    let path = VirtualPath::new(path).map_err(|error| PrintError::input(format!("{path:?}: {error}")))?;
    Ok(RootedPath::new(VirtualRoot::Project, path).intern())
}

impl World for Sealed {
    fn library(&self) -> &LazyHash<Library> {
        &LIBRARY
    }

    fn book(&self) -> &LazyHash<FontBook> {
        fonts::book()
    }

    fn main(&self) -> FileId {
        self.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        let bytes = self.file(id)?;
        let text = std::str::from_utf8(&bytes).map_err(|_| FileError::InvalidUtf8)?;
        Ok(Source::new(id, text.to_owned()))
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if let VirtualRoot::Package(package) = id.root() {
            return Err(FileError::Package(PackageError::NotFound(package.clone())));
        }
        // By its path in the package: where the host keeps what, no template learns.
        self.files.get(&id).cloned().ok_or_else(|| FileError::NotFound(id.vpath().get_with_slash().into()))
    }

    fn font(&self, index: usize) -> Option<Font> {
        fonts::face(index)
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        self.today
    }
}
