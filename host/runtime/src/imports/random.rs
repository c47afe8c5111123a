//! `random`: numbers from the call's seed.

use crate::bindings::random;
use crate::state::State;

impl random::Host for State {
    fn next(&mut self) -> wasmtime::Result<u64> {
        Ok(self.call.random())
    }
}
