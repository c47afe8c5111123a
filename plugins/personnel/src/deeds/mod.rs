//! What decisions do.
//!
//! ```text
//! propose   what a draft says before anybody has typed anything: the rules' own answer
//! fits      whether a draft makes sense for the officer as things are
//! apply     a signed decision written into the record and its histories, in one change
//! ```

pub(crate) mod apply;
pub(crate) mod fits;
pub(crate) mod propose;
