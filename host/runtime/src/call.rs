//! One call of a plugin: a fresh instance, one snapshot, one change.
//!
//! ```text
//! begin ─ route's permission ─ instantiate ─ render ─ page looked at ─▶ evidence, page
//!                                          └ submit ─ outcome ─┬ done ─ commit ─▶ durable
//!                                                              │          └ conflict: again, same origin
//!                                                              └ invalid, refused, trapped, tripped: nothing
//! ```
//!
//! No guest code is live while a commit waits for the disk: the instance is gone before.

use std::sync::Arc;

use dinh_model::{Actor, Language, Target};
use dinh_services::sheets::{Sheet, SheetColumn};
use dinh_services::{Call, Denial, Origin, ServiceError, Trip};
use dinh_store::{Entry, Outcome};
use wasmtime::{Store, UpdateDeadline};

use crate::bindings::{Plugin as Guest, pages, views};
use crate::runtime::House;
use crate::state::{Memory, State, Stop, Time};
use crate::{CallError, Plugin, limits, once, view};

/// How often a submission is run again beside others when it conflicted, before it runs alone.
const SHARED_ATTEMPTS: u32 = 3;
/// How often it is run alone. Only a change of rights, or a deed of the host on the same data, can still
/// come between.
const LONE_ATTEMPTS: u32 = 3;

/// What is asked of a plugin, and by whom.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Who asks.
    pub actor: Actor,
    /// The language of what is said back.
    pub language: Language,
    /// The page.
    pub request: pages::Request,
    /// The spreadsheet that goes with it.
    pub sheet: Option<AskedSheet>,
}

/// A spreadsheet that a person uploaded.
#[derive(Clone, Debug)]
pub struct AskedSheet {
    /// The import block it was uploaded into.
    pub block: String,
    /// The rows to be looked at or imported.
    pub sheet: Arc<Sheet>,
    /// The columns as the block declares them: they say what an empty column is a column of.
    pub columns: Arc<[SheetColumn]>,
}

/// What became of a submission.
#[derive(Clone, Debug, PartialEq)]
pub enum Submitted {
    /// It was done, and is durable.
    Done(pages::Done),
    /// The same form was submitted before; this is what came of it then. Nothing was done now.
    Repeated(pages::Done),
    /// It was not done: what is wrong with it.
    Invalid(Vec<pages::InputProblem>),
}

/// Why an attempt gave nothing.
enum Failure {
    /// Others changed what it read: again.
    Conflict,
    /// For good.
    Final(CallError),
}

impl From<ServiceError> for Failure {
    fn from(error: ServiceError) -> Self {
        match error {
            ServiceError::Conflict => Self::Conflict,
            other => Self::Final(other.into()),
        }
    }
}

impl From<CallError> for Failure {
    fn from(error: CallError) -> Self {
        Self::Final(error)
    }
}

impl House {
    /// Draws a page.
    pub(crate) fn render(&self, plugin: &Plugin, asked: &Asked) -> Result<views::Page, CallError> {
        let origin = self.platform.origin(asked.actor.clone(), asked.language);
        let mut call = self.platform.begin_reading(&origin)?;
        call.records.read_only = true;
        let deed = Deed { house: self, plugin, origin: &origin, path: &asked.request.path };
        deed.enter(&mut call)?;
        let (mut state, answered) = deed.run(call, asked.sheet.clone(), |guest, store| {
            guest.dinh_platform_pages().call_render(store, &asked.request)
        })?;
        deed.witness(&state)?;
        let page = match answered {
            Ok(Ok(page)) => page,
            Ok(Err(refusal)) => return Err(deed.refused(refusal)),
            Err(error) => return Err(deed.ended(&error)),
        };
        let bytes = view::check(&page).map_err(|problem| deed.failed(&problem.to_string()))?;
        state.crossed(usize::try_from(bytes).unwrap_or(usize::MAX)).map_err(|error| deed.ended(&error))?;
        deed.in_time(&state)?;
        self.platform.commit(state.call)?;
        Ok(page)
    }

    /// Handles a submission: runs it, commits what it wrote, and runs it again when others changed what it
    /// read, with the same moment, seed and input.
    pub(crate) fn submit(
        &self,
        plugin: &Plugin,
        asked: &Asked,
        submission: &pages::Submission,
        once: Option<[u8; 32]>,
    ) -> Result<Submitted, CallError> {
        let origin = self.platform.origin(asked.actor.clone(), asked.language);
        let deed = Deed { house: self, plugin, origin: &origin, path: &asked.request.path };
        for _ in 0..SHARED_ATTEMPTS {
            let _beside_others = plugin.lane.read();
            match deed.attempt(asked, submission, once) {
                Err(Failure::Conflict) => tracing::debug!(plugin = %plugin.manifest.id, "a call conflicted"),
                Err(Failure::Final(error)) => return Err(error),
                Ok(submitted) => return Ok(submitted),
            }
        }
        let _alone = plugin.lane.write();
        tracing::debug!(plugin = %plugin.manifest.id, "a call runs in the serial lane");
        for _ in 0..LONE_ATTEMPTS {
            match deed.attempt(asked, submission, once) {
                Err(Failure::Conflict) => {}
                Err(Failure::Final(error)) => return Err(error),
                Ok(submitted) => return Ok(submitted),
            }
        }
        Err(CallError::Conflict)
    }
}

/// A call of one plugin for one path, however often it is attempted.
struct Deed<'a> {
    house: &'a House,
    plugin: &'a Plugin,
    origin: &'a Origin,
    path: &'a str,
}

impl Deed<'_> {
    /// Puts the plugin's name and limits on a call, and asks for the permission of the path's route.
    fn enter(&self, call: &mut Call) -> Result<(), CallError> {
        let manifest = &self.plugin.manifest;
        call.plugin = Some(manifest.id.clone());
        call.limits = manifest.limits.call;
        let whole =
            self.path.starts_with('/') && !self.path.split('/').any(|segment| matches!(segment, "." | ".."));
        let route = manifest.route(self.path).filter(|_| whole);
        let route = route.ok_or_else(|| CallError::NotFound(self.path.to_owned()))?;
        if self.plugin.holds(&call.policy, call.actor(), &route.permission, call.now()) {
            return Ok(());
        }
        // Held for no unit at all; the plugin's own unit stands for all of them in the explanation.
        let denial = call.denial(&route.permission, &Target::unit(self.plugin.data.home_unit));
        self.house.platform.witness_denial(self.origin, call.plugin.clone(), &denial)?;
        Err(CallError::Denied(denial.text))
    }

    /// Runs the guest in a fresh instance. What it returned, and what the call holds afterwards.
    fn run<T>(
        &self,
        call: Call,
        sheet: Option<AskedSheet>,
        enter: impl FnOnce(&Guest, &mut Store<State>) -> wasmtime::Result<T>,
    ) -> Result<(State, wasmtime::Result<T>), CallError> {
        let limits = self.plugin.manifest.limits;
        let state = State {
            permissions: self.plugin.permissions(&call.policy),
            call,
            manifest: Arc::clone(&self.plugin.manifest),
            data: Arc::clone(&self.plugin.data),
            sheet,
            memory: Memory::new(limits.memory),
            time: Time::start(limits),
            denials: Vec::new(),
        };
        let mut store = Store::try_new(&self.house.engine, state).map_err(|error| self.ended(&error))?;
        store.limiter(|state| &mut state.memory);
        // Nothing larger than all of a call's bytes is copied from the guest at once.
        store.set_hostcall_fuel(usize::try_from(limits.call.host_bytes).unwrap_or(usize::MAX));
        store.set_epoch_deadline(1);
        store.epoch_deadline_callback(|store| match store.data().time.check() {
            Ok(()) => Ok(UpdateDeadline::Continue(1)),
            Err(trip) => Err(wasmtime::Error::new(Stop::Limit(trip))),
        });
        let answered =
            self.plugin.instance.instantiate(&mut store).and_then(|guest| enter(&guest, &mut store));
        Ok((store.into_data(), answered))
    }

    fn attempt(
        &self,
        asked: &Asked,
        submission: &pages::Submission,
        once: Option<[u8; 32]>,
    ) -> Result<Submitted, Failure> {
        let mut call = self.house.platform.begin(self.origin)?;
        self.enter(&mut call)?;
        if let Some(form) = &once
            && let Some(done) = once::find(&call, form)?
        {
            return Ok(Submitted::Repeated(done));
        }
        let (state, answered) = self.run(call, asked.sheet.clone(), |guest, store| {
            guest.dinh_platform_pages().call_submit(store, &asked.request, submission)
        })?;
        let outcome = match answered {
            Ok(Ok(outcome)) => outcome,
            Ok(Err(refusal)) => {
                self.witness(&state)?;
                return Err(self.refused(refusal).into());
            }
            Err(error) => {
                self.witness(&state)?;
                return Err(self.ended(&error).into());
            }
        };
        self.in_time(&state)?;
        match outcome {
            pages::Outcome::Invalid(problems) => {
                self.witness(&state)?;
                view::check_problems(&problems).map_err(|problem| self.failed(&problem.to_string()))?;
                Ok(Submitted::Invalid(problems))
            }
            pages::Outcome::Done(done) => {
                view::check_done(&done).map_err(|problem| self.failed(&problem.to_string()))?;
                let State { mut call, denials, .. } = state;
                if let Some(form) = &once {
                    once::put(&mut call, form, &done)?;
                }
                let records = call.usage.records_written.to_string();
                call.evidence(
                    "form.submitted",
                    self.subject(),
                    [
                        ("form", submission.form.chars().take(64).collect()),
                        ("route", self.route()),
                        ("records", records),
                    ],
                );
                self.house.platform.commit(call)?;
                self.witness_denials(&denials)?;
                Ok(Submitted::Done(done))
            }
        }
    }

    /// Whether the time was kept up to the end, waits in the last host call included.
    fn in_time(&self, state: &State) -> Result<(), CallError> {
        state.time.check().map_err(|trip| self.tripped(trip))
    }

    /// Puts the refusals that the call met into the evidence, which outlives it.
    fn witness(&self, state: &State) -> Result<(), ServiceError> {
        self.witness_denials(&state.denials)
    }

    fn witness_denials(&self, denials: &[Denial]) -> Result<(), ServiceError> {
        let plugin = || Some(self.plugin.manifest.id.clone());
        denials
            .iter()
            .try_for_each(|denial| self.house.platform.witness_denial(self.origin, plugin(), denial))
    }

    /// What a plugin's own refusal means for whoever asked.
    fn refused(&self, refusal: pages::Refusal) -> CallError {
        match refusal {
            pages::Refusal::NotFound(what) => CallError::NotFound(what),
            pages::Refusal::Denied(reason) => CallError::Denied(reason),
            pages::Refusal::BadRequest(remedy) => CallError::BadRequest(remedy),
            pages::Refusal::Failed(why) => self.failed(&why),
        }
    }

    /// A failure of the plugin: the reason for its vendor's eyes, and the evidence that it happened.
    fn failed(&self, why: &str) -> CallError {
        tracing::error!(
            target: "dinh::plugin", plugin = %self.plugin.manifest.id, path = self.path, why, "the plugin failed"
        );
        self.record("call.failed", []).unwrap_or(CallError::Failed)
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
        self.record("call.tripped", detail).unwrap_or(CallError::Limit(trip))
    }

    /// Why the guest did not come to its end.
    fn ended(&self, error: &wasmtime::Error) -> CallError {
        match error.downcast_ref::<Stop>() {
            Some(Stop::Limit(trip)) => return self.tripped(*trip),
            Some(Stop::Service(error)) => {
                tracing::error!(plugin = %self.plugin.manifest.id, %error, "the host failed in a call");
                return CallError::Service(ServiceError::Damaged { what: error.to_string() });
            }
            None => {}
        }
        if error.downcast_ref::<wasmtime::Trap>() == Some(&wasmtime::Trap::StackOverflow) {
            return self.tripped(limits::stack());
        }
        if copied_too_much(error) {
            return self.tripped(limits::host_bytes(self.plugin.manifest.limits.call.host_bytes));
        }
        tracing::error!(
            target: "dinh::plugin", plugin = %self.plugin.manifest.id, path = self.path, why = ?error,
            "the plugin broke off"
        );
        self.record("call.trapped", []).unwrap_or(CallError::Trapped)
    }

    /// Puts what happened into the evidence; the error, when even that fails.
    fn record<const N: usize>(&self, action: &str, detail: [(&'static str, String); N]) -> Option<CallError> {
        let mut detail: std::collections::BTreeMap<String, String> =
            detail.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        detail.insert("route".to_owned(), self.route());
        let entry = Entry {
            at: self.origin.now,
            actor: self.origin.actor.clone(),
            plugin: Some(self.plugin.manifest.id.clone()),
            action: action.to_owned(),
            subject: self.subject(),
            outcome: Outcome::Failed,
            detail,
        };
        let witnessed = self.house.platform.store().witness(vec![entry]);
        witnessed.err().map(|error| CallError::from(ServiceError::from(error)))
    }

    fn subject(&self) -> String {
        format!("plugin:{}", self.plugin.manifest.id)
    }

    /// The declared part of the path: the rest may name people.
    fn route(&self) -> String {
        self.plugin.manifest.route(self.path).map(|route| route.path.clone()).unwrap_or_default()
    }
}

/// Whether the engine refused to copy what the guest handed over. It has no type of its own for that.
fn copied_too_much(error: &wasmtime::Error) -> bool {
    error.root_cause().to_string().contains("fuel allocated for hostcalls has been exhausted")
}
