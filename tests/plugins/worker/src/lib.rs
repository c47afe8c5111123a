//! Long work in steps, well-behaved and not: what the promises about jobs are tried with.

use dinh_sdk::jobs::{Job, Step};
use dinh_sdk::prelude::*;

/// What a step has done.
#[derive(Clone, Record)]
#[record(collection = "tallies")]
pub struct Tally {
    /// The job, its key and the step.
    pub what: String,
    /// Whose.
    pub unit: UnitId,
}

fn tally(job: &Job) -> Result<()> {
    let unit = UnitId(job.required("unit")?);
    Tally { what: format!("{} {} {}", job.name, job.key, job.step), unit }.insert()?;
    Ok(())
}

/// Counts to `to`, one a step. Fails in step `fails` until there is a tally `mended`; fails later than it writes.
fn count(job: &Job) -> Result<Step> {
    tally(job)?;
    let to: u64 = job.required("to")?;
    let mended = Tally::all().filter(Tally::WHAT.is("mended".to_owned())).first()?.is_some();
    if job.optional::<u32>("fails")? == Some(job.step) && !mended {
        return Err(Error::Failed("the vendor's own words".to_owned()));
    }
    let done = job.resume::<u64>()?.unwrap_or(0) + 1;
    if done < to {
        return Ok(Step::next(done, done).of(to));
    }
    let words = job.say("Đã đếm xong", "All counted");
    Ok(Step::finished(done).saying(Notice::info(words)).at("/?counted=1"))
}

fn endless(job: &Job) -> Result<Step> {
    tally(job)?;
    Ok(Step::next(u64::from(job.step), job.step))
}

fn still(job: &Job) -> Result<Step> {
    Ok(Step::next(0, job.key.clone()))
}

#[allow(clippy::infinite_loop, reason = "what it is there for")]
fn spins(job: &Job) -> Result<Step> {
    tally(job)?;
    let mut turns = 0_u64;
    loop {
        turns = std::hint::black_box(turns.wrapping_add(1));
    }
}

fn giant(job: &Job) -> Result<Step> {
    tally(job)?;
    Ok(Step::with_cursor(0, vec![b'x'; 4_097]))
}

fn starts(job: &Job) -> Result<Step> {
    jobs::start("count", "child", &[("to", &1), ("unit", &job.required::<u32>("unit")?)])?;
    Ok(Step::finished(1))
}

fn draw(request: &Request) -> Result<Page> {
    let tallies = Tally::all().order_by(Tally::WHAT.ascending()).list()?;
    let table = Table::of("tallies", &tallies)
        .column(Head::new("what", request.say("Kết quả", "Tallies")), |tally| tally.what.as_str())
        .build();
    let mut page = Page::new(request.say("Việc dài", "Long work"));
    for progress in jobs::of("count") {
        page = page.block(progress);
    }
    if request.optional::<bool>("starts")? == Some(true) {
        // Drawing a page starts nothing.
        jobs::start("count", "drawn", &[])?;
    }
    let start = Form::new("start", request.say("Giao việc", "Start"))
        .field(Field::text("name", request.say("Việc", "Job")))
        .field(Field::text("key", request.say("Khoá", "Key")))
        .field(Field::integer("to", request.say("Đến", "To")))
        .field(Field::integer("fails", request.say("Lỗi ở bước", "Fails in step")))
        .field(Field::of(Tally::UNIT, request.say("Đơn vị", "Unit")));
    Ok(page.block(table).block(start))
}

fn start(_: &Request, submission: &Submission) -> Result<Outcome> {
    let name: String = submission.get("name")?;
    let key: String = submission.get("key")?;
    let unit: UnitId = submission.get("unit")?;
    let to: Option<i64> = submission.get("to")?;
    let fails: Option<i64> = submission.get("fails")?;
    let mut arguments: Vec<(&str, &dyn jobs::Argument)> = vec![("unit", &unit.0)];
    arguments.extend(to.iter().map(|to| ("to", to as &dyn jobs::Argument)));
    arguments.extend(fails.iter().map(|step| ("fails", step as &dyn jobs::Argument)));
    match jobs::start(&name, key, &arguments)? {
        Some(job) => Ok(Outcome::done(jobs::page(job))),
        None => Err(Error::form("it runs already")),
    }
}

/// Starts jobs until it may start no more.
fn flood(_: &Request, submission: &Submission) -> Result<Outcome> {
    let unit: UnitId = submission.get("unit")?;
    let to = 5;
    for number in 0_u32..1_000 {
        jobs::start("count", number, &[("to", &to), ("unit", &unit.0)])?;
    }
    Ok(Outcome::done("/"))
}

fn cancel(_: &Request, submission: &Submission) -> Result<Outcome> {
    let job: i64 = submission.get("job")?;
    let ran = jobs::cancel(u32::try_from(job).unwrap_or(0))?;
    Ok(Outcome::done("/").saying(if ran { "cancelled" } else { "over" }))
}

/// Starts a job and then fails: nothing of it may be left.
fn broken(_: &Request, submission: &Submission) -> Result<Outcome> {
    let unit: UnitId = submission.get("unit")?;
    jobs::start("count", "broken", &[("to", &1), ("unit", &unit.0)])?;
    Err(Error::form("not this time"))
}

fn mend(_: &Request, submission: &Submission) -> Result<Outcome> {
    Tally { what: "mended".to_owned(), unit: submission.get("unit")? }.insert()?;
    Ok(Outcome::done("/"))
}

fn routes() -> Router {
    Router::new()
        .page("/", draw)
        .form("start", start)
        .form("flood", flood)
        .form("cancel", cancel)
        .form("broken", broken)
        .form("mend", mend)
}

fn all_jobs() -> Jobs {
    Jobs::new()
        .on("count", count)
        .on("endless", endless)
        .on("still", still)
        .on("spins", spins)
        .on("giant", giant)
        .on("starts", starts)
}

dinh_sdk::plugin!(routes, jobs: all_jobs);
