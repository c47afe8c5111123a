//! `dinh position`.

use anyhow::Result;
use clap::Subcommand;
use dinh_access::Grantee;
use dinh_model::{Date, GrantId, Localized, PositionId, RequestId, Target, UnitId};
use dinh_services::accounts::{
    self, Held, NewPosition, Position, create_position, get_position, grants_to, hold, holders, positions_in,
    release,
};
use dinh_services::permissions::{ACCOUNT_MANAGE, GRANT_MANAGE};
use dinh_services::{Call, Platform, ServiceError};
use serde::{Deserialize, Serialize};

use super::decide::{self, DecideDeed};
use super::{Authority, named};
use crate::day::{self, Day};
use crate::reply::Reply;

/// What can be done to positions.
#[derive(Subcommand, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PositionDeed {
    /// Create a position in a unit; it brings no rights until grants are given to it
    Create {
        /// Code of the unit
        #[arg(long, value_name = "CODE")]
        unit: String,
        /// Its title in Vietnamese, such as `Trưởng phòng`
        #[arg(long, value_name = "TITLE")]
        title: String,
        /// Its title in English [default: the Vietnamese one]
        #[arg(long, value_name = "TITLE")]
        title_en: Option<String>,
    },
    /// List the positions of a unit and of all below it, with who holds them
    List {
        /// Code of the unit
        #[arg(long, value_name = "CODE")]
        unit: String,
    },
    /// Ask that an account holds a position, with all its grants; another person approves
    Hold {
        /// The position's number, as `dinh position list` shows it
        position: PositionId,
        /// The account's sign-in name
        #[arg(long, value_name = "LOGIN")]
        to: String,
        /// First day [default: at once]
        #[arg(long, value_name = "DATE")]
        from: Option<Day>,
        /// Last day [default: it does not end]
        #[arg(long, value_name = "DATE")]
        until: Option<Day>,
        /// Why; needed for a request
        #[arg(long, default_value = "")]
        reason: String,
    },
    /// End that an account holds a position: it brings that account no rights any more, at once
    Release {
        /// The position's number, as `dinh position list` shows it
        position: PositionId,
        /// The account's sign-in name
        #[arg(long, value_name = "LOGIN")]
        of: String,
    },
    /// What becomes of such a request.
    #[command(flatten)]
    Decide(DecideDeed),
}

/// A position as commands show one.
#[derive(Serialize)]
struct Shown {
    id: PositionId,
    unit: String,
    title: Localized,
    /// Its grants that were not withdrawn; none to see for whoever does not give grants in its unit.
    grants: Option<Vec<GrantId>>,
    holders: Vec<Holder>,
    /// The request that waits.
    #[serde(skip_serializing_if = "Option::is_none")]
    request: Option<RequestId>,
}

/// Who holds one, and when.
#[derive(Serialize)]
struct Holder {
    login: String,
    from: Option<Date>,
    until: Option<Date>,
}

impl Shown {
    fn new(call: &mut Call, position: Position) -> Result<Self, ServiceError> {
        let grants = match call.check(&GRANT_MANAGE, &Target::unit(position.unit)) {
            true => {
                let mut given = grants_to(call, Grantee::Position(position.id))?;
                given.retain(|grant| grant.withdrawn.is_none());
                Some(given.into_iter().map(|grant| grant.id).collect())
            }
            false => None,
        };
        let holder = |Held { account, term, .. }| Holder {
            login: named::login_of(call, account),
            from: day::first(&term),
            until: day::last(&term),
        };
        Ok(Self {
            id: position.id,
            unit: named::code_of(call, position.unit),
            title: position.title,
            grants,
            holders: holders(call, position.id)?.into_iter().map(holder).collect(),
            request: None,
        })
    }

    fn of(call: &mut Call, id: PositionId) -> Result<Self, ServiceError> {
        let position = get_position(call, id)?;
        Self::new(call, position)
    }
}

/// Does it.
pub(super) fn perform(platform: &Platform, authority: &Authority, deed: PositionDeed) -> Result<Reply> {
    match deed {
        PositionDeed::Create { unit, title, title_en } => {
            let title = Localized::new(&title, title_en.as_deref().unwrap_or(&title));
            let shown = authority.perform(platform, "position create", |call| {
                let unit = named::unit(call, &unit)?.id;
                let id = create_position(call, NewPosition { unit, title: title.clone() })?;
                Shown::of(call, id)
            })?;
            let sentence = format!("position {}: {} in {}", shown.id, shown.title.vi, shown.unit);
            Ok(Reply::done(shown, sentence))
        }
        PositionDeed::List { unit } => {
            let shown = authority.perform(platform, "position list", |call| {
                let top = named::unit(call, &unit)?.id;
                list(call, top)
            })?;
            let rows: Vec<_> = shown
                .iter()
                .map(|it| {
                    let grants = match &it.grants {
                        Some(grants) => grants.iter().map(GrantId::to_string).collect::<Vec<_>>().join(", "),
                        None => "–".to_owned(),
                    };
                    let (id, unit, title) = (it.id.to_string(), it.unit.clone(), it.title.vi.clone());
                    [id, unit, title, grants, it.holders.iter().map(held).collect::<Vec<_>>().join(", ")]
                })
                .collect();
            Ok(Reply::table(shown, ["position", "unit", "title", "grants", "held by"], rows))
        }
        PositionDeed::Hold { position, to, from, until, reason } => {
            let shown = authority.perform(platform, "position hold", |call| {
                let account = named::account(call, &to)?.id;
                let term = day::term(from, until, call.now());
                let request = hold(call, account, position, term, &reason)?;
                Ok(Shown { request, ..Shown::of(call, position)? })
            })?;
            let what = format!("{to} holds position {position}, {}, in {}", shown.title.vi, shown.unit);
            let sentence = match shown.request {
                Some(request) => format!("request {request}: {what} when another person approves"),
                None => what,
            };
            Ok(Reply::done(shown, sentence))
        }
        PositionDeed::Release { position, of } => {
            let shown = authority.perform(platform, "position release", |call| {
                let account = named::account(call, &of)?.id;
                release(call, account, position)?;
                Shown::of(call, position)
            })?;
            let sentence = format!("{of} no longer holds position {position}, {}", shown.title.vi);
            Ok(Reply::done(shown, sentence))
        }
        PositionDeed::Decide(deed) => decide::perform(platform, authority, "position", &deed),
    }
}

fn held(holder: &Holder) -> String {
    match holder.until {
        Some(until) => format!("{} through {until}", holder.login),
        None => holder.login.clone(),
    }
}

/// The positions of a unit and of all below it, where whoever acts manages accounts or grants.
fn list(call: &mut Call, top: UnitId) -> Result<Vec<Shown>, ServiceError> {
    if !call.check(&GRANT_MANAGE, &Target::unit(top)) {
        call.require(&ACCOUNT_MANAGE, &Target::unit(top))?;
    }
    let (mut shown, mut units) = (Vec::new(), vec![top]);
    while let Some(unit) = units.pop() {
        for position in positions_in(call, unit)? {
            shown.push(Shown::new(call, position)?);
        }
        // The last one is taken first.
        units.extend(accounts::list_all_units(call, Some(unit))?.into_iter().rev().map(|unit| unit.id));
    }
    Ok(shown)
}
