//! Cán bộ, công chức, viên chức; đảng viên: record sheets, decisions, due lists, headcount, reports.
//!
//! An officer's record (2C-BNV/2008, 2C/TCTW-98) is kept by the unit's clerk; what happens to an officer is a
//! decision that one person drafts and another signs, and the signature writes it into the record and its
//! histories, in one change. Lists and reports are true as of any day.
//!
//! ```text
//! model      what is stored
//! rules      the rules of the field, pure: retirement, raises, salary, standing on a day
//! codes      the shared catalogs: sexes, ethnic groups, levels of education and political theory
//! sheet      what a record sheet says, described once for forms, pages, imports and corrections
//! told       what the histories tell of education and allowances: its summary on the record
//! renew      the same, where only days have passed
//! prospects  the rules asked about records: next raise, retirement
//! past       officers as they stood on a day that is past
//! deeds      what decisions propose, whether they fit, what they write
//! pages      list, sheet, papers, decisions, due lists, reports, headcount, parameters, own record, notices, corrections
//! import     officers, histories, parameters: every row checked before anything is written
//! units      the organisation tree
//! ```

mod codes;
mod deeds;
mod import;
mod model;
mod pages;
mod past;
mod prospects;
mod renew;
pub mod rules;
mod sheet;
mod told;
mod units;

use dinh_sdk::prelude::*;

use import::{common, histories};
use model::{
    Allowance, Career, Discipline, Grade, ParameterRow, Quota, Relative, Reward, SalaryStep, Training,
};

fn routes() -> Router {
    Router::new()
        .page("/", pages::people::draw)
        .page("/new", pages::new::draw)
        .form("add", pages::new::add)
        .page("/people/{id}", pages::person::draw)
        .form("paper", pages::papers::add)
        .form("drop", pages::papers::remove)
        .page("/people/{id}/edit", pages::edit::draw)
        .form("save", pages::edit::save)
        .page("/people/{id}/decide/{kind}", pages::decide::draw)
        .form("draft", pages::decide::save)
        .page("/decisions", pages::decisions::draw)
        .page("/decisions/{id}", pages::decision::draw)
        .form("change", pages::decide::change)
        .form("sign", pages::decision::sign)
        .form("effect", pages::decision::effect)
        .form("scan", pages::decision::scan)
        .page("/due/{list}", pages::due::draw)
        .form("draft", pages::due::draft::submit)
        .page("/reports", pages::reports::draw)
        .page("/reports/listed", pages::reports::listed)
        .page("/headcount", pages::headcount::draw)
        .form("set", pages::headcount::set)
        .form("quotas", common::submit::<Quota>)
        .page("/own", pages::own::draw)
        .form("correct", pages::own::ask)
        .page("/own/notices/{id}", pages::notices::draw)
        .form("seen", pages::notices::seen)
        .page("/corrections", pages::corrections::draw)
        .page("/corrections/{id}", pages::corrections::show)
        .form("deal", pages::corrections::deal)
        .page("/settings", pages::settings::draw)
        .form("parameters", common::submit::<ParameterRow>)
        .form("grades", common::submit::<Grade>)
        .page("/import", pages::import::people)
        .form("people", import::people::submit)
        .page("/import/trainings", pages::import::history::<Training>)
        .form("trainings", histories::submit::<Training>)
        .page("/import/careers", pages::import::history::<Career>)
        .form("careers", histories::submit::<Career>)
        .page("/import/relatives", pages::import::history::<Relative>)
        .form("relatives", histories::submit::<Relative>)
        .page("/import/salary-steps", pages::import::history::<SalaryStep>)
        .form("salary-steps", histories::submit::<SalaryStep>)
        .page("/import/allowances", pages::import::history::<Allowance>)
        .form("allowances", histories::submit::<Allowance>)
        .page("/import/rewards", pages::import::history::<Reward>)
        .form("rewards", histories::submit::<Reward>)
        .page("/import/disciplines", pages::import::history::<Discipline>)
        .form("disciplines", histories::submit::<Discipline>)
        .page("/import/papers", pages::import::papers)
        .form("papers", import::papers::submit)
}

fn events() -> Events {
    Events::new().on_timer("allowances", renew::due).on_timer("more-allowances", renew::more)
}

dinh_sdk::plugin!(routes, events);

/// The permissions of the manifest, by their full names.
pub mod permission {
    /// To see officers' records.
    pub const READ: &str = "personnel.person.read";
    /// To keep officers' records.
    pub const MANAGE: &str = "personnel.person.manage";
    /// To draft decisions.
    pub const DRAFT: &str = "personnel.decision.draft";
    /// To sign decisions.
    pub const SIGN: &str = "personnel.decision.sign";
    /// To check requests for correction.
    pub const CHECK: &str = "personnel.correction.check";
    /// To approve requests for correction.
    pub const APPROVE: &str = "personnel.correction.approve";
    /// To keep parameters and pay scales.
    pub const PARAMETERS: &str = "personnel.parameter.manage";
    /// To set quotas.
    pub const QUOTA: &str = "personnel.quota.manage";
}
