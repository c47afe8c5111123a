//! Forms that are submitted once: what came of a form is kept with what it did, in the same change, so that
//! a double click, a reload or a retry after a lost answer finds the result instead of doing it again.
//!
//! What is said to a person may be about people, so it lies sealed under the platform's own data key. Where that cannot be
//! used, a form is sent all the same, and a repeated one leads to the plugin's first page without a word.

use std::time::Duration;

use dinh_model::{Actor, Language, PluginId, key, time};
use dinh_services::{Call, Platform, ServiceError, space};
use dinh_store::Direction;
use serde::{Deserialize, Serialize};

use crate::bindings::pages;
use crate::bindings::views::Target;

/// How long a result is kept: longer than a session, so that no page with the form is still open.
const KEPT_FOR: Duration = Duration::from_secs(48 * 60 * 60);
/// Results forgotten in one change.
const FORGOTTEN_AT_ONCE: usize = 10_000;

#[derive(Serialize, Deserialize)]
struct Kept {
    /// Microseconds since 1970.
    at: i64,
    /// The result, sealed; empty when it could not be.
    sealed: Vec<u8>,
}

/// What a result is sealed as.
fn about(form: &[u8; 32]) -> [&[u8]; 2] {
    [b"form-result", form]
}

/// What came of a form, if it was submitted before.
pub(crate) fn find(call: &Call, form: &[u8; 32]) -> Result<Option<pages::Done>, ServiceError> {
    let key = space::key(space::ONCE, &[form]);
    let Some(stored) = call.transaction.get(&key)? else { return Ok(None) };
    let kept = decode(&stored.value)?;
    match call.open_own(&about(form), &kept.sealed) {
        Ok(opened) => postcard::from_bytes(&opened).map(Some).map_err(|_| damaged()),
        Err(ServiceError::Sealed(error)) => {
            tracing::warn!(%error, "the result of a form cannot be opened");
            Ok(Some(pages::Done { target: Target::Page("/".to_owned()), notice: None }))
        }
        Err(error) => Err(error),
    }
}

/// Keeps what came of a form.
pub(crate) fn put(call: &mut Call, form: &[u8; 32], done: &pages::Done) -> Result<(), ServiceError> {
    let result = postcard::to_allocvec(done).map_err(|_| damaged())?;
    let sealed = match call.seal_own(&about(form), &result) {
        Err(ServiceError::Sealed(error)) => {
            tracing::warn!(%error, "the result of a form cannot be sealed, so it is not kept");
            Vec::new()
        }
        sealed => sealed?,
    };
    let result = Kept { at: time::microseconds(call.now()), sealed };
    let bytes = postcard::to_allocvec(&result).map_err(|_| damaged())?;
    call.transaction.put(space::key(space::ONCE, &[form]), bytes);
    Ok(())
}

/// Forgets results that nobody can ask for any more; how many.
pub(crate) fn forget(platform: &Platform) -> Result<usize, ServiceError> {
    let platform_itself: PluginId = PluginId::PLATFORM.parse().map_err(|_| damaged())?;
    let origin = platform.origin(Actor::Service(platform_itself), Language::En);
    let kept = i64::try_from(KEPT_FOR.as_micros()).unwrap_or(i64::MAX);
    let before = time::microseconds(origin.now).saturating_sub(kept);
    let mut forgotten = 0;
    loop {
        let some = platform.perform(&origin, |call| {
            let prefix = [space::ONCE];
            let end = key::after_prefix(&prefix);
            // Unchecked: results are never changed, and those added meanwhile are new.
            let all = call.transaction.range_unchecked(&prefix, end.as_deref(), Direction::Forward);
            let mut old = Vec::new();
            for row in all {
                let (key, stored) = row?;
                if decode(&stored.value)?.at < before {
                    old.push(key);
                }
                if old.len() == FORGOTTEN_AT_ONCE {
                    break;
                }
            }
            let some = old.len();
            old.into_iter().for_each(|key| call.transaction.delete(key));
            Ok(some)
        })?;
        forgotten += some;
        if some < FORGOTTEN_AT_ONCE {
            return Ok(forgotten);
        }
    }
}

fn decode(bytes: &[u8]) -> Result<Kept, ServiceError> {
    postcard::from_bytes(bytes).map_err(|_| damaged())
}

fn damaged() -> ServiceError {
    ServiceError::Damaged { what: "result of a form".to_owned() }
}
