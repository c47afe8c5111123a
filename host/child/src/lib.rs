//! A child process that does one thing with what a stranger made: lays out a form, compiles a component.
//!
//! What a library does with hostile input cannot be bounded from inside: it has no fuel, and a failed allocation ends
//! its process. So it is done in a process that may be ended, by the system or by its host.
//!
//! ```text
//! host    Program ── input ──▶ stdin  ┐
//!                                     child: confine, read, work, answer
//!         Answer  ◀── stdout, exit ───┘         (or ended, by a limit or by its host's end)
//! ```
//!
//! What it promises:
//! - the child has bounds on address space, CPU time, wall time and bytes of its answer ([`Limits`]); each ends in a
//!   [`ChildError`] that names it;
//! - once it is confined ([`confine`]) it opens no file and no socket; it gets nothing of the host's environment;
//! - nobody waits for it longer than its wall time, and it outlives neither that nor its host.

mod child;
mod error;
mod limits;
mod program;

pub use child::{confine, work};
pub use error::{Bound, ChildError};
pub use limits::Limits;
pub use program::{Answer, Program};
