//! What happens without anybody asking: changes of datasets that the plugin follows, and [timers](crate::schedule) that
//! fire.
//!
//! `changes = true` in `[[wanted]]` of the manifest asks to be told; `[service]` names the permissions that the plugin
//! needs for it, since nobody is signed in. What a handler writes and how far it was told are one change: every event
//! takes effect once. A handler that fails is called again with the same event, record by record; a record that fails
//! five times is set aside until people decide, and the others go on.
//!
//! An event says which records changed, not what is in them: [`resolve`](crate::Record::resolve) them.
//!
//! ```
//! use dinh_sdk::prelude::*;
//! use dinh_sdk::events::Event;
//!
//! /// A member, as personnel offers them.
//! #[derive(Clone, Record)]
//! #[record(wanted = "members")]
//! struct Member {
//!     party_member: bool,
//! }
//!
//! /// A card in our own box.
//! #[derive(Clone, Record)]
//! #[record(collection = "cards")]
//! struct Card {
//!     member: RecordId,
//! }
//!
//! fn members(event: &Event) -> Result<()> {
//!     let Event::Changed(changes) = event else { return Ok(()) };
//!     for change in changes {
//!         let card = Card::all().filter(Card::MEMBER.is(change.id)).first()?;
//!         match (change.present, card) {
//!             (true, None) => drop(Card { member: change.id }.insert()?),
//!             (false, Some(card)) => card.delete()?,
//!             _ => {}
//!         }
//!     }
//!     Ok(())
//! }
//!
//! fn events() -> Events {
//!     Events::new().on("members", members)
//! }
//!
//! fn routes() -> Router {
//!     Router::new()
//! }
//!
//! dinh_sdk::plugin!(routes, events);
//! # let _ = (routes, events);
//! ```

use crate::RecordId;
use crate::bindings::events::exports::dinh::platform::events as host;
use crate::error::{Error, Result};
use crate::schedule::{Fired, moment};

/// What happened to a wanted dataset.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// A contract came into force: every record in view follows as changed.
    Begun,
    /// Records changed, at most 200, in the order of their last change.
    Changed(Vec<Change>),
    /// The contract is over: nothing can be read under it any more.
    Ended,
}

/// A record that changed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Change {
    /// Which.
    pub id: RecordId,
    /// Whether it is in view now: new, changed, or back. Else it was in view and no longer is.
    pub present: bool,
}

/// Handles what happened.
pub type Handler = fn(&Event) -> Result<()>;

/// Handles a timer that fires.
pub type TimerHandler = fn(&Fired) -> Result<()>;

/// Which function handles what happens to which wanted dataset, and which timer.
#[derive(Default)]
pub struct Events {
    handlers: Vec<(&'static str, Handler)>,
    timers: Vec<(&'static str, TimerHandler)>,
}

impl Events {
    /// Nobody is told yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// What is called when something happens to a wanted dataset. Without it, nothing is.
    pub fn on(mut self, wanted: &'static str, handler: Handler) -> Self {
        self.handlers.push((wanted, handler));
        self
    }

    /// What is called when a timer of this name fires. Without it, the timer fails.
    pub fn on_timer(mut self, name: &'static str, handler: TimerHandler) -> Self {
        self.timers.push((name, handler));
        self
    }

    /// Calls the handler of a timer.
    pub fn fire(&self, fired: &Fired) -> Result<()> {
        let handler = self.timers.iter().find(|(known, _)| *known == fired.name);
        let (_, handler) =
            handler.ok_or_else(|| Error::Failed(format!("no handler of the timer {}", fired.name)))?;
        handler(fired)
    }

    /// Calls the handler of a wanted dataset.
    pub fn handle(&self, wanted: &str, event: &Event) -> Result<()> {
        let handler = self.handlers.iter().find(|(known, _)| *known == wanted);
        handler.map_or(Ok(()), |(_, handler)| handler(event))
    }
}

/// From the component's export to the handlers.
#[doc(hidden)]
pub fn handle(events: &Events, event: host::Event) -> std::result::Result<(), String> {
    crate::export::report_panics();
    let (wanted, event) = match event {
        host::Event::Begun(wanted) => (wanted, Event::Begun),
        host::Event::Ended(wanted) => (wanted, Event::Ended),
        host::Event::Changed(host::Changes { wanted, changes }) => {
            let changes = changes
                .into_iter()
                .map(|change| Change { id: change.id, present: change.standing == host::Standing::Present });
            (wanted, Event::Changed(changes.collect()))
        }
        host::Event::Timer(host::Fired { name, key, due, again, payload }) => {
            let fired = Fired { name, key, due: moment(due), again: again.map(moment), payload };
            return events.fire(&fired).map_err(|error| error.to_string());
        }
    };
    events.handle(&wanted, &event).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_dataset_has_its_own_handler_and_none_is_no_failure() {
        let events =
            Events::new().on("members", |_| Err(Error::Failed("members".into()))).on("notes", |event| {
                match event {
                    Event::Ended => Err(Error::Failed("notes".into())),
                    _ => Ok(()),
                }
            });
        assert_eq!(events.handle("members", &Event::Begun), Err(Error::Failed("members".into())));
        assert_eq!(events.handle("notes", &Event::Begun), Ok(()));
        assert_eq!(events.handle("notes", &Event::Ended), Err(Error::Failed("notes".into())));
        assert_eq!(events.handle("others", &Event::Ended), Ok(()));
    }
    #[test]
    fn a_timer_without_a_handler_fails_so_that_it_is_not_lost() {
        let fired = |name: &str| Fired {
            name: name.to_owned(),
            key: String::new(),
            due: crate::time::Timestamp::UNIX_EPOCH,
            again: None,
            payload: String::new(),
        };
        let events = Events::new().on_timer("deadline", |_| Ok(()));
        assert_eq!(events.fire(&fired("deadline")), Ok(()));
        assert!(matches!(events.fire(&fired("deadlime")), Err(Error::Failed(_))));
    }
}
