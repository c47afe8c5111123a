//! Which connections rest: nothing was asked on them yet, or everything was answered. When all places are
//! taken, the one that has rested longest makes room for whoever comes next. So connections that are opened and
//! say nothing keep nobody out, however many they are, and whether or not they all come through one proxy.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody};
use hyper::body::{Frame, SizeHint};
use parking_lot::Mutex;
use tokio::sync::Notify;

/// The connections that rest, the longest first.
#[derive(Debug, Default)]
pub struct Resting(Mutex<Turns>);

#[derive(Debug, Default)]
struct Turns {
    next: u64,
    waiting: BTreeMap<u64, Arc<Notify>>,
}

impl Resting {
    /// Asks the connection that has rested longest to leave, if one rests.
    pub fn displace(&self) {
        let longest = self.0.lock().waiting.pop_first();
        if let Some((_, leave)) = longest {
            leave.notify_one();
        }
    }
}

/// A connection among those that rest.
#[derive(Debug)]
pub struct Seat {
    all: Arc<Resting>,
    leave: Arc<Notify>,
    /// Its turn while it rests.
    turn: Mutex<Option<u64>>,
}

impl Seat {
    /// A new connection: it rests until something was asked on it.
    pub fn new(all: &Arc<Resting>) -> Arc<Self> {
        let seat = Self { all: Arc::clone(all), leave: Arc::default(), turn: Mutex::default() };
        seat.rest();
        Arc::new(seat)
    }

    /// Something is under way until the returned value is dropped.
    pub fn work(self: &Arc<Self>) -> Work {
        self.rise();
        Work(Arc::clone(self))
    }

    /// Once it rests and was asked to leave. One that was given something to do meanwhile stays.
    pub async fn displaced(&self) {
        loop {
            self.leave.notified().await;
            if self.turn.lock().is_some() {
                return;
            }
        }
    }

    fn rest(&self) {
        let mut mine = self.turn.lock();
        let mut turns = self.all.0.lock();
        let turn = turns.next;
        turns.next += 1;
        turns.waiting.insert(turn, Arc::clone(&self.leave));
        *mine = Some(turn);
    }

    fn rise(&self) {
        let mut mine = self.turn.lock();
        if let Some(turn) = mine.take() {
            self.all.0.lock().waiting.remove(&turn);
        }
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.rise();
    }
}

/// Something under way on a connection.
#[derive(Debug)]
pub struct Work(Arc<Seat>);

impl Drop for Work {
    fn drop(&mut self) {
        self.0.rest();
    }
}

/// An answer's body: the connection rests again when it has left.
pub struct Answer {
    body: Body,
    _work: Work,
}

impl Answer {
    /// The body of an answer to what is under way.
    pub fn new(body: Body, work: Work) -> Self {
        Self { body, _work: work }
    }
}

impl HttpBody for Answer {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether a connection leaves now.
    fn leaves(seat: &Seat) -> bool {
        let mut displaced = std::pin::pin!(seat.displaced());
        let mut context = Context::from_waker(std::task::Waker::noop());
        displaced.as_mut().poll(&mut context).is_ready()
    }

    #[test]
    fn the_one_that_has_rested_longest_leaves_and_none_that_works() {
        let all = Arc::new(Resting::default());
        let [first, second, third] = [Seat::new(&all), Seat::new(&all), Seat::new(&all)];
        let answering = first.work();
        all.displace();
        assert!(!leaves(&first) && leaves(&second) && !leaves(&third));
        drop(answering);
        drop(second);
        all.displace();
        assert!(!leaves(&first) && leaves(&third), "the first has only begun to rest");
    }

    #[test]
    fn one_that_was_asked_something_just_before_stays() {
        let all = Arc::new(Resting::default());
        let seat = Seat::new(&all);
        all.displace();
        let answering = seat.work();
        assert!(!leaves(&seat));
        drop(answering);
        assert!(!leaves(&seat), "it was asked to leave for a place that is not waited for any more");
        all.displace();
        assert!(leaves(&seat));
    }

    #[test]
    fn a_connection_that_is_gone_is_forgotten() {
        let all = Arc::new(Resting::default());
        drop(Seat::new(&all));
        drop(Seat::new(&all).work());
        assert!(all.0.lock().waiting.is_empty());
        all.displace();
    }
}
