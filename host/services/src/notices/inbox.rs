//! Notices as whoever they are for sees them.

use std::sync::Arc;

use dinh_model::{
    AccountId, Actor, Label, Language, Localized, PluginId, RecordId, Target, Timestamp, key, time,
};
use dinh_store::Direction;

use super::{Notice, keys, own};
use crate::call::decode;
use crate::records::{self, PluginData};
use crate::{Call, Platform, ServiceError, space};

/// Notices looked at for one person: behind them there may be more, older ones.
const LOOKED_AT: usize = 500;
/// Notices swept away in one change.
const SWEPT_AT_ONCE: usize = 1_000;

/// Which of a person's notices: its moment and something unique.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoticeId(pub(super) [u8; 24]);

/// A notice as its reader sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// Which.
    pub id: NoticeId,
    /// Whose.
    pub plugin: PluginId,
    /// What it says.
    pub title: Localized,
    /// What else it says.
    pub text: String,
    /// Where it leads, below the plugin's own path.
    pub path: String,
    /// When it was sent.
    pub sent: Timestamp,
    /// How confidential it is.
    pub label: Label,
    /// Whether it was read.
    pub is_read: bool,
}

impl NoticeId {
    /// As forms carry it.
    pub fn spelled(&self) -> String {
        data_encoding::HEXLOWER.encode(&self.0)
    }

    /// Read back.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = data_encoding::HEXLOWER.decode(text.as_bytes()).ok()?;
        bytes.try_into().ok().map(Self)
    }

    fn sent(&self) -> Timestamp {
        let moment = self
            .0
            .first_chunk::<8>()
            .map_or(0, |bytes| (u64::from_be_bytes(*bytes) ^ (1 << 63)).cast_signed());
        time::from_microseconds(moment.saturating_neg()).unwrap_or_default()
    }
}

/// The notices for whoever acts, in their own name, the newest first, at most `limit`: those that are not over, that they
/// may still be told, and that lead to no record that is withheld from them now. `plugins` are those that are installed.
pub fn newest(
    call: &mut Call,
    plugins: &[Arc<PluginData>],
    limit: usize,
) -> Result<Vec<Shown>, ServiceError> {
    let Some(account) = own(call) else { return Ok(Vec::new()) };
    let mut shown = Vec::new();
    for (id, notice) in all(call, plugins, account)? {
        if shown.len() == limit {
            break;
        }
        call.confinement.read(notice.label);
        let path = path(&notice.route, notice.record);
        let Notice { plugin, title, text, label, read, .. } = notice;
        shown.push(Shown { id, plugin, title, text, path, sent: id.sent(), label, is_read: read.is_some() });
    }
    Ok(shown)
}

/// How many of these were not read, counted up to 500.
pub fn unread(call: &Call, plugins: &[Arc<PluginData>]) -> Result<usize, ServiceError> {
    let Some(account) = own(call) else { return Ok(0) };
    Ok(all(call, plugins, account)?.into_iter().filter(|(_, notice)| notice.read.is_none()).count())
}

/// Notes that whoever acts has read one of theirs; nothing happens when there is no such notice any more.
pub fn read(call: &mut Call, id: NoticeId) -> Result<(), ServiceError> {
    let Some(account) = own(call) else { return Ok(()) };
    let key = keys::notice(account, id);
    let Some(notice) = call.load::<Notice>(&key)? else { return Ok(()) };
    let read = notice.read.or_else(|| Some(time::microseconds(call.now())));
    call.save(key, &Notice { read, ..notice })
}

/// Takes one of their own away from whoever acts.
pub fn dismiss(call: &mut Call, id: NoticeId) -> Result<(), ServiceError> {
    let Some(account) = own(call) else { return Ok(()) };
    let key = keys::notice(account, id);
    let Some(notice) = call.load::<Notice>(&key)? else { return Ok(()) };
    call.transaction.delete(key);
    call.transaction.delete(keys::due(notice.until, account, id));
    Ok(())
}

/// Removes notices whose last day is over, at most a thousand; how many.
pub fn sweep(platform: &Platform) -> Result<usize, ServiceError> {
    let damaged = |_| ServiceError::Damaged { what: "the platform's own id".to_owned() };
    let itself: PluginId = PluginId::PLATFORM.parse().map_err(damaged)?;
    platform.perform(&platform.origin(Actor::Service(itself), Language::En), |call| {
        let over = time::microseconds(call.now()).saturating_add(1);
        let end = space::key(space::NOTICE_DUE, &[&key::integer(over)]);
        let due = call.transaction.range_unchecked(&[space::NOTICE_DUE], Some(&end), Direction::Forward);
        let over =
            due.take(SWEPT_AT_ONCE).map(|row| row.map(|(key, _)| key)).collect::<Result<Vec<_>, _>>()?;
        let swept = over.len();
        for due in over {
            if let Some((account, id)) = keys::id_of(&due) {
                call.transaction.delete(keys::notice(account, id));
            }
            call.transaction.delete(due);
        }
        Ok(swept)
    })
}

/// Those of an account that may be shown now.
fn all(
    call: &Call,
    plugins: &[Arc<PluginData>],
    account: AccountId,
) -> Result<Vec<(NoticeId, Notice)>, ServiceError> {
    let prefix = keys::of(account);
    let end = key::after_prefix(&prefix);
    let now = time::microseconds(call.now());
    let mut found = Vec::new();
    // Unchecked: what comes meanwhile is seen at the next look.
    let rows = call.transaction.range_unchecked(&prefix, end.as_deref(), Direction::Forward);
    for row in rows.take(LOOKED_AT) {
        let (key, stored) = row?;
        let notice: Notice = decode(&key, &stored.value)?;
        let target = Target { label: notice.label, ..Target::unit(notice.unit) };
        if notice.until > now
            && call.check(&notice.permission, &target)
            && !is_withheld(call, plugins, &notice)?
            && let Some((_, id)) = keys::id_of(&key)
        {
            found.push((id, notice));
        }
    }
    Ok(found)
}

/// Whether the record that a notice leads to is withheld from whoever acts, perhaps only since it was sent.
fn is_withheld(call: &Call, plugins: &[Arc<PluginData>], notice: &Notice) -> Result<bool, ServiceError> {
    let data = plugins.iter().find(|data| data.plugin == notice.plugin);
    let (Some(data), Some(record)) = (data, notice.record) else { return Ok(false) };
    Ok(records::is_withheld(call, data, record)?)
}

fn path(route: &str, record: Option<RecordId>) -> String {
    match record {
        Some(record) => format!("{}/{record}", route.trim_end_matches('/')),
        None => route.to_owned(),
    }
}
