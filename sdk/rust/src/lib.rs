//! What a vendor builds a plugin with.
//!
//! A plugin keeps records, draws pages and handles forms; the host does the rest: it checks every right,
//! stores, numbers, renders, exports, translates its own texts. A plugin has no files, no network, no
//! secrets and no memory between calls, so there is little it can do wrong.
//!
//! ```
//! use dinh_sdk::prelude::*;
//!
//! /// A note in the office's register; the manifest declares the collection `notes` with these fields.
//! #[derive(Clone, Record)]
//! #[record(collection = "notes")]
//! struct Note {
//!     title: String,
//!     written: Date,
//! }
//!
//! fn register(request: &Request) -> Result<Page> {
//!     let notes = Note::all().order_by(Note::WRITTEN.descending()).page(request.after(), 50)?;
//!     let table = Table::of("notes", &notes.rows)
//!         .column(Head::new("written", request.say("Ngày", "Day")), |note| note.written)
//!         .column(Head::new("title", request.say("Tiêu đề", "Title")).wide(), |note| note.title.as_str())
//!         .build()
//!         .paged(request, notes.next);
//!     Ok(Page::new(request.say("Sổ ghi chép", "Notes")).block(table).block(entry(request)))
//! }
//!
//! fn entry(request: &Request) -> Form {
//!     Form::new("add", request.say("Thêm", "Add"))
//!         .field(Field::of(Note::TITLE, request.say("Tiêu đề", "Title")))
//!         .field(Field::of(Note::WRITTEN, request.say("Ngày", "Day")))
//! }
//!
//! fn add(request: &Request, submission: &Submission) -> Result<Outcome> {
//!     submission.record::<Note>()?.insert()?;
//!     Ok(Outcome::done("/").saying(request.say("Đã thêm", "Added")))
//! }
//!
//! fn routes() -> Router {
//!     Router::new().page("/", register).form("add", add)
//! }
//!
//! dinh_sdk::plugin!(routes);
//! # let _ = routes();
//! ```
//!
//! | what for | where |
//! | --- | --- |
//! | pages and forms: which function | [`Router`], [`Request`], [`Submission`], [`Address`] |
//! | what a page holds | [`view`] |
//! | own records | [`Record`], [`records`] |
//! | datasets of other plugins | [`sharing`]; to be told of their changes: [`events`] |
//! | shared code lists, people, rights | [`catalog`], [`accounts`], [`access`] |
//! | work too long for one call, in steps | [`jobs`] |
//! | deadlines and recurring work; working days | [`schedule`] |
//! | words to people, in their inbox | [`notices`] |
//! | spreadsheets that people upload | [`sheet`] |
//! | files that people attach | [`files`] |
//! | when something is wrong | [`Error`], [`Problems`] |
//! | the contract itself | [`bindings`] |
//!
//! Logic that makes no host call is tested with `cargo test` like any other; host calls work only inside
//! the host.

// The macros name this crate, also inside it.
extern crate self as dinh_sdk;

pub mod access;
pub mod accounts;
mod address;
#[allow(
    unsafe_code,
    missing_docs,
    unused_qualifications,
    clippy::all,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "generated code"
)]
pub mod bindings;
pub mod catalog;
mod column;
mod error;
pub mod events;
pub mod evidence;
mod export;
pub mod files;
#[cfg(target_arch = "wasm32")]
mod heap;
pub mod jobs;
mod language;
pub mod log;
pub mod notices;
pub mod random;
pub mod records;
mod request;
mod router;
pub mod schedule;
pub mod sharing;
pub mod sheet;
mod submission;
pub mod text;
pub mod time;
mod value;
pub mod view;

pub use address::Address;
pub use column::{Column, ColumnBuilder, ColumnValues};
pub use dinh_sdk_macros::{Query, Record};
pub use error::{Error, OrError, Problems, Result};
#[doc(hidden)]
pub use export::{render, submit};
pub use jiff;
pub use language::{Language, Words};
pub use records::{Property, Record, Stored};
pub use request::{Parameter, Query, Request};
pub use router::{Draw, Handle, Router};
pub use rust_decimal::{self, Decimal};
pub use submission::{Child, Submission};
pub use value::{
    AccountId, Code, FieldType, FileId, Kind, Mismatch, NotAnId, RecordId, RegisterNumber, UnitId, Value,
};

/// What became of a submission.
pub use bindings::exports::dinh::platform::pages::Outcome;

/// The guide for vendors: its examples compile.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/vendors.md")]
struct Guide;

/// Everything a page usually needs.
pub mod prelude {
    pub use crate::events::Events;
    pub use crate::jobs::{self, Jobs};
    pub use crate::sharing;
    pub use crate::time::{Date, Timestamp};
    pub use crate::view::*;
    pub use crate::{
        AccountId, Address, Code, Column, Decimal, Error, FieldType, FileId, Kind, Language, OrError,
        Outcome, Problems, Query, Record, RecordId, Request, Result, Router, Stored, Submission, UnitId,
        Value, Words,
    };
}

/// Makes a function that returns a [`Router`] the plugin of this crate.
///
/// ```
/// use dinh_sdk::prelude::*;
///
/// fn routes() -> Router {
///     Router::new().page("/", |_| Ok(Page::new("Xin chào")))
/// }
///
/// dinh_sdk::plugin!(routes);
/// ```
///
/// With a second function, which returns [`events::Events`], the plugin is told of events as well. With `jobs:` and a
/// function that returns [`jobs::Jobs`], it does long work in steps.
#[macro_export]
macro_rules! plugin {
    ($routes:path, $events:path, jobs: $jobs:path) => {
        $crate::plugin!($routes, $events);
        $crate::plugin!(@jobs $jobs);
    };
    ($routes:path, jobs: $jobs:path) => {
        $crate::plugin!($routes);
        $crate::plugin!(@jobs $jobs);
    };
    (@jobs $jobs:path) => {
        #[cfg(target_arch = "wasm32")]
        #[allow(unsafe_code, reason = "the component's exports are C functions")]
        const _: () = {
            struct Worker;

            impl $crate::bindings::jobs::exports::dinh::platform::jobs::Guest for Worker {
                fn step(
                    job: $crate::bindings::jobs::exports::dinh::platform::jobs::Job,
                ) -> ::core::result::Result<
                    $crate::bindings::jobs::exports::dinh::platform::jobs::Progress,
                    ::std::string::String,
                > {
                    $crate::jobs::step(&$jobs(), job)
                }
            }

    $crate::bindings::jobs::export!(Worker with_types_in $crate::bindings::jobs);
        };
        #[cfg(not(target_arch = "wasm32"))]
        const _: fn() -> $crate::jobs::Jobs = $jobs;
    };
    ($routes:path, $events:path) => {
        $crate::plugin!($routes);

        #[cfg(target_arch = "wasm32")]
        #[allow(unsafe_code, reason = "the component's exports are C functions")]
        const _: () = {
            struct Handler;

            impl $crate::bindings::events::exports::dinh::platform::events::Guest for Handler {
                fn handle(
                    event: $crate::bindings::events::exports::dinh::platform::events::Event,
                ) -> ::core::result::Result<(), ::std::string::String> {
                    $crate::events::handle(&$events(), event)
                }
            }

    $crate::bindings::events::export!(Handler with_types_in $crate::bindings::events);
        };
        #[cfg(not(target_arch = "wasm32"))]
        const _: fn() -> $crate::events::Events = $events;
    };
    ($routes:path) => {
        #[cfg(target_arch = "wasm32")]
        #[allow(unsafe_code, reason = "the component's exports are C functions")]
        const _: () = {
            struct Plugin;

            impl $crate::bindings::exports::dinh::platform::pages::Guest for Plugin {
                fn render(
                    request: $crate::bindings::exports::dinh::platform::pages::Request,
                ) -> ::core::result::Result<
                    $crate::view::Page,
                    $crate::bindings::exports::dinh::platform::pages::Refusal,
                > {
                    $crate::render(&$routes(), request)
                }

                fn submit(
                    request: $crate::bindings::exports::dinh::platform::pages::Request,
                    submission: $crate::bindings::exports::dinh::platform::pages::Submission,
                ) -> ::core::result::Result<
                    $crate::Outcome,
                    $crate::bindings::exports::dinh::platform::pages::Refusal,
                > {
                    $crate::submit(&$routes(), request, submission)
                }
            }

    $crate::bindings::export!(Plugin with_types_in $crate::bindings);
        };
        // Other targets have no exports: there, `cargo test` runs the plugin's own logic.
        #[cfg(not(target_arch = "wasm32"))]
        const _: fn() -> $crate::Router = $routes;
    };
}
