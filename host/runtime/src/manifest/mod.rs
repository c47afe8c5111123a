//! `plugin.toml`: what a plugin is, as its vendor declares it.
//!
//! The manifest travels inside the component (custom section `dinh:manifest`), so that one file is the
//! whole package. [`Manifest::parse`] either returns a manifest in which every name is known and every
//! reference leads somewhere, or one [`ManifestError`] that says where the text is wrong and what to do
//! about it.
//!
//! ```text
//! text ─ raw (what may be written) ─ check (what it means) ─ Manifest
//! ```

mod attachments;
mod check;
mod conditions;
mod error;
mod jobs;
mod prints;
mod raw;
mod schema;
mod sharing;
mod tasks;
mod timers;

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use dinh_model::{Collection, Dataset, Label, Localized, Permission, PluginId, RoleId, Sequence, Wanted};
use dinh_services::notices::DeclaredNotice;
use dinh_services::records::TaskRule;
use dinh_services::schedule::DeclaredTimer;

pub use error::ManifestError;
pub use jobs::{DeclaredJob, HOURS, STEPS};
pub use prints::Print;

use crate::Limits;

/// The version of the platform whose plugins this host runs (`package dinh:platform@…` in `wit/`).
pub const PLATFORM_VERSION: &str = "0.1.0";

/// The name a manifest goes by in messages.
pub const FILE_NAME: &str = "plugin.toml";

/// What a plugin is.
#[derive(Clone, Debug, PartialEq)]
pub struct Manifest {
    /// Its id; the first part of its permissions.
    pub id: PluginId,
    /// Its version.
    pub version: Version,
    /// Its name on pages.
    pub name: Localized,
    /// One sentence on what it is for.
    pub summary: Localized,
    /// Who made it.
    pub publisher: String,
    /// Its licence, as SPDX spells it.
    pub licence: String,
    /// The permissions it declares.
    pub permissions: Vec<DeclaredPermission>,
    /// The roles it suggests.
    pub roles: Vec<DeclaredRole>,
    /// Its collections.
    pub collections: Vec<Arc<Collection>>,
    /// Its sequences.
    pub sequences: Vec<Sequence>,
    /// For whom its pages are.
    pub routes: Vec<Route>,
    /// Its entries in the menu, in order.
    pub menu: Vec<MenuEntry>,
    /// Which of its records wait for whom: shown in the one inbox.
    pub tasks: Vec<TaskRule>,
    /// Its timers: those that recur by themselves, and the names of those that its code sets.
    pub timers: Vec<DeclaredTimer>,
    /// What its notices say.
    pub notices: Vec<DeclaredNotice>,
    /// Its printed forms.
    pub prints: Vec<Print>,
    /// What it offers to others of its collections.
    pub datasets: Vec<Dataset>,
    /// What it asks of others.
    pub wanted: Vec<Wanted>,
    /// Its long work, done in steps.
    pub jobs: Vec<DeclaredJob>,
    /// What it may by itself, without a person: when it handles events.
    pub service: Service,
    /// What each of its calls may use.
    pub limits: Limits,
}

/// What a plugin asks to may by itself (its service principal), in the whole tree that its home unit is in. The operator
/// grants it by installing, and may take it back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Service {
    /// Some of its own permissions.
    pub permissions: Vec<Permission>,
    /// Up to this label.
    pub label: Label,
}

/// A permission that a plugin declares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeclaredPermission {
    /// Its full name.
    pub permission: Permission,
    /// What it lets one do.
    pub title: Localized,
}

/// A role that a plugin suggests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeclaredRole {
    /// Its full name.
    pub id: RoleId,
    /// Its name on pages.
    pub title: Localized,
    /// What it holds.
    pub permissions: Vec<Permission>,
}

/// For whom the pages below a path are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// `/`, or segments each begun by `/`.
    pub path: String,
    /// Who may open them; anybody else is refused before code runs.
    pub opens_to: OpensTo,
}

/// For whom a page is, before the page itself asks about anything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OpensTo {
    /// Whoever holds one of these for at least one unit; what is refused is explained with the first. A
    /// plugin's manifest names exactly one.
    Holders(Vec<Permission>),
    /// Everybody who is signed in. Only the platform's own pages.
    Everybody,
}

/// An entry in the menu.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MenuEntry {
    /// Where it leads.
    pub path: String,
    /// Its text.
    pub title: Localized,
    /// Whom it is shown to.
    pub opens_to: OpensTo,
}

impl Manifest {
    /// Reads a manifest.
    pub fn parse(text: &str) -> Result<Self, ManifestError> {
        let raw = raw::parse(text)?;
        check::check(raw).map_err(|wrong| wrong.locate(text))
    }

    /// The forms that print the page at `path`.
    pub fn prints_of(&self, path: &str) -> impl Iterator<Item = &Print> {
        self.prints.iter().filter(move |print| print.is_of(path))
    }

    /// The route that decides about `path`: the longest whose segments begin it.
    pub fn route(&self, path: &str) -> Option<&Route> {
        self.routes
            .iter()
            .filter(|route| {
                path.strip_prefix(route.path.trim_end_matches('/'))
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            })
            .max_by_key(|route| route.path.len())
    }
}

/// A version of a plugin: major, minor, patch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    /// Grows when something is taken away.
    pub major: u32,
    /// Grows when something is added.
    pub minor: u32,
    /// Grows when something is mended.
    pub patch: u32,
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

impl FromStr for Version {
    type Err = dinh_model::ParseError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || dinh_model::ParseError::new("a version such as 1.0.2", text);
        let mut parts = text.split('.').map(|part| {
            let digits = !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
            part.parse::<u32>().ok().filter(|_| digits && (part == "0" || !part.starts_with('0')))
        });
        match (parts.next(), parts.next(), parts.next(), parts.next()) {
            (Some(Some(major)), Some(Some(minor)), Some(Some(patch)), None) => {
                Ok(Self { major, minor, patch })
            }
            _ => Err(wrong()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_compare_as_numbers_and_are_spelled_one_way() {
        let version = |text: &str| text.parse::<Version>();
        assert!(version("0.10.0").unwrap() > version("0.9.12").unwrap());
        assert_eq!(version("1.2.3").unwrap().to_string(), "1.2.3");
        for bad in ["", "1", "1.2", "1.2.3.4", "1.02.3", "v1.2.3", "1.2.3-rc1", "+1.2.3", "1..3"] {
            assert!(version(bad).is_err(), "{bad}");
        }
    }
}
