//! `dinh unit`.

use anyhow::Result;
use clap::Subcommand;
use dinh_model::{Date, UnitId};
use dinh_services::accounts::{
    NewUnit, Unit, add_domain, add_successor, create_root, create_unit, domains_of, end_unit, get_unit,
    head_of, list_all_units, move_unit, predecessors, remove_domain, rename_unit, successors,
};
use dinh_services::{Call, Platform, ServiceError};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::decide::{self, DecideDeed};
use super::{Authority, named};
use crate::day::{self, Day};
use crate::reply::Reply;

/// What can be done to units.
#[derive(Subcommand, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UnitDeed {
    /// Create a unit
    Create {
        /// Short stable code: a–z, 0–9, `-`
        code: String,
        /// Full official name
        #[arg(long)]
        name: String,
        /// What it is, in your own words: `tinh`, `so`, `phong`, `xa`
        #[arg(long)]
        kind: String,
        /// Code of the unit above [default: none, for the first unit of a house]
        #[arg(long, value_name = "CODE")]
        parent: Option<String>,
        /// Ask for another root beside those there are, with no unit above it; another person approves
        #[arg(long, conflicts_with = "parent")]
        root: bool,
        /// Why; needed for another root
        #[arg(long, default_value = "")]
        reason: String,
        /// First day of its term, such as 2025-07-01; not before that of the unit above [default: today]
        #[arg(long, value_name = "DATE")]
        valid_from: Option<Day>,
    },
    /// List the units in their terms today, or on another day, as a tree
    List {
        /// Only those below this unit
        #[arg(long, value_name = "CODE")]
        below: Option<String>,
        /// Those in their terms on this day
        #[arg(long, value_name = "DATE")]
        as_of: Option<Day>,
        /// All, also those whose terms are over or have not begun
        #[arg(long, conflicts_with = "as_of")]
        all: bool,
    },
    /// Show a unit: its term, its head, its domain names, what it came from and what became of it
    Show {
        /// Its code
        code: String,
    },
    /// Give a unit another name, at once; its code stays
    Rename {
        /// Its code
        code: String,
        /// Full official name
        #[arg(long)]
        name: String,
    },
    /// Ask that a unit, with all below it, comes under another; another person approves
    Move {
        /// Its code
        code: String,
        /// Code of the unit that it comes under
        #[arg(long, value_name = "CODE")]
        to: String,
        /// Why
        #[arg(long, default_value = "")]
        reason: String,
    },
    /// End a unit's term, when nothing belongs to it any more; from then on nobody comes to it
    End {
        /// Its code
        code: String,
        /// Last day on which it exists
        #[arg(long, value_name = "DATE")]
        until: Day,
        /// Code of a unit that its work goes to, which exists on the day after; several when it is split
        #[arg(long = "successor", value_name = "CODE")]
        successors: Vec<String>,
    },
    /// Show a unit's domain names, after adding and removing some
    Domain {
        /// Its code
        code: String,
        /// A domain name it has from now on, too
        #[arg(long, value_name = "NAME")]
        add: Vec<String>,
        /// A domain name it no longer has
        #[arg(long, value_name = "NAME")]
        remove: Vec<String>,
    },
    /// What becomes of such a request.
    #[command(flatten)]
    Decide(DecideDeed),
}

/// A unit as commands show one.
#[derive(Serialize)]
struct Shown {
    id: UnitId,
    code: String,
    name: String,
    kind: String,
    parent: Option<String>,
    valid_from: Date,
    /// The last day on which it exists.
    until: Option<Date>,
    #[serde(skip)]
    depth: usize,
}

impl Shown {
    fn new(call: &Call, unit: Unit, depth: usize) -> Self {
        Self {
            id: unit.id,
            code: unit.code,
            name: unit.name,
            kind: unit.kind,
            parent: unit.parent.map(|parent| named::code_of(call, parent)),
            valid_from: unit.valid_from,
            until: unit.valid_until.and_then(|end| end.yesterday().ok()),
            depth,
        }
    }
}

/// Does it.
pub(super) fn perform(platform: &Platform, authority: &Authority, deed: UnitDeed) -> Result<Reply> {
    match deed {
        UnitDeed::Create { code, name, kind, parent: _, root: true, reason, valid_from } => {
            let request = authority.perform(platform, "unit create", |call| {
                let valid_from = valid_from.map_or_else(|| call.today(), Day::date);
                let (code, name, kind) = (code.clone(), name.clone(), kind.clone());
                create_root(call, NewUnit { code, name, kind, parent: None, valid_from }, &reason)
            })?;
            let sentence = match request {
                Some(request) => format!("request {request}: {code} is a root when another person approves"),
                None => format!("{code} created, a root: {name}"),
            };
            Ok(Reply::done(json!({ "code": code, "request": request }), sentence))
        }
        UnitDeed::Move { code, to, reason } => {
            let made = authority.perform(platform, "unit move", |call| {
                let (unit, to) = (named::unit(call, &code)?.id, named::unit(call, &to)?.id);
                move_unit(call, unit, to, &reason)
            })?;
            let sentence = match made.request {
                Some(request) => {
                    format!("request {request}: {code} comes under {to} when another person approves")
                }
                None => format!("{code} is under {to}"),
            };
            Ok(Reply::done(json!({ "code": code, "to": to, "request": made.request }), sentence))
        }
        UnitDeed::Decide(deed) => decide::perform(platform, authority, "unit", &deed),
        UnitDeed::Create { code, name, kind, parent, root: false, reason: _, valid_from } => {
            let unit = authority.perform(platform, "unit create", |call| {
                let parent = parent.as_deref().map(|code| named::unit(call, code)).transpose()?;
                let id = create_unit(
                    call,
                    NewUnit {
                        code: code.clone(),
                        name: name.clone(),
                        kind: kind.clone(),
                        parent: parent.map(|parent| parent.id),
                        valid_from: valid_from.map_or_else(|| call.today(), Day::date),
                    },
                )?;
                Ok(Shown::new(call, get_unit(call, id)?, 0))
            })?;
            let sentence = format!("{} created: {}", unit.code, unit.name);
            Ok(Reply::done(unit, sentence))
        }
        UnitDeed::List { below, as_of, all } => {
            let units = authority.perform(platform, "unit list", |call| {
                let top = below.as_deref().map(|code| named::unit(call, code)).transpose()?;
                let day = as_of.map_or_else(|| call.today(), Day::date);
                let mut found = Vec::new();
                collect(call, top.map(|top| top.id), 0, &|unit| all || unit.is_valid_on(day), &mut found)?;
                Ok(found)
            })?;
            let rows: Vec<_> = units
                .iter()
                .map(|unit| {
                    let code = format!("{}{}", "  ".repeat(unit.depth), unit.code);
                    let until = day::cell(unit.until);
                    [code, unit.name.clone(), unit.kind.clone(), unit.valid_from.to_string(), until]
                })
                .collect();
            Ok(Reply::table(units, ["code", "name", "kind", "since", "until"], rows))
        }
        UnitDeed::Show { code } => {
            let more = authority.perform(platform, "unit show", |call| {
                let unit = named::unit(call, &code)?.id;
                More::new(call, unit)
            })?;
            let facts = more.facts();
            Ok(Reply::facts(more, &facts))
        }
        UnitDeed::Rename { code, name } => {
            let more = authority.perform(platform, "unit rename", |call| {
                let unit = named::unit(call, &code)?.id;
                rename_unit(call, unit, &name)?;
                More::new(call, unit)
            })?;
            let sentence = format!("{} is called {}", more.unit.code, more.unit.name);
            Ok(Reply::done(more, sentence))
        }
        UnitDeed::End { code, until, successors } => {
            let more = authority.perform(platform, "unit end", |call| {
                let unit = named::unit(call, &code)?.id;
                end_unit(call, unit, until.next())?;
                for successor in &successors {
                    let successor = named::unit(call, successor)?.id;
                    add_successor(call, unit, successor)?;
                }
                More::new(call, unit)
            })?;
            let sentence = format!("{code} exists through {until}");
            Ok(Reply::done(more, sentence))
        }
        UnitDeed::Domain { code, add, remove } => {
            let domains = authority.perform(platform, "unit domain", |call| {
                let unit = named::unit(call, &code)?.id;
                for name in &remove {
                    remove_domain(call, unit, name)?;
                }
                for name in &add {
                    add_domain(call, unit, name)?;
                }
                domains_of(call, unit)
            })?;
            let rows: Vec<_> = domains.iter().map(|name| [name.clone()]).collect();
            Ok(Reply::table(domains, ["domain name"], rows))
        }
    }
}

/// All that commands say of one unit.
#[derive(Serialize)]
struct More {
    #[serde(flatten)]
    unit: Shown,
    head: Option<String>,
    domains: Vec<String>,
    predecessors: Vec<String>,
    successors: Vec<String>,
}

impl More {
    fn new(call: &Call, id: UnitId) -> Result<Self, ServiceError> {
        let codes = |units: Vec<Unit>| units.into_iter().map(|unit| unit.code).collect();
        Ok(Self {
            unit: Shown::new(call, get_unit(call, id)?, 0),
            head: head_of(call, id)?.map(|head| named::login_of(call, head.account)),
            domains: domains_of(call, id)?,
            predecessors: codes(predecessors(call, id)?),
            successors: codes(successors(call, id)?),
        })
    }

    fn facts(&self) -> [(&'static str, String); 10] {
        let or_none =
            |text: Option<String>| text.filter(|text| !text.is_empty()).unwrap_or_else(|| "–".into());
        [
            ("code", self.unit.code.clone()),
            ("name", self.unit.name.clone()),
            ("kind", self.unit.kind.clone()),
            ("unit above", or_none(self.unit.parent.clone())),
            ("since", self.unit.valid_from.to_string()),
            ("until", day::cell(self.unit.until)),
            ("head", or_none(self.head.clone())),
            ("domain names", or_none(Some(self.domains.join(", ")))),
            ("came from", or_none(Some(self.predecessors.join(", ")))),
            ("went to", or_none(Some(self.successors.join(", ")))),
        ]
    }
}

/// The wanted units below `parent` and below those, each after the unit above it; also where the unit above is
/// not wanted.
fn collect(
    call: &Call,
    parent: Option<UnitId>,
    depth: usize,
    wanted: &dyn Fn(&Unit) -> bool,
    found: &mut Vec<Shown>,
) -> Result<(), ServiceError> {
    for unit in list_all_units(call, parent)? {
        let (id, shown) = (unit.id, wanted(&unit));
        if shown {
            found.push(Shown::new(call, unit, depth));
        }
        collect(call, Some(id), depth + usize::from(shown), wanted, found)?;
    }
    Ok(())
}
