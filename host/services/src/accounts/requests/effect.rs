//! What an approval would change, before it is given.

use dinh_access::Difference;
use dinh_model::RequestId;

use super::approve;
use crate::{Origin, Platform, ServiceError};

/// Who would gain and lose which rights if `origin`'s actor approved a request now: the approval is made in a
/// call that is thrown away, so what is said is what it would do. Gives the errors that [`approve`] would give,
/// in the same order: without the right to decide nothing is said.
pub fn effect_of(platform: &Platform, origin: &Origin, id: RequestId) -> Result<Difference, ServiceError> {
    let mut call = platform.begin(origin)?;
    approve(&mut call, id)?;
    platform.preview(&call)
}
