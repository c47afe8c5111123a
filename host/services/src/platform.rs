//! The platform: the store, the clock and the compiled policy, held together.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use dinh_access::{Difference, FactChange, Policy};
use dinh_model::{Actor, Language, Localized, Timestamp};
use dinh_store::{Change, CommitError, Committed, Conflict, Snapshot, Store, Transaction};
use sha2::{Digest, Sha256};

use crate::accounts::{self, Hasher, SignInState};
use crate::bell::Bell;
use crate::call::Common;
use crate::catalog::Library;
use crate::decoded::Decoded;
use crate::rights::Rights;
use crate::secrets::{self, Secrets, SoftwareKeys};
use crate::steady_clock::SteadyClock;
use crate::{Call, Clock, Options, Origin, ServiceError, Witnessed, sharing, space};

/// How often a deed of the host is run again when it conflicted.
const ATTEMPTS: u32 = 8;

/// The platform of one data folder. Shared by everything that serves it.
pub struct Platform {
    store: Store,
    clock: Arc<dyn Clock>,
    /// The same, as what it is.
    pub(crate) steady: Arc<SteadyClock>,
    data: PathBuf,
    rights: Rights,
    seeds: Seeds,
    common: Arc<Common>,
    bell: Bell,
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
        let rights = Rights::open(&store)?;
        let signed_by = store.snapshot()?.evidence_log().verifier_key()?;
        let folder = Sha256::digest(signed_by.as_bytes()).first_chunk().copied().unwrap_or_default();
        let steady = Arc::new(SteadyClock::new(clock, &store)?);
        let sign_in = SignInState::open(&store, &options)?;
        let keys = options.keys.clone().unwrap_or_else(|| Arc::new(SoftwareKeys::new(data.join("keys"))));
        let common = Common {
            hasher: Arc::new(Hasher::new(&options)?),
            quotas: Arc::default(),
            secrets: Arc::new(Secrets::new(keys)),
            library: Library::default(),
            copies_days: options.copies_days,
            folder,
            file_limits: options.files,
            shared: Decoded::default(),
        };
        let platform = Arc::new(Self {
            store,
            clock: Arc::clone(&steady) as _,
            steady,
            data: data.to_path_buf(),
            rights,
            seeds: Seeds::new()?,
            common: Arc::new(common),
            bell: Bell::default(),
            sign_in,
            options,
        });
        // The platform starts whatever becomes of keys.
        if let Err(error) = secrets::settle_keys(&platform) {
            tracing::error!(%error, "a key that is not needed any more is still there; this is tried at each start");
        }
        Ok(platform)
    }

    /// The store.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// The clock: that of the machine, never before the last commit.
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

    /// What is rung when subscribers may have something to be told.
    pub fn bell(&self) -> &Bell {
        &self.bell
    }

    /// The policy in force.
    pub fn policy(&self) -> Arc<Policy> {
        self.rights.policy()
    }

    /// The policy as it was at `moment`, what came into force at that very moment included: who could do what,
    /// asked with that moment. Made anew from the journal of rights; takes longer the longer that is.
    pub fn policy_at(&self, moment: Timestamp) -> Result<Policy, ServiceError> {
        let (facts, version) = accounts::facts_at(&self.store.snapshot()?, moment)?;
        Ok(Policy::compile(&facts, version)?)
    }

    /// What the keeper of keys says it is.
    pub fn keys_are(&self) -> Localized {
        self.common.secrets.provider.describe()
    }

    pub(crate) fn secrets(&self) -> &Secrets {
        &self.common.secrets
    }

    pub(crate) fn hasher(&self) -> &Hasher {
        &self.common.hasher
    }

    /// A call's origin: this moment and a fresh seed.
    pub fn origin(&self, actor: Actor, language: Language) -> Origin {
        Origin {
            actor,
            language,
            now: self.clock.now(),
            seed: self.seeds.next(),
            deeds: Arc::default(),
            operator: false,
            scope: None,
            address: None,
            command: None,
        }
    }

    /// Begins a call: pins the policy, then the snapshot.
    pub fn begin(&self, origin: &Origin) -> Result<Call, ServiceError> {
        // The policy first: it is then never newer than the snapshot, so a right seen by the call was
        // there for the data it reads. One that is older than the store's floor cannot commit.
        self.begin_with(origin, Transaction::new)
    }

    /// Begins a call on a transaction over the latest snapshot.
    pub(crate) fn begin_with(
        &self,
        origin: &Origin,
        transaction: impl FnOnce(Snapshot) -> Transaction,
    ) -> Result<Call, ServiceError> {
        let policy = self.rights.pinned(&self.store)?;
        let transaction = transaction(self.store.snapshot()?);
        let common = Arc::clone(&self.common);
        Ok(Call::new(transaction, policy, self.rights.word(), origin.clone(), common))
    }

    /// Begins a call that will only read, such as the rendering of a page: cheaper, since what it reads is
    /// not noted. Should it write after all, it conflicts with every commit since.
    pub fn begin_reading(&self, origin: &Origin) -> Result<Call, ServiceError> {
        self.begin_with(origin, Transaction::reading)
    }

    /// Commits what a call wrote. When it changed rights, the new policy is in force before this returns;
    /// a call that only has evidence leaves it without a write; one that has neither does nothing. A call that
    /// was checked under rights that were taken away since conflicts, even if it only read: nobody is shown
    /// what they may no longer see.
    pub fn commit(&self, mut call: Call) -> Result<Committed, ServiceError> {
        call.policy_in_force()?;
        call.keep_new_keys()?;
        let tells = call.keep_feed()? || call.tells;
        call.keep_notes();
        let writes = call.transaction.writes();
        // As most pages do.
        if !writes && !call.transaction.has_evidence() && !call.does_revoke() {
            return Ok(Committed { seq: call.seq(), numbers: Vec::new() });
        }
        let catalogs = std::mem::take(&mut call.catalogs_changed);
        let people = call.people_changed;
        let changes = accounts::changes(&call.transaction)?;
        // What somebody has may need a second factor of their open sessions.
        let people = people || (!changes.is_empty() && !self.options.second_factor_roles.is_empty());
        if writes && call.origin.is_read_only() {
            return Err(ServiceError::invalid(
                "Mã truy cập này chỉ được đọc, không được ghi.",
                "This access token may read and not write.",
            ));
        }
        if writes {
            self.clock_stands()?;
        }
        let at = call.now();
        let committed = if changes.is_empty() && !call.does_revoke() {
            let version = call.policy.version();
            let change = call.transaction.into_change(version, false);
            if !writes {
                let committed = self.store.witness(change.evidence)?;
                self.steady.committed(at);
                return Ok(committed);
            }
            self.store.commit(change)
        } else {
            self.commit_rights(call, changes)?
        };
        match committed {
            Ok(committed) => {
                self.steady.committed(at);
                if tells {
                    self.bell.ring();
                }
                if people {
                    self.sign_in.sessions.look_afresh();
                }
                if !catalogs.is_empty()
                    && let Err(error) = self
                        .store
                        .snapshot()
                        .map_err(ServiceError::from)
                        .and_then(|snapshot| self.common.library.renew(&snapshot, &catalogs))
                {
                    // It is stored; whoever opens it next compiles it.
                    tracing::warn!(%error, ?catalogs, "changed catalogs could not be compiled yet");
                }
                Ok(committed)
            }
            Err(CommitError::Conflict(Conflict::Policy { .. })) => {
                // Whoever revoked is still putting the policy in force: wait for it, so that running again can
                // succeed.
                drop(self.rights.lock(&self.store)?);
                Err(ServiceError::Conflict)
            }
            // Running again would meet the same import.
            Err(CommitError::Conflict(Conflict::Staged(_))) => Err(ServiceError::Importing),
            Err(error) => Err(error.into()),
        }
    }

    /// Commits what writes facts: works out the policy of what will be stored, so that rights that do not compile
    /// are refused before they are, and puts it in force when it is.
    fn commit_rights(
        &self,
        mut call: Call,
        changes: Vec<FactChange>,
    ) -> Result<Result<Committed, CommitError>, ServiceError> {
        let mut known = self.rights.lock(&self.store)?;
        let version = call.policy.version();
        let revokes = call.does_revoke();
        let applied = match known.next(&self.rights.policy(), changes, revokes) {
            Ok(Some(applied)) => applied,
            Ok(None) => return Ok(self.store.commit(call.transaction.into_change(version, false))),
            Err(error) => {
                // More than the tables hold, perhaps: that somebody tried is kept.
                call.refused(&error);
                self.witness(call.take_witnessed())?;
                return Err(error);
            }
        };
        // The version of this key is the version of the policy.
        call.transaction.put(space::access_mark(), Vec::new());
        let tail = match known.tail.record(&mut call.transaction, self.clock.now(), &applied.changes) {
            Ok(tail) => tail,
            Err(error) => {
                known.ledger.take_back(applied.undo);
                return Err(error);
            }
        };
        let revokes = revokes || applied.revokes;
        let change = call.transaction.into_change(version, revokes);
        let committed = self.store.commit(change);
        match &committed {
            Ok(committed) => {
                known.tail = tail;
                self.rights.put_in_force(applied.policy.with_version(committed.seq.0), revokes);
            }
            Err(error) => {
                known.ledger.take_back(applied.undo);
                if matches!(error, CommitError::Store(_)) {
                    // It may be stored all the same.
                    self.rights.lose();
                }
            }
        }
        Ok(committed)
    }

    /// What would change, and for whom, if a call were committed now: for whoever approves it. Nothing is changed.
    pub fn preview(&self, call: &Call) -> Result<Difference, ServiceError> {
        let changes = accounts::changes(&call.transaction)?;
        let mut known = self.rights.lock(&self.store)?;
        let policy = self.rights.policy();
        let Some(applied) = known.next(&policy, changes, false)? else { return Ok(Difference::default()) };
        known.ledger.take_back(applied.undo);
        drop(known);
        Ok(policy.diff(&applied.policy, call.now()))
    }

    /// Performs a deed of the host: begins a call, runs it, commits it, and runs it again when it
    /// conflicted, at most eight times. A refusal is put into the evidence.
    pub fn perform<T>(
        &self,
        origin: &Origin,
        mut deed: impl FnMut(&mut Call) -> Result<T, ServiceError>,
    ) -> Result<T, ServiceError> {
        let origin = origin.deed();
        for _ in 0..ATTEMPTS {
            let mut call = self.begin(&origin)?;
            let done = match deed(&mut call) {
                Ok(done) => done,
                // Rights were taken away while it ran.
                Err(ServiceError::Conflict) => continue,
                Err(error) => {
                    call.refused(&error);
                    self.witness(call.take_witnessed())?;
                    return Err(error);
                }
            };
            match self.commit(call) {
                Ok(_) => return Ok(done),
                Err(ServiceError::Conflict) => {}
                Err(error) => return Err(error),
            }
        }
        Err(ServiceError::Conflict)
    }

    /// Looks something up in a call that only reads, again when rights were taken away meanwhile, at most eight times.
    /// What was read or refused is durable evidence before this returns.
    pub fn look<T>(
        &self,
        origin: &Origin,
        mut look: impl FnMut(&mut Call) -> Result<T, ServiceError>,
    ) -> Result<T, ServiceError> {
        for _ in 0..ATTEMPTS {
            let mut call = self.begin_reading(origin)?;
            call.records.read_only = true;
            let looked = look(&mut call);
            if matches!(looked, Err(ServiceError::Conflict)) || call.policy_in_force().is_err() {
                continue;
            }
            if let Err(error) = &looked {
                call.refused(error);
            }
            match self.witness(call.take_witnessed()).and_then(|()| self.commit(call)) {
                Ok(_) => return looked,
                Err(ServiceError::Conflict) => {}
                Err(error) => return Err(error),
            }
        }
        Err(ServiceError::Conflict)
    }

    /// Puts what a call was refused, and what it read that leaves evidence, into the log: durable when this returns.
    pub fn witness(&self, witnessed: Witnessed) -> Result<(), ServiceError> {
        let Witnessed { entries, used } = witnessed;
        if !used.is_empty() {
            let write = sharing::rows_used(&self.common.quotas, &used)?;
            let based_on = self.store.snapshot()?.seq();
            let policy = self.policy().version();
            let change = Change { based_on, policy, write, evidence: entries, ..Change::default() };
            self.store.commit(change)?;
        } else if !entries.is_empty() {
            self.store.witness(entries)?;
        }
        Ok(())
    }
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
