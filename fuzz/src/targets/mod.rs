//! The targets: one file each, named as what it tries.

mod catalogs;
mod forms;
mod manifest;
mod notes;
mod package;
mod queries;
mod records;
mod rows;
mod sheets;
mod views;

/// Something that takes bytes from strangers.
pub struct Target {
    /// Its name, and that of its folders of seeds and findings.
    pub name: &'static str,
    /// What it tries, for people.
    pub about: &'static str,
    /// Takes any bytes and returns, or panics when a promise is broken.
    pub run: fn(&[u8]),
    /// Most bytes of an input that says something new.
    pub most_bytes: usize,
}

const fn target(name: &'static str, about: &'static str, run: fn(&[u8]), most_bytes: usize) -> Target {
    Target { name, about, run, most_bytes }
}

/// All of them.
pub const TARGETS: [Target; 10] = [
    target("manifest", "the text of a manifest", manifest::run, 16 << 10),
    target("package", "the bytes of a package", package::run, 16 << 10),
    target("records", "what a guest writes, reads and asks of its records", records::run, 4 << 10),
    target("rows", "a stored row, read as any schema", rows::run, 1 << 10),
    target("views", "a page that a guest returns, checked and drawn", views::run, 2 << 10),
    target("forms", "what comes back of a form: urlencoded, multipart, JSON", forms::run, 8 << 10),
    target("sheets", "an imported file: CSV, XLSX", sheets::run, 8 << 10),
    target(
        "queries",
        "the query of an address at the door of datasets, its cursor too",
        queries::run,
        1 << 10,
    ),
    target("catalogs", "a file of codes: CSV, JSON", catalogs::run, 4 << 10),
    target("notes", "a signed note of the evidence", notes::run, 2 << 10),
];

/// The target of that name.
pub fn named(name: &str) -> Option<&'static Target> {
    TARGETS.iter().find(|target| target.name == name)
}
