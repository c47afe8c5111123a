//! The fuzzer: one target, named by `DINH_FUZZ`, under libFuzzer, whose options are the arguments.
#![no_main]
#![allow(clippy::panic, reason = "that is how a fuzzer is told")]

use std::sync::OnceLock;

use dinh_fuzz::{Target, named};

/// What libFuzzer calls with each input. A panic cannot leave it: the process ends, and the input is kept.
#[allow(unsafe_code, reason = "the engine knows it by this name and hands over a pointer and a length")]
#[unsafe(no_mangle)]
extern "C" fn LLVMFuzzerTestOneInput(start: *const u8, length: usize) -> i32 {
    static TARGET: OnceLock<&'static Target> = OnceLock::new();
    let target = TARGET.get_or_init(|| {
        let name = std::env::var("DINH_FUZZ").unwrap_or_default();
        named(&name).unwrap_or_else(|| panic!("DINH_FUZZ={name:?} names no target"))
    });
    // SAFETY: the engine gives `length` readable bytes at `start` for as long as the call lasts.
    let bytes = if length == 0 { &[] } else { unsafe { std::slice::from_raw_parts(start, length) } };
    (target.run)(bytes);
    0
}
