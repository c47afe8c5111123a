//! Notices (thông báo): a short word to people, in their inbox, with a link to a page of this plugin.
//!
//! ```toml
//! [[notices]]
//! name = "overdue"
//! title = { vi = "Công văn quá hạn trả lời", en = "A letter is overdue" }
//! ```
//!
//! ```
//! use dinh_sdk::prelude::*;
//! use dinh_sdk::notices::Notice;
//! use dinh_sdk::schedule::Fired;
//!
//! /// Tells those of the letter's unit who answer letters, when its timer fires.
//! fn overdue(fired: &Fired, unit: UnitId) -> Result<()> {
//!     let letter = fired.record().or_failed("a timer without its letter")?;
//!     Notice::new("overdue", "letters.letter.answer", unit).about("/letters", letter).for_days(30).send()?;
//!     Ok(())
//! }
//! # let _ = overdue;
//! ```

use crate::bindings::dinh::platform::notices as host;
use crate::error::{Error, Result};
use crate::{AccountId, RecordId, UnitId};

/// For how many days a notice is shown that does not say.
const DAYS: u32 = 30;

/// A notice to be sent.
#[derive(Clone, Debug, PartialEq)]
#[must_use = "a notice is told when it is sent"]
pub struct Notice(host::NewNotice);

impl Notice {
    /// To those who hold a permission (`plugin.thing.verb`) for a unit; it leads to the plugin's first page.
    pub fn new(name: &str, permission: &str, unit: UnitId) -> Self {
        Self(host::NewNotice {
            name: name.to_owned(),
            permission: permission.to_owned(),
            unit: unit.0,
            only: None,
            except: None,
            text: String::new(),
            route: "/".to_owned(),
            record: None,
            days: DAYS,
        })
    }

    /// To this one of them only.
    pub fn only(self, account: AccountId) -> Self {
        Self(host::NewNotice { only: Some(account.0), ..self.0 })
    }

    /// Not to this one of them, who is told by another notice.
    pub fn except(self, account: AccountId) -> Self {
        Self(host::NewNotice { except: Some(account.0), ..self.0 })
    }

    /// What else there is to say, at most 400 bytes.
    pub fn saying(self, text: impl Into<String>) -> Self {
        Self(host::NewNotice { text: text.into(), ..self.0 })
    }

    /// It leads to a route of the manifest.
    pub fn at(self, route: &str) -> Self {
        Self(host::NewNotice { route: route.to_owned(), ..self.0 })
    }

    /// It leads to the page of a record below a route of the manifest.
    pub fn about(self, route: &str, record: RecordId) -> Self {
        Self(host::NewNotice { route: route.to_owned(), record: Some(record), ..self.0 })
    }

    /// For how many days it is shown: 1 to 366.
    pub fn for_days(self, days: u32) -> Self {
        Self(host::NewNotice { days, ..self.0 })
    }

    /// Sends it; to how many people.
    pub fn send(self) -> Result<u32> {
        Ok(host::send(&self.0)?)
    }
}

impl From<host::Error> for Error {
    fn from(error: host::Error) -> Self {
        match error {
            host::Error::Invalid(text) => Self::form(text),
            host::Error::Denied(reason) => Self::Denied(reason),
            host::Error::ReadOnly => Self::Failed("a notice cannot be sent while a page is drawn".into()),
        }
    }
}
