//! `dinh head`.

use anyhow::Result;
use clap::Subcommand;
use dinh_model::{Label, Timestamp};
use dinh_services::accounts::{Made, hand_over, head_of, name_head};
use dinh_services::{Call, Platform, ServiceError};
use serde::{Deserialize, Serialize};

use super::decide::{self, DecideDeed};
use super::{Authority, named};
use crate::reply::Reply;

/// What can be done about a unit's one head administrator.
#[derive(Subcommand, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HeadDeed {
    /// Ask that an account becomes the first head of a unit; another person approves
    Name {
        /// Code of the unit
        #[arg(long, value_name = "CODE")]
        unit: String,
        /// The account's sign-in name
        #[arg(long, value_name = "LOGIN")]
        to: String,
        /// Up to which label: ordinary or confidential
        #[arg(long, default_value_t = Label::Ordinary)]
        label: Label,
        /// Why
        #[arg(long, default_value = "")]
        reason: String,
    },
    /// Ask that a unit's head hands over to another account; another person approves
    HandOver {
        /// Code of the unit
        #[arg(long, value_name = "CODE")]
        unit: String,
        /// The account's sign-in name
        #[arg(long, value_name = "LOGIN")]
        to: String,
        /// Why
        #[arg(long, default_value = "")]
        reason: String,
    },
    /// Show who is the head responsible for a unit
    Show {
        /// Code of the unit
        #[arg(long, value_name = "CODE")]
        unit: String,
    },
    /// What becomes of such a request.
    #[command(flatten)]
    Decide(DecideDeed),
}

/// A head as commands show one.
#[derive(Serialize)]
struct Shown {
    /// The unit that was asked about.
    unit: String,
    head: Option<String>,
    /// The unit whose head it is: the same, or one above.
    of: Option<String>,
    label: Option<Label>,
    since: Option<Timestamp>,
    request: Option<dinh_model::RequestId>,
}

impl Shown {
    fn new(call: &Call, unit: dinh_model::UnitId) -> Result<Self, ServiceError> {
        let head = head_of(call, unit)?;
        Ok(Self {
            unit: named::code_of(call, unit),
            head: head.as_ref().map(|head| named::login_of(call, head.account)),
            of: head.as_ref().map(|head| named::code_of(call, head.unit)),
            label: head.as_ref().map(|head| head.label),
            since: head.map(|head| head.since),
            request: None,
        })
    }
}

/// Does it.
pub(super) fn perform(platform: &Platform, authority: &Authority, deed: HeadDeed) -> Result<Reply> {
    let made = |command: &str, to: &str, act: &dyn Fn(&mut Call) -> Result<Made<_>, ServiceError>| {
        let shown = authority.perform(platform, command, |call| {
            let made = act(call)?;
            Ok(Shown { request: made.request, ..Shown::new(call, made.id)? })
        })?;
        let sentence = match shown.request {
            Some(request) => {
                format!("request {request}: {to} is head of {} when another person approves", shown.unit)
            }
            None => format!("{to} is head of {}", shown.unit),
        };
        Ok(Reply::done(shown, sentence))
    };
    match deed {
        HeadDeed::Name { unit, to, label, reason } => made("head name", &to, &|call| {
            let (unit, account) = (named::unit(call, &unit)?.id, named::account(call, &to)?.id);
            name_head(call, unit, account, label, &reason)
        }),
        HeadDeed::HandOver { unit, to, reason } => made("head hand-over", &to, &|call| {
            let (unit, account) = (named::unit(call, &unit)?.id, named::account(call, &to)?.id);
            hand_over(call, unit, account, &reason)
        }),
        HeadDeed::Show { unit } => {
            let shown = authority.perform(platform, "head show", |call| {
                let unit = named::unit(call, &unit)?.id;
                Shown::new(call, unit)
            })?;
            let sentence = match (&shown.head, &shown.of) {
                (Some(head), Some(of)) if *of == shown.unit => format!("{head} is head of {of}"),
                (Some(head), Some(of)) => {
                    format!("{head}, head of {of}, answers for {}, which has no head of its own", shown.unit)
                }
                _ => format!("{} has no head yet: `dinh head name --unit {0} --to LOGIN`", shown.unit),
            };
            Ok(Reply::done(shown, sentence))
        }
        HeadDeed::Decide(deed) => decide::perform(platform, authority, "head", &deed),
    }
}
