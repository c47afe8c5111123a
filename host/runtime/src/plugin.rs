//! A plugin that is ready to be called: installed from a package, or built into the platform.

use std::sync::Arc;

use arc_swap::{ArcSwap, ArcSwapOption};
use dinh_access::{PermissionIndex, Policy};
use dinh_model::{Actor, Permission, Timestamp, UnitId, time};
use dinh_services::records::PluginData;
use parking_lot::{Mutex, RwLock};

use crate::aside::Front;
use crate::manifest::OpensTo;
use crate::native::Native;
use crate::package::Hash;
use crate::pool::Bound;
use crate::prepared::Prepared;
use crate::quarantine::{Health, Suspension};
use crate::rate::Rate;
use crate::registry::Installed;
use crate::state::State;
use crate::{Limits, Manifest};

/// A plugin that is ready to be called.
pub struct Plugin {
    /// What it says it is.
    pub manifest: Arc<Manifest>,
    /// Where its records are.
    pub data: Arc<PluginData>,
    /// What answers its calls.
    pub(crate) code: Code,
    /// Held shared by calls that write, alone by one that has conflicted too often.
    pub(crate) lane: RwLock<()>,
    /// Whether it keeps failing.
    pub(crate) health: Mutex<Health>,
    /// Where its calls begin.
    pub(crate) front: Arc<Front>,
    /// How often it may be called yet.
    pub(crate) rate: Rate,
    /// Whether people took it out.
    pub(crate) suspended: ArcSwapOption<Suspension>,
    permissions: ArcSwap<Numbered>,
}

/// What answers the calls of a plugin.
pub(crate) enum Code {
    /// A stranger's component.
    Package(Packaged),
    /// Code of the host itself.
    Native(Box<dyn Native>),
}

/// A package as it is served.
pub(crate) struct Packaged {
    /// SHA-256 of the package.
    hash: Hash,
    installed: Timestamp,
    /// Compiled and linked; each call makes an instance of it.
    pub(crate) instance: Prepared<State>,
}

/// The manifest's permissions as one policy numbers them.
struct Numbered {
    policy: Option<u64>,
    permissions: Arc<[Option<PermissionIndex>]>,
}

impl Plugin {
    pub(crate) fn new(manifest: Arc<Manifest>, installed: &Installed, instance: Prepared<State>) -> Self {
        let data = installed.data(&manifest);
        let installed = Packaged {
            hash: installed.package,
            installed: time::from_microseconds(installed.at).unwrap_or_default(),
            instance,
        };
        Self::serving(manifest, data, Code::Package(installed))
    }

    /// Pages of the platform itself. They keep no records of their own: what they show is the services'.
    pub(crate) fn native(manifest: Manifest, native: Box<dyn Native>) -> Self {
        let data = PluginData {
            plugin: manifest.id.clone(),
            // Numbers of plugins begin at 1, and so do those of units.
            number: 0,
            generation: 0,
            home_unit: UnitId(0),
            collections: Vec::new(),
            sequences: Vec::new(),
        };
        Self::serving(Arc::new(manifest), data, Code::Native(native))
    }

    fn serving(manifest: Arc<Manifest>, data: PluginData, code: Code) -> Self {
        Self {
            data: Arc::new(data),
            code,
            lane: RwLock::new(()),
            health: Mutex::default(),
            front: Arc::default(),
            rate: Rate::new(manifest.limits.calls_per_minute),
            suspended: ArcSwapOption::empty(),
            permissions: ArcSwap::from_pointee(Numbered { policy: None, permissions: Arc::from([]) }),
            manifest,
        }
    }

    /// How much of the pool it may take.
    pub(crate) fn bound(&self) -> Bound {
        let Limits { running, waiting, .. } = self.manifest.limits;
        Bound { running, waiting }
    }

    /// SHA-256 of its package; none for what is built in.
    pub fn package(&self) -> Option<&Hash> {
        match &self.code {
            Code::Package(packaged) => Some(&packaged.hash),
            Code::Native(_) => None,
        }
    }

    /// When this version was installed; none for what is built in.
    pub fn installed(&self) -> Option<Timestamp> {
        match &self.code {
            Code::Package(packaged) => Some(packaged.installed),
            Code::Native(_) => None,
        }
    }

    /// Whether it is part of the platform.
    pub fn is_built_in(&self) -> bool {
        matches!(self.code, Code::Native(_))
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

    /// Whether the actor holds a permission for any unit at all.
    pub fn holds(&self, policy: &Policy, actor: &Actor, permission: &Permission, now: Timestamp) -> bool {
        self.index(policy, permission).is_some_and(|index| policy.holds(actor, index, now))
    }

    /// The policy's number of a permission. Those that the manifest declares are known already.
    fn index(&self, policy: &Policy, permission: &Permission) -> Option<PermissionIndex> {
        let declared = self.manifest.permissions.iter().position(|it| it.permission == *permission);
        match declared {
            Some(at) => self.permissions(policy).get(at).copied().flatten(),
            None => policy.permission(permission),
        }
    }

    /// Whether a page is for the actor: what a menu entry and a route ask.
    pub fn admits(&self, policy: &Policy, actor: &Actor, opens_to: &OpensTo, now: Timestamp) -> bool {
        match opens_to {
            OpensTo::Holders(permissions) => {
                permissions.iter().any(|permission| self.holds(policy, actor, permission, now))
            }
            OpensTo::Everybody => actor.account().is_some_and(|account| policy.clearance(account).is_some()),
        }
    }

    /// Whether the actor may open a path: what a launcher and a link ask. The call itself checks again.
    pub fn opens(&self, policy: &Policy, actor: &Actor, path: &str, now: Timestamp) -> bool {
        self.manifest.route(path).is_some_and(|route| self.admits(policy, actor, &route.opens_to, now))
    }
}
