//! Notices of applications to the reader, in the inbox: read and taken away by them alone.

use std::sync::Arc;

use dinh_runtime::bindings::pages::Outcome;
use dinh_runtime::bindings::views::{PluginPage, Section, Target, Tone};
use dinh_services::notices::{self, NoticeId, Shown};

use super::blocks::{deed, section};
use super::desk::{Desk, Given, Inputs};
use super::table::{ON_A_PAGE, Rows};

/// The newest ones; none when there are none.
pub fn newest(desk: &mut Desk<'_>) -> Given<Option<Section>> {
    let plugins: Vec<_> = desk.plugins().iter().map(|plugin| Arc::clone(&plugin.data)).collect();
    let found = notices::newest(desk.call, &plugins, ON_A_PAGE)?;
    if found.is_empty() {
        return Ok(None);
    }
    let language = desk.language();
    let plugins = desk.plugins();
    let name = |it: &Shown| {
        let known = plugins.iter().find(|plugin| plugin.manifest.id == it.plugin);
        known.map_or_else(|| it.plugin.to_string(), |known| known.manifest.name.get(language).to_owned())
    };
    let to = |it: &Shown| {
        Some(Target::Plugin(PluginPage { plugin: it.plugin.to_string(), path: it.path.clone() }))
    };
    let standing = |it: &Shown| match it.is_read {
        true => (desk.say("Đã đọc", "Read"), Tone::Neutral),
        false => (desk.say("Chưa đọc", "Unread"), Tone::Info),
    };
    let confirm = desk.say("Bỏ các thông báo đã chọn?", "Take the selected notices away?");
    let bulk = vec![
        deed(desk.say("Đánh dấu đã đọc", "Mark as read"), "read-notices", String::new()),
        deed(desk.say("Bỏ", "Dismiss"), "dismiss-notices", confirm),
    ];
    let table = Rows::new("notices", &found, String::new())
        .text("notice", desk.say("Thông báo", "Notice"), |it| it.title.get(language).to_owned())
        .leads(to)
        .maybe("text", desk.say("Nội dung", "What"), |it| {
            Some(it.text.clone()).filter(|text| !text.is_empty())
        })
        .text("plugin", desk.say("Ứng dụng", "Application"), name)
        .moment("sent", desk.say("Lúc", "At"), |it| it.sent)
        .badge("standing", desk.say("Tình trạng", "Standing"), standing)
        .bulk(|it| it.id.spelled(), bulk)
        .within();
    Ok(Some(section("notices", desk.say("Thông báo", "Notices"), vec![table.block()])))
}

/// What comes back from them.
pub fn submit(desk: &mut Desk<'_>, inputs: &Inputs<'_>) -> Given<Outcome> {
    let chosen: Option<Vec<NoticeId>> = inputs.0.selected.iter().map(|one| NoticeId::parse(one)).collect();
    let chosen = chosen.ok_or_else(|| desk.missing())?;
    match inputs.0.form.as_str() {
        "read-notices" => {
            for id in chosen {
                notices::read(desk.call, id)?;
            }
            desk.done("/inbox", "Đã đánh dấu là đã đọc", "Marked as read")
        }
        "dismiss-notices" => {
            for id in chosen {
                notices::dismiss(desk.call, id)?;
            }
            desk.done("/inbox", "Đã bỏ thông báo", "Taken away")
        }
        _ => Err(desk.missing()),
    }
}
