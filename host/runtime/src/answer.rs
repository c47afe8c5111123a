//! How the code of a plugin answers a call: a guest in a fresh instance, or the host's own code in the call
//! itself. What is given is looked at either way, before anybody relies on it.
//!
//! ```text
//! package ─ sandbox ─ instantiate ─ guest ─┐ in time, refusals kept
//! native ──────────────────────────────────┴─ looked at ─▶ Answer: the call, what was given
//! ```
//!
//! No guest code is live while a commit waits for the disk: the instance is gone before.

use std::sync::Arc;

use dinh_model::Language;
use dinh_services::Call;
use wasmtime::{Store, UpdateDeadline};

use crate::bindings::pages;
use crate::call::{Deed, Failure};
use crate::imports::WITHHELD;
use crate::native::{Native, Refused};
use crate::plugin::{Code, Packaged};
use crate::prepared::Guest;
use crate::quarantine::Outcome;
use crate::runtime::House;
use crate::state::{State, Stop};
use crate::view::ViewProblem;
use crate::{AskedSheet, CallError};

/// What is asked of either kind of code, and how its answer is looked at.
pub(crate) struct Question<G, N, L> {
    pub(crate) guest: G,
    pub(crate) native: N,
    /// How many bytes it holds, if it is well formed.
    pub(crate) look: L,
}

/// What code gave, and the call it was given in.
pub(crate) struct Answer<T> {
    pub(crate) call: Box<Call>,
    pub(crate) given: Result<T, Failure>,
}

impl House {
    /// An empty sandbox with a call's limits: what is put into it, and only it, can use them up.
    pub(crate) fn sandbox(&self, state: State) -> wasmtime::Result<Store<State>> {
        let limits = state.manifest.limits;
        let mut store = Store::try_new(&self.engine, state)?;
        store.limiter(|state| &mut state.memory);
        // Nothing larger than all of a call's bytes is copied from the guest at once.
        store.set_hostcall_fuel(usize::try_from(limits.call.host_bytes).unwrap_or(usize::MAX));
        store.set_epoch_deadline(1);
        store.epoch_deadline_callback(|mut store| {
            let State { call, front, .. } = store.data_mut();
            let Some(time) = &mut call.usage.time else { return Ok(UpdateDeadline::Continue(1)) };
            if let Some(front) = front {
                front.tick(time.seen_computing());
            }
            match time.check() {
                Ok(()) => Ok(UpdateDeadline::Continue(1)),
                Err(trip) => Err(wasmtime::Error::new(Stop::Limit(trip))),
            }
        });
        Ok(store)
    }
}

/// What an answer says of the plugin; nothing when it was the host that failed, or others came between.
fn outcome<T>(given: &Result<T, CallError>) -> Option<Outcome> {
    match given {
        Ok(_) | Err(CallError::NotFound(_) | CallError::Denied(_) | CallError::BadRequest(_)) => {
            Some(Outcome::Answered)
        }
        Err(CallError::Trapped) => Some(Outcome::Failed("trapped")),
        Err(CallError::Failed) => Some(Outcome::Failed("failed")),
        Err(CallError::Limit(trip)) => Some(Outcome::Failed(trip.what)),
        Err(_) => None,
    }
}

impl Deed<'_> {
    /// Asks the plugin's code.
    pub(crate) fn answer<T, G, N, L>(
        &self,
        call: Box<Call>,
        sheet: Option<AskedSheet>,
        question: Question<G, N, L>,
    ) -> Result<Answer<T>, CallError>
    where
        G: FnOnce(&Guest<'_, State>, &mut Store<State>) -> wasmtime::Result<Result<T, pages::Refusal>>,
        N: FnOnce(&dyn Native, &mut Call) -> Result<T, Refused>,
        L: FnOnce(&T) -> Result<u64, ViewProblem>,
    {
        let Question { guest, native, look } = question;
        match &self.plugin.code {
            Code::Package(packaged) => self.guest(packaged, call, sheet, guest, look),
            Code::Native(code) => Ok(self.native(code.as_ref(), call, native, look)),
        }
    }

    /// Runs the guest in a fresh instance.
    fn guest<T>(
        &self,
        packaged: &Packaged,
        call: Box<Call>,
        sheet: Option<AskedSheet>,
        enter: impl FnOnce(&Guest<'_, State>, &mut Store<State>) -> wasmtime::Result<Result<T, pages::Refusal>>,
        look: impl FnOnce(&T) -> Result<u64, ViewProblem>,
    ) -> Result<Answer<T>, CallError> {
        let mut permissions = self.plugin.permissions(&call.policy);
        if call.origin.scope.is_some() {
            // What the access token does not reach is not admitted for this call.
            let declared = self.plugin.manifest.permissions.iter();
            permissions = declared.map(|declared| call.permission_index(&declared.permission)).collect();
        }
        let (manifest, data) = (&self.plugin.manifest, &self.plugin.data);
        let plugins = self.house.plugins.load_full();
        let mut state = State::new(call, manifest, data, permissions, sheet, plugins);
        self.plugin.front.begin();
        state.front = Some(Arc::clone(&self.plugin.front));
        let mut store = self.house.sandbox(state).map_err(|error| self.ended(error))?;
        let answered = packaged.instance.instantiate(&mut store).and_then(|guest| enter(&guest, &mut store));
        let mut state = store.into_data();
        // What follows is the host's own.
        let time = state.call.usage.time.take();
        let given = match answered {
            Ok(Ok(given)) => self.looked_at(given, look).and_then(|(given, bytes)| {
                let bytes = usize::try_from(bytes).unwrap_or(usize::MAX);
                state.crossed(bytes).map_err(|error| self.ended(error))?;
                self.in_time(time)?;
                Ok(given)
            }),
            // It was not the plugin that made up the cursor.
            Ok(Err(pages::Refusal::Failed(_))) if self.asked_after(&state.call) => Err(self.no_such_part()),
            Ok(Err(pages::Refusal::Failed(_))) if !state.call.confinement.is_free() => {
                // The reason goes to the log, where nothing may come that clings to the call.
                Err(self.refused(pages::Refusal::Failed(WITHHELD.to_owned())))
            }
            Ok(Err(refusal)) => Err(self.refused(refusal)),
            Err(error) => Err(self.ended(error)),
        };
        if let Some(outcome) = outcome(&given) {
            // What has no path is an event, which nobody asked for.
            self.house.call_ended(self.plugin, outcome, !self.path.is_empty(), self.origin);
        }
        Ok(Answer { call: state.call, given: given.map_err(Failure::from) })
    }

    /// Whether the call went on from a cursor of the address that is none: of a part of a list that was drawn under other
    /// filters or by another version, or invented. What the plugin makes of its refusal is not its fault.
    fn asked_after(&self, call: &Call) -> bool {
        let refused = call.records.refused_cursor.as_ref();
        refused.is_some_and(|refused| self.query.iter().any(|(_, value)| value == refused))
    }

    fn no_such_part(&self) -> CallError {
        let text = match self.origin.language {
            Language::Vi => "Phần này của danh sách không còn nữa. Hãy mở lại danh sách từ đầu.",
            Language::En => "This part of the list is gone. Open the list from its beginning.",
        };
        CallError::BadRequest(text.to_owned())
    }

    /// Lets the host's own code answer.
    fn native<T>(
        &self,
        code: &dyn Native,
        mut call: Box<Call>,
        enter: impl FnOnce(&dyn Native, &mut Call) -> Result<T, Refused>,
        look: impl FnOnce(&T) -> Result<u64, ViewProblem>,
    ) -> Answer<T> {
        let given = match enter(code, &mut call) {
            Ok(given) => self.looked_at(given, look).map(|(given, _)| given).map_err(Failure::from),
            Err(Refused::Refusal(refusal)) => Err(self.refused(refusal).into()),
            Err(Refused::Service(error)) => {
                call.refused(&error);
                Err(error.into())
            }
        };
        Answer { call, given }
    }

    /// What was given, with how many bytes it holds; a failure of the code that gave it, if it is not well
    /// formed.
    fn looked_at<T>(
        &self,
        given: T,
        look: impl FnOnce(&T) -> Result<u64, ViewProblem>,
    ) -> Result<(T, u64), CallError> {
        match look(&given) {
            Ok(bytes) => Ok((given, bytes)),
            Err(problem) => Err(self.failed(&problem.to_string())),
        }
    }
}
