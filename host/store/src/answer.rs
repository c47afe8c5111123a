//! The way back to whoever waits for a change.
//!
//! A group may have hundreds of callers asleep, and waking one is a system call. So the writer wakes two, who
//! each wake two more before they go on: it is back at the queue at once, and the waking is shared by all
//! processors.

use std::sync::Arc;
use std::thread::{self, Thread};

use parking_lot::Mutex;

use crate::{CommitError, Committed, StoreError};

type Outcome = Result<Committed, CommitError>;

/// Where a caller waits.
pub(crate) struct Waiting {
    shared: Arc<Shared>,
}

/// The writer's end. Its caller is answered, even when it is only dropped.
pub(crate) struct Answer {
    /// Until it is given.
    shared: Option<Arc<Shared>>,
    outcome: Outcome,
}

struct Shared {
    caller: Thread,
    given: Mutex<Option<Given>>,
}

/// An outcome, and others who have theirs and are to be woken.
struct Given {
    outcome: Outcome,
    others: Vec<Answer>,
}

/// The outcome when the writer stopped for good before it noted one.
fn stopped() -> Outcome {
    Err(CommitError::Store(StoreError::Closed))
}

/// Both ends, for the thread that calls.
pub(crate) fn answer() -> (Answer, Waiting) {
    let shared = Arc::new(Shared { caller: thread::current(), given: Mutex::new(None) });
    (Answer { shared: Some(Arc::clone(&shared)), outcome: stopped() }, Waiting { shared })
}

impl Waiting {
    /// Sleeps until the answer is there.
    pub(crate) fn wait(self) -> Outcome {
        loop {
            if let Some(Given { outcome, others }) = self.shared.given.lock().take() {
                wake(others);
                return outcome;
            }
            thread::park();
        }
    }
}

impl Answer {
    /// Notes the outcome, to be given by [`wake`].
    pub(crate) fn note(&mut self, outcome: Outcome) {
        self.outcome = outcome;
    }

    /// Gives it, with others to be woken.
    fn give(&mut self, others: Vec<Self>) {
        let Some(shared) = self.shared.take() else { return };
        let outcome = std::mem::replace(&mut self.outcome, stopped());
        *shared.given.lock() = Some(Given { outcome, others });
        shared.caller.unpark();
    }
}

impl Drop for Answer {
    fn drop(&mut self) {
        self.give(Vec::new());
    }
}

/// Wakes all who are answered.
pub(crate) fn wake(mut answers: Vec<Answer>) {
    let others = answers.split_off(answers.len() / 2);
    for mut half in [answers, others] {
        if let Some(mut first) = half.pop() {
            first.give(half);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;
    use crate::Seq;

    #[test]
    fn everybody_has_the_own_answer_and_whoever_is_forgotten_is_told() {
        const CALLERS: u64 = 100;
        let (tell, told) = mpsc::channel();
        thread::scope(|threads| {
            for number in 0..CALLERS {
                let tell = tell.clone();
                threads.spawn(move || {
                    let (answer, waiting) = answer();
                    tell.send((number, answer)).unwrap();
                    match waiting.wait() {
                        Ok(committed) => assert!(number != 7 && committed.seq == Seq(number)),
                        Err(error) => {
                            assert!(number == 7 && matches!(error, CommitError::Store(StoreError::Closed)));
                        }
                    }
                });
            }
            let note = |(number, mut answer): (u64, Answer)| {
                (number != 7).then(|| {
                    answer.note(Ok(Committed { seq: Seq(number), numbers: Vec::new() }));
                    answer
                })
            };
            // That of 7 is dropped.
            wake(told.iter().take(CALLERS as usize).filter_map(note).collect());
        });
    }
}
