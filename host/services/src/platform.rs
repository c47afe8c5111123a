//! The platform: the store, the clock and the compiled policy, held together.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use arc_swap::ArcSwap;
use dinh_access::Policy;
use dinh_model::{Actor, Language, PluginId};
use dinh_store::{CommitError, Committed, Conflict, Outcome, Seq, Snapshot, Store, Transaction};
use parking_lot::Mutex;
use sha2::{Digest, Sha256};

use crate::accounts::{self, Hasher, SignInState};
use crate::call::entry;
use crate::{Call, Clock, Denial, Options, Origin, Refusal, ServiceError, space};

/// How often a deed of the host is run again when it conflicted.
const ATTEMPTS: u32 = 8;

/// The platform of one data folder. Shared by everything that serves it.
pub struct Platform {
    store: Store,
    clock: Arc<dyn Clock>,
    data: PathBuf,
    policy: ArcSwap<Policy>,
    /// Held while the policy is compiled anew, so that a newer one is never replaced by an older one.
    compiling: Mutex<()>,
    seeds: Seeds,
    hasher: Arc<Hasher>,
    pub(crate) sign_in: SignInState,
    pub(crate) options: Options,
}

impl Platform {
    /// Opens the platform over `store`, with the production defaults. Compiles the policy.
    pub fn open(data: &Path, store: Store, clock: Arc<dyn Clock>) -> Result<Arc<Self>, ServiceError> {
        Self::open_with(data, store, clock, Options::default())
    }

    /// Opens the platform with `options`.
    pub fn open_with(
        data: &Path,
        store: Store,
        clock: Arc<dyn Clock>,
        options: Options,
    ) -> Result<Arc<Self>, ServiceError> {
        let policy = compile(&store.snapshot()?)?;
        let hasher = Arc::new(Hasher::new(&options)?);
        let sign_in = SignInState::open(&store, &options)?;
        Ok(Arc::new(Self {
            store,
            clock,
            data: data.to_path_buf(),
            policy: ArcSwap::from_pointee(policy),
            compiling: Mutex::new(()),
            seeds: Seeds::new()?,
            hasher,
            sign_in,
            options,
        }))
    }

    /// The store.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// The clock.
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.clock
    }

    /// The data folder.
    pub fn data_dir(&self) -> &Path {
        &self.data
    }

    /// What the deployment set.
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// The policy in force.
    pub fn policy(&self) -> Arc<Policy> {
        self.policy.load_full()
    }

    pub(crate) fn hasher(&self) -> &Hasher {
        &self.hasher
    }

    /// A call's origin: this moment and a fresh seed.
    pub fn origin(&self, actor: Actor, language: Language) -> Origin {
        Origin { actor, language, now: self.clock.now(), seed: self.seeds.next(), operator: false }
    }

    /// Begins a call: pins the policy, then the snapshot.
    pub fn begin(&self, origin: &Origin) -> Result<Call, ServiceError> {
        // The policy first: it is then never newer than the snapshot, so a right seen by the call was
        // there for the data it reads. One that is older than the store's floor cannot commit.
        let policy = self.policy.load_full();
        let transaction = Transaction::new(self.store.snapshot()?);
        Ok(Call::new(transaction, policy, origin.clone(), Arc::clone(&self.hasher)))
    }

    /// Begins a call that will only read, such as the rendering of a page: cheaper, since what it reads is
    /// not noted. Should it write after all, it conflicts with every commit since.
    pub fn begin_reading(&self, origin: &Origin) -> Result<Call, ServiceError> {
        let policy = self.policy.load_full();
        let transaction = Transaction::reading(self.store.snapshot()?);
        Ok(Call::new(transaction, policy, origin.clone(), Arc::clone(&self.hasher)))
    }

    /// Commits what a call wrote. When it changed rights, the new policy is in force before this returns;
    /// a call that only has evidence leaves it without a write; one that has neither does nothing.
    pub fn commit(&self, mut call: Call) -> Result<Committed, ServiceError> {
        let access = call.access();
        let people = call.people_changed;
        let seq = call.seq();
        let mut ahead = None;
        if access.changed {
            // The version of this key is the version of the policy.
            call.transaction.put(space::access_mark(), Vec::new());
            // Rights that do not compile are refused here, before they are stored. When nobody commits in
            // between, this is the policy of the commit already.
            ahead = Some(Policy::compile(&accounts::facts(&call.transaction)?, seq.0 + 1)?);
        }
        let writes = call.transaction.writes();
        let change = call.transaction.into_change(call.policy.version(), access.revokes);
        if !writes {
            if change.evidence.is_empty() {
                return Ok(Committed { seq, numbers: Vec::new() });
            }
            return Ok(self.store.witness(change.evidence)?);
        }
        let committed = match self.store.commit(change) {
            Ok(committed) => committed,
            Err(CommitError::Conflict(conflict)) => {
                if let Conflict::Policy { required, .. } = conflict {
                    // Whoever revoked is still swapping the policy: wait for it, so that running again
                    // can succeed.
                    self.refresh(Seq(required))?;
                }
                return Err(match conflict {
                    // Running again would meet the same import.
                    Conflict::Staged(_) => ServiceError::Importing,
                    _ => ServiceError::Conflict,
                });
            }
            Err(error) => return Err(error.into()),
        };
        if people {
            self.sign_in.sessions.look_afresh();
        }
        match ahead {
            Some(policy) if policy.version() == committed.seq.0 => self.put_in_force(policy),
            Some(_) => self.refresh(committed.seq)?,
            None => {}
        }
        Ok(committed)
    }

    /// Performs a deed of the host: begins a call, runs it, commits it, and runs it again when it
    /// conflicted, at most eight times. A refusal is put into the evidence.
    pub fn perform<T>(
        &self,
        origin: &Origin,
        mut deed: impl FnMut(&mut Call) -> Result<T, ServiceError>,
    ) -> Result<T, ServiceError> {
        for _ in 0..ATTEMPTS {
            let mut call = self.begin(origin)?;
            let done = match deed(&mut call) {
                Ok(done) => done,
                Err(ServiceError::Denied(denial)) => {
                    self.witness_denial(origin, call.plugin.clone(), &denial)?;
                    return Err(ServiceError::Denied(denial));
                }
                Err(ServiceError::Refused(refusal)) => {
                    self.witness_refusal(origin, &refusal)?;
                    return Err(ServiceError::Refused(refusal));
                }
                Err(error) => return Err(error),
            };
            match self.commit(call) {
                Ok(_) => return Ok(done),
                Err(ServiceError::Conflict) => {}
                Err(error) => return Err(error),
            }
        }
        Err(ServiceError::Conflict)
    }

    /// Puts a refusal by a rule into the evidence.
    fn witness_refusal(&self, origin: &Origin, refusal: &Refusal) -> Result<(), ServiceError> {
        let (subject, detail) = (refusal.subject.clone(), [("rule", refusal.rule.to_owned())]);
        let refused = entry(origin, None, "rule.refused", subject, Outcome::Refused, detail);
        self.store.witness(vec![refused])?;
        Ok(())
    }

    /// Puts a refusal into the evidence, which outlives the call that failed.
    pub fn witness_denial(
        &self,
        origin: &Origin,
        plugin: Option<PluginId>,
        denial: &Denial,
    ) -> Result<(), ServiceError> {
        self.witness_denials(origin, plugin, std::slice::from_ref(denial))
    }

    /// Puts all refusals of a call into the evidence, at once.
    pub fn witness_denials(
        &self,
        origin: &Origin,
        plugin: Option<PluginId>,
        denials: &[Denial],
    ) -> Result<(), ServiceError> {
        let refusal = |denial: &Denial| {
            let detail = [
                ("permission", denial.permission.to_string()),
                ("condition", denial.condition().to_owned()),
                ("label", denial.target.label.to_string()),
            ];
            let subject = format!("unit:{}", denial.target.unit);
            entry(origin, plugin.clone(), "access.refused", subject, Outcome::Refused, detail)
        };
        if !denials.is_empty() {
            self.store.witness(denials.iter().map(refusal).collect())?;
        }
        Ok(())
    }

    /// Puts a policy in force, unless a newer one is.
    fn put_in_force(&self, policy: Policy) {
        let _alone = self.compiling.lock();
        if self.policy.load().version() < policy.version() {
            self.policy.store(Arc::new(policy));
        }
    }

    /// Puts the policy of at least `seq` in force.
    fn refresh(&self, seq: Seq) -> Result<(), ServiceError> {
        let _alone = self.compiling.lock();
        if self.policy.load().version() >= seq.0 {
            return Ok(());
        }
        let policy = compile(&self.store.snapshot()?)?;
        self.policy.store(Arc::new(policy));
        Ok(())
    }
}

/// The policy of a snapshot. Its version is the seq of the last change of rights.
fn compile(snapshot: &Snapshot) -> Result<Policy, ServiceError> {
    let version = snapshot.get(&space::access_mark())?.map_or(0, |mark| mark.version.0);
    Ok(Policy::compile(&accounts::facts(snapshot)?, version)?)
}

/// Seeds for calls: SHA-256 of a secret of this process and a counter, so that drawing one costs no system
/// call and cannot fail.
struct Seeds {
    secret: [u8; 32],
    drawn: AtomicU64,
}

impl Seeds {
    fn new() -> Result<Self, ServiceError> {
        Ok(Self { secret: random()?, drawn: AtomicU64::new(0) })
    }

    fn next(&self) -> [u8; 32] {
        let number = self.drawn.fetch_add(1, Ordering::Relaxed);
        Sha256::new().chain_update(self.secret).chain_update(number.to_le_bytes()).finalize().into()
    }
}

/// Bytes from the operating system.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], ServiceError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| ServiceError::Random)?;
    Ok(bytes)
}
