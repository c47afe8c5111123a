//! The evidence (nhật ký) that the platform keeps of what is done, as pages that a plugin can lead to.

use crate::RecordId;
use crate::jobs::PLATFORM;
use crate::view::{PluginPage, Target};

/// The platform's page of who has seen or changed a record, for whoever holds what its collection names in `seen`, or may
/// read the evidence of its unit (`dinh.audit.read`). `plugin` is the one that keeps it.
///
/// ```
/// # use dinh_sdk::{RecordId, evidence};
/// # use dinh_sdk::view::Target;
/// let letter: RecordId = "01a2074a-2e69-747f-aff5-414c9c43d43c".parse()?;
/// let Target::Plugin(page) = evidence::seen("letters", "letters", letter) else { unreachable!() };
/// assert_eq!(page.path, "/evidence/seen?record=letters/letters/01a2074a-2e69-747f-aff5-414c9c43d43c");
/// # Ok::<(), dinh_sdk::NotAnId>(())
/// ```
pub fn seen(plugin: &str, collection: &str, record: RecordId) -> Target {
    let path = format!("/evidence/seen?record={plugin}/{collection}/{record}");
    Target::Plugin(PluginPage { plugin: PLATFORM.to_owned(), path })
}
