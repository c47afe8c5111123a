//! The host's own pages: signing in and out, the launcher, the person's own account, the release of a lost
//! password, the language.

pub mod account;
mod call;
pub mod language;
pub mod launcher;
pub mod release;
pub mod session_api;
pub mod sign_in;
