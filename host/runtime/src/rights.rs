//! What an installation changes of people's rights: a newer version may define a role anew that people hold already,
//! and would give them rights by one person's hand. So that is counted, shown, and has to be accepted in so many words.

use dinh_model::{Language, Localized, Permission, RoleId};
use dinh_services::accounts::{self, Role};
use dinh_services::{Call, Platform, Refusal, ServiceError};
use serde::Serialize;

/// What an installation changes of the rights of those who hold its roles already.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct RightsChange {
    /// People who may do something that they might not before, now or when a term begins.
    pub gain: usize,
    /// People who may no longer do something.
    pub lose: usize,
    /// Roles that were there and hold other permissions now.
    pub roles: Vec<RoleChange>,
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
        Ok(Self { gain: difference.gaining().len(), lose: difference.losing().len(), roles })
    }

    /// What changes, in one line.
    pub fn text(&self, language: Language) -> String {
        let Self { gain, lose, .. } = self;
        let roles: Vec<String> = self.roles.iter().map(RoleChange::text).collect();
        let roles = roles.join("; ");
        match language {
            Language::Vi => format!("{gain} người được thêm quyền, {lose} người bị bớt quyền: {roles}"),
            Language::En => format!("people who gain rights: {gain}, who lose some: {lose}: {roles}"),
        }
    }

    /// Goes on only if nobody gains rights, or that was accepted.
    pub(crate) fn accepted(&self, subject: &str, accepted: bool) -> Result<(), ServiceError> {
        if self.gain == 0 || accepted {
            return Ok(());
        }
        let text = Localized {
            vi: format!(
                "Bản này định nghĩa lại vai trò đang được phân: {}. Hãy xem xét, rồi cài lại với --accept-rights.",
                self.text(Language::Vi)
            ),
            en: format!(
                "this version defines roles anew that people hold ({}); look at them, then install with --accept-rights",
                self.text(Language::En)
            ),
        };
        let subject = subject.to_owned();
        Err(ServiceError::Refused(Refusal { rule: "role-gives-rights", subject, text }))
    }

    /// For the evidence of the installation.
    pub(crate) fn detail(&self) -> Vec<(&'static str, String)> {
        if self.roles.is_empty() {
            return Vec::new();
        }
        let roles: Vec<String> = self.roles.iter().map(|change| change.role.to_string()).collect();
        vec![
            ("roles-redefined", roles.join(" ")),
            ("people-gain", self.gain.to_string()),
            ("people-lose", self.lose.to_string()),
        ]
    }
}
