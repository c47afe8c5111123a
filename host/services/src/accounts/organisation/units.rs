//! Units (đơn vị): the organisation as a tree, each unit with its term.
//!
//! No unit lasts longer than the one above it. When a term is over, nothing new is given for the unit: no grant, no
//! position to hold, no head, no account, no plugin at home there. What was given stays until it is withdrawn, ends with
//! its own term, or its people are transferred: the records of a unit that ended are still read and handed over, by
//! whoever did so before.

use dinh_access::Term;
use dinh_model::{Date, Target, UnitId, key};
use dinh_store::Direction;

use crate::accounts::requests::Agreed;
use crate::accounts::{Unit, names};
use crate::permissions::UNIT_MANAGE;
use crate::space::{self, Counter};
use crate::{Call, ServiceError, Thing};

/// A unit to be created.
#[derive(Clone, Debug)]
pub struct NewUnit {
    /// Short stable code, such as `skhdt`; unique over all time.
    pub code: String,
    /// Full official name.
    pub name: String,
    /// What it is, in the deployment's own words: `tinh`, `so`, `phong`, `xa`.
    pub kind: String,
    /// The unit above; none for a root.
    pub parent: Option<UnitId>,
    /// First day of its term.
    pub valid_from: Date,
}

/// Creates a unit, under one that has no end. Needs `dinh.unit.manage` for the unit above.
/// Without one it is the first root of the house; another root is asked for ([`create_root`](crate::accounts::create_root)).
pub fn create_unit(call: &mut Call, new: NewUnit) -> Result<UnitId, ServiceError> {
    let Some(parent) = new.parent else {
        call.require_everywhere(&UNIT_MANAGE)?;
        if !ids_below(call, None)?.is_empty() {
            return Err(ServiceError::invalid(
                "Hãy chọn đơn vị cấp trên; nếu thực sự cần thêm một đơn vị gốc, hãy đề nghị lập đơn vị gốc (--root).",
                "Name the unit above; if another root is meant, ask for it as such (--root).",
            ));
        }
        return add(call, new, &Agreed::OPERATOR);
    };
    let parent = get_unit(call, parent)?;
    call.require(&UNIT_MANAGE, &Target::unit(parent.id))?;
    // It would last longer, whenever it begins.
    if let Some(until) = parent.valid_until {
        return Err(ServiceError::refused(
            "unit-ends",
            subject(parent.id),
            format!(
                "Đơn vị cấp trên “{}” kết thúc ngày {until}: không lập thêm đơn vị trực thuộc.",
                parent.name
            ),
            format!("The unit above, “{}”, ends on {until}; no unit begins under it.", parent.code),
        ));
    }
    begun(&parent, new.valid_from)?;
    add(call, new, &Agreed::OPERATOR)
}

/// Goes on only with a unit that can be named so: the code in its form, which no other unit has, and the name and the
/// kind in theirs.
pub(in crate::accounts) fn named(
    call: &Call,
    code: &str,
    name: &str,
    kind: &str,
) -> Result<(String, String, String), ServiceError> {
    let code = names::unit_code(code)?;
    let (name, kind) = (names::shown(names::Shown::UnitName, name)?, names::unit_kind(kind)?);
    if call.holds(&code_key(&code))? {
        return Err(ServiceError::exists(Thing::Unit, code));
    }
    Ok((code, name, kind))
}

/// Puts a new unit into the tree.
pub(super) fn add(call: &mut Call, new: NewUnit, agreed: &Agreed) -> Result<UnitId, ServiceError> {
    let (code, name, kind) = named(call, &new.code, &new.name, &new.kind)?;
    let id = UnitId(call.next_number(Counter::Unit)?);
    let unit =
        Unit { id, code, name, kind, parent: new.parent, valid_from: new.valid_from, valid_until: None };
    call.save(code_key(&unit.code), &id)?;
    call.save(below(unit.parent, &unit.code), &id)?;
    call.save(space::unit(id), &unit)?;
    let parent = unit.parent.map_or("none".to_owned(), |parent| parent.to_string());
    let detail = [("code", unit.code), ("parent", parent)].into_iter().chain(agreed.detail());
    call.evidence("unit.created", subject(id), detail);
    Ok(id)
}

/// A unit by its number, whatever its term.
pub fn get_unit(call: &Call, id: UnitId) -> Result<Unit, ServiceError> {
    call.load(&space::unit(id))?.ok_or_else(|| ServiceError::not_found(Thing::Unit, id))
}

/// A unit by its code, whatever its term; none when there is no such unit.
pub fn find_unit(call: &Call, code: &str) -> Result<Option<Unit>, ServiceError> {
    match call.load::<UnitId>(&code_key(&code.trim().to_lowercase()))? {
        Some(id) => get_unit(call, id).map(Some),
        None => Ok(None),
    }
}

/// The units directly below `parent` (the roots, when there is none) on the call's day, by code.
pub fn list_units(call: &Call, parent: Option<UnitId>) -> Result<Vec<Unit>, ServiceError> {
    let today = call.today();
    let mut units = all_below(call, parent)?;
    units.retain(|unit| unit.is_valid_on(today));
    Ok(units)
}

/// The units directly below `parent` (the roots, when there is none), whatever their terms, by code.
pub fn list_all_units(call: &Call, parent: Option<UnitId>) -> Result<Vec<Unit>, ServiceError> {
    all_below(call, parent)
}

/// The root of the tree that a unit is in, itself if it is one.
pub fn root_above(call: &Call, id: UnitId) -> Result<UnitId, ServiceError> {
    let mut unit = get_unit(call, id)?;
    while let Some(parent) = unit.parent {
        unit = get_unit(call, parent)?;
    }
    Ok(unit.id)
}

/// Whether a unit is `top` or below it, as the call reads the tree.
pub(in crate::accounts) fn is_below(call: &Call, unit: UnitId, top: UnitId) -> Result<bool, ServiceError> {
    let mut next = Some(unit);
    while let Some(unit) = next {
        if unit == top {
            return Ok(true);
        }
        next = get_unit(call, unit)?.parent;
    }
    Ok(false)
}

/// Gives a unit another name. Needs `dinh.unit.manage` for it.
pub fn rename_unit(call: &mut Call, id: UnitId, name: &str) -> Result<(), ServiceError> {
    let mut unit = get_unit(call, id)?;
    call.require(&UNIT_MANAGE, &Target::unit(id))?;
    unit.name = names::shown(names::Shown::UnitName, name)?;
    call.save(space::unit(id), &unit)?;
    call.evidence("unit.renamed", subject(id), []);
    Ok(())
}

/// Goes on only if the term of `above` has begun on the day on which a unit comes under it: until then nobody
/// would find that unit in the tree.
pub(super) fn begun(above: &Unit, day: Date) -> Result<(), ServiceError> {
    if above.valid_from <= day {
        return Ok(());
    }
    Err(ServiceError::invalid(
        format!(
            "Đơn vị cấp trên “{}” chỉ bắt đầu từ {}: hãy chọn ngày đó hoặc ngày sau.",
            above.name,
            above.valid_from.strftime("%d/%m/%Y")
        ),
        format!(
            "The unit above, “{}”, begins on {} only; let this one begin on that day or later.",
            above.code, above.valid_from
        ),
    ))
}

fn all_below(call: &Call, parent: Option<UnitId>) -> Result<Vec<Unit>, ServiceError> {
    ids_below(call, parent)?.into_iter().map(|id| get_unit(call, id)).collect()
}

fn ids_below(call: &Call, parent: Option<UnitId>) -> Result<Vec<UnitId>, ServiceError> {
    let start = below(parent, "");
    let end = key::after_prefix(&start);
    let found = call.transaction.range(&start, end.as_deref(), Direction::Forward);
    let mut ids = Vec::new();
    for item in found {
        let (key, stored) = item?;
        ids.push(crate::call::decode(&key, &stored.value)?);
    }
    Ok(ids)
}

fn code_key(code: &str) -> Vec<u8> {
    space::key(space::UNIT_CODE, &[code.as_bytes()])
}

/// Where the units below `parent` are listed. Numbers of units begin at 1, so 0 stands for no unit.
pub(super) fn below(parent: Option<UnitId>, code: &str) -> Vec<u8> {
    let parent = parent.map_or(0, |parent| parent.0);
    space::key(space::UNIT_BELOW, &[&parent.to_be_bytes(), code.as_bytes()])
}

pub(in crate::accounts) fn subject(id: UnitId) -> String {
    format!("unit:{id}")
}

/// Goes on only with a unit that is in its term today.
pub(crate) fn in_term(call: &Call, id: UnitId) -> Result<Unit, ServiceError> {
    let unit = get_unit(call, id)?;
    if unit.is_valid_on(call.today()) {
        return Ok(unit);
    }
    Err(ServiceError::refused(
        "unit-not-in-term",
        subject(id),
        format!("Đơn vị “{}” không còn hoặc chưa hoạt động.", unit.name),
        format!("The unit “{}” is not in its term today.", unit.code),
    ))
}

/// Goes on only with a unit that people may come to: in its term today, and without an end.
pub(in crate::accounts) fn takes_people(call: &Call, id: UnitId) -> Result<Unit, ServiceError> {
    let unit = in_term(call, id)?;
    match unit.valid_until {
        None => Ok(unit),
        Some(until) => Err(ServiceError::refused(
            "unit-ends",
            subject(id),
            format!("Đơn vị “{}” kết thúc ngày {until}: không nhận thêm người.", unit.name),
            format!("The unit “{}” ends on {until} and takes nobody any more.", unit.code),
        )),
    }
}

/// A term that begins before it ends; `of` is what it is for, as evidence names it.
pub(in crate::accounts) fn checked(term: Term, of: impl Into<String>) -> Result<Term, ServiceError> {
    if term.until.is_some_and(|until| until <= term.from) {
        return Err(ServiceError::refused(
            "term-backwards",
            of,
            "“Đến hết ngày” ở trước “Từ ngày”: hãy chọn ngày kết thúc bằng hoặc sau ngày bắt đầu.",
            "The term ends before it begins; choose a last day on or after the first.",
        ));
    }
    Ok(term)
}
