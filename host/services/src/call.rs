//! One call: one actor, one moment, one seed, one policy, one snapshot, one change.

mod evidence;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use dinh_access::{FailedCondition, PermissionIndex, Policy};
use dinh_model::{
    AccountId, Actor, Date, JobId, Language, Permission, PluginId, RecordId, Target, Timestamp, time,
};
use dinh_store::{Seq, Transaction};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use crate::accounts::{Directory, Hasher};
use crate::catalog::{Library, Opened as OpenedCatalogs};
use crate::decoded::Decoded;
use crate::files::FileLimits;
use crate::records::Working;
use crate::refusal::Refusals;
use crate::secrets::{NewKeys, Secrets};
use crate::sharing::feed::Feeds;
use crate::sharing::{Confinement, Notes, Opened, Quotas};
use crate::space::{self, Counter};
use crate::{Denial, Limits, Origin, Resource, ServiceError, Trip, Usage};

pub(crate) use self::evidence::{entry, parts};

/// A call in progress. What it reads comes from one snapshot and is remembered; what it writes is buffered
/// together with its evidence, and happens as one change when the call commits, or not at all.
///
/// It depends on nothing but the snapshot and its [`Origin`]: run again over the same data, it does the
/// same, down to the identifiers of the records it creates.
pub struct Call {
    /// The snapshot, what was read of it, and what is to be written.
    pub transaction: Transaction,
    /// The policy that every check of this call is made against; a check first asks whether it still is in force
    /// ([`policy_in_force`](Self::policy_in_force)).
    pub policy: Arc<Policy>,
    /// Where the call comes from.
    pub origin: Origin,
    /// What the call may use.
    pub limits: Limits,
    /// What it has used.
    pub usage: Usage,
    /// The plugin that runs, if one does; named in the evidence.
    pub plugin: Option<PluginId>,
    /// What the call remembers about records.
    pub records: Working,
    pub(crate) common: Arc<Common>,
    pub(crate) new_keys: NewKeys,
    /// The version of the last policy that took something away.
    revoked: Arc<AtomicU64>,
    random: Random,
    pub(crate) people_changed: bool,
    /// The catalogs that this call has opened.
    pub(crate) opened: OpenedCatalogs,
    /// Catalogs that this call changes.
    pub(crate) catalogs_changed: Vec<String>,
    broke_glass: bool,
    refusals: Refusals,
    /// What it has read, as far as that binds what it may do.
    pub confinement: Confinement,
    pub(crate) sharing: Opened,
    notes: Notes,
    revokes: bool,
    /// How many answers lie between this call and the deed of a person: 0 for that itself.
    pub hops: u8,
    /// The job that it is a step of.
    pub job: Option<JobId>,
    /// Whether its writes are staged, so that others are told of them when they are published.
    pub(crate) staged: bool,
    pub(crate) feeds: Feeds,
    /// Whether subscribers have something to be told once it is committed.
    pub(crate) tells: bool,
}

/// What all calls of a platform share.
pub(crate) struct Common {
    pub(crate) hasher: Arc<Hasher>,
    pub(crate) quotas: Arc<Quotas>,
    pub(crate) secrets: Arc<Secrets>,
    /// The catalogs in memory.
    pub(crate) library: Library,
    /// Days to remove or justify copies ([`Options::copies_days`](crate::Options::copies_days)).
    pub(crate) copies_days: u32,
    /// What tells this data folder from others.
    pub(crate) folder: FolderMark,
    pub(crate) file_limits: FileLimits,
    pub(crate) shared: Decoded,
}

/// What tells a data folder from others: of the key that signs its evidence, which it keeps for life.
pub(crate) type FolderMark = [u8; 8];

impl Call {
    pub(crate) fn new(
        transaction: Transaction,
        policy: Arc<Policy>,
        revoked: Arc<AtomicU64>,
        origin: Origin,
        common: Arc<Common>,
    ) -> Self {
        let random = Random::new(origin.seed);
        let mut records = Working::default();
        records.read_only = origin.is_read_only();
        Self {
            transaction,
            policy,
            origin,
            limits: Limits::HOST,
            usage: Usage::default(),
            plugin: None,
            records,
            common,
            new_keys: NewKeys::default(),
            revoked,
            random,
            people_changed: false,
            opened: OpenedCatalogs::default(),
            catalogs_changed: Vec::new(),
            broke_glass: false,
            refusals: Refusals::default(),
            confinement: Confinement::default(),
            sharing: Opened::default(),
            notes: Notes::default(),
            revokes: false,
            hops: 0,
            job: None,
            staged: false,
            feeds: Feeds::default(),
            tells: false,
        }
    }

    /// Who acts.
    pub fn actor(&self) -> &Actor {
        &self.origin.actor
    }

    /// The account of the person who acts, if it is one.
    pub fn account(&self) -> Option<AccountId> {
        self.origin.actor.account()
    }

    /// The call's one instant.
    pub fn now(&self) -> Timestamp {
        self.origin.now
    }

    /// The call's day, in Vietnam.
    pub fn today(&self) -> Date {
        time::day_in_vietnam(self.origin.now)
    }

    /// The language of what is said back.
    pub fn language(&self) -> Language {
        self.origin.language
    }

    /// The next random number of the call's seed.
    pub fn random(&mut self) -> u64 {
        u64::from_le_bytes(self.random.take())
    }

    /// The next random bytes of the call's seed.
    pub fn random_bytes<const N: usize>(&mut self) -> [u8; N] {
        self.random.take()
    }

    /// The identifier of a record that the call creates.
    pub fn new_record_id(&mut self) -> RecordId {
        let milliseconds = u64::try_from(self.now().as_millisecond()).unwrap_or(0);
        RecordId::new(milliseconds, self.random.take())
    }

    /// The call's policy, if nobody's rights were taken away since it was pinned.
    ///
    /// # Errors
    /// [`ServiceError::Conflict`] when they were: the call has to be run again, under the policy that is in force
    /// now. It stays so for the rest of the call.
    #[inline]
    pub fn policy_in_force(&self) -> Result<&Arc<Policy>, ServiceError> {
        if self.revoked.load(Ordering::Acquire) <= self.policy.version() {
            Ok(&self.policy)
        } else {
            Err(ServiceError::Conflict)
        }
    }

    /// Whether the actor may. The same check as for pages, rows and exports. When rights were taken away since the
    /// call began, it may nothing any more, and does not commit.
    pub fn check(&self, permission: &Permission, target: &Target) -> bool {
        if self.origin.operator {
            return true;
        }
        let Ok(policy) = self.policy_in_force() else { return false };
        let index = self.permission_index(permission);
        index.is_some_and(|index| policy.check(&self.origin.actor, index, target, self.origin.now))
    }

    /// The policy's number of a permission; none when it is not known, or when the access token that the call came
    /// with does not reach it. Whatever asks the policy asks here first.
    pub fn permission_index(&self, permission: &Permission) -> Option<PermissionIndex> {
        if self.origin.reaches(permission) { self.policy.permission(permission) } else { None }
    }

    /// Goes on only if the actor may. A refusal ends the call and is put into the evidence by whoever runs
    /// it; passing by break-glass is put into the call's own evidence. When rights were taken away since the call
    /// began, it ends with [`ServiceError::Conflict`] and is run again.
    pub fn require(&mut self, permission: &Permission, target: &Target) -> Result<(), ServiceError> {
        if self.origin.operator {
            self.break_glass(permission, target);
            return Ok(());
        }
        self.policy_in_force()?;
        if self.check(permission, target) {
            Ok(())
        } else {
            // Taken away between the two.
            self.policy_in_force()?;
            Err(ServiceError::Denied(self.denial(permission, target)))
        }
    }

    /// Goes on only if the actor may for the whole house: for every root of the unit tree. Before there is
    /// any unit, only break-glass passes.
    pub fn require_everywhere(&mut self, permission: &Permission) -> Result<(), ServiceError> {
        let roots = crate::accounts::roots(self)?;
        for &root in &roots {
            self.require(permission, &Target::unit(root))?;
        }
        if roots.is_empty() {
            self.require(permission, &Target::unit(dinh_model::UnitId(0)))?;
        }
        Ok(())
    }

    /// Why the actor may not, with the names of people and units.
    pub fn denial(&self, permission: &Permission, target: &Target) -> Denial {
        if !self.origin.reaches(permission) {
            let text = match self.language() {
                Language::Vi => {
                    format!("Mã truy cập này không có quyền {permission}. Hãy tạo mã khác có quyền đó.")
                }
                Language::En => {
                    format!("This access token does not reach {permission}. Make another one that does.")
                }
            };
            return Denial::of_token(permission, target, text);
        }
        let explained = self
            .policy
            .permission(permission)
            .map(|index| self.policy.explain(&self.origin.actor, index, target, self.origin.now));
        let names = Directory::new(self.transaction.snapshot());
        match explained {
            Some(why) => Denial {
                permission: permission.clone(),
                target: *target,
                by_token: false,
                failed: why.failed.unwrap_or(FailedCondition::NoRole),
                text: crate::denial::sentences(self, &why, &names),
            },
            None => Denial {
                permission: permission.clone(),
                target: *target,
                by_token: false,
                failed: FailedCondition::NotAdmitted,
                text: match self.language() {
                    Language::Vi => format!("Không có quyền nào tên là {permission}."),
                    Language::En => format!("There is no permission {permission}."),
                },
            },
        }
    }

    /// The refusal to write for an access token that may only read.
    pub fn read_only_denial(&self, permission: &Permission, target: &Target) -> Denial {
        let text = match self.language() {
            Language::Vi => "Mã truy cập này chỉ được đọc, không được ghi.".to_owned(),
            Language::En => "This access token may read and not write.".to_owned(),
        };
        Denial::of_token(permission, target, text)
    }

    fn break_glass(&mut self, permission: &Permission, target: &Target) {
        self.glass_broken(format!("unit:{}", target.unit), Some(("permission", permission.to_string())));
    }

    /// Puts into the evidence that the owner of the data folder acts beside the rules, also where no permission was
    /// asked for; once in a call.
    pub fn acts_beside_the_rules(&mut self) {
        if self.origin.operator {
            self.glass_broken("house".to_owned(), None);
        }
    }

    fn glass_broken(&mut self, subject: String, permission: Option<(&'static str, String)>) {
        if std::mem::replace(&mut self.broke_glass, true) {
            return;
        }
        let reason = self.origin.command.as_ref().map(|command| command.reason.clone());
        let reason = reason.filter(|reason| !reason.is_empty()).map(|reason| ("reason", reason));
        self.evidence("operator.break-glass", subject, permission.into_iter().chain(reason));
    }

    /// Says that this call takes away a right that is no fact of the policy: from its commit on, calls that began
    /// before end at their next check and do not commit.
    pub(crate) fn revokes(&mut self) {
        self.revokes = true;
    }

    /// Whether it does.
    pub(crate) fn does_revoke(&self) -> bool {
        self.revokes
    }

    /// Says that this call changes accounts, so that sessions are looked at afresh.
    pub(crate) fn people_changed(&mut self) {
        self.people_changed = true;
    }

    /// Counts what the call uses.
    pub fn spend(&mut self, resource: Resource, amount: u64) -> Result<(), Trip> {
        self.usage.spend(&self.limits, resource, amount)
    }

    /// Reads a stored value.
    pub(crate) fn load<T: DeserializeOwned>(&self, key: &[u8]) -> Result<Option<T>, ServiceError> {
        match self.transaction.get(key)? {
            Some(stored) => decode(key, &stored.value).map(Some),
            None => Ok(None),
        }
    }

    /// Whether something is stored under a key.
    pub(crate) fn holds(&self, key: &[u8]) -> Result<bool, ServiceError> {
        Ok(self.transaction.get(key)?.is_some())
    }

    /// Writes a value.
    pub(crate) fn save<T: Serialize>(&mut self, key: Vec<u8>, value: &T) -> Result<(), ServiceError> {
        let bytes = encode(&key, value)?;
        self.transaction.put(key, bytes);
        Ok(())
    }

    /// The next number of `counter`, from 1.
    pub fn next_number(&mut self, counter: Counter) -> Result<u32, ServiceError> {
        let key = space::counter(counter);
        let last: u32 = self.load(&key)?.unwrap_or(0);
        let next = last
            .checked_add(1)
            .ok_or_else(|| ServiceError::Damaged { what: format!("counter {counter:?}") })?;
        self.save(key, &next)?;
        Ok(next)
    }

    /// The seq that this call reads at.
    pub fn seq(&self) -> Seq {
        self.transaction.snapshot().seq()
    }
}

pub(crate) fn decode<T: DeserializeOwned>(key: &[u8], bytes: &[u8]) -> Result<T, ServiceError> {
    postcard::from_bytes(bytes).map_err(|_| damaged(key))
}

pub(crate) fn encode<T: Serialize>(key: &[u8], value: &T) -> Result<Vec<u8>, ServiceError> {
    postcard::to_allocvec(value).map_err(|_| damaged(key))
}

pub(crate) fn damaged(key: &[u8]) -> ServiceError {
    ServiceError::Damaged { what: format!("value {}", data_encoding::HEXLOWER.encode(key)) }
}

/// Random bytes from a seed: SHA-256 of the seed and a counter, block after block.
struct Random {
    seed: [u8; 32],
    block: u64,
    left: Vec<u8>,
}

impl Random {
    fn new(seed: [u8; 32]) -> Self {
        Self { seed, block: 0, left: Vec::new() }
    }

    fn take<const N: usize>(&mut self) -> [u8; N] {
        let mut taken = [0; N];
        for byte in &mut taken {
            if self.left.is_empty() {
                let block =
                    Sha256::new().chain_update(self.seed).chain_update(self.block.to_le_bytes()).finalize();
                self.left.extend_from_slice(&block);
                self.block += 1;
            }
            *byte = self.left.pop().unwrap_or(0);
        }
        taken
    }
}

#[cfg(test)]
mod tests {
    use super::Random;

    #[test]
    fn the_same_seed_gives_the_same_numbers_and_another_seed_others() {
        let draw = |seed| {
            let mut random = Random::new([seed; 32]);
            (random.take::<8>(), random.take::<40>(), random.take::<3>())
        };
        assert_eq!(draw(1), draw(1));
        assert_ne!(draw(1), draw(2));
        let (first, second, _) = draw(1);
        assert_ne!(first.as_slice(), second.get(..8).unwrap());
    }
}
