//! Reading under a contract: the contract in force, the reader's right, the label and the unit of each row, then rows
//! straight from the owner's records.

use std::sync::Arc;

use dinh_model::{ContractId, Date, Decimal, Label, PluginId, RecordId, Target, Timestamp, time};
use dinh_store::Write;

use super::declared::{find_want, open_offer};
use super::model::{Consumer, Contract, Offer, Standing};
use super::notes::Read;
use super::quota::Quotas;
use super::shelf;
use crate::call::encode;
use crate::permissions::LABEL_EXPORT;
use crate::records::{FoundRow, MOST_ROWS, Page, PluginData, Reader, RecordError, Selection, Shown, View};
use crate::{Call, Refusal, ServiceError, space};

/// What a call has opened: each contract is looked up once in a call. That it still holds is asked with each read, by
/// the same word that says whether rights were taken away.
#[derive(Default)]
pub(crate) struct Opened {
    sources: Vec<(Consumer, Source)>,
    limited: Vec<ContractId>,
}

impl Opened {
    /// The contracts with a quota that were read under, each with the day.
    pub(crate) fn take_limited(&mut self, now: Timestamp) -> Vec<(ContractId, Date)> {
        if self.limited.is_empty() {
            return Vec::new();
        }
        let today = time::day_in_vietnam(now);
        std::mem::take(&mut self.limited).into_iter().map(|contract| (contract, today)).collect()
    }
}

/// A dataset that a call may read.
#[derive(Clone)]
pub struct Source(Arc<Inner>);

struct Inner {
    provider: PluginId,
    /// None for a public dataset, which needs none.
    contract: Option<Arc<Contract>>,
    offer: Arc<Offer>,
}

impl Source {
    /// Opens the dataset that a consumer has a contract for. Refused when none is in force; the text says how the one
    /// there is stands, and what to do.
    pub fn open(call: &mut Call, consumer: &Consumer) -> Result<Self, ServiceError> {
        call.policy_in_force()?;
        if let Some((_, source)) = call.sharing.sources.iter().find(|(known, _)| known == consumer) {
            return Ok(source.clone());
        }
        let contract = in_force(call, consumer)?;
        let offer = open_offer(call, &contract.provider, &contract.dataset)?.ok_or_else(|| {
            ServiceError::Refused(refusal(
                consumer,
                format!("Bộ dữ liệu “{}” không còn được cung cấp.", contract.of()),
                format!("The dataset {} is no longer offered.", contract.of()),
            ))
        })?;
        let inner = Inner { provider: contract.provider.clone(), contract: Some(contract), offer };
        let source = Self(Arc::new(inner));
        call.sharing.sources.push((consumer.clone(), source.clone()));
        Ok(source)
    }

    /// Opens a contract by itself, for what is told under it.
    pub(super) fn of_contract(call: &Call, contract: Contract) -> Result<Option<Self>, ServiceError> {
        let offer = open_offer(call, &contract.provider, &contract.dataset)?;
        let provider = contract.provider.clone();
        let of = |offer| Self(Arc::new(Inner { provider, contract: Some(Arc::new(contract)), offer }));
        Ok(offer.map(of))
    }

    /// Opens the contract of a consumer for one dataset.
    pub fn open_dataset(
        call: &mut Call,
        consumer: &Consumer,
        provider: &PluginId,
        dataset: &str,
    ) -> Result<Self, ServiceError> {
        call.policy_in_force()?;
        let today = call.today();
        let all = shelf::of_consumer(call, consumer)?.into_iter();
        let mut all = all.filter(|contract| contract.provider == *provider && contract.dataset == dataset);
        let contract = all.find(|contract| contract.standing(today).holds());
        let offer = open_offer(call, provider, dataset)?;
        match (contract, offer) {
            (Some(contract), Some(offer)) => {
                Ok(Self(Arc::new(Inner { provider: provider.clone(), contract: Some(contract), offer })))
            }
            _ => Err(ServiceError::Refused(refusal(
                consumer,
                format!("Không có thoả thuận đang hiệu lực cho bộ dữ liệu “{provider}/{dataset}”."),
                format!("No contract is in force for the dataset {provider}/{dataset}."),
            ))),
        }
    }

    /// Opens a public dataset: it needs no contract. None when there is none of that name that is public.
    pub fn open_public(
        call: &Call,
        provider: &PluginId,
        dataset: &str,
    ) -> Result<Option<Self>, ServiceError> {
        let offer = open_offer(call, provider, dataset)?.filter(|offer| offer.dataset.public);
        Ok(offer.map(|offer| Self(Arc::new(Inner { provider: provider.clone(), contract: None, offer }))))
    }

    /// Whose data it is: the reads want its records.
    pub fn provider(&self) -> &PluginId {
        &self.0.provider
    }

    /// The contract; none for a public dataset.
    pub fn contract(&self) -> Option<&Contract> {
        self.0.contract.as_deref()
    }

    /// The dataset.
    pub fn offer(&self) -> &Offer {
        &self.0.offer
    }

    /// The fields that may be read.
    pub fn fields(&self) -> &[String] {
        self.0.contract.as_ref().map_or(&self.0.offer.dataset.fields, |contract| &contract.fields)
    }

    pub(super) fn view(&self, call: &Call, data: &PluginData) -> Result<View<'_>, RecordError> {
        let (fields, dataset) = (self.fields(), &self.0.offer.dataset);
        let reader = self.0.contract.as_ref().map(|contract| Reader {
            permission: &contract.permission,
            units: &contract.units,
            label: contract.label.min(dataset.label),
        });
        View::new(call, data, dataset, fields, reader)
    }
}

/// The contract of a consumer that is in force.
fn in_force(call: &Call, consumer: &Consumer) -> Result<Arc<Contract>, ServiceError> {
    let today = call.today();
    let all = shelf::of_consumer(call, consumer)?;
    let last = all.last().map(|contract| (contract.id, contract.standing(today)));
    if let Some(contract) = all.into_iter().find(|contract| contract.standing(today).holds()) {
        return Ok(contract);
    }
    if let Consumer::Plugin { plugin, wanted } = consumer
        && find_want(call, plugin, wanted)?.is_none()
    {
        let (vi, en) = (
            format!("Ứng dụng không khai báo cần bộ dữ liệu “{wanted}”."),
            format!("The plugin's manifest wants no dataset {wanted:?}."),
        );
        return Err(ServiceError::Refused(refusal(consumer, vi, en)));
    }
    let (vi, en) = match last {
        None => (
            "Chưa có thoả thuận chia sẻ cho dữ liệu này. Quản trị viên của đơn vị cần lập đề nghị ở mục Chia sẻ dữ liệu."
                .to_owned(),
            "There is no contract for this data yet. The unit's administrator has to ask for one under Shared data."
                .to_owned(),
        ),
        Some((id, standing)) => {
            let remedy = match standing {
                Standing::Requested | Standing::Overdue => {
                    ("Hãy chờ đơn vị cung cấp quyết định.", "The providing unit has yet to decide.")
                }
                Standing::Coming => ("Hãy chờ đến ngày hiệu lực.", "It has not begun."),
                _ => ("Hãy lập đề nghị mới.", "Ask anew."),
            };
            (
                format!("Thoả thuận chia sẻ số {id} không có hiệu lực ({}). {}", standing.name(dinh_model::Language::Vi), remedy.0),
                format!("Contract {id} does not hold ({}). {}", standing.as_str(), remedy.1),
            )
        }
    };
    Err(ServiceError::Refused(refusal(consumer, vi, en)))
}

fn refusal(consumer: &Consumer, vi: String, en: String) -> Refusal {
    let text = dinh_model::Localized { vi, en };
    Refusal { rule: "no-contract-in-force", subject: consumer.subject(), text }
}

/// One page of at most `limit` (1 to 1,000) rows, with the selection's `collection` left aside: the dataset names it.
pub fn query(
    call: &mut Call,
    source: &Source,
    data: &PluginData,
    selection: &Selection,
    after: Option<&str>,
    limit: u32,
) -> Result<Page, RecordError> {
    // No more than is left: what there would be beyond it is not told, not even by a refusal.
    let limit = match left(call, source)? {
        Some(left) if limit <= MOST_ROWS => limit.min(u32::try_from(left).unwrap_or(u32::MAX)),
        _ => limit,
    };
    let shown = source.view(call, data)?.query(call, data, selection, after, limit)?;
    bound(call, source, "query", &selection.fields, shown, |shown| &shown.what.ids)
}

/// How many rows are meant.
pub fn count(
    call: &mut Call,
    source: &Source,
    data: &PluginData,
    selection: &Selection,
) -> Result<u64, RecordError> {
    left(call, source)?;
    let shown = source.view(call, data)?.count(call, data, selection)?;
    bound(call, source, "count", &[], shown, |shown| &shown.records)
}

/// The exact sum of a field over the rows meant, empty ones left out.
pub fn sum(
    call: &mut Call,
    source: &Source,
    data: &PluginData,
    selection: &Selection,
    field: &str,
) -> Result<Decimal, RecordError> {
    left(call, source)?;
    let shown = source.view(call, data)?.sum(call, data, selection, field)?;
    bound(call, source, "sum", &[field.to_owned()], shown, |shown| &shown.records)
}

/// One row, with these fields or, without any, all of the contract; none when there is none that the reader may see.
pub fn get(
    call: &mut Call,
    source: &Source,
    data: &PluginData,
    id: RecordId,
    fields: &[String],
) -> Result<Option<FoundRow>, RecordError> {
    left(call, source)?;
    let fields = if fields.is_empty() { source.fields() } else { fields };
    match source.view(call, data)?.get(call, data, id, fields)? {
        Some(shown) => bound(call, source, "get", fields, shown, |shown| &shown.records).map(Some),
        None => {
            // That there is none is an answer as well.
            if let Some(contract) = source.contract()
                && let Some(most) = contract.rows_a_day
            {
                spend(call, contract, 0, most)?;
            }
            Ok(None)
        }
    }
}

/// Some fields of many records, in the order of `ids` (at most 1,000). A record that is not there, or that the reader may
/// not see, is a row of empty fields with the identifier zero.
pub fn resolve(
    call: &mut Call,
    source: &Source,
    data: &PluginData,
    ids: &[RecordId],
    fields: &[String],
) -> Result<Page, RecordError> {
    left(call, source)?;
    let shown = source.view(call, data)?.resolve(call, data, ids, fields)?;
    bound(call, source, "resolve", fields, shown, |shown| &shown.records)
}

/// What follows from a read: its quota is spent, the call is bound by what it read, and the read is noted.
fn bound<T>(
    call: &mut Call,
    source: &Source,
    how: &'static str,
    fields: &[String],
    shown: Shown<T>,
    records: impl FnOnce(&Shown<T>) -> &[RecordId],
) -> Result<T, RecordError> {
    let Some(contract) = &source.0.contract else { return Ok(shown.what) };
    // A program outside takes out what it reads.
    if shown.label > Label::Ordinary && matches!(contract.consumer, Consumer::Account(_)) {
        call.require(&LABEL_EXPORT, &Target { label: shown.label, ..Target::unit(contract.provider_unit) })?;
    }
    call.confinement.read(shown.label);
    call.confinement.read_under(contract.id, contract.keep, shown.texts);
    if let Some(most) = contract.rows_a_day
        && let Err(refused) = spend(call, contract, shown.rows, most)
    {
        // That it was asked is to be found, and that it was more than was left is something the call has read.
        let read = Read { how, fields, filters: &shown.filters, rows: 0, records: &[] };
        call.read_shared(contract, &read);
        return Err(refused);
    }
    let read = Read { how, fields, filters: &shown.filters, rows: shown.rows, records: records(&shown) };
    call.read_shared(contract, &read);
    Ok(shown.what)
}

fn spend(call: &mut Call, contract: &Contract, rows: u64, most: u64) -> Result<(), RecordError> {
    let today = call.today();
    let key = use_key(contract.id, today);
    let quotas = Arc::clone(&call.common.quotas);
    let stored = || {
        let stored = call.transaction.snapshot().get(&key).map_err(ServiceError::from)?;
        let stored = stored.map(|stored| crate::call::decode::<u64>(&key, &stored.value)).transpose()?;
        Ok::<_, ServiceError>(stored.unwrap_or(0))
    };
    match quotas.spend(contract.id, today, rows, most, stored)? {
        Ok(_) => {
            if !call.sharing.limited.contains(&contract.id) {
                call.sharing.limited.push(contract.id);
            }
            Ok(())
        }
        Err(_) => Err(used_up(contract, most)),
    }
}

fn used_up(contract: &Contract, most: u64) -> RecordError {
    let id = contract.id;
    RecordError::Refused(Refusal {
        rule: "quota",
        subject: contract.subject(),
        text: dinh_model::Localized {
            vi: format!(
                "Thoả thuận số {id} cho đọc tối đa {most} bản ghi mỗi ngày; hôm nay đã dùng hết. Hãy đọc tiếp vào ngày mai, hoặc đề nghị hạn mức khác."
            ),
            en: format!(
                "Contract {id} gives at most {most} rows a day, and today's are used up. Go on tomorrow, or ask for another quota."
            ),
        },
    })
}

/// Rows that are left of today; none where there is no quota. Refused before anything is read when there are none left.
fn left(call: &Call, source: &Source) -> Result<Option<u64>, RecordError> {
    let Some(contract) = &source.0.contract else { return Ok(None) };
    match rows_left(call, contract)? {
        Some(0) => Err(used_up(contract, contract.rows_a_day.unwrap_or(0))),
        left => Ok(left),
    }
}

/// Rows that a contract gives today beside those already given; none when there is no quota.
pub(super) fn rows_left(call: &Call, contract: &Contract) -> Result<Option<u64>, ServiceError> {
    let Some(most) = contract.rows_a_day else { return Ok(None) };
    let today = call.today();
    let used = match call.common.quotas.used(contract.id, today) {
        Some(used) => used,
        None => call.load(&use_key(contract.id, today))?.unwrap_or(0),
    };
    Ok(Some(most.saturating_sub(used)))
}

fn use_key(contract: ContractId, day: Date) -> Vec<u8> {
    let day = time::days(day).to_be_bytes();
    space::key(space::CONTRACT_USE, &[&contract.0.to_be_bytes(), &day])
}

/// What makes the rows given durable.
pub(crate) fn rows_used(quotas: &Quotas, used: &[(ContractId, Date)]) -> Result<Vec<Write>, ServiceError> {
    let written =
        used.iter().filter_map(|(contract, day)| Some((*contract, *day, quotas.used(*contract, *day)?)));
    written
        .map(|(contract, day, rows)| {
            let key = use_key(contract, day);
            let value = encode(&key, &rows)?;
            Ok(Write::Put { key, value, fill: Vec::new() })
        })
        .collect()
}
