//! Tài chính Đảng: dues (đảng phí), assessed by dated rules, collected by cells, divided between the levels, closed month
//! by month; and what is spent of what is retained.
//!
//! Members belong to `personnel`: they are read under a contract, and what is kept here of them is a reference. Names
//! are resolved when a page is drawn. A call that writes reads no text of theirs, so the contract may let nothing but
//! references and derived values be kept.
//!
//! ```text
//! month    a month of dues
//! dong     an amount in a sentence
//! model    what is stored
//! rules    pure: rates, dues, accounts, retention, the book, the report, the fund, estimates, vouchers
//! roll     the members of a unit, under the contract
//! account  the entries of a unit, as the ledger S01/ĐP part I adds them up
//! below    the organisations below one
//! book     the months of an organisation, as S01/ĐP part II has them
//! report   the organisations below one, as B01/ĐP adds them up
//! deeds    assess, collect, correct, close, remit, spend, settle: everything that writes
//! follow   what personnel tells of its members, noted to be reviewed
//! pages    what people see
//! import   tables of the department from spreadsheets
//! ```
//!
//! How money goes:
//!
//! ```text
//! member ── collected ──▶ organisation ── remitted, confirmed above ──▶ organisation above ── …
//!                              │ retained, when the month is closed
//!                              ▼
//!                            fund ── voucher: asked, approved, paid ──▶ payee
//! ```

mod account;
mod below;
mod book;
mod deeds;
mod dong;
mod follow;
mod import;
mod model;
mod month;
mod pages;
mod report;
mod roll;
pub mod rules;

use dinh_sdk::prelude::*;

use model::division::{Organisation, Retention};
use model::spending::Item;
pub use month::Month;

fn routes() -> Router {
    Router::new()
        .page("/", pages::ledger::draw)
        .form("find", pages::ledger::find)
        .form("assess", deeds::assess::submit)
        .page("/assessments", pages::assessments::draw)
        .form("assess-all", deeds::assess::all)
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
        .form("ask-override", deeds::close::ask_override)
        .form("override", deeds::close::overrule)
        .form("return", deeds::close::give_back)
        .page("/book", pages::book::draw)
        .page("/division", pages::division::draw)
        .page("/remittances", pages::remittances::draw)
        .form("remit", deeds::remit::send)
        .page("/remittances/{id}", pages::remittance::draw)
        .form("confirm", deeds::remit::confirm)
        .form("return", deeds::remit::give_back)
        .form("reverse", deeds::remit::reverse)
        .page("/report", pages::report::draw)
        .page("/report/{code}", pages::breakdown::draw)
        .page("/entries", pages::entries::draw)
        .page("/fund", pages::fund::draw)
        .form("open", deeds::fund::open)
        .page("/estimates", pages::estimates::draw)
        .form("begin", deeds::estimate::begin)
        .form("settle", deeds::settle::submit)
        .page("/estimates/{id}", pages::estimate::draw)
        .form("lines", deeds::estimate::fill)
        .form("submit", deeds::estimate::submit)
        .form("approve", deeds::estimate::approve)
        .form("return", deeds::estimate::give_back)
        .page("/budget", pages::budget::draw)
        .page("/settlements", pages::settlement::all)
        .page("/settlements/{id}", pages::settlement::draw)
        .form("close", deeds::settle::close)
        .form("return", deeds::settle::give_back)
        .page("/vouchers", pages::vouchers::draw)
        .form("ask", deeds::voucher::ask)
        .page("/vouchers/{id}", pages::voucher::draw)
        .form("approve", deeds::voucher::approve)
        .form("refuse", deeds::voucher::refuse)
        .form("ask-override", deeds::voucher::ask_override)
        .form("override", deeds::voucher::overrule)
        .form("pay", deeds::voucher::pay)
        .form("cancel", deeds::voucher::cancel)
        .form("reverse", deeds::voucher::reverse)
        .page("/rates", pages::rates::draw)
        .form("rate", deeds::decide::rate)
        .form("rates", import::submit::<model::Rate>)
        .page("/organisations", pages::organisations::draw)
        .form("organisation", deeds::tables::organisation)
        .form("retention", deeds::tables::retention)
        .form("organisations", import::submit::<Organisation>)
        .form("retentions", import::submit::<Retention>)
        .page("/items", pages::items::draw)
        .form("item", deeds::tables::item)
        .form("items", import::submit::<Item>)
}

fn events() -> Events {
    Events::new().on("members", follow::members)
}

fn jobs() -> Jobs {
    Jobs::new().on(deeds::assess::JOB, deeds::assess::step)
}

dinh_sdk::plugin!(routes, events, jobs: jobs);

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
    /// To say that dues were handed up.
    pub const REMIT: &str = "party-finance.remittance.send";
    /// To confirm that they were received.
    pub const CONFIRM: &str = "party-finance.remittance.confirm";
    /// To prepare estimates.
    pub const ESTIMATE: &str = "party-finance.estimate.prepare";
    /// To approve them.
    pub const ESTIMATE_APPROVE: &str = "party-finance.estimate.approve";
    /// To ask for payments.
    pub const ASK: &str = "party-finance.voucher.request";
    /// To approve payments, and to take them back.
    pub const APPROVE: &str = "party-finance.voucher.approve";
    /// To let a payment, or a month's corrections, exceed the balance.
    pub const OVERRIDE: &str = "party-finance.voucher.override";
    /// To pay.
    pub const PAY: &str = "party-finance.voucher.pay";
    /// To prepare settlements.
    pub const SETTLE: &str = "party-finance.settlement.prepare";
    /// To approve them.
    pub const SETTLE_CLOSE: &str = "party-finance.settlement.close";
    /// To keep rates, shares, organisations and items.
    pub const RATES: &str = "party-finance.rate.manage";
}
