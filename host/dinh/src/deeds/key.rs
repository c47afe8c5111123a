//! `dinh key`: the keys of what lies sealed.

use anyhow::{Result, bail};
use clap::Subcommand;
use dinh_services::Platform;
use dinh_services::permissions::AUDIT_READ;
use dinh_services::secrets::{self, KeyState};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::Authority;
use crate::reply::Reply;

/// What can be done with keys.
#[derive(Subcommand, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeyDeed {
    /// List the keys: whose data each seals, and whether it can be used
    List,
    /// Wrap every data key with a new key, and destroy the old ones; backups of before need a backup of those
    Rotate,
    /// Destroy a key, and with it for good all that is sealed under it, in backups too
    Destroy {
        /// Whose: the id of a plugin, or `dinh` for the secrets of second factors
        owner: String,
        /// The same again
        #[arg(long, value_name = "OWNER")]
        confirm: String,
    },
}

/// A key as commands show one.
#[derive(Serialize)]
pub(super) struct Shown {
    owner: String,
    wrapped_by: String,
    /// Why it cannot be used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) problem: Option<String>,
}

impl From<KeyState> for Shown {
    fn from(state: KeyState) -> Self {
        let problem = state.problem.map(|problem| problem.to_string());
        Self { owner: state.owner, wrapped_by: state.wrapped_by, problem }
    }
}

/// Does it.
pub(super) fn perform(platform: &Platform, authority: &Authority, deed: KeyDeed) -> Result<Reply> {
    match deed {
        KeyDeed::List => {
            authority.perform(platform, "key list", |call| call.require_everywhere(&AUDIT_READ))?;
            let keys: Vec<Shown> = secrets::key_states(platform)?.into_iter().map(Shown::from).collect();
            let row = |key: &Shown| {
                let state = key.problem.clone().unwrap_or_else(|| "can be used".to_owned());
                [key.owner.clone(), key.wrapped_by.clone(), state]
            };
            let rows: Vec<_> = keys.iter().map(row).collect();
            let kept = platform.keys_are();
            let table = crate::reply::table(["of", "wrapped by", "state"], rows);
            let value = json!({ "kept_by": kept, "keys": keys });
            Ok(Reply::lines(value, format!("{}\n{}\n\n{table}", kept.vi, kept.en)))
        }
        KeyDeed::Rotate => {
            let count = authority.perform(platform, "key rotate", secrets::rotate_keys)?;
            secrets::settle_keys(platform)?;
            Ok(Reply::done(json!({ "rotated": count }), format!("{count} keys are wrapped anew")))
        }
        KeyDeed::Destroy { owner, confirm } => {
            if owner != confirm {
                bail!(
                    "what is sealed for {owner} would be gone for good: say whose key it is again, with --confirm {owner}"
                );
            }
            authority.perform(platform, "key destroy", |call| secrets::destroy_key(call, &owner))?;
            secrets::settle_keys(platform)?;
            let sentence = format!(
                "the key of {owner} is destroyed, and what was sealed under it; destroy the backups of the key as well"
            );
            Ok(Reply::done(json!({ "destroyed": owner }), sentence))
        }
    }
}
