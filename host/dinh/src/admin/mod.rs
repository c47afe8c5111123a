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

use std::fs::File;
use std::io;
use std::os::fd::AsRawFd;
use std::os::unix::net::SocketAddr;
use std::path::{Path, PathBuf};

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

/// Where a socket is, in words that fit into the 107 bytes of a socket's address: its path, or when that is
/// longer, the same place through an open handle on its folder.
struct Address {
    path: PathBuf,
    /// Held, not read: the path goes through it.
    _folder: Option<File>,
}

impl Address {
    fn of(socket: &Path) -> io::Result<Self> {
        let direct = Self { path: socket.to_owned(), _folder: None };
        let (true, Some(folder), Some(name)) =
            (SocketAddr::from_pathname(socket).is_err(), socket.parent(), socket.file_name())
        else {
            return Ok(direct);
        };
        let folder = File::open(folder)?;
        let path = Path::new("/proc/self/fd").join(folder.as_raw_fd().to_string()).join(name);
        Ok(Self { path, _folder: Some(folder) })
    }

    fn as_path(&self) -> &Path {
        &self.path
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::net::{UnixListener, UnixStream};

    #[test]
    fn a_socket_deep_in_the_tree_is_reached_all_the_same() {
        let outer = tempfile::tempdir().unwrap();
        let deep = outer.path().join("d".repeat(200));
        std::fs::create_dir(&deep).unwrap();
        for folder in [outer.path(), &deep] {
            let socket = folder.join("admin.sock");
            let _listener = UnixListener::bind(Address::of(&socket).unwrap().as_path()).unwrap();
            assert!(socket.exists());
            UnixStream::connect(Address::of(&socket).unwrap().as_path()).unwrap();
        }
    }
}
