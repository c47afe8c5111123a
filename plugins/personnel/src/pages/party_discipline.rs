//! Discipline by the Party (kỷ luật đảng) on a record sheet, and how it puts the next raise off: read from inspection under
//! contract, Mật, and kept nowhere. Who
//! may not see what is Mật is shown nothing, not even that there is something.

use dinh_sdk::prelude::*;

use crate::rules::parameters::{Parameters, key};
use crate::sheet::words;

/// A decision of the Party.
#[derive(Clone, Debug, PartialEq, Record)]
#[record(wanted = "party-discipline")]
struct PartyDiscipline {
    member: RecordId,
    form_title: String,
    number: String,
    decided_on: Date,
    effective_until: Option<Date>,
}

/// The part that puts a raise off.
#[derive(Clone, Debug, PartialEq, Record)]
#[record(wanted = "party-discipline")]
struct Delaying {
    member: RecordId,
    form_title: String,
    decided_on: Date,
}

impl Delaying {
    /// By how many months, which is that of the form of officials' discipline of the same name; none where there is none.
    fn months(&self, parameters: &Parameters) -> i64 {
        let title = dinh_sdk::text::fold(&self.form_title);
        let form = words::DISCIPLINE.iter().find(|(_, vi, _)| dinh_sdk::text::fold(vi) == title);
        let months = form.and_then(|(form, ..)| parameters.whole(&key::raise_delay(form), self.decided_on));
        months.unwrap_or_default()
    }
}

/// The days of the decisions about an officer, with the months by which each puts a raise off.
pub(crate) fn delays(person: RecordId, parameters: &Parameters) -> Result<Vec<(Date, i64)>> {
    if sharing::agreed(Delaying::COLLECTION)?.is_none() {
        return Ok(Vec::new());
    }
    let found = Delaying::all().filter(Delaying::MEMBER.is(person)).list()?;
    Ok(found.into_iter().map(|row| (row.decided_on, row.months(parameters))).collect())
}

/// The same of all officers whom the reader may see.
pub(crate) fn all_delays(parameters: &Parameters) -> Result<Vec<(RecordId, Date, i64)>> {
    if sharing::agreed(Delaying::COLLECTION)?.is_none() {
        return Ok(Vec::new());
    }
    let found = Delaying::all().list()?;
    Ok(found.into_iter().map(|row| (row.member, row.decided_on, row.months(parameters))).collect())
}

/// The decisions about an officer; none where there is nothing to show, or no contract.
pub(crate) fn table(request: &Request, person: RecordId) -> Result<Option<Table>> {
    if sharing::agreed(PartyDiscipline::COLLECTION)?.is_none() {
        return Ok(None);
    }
    let found = PartyDiscipline::all().filter(PartyDiscipline::MEMBER.is(person)).list()?;
    if found.is_empty() {
        return Ok(None);
    }
    let say = |vi, en| request.say(vi, en);
    let table = Table::of("party-disciplines", &found)
        .column(
            Head::new("decided-on", say("Ngày quyết định", "Decided on")).format(Format::Date),
            |row| row.decided_on,
        )
        .column(Head::new("form", say("Hình thức", "Form")), |row| row.form_title.as_str())
        .column(Head::new("number", say("Số quyết định", "Number")), |row| row.number.as_str())
        .column(Head::new("until", say("Hết hiệu lực", "End of effect")).format(Format::Date), |row| {
            row.effective_until
        })
        .build()
        .caption(say("Kỷ luật đảng (Mật)", "Discipline by the Party"));
    Ok(Some(table))
}
