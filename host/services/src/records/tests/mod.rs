//! Promises of records, each tried on a small province.

mod bulk;
mod codes;
mod files;
mod files_sealed;
mod files_swept;
mod house;
mod keys;
mod many;
mod oracle;
mod pages;
mod references;
mod schema;
mod sealed;
mod seen;
mod sequences;
mod sight;
mod tasks;
mod views;
mod volume;
mod writes;
