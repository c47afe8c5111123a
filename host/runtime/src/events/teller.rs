//! Decides who is told, whose timers fire, and when.

use std::collections::{HashMap, HashSet};
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use dinh_model::{ContractId, PluginId, time};
use dinh_services::ServiceError;
use dinh_services::sharing::feed;
use parking_lot::Mutex;

use super::Progress;
use crate::pool::{Full, Pool};
use crate::runtime::House;

/// How long it looks at nothing when nobody rings.
const IDLE: Duration = Duration::from_secs(30);
/// How long a subscriber waits that nobody rings for.
const WAITS: Duration = Duration::from_secs(5);
/// How often entries that everybody is past are removed.
const TRIMS: Duration = Duration::from_secs(60);

/// The thread that decides who is told. Dropping it lets calls that run finish.
pub struct Teller {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

struct Shared {
    house: Arc<House>,
    pool: Arc<Pool>,
    stopped: AtomicBool,
    turns: Mutex<Turns>,
}

/// Whose turn it is.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Whose {
    /// A subscriber's, under a contract.
    Subscriber(ContractId),
    /// The timers' of a plugin.
    Timers(PluginId),
}

#[derive(Default)]
struct Turns {
    running: HashSet<Whose>,
    /// Not before.
    waiting: HashMap<Whose, Instant>,
    /// Somebody was told since entries were last removed.
    told: bool,
}

impl Teller {
    /// Begins to tell.
    pub(crate) fn start(house: &Arc<House>, pool: &Arc<Pool>) -> io::Result<Self> {
        let shared = Arc::new(Shared {
            house: Arc::clone(house),
            pool: Arc::clone(pool),
            stopped: AtomicBool::new(false),
            turns: Mutex::default(),
        });
        let telling = Arc::clone(&shared);
        let thread = thread::Builder::new().name("dinh-events".to_owned()).spawn(move || telling.run())?;
        Ok(Self { shared, thread: Some(thread) })
    }
}

impl Drop for Teller {
    fn drop(&mut self) {
        self.shared.stopped.store(true, Ordering::Release);
        self.shared.house.platform.bell().ring();
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the thread that tells subscribers of changes had stopped");
        }
    }
}

impl Shared {
    fn run(self: &Arc<Self>) {
        let mut trimmed = Instant::now();
        while !self.stopped.load(Ordering::Acquire) {
            let wait = self.round().unwrap_or_else(|error| {
                tracing::warn!(%error, "it cannot be seen who has to be told of changes; it is tried again");
                WAITS
            });
            if trimmed.elapsed() >= TRIMS {
                trimmed = Instant::now();
                self.trim();
            }
            self.house.platform.bell().wait(wait);
        }
    }

    /// Lets everybody be told who has something to be told, and timers fire that are due; how long nothing else is.
    fn round(self: &Arc<Self>) -> Result<Duration, ServiceError> {
        let snapshot = self.house.platform.store().snapshot().map_err(ServiceError::from)?;
        let now = self.house.platform.clock().now();
        let (now, today) = (time::microseconds(now), time::day_in_vietnam(now));
        let mut wait = IDLE;
        let subscriptions = feed::due(&snapshot, today)?.into_iter().filter(|(_, behind)| *behind > 0);
        let subscriptions = subscriptions.map(|(subscription, _)| {
            (Whose::Subscriber(subscription.contract), subscription.consumer, subscription.due)
        });
        let timers = self.house.timers()?.into_iter();
        let timers = timers.map(|(plugin, due)| (Whose::Timers(plugin.clone()), plugin, due));
        for (whose, plugin, due) in subscriptions.chain(timers) {
            if due > now {
                let due = u64::try_from(due - now).unwrap_or(u64::MAX);
                wait = wait.min(Duration::from_micros(due));
                continue;
            }
            let left = self.turns.lock().turn(&whose);
            if let Some(left) = left {
                wait = wait.min(left);
            } else if self.enter(&whose, &plugin).is_err() {
                self.turns.lock().running.remove(&whose);
                wait = wait.min(Duration::from_millis(200));
            }
        }
        Ok(wait)
    }

    fn enter(self: &Arc<Self>, whose: &Whose, plugin: &PluginId) -> Result<(), Full> {
        let lane = self.house.plugins.load().get(plugin).map_or(0, |plugin| plugin.data.number);
        let (shared, whose) = (Arc::clone(self), whose.clone());
        self.pool.enter(lane, move || {
            let mut turn = Turn { shared, whose, progress: Progress::Waits };
            turn.progress = match &turn.whose {
                Whose::Subscriber(contract) => turn.shared.house.tell(*contract),
                Whose::Timers(plugin) => turn.shared.house.fire(plugin),
            };
        })
    }

    fn trim(&self) {
        if !std::mem::take(&mut self.turns.lock().told) {
            return;
        }
        loop {
            match self.house.host_deed(feed::trim) {
                Ok(0) => return,
                Ok(trimmed) => tracing::debug!(trimmed, "told changes were removed from the feed"),
                Err(error) => {
                    tracing::warn!(%error, "told changes could not be removed from the feed yet");
                    return;
                }
            }
        }
    }
}

impl Turns {
    /// Takes a turn; how long it has to wait when it may not.
    fn turn(&mut self, whose: &Whose) -> Option<Duration> {
        if self.running.contains(whose) {
            // Its end rings.
            return Some(IDLE);
        }
        let left = self.waiting.get(whose).map(|until| until.saturating_duration_since(Instant::now()));
        if let Some(left) = left.filter(|left| !left.is_zero()) {
            return Some(left);
        }
        self.waiting.remove(whose);
        self.running.insert(whose.clone());
        None
    }

    fn done(&mut self, whose: &Whose, progress: Progress) {
        self.running.remove(whose);
        self.told |= progress != Progress::Waits && matches!(whose, Whose::Subscriber(_));
        if progress == Progress::Waits {
            self.waiting.insert(whose.clone(), Instant::now() + WAITS);
        }
    }
}

/// A turn ends, whatever ends it: also by a panic of the host.
struct Turn {
    shared: Arc<Shared>,
    whose: Whose,
    progress: Progress,
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.shared.turns.lock().done(&self.whose, self.progress);
        self.shared.house.platform.bell().ring();
    }
}
