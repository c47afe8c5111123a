//! Timers as a plugin's own code sets, cancels and sees them: part of the one change of its call.

use dinh_model::{Keep, Label, Localized, RecordId, Target, key, time};
use dinh_store::Direction;

use super::model::too_far;
use super::recurrence::at_hour;
use super::{
    Counting, DeclaredTimer, FURTHEST_DAYS, MOST_OFTEN, MOST_TIMERS, NewTimer, Recurrence, Timer, TimerId,
    When, add_working_days, keys,
};
use crate::call::decode;
use crate::records::PluginData;
use crate::{Call, Refusal, Resource, ServiceError, Trip, space};

/// Microseconds of a day.
const DAY: i64 = 86_400_000_000;

/// A timer as a plugin sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visible {
    /// Which.
    pub id: TimerId,
    /// When it is due, or was: microseconds since 1970.
    pub due: i64,
    /// How it comes again.
    pub every: Option<Recurrence>,
    /// It has failed too often and waits for people.
    pub parked: bool,
}

/// Sets a timer, in the place of one with the same name and key; when it is due first: microseconds since 1970.
///
/// # Errors
/// [`ServiceError::Invalid`] for what is no timer, or is too far ahead; [`ServiceError::Refused`] when the call has read
/// what a timer may not hold; [`ServiceError::Limit`] at the limits of the call and of the plugin.
pub fn set(
    call: &mut Call,
    data: &PluginData,
    declared: &[DeclaredTimer],
    new: &NewTimer,
) -> Result<i64, ServiceError> {
    call.spend(Resource::Timers, 1)?;
    new.check()?;
    let known = declared.iter().find(|known| known.name == new.id.name);
    if known.is_none_or(|known| known.every.is_some()) {
        return Err(not_to_set(&new.id.name, known.is_some()));
    }
    let label = may_hold(call, data, new)?;
    let (due, every) = when(call, new.when)?;
    let old: Option<Timer> = call.load(&keys::timer(data.number, &new.id))?;
    let timer = Timer { payload: new.payload.clone(), label, ..Timer::new(due, every) };
    replace(call, data.number, &new.id, old.as_ref(), Some(&timer))?;
    call.tells = true;
    Ok(due)
}

/// Cancels a timer that the actor may see; whether there was one. What the manifest itself declares stays.
pub fn cancel(call: &mut Call, data: &PluginData, id: &TimerId) -> Result<bool, ServiceError> {
    let Some(old) = load(call, data, id)? else { return Ok(false) };
    if old.declared {
        return Err(not_to_set(&id.name, true));
    }
    replace(call, data.number, id, Some(&old), None)?;
    Ok(true)
}

/// A timer that the actor may see.
pub fn get(call: &mut Call, data: &PluginData, id: &TimerId) -> Result<Option<Visible>, ServiceError> {
    let found = load(call, data, id)?;
    Ok(found.map(|timer| visible(id.clone(), &timer)))
}

/// The timers of a name that the actor may see, by their keys, after one of them, at most `limit`.
pub fn list(
    call: &mut Call,
    data: &PluginData,
    name: &str,
    after: Option<&str>,
    limit: u32,
) -> Result<Vec<Visible>, ServiceError> {
    let named = |key: &str| keys::timer(data.number, &TimerId { name: name.to_owned(), key: key.to_owned() });
    let end = key::after_prefix(&named(""));
    let start = match after {
        Some(after) => [named(after).as_slice(), &[0]].concat(),
        None => named(""),
    };
    let mut found = Vec::new();
    let rows = call.transaction.range(&start, end.as_deref(), Direction::Forward);
    for row in rows {
        let (key, stored) = row?;
        call.usage.spend(&call.limits, Resource::RowsRead, 1)?;
        let timer: Timer = decode(&key, &stored.value)?;
        if !may_see(call, data, timer.label) {
            continue;
        }
        let Some(id) = keys::id_of(&key) else { continue };
        call.confinement.read(timer.label);
        found.push(visible(id, &timer));
        if found.len() >= limit as usize {
            break;
        }
    }
    Ok(found)
}

fn visible(id: TimerId, timer: &Timer) -> Visible {
    Visible { id, due: timer.due, every: timer.every, parked: timer.parked.is_some() }
}

fn load(call: &mut Call, data: &PluginData, id: &TimerId) -> Result<Option<Timer>, ServiceError> {
    id.check()?;
    let found: Option<Timer> = call.load(&keys::timer(data.number, id))?;
    let found = found.filter(|timer| may_see(call, data, timer.label));
    if let Some(timer) = &found {
        call.confinement.read(timer.label);
    }
    Ok(found)
}

/// Whether the actor may see timers of a label: of what is confidential, whoever may read such records in the plugin's own
/// unit.
fn may_see(call: &Call, data: &PluginData, label: Label) -> bool {
    let target = Target { label, ..Target::unit(data.home_unit) };
    label == Label::Ordinary
        || data.collections.iter().any(|collection| call.check(&collection.permissions.read, &target))
}

/// When a timer is due first, and how it comes again.
fn when(call: &Call, when: When) -> Result<(i64, Option<Recurrence>), ServiceError> {
    let now = time::microseconds(call.now());
    let hour = |day, hour| {
        at_hour(day, hour).ok_or_else(|| {
            ServiceError::invalid("Giờ phải từ 0 đến 23.", "An hour is 0 to 23, of a day that there is.")
        })
    };
    let (due, every) = match when {
        When::At(moment) => (time::microseconds(moment), None),
        When::On(day, at) => (hour(day, at)?, None),
        When::After { from, days, counting, hour: at } => {
            let count = i32::try_from(days)
                .ok()
                .filter(|days| *days <= FURTHEST_DAYS)
                .ok_or_else(|| too_far(days))?;
            let day = match counting {
                Counting::Working => add_working_days(call, from, count)?,
                Counting::Calendar => {
                    let last = time::days(from).checked_add(count).and_then(time::from_days);
                    last.ok_or_else(|| too_far(days))?
                }
            };
            (hour(day, at)?, None)
        }
        When::Every(recurrence) => {
            let first = recurrence.after(now).ok_or_else(|| too_far(FURTHEST_DAYS))?;
            (first, Some(recurrence))
        }
    };
    let ahead = due.saturating_sub(now) / DAY;
    if ahead > i64::from(FURTHEST_DAYS) {
        return Err(too_far(ahead));
    }
    // Where nobody asked, nothing fires more often.
    let often = i64::try_from(MOST_OFTEN.as_micros()).unwrap_or(i64::MAX);
    let earliest = if call.hops > 0 { now.saturating_add(often) } else { i64::MIN };
    Ok((due.max(earliest), every))
}

/// The label that a timer bears after what its call has read; refused when it would hold a text of that.
fn may_hold(call: &Call, data: &PluginData, new: &NewTimer) -> Result<Label, ServiceError> {
    let confinement = &call.confinement;
    if confinement.is_free() {
        return Ok(Label::Ordinary);
    }
    let refused = |rule, text| {
        Err(ServiceError::Refused(Refusal { rule, subject: format!("plugin:{}", data.plugin), text }))
    };
    if confinement.contracts().iter().any(|(_, keep)| *keep == Keep::Nothing) {
        let text = Localized::new(
            "Lượt xử lý này đã đọc dữ liệu theo thoả thuận không cho lưu giữ gì nên không đặt được hẹn giờ.",
            "This call has read under a contract that lets nothing be kept: it may set no timer.",
        );
        return refused("confined-keep-nothing", text);
    }
    let is_reference = |text: &str| text.is_empty() || text.parse::<RecordId>().is_ok();
    if is_reference(&new.id.key) && is_reference(&new.payload) {
        return Ok(confinement.label());
    }
    let text = Localized::new(
        "Lượt xử lý này đã đọc dữ liệu Mật hoặc dữ liệu chia sẻ: khoá và nội dung kèm hẹn giờ chỉ được là mã bản ghi hoặc để trống.",
        "This call has read what is confidential, or under a contract: the key and the payload of a timer are a record's identifier, or empty.",
    );
    refused("confined-timer", text)
}

fn not_to_set(name: &str, recurs: bool) -> ServiceError {
    if recurs {
        return ServiceError::invalid(
            format!("Hẹn giờ {name} do plugin.toml quy định, mã lệnh không đặt hay huỷ được."),
            format!("The timer {name} is set by plugin.toml (`every`), not by code."),
        );
    }
    ServiceError::invalid(
        format!("plugin.toml không khai báo hẹn giờ {name}."),
        format!("plugin.toml declares no timer {name}: add it to [[timers]]."),
    )
}

/// What is counted of a plugin.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(super) struct Count {
    /// All its timers.
    pub(super) timers: u64,
    /// Those that have failed and are tried again.
    pub(super) failing: u64,
}

impl Count {
    pub(super) fn load(call: &Call, plugin: u32) -> Result<Self, ServiceError> {
        Ok(call.load(&keys::count(plugin))?.unwrap_or_default())
    }

    fn without(mut self, timer: Option<&Timer>) -> Self {
        if let Some(timer) = timer {
            self.timers = self.timers.saturating_sub(1);
            self.failing = self.failing.saturating_sub(u64::from(is_failing(timer)));
        }
        self
    }

    fn with(mut self, timer: Option<&Timer>) -> Self {
        if let Some(timer) = timer {
            self.timers += 1;
            self.failing += u64::from(is_failing(timer));
        }
        self
    }
}

fn is_failing(timer: &Timer) -> bool {
    timer.failures > 0 && timer.parked.is_none()
}

/// The one way in which a timer changes: with it the place where it waits, and what is counted.
pub(super) fn replace(
    call: &mut Call,
    plugin: u32,
    id: &TimerId,
    old: Option<&Timer>,
    new: Option<&Timer>,
) -> Result<(), ServiceError> {
    let place = |timer: &Timer| match timer.parked {
        Some(_) => keys::parked(plugin, id),
        None => keys::due(plugin, timer.next, id),
    };
    let (from, to) = (old.map(place), new.map(place));
    if from != to {
        from.into_iter().for_each(|key| call.transaction.delete(key));
        to.into_iter().for_each(|key| call.transaction.put(key, Vec::new()));
    }
    match new {
        Some(timer) => call.save(keys::timer(plugin, id), timer)?,
        None => call.transaction.delete(keys::timer(plugin, id)),
    }
    let grows = old.is_none() && new.is_some();
    let same = old.is_some() == new.is_some() && old.is_some_and(is_failing) == new.is_some_and(is_failing);
    if same {
        return Ok(());
    }
    let count = Count::load(call, plugin)?.without(old).with(new);
    if grows && count.timers > MOST_TIMERS {
        return Err(Trip { what: "plugin-timers", used: count.timers, allowed: MOST_TIMERS }.into());
    }
    call.save(space::numbered(space::TIMERS, plugin), &count)
}
