//! The host's side: a child for each form.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use dinh_child::{Answer, Bound, ChildError, Limits, Program};

use crate::{Job, PrintError};

/// What printing one form may take: enough for a table of 10,000 rows (see the decision for what that takes).
pub const LIMITS: Limits = Limits {
    memory: 2560 << 20,
    cpu: Duration::from_secs(30),
    wall: Duration::from_secs(60),
    bytes: 64 << 20,
};

/// Prints forms, each in a child process of its own.
#[derive(Debug)]
pub struct Press {
    program: Program,
    limits: Limits,
}

impl Press {
    /// Prints with a program that does what [`child`](crate::child) does when it gets `arguments` and the limits
    /// after them.
    pub fn new(program: PathBuf, arguments: Vec<OsString>, limits: Limits) -> Self {
        Self { program: Program::new(program, arguments), limits }
    }

    /// Prints a form; returns when it is done or a limit has ended it. Call it from a thread that may wait.
    pub fn print(&self, job: &Job, data: Vec<u8>) -> Result<Vec<u8>, PrintError> {
        let mut head = serde_json::to_vec(job).map_err(PrintError::input)?;
        head.push(b'\n');
        match self.program.run(&self.limits, &[], vec![head, data]).map_err(ended)? {
            Answer::Done(pdf) if pdf.starts_with(b"%PDF-") => Ok(pdf),
            Answer::Done(_) => Err(PrintError::failed("the child wrote no PDF")),
            Answer::Refused(told) => Err(serde_json::from_slice(&told)
                .unwrap_or_else(|_| PrintError::failed("the child says nothing that can be read"))),
        }
    }
}

fn ended(error: ChildError) -> PrintError {
    match error {
        ChildError::Limit { bound, allowed, .. } => match bound {
            Bound::Memory => PrintError::limit("MiB of memory", allowed >> 20),
            Bound::Cpu => PrintError::limit("seconds of CPU time", allowed / 1_000),
            Bound::Wall => PrintError::limit("seconds", allowed / 1_000),
            Bound::Answer => PrintError::limit("bytes", allowed),
            Bound::Stack => PrintError::limit("nesting, in MiB of stack", allowed >> 20),
        },
        other => PrintError::failed(other),
    }
}
