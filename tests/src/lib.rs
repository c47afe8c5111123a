//! End to end: the real program over real HTTP, a real browser.
//!
//! ```text
//! programs   where the built program and plugins are
//! folder     data folders: a demo made once and copied, or a bare one
//! server     a running `dinh serve` on free loopback ports, killed when dropped
//! visitor    somebody at the door: a person with cookies, or a program with a token
//! page       a page as JSON, and what tests look for in it
//! golden     a page for a reviewed file, without what differs each time
//! browser    a headless Chromium, driven through its WebDriver
//! patience   waiting for what another process does
//! ```
//! `cargo xtask test` builds what these need; without it they fail with a sentence that says so.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a helper of tests may fail loudly"
)]

pub mod browser;
pub mod folder;
pub mod golden;
pub mod page;
pub mod patience;
pub mod programs;
pub mod server;
pub mod visitor;
