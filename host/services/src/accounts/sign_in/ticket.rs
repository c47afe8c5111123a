//! The ticket between the two steps of a sign-in: it says that its bearer knew the password of an account a moment
//! ago, and opens nothing without a code of the second factor.

use std::time::Duration;

use dinh_model::{AccountId, Timestamp, time};
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use crate::accounts::SessionKind;
use crate::accounts::attempts::microseconds;
use crate::{ServiceError, platform};

/// How long a code may take to be typed.
const LASTS: Duration = Duration::from_secs(5 * 60);

/// What the first step found out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::accounts) struct Ticket {
    pub(in crate::accounts) account: AccountId,
    /// The account's generation: a password set since makes the ticket worthless.
    pub(in crate::accounts) generation: u32,
    pub(in crate::accounts) kind: SessionKind,
    /// When it is over, microseconds.
    until: i64,
}

impl Ticket {
    pub(in crate::accounts) fn new(
        account: AccountId,
        generation: u32,
        kind: SessionKind,
        now: Timestamp,
    ) -> Self {
        let until = time::microseconds(now).saturating_add(microseconds(LASTS));
        Self { account, generation, kind, until }
    }
}

/// Seals tickets. Drawn anew by each process: a sign-in that a restart interrupts begins again.
pub(in crate::accounts) struct TicketKey([u8; 32]);

impl TicketKey {
    pub(in crate::accounts) fn draw() -> Result<Self, ServiceError> {
        platform::random().map(Self)
    }

    pub(in crate::accounts) fn seal(&self, ticket: &Ticket) -> Result<String, ServiceError> {
        let damaged = |_| ServiceError::Damaged { what: "ticket".to_owned() };
        let mut bytes = postcard::to_allocvec(ticket).map_err(damaged)?;
        let seal = self.mac(&bytes).finalize().into_bytes();
        bytes.extend(seal);
        Ok(data_encoding::BASE64URL_NOPAD.encode(&bytes))
    }

    /// The ticket, when it was sealed here and is not over.
    pub(in crate::accounts) fn open(&self, text: &str, now: Timestamp) -> Option<Ticket> {
        let bytes = data_encoding::BASE64URL_NOPAD.decode(text.as_bytes()).ok()?;
        let (ticket, seal) = bytes.split_last_chunk::<32>()?;
        self.mac(ticket).verify_slice(seal).ok()?;
        let ticket: Ticket = postcard::from_bytes(ticket).ok()?;
        (time::microseconds(now) < ticket.until).then_some(ticket)
    }

    fn mac(&self, bytes: &[u8]) -> Hmac<Sha256> {
        // Filled up with zeros to the block of the hash, as RFC 2104 does with a shorter key.
        let mut block = [0; 64];
        for (slot, byte) in block.iter_mut().zip(self.0) {
            *slot = byte;
        }
        let mut mac = Hmac::<Sha256>::new(&block.into());
        mac.update(bytes);
        mac
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_holds_for_five_minutes_where_it_was_sealed_and_as_it_was() {
        let now: Timestamp = "2026-03-02T01:00:00Z".parse().unwrap();
        let after = |seconds| now + jiff::SignedDuration::from_secs(seconds);
        let key = TicketKey([7; 32]);
        let ticket = Ticket::new(AccountId(3), 2, SessionKind::Page, now);
        let text = key.seal(&ticket).unwrap();
        assert_eq!(key.open(&text, after(299)), Some(ticket));
        assert_eq!(key.open(&text, after(300)), None);
        assert_eq!(TicketKey([8; 32]).open(&text, now), None);
        let mut bytes = data_encoding::BASE64URL_NOPAD.decode(text.as_bytes()).unwrap();
        bytes[0] ^= 1;
        assert_eq!(key.open(&data_encoding::BASE64URL_NOPAD.encode(&bytes), now), None);
        for wrong in ["", "AAAA", "không phải"] {
            assert_eq!(key.open(wrong, now), None);
        }
    }
}
