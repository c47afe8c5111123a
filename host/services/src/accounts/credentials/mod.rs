//! Credentials: what people prove with that they are who they say.
//!
//! ```text
//! breached ─▶ policy ─ password ─ hasher ─ passwords    thought of, checked, hashed, kept
//!                                              └ temporary    until when one that somebody else set is taken
//! totp ─▶ second_factor                                  the device beside it
//! identity ─▶ reset                                      either lost, released in person
//! ```

pub(super) mod breached;
pub(super) mod hasher;
pub(super) mod identity;
pub(super) mod password;
pub(super) mod passwords;
pub(super) mod policy;
pub(super) mod reset;
pub(super) mod second_factor;
pub(super) mod temporary;
pub(super) mod totp;
