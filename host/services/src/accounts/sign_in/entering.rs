//! The end of a sign-in: the password was recognised, and a session is opened, unless something else stands against it.

use std::net::IpAddr;

use dinh_model::{Actor, Language};

use crate::accounts::passwords::{self, Secret};
use crate::accounts::stored_sessions::{self, Opening};
use crate::accounts::{
    Account, AccountState, Password, SessionKind, SignedIn, failures, people, second_factor,
};
use crate::{Platform, ServiceError, platform};

/// How somebody enters whose password was recognised.
#[derive(Clone, Copy)]
pub(super) struct Entering<'a> {
    pub(super) kind: SessionKind,
    pub(super) address: IpAddr,
    /// The password, when its hash is to be renewed.
    pub(super) renew: Option<&'a Password>,
    pub(super) otp: Option<&'a str>,
}

/// What came of entering.
pub(super) enum Entered {
    Opened(Box<SignedIn>),
    /// The account or the password changed meanwhile.
    Changed,
    /// The password is a temporary one whose days are over.
    Expired,
    NeedsCode,
    WrongCode,
}

impl Platform {
    /// Opens a session for an account whose password was just recognised.
    pub(super) fn open_session(
        &self,
        account: &Account,
        secret: Option<&Secret>,
        entering: Entering<'_>,
    ) -> Result<Entered, ServiceError> {
        let token = data_encoding::BASE64URL_NOPAD.encode(&platform::random::<32>()?);
        let origin = self.origin(Actor::person(account.id), Language::Vi);
        let options = self.options();
        self.perform(&origin, |call| {
            let current = people::get_account(call, account.id)?;
            let stored: Option<Secret> = call.load(&passwords::key(account.id))?;
            let Some(stored) = stored.filter(|stored| Some(stored) == secret) else {
                return Ok(Entered::Changed);
            };
            if current.state != AccountState::Active {
                return Ok(Entered::Changed);
            }
            if stored.has_expired(&current, call.now()) {
                return Ok(Entered::Expired);
            }
            // Also when a code is still to come: the second step does not know the password.
            if let Some(password) = entering.renew {
                let salt = call.random_bytes();
                let hash = call.common.hasher.hash(password, salt)?;
                call.save(passwords::key(account.id), &Secret { hash, ..stored })?;
            }
            let enrolled = second_factor::load(call, account.id)?.is_some();
            let factor = match entering.otp {
                None if enrolled => return Ok(Entered::NeedsCode),
                Some(code) if enrolled => match second_factor::accept(call, account.id, code)? {
                    Some(shown) => shown.as_str(),
                    None => return Ok(Entered::WrongCode),
                },
                _ => "none",
            };
            let must_enrol = !enrolled
                && second_factor::needs_second_factor(call, account.id, &options.second_factor_roles)?;
            failures::forget(call, &current.login)?;
            let Entering { kind, address, renew, .. } = entering;
            let most = options.sessions_per_account;
            let opening = Opening { kind, token: &token, address, must_enrol, most };
            let (session, ended) = stored_sessions::open(call, &current, &opening, &self.sign_in.sessions)?;
            call.evidence(
                "session.opened",
                people::subject(account.id),
                [
                    ("session", stored_sessions::subject(session.id)),
                    ("kind", kind.as_str().to_owned()),
                    ("factor", factor.to_owned()),
                    ("oldest-ended", ended.to_string()),
                    ("hash-renewed", renew.is_some().to_string()),
                ],
            );
            Ok(Entered::Opened(Box::new(SignedIn { token: token.clone(), session })))
        })
    }
}
