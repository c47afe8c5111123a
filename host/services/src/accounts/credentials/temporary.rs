//! Temporary passwords (mật khẩu tạm): set by somebody else, changed at the first use, and accepted for some days only,
//! so that a list or a slip of paper that nobody used opens nothing for long.
//!
//! The days count from the moment at which the password could first be used: when it was set, or when the account
//! became active after that. What was said to whoever handed it out stays true when the deployment sets other days.

use dinh_model::{Localized, Timestamp, time};
use serde::{Deserialize, Serialize};

use crate::accounts::passwords::{self, Secret};
use crate::accounts::{Account, AccountState};
use crate::{Call, ServiceError};

/// What is stored of a temporary password beside its hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::accounts) struct Temporary {
    /// When it was set, microseconds.
    set: i64,
    /// How many days of 24 hours it is accepted.
    days: u32,
}

/// How long a temporary password is accepted: for whoever hands it out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct TemporaryTerm {
    /// Days of 24 hours, as [`Options::temporary_days`](crate::Options) was when it was set.
    pub days: u32,
    /// The first moment at which it is not; none while the account waits for approval, from which the days count.
    pub until: Option<Timestamp>,
}

impl Temporary {
    /// One that is set now.
    pub(in crate::accounts) fn set(call: &Call) -> Self {
        Self { set: time::microseconds(call.now()), days: call.common.hasher.policy.temporary_days }
    }

    /// How long it is accepted.
    pub(in crate::accounts) fn term(&self, account: &Account) -> TemporaryTerm {
        let waits = account.state == AccountState::Requested;
        TemporaryTerm { days: self.days, until: (!waits).then(|| self.until(account)) }
    }

    fn until(&self, account: &Account) -> Timestamp {
        let set = time::from_microseconds(self.set).unwrap_or(Timestamp::MIN).max(account.created);
        let days = jiff::SignedDuration::from_hours(24 * i64::from(self.days));
        set.saturating_add(days).unwrap_or(Timestamp::MAX)
    }
}

impl Secret {
    /// Whether it is a temporary password whose days are over.
    pub(in crate::accounts) fn has_expired(&self, account: &Account, now: Timestamp) -> bool {
        self.temporary.is_some_and(|temporary| temporary.until(account) <= now)
    }
}

/// How long the password of an account is accepted, when somebody else set it to be changed; none for one that its
/// owner chose, or that need not be changed.
pub fn temporary_password(call: &Call, account: &Account) -> Result<Option<TemporaryTerm>, ServiceError> {
    let secret: Option<Secret> = call.load(&passwords::key(account.id))?;
    Ok(secret.and_then(|secret| secret.temporary).map(|temporary| temporary.term(account)))
}

/// What whoever knows an expired one is told.
pub(in crate::accounts) fn expired() -> Localized {
    Localized {
        vi: "Mật khẩu tạm này đã hết hạn. Hãy đề nghị quản trị viên cấp lại mật khẩu.".into(),
        en: "This temporary password has expired. Ask your administrator for another one.".into(),
    }
}
