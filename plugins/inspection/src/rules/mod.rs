//! The rules of inspection, as pure functions: they take days, rows and records, and ask nobody.
//!
//! ```text
//! days        calendar and working days, with holidays; what a suspension does to a deadline
//! dated       which row of a catalog holds on a day
//! kind        the seven kinds of dossiers
//! procedure   a dossier as a state machine: which step follows, what keeps one from being closed
//! deadline    overdue, due soon, suspended
//! reminder    when people are reminded of a deadline
//! discipline  limitation, end of effect, ballots
//! complaint   the two clocks of a complaint against discipline
//! matrix      the statistics: subjects by level, by content, by conclusion
//! template    words in braces filled in
//! ```

pub mod complaint;
pub mod dated;
pub mod days;
pub mod deadline;
pub mod discipline;
pub mod kind;
pub mod matrix;
pub mod procedure;
pub mod reminder;
pub mod template;
