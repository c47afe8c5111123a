//! What would change: two policies compared before one is applied, for whoever approves it.
//!
//! ```text
//! each actor's compiled grants, old and next ── the same? nothing changes for them
//!      └ those that differ ─▶ permissions ─▶ scopes, old and next, now and whenever a term begins or ends
//! ```

use std::collections::{BTreeSet, HashMap};
use std::hash::Hash;
use std::ops::Range;

use dinh_model::{AccountId, Actor, Language, Permission, Timestamp, time};

use crate::compare::{Compare, Named, Permissions};
use crate::rights::Right;
use crate::{PermissionIndex, Policy};

/// What one actor gains and loses, now or at any later moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActorChange {
    /// Who: a person, a person on another's behalf, a plugin by itself, or everybody.
    pub actor: Actor,
    /// Permissions with which they may act on something they may not act on today's policy, by name.
    pub gains: Vec<Permission>,
    /// Permissions with which they may no longer act on something they may now, by name. One may be both gained
    /// and lost: here and there.
    pub loses: Vec<Permission>,
}

/// What two policies say differently.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Difference {
    /// For whom something changes: people by number, each in their own right and then on others' behalf, then
    /// plugins, then everybody. Exact and complete: whoever is not here may the same as before.
    pub changes: Vec<ActorChange>,
}

impl Difference {
    /// The people who gain something, in their own right or on another's behalf, by number.
    pub fn gaining(&self) -> Vec<AccountId> {
        self.people(|change| !change.gains.is_empty())
    }

    /// The people who lose something, in their own right or on another's behalf, by number.
    pub fn losing(&self) -> Vec<AccountId> {
        self.people(|change| !change.loses.is_empty())
    }

    fn people(&self, which: impl Fn(&ActorChange) -> bool) -> Vec<AccountId> {
        let people: BTreeSet<AccountId> = self
            .changes
            .iter()
            .filter(|change| which(change))
            .filter_map(|change| change.actor.account())
            .collect();
        people.into_iter().collect()
    }

    /// A sentence for whoever approves.
    pub fn text(&self, language: Language) -> String {
        let (gain, lose) = (self.gaining().len(), self.losing().len());
        let plugins = self.changes.iter().filter(|change| matches!(change.actor, Actor::Service(_))).count();
        let public = self.changes.iter().any(|change| change.actor == Actor::Public);
        let mut said = Vec::new();
        match language {
            Language::Vi => {
                said.extend((gain > 0).then(|| format!("{gain} người được thêm quyền")));
                said.extend((lose > 0).then(|| format!("{lose} người bị bớt quyền")));
                said.extend((plugins > 0).then(|| format!("quyền của {plugins} ứng dụng thay đổi")));
                said.extend(public.then(|| "nội dung công khai thay đổi".to_owned()));
                if said.is_empty() {
                    "Không ai được thêm hay bị bớt quyền.".to_owned()
                } else {
                    sentence(&said)
                }
            }
            Language::En => {
                let people =
                    |count| if count == 1 { "1 person".to_owned() } else { format!("{count} people") };
                let verb = |count, one, more| if count == 1 { one } else { more };
                said.extend(
                    (gain > 0)
                        .then(|| format!("{} {}", people(gain), verb(gain, "gains rights", "gain rights"))),
                );
                said.extend(
                    (lose > 0)
                        .then(|| format!("{} {}", people(lose), verb(lose, "loses rights", "lose rights"))),
                );
                said.extend((plugins > 0).then(|| format!("the rights of {plugins} plugin(s) change")));
                said.extend(public.then(|| "what is public changes".to_owned()));
                if said.is_empty() { "Nobody gains or loses a right.".to_owned() } else { sentence(&said) }
            }
        }
    }
}

fn sentence(said: &[String]) -> String {
    let said = said.join("; ");
    let mut letters = said.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    format!("{first}{}.", letters.as_str())
}

impl Policy {
    /// What would change if `next` came into force at `now`, at that moment or any later one: terms that begin
    /// or end count.
    pub fn diff(&self, next: &Self, now: Timestamp) -> Difference {
        let compare = Compare::new(self, next);
        let permissions = Permissions::new(self, next);
        let differing = Differing { old: self, next, compare: &compare, permissions: &permissions, now };
        let mut changes = Vec::new();
        let size = self.people.len().max(next.people.len());
        for number in 0..u32::try_from(size).unwrap_or(u32::MAX) {
            let account = AccountId(number);
            changes.extend(differing.person(account, None));
            let loans = self.people.loans_of(account).iter().chain(next.people.loans_of(account));
            let lenders: BTreeSet<AccountId> = loans.map(|loan| loan.lender).collect();
            changes.extend(lenders.into_iter().filter_map(|lender| differing.person(account, Some(lender))));
        }
        let plugins: BTreeSet<_> = self.services.keys().chain(next.services.keys()).collect();
        let standing =
            plugins.into_iter().map(|plugin| Actor::Service(plugin.clone())).chain([Actor::Public]);
        changes.extend(standing.filter_map(|actor| differing.standing(actor)));
        Difference { changes }
    }

    /// Whether a grant's role holds a permission.
    fn gives(&self, right: &Right, permission: Option<PermissionIndex>) -> bool {
        permission.is_some_and(|permission| self.roles.holding(permission.0).contains(right.role))
    }
}

struct Differing<'a> {
    old: &'a Policy,
    next: &'a Policy,
    compare: &'a Compare,
    permissions: &'a Permissions<'a>,
    now: Timestamp,
}

impl Differing<'_> {
    /// What changes for a person in their own right, or on a lender's behalf.
    fn person(&self, account: AccountId, lender: Option<AccountId>) -> Option<ActorChange> {
        let old = self.old.people.rights(account, lender);
        let next = self.next.people.rights(account, lender);
        if old.is_empty() && next.is_empty() || self.same(&old, &next) {
            return None;
        }
        let rows = || (self.old.rights.rows(old.clone()), self.next.rights.rows(next.clone()));
        let roles = self.compare.differing(rows().0, rows().1);
        // Between two moments at which a term begins or ends nothing changes.
        let ends = rows().0.chain(rows().1).flat_map(|(_, span)| span.ends());
        let ends = ends.filter_map(time::from_microseconds).filter(|moment| *moment > self.now);
        let mut moments: Vec<Timestamp> = ends.chain([self.now]).collect();
        moments.sort();
        moments.dedup();
        // Permissions that the same of these grants give reach equally far.
        let given_by = |permission: &Named| -> Vec<bool> {
            let (old, next) = rows();
            let old = old.map(|(right, _)| self.old.gives(right, permission.old));
            old.chain(next.map(|(right, _)| self.next.gives(right, permission.next))).collect()
        };
        let actor = Actor::Person { account, on_behalf_of: lender };
        self.compared(actor, self.permissions.of(&roles), &moments, given_by)
    }

    /// What changes for a plugin, or for everybody.
    fn standing(&self, actor: Actor) -> Option<ActorChange> {
        let names = |policy: &'_ Policy| -> BTreeSet<Permission> {
            let rows = policy.standings(&actor).into_iter().flat_map(|held| held.permissions());
            rows.filter_map(|row| policy.roles.name(row)).cloned().collect()
        };
        let (old, next) = (names(self.old), names(self.next));
        let permissions = old.union(&next).filter_map(|name| self.permissions.named(name));
        self.compared(actor, permissions, &[self.now], |permission| permission.name)
    }

    /// Whether compiled grants are literally the same, which those of nearly everybody are.
    fn same(&self, old: &Range<u32>, next: &Range<u32>) -> bool {
        self.compare.same_tables && self.old.rights.rows(old.clone()).eq(self.next.rights.rows(next.clone()))
    }

    /// What changes for an actor of those permissions; what is alike needs to be worked out once.
    fn compared<'a, K: Eq + Hash>(
        &self,
        actor: Actor,
        permissions: impl Iterator<Item = Named<'a>>,
        moments: &[Timestamp],
        alike: impl Fn(&Named<'a>) -> K,
    ) -> Option<ActorChange> {
        let mut known: HashMap<K, (bool, bool)> = HashMap::new();
        let (mut gains, mut loses) = (Vec::new(), Vec::new());
        for permission in permissions {
            let reach = || self.reach(&actor, &permission, moments);
            let (gained, lost) = *known.entry(alike(&permission)).or_insert_with(reach);
            gains.extend(gained.then(|| permission.name.clone()));
            loses.extend(lost.then(|| permission.name.clone()));
        }
        (!gains.is_empty() || !loses.is_empty()).then_some(ActorChange { actor, gains, loses })
    }

    /// Whether one permission reaches further at one of these moments, and whether it does less far.
    fn reach(&self, actor: &Actor, permission: &Named, moments: &[Timestamp]) -> (bool, bool) {
        let scopes = |policy: &Policy, index: Option<PermissionIndex>, now: Timestamp| {
            index.map(|index| policy.scopes(actor, index, now)).unwrap_or_default()
        };
        moments.iter().fold((false, false), |(gained, lost), now| {
            let old = scopes(self.old, permission.old, *now);
            let next = scopes(self.next, permission.next, *now);
            if self.compare.same_units {
                return (gained || next.exceed(&old), lost || old.exceed(&next));
            }
            let gained = gained || next.exceed_by_unit(self.next, &old, self.old);
            (gained, lost || old.exceed_by_unit(self.old, &next, self.next))
        })
    }
}
