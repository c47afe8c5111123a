//! Promises of records.
