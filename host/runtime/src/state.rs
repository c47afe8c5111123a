//! What a call holds while its guest runs: the services' call, the sheet it was given, and what it has used.

use std::collections::HashMap;
use std::sync::Arc;

use dinh_access::PermissionIndex;
use dinh_model::PluginId;
use dinh_services::records::{PluginData, RecordError};
use dinh_services::{Call, CallTime, Resource, ServiceError, Trip};
use wasmtime::ResourceLimiter;

use crate::aside::Front;
use crate::{AskedSheet, Manifest, Plugin, limits};

/// The data of a call's store.
pub(crate) struct State {
    /// What the services know of the call.
    pub(crate) call: Box<Call>,
    pub(crate) manifest: Arc<Manifest>,
    pub(crate) data: Arc<PluginData>,
    /// The manifest's permissions as the call's policy numbers them, in the manifest's order.
    pub(crate) permissions: Arc<[Option<PermissionIndex>]>,
    /// The sheet that a person uploaded.
    pub(crate) sheet: Option<AskedSheet>,
    /// The plugins that are served: whose datasets can be read.
    pub(crate) plugins: Arc<HashMap<PluginId, Arc<Plugin>>>,
    pub(crate) memory: Memory,
    /// Of its plugin; none while it is only tried whether an instance can be made.
    pub(crate) front: Option<Arc<Front>>,
}

/// Why a host call ends the guest's call.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Stop {
    /// A limit was reached.
    #[error(transparent)]
    Limit(Trip),
    /// The host failed.
    #[error(transparent)]
    Service(ServiceError),
}

impl From<ServiceError> for Stop {
    fn from(error: ServiceError) -> Self {
        match error {
            ServiceError::Limit(trip) => Self::Limit(trip),
            other => Self::Service(other),
        }
    }
}

impl From<RecordError> for Stop {
    fn from(error: RecordError) -> Self {
        ServiceError::from(error).into()
    }
}

/// As wasmtime carries it through the guest.
pub(crate) fn stop(error: impl Into<Stop>) -> wasmtime::Error {
    wasmtime::Error::new(error.into())
}

impl State {
    /// A call about to begin: its time runs from now, on this thread.
    pub(crate) fn new(
        mut call: Box<Call>,
        manifest: &Arc<Manifest>,
        data: &Arc<PluginData>,
        permissions: Arc<[Option<PermissionIndex>]>,
        sheet: Option<AskedSheet>,
        plugins: Arc<HashMap<PluginId, Arc<Plugin>>>,
    ) -> Self {
        let limits = manifest.limits;
        call.usage.time = Some(CallTime::start(limits.cpu, limits.wall));
        Self {
            call,
            manifest: Arc::clone(manifest),
            data: Arc::clone(data),
            permissions,
            sheet,
            plugins,
            memory: Memory::new(limits.memory),
            front: None,
        }
    }

    /// Counts bytes that cross between guest and host.
    pub(crate) fn crossed(&mut self, bytes: usize) -> wasmtime::Result<()> {
        self.spend(Resource::HostBytes, bytes as u64)
    }

    /// Counts what the call uses.
    pub(crate) fn spend(&mut self, resource: Resource, amount: u64) -> wasmtime::Result<()> {
        self.call.spend(resource, amount).map_err(|trip| wasmtime::Error::new(Stop::Limit(trip)))
    }
}

/// The linear memories and tables of a call, summed: splitting them does not give more.
#[derive(Debug)]
pub(crate) struct Memory {
    used: usize,
    allowed: usize,
}

impl Memory {
    pub(crate) fn new(allowed: usize) -> Self {
        Self { used: 0, allowed }
    }

    /// Whether it may grow. What its own type forbids is refused to the guest and not counted: it is not taken.
    fn grow(&mut self, current: usize, desired: usize, maximum: Option<usize>) -> wasmtime::Result<bool> {
        if maximum.is_some_and(|maximum| desired > maximum) {
            return Ok(false);
        }
        let used = self.used.saturating_sub(current).saturating_add(desired);
        if used > self.allowed {
            return Err(wasmtime::Error::new(Stop::Limit(limits::memory(used, self.allowed))));
        }
        self.used = used;
        Ok(true)
    }
}

impl ResourceLimiter for Memory {
    fn memory_growing(
        &mut self,
        current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        self.grow(current, desired, maximum)
    }

    fn table_growing(
        &mut self,
        current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        // An element is a pointer.
        let bytes = |elements: usize| elements.saturating_mul(size_of::<usize>());
        self.grow(bytes(current), bytes(desired), maximum.map(bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memories_and_tables_are_summed() {
        let mut memory = Memory::new(256 << 10);
        assert!(memory.memory_growing(0, 128 << 10, None).unwrap());
        assert!(memory.memory_growing(0, 64 << 10, None).unwrap());
        assert!(memory.table_growing(0, 8 << 10, None).unwrap());
        let error = memory.memory_growing(64 << 10, 128 << 10, None).unwrap_err();
        let Some(Stop::Limit(trip)) = error.downcast_ref::<Stop>() else { panic!("{error}") };
        assert_eq!((trip.what, trip.used, trip.allowed), ("memory-bytes", 320 << 10, 256 << 10));
    }

    #[test]
    fn what_is_asked_for_in_vain_is_not_counted() {
        let mut memory = Memory::new(256 << 10);
        assert!(memory.memory_growing(0, 64 << 10, Some(128 << 10)).unwrap());
        for _ in 0..10 {
            assert!(!memory.memory_growing(64 << 10, 192 << 10, Some(128 << 10)).unwrap());
            assert!(!memory.table_growing(0, 1 << 20, Some(100)).unwrap());
        }
        assert!(memory.table_growing(0, 24 << 10, None).unwrap());
    }
}
