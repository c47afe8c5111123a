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
    /// The condition that did not hold.
    pub failed: FailedCondition,
    /// Sentences in the language of the call: what failed, what is missing, who could grant it.
    pub text: String,
}

impl Denial {
    /// The failed condition as evidence and JSON spell it.
    pub fn condition(&self) -> &'static str {
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
