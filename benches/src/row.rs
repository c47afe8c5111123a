//! What a row of the table is.

use std::hint::black_box;
use std::time::{Duration, Instant};

/// One of the things that are timed.
pub struct Side {
    /// What it is, in a few words.
    pub name: String,
    /// Does it that many times and says how long that took, setting up and clearing away apart.
    pub run: Box<dyn FnMut(u64) -> Duration>,
}

impl Side {
    /// Timed by its own clock.
    pub fn timed(name: &str, run: impl FnMut(u64) -> Duration + 'static) -> Self {
        Self { name: name.to_owned(), run: Box::new(run) }
    }

    /// All of it counts.
    pub fn new<T>(name: &str, mut run: impl FnMut() -> T + 'static) -> Self {
        Self::timed(name, move |times| {
            let start = Instant::now();
            for _ in 0..times {
                black_box(run());
            }
            start.elapsed()
        })
    }
}

/// What is good enough.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Goal {
    /// The subject takes at most so many times as long as what it stands beside.
    AtMost(f64),
    /// The subject does at least so many times as much in a second.
    AtLeast(f64),
    /// One operation takes at most so long.
    Within(Duration),
    /// What is measured is room and not time, one nanosecond for each byte: at most so many bytes.
    Fits(u64),
    /// Nothing is asked; the figure is there to be seen.
    Seen,
}

/// One row: a subject, what it stands beside, and what is asked of it.
pub struct Row {
    /// What is measured.
    pub name: String,
    /// Operations in one run of each side; times are printed for one of them.
    pub operations: u64,
    /// What is measured.
    pub subject: Side,
    /// The limit, a peer or the same work done otherwise.
    pub beside: Option<Side>,
    /// What is good enough.
    pub goal: Goal,
}

/// Rows that share what they are measured on.
pub struct Group {
    /// Its name, for the filter.
    pub name: &'static str,
    /// Sets it up.
    pub rows: fn() -> Vec<Row>,
}
