//! Sign-in.
//!
//! ```text
//! address has attempts left? ─ name not locked? ─ one of few at a time? ─ Argon2id ─▶ session
//!         │ Throttled              │ Locked            │ Throttled         │ Refused, counted
//! ```
//!
//! Every step looks only at what was typed and counted, never at whether an account has the name; the hash
//! is computed, a failure counted and the evidence written in either case.

use std::net::IpAddr;
use std::time::Duration;

use dinh_model::{Actor, Language, Timestamp};
use dinh_store::Outcome;

use super::password::Password;
use super::passwords::{self, Secret};
use super::{Account, AccountState, Session, SessionKind, attempts, names, people, stored_sessions};
use crate::call::entry;
use crate::{Origin, Platform, ServiceError, platform};

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
}

/// A session that was opened.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// Opens the session; shown once, stored only as a hash.
    pub token: String,
    /// The session.
    pub session: Session,
}

/// Why nobody was signed in.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// Name and password do not belong together, or the account may not sign in; which of these is not said.
    #[error("this name and password do not belong together")]
    Refused,
    /// Too many failures for this name, whether or not an account has it.
    #[error("too many failed attempts; this name is locked until {until}")]
    Locked {
        /// When it opens by itself; an administrator can release it earlier.
        until: Timestamp,
    },
    /// Too many attempts from this address or at the same time.
    #[error("too many attempts; try again in {} s", .retry_after.as_secs())]
    Throttled {
        /// How long to wait.
        retry_after: Duration,
    },
    /// The platform could not tell.
    #[error(transparent)]
    Service(#[from] ServiceError),
}

impl SignInError {
    /// What to tell the person.
    pub fn text(&self, language: Language) -> String {
        match (language, self) {
            (_, Self::Service(error)) => error.text(language),
            (Language::Vi, Self::Refused) => "Tên đăng nhập hoặc mật khẩu không đúng.".into(),
            (Language::En, Self::Refused) => "The name or the password is wrong.".into(),
            (Language::Vi, Self::Locked { until }) => format!(
                "Nhập sai nhiều lần: tên đăng nhập này tạm khoá đến {}. Quản trị viên có thể mở khoá sớm hơn.",
                clock_time(*until)
            ),
            (Language::En, Self::Locked { until }) => format!(
                "Too many failed attempts: this name is locked until {}. An administrator can release it earlier.",
                clock_time(*until)
            ),
            (Language::Vi, Self::Throttled { retry_after }) => {
                format!("Quá nhiều lần thử. Vui lòng thử lại sau {} giây.", retry_after.as_secs())
            }
            (Language::En, Self::Throttled { retry_after }) => {
                format!("Too many attempts. Try again in {} seconds.", retry_after.as_secs())
            }
        }
    }
}

/// What is known of a name that was typed.
struct Named {
    /// How evidence calls it: never by the name that was typed.
    subject: String,
    account: Option<Account>,
    secret: Option<Secret>,
}

/// Hour and minute in Vietnam.
fn clock_time(moment: Timestamp) -> String {
    let local = jiff::tz::Offset::constant(7).to_datetime(moment);
    format!("{:02}:{:02}", local.hour(), local.minute())
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
        let Some(_attempt) = self.sign_in.begin_attempt(&login, options.lock_after) else {
            return Err(SignInError::Throttled { retry_after: Duration::from_secs(1) });
        };
        if let Some(until) = attempts::locked_until(self, &login, now)? {
            let subject = self.named(&origin, &login)?.subject;
            let detail = [("reason", "locked".to_owned())];
            let refused = entry(&origin, None, "session.refused", subject, Outcome::Refused, detail);
            self.store().witness(vec![refused]).map_err(ServiceError::from)?;
            return Err(SignInError::Locked { until });
        }
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
                let signed_in = self.open_session(account, secret.as_ref(), sign_in.kind, renew)?;
                if let Some(signed_in) = signed_in {
                    self.sign_in.forgive(sign_in.address);
                    return Ok(signed_in);
                }
                "changed-meanwhile"
            }
        };
        tracing::warn!(address = %sign_in.address, %subject, reason, "sign-in refused");
        let detail = [("reason", reason.to_owned()), ("kind", sign_in.kind.as_str().to_owned())];
        let failed = entry(&origin, None, "session.refused", subject, Outcome::Failed, detail);
        match attempts::count_failure(self, &origin, &login, failed)? {
            Some(until) => Err(SignInError::Locked { until }),
            None => Err(SignInError::Refused),
        }
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

    /// Opens a session for an account whose password was just recognised; none when account or password
    /// changed meanwhile.
    fn open_session(
        &self,
        account: &Account,
        secret: Option<&Secret>,
        kind: SessionKind,
        renew: Option<&Password>,
    ) -> Result<Option<SignedIn>, ServiceError> {
        let token = data_encoding::BASE64URL_NOPAD.encode(&platform::random::<32>()?);
        let origin = self.origin(Actor::person(account.id), Language::Vi);
        let sessions = &self.sign_in.sessions;
        let most = self.options().sessions_per_account;
        let session = self.perform(&origin, |call| {
            let current = people::get_account(call, account.id)?;
            let stored: Option<Secret> = call.load(&passwords::key(account.id))?;
            if current.state != AccountState::Active || stored.as_ref() != secret {
                return Ok(None);
            }
            if let Some(password) = renew {
                let salt = call.random_bytes();
                let hash = call.hasher.hash(password, salt)?;
                call.save(passwords::key(account.id), &Secret { hash })?;
            }
            attempts::forget(call, &current.login)?;
            let (session, ended) = stored_sessions::open(call, &current, kind, &token, sessions, most)?;
            call.evidence(
                "session.opened",
                people::subject(account.id),
                [
                    ("session", stored_sessions::subject(session.id)),
                    ("kind", kind.as_str().to_owned()),
                    ("oldest-ended", ended.to_string()),
                    ("hash-renewed", renew.is_some().to_string()),
                ],
            );
            Ok(Some(session))
        })?;
        Ok(session.map(|session| SignedIn { token, session }))
    }
}

/// Whole seconds, rounded up.
fn at_least_a_second(wait: Duration) -> Duration {
    Duration::from_secs(wait.as_secs() + u64::from(wait.subsec_nanos() > 0))
}
