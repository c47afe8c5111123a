//! The WebAssembly engine: one function builds its configuration, and a test pins it.
//!
//! The pool's numbers are by measurement on two cores, wasmtime 48, a component of the SDK, store,
//! instance and a trivial call together: 24–26 µs with the pool's defaults, 3–5 µs as configured here; with
//! 1 MiB of guest heap touched, 290 µs and 40–60 µs.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use sha2::{Digest, Sha256};
use wasmtime::{
    Config, Enabled, Engine, InstanceAllocationStrategy, OptLevel, PoolingAllocationConfig, Strategy,
};

use crate::{RuntimeError, limits};

/// How often running guests are looked at. A limit of time is kept to about this; more often would cost
/// guests and host more than it would tell.
pub const TICK: Duration = Duration::from_millis(5);

/// Core instances of one component: the module, wit-component's shim and fix-up modules, and room for the
/// libraries of an interpreter.
pub(crate) const CORE_INSTANCES: u32 = 24;
/// Linear memories of one component: SDK guests and interpreters have one; components composed of two
/// have two.
pub(crate) const MEMORIES: u32 = 2;
/// Tables of one component: one of each module that calls indirectly.
pub(crate) const TABLES: u32 = 8;

/// Most elements of one table: the largest interpreter seen has 12,000 functions in its own.
pub(crate) const TABLE_ELEMENTS: usize = 20_000;

/// An engine whose pool holds `calls` calls at a time.
pub fn start(calls: u32) -> Result<Engine, RuntimeError> {
    let pagemap = PoolingAllocationConfig::is_pagemap_scan_available();
    let engine =
        Engine::new(&config(calls, pagemap)).map_err(|error| RuntimeError::Engine(format!("{error:#}")))?;
    tick(&engine)?;
    Ok(engine)
}

/// The configuration of every engine of this host. `pagemap`: whether the kernel can tell which pages of a
/// memory were touched (`PAGEMAP_SCAN`, Linux 6.7).
pub fn config(calls: u32, pagemap: bool) -> Config {
    let mut config = Config::new();
    config
        .strategy(Strategy::Cranelift)
        .cranelift_opt_level(OptLevel::Speed)
        .allocation_strategy(InstanceAllocationStrategy::Pooling(pool(calls, pagemap)))
        // Cheaper than fuel: guests compare a word at each loop and call instead of counting. The limit is
        // time, so that the answer need not be the same on every machine.
        .epoch_interruption(true)
        .max_wasm_stack(limits::STACK)
        // A call runs on one thread and returns: no tasks, no streams, no futures.
        .concurrency_support(false)
        .wasm_component_model(true)
        // Fresh memories are mapped copy-on-write from the module's image.
        .memory_init_cow(true)
        // The pool reserves 4 GiB of address space for each memory, and guards behind them: guests need no
        // bounds checks, and a stray access meets a guard.
        .memory_reservation(4 << 30)
        .memory_guard_size(32 << 20)
        .guard_before_linear_memory(true)
        .signals_based_traps(true)
        // A trap names functions for the vendor's log.
        .wasm_backtrace_max_frames(NonZeroUsize::new(20))
        .generate_address_map(true);
    // Proposals that neither Rust, JavaScript nor Python guests need are not there to be attacked. (Threads
    // and garbage collection are not compiled in.)
    config
        .wasm_memory64(false)
        .wasm_multi_memory(false)
        .wasm_tail_call(false)
        .wasm_relaxed_simd(false)
        .wasm_custom_page_sizes(false)
        .wasm_wide_arithmetic(false)
        .wasm_stack_switching(false)
        .wasm_branch_hinting(false)
        .shared_memory(false);
    config
}

fn pool(calls: u32, pagemap: bool) -> PoolingAllocationConfig {
    // With the kernel's help only the pages a call has touched are cleared. Without it, keeping pages
    // resident means clearing Rust's untouched 1 MiB stack at the bottom of each memory, which costs more
    // than giving the pages back; with neither, two threads hardly scale.
    let mut pool = PoolingAllocationConfig::new();
    pool.total_component_instances(calls)
        .total_core_instances(calls * CORE_INSTANCES)
        .total_memories(calls * MEMORIES)
        .total_tables(calls * TABLES)
        .max_core_instances_per_component(CORE_INSTANCES)
        .max_memories_per_component(MEMORIES)
        .max_tables_per_component(TABLES)
        .max_memories_per_module(1)
        .max_tables_per_module(4)
        .table_elements(TABLE_ELEMENTS)
        .max_component_instance_size(1 << 20)
        .max_core_instance_size(1 << 20)
        .max_memory_size(limits::Limits::MOST.memory)
        // As many slots as calls: each stays with the plugin it served last.
        .max_unused_warm_slots(calls)
        .linear_memory_keep_resident(if pagemap { 2 << 20 } else { 0 })
        .table_keep_resident(if pagemap { 64 << 10 } else { 0 })
        .pagemap_scan(if pagemap { Enabled::Yes } else { Enabled::No });
    pool
}

/// An engine that makes code for those of [`start`], and runs none: without a pool, which reserves address space, and on
/// one thread, so that what compiling takes is the same on every machine.
pub(crate) fn for_compiling() -> wasmtime::Result<Engine> {
    Engine::new(
        config(1, false)
            .allocation_strategy(InstanceAllocationStrategy::OnDemand)
            .parallel_compilation(false),
    )
}

/// Advances the engine's clock from a thread of its own, which a busy guest cannot hold up, for as long as
/// there is an engine.
fn tick(engine: &Engine) -> Result<(), RuntimeError> {
    let engine = engine.weak();
    thread::Builder::new()
        .name("dinh-ticker".to_owned())
        .spawn(move || {
            while let Some(engine) = engine.upgrade() {
                engine.increment_epoch();
                drop(engine);
                thread::sleep(TICK);
            }
        })
        .map_err(RuntimeError::io("starting a thread", "dinh-ticker"))?;
    Ok(())
}

/// What calls hold of an engine's pool.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct InUse {
    /// Instances of components: one of each call that runs a guest.
    pub instances: u64,
    /// Linear memories.
    pub memories: usize,
    /// Tables.
    pub tables: usize,
}

/// What calls hold of an engine's pool at this moment.
pub fn in_use(engine: &Engine) -> InUse {
    engine.pooling_allocator_metrics().map_or_else(InUse::default, |pool| InUse {
        instances: pool.component_instances(),
        memories: pool.memories(),
        tables: pool.tables(),
    })
}

/// What native code depends on besides the component: the engine's version and configuration.
pub fn compatibility(engine: &Engine) -> Arc<[u8]> {
    use std::hash::{Hash, Hasher};
    struct Sha(Sha256);
    impl Hasher for Sha {
        fn write(&mut self, bytes: &[u8]) {
            self.0.update(bytes);
        }
        fn finish(&self) -> u64 {
            0
        }
    }
    let mut sha = Sha(Sha256::new());
    engine.precompile_compatibility_hash().hash(&mut sha);
    Arc::from(sha.0.finalize().as_slice())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_engine_is_configured_as_it_was_measured() {
        insta::assert_snapshot!(format!("{:#?}\n{:#?}", config(8, true), pool(8, true)));
    }

    #[test]
    fn without_the_kernels_help_no_page_is_kept_resident() {
        let differs = |line: &&str| line.contains("resident") || line.contains("pagemap");
        let without = format!("{:#?}", pool(8, false));
        let lines: Vec<&str> = without.lines().filter(differs).map(str::trim).collect();
        insta::assert_debug_snapshot!(lines);
    }

    #[test]
    fn two_engines_of_one_configuration_agree_on_native_code() {
        let (first, second) = (start(2).unwrap(), start(4).unwrap());
        assert_eq!(compatibility(&first), compatibility(&second));
        assert_eq!(compatibility(&first), compatibility(&for_compiling().unwrap()));
        assert_eq!(compatibility(&first).len(), 32);
    }
}
