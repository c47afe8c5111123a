//! Random numbers from the call's seed; not for keys or passwords.

/// 64 uniformly distributed bits: unpredictable from outside, the same again when the call is re-run.
pub fn next() -> u64 {
    crate::bindings::dinh::platform::random::next()
}
