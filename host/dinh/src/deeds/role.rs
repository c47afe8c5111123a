//! `dinh role`: what can be granted, and what each holds; roles of this deployment.

use anyhow::Result;
use clap::Subcommand;
use dinh_model::{Localized, Permission, RoleId};
use dinh_services::accounts::{Role, define_role, find_role, list_roles, permission_title};
use dinh_services::{Platform, ServiceError, Thing};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::Authority;
use crate::reply::{Reply, count, facts_of, table};

/// What can be asked of roles.
#[derive(Subcommand, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RoleDeed {
    /// List the roles: those of the platform, of the installed plugins and of this deployment
    List,
    /// Show a role with its permissions
    Show {
        /// The role, such as `dinh.administrator`
        role: RoleId,
    },
    /// Define a role of this deployment, or define it anew: it then holds these permissions and no others. One that is
    /// granted gains none
    Define {
        /// The role: the code of a unit or of a plugin, a point, a name, such as `skhdt.officer`
        role: RoleId,
        /// Its title in Vietnamese
        #[arg(long, value_name = "TITLE")]
        vi: String,
        /// Its title in English [default: the Vietnamese one]
        #[arg(long, value_name = "TITLE")]
        en: Option<String>,
        /// A permission that it holds; once for each
        #[arg(long = "permission", value_name = "PERMISSION")]
        permissions: Vec<Permission>,
    },
}

/// A role as commands show one.
#[derive(Serialize)]
struct Shown {
    id: RoleId,
    title: Localized,
    permissions: Vec<Permission>,
}

impl From<Role> for Shown {
    fn from(role: Role) -> Self {
        Self { id: role.id, title: role.title, permissions: role.permissions }
    }
}

/// Does it.
pub(super) fn perform(platform: &Platform, authority: &Authority, deed: RoleDeed) -> Result<Reply> {
    match deed {
        RoleDeed::List => {
            let roles = authority.perform(platform, "role list", |call| list_roles(call))?;
            let roles: Vec<Shown> = roles.into_iter().map(Shown::from).collect();
            let rows: Vec<_> = roles
                .iter()
                .map(|role| {
                    let count = role.permissions.len().to_string();
                    [role.id.to_string(), count, role.title.vi.clone(), role.title.en.clone()]
                })
                .collect();
            Ok(Reply::table(roles, ["role", "permissions", "Vietnamese", "English"], rows))
        }
        RoleDeed::Define { role, vi, en, permissions } => {
            let title = Localized::new(&vi, en.as_deref().unwrap_or(&vi));
            let defined = authority.perform(platform, "role define", |call| {
                define_role(call, &role, &title, &permissions)?;
                let found = find_role(call, &role)?;
                found.ok_or_else(|| ServiceError::not_found(Thing::Role, &role))
            })?;
            let held = count(defined.permissions.len(), "permission", "permissions");
            let sentence = format!("the role {role} holds {held}");
            Ok(Reply::done(Shown::from(defined), sentence))
        }
        RoleDeed::Show { role } => {
            let (role, titles) = authority.perform(platform, "role show", |call| {
                let found = find_role(call, &role)?;
                let found = found.ok_or_else(|| ServiceError::not_found(Thing::Role, &role))?;
                let titles: Vec<_> = found
                    .permissions
                    .iter()
                    .map(|held| (held.clone(), permission_title(call, held)))
                    .collect();
                Ok((found, titles))
            })?;
            let facts = [
                ("role", role.id.to_string()),
                ("Vietnamese", role.title.vi.clone()),
                ("English", role.title.en.clone()),
            ];
            let rows = titles.iter().map(|(permission, title)| {
                let (vi, en) =
                    title.as_ref().map_or(("", ""), |title| (title.vi.as_str(), title.en.as_str()));
                [permission.to_string(), vi.to_owned(), en.to_owned()]
            });
            let text =
                format!("{}\n\n{}", facts_of(&facts), table(["permission", "Vietnamese", "English"], rows));
            let permissions: Vec<_> =
                titles.iter().map(|(id, title)| json!({ "id": id, "title": title })).collect();
            let value = json!({ "id": role.id, "title": role.title, "permissions": permissions });
            Ok(Reply::lines(value, text))
        }
    }
}
