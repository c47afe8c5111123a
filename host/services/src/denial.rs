//! A refusal: what was asked, which condition failed, and what to do about it.

use dinh_access::{Explanation, FailedCondition};
use dinh_model::{Actor, Language, Permission, Target};

use crate::Call;
use crate::accounts::{Directory, lenders};

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

/// Why somebody may not and what to do about it, in the language of the call: also where, and whom to turn to when
/// nobody could grant it. Whoever acts for somebody who lends them nothing any more is told that.
pub(crate) fn sentences(call: &Call, why: &Explanation, names: &Directory<'_>) -> String {
    let vi = call.language() == Language::Vi;
    let Actor::Person { on_behalf_of, .. } = why.actor else {
        return why.text_with(call.language(), names);
    };
    if let Some(lender) = on_behalf_of
        && lenders(call).is_ok_and(|lenders| lenders.iter().all(|known| known.account != lender))
    {
        let name = names.account(lender).ok().flatten().map(|account| account.full_name).unwrap_or_default();
        return match vi {
            true => format!(
                "Uỷ quyền của “{name}” cho bạn đã kết thúc hoặc chưa đến hạn: hãy thôi làm thay để tiếp tục bằng quyền của mình."
            ),
            false => format!(
                "What “{name}” lent you has ended or has not begun; stop acting for them to go on with your own rights."
            ),
        };
    }
    let mut text = why.text_with(call.language(), names);
    let place = names.unit(why.target.unit).ok().flatten().map(|unit| unit.name);
    if let Some(place) = place.filter(|_| why.failed == Some(FailedCondition::NoRole)) {
        text.push_str(&match vi {
            true => format!(" Quyền này cần có tại “{place}”."),
            false => format!(" It is needed for “{place}”."),
        });
    }
    let grantable = matches!(
        why.failed,
        Some(FailedCondition::NoRole | FailedCondition::OutsideUnits | FailedCondition::OutsideTerm)
    );
    if grantable && why.could_grant.is_empty() {
        text.push_str(match vi {
            true => " Hiện không ai cấp được quyền này: hãy liên hệ chủ sở hữu máy chủ.",
            false => " Nobody can grant it now; turn to the owner of the server.",
        });
    }
    text
}
