//! Worker threads that run calls, fairly: a plugin that is slow or flooded fills its own lane, not the house.
//!
//! ```text
//! enter(lane, job) ─▶ lane of the plugin (bounded) ─┐
//!                     lane of another    (bounded) ─┼─ taken in turn, each lane at most so many at once ─▶ worker
//!                     …                             ┘
//! ```
//!
//! Guests run to completion on a thread of their own, because their calls are synchronous. A call that computes for
//! long [steps aside](crate::aside): its thread goes on behind all others, and leaves with it; the keeper starts
//! another in its place. What cannot be queued is turned away at once ([`Full`]).

use std::collections::{HashMap, VecDeque};
use std::io;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crate::aside;

/// Seconds after which a call that was turned away may come again.
pub const RETRY_AFTER: u32 = 2;

/// Bytes of a worker's stack: the guest's own limit, and ample room for the host below and above it.
const WORKER_STACK: usize = crate::limits::STACK + (2 << 20);

/// How long the keeper waits when the system starts no thread, before it tries again.
const NO_THREAD: Duration = Duration::from_millis(100);

/// How much the pool takes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Calls that run at the same time.
    pub workers: usize,
    /// Of these, at most so many of one lane.
    pub running_per_lane: usize,
    /// Calls that wait, of one lane.
    pub waiting_per_lane: usize,
    /// Calls that wait, of all lanes together.
    pub waiting: usize,
}

/// How much of the pool one lane may take, where that is less than any lane may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bound {
    /// Calls that run at the same time.
    pub running: usize,
    /// Calls that wait.
    pub waiting: usize,
}

/// Too many calls are waiting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Full;

type Job = Box<dyn FnOnce() + Send>;

/// The workers. Dropping the pool lets queued jobs finish and joins the threads.
pub struct Pool {
    shared: Arc<Shared>,
    keeper: Option<JoinHandle<()>>,
}

/// With the standard library's locks: whoever waits for one of `parking_lot`'s yields the processor first, which calls
/// that stand aside would take for the rest of their slice, some milliseconds.
struct Shared {
    size: Size,
    lanes: Mutex<Lanes>,
    /// There is work, or no more will come.
    work: Condvar,
    /// A worker has left, or none is needed any more.
    left: Condvar,
    workers: Mutex<Vec<JoinHandle<()>>>,
}

#[derive(Default)]
struct Lanes {
    lanes: HashMap<u32, Lane>,
    /// The lanes that may take less than others.
    bounds: HashMap<u32, Bound>,
    /// Lanes with a job that may run, in turn.
    ready: VecDeque<u32>,
    waiting: usize,
    /// Workers that wait for a job: while there are none, nobody has to be woken.
    idle: usize,
    /// Workers that have left and have no successor yet.
    missing: usize,
    closed: bool,
}

#[derive(Default)]
struct Lane {
    waiting: VecDeque<Job>,
    running: usize,
    /// Whether it stands in `ready`.
    ready: bool,
}

impl Pool {
    /// Starts the workers.
    pub fn start(size: Size) -> io::Result<Self> {
        let shared = Arc::new(Shared {
            size,
            lanes: Mutex::default(),
            work: Condvar::new(),
            left: Condvar::new(),
            workers: Mutex::default(),
        });
        let mut pool = Self { shared, keeper: None };
        for _ in 0..size.workers.max(1) {
            pool.shared.hire()?;
        }
        let shared = Arc::clone(&pool.shared);
        pool.keeper = Some(named("dinh-keeper").spawn(move || shared.keep())?);
        Ok(pool)
    }

    /// From now on a lane takes at most so much.
    pub fn bound(&self, lane: u32, bound: Bound) {
        self.shared.lanes().bounds.insert(lane, bound);
    }

    /// Queues a job.
    pub fn enter(&self, lane: u32, job: impl FnOnce() + Send + 'static) -> Result<(), Full> {
        let mut lanes = self.shared.lanes();
        let size = &self.shared.size;
        let waiting = lanes.lanes.get(&lane).map_or(0, |lane| lane.waiting.len());
        if lanes.closed || lanes.waiting >= size.waiting || waiting >= lanes.waiting_most(lane, size) {
            return Err(Full);
        }
        lanes.lanes.entry(lane).or_default().waiting.push_back(Box::new(job));
        lanes.waiting += 1;
        lanes.make_ready(lane, size);
        self.shared.wake(lanes);
        Ok(())
    }

    /// Calls that wait for a worker.
    pub fn waiting(&self) -> usize {
        self.shared.lanes().waiting
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        self.shared.lanes().closed = true;
        self.shared.work.notify_all();
        self.shared.left.notify_all();
        // First the keeper, so that nobody is hired behind our back.
        let _ = self.keeper.take().map(JoinHandle::join);
        let own = thread::current().id();
        for worker in self.shared.workers().drain(..) {
            // The last handle may be dropped by a job; its thread ends by itself.
            if worker.thread().id() != own {
                let _ = worker.join();
            }
        }
    }
}

fn named(name: &str) -> thread::Builder {
    thread::Builder::new().name(name.to_owned())
}

impl Lanes {
    /// Puts a lane in turn, if it has a job that may run and is not in turn already.
    fn make_ready(&mut self, number: u32, size: &Size) {
        let most = self
            .bounds
            .get(&number)
            .map_or(size.running_per_lane, |it| it.running.min(size.running_per_lane));
        if let Some(lane) = self.lanes.get_mut(&number)
            && !lane.ready
            && !lane.waiting.is_empty()
            && lane.running < most.max(1)
        {
            lane.ready = true;
            self.ready.push_back(number);
        }
    }

    /// The next job, in turn; its lane goes to the end of the line.
    fn take(&mut self, size: &Size) -> Option<(u32, Job)> {
        let number = self.ready.pop_front()?;
        let lane = self.lanes.get_mut(&number)?;
        lane.ready = false;
        let job = lane.waiting.pop_front()?;
        lane.running += 1;
        self.waiting -= 1;
        self.make_ready(number, size);
        Some((number, job))
    }

    fn waiting_most(&self, number: u32, size: &Size) -> usize {
        self.bounds.get(&number).map_or(size.waiting_per_lane, |it| it.waiting.min(size.waiting_per_lane))
    }

    fn done(&mut self, number: u32, size: &Size) {
        if let Some(lane) = self.lanes.get_mut(&number) {
            lane.running -= 1;
            if lane.running == 0 && lane.waiting.is_empty() {
                self.lanes.remove(&number);
                return;
            }
        }
        self.make_ready(number, size);
    }
}

/// What is locked is whole at every step: nothing is done under a lock that may panic half way.
fn whole<T>(locked: Result<T, PoisonError<T>>) -> T {
    locked.unwrap_or_else(PoisonError::into_inner)
}

impl Shared {
    fn lanes(&self) -> MutexGuard<'_, Lanes> {
        whole(self.lanes.lock())
    }

    fn workers(&self) -> MutexGuard<'_, Vec<JoinHandle<()>>> {
        whole(self.workers.lock())
    }

    /// Lets go of the lanes, and wakes a worker if one waits and there is a job for it. To be called by whoever queued or
    /// took a job, or leaves: a job is then never ready while a worker sleeps that nobody has woken.
    fn wake(&self, lanes: MutexGuard<'_, Lanes>) {
        let wanted = lanes.idle > 0 && !lanes.ready.is_empty();
        drop(lanes);
        if wanted {
            self.work.notify_one();
        }
    }

    /// Starts a worker.
    fn hire(self: &Arc<Self>) -> io::Result<()> {
        let shared = Arc::clone(self);
        let worker = named("dinh-call").stack_size(WORKER_STACK).spawn(move || shared.work())?;
        let mut workers = self.workers();
        workers.retain(|worker| !worker.is_finished());
        workers.push(worker);
        Ok(())
    }

    /// Starts a worker for each that has left. On a thread of its own, since a thread that has stepped aside starts only
    /// threads that stand aside as well.
    fn keep(self: &Arc<Self>) {
        let mut lanes = self.lanes();
        while !lanes.closed {
            if lanes.missing == 0 {
                lanes = whole(self.left.wait(lanes));
                continue;
            }
            drop(lanes);
            let hired = self.hire();
            lanes = self.lanes();
            match hired {
                Ok(()) => lanes.missing -= 1,
                Err(error) => {
                    tracing::error!(%error, "no thread for calls could be started");
                    (lanes, _) = whole(self.left.wait_timeout(lanes, NO_THREAD));
                }
            }
        }
    }

    fn work(&self) {
        aside::may_step();
        let mut lanes = self.lanes();
        loop {
            if let Some((number, job)) = lanes.take(&self.size) {
                self.wake(lanes);
                // A job that panics takes its own call with it, not the worker: whoever waits for it sees
                // that no answer comes.
                let ended = std::panic::catch_unwind(std::panic::AssertUnwindSafe(job));
                if ended.is_err() {
                    tracing::error!("a call ended in a panic of the host");
                }
                lanes = self.lanes();
                lanes.done(number, &self.size);
                // What is queued when the pool closes is done by whoever is there.
                if aside::stepped() && !lanes.closed {
                    lanes.missing += 1;
                    self.left.notify_one();
                    self.wake(lanes);
                    return;
                }
            } else if lanes.closed {
                return;
            } else {
                lanes.idle += 1;
                lanes = whole(self.work.wait(lanes));
                lanes.idle -= 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;

    const SIZE: Size = Size { workers: 2, running_per_lane: 1, waiting_per_lane: 2, waiting: 3 };

    /// A job that says that it has begun and waits until it is let go.
    fn held(pool: &Pool, lane: u32) -> (mpsc::Receiver<()>, mpsc::Sender<()>) {
        let (begun, has_begun) = mpsc::channel();
        let (go, wait) = mpsc::channel();
        pool.enter(lane, move || {
            let _ = begun.send(());
            let _ = wait.recv();
        })
        .unwrap();
        (has_begun, go)
    }

    #[test]
    fn a_full_lane_turns_away_while_another_goes_on() {
        let pool = Pool::start(SIZE).unwrap();
        let (begun, _go) = held(&pool, 1);
        begun.recv().unwrap();
        let _waiting = [held(&pool, 1), held(&pool, 1)];
        assert_eq!(pool.enter(1, || {}), Err(Full));

        let (answer, answered) = mpsc::channel();
        pool.enter(2, move || answer.send(7).unwrap()).unwrap();
        assert_eq!(answered.recv().unwrap(), 7);
    }

    #[test]
    fn all_lanes_together_are_bounded_too() {
        let pool = Pool::start(SIZE).unwrap();
        let held_lanes: Vec<_> = (1..=2).map(|lane| held(&pool, lane)).collect();
        held_lanes.iter().for_each(|(begun, _)| begun.recv().unwrap());
        let _waiting: Vec<_> = (3..=5).map(|lane| held(&pool, lane)).collect();
        assert_eq!(pool.enter(6, || {}), Err(Full));
        assert_eq!(pool.waiting(), 3);
    }

    #[test]
    fn one_lane_runs_as_many_at_once_as_it_may_and_no_more() {
        let pool = Pool::start(SIZE).unwrap();
        let (first, go) = held(&pool, 1);
        first.recv().unwrap();
        let (second, _go) = held(&pool, 1);
        let (other, _other) = held(&pool, 2);
        other.recv().unwrap();
        assert!(second.try_recv().is_err());
        go.send(()).unwrap();
        second.recv().unwrap();
    }

    #[test]
    fn a_lane_takes_less_than_others_where_it_is_told_to_and_never_more() {
        let pool = Pool::start(Size { running_per_lane: 2, ..SIZE }).unwrap();
        pool.bound(1, Bound { running: 1, waiting: 1 });
        pool.bound(2, Bound { running: 9, waiting: 9 });
        let (first, _go) = held(&pool, 1);
        first.recv().unwrap();
        let _waits = held(&pool, 1);
        assert_eq!(pool.enter(1, || {}), Err(Full));
        let (other, _other) = held(&pool, 2);
        other.recv().unwrap();
        let _waiting = [held(&pool, 2), held(&pool, 2)];
        assert_eq!(pool.enter(2, || {}), Err(Full));
    }

    #[test]
    fn lanes_take_turns() {
        let pool = Pool::start(Size { workers: 1, ..SIZE }).unwrap();
        let (begun, go) = held(&pool, 1);
        begun.recv().unwrap();
        let (order, ordered) = mpsc::channel();
        for (lane, name) in [(1, "first of 1"), (1, "second of 1"), (2, "first of 2")] {
            let order = order.clone();
            pool.enter(lane, move || order.send(name).unwrap()).unwrap();
        }
        go.send(()).unwrap();
        let order: Vec<_> = (0..3).map(|_| ordered.recv().unwrap()).collect();
        assert_eq!(order, ["first of 2", "first of 1", "second of 1"]);
    }

    #[test]
    fn a_worker_that_stepped_aside_leaves_and_another_takes_its_place() {
        let pool = Pool::start(SIZE).unwrap();
        let (answer, answered) = mpsc::channel();
        for lane in 0..3 * SIZE.workers as u32 {
            let answer = answer.clone();
            let job = move || {
                let (before, own) = (aside::stepped(), thread::current().id());
                aside::Front::default().tick(Duration::from_secs(1));
                answer.send((before, aside::stepped(), own)).unwrap();
            };
            while pool.enter(lane, job.clone()) == Err(Full) {
                thread::yield_now();
            }
        }
        let mut threads = std::collections::HashSet::new();
        for (before, after, thread) in answered.iter().take(3 * SIZE.workers) {
            assert!(!before && after && threads.insert(thread));
        }
        // As many run at once as before.
        let held: Vec<_> = (0..SIZE.workers as u32).map(|lane| held(&pool, lane)).collect();
        held.iter().for_each(|(begun, _)| begun.recv().unwrap());
    }

    #[test]
    fn closing_finishes_what_was_queued_behind_a_long_call() {
        let pool = Pool::start(Size { workers: 1, ..SIZE }).unwrap();
        let (answer, answered) = mpsc::channel();
        for lane in 1..=3 {
            let answer = answer.clone();
            let job = move || {
                aside::Front::default().tick(Duration::from_secs(1));
                answer.send(lane).unwrap();
            };
            pool.enter(lane, job).unwrap();
        }
        drop(pool);
        assert_eq!(answered.try_iter().collect::<Vec<_>>(), [1, 2, 3]);
    }

    #[test]
    fn a_panic_ends_its_own_job_only() {
        let pool = Pool::start(Size { workers: 1, ..SIZE }).unwrap();
        let (answer, answered) = mpsc::channel::<()>();
        pool.enter(1, move || {
            let _answer = answer;
            std::panic::panic_any("the host is wrong here");
        })
        .unwrap();
        assert!(answered.recv().is_err());
        let (answer, answered) = mpsc::channel();
        pool.enter(1, move || answer.send(()).unwrap()).unwrap();
        answered.recv().unwrap();
    }

    #[test]
    fn closing_finishes_what_was_queued() {
        let pool = Pool::start(SIZE).unwrap();
        let (answer, answered) = mpsc::channel();
        for number in 0..2 {
            let answer = answer.clone();
            pool.enter(1, move || answer.send(number).unwrap()).unwrap();
        }
        drop(pool);
        assert_eq!(answered.try_iter().collect::<Vec<_>>(), [0, 1]);
    }
}
