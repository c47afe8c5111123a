//! Runs plugins.
pub mod bindings;
