//! What plugins do to each other: how two workers share the work of one, and what people wait for while another
//! plugin's every call computes until its limit ends it.

use std::hint::black_box;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use dinh_model::{AccountId, Actor, Language, PluginId, UnitId};
use dinh_runtime::pool::Size;
use dinh_runtime::{Asked, CallError, Compiler, Options, Runtime, release};
use dinh_services::Call;

use super::calls::{ONE, request};
use super::house::House;
use crate::{Goal, Row, Side};

/// Pages that are asked for at once.
const PAGES: u64 = 64;
/// Pages of which the slowest hundredth is looked at.
const WATCHED: usize = 300;
/// Calls of the plugin at its limit that are under way or wait.
const SPINNING: usize = 16;

/// The rows.
pub fn rows() -> Vec<Row> {
    let two = Size { workers: 2, running_per_lane: 2, ..ONE };
    let calm = Rc::new(Crowd::new(Options::new(Compiler::Here)));
    let beside = Rc::new(Crowd::new(Options::new(Compiler::Here)));
    vec![
        machine(),
        scales("a page of fifty rows", "/table", two),
        scales("a page with 2,000 checks", "/ask?times=2000", two),
        Row {
            name: "page of fifty rows beside a plugin at its CPU limit, 99th percentile".to_owned(),
            operations: 1,
            subject: Side::timed("beside", move |times| {
                let spinning = Spinning::start(&beside);
                let slowest = (0..times.max(1)).map(|_| beside.slowest_hundredth()).sum();
                drop(spinning);
                slowest
            }),
            beside: Some(Side::timed("calm", move |times| {
                (0..times.max(1)).map(|_| calm.slowest_hundredth()).sum()
            })),
            goal: Goal::AtMost(2.0),
        },
    ]
}

/// What the machine itself gives to two threads that share nothing: no pool does more, and where this misses the goal
/// the rows below say nothing.
fn machine() -> Row {
    let side = |name: &str, threads: u64| {
        Side::new(name, move || {
            std::thread::scope(|scope| {
                for _ in 0..threads {
                    scope.spawn(|| (0..4_000_000 / threads).fold(0_u64, |sum, n| black_box(sum ^ n)));
                }
            });
        })
    };
    Row {
        name: "throughput of threads that only compute".to_owned(),
        operations: 1,
        subject: side("two threads", 2),
        beside: Some(side("one thread", 1)),
        goal: Goal::AtLeast(1.6),
    }
}

/// The throughput of two workers beside that of one.
fn scales(what: &str, address: &'static str, two: Size) -> Row {
    let side = |name: &str, pool: Size| {
        let crowd = Crowd::new(Options { pool, ..Options::new(Compiler::Here) });
        Side::new(name, move || crowd.draw_all(address, PAGES))
    };
    Row {
        name: format!("throughput of {what}"),
        operations: PAGES,
        subject: side("two workers", two),
        beside: Some(side("one worker", ONE)),
        goal: Goal::AtLeast(1.6),
    }
}

/// A province whose plugin `measured` people use.
struct Crowd {
    house: House,
    tokio: tokio::runtime::Runtime,
}

/// What draws a page, from any thread.
#[derive(Clone)]
struct Reader {
    runtime: Arc<Runtime>,
    plugin: PluginId,
    person: AccountId,
}

impl Reader {
    async fn draw(self, address: &str) -> Result<String, CallError> {
        let asked = Asked {
            scope: None,
            actor: Actor::person(self.person),
            language: Language::Vi,
            request: request(address),
            sheet: None,
            leaves: false,
        };
        self.runtime.render(&self.plugin, asked).await.map(|page| page.title)
    }
}

impl Crowd {
    fn new(options: Options) -> Self {
        let house = House::new(options, 1_000);
        house.install("hostile", "hostile.vandal");
        Self { house, tokio: tokio::runtime::Builder::new_current_thread().build().unwrap() }
    }

    fn reader(&self, plugin: &str) -> Reader {
        let House { runtime, person, .. } = &self.house;
        Reader { runtime: Arc::clone(runtime), plugin: plugin.parse().unwrap(), person: *person }
    }

    /// Draws a page so many times, all of them asked for at once.
    fn draw_all(&self, address: &'static str, times: u64) {
        self.tokio.block_on(async {
            let pages: Vec<_> =
                (0..times).map(|_| tokio::spawn(self.reader("measured").draw(address))).collect();
            for page in pages {
                page.await.unwrap().unwrap();
            }
        });
    }

    /// The 99th percentile of pages asked for one after the other.
    fn slowest_hundredth(&self) -> Duration {
        let mut times: Vec<Duration> = (0..WATCHED)
            .map(|_| {
                let start = Instant::now();
                self.tokio.block_on(self.reader("measured").draw("/table")).unwrap();
                start.elapsed()
            })
            .collect();
        times.sort_unstable();
        times[WATCHED * 99 / 100]
    }
}

/// People who ask for the plugin's endless page again and again, until it is dropped.
struct Spinning {
    stop: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

impl Spinning {
    fn start(crowd: &Crowd) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let ended = Arc::new(AtomicUsize::new(0));
        let ask = |_| {
            let (reader, stop, over) = (crowd.reader("hostile"), Arc::clone(&stop), Arc::clone(&ended));
            let platform = Arc::clone(&crowd.house.platform);
            std::thread::spawn(move || {
                let tokio = tokio::runtime::Builder::new_current_thread().build().unwrap();
                while !stop.load(Ordering::Relaxed) {
                    let ended = tokio.block_on(reader.clone().draw("/spin"));
                    match ended {
                        Err(CallError::Limit(_)) => drop(over.fetch_add(1, Ordering::Relaxed)),
                        // It keeps failing, so it is taken out; here its operator lets it back at once.
                        Err(CallError::Out { .. }) => {
                            let operator = platform.origin(Actor::Public, Language::Vi).as_operator();
                            let back = |call: &mut Call| release(call, &reader.plugin, UnitId(1));
                            platform.perform(&operator, back).unwrap();
                            reader.runtime.look_at_suspensions();
                        }
                        other => panic!("{other:?}"),
                    }
                }
            })
        };
        let threads = (0..SPINNING).map(ask).collect();
        // Until it has gone on for a while: as many calls as people have met their end.
        let patience = Instant::now() + Duration::from_secs(20);
        while ended.load(Ordering::Relaxed) < SPINNING && Instant::now() < patience {
            std::thread::sleep(Duration::from_millis(1));
        }
        Self { stop, threads }
    }
}

impl Drop for Spinning {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        self.threads.drain(..).for_each(|thread| thread.join().unwrap());
    }
}
