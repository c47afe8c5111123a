//! The promises of accounts, sign-in, catalogs and calls, each as a sentence that a test tries to break.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests may fail loudly")]

mod access;
mod accounts;
mod calls;
mod catalogs;
mod grants;
mod history;
mod house;
mod imports;
mod lists;
mod own_sessions;
mod passwords;
mod positions;
mod resets;
mod second_factor;
mod revocation;
mod rights;
mod rolls;
mod sessions;
mod sign_in;
mod tokens;
mod units;
