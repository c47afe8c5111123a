//! `dinh plugin install`, `list`, `show`, `suspend` and `release`.

mod show;

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Subcommand;
use dinh_model::{Language, Localized, PluginId, UnitId};
use dinh_runtime::{
    AcceptedLimits, AskedLimit, Install, Installation, Plugin, RightsChange, Runtime, Standing, release,
    suspend,
};
use dinh_services::permissions::PLUGIN_MANAGE;
use dinh_services::{ServiceError, Thing};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::input::{Input, Wanted};
use super::{Authority, named};
use crate::house::House;
use crate::reply::{self, Reply};

/// Most bytes of a component: those made from JavaScript and Python have 12 to 18 MB.
const MOST: u64 = 64 << 20;

/// What can be done to plugins of a data folder.
#[derive(Subcommand, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PluginDeed {
    /// Install a plugin; a running server serves it at once
    Install {
        /// The `.wasm` file that `dinh plugin build` made
        file: PathBuf,
        /// Code of the unit that the plugin's records belong to, where they name none
        #[arg(long, value_name = "CODE")]
        home_unit: String,
        /// People gain rights by roles that they hold and that this version defines anew: you looked at them
        #[arg(long)]
        accept_rights: bool,
        /// It may use so much beyond the defaults: exactly what a refused installation showed
        #[arg(long, value_name = "LIMIT=AMOUNT,…", value_parser = accepted)]
        accept_limits: Option<String>,
    },
    /// List the plugins of the units in which whoever acts manages them, also those that cannot be loaded
    List,
    /// Show how a plugin stands: what it may use, what it has used, how its calls ended
    Show {
        /// Its id
        plugin: PluginId,
    },
    /// Take a plugin out until it is released: its pages say so, and events wait
    Suspend {
        /// Its id
        plugin: PluginId,
        /// Why
        #[arg(long, default_value = "")]
        reason: String,
    },
    /// Let a plugin back at once that was suspended, that kept failing, or that ended the host while it was loaded
    Release {
        /// Its id
        plugin: PluginId,
    },
}

impl PluginDeed {
    /// The component, for those that install one.
    pub(super) fn wanted(&self) -> Wanted {
        match self {
            Self::Install { file, .. } => Wanted::File { path: file.clone(), most: MOST },
            Self::List | Self::Show { .. } | Self::Suspend { .. } | Self::Release { .. } => Wanted::Nothing,
        }
    }
}

/// A plugin as commands show one.
#[derive(Serialize)]
struct Shown {
    id: PluginId,
    version: String,
    name: Localized,
    home_unit: String,
    sha256: String,
    /// `serving`, `quarantined` or `suspended`.
    standing: &'static str,
    /// What an installation changed for those who hold its roles.
    #[serde(skip_serializing_if = "Option::is_none")]
    rights: Option<RightsChange>,
    /// What it may use beyond the defaults since then.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    limits: Vec<AskedLimit>,
}

impl Shown {
    fn new(plugin: &Plugin, home_unit: String) -> Self {
        Self {
            id: plugin.manifest.id.clone(),
            version: plugin.manifest.version.to_string(),
            name: plugin.manifest.name.clone(),
            home_unit,
            sha256: plugin.package().map(|hash| data_encoding::HEXLOWER.encode(hash)).unwrap_or_default(),
            standing: plugin.standing().as_str(),
            rights: None,
            limits: Vec::new(),
        }
    }
}

/// Does it.
pub(super) fn perform(house: &House, authority: &Authority, deed: PluginDeed, input: Input) -> Result<Reply> {
    let platform = house.platform();
    match deed {
        PluginDeed::Install { home_unit, accept_rights, accept_limits, .. } => {
            let component = input.file.context("the command came without the component it installs")?.0;
            authority.may_change()?;
            let origin = authority.origin(platform, "plugin install")?;
            let home = named::unit(&platform.begin(&origin)?, &home_unit)?;
            let accept_limits = accept_limits.as_deref().map(str::parse).transpose()?.unwrap_or_default();
            let install = Install { accept_rights, accept_limits, ..Install::at(home.id) };
            let Installation { plugin, rights, limits } =
                house.runtime()?.install(&component, install, &origin)?;
            let plugin = Shown::new(&plugin, home.code);
            let mut sentence =
                format!("{} {} is installed for {}", plugin.id, plugin.version, plugin.home_unit);
            if !rights.roles.is_empty() {
                sentence.push_str(&format!("\n{}", rights.text(Language::En)));
            }
            for it in &limits {
                sentence.push_str(&format!(
                    "\nit may use {} of {} (default {})",
                    it.amount, it.limit, it.default
                ));
            }
            Ok(Reply::done(Shown { rights: Some(rights), limits, ..plugin }, sentence))
        }
        PluginDeed::List => {
            let runtime = house.runtime()?;
            let (plugins, not_loaded) = authority.perform(platform, "plugin list", |call| {
                let reach = call.require_somewhere(&PLUGIN_MANAGE, None)?;
                let mut plugins = runtime.plugins();
                plugins.retain(|plugin| reach.has(plugin.data.home_unit));
                let code = |plugin: &Plugin| named::code_of(call, plugin.data.home_unit);
                let plugins: Vec<_> = plugins.iter().map(|plugin| Shown::new(plugin, code(plugin))).collect();
                let mut not_loaded = runtime.not_loaded();
                // One whose home cannot be read is for whoever manages all.
                not_loaded.retain(|it| it.home_unit.map_or(reach.is_everything(), |home| reach.has(home)));
                Ok((plugins, not_loaded))
            })?;
            let rows = plugins.iter().map(|it: &Shown| {
                let id = it.id.to_string();
                [id, it.version.clone(), it.home_unit.clone(), it.name.vi.clone(), it.sha256.clone()]
            });
            let mut text = reply::table(["plugin", "version", "home unit", "name", "sha256"], rows);
            for out in plugins.iter().filter(|it| it.standing != Standing::Serving.as_str()) {
                text.push_str(&format!("\n{} is {}; `dinh plugin show {0}` says why", out.id, out.standing));
            }
            for failed in &not_loaded {
                text.push_str(&format!("\n{} cannot be loaded: {}", failed.id, failed.reason));
            }
            let loaded = plugins.iter().map(|plugin| json!(plugin));
            let failed = not_loaded.iter().map(|it| json!({ "id": it.id, "not_loaded": it.reason }));
            Ok(Reply { value: loaded.chain(failed).collect(), text })
        }
        PluginDeed::Show { plugin } => show::show(house, authority, &plugin),
        PluginDeed::Suspend { plugin, reason } => {
            let runtime = house.runtime()?;
            authority.perform(platform, "plugin suspend", |call| {
                suspend(call, &plugin, home_of(&runtime, &plugin)?, &reason)
            })?;
            runtime.look_at_suspensions();
            let text = format!("{plugin} is suspended; `dinh plugin release {plugin}` lets it back");
            Ok(Reply::done(json!({ "id": plugin, "standing": "suspended" }), text))
        }
        PluginDeed::Release { plugin } => {
            let runtime = house.runtime()?;
            authority.perform(platform, "plugin release", |call| {
                release(call, &plugin, home_of(&runtime, &plugin)?)
            })?;
            runtime.look_at_suspensions();
            let text = match runtime.plugin(&plugin) {
                Some(_) => format!("{plugin} is let back"),
                None => format!("{plugin} is let back; it is loaded at the next start"),
            };
            Ok(Reply::done(json!({ "id": plugin, "standing": "serving" }), text))
        }
    }
}

/// Refuses what would accept nothing. It stays text on its way to a running server.
fn accepted(text: &str) -> Result<String, dinh_model::ParseError> {
    text.parse::<AcceptedLimits>().map(|_| text.to_owned())
}

/// The unit that a plugin is installed for.
fn home_of(runtime: &Runtime, plugin: &PluginId) -> Result<UnitId, ServiceError> {
    runtime.home_of(plugin).ok_or_else(|| ServiceError::not_found(Thing::Plugin, plugin))
}
