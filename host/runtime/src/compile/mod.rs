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

pub use child::child;
pub use dinh_child::{Limits, Program};
pub use error::CompileError;
pub use workshop::{Compiler, Outcomes};
pub(crate) use workshop::{Workshop, places};

/// What compiling one component may take. Measured on two cores, on one thread, this profile: a plugin of the SDK
/// (1.6 MB) takes 2 s and 0.3 GiB of address space and gives 4.3 MB of code; one that carries Python (18.5 MB) takes 13 s
/// and 0.5 GiB and gives 35 MB. So the largest package there may be ([`crate::package::LARGEST`]) takes, if it is of that
/// kind, 46 s and 1.7 GiB and gives 122 MB. One function of 190 kB made for it takes 118 s and then asks for 6 GB more.
pub const LIMITS: Limits = Limits {
    memory: 2 << 30,
    cpu: Duration::from_secs(120),
    // On a machine whose processors are taken by others.
    wall: Duration::from_secs(300),
    bytes: 192 << 20,
};

/// Most compilations at a time, on a machine that has as many processors: each may take gigabytes. There are two at
/// least, so that one component made to take long holds up no other.
pub const MOST_AT_ONCE: usize = 4;
