//! Firing the timers of a plugin: each in a call of its own, one after the other, as they came due.

use dinh_model::{Actor, Language, PluginId, time};
use dinh_services::ServiceError;
use dinh_services::schedule::{self, Failed, TimerId};

use super::Progress;
use super::tell::question;
use crate::answer::Answer;
use crate::bindings::events;
use crate::call::{Deed, Failure};
use crate::ending::fault;
use crate::runtime::House;
use crate::{CallError, Plugin};

/// Calls for one plugin before another may have its turn.
const CALLS_AT_ONCE: usize = 16;

/// What came of one call.
enum Fired {
    Done,
    /// It is not due any more.
    Nothing,
    /// Its handler failed: why, in one word.
    Failed(&'static str),
}

impl House {
    /// Fires what is due of a plugin.
    pub(crate) fn fire(&self, plugin: &PluginId) -> Progress {
        self.fired(plugin).unwrap_or_else(|error| {
            // Nobody's fault that is known: it is tried again.
            tracing::warn!(%plugin, %error, "timers of a plugin could not fire yet");
            Progress::Waits
        })
    }

    fn fired(&self, plugin: &PluginId) -> Result<Progress, CallError> {
        let Some(plugin) = self.plugins.load().get(plugin).cloned() else { return Ok(Progress::Done) };
        for _ in 0..CALLS_AT_ONCE {
            let Some((next, id)) = self.first_due(&plugin)? else { return Ok(Progress::Done) };
            if next > time::microseconds(self.platform.clock().now()) {
                return Ok(Progress::Later(next));
            }
            // What is out waits, and nothing counts against its timers.
            let Ok(pass) = self.enter(&plugin, Language::default()) else { return Ok(Progress::Waits) };
            let why = match self.fire_once(&plugin, &id) {
                Ok(Fired::Done | Fired::Nothing) => continue,
                Ok(Fired::Failed(_)) if pass.is_trial() => return Ok(Progress::Waits),
                Ok(Fired::Failed(why)) => why,
                // Others change what it reads, again and again: it may be itself that makes them.
                Err(CallError::Conflict) => "conflict",
                Err(error) => return Err(error),
            };
            let failed = self.host_deed(|call| schedule::failed(call, &plugin.data, &id, next, why))?;
            if failed == Failed::Parked {
                tracing::warn!(plugin = %plugin.manifest.id, timer = %id, why, "a timer is parked");
            }
        }
        Ok(Progress::More)
    }

    fn first_due(&self, plugin: &Plugin) -> Result<Option<(i64, TimerId)>, ServiceError> {
        schedule::first_due(&self.platform.store().snapshot()?, plugin.data.number)
    }

    /// The plugins that have timers, each with when its first one is due.
    pub(crate) fn timers(&self) -> Result<Vec<(PluginId, i64)>, ServiceError> {
        let snapshot = self.platform.store().snapshot()?;
        let mut found = Vec::new();
        for (id, plugin) in self.plugins.load().iter().filter(|(_, plugin)| !plugin.is_built_in()) {
            if let Some((next, _)) = schedule::first_due(&snapshot, plugin.data.number)? {
                found.push((id.clone(), next));
            }
        }
        Ok(found)
    }

    /// One call of the handler, run again when others changed what it read.
    fn fire_once(&self, plugin: &Plugin, id: &TimerId) -> Result<Fired, CallError> {
        let actor = Actor::Service(plugin.manifest.id.clone());
        let origin = self.platform.origin(actor, Language::default());
        let deed = Deed { house: self, plugin, origin: &origin, path: "", query: &[] };
        self.in_lane(plugin, || deed.fire(id))
    }
}

impl Deed<'_> {
    fn fire(&self, id: &TimerId) -> Result<Fired, Failure> {
        let mut call = Box::new(self.house.platform.begin(self.origin)?);
        self.bound(&mut call);
        // What it was, it is no more; what the handler sets of the same name and key comes after this.
        let Some(taken) = schedule::take(&mut call, &self.plugin.data, id)? else {
            return Ok(Fired::Nothing);
        };
        let event = events::Event::Timer(events::Fired {
            name: id.name.clone(),
            key: id.key.clone(),
            due: taken.due,
            again: taken.again,
            payload: taken.payload,
        });
        let answer = self.answer(call, None, question(&event))?;
        answer.call.policy_in_force()?;
        let Answer { mut call, given } = answer;
        match given {
            Ok(()) => {}
            Err(Failure::Conflict) => return Err(Failure::Conflict),
            Err(Failure::Final(error)) => {
                self.house.platform.witness(call.take_witnessed())?;
                let Some(why) = fault(&error) else { return Err(Failure::Final(error)) };
                return Ok(Fired::Failed(why));
            }
        }
        let detail = [("timer", id.name.clone()), ("records", call.usage.records_written.to_string())];
        let records: Vec<_> = id.record().into_iter().collect();
        call.evidence_about("timer.fired", self.subject(), detail, &records);
        let refused = call.take_refused();
        self.house.platform.commit(*call)?;
        self.house.platform.witness(refused)?;
        Ok(Fired::Done)
    }
}
