//! How a command reaches a data folder.
//!
//! ```text
//! dinh account list ──▶ reach ──▶ the lock is free: open the folder, perform, close it
//!                             └─▶ a server has it:  DIR/admin.sock ──▶ answer ──▶ perform there
//! ```
//! One request and one answer per connection, each a line of JSON. The socket belongs to the folder's owner
//! alone, which the server checks again on every connection.

mod answer;
mod reach;

use serde::{Deserialize, Serialize};

use crate::deeds::{Authority, Deed, Input};
use crate::reply::Reply;

pub use answer::open;
pub use reach::reach;

/// Longest request: a component of [`crate::deeds::COMPONENT_MOST`] bytes as base64, with room to spare.
const LONGEST_REQUEST: u64 = 96 << 20;

/// A deed on its way to a running server.
#[derive(Debug, Serialize, Deserialize)]
struct Request {
    /// Version of the program that asks; the server refuses another than its own.
    version: String,
    authority: Authority,
    deed: Deed,
    input: Input,
}

/// What became of it.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Answer {
    Done(Reply),
    Refused(String),
}

/// The version both ends must have.
const VERSION: &str = env!("CARGO_PKG_VERSION");
