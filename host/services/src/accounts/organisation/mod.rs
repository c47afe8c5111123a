//! The organisation (tổ chức): units in their tree, and who stands where in it.
//!
//! ```text
//! units ─ lineage       what became of a unit that ended
//!   │  ├─ moves         under another unit, when two people agree
//!   │  ├─ roots         those above all, and another beside them
//!   │  └─ domains       the names its e-mail addresses end with
//!   ├─ positions        places that people hold for a term
//!   └─ heads            its one head administrator
//! ```

pub(super) mod domains;
pub(super) mod heads;
pub(super) mod lineage;
pub(super) mod moves;
pub(super) mod positions;
pub(super) mod roots;
pub(super) mod units;
