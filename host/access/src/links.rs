//! Which facts name which, so that what a change reaches is found without looking at all of them.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::Hash;

use dinh_model::{AccountId, GrantId, PositionId};

use crate::{Delegation, Fact, Grantee, Holding};

/// The links among the facts of a [`Ledger`](crate::Ledger), in both directions where both are asked for.
#[derive(Debug, Default)]
pub(crate) struct Links {
    /// The grants to an account or a position.
    pub grants_to: Many<Grantee, GrantId>,
    /// The positions an account holds.
    pub held: Many<AccountId, PositionId>,
    /// The accounts that hold a position.
    pub holders: Many<PositionId, AccountId>,
    /// The delegations in which an account lends.
    pub lent: Many<AccountId, u32>,
    /// The delegations in which an account borrows.
    pub borrowed: Many<AccountId, u32>,
    /// The delegations that name a grant, whether or not it is there.
    pub naming: Many<GrantId, u32>,
}

impl Links {
    /// Links what a fact names with it, or unlinks it.
    pub fn link(&mut self, fact: &Fact, there: bool) {
        match fact {
            Fact::Holding(Holding { account, position, .. }) => {
                self.held.link(*account, *position, there);
                self.holders.link(*position, *account, there);
            }
            Fact::Grant(grant) => self.grants_to.link(grant.to, grant.id, there),
            Fact::Delegation(Delegation { id, lender, borrower, grants, .. }) => {
                self.lent.link(*lender, *id, there);
                self.borrowed.link(*borrower, *id, there);
                for grant in grants {
                    self.naming.link(*grant, *id, there);
                }
            }
            _ => {}
        }
    }
}

/// Which things belong to which, each as often as it was linked.
#[derive(Debug)]
pub(crate) struct Many<K, V>(HashMap<K, Vec<V>>);

impl<K, V> Default for Many<K, V> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<K: Eq + Hash, V: PartialEq> Many<K, V> {
    fn link(&mut self, key: K, value: V, there: bool) {
        match self.0.entry(key) {
            Entry::Occupied(mut values) if !there => {
                if let Some(place) = values.get().iter().position(|other| *other == value) {
                    values.get_mut().swap_remove(place);
                }
                if values.get().is_empty() {
                    values.remove();
                }
            }
            values if there => values.or_default().push(value),
            _ => {}
        }
    }

    /// What belongs to a key.
    pub fn of(&self, key: K) -> &[V] {
        self.0.get(&key).map_or(&[], Vec::as_slice)
    }
}
