//! Explanations in words, Vietnamese and English.

use dinh_model::{Language, Target};

use crate::{Explanation, FailedCondition, Names};

/// How many people a refusal names; it says how many more there are.
const NAMED: usize = 3;

pub(crate) fn sentences(explanation: &Explanation, language: Language, names: &dyn Names) -> String {
    let words = Words { explanation, language, names };
    let what = match explanation.failed {
        None => words.allowed(),
        Some(failed) => words.refused(failed),
    };
    match words.who_could() {
        Some(who) if !explanation.allowed => format!("{what} {who}"),
        _ => what,
    }
}

struct Words<'a> {
    explanation: &'a Explanation,
    language: Language,
    names: &'a dyn Names,
}

impl Words<'_> {
    fn allowed(&self) -> String {
        let (permission, unit) = (self.permission(), self.unit());
        let grants: Vec<String> = self.explanation.by.iter().map(ToString::to_string).collect();
        match (self.language, grants.is_empty()) {
            (Language::Vi, true) => format!("Được phép: {permission} tại {unit}."),
            (Language::En, true) => format!("Allowed: {permission} in {unit}."),
            (Language::Vi, false) => {
                format!("Được phép: {permission} tại {unit}, theo phân quyền số {}.", grants.join(", "))
            }
            (Language::En, false) => {
                format!("Allowed: {permission} in {unit}, by grant {}.", grants.join(", "))
            }
        }
    }

    fn refused(&self, failed: FailedCondition) -> String {
        use FailedCondition as F;
        use Language::{En, Vi};
        let (permission, unit) = (self.permission(), self.unit());
        let label = self.explanation.target.label.name(self.language);
        match (failed, self.language) {
            (F::AccountNotActive, Vi) => match self.lender() {
                None => {
                    "Tài khoản chưa hoạt động hoặc đã bị tạm khoá, nên không dùng được quyền nào.".to_owned()
                }
                Some(lender) => format!(
                    "Tài khoản của bạn hoặc của {lender} (người uỷ quyền) không hoạt động, nên không dùng được quyền đã uỷ."
                ),
            },
            (F::AccountNotActive, En) => match self.lender() {
                None => "The account is not active, so none of its rights can be used.".to_owned(),
                Some(lender) => format!(
                    "Your account or that of {lender}, who lent the rights, is not active, so they cannot be used."
                ),
            },
            (F::NoRole, Vi) => match self.lender() {
                None => format!("Bạn chưa có vai trò nào có quyền {permission}."),
                Some(lender) => {
                    format!("Trong các quyền {lender} đã uỷ cho bạn không có quyền {permission}.")
                }
            },
            (F::NoRole, En) => match self.lender() {
                None => format!("No role of yours holds the permission {permission}."),
                Some(lender) => {
                    format!("{lender} has lent you no role that holds the permission {permission}.")
                }
            },
            (F::OutsideUnits, Vi) => {
                format!("Bạn có quyền {permission}, nhưng không phải tại {unit}.")
            }
            (F::OutsideUnits, En) => {
                format!("You hold the permission {permission}, but not for {unit}.")
            }
            (F::NotOwner, Vi) => format!(
                "Quyền {permission} của bạn tại {unit} chỉ áp dụng cho hồ sơ của chính mình; hồ sơ này của người khác."
            ),
            (F::NotOwner, En) => format!(
                "Your permission {permission} for {unit} reaches only your own records; this one is not yours."
            ),
            (F::LabelTooHigh, Vi) if self.explanation.clearance.is_some() => format!(
                "Độ mật “{label}” cao hơn mức tài khoản được phép tiếp cận; cần nâng mức tiếp cận của tài khoản."
            ),
            (F::LabelTooHigh, En) if self.explanation.clearance.is_some() => format!(
                "The label “{label}” is above the account's clearance; the clearance would have to be raised."
            ),
            (F::LabelTooHigh, Vi) => {
                format!("Quyền {permission} của bạn tại {unit} không bao gồm độ mật “{label}”.")
            }
            (F::LabelTooHigh, En) => {
                format!("Your permission {permission} for {unit} does not reach the label “{label}”.")
            }
            (F::OutsideTerm, Vi) => {
                format!("Quyền {permission} của bạn tại {unit} chưa đến thời hạn hoặc đã hết thời hạn.")
            }
            (F::OutsideTerm, En) => {
                format!("The term of your permission {permission} for {unit} has not begun or is over.")
            }
            (F::NotAdmitted, Vi) => {
                format!("Phần mềm này chưa được cấp quyền {permission} khi cài đặt.")
            }
            (F::NotAdmitted, En) => {
                format!("The plugin was not admitted with the permission {permission}.")
            }
        }
    }

    fn who_could(&self) -> Option<String> {
        let all = &self.explanation.could_grant;
        let named: Vec<String> = all
            .iter()
            .take(NAMED)
            .map(|account| {
                self.names.account(*account, self.language).unwrap_or_else(|| match self.language {
                    Language::Vi => format!("tài khoản số {account}"),
                    Language::En => format!("account {account}"),
                })
            })
            .collect();
        let more = all.len().saturating_sub(NAMED);
        let named = named.join(", ");
        match (self.language, all.is_empty(), more) {
            (_, true, _) => None,
            (Language::Vi, _, 0) => Some(format!("Có thể đề nghị cấp quyền: {named}.")),
            (Language::En, _, 0) => Some(format!("Who could grant it: {named}.")),
            (Language::Vi, ..) => Some(format!("Có thể đề nghị cấp quyền: {named} và {more} người khác.")),
            (Language::En, ..) => Some(format!("Who could grant it: {named} and {more} more.")),
        }
    }

    fn lender(&self) -> Option<String> {
        let lender = self.explanation.on_behalf_of?;
        Some(self.names.account(lender, self.language).unwrap_or_else(|| match self.language {
            Language::Vi => format!("tài khoản số {lender}"),
            Language::En => format!("account {lender}"),
        }))
    }

    fn permission(&self) -> String {
        match &self.explanation.permission {
            None => match self.language {
                Language::Vi => "không xác định".to_owned(),
                Language::En => "unknown".to_owned(),
            },
            Some(permission) => match self.names.permission(permission, self.language) {
                Some(title) => format!("“{title}”"),
                None => format!("`{permission}`"),
            },
        }
    }

    fn unit(&self) -> String {
        let Target { unit, .. } = self.explanation.target;
        self.names.unit(unit, self.language).unwrap_or_else(|| match self.language {
            Language::Vi => format!("đơn vị số {unit}"),
            Language::En => format!("unit {unit}"),
        })
    }
}
