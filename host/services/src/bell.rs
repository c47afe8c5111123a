//! A bell: rung by whoever has done something, heard by whoever waits for it.

use std::time::Duration;

use parking_lot::{Condvar, Mutex};

/// A bell. Rung while nobody listens, it is heard by the next who does.
#[derive(Debug, Default)]
pub struct Bell {
    rung: Mutex<bool>,
    heard: Condvar,
}

impl Bell {
    /// Rings it.
    pub fn ring(&self) {
        *self.rung.lock() = true;
        self.heard.notify_all();
    }

    /// Waits until it is rung, for this long at most; whether it was.
    pub fn wait(&self, most: Duration) -> bool {
        let mut rung = self.rung.lock();
        if !*rung {
            let _timed_out = self.heard.wait_for(&mut rung, most);
        }
        std::mem::take(&mut rung)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bell_that_rang_before_anybody_listened_is_heard_once() {
        let bell = Bell::default();
        bell.ring();
        assert!(bell.wait(Duration::ZERO));
        assert!(!bell.wait(Duration::ZERO));
    }
}
