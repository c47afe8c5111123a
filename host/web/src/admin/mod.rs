//! The administration (quản trị): the platform's own pages, as views like those of plugins, at `/apps/dinh/…`.
//!
//! They run in calls of the runtime and are drawn, read, exported and served as JSON by the very handlers
//! that serve plugins; nothing there knows them. What a page may show and do is decided by the services it
//! asks: a list holds what its reader may see, a form is there for whoever may send it, and the service
//! checks again when it comes back.
//!
//! ```text
//! request ─ runtime ─▶ Administration ─ path ─▶ one file a concept ─ Desk ─▶ services
//!                                                  └ blocks, fields, table: how views are built
//! ```
//!
//! To add a page: a file with `page` (and `submit`), its line in [`Administration::find`], its route (whom it
//! is for) in [`manifest`], and a menu entry if it has one.

mod asked;
mod blocks;
mod catalogs;
mod deeds;
mod delegations;
mod desk;
mod entries;
mod entries_import;
mod entry;
mod evidence;
mod evidence_seen;
mod evidence_taken;
mod evidence_words;
mod fields;
mod grant_new;
mod grants;
mod head;
mod import;
mod inbox;
mod jobs;
mod links;
mod manifest;
mod notices;
mod overview;
mod people;
mod person;
mod person_changes;
mod plugin;
mod plugins;
mod positions;
mod request;
mod roles;
mod sessions;
mod sharing;
mod sign_in;
mod table;
mod tasks;
mod timers;
mod unit;
mod unit_ties;
mod units;
mod who_can;
mod why_not;
mod words;

use std::str::FromStr;
use std::sync::{Arc, Weak};

use dinh_access::FailedCondition;
use dinh_model::Language;
use dinh_runtime::bindings::pages::{InputProblem, Outcome, Submission};
use dinh_runtime::bindings::views::Page;
use dinh_runtime::{Asked, Native, Refused, Runtime};
use dinh_services::{Call, Platform, ServiceError, Thing};

pub use deeds::title as deed_title;
use desk::{Desk, Given, House, Inputs};
pub use evidence_taken::taken as evidence_taken;
pub use manifest::manifest;
pub use plugins::count_out;
pub use tasks::count as count_tasks;

/// The pages of the administration.
pub struct Administration(House);

type Draw = dyn Fn(&mut Desk<'_>) -> Given<Page>;
type Submit = dyn Fn(&mut Desk<'_>, &Inputs<'_>) -> Given<Outcome>;

/// A page: how it is drawn, and what comes back from it.
struct Screen {
    page: Box<Draw>,
    submit: Box<Submit>,
}

impl Screen {
    /// A page with forms.
    fn new(
        page: impl Fn(&mut Desk<'_>) -> Given<Page> + 'static,
        submit: impl Fn(&mut Desk<'_>, &Inputs<'_>) -> Given<Outcome> + 'static,
    ) -> Self {
        Self { page: Box::new(page), submit: Box::new(submit) }
    }

    /// A page to look at.
    fn shown(page: impl Fn(&mut Desk<'_>) -> Given<Page> + 'static) -> Self {
        Self::new(page, |desk, _| Err(desk.missing()))
    }

    /// The page of one thing that has a name.
    fn named(
        name: &str,
        page: fn(&mut Desk<'_>, &str) -> Given<Page>,
        submit: fn(&mut Desk<'_>, &Inputs<'_>, &str) -> Given<Outcome>,
    ) -> Self {
        let (name, of) = (name.to_owned(), name.to_owned());
        Self::new(move |desk| page(desk, &name), move |desk, inputs| submit(desk, inputs, &of))
    }

    /// The page of one thing that has two names: a plugin's, and its own.
    fn pair(
        plugin: &str,
        name: &str,
        page: fn(&mut Desk<'_>, &str, &str) -> Given<Page>,
        submit: fn(&mut Desk<'_>, &Inputs<'_>, &str, &str) -> Given<Outcome>,
    ) -> Self {
        let (plugin, name) = (plugin.to_owned(), name.to_owned());
        let of = (plugin.clone(), name.clone());
        Self::new(
            move |desk| page(desk, &plugin, &name),
            move |desk, inputs| submit(desk, inputs, &of.0, &of.1),
        )
    }

    /// The page of one thing.
    fn of<T: FromStr + Copy + 'static>(
        id: &str,
        page: fn(&mut Desk<'_>, T) -> Given<Page>,
        submit: fn(&mut Desk<'_>, &Inputs<'_>, T) -> Given<Outcome>,
    ) -> Option<Self> {
        let id: T = id.parse().ok()?;
        Some(Self::new(move |desk| page(desk, id), move |desk, inputs| submit(desk, inputs, id)))
    }
}

impl Administration {
    /// Over a platform and the runtime that owns these pages.
    pub fn new(platform: Arc<Platform>, runtime: Weak<Runtime>) -> Self {
        let owner = Weak::clone(&runtime);
        let plugins = move || owner.upgrade().map_or_else(Vec::new, |runtime| runtime.plugins());
        Self(House { platform, plugins: Box::new(plugins), runtime })
    }

    /// What is at a path.
    fn find(path: &str) -> Option<Screen> {
        let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
        Some(match segments.as_slice() {
            [] => Screen::shown(overview::page),
            ["inbox"] => Screen::new(inbox::page, notices::submit),
            ["jobs"] => Screen::shown(jobs::page),
            ["jobs", id] => return Screen::of(id, jobs::one, jobs::submit),
            ["requests"] => Screen::shown(inbox::mine),
            ["requests", id] => return Screen::of(id, request::page, request::submit),
            ["delegations"] => Screen::new(delegations::page, delegations::lend_some),
            ["delegations", id] => return Screen::of(id, delegations::one, delegations::end),
            ["units"] => Screen::shown(units::page),
            ["units", "new"] => Screen::new(units::new_page, units::create),
            ["units", id] => return Screen::of(id, unit::page, unit::submit),
            ["people"] => Screen::shown(people::page),
            ["people", "new"] => Screen::new(people::new_page, people::create),
            ["people", "import"] => Screen::new(import::page, import::submit),
            ["people", id] => return Screen::of(id, person::page, person_changes::submit),
            ["positions", id] => return Screen::of(id, positions::page, positions::submit),
            ["roles"] => Screen::new(roles::page, roles::submit),
            ["roles", id] => {
                let id: dinh_model::RoleId = id.parse().ok()?;
                let of = id.clone();
                Screen::new(
                    move |desk| roles::role_page(desk, &id),
                    move |desk, inputs| roles::redefine(desk, inputs, &of),
                )
            }
            ["plugins"] => Screen::shown(plugins::page),
            ["plugins", id] => Screen::named(id, plugin::page, plugin::submit),
            ["grants"] => Screen::new(grants::page, grants::submit),
            ["grants", "new"] => Screen::new(grant_new::page, grant_new::create),
            ["grants", "withdraw"] => Screen::new(grants::withdraw_page, grants::withdraw_chosen),
            ["sessions"] => Screen::new(sessions::page, sessions::submit),
            ["who-can"] => Screen::shown(who_can::page),
            ["why-not"] => Screen::shown(why_not::page),
            ["datasets"] => Screen::new(sharing::register::page, sharing::waiver::ask),
            ["datasets", plugin, name] => {
                Screen::pair(plugin, name, sharing::dataset::page, sharing::dataset::submit)
            }
            ["waivers", plugin, meaning] => {
                Screen::pair(plugin, meaning, sharing::waiver::page, sharing::waiver::submit)
            }
            ["contracts"] => Screen::new(sharing::contracts::page, sharing::contracts::submit),
            ["contracts", id] => {
                return Screen::of(id, sharing::contract::page, sharing::contract::submit);
            }
            ["timers", plugin] => Screen::named(plugin, timers::page, timers::submit),
            ["evidence"] => Screen::shown(evidence::page),
            ["catalogs"] => Screen::new(catalogs::page, catalogs::create),
            ["catalogs", name] => Screen::named(name, catalogs::one, catalogs::change),
            ["catalogs", name, "entry"] => Screen::named(name, entry::page, |desk, _, _| Err(desk.missing())),
            ["catalogs", name, "propose"] => Screen::named(name, entry::propose_page, entry::propose),
            ["catalogs", name, "import"] => Screen::named(name, entries_import::page, entries_import::submit),
            ["evidence", "seen"] => Screen::shown(evidence_seen::page),
            _ => return None,
        })
    }
}

impl Native for Administration {
    fn render(&self, call: &mut Call, asked: &Asked) -> Result<Page, Refused> {
        let mut desk = Desk::new(call, asked, &self.0);
        let screen = Self::find(&asked.request.path).ok_or_else(|| desk.missing())?;
        (screen.page)(&mut desk)
    }

    fn submit(&self, call: &mut Call, asked: &Asked, submission: &Submission) -> Result<Outcome, Refused> {
        let language = call.language();
        let mut desk = Desk::new(call, asked, &self.0);
        let screen = Self::find(&asked.request.path).ok_or_else(|| desk.missing())?;
        match (screen.submit)(&mut desk, &Inputs(submission)) {
            Err(Refused::Service(error)) => match problem(&error, submission, language) {
                Some(shown) => {
                    // What was filled in stays on the page, and the refusal in the evidence.
                    call.refused(&error);
                    Ok(shown)
                }
                None => Err(error.into()),
            },
            other => other,
        }
    }
}

/// The fields that say up to which label something is given.
const LABELS: [&str; 2] = ["label", "clearance"];

/// What a service found wrong with what was filled in, beside the field it is about. None for what no input
/// would mend: a label above one's own is mended by a lower one, another refusal by no input.
fn problem(error: &ServiceError, submission: &Submission, language: Language) -> Option<Outcome> {
    let asked = |name: &&str| submission.inputs.iter().any(|input| input.name == *name);
    let about = match error {
        ServiceError::Invalid(_) | ServiceError::Refused(_) => None,
        ServiceError::Exists { thing, .. } | ServiceError::NotFound { thing, .. } => Some(match thing {
            Thing::Account => "login",
            Thing::Role => "role",
            Thing::Unit | Thing::Entry => "code",
            Thing::Catalog => "name",
            other => other.name(Language::En),
        }),
        ServiceError::Denied(denial) if denial.failed == FailedCondition::LabelTooHigh => {
            Some(LABELS.into_iter().find(asked)?)
        }
        _ => return None,
    };
    let field = about.filter(asked).map(str::to_owned);
    Some(Outcome::Invalid(vec![InputProblem { field, message: error.text(language) }]))
}
