//! `dinh plugin install` and `list`.

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Subcommand;
use dinh_model::{Language, Localized, PluginId};
use dinh_runtime::{Install, Installation, Plugin, RightsChange};
use dinh_services::permissions::PLUGIN_MANAGE;
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
    },
    /// List the plugins of the units in which whoever acts manages them, also those that cannot be loaded
    List,
}

impl PluginDeed {
    /// The component, for those that install one.
    pub(super) fn wanted(&self) -> Wanted {
        match self {
            Self::Install { file, .. } => Wanted::File { path: file.clone(), most: MOST },
            Self::List => Wanted::Nothing,
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
    /// What an installation changed for those who hold its roles.
    #[serde(skip_serializing_if = "Option::is_none")]
    rights: Option<RightsChange>,
}

impl Shown {
    fn new(plugin: &Plugin, home_unit: String) -> Self {
        Self {
            id: plugin.manifest.id.clone(),
            version: plugin.manifest.version.to_string(),
            name: plugin.manifest.name.clone(),
            home_unit,
            sha256: plugin.package().map(|hash| data_encoding::HEXLOWER.encode(hash)).unwrap_or_default(),
            rights: None,
        }
    }
}

/// Does it.
pub(super) fn perform(house: &House, authority: &Authority, deed: PluginDeed, input: Input) -> Result<Reply> {
    let platform = house.platform();
    match deed {
        PluginDeed::Install { home_unit, accept_rights, .. } => {
            let component = input.file.context("the command came without the component it installs")?.0;
            authority.may_change()?;
            let origin = authority.origin(platform, "plugin install")?;
            let home = named::unit(&platform.begin(&origin)?, &home_unit)?;
            let install = Install { accept_rights, ..Install::at(home.id) };
            let Installation { plugin, rights } = house.runtime()?.install(&component, install, &origin)?;
            let plugin = Shown::new(&plugin, home.code);
            let mut sentence =
                format!("{} {} is installed for {}", plugin.id, plugin.version, plugin.home_unit);
            if !rights.roles.is_empty() {
                sentence.push_str(&format!("\n{}", rights.text(Language::En)));
            }
            Ok(Reply::done(Shown { rights: Some(rights), ..plugin }, sentence))
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
            for failed in &not_loaded {
                text.push_str(&format!("\n{} cannot be loaded: {}", failed.id, failed.reason));
            }
            let loaded = plugins.iter().map(|plugin| json!(plugin));
            let failed = not_loaded.iter().map(|it| json!({ "id": it.id, "not_loaded": it.reason }));
            Ok(Reply { value: loaded.chain(failed).collect(), text })
        }
    }
}
