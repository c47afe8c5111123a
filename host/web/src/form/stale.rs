//! Whether the records a form showed have changed since.
//!
//! A form carries the versions it showed as one text; when it comes back, they are compared with those of
//! the page drawn now. What has changed is not overwritten unseen: both values are shown, and sending the
//! form again then says that the person has seen them.

use std::collections::BTreeMap;

use dinh_runtime::bindings::views::ShownVersion;

use crate::datum;

/// The versions as one text, to be sent along.
pub fn text(shown: &[ShownVersion]) -> String {
    let lines: Vec<_> = shown
        .iter()
        .map(|one| format!("{} {} {}", one.collection, datum::record(one.id), one.version))
        .collect();
    lines.join("\n")
}

/// Whether what was shown then is not what is shown now. A form that says nothing of versions is never
/// stale: programs that do not send `shown` overwrite.
pub fn is_stale(sent: Option<&str>, now: &[ShownVersion]) -> bool {
    let Some(sent) = sent.map(str::trim).filter(|sent| !sent.is_empty()) else { return false };
    parse(sent) != parse(&text(now))
}

/// Version by collection and record.
fn parse(text: &str) -> BTreeMap<(&str, &str), &str> {
    text.lines()
        .filter_map(|line| {
            let mut parts = line.split_whitespace();
            Some(((parts.next()?, parts.next()?), parts.next()?))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use dinh_runtime::bindings::types::RecordId;

    fn shown(id: u64, version: u64) -> ShownVersion {
        ShownVersion { collection: "scores".into(), id: RecordId { high: 1, low: id }, version }
    }

    #[test]
    fn a_form_is_stale_when_a_record_has_another_version_or_is_gone() {
        let then = text(&[shown(1, 10), shown(2, 11)]);
        assert!(!is_stale(Some(&then), &[shown(2, 11), shown(1, 10)]));
        assert!(is_stale(Some(&then), &[shown(1, 10), shown(2, 12)]));
        assert!(is_stale(Some(&then), &[shown(1, 10)]));
        assert!(!is_stale(None, &[shown(1, 10)]));
        assert!(!is_stale(Some(""), &[]));
    }

    #[test]
    fn line_ends_as_browsers_send_them_make_no_difference() {
        let then = text(&[shown(1, 10), shown(2, 11)]).replace('\n', "\r\n");
        assert!(!is_stale(Some(&then), &[shown(1, 10), shown(2, 11)]));
    }
}
