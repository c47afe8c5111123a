//! `schedule`: timers, and working days.

use dinh_model::time;
use dinh_services::ServiceError;
use dinh_services::schedule::{
    self as timers, Counting, Every, LISTED, NewTimer, Recurrence, TimerId, Visible, When,
};

use super::convert;
use super::size::Size;
use crate::bindings::schedule::{self, Days, Error, Moment, Timer};
use crate::bindings::types;
use crate::state::{State, stop};

type Answer<T> = wasmtime::Result<Result<T, Error>>;

impl schedule::Host for State {
    fn set(&mut self, timer: schedule::NewTimer) -> Answer<types::Instant> {
        self.crossed(timer.name.len() + timer.key.len() + timer.payload.len() + 32)?;
        self.looks(2)?;
        if self.call.records.read_only {
            return Ok(Err(Error::ReadOnly));
        }
        let when = match when(&timer.when) {
            Ok(when) => when,
            Err(error) => return self.answered(Err(error)),
        };
        let id = TimerId { name: timer.name, key: timer.key };
        let new = NewTimer { id, when, payload: timer.payload };
        let declared = &self.manifest.timers;
        let set = timers::set(&mut self.call, &self.data, declared, &new);
        self.answered(set)
    }

    fn cancel(&mut self, name: String, key: String) -> Answer<bool> {
        self.asked(&name, &key)?;
        if self.call.records.read_only {
            return Ok(Err(Error::ReadOnly));
        }
        let cancelled = timers::cancel(&mut self.call, &self.data, &TimerId { name, key });
        self.answered(cancelled)
    }

    fn get(&mut self, name: String, key: String) -> Answer<Option<Timer>> {
        self.asked(&name, &key)?;
        let found = timers::get(&mut self.call, &self.data, &TimerId { name, key });
        let found = self.answered(found)?.map(|found| found.map(shown));
        self.crossed(found.as_ref().map_or(0, |found| found.as_ref().map_or(1, Size::size)))?;
        Ok(found)
    }

    fn list(&mut self, name: String, after: Option<String>, limit: u32) -> Answer<Vec<Timer>> {
        self.asked(&name, after.as_deref().unwrap_or_default())?;
        if !(1..=LISTED).contains(&limit) {
            let most = format!("1–{LISTED}");
            return self.answered(Err(ServiceError::invalid(&most, &most)));
        }
        let found = timers::list(&mut self.call, &self.data, &name, after.as_deref(), limit);
        let found = self.answered(found)?.map(|found| found.into_iter().map(shown).collect::<Vec<_>>());
        self.crossed(found.as_ref().map_or(0, Size::size))?;
        Ok(found)
    }

    fn add_working_days(&mut self, day: types::Date, days: i32) -> Answer<types::Date> {
        self.crossed(12)?;
        self.looks(1)?;
        let added = self::day(day).and_then(|day| timers::add_working_days(&self.call, day, days));
        self.answered(added.map(time::days))
    }

    fn working_days_between(&mut self, from: types::Date, to: types::Date) -> Answer<i32> {
        self.crossed(12)?;
        self.looks(1)?;
        let days = day(from).and_then(|from| Ok((from, day(to)?)));
        let between = days.and_then(|(from, to)| timers::working_days_between(&self.call, from, to));
        self.answered(between)
    }
}

impl State {
    fn asked(&mut self, name: &str, key: &str) -> wasmtime::Result<()> {
        self.crossed(name.len() + key.len())?;
        self.looks(1)
    }

    /// What a service gave; its refusal in the words of the call.
    fn answered<T>(&mut self, given: Result<T, ServiceError>) -> Answer<T> {
        let language = self.call.language();
        let error = match given {
            Ok(given) => return Ok(Ok(given)),
            Err(error @ ServiceError::Refused(_)) => {
                self.call.refused(&error);
                Error::Denied(error.text(language))
            }
            Err(ServiceError::Invalid(text)) => Error::Invalid(text.get(language).to_owned()),
            Err(error) => return Err(stop(error)),
        };
        if let Error::Denied(text) | Error::Invalid(text) = &error {
            self.crossed(text.len())?;
        }
        Ok(Err(error))
    }
}

fn day(day: types::Date) -> Result<dinh_model::Date, ServiceError> {
    convert::date(day).map_err(|wrong| ServiceError::invalid(wrong.to_string(), wrong.to_string()))
}

fn when(when: &Moment) -> Result<When, ServiceError> {
    Ok(match when {
        Moment::At(moment) => {
            let no_moment = || ServiceError::invalid("Không có thời điểm đó.", "There is no such moment.");
            When::At(time::from_microseconds(*moment).ok_or_else(no_moment)?)
        }
        Moment::On(on) => When::On(day(on.day)?, on.hour),
        Moment::After(term) => When::After {
            from: day(term.from)?,
            days: term.days,
            counting: match term.counting {
                schedule::Counting::Calendar => Counting::Calendar,
                schedule::Counting::Working => Counting::Working,
            },
            hour: term.hour,
        },
        Moment::Every(recurrence) => {
            let every = match recurrence.days {
                Days::Daily => Every::Day,
                Days::Weekly(day) => Every::Week(day),
                Days::Monthly(day) => Every::Month(day),
                Days::Quarterly((month, day)) => Every::Quarter(month, day),
                Days::Yearly((month, day)) => Every::Year(month, day),
            };
            When::Every(Recurrence::new(every, recurrence.hour)?)
        }
    })
}

fn shown(timer: Visible) -> Timer {
    let Visible { id: TimerId { name, key }, due, every, parked } = timer;
    Timer { name, key, due, recurs: every.is_some(), parked }
}

impl Size for Timer {
    fn size(&self) -> usize {
        self.name.size() + self.key.size() + 10
    }
}
