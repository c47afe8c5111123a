//! One call of a plugin: a fresh instance, one snapshot, one change.
//!
//! ```text
//! begin ─ route's permission ─ instantiate ─ render ─ page looked at ─▶ evidence, page
//!                                          │                         └ rights taken away: again
//!                                          └ submit ─ outcome ─┬ done ─ commit ─▶ durable
//!                                                              │          └ conflict: again, same origin
//!                                                              └ invalid, refused, trapped, tripped: nothing
//! ```
//!
//! No guest code is live while a commit waits for the disk: the instance is gone before.

use std::sync::Arc;

use dinh_model::{Actor, Language, Target};
use dinh_services::accounts::TokenScope;
use dinh_services::sheets::{Sheet, SheetColumn};
use dinh_services::{Call, Origin, ServiceError};
use wasmtime::{Store, UpdateDeadline};

use crate::bindings::{pages, views};
use crate::prepared::Guest;
use crate::runtime::House;
use crate::state::{State, Stop};
use crate::{CallError, Plugin, once, view};

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
    /// What the access token that they came with reaches; none for whoever signed in.
    pub scope: Option<Arc<TokenScope>>,
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
        match error {
            CallError::Conflict => Self::Conflict,
            other => Self::Final(other),
        }
    }
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
        store.epoch_deadline_callback(|store| match store.data().time.check() {
            Ok(()) => Ok(UpdateDeadline::Continue(1)),
            Err(trip) => Err(wasmtime::Error::new(Stop::Limit(trip))),
        });
        Ok(store)
    }

    /// Draws a page, and draws it again when rights were taken away meanwhile: then it may show less.
    pub(crate) fn render(&self, plugin: &Plugin, asked: &Asked) -> Result<views::Page, CallError> {
        let origin = self.platform.origin(asked.actor.clone(), asked.language).within(asked.scope.clone());
        let deed = Deed { house: self, plugin, origin: &origin, path: &asked.request.path };
        for _ in 1..SHARED_ATTEMPTS + LONE_ATTEMPTS {
            match deed.draw(asked) {
                Err(CallError::Conflict) => {
                    tracing::debug!(plugin = %plugin.manifest.id, "a page is drawn again")
                }
                done => return done,
            }
        }
        deed.draw(asked)
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
        let origin = self.platform.origin(asked.actor.clone(), asked.language).within(asked.scope.clone());
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
pub(crate) struct Deed<'a> {
    pub(crate) house: &'a House,
    pub(crate) plugin: &'a Plugin,
    pub(crate) origin: &'a Origin,
    pub(crate) path: &'a str,
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
        let reached = call.origin.reaches(&route.permission);
        if reached && self.plugin.holds(&call.policy, call.actor(), &route.permission, call.now()) {
            return Ok(());
        }
        // Held for no unit at all; the plugin's own unit stands for all of them in the explanation.
        let denial = call.denial(&route.permission, &Target::unit(self.plugin.data.home_unit));
        self.house.platform.witness_denial(self.origin, call.plugin.clone(), &denial)?;
        Err(CallError::Denied(denial.text))
    }

    /// Refuses a submission that came with an access token for reading only.
    fn writable(&self, call: &Call) -> Result<(), CallError> {
        let Some(route) = self.plugin.manifest.route(self.path).filter(|_| self.origin.is_read_only()) else {
            return Ok(());
        };
        let denial = call.read_only_denial(&route.permission, &Target::unit(self.plugin.data.home_unit));
        self.house.platform.witness_denial(self.origin, call.plugin.clone(), &denial)?;
        Err(CallError::Denied(denial.text))
    }

    /// Runs the guest in a fresh instance. What it returned, and what the call holds afterwards.
    fn run<T>(
        &self,
        call: Call,
        sheet: Option<AskedSheet>,
        enter: impl FnOnce(&Guest<'_, State>, &mut Store<State>) -> wasmtime::Result<T>,
    ) -> Result<(State, wasmtime::Result<T>), CallError> {
        let plugin = self.plugin;
        let mut permissions = plugin.permissions(&call.policy);
        if call.origin.scope.is_some() {
            // What the access token does not reach is not admitted for this call.
            let declared = plugin.manifest.permissions.iter();
            permissions = declared.map(|declared| call.permission_index(&declared.permission)).collect();
        }
        let state = State::new(call, &plugin.manifest, &plugin.data, permissions, sheet);
        let mut store = self.house.sandbox(state).map_err(|error| self.ended(error))?;
        let answered =
            self.plugin.instance.instantiate(&mut store).and_then(|guest| enter(&guest, &mut store));
        Ok((store.into_data(), answered))
    }

    fn draw(&self, asked: &Asked) -> Result<views::Page, CallError> {
        let mut call = self.house.platform.begin_reading(self.origin)?;
        call.records.read_only = true;
        self.enter(&mut call)?;
        let (mut state, answered) =
            self.run(call, asked.sheet.clone(), |guest, store| guest.render(store, &asked.request))?;
        // A call that ended so met no refusal that counts.
        state.call.policy_in_force()?;
        self.witness(&state.denials)?;
        let page = match answered {
            Ok(Ok(page)) => page,
            Ok(Err(refusal)) => return Err(self.refused(refusal)),
            Err(error) => return Err(self.ended(error)),
        };
        let bytes = view::check(&page).map_err(|problem| self.failed(&problem.to_string()))?;
        state.crossed(usize::try_from(bytes).unwrap_or(usize::MAX)).map_err(|error| self.ended(error))?;
        self.in_time(&state)?;
        self.house.platform.commit(state.call)?;
        Ok(page)
    }

    fn attempt(
        &self,
        asked: &Asked,
        submission: &pages::Submission,
        once: Option<[u8; 32]>,
    ) -> Result<Submitted, Failure> {
        let mut call = self.house.platform.begin(self.origin)?;
        self.enter(&mut call)?;
        self.writable(&call)?;
        if let Some(form) = &once
            && let Some(done) = once::find(&call, form)?
        {
            return Ok(Submitted::Repeated(done));
        }
        let (state, answered) = self
            .run(call, asked.sheet.clone(), |guest, store| guest.submit(store, &asked.request, submission))?;
        // A call that ended so met no refusal that counts, and what it says of its input may be old.
        state.call.policy_in_force()?;
        let done = match self.judge(&state, answered) {
            Ok(pages::Outcome::Done(done)) => done,
            Ok(pages::Outcome::Invalid(problems)) => {
                self.witness(&state.denials)?;
                return Ok(Submitted::Invalid(problems));
            }
            Err(error) => {
                self.witness(&state.denials)?;
                return Err(error.into());
            }
        };
        let State { mut call, denials, .. } = state;
        if let Some(form) = &once {
            once::put(&mut call, form, &done)?;
        }
        let detail = [
            ("form", submission.form.chars().take(64).collect()),
            ("route", self.route()),
            ("records", call.usage.records_written.to_string()),
        ];
        call.evidence("form.submitted", self.subject(), detail);
        self.house.platform.commit(call)?;
        // After the commit: an attempt that conflicted met no refusal that counts.
        self.witness(&denials)?;
        Ok(Submitted::Done(done))
    }

    /// What a submission comes to: in time, and well formed.
    fn judge(
        &self,
        state: &State,
        answered: wasmtime::Result<Result<pages::Outcome, pages::Refusal>>,
    ) -> Result<pages::Outcome, CallError> {
        let outcome = match answered {
            Ok(Ok(outcome)) => outcome,
            Ok(Err(refusal)) => return Err(self.refused(refusal)),
            Err(error) => return Err(self.ended(error)),
        };
        self.in_time(state)?;
        let looked_at = match &outcome {
            pages::Outcome::Invalid(problems) => view::check_problems(problems),
            pages::Outcome::Done(done) => view::check_done(done),
        };
        looked_at.map_err(|problem| self.failed(&problem.to_string()))?;
        Ok(outcome)
    }
}
