//! Counters, and numbers without gaps: added to and drawn when a change is admitted, written into the places left for them.

use std::collections::HashMap;

use super::{KeyAndValue, Writer};
use crate::format;
use crate::job::{Pending, Prepared};
use crate::{Add, CommitError, Conflict, Draw, Fill, Part};

impl Writer {
    /// The next numbers of the registers.
    pub(super) fn draw(&self, pending: &Pending) -> Result<Vec<i64>, CommitError> {
        let mut last: HashMap<&[u8], i64> = HashMap::new();
        let mut numbers = Vec::with_capacity(pending.draw.len());
        for draw in &pending.draw {
            let register = draw.register.as_slice();
            let before = match last.get(register) {
                Some(number) => *number,
                None => self.last_number(register)?,
            };
            let number = before.checked_add(1).ok_or(CommitError::Malformed("its register is exhausted"))?;
            last.insert(register, number);
            numbers.push(number);
        }
        Ok(numbers)
    }

    /// What the counters come to.
    pub(super) fn add(&self, adds: &[Add]) -> Result<Vec<i64>, CommitError> {
        let mut totals = Vec::with_capacity(adds.len());
        for (place, Add { counter, by, most }) in adds.iter().enumerate() {
            if adds.iter().take(place).any(|other| other.counter == *counter) {
                return Err(CommitError::Malformed("it adds to a counter twice"));
            }
            let total = self.last_number(counter)?.checked_add(*by);
            let total = total.ok_or(CommitError::Malformed("its counter is exhausted"))?;
            // What takes away is never too much.
            if *by > 0 && total > *most {
                return Err(Conflict::Key(counter.clone()).into());
            }
            totals.push(total);
        }
        Ok(totals)
    }

    fn last_number(&self, register: &[u8]) -> Result<i64, CommitError> {
        let number = |value: &[u8]| {
            value.try_into().map(i64::from_le_bytes).map_err(|_| {
                CommitError::Malformed("it draws from a key whose value is not the last number of a register")
            })
        };
        if let Some((number, _)) = self.group.registers.get(register) {
            return Ok(*number);
        }
        if self.recent.written_after(register, self.base.seq()) {
            // Somebody in this group set the register by hand, or removed it.
            return match self.recent.version(register) {
                Some(None) => Ok(0),
                _ => number(self.group.short.get(register).map_or(&[], |value| value.as_slice())),
            };
        }
        self.base.read(register, |item| number(item.value))?.unwrap_or(Ok(0))
    }

    /// The writes with the drawn numbers in their places.
    pub(super) fn fill(
        &self,
        writes: Vec<Prepared>,
        draw: &[Draw],
        numbers: &[i64],
    ) -> Result<Vec<KeyAndValue>, CommitError> {
        let mut filled = Vec::with_capacity(writes.len());
        let mut made = Vec::new();
        for Prepared { mut key, mut value, fill } in writes {
            let mut new_key = false;
            for Fill { draw, part, offset } in fill {
                let number = numbers.get(draw as usize).copied().unwrap_or_default();
                let (room, bytes) = match part {
                    Part::Key => {
                        new_key = true;
                        (key.as_mut_slice(), dinh_model::key::integer(number))
                    }
                    Part::Value => {
                        let stored = value.as_deref_mut().unwrap_or_default();
                        (format::value_mut(stored), number.to_le_bytes())
                    }
                };
                if let Some(place) = room.get_mut(offset as usize..).and_then(|rest| rest.first_chunk_mut()) {
                    *place = bytes;
                }
            }
            if new_key && self.version(&key, None)?.is_some() {
                return Err(Conflict::Key(key).into());
            }
            if new_key {
                made.push(filled.len());
            }
            filled.push((key, value));
        }
        if !made.is_empty() {
            // Nor does it replace anything of its own change.
            let mut times: HashMap<&[u8], usize> = HashMap::new();
            let keys = made.iter().filter_map(|place| filled.get(*place));
            times.extend(keys.map(|(key, _)| (key.as_slice(), 0)));
            let written = filled.iter().map(|(key, _)| key).chain(draw.iter().map(|draw| &draw.register));
            for key in written {
                if let Some(times) = times.get_mut(key.as_slice()) {
                    *times += 1;
                }
            }
            if times.values().any(|times| *times > 1) {
                return Err(CommitError::Malformed("a drawn number makes a key that it also writes"));
            }
        }
        Ok(filled)
    }
}
