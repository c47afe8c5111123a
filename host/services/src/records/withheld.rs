//! From whom a record is withheld, whoever asks: so that nobody is told of a record that they may not know of.

use dinh_model::{AccountId, RecordId, Row};

use super::cover::Opener;
use super::place::Place;
use super::sight::target_of_row;
use super::{PluginData, RecordError};
use crate::Call;

/// The account from which a record of the plugin is withheld, in whichever collection it is; none when there is no such
/// record, or it is withheld from nobody.
pub(crate) fn withheld_from(
    call: &Call,
    data: &PluginData,
    id: RecordId,
) -> Result<Option<AccountId>, RecordError> {
    for collection in &data.collections {
        let place = Place::of(data, collection);
        let Some(field) = collection.withheld_field else { continue };
        let opener = Opener::new(call, &place);
        let from = call.transaction.read(&place.row(id), |item| {
            let row = Row::read(item.value)?;
            let opened = match collection.seals(field, target_of_row(&place, &row).label) {
                true => opener.open(&call.transaction, &place, id, &row)?,
                false => None,
            };
            let row = opened.as_ref().map_or(Ok(row), |opened| Row::read(opened))?;
            let account = row.number(field).and_then(|number| u32::try_from(number).ok());
            Ok::<_, RecordError>(account.map(AccountId))
        })?;
        if let Some(from) = from.transpose()? {
            return Ok(from);
        }
    }
    Ok(None)
}
