//! What a vendor reads when something went wrong. Not evidence, not for personal data.

use crate::bindings::dinh::platform::log::{Level, write};

/// Something to look into while developing.
pub fn debug(message: &str) {
    write(Level::Debug, message);
}

/// Something that happened.
pub fn info(message: &str) {
    write(Level::Info, message);
}

/// Something that should not be so, but does no harm.
pub fn warning(message: &str) {
    write(Level::Warning, message);
}

/// Something that failed.
pub fn error(message: &str) {
    write(Level::Error, message);
}
