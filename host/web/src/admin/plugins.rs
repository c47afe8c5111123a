//! The installed plugins (ứng dụng): which serve, which are out, and since when. Whoever manages plugins sees those of their
//! units.

use std::sync::Arc;

use dinh_model::{PluginId, Timestamp, UnitId};
use dinh_runtime::bindings::views::{Page, Section, Tone};
use dinh_runtime::{NotLoaded, Plugin, Runtime, Standing};
use dinh_services::permissions::PLUGIN_MANAGE;
use dinh_services::{Call, ServiceError};

use super::blocks::{page as blank, section, untitled};
use super::desk::{Desk, Given};
use super::table::Rows;
use crate::limit_words;

/// A plugin, loaded or not.
pub enum Found {
    /// It can be called, or could if it were not out.
    Loaded(Arc<Plugin>),
    /// It is installed and could not be loaded.
    Not(NotLoaded),
}

impl Found {
    /// Its id, as it is registered.
    pub fn id(&self) -> &str {
        match self {
            Self::Loaded(plugin) => plugin.manifest.id.as_str(),
            Self::Not(failed) => &failed.id,
        }
    }

    /// The unit it is installed for; none when its registration cannot be read.
    pub fn home(&self) -> Option<UnitId> {
        match self {
            Self::Loaded(plugin) => Some(plugin.data.home_unit),
            Self::Not(failed) => failed.home_unit,
        }
    }

    /// Whether it is called.
    pub fn serves(&self) -> bool {
        matches!(self, Self::Loaded(plugin) if plugin.standing() == Standing::Serving)
    }

    /// How it stands, in words.
    pub fn standing(&self, desk: &Desk<'_>) -> (String, Tone) {
        match self {
            Self::Not(_) => (desk.say("Không nạp được", "Not loaded"), Tone::Bad),
            Self::Loaded(plugin) => match plugin.standing() {
                Standing::Serving => (desk.say("Đang phục vụ", "Serving"), Tone::Good),
                Standing::Quarantined(_) => {
                    (desk.say("Tạm ngừng do lỗi liên tiếp", "Quarantined"), Tone::Bad)
                }
                Standing::Suspended(_) => (desk.say("Người quản lý tạm ngừng", "Suspended"), Tone::Warning),
            },
        }
    }

    /// Since when it does not serve.
    pub fn out_since(&self) -> Option<Timestamp> {
        match self {
            Self::Loaded(plugin) => plugin.standing().out_since(),
            Self::Not(_) => None,
        }
    }

    /// Why it does not serve, in words.
    pub fn why(&self, desk: &Desk<'_>) -> Option<String> {
        match self {
            Self::Not(failed) => Some(failed.reason.clone()),
            Self::Loaded(plugin) => match plugin.standing() {
                Standing::Serving => None,
                Standing::Suspended(suspension) => Some(suspension.reason),
                Standing::Quarantined(out) => {
                    let last = ended(desk, out.why);
                    let (failures, of, times) = (out.failures, out.of, out.times);
                    Some(desk.say(
                        &format!(
                            "{failures}/{of} lượt gọi gần nhất bị lỗi; lỗi cuối: {last}; lần thứ {times}"
                        ),
                        &format!("{failures} of {of} calls failed, the last: {last}; time {times}"),
                    ))
                }
            },
        }
    }
}

/// How a call ended, or which limit it reached, in words.
pub fn ended(desk: &Desk<'_>, why: &str) -> String {
    match why {
        "trapped" | "call.trapped" => desk.say("dừng đột ngột", "broke off"),
        "failed" | "call.failed" => desk.say("ứng dụng báo lỗi", "failed"),
        name => {
            let limit = limit_words::limit(name, desk.language());
            format!("{}: {limit}", desk.say("vượt giới hạn", "reached the limit"))
        }
    }
}

/// Those that the actor manages. One whose registration cannot be read is for whoever manages all.
pub fn managed(call: &mut Call, runtime: &Runtime) -> Result<Vec<Found>, ServiceError> {
    let reach = match call.require_somewhere(&PLUGIN_MANAGE, None) {
        Ok(reach) => reach,
        Err(ServiceError::Denied(_)) => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let loaded = runtime.plugins().into_iter().map(Found::Loaded);
    let all = runtime.not_loaded().into_iter().map(Found::Not).chain(loaded);
    Ok(all.filter(|found| found.home().map_or(reach.is_everything(), |home| reach.has(home))).collect())
}

/// One of those.
pub fn find(desk: &mut Desk<'_>, id: &PluginId) -> Given<Found> {
    let Some(runtime) = desk.runtime() else { return Err(desk.missing()) };
    let found = managed(desk.call, &runtime)?.into_iter().find(|found| found.id() == id.as_str());
    found.ok_or_else(|| desk.missing())
}

/// How many of those that the actor manages do not serve.
pub fn count_out(call: &mut Call, runtime: &Runtime) -> Result<usize, ServiceError> {
    Ok(managed(call, runtime)?.iter().filter(|found| !found.serves()).count())
}

/// `/plugins`
pub fn page(desk: &mut Desk<'_>) -> Given<Page> {
    let Some(runtime) = desk.runtime() else { return Err(desk.missing()) };
    let found = managed(desk.call, &runtime)?;
    let mut page = blank(desk.say("Ứng dụng", "Applications"));
    page.subtitle = Some(desk.say(
        "Các ứng dụng đã cài cho đơn vị bạn quản lý, và tình trạng của từng ứng dụng.",
        "The applications installed for units that you manage, and how each stands.",
    ));
    page.breadcrumbs = desk.way(vec![]);
    let empty = desk.say("Chưa cài ứng dụng nào.", "None is installed.");
    page.sections = vec![untitled("list", vec![table(desk, "plugins", &found, empty).block()])];
    Ok(page)
}

/// What the inbox says of those that do not serve; none when all do.
pub fn waiting(desk: &mut Desk<'_>) -> Given<Option<Section>> {
    let Some(runtime) = desk.runtime() else { return Ok(None) };
    let mut out = managed(desk.call, &runtime)?;
    out.retain(|found| !found.serves());
    if out.is_empty() {
        return Ok(None);
    }
    let list = table(desk, "plugins-out", &out, String::new()).within().block();
    let title = desk.say("Ứng dụng không phục vụ", "Applications that do not serve");
    Ok(Some(section("plugins-waiting", title, vec![list])))
}

fn table<'r>(desk: &Desk<'_>, id: &str, found: &'r [Found], empty: String) -> Rows<'r, Found> {
    let language = desk.language();
    Rows::new(id, found, empty)
        .text("name", desk.say("Ứng dụng", "Application"), |it| match it {
            Found::Loaded(plugin) => plugin.manifest.name.get(language).to_owned(),
            Found::Not(failed) => failed.id.clone(),
        })
        .target(|it| Some(format!("/plugins/{}", it.id())))
        .badge("standing", desk.say("Tình trạng", "Standing"), |it| it.standing(desk))
        .maybe("why", desk.say("Lý do", "Why"), |it| it.why(desk))
        .text("home", desk.say("Đơn vị", "Unit"), |it| {
            it.home().map_or_else(String::new, |home| desk.unit_name(home))
        })
        .maybe("version", desk.say("Phiên bản", "Version"), |it| match it {
            Found::Loaded(plugin) => Some(plugin.manifest.version.to_string()),
            Found::Not(_) => None,
        })
        .code("plugin", desk.say("Mã", "Id"), |it| it.id().to_owned())
}
