//! What an installation changes of people's rights: a newer version may define a role anew that people hold already,
//! and would give them rights by one person's hand. So that is counted, shown, and has to be accepted in so many words.

use dinh_access::ServiceGrant;
use dinh_model::{Language, Localized, Permission, RoleId, UnitId};
use dinh_services::accounts::{self, Role};
use dinh_services::{Call, Platform, Refusal, ServiceError};
use serde::Serialize;

use crate::Manifest;
use crate::manifest::Service;
use crate::registry::Installed;

/// What an installation changes of the rights of those who hold its roles already.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct RightsChange {
    /// People who may do something that they might not before, now or when a term begins.
    pub gain: usize,
    /// People who may no longer do something.
    pub lose: usize,
    /// Roles that were there and hold other permissions now.
    pub roles: Vec<RoleChange>,
    /// What the plugin may by itself.
    pub service: ServiceChange,
}

/// What a version may by itself (its service principal) that the one before might not, or the other way round. What the
/// operator took back meanwhile stays taken back.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ServiceChange {
    /// Whether another version was there before.
    newer: bool,
    /// What it may from now on.
    pub gained: Vec<Permission>,
    /// What it no longer may.
    pub lost: Vec<Permission>,
}

impl ServiceChange {
    /// What a manifest asks for beside what the installed one asked for.
    pub(crate) fn of(before: Option<&Installed>, manifest: &Manifest) -> Self {
        let old = before.and_then(|installed| Manifest::parse(&installed.manifest).ok());
        let newer = old.is_some();
        let old = old.map(|old| old.service).unwrap_or_default();
        let new = &manifest.service;
        // With another label, all of it is another right.
        let kept =
            |one: &Permission, other: &Service| old.label == new.label && other.permissions.contains(one);
        Self {
            newer,
            gained: new.permissions.iter().filter(|it| !kept(it, &old)).cloned().collect(),
            lost: old.permissions.iter().filter(|it| !new.permissions.contains(it)).cloned().collect(),
        }
    }

    /// Grants and takes back, in the whole tree that the home unit is in.
    pub(crate) fn apply(
        &self,
        call: &mut Call,
        manifest: &Manifest,
        home: UnitId,
    ) -> Result<(), ServiceError> {
        let unit = accounts::root_above(call, home)?;
        let grant = |permission: &Permission| ServiceGrant {
            plugin: manifest.id.clone(),
            permission: permission.clone(),
            unit,
            label: manifest.service.label,
        };
        self.gained.iter().try_for_each(|permission| accounts::admit_service(call, &grant(permission)))?;
        self.lost.iter().try_for_each(|permission| accounts::dismiss_service(call, &grant(permission)))
    }

    fn text(&self) -> String {
        let gained = self.gained.iter().map(|held| format!(" +{held}"));
        gained.chain(self.lost.iter().map(|held| format!(" −{held}"))).collect()
    }

    fn is_widened(&self) -> bool {
        self.newer && !self.gained.is_empty()
    }
}

/// A role that is defined anew.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RoleChange {
    /// Which.
    pub role: RoleId,
    /// What it held.
    pub before: Vec<Permission>,
    /// What it holds now.
    pub after: Vec<Permission>,
}

impl RoleChange {
    /// The roles among `offered` that are there with other permissions.
    pub(crate) fn of(call: &Call, offered: &[Role]) -> Result<Vec<Self>, ServiceError> {
        let mut changed = Vec::new();
        for Role { id, permissions, .. } in offered {
            let Some(before) = accounts::find_role(call, id)? else { continue };
            let change = Self { role: id.clone(), before: before.permissions, after: permissions.clone() };
            if change.gained().next().is_some() || change.lost().next().is_some() {
                changed.push(change);
            }
        }
        Ok(changed)
    }

    fn gained(&self) -> impl Iterator<Item = &Permission> {
        self.after.iter().filter(|held| !self.before.contains(held))
    }

    fn lost(&self) -> impl Iterator<Item = &Permission> {
        self.before.iter().filter(|held| !self.after.contains(held))
    }

    /// The role with what it gains and loses, such as `pci-index.editor +pci-index.score.write`.
    fn text(&self) -> String {
        let gained = self.gained().map(|held| format!(" +{held}"));
        let lost = self.lost().map(|held| format!(" −{held}"));
        std::iter::once(self.role.to_string()).chain(gained).chain(lost).collect()
    }
}

impl RightsChange {
    /// What a call that wrote these roles, and is not committed yet, would change.
    pub(crate) fn of(platform: &Platform, call: &Call, roles: Vec<RoleChange>) -> Result<Self, ServiceError> {
        if roles.is_empty() {
            return Ok(Self::default());
        }
        let difference = platform.preview(call)?;
        let (gain, lose) = (difference.gaining().len(), difference.losing().len());
        Ok(Self { gain, lose, roles, ..Self::default() })
    }

    /// What changes, in one line.
    pub fn text(&self, language: Language) -> String {
        let Self { gain, lose, .. } = self;
        let mut roles: Vec<String> = self.roles.iter().map(RoleChange::text).collect();
        if self.service != ServiceChange::default() {
            let itself = match language {
                Language::Vi => "tự ứng dụng:",
                Language::En => "the plugin itself:",
            };
            roles.push(format!("{itself}{}", self.service.text()));
        }
        let roles = roles.join("; ");
        match language {
            Language::Vi => format!("{gain} người được thêm quyền, {lose} người bị bớt quyền: {roles}"),
            Language::En => format!("people who gain rights: {gain}, who lose some: {lose}: {roles}"),
        }
    }

    /// Goes on only if nobody gains rights, or that was accepted.
    pub(crate) fn accepted(&self, subject: &str, accepted: bool) -> Result<(), ServiceError> {
        if (self.gain == 0 && !self.service.is_widened()) || accepted {
            return Ok(());
        }
        let text = Localized {
            vi: format!(
                "Bản này cho thêm quyền: {}. Hãy xem xét, rồi cài lại với --accept-rights.",
                self.text(Language::Vi)
            ),
            en: format!(
                "this version gives more rights ({}); look at them, then install with --accept-rights",
                self.text(Language::En)
            ),
        };
        let subject = subject.to_owned();
        Err(ServiceError::Refused(Refusal { rule: "role-gives-rights", subject, text }))
    }

    /// For the evidence of the installation.
    pub(crate) fn detail(&self) -> Vec<(&'static str, String)> {
        let words = |held: &[Permission]| held.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
        let service = [("service-gains", &self.service.gained), ("service-loses", &self.service.lost)];
        let service = service.into_iter().filter(|(_, held)| !held.is_empty());
        let service: Vec<_> = service.map(|(name, held)| (name, words(held))).collect();
        if self.roles.is_empty() {
            return service;
        }
        let roles: Vec<String> = self.roles.iter().map(|change| change.role.to_string()).collect();
        vec![
            ("roles-redefined", roles.join(" ")),
            ("people-gain", self.gain.to_string()),
            ("people-lose", self.lose.to_string()),
        ]
        .into_iter()
        .chain(service)
        .collect()
    }
}
