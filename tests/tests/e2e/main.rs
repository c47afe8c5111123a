//! The platform as people, programs and operators meet it. Each test has a data folder of its own, and a
//! server of its own where it needs one.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what tests share may fail as loudly as they do"
)]

mod approving;
mod audit;
mod browser;
mod catalogs;
mod children;
mod commands;
mod demo;
mod doctor;
mod doors;
mod dues;
mod folders;
mod import;
mod inspection;
mod jobs;
mod keys;
mod pci;
mod personnel;
mod plugins;
mod printing;
mod restart;
mod sharing;
mod sign_in;
mod story;
mod strings;
mod witness;
