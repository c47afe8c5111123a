//! What comes from strangers, tried with anything.
//!
//! ```text
//! bytes ─ made ─ a value of any type, made up          ┐
//!       └ edit ─ a good value with some of it changed  ┴▶ target: parse, check, keep, draw ─ oracle ─▶ or panic
//!
//! cargo xtask fuzz  ─ libFuzzer (main.rs), guided by which of our code an input reaches ─▶ findings/TARGET/
//! cargo test        ─ tests/replay.rs: every seed, every finding, and some mutations of each, the same every time
//! ```
//!
//! A target takes bytes and promises to return, whatever they are: no panic, no end of the process, no more time and
//! no larger an answer than its bound. It panics itself when what came out is not what the platform promises of it:
//! that is its oracle, and its first lines say which. Seeds are few and small, written by hand or by the targets;
//! an input that once broke a promise lies in `findings` for ever.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a target panics when a promise is broken: that is how it is told"
)]

mod contract {
    //! The types of views, as the shared gallery names them.
    pub use dinh_runtime::bindings::{types, views};
}
mod edit;
#[path = "../../tests/plugins/gallery/src/gallery.rs"]
mod gallery;
mod house;
mod html;
mod made;
mod targets;
#[path = "../../host/web/src/village.rs"]
mod village;
mod words;

// As the village names them.
use dinh_web::{directory, form, format, messages};

pub use targets::{TARGETS, Target, named};
