//! The contract with plugins (`wit/`) as Rust types: generated, so that it cannot drift from the WIT.
//!
//! Host calls are synchronous and may trap: a limit that trips inside one ends the call. The types of
//! views and values can be compared, cloned and serialised, because the web floor draws them as HTML and
//! as JSON, and a submission's outcome is kept for a repeated submit.

/// Generated code: documented in the WIT, and not ours to lint.
#[allow(missing_docs, unused_qualifications, clippy::all, clippy::pedantic, clippy::restriction)]
mod generated {
    wasmtime::component::bindgen!({
        path: "../../wit",
        world: "plugin-with-events",
        imports: { default: trappable },
        additional_derives: [Clone, PartialEq, serde::Serialize, serde::Deserialize],
    });
}

pub use generated::PluginWithEvents;
pub use generated::dinh::platform::{
    access, accounts, catalog, clock, files, job_control, log, notices, random, records, schedule, sharing,
    sheets, types, views,
};
pub use generated::exports::dinh::platform::{events, jobs, pages};

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

const MARKS: [(views::Marks, &str); 3] =
    [(views::Marks::STRONG, "strong"), (views::Marks::EMPHASIS, "emphasis"), (views::Marks::CODE, "code")];

/// As the names of the marks that are set; generated flags take no derive.
impl Serialize for views::Marks {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer
            .collect_seq(MARKS.into_iter().filter(|(mark, _)| self.contains(*mark)).map(|(_, name)| name))
    }
}

impl<'de> Deserialize<'de> for views::Marks {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Vec::<String>::deserialize(deserializer)?.iter().try_fold(Self::empty(), |marks, name| {
            let (mark, _) = MARKS
                .into_iter()
                .find(|(_, known)| known == name)
                .ok_or_else(|| D::Error::unknown_variant(name, &["strong", "emphasis", "code"]))?;
            Ok(marks | mark)
        })
    }
}
