//! What personnel and party finance offer, under contract. Nothing of it is kept but references.

use dinh_sdk::prelude::*;
use dinh_sdk::records::Property;

/// A member's name, for people to read.
#[derive(Clone, Debug, PartialEq, Record)]
#[record(wanted = "members")]
pub(crate) struct MemberName {
    pub(crate) full_name: String,
}

/// A member without any text: what deeds may read and still write.
#[derive(Clone, Debug, PartialEq, Record)]
#[record(wanted = "members")]
pub(crate) struct MemberFacts {
    pub(crate) unit: UnitId,
    pub(crate) account: Option<AccountId>,
}

/// The member that a form picks, by name; unit and date of birth tell apart those of one name. What was shown is not given to
/// the plugin: it gets the reference.
pub(crate) fn picker(request: &Request, name: &str) -> Field {
    let label = request.say("Đảng viên", "Member");
    Field::reference(name, label, MemberName::FULL_NAME)
        .beside(MemberFacts::UNIT)
        .beside(MemberKey::BIRTH_DATE)
}

/// By what relatives are asked for.
#[derive(Clone, Debug, PartialEq, Record)]
#[record(wanted = "members")]
struct MemberKey {
    full_name: String,
    birth_date: Date,
}

/// An officer, found by the number that paper lists have.
#[derive(Clone, Debug, PartialEq, Record)]
#[record(wanted = "officers")]
struct Officer {
    unit: UnitId,
}

/// A relative in personnel's family table; only ever counted.
#[derive(Clone, Debug, PartialEq, Record)]
#[record(wanted = "kinship")]
struct Kin {
    person: RecordId,
    name: String,
    birth_year: Option<i64>,
}

/// How a member stands with dues.
#[derive(Clone, Debug, PartialEq, Record)]
#[record(wanted = "dues-status")]
pub(crate) struct Dues {
    pub(crate) member: RecordId,
    pub(crate) months_unpaid: i64,
    pub(crate) as_of: Date,
}

impl Dues {
    /// Of a member; none where there is no contract that gives it, or nothing is recorded.
    pub(crate) fn of(member: RecordId) -> Result<Option<Stored<Self>>> {
        match Self::all().filter(Self::MEMBER.is(member)).first() {
            Err(Error::Denied(_)) => Ok(None),
            found => found,
        }
    }
}

/// A member by the number that the paper book has; reads no text of theirs.
pub(crate) fn officer(number: &str) -> Result<Option<RecordId>> {
    let code = Property::<Officer, String>::new("code");
    Ok(Officer::all().filter(code.is(number)).first()?.map(|officer| officer.id))
}

/// The name of a member; none where the reader may not see it, or no contract is in force.
pub(crate) fn name_of(member: RecordId) -> Result<Option<String>> {
    match MemberName::resolve(&[member]) {
        Ok(names) => Ok(names.into_iter().next().flatten().map(|member| member.full_name)),
        Err(Error::Denied(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

/// **Whether two members are related**, by personnel's family table: yes or no, and nothing else leaves it. A relative is
/// known there by name and year of birth, so a namesake of the same year is a yes as well. None when one of them
/// cannot be looked up.
pub(crate) fn related(one: RecordId, other: RecordId) -> Result<Option<bool>> {
    let keys = MemberKey::resolve(&[one, other])?;
    let [Some(first), Some(second)] = keys.as_slice() else { return Ok(None) };
    let has = |person: RecordId, relative: &MemberKey| {
        Kin::all()
            .filter(Kin::PERSON.is(person))
            .filter(Kin::NAME.is(relative.full_name.clone()))
            .filter(Kin::BIRTH_YEAR.is(Some(i64::from(relative.birth_date.year()))))
            .count()
    };
    Ok(Some(has(one, second)? > 0 || has(other, first)? > 0))
}
