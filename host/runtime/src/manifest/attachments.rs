//! Which files a field of type attachment takes.

use dinh_model::{AttachmentRule, MediaType};
use dinh_services::files::FileLimits;

use super::check::{list, parsed};
use super::error::Wrong;
use super::raw::RawField;

/// The rule of a field of type attachment; none for a field of another type, which has neither of its keys.
pub(super) fn rule(raw: &RawField) -> Result<Option<AttachmentRule>, Wrong> {
    let word = raw.kind.get_ref();
    if word != "attachment" {
        let keys = [
            ("max-size", raw.max_size.as_ref().map(toml::Spanned::span)),
            ("media-types", raw.media_types.as_ref().map(toml::Spanned::span)),
        ];
        return match keys.into_iter().find_map(|(key, span)| Some((key, span?))) {
            None => Ok(None),
            Some((key, span)) => Err(Wrong::at(
                span,
                format!("`{key}` on a field of type `{word}`"),
                "remove it; only fields of type `attachment` have it",
            )),
        };
    }
    let bytes = |raw: &toml::Spanned<i64>| {
        let most = FileLimits::LARGEST;
        let bytes = u64::try_from(*raw.get_ref()).ok().filter(|bytes| (1..=most).contains(bytes));
        bytes.ok_or_else(|| {
            let problem = format!("a largest size of {} bytes", raw.get_ref());
            Wrong::at(raw.span(), problem, format!("write 1 to {most}, or leave it out"))
        })
    };
    let most_bytes = raw.max_size.as_ref().map(bytes).transpose()?;
    let Some(types) = &raw.media_types else {
        return Ok(Some(AttachmentRule { most_bytes, media: Vec::new() }));
    };
    let known = format!("use some of: {}", list(MediaType::ALL.into_iter().map(MediaType::as_str)));
    let media =
        types.get_ref().iter().map(|media| parsed(media, &known)).collect::<Result<Vec<_>, Wrong>>()?;
    if media.is_empty() {
        return Err(Wrong::at(types.span(), "a field that takes no type of file", known));
    }
    Ok(Some(AttachmentRule { most_bytes, media }))
}
