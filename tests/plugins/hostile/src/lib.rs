//! A plugin that does harm, one kind at each path. The host's tests prove that each ends with a typed
//! reason, that nothing of it is kept, and that the next call finds the house as it was.
//!
//! ```text
//! compute   endless loops, deep recursion, growing memory; and no harm: memory that need not grow
//! flood     calls of the host: lines, bytes, rows, records
//! timers    timers without end, and what is none
//! lie       pages that are none
//! count     what may be done: a counter, for conflicts and for what must not be kept
//! ```

#![allow(clippy::panic, reason = "breaking off is what some of these paths are for")]

mod compute;
mod count;
mod flood;
mod lie;
mod timers;

use dinh_sdk::prelude::*;

fn routes() -> Router {
    Router::new()
        .page("/", count::show)
        .form("add", count::add)
        .form("add-then-break", count::add_then_break)
        .form("add-then-refuse", count::add_then_refuse)
        .form("add-then-invalid", count::add_then_invalid)
        .form("add-then-spin", count::add_then_spin)
        .form("add-then-lie", count::add_then_lie)
        .form("records", flood::records)
        .form("require", count::require)
        .form("timers", timers::flood)
        .form("no-timers", timers::nonsense)
        .page("/spin", compute::spin)
        .page("/recurse", compute::recurse)
        .page("/grow", compute::grow)
        .page("/within", compute::within)
        .page("/break", compute::break_off)
        .page("/remember", compute::remember)
        .page("/fail", compute::fail)
        .page("/lines", flood::lines)
        .page("/bytes", flood::bytes)
        .page("/rows", flood::rows)
        .page("/calls", flood::calls)
        .page("/targets", flood::targets)
        .page("/write", flood::write)
        .page("/forged-log", flood::forged_log)
        .page("/large", lie::large)
        .page("/larger", lie::larger)
        .page("/twice", lie::twice)
        .page("/short", lie::short)
        .page("/ends", lie::ends)
        .page("/utf8", lie::utf8)
        .page("/script", lie::script)
        .page("/secret", lie::secret)
}

fn events() -> Events {
    Events::new().on_timer("tick", timers::fired)
}

dinh_sdk::plugin!(routes, events);
