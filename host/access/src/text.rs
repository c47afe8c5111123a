//! Explanations in words, Vietnamese and English: what failed, what is missing, who could grant it.

use dinh_model::{AccountId, Actor, Language};

use crate::{Explanation, FailedCondition, Names};

/// How many people a refusal names; it says how many more there are.
const NAMED: usize = 3;

pub(crate) fn sentences(explanation: &Explanation, language: Language, names: &dyn Names) -> String {
    let words = Words { explanation, language, names };
    match explanation.failed {
        None => words.allowed(),
        Some(failed) => {
            let mut text = match &explanation.actor {
                Actor::Person { on_behalf_of, .. } => words.refused_person(failed, *on_behalf_of),
                Actor::Service(plugin) => words.refused_service(failed, plugin.as_str()),
                Actor::Public => words.refused_public(failed),
            };
            if !explanation.could_grant.is_empty() {
                text.push(' ');
                text.push_str(&words.who_could());
            }
            text
        }
    }
}

struct Words<'a> {
    explanation: &'a Explanation,
    language: Language,
    names: &'a dyn Names,
}

impl Words<'_> {
    /// The text in the reader's language.
    fn say(&self, vi: String, en: String) -> String {
        match self.language {
            Language::Vi => vi,
            Language::En => en,
        }
    }

    fn allowed(&self) -> String {
        let (permission, unit) = (self.permission(), self.unit());
        let grants: Vec<String> = self.explanation.by.iter().map(ToString::to_string).collect();
        let grants = grants.join(", ");
        if grants.is_empty() {
            self.say(
                format!("Được phép: {permission} tại {unit}."),
                format!("Allowed: {permission} in {unit}."),
            )
        } else {
            self.say(
                format!("Được phép: {permission} tại {unit}, theo phân quyền số {grants}."),
                format!("Allowed: {permission} in {unit}, by grant {grants}."),
            )
        }
    }

    fn refused_person(&self, failed: FailedCondition, lender: Option<AccountId>) -> String {
        let (permission, unit, label) = (self.permission(), self.unit(), self.label());
        let lender = lender.map(|lender| self.account(lender));
        match (failed, lender) {
            (FailedCondition::AccountNotActive, None) => self.say(
                "Tài khoản chưa hoạt động hoặc đã bị khoá, nên không dùng được quyền nào.".to_owned(),
                "The account is not active, so none of its rights can be used.".to_owned(),
            ),
            (FailedCondition::AccountNotActive, Some(lender)) => self.say(
                format!(
                    "Tài khoản của bạn hoặc của người uỷ quyền ({lender}) không hoạt động, nên không dùng được quyền đã uỷ."
                ),
                format!("Your account or that of {lender}, who lent the rights, is not active, so they cannot be used."),
            ),
            (FailedCondition::NoRole, None) => self.say(
                format!("Bạn chưa có vai trò nào có quyền {permission}."),
                format!("No role of yours holds the permission {permission}."),
            ),
            (FailedCondition::NoRole, Some(lender)) => self.say(
                format!("Các quyền được uỷ từ {lender} không có quyền {permission}."),
                format!("What {lender} lent you does not hold the permission {permission}."),
            ),
            (FailedCondition::OutsideUnits, _) => self.say(
                format!("Bạn có quyền {permission}, nhưng không phải tại {unit}."),
                format!("You hold the permission {permission}, but not for {unit}."),
            ),
            (FailedCondition::NotOwner, None) => self.say(
                format!("Quyền {permission} của bạn tại {unit} chỉ áp dụng cho hồ sơ của chính bạn."),
                format!("Your permission {permission} for {unit} reaches only your own records."),
            ),
            (FailedCondition::NotOwner, Some(lender)) => self.say(
                format!("Quyền {permission} được uỷ tại {unit} chỉ áp dụng cho hồ sơ của {lender}."),
                format!("The lent permission {permission} for {unit} reaches only records of {lender}."),
            ),
            (FailedCondition::LabelTooHigh, _) if self.explanation.clearance.is_some() => self.say(
                format!("Độ mật “{label}” cao hơn mức mà tài khoản được tiếp cận; cần nâng mức tiếp cận trước."),
                format!("The label “{label}” is above the account's clearance, which would have to be raised first."),
            ),
            (FailedCondition::LabelTooHigh, _) => self.say(
                format!("Quyền {permission} của bạn tại {unit} không bao gồm độ mật “{label}”."),
                format!("Your permission {permission} for {unit} does not reach the label “{label}”."),
            ),
            (FailedCondition::OutsideTerm, _) => self.say(
                format!("Quyền {permission} của bạn tại {unit} chưa đến hạn hoặc đã hết hạn."),
                format!("The term of your permission {permission} for {unit} has not begun or is over."),
            ),
            (FailedCondition::NotAdmitted, _) => self.not_admitted(),
        }
    }

    fn refused_service(&self, failed: FailedCondition, plugin: &str) -> String {
        let (permission, unit, label) = (self.permission(), self.unit(), self.label());
        match failed {
            FailedCondition::OutsideUnits => self.say(
                format!("Phần mềm {plugin} được cấp quyền {permission}, nhưng không phải tại {unit}."),
                format!("Plugin {plugin} was given the permission {permission}, but not for {unit}."),
            ),
            FailedCondition::LabelTooHigh => self.say(
                format!("Quyền {permission} của phần mềm {plugin} tại {unit} không bao gồm độ mật “{label}”."),
                format!("The permission {permission} of plugin {plugin} for {unit} does not reach the label “{label}”."),
            ),
            _ => self.not_admitted(),
        }
    }

    fn refused_public(&self, failed: FailedCondition) -> String {
        let (permission, unit, label) = (self.permission(), self.unit(), self.label());
        match failed {
            FailedCondition::OutsideUnits => self.say(
                format!("Quyền {permission} không công khai tại {unit}; hãy đăng nhập."),
                format!("The permission {permission} is not public for {unit}; please sign in."),
            ),
            FailedCondition::LabelTooHigh => self.say(
                format!("Nội dung có độ mật “{label}” không bao giờ công khai; hãy đăng nhập."),
                format!("What is labelled “{label}” is never public; please sign in."),
            ),
            FailedCondition::NotAdmitted => self.not_admitted(),
            _ => self.say(
                format!("Quyền {permission} không công khai; hãy đăng nhập."),
                format!("The permission {permission} is not public; please sign in."),
            ),
        }
    }

    fn not_admitted(&self) -> String {
        let permission = self.permission();
        self.say(
            format!("Phần mềm này không được cấp quyền {permission} khi cài đặt."),
            format!("The plugin was not admitted with the permission {permission}."),
        )
    }

    fn who_could(&self) -> String {
        let all = &self.explanation.could_grant;
        let named: Vec<String> = all.iter().take(NAMED).map(|account| self.account(*account)).collect();
        let named = named.join(", ");
        match all.len().saturating_sub(NAMED) {
            0 => {
                self.say(format!("Người có thể cấp quyền: {named}."), format!("Who could grant it: {named}."))
            }
            more => self.say(
                format!("Người có thể cấp quyền: {named} và {more} người khác."),
                format!("Who could grant it: {named} and {more} more."),
            ),
        }
    }

    fn account(&self, account: AccountId) -> String {
        let name = self.names.account(account, self.language);
        name.unwrap_or_else(|| self.say(format!("tài khoản số {account}"), format!("account {account}")))
    }

    fn unit(&self) -> String {
        let unit = self.explanation.target.unit;
        let name = self.names.unit(unit, self.language);
        name.unwrap_or_else(|| self.say(format!("đơn vị số {unit}"), format!("unit {unit}")))
    }

    fn permission(&self) -> String {
        let Some(permission) = &self.explanation.permission else {
            return self.say("chưa được khai báo".to_owned(), "that nobody declared".to_owned());
        };
        match self.names.permission(permission, self.language) {
            Some(title) => format!("“{title}”"),
            None => format!("`{permission}`"),
        }
    }

    fn label(&self) -> &'static str {
        self.explanation.target.label.name(self.language)
    }
}
