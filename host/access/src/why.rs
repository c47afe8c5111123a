//! How an explanation is found: every grant of the actor is held against the conditions in their order;
//! the one that comes furthest names the condition that failed.

use dinh_model::{AccountId, Actor, Label, Permission, PluginId, Target, Timestamp};

use crate::explain::Explanation;
use crate::{FailedCondition, PermissionIndex, Policy};

/// How far the grants came, and which came all the way.
struct Search {
    furthest: FailedCondition,
    allowed: bool,
    explanation: Explanation,
}

impl Policy {
    /// Why the actor may or may not.
    pub fn explain(
        &self,
        actor: &Actor,
        permission: PermissionIndex,
        target: &Target,
        now: Timestamp,
    ) -> Explanation {
        let mut search = Search {
            furthest: FailedCondition::NoRole,
            allowed: false,
            explanation: Explanation {
                allowed: false,
                failed: None,
                by: Vec::new(),
                could_grant: Vec::new(),
                permission: self.permission_name(permission).cloned(),
                actor: actor.clone(),
                target: *target,
                clearance: None,
            },
        };
        match actor {
            Actor::Person { account, on_behalf_of } => {
                self.search_rights(&mut search, (*account, *on_behalf_of), permission, now);
            }
            Actor::Service(_) => {
                search.furthest = FailedCondition::NotAdmitted;
                self.search_standings(&mut search, permission);
            }
            Actor::Public => self.search_standings(&mut search, permission),
        }
        let Search { furthest, allowed, mut explanation } = search;
        explanation.by.sort_unstable();
        explanation.by.dedup();
        explanation.allowed = allowed;
        if !allowed {
            explanation.failed = Some(furthest);
            if furthest != FailedCondition::AccountNotActive && explanation.clearance.is_none() {
                explanation.could_grant = self.could_grant(actor, permission, target, now);
            }
        }
        explanation
    }

    fn search_rights(
        &self,
        search: &mut Search,
        (account, lender): (AccountId, Option<AccountId>),
        permission: PermissionIndex,
        now: Timestamp,
    ) {
        let person = lender.unwrap_or(account);
        let (Some(clearance), Some(lenders)) = (self.clearance(account), self.clearance(person)) else {
            search.furthest = FailedCondition::AccountNotActive;
            return;
        };
        let target = search.explanation.target;
        let holders = self.roles.holding(permission.0);
        let place = self.tree.place(target.unit);
        let owned = target.owner == Some(person);
        for (right, in_force, grant) in self.rights.with_terms(self.people.rights(account, lender), now) {
            let stage = if !holders.contains(right.role) {
                Some(FailedCondition::NoRole)
            } else if !place.is_some_and(|place| right.includes(place)) {
                Some(FailedCondition::OutsideUnits)
            } else if right.own() && !owned {
                Some(FailedCondition::NotOwner)
            } else if target.label > right.label() {
                Some(FailedCondition::LabelTooHigh)
            } else if !in_force {
                Some(FailedCondition::OutsideTerm)
            } else {
                None
            };
            match stage {
                Some(stage) => search.furthest = search.furthest.max(stage),
                None => {
                    search.allowed = true;
                    search.explanation.by.push(grant);
                }
            }
        }
        let lowest = clearance.min(lenders);
        if search.furthest == FailedCondition::LabelTooHigh && target.label > lowest {
            search.explanation.clearance = Some(lowest);
        }
    }

    fn search_standings(&self, search: &mut Search, permission: PermissionIndex) {
        let held = self.standings(&search.explanation.actor);
        let Target { unit, label, .. } = search.explanation.target;
        let place = self.tree.place(unit);
        let standings = held.map_or(&[][..], |held| held.of(permission.0));
        if standings.is_empty() {
            return;
        }
        search.furthest = FailedCondition::OutsideUnits;
        for standing in standings.iter().filter(|s| place.is_some_and(|place| s.includes(place))) {
            search.furthest = FailedCondition::LabelTooHigh;
            search.allowed |= label <= standing.label;
        }
    }

    /// Who may give it to a person, or admit plugins with it, in the target's unit: the smallest scope first, then by
    /// number; never the person who asks. Nobody gives above the label up to which they give, nor a permission of
    /// the platform that they have not got themselves.
    fn could_grant(
        &self,
        actor: &Actor,
        permission: PermissionIndex,
        target: &Target,
        now: Timestamp,
    ) -> Vec<AccountId> {
        let (managers, manage, label) = match actor {
            Actor::Person { .. } => (&self.grant_managers, Self::MANAGE_GRANTS, target.label),
            Actor::Service(_) | Actor::Public => {
                (&self.plugin_managers, Self::MANAGE_PLUGINS, Label::Ordinary)
            }
        };
        let target = Target { unit: target.unit, label, owner: None };
        let of_the_platform = |name: &&Permission| name.plugin() == PluginId::PLATFORM;
        let own = matches!(actor, Actor::Person { .. })
            .then(|| self.permission_name(permission).filter(of_the_platform))
            .flatten()
            .map(|_| permission);
        let manage = manage.parse().ok().and_then(|name| self.permission(&name));
        let may_give = |account: AccountId| {
            let may = |permission| self.check(&Actor::person(account), permission, &target, now);
            manage.is_some_and(may) && own.is_none_or(may)
        };
        let Some(place) = self.tree.place(target.unit) else { return Vec::new() };
        let levels = self.tree.upwards(place).enumerate();
        let managers = levels.flat_map(|(level, place)| managers.of(place).iter().map(move |m| (m, level)));
        let others = managers.filter(|(m, _)| actor.account() != Some(m.account) && may_give(m.account));
        let mut found: Vec<(AccountId, usize)> = others.map(|(m, level)| (m.account, level)).collect();
        found.sort_unstable();
        found.dedup_by_key(|(account, _)| *account);
        found.sort_unstable_by_key(|(account, level)| (*level, *account));
        found.into_iter().map(|(account, _)| account).collect()
    }
}
