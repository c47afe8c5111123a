//! A refusal: what was asked, which condition failed, and what to do about it.

use dinh_access::FailedCondition;
use dinh_model::{Permission, Target};

/// A refusal of the permission check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Denial {
    /// What was asked for.
    pub permission: Permission,
    /// What it was to be done to.
    pub target: Target,
    /// The person may; the access token that the call came with does not reach so far.
    pub by_token: bool,
    /// The condition that did not hold.
    pub failed: FailedCondition,
    /// Sentences in the language of the call: what failed, what is missing, who could grant it.
    pub text: String,
}

impl Denial {
    /// Of an access token that does not reach so far.
    pub(crate) fn of_token(permission: &Permission, target: &Target, text: String) -> Self {
        let failed = FailedCondition::NotAdmitted;
        Self { permission: permission.clone(), target: *target, by_token: true, failed, text }
    }

    /// The failed condition as evidence and JSON spell it.
    pub fn condition(&self) -> &'static str {
        if self.by_token {
            return "outside-token";
        }
        match self.failed {
            FailedCondition::AccountNotActive => "account-not-active",
            FailedCondition::NoRole => "no-role",
            FailedCondition::OutsideUnits => "outside-units",
            FailedCondition::NotOwner => "not-owner",
            FailedCondition::LabelTooHigh => "label-too-high",
            FailedCondition::OutsideTerm => "outside-term",
            FailedCondition::NotAdmitted => "not-admitted",
        }
    }
}
