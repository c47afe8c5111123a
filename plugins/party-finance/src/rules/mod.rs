//! The rules of dues, as pure functions: they take days, facts and rates, and ask nobody.
//!
//! ```text
//! activity       the months of an organisation, from what was booked
//! assessment     what assessing a month came to for an organisation, and which ones a step of the job takes
//! rates          what changes by decree: dated rows, looked up as of a day
//! dues           what a member owes for a month
//! standing       how a member's account stands at a month's end: owed, paid, which months are unpaid
//! changes        what of a member has changed, for dues
//! organisations  the Party's organisations: kind, level, whom each remits to
//! spelled        amounts in words
//! tree           organisations, each after the one it stands below
//! retention      what an organisation keeps of what it took in, and what it hands up
//! book           S01/ĐP part II: months, quarters, the year
//! report         B01/ĐP: what each organisation contributes to each row
//! fund           what was retained and spent, day by day
//! budget         what a year was given for each item, and what was spent
//! voucher        asked for, approved, paid: by three people
//! ```

pub mod activity;
pub mod assessment;
pub mod book;
pub mod budget;
pub mod changes;
pub mod dues;
pub mod fund;
pub mod organisations;
pub mod rates;
pub mod report;
pub mod retention;
pub mod spelled;
pub mod standing;
pub mod tree;
pub mod voucher;
#[cfg(test)]
mod year;
