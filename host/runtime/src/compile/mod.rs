//! Compilation: a stranger's component becomes native code, in a child process that may be ended (decision 27).
//!
//! What a compiler does with hostile input cannot be bounded from inside: a few megabytes of WebAssembly can make it take
//! gigabytes or hours. So the server compiles nothing itself.
//!
//! ```text
//! host    Workshop ── component ──▶ child process, limited: same engine? validate, compile     workshop, child
//!         frame: which engine, which component, which code  ◀── or why there is none           frame, error
//!   └──▶ cache, which keeps and trusts it                                                      crate::cache
//! ```
//!
//! It promises:
//! - the host goes on, whatever a component is: each compilation has bounds on memory, CPU time, wall time and bytes of
//!   code ([`LIMITS`]), each ends in a [`CompileError`] that says how much of it was used;
//! - at most [`MOST_AT_ONCE`] run at a time, and nobody waits for a place longer than one of them may take;
//! - code is taken only whole, for this engine and for the component that was given.

mod child;
mod error;
mod frame;
mod workshop;

use std::time::Duration;

use dinh_child::Limits;

pub use child::child;
pub use error::CompileError;
pub use workshop::{Compiler, Outcomes};
pub(crate) use workshop::{Workshop, places};

/// What compiling one component may take. Measured on the machine of the decision, one thread, with figures for the
/// largest components there are: those that carry an interpreter.
pub const LIMITS: Limits = Limits {
    memory: 4 << 30,
    cpu: Duration::from_secs(120),
    wall: Duration::from_secs(300),
    bytes: 192 << 20,
};

/// Most compilations at a time, on a machine that has as many processors: each may take gigabytes.
pub const MOST_AT_ONCE: usize = 4;
