//! Nothing of our own: what is built for it is the library that `fuzz` is linked with (`cargo xtask fuzz`).

pub use libfuzzer_sys as engine;
