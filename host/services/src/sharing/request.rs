//! Asking for a dataset.

use dinh_model::{AccountId, ContractId, Date, Keep, Label, PluginId, Target, UnitId, time};

use super::declared::{find_offer, find_want, home_of};
use super::model::{Consumer, Contract, Offer, Signed, State};
use super::working_days::{STEWARD_DAYS, working_days_after};
use super::{decide, shelf};
use crate::accounts::{self, Signature};
use crate::permissions::{DATASET_READ, SHARING_REQUEST};
use crate::space::Counter;
use crate::{Call, ServiceError, Thing};

/// Longest legal basis, in characters.
pub(super) const LONGEST_BASIS: usize = 400;

/// What an outside system asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewContract {
    /// Whose data.
    pub provider: PluginId,
    /// The dataset.
    pub dataset: String,
    /// The fields.
    pub fields: Vec<String>,
    /// What for: one of the dataset's purposes.
    pub purpose: String,
    /// The law, decree or decision that entitles to it.
    pub legal_basis: String,
    /// What the system would keep.
    pub keep: Keep,
}

/// Asks for a dataset as a plugin's manifest wants it, from today for a year. Needs `dinh.sharing.request` for the unit
/// the plugin is installed for.
pub fn request(call: &mut Call, plugin: &PluginId, wanted: &str) -> Result<ContractId, ServiceError> {
    let home = home_of(call, plugin)?;
    call.require(&SHARING_REQUEST, &Target::unit(home))?;
    let want = find_want(call, plugin, wanted)?
        .ok_or_else(|| ServiceError::not_found(Thing::Dataset, format!("{plugin}/{wanted}")))?;
    let consumer = Consumer::Plugin { plugin: plugin.clone(), wanted: wanted.to_owned() };
    let (permission, changes) = (want.wanted.permission.clone(), want.wanted.changes);
    let new = NewContract {
        provider: want.wanted.plugin,
        dataset: want.wanted.dataset,
        fields: want.wanted.fields,
        purpose: want.wanted.purpose,
        legal_basis: want.wanted.legal_basis,
        keep: want.wanted.keep,
    };
    ask(call, consumer, home, permission, changes, new)
}

/// Asks for a dataset for a system outside, which reads it with an access token of `account`, from today for a year.
/// Needs `dinh.sharing.request` for the account's unit.
pub fn request_for_account(
    call: &mut Call,
    account: AccountId,
    new: NewContract,
) -> Result<ContractId, ServiceError> {
    let found = accounts::get_account(call, account)?;
    call.require(&SHARING_REQUEST, &Target::unit(found.unit))?;
    if found.state != accounts::AccountState::Active {
        return Err(ServiceError::refused(
            "account-not-active",
            format!("account:{account}"),
            "Tài khoản của hệ thống sử dụng phải đang hoạt động.",
            "The account that the system reads with has to be active.",
        ));
    }
    ask(call, Consumer::Account(account), found.unit, DATASET_READ.clone(), false, new)
}

fn ask(
    call: &mut Call,
    consumer: Consumer,
    consumer_unit: UnitId,
    permission: dinh_model::Permission,
    changes: bool,
    new: NewContract,
) -> Result<ContractId, ServiceError> {
    let offer = find_offer(call, &new.provider, &new.dataset)?.ok_or_else(|| not_offered(&consumer, &new))?;
    check(&consumer, &offer, &new)?;
    let legal_basis = basis_of(&new.legal_basis)?;
    let today = call.today();
    for other in shelf::of_consumer(call, &consumer)? {
        if other.provider == new.provider && other.dataset == new.dataset && other.standing(today).is_open() {
            return Err(ServiceError::refused(
                "asked-already",
                other.subject(),
                format!("Đề nghị này đang chờ quyết định ở thoả thuận số {}.", other.id),
                format!(
                    "The same is asked for already, by contract {}, which waits to be decided.",
                    other.id
                ),
            ));
        }
    }
    let number = ContractId(call.next_number(Counter::Contract)?);
    let contract = Contract {
        id: number,
        consumer,
        consumer_unit,
        provider: new.provider,
        provider_unit: offer.home_unit,
        dataset: new.dataset,
        label: label_of(&offer, &new.fields),
        fields: new.fields,
        purpose: new.purpose,
        legal_basis,
        permission,
        units: Vec::new(),
        keep: new.keep,
        copies_until: None,
        from: today,
        until: a_year_after(today),
        rows_a_day: None,
        changes,
        requested: signed(call),
        due: working_days_after(call, today, STEWARD_DAYS)?,
        state: State::Requested,
    };
    shelf::save(call, &contract)?;
    let detail = [
        ("dataset", contract.of()),
        ("unit", contract.provider_unit.to_string()),
        ("consumer", contract.consumer.subject()),
        ("fields", contract.fields.join(" ")),
        ("purpose", contract.purpose.clone()),
        ("changes", contract.changes.to_string()),
        ("basis", contract.legal_basis.clone()),
        ("keep", contract.keep.to_string()),
        ("due", contract.due.to_string()),
    ];
    call.evidence("contract.requested", contract.subject(), detail);
    Ok(number)
}

/// Withdraws a request that nobody has decided yet. Needs `dinh.sharing.request` for the consumer's unit.
pub fn withdraw(call: &mut Call, id: ContractId) -> Result<(), ServiceError> {
    let mut contract = shelf::load(call, id)?;
    call.require(&SHARING_REQUEST, &Target::unit(contract.consumer_unit))?;
    decide::still_open(call, &contract)?;
    contract.state = State::Withdrawn(signed(call));
    shelf::save(call, &contract)?;
    call.evidence("contract.withdrawn", contract.subject(), [("dataset", contract.of())]);
    Ok(())
}

fn not_offered(consumer: &Consumer, new: &NewContract) -> ServiceError {
    ServiceError::refused(
        "dataset-not-offered",
        consumer.subject(),
        format!(
            "Không có bộ dữ liệu “{}/{}”: ứng dụng chưa được cài đặt hoặc không cung cấp bộ dữ liệu này. Xem danh mục dữ liệu chia sẻ.",
            new.provider, new.dataset
        ),
        format!(
            "There is no dataset {}/{}: the plugin is not installed or does not offer it. See the register of shared data.",
            new.provider, new.dataset
        ),
    )
}

/// Whether the dataset has what is asked for, for that purpose.
pub(super) fn check(consumer: &Consumer, offer: &Offer, new: &NewContract) -> Result<(), ServiceError> {
    let refused = |rule, vi: String, en: String| Err(ServiceError::refused(rule, consumer.subject(), vi, en));
    let of = format!("{}/{}", new.provider, new.dataset);
    let consumers = &offer.dataset.consumers;
    let is_meant = match consumer {
        Consumer::Plugin { plugin, .. } => consumers.is_empty() || consumers.contains(plugin),
        Consumer::Account(_) => consumers.is_empty(),
    };
    if !is_meant {
        let known: Vec<&str> = consumers.iter().map(|plugin| plugin.as_str()).collect();
        let known = known.join(", ");
        return refused(
            "consumer-not-meant",
            format!("Bộ dữ liệu “{of}” chỉ dành cho: {known}."),
            format!("The dataset {of} is only for: {known}."),
        );
    }
    let unknown: Vec<&str> =
        new.fields.iter().filter(|field| offer.field(field).is_none()).map(String::as_str).collect();
    if !unknown.is_empty() || new.fields.is_empty() {
        let (unknown, known) = (unknown.join(", "), offer.dataset.fields.join(", "));
        return refused(
            "field-not-offered",
            format!("Bộ dữ liệu “{of}” không có trường {unknown}. Các trường có thể đề nghị: {known}."),
            format!("The dataset {of} does not offer {unknown}. What can be asked for: {known}."),
        );
    }
    let purposes = &offer.dataset.purposes;
    if !purposes.iter().any(|purpose| purpose.name == new.purpose) {
        let known: Vec<&str> = purposes.iter().map(|purpose| purpose.name.as_str()).collect();
        let (purpose, known) = (&new.purpose, known.join(", "));
        return refused(
            "purpose-not-allowed",
            format!(
                "Bộ dữ liệu “{of}” không cho phép mục đích “{purpose}”. Các mục đích được phép: {known}."
            ),
            format!("The dataset {of} is not for the purpose `{purpose}`. It is for: {known}."),
        );
    }
    Ok(())
}

/// The highest label of what the fields show, and at least that of the rows.
fn label_of(offer: &Offer, fields: &[String]) -> Label {
    let labels = offer.fields.iter().filter(|field| fields.contains(&field.name)).map(|field| field.label);
    labels.max().unwrap_or_default().max(offer.dataset.label)
}

/// A legal basis in writing.
pub(super) fn basis_of(basis: &str) -> Result<String, ServiceError> {
    let basis = dinh_model::text::nfc(basis.trim());
    match basis.chars().count() {
        0 => Err(ServiceError::invalid("Hãy ghi căn cứ pháp lý.", "Write the legal basis.")),
        1..=LONGEST_BASIS => Ok(basis),
        found => Err(ServiceError::invalid(
            format!("Căn cứ pháp lý dài {found} ký tự; tối đa {LONGEST_BASIS}."),
            format!("The legal basis has {found} characters; at most {LONGEST_BASIS}."),
        )),
    }
}

/// Who acts now.
pub(super) fn signed(call: &Call) -> Signed {
    Signed { by: Signature::of(call), at: time::microseconds(call.now()) }
}

fn a_year_after(day: Date) -> Date {
    day.checked_add(jiff::Span::new().years(1)).unwrap_or(day)
}
