//! Where a guest's words become the model's and back, for whoever tries it with anything (`fuzz/`).

pub use crate::imports::convert::{Wrong, column, record_id, to_column, to_value, value};
pub use crate::imports::records::selection;
