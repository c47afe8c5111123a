//! From whom a record is withheld, whoever asks: so that nobody is told of a record that they may not know of.
//!
//! A record names that account itself, or it is a part of another record and withheld as that one is now.

use dinh_model::{AccountId, FieldType, RecordId, Row, Value};
use dinh_store::Transaction;

use super::cover::Opener;
use super::place::Place;
use super::sight::{lookers, target_of_row};
use super::{PluginData, RecordError};
use crate::Call;

/// The account from which a record of the plugin is withheld, in whichever collection it is; none when there is no such
/// record, or it is withheld from nobody.
pub(crate) fn withheld_from(
    call: &Call,
    data: &PluginData,
    id: RecordId,
) -> Result<Option<AccountId>, RecordError> {
    for collection in data.collections.iter().filter(|collection| collection.withheld_field.is_some()) {
        let place = Place::of(data, collection);
        if let Some(from) = of_record(&call.transaction, &Opener::new(call, &place), &place, id)? {
            return Ok(Some(from));
        }
    }
    Ok(None)
}

/// Whether a record of the plugin is withheld from whoever acts.
pub(crate) fn is_withheld(call: &Call, data: &PluginData, id: RecordId) -> Result<bool, RecordError> {
    let from = if call.origin.operator { None } else { withheld_from(call, data, id)? };
    Ok(from.is_some() && lookers(call.actor()).contains(&from))
}

/// The account from which a record is withheld.
fn of_record(
    transaction: &Transaction,
    opener: &Opener,
    place: &Place<'_>,
    id: RecordId,
) -> Result<Option<AccountId>, RecordError> {
    let Some(field) = place.collection.withheld_field else { return Ok(None) };
    let from = transaction.read(&place.row(id), |item| {
        let row = Row::read(item.value)?;
        let opened = match place.collection.seals(field, target_of_row(place, &row).label) {
            true => opener.open(transaction, place, id, &row)?,
            false => None,
        };
        let row = opened.as_ref().map_or(Ok(row), |opened| Row::read(opened))?;
        of_row(transaction, opener, place, &row)
    })?;
    from.unwrap_or(Ok(None))
}

/// The account from which a row is withheld; what is sealed of that has been opened.
pub(super) fn of_row(
    transaction: &Transaction,
    opener: &Opener,
    place: &Place<'_>,
    row: &Row<'_>,
) -> Result<Option<AccountId>, RecordError> {
    let Some(at) = place.collection.withheld_field else { return Ok(None) };
    let kind = place.collection.fields.get(at).map(|field| &field.kind);
    let Some(kind @ FieldType::Reference { collection }) = kind else {
        let account = row.number(at).and_then(|number| u32::try_from(number).ok());
        return Ok(account.map(AccountId));
    };
    let Value::Reference(whole) = row.value(at, kind)? else { return Ok(None) };
    // Parts lie together in lists: what was found of the last whole is known.
    if let Some((last, from)) = opener.whole.get()
        && last == whole
    {
        return Ok(from);
    }
    let from = of_record(transaction, opener, &Place::find(place.data, collection)?, whole)?;
    opener.whole.set(Some((whole, from)));
    Ok(from)
}
