//! What is logged, as it is logged: on the thread of the call, inside its host call.

use std::fmt;
use std::sync::{Arc, Mutex, Once};

use tracing::field::{Field, Visit};
use tracing::span;
use tracing::{Event, Metadata, Subscriber};

type Listener = Arc<dyn Fn(&str) + Send + Sync>;

static LISTENERS: Mutex<Vec<(String, Listener)>> = Mutex::new(Vec::new());

/// Hears every line with `part` in it, from now on. A test tells its own lines by the moment of its clock.
pub fn listen(part: &str, listener: impl Fn(&str) + Send + Sync + 'static) {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| tracing::subscriber::set_global_default(Ear).unwrap());
    LISTENERS.lock().unwrap().push((part.to_owned(), Arc::new(listener)));
}

/// Collects every line with `part` in it.
pub fn collect(part: &str) -> Arc<Mutex<Vec<String>>> {
    let lines = Arc::new(Mutex::new(Vec::new()));
    let collected = Arc::clone(&lines);
    listen(part, move |line| collected.lock().unwrap().push(line.to_owned()));
    lines
}

struct Ear;

impl Subscriber for Ear {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("dinh")
    }

    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut line = Line::default();
        event.record(&mut line);
        let listeners: Vec<Listener> = LISTENERS
            .lock()
            .unwrap()
            .iter()
            .filter(|(part, _)| line.0.contains(part))
            .map(|(_, listener)| Arc::clone(listener))
            .collect();
        listeners.iter().for_each(|listener| listener(&line.0));
    }

    fn enter(&self, _: &span::Id) {}

    fn exit(&self, _: &span::Id) {}
}

#[derive(Default)]
struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        use fmt::Write;
        if field.name() == "message" {
            let _ = write!(self.0, "{value:?} ");
        } else {
            let _ = write!(self.0, "{}={value:?} ", field.name());
        }
    }
}
