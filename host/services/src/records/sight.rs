//! Who sees what: the one place where it is decided whether a row exists for the actor.

use std::sync::Arc;

use dinh_access::{Policy, Scopes};
use dinh_model::{AccountId, Actor, Collection, Label, Permission, Row, Target, UnitId, Value};
use dinh_store::Transaction;

use super::cover::Opener;
use super::place::Place;
use super::{PluginData, RecordError, withheld};
use crate::Call;

/// What the actor of a call may act on with one permission, ready to be asked row by row.
pub(super) struct Sight {
    policy: Arc<Policy>,
    scopes: Scopes,
    /// Break-glass: everything, and the evidence says so.
    everything: bool,
    /// Nobody in particular asks.
    public: bool,
    /// Who looks: the person who acts, and the one for whom.
    lookers: [Option<AccountId>; 2],
}

impl Sight {
    /// The sight of the call's actor with a permission. Computed once per call and permission; the call ends when
    /// rights were taken away since it began.
    pub(super) fn of(
        call: &mut Call,
        data: &PluginData,
        permission: &Permission,
    ) -> Result<Arc<Self>, RecordError> {
        if !call.origin.operator {
            // What was seen before rights were taken away is not seen again.
            call.policy_in_force()?;
        }
        if let Some((_, sight)) = call.records.sights.iter().find(|(known, _)| known == permission) {
            return Ok(Arc::clone(sight));
        }
        if call.origin.operator {
            // Passes, and leaves its evidence.
            call.require(permission, &Target::unit(data.home_unit))?;
        }
        let policy = Arc::clone(&call.policy);
        let scopes = call
            .permission_index(permission)
            .map(|index| policy.scopes(call.actor(), index, call.now()))
            .unwrap_or_default();
        let everything = call.origin.operator;
        let public = !everything && *call.actor() == Actor::Public;
        let lookers = lookers(call.actor());
        let sight = Arc::new(Self { policy, scopes, everything, public, lookers });
        call.records.sights.push((permission.clone(), Arc::clone(&sight)));
        Ok(sight)
    }

    /// The sight of the call's actor through a contract: what they may act on with the permission it names, within its
    /// units and up to its label.
    pub(super) fn through(
        call: &Call,
        permission: &Permission,
        units: &[UnitId],
        label: Label,
    ) -> Result<Self, RecordError> {
        let policy = Arc::clone(call.policy_in_force()?);
        let scopes = call
            .permission_index(permission)
            .map(|index| policy.scopes(call.actor(), index, call.now()))
            .unwrap_or_default();
        let scopes = scopes.within(&policy, units, label);
        let public = *call.actor() == Actor::Public;
        let lookers = lookers(call.actor());
        Ok(Self { policy, scopes, everything: false, public, lookers })
    }

    /// What everybody sees: all that is ordinary.
    pub(super) fn of_everybody(call: &Call) -> Self {
        let policy = Arc::clone(&call.policy);
        let scopes = Scopes::of_everybody(&policy);
        Self { policy, scopes, everything: false, public: true, lookers: [None; 2] }
    }

    /// What the platform itself sees, to do what a contract or the law asks: everything.
    pub(super) fn of_the_house(call: &Call) -> Self {
        let (policy, scopes) = (Arc::clone(&call.policy), Scopes::default());
        Self { policy, scopes, everything: true, public: false, lookers: [None; 2] }
    }

    /// Whether nothing at all can be seen, so that nothing need be read.
    pub(super) fn is_blind(&self) -> bool {
        !self.everything && self.scopes.is_empty()
    }

    /// The highest label of which the actor may see anything.
    pub(super) fn highest(&self) -> Label {
        if self.everything {
            return Label::Confidential;
        }
        let labels = self.scopes.intervals().iter().flat_map(|interval| [interval.anyone, interval.own]);
        labels.flatten().max().unwrap_or_default()
    }

    /// **Whether the actor sees a row.** Get, query, count, sum, references and writes all ask here.
    #[inline]
    pub(super) fn sees(&self, target: &Target) -> bool {
        self.everything || self.scopes.allows(&self.policy, target)
    }

    /// **Whether a row is withheld from the actor**, whatever they are granted: it is about them, or about the person
    /// for whom they act. Asked of each row that [`sees`](Self::sees) admits, once it is opened.
    #[inline]
    pub(super) fn is_withheld(
        &self,
        transaction: &Transaction,
        opener: &Opener,
        place: &Place<'_>,
        row: &Row<'_>,
    ) -> Result<bool, RecordError> {
        if place.collection.withheld_field.is_none() || self.everything || self.lookers == [None; 2] {
            return Ok(false);
        }
        let from = withheld::of_row(transaction, opener, place, row)?;
        Ok(from.is_some() && self.lookers.contains(&from))
    }

    /// Whether a row has to be opened before it is known from whom it is withheld.
    pub(super) fn opens_to_withhold(&self, place: &Place<'_>, label: Label) -> bool {
        !self.everything
            && place.collection.withheld_field.is_some_and(|field| place.collection.seals(field, label))
    }

    /// Whether what lies sealed is opened for the actor at all: never for the public, which sees such fields empty.
    pub(super) fn opens(&self) -> bool {
        !self.public
    }

    /// Whether the actor sees a field of that label in a row they see.
    #[inline]
    pub(super) fn sees_field(&self, target: &Target, label: Label) -> bool {
        label <= target.label || self.sees(&raised(*target, label))
    }
}

/// Who looks on behalf of an actor: nobody in particular, for a plugin's own principal and the public.
pub(super) fn lookers(actor: &Actor) -> [Option<AccountId>; 2] {
    match actor {
        Actor::Person { account, on_behalf_of } => [Some(*account), *on_behalf_of],
        _ => [None; 2],
    }
}

/// `target` with a label of at least `label`.
pub(super) fn raised(target: Target, label: Label) -> Target {
    Target { label: target.label.max(label), ..target }
}

/// What a stored row is, as far as the permission check is concerned. Reads three slots at most.
///
/// What cannot be understood is as confidential as can be: only those cleared for everything see it.
#[inline]
pub(super) fn target_of_row(place: &Place<'_>, row: &Row<'_>) -> Target {
    let collection: &Collection = place.collection;
    let number = |field: Option<usize>| field.and_then(|field| row.number(field));
    let unit = match number(collection.unit_field) {
        Some(number) => UnitId(u32::try_from(number).unwrap_or(u32::MAX)),
        None => place.data.home_unit,
    };
    let owner = number(collection.owner_field).and_then(|number| u32::try_from(number).ok()).map(AccountId);
    let label = match collection.label_field.map(|field| row.heap(field)) {
        None | Some(Ok(None)) => collection.label,
        Some(Ok(Some(text))) => parse_label(text),
        Some(Err(_)) => Label::Confidential,
    };
    Target { unit, label, owner }
}

fn parse_label(text: &[u8]) -> Label {
    std::str::from_utf8(text).ok().and_then(|text| text.parse().ok()).unwrap_or(Label::Confidential)
}

/// The same of values that are about to be written. An unreadable label has been refused before.
pub(super) fn target_of_values(place: &Place<'_>, values: &[Value]) -> Target {
    let collection: &Collection = place.collection;
    let value = |field: Option<usize>| field.and_then(|field| values.get(field));
    let unit = match value(collection.unit_field) {
        Some(Value::Unit(unit)) => *unit,
        _ => place.data.home_unit,
    };
    let owner = match value(collection.owner_field) {
        Some(Value::Account(account)) => Some(*account),
        _ => None,
    };
    let label = match value(collection.label_field) {
        Some(Value::Text(text)) => parse_label(text.as_bytes()),
        _ => collection.label,
    };
    Target { unit, label, owner }
}
