//! How far a job is, as people see it.

use dinh_model::{Language, PluginId};
use dinh_services::jobs::{Ended, Job, Said, State, Waits};

use crate::bindings::views::{JobState, Notice, PluginPage, Progress, Target, Tone};

const TONES: [(Tone, &str); 5] = [
    (Tone::Neutral, "neutral"),
    (Tone::Info, "info"),
    (Tone::Good, "good"),
    (Tone::Warning, "warning"),
    (Tone::Bad, "bad"),
];

/// A tone as it is kept.
pub(super) fn tone_name(tone: Tone) -> &'static str {
    TONES.iter().find(|(known, _)| *known == tone).map_or("neutral", |(_, name)| name)
}

/// How far a job is.
pub fn progress(job: &Job, language: Language) -> Progress {
    let running = job.is_running();
    let state = match &job.state {
        State::Running { failure: None, waits: None } => JobState::Running,
        State::Running { .. } => JobState::Waiting,
        State::Ended { how: Ended::Finished { .. }, .. } => JobState::Finished,
        State::Ended { how: Ended::Failed(_), .. } => JobState::Failed,
        State::Ended { how: Ended::Cancelled, .. } => JobState::Cancelled,
    };
    Progress {
        job: job.id.0,
        title: job.title.get(language).to_owned(),
        state,
        done: job.done,
        of: job.of,
        counted: job.counted.get(language).to_owned(),
        per_hour: job.pace.per_hour().filter(|rate| running && *rate > 0),
        seconds_left: job.of.filter(|_| running).and_then(|of| job.pace.seconds_left(job.done, of)),
        started: job.started,
        ended: job.ended(),
        notice: notice(job, language),
        target: Some(Target::Plugin(PluginPage {
            plugin: PluginId::PLATFORM.to_owned(),
            path: format!("/jobs/{}", job.id),
        })),
    }
}

/// What there is to say of how it stands.
fn notice(job: &Job, language: Language) -> Option<Notice> {
    let say = |tone, vi: &str, en: &str, text: String| {
        let title = if language == Language::Vi { vi } else { en };
        Some(Notice { tone, title: title.to_owned(), text })
    };
    match &job.state {
        State::Running { waits: Some(Waits::NoPlugin), .. } => say(
            Tone::Warning,
            "Chờ: ứng dụng không nạp được",
            "Waits: the plugin cannot be loaded",
            String::new(),
        ),
        State::Running { waits: Some(Waits::Out), .. } => say(
            Tone::Warning,
            "Chờ: ứng dụng đang tạm ngừng",
            "Waits: the plugin is taken out",
            String::new(),
        ),
        State::Running { waits: Some(Waits::Host), .. } => say(
            Tone::Warning,
            "Chờ: máy chủ đang bận hoặc gặp lỗi",
            "Waits: the host is busy or has failed",
            String::new(),
        ),
        State::Running { failure: Some(why), .. } => {
            say(Tone::Warning, "Đang thử lại sau lỗi", "Trying again after a failure", failure(why, language))
        }
        State::Running { .. } => None,
        State::Ended { how: Ended::Finished { said, .. }, .. } => said.as_ref().map(shown),
        State::Ended { how: Ended::Failed(why), .. } => {
            say(Tone::Bad, "Đã dừng vì lỗi", "Stopped by a failure", failure(why, language))
        }
        State::Ended { how: Ended::Cancelled, .. } => say(
            Tone::Neutral,
            "Đã huỷ",
            "Cancelled",
            match language {
                Language::Vi => "Những phần đã làm xong vẫn được giữ.".to_owned(),
                Language::En => "What was done until then stays.".to_owned(),
            },
        ),
    }
}

fn shown(said: &Said) -> Notice {
    let tone = TONES.iter().find(|(_, name)| *name == said.tone).map_or(Tone::Neutral, |(tone, _)| *tone);
    Notice { tone, title: said.title.clone(), text: said.text.clone() }
}

/// Why a step failed or a job ended, in words. What the plugin itself said is for its vendor, in the log.
pub fn failure(why: &str, language: Language) -> String {
    let (vi, en) = match why {
        "trapped" => ("Ứng dụng dừng đột ngột.", "The plugin broke off."),
        "failed" => ("Ứng dụng báo lỗi.", "The plugin failed."),
        "refused" => ("Ứng dụng làm điều bị từ chối.", "The plugin did what is refused."),
        "hops" => ("Chuỗi ứng dụng báo qua lại quá dài.", "Plugins answer each other without end."),
        "no-right" => (
            "Người giao việc không còn quyền làm việc này.",
            "Whoever started it no longer has the right to it.",
        ),
        "undeclared" => {
            ("Bản ứng dụng đang dùng không còn việc này.", "The plugin's version in use has no such job.")
        }
        "standstill" => ("Việc không tiến thêm được.", "It did not come forward any more."),
        "steps" => ("Đã đến số bước tối đa.", "It took as many steps as it may."),
        "time" => ("Đã hết thời gian cho phép.", "It took as long as it may."),
        limit => {
            return match language {
                Language::Vi => format!("Một bước vượt giới hạn {limit}."),
                Language::En => format!("A step reached its limit of {limit}."),
            };
        }
    };
    if language == Language::Vi { vi.to_owned() } else { en.to_owned() }
}
