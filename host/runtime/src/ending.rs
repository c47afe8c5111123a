//! How a call ended that gave nothing: for whoever asked, for the vendor, and for the evidence.
//!
//! | what happened | who asked gets | the log | the evidence |
//! | --- | --- | --- | --- |
//! | the plugin refuses | its reason | – | what `access.require` and the records refused |
//! | a limit is reached | which, used, allowed | the same | `call.tripped` |
//! | the guest breaks off | that it did | where, with its own words | `call.trapped` |
//! | the plugin fails, or returns no page | that it did | why | `call.failed` |
//! | the host fails | that it did | why | – |

use dinh_services::{CallTime, ServiceError, Trip};
use dinh_store::{Entry, Outcome};

use crate::bindings::pages;
use crate::call::Deed;
use crate::endings::Ended;
use crate::state::Stop;
use crate::{CallError, limits};

impl Deed<'_> {
    /// Whether the time was kept up to the end, waits in the last host call included.
    pub(crate) fn in_time(&self, time: Option<CallTime>) -> Result<(), CallError> {
        time.map_or(Ok(()), |mut time| time.check().map_err(|trip| self.tripped(trip)))
    }

    /// What a plugin's own refusal means for whoever asked.
    pub(crate) fn refused(&self, refusal: pages::Refusal) -> CallError {
        match refusal {
            pages::Refusal::NotFound(what) => CallError::NotFound(what),
            pages::Refusal::Denied(reason) => CallError::Denied(reason),
            pages::Refusal::BadRequest(remedy) => CallError::BadRequest(remedy),
            pages::Refusal::Failed(why) => self.failed(&why),
        }
    }

    /// A failure of the plugin: the reason for its vendor's eyes, and the evidence that it happened.
    pub(crate) fn failed(&self, why: &str) -> CallError {
        tracing::error!(
            target: "dinh::plugin", plugin = %self.plugin.manifest.id, path = self.path, why, "the plugin failed"
        );
        self.record("call.failed", None, []).unwrap_or(CallError::Failed)
    }

    fn tripped(&self, trip: Trip) -> CallError {
        tracing::warn!(
            target: "dinh::plugin", plugin = %self.plugin.manifest.id, path = self.path, limit = trip.what,
            used = trip.used, allowed = trip.allowed, "a call reached a limit"
        );
        let detail = [
            ("limit", trip.what.to_owned()),
            ("used", trip.used.to_string()),
            ("allowed", trip.allowed.to_string()),
        ];
        self.record("call.tripped", Some(trip), detail).unwrap_or(CallError::Limit(trip))
    }

    /// Why the guest did not come to its end.
    pub(crate) fn ended(&self, error: wasmtime::Error) -> CallError {
        let error = match error.downcast::<Stop>() {
            Ok(Stop::Limit(trip)) => return self.tripped(trip),
            // Run again, which is nobody's fault.
            Ok(Stop::Service(ServiceError::Conflict)) => return CallError::Conflict,
            Ok(Stop::Service(error)) => {
                tracing::error!(plugin = %self.plugin.manifest.id, %error, "the host failed in a call");
                return error.into();
            }
            Err(error) => error,
        };
        if error.downcast_ref::<wasmtime::Trap>() == Some(&wasmtime::Trap::StackOverflow) {
            return self.tripped(limits::stack());
        }
        if copied_too_much(&error) {
            return self.tripped(limits::host_bytes(self.plugin.manifest.limits.call.host_bytes));
        }
        tracing::error!(
            target: "dinh::plugin", plugin = %self.plugin.manifest.id, path = self.path, why = ?error,
            "the plugin broke off"
        );
        self.record("call.trapped", None, []).unwrap_or(CallError::Trapped)
    }

    /// Counts what happened and puts it into the evidence; the error, when even that fails.
    fn record<const N: usize>(
        &self,
        action: &'static str,
        trip: Option<Trip>,
        detail: [(&'static str, String); N],
    ) -> Option<CallError> {
        let ended = Ended { at: self.origin.now, action, route: self.route(), trip };
        self.house.endings.count(&self.plugin.manifest.id, ended);
        let mut detail: std::collections::BTreeMap<String, String> =
            detail.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        detail.insert("route".to_owned(), self.route());
        let entry = Entry {
            at: self.origin.now,
            actor: self.origin.actor.clone(),
            plugin: Some(self.plugin.manifest.id.clone()),
            action: action.to_owned(),
            subject: self.subject(),
            records: Vec::new(),
            outcome: Outcome::Failed,
            detail,
        };
        let witnessed = self.house.platform.store().witness(vec![entry]);
        witnessed.err().map(|error| CallError::from(ServiceError::from(error)))
    }

    pub(crate) fn subject(&self) -> String {
        format!("plugin:{}", self.plugin.manifest.id)
    }

    /// The declared part of the path: the rest may name people.
    pub(crate) fn route(&self) -> String {
        self.plugin.manifest.route(self.path).map(|route| route.path.clone()).unwrap_or_default()
    }
}

/// Whether the engine refused to copy what the guest handed over. It has no type of its own for that.
fn copied_too_much(error: &wasmtime::Error) -> bool {
    error.root_cause().to_string().contains("fuel allocated for hostcalls has been exhausted")
}

/// What a plugin did wrong in a call for which nobody waited, in one word; none when it was not the plugin.
pub(crate) fn fault(error: &CallError) -> Option<&'static str> {
    match error {
        CallError::Trapped => Some("trapped"),
        CallError::Failed => Some("failed"),
        CallError::Limit(trip) => Some(trip.what),
        CallError::NotFound(_) | CallError::Denied(_) | CallError::BadRequest(_) => Some("refused"),
        CallError::NoSuchPlugin
        | CallError::Busy { .. }
        | CallError::Out { .. }
        | CallError::Often { .. }
        | CallError::Conflict
        | CallError::Service(_) => None,
    }
}
