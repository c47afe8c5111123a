//! What plugins may call: one file for each interface of `wit/`.
//!
//! Each function does four things and no more: it counts what crosses, turns the guest's words into the
//! model's, asks the service, and turns the answer back. What a person may see is decided below, by the
//! services; what is not in the contract cannot be asked here.
//!
//! A function answers the guest with what the contract calls an error, and ends its call (a trap with a
//! typed reason, [`Stop`](crate::state::Stop)) when a limit is reached or the host itself fails.

pub(crate) mod access;
mod accounts;
mod catalog;
mod clock;
pub(crate) mod convert;
mod files;
mod job_control;
mod log;
mod notices;
mod random;
pub(crate) mod records;
mod schedule;
mod sharing;
mod sheets;
mod size;

use dinh_services::{Resource, ServiceError};

use wasmtime::component::{HasSelf, Linker};

pub(crate) use log::WITHHELD;

use crate::bindings::{PluginWithEvents, types, views};
use crate::state::{State, stop};

/// All of them, for a linker.
pub(crate) fn add_to(linker: &mut Linker<State>) -> wasmtime::Result<()> {
    PluginWithEvents::add_to_linker::<_, HasSelf<_>>(linker, |state: &mut State| state)
}

impl types::Host for State {}
impl views::Host for State {}

impl State {
    /// Counts looks into the store, each as a row whether or not it finds one: the host notes them for its conflicts,
    /// so that looking in vain is not free either.
    fn looks(&mut self, looks: usize) -> wasmtime::Result<()> {
        self.spend(Resource::RowsRead, looks as u64)
    }
}

/// What is not there is none; other failures end the call.
fn optional<T>(found: Result<T, ServiceError>) -> wasmtime::Result<Option<T>> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(ServiceError::NotFound { .. }) => Ok(None),
        Err(error) => Err(stop(error)),
    }
}
