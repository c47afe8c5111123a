//! Sign-in.
//!
//! ```text
//! address has attempts left? ─ name not locked? ─ one of few at a time? ─ Argon2id ─▶ session
//!         │ Throttled              │ Locked            │ Throttled         │ Refused, counted; Expired if it was right
//!                                                          second factor? ─ code ─┘
//!                                                          │ ticket         │ WrongCode, counted
//! ```
//!
//! Every step looks only at what was typed and counted, never at whether an account has the name; the hash
//! is computed, a failure counted and the evidence written in either case.
//!
//! `attempts` what is kept in memory, `failures` what is counted in the store, `ticket` between the two steps,
//! `entering` the session opened, `error` what is told.

pub(super) mod attempts;
mod entering;
mod error;
pub(super) mod failures;
pub(super) mod ticket;

use std::net::IpAddr;
use std::time::Duration;

use dinh_model::{Actor, Language};
use dinh_store::Outcome;
use entering::{Entered, Entering};

use super::password::Password;
use super::passwords::{self, Secret};
use super::ticket::Ticket;
use super::{Account, AccountState, Session, SessionKind, names, people};
use crate::call::entry;
use crate::{Origin, Platform, ServiceError};
use failures::NotNow;

pub use error::SignInError;

/// A sign-in as it was typed.
#[derive(Clone, Debug)]
pub struct SignIn {
    /// The sign-in name.
    pub login: String,
    /// The password.
    pub password: Password,
    /// Where it comes from.
    pub address: IpAddr,
    /// What the session is for.
    pub kind: SessionKind,
    /// A code of the second factor, or a recovery code. Whoever has a second factor and gives none gets a ticket
    /// ([`SignInError::SecondFactor`]); whoever has none need not give one.
    pub otp: Option<String>,
}

/// A session that was opened.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// Opens the session; shown once, stored only as a hash.
    pub token: String,
    /// The session.
    pub session: Session,
}

/// What is known of a name that was typed.
struct Named {
    /// How evidence calls it: never by the name that was typed.
    subject: String,
    account: Option<Account>,
    secret: Option<Secret>,
}

impl Platform {
    /// Opens a session for whoever knows the password of an active account. Takes the time of a password
    /// hash: call it where blocking is allowed.
    pub fn sign_in(&self, sign_in: &SignIn) -> Result<SignedIn, SignInError> {
        let now = self.clock().now();
        let options = self.options();
        let login = names::plain_login(&sign_in.login);
        if let Err(retry_after) = self.sign_in.begin_from(sign_in.address, now, options) {
            tracing::warn!(address = %sign_in.address, "sign-in throttled");
            return Err(SignInError::Throttled { retry_after: at_least_a_second(retry_after) });
        }
        let origin = self.origin(Actor::Public, Language::Vi);
        let _attempt = match failures::attempt(self, &login, now)? {
            Ok(attempt) => attempt,
            Err(NotNow::TooMany) => {
                return Err(SignInError::Throttled { retry_after: Duration::from_secs(1) });
            }
            Err(NotNow::Locked(until)) => {
                let subject = self.named(&origin, &login)?.subject;
                let detail = [("reason", "locked".to_owned())];
                let refused = entry(&origin, None, "session.refused", subject, Outcome::Refused, detail);
                self.store().witness(vec![refused]).map_err(ServiceError::from)?;
                return Err(SignInError::Locked { until });
            }
        };
        let Named { subject, account, secret } = self.named(&origin, &login)?;
        let hash = secret.as_ref().map(|secret| secret.hash.as_str());
        let verified = match self.hasher().verify(&sign_in.password, hash) {
            Err(ServiceError::Busy) => {
                self.sign_in.forgive(sign_in.address);
                return Err(SignInError::Throttled { retry_after: Duration::from_secs(2) });
            }
            other => other?,
        };
        let reason = match &account {
            None => "unknown-account",
            Some(_) if !verified.good => "wrong-password",
            Some(account) if account.state != AccountState::Active => "not-active",
            Some(account) => {
                let renew = verified.outdated.then_some(&sign_in.password);
                let otp = sign_in.otp.as_deref();
                let entering = Entering { kind: sign_in.kind, address: sign_in.address, renew, otp };
                match self.open_session(account, secret.as_ref(), entering)? {
                    Entered::Opened(signed_in) => {
                        self.sign_in.forgive(sign_in.address);
                        return Ok(*signed_in);
                    }
                    Entered::NeedsCode => {
                        self.sign_in.forgive(sign_in.address);
                        let ticket = Ticket::new(account.id, account.generation, sign_in.kind, now);
                        return Err(SignInError::SecondFactor {
                            ticket: self.sign_in.tickets.seal(&ticket)?,
                        });
                    }
                    Entered::Expired => return self.expired(&origin, subject, sign_in.kind),
                    Entered::WrongCode => "wrong-code",
                    Entered::Changed => "changed-meanwhile",
                }
            }
        };
        self.failed(&origin, &login, subject, reason, sign_in.kind, sign_in.address)
    }

    /// The second step of a sign-in: a code, or a recovery code, for whoever got `ticket` by the first.
    pub fn sign_in_second(&self, ticket: &str, code: &str, address: IpAddr) -> Result<SignedIn, SignInError> {
        let now = self.clock().now();
        if let Err(retry_after) = self.sign_in.begin_from(address, now, self.options()) {
            tracing::warn!(%address, "sign-in throttled");
            return Err(SignInError::Throttled { retry_after: at_least_a_second(retry_after) });
        }
        let Some(ticket) = self.sign_in.tickets.open(ticket, now) else { return Err(SignInError::TooLate) };
        let origin = self.origin(Actor::Public, Language::Vi);
        let call = self.begin(&origin)?;
        let account = people::get_account(&call, ticket.account)?;
        if account.generation != ticket.generation || account.state != AccountState::Active {
            return Err(SignInError::TooLate);
        }
        let _attempt = match failures::attempt(self, &account.login, now)? {
            Ok(attempt) => attempt,
            Err(NotNow::TooMany) => {
                return Err(SignInError::Throttled { retry_after: Duration::from_secs(1) });
            }
            Err(NotNow::Locked(until)) => return Err(SignInError::Locked { until }),
        };
        let secret: Option<Secret> = call.load(&passwords::key(account.id))?;
        let entering = Entering { kind: ticket.kind, address, renew: None, otp: Some(code) };
        match self.open_session(&account, secret.as_ref(), entering)? {
            Entered::Opened(signed_in) => {
                self.sign_in.forgive(address);
                Ok(*signed_in)
            }
            Entered::Changed | Entered::NeedsCode => Err(SignInError::TooLate),
            Entered::Expired => self.expired(&origin, people::subject(account.id), ticket.kind),
            Entered::WrongCode => {
                let subject = people::subject(account.id);
                self.failed(&origin, &account.login, subject, "wrong-code", ticket.kind, address)
            }
        }
    }

    /// Counts a failure, with its evidence.
    fn failed(
        &self,
        origin: &Origin,
        login: &str,
        subject: String,
        reason: &'static str,
        kind: SessionKind,
        address: IpAddr,
    ) -> Result<SignedIn, SignInError> {
        tracing::warn!(%address, %subject, reason, "sign-in refused");
        let detail = [("reason", reason.to_owned()), ("kind", kind.as_str().to_owned())];
        let failed = entry(origin, None, "session.refused", subject, Outcome::Failed, detail);
        match failures::count_failure(self, origin, login, failed)? {
            Some(until) => Err(SignInError::Locked { until }),
            None if reason == "wrong-code" => Err(SignInError::WrongCode),
            None => Err(SignInError::Refused),
        }
    }

    /// Refuses a temporary password that was right and is over. It is no failure under the name, whose owner knew it;
    /// the address has one attempt less, so that nobody fills the evidence with these.
    fn expired(&self, origin: &Origin, subject: String, kind: SessionKind) -> Result<SignedIn, SignInError> {
        let detail = [("reason", "password-expired".to_owned()), ("kind", kind.as_str().to_owned())];
        let refused = entry(origin, None, "session.refused", subject, Outcome::Refused, detail);
        self.store().witness(vec![refused]).map_err(ServiceError::from)?;
        Err(SignInError::Expired)
    }

    /// What is known of a name.
    fn named(&self, origin: &Origin, login: &str) -> Result<Named, ServiceError> {
        let call = self.begin(origin)?;
        let account = people::find_account(&call, login)?;
        let secret = match &account {
            Some(account) => call.load(&passwords::key(account.id))?,
            None => None,
        };
        let subject = account.as_ref().map(|account| people::subject(account.id));
        Ok(Named { subject: subject.unwrap_or_else(|| "account:unknown".to_owned()), account, secret })
    }
}

/// Whole seconds, rounded up.
pub(super) fn at_least_a_second(wait: Duration) -> Duration {
    Duration::from_secs(wait.as_secs() + u64::from(wait.subsec_nanos() > 0))
}
