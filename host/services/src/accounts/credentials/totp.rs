//! One-time codes by time (RFC 6238): SHA-1, six digits, thirty seconds, which is what every authenticator does.

use std::fmt;

use dinh_model::Timestamp;
use totp_rs::{Algorithm, Builder, Totp};
use zeroize::Zeroizing;

use crate::{ServiceError, platform};

/// Seconds of a step.
const STEP: u64 = 30;
/// Steps that a phone's clock may be off, either way.
const DRIFT: u16 = 1;

/// What a phone and the platform share: 160 bits, as RFC 4226 recommends.
#[derive(Clone, PartialEq, Eq)]
pub struct TotpSecret(Zeroizing<[u8; 20]>);

impl TotpSecret {
    /// A new one.
    pub fn draw() -> Result<Self, ServiceError> {
        platform::random().map(|bytes| Self(Zeroizing::new(bytes)))
    }

    pub(in crate::accounts) fn as_bytes(&self) -> &[u8] {
        &*self.0
    }

    pub(in crate::accounts) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Zeroizing::new).map(Self)
    }

    /// As people type it into a phone: base32 without padding.
    pub fn base32(&self) -> String {
        data_encoding::BASE32_NOPAD.encode(self.as_bytes())
    }

    /// Reads [`TotpSecret::base32`]; none when it is not one.
    pub fn from_base32(text: &str) -> Option<Self> {
        Self::from_bytes(&data_encoding::BASE32_NOPAD.decode(text.as_bytes()).ok()?)
    }

    /// The address that a picture hands to an authenticator (the Key URI format). `issuer` and `login` are shown
    /// there.
    pub fn uri(&self, issuer: &str, login: &str) -> String {
        let encoded = |text: &str| {
            let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~".contains(byte);
            text.bytes()
                .map(|byte| if plain(&byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
                .collect::<String>()
        };
        let issuer = encoded(issuer);
        format!("otpauth://totp/{issuer}:{}?secret={}&issuer={issuer}", encoded(login), self.base32())
    }

    /// The step whose code this is, now or one step before or after; none when it is none of theirs.
    pub(in crate::accounts) fn step_of(&self, code: &str, now: Timestamp) -> Option<u64> {
        self.totp().check(code, seconds(now))
    }

    /// The code of a moment: what the person's phone shows then. For tests and demonstrations.
    pub fn code(&self, now: Timestamp) -> String {
        self.totp().generate(seconds(now)).to_string()
    }

    fn totp(&self) -> Totp {
        // Compliant by the constants above; building it so costs no error that cannot be.
        Builder::new()
            .with_algorithm(Algorithm::SHA1)
            .with_digits(6)
            .with_skew(DRIFT)
            .with_step_duration(STEP)
            .with_secret(*self.0)
            .build_noncompliant()
    }
}

fn seconds(now: Timestamp) -> u64 {
    u64::try_from(now.as_second()).unwrap_or(0)
}

impl fmt::Debug for TotpSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TotpSecret(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    /// RFC 6238, appendix B, for SHA-1; the last six of the eight digits.
    #[test]
    fn codes_are_those_of_the_standard() {
        let secret = TotpSecret(Zeroizing::new(*b"12345678901234567890"));
        for (second, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(secret.code(at(second)), code);
            assert_eq!(secret.step_of(code, at(second)), Some(u64::try_from(second).unwrap() / 30));
        }
    }

    #[test]
    fn a_clock_may_be_off_by_one_step_and_not_by_two() {
        let secret = TotpSecret(Zeroizing::new(*b"12345678901234567890"));
        let code = secret.code(at(1_111_111_109));
        for (off, known) in [(-60, false), (-30, true), (0, true), (30, true), (60, false)] {
            assert_eq!(secret.step_of(&code, at(1_111_111_109 + off)).is_some(), known, "{off}");
        }
        for wrong in ["", "08180", "0818044", "+81804", "08180a", "０８１８０４"] {
            assert_eq!(secret.step_of(wrong, at(1_111_111_109)), None);
        }
    }

    #[test]
    fn a_secret_reaches_a_phone_as_text_and_as_an_address_and_is_not_logged() {
        let secret = TotpSecret(Zeroizing::new(*b"12345678901234567890"));
        assert_eq!(secret.base32(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        assert_eq!(TotpSecret::from_base32(&secret.base32()), Some(secret.clone()));
        assert_eq!(TotpSecret::from_base32("GEZDGNBV"), None);
        assert_eq!(
            secret.uri("Đình", "an-skhdt"),
            "otpauth://totp/%C4%90%C3%ACnh:an-skhdt?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=%C4%90%C3%ACnh"
        );
        assert_eq!(format!("{secret:?}"), "TotpSecret(…)");
        assert_ne!(TotpSecret::draw().unwrap(), TotpSecret::draw().unwrap());
    }
}
