//! Dossiers from the paper book.

use dinh_sdk::prelude::*;

/// Draws the page.
pub(crate) fn draw(request: &Request) -> Result<Page> {
    let say = |vi, en| request.say(vi, en);
    Ok(Page::new(say("Nhập hồ sơ từ sổ giấy", "Bring in the paper book"))
        .breadcrumb(say("Hồ sơ", "Dossiers"), "/")
        .label(Label::Confidential)
        .block(crate::import::dossiers::block(request)?))
}
