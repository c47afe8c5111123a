//! What a record sheet says, described once: the forms, the pages, the import and the requests for
//! correction all follow this description.
//!
//! ```text
//! words      closed lists of words: states, categories, forms of discipline …
//! fields     the fields of an officer, in the groups of the sheet
//! tables     the columns of its histories
//! values     values of any type, by the name of their field
//! show       values as people read them
//! check      what a sheet may not say
//! ```

pub(crate) mod check;
pub(crate) mod fields;
pub(crate) mod show;
pub(crate) mod tables;
pub(crate) mod values;
pub(crate) mod words;
