//! Why a child gave no answer.

use std::fmt;

/// What of its [`Limits`](crate::Limits) a child has used up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// Address space, in bytes.
    Memory,
    /// CPU time, in milliseconds.
    Cpu,
    /// Time from start to end, in milliseconds.
    Wall,
    /// The answer, in bytes.
    Answer,
    /// The stack of its thread, in bytes.
    Stack,
}

impl fmt::Display for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Memory => "bytes of memory",
            Self::Cpu => "milliseconds of CPU time",
            Self::Wall => "milliseconds",
            Self::Answer => "bytes of its answer",
            Self::Stack => "bytes of its stack",
        })
    }
}

/// Why a child gave no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ChildError {
    /// It reached a limit.
    #[error("the child process used {used} of {allowed} {bound}")]
    Limit {
        /// Which.
        bound: Bound,
        /// How much it is known to have used: where the system ended it, all that it may.
        used: u64,
        /// How much it may use.
        allowed: u64,
    },
    /// It could not be started, or ended as it never should: what is known of it.
    #[error("the child process {0}")]
    Failed(String),
}

impl ChildError {
    /// A limit of which everything was used.
    pub(crate) fn all(bound: Bound, allowed: u64) -> Self {
        Self::Limit { bound, used: allowed, allowed }
    }
}
