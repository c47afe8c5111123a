//! What nobody holds is removed: files that were let go of, that nobody attached in time, that were never finished.

use dinh_model::{Actor, FileId, Language, PluginId, key::after_prefix, time};
use dinh_store::Direction;

use super::keys;
use super::model::Due;
use crate::{Call, Origin, Platform, ServiceError, space};

/// Pieces that one change removes: keys without values.
const AT_ONCE: usize = 256;

impl Platform {
    /// Removes what is due; how many files. To be done now and then: what is due cannot be reached before that either.
    pub fn sweep_files(&self) -> Result<usize, ServiceError> {
        let mut removed = 0;
        let mut after = vec![space::FILE_DUE];
        loop {
            let origin = self.sweeping()?;
            let now = time::microseconds(origin.now);
            let next = self.perform(&origin, |call| next(call, &after))?;
            let Some(key) = next.filter(|key| keys::of_due(key).is_some_and(|(at, _, _)| at <= now)) else {
                return Ok(removed);
            };
            self.remove(&key)?;
            removed += 1;
            after = [key, vec![0]].concat();
        }
    }

    /// Removes what is due at a moment, whether or not that has come.
    pub(super) fn remove_due(&self, at: i64, number: u32, id: FileId) -> Result<(), ServiceError> {
        self.remove(&keys::due(at, number, id))
    }

    /// Piece after piece, so that nobody waits for a large file to go.
    fn remove(&self, key: &[u8]) -> Result<(), ServiceError> {
        let origin = self.sweeping()?;
        while !self.perform(&origin, |call| step(call, key))? {}
        Ok(())
    }

    fn sweeping(&self) -> Result<Origin, ServiceError> {
        let itself: PluginId = PluginId::PLATFORM
            .parse()
            .map_err(|_| ServiceError::Damaged { what: "name of the platform".to_owned() })?;
        Ok(self.origin(Actor::Service(itself), Language::En))
    }
}

/// The first key of what is due from `after` on.
fn next(call: &mut Call, after: &[u8]) -> Result<Option<Vec<u8>>, ServiceError> {
    let end = after_prefix(&[space::FILE_DUE]);
    let mut range = call.transaction.range_unchecked(after, end.as_deref(), Direction::Forward);
    Ok(range.step()?.map(|item| item.key.to_vec()))
}

/// Removes some of a file; whether it is gone. What was attached meanwhile is not due any more.
fn step(call: &mut Call, key: &[u8]) -> Result<bool, ServiceError> {
    let Some((_, number, id)) = keys::of_due(key) else { return Err(crate::call::damaged(key)) };
    let Some(due) = call.load::<Due>(key)? else { return Ok(true) };
    let prefix = keys::pieces(number, id);
    let end = after_prefix(&prefix);
    let mut pieces = Vec::new();
    let mut range = call.transaction.range_unchecked(&prefix, end.as_deref(), Direction::Forward);
    while pieces.len() <= AT_ONCE
        && let Some(item) = range.step()?
    {
        pieces.push(item.key.to_vec());
    }
    drop(range);
    let rest = pieces.len() > AT_ONCE;
    pieces.into_iter().take(AT_ONCE).for_each(|piece| call.transaction.delete(piece));
    // With the first piece the file is gone.
    call.transaction.delete(keys::head(number, id));
    if let Some(account) = due.waits_for {
        call.transaction.delete(keys::waiting(number, account, id));
    }
    if rest {
        return Ok(false);
    }
    call.transaction.delete(key.to_vec());
    if due.counted > 0 {
        let bytes = call.load::<u64>(&keys::bytes(number))?.unwrap_or(0);
        call.save(keys::bytes(number), &bytes.saturating_sub(due.counted))?;
    }
    if due.finished {
        let why = if due.waits_for.is_some() { "not-attached" } else { "let-go" };
        let detail = [("reason", why.to_owned()), ("bytes", due.counted.to_string())];
        call.evidence("file.removed", format!("file:{}/{id}", due.plugin), detail);
    }
    Ok(true)
}
