//! Installation: a file becomes a plugin that is served.
//!
//! ```text
//! may they? ─ package ─ compile, link ─┬ rehearse ─ keep the file ─ one change ─ serve
//!                                      │                             └ registry, permissions, roles ─ who gains?
//!                                      └ from here on one at a time
//! ```
//!
//! Compiling may take minutes of a child, and holds up no other installation.
//! Roles that people hold already and that a newer version defines anew give nobody a right unless that was accepted.
//! Until the change is durable nothing is different; any failure leaves what was installed before serving.

use std::sync::Arc;

use dinh_model::{Target, Timestamp, UnitId, time};
use dinh_services::accounts::{self, Role, declare_plugin};
use dinh_services::space::Counter;
use dinh_services::{Call, Origin, Platform, ServiceError, permissions, schedule, sharing};
use dinh_store::{Entry, Outcome};

use crate::accepted::AcceptedLimits;
use crate::manifest::DeclaredRole;
use crate::package::Package;
use crate::prepared::Prepared;
use crate::registry::{self, Installed};
use crate::rights::{RightsChange, RoleChange, ServiceChange};
use crate::runtime::House;
use crate::state::State;
use crate::{AskedLimit, CompileError, InstallError, Limits, Manifest, Plugin, Runtime, schema};

/// What an operator decides at installation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Install {
    /// The unit that records belong to when their collection names no unit field.
    pub home_unit: UnitId,
    /// People may gain rights by roles that they hold and that this version defines anew.
    pub accept_rights: bool,
    /// What it may use beyond the defaults: exactly that.
    pub accept_limits: AcceptedLimits,
}

impl Install {
    /// For a unit; refused if anybody gains rights by it.
    pub fn at(home_unit: UnitId) -> Self {
        Self { home_unit, accept_rights: false, accept_limits: AcceptedLimits::default() }
    }
}

/// What came of an installation.
#[derive(Clone)]
pub struct Installation {
    /// What is served.
    pub plugin: Arc<Plugin>,
    /// What changed for those who hold its roles.
    pub rights: RightsChange,
    /// What was accepted that it may use beyond the defaults, and might not before.
    pub limits: Vec<AskedLimit>,
}

/// What the registry says to an offered version.
enum Offer {
    /// The very same package is installed.
    Same(Installed),
    /// It is new, or continues what is installed.
    Next(Installed),
    Refused(InstallError),
}

impl Runtime {
    /// Installs a package, or replaces an older version of the same plugin whose collections it continues.
    /// Needs `dinh.plugin.manage` for the home unit and the root above it. Installing what is installed changes
    /// nothing. Refused by a rule when people would gain rights and that is not accepted.
    ///
    /// Compiling takes seconds for a large component, and minutes for one made to be refused: call it from a thread
    /// that may wait.
    pub fn install(
        &self,
        wasm: &[u8],
        install: Install,
        origin: &Origin,
    ) -> Result<Installation, InstallError> {
        let house = self.house();
        // Asked before the file is even looked at: nobody else may make the host compile.
        let may = |call: &mut Call| may_install(call, install.home_unit);
        if may(&mut house.platform.begin(origin)?).is_err() {
            // Once more, so that the refusal is evidence. Who may leaves theirs with what is installed, not twice.
            house.platform.perform(origin, may)?;
        }
        let package = Package::read(wasm)?;
        let instance =
            house.prepared(&package, wasm).or_else(|error| house.turn_away(&package, origin, error))?;
        let _alone = house.installing.lock();
        if let Err(error) = house.rehearse(&package, install, &instance, origin) {
            return house.turn_away(&package, origin, error);
        }
        let new = house.packages.put(&package.hash, wasm)?;
        let offer = house.platform.perform(origin, |call| {
            may_install(call, install.home_unit)?;
            let offer = offer(call, &package, install)?;
            let rights = match &offer {
                Offer::Next(installed) => {
                    register(&house.platform, call, &package.manifest, installed.clone(), install)?
                }
                Offer::Same(_) | Offer::Refused(_) => Default::default(),
            };
            Ok((offer, rights))
        });
        let refused = match &offer {
            Ok((offer, _)) => matches!(offer, Offer::Refused(_)),
            // Whether the change is on the disk is known after the next start only.
            Err(ServiceError::Store(_)) => false,
            Err(_) => true,
        };
        if new && refused {
            house.packages.remove(&package.hash);
            house.cache.forget(&package.hash);
        }
        let (offer, (rights, limits)) = offer?;
        let installed = match offer {
            Offer::Refused(error) => return Err(error),
            Offer::Same(installed) => {
                if let Some(plugin) = self.plugin(package.id()) {
                    return Ok(Installation { plugin, rights, limits });
                }
                installed
            }
            Offer::Next(installed) => installed,
        };
        let plugin = Arc::new(Plugin::new(Arc::new(package.manifest), &installed, instance));
        self.serve(&plugin);
        Ok(Installation { plugin, rights, limits })
    }
}

impl House {
    /// Compiles and links a package.
    fn prepared(&self, package: &Package, wasm: &[u8]) -> Result<Prepared<State>, InstallError> {
        let instance = self.prepare(&package.hash, || Ok(wasm.to_vec()))?;
        let manifest = &package.manifest;
        if let Some(wanted) = manifest.wanted.iter().find(|it| it.changes && !instance.handles_events()) {
            return Err(InstallError::NoEvents { wanted: wanted.name.clone() });
        }
        if let Some(job) = manifest.jobs.first().filter(|_| !instance.does_jobs()) {
            return Err(InstallError::NoJobs { job: job.name.clone() });
        }
        if let Some(timer) = manifest.timers.first().filter(|_| !instance.handles_events()) {
            return Err(InstallError::NoTimers { timer: timer.name.clone() });
        }
        Ok(instance)
    }

    /// Forgets the code of a package that is not installed, and leaves evidence where the package is to blame.
    fn turn_away<T>(
        &self,
        package: &Package,
        origin: &Origin,
        error: InstallError,
    ) -> Result<T, InstallError> {
        if !self.packages.has(&package.hash) {
            self.cache.forget(&package.hash);
        }
        let of_the_host = matches!(&error, InstallError::Compile(compile) if !compile.is_of_the_component());
        if !of_the_host {
            let evidence = vec![turned_away(package, origin, &error)];
            self.platform.store().witness(evidence).map_err(ServiceError::from)?;
        }
        Err(error)
    }

    /// Makes an instance and drops it: what needs more memory than its manifest allows, or breaks off before
    /// it is asked anything, is found now and not by the first person who opens a page.
    fn rehearse(
        &self,
        package: &Package,
        install: Install,
        instance: &Prepared<State>,
        origin: &Origin,
    ) -> Result<(), InstallError> {
        let mut call = Box::new(self.platform.begin_reading(origin)?);
        call.records.read_only = true;
        call.plugin = Some(package.id().clone());
        call.limits = package.manifest.limits.call;
        let manifest = Arc::new(package.manifest.clone());
        let data = Arc::new(installed(package, install, call.now()).data(&manifest));
        let state = State::new(call, &manifest, &data, Arc::from([]), None, self.plugins.load_full());
        let started =
            self.sandbox(state).and_then(|mut sandbox| instance.instantiate(&mut sandbox).map(drop));
        started.map_err(|error| InstallError::Start(format!("{error:#}")))
    }
}

/// The evidence that code was turned away after it was looked at: which, and at what step. Its own words stay out.
fn turned_away(package: &Package, origin: &Origin, error: &InstallError) -> Entry {
    let step = match error {
        InstallError::Compile(_) => "compile",
        InstallError::Link(_) => "link",
        InstallError::Start(_) => "start",
        _ => "check",
    };
    let hash = data_encoding::HEXLOWER.encode(&package.hash);
    let mut detail = vec![("package", hash), ("step", step.to_owned())];
    if let InstallError::Compile(CompileError::Limit(trip)) = error {
        detail.extend([
            ("limit", trip.what.to_owned()),
            ("used", trip.used.to_string()),
            ("allowed", trip.allowed.to_string()),
        ]);
    }
    Entry {
        at: origin.now,
        actor: origin.actor.clone(),
        plugin: Some(package.id().clone()),
        action: "plugin.turned-away".to_owned(),
        subject: format!("plugin:{}", package.id()),
        records: Vec::new(),
        outcome: Outcome::Refused,
        detail: detail.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
    }
}

/// How a package is registered when nothing of it is yet.
fn installed(package: &Package, install: Install, now: Timestamp) -> Installed {
    Installed {
        number: 0,
        generation: 1,
        home_unit: install.home_unit,
        package: package.hash,
        manifest: package.manifest_text.clone(),
        at: time::microseconds(now),
    }
}

/// A plugin serves the whole tree that its home unit is in; what other roots do with it, they grant themselves.
fn may_install(call: &mut Call, home_unit: UnitId) -> Result<(), ServiceError> {
    let root = accounts::root_above(call, home_unit)?;
    call.require(&permissions::PLUGIN_MANAGE, &Target::unit(root))?;
    call.require(&permissions::PLUGIN_MANAGE, &Target::unit(home_unit))
}

fn offer(call: &mut Call, package: &Package, install: Install) -> Result<Offer, ServiceError> {
    let before = registry::find(call, package.id())?;
    let next = installed(package, install, call.now());
    let Some(before) = before else {
        return Ok(Offer::Next(Installed { number: call.next_number(Counter::Plugin)?, ..next }));
    };
    if before.home_unit != install.home_unit {
        let code = |unit| accounts::get_unit(call, unit).map(|unit| unit.code);
        let (installed, asked) = (code(before.home_unit)?, code(install.home_unit)?);
        return Ok(Offer::Refused(InstallError::OtherHome { installed, asked }));
    }
    if before.package == package.hash {
        return Ok(Offer::Same(before));
    }
    // What is registered was parsed when it was installed; if this version of the host cannot parse it any
    // more, it cannot tell whether its records would be read rightly.
    let older = Manifest::parse(&before.manifest)
        .map_err(|_| ServiceError::Damaged { what: format!("manifest of plugin {}", package.id()) })?;
    if package.manifest.version <= older.version {
        return Ok(Offer::Refused(InstallError::NotNewer {
            installed: older.version,
            offered: package.manifest.version,
        }));
    }
    if let Err(wrong) = schema::continues(&older, &package.manifest) {
        return Ok(Offer::Refused(InstallError::Schema(wrong)));
    }
    Ok(Offer::Next(Installed { number: before.number, generation: before.generation, ..next }))
}

/// Writes the registry, and makes the plugin's permissions and roles known. What that changes for those who hold them.
fn register(
    platform: &Platform,
    call: &mut Call,
    manifest: &Manifest,
    installed: Installed,
    install: Install,
) -> Result<(RightsChange, Vec<AskedLimit>), ServiceError> {
    installed.data(manifest).check().map_err(|wrong| ServiceError::invalid(wrong.clone(), wrong))?;
    let permissions: Vec<_> =
        manifest.permissions.iter().map(|it| (it.permission.clone(), it.title.clone())).collect();
    let role = |it: &DeclaredRole| Role {
        id: it.id.clone(),
        title: it.title.clone(),
        permissions: it.permissions.clone(),
    };
    let roles: Vec<_> = manifest.roles.iter().map(role).collect();
    let redefined = RoleChange::of(call, &roles)?;
    declare_plugin(call, &manifest.id, installed.home_unit, &permissions, &roles)?;
    let before = registry::find(call, &manifest.id)?;
    let service = ServiceChange::of(before.as_ref(), manifest);
    service.apply(call, manifest, installed.home_unit)?;
    let (home, collections) = (installed.home_unit, &manifest.collections);
    sharing::declare(call, &manifest.id, home, collections, &manifest.datasets, &manifest.wanted)?;
    schedule::declare(call, &installed.data(manifest), &manifest.timers)?;
    let package = data_encoding::HEXLOWER.encode(&installed.package);
    let home = installed.home_unit.to_string();
    registry::put(call, &manifest.id, installed)?;
    let subject = format!("plugin:{}", manifest.id);
    let rights = RightsChange { service, ..RightsChange::of(platform, call, redefined)? };
    rights.accepted(&subject, install.accept_rights)?;
    let before = before.and_then(|before| Manifest::parse(&before.manifest).ok());
    let limits = manifest.limits.more_than(&before.map_or(Limits::DEFAULT, |before| before.limits));
    install.accept_limits.cover(&subject, &limits)?;
    let accepted: Vec<String> = limits.iter().map(ToString::to_string).collect();
    let accepted = Some(("limits-accepted", accepted.join(" "))).filter(|_| !limits.is_empty());
    let detail = [("version", manifest.version.to_string()), ("package", package), ("home", home)];
    call.evidence("plugin.installed", subject, detail.into_iter().chain(rights.detail()).chain(accepted));
    Ok((rights, limits))
}
