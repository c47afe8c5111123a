//! The pages.

pub(crate) mod compare;
pub(crate) mod edition;
pub(crate) mod editions;
pub(crate) mod profile;
pub(crate) mod ranking;

use dinh_sdk::prelude::*;

use crate::model::{Component, Edition};

/// Shown for a value that was not published.
pub(crate) const NOT_AVAILABLE: &str = "N/A";

/// A score with two places.
pub(crate) fn score(value: Option<Decimal>) -> Cell<Option<Decimal>> {
    Cell::new(value).or(NOT_AVAILABLE)
}

/// The address of a province's profile.
pub(crate) fn profile_of(code: &str, year: Option<i64>) -> Address {
    Address::new("/provinces").segment(code).with_some("edition", year)
}

/// The field that picks an edition.
pub(crate) fn edition_field<'a>(
    request: &Request,
    editions: impl IntoIterator<Item = &'a Stored<Edition>>,
    chosen: i64,
) -> Field {
    let choices = editions
        .into_iter()
        .map(|edition| Choice::new(edition.year.to_string(), format!("PCI {}", edition.year)))
        .collect();
    let field = Field::choice("edition", request.say("Kỳ PCI", "Edition"), choices);
    // A page shows one edition: there is none for all of them.
    field.value(chosen.to_string()).required().width(3)
}

/// What a page says when there is no edition yet.
pub(crate) fn no_edition(request: &Request, title: &str) -> Page {
    Page::new(title).block(Notice::info(request.say("Chưa có kỳ PCI nào", "There is no edition yet")).text(
        request.say(
            "Người quản lý nhập các chỉ số thành phần của kỳ tại trang “Các kỳ PCI”, sau đó nhập điểm.",
            "An editor imports an edition's components on the page “Editions”, then the scores.",
        ),
    ))
}

/// How weights are shown: whole per cents, as VCCI has them, with places where some have any.
pub(crate) fn weight_format<'a>(components: impl IntoIterator<Item = &'a Component>) -> Format {
    let whole = |weight: Decimal| weight.fract().is_zero();
    let all = components.into_iter().filter_map(|component| component.weight).all(whole);
    Format::Percent(if all { 0 } else { 2 })
}

/// Where the figures come from.
pub(crate) fn source(request: &Request) -> &str {
    request.say(
        "Nguồn: VCCI, pcivietnam.vn. N/A: không công bố.",
        "Source: VCCI, pcivietnam.vn. N/A: not published.",
    )
}

/// How totals are computed.
pub(crate) fn method(request: &Request) -> &str {
    request.say(
        "Điểm tính lại = Σ trọng số % × chỉ số thành phần ÷ 10; không tính khi thiếu trọng số hoặc có chỉ số N/A. Lệch quá 0,05 điểm so với điểm công bố thì được đánh dấu.",
        "Computed total = Σ weight % × component ÷ 10; none when a weight is unknown or a component is N/A. More than 0.05 points from the published total is flagged.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_is_addressed_by_code_and_edition() {
        assert_eq!(profile_of("46-2025", Some(2025)).to_string(), "/provinces/46-2025?edition=2025");
        assert_eq!(profile_of("46", None).to_string(), "/provinces/46");
    }
}
