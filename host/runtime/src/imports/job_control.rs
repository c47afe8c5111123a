//! `job-control`: the plugin's own jobs, for whoever the call acts for.

use dinh_model::{Actor, JobId, Target};
use dinh_services::ServiceError;
use dinh_services::jobs::{self, NewJob, NotStarted};

use super::size::Size;
use crate::bindings::job_control::{self, Problem};
use crate::bindings::views::Progress;
use crate::jobs::shown;
use crate::state::{State, stop};

/// Most jobs of one list.
const LISTED: usize = 20;
/// About how many bytes the host says of one job.
const SAID: usize = 256;

impl job_control::Host for State {
    fn start(
        &mut self,
        name: String,
        key: String,
        arguments: Vec<(String, String)>,
    ) -> wasmtime::Result<Result<u32, Problem>> {
        let bytes: usize = arguments.iter().map(|(name, value)| name.size() + value.size()).sum();
        self.crossed(name.len() + key.len() + bytes)?;
        // Those that run, and its own rows.
        self.looks(jobs::MOST_RUNNING + 4)?;
        let bad = |remedy: String| Ok(Err(Problem::BadRequest(remedy)));
        if self.call.job.is_some() {
            return bad("jobs start no jobs: let this one go on with another step".to_owned());
        }
        if self.call.records.read_only {
            return bad("drawing a page starts nothing: start it in `pages.submit`".to_owned());
        }
        let Some(declared) = self.manifest.jobs.iter().find(|job| job.name == name) else {
            return bad(format!("declare the job {name:?} in [[jobs]]"));
        };
        if let Err(wrong) = jobs::check_arguments(&key, &arguments) {
            return bad(wrong);
        }
        let new = NewJob {
            home_unit: self.data.home_unit,
            name,
            title: declared.title.clone(),
            counted: declared.counted.clone(),
            permission: declared.permission.clone(),
            key,
            arguments,
            version: self.manifest.version.to_string(),
        };
        let call = &mut self.call;
        if call.origin.scope.is_some() || *call.actor() == Actor::Public {
            let said = match call.language() {
                dinh_model::Language::Vi => "Chỉ người đã đăng nhập mới giao được việc chạy nền.",
                dinh_model::Language::En => "Only somebody who is signed in starts a job.",
            };
            return Ok(Err(Problem::Denied(said.to_owned())));
        }
        let policy = call.policy_in_force().map_err(stop)?;
        let index = call.permission_index(&new.permission);
        if !index.is_some_and(|index| policy.holds(call.actor(), index, call.now())) {
            // Held for no unit at all; one stands for all of them in the explanation.
            let denial = call.denial(&new.permission, &Target::unit(new.home_unit));
            call.denied(&denial);
            return Ok(Err(Problem::Denied(denial.text)));
        }
        Ok(match jobs::start(call, new).map_err(stop)? {
            Ok(id) => Ok(id.0),
            Err(NotStarted::Running) => Err(Problem::Running),
            Err(why @ NotStarted::TooMany) => Err(Problem::TooMany(why.text(call.language()).to_owned())),
            Err(why @ NotStarted::Confined) => Err(Problem::Denied(why.text(call.language()).to_owned())),
        })
    }

    fn cancel(&mut self, id: u32) -> wasmtime::Result<Result<bool, Problem>> {
        self.looks(2)?;
        if self.call.records.read_only {
            let remedy = "drawing a page cancels nothing: cancel it in `pages.submit`".to_owned();
            return Ok(Err(Problem::BadRequest(remedy)));
        }
        let cancelled = jobs::cancel_own(&mut self.call, &self.data.plugin, JobId(id)).map_err(stop)?;
        Ok(cancelled.ok_or_else(|| Problem::BadRequest(format!("no job {id} of whoever asks"))))
    }

    fn get(&mut self, id: u32) -> wasmtime::Result<Option<Progress>> {
        self.looks(1)?;
        let found = jobs::get_own(&self.call, &self.data.plugin, JobId(id)).map_err(stop)?;
        let shown = found.map(|job| shown::progress(&job, self.call.language()));
        self.crossed(shown.as_ref().map_or(1, said))?;
        Ok(shown)
    }

    fn list(&mut self, name: Option<String>) -> wasmtime::Result<Vec<Progress>> {
        self.crossed(name.size())?;
        let plugin = &self.data.plugin;
        let found = jobs::of_starter(&mut self.call, plugin, name.as_deref(), LISTED);
        let found = found.map_err(|error: ServiceError| stop(error))?;
        let language = self.call.language();
        let shown: Vec<_> = found.iter().map(|job| shown::progress(job, language)).collect();
        self.crossed(shown.iter().map(said).sum())?;
        Ok(shown)
    }
}

fn said(progress: &Progress) -> usize {
    let notice = progress.notice.as_ref().map_or(0, |notice| notice.title.len() + notice.text.len());
    SAID + progress.title.len() + progress.counted.len() + notice
}
