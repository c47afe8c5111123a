//! How far a job is: a bar, and beside it the same in words.

use dinh_model::time;
use dinh_runtime::bindings::views::{Block, JobState, Page, Progress, Tone};
use maud::{Markup, html};

use super::{Canvas, tone};
use crate::format;

/// Seconds after which a page comes anew that shows a job at work.
pub const COMES_ANEW: u32 = 5;

const HOUR: u64 = 3_600;

/// A job.
pub fn progress(canvas: &Canvas<'_>, progress: &Progress) -> Markup {
    let texts = canvas.texts;
    let (key, colour) = match progress.state {
        JobState::Waiting => ("progress-waiting", Tone::Warning),
        JobState::Running => ("progress-running", Tone::Info),
        JobState::Finished => ("progress-finished", Tone::Good),
        JobState::Failed => ("progress-failed", Tone::Bad),
        JobState::Cancelled => ("progress-cancelled", Tone::Neutral),
    };
    let words = words(canvas, progress);
    html! {
        div class={ "progress " (tone(colour)) } {
            p class="head" {
                b { (canvas.linked(progress.target.as_ref(), &progress.title)) }
                " " span class={ "badge " (tone(colour)) } { (texts.say(key)) }
            }
            @if let Some(of) = progress.of {
                // What it says stands beside it as well, for whoever does not see it.
                progress max=(of.max(1)) value=(progress.done.min(of.max(1))) aria-label=(progress.title) { (words) }
            }
            p class="figures" { (words) }
            p class="times" { (times(canvas, progress)) }
            @if let Some(said) = &progress.notice {
                p class="said" {
                    span class={ "tone-" (tone(said.tone)) } { (said.title) }
                    @if !said.text.is_empty() { " " (said.text) }
                }
            }
        }
    }
}

/// How many, how fast, how long still.
fn words(canvas: &Canvas<'_>, progress: &Progress) -> String {
    let texts = canvas.texts;
    let number = |number: u64| canvas.formats.integer(i64::try_from(number).unwrap_or(i64::MAX));
    let (done, counted) = (number(progress.done), progress.counted.as_str());
    let mut words = vec![match progress.of {
        Some(of) => {
            let of = number(of);
            texts.with("progress-of", &[("done", &done), ("of", &of), ("counted", counted)])
        }
        None => texts.with("progress-done", &[("done", &done), ("counted", counted)]),
    }];
    if let Some(rate) = progress.per_hour {
        // In the largest unit in which there are at least two.
        let (key, rate) = match rate {
            rate if rate >= 2 * HOUR => ("progress-per-second", rate / HOUR),
            rate if rate >= 2 * 60 => ("progress-per-minute", rate / 60),
            rate => ("progress-per-hour", rate),
        };
        words.push(texts.with(key, &[("rate", &number(rate)), ("counted", counted)]));
    }
    if let Some(seconds) = progress.seconds_left {
        let (key, left) = match seconds {
            seconds if seconds >= 2 * HOUR => ("progress-left-hours", seconds.div_ceil(HOUR)),
            seconds if seconds >= 2 * 60 => ("progress-left-minutes", seconds.div_ceil(60)),
            seconds => ("progress-left-seconds", seconds),
        };
        words.push(texts.with(key, &[("left", &number(left))]));
    }
    words.join(" · ")
}

fn times(canvas: &Canvas<'_>, progress: &Progress) -> String {
    let moment = |moment| time::from_microseconds(moment).map(format::instant).unwrap_or_default();
    let started = canvas.texts.with("progress-started", &[("moment", &moment(progress.started))]);
    match progress.ended {
        Some(ended) => {
            let ended = canvas.texts.with("progress-ended", &[("moment", &moment(ended))]);
            format!("{started} · {ended}")
        }
        None => started,
    }
}

/// Whether a page shows a job at work and nothing to fill in, so that nobody loses what they typed when it comes anew.
pub fn comes_anew(page: &Page) -> bool {
    let blocks = || page.sections.iter().flat_map(|section| &section.blocks);
    let works = |block: &Block| match block {
        Block::Progress(progress) => matches!(progress.state, JobState::Running | JobState::Waiting),
        _ => false,
    };
    let fills = |block: &Block| match block {
        Block::Form(_) | Block::EntryGrid(_) | Block::SheetImport(_) | Block::Filters(_) => true,
        Block::Table(table) => !table.bulk_actions.is_empty(),
        _ => false,
    };
    blocks().any(works) && !blocks().any(fills)
}
