//! What monitoring sees: requests by kind of page and outcome, their time, what waits. No names, no paths:
//! what is measured says nothing about people.

use std::sync::atomic::{AtomicI64, Ordering};

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::Registry;

/// A kind of request and what became of it.
#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
pub struct Answered {
    /// The pattern of the route, such as `/apps/{plugin}/{*path}`.
    pub route: String,
    /// `GET`, `POST`, …; `other` for methods nobody uses here.
    pub method: &'static str,
    /// The status, such as 200.
    pub status: u16,
}

/// A pattern of a route.
#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
pub struct Route {
    /// The pattern.
    pub route: String,
}

/// What came of handing the head of the evidence to its witness.
#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
pub struct Handed {
    /// `appended`, `nothing`, `failed` or `contradicted`.
    pub outcome: &'static str,
}

/// A way in which calls of a plugin ended without giving what was asked for.
#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
pub struct Ended {
    /// The plugin's id.
    pub plugin: String,
    /// `call.tripped`, `call.trapped` or `call.failed`, as in the evidence.
    pub action: &'static str,
    /// The limit that was reached; empty when none was.
    pub limit: &'static str,
}

/// How compilations of packages ended.
#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
pub struct Compiled {
    /// `done`, `invalid`, `busy`, `failed`, or the limit that was reached.
    pub outcome: &'static str,
}

/// The figures.
pub struct Metrics {
    registry: Registry,
    requests: Family<Answered, Counter>,
    seconds: Family<Route, Histogram, fn() -> Histogram>,
    heads: Family<Handed, Counter>,
    ended: Family<Ended, Counter>,
    compiled: Family<Compiled, Counter>,
    /// Calls that wait for a worker of the runtime.
    pub waiting: Gauge<i64, AtomicI64>,
    /// Plugins that can be called.
    pub plugins: Gauge<i64, AtomicI64>,
    /// Installed plugins that could not be loaded.
    pub not_loaded: Gauge<i64, AtomicI64>,
    /// Plugins that are taken out, because they kept failing or because people suspended them.
    pub out: Gauge<i64, AtomicI64>,
    /// Changes that some plugin was not told of yet, those of the plugin that is farthest behind.
    pub behind: Gauge<i64, AtomicI64>,
    /// Plugins that fail to digest what they are told next.
    pub failing: Gauge<i64, AtomicI64>,
    /// Records that are parked.
    pub parked: Gauge<i64, AtomicI64>,
    /// Jobs that run.
    pub jobs: Gauge<i64, AtomicI64>,
    /// Of these, those whose next step has failed.
    pub jobs_failing: Gauge<i64, AtomicI64>,
    /// Of these, those that wait for their plugin or for the host.
    pub jobs_waiting: Gauge<i64, AtomicI64>,
    /// Timers of plugins.
    pub timers: Timers,
}

/// How timers of plugins are.
#[derive(Default)]
pub struct Timers {
    /// Timers that are set.
    pub set: Gauge<i64, AtomicI64>,
    /// Timers that are due and have not fired yet, counted up to 1,000 for each plugin.
    pub due: Gauge<i64, AtomicI64>,
    /// Seconds since the oldest of these was due.
    pub behind: Gauge<i64, AtomicI64>,
    /// Timers that have failed and are tried again.
    pub failing: Gauge<i64, AtomicI64>,
    /// Timers that have failed too often and wait for people, counted up to 1,000.
    pub parked: Gauge<i64, AtomicI64>,
}

impl Timers {
    fn register(&self, registry: &mut Registry) {
        registry.register("timers", "Timers that plugins have set", self.set.clone());
        registry.register("timers_due", "Timers that are due and have not fired yet", self.due.clone());
        registry.register("timers_behind_seconds", "Since the oldest of these was due", self.behind.clone());
        registry.register(
            "timers_failing",
            "Timers that have failed and are tried again",
            self.failing.clone(),
        );
        registry.register("timers_parked", "Timers that wait for people", self.parked.clone());
    }
}

fn times() -> Histogram {
    // 1 ms to 8 s.
    Histogram::new(exponential_buckets(0.001, 2.0, 14))
}

impl Metrics {
    /// All at zero.
    pub fn new() -> Self {
        let mut metrics = Self {
            registry: Registry::with_prefix("dinh"),
            requests: Family::default(),
            seconds: Family::new_with_constructor(times as fn() -> Histogram),
            heads: Family::default(),
            ended: Family::default(),
            compiled: Family::default(),
            waiting: Gauge::default(),
            plugins: Gauge::default(),
            not_loaded: Gauge::default(),
            out: Gauge::default(),
            behind: Gauge::default(),
            failing: Gauge::default(),
            parked: Gauge::default(),
            jobs: Gauge::default(),
            jobs_failing: Gauge::default(),
            jobs_waiting: Gauge::default(),
            timers: Timers::default(),
        };
        let registry = &mut metrics.registry;
        registry.register("requests", "Requests answered", metrics.requests.clone());
        registry.register("request_seconds", "Time to the head of the answer", metrics.seconds.clone());
        registry.register("calls_waiting", "Plugin calls that wait for a worker", metrics.waiting.clone());
        registry.register("plugins", "Plugins that can be called", metrics.plugins.clone());
        registry.register("witness_heads", "Times a head was to be handed over", metrics.heads.clone());
        registry.register("calls_ended", "Plugin calls that gave nothing", metrics.ended.clone());
        registry.register("compilations", "Packages that were compiled, or not", metrics.compiled.clone());
        let not_loaded = metrics.not_loaded.clone();
        registry.register("plugins_not_loaded", "Installed plugins that could not be loaded", not_loaded);
        registry.register("plugins_out", "Plugins that are quarantined or suspended", metrics.out.clone());
        let (behind, failing) = (metrics.behind.clone(), metrics.failing.clone());
        registry.register("changes_behind", "Changes that the slowest plugin was not told of yet", behind);
        registry.register("changes_failing", "Plugins that fail to digest what they are told", failing);
        registry.register("changes_parked", "Records that plugins could not digest", metrics.parked.clone());
        registry.register("jobs_running", "Jobs of plugins that run", metrics.jobs.clone());
        registry.register("jobs_failing", "Jobs whose next step has failed", metrics.jobs_failing.clone());
        registry.register("jobs_waiting", "Jobs that wait for plugin or host", metrics.jobs_waiting.clone());
        metrics.timers.register(registry);
        metrics
    }

    /// Counts an answer.
    pub fn answered(&self, route: &str, method: &'static str, status: u16, seconds: f64) {
        self.requests.get_or_create(&Answered { route: route.to_owned(), method, status }).inc();
        self.seconds.get_or_create(&Route { route: route.to_owned() }).observe(seconds);
    }

    /// Says how many calls ended so since the start.
    pub fn ended(&self, ended: &Ended, count: u64) {
        self.ended.get_or_create(ended).inner().store(count, Ordering::Relaxed);
    }

    /// Says how many compilations ended so since the start.
    pub fn compiled(&self, outcome: &'static str, count: u64) {
        self.compiled.get_or_create(&Compiled { outcome }).inner().store(count, Ordering::Relaxed);
    }

    /// Counts a head that was to be handed to the witness.
    pub fn handed(&self, outcome: &'static str) {
        self.heads.get_or_create(&Handed { outcome }).inc();
    }

    /// In the text format of OpenMetrics.
    pub fn text(&self) -> String {
        let mut text = String::new();
        // Writing into a string does not fail.
        let _ = encode(&mut text, &self.registry);
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_counted_by_route_and_outcome() {
        let metrics = Metrics::new();
        metrics.answered("/", "GET", 200, 0.002);
        metrics.answered("/", "GET", 200, 0.2);
        let text = metrics.text();
        assert!(text.contains(r#"dinh_requests_total{route="/",method="GET",status="200"} 2"#), "{text}");
        assert!(text.contains(r#"dinh_request_seconds_count{route="/"} 2"#), "{text}");
    }

    #[test]
    fn calls_that_gave_nothing_are_counted_by_plugin_and_limit_however_often_somebody_looks() {
        let metrics = Metrics::new();
        let ended = Ended { plugin: "hostile".to_owned(), action: "call.tripped", limit: "rows-read" };
        metrics.ended(&ended, 3);
        metrics.ended(&ended, 3);
        let line = r#"dinh_calls_ended_total{plugin="hostile",action="call.tripped",limit="rows-read"} 3"#;
        assert!(metrics.text().contains(line), "{}", metrics.text());
    }
}
