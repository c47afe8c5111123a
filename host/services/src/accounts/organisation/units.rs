//! Units (đơn vị): the organisation as a tree, each unit with its term.

use dinh_access::Term;
use dinh_model::{Date, Target, UnitId, key};
use dinh_store::Direction;

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

/// Creates a unit. Needs `dinh.unit.manage` for the unit above; for a root, everywhere.
pub fn create_unit(call: &mut Call, new: NewUnit) -> Result<UnitId, ServiceError> {
    match new.parent {
        Some(parent) => {
            let parent = get_unit(call, parent)?;
            call.require(&UNIT_MANAGE, &Target::unit(parent.id))?;
            // It would last longer, whenever it begins.
            if let Some(until) = parent.valid_until {
                return Err(ServiceError::invalid(
                    format!(
                        "Đơn vị cấp trên “{}” kết thúc ngày {until}: không lập thêm đơn vị trực thuộc.",
                        parent.name
                    ),
                    format!("The unit above, “{}”, ends on {until}; no unit begins under it.", parent.code),
                ));
            }
            begun(&parent, new.valid_from)?;
        }
        None => call.require_everywhere(&UNIT_MANAGE)?,
    }
    let code = names::unit_code(&new.code)?;
    let (name, kind) = (names::shown(names::Shown::UnitName, &new.name)?, names::unit_kind(&new.kind)?);
    let code_key = space::key(space::UNIT_CODE, &[code.as_bytes()]);
    if call.holds(&code_key)? {
        return Err(ServiceError::exists(Thing::Unit, code));
    }
    let id = UnitId(call.next_number(Counter::Unit)?);
    let unit =
        Unit { id, code, name, kind, parent: new.parent, valid_from: new.valid_from, valid_until: None };
    call.save(code_key, &id)?;
    call.save(below(unit.parent, &unit.code), &id)?;
    call.save(space::unit(id), &unit)?;
    let parent = unit.parent.map_or("none".to_owned(), |parent| parent.to_string());
    call.evidence("unit.created", subject(id), [("code", unit.code), ("parent", parent)]);
    Ok(id)
}

/// A unit by its number, whatever its term.
pub fn get_unit(call: &Call, id: UnitId) -> Result<Unit, ServiceError> {
    call.load(&space::unit(id))?.ok_or_else(|| ServiceError::not_found(Thing::Unit, id))
}

/// A unit by its code, whatever its term; none when there is no such unit.
pub fn find_unit(call: &Call, code: &str) -> Result<Option<Unit>, ServiceError> {
    let key = space::key(space::UNIT_CODE, &[code.trim().to_lowercase().as_bytes()]);
    match call.load::<UnitId>(&key)? {
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

/// The roots of the tree, whatever their terms.
pub(crate) fn roots(call: &Call) -> Result<Vec<UnitId>, ServiceError> {
    ids_below(call, None)
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

/// Puts a unit, with all below it, under another unit whose term has begun and lasts as long. Needs `dinh.unit.manage` for it, for the unit it
/// leaves and for the unit it comes to.
pub fn move_unit(call: &mut Call, id: UnitId, parent: UnitId) -> Result<(), ServiceError> {
    let mut unit = get_unit(call, id)?;
    call.require(&UNIT_MANAGE, &Target::unit(id))?;
    match unit.parent {
        Some(old) => call.require(&UNIT_MANAGE, &Target::unit(old))?,
        None => call.require_everywhere(&UNIT_MANAGE)?,
    }
    call.require(&UNIT_MANAGE, &Target::unit(parent))?;
    let comes_to = get_unit(call, parent)?;
    begun(&comes_to, unit.valid_from.max(call.today()))?;
    if comes_to.valid_until.is_some_and(|end| unit.valid_until.is_none_or(|own| own > end)) {
        return Err(ServiceError::invalid(
            format!("Đơn vị cấp trên “{}” kết thúc trước đơn vị này.", comes_to.name),
            format!("The unit above, “{}”, ends before this one does; end this one first.", comes_to.code),
        ));
    }
    // Read, not asked of the policy: two moves at the same time then conflict instead of making a cycle.
    let mut above = Some(parent);
    while let Some(ancestor) = above {
        if ancestor == id {
            return Err(ServiceError::invalid(
                "Không thể chuyển một đơn vị vào chính nó hoặc vào đơn vị trực thuộc của nó.",
                "A unit cannot be moved under itself or under a unit below it.",
            ));
        }
        above = get_unit(call, ancestor)?.parent;
    }
    call.transaction.delete(below(unit.parent, &unit.code));
    call.save(below(Some(parent), &unit.code), &id)?;
    unit.parent = Some(parent);
    call.save(space::unit(id), &unit)?;
    call.evidence("unit.moved", subject(id), [("parent", parent.to_string())]);
    Ok(())
}

/// Goes on only if the term of `above` has begun on the day on which a unit comes under it: until then nobody
/// would find that unit in the tree.
fn begun(above: &Unit, day: Date) -> Result<(), ServiceError> {
    if above.valid_from <= day {
        return Ok(());
    }
    Err(ServiceError::invalid(
        format!(
            "Đơn vị cấp trên “{}” chỉ bắt đầu từ {}: hãy chọn ngày đó hoặc ngày sau.",
            above.name, above.valid_from
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

/// Where the units below `parent` are listed. Numbers of units begin at 1, so 0 stands for no unit.
fn below(parent: Option<UnitId>, code: &str) -> Vec<u8> {
    let parent = parent.map_or(0, |parent| parent.0);
    space::key(space::UNIT_BELOW, &[&parent.to_be_bytes(), code.as_bytes()])
}

pub(in crate::accounts) fn subject(id: UnitId) -> String {
    format!("unit:{id}")
}

/// Goes on only with a unit that is in its term today.
pub(in crate::accounts) fn in_term(call: &Call, id: UnitId) -> Result<Unit, ServiceError> {
    let unit = get_unit(call, id)?;
    if unit.is_valid_on(call.today()) {
        return Ok(unit);
    }
    Err(ServiceError::invalid(
        format!("Đơn vị “{}” không còn hoặc chưa hoạt động.", unit.name),
        format!("The unit “{}” is not in its term today.", unit.code),
    ))
}

/// Goes on only with a unit that people may come to: in its term today, and without an end.
pub(in crate::accounts) fn takes_people(call: &Call, id: UnitId) -> Result<Unit, ServiceError> {
    let unit = in_term(call, id)?;
    match unit.valid_until {
        None => Ok(unit),
        Some(until) => Err(ServiceError::invalid(
            format!("Đơn vị “{}” kết thúc ngày {until}: không nhận thêm người.", unit.name),
            format!("The unit “{}” ends on {until} and takes nobody any more.", unit.code),
        )),
    }
}

/// A term that begins before it ends.
pub(in crate::accounts) fn checked(term: Term) -> Result<Term, ServiceError> {
    if term.until.is_some_and(|until| until <= term.from) {
        return Err(ServiceError::invalid(
            "Thời hạn kết thúc trước khi bắt đầu.",
            "The term ends before it begins.",
        ));
    }
    Ok(term)
}
