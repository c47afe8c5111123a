//! A plugin that is installed and ready to be called.

use std::sync::Arc;

use arc_swap::ArcSwap;
use dinh_access::{PermissionIndex, Policy};
use dinh_model::{Actor, Permission, Timestamp, time};
use dinh_services::records::PluginData;
use parking_lot::RwLock;

use crate::Manifest;
use crate::package::Hash;
use crate::prepared::Prepared;
use crate::registry::Installed;
use crate::state::State;

/// A plugin that is installed and ready to be called.
pub struct Plugin {
    /// What it says it is.
    pub manifest: Arc<Manifest>,
    /// Where its records are.
    pub data: Arc<PluginData>,
    /// SHA-256 of its package.
    pub package: Hash,
    /// When this version was installed.
    pub installed: Timestamp,
    /// Compiled and linked; each call makes an instance of it.
    pub(crate) instance: Prepared<State>,
    /// Held shared by calls that write, alone by one that has conflicted too often.
    pub(crate) lane: RwLock<()>,
    permissions: ArcSwap<Numbered>,
}

/// The manifest's permissions as one policy numbers them.
struct Numbered {
    policy: Option<u64>,
    permissions: Arc<[Option<PermissionIndex>]>,
}

impl Plugin {
    pub(crate) fn new(manifest: Arc<Manifest>, installed: &Installed, instance: Prepared<State>) -> Self {
        Self {
            data: Arc::new(installed.data(&manifest)),
            manifest,
            package: installed.package,
            installed: time::from_microseconds(installed.at).unwrap_or_default(),
            instance,
            lane: RwLock::new(()),
            permissions: ArcSwap::from_pointee(Numbered { policy: None, permissions: Arc::from([]) }),
        }
    }

    /// The manifest's permissions as `policy` numbers them, looked up once for each policy.
    pub(crate) fn permissions(&self, policy: &Policy) -> Arc<[Option<PermissionIndex>]> {
        let known = self.permissions.load();
        if known.policy == Some(policy.version()) {
            return Arc::clone(&known.permissions);
        }
        let declared = &self.manifest.permissions;
        let permissions: Arc<[_]> =
            declared.iter().map(|declared| policy.permission(&declared.permission)).collect();
        let numbered = Numbered { policy: Some(policy.version()), permissions: Arc::clone(&permissions) };
        self.permissions.store(Arc::new(numbered));
        permissions
    }

    /// Whether the actor holds a permission for anything at all: what a menu entry and a route ask.
    pub fn holds(&self, policy: &Policy, actor: &Actor, permission: &Permission, now: Timestamp) -> bool {
        policy.permission(permission).is_some_and(|index| !policy.scopes(actor, index, now).is_empty())
    }

    /// Whether the actor may open a path: what a launcher and a link ask. The call itself checks again.
    pub fn opens(&self, policy: &Policy, actor: &Actor, path: &str, now: Timestamp) -> bool {
        self.manifest.route(path).is_some_and(|route| self.holds(policy, actor, &route.permission, now))
    }
}
