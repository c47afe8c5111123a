//! Catalogs in memory, for everybody: compiled once for each state that is stored.
//!
//! ```text
//! call ─ first look-up of a catalog ─ version of its key, relied upon ─▶ library ─ compiled for that version?
//!   └─ further look-ups: from the call's own memory                              └ else from the call's snapshot
//! ```
//! A call sees a catalog exactly as its snapshot has it, its own writes included, and one that writes conflicts when
//! the catalog changed meanwhile: the version of one key stands for all of a catalog.

use std::collections::HashMap;
use std::sync::Arc;

use arc_swap::ArcSwap;
use dinh_store::{Direction, Seq, Snapshot};
use parking_lot::Mutex;

use super::model::{catalog_key, end_of, entry_key};
use super::{Catalog, Compiled};
use crate::call::decode;
use crate::{Call, ServiceError, Thing, space};

/// Catalogs by name, each with the version of its key.
type Known = HashMap<String, (Seq, Arc<Compiled>)>;

/// The compiled catalogs of a platform.
#[derive(Default)]
pub(crate) struct Library {
    known: ArcSwap<Known>,
    /// One is compiled at a time, so that many calls do not all compile the same.
    compiling: Mutex<()>,
}

/// The catalogs that a call has opened.
#[derive(Default)]
pub(crate) struct Opened(Mutex<Vec<(String, Arc<Compiled>)>>);

impl Opened {
    #[inline]
    fn get(&self, catalog: &str) -> Option<Arc<Compiled>> {
        let opened = self.0.lock();
        opened.iter().find(|(name, _)| name == catalog).map(|(_, compiled)| Arc::clone(compiled))
    }

    /// Forgets a catalog that this call changed.
    pub(super) fn forget(&self, catalog: &str) {
        self.0.lock().retain(|(name, _)| name != catalog);
    }
}

/// A catalog as this call sees it. Everything that is read of catalogs is read here.
#[inline]
pub fn open(call: &Call, catalog: &str) -> Result<Arc<Compiled>, ServiceError> {
    match call.opened.get(catalog) {
        Some(compiled) => Ok(compiled),
        None => first(call, catalog),
    }
}

fn first(call: &Call, catalog: &str) -> Result<Arc<Compiled>, ServiceError> {
    let missing = || ServiceError::not_found(Thing::Catalog, catalog);
    let key = catalog_key(catalog);
    let compiled = match call.transaction.version(&key)?.ok_or_else(missing)? {
        Seq::PENDING => {
            let about: Catalog = call.load(&key)?.ok_or_else(missing)?;
            let prefix = entry_key(catalog, "");
            let end = end_of(&prefix);
            let stored = call.transaction.range(&prefix, end.as_deref(), Direction::Forward);
            Arc::new(Compiled::read(about, stored)?)
        }
        version => call.common.library.get(call.transaction.snapshot(), catalog, version)?,
    };
    call.opened.0.lock().push((catalog.to_owned(), Arc::clone(&compiled)));
    Ok(compiled)
}

impl Library {
    /// The catalog whose key has this version in `snapshot`.
    fn get(&self, snapshot: &Snapshot, catalog: &str, version: Seq) -> Result<Arc<Compiled>, ServiceError> {
        let known = |known: &Known| {
            let found = known.get(catalog).filter(|(of, _)| *of == version);
            found.map(|(_, compiled)| Arc::clone(compiled))
        };
        if let Some(compiled) = known(&self.known.load()) {
            return Ok(compiled);
        }
        let _one = self.compiling.lock();
        let before = self.known.load_full();
        if let Some(compiled) = known(&before) {
            return Ok(compiled);
        }
        let compiled = Arc::new(compile(snapshot, catalog)?);
        // A call on an old snapshot does not take the newer one away from others.
        if before.get(catalog).is_none_or(|(of, _)| *of < version) {
            let mut next = Known::clone(&before);
            next.insert(catalog.to_owned(), (version, Arc::clone(&compiled)));
            self.known.store(Arc::new(next));
        }
        Ok(compiled)
    }

    /// Compiles what was changed before anybody waits for it.
    pub(crate) fn renew(&self, snapshot: &Snapshot, catalogs: &[String]) -> Result<(), ServiceError> {
        for catalog in catalogs {
            if let Some(version) = snapshot.version(&catalog_key(catalog))? {
                self.get(snapshot, catalog, version)?;
            }
        }
        Ok(())
    }
}

fn compile(snapshot: &Snapshot, catalog: &str) -> Result<Compiled, ServiceError> {
    let key = catalog_key(catalog);
    let stored = snapshot.get(&key)?.ok_or_else(|| ServiceError::not_found(Thing::Catalog, catalog))?;
    let prefix = entry_key(catalog, "");
    let end = end_of(&prefix);
    Compiled::read(decode(&key, &stored.value)?, snapshot.range(&prefix, end.as_deref(), Direction::Forward))
}

/// All catalogs, by name: what they are, without their entries.
pub fn catalogs(call: &Call) -> Result<Vec<Catalog>, ServiceError> {
    let mut all = Vec::new();
    for item in call.transaction.range(&[space::CATALOG], Some(&[space::CATALOG + 1]), Direction::Forward) {
        let (key, stored) = item?;
        all.push(decode(&key, &stored.value)?);
    }
    Ok(all)
}
