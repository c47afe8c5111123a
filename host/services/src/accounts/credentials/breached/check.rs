//! What is looked at when the list is opened: all of a short one, a thousand places of a long one.

use std::io::{BufRead, BufReader, Read};

use super::{Breached, Hash, LINE, parse};
use crate::ServiceError;

/// Places looked at in a list that is not read whole.
const PLACES: u64 = 1_024;

impl Breached {
    /// Every line is one, and not before the one above it.
    pub(super) fn check_all(&self) -> Result<(), ServiceError> {
        let mut reader = BufReader::with_capacity(1 << 20, &self.file);
        let mut last: Hash = [0; 20];
        let mut text = Vec::with_capacity(LINE);
        for number in 1u64.. {
            text.clear();
            let read = reader.by_ref().take(LINE as u64).read_until(b'\n', &mut text);
            if read.map_err(|error| self.unreadable(&error))? == 0 {
                break;
            }
            let line = text.strip_suffix(b"\n").unwrap_or(&text);
            let hash =
                parse(line).ok_or_else(|| self.wrong_line(number, "không phải SHA-1", "is no SHA-1"))?;
            if hash < last {
                return Err(self.wrong_line(number, "không theo thứ tự", "is out of order"));
            }
            last = hash;
        }
        Ok(())
    }

    /// The same of lines here and there.
    pub(super) fn check_some(&self) -> Result<(), ServiceError> {
        let mut last: Hash = [0; 20];
        for place in 0..PLACES {
            let at = (u128::from(self.length) * u128::from(place) / u128::from(PLACES)) as u64;
            let Some(line) = self.line_from(at)? else { break };
            if line.hash < last {
                return Err(self.wrong_at(line.start));
            }
            last = line.hash;
        }
        Ok(())
    }
}
