//! Harm by computing.

use std::hint::black_box;
use std::sync::atomic::{AtomicU32, Ordering};

use dinh_sdk::prelude::*;

/// Never ends.
pub fn endless() -> ! {
    loop {
        black_box(());
    }
}

/// Never ends.
pub fn spin(_: &Request) -> Result<Page> {
    endless()
}

fn deep(depth: u64) -> u64 {
    if black_box(depth) == u64::MAX { depth } else { deep(depth + 1) ^ black_box(1) }
}

/// Calls itself until the stack is full.
pub fn recurse(_: &Request) -> Result<Page> {
    Ok(Page::new(deep(0).to_string()))
}

/// Takes memory until there is none.
pub fn grow(_: &Request) -> Result<Page> {
    let mut taken = Vec::new();
    loop {
        taken.push(black_box(vec![1_u8; 1 << 20]));
    }
}

/// Takes nearly all of the heap that `dinh plugin build` gives a guest; shows by how many pages its memory grew.
pub fn within(_: &Request) -> Result<Page> {
    let before = pages();
    let taken: Vec<Vec<u8>> = (0..15).map(|_| black_box(vec![1; 60 << 10])).collect();
    Ok(Page::new(format!("taken: {}, grown: {}", taken.len(), pages() - before)))
}

/// Pages of memory that there are.
fn pages() -> usize {
    #[cfg(target_arch = "wasm32")]
    return core::arch::wasm32::memory_size::<0>();
    #[cfg(not(target_arch = "wasm32"))]
    return 0;
}

/// Breaks off.
pub fn break_off(_: &Request) -> Result<Page> {
    panic!("this plugin broke off")
}

/// Says that it failed.
pub fn fail(_: &Request) -> Result<Page> {
    Err(Error::Failed("the secret of the vendor".to_owned()))
}

static CALLS: AtomicU32 = AtomicU32::new(0);

/// Shows how many calls it remembers.
pub fn remember(_: &Request) -> Result<Page> {
    let calls = CALLS.fetch_add(1, Ordering::Relaxed) + 1;
    Ok(Page::new(format!("calls: {calls}")))
}
