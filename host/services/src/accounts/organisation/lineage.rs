//! What became of units: a unit that ended was merged into, or split into, its successors.
//!
//! The links say where the work went, so that what names the old unit can be read today. They move nobody: accounts
//! are transferred by the two units concerned before the old one ends ([`super::ending`]).

use dinh_model::{Target, UnitId, key};
use dinh_store::Direction;

use crate::accounts::{Unit, units};
use crate::permissions::UNIT_MANAGE;
use crate::{Call, ServiceError, space};

/// Most successors of one unit.
const MOST_SUCCESSORS: usize = 100;

/// Says that the work of a unit that ended, or is to end, went to another, which exists on that day. Needs
/// `dinh.unit.manage` for both. One that is a successor already stays one.
pub fn add_successor(call: &mut Call, unit: UnitId, successor: UnitId) -> Result<(), ServiceError> {
    let (unit, successor) = (units::get_unit(call, unit)?, units::get_unit(call, successor)?);
    for needed in [unit.id, successor.id] {
        call.require(&UNIT_MANAGE, &Target::unit(needed))?;
    }
    let Some(until) = unit.valid_until else {
        return Err(ServiceError::invalid(
            format!("Đơn vị “{}” chưa có ngày kết thúc: hãy kết thúc đơn vị trước.", unit.name),
            format!("The unit “{}” has no end yet; end it first.", unit.code),
        ));
    };
    // A unit never exists on the day of its own end, so neither itself nor one it came from can be meant.
    if !successor.is_valid_on(until) {
        return Err(ServiceError::invalid(
            format!("Đơn vị kế thừa “{}” không hoạt động vào ngày {until}.", successor.name),
            format!("The successor “{}” does not exist on {until}, when this unit ends.", successor.code),
        ));
    }
    let key = pair(space::UNIT_AFTER, unit.id, successor.id);
    if call.holds(&key)? {
        return Ok(());
    }
    if successors(call, unit.id)?.len() >= MOST_SUCCESSORS {
        return Err(ServiceError::invalid(
            format!("Một đơn vị có tối đa {MOST_SUCCESSORS} đơn vị kế thừa."),
            format!("A unit has at most {MOST_SUCCESSORS} successors."),
        ));
    }
    call.save(key, &())?;
    call.save(pair(space::UNIT_BEFORE, successor.id, unit.id), &())?;
    call.evidence("unit.succeeded", units::subject(unit.id), [("successor", successor.id.to_string())]);
    Ok(())
}

/// The units that a unit's work went to, by number.
pub fn successors(call: &Call, unit: UnitId) -> Result<Vec<Unit>, ServiceError> {
    linked(call, space::UNIT_AFTER, unit)
}

/// The units whose work a unit took over, by number.
pub fn predecessors(call: &Call, unit: UnitId) -> Result<Vec<Unit>, ServiceError> {
    linked(call, space::UNIT_BEFORE, unit)
}

fn linked(call: &Call, kind: u8, unit: UnitId) -> Result<Vec<Unit>, ServiceError> {
    let start = space::numbered(kind, unit.0);
    let end = key::after_prefix(&start);
    let mut found = Vec::new();
    for item in call.transaction.range(&start, end.as_deref(), Direction::Forward) {
        if let Some(id) = space::trailing_number(&item?.0) {
            found.push(units::get_unit(call, UnitId(id))?);
        }
    }
    Ok(found)
}

fn pair(kind: u8, first: UnitId, second: UnitId) -> Vec<u8> {
    space::key(kind, &[&first.0.to_be_bytes(), &second.0.to_be_bytes()])
}
