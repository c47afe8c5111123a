//! Where a plugin stands: what pages, commands and monitoring show, and how calls enter.

use std::sync::Arc;

use dinh_model::{Actor, Language, PluginId, Timestamp, time};
use dinh_services::accounts::Directory;
use dinh_services::{Origin, ServiceError};

use super::health::Turn;
use super::{Entry, Outcome, Suspension, stored};
use crate::runtime::House;
use crate::{CallError, Plugin, Runtime};

/// Seconds after which to look again whether people let a plugin back.
const SUSPENDED_FOR: u32 = 3_600;

/// That a plugin is out, because it kept failing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quarantine {
    /// Since when: microseconds since 1970.
    pub since: i64,
    /// When one call is let in: microseconds since 1970.
    pub until: i64,
    /// How often in a row it was taken out.
    pub times: u32,
    /// How many calls failed…
    pub failures: usize,
    /// …of how many.
    pub of: usize,
    /// The last failure: `trapped`, `failed`, or the limit that was reached.
    pub why: &'static str,
}

/// Where a plugin stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It is called.
    Serving,
    /// It kept failing, and is out for some time.
    Quarantined(Quarantine),
    /// A person took it out.
    Suspended(Suspension),
}

impl Standing {
    /// As programs spell it.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Serving => "serving",
            Self::Quarantined(_) => "quarantined",
            Self::Suspended(_) => "suspended",
        }
    }
}

impl Plugin {
    /// Where it stands.
    pub fn standing(&self) -> Standing {
        if let Some(suspension) = &*self.suspended.load() {
            return Standing::Suspended(Suspension::clone(suspension));
        }
        let health = self.health.lock();
        health.quarantine().cloned().map_or(Standing::Serving, Standing::Quarantined)
    }
}

/// A call that has come in. Of a trial, the next may come when this one goes.
pub(crate) struct Pass {
    trial: Option<Arc<Plugin>>,
}

impl Pass {
    /// Whether it is the one call that shows whether the plugin works again.
    pub(crate) fn is_trial(&self) -> bool {
        self.trial.is_some()
    }
}

impl Drop for Pass {
    fn drop(&mut self) {
        if let Some(plugin) = &self.trial {
            plugin.health.lock().gone();
        }
    }
}

impl Runtime {
    /// Looks which plugins people took out or let back: to be called by whoever has committed such a deed outside of a
    /// call of the runtime.
    pub fn look_at_suspensions(&self) {
        self.house().look_at_suspensions();
    }
}

impl House {
    /// The same. What cannot be read stays as it was.
    pub(crate) fn look_at_suspensions(&self) {
        let snapshot = self.platform.store().snapshot().map_err(ServiceError::from);
        let decided = match snapshot.and_then(|snapshot| stored::all(&snapshot)) {
            Ok(decided) => decided,
            Err(error) => {
                tracing::error!(%error, "it cannot be read which plugins are suspended");
                return;
            }
        };
        let plugins = self.plugins.load();
        for (id, at, suspended) in decided {
            let Some(plugin) = id.parse::<PluginId>().ok().and_then(|id| plugins.get(&id)) else { continue };
            if suspended.is_none() {
                plugin.health.lock().released(at);
            }
            plugin.suspended.store(suspended.map(Arc::new));
        }
        self.platform.bell().ring();
    }

    /// Whether a call would be let in now: asked before it waits for its turn.
    pub(crate) fn may_wait(&self, plugin: &Plugin, language: Language) -> Result<(), CallError> {
        let out = plugin.suspended.load().is_some()
            || !plugin.health.lock().would_enter(self.platform.clock().about());
        if out { Err(self.out(plugin, language, None)) } else { Ok(()) }
    }

    /// Lets a call in, or says how things stand, in the language of whoever asks.
    pub(crate) fn enter(&self, plugin: &Arc<Plugin>, language: Language) -> Result<Pass, CallError> {
        if plugin.suspended.load().is_some() {
            return Err(self.out(plugin, language, None));
        }
        let entry = plugin.health.lock().enter(self.platform.clock().about());
        match entry {
            Entry::Free => Ok(Pass { trial: None }),
            Entry::Trial => {
                tracing::info!(plugin = %plugin.manifest.id, "a call is let in to see whether the plugin works again");
                Ok(Pass { trial: Some(Arc::clone(plugin)) })
            }
            Entry::Out(seconds) => Err(self.out(plugin, language, Some(seconds))),
        }
    }

    /// A call of a plugin has ended. `asked`: whether somebody asked for it.
    pub(crate) fn call_ended(&self, plugin: &Plugin, outcome: Outcome, asked: bool, origin: &Origin) {
        let spread = origin.seed.first_chunk().map_or(0, |bytes| u64::from_le_bytes(*bytes));
        let asker = asked.then(|| origin.actor.account());
        let turn = plugin.health.lock().ended(outcome, asker, self.platform.clock().about(), spread);
        let Some(turn) = turn else { return };
        let id = &plugin.manifest.id;
        let (action, detail) = match turn {
            Turn::Out(Quarantine { until, times, failures, of, why, .. }) => {
                let until = time::from_microseconds(until).unwrap_or_default();
                tracing::error!(
                    plugin = %id, failures, of, why, times, %until,
                    "the plugin keeps failing and is taken out; `dinh plugin show` says more, `dinh plugin release` lets it back"
                );
                let detail = vec![
                    ("failures", failures.to_string()),
                    ("of", of.to_string()),
                    ("times", times.to_string()),
                    ("until", until.to_string()),
                    ("why", why.to_owned()),
                ];
                ("plugin.quarantined", detail)
            }
            Turn::Back(times) => {
                tracing::info!(plugin = %id, times, "the plugin works again");
                ("plugin.recovered", vec![("times", times.to_string())])
            }
        };
        let noted = self.host_deed(|call| {
            call.plugin = Some(id.clone());
            call.evidence(action, format!("plugin:{id}"), detail.clone());
            Ok(())
        });
        if let Err(error) = noted {
            tracing::error!(plugin = %id, %error, "what became of the plugin could not be put into the evidence");
        }
        // Whoever waits to tell it of changes looks again.
        self.platform.bell().ring();
    }

    /// What is said to whoever asks a plugin that is out.
    fn out(&self, plugin: &Plugin, language: Language, seconds: Option<u32>) -> CallError {
        let snapshot = self.platform.store().snapshot().ok();
        let home = plugin.data.home_unit;
        let unit = snapshot.and_then(|snapshot| Directory::new(&snapshot).unit(home).ok().flatten());
        let unit = unit.map_or_else(|| home.to_string(), |unit| unit.name);
        let name = plugin.manifest.name.get(language);
        let suspended = matches!(plugin.standing(), Standing::Suspended(_));
        let text = match (language, suspended) {
            (Language::Vi, true) => format!(
                "Người quản lý đã tạm ngừng ứng dụng “{name}”. Dữ liệu vẫn được giữ nguyên. \
                 Khi cần, hãy liên hệ người quản lý ứng dụng của {unit}."
            ),
            (Language::En, true) => format!(
                "Those who manage “{name}” have suspended it. Its data is kept as it is. \
                 If you need it, turn to whoever manages applications of {unit}."
            ),
            (Language::Vi, false) => format!(
                "Ứng dụng “{name}” gặp lỗi liên tiếp nên tạm ngừng ít phút; hệ thống sẽ tự thử lại. \
                 Dữ liệu đã lưu vẫn được giữ nguyên. Khi cần gấp, hãy liên hệ người quản lý ứng dụng của {unit}."
            ),
            (Language::En, false) => format!(
                "“{name}” kept failing and is paused for some minutes; it is then tried again by itself. \
                 What was saved is kept as it is. If it is urgent, turn to whoever manages applications of {unit}."
            ),
        };
        let retry_after = match seconds {
            _ if suspended => SUSPENDED_FOR,
            Some(seconds) => seconds,
            None => match plugin.standing() {
                Standing::Quarantined(out) => {
                    let left = out.until.saturating_sub(self.platform.clock().about()).max(0);
                    u32::try_from(left / 1_000_000).unwrap_or(u32::MAX).saturating_add(1)
                }
                Standing::Serving | Standing::Suspended(_) => 1,
            },
        };
        CallError::Out { text, retry_after }
    }
}

impl Standing {
    /// Since when it has not been serving; none while it is.
    pub fn out_since(&self) -> Option<Timestamp> {
        match self {
            Self::Serving => None,
            Self::Quarantined(out) => time::from_microseconds(out.since),
            Self::Suspended(suspension) => Some(suspension.at),
        }
    }

    /// Who took it out; none when it was the host.
    pub fn by(&self) -> Option<&Actor> {
        match self {
            Self::Suspended(suspension) => Some(&suspension.by),
            Self::Serving | Self::Quarantined(_) => None,
        }
    }
}
