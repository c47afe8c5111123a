//! The clock of a platform: that of the machine, held against what the store knows to have been.
//!
//! ```text
//!  machine's clock   ───────────▶ now, never before the last commit
//!  last commit's     ──┘  │
//!                         └ more than five minutes behind: nothing is written until the clock is right, or the owner
//!                           of the data folder accepts it (`dinh doctor --accept-clock`)
//! ```
//!
//! A clock that is set back would let live again what has ended: grants, requests, passwords, sessions. So for every
//! rule time stands still until the machine's clock has caught up. Small steps, as clocks are kept right by, are not
//! noticed otherwise; large ones are refused and said, once, in the evidence.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::Duration;

use dinh_model::{Actor, Language, PluginId, Timestamp, time};
use dinh_store::{Entry, Outcome, Store};

use crate::call::entry;
use crate::{Clock, Origin, Platform, ServiceError};

/// How far a clock may be behind the last commit and be taken for right, microseconds.
const TOLERATED: i64 = 5 * 60 * 1_000_000;
/// What the evidence calls it.
const SET_BACK: &str = "clock.set-back";

/// A clock that never runs backwards.
pub(crate) struct SteadyClock {
    machine: Arc<dyn Clock>,
    /// The moment of the last commit, microseconds.
    latest: AtomicI64,
    /// Whether the evidence says already that the clock was set back.
    said: AtomicBool,
}

impl Clock for SteadyClock {
    fn now(&self) -> Timestamp {
        let now = self.machine.now();
        let latest = self.latest.load(Ordering::Acquire);
        if time::microseconds(now) >= latest { now } else { time::from_microseconds(latest).unwrap_or(now) }
    }

    fn about(&self) -> i64 {
        self.machine.about().max(self.latest.load(Ordering::Acquire))
    }
}

impl SteadyClock {
    /// The machine's clock, held against the last entry of the evidence.
    pub(crate) fn new(machine: Arc<dyn Clock>, store: &Store) -> Result<Self, ServiceError> {
        let snapshot = store.snapshot()?;
        // An evidence that cannot be read is found and said by what checks it.
        let last = snapshot.evidence_len().checked_sub(1).and_then(|last| snapshot.evidence(last, 1).ok());
        let last: Option<Entry> = last.and_then(|mut last| last.pop()).map(|recorded| recorded.entry);
        Ok(Self {
            machine,
            latest: AtomicI64::new(last.as_ref().map_or(i64::MIN, |last| time::microseconds(last.at))),
            said: AtomicBool::new(last.is_some_and(|last| last.action == SET_BACK)),
        })
    }

    /// Something was committed at this moment.
    pub(crate) fn committed(&self, at: Timestamp) {
        self.latest.fetch_max(time::microseconds(at), Ordering::AcqRel);
    }

    /// How far the machine's clock is behind, when that is more than is tolerated.
    fn behind(&self) -> Option<Duration> {
        let behind =
            self.latest.load(Ordering::Acquire).saturating_sub(time::microseconds(self.machine.now()));
        let behind = u64::try_from(behind).ok().filter(|_| behind > TOLERATED);
        behind.map(Duration::from_micros)
    }
}

impl Platform {
    /// How far the machine's clock stands before the last commit, when it is more than five minutes: then nothing is
    /// written. None when it is right.
    pub fn clock_behind(&self) -> Option<Duration> {
        self.steady.behind()
    }

    /// Goes on only if the machine's clock was not set back.
    pub(crate) fn clock_stands(&self) -> Result<(), ServiceError> {
        let Some(behind) = self.steady.behind() else {
            self.steady.said.store(false, Ordering::Release);
            return Ok(());
        };
        let seconds = behind.as_secs();
        if !self.steady.said.swap(true, Ordering::AcqRel) {
            tracing::error!(seconds, "the machine's clock stands before the last commit; nothing is written");
            let origin = self.origin(platform_itself()?, Language::En);
            let detail = [("behind-seconds", seconds.to_string())];
            let found = entry(&origin, None, SET_BACK, "house".to_owned(), Outcome::Refused, detail);
            self.store().witness(vec![found])?;
        }
        Err(ServiceError::refused(
            "clock-set-back",
            "house",
            format!(
                "Đồng hồ máy chủ chậm hơn lần ghi gần nhất {} phút nên chưa ghi được gì: hãy báo người vận hành chỉnh lại đồng hồ.",
                seconds / 60
            ),
            format!(
                "The server's clock stands {} minutes before the last entry of the evidence, so nothing is written; set it right. If it is right now and was ahead before: dinh doctor --accept-clock --as-operator --reason …",
                seconds / 60
            ),
        ))
    }

    /// Takes the machine's clock for right though it stands before the last commit, as after it had been ahead: from
    /// now on time goes on from it, and what had ended in between may live again. For the owner of the data folder only;
    /// the evidence says by how much. How far it was behind.
    pub fn accept_clock(&self, origin: &Origin) -> Result<Duration, ServiceError> {
        if !origin.operator {
            return Err(ServiceError::refused(
                "operator-accepts-the-clock",
                "house",
                "Chỉ chủ sở hữu máy chủ mới chấp nhận được đồng hồ đã lùi (--as-operator).",
                "Only the owner of the data folder accepts a clock that was set back (--as-operator).",
            ));
        }
        let Some(behind) = self.steady.behind() else {
            return Err(ServiceError::invalid(
                "Đồng hồ máy chủ không chậm hơn lần ghi gần nhất: không có gì để chấp nhận.",
                "The server's clock does not stand before the last commit; there is nothing to accept.",
            ));
        };
        let now = self.steady.machine.now();
        let mut call = self.begin(&Origin { now, ..origin.clone() })?;
        call.acts_beside_the_rules();
        call.evidence("clock.accepted", "house", [("behind-seconds", behind.as_secs().to_string())]);
        self.commit(call)?;
        self.steady.latest.store(time::microseconds(now), Ordering::Release);
        self.steady.said.store(false, Ordering::Release);
        self.sign_in.sessions.look_afresh();
        self.perform(&Origin { now, ..origin.clone() }, crate::schedule::clock_went_back)?;
        Ok(behind)
    }
}

/// The platform itself, as who found it.
fn platform_itself() -> Result<Actor, ServiceError> {
    let ourselves = PluginId::PLATFORM.parse();
    ourselves.map(Actor::Service).map_err(|_| ServiceError::Damaged { what: "name of the platform".into() })
}
