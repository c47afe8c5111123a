//! Datasets of other plugins (bộ dữ liệu dùng chung), read under a contract.
//!
//! A struct with `#[record(wanted = "…")]` is a wanted dataset of the manifest; it is queried like a collection of one's
//! own, and never written. Keep the identifiers of its rows as references and
//! [`resolve`](crate::Record::resolve) them when they are shown, so that no name has to be copied.
//!
//! ```
//! use dinh_sdk::prelude::*;
//!
//! /// A member, as personnel offers them; `[[wanted]]` in the manifest names the dataset and the fields.
//! #[derive(Clone, Record)]
//! #[record(wanted = "members")]
//! struct Member {
//!     full_name: String,
//!     unit: UnitId,
//! }
//!
//! fn roll(request: &Request) -> Result<Page> {
//!     let Some(terms) = sharing::agreed("members")? else {
//!         return Err(Error::Denied(request.say("Chưa có thoả thuận chia sẻ", "No contract yet").into()));
//!     };
//!     let members = Member::all().order_by(Member::FULL_NAME.ascending()).page(request.after(), 50)?;
//!     let note = format!("{} {}", request.say("Theo thoả thuận số", "Under contract"), terms.contract);
//!     let table = Table::of("members", &members.rows)
//!         .column(Head::new("name", request.say("Họ và tên", "Name")), |member| member.full_name.as_str())
//!         .build();
//!     Ok(Page::new(note).block(table))
//! }
//! # let _ = roll;
//! ```

use crate::bindings::dinh::platform::sharing as host;
use crate::error::Result;
use crate::time::{self, Date};

/// What is agreed to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    /// Number of the contract.
    pub contract: u32,
    /// The fields that may be read: those wanted, or fewer.
    pub fields: Vec<String>,
    /// First day on which it no longer holds.
    pub until: Option<Date>,
}

/// What is agreed to for a wanted dataset; none while no contract is in force.
pub fn agreed(wanted: &str) -> Result<Option<Terms>> {
    let terms = host::agreed(wanted)?;
    Ok(terms.map(|terms| Terms {
        contract: terms.contract,
        fields: terms.fields,
        until: time::date(terms.until),
    }))
}
