//! The organisation (tổ chức): units in their tree, and who stands where in it.
//!
//! ```text
//! units ─ ending ─ lineage   nothing belongs to it any more; what became of it
//!   │  └─ domains       the names its e-mail addresses end with
//!   ├─ positions        places that people hold for a term
//!   └─ heads            its one head administrator
//! ```

pub(super) mod domains;
pub(super) mod ending;
pub(super) mod heads;
pub(super) mod lineage;
pub(super) mod positions;
pub(super) mod units;
