//! How many files and connections the process may have open. What a shell or a service manager gives a process
//! to begin with, often 1,024, is meant for programs that use `select`; it may ask for more up to a hard limit,
//! and a server has to: when its files run out it lets nobody in.

use anyhow::{Result, bail};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// What is not a connection of a page: the store, plugins, uploads under way, the log, the command socket.
const RESERVED: usize = 256;
/// Connections of monitoring.
pub const MONITORING: usize = 64;
/// Fewest connections of pages that are worth serving.
const FEWEST: usize = 64;

/// Raises the soft limit to the hard one, and says how many files may be open now.
pub fn raise() -> usize {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let raised = setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum }).is_ok();
    let most = if raised { maximum } else { current };
    most.and_then(|most| usize::try_from(most).ok()).unwrap_or(usize::MAX)
}

/// The connections of pages that so many open files leave room for, at most `wanted`.
pub fn connections(files: usize, wanted: usize) -> Result<usize> {
    let room = files.saturating_sub(RESERVED + MONITORING);
    if room < FEWEST {
        bail!(
            "at most {files} files may be open, and serving takes {}: raise the limit, with `ulimit -n` or with \
             LimitNOFILE in the unit of systemd",
            RESERVED + MONITORING + FEWEST
        );
    }
    Ok(room.min(wanted))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_never_take_the_files_that_everything_else_needs() {
        assert_eq!(connections(1_024, 10_000).unwrap(), 704);
        assert_eq!(connections(524_288, 10_000).unwrap(), 10_000);
        let refused = connections(256, 10_000).unwrap_err().to_string();
        assert!(
            refused.contains("256") && refused.contains("384") && refused.contains("LimitNOFILE"),
            "{refused}"
        );
    }
}
