//! The host's own pages: signing in and out, the launcher, the person's own account, the release of a lost
//! password, the passwords of an import, the language.

pub mod account;
pub mod call;
pub mod evidence;
pub mod language;
pub mod launcher;
pub mod passwords;
pub mod release;
pub mod session_api;
pub mod sign_in;
