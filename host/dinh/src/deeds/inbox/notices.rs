//! Notices of applications to whoever acts; their page in the inbox marks them as read and takes them away.

use std::sync::Arc;

use anyhow::Result;
use dinh_model::{Label, PluginId};
use dinh_services::{ServiceError, notices};
use serde::Serialize;

use super::super::Authority;
use crate::day;
use crate::house::House;
use crate::reply;

/// The newest that are listed.
const SHOWN: usize = 50;

/// A notice.
#[derive(Serialize)]
pub(super) struct Notice {
    plugin: PluginId,
    notice: String,
    /// More of it; empty when its title says all.
    text: String,
    label: Label,
    sent: String,
    read: bool,
    /// The page that it leads to.
    page: String,
}

/// The notices for whoever acts, the newest first.
pub(super) fn newest(house: &House, authority: &Authority) -> Result<Vec<Notice>> {
    let plugins = house.runtime()?.plugins();
    let data: Vec<_> = plugins.iter().map(|plugin| Arc::clone(&plugin.data)).collect();
    let found = authority.perform(house.platform(), "inbox", |call| {
        let language = call.language();
        let found = notices::newest(call, &data, SHOWN)?.into_iter().map(|it| Notice {
            notice: it.title.get(language).to_owned(),
            page: format!("/apps/{}{}", it.plugin, it.path),
            sent: day::moment(it.sent),
            plugin: it.plugin,
            text: it.text,
            label: it.label,
            read: it.is_read,
        });
        Ok::<_, ServiceError>(found.collect())
    })?;
    Ok(found)
}

/// Notices as a table.
pub(super) fn table(notices: &[Notice]) -> String {
    let rows = notices.iter().map(|it| {
        let standing = if it.read { "read" } else { "unread" };
        let (sent, text) = (it.sent.clone(), it.text.clone());
        [it.plugin.to_string(), it.notice.clone(), text, sent, standing.to_owned(), it.page.clone()]
    });
    reply::table(["plugin", "notice", "text", "sent", "standing", "page"], rows)
}
