//! Sign-in.
//!
//! ```text
//! address has attempts left? ─ name not locked? ─ one of few at a time? ─ Argon2id ─▶ session
//!         │ Throttled              │ Locked            │ Throttled         │ Refused, counted
//!                                                          second factor? ─ code ─┘
//!                                                          │ ticket         │ WrongCode, counted
//! ```
//!
//! Every step looks only at what was typed and counted, never at whether an account has the name; the hash
//! is computed, a failure counted and the evidence written in either case.

pub(super) mod attempts;
pub(super) mod ticket;

use std::net::IpAddr;
use std::time::Duration;

use dinh_model::{Actor, Language, Timestamp};
use dinh_store::Outcome;

use super::password::Password;
use super::passwords::{self, Secret};
use super::stored_sessions::Opening;
use super::ticket::Ticket;
use super::{Account, AccountState, Session, SessionKind, names, people, second_factor, stored_sessions};
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

/// Why nobody was signed in.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// Name and password do not belong together, or the account may not sign in; which of these is not said.
    #[error("this name and password do not belong together")]
    Refused,
    /// The password is right; a code of the second factor is asked for, with [`Platform::sign_in_second`].
    #[error("a code of the second factor is needed")]
    SecondFactor {
        /// Stands for the first step, for five minutes; opens nothing by itself.
        ticket: String,
    },
    /// The code is wrong, or was used already.
    #[error("the code is wrong, or was used already")]
    WrongCode,
    /// The ticket is over, or the password was changed meanwhile.
    #[error("the code came too late; sign in again")]
    TooLate,
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
            (Language::Vi, Self::SecondFactor { .. }) => {
                "Hãy nhập mã xác thực trên điện thoại, hoặc một mã khôi phục.".into()
            }
            (Language::En, Self::SecondFactor { .. }) => {
                "Enter the code that your phone shows, or a recovery code.".into()
            }
            (Language::Vi, Self::WrongCode) => {
                "Mã xác thực không đúng hoặc đã dùng rồi. Hãy chờ mã mới và kiểm tra giờ của điện thoại.".into()
            }
            (Language::En, Self::WrongCode) => {
                "The code is wrong or was used already. Wait for the next one, and check the clock of your phone.".into()
            }
            (Language::Vi, Self::TooLate) => "Đã quá thời gian nhập mã. Vui lòng đăng nhập lại.".into(),
            (Language::En, Self::TooLate) => "The code came too late. Please sign in again.".into(),
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
        let Some(_attempt) = self.sign_in.begin_attempt(&account.login, self.options().lock_after) else {
            return Err(SignInError::Throttled { retry_after: Duration::from_secs(1) });
        };
        if let Some(until) = attempts::locked_until(self, &account.login, now)? {
            return Err(SignInError::Locked { until });
        }
        let secret: Option<Secret> = call.load(&passwords::key(account.id))?;
        let entering = Entering { kind: ticket.kind, address, renew: None, otp: Some(code) };
        match self.open_session(&account, secret.as_ref(), entering)? {
            Entered::Opened(signed_in) => {
                self.sign_in.forgive(address);
                Ok(*signed_in)
            }
            Entered::Changed | Entered::NeedsCode => Err(SignInError::TooLate),
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
        match attempts::count_failure(self, origin, login, failed)? {
            Some(until) => Err(SignInError::Locked { until }),
            None if reason == "wrong-code" => Err(SignInError::WrongCode),
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

    /// Opens a session for an account whose password was just recognised.
    fn open_session(
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
            if current.state != AccountState::Active || stored.as_ref() != secret {
                return Ok(Entered::Changed);
            }
            // Also when a code is still to come: the second step does not know the password.
            if let Some(password) = entering.renew {
                let salt = call.random_bytes();
                let hash = call.hasher.hash(password, salt)?;
                let own = stored.is_some_and(|stored| stored.own);
                call.save(passwords::key(account.id), &Secret { hash, own })?;
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
            attempts::forget(call, &current.login)?;
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

/// How somebody enters whose password was recognised.
#[derive(Clone, Copy)]
struct Entering<'a> {
    kind: SessionKind,
    address: IpAddr,
    /// The password, when its hash is to be renewed.
    renew: Option<&'a Password>,
    otp: Option<&'a str>,
}

/// What came of entering.
enum Entered {
    Opened(Box<SignedIn>),
    /// The account or the password changed meanwhile.
    Changed,
    NeedsCode,
    WrongCode,
}

/// Whole seconds, rounded up.
fn at_least_a_second(wait: Duration) -> Duration {
    Duration::from_secs(wait.as_secs() + u64::from(wait.subsec_nanos() > 0))
}
