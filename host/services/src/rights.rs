//! The rights in force: the policy, the facts beside it, and the word that says when rights were taken away.
//!
//! ```text
//! commit that writes facts ─▶ lock ─▶ next policy ─▶ store ─▶ policy in force ─▶ word raised ─▶ acknowledged
//! call                        pins the policy … every check: is the word above its version? ─▶ run again
//! ```
//!
//! Changes of rights follow one another under one lock, from working out the next policy until it is in force: so
//! that policy is exactly that of what is stored, whoever else commits, and one that is refused was never stored.
//! Other changes do not take the lock.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use arc_swap::ArcSwap;
use dinh_access::{Applied, FactChange, Ledger, Policy};
use dinh_store::{Snapshot, Store};
use parking_lot::{Mutex, MutexGuard};

use crate::accounts::{self, Tail};
use crate::{ServiceError, space};

/// Above every version: nobody knows what is stored, so no policy is to be trusted.
const UNKNOWN: u64 = u64::MAX;

/// The rights in force.
pub(crate) struct Rights {
    policy: ArcSwap<Policy>,
    known: Mutex<Known>,
    /// The version of the last policy that took something away. Never above that of the policy in force, except
    /// while that is not known.
    revoked: Arc<AtomicU64>,
}

/// What only one change of rights at a time may look at.
pub(crate) struct Known {
    pub(crate) ledger: Ledger,
    pub(crate) tail: Tail,
}

impl Rights {
    /// Reads the facts of the store and compiles them.
    pub(crate) fn open(store: &Store) -> Result<Self, ServiceError> {
        let (known, policy) = Known::read(&store.snapshot()?)?;
        Ok(Self {
            policy: ArcSwap::from_pointee(policy),
            known: Mutex::new(known),
            revoked: Arc::new(AtomicU64::new(0)),
        })
    }

    /// The policy in force.
    pub(crate) fn policy(&self) -> Arc<Policy> {
        self.policy.load_full()
    }

    /// The policy in force, for a call that pins it: after a failure of the store it is made sure first.
    pub(crate) fn pinned(&self, store: &Store) -> Result<Arc<Policy>, ServiceError> {
        let policy = self.policy();
        if self.revoked.load(Ordering::Acquire) <= policy.version() {
            return Ok(policy);
        }
        drop(self.lock(store)?);
        Ok(self.policy())
    }

    /// The word of [`Rights`] that a call reads with each check.
    pub(crate) fn word(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.revoked)
    }

    /// Lets one change of rights begin: waits for those on their way, and reads what is stored when that is not
    /// known.
    pub(crate) fn lock(&self, store: &Store) -> Result<MutexGuard<'_, Known>, ServiceError> {
        let mut known = self.known.lock();
        if self.revoked.load(Ordering::Acquire) == UNKNOWN {
            let (read, policy) = Known::read(&store.snapshot()?)?;
            *known = read;
            let version = policy.version();
            self.policy.store(Arc::new(policy));
            self.revoked.store(version, Ordering::Release);
        }
        Ok(known)
    }

    /// Puts a policy in force whose change was stored. `revokes`: every check of a call that pinned an older one
    /// ends that call, from now on.
    pub(crate) fn put_in_force(&self, policy: Policy, revokes: bool) {
        let version = policy.version();
        // First the policy, so that whoever begins after the word was raised finds it.
        self.policy.store(Arc::new(policy));
        if revokes {
            self.revoked.store(version, Ordering::Release);
        }
    }

    /// Says that a change of rights may or may not be stored: nothing is allowed before that was looked up.
    pub(crate) fn lose(&self) {
        self.revoked.store(UNKNOWN, Ordering::Release);
    }
}

impl Known {
    fn read(snapshot: &Snapshot) -> Result<(Self, Policy), ServiceError> {
        // The seq of the last change of rights.
        let version = snapshot.get(&space::access_mark())?.map_or(0, |mark| mark.version.0);
        let (ledger, policy) = Ledger::compile(accounts::facts(snapshot)?, version)?;
        Ok((Self { ledger, tail: Tail::of(snapshot)? }, policy))
    }

    /// Works out the policy after some changes; none when they change nothing. `anew`: the same policy is to come into
    /// force under another version all the same.
    pub(crate) fn next(
        &mut self,
        policy: &Policy,
        mut changes: Vec<FactChange>,
        anew: bool,
    ) -> Result<Option<Applied>, ServiceError> {
        changes.retain(|change| self.ledger.differs(change));
        if changes.is_empty() && !anew { Ok(None) } else { Ok(Some(self.ledger.apply(policy, changes)?)) }
    }
}
