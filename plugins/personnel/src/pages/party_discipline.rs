//! Discipline by the Party (kỷ luật đảng) on a record sheet: read from inspection under contract, Mật, and kept nowhere. Who
//! may not see what is Mật is shown nothing, not even that there is something.

use dinh_sdk::prelude::*;

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
        .column(Head::new("form", say("Hình thức", "Form")), |row| row.form_title.clone())
        .column(Head::new("number", say("Số quyết định", "Number")), |row| row.number.clone())
        .column(Head::new("until", say("Hết hiệu lực", "End of effect")).format(Format::Date), |row| {
            row.effective_until
        })
        .build()
        .caption(say("Kỷ luật đảng (Mật)", "Discipline by the Party"));
    Ok(Some(table))
}
