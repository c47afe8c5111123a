//! Timers of a manifest: names that code sets timers under, and what recurs by itself.

use dinh_services::schedule::{DeclaredTimer, Every, Recurrence};
use toml::Spanned;

use super::check::{at_most, name, title};
use super::error::Wrong;
use super::raw::{RawTimer, Text};

/// The hour at which what names none recurs: when work begins.
const HOUR: u8 = 7;

pub(super) fn timers(raw: Vec<RawTimer>) -> Result<Vec<DeclaredTimer>, Wrong> {
    let raw = at_most(raw, "timers", |timer| &timer.name)?;
    raw.into_iter().map(|raw| timer(&raw)).collect()
}

fn timer(raw: &RawTimer) -> Result<DeclaredTimer, Wrong> {
    let every = match &raw.every {
        Some(every) => Some(recurrence(raw, every)?),
        None => match [&raw.month, &raw.day, &raw.hour].into_iter().flatten().next() {
            Some(given) => {
                let remedy =
                    "add every = \"day\", \"week\", \"month\", \"quarter\" or \"year\", or remove it";
                return Err(Wrong::at(
                    given.span(),
                    "a timer that the code sets has no time of its own",
                    remedy,
                ));
            }
            None => None,
        },
    };
    Ok(DeclaredTimer { name: name(&raw.name)?, title: title(&raw.title)?, every })
}

fn recurrence(raw: &RawTimer, every: &Text) -> Result<Recurrence, Wrong> {
    let part = |given: &Option<Spanned<i64>>, key: &str, most: u8| match given {
        None => {
            let problem = format!("`{key}` is missing: it recurs every {}", every.get_ref());
            Err(Wrong::at(every.span(), problem, format!("add {key} = 1 to {most}")))
        }
        Some(given) => number(given, key, 1, most),
    };
    let (month, day) = (&raw.month, &raw.day);
    let days = match every.get_ref().as_str() {
        "day" => {
            superfluous([(month, "month"), (day, "day")], every)?;
            Every::Day
        }
        "week" => {
            superfluous([(month, "month")], every)?;
            Every::Week(part(day, "day", 7)?)
        }
        "month" => {
            superfluous([(month, "month")], every)?;
            Every::Month(part(day, "day", 31)?)
        }
        "quarter" => Every::Quarter(part(month, "month", 3)?, part(day, "day", 31)?),
        "year" => Every::Year(part(month, "month", 12)?, part(day, "day", 31)?),
        other => {
            let remedy = "write `day`, `week`, `month`, `quarter` or `year`";
            return Err(Wrong::at(every.span(), format!("{other:?} is no period"), remedy));
        }
    };
    let hour = raw.hour.as_ref().map_or(Ok(HOUR), |given| number(given, "hour", 0, 23))?;
    Recurrence::new(days, hour).map_err(|error| {
        Wrong::at(every.span(), error.text(dinh_model::Language::En), "correct its month, day or hour")
    })
}

fn superfluous<const N: usize>(given: [(&Option<Spanned<i64>>, &str); N], every: &Text) -> Result<(), Wrong> {
    for (given, key) in given {
        if let Some(given) = given {
            let problem = format!("`{key}` says nothing of what recurs every {}", every.get_ref());
            return Err(Wrong::at(given.span(), problem, "remove it"));
        }
    }
    Ok(())
}

fn number(given: &Spanned<i64>, key: &str, least: u8, most: u8) -> Result<u8, Wrong> {
    u8::try_from(*given.get_ref()).ok().filter(|number| (least..=most).contains(number)).ok_or_else(|| {
        Wrong::at(given.span(), format!("{key} = {}", given.get_ref()), format!("write {least} to {most}"))
    })
}
