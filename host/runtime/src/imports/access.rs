//! `access`: the permission check, for a plugin that asks before it acts.
//!
//! A plugin may ask only about permissions its manifest declares: a handle is a place in that list, and the
//! policy's own number for it was looked up when the call began.

use dinh_access::{FailedCondition, PermissionIndex};
use dinh_model::{AccountId, Label, Language, Target, UnitId};

use super::size::Size;
use crate::bindings::access::{self, Explanation, PermissionHandle};
use crate::bindings::types;
use crate::state::{State, stop};

/// Most targets of one question.
pub(crate) const MOST_TARGETS: usize = 10_000;

impl access::Host for State {
    fn resolve(&mut self, permission: String) -> wasmtime::Result<Option<PermissionHandle>> {
        self.crossed(permission.len())?;
        let place =
            self.manifest.permissions.iter().position(|known| known.permission.as_str() == permission);
        Ok(place.and_then(|place| u32::try_from(place).ok()))
    }

    fn check(&mut self, permission: PermissionHandle, unit: types::UnitId) -> wasmtime::Result<bool> {
        self.allows(permission, &Target::unit(UnitId(unit)))
    }

    fn check_target(
        &mut self,
        permission: PermissionHandle,
        asked: access::Target,
    ) -> wasmtime::Result<bool> {
        target(&asked).map_or(Ok(false), |target| self.allows(permission, &target))
    }

    fn check_many(
        &mut self,
        permission: PermissionHandle,
        asked: Vec<access::Target>,
    ) -> wasmtime::Result<Vec<bool>> {
        self.crossed(asked.len() * (size_of::<access::Target>() + 1))?;
        if asked.len() > MOST_TARGETS {
            return Err(wasmtime::Error::msg(format!(
                "check-many: {} targets, at most {MOST_TARGETS}",
                asked.len()
            )));
        }
        let targets: Vec<Option<Target>> = asked.iter().map(target).collect();
        let Some(index) = self.index(permission) else { return Ok(vec![false; asked.len()]) };
        let held: Vec<Target> = targets.iter().flatten().copied().collect();
        let origin = &self.call.origin;
        let policy = self.call.policy_in_force().map_err(stop)?;
        let mut answers = policy.check_many(&origin.actor, index, &held, origin.now).into_iter();
        Ok(targets.iter().map(|target| target.is_some() && answers.next().unwrap_or(false)).collect())
    }

    fn require(
        &mut self,
        permission: PermissionHandle,
        asked: access::Target,
    ) -> wasmtime::Result<Result<(), Explanation>> {
        let explanation = self.explained(permission, &asked, true)?;
        Ok(if explanation.allowed { Ok(()) } else { Err(explanation) })
    }

    fn explain(
        &mut self,
        permission: PermissionHandle,
        asked: access::Target,
    ) -> wasmtime::Result<Explanation> {
        self.explained(permission, &asked, false)
    }

    fn list_units(&mut self, permission: PermissionHandle) -> wasmtime::Result<Vec<types::UnitId>> {
        let Some(index) = self.index(permission) else { return Ok(Vec::new()) };
        let (policy, origin) = (self.call.policy_in_force().map_err(stop)?, &self.call.origin);
        let units = policy.scopes(&origin.actor, index, origin.now).units(policy);
        self.crossed(units.len() * 4)?;
        Ok(units.into_iter().map(|unit| unit.0).collect())
    }
}

impl State {
    /// The policy's number for a handle; none for one that was not given out, or not admitted.
    #[inline]
    fn index(&self, permission: PermissionHandle) -> Option<PermissionIndex> {
        self.permissions.get(permission as usize).copied().flatten()
    }

    /// The check; the call ends, and is run again, when rights were taken away since it began.
    #[inline]
    fn allows(&self, permission: PermissionHandle, target: &Target) -> wasmtime::Result<bool> {
        let origin = &self.call.origin;
        let policy = self.call.policy_in_force().map_err(stop)?;
        let index = self.index(permission);
        Ok(index.is_some_and(|index| policy.check(&origin.actor, index, target, origin.now)))
    }

    fn explained(
        &mut self,
        permission: PermissionHandle,
        asked: &access::Target,
        required: bool,
    ) -> wasmtime::Result<Explanation> {
        let explanation = match (target(asked), self.manifest.permissions.get(permission as usize)) {
            (Some(target), _) if self.allows(permission, &target)? => {
                Explanation { allowed: true, failed: None, text: String::new() }
            }
            (Some(target), Some(declared)) => {
                let denial = self.call.denial(&declared.permission, &target);
                let explanation = refusal(denial.failed, denial.text.clone());
                if required {
                    self.call.denied(&denial);
                }
                explanation
            }
            (None, _) => refusal(
                FailedCondition::LabelTooHigh,
                match self.call.language() {
                    Language::Vi => "Hệ thống không được phép lưu giữ thông tin Tối mật và Tuyệt mật.".into(),
                    Language::En => "The platform may not hold what is Tối mật or Tuyệt mật.".into(),
                },
            ),
            (Some(_), None) => refusal(
                FailedCondition::NotAdmitted,
                match self.call.language() {
                    Language::Vi => "Ứng dụng không khai báo quyền này.".into(),
                    Language::En => "The plugin does not declare this permission.".into(),
                },
            ),
        };
        self.crossed(explanation.text.size())?;
        Ok(explanation)
    }
}

fn refusal(failed: FailedCondition, text: String) -> Explanation {
    use access::FailedCondition as Theirs;
    let failed = match failed {
        FailedCondition::AccountNotActive => Theirs::AccountNotActive,
        FailedCondition::NoRole => Theirs::NoRole,
        FailedCondition::OutsideUnits => Theirs::OutsideUnits,
        FailedCondition::NotOwner => Theirs::NotOwner,
        FailedCondition::LabelTooHigh => Theirs::LabelTooHigh,
        FailedCondition::OutsideTerm => Theirs::OutsideTerm,
        FailedCondition::NotAdmitted => Theirs::NotAdmitted,
    };
    Explanation { allowed: false, failed: Some(failed), text }
}

/// What is acted on; none when it has a label the platform may not hold, which nobody may act on.
fn target(asked: &access::Target) -> Option<Target> {
    let label = match asked.label {
        types::Label::Ordinary => Label::Ordinary,
        types::Label::Confidential => Label::Confidential,
        types::Label::Secret | types::Label::TopSecret => return None,
    };
    Some(Target { unit: UnitId(asked.unit), label, owner: asked.owner.map(AccountId) })
}
