//! Jobs (việc chạy nền): long work of applications. Whoever started one sees how far it is, cancels it and lets it go on
//! after a failure; whoever manages its plugin does so with everybody's.

use std::time::Duration;

use dinh_model::{JobId, Language, PluginId, time};
use dinh_runtime::bindings::pages::Outcome;
use dinh_runtime::bindings::types::Value;
use dinh_runtime::bindings::views::{Action, Block, Page, PluginPage, Prominence, Section, Target, Tone};
use dinh_runtime::{job_failure, job_progress};
use dinh_services::jobs::{Ended, Job, State, cancel, get, list, of_person, retry};

use super::blocks::{deed, fact, facts, leading, link, moment, page as blank, section, text, untitled};
use super::desk::{Desk, Given, Inputs};
use super::table::Rows;

/// How long the inbox shows jobs that are over.
const LATELY: Duration = Duration::from_secs(7 * 24 * 3_600);
/// Jobs that the inbox shows.
const SHOWN: usize = 10;

/// `/jobs`
pub fn page(desk: &mut Desk<'_>) -> Given<Page> {
    let before: Option<JobId> = desk.parsed("after")?;
    let rows = desk.rows();
    let mut found = list(desk.call, before, rows + 1)?;
    let more = found.len() > rows;
    found.truncate(rows);
    let next = found.last().filter(|_| more).map(|last| last.id.to_string());
    let empty = desk.say("Bạn chưa giao việc nào.", "You have started no job.");
    let table = table(desk, "jobs", &found, empty).paged(desk.started(), next).block();
    let mut page = blank(desk.say("Việc chạy nền", "Jobs"));
    page.subtitle = Some(desk.say(
        "Việc dài mà ứng dụng làm từng bước; mới nhất trước.",
        "Long work that applications do in steps; newest first.",
    ));
    page.sections = vec![untitled("list", vec![table])];
    Ok(page)
}

fn table<'r>(desk: &Desk<'_>, id: &str, found: &'r [Job], empty: String) -> Rows<'r, Job> {
    let language = desk.language();
    Rows::new(id, found, empty)
        .text("title", desk.say("Việc", "Job"), |job| job.title.get(language).to_owned())
        .target(|job| Some(format!("/jobs/{}", job.id)))
        .text("plugin", desk.say("Ứng dụng", "Application"), |job| name_of(desk, &job.plugin))
        .text("by", desk.say("Người giao", "Started by"), |job| who(desk, job))
        .badge("state", desk.say("Tình trạng", "Standing"), |job| standing(desk, job))
        .text("done", desk.say("Đã làm", "Done"), |job| figures(job, language))
        .moment("started", desk.say("Bắt đầu", "Started"), |job| {
            time::from_microseconds(job.started).unwrap_or_default()
        })
}

/// The reader's jobs that run, and those that ended lately: for the inbox. None when there are none.
pub fn lately(desk: &mut Desk<'_>) -> Given<Option<Section>> {
    let since = time::microseconds(desk.call.now())
        .saturating_sub(i64::try_from(LATELY.as_micros()).unwrap_or(i64::MAX));
    let mut found = of_person(desk.call, SHOWN)?;
    found.retain(|job| job.ended().is_none_or(|ended| ended >= since));
    if found.is_empty() {
        return Ok(None);
    }
    let table = table(desk, "own-jobs", &found, String::new()).within().block();
    Ok(Some(section("jobs-lately", desk.say("Việc chạy nền của tôi", "My jobs"), vec![table])))
}

/// `/jobs/ID`
pub fn one(desk: &mut Desk<'_>, id: JobId) -> Given<Page> {
    let job = get(desk.call, id)?;
    let language = desk.language();
    let mut shown = job_progress(&job, language);
    shown.target = None;
    let mut page = blank(job.title.get(language).to_owned());
    page.subtitle = Some(name_of(desk, &job.plugin));
    page.breadcrumbs = vec![link(desk.say("Việc chạy nền", "Jobs"), "/jobs")];
    page.actions = actions(desk, &job);
    page.sections = vec![untitled("progress", vec![Block::Progress(shown), about(desk, &job)])];
    Ok(page)
}

fn about(desk: &Desk<'_>, job: &Job) -> Block {
    let mut shown = Vec::new();
    if !job.key.is_empty() {
        shown.push(fact(desk.say("Làm cho", "For"), text(job.key.clone())));
    }
    shown.push(match job.actor.account() {
        Some(account) => leading(
            desk.say("Người giao", "Started by"),
            Value::Account(account.0),
            format!("/people/{account}"),
        ),
        None => fact(desk.say("Người giao", "Started by"), text(who(desk, job))),
    });
    if let dinh_model::Actor::Person { on_behalf_of: Some(lender), .. } = &job.actor {
        shown.push(fact(desk.say("Thay cho", "On behalf of"), Value::Account(lender.0)));
    }
    shown.push(fact(desk.say("Số bước", "Steps"), Value::Integer(job.steps.into())));
    let records = i64::try_from(job.records).unwrap_or(i64::MAX);
    shown.push(fact(desk.say("Bản ghi đã ghi", "Records written"), Value::Integer(records)));
    if job.steps > 0 {
        let last = time::from_microseconds(job.stepped).unwrap_or_default();
        shown.push(fact(desk.say("Bước gần nhất", "Last step"), moment(last)));
    }
    if job.failures > 0 {
        shown.push(fact(
            desk.say("Số lần lỗi liên tiếp", "Failures in a row"),
            Value::Integer(job.failures.into()),
        ));
    }
    facts(shown)
}

fn actions(desk: &Desk<'_>, job: &Job) -> Vec<Action> {
    match &job.state {
        State::Running { .. } => {
            let confirm = desk.say(
                "Huỷ việc này? Những phần đã làm xong vẫn được giữ.",
                "Cancel this job? What is done stays.",
            );
            vec![Action {
                prominence: Prominence::Danger,
                ..deed(desk.say("Huỷ", "Cancel"), "cancel", confirm)
            }]
        }
        State::Ended { how: Ended::Failed(_), .. } => {
            let confirm = desk.say("Chạy tiếp từ chỗ đã dừng?", "Go on from where it stopped?");
            vec![Action {
                prominence: Prominence::Primary,
                ..deed(desk.say("Chạy tiếp", "Retry"), "retry", confirm)
            }]
        }
        State::Ended { how: Ended::Finished { path: Some(path), .. }, .. } => {
            let target = Target::Plugin(PluginPage { plugin: job.plugin.to_string(), path: path.clone() });
            let effect = dinh_runtime::bindings::views::Effect::Open(target);
            let words = desk.say("Mở kết quả", "Open the result");
            vec![Action { text: words, prominence: Prominence::Primary, effect, disabled: None }]
        }
        State::Ended { .. } => Vec::new(),
    }
}

/// What comes back from it.
pub fn submit(desk: &mut Desk<'_>, inputs: &Inputs<'_>, id: JobId) -> Given<Outcome> {
    let here = format!("/jobs/{id}");
    match inputs.0.form.as_str() {
        "cancel" => match cancel(desk.call, id)? {
            true => desk.done(here, "Đã huỷ việc", "The job was cancelled"),
            false => desk.done(here, "Việc đã kết thúc trước đó", "The job was over already"),
        },
        "retry" => {
            retry(desk.call, id)?;
            desk.done(here, "Việc được chạy tiếp", "The job goes on")
        }
        _ => Err(desk.missing()),
    }
}

fn standing(desk: &Desk<'_>, job: &Job) -> (String, Tone) {
    match job.standing() {
        "running" => (desk.say("Đang chạy", "Running"), Tone::Info),
        "waiting" => (desk.say("Đang chờ", "Waiting"), Tone::Warning),
        "finished" => (desk.say("Đã xong", "Done"), Tone::Good),
        "cancelled" => (desk.say("Đã huỷ", "Cancelled"), Tone::Neutral),
        _ => {
            let why = job.failure().map(|why| job_failure(why, desk.language())).unwrap_or_default();
            (format!("{}: {why}", desk.say("Đã dừng vì lỗi", "Stopped by a failure")), Tone::Bad)
        }
    }
}

fn figures(job: &Job, language: Language) -> String {
    let counted = job.counted.get(language);
    match job.of {
        Some(of) => format!("{}/{of} {counted}", job.done),
        None => format!("{} {counted}", job.done),
    }
}

fn who(desk: &Desk<'_>, job: &Job) -> String {
    match job.actor.account() {
        Some(account) => desk.person_name(account),
        None => desk.say("Ứng dụng tự giao", "The plugin itself"),
    }
}

fn name_of(desk: &Desk<'_>, id: &PluginId) -> String {
    let plugins = desk.plugins();
    let plugin = plugins.iter().find(|plugin| plugin.manifest.id == *id);
    plugin.map_or_else(|| id.to_string(), |plugin| plugin.manifest.name.get(desk.language()).to_owned())
}
