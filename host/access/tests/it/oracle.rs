//! The rule once more, written plainly from its sentences: no tables, no numbering, no shortcuts. It
//! shares nothing with the engine but the facts.

use dinh_access::{Facts, FailedCondition, Grant, Grantee, Term};
use dinh_model::{AccountId, Actor, GrantId, Label, Permission, Target, Timestamp, UnitId};

/// A grant that reaches a person somehow, whether or not it is in force.
struct Has<'a> {
    grant: &'a Grant,
    in_force: bool,
}

/// Whether a grant meets one condition.
type Met<'a> = &'a dyn Fn(&Has<'_>) -> bool;

/// What was asked.
pub struct Question<'a> {
    pub facts: &'a Facts,
    pub actor: &'a Actor,
    pub permission: &'a Permission,
    pub target: Target,
    pub now: Timestamp,
}

/// The answer: the grants that allow it, or the first condition that nothing meets.
#[derive(Debug, PartialEq, Eq)]
pub enum Answer {
    Allowed(Vec<GrantId>),
    Refused(FailedCondition),
}

impl Question<'_> {
    pub fn allowed(&self) -> bool {
        matches!(self.answer(), Answer::Allowed(_))
    }

    pub fn answer(&self) -> Answer {
        match self.actor {
            Actor::Person { account, on_behalf_of } => self.person(*account, *on_behalf_of),
            // A service principal holds what the operator granted the plugin at admission.
            Actor::Service(plugin) => {
                let held = self.facts.services.iter();
                let held = held.filter(|g| g.plugin == *plugin && g.permission == *self.permission);
                self.standing(held.map(|g| (g.unit, g.label)).collect(), FailedCondition::NotAdmitted)
            }
            // The public holds only what is marked public and labelled Thường.
            Actor::Public => {
                let held = self.facts.public.iter().filter(|g| g.permission == *self.permission);
                self.standing(held.map(|g| (g.unit, Label::Ordinary)).collect(), FailedCondition::NoRole)
            }
        }
    }

    fn standing(&self, held: Vec<(UnitId, Label)>, nothing: FailedCondition) -> Answer {
        let here: Vec<_> =
            held.iter().filter(|(unit, _)| within(self.facts, self.target.unit, *unit)).collect();
        if held.is_empty() {
            Answer::Refused(nothing)
        } else if here.is_empty() {
            Answer::Refused(FailedCondition::OutsideUnits)
        } else if !here.iter().any(|(_, label)| self.target.label <= *label) {
            Answer::Refused(FailedCondition::LabelTooHigh)
        } else {
            Answer::Allowed(Vec::new())
        }
    }

    fn person(&self, account: AccountId, lender: Option<AccountId>) -> Answer {
        // The account is active; so is the lender's.
        let Some(clearance) = clearance(self.facts, account) else {
            return Answer::Refused(FailedCondition::AccountNotActive);
        };
        let Some(lenders) = self::clearance(self.facts, lender.unwrap_or(account)) else {
            return Answer::Refused(FailedCondition::AccountNotActive);
        };
        // On another's behalf: only what that one lent, as far as that one has it now.
        let has = match lender {
            None => has(self.facts, account, self.now),
            Some(lender) => borrowed(self.facts, account, lender, self.now),
        };
        let person = lender.unwrap_or(account);
        let conditions: [(FailedCondition, Met<'_>); 5] = [
            (FailedCondition::NoRole, &|has| holds(self.facts, has.grant, self.permission)),
            (FailedCondition::OutsideUnits, &|has| {
                within(self.facts, self.target.unit, has.grant.scope.unit)
            }),
            (FailedCondition::NotOwner, &|has| !has.grant.scope.own || self.target.owner == Some(person)),
            (FailedCondition::LabelTooHigh, &|has| {
                self.target.label <= has.grant.label
                    && self.target.label <= clearance
                    && self.target.label <= lenders
            }),
            (FailedCondition::OutsideTerm, &|has| has.in_force),
        ];
        let mut left = has;
        for (failed, met) in conditions {
            left.retain(met);
            if left.is_empty() {
                return Answer::Refused(failed);
            }
        }
        let mut by: Vec<GrantId> = left.iter().map(|has| has.grant.id).collect();
        by.sort();
        by.dedup();
        Answer::Allowed(by)
    }
}

/// Every grant that a person has directly or by position.
fn has(facts: &Facts, account: AccountId, now: Timestamp) -> Vec<Has<'_>> {
    let mut all = Vec::new();
    for grant in &facts.grants {
        match grant.to {
            Grantee::Account(to) if to == account => {
                all.push(Has { grant, in_force: inside(grant.term, now) });
            }
            Grantee::Account(_) => {}
            Grantee::Position(position) => {
                for holding in &facts.holdings {
                    if holding.account == account && holding.position == position {
                        let in_force = inside(grant.term, now) && inside(holding.term, now);
                        all.push(Has { grant, in_force });
                    }
                }
            }
        }
    }
    all
}

/// Every grant that a person has from a lender, who must have it.
fn borrowed(facts: &Facts, borrower: AccountId, lender: AccountId, now: Timestamp) -> Vec<Has<'_>> {
    let mut all = Vec::new();
    for delegation in &facts.delegations {
        if delegation.borrower == borrower && delegation.lender == lender {
            for lenders in has(facts, lender, now) {
                if delegation.grants.contains(&lenders.grant.id) {
                    let in_force = lenders.in_force && inside(delegation.term, now);
                    all.push(Has { grant: lenders.grant, in_force });
                }
            }
        }
    }
    all
}

/// What an active account is cleared for.
pub fn clearance(facts: &Facts, account: AccountId) -> Option<Label> {
    facts.accounts.iter().find(|fact| fact.id == account && fact.active).map(|fact| fact.clearance)
}

fn holds(facts: &Facts, grant: &Grant, permission: &Permission) -> bool {
    facts.roles.iter().any(|role| role.id == grant.role && role.permissions.contains(permission))
}

/// Whether a unit is another or somewhere below it.
pub fn within(facts: &Facts, unit: UnitId, ancestor: UnitId) -> bool {
    let Some(fact) = facts.units.iter().find(|fact| fact.id == unit) else { return false };
    unit == ancestor || fact.parent.is_some_and(|parent| within(facts, parent, ancestor))
}

fn inside(term: Term, now: Timestamp) -> bool {
    term.from <= now && term.until.is_none_or(|until| now < until)
}
