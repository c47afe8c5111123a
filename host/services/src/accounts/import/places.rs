//! Which unit a cell means: its code, or its official name without regard to case and diacritics.

use std::collections::HashMap;

use dinh_model::{UnitId, text};
use dinh_store::Direction;

use super::super::{Unit, emails};
use crate::call::decode;
use crate::{Call, ServiceError, space};

/// The units that are in their term and take people.
pub(super) struct Places {
    units: HashMap<UnitId, Unit>,
    by_code: HashMap<String, UnitId>,
    by_name: HashMap<String, Vec<UnitId>>,
    domains: HashMap<UnitId, Option<String>>,
}

/// Why a cell means no unit.
pub(super) enum NoPlace {
    /// There is none of that code or name, or it is not in its term.
    Unknown,
    /// Several have that name: their codes.
    Several(Vec<String>),
}

impl Places {
    /// All of them. Shown and decided upon again when the accounts become active: no expectations.
    pub(super) fn read(call: &Call) -> Result<Self, ServiceError> {
        let mut places = Self {
            units: HashMap::new(),
            by_code: HashMap::new(),
            by_name: HashMap::new(),
            domains: HashMap::new(),
        };
        let snapshot = call.transaction.snapshot();
        let mut range = snapshot.range(&[space::UNIT], Some(&[space::UNIT + 1]), Direction::Forward);
        while let Some(item) = range.step()? {
            let unit: Unit = decode(item.key, item.value)?;
            if !unit.is_valid_on(call.today()) || unit.valid_until.is_some() {
                continue;
            }
            places.by_code.insert(unit.code.clone(), unit.id);
            places.by_name.entry(text::fold(&unit.name)).or_default().push(unit.id);
            places.units.insert(unit.id, unit);
        }
        Ok(places)
    }

    pub(super) fn get(&self, id: UnitId) -> Option<&Unit> {
        self.units.get(&id)
    }

    /// The unit that a cell means.
    pub(super) fn find(&self, cell: &str) -> Result<&Unit, NoPlace> {
        let by_code = self.by_code.get(&cell.trim().to_lowercase());
        let named = self.by_name.get(&text::fold(cell)).map(Vec::as_slice).unwrap_or_default();
        match (by_code, named) {
            (Some(id), _) | (None, [id]) => self.units.get(id).ok_or(NoPlace::Unknown),
            (None, []) => Err(NoPlace::Unknown),
            (None, several) => {
                let mut codes: Vec<_> = several
                    .iter()
                    .filter_map(|id| self.units.get(id))
                    .map(|unit| unit.code.clone())
                    .collect();
                codes.sort();
                Err(NoPlace::Several(codes))
            }
        }
    }

    /// The domain of addresses in a unit.
    pub(super) fn domain(&mut self, call: &Call, unit: UnitId) -> Result<Option<String>, ServiceError> {
        if let Some(known) = self.domains.get(&unit) {
            return Ok(known.clone());
        }
        let domain = emails::domain_for(call, unit)?;
        self.domains.insert(unit, domain.clone());
        Ok(domain)
    }
}
