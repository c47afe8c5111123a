//! Numbers without gaps: document registers, vouchers.

use dinh_model::text::nfc;

use super::write::refuse_in_reading;
use super::{PluginData, RecordError};
use crate::{Call, space};

/// Longest period, in bytes.
const LONGEST_PERIOD: usize = 40;
/// Most numbers one call draws.
const MOST_DRAWN: u32 = 10_000;

/// Asks for the next number of a sequence in a period (such as `2026`, or empty). It is drawn when the call
/// commits; what is returned stands for it in [`Value::Drawn`](dinh_model::Value::Drawn) until then.
///
/// Numbers count from 1 and belong to the plugin, not to a generation of its collections: they never go
/// back. A record that has one in a field of an index is not found by that index within the same call,
/// since its place is not known yet.
pub fn draw(call: &mut Call, data: &PluginData, sequence: &str, period: &str) -> Result<u32, RecordError> {
    refuse_in_reading(call)?;
    if !data.sequences.iter().any(|known| known.name == sequence) {
        return Err(RecordError::BadRequest(format!(
            "there is no sequence {sequence:?} in the manifest of {}",
            data.plugin
        )));
    }
    let period = nfc(period);
    if period.len() > LONGEST_PERIOD {
        return Err(RecordError::BadRequest(format!("a period has at most {LONGEST_PERIOD} bytes")));
    }
    if call.records.drawn >= MOST_DRAWN {
        return Err(RecordError::BadRequest(format!("one call draws at most {MOST_DRAWN} numbers")));
    }
    let register = space::key(
        space::SEQUENCE,
        &[&data.number.to_be_bytes(), sequence.as_bytes(), &[0], period.as_bytes()],
    );
    let draw = call.transaction.draw(register);
    call.records.drawn = draw + 1;
    Ok(draw)
}
