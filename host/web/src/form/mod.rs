//! Forms that come back: found on the page as it is drawn now, checked against their description, turned
//! into the typed submission that a plugin sees.
//!
//! ```text
//! body ── raw (names and texts) ── find (form, grid, import, button) ── parse (kinds) ── submission
//!                                                                └── problems ── Filled, drawn again
//! ```
//!
//! Names in HTML: the host's own are plain (`form`, `csrf`, `once`, `shown`, `button`, …); a field is
//! `f.NAME`, a field of a child row `c.ROWS.INDEX.NAME`, a cell of a grid `g.ROW.COLUMN`. Fields have no
//! `.` in their names, so nothing a plugin declares can be taken for the host's.

pub mod attached;
pub mod conditions;
pub mod effect;
pub mod find;
pub mod grid;
pub mod kind;
pub mod parse;
pub mod picked;
pub mod raw;
pub mod stale;
pub mod typed;

use std::collections::HashMap;

use dinh_model::Date;
use dinh_runtime::bindings::views::{FieldGroup, Form, SheetPreview};

use crate::directory::{Directory, Found};
use crate::format::Formats;
use crate::messages::Texts;

pub use raw::Raw;

/// Something wrong with what came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The name, as in HTML, of the field it concerns; none when it concerns the whole form.
    pub name: Option<String>,
    /// What is wrong and what to do about it, in the reader's language.
    pub message: String,
}

/// A form that came back and is shown again as it was filled in.
#[derive(Clone, Debug, Default)]
pub struct Filled {
    /// Its id.
    pub form: String,
    /// What was filled in.
    pub raw: Raw,
    /// What is wrong.
    pub problems: Vec<Problem>,
    /// The records it shows have changed since it was drawn: both values are shown.
    pub stale: bool,
    /// What a search for the words of a picker found, by the name of its field.
    pub found: HashMap<String, Found>,
    /// Child rows to be added, by the name of their list.
    pub more: Option<String>,
}

impl Filled {
    /// The problems of one field.
    pub fn problems_of<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.problems.iter().filter(move |p| p.name.as_deref() == Some(name)).map(|p| p.message.as_str())
    }
}

/// What an import asks for before its rows are imported, as the form that it is.
pub fn confirmation(import: &str, preview: &SheetPreview) -> Form {
    Form {
        id: import.to_owned(),
        title: None,
        help: None,
        groups: vec![FieldGroup { title: None, help: None, fields: preview.fields.clone() }],
        children: Vec::new(),
        submit: String::new(),
        buttons: Vec::new(),
        cancel: None,
        shown: Vec::new(),
    }
}

/// What reading a form needs besides what came back.
#[derive(Clone, Copy)]
pub struct Reader<'a> {
    /// The host's words.
    pub texts: Texts,
    /// How people write numbers.
    pub formats: Formats,
    /// Names behind identifiers, and searches for pickers.
    pub directory: &'a dyn Directory,
    /// The day, for pickers of codes.
    pub today: Date,
    /// Most files of one field.
    pub most_files: u32,
    /// A choice that the page does not offer is passed on: the services behind the platform's own pages refuse it
    /// themselves, and keep that in the evidence.
    pub passes_on: bool,
}

#[cfg(test)]
pub(crate) mod samples {
    //! Forms as a browser sends them.

    use super::Raw;

    /// The gallery's form, filled in rightly.
    pub fn filled_in() -> Raw {
        let pairs = [
            ("form", "edit"),
            ("f.name", "Nguyễn Thị Lan"),
            ("f.born", "08/03/1985"),
            ("f.sex", "nu"),
            ("f.home", "38"),
            ("f.languages", "en"),
            ("f.education", "thac-si"),
            ("f.dossier", "d-7"),
            ("f.unit", "2"),
            ("f.boss", "2"),
            ("f.boss.words", "Trần Văn Bình"),
            ("f.file", ""),
            ("f.file.words", ""),
            ("f.children", "2"),
            ("f.coefficient", "4,98"),
            ("f.salary", "11.652.000"),
            ("f.month", "07/2024"),
            ("f.seen", "01/07/2025 08:30"),
            ("f.party", "true"),
            ("f.joined", "03/02/2009"),
            ("f.note", ""),
            ("c.family.rows", "1"),
            ("c.family.0..key", "k1"),
            ("c.family.0.name", "Trần Văn Hùng"),
            ("c.family.0.relation", "vo-chong"),
            ("c.family.0.born", ""),
        ];
        Raw::typed(pairs.map(|(name, text)| (name.to_owned(), text.to_owned())).to_vec(), Vec::new())
    }
}
