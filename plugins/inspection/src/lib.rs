//! Công tác kiểm tra, giám sát, kỷ luật Đảng (Quy định 296-QĐ/TW): dossiers of seven kinds as procedures with steps,
//! documents, deadlines, teams, conclusions and discipline.
//!
//! Everything about a case is Mật, and the host withholds it from the account that it is about. Who denounced is in a
//! collection of its own, under rights of its own. Members belong to `personnel` and are kept as references; names
//! are shown by the host, or resolved when a page is drawn. What changes by decree is in dated rows that the department
//! keeps: steps, documents, terms, limits, templates.
//!
//! ```text
//! model    what is stored
//! rules    pure: days, steps, deadlines, discipline, complaints, statistics, templates
//! deeds    everything that writes; none of it reads a text of another plugin
//! pages    list, due, dossier, team, documents, denouncers, discipline, statistics, catalogs
//! remind   notices of deadlines, each morning
//! import   catalogs, and dossiers from the paper book
//! ```

mod deeds;
mod import;
mod model;
mod pages;
mod remind;
pub mod rules;

use dinh_sdk::prelude::*;

use model::shared::MemberFacts;
use model::{Paper, Setting, Step, Template, Term};

fn routes() -> Router {
    Router::new()
        .page("/", pages::list::draw)
        .page("/due", pages::due::draw)
        .page("/new", pages::new::draw)
        .page("/new/{kind}", pages::new::form)
        .form("open", deeds::open::submit)
        .page("/import", pages::import::draw)
        .form("dossiers", import::dossiers::submit)
        .page("/dossiers/{id}", pages::dossier::draw)
        .form("document", deeds::documents::record)
        .form("close", deeds::work::close)
        .form("extend", deeds::direct::extend)
        .form("suspend", deeds::direct::suspend)
        .form("resume", deeds::direct::resume)
        .form("conclude", deeds::direct::conclude)
        .page("/dossiers/{id}/documents/{document}", pages::document::draw)
        .form("attach", deeds::documents::attach)
        .page("/dossiers/{id}/team", pages::team::draw)
        .form("ask", deeds::team::ask)
        .form("join", deeds::team::join)
        .form("leave", deeds::team::leave)
        .page("/dossiers/{id}/discipline", pages::decide::draw)
        .form("ballot", deeds::discipline::ballot)
        .form("decide", deeds::discipline::decide)
        .page("/dossiers/{id}/templates/{code}", pages::template::draw)
        .form("document", deeds::documents::record)
        .page("/denouncers/{id}", pages::denouncer::draw)
        .form("register", deeds::denounce::register)
        .page("/denouncers/{id}/{denouncer}", pages::denouncer::one)
        .form("correct", deeds::denounce::correct)
        .page("/discipline", pages::discipline::draw)
        .page("/discipline/{id}", pages::discipline::show)
        .form("revoke", deeds::discipline::revoke)
        .page("/statistics", pages::statistics::draw)
        .page("/catalogs", pages::catalogs::draw::<Step>)
        .form("steps", import::catalogs::submit::<Step>)
        .form("add", import::catalogs::add::<Step>)
        .form("end", pages::catalogs::end::<Step>)
        .page("/catalogs/papers", pages::catalogs::draw::<Paper>)
        .form("papers", import::catalogs::submit::<Paper>)
        .form("add", import::catalogs::add::<Paper>)
        .form("end", pages::catalogs::end::<Paper>)
        .page("/catalogs/terms", pages::catalogs::draw::<Term>)
        .form("terms", import::catalogs::submit::<Term>)
        .form("add", import::catalogs::add::<Term>)
        .form("end", pages::catalogs::end::<Term>)
        .page("/catalogs/settings", pages::catalogs::draw::<Setting>)
        .form("settings", import::catalogs::submit::<Setting>)
        .form("add", import::catalogs::add::<Setting>)
        .form("end", pages::catalogs::end::<Setting>)
        .page("/catalogs/templates", pages::catalogs::draw::<Template>)
        .form("templates", import::catalogs::submit::<Template>)
        .form("add", import::catalogs::add::<Template>)
        .form("end", pages::catalogs::end::<Template>)
}

fn events() -> Events {
    Events::new()
        .on(MemberFacts::COLLECTION, deeds::withheld::members)
        .on_timer("remind", remind::due)
        .on_timer("remind-rest", remind::due)
}

dinh_sdk::plugin!(routes, events);

/// The permissions of the manifest, by their full names.
pub mod permission {
    /// To see dossiers.
    pub const READ: &str = "inspection.dossier.read";
    /// To open dossiers.
    pub const OPEN: &str = "inspection.dossier.open";
    /// To work on dossiers.
    pub const WORK: &str = "inspection.dossier.work";
    /// To direct: team, extension, suspension, conclusion.
    pub const DIRECT: &str = "inspection.dossier.direct";
    /// To let documents lack.
    pub const WAIVE: &str = "inspection.dossier.waive";
    /// To see who denounced.
    pub const DENOUNCER: &str = "inspection.denouncer.read";
    /// To record who denounced.
    pub const REGISTER: &str = "inspection.denouncer.register";
    /// To record disciplinary decisions.
    pub const DECIDE: &str = "inspection.discipline.decide";
    /// To see disciplinary decisions.
    pub const DISCIPLINE: &str = "inspection.discipline.read";
    /// To see statistics.
    pub const STATISTICS: &str = "inspection.statistics.read";
    /// To keep catalogs.
    pub const CATALOG: &str = "inspection.catalog.manage";
}
