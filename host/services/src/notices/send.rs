//! Sending: part of the one change of a plugin's call.

use std::time::Duration;

use dinh_model::{AccountId, Keep, Localized, Permission, RecordId, Target, UnitId, key::integer, time};

use super::{LONGEST_TEXT, MOST_A_DAY, MOST_DAYS, Notice, NoticeId, keys};
use crate::records::{PluginData, withheld_from};
use crate::{Call, Refusal, Resource, ServiceError, Trip};

/// A notice that a manifest declares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeclaredNotice {
    /// Its name; unique among the plugin's.
    pub name: String,
    /// What it says.
    pub title: Localized,
}

/// A notice to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewNotice {
    /// What the manifest says it is.
    pub declared: DeclaredNotice,
    /// Who gets it holds this permission …
    pub permission: Permission,
    /// … for this unit.
    pub unit: UnitId,
    /// Only this one of them.
    pub only: Option<AccountId>,
    /// Not this one of them.
    pub except: Option<AccountId>,
    /// What else there is to say, at most [`LONGEST_TEXT`] bytes.
    pub text: String,
    /// A route of the plugin.
    pub route: String,
    /// The record whose page is below it.
    pub record: Option<RecordId>,
    /// For how many days it is shown, 1 to [`MOST_DAYS`].
    pub days: u32,
}

/// Sends a notice; to how many people. Whom its record is withheld from is not one of them.
///
/// # Errors
/// [`ServiceError::Invalid`] for what is no notice; [`ServiceError::Refused`] when the call has read what may not be told;
/// [`ServiceError::Limit`] at the limits of the call and of the plugin's day.
pub fn send(call: &mut Call, data: &PluginData, new: &NewNotice) -> Result<u32, ServiceError> {
    call.spend(Resource::Notices, 1)?;
    check(new)?;
    may_tell(call, data, &new.text)?;
    let label = call.confinement.label();
    let target = Target { label, ..Target::unit(new.unit) };
    let policy = call.policy_in_force()?;
    let index = policy.permission(&new.permission);
    let holders = index.map(|index| policy.who_can(index, &target, call.now())).unwrap_or_default();
    let withheld = new.record.map(|record| withheld_from(call, data, record)).transpose()?.flatten();
    let to: Vec<AccountId> = holders
        .into_iter()
        .filter(|holder| new.only.is_none_or(|only| only == *holder))
        .filter(|holder| ![withheld, new.except].contains(&Some(*holder)))
        .collect();
    let people = u64::try_from(to.len()).unwrap_or(u64::MAX);
    // The first was counted before anybody was looked for.
    call.spend(Resource::Notices, people.saturating_sub(1))?;
    let day = keys::day(data.number, time::days(call.today()));
    let sent = call.load::<u64>(&day)?.unwrap_or(0).saturating_add(people);
    if sent > MOST_A_DAY {
        return Err(Trip { what: "plugin-notices", used: sent, allowed: MOST_A_DAY }.into());
    }
    call.save(day, &sent)?;
    let now = time::microseconds(call.now());
    let shown = Duration::from_secs(u64::from(new.days) * 86_400);
    let notice = Notice {
        plugin: data.plugin.clone(),
        title: new.declared.title.clone(),
        text: dinh_model::text::nfc(new.text.trim()),
        route: new.route.clone(),
        record: new.record,
        permission: new.permission.clone(),
        unit: new.unit,
        label,
        until: now.saturating_add(i64::try_from(shown.as_micros()).unwrap_or(i64::MAX)),
        read: None,
    };
    for account in &to {
        let mut id = [0; 24];
        let (moment, unique) = id.split_at_mut(8);
        moment.copy_from_slice(&integer(now.saturating_neg()));
        unique.copy_from_slice(&call.random_bytes::<16>());
        let id = NoticeId(id);
        call.save(keys::notice(*account, id), &notice)?;
        call.transaction.put(keys::due(notice.until, *account, id), Vec::new());
    }
    let detail = [
        ("notice", new.declared.name.clone()),
        ("unit", new.unit.to_string()),
        ("people", people.to_string()),
    ];
    let records: Vec<_> = new.record.into_iter().collect();
    call.evidence_about("notice.sent", format!("plugin:{}", data.plugin), detail, &records);
    Ok(u32::try_from(people).unwrap_or(u32::MAX))
}

fn check(new: &NewNotice) -> Result<(), ServiceError> {
    let used = new.text.len();
    if used > LONGEST_TEXT {
        return Err(ServiceError::invalid(
            format!("Nội dung thông báo dài {used} byte; tối đa {LONGEST_TEXT}."),
            format!("The text of a notice has {used} bytes; at most {LONGEST_TEXT}."),
        ));
    }
    if !(1..=MOST_DAYS).contains(&new.days) {
        return Err(ServiceError::invalid(
            format!("Thông báo hiển thị {} ngày; phải từ 1 đến {MOST_DAYS}.", new.days),
            format!("A notice that is shown for {} days; it has to be 1 to {MOST_DAYS}.", new.days),
        ));
    }
    Ok(())
}

/// Refuses a text after reading what binds, and any notice after reading what lets nothing be kept.
fn may_tell(call: &Call, data: &PluginData, text: &str) -> Result<(), ServiceError> {
    let confinement = &call.confinement;
    let refused = |rule, text| {
        let subject = format!("plugin:{}", data.plugin);
        Err(ServiceError::Refused(Refusal { rule, subject, text }))
    };
    if confinement.contracts().iter().any(|(_, keep)| *keep == Keep::Nothing) {
        let text = Localized::new(
            "Lượt xử lý này đã đọc dữ liệu theo thoả thuận không cho lưu giữ gì nên không gửi được thông báo.",
            "This call has read under a contract that lets nothing be kept: it may send no notice.",
        );
        return refused("confined-keep-nothing", text);
    }
    if confinement.is_free() || text.trim().is_empty() {
        return Ok(());
    }
    let text = Localized::new(
        "Lượt xử lý này đã đọc dữ liệu Mật hoặc dữ liệu chia sẻ nên thông báo chỉ gồm tiêu đề đã khai báo và mã bản ghi.",
        "This call has read what is confidential, or under a contract: a notice says its declared title and names a record, no text.",
    );
    refused("confined-notice", text)
}
