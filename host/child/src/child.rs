//! The child's side: limits first, then the work.

use std::io;

use rustix::process::{Resource, Rlimit, Signal, set_parent_process_death_signal, setrlimit};

use crate::Limits;

/// Bytes of the stack that work is done on: nesting that a library still allows fits in.
pub(crate) const STACK: usize = 64 << 20;

/// By how much a child is lowered (Linux's *nice*): a tenth of the weight of the host's own threads.
const LOWERED: i32 = 10;

/// Sets the limits. From here on the process opens nothing: no file, no socket, whatever its input could make it try;
/// and it ends when the thread that started it does. To be done first of all.
pub fn confine(limits: &Limits) -> io::Result<()> {
    let bounded = |resource, soft: u64, hard: u64| {
        setrlimit(resource, Rlimit { current: Some(soft), maximum: Some(hard) }).map_err(io::Error::from)
    };
    let set = |resource, most: u64| bounded(resource, most, most);
    set_parent_process_death_signal(Some(Signal::KILL))?;
    set(Resource::As, limits.memory as u64)?;
    // At the soft limit there is a signal of its own, so that a child ended by another hand is told apart.
    let cpu = limits.cpu.as_secs().max(1);
    bounded(Resource::Cpu, cpu, cpu + 1)?;
    set(Resource::Core, 0)?;
    set(Resource::Fsize, 0)?;
    // 0, 1 and 2 are open; no further one can be.
    set(Resource::Nofile, 3)?;
    // What takes seconds goes on behind the host's pages. Where that is not to be had the limits hold all the same.
    let _ = rustix::process::nice(LOWERED);
    Ok(())
}

/// Does the work on a thread with a large stack; none when it broke off.
pub fn work<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> io::Result<Option<T>> {
    Ok(std::thread::Builder::new().stack_size(STACK).spawn(work)?.join().ok())
}
