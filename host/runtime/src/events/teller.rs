//! Decides what runs that nobody waits for, and when: who is told of changes, whose timers fire, whose job takes its next
//! step.

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
use crate::pool::Pool;
use crate::runtime::House;

/// How long it looks at nothing when nobody rings.
const IDLE: Duration = Duration::from_secs(30);
/// How long a subscriber waits that nobody rings for.
const WAITS: Duration = Duration::from_secs(5);
/// How long to leave a lane alone in which too many calls wait.
const FULL: Duration = Duration::from_millis(200);
/// How often entries that everybody is past are removed.
const TRIMS: Duration = Duration::from_secs(60);

/// The thread that decides what is due: telling subscribers of changes, and steps of jobs. Dropping it lets calls that
/// run finish; what is due then is due at the next start.
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

/// What takes turns: of each of these one call at a time.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Whose {
    /// The subscriber of a contract is told.
    Told(ContractId),
    /// The jobs of a plugin, one step after the other.
    Works(PluginId),
    /// The timers of a plugin fire, one after the other.
    Fires(PluginId),
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

    /// Lets everybody have their turn who is due; how long nobody else is.
    fn round(self: &Arc<Self>) -> Result<Duration, ServiceError> {
        let snapshot = self.house.platform.store().snapshot().map_err(ServiceError::from)?;
        let today = time::day_in_vietnam(self.house.platform.clock().now());
        let mut wait = IDLE;
        for (subscription, behind) in feed::due(&snapshot, today)? {
            let contract = subscription.contract;
            if behind > 0 {
                let (whose, consumer) = (Whose::Told(contract), &subscription.consumer);
                let left = self.turn(whose, consumer, subscription.due, move |house| house.tell(contract));
                wait = wait.min(left);
            }
        }
        for (plugin, due) in self.house.timers()? {
            let (whose, id) = (Whose::Fires(plugin.clone()), plugin.clone());
            wait = wait.min(self.turn(whose, &plugin, due, move |house| house.fire(&id)));
        }
        for job in self.house.next_jobs()? {
            let (id, whose) = (job.id, Whose::Works(job.plugin.clone()));
            wait = wait.min(self.turn(whose, &job.plugin, job.due, move |house| house.work(id)));
        }
        Ok(wait)
    }

    /// Takes a turn in a plugin's lane, not before a moment (microseconds since 1970); how long there is nothing more to
    /// do about it.
    fn turn(
        self: &Arc<Self>,
        whose: Whose,
        plugin: &PluginId,
        due: i64,
        run: impl FnOnce(&House) -> Progress + Send + 'static,
    ) -> Duration {
        let now = time::microseconds(self.house.platform.clock().now());
        if due > now {
            return Duration::from_micros(u64::try_from(due - now).unwrap_or(u64::MAX));
        }
        if let Some(left) = self.turns.lock().turn(&whose) {
            return left;
        }
        let lane = self.house.plugins.load().get(plugin).map_or(0, |plugin| plugin.data.number);
        let (shared, mine) = (Arc::clone(self), whose.clone());
        let entered = self.pool.enter(lane, move || {
            let mut turn = Turn { shared, whose: mine, progress: Progress::Waits };
            turn.progress = run(&turn.shared.house);
        });
        if entered.is_err() {
            self.turns.lock().running.remove(&whose);
            return FULL;
        }
        IDLE
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
        self.told |= progress != Progress::Waits && matches!(whose, Whose::Told(_));
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
