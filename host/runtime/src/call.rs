//! One call of a plugin: one snapshot, one change.
//!
//! ```text
//! begin ─ who may open the route ─ answer ─ render ─▶ evidence, page
//!                                         │        └ rights taken away: again
//!                                         └ submit ─┬ done ─ commit ─▶ durable
//!                                                   │          └ conflict: again, same origin
//!                                                   └ invalid, refused, trapped, tripped: nothing
//! ```
//!
//! Events (`events`) and steps of jobs (`jobs`) are calls of the same kind, for which nobody waits.

use std::sync::Arc;

use dinh_model::{Actor, Label, Language, Target, UnitId};
use dinh_services::accounts::{Directory, TokenScope};
use dinh_services::permissions::LABEL_EXPORT;
use dinh_services::sheets::{Sheet, SheetColumn};
use dinh_services::{Call, Origin, ServiceError};
use wasmtime::Store;

use crate::answer::{Answer, Question};
use crate::bindings::{pages, types, views};
use crate::manifest::OpensTo;
use crate::prepared::Guest;
use crate::runtime::House;
use crate::state::State;
use crate::view::ViewProblem;
use crate::{CallError, Native, Plugin, once, shared_fields, view};

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
    /// What is drawn leaves the platform, as an exported table does: of what is confidential, only for those who may
    /// export it.
    pub leaves: bool,
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
pub(crate) enum Failure {
    /// Others changed what it read: again.
    Conflict,
    /// For good.
    Final(CallError),
}

impl Failure {
    fn into_error(self) -> CallError {
        match self {
            Self::Conflict => CallError::Conflict,
            Self::Final(error) => error,
        }
    }
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
    /// Draws a page, and draws it again when rights were taken away meanwhile: then it may show less.
    pub(crate) fn render(&self, plugin: &Plugin, asked: &Asked) -> Result<views::Page, CallError> {
        let origin = self.platform.origin(asked.actor.clone(), asked.language).within(asked.scope.clone());
        let pages::Request { path, query, .. } = &asked.request;
        let deed = Deed { house: self, plugin, origin: &origin, path, query };
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
        let pages::Request { path, query, .. } = &asked.request;
        let deed = Deed { house: self, plugin, origin: &origin, path, query };
        let done = self.in_lane(plugin, || deed.attempt(asked, submission, once));
        if plugin.is_built_in() {
            // Its deeds may have taken a plugin out, or let it back.
            self.look_at_suspensions();
        }
        done
    }

    /// Attempts a call beside others, and when it has conflicted too often, alone in its plugin.
    pub(crate) fn in_lane<T>(
        &self,
        plugin: &Plugin,
        mut attempt: impl FnMut() -> Result<T, Failure>,
    ) -> Result<T, CallError> {
        for _ in 0..SHARED_ATTEMPTS {
            let _beside_others = plugin.lane.read();
            match attempt() {
                Err(Failure::Conflict) => tracing::debug!(plugin = %plugin.manifest.id, "a call conflicted"),
                Err(Failure::Final(error)) => return Err(error),
                Ok(done) => return Ok(done),
            }
        }
        let _alone = plugin.lane.write();
        tracing::debug!(plugin = %plugin.manifest.id, "a call runs in the serial lane");
        for _ in 0..LONE_ATTEMPTS {
            match attempt() {
                Err(Failure::Conflict) => {}
                Err(Failure::Final(error)) => return Err(error),
                Ok(done) => return Ok(done),
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
    /// What the address asks beside the path.
    pub(crate) query: &'a [(String, String)],
}

impl Deed<'_> {
    /// Puts the plugin's name and limits on a call.
    pub(crate) fn bound(&self, call: &mut Call) {
        let manifest = &self.plugin.manifest;
        call.plugin = Some(manifest.id.clone());
        call.limits = manifest.limits.call;
    }

    /// Puts the plugin's name and limits on a call, and asks for the permission of the path's route.
    fn enter(&self, call: &mut Call) -> Result<(), CallError> {
        self.bound(call);
        let manifest = &self.plugin.manifest;
        let whole =
            self.path.starts_with('/') && !self.path.split('/').any(|segment| matches!(segment, "." | ".."));
        let route = manifest.route(self.path).filter(|_| whole);
        let route = route.ok_or_else(|| CallError::NotFound(self.path.to_owned()))?;
        if self.admits(call, &route.opens_to) {
            return Ok(());
        }
        let OpensTo::Holders(permissions) = &route.opens_to else {
            return Err(CallError::Denied(String::new()));
        };
        let Some(permission) = permissions.first() else { return Err(CallError::Denied(String::new())) };
        // Held for no unit at all; one stands for all of them in the explanation.
        let denial = call.denial(permission, &Target::unit(self.unit(call)?));
        call.denied(&denial);
        self.house.platform.witness(call.take_witnessed())?;
        Err(CallError::Denied(denial.text))
    }

    /// Whether the actor may open what opens to these; with an access token, only as far as that reaches.
    pub(crate) fn admits(&self, call: &Call, opens_to: &OpensTo) -> bool {
        let admits =
            |opens_to: &OpensTo| self.plugin.admits(&call.policy, call.actor(), opens_to, call.now());
        match opens_to {
            _ if call.origin.scope.is_none() => admits(opens_to),
            OpensTo::Holders(permissions) => {
                let reached = permissions.iter().filter(|permission| call.origin.reaches(permission));
                admits(&OpensTo::Holders(reached.cloned().collect()))
            }
            // What is everybody's own is no program's.
            OpensTo::Everybody => false,
        }
    }

    /// Refuses a submission that came with an access token for reading only.
    fn writable(&self, call: &mut Call) -> Result<(), CallError> {
        let Some(route) = self.plugin.manifest.route(self.path).filter(|_| self.origin.is_read_only()) else {
            return Ok(());
        };
        let OpensTo::Holders(permissions) = &route.opens_to else { return Ok(()) };
        let Some(permission) = permissions.first() else { return Ok(()) };
        let denial = call.read_only_denial(permission, &Target::unit(self.unit(call)?));
        call.denied(&denial);
        self.house.platform.witness(call.take_witnessed())?;
        Err(CallError::Denied(denial.text))
    }

    /// The unit that stands for all of them: the plugin's own; for what is built in, the actor's.
    fn unit(&self, call: &Call) -> Result<UnitId, ServiceError> {
        let own = match call.account().filter(|_| self.plugin.is_built_in()) {
            Some(account) => Directory::new(call.transaction.snapshot()).account(account)?,
            None => None,
        };
        Ok(own.map_or(self.plugin.data.home_unit, |own| own.unit))
    }

    fn draw(&self, asked: &Asked) -> Result<views::Page, CallError> {
        let mut call = Box::new(self.house.platform.begin_reading(self.origin)?);
        call.records.read_only = true;
        self.enter(&mut call)?;
        let question = Question {
            guest: |guest: &Guest<'_, State>, store: &mut Store<State>| guest.render(store, &asked.request),
            native: |native: &dyn Native, call: &mut Call| native.render(call, asked),
            look: view::check,
        };
        let mut answer = self.answer(call, asked.sheet.clone(), question)?;
        // A call that ended so met no refusal that counts.
        answer.call.policy_in_force()?;
        if let Ok(page) = &mut answer.given {
            shared_fields::show(&mut answer.call, self.plugin, &self.house.plugins.load(), page)?;
        }
        if asked.leaves || asked.request.export_table.is_some() {
            self.may_export(&mut answer)?;
        }
        self.house.platform.witness(answer.call.take_witnessed())?;
        let mut page = answer.given.map_err(Failure::into_error)?;
        bear(&mut page, answer.call.confinement.label());
        self.house.platform.commit(*answer.call)?;
        Ok(page)
    }

    /// Refuses to export what is confidential to whoever may only look at it.
    fn may_export(&self, answer: &mut Answer<views::Page>) -> Result<(), CallError> {
        let Ok(page) = &answer.given else { return Ok(()) };
        let label = label(page.label).max(answer.call.confinement.label());
        if label == Label::Ordinary {
            return Ok(());
        }
        let target = Target { label, ..Target::unit(self.unit(&answer.call)?) };
        if answer.call.check(&LABEL_EXPORT, &target) {
            return Ok(());
        }
        let denial = answer.call.denial(&LABEL_EXPORT, &target);
        answer.call.denied(&denial);
        answer.given = Err(Failure::Final(CallError::Denied(denial.text)));
        Ok(())
    }

    fn attempt(
        &self,
        asked: &Asked,
        submission: &pages::Submission,
        once: Option<[u8; 32]>,
    ) -> Result<Submitted, Failure> {
        let mut call = Box::new(self.house.platform.begin(self.origin)?);
        self.enter(&mut call)?;
        self.writable(&mut call)?;
        if let Some(form) = &once
            && let Some(done) = once::find(&call, form)?
        {
            return Ok(Submitted::Repeated(done));
        }
        if !self.plugin.manifest.wanted.is_empty() {
            submission.inputs.iter().for_each(|input| submitted(&mut call, &input.value));
            let children = submission.children.iter().flat_map(|child| &child.inputs);
            children.for_each(|input| submitted(&mut call, &input.value));
            submission.cells.iter().for_each(|cell| submitted(&mut call, &cell.value));
        }
        let question = Question {
            guest: |guest: &Guest<'_, State>, store: &mut Store<State>| {
                guest.submit(store, &asked.request, submission)
            },
            native: |native: &dyn Native, call: &mut Call| native.submit(call, asked, submission),
            look: look_at,
        };
        let Answer { mut call, given } = self.answer(call, asked.sheet.clone(), question)?;
        // A call that ended so met no refusal that counts, and what it says of its input may be old.
        call.policy_in_force()?;
        let witness = |witnessed| self.house.platform.witness(witnessed);
        let done = match given {
            Ok(pages::Outcome::Done(done)) => done,
            Ok(pages::Outcome::Invalid(problems)) => {
                witness(call.take_witnessed())?;
                return Ok(Submitted::Invalid(problems));
            }
            // Run again, it meets what it met, or something else.
            Err(Failure::Conflict) => return Err(Failure::Conflict),
            Err(failed) => {
                witness(call.take_witnessed())?;
                return Err(failed);
            }
        };
        if let Some(form) = &once {
            // What clings to the call is said to whoever submitted, and kept nowhere.
            let free = call.confinement.is_free();
            let kept = pages::Done { notice: done.notice.clone().filter(|_| free), ..done.clone() };
            once::put(&mut call, form, &kept)?;
        }
        let detail = [
            ("form", submission.form.chars().take(64).collect()),
            ("route", self.route()),
            ("records", call.usage.records_written.to_string()),
        ];
        call.evidence("form.submitted", self.subject(), detail);
        let refused = call.take_refused();
        self.house.platform.commit(*call)?;
        // After the commit: an attempt that conflicted met no refusal that counts.
        witness(refused)?;
        Ok(Submitted::Done(done))
    }
}

/// A text that the person submitted is theirs to give.
fn submitted(call: &mut Call, value: &types::Value) {
    match value {
        types::Value::Text(text) => call.confinement.submitted(text),
        types::Value::Texts(texts) => texts.iter().for_each(|text| call.confinement.submitted(text)),
        _ => {}
    }
}

/// A page bears at least the label of what was read for it, whatever its plugin says.
fn bear(page: &mut views::Page, read: Label) {
    if label(page.label) < read {
        page.label = types::Label::Confidential;
    }
}

/// The label as the host has it. Pages of the two highest are refused before.
fn label(label: types::Label) -> Label {
    match label {
        types::Label::Ordinary => Label::Ordinary,
        types::Label::Confidential | types::Label::Secret | types::Label::TopSecret => Label::Confidential,
    }
}

/// Whether what a submission came to is well formed. It is no page, so that it weighs nothing.
fn look_at(outcome: &pages::Outcome) -> Result<u64, ViewProblem> {
    match outcome {
        pages::Outcome::Invalid(problems) => view::check_problems(problems),
        pages::Outcome::Done(done) => view::check_done(done),
    }
    .map(|()| 0)
}
