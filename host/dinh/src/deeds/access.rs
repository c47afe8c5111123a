//! `dinh access`: the questions that the permission check answers, today and on other days.

use anyhow::Result;
use clap::{Args, Subcommand};
use dinh_access::Policy;
use dinh_model::{Actor, Label, Permission, Target, Timestamp, UnitId};
use dinh_services::accounts::Directory;
use dinh_services::permissions::GRANT_MANAGE;
use dinh_services::{Call, Platform, ServiceError, Thing};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Authority, named};
use crate::day::Day;
use crate::reply::{Reply, table};

/// What can be asked.
#[derive(Subcommand, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AccessDeed {
    /// May somebody do a thing in a unit? Answers yes or no
    Check {
        /// The sign-in name
        login: String,
        /// Use the rights that this account lent them
        #[arg(long, value_name = "LOGIN")]
        lent_by: Option<String>,
        /// What.
        #[command(flatten)]
        question: Question,
    },
    /// Why may somebody, or why not: what holds or fails, by which grants, and who could grant it
    Explain {
        /// The sign-in name
        login: String,
        /// Use the rights that this account lent them
        #[arg(long, value_name = "LOGIN")]
        lent_by: Option<String>,
        /// What.
        #[command(flatten)]
        question: Question,
    },
    /// Who may do a thing in a unit, in their own right
    WhoCan {
        /// What.
        #[command(flatten)]
        question: Question,
    },
    /// Who may more and who may less at the end of one day than at the end of an earlier one
    Diff {
        /// The earlier day
        #[arg(long, value_name = "DATE")]
        from: Day,
        /// The later day [default: now]
        #[arg(long, value_name = "DATE")]
        to: Option<Day>,
    },
}

/// What is asked about.
#[derive(Args, Debug, Serialize, Deserialize)]
pub struct Question {
    /// The permission, such as `dinh.account.manage`
    pub permission: Permission,
    /// Code of the unit that the thing is in
    #[arg(long, value_name = "CODE")]
    pub unit: String,
    /// How confidential the thing is: ordinary or confidential
    #[arg(long, default_value_t = Label::Ordinary)]
    pub label: Label,
    /// Whose record it is
    #[arg(long, value_name = "LOGIN")]
    pub owner: Option<String>,
    /// As it was at the end of this day, or will be as things stand [default: now]
    #[arg(long, value_name = "DATE")]
    pub as_of: Option<Day>,
}

/// A question with the policy that answers it.
struct Asked {
    policy: std::sync::Arc<Policy>,
    target: Target,
    at: Timestamp,
}

impl Asked {
    fn new(platform: &Platform, call: &Call, question: &Question) -> Result<Self, ServiceError> {
        let unit = named::unit(call, &question.unit)?.id;
        let owner = question.owner.as_deref().map(|login| named::account(call, login)).transpose()?;
        let target = Target { unit, label: question.label, owner: owner.map(|owner| owner.id) };
        let (policy, at) = policy_at(platform, call, question.as_of)?;
        Ok(Self { policy, target, at })
    }

    fn index(&self, permission: &Permission) -> Result<dinh_access::PermissionIndex, ServiceError> {
        let found = self.policy.permission(permission);
        found.ok_or_else(|| ServiceError::not_found(Thing::Permission, permission))
    }
}

/// The policy at the end of a day and that moment; now, without one or when that day is today.
fn policy_at(
    platform: &Platform,
    call: &Call,
    as_of: Option<Day>,
) -> Result<(std::sync::Arc<Policy>, Timestamp), ServiceError> {
    match as_of.filter(|day| day.date() != call.today()) {
        None => Ok((std::sync::Arc::clone(&call.policy), call.now())),
        Some(day) => {
            let at = day.last_moment();
            Ok((platform.policy_at(at)?.into(), at))
        }
    }
}

/// Goes on for whoever gives grants in the unit, as the pages do; for a person also in their own unit, and for
/// that person always.
fn may_ask(call: &mut Call, unit: UnitId, about: Option<&Actor>) -> Result<(), ServiceError> {
    if let Some(Actor::Person { account, .. }) = about {
        if call.account() == Some(*account) && !call.origin.operator {
            return Ok(());
        }
        let home = dinh_services::accounts::get_account(call, *account)?.unit;
        if !call.origin.operator && call.check(&GRANT_MANAGE, &Target::unit(home)) {
            return Ok(());
        }
    }
    call.require(&GRANT_MANAGE, &Target::unit(unit))
}

fn actor(call: &Call, login: &str, lent_by: Option<&str>) -> Result<Actor, ServiceError> {
    let account = named::account(call, login)?.id;
    let on_behalf_of = lent_by.map(|login| named::account(call, login)).transpose()?.map(|it| it.id);
    Ok(Actor::Person { account, on_behalf_of })
}

/// Does it.
pub(super) fn perform(platform: &Platform, authority: &Authority, deed: AccessDeed) -> Result<Reply> {
    match deed {
        AccessDeed::Check { login, lent_by, question } => {
            let allowed = authority.perform(platform, "access check", |call| {
                let actor = actor(call, &login, lent_by.as_deref())?;
                let asked = Asked::new(platform, call, &question)?;
                may_ask(call, asked.target.unit, Some(&actor))?;
                Ok(asked.policy.check(&actor, asked.index(&question.permission)?, &asked.target, asked.at))
            })?;
            Ok(Reply::done(json!({ "allowed": allowed }), if allowed { "yes" } else { "no" }))
        }
        AccessDeed::Explain { login, lent_by, question } => {
            explain(platform, authority, &login, lent_by.as_deref(), &question)
        }
        AccessDeed::WhoCan { question } => who_can(platform, authority, &question),
        AccessDeed::Diff { from, to } => diff(platform, authority, from, to),
    }
}

fn explain(
    platform: &Platform,
    authority: &Authority,
    login: &str,
    lent_by: Option<&str>,
    question: &Question,
) -> Result<Reply> {
    let (value, text) = authority.perform(platform, "access explain", |call| {
        let actor = actor(call, login, lent_by)?;
        let asked = Asked::new(platform, call, question)?;
        may_ask(call, asked.target.unit, Some(&actor))?;
        let index = asked.index(&question.permission)?;
        let why = asked.policy.explain(&actor, index, &asked.target, asked.at);
        let could: Vec<_> = why.could_grant.iter().map(|account| named::login_of(call, *account)).collect();
        let names = Directory::new(call.transaction.snapshot());
        let mut text =
            format!("{}: {}", if why.allowed { "yes" } else { "no" }, why.text_with(call.language(), &names));
        if !why.by.is_empty() {
            let by: Vec<_> = why.by.iter().map(ToString::to_string).collect();
            text.push_str(&format!(" By grant {}.", by.join(", ")));
        }
        let failed = why.failed.map(|failed| format!("{failed:?}"));
        let value =
            json!({ "allowed": why.allowed, "failed": failed, "by_grants": why.by, "could_grant": could });
        Ok((value, text))
    })?;
    Ok(Reply::done(value, text))
}

fn who_can(platform: &Platform, authority: &Authority, question: &Question) -> Result<Reply> {
    let found = authority.perform(platform, "access who-can", |call| {
        let asked = Asked::new(platform, call, question)?;
        may_ask(call, asked.target.unit, None)?;
        let index = asked.index(&question.permission)?;
        let row = |account| -> Result<_, ServiceError> {
            let why = asked.policy.explain(&Actor::person(account), index, &asked.target, asked.at);
            let found = dinh_services::accounts::get_account(call, account)?;
            Ok((found.login, found.full_name, named::code_of(call, found.unit), why.by))
        };
        let people = asked.policy.who_can(index, &asked.target, asked.at);
        people.into_iter().map(row).collect::<Result<Vec<_>, _>>()
    })?;
    let value: Vec<_> = found
        .iter()
        .map(|(login, name, unit, by)| json!({ "login": login, "full_name": name, "unit": unit, "by_grants": by }))
        .collect();
    let rows = found.into_iter().map(|(login, name, unit, by)| {
        let by: Vec<_> = by.iter().map(ToString::to_string).collect();
        [login, name, unit, by.join(", ")]
    });
    Ok(Reply::table(value, ["login", "full name", "unit", "by grant"], rows))
}

fn diff(platform: &Platform, authority: &Authority, from: Day, to: Option<Day>) -> Result<Reply> {
    let (sentence, changes) = authority.perform(platform, "access diff", |call| {
        call.require_everywhere(&GRANT_MANAGE)?;
        let (earlier, first) = policy_at(platform, call, Some(from))?;
        let (later, last) = policy_at(platform, call, to)?;
        if last < first {
            return Err(ServiceError::invalid(
                "Ngày sau phải không sớm hơn ngày trước.",
                "the later day, --to, lies before the earlier one, --from",
            ));
        }
        let difference = earlier.diff(&later, last);
        let changes: Vec<_> = difference.changes.iter().map(|change| Change::new(call, change)).collect();
        Ok((difference.text(call.language()), changes))
    })?;
    let mut text = format!("from the end of {from} to {}: {sentence}", day_or_now(to));
    if !changes.is_empty() {
        text.push_str(&format!("\n{}", changes_table(&changes)));
    }
    Ok(Reply::lines(json!({ "effect": sentence, "changes": changes }), text))
}

fn day_or_now(day: Option<Day>) -> String {
    day.map_or_else(|| "now".to_owned(), |day| format!("the end of {day}"))
}

/// What one actor gains and loses.
#[derive(Serialize)]
pub(super) struct Change {
    who: String,
    gains: Vec<Permission>,
    loses: Vec<Permission>,
}

impl Change {
    pub(super) fn new(call: &Call, change: &dinh_access::ActorChange) -> Self {
        let who = match &change.actor {
            Actor::Person { account, on_behalf_of: None } => named::person(call, *account),
            Actor::Person { account, on_behalf_of: Some(lender) } => {
                format!("{} for {}", named::person(call, *account), named::person(call, *lender))
            }
            Actor::Service(plugin) => format!("the plugin {plugin}"),
            Actor::Public => "everybody".to_owned(),
        };
        Self { who, gains: change.gains.clone(), loses: change.loses.clone() }
    }
}

/// Actors of a table; `--json` has all.
const ACTORS: usize = 100;

/// Who gains and loses what, as a table that says when there is more.
pub(super) fn changes_table(changes: &[Change]) -> String {
    let rows = changes.iter().take(ACTORS).map(|it| [it.who.clone(), listed(&it.gains), listed(&it.loses)]);
    let mut text = table(["who", "gains", "loses"], rows);
    let more = changes.len().saturating_sub(ACTORS);
    if more > 0 {
        text.push_str(&format!("\nand {more} more: --json has all"));
    }
    text
}

/// Permissions on one line.
pub(super) fn listed(permissions: &[Permission]) -> String {
    permissions.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
