//! The members of a unit (danh sách đảng viên), read from personnel under the contract.

use std::collections::HashMap;

use dinh_sdk::prelude::*;
use dinh_sdk::text::{SortKey, sort_key};

use crate::model::{Base, Exemption, MemberFacts, MemberName};
use crate::month::Month;
use crate::rules::dues::{Basis, Category, Facts};

/// Refuses where a contract is in force that gives fewer fields than dues need, and names them. Where none is, the read
/// itself says how it stands.
pub(crate) fn suffices(request: &Request) -> Result<()> {
    let Some((contract, missing)) = lacking()? else { return Ok(()) };
    let missing = missing.join(", ");
    let vi = format!(
        "Thoả thuận chia sẻ số {contract} không cho đọc: {missing}. Quản trị viên của đơn vị cần lập đề nghị mới với đủ các trường."
    );
    let en = format!(
        "Contract {contract} does not give: {missing}. The unit's administrator has to ask anew for all of them."
    );
    Err(Error::Denied(request.say(&vi, &en).to_owned()))
}

/// The contract in force, where it gives fewer fields than dues need, and those it does not give.
pub(crate) fn lacking() -> Result<Option<(u32, Vec<&'static str>)>> {
    let Some(terms) = sharing::agreed(MemberFacts::COLLECTION)? else { return Ok(None) };
    let needed = MemberFacts::FIELDS.iter().chain(MemberName::FIELDS);
    let missing: Vec<&str> =
        needed.copied().filter(|field| !terms.fields.iter().any(|given| given == field)).collect();
    Ok((!missing.is_empty()).then_some((terms.contract, missing)))
}

/// A record's identifier as a key.
pub(crate) type Key = (u64, u64);

/// The key of a member.
pub(crate) fn key(id: RecordId) -> Key {
    (id.high, id.low)
}

/// Those who belong to the unit and are members at some time of the month.
pub(crate) fn members(unit: UnitId, month: Month) -> Result<Vec<Stored<MemberFacts>>> {
    let mut members = MemberFacts::all()
        .filter(MemberFacts::UNIT.is(unit))
        .filter(MemberFacts::PARTY_ADMITTED_ON.at_most(month.last_day()))
        .list()?;
    members.retain(|member| member.party_left_on.is_none_or(|left| left > month.first_day()));
    Ok(members)
}

/// What was decided for the members of a unit: exemptions, reductions, other bases of income.
pub(crate) struct Decided {
    exemptions: Vec<Stored<Exemption>>,
    bases: Vec<Stored<Base>>,
}

impl Decided {
    /// For a unit.
    pub(crate) fn of_unit(unit: UnitId) -> Result<Self> {
        Ok(Self {
            exemptions: Exemption::all().filter(Exemption::UNIT.is(unit)).list()?,
            bases: Base::all().filter(Base::UNIT.is(unit)).list()?,
        })
    }

    /// What a member's dues of a month follow from; none before the admission to the Party.
    pub(crate) fn facts(&self, member: &Stored<MemberFacts>, month: Month) -> Option<Facts> {
        let holds =
            |from: Month, until: Option<Month>| from <= month && until.is_none_or(|until| month <= until);
        let reduction = self
            .exemptions
            .iter()
            .filter(|row| row.member == member.id && holds(row.from, row.until))
            .map(|row| row.percent)
            .max();
        let base = self
            .bases
            .iter()
            .filter(|row| row.member == member.id && holds(row.from, row.until))
            .max_by_key(|row| row.from);
        let other = base
            .and_then(|base| Some(Basis::Other(Category::of_key(&base.category)?, base.income, base.zone)));
        // Who left service before the month that the salary is of has none.
        let serves = member.left_on.is_none_or(|left| left > month.plus(-1).first_day());
        let salary = member.insured_coefficient.filter(|_| serves).map(Basis::Salary);
        Some(Facts {
            admitted_on: member.party_admitted_on?,
            basis: other.or(salary),
            reduction: reduction.unwrap_or_default(),
        })
    }
}

/// Names of members, resolved when they are shown.
pub(crate) struct Names(HashMap<Key, String>);

impl Names {
    /// Of these members; who is no longer offered has none.
    pub(crate) fn of(ids: &[RecordId]) -> Result<Self> {
        let names = MemberName::resolve(ids)?;
        let named = ids.iter().zip(names).filter_map(|(id, name)| Some((key(*id), name?.full_name)));
        Ok(Self(named.collect()))
    }

    /// The name of one.
    pub(crate) fn get(&self, member: RecordId) -> Option<&str> {
        self.0.get(&key(member)).map(String::as_str)
    }

    /// Where somebody stands in a Vietnamese list: by the given name, which is the last, then by the whole name.
    pub(crate) fn place(&self, member: RecordId) -> (SortKey, SortKey) {
        let name = self.get(member).unwrap_or_default();
        let given = name.split_whitespace().next_back().unwrap_or_default();
        (sort_key(given), sort_key(name))
    }
}
