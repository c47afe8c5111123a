//! Who may bring files, and whether there is room for them.

use dinh_model::key::after_prefix;
use dinh_model::{AccountId, FieldType, Target, Verb};
use dinh_store::Direction;

use super::attach::let_go_waiting;
use super::keys;
use crate::records::PluginData;
use crate::{Call, ServiceError};

/// Goes on only if the actor may add or change records of the plugin that hold files; whose account it is.
pub(super) fn may_bring(call: &mut Call, data: &PluginData) -> Result<AccountId, ServiceError> {
    let holds = |kind: &FieldType| matches!(kind, FieldType::Attachment(_));
    let with_files = data.collections.iter().filter(|it| it.fields.iter().any(|field| holds(&field.kind)));
    let mut permissions = Vec::new();
    for collection in with_files {
        for verb in [Verb::Create, Verb::Update] {
            let permission = collection.permissions.get(verb);
            if !permissions.contains(&permission) {
                permissions.push(permission);
            }
        }
    }
    let Some(first) = permissions.first() else {
        return Err(ServiceError::refused(
            "no-files-here",
            format!("plugin:{}", data.plugin),
            "Ứng dụng này không nhận tệp đính kèm.",
            "This plugin takes no files.",
        ));
    };
    call.policy_in_force()?;
    let may = permissions.iter().any(|permission| {
        let index = call.permission_index(permission);
        index.is_some_and(|index| call.policy.holds(call.actor(), index, call.now()))
    });
    match call.account().filter(|_| may) {
        Some(account) => Ok(account),
        None => Err(ServiceError::Denied(call.denial(first, &Target::unit(data.home_unit)))),
    }
}

/// Of what waits for an account, the oldest is let go of until one more may wait.
pub(super) fn make_room(call: &mut Call, number: u32, account: AccountId) -> Result<(), ServiceError> {
    let prefix = keys::waiting_of(number, account);
    let end = after_prefix(&prefix);
    let mut waiting = Vec::new();
    for row in call.transaction.range_unchecked(&prefix, end.as_deref(), Direction::Forward) {
        let (key, stored) = row?;
        let at: i64 = crate::call::decode(&key, &stored.value)?;
        waiting.extend(keys::trailing(&key).map(|id| (id, at)));
    }
    let beyond = (waiting.len() + 1).saturating_sub(call.common.file_limits.waiting_each.max(1));
    for (id, at) in waiting.into_iter().take(beyond) {
        let_go_waiting(call, number, id, at)?;
    }
    Ok(())
}

/// Goes on only if the files of a plugin may have so many bytes.
pub(super) fn room(call: &Call, file: &str, bytes: u64) -> Result<(), ServiceError> {
    if bytes <= call.common.file_limits.plugin_bytes {
        return Ok(());
    }
    Err(ServiceError::invalid(
        format!(
            "Không còn chỗ cho tệp “{file}”: các tệp của ứng dụng này đã đạt giới hạn. Hãy báo quản trị viên."
        ),
        format!(
            "There is no room for “{file}”: the files of this plugin have reached their bound. Tell the administrator."
        ),
    ))
}
