//! Deciding what was asked for, and ending what was agreed to.

use std::sync::Arc;

use dinh_model::{ContractId, Date, Keep, Label, Target, UnitId};

use super::declared::find_offer;
use super::model::{Contract, Signed, Standing, State};
use super::request::{basis_of, signed};
use super::waivers::reason_of;
use super::{feed, shelf};
use crate::accounts::{self, Signature};
use crate::permissions::{SHARING_DECIDE, SHARING_REQUEST};
use crate::{Call, ServiceError};

/// Longest term of a contract, in years.
const LONGEST_TERM: i32 = 10;

/// What the steward agrees to: at most what was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    /// The fields, some or all of those asked for.
    pub fields: Vec<String>,
    /// The units whose rows may be read, with all below them; every unit when empty.
    pub units: Vec<UnitId>,
    /// The highest label of what may be read.
    pub label: Label,
    /// What may be kept; at most what was asked for.
    pub keep: Keep,
    /// The last day on which copies may be kept, if the contract does not end before; with [`Keep::Copies`] only, and
    /// then needed.
    pub copies_until: Option<Date>,
    /// First day.
    pub from: Date,
    /// First day on which it no longer holds.
    pub until: Date,
    /// Most rows in a day.
    pub rows_a_day: Option<u64>,
    /// Whether a plugin is told of changes; only if that was asked for.
    pub changes: bool,
}

impl Terms {
    /// All that was asked for.
    pub fn asked(contract: &Contract) -> Self {
        Self {
            fields: contract.fields.clone(),
            units: contract.units.clone(),
            label: contract.label,
            keep: contract.keep,
            copies_until: contract.until.yesterday().ok().filter(|_| contract.keep == Keep::Copies),
            from: contract.from,
            until: contract.until,
            rows_a_day: contract.rows_a_day,
            changes: contract.changes,
        }
    }
}

/// The contracts that end, or end earlier, when this one is agreed to.
pub fn replaced(call: &Call, contract: &Contract) -> Result<Vec<Contract>, ServiceError> {
    let today = call.today();
    let all = shelf::of_consumer(call, &contract.consumer)?.into_iter();
    let lives = |other: &Arc<Contract>| {
        let standing = other.standing(today);
        other.id != contract.id
            && contract.replaces(other)
            && (standing.holds() || standing == Standing::Coming)
    };
    Ok(all.filter(lives).map(Arc::unwrap_or_clone).collect())
}

/// Agrees to a contract, within `terms`. Needs `dinh.sharing.decide` for the provider's unit, up to the label agreed to;
/// not by whoever asked. What the consumer has already ends the day before, or at once: of a plugin, every contract for the
/// same name in its manifest; of an account, the one for the same dataset.
pub fn approve(call: &mut Call, id: ContractId, terms: Terms) -> Result<(), ServiceError> {
    let asked = shelf::load(call, id)?;
    steward(call, &asked, terms.label)?;
    still_open(call, &asked)?;
    not_the_same(call, asked.requested, &asked.subject())?;
    fits(call, &asked, &terms)?;
    let agreed = signed(call);
    let today = call.today();
    for mut other in replaced(call, &asked)? {
        let State::Active(before) = other.state else { continue };
        if other.from < terms.from && terms.from > today {
            if other.until > terms.from {
                other.until = terms.from;
                shelf::save(call, &other)?;
                let detail = [("by", asked.subject()), ("until", terms.from.to_string())];
                call.evidence("contract.shortened", other.subject(), detail);
            }
        } else {
            other.state = State::Revoked {
                agreed: before,
                ended: agreed,
                reason: String::new(),
                replaced_by: Some(id),
            };
            shelf::save(call, &other)?;
            feed::end(call, other.id)?;
            call.revokes();
            call.evidence("contract.replaced", other.subject(), [("by", asked.subject())]);
        }
    }
    let narrowed = terms != Terms::asked(&asked);
    let contract = Contract {
        fields: terms.fields,
        units: terms.units,
        label: terms.label,
        keep: terms.keep,
        copies_until: terms.copies_until,
        from: terms.from,
        until: terms.until,
        rows_a_day: terms.rows_a_day,
        changes: terms.changes && asked.changes,
        state: State::Active(agreed),
        ..asked
    };
    shelf::save(call, &contract)?;
    feed::start(call, &contract)?;
    let units: Vec<String> = contract.units.iter().map(ToString::to_string).collect();
    let quota = contract.rows_a_day.map(|rows| ("rows-a-day", rows.to_string()));
    let copies = contract.copies_until.map(|day| ("copies-until", day.to_string()));
    let detail = [
        ("dataset", contract.of()),
        ("unit", contract.provider_unit.to_string()),
        ("consumer", contract.consumer.subject()),
        ("fields", contract.fields.join(" ")),
        ("units", units.join(" ")),
        ("label", contract.label.to_string()),
        ("keep", contract.keep.to_string()),
        ("changes", contract.changes.to_string()),
        ("from", contract.from.to_string()),
        ("until", contract.until.to_string()),
        ("narrowed", narrowed.to_string()),
        ("in-time", (today <= contract.due).to_string()),
    ];
    call.evidence("contract.approved", contract.subject(), detail.into_iter().chain(quota).chain(copies));
    Ok(())
}

/// Refuses a contract in writing, with the reason and the legal basis (Nghị định 194/2025, điều 16). Needs
/// `dinh.sharing.decide` for the provider's unit.
pub fn refuse(call: &mut Call, id: ContractId, reason: &str, legal_basis: &str) -> Result<(), ServiceError> {
    let mut contract = shelf::load(call, id)?;
    steward(call, &contract, Label::Ordinary)?;
    still_open(call, &contract)?;
    let (reason, legal_basis) = (reason_of(reason)?, basis_of(legal_basis)?);
    let detail = [
        ("dataset", contract.of()),
        ("unit", contract.provider_unit.to_string()),
        ("consumer", contract.consumer.subject()),
        ("reason", reason.clone()),
        ("basis", legal_basis.clone()),
        ("in-time", (call.today() <= contract.due).to_string()),
    ];
    contract.state = State::Refused { decided: signed(call), reason, legal_basis };
    shelf::save(call, &contract)?;
    call.evidence("contract.refused", contract.subject(), detail);
    Ok(())
}

/// Ends a contract before its time, by either side: from the next read nothing is read under it. Needs
/// `dinh.sharing.decide` for the provider's unit, or `dinh.sharing.request` for the consumer's.
pub fn revoke(call: &mut Call, id: ContractId, reason: &str) -> Result<(), ServiceError> {
    let mut contract = shelf::load(call, id)?;
    let gives_up = call.check(&SHARING_REQUEST, &Target::unit(contract.consumer_unit));
    if !gives_up {
        steward(call, &contract, Label::Ordinary)?;
    }
    let standing = contract.standing(call.today());
    let agreed = match contract.state {
        State::Active(agreed) if standing.holds() || standing == Standing::Coming => agreed,
        _ => return Err(over(&contract, standing)),
    };
    let reason = reason_of(reason)?;
    let detail = [
        ("dataset", contract.of()),
        ("unit", contract.provider_unit.to_string()),
        ("consumer", contract.consumer.subject()),
        ("reason", reason.clone()),
        ("side", if gives_up { "consumer" } else { "provider" }.to_owned()),
    ];
    contract.state = State::Revoked { agreed, ended: signed(call), reason, replaced_by: None };
    shelf::save(call, &contract)?;
    feed::end(call, contract.id)?;
    call.revokes();
    call.evidence("contract.revoked", contract.subject(), detail);
    Ok(())
}

fn steward(call: &mut Call, contract: &Contract, label: Label) -> Result<(), ServiceError> {
    let target = Target { label, ..Target::unit(contract.provider_unit) };
    call.require(&SHARING_DECIDE, &target)
}

/// Refuses what is decided already.
pub(super) fn still_open(call: &Call, contract: &Contract) -> Result<(), ServiceError> {
    let standing = contract.standing(call.today());
    if standing.is_open() { Ok(()) } else { Err(over(contract, standing)) }
}

fn over(contract: &Contract, standing: Standing) -> ServiceError {
    ServiceError::refused(
        "contract-is-decided",
        contract.subject(),
        format!(
            "Thoả thuận số {} đang ở trạng thái “{}”, không làm việc này được nữa.",
            contract.id,
            vi(standing)
        ),
        format!("Contract {} is {}: this can no longer be done.", contract.id, standing.as_str()),
    )
}

fn vi(standing: Standing) -> &'static str {
    match standing {
        Standing::Requested => "chờ quyết định",
        Standing::Overdue => "quá hạn trả lời",
        Standing::Coming => "chưa đến ngày hiệu lực",
        Standing::Active => "đang hiệu lực",
        Standing::Expiring => "sắp hết hạn",
        Standing::Expired => "hết hạn",
        Standing::Refused => "bị từ chối",
        Standing::Revoked => "đã chấm dứt",
        Standing::Withdrawn => "đã rút",
    }
}

impl Standing {
    /// The word on pages.
    pub fn name(self, language: dinh_model::Language) -> String {
        match language {
            dinh_model::Language::Vi => {
                let word = vi(self);
                let mut letters = word.chars();
                let first = letters.next().into_iter().flat_map(char::to_uppercase);
                first.chain(letters).collect()
            }
            dinh_model::Language::En => {
                let word = self.as_str();
                let mut letters = word.chars();
                let first = letters.next().into_iter().flat_map(char::to_uppercase);
                first.chain(letters).collect()
            }
        }
    }
}

/// Refuses a decision by whoever asked, or lent their rights to whoever asked.
pub(super) fn not_the_same(call: &Call, asked: Signed, subject: &str) -> Result<(), ServiceError> {
    let (Some(asked), Some(now)) = (asked.by, Signature::of(call)) else { return Ok(()) };
    if call.origin.operator || !now.shares(asked) {
        return Ok(());
    }
    Err(ServiceError::refused(
        "second-person",
        subject,
        "Người đề nghị không tự quyết định: cần một người khác có thẩm quyền.",
        "Whoever asked does not decide: another person who may has to.",
    ))
}

/// Whether the terms are within what was asked for and what is offered now.
fn fits(call: &Call, asked: &Contract, terms: &Terms) -> Result<(), ServiceError> {
    let refused = |rule, vi: &str, en: &str| Err(ServiceError::refused(rule, asked.subject(), vi, en));
    let offer = find_offer(call, &asked.provider, &asked.dataset)?;
    let offered = offer.as_ref().map_or(&[][..], |offer| &offer.fields);
    let field = |name: &String| offered.iter().find(|field| field.name == *name);
    if terms.fields.is_empty() || terms.fields.iter().any(|name| !asked.fields.contains(name)) {
        return refused(
            "beyond-what-was-asked",
            "Chỉ đồng ý được các trường đã đề nghị, ít nhất một trường.",
            "Agree to one or more of the fields that were asked for, to no others.",
        );
    }
    if terms.fields.iter().any(|name| field(name).is_none()) {
        return refused(
            "field-not-offered",
            "Bộ dữ liệu đã thay đổi và không còn trường được đề nghị. Hãy từ chối để bên đề nghị lập lại.",
            "The dataset has changed and no longer offers a field that was asked for. Refuse it, so that it is asked for anew.",
        );
    }
    let needed = terms.fields.iter().filter_map(field).map(|field| field.label).max().unwrap_or_default();
    let most = offer.as_ref().map_or(Label::Ordinary, |offer| offer.dataset.label);
    if terms.label > most || terms.label < needed {
        return refused(
            "label-does-not-fit",
            "Độ mật của thoả thuận phải từ độ mật cao nhất của các trường đến độ mật của bộ dữ liệu.",
            "The contract's label lies between the highest of its fields and that of the dataset.",
        );
    }
    if terms.keep > asked.keep {
        return refused(
            "beyond-what-was-asked",
            "Không cho lưu giữ nhiều hơn mức đã đề nghị.",
            "No more may be kept than was asked for.",
        );
    }
    let copies = terms.copies_until.is_some_and(|day| day >= terms.from);
    if (terms.keep == Keep::Copies) != copies {
        return refused(
            "copies-need-a-day",
            "Cho giữ bản sao thì ghi ngày cuối cùng được giữ; nếu không thì để trống.",
            "Where copies may be kept, say until which day; else leave it empty.",
        );
    }
    let longest = call.today().checked_add(jiff::Span::new().years(LONGEST_TERM)).unwrap_or(Date::MAX);
    if terms.from >= terms.until || terms.until <= call.today() || terms.until > longest {
        return refused(
            "term",
            "Thời hạn phải kết thúc sau khi bắt đầu, sau hôm nay và không quá 10 năm.",
            "The term ends after it begins, after today, and within ten years.",
        );
    }
    if terms.rows_a_day == Some(0) {
        return refused(
            "quota",
            "Hạn mức mỗi ngày ít nhất là 1 bản ghi; để trống nếu không hạn chế.",
            "The quota is at least one row a day; leave it empty for no limit.",
        );
    }
    for unit in &terms.units {
        accounts::get_unit(call, *unit)?;
    }
    Ok(())
}
