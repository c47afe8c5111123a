//! The rules of dues, as pure functions: they take days, facts and rates, and ask nobody.
//!
//! ```text
//! rates     what changes by decree: dated rows, looked up as of a day
//! dues      what a member owes for a month
//! standing  how a member's account stands at a month's end: owed, paid, which months are unpaid
//! changes   what of a member has changed, for dues
//! ```

pub mod changes;
pub mod dues;
pub mod rates;
pub mod standing;
