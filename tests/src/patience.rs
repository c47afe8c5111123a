//! Waiting for what another process does in its own time.

use std::thread::sleep;
use std::time::{Duration, Instant};

/// How long anything may take on a busy machine.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// Looks until it is so; false when it never is.
pub fn until(is_so: impl Fn() -> bool) -> bool {
    look(|| is_so().then_some(())).is_some()
}

/// Looks until there is something; none when there never is.
pub fn look<T>(find: impl Fn() -> Option<T>) -> Option<T> {
    let begun = Instant::now();
    loop {
        if let Some(found) = find() {
            return Some(found);
        }
        if begun.elapsed() > PATIENCE {
            return None;
        }
        sleep(Duration::from_millis(50));
    }
}
