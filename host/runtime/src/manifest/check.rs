//! What a manifest means: every name parsed, every reference followed.

use std::collections::HashSet;

use dinh_model::{Label, Localized, ParseError, Permission, PluginId, RoleId, Sequence, ids};

use dinh_services::notices::DeclaredNotice;

use super::error::Wrong;
use super::raw::{RawLimits, RawManifest, RawMenuEntry, RawNotice, RawRole, RawRoute, RawService, Text};
use super::{
    DeclaredPermission, DeclaredRole, Manifest, MenuEntry, OpensTo, PLATFORM_VERSION, Route, Service, jobs,
    prints, schema, sharing, tasks, timers,
};
use crate::Limits;
use crate::limits::KEYS;

/// Most permissions, roles, sequences, routes, menu entries, tasks, timers, notices and prints, of each.
const MOST: usize = 200;

pub(super) fn check(raw: RawManifest) -> Result<Manifest, Wrong> {
    let id: PluginId = parsed(&raw.id, "choose an id such as `pci-index`")?;
    if id.as_str() == PluginId::PLATFORM {
        let problem = "the id `dinh` is the platform's own";
        return Err(Wrong::at(raw.id.span(), problem, "choose another id"));
    }
    let version = parsed(&raw.version, "write major.minor.patch, such as `0.1.0`")?;
    if raw.platform.get_ref() != PLATFORM_VERSION {
        return Err(Wrong::at(
            raw.platform.span(),
            format!("made for platform {}; this is platform {PLATFORM_VERSION}", raw.platform.get_ref()),
            format!("write platform = \"{PLATFORM_VERSION}\" and build it with the SDK of that version"),
        ));
    }
    let permissions = Permissions::declare(&id, raw.permissions)?;
    let roles = at_most(raw.roles, "roles", |role: &RawRole| &role.name)?
        .into_iter()
        .map(|role| declared_role(&id, &permissions, role))
        .collect::<Result<Vec<_>, _>>()?;
    let sequences = at_most(raw.sequences, "sequences", |sequence| &sequence.name)?
        .into_iter()
        .map(|raw| Ok(Sequence { name: name(&raw.name)?, title: title(&raw.title)? }))
        .collect::<Result<Vec<_>, _>>()?;
    let service = service(&raw.service, &permissions)?;
    let wanted = sharing::wanted(&id, raw.wanted, &permissions, &service)?;
    let wanted_names: Vec<String> = wanted.iter().map(|wanted| wanted.name.clone()).collect();
    let collections = schema::collections(raw.collections, &wanted_names, &permissions)?;
    Ok(Manifest {
        version,
        name: title(&raw.name)?,
        summary: title(&raw.summary)?,
        publisher: filled(&raw.publisher)?,
        licence: filled(&raw.licence)?,
        roles,
        tasks: tasks::tasks(raw.tasks, &collections, &permissions)?,
        timers: timers::timers(raw.timers)?,
        notices: notices(raw.notices)?,
        datasets: sharing::datasets(raw.datasets, &collections)?,
        wanted,
        collections,
        sequences,
        routes: routes(&raw.id, raw.routes, &permissions)?,
        menu: menu(raw.menu, &permissions)?,
        prints: prints::prints(raw.prints)?,
        jobs: jobs::jobs(raw.jobs, &permissions)?,
        service,
        limits: limits(&raw.limits)?,
        permissions: permissions.declared,
        id,
    })
}

fn notices(raw: Vec<RawNotice>) -> Result<Vec<DeclaredNotice>, Wrong> {
    at_most(raw, "notices", |notice: &RawNotice| &notice.name)?
        .into_iter()
        .map(|raw| Ok(DeclaredNotice { name: name(&raw.name)?, title: title(&raw.title)? }))
        .collect()
}

fn service(raw: &RawService, permissions: &Permissions) -> Result<Service, Wrong> {
    let mut held = Vec::with_capacity(raw.permissions.len());
    for short in &raw.permissions {
        let permission = permissions.find(short)?;
        if held.contains(&permission) {
            let problem = format!("the permission `{}` is there twice", short.get_ref());
            return Err(Wrong::at(short.span(), problem, "remove one"));
        }
        held.push(permission);
    }
    let label = match &raw.label {
        None => Label::Ordinary,
        Some(label) => parsed(label, "write `ordinary` or `confidential`")?,
    };
    Ok(Service { permissions: held, label })
}

/// The permissions a manifest declares, to be referred to by their short names.
pub(super) struct Permissions {
    plugin: PluginId,
    declared: Vec<DeclaredPermission>,
}

impl Permissions {
    fn declare(plugin: &PluginId, raw: Vec<super::raw::RawPermission>) -> Result<Self, Wrong> {
        let declared = at_most(raw, "permissions", |permission| &permission.name)?
            .into_iter()
            .map(|raw| {
                let full = format!("{plugin}.{}", raw.name.get_ref());
                let permission = full.parse().map_err(|_: ParseError| {
                    Wrong::at(
                        raw.name.span(),
                        format!("{:?} is not the name of a permission", raw.name.get_ref()),
                        "write thing.verb, such as `score.read`, without the plugin's id",
                    )
                })?;
                Ok(DeclaredPermission { permission, title: title(&raw.title)? })
            })
            .collect::<Result<_, _>>()?;
        Ok(Self { plugin: plugin.clone(), declared })
    }

    /// Those who hold the declared permission of that short name.
    fn holders(&self, short: &Text) -> Result<OpensTo, Wrong> {
        Ok(OpensTo::Holders(vec![self.find(short)?]))
    }

    /// The declared permission of that short name.
    pub(super) fn find(&self, short: &Text) -> Result<Permission, Wrong> {
        let full = format!("{}.{}", self.plugin, short.get_ref());
        self.declared
            .iter()
            .find(|declared| declared.permission.as_str() == full)
            .map(|declared| declared.permission.clone())
            .ok_or_else(|| {
                let remedy = if self.declared.is_empty() {
                    "declare it in [[permissions]]".to_owned()
                } else {
                    let known = self.declared.iter().filter_map(|declared| {
                        declared.permission.as_str().split_once('.').map(|(_, short)| short)
                    });
                    format!("declare it in [[permissions]], or use one of: {}", list(known))
                };
                Wrong::at(short.span(), format!("no permission `{}` is declared", short.get_ref()), remedy)
            })
    }
}

fn declared_role(plugin: &PluginId, permissions: &Permissions, raw: RawRole) -> Result<DeclaredRole, Wrong> {
    let id: RoleId = format!("{plugin}.{}", raw.name.get_ref()).parse().map_err(|_: ParseError| {
        Wrong::at(
            raw.name.span(),
            format!("{:?} is not the name of a role", raw.name.get_ref()),
            "write a–z, 0–9 and single hyphens, such as `reader`, without the plugin's id",
        )
    })?;
    let held = raw.permissions.iter().map(|short| permissions.find(short)).collect::<Result<_, _>>()?;
    Ok(DeclaredRole { id, title: title(&raw.title)?, permissions: held })
}

fn routes(id: &Text, raw: Vec<RawRoute>, permissions: &Permissions) -> Result<Vec<Route>, Wrong> {
    if raw.is_empty() {
        let remedy = "add [[routes]] with path = \"/\" and the permission its pages ask for";
        return Err(Wrong::at(id.span(), "no route: nobody could open a page", remedy));
    }
    at_most(raw, "routes", |route| &route.path)?
        .into_iter()
        .map(|raw| Ok(Route { path: path(&raw.path)?, opens_to: permissions.holders(&raw.permission)? }))
        .collect()
}

fn menu(raw: Vec<RawMenuEntry>, permissions: &Permissions) -> Result<Vec<MenuEntry>, Wrong> {
    at_most(raw, "menu entries", |entry| &entry.path)?
        .into_iter()
        .map(|raw| {
            Ok(MenuEntry {
                path: path(&raw.path)?,
                title: title(&raw.title)?,
                opens_to: permissions.holders(&raw.permission)?,
            })
        })
        .collect()
}

pub(super) fn path(raw: &Text) -> Result<String, Wrong> {
    let path = raw.get_ref();
    let good = path == "/"
        || path.strip_prefix('/').is_some_and(|rest| {
            rest.split('/').all(|segment| {
                !matches!(segment, "" | "." | "..")
                    && segment.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
            })
        });
    if path == "/files" || path.starts_with("/files/") {
        let remedy = "choose another name: files are brought and downloaded there";
        return Err(Wrong::at(raw.span(), format!("{path:?}, which is the platform's"), remedy));
    }
    if good {
        return Ok(path.clone());
    }
    let remedy = "write `/`, or segments of a–z, 0–9, `-`, `_` and `.`, each begun by `/`: `/editions/new`";
    Err(Wrong::at(raw.span(), format!("{path:?} is not a path"), remedy))
}

fn limits(raw: &RawLimits) -> Result<Limits, Wrong> {
    let mut amounts = Limits::DEFAULT.amounts();
    for ((amount, key), asked) in amounts.iter_mut().zip(KEYS).zip(raw.in_order()) {
        let Some(asked) = asked else { continue };
        let fits = u64::try_from(*asked.get_ref()).ok().filter(|asked| (1..=key.most).contains(asked));
        *amount = fits.ok_or_else(|| {
            Wrong::at(
                asked.span(),
                format!("a limit of {}", asked.get_ref()),
                format!(
                    "ask for 1 to {}; without the key it is {}, and whoever installs more has to accept it",
                    key.most, key.default
                ),
            )
        })?;
    }
    Ok(Limits::of(amounts))
}

/// The list itself, when it is not too long and names nothing twice.
pub(super) fn at_most<T>(list: Vec<T>, what: &str, name: impl Fn(&T) -> &Text) -> Result<Vec<T>, Wrong> {
    let mut seen = HashSet::new();
    for (count, item) in list.iter().enumerate() {
        let name = name(item);
        if count == MOST {
            return Err(Wrong::at(
                name.span(),
                format!("more than {MOST} {what}"),
                format!("at most {MOST}"),
            ));
        }
        if !seen.insert(name.get_ref()) {
            return Err(Wrong::at(
                name.span(),
                format!("{what}: {:?} is there twice", name.get_ref()),
                "rename or remove one of them",
            ));
        }
    }
    Ok(list)
}

/// A name: `a`–`z`, `0`–`9`, single inner hyphens, at most 40.
pub(super) fn name(raw: &Text) -> Result<String, Wrong> {
    if ids::is_name(raw.get_ref(), 40) {
        return Ok(raw.get_ref().clone());
    }
    let remedy = "write 1 to 40 of a–z, 0–9 and single hyphens, a letter first";
    Err(Wrong::at(raw.span(), format!("{:?} is not a name", raw.get_ref()), remedy))
}

/// A name for people, in both languages.
pub(super) fn title(raw: &toml::Spanned<Localized>) -> Result<Localized, Wrong> {
    let Localized { vi, en } = raw.get_ref();
    if [vi, en].iter().any(|text| text.trim().is_empty() || text.len() > 400) {
        let problem = "a name that is empty or longer than 400 bytes";
        return Err(Wrong::at(raw.span(), problem, "write { vi = \"…\", en = \"…\" }, both filled in"));
    }
    Ok(Localized::new(vi, en))
}

pub(super) fn filled(raw: &Text) -> Result<String, Wrong> {
    let text = raw.get_ref().trim();
    if text.is_empty() || text.len() > 400 {
        let problem = "a text that is empty or longer than 400 bytes";
        return Err(Wrong::at(raw.span(), problem, "fill it in"));
    }
    Ok(dinh_model::text::nfc(text))
}

pub(super) fn parsed<T: std::str::FromStr<Err = ParseError>>(raw: &Text, remedy: &str) -> Result<T, Wrong> {
    raw.get_ref().parse().map_err(|error: ParseError| Wrong::at(raw.span(), error.to_string(), remedy))
}

pub(super) fn list<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
