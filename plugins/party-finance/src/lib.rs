//! Tài chính Đảng: dues (đảng phí), assessed by dated rules, collected by cells, closed month by month.
//!
//! Members belong to `personnel`: they are read under a contract, and what is kept here of them is a reference. Names
//! are resolved when a page is drawn. A call that writes reads no text of theirs, so the contract may let nothing but
//! references and derived values be kept.
//!
//! ```text
//! month    a month of dues
//! model    what is stored
//! rules    pure: rates as of a day, what a member owes for a month, how an account stands at a month's end
//! roll     the members of a unit, under the contract
//! account  the entries of a unit, as the ledger S01/ĐP part I adds them up
//! deeds    assess, collect, correct, close: everything that writes
//! follow   what personnel tells of its members, noted to be reviewed
//! pages    ledger, collection, a member's account, changes, arrears, periods, the book (S01 part II), rates
//! import   rates from a spreadsheet
//! ```

mod account;
mod deeds;
mod follow;
mod import;
mod model;
mod month;
mod pages;
mod roll;
pub mod rules;

use dinh_sdk::prelude::*;

pub use month::Month;

fn routes() -> Router {
    Router::new()
        .page("/", pages::ledger::draw)
        .form("find", pages::ledger::find)
        .form("assess", deeds::assess::submit)
        .page("/collect", pages::collect::draw)
        .form("collect", deeds::collect::submit)
        .form("collect-all", deeds::collect::all)
        .page("/members/{id}", pages::member::draw)
        .form("correct", deeds::correct::submit)
        .form("exempt", deeds::decide::exempt)
        .form("base", deeds::decide::base)
        .page("/changes", pages::changes::draw)
        .form("reviewed", deeds::review::submit)
        .page("/changes/{id}", pages::changes::one)
        .form("reviewed", deeds::review::submit)
        .page("/arrears", pages::arrears::draw)
        .page("/periods", pages::periods::draw)
        .form("prepare", deeds::close::prepare)
        .page("/periods/{id}", pages::period::draw)
        .form("close", deeds::close::close)
        .form("return", deeds::close::give_back)
        .page("/book", pages::book::draw)
        .page("/rates", pages::rates::draw)
        .form("rate", deeds::decide::rate)
        .form("rates", import::submit)
}

fn events() -> Events {
    Events::new().on("members", follow::members)
}

dinh_sdk::plugin!(routes, events);

/// The permissions of the manifest, by their full names.
pub mod permission {
    /// To see the ledger.
    pub const READ: &str = "party-finance.ledger.read";
    /// To record what is assessed and collected.
    pub const RECORD: &str = "party-finance.entry.record";
    /// To record exemptions, reductions and bases of income.
    pub const EXEMPT: &str = "party-finance.exemption.manage";
    /// To review changes of members.
    pub const REVIEW: &str = "party-finance.change.review";
    /// To submit periods.
    pub const PREPARE: &str = "party-finance.period.prepare";
    /// To close periods.
    pub const CLOSE: &str = "party-finance.period.close";
    /// To keep rates.
    pub const RATES: &str = "party-finance.rate.manage";
}
