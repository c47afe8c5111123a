//! `clock`: the call's one instant.

use dinh_model::time;

use crate::bindings::{clock, types};
use crate::state::State;

impl clock::Host for State {
    fn now(&mut self) -> wasmtime::Result<types::Instant> {
        Ok(time::microseconds(self.call.now()))
    }

    fn today(&mut self) -> wasmtime::Result<types::Date> {
        Ok(time::days(self.call.today()))
    }
}
