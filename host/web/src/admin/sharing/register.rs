//! The register of shared data (danh mục dữ liệu chia sẻ; BN16.1a): every dataset, its owner, fields, label and how many
//! contracts there are. For everybody who is signed in.

use dinh_runtime::bindings::views::{Format, Page, Tone};
use dinh_services::permissions::{AUDIT_READ, SHARING_DECIDE, SHARING_REQUEST};
use dinh_services::sharing::{Offer, offers};

use super::{waiver, words};
use crate::admin::blocks::{bullets, link, note, page as blank, untitled};
use crate::admin::desk::{Desk, Given};
use crate::admin::table::Rows;

/// `/datasets`
pub fn page(desk: &mut Desk<'_>) -> Given<Page> {
    let language = desk.language();
    let offers = offers(desk.call)?;
    let table = Rows::new(
        "datasets",
        &offers,
        desk.say("Chưa ứng dụng nào cung cấp bộ dữ liệu.", "No plugin offers a dataset."),
    )
    .text("title", desk.say("Bộ dữ liệu", "Dataset"), |offer| {
        offer.dataset.title.get(language).to_owned()
    })
    .target(|offer| Some(format!("/datasets/{}/{}", offer.plugin, offer.dataset.name)))
    .text("summary", desk.say("Nội dung", "What it holds"), |offer| {
        offer.dataset.summary.get(language).to_owned()
    })
    .text("plugin", desk.say("Ứng dụng", "Plugin"), |offer| words::plugin(desk, &offer.plugin))
    .unit("unit", desk.say("Đơn vị quản lý", "Owner"), |offer| offer.home_unit)
    .badge("label", desk.say("Độ mật", "Label"), |offer| label(offer, language))
    .number("fields", desk.say("Số trường", "Fields"), Format::Integer, |offer| {
        offer.fields.len() as u64
    })
    .text("updated", desk.say("Cập nhật", "Updated"), |offer| {
        words::frequency(offer.dataset.updated, language)
    })
    .badge("access", desk.say("Cách dùng", "Access"), |offer| access(desk, offer))
    .code("code", desk.say("Mã", "Code"), |offer| format!("{}/{}", offer.plugin, offer.dataset.name))
    .block();
    let mut page = blank(desk.say("Danh mục dữ liệu chia sẻ", "Register of shared data"));
    page.subtitle = Some(desk.say(
        "Dữ liệu đã có ở một đơn vị thì không thu thập lại: hãy đề nghị chia sẻ.",
        "What one unit has already is not collected again: ask for it.",
    ));
    page.breadcrumbs = desk.way(vec![]);
    let mut blocks = vec![table];
    let concerned = [&*SHARING_REQUEST, &*SHARING_DECIDE, &*AUDIT_READ];
    if concerned.iter().any(|permission| desk.call.require_somewhere(permission, None).is_ok()) {
        let own = desk.say("Thoả thuận chia sẻ của đơn vị tôi", "The contracts of my units");
        blocks.push(bullets(vec![link(own, "/contracts")]));
    }
    page.sections = vec![untitled("list", blocks)];
    page.sections.extend(waiver::sections(desk)?);
    page.sections.push(untitled(
        "machine",
        vec![note(desk.say(
            "Bản cho máy đọc: /api/v1/datasets (JSON, DCAT-AP); phần công khai đọc được không cần đăng nhập.",
            "For programs: /api/v1/datasets (JSON, DCAT-AP); the public part without signing in.",
        ))],
    ));
    Ok(page)
}

/// The label of a dataset.
pub fn label(offer: &Offer, language: dinh_model::Language) -> (String, Tone) {
    let tone = if offer.dataset.label == dinh_model::Label::Ordinary { Tone::Neutral } else { Tone::Bad };
    (offer.dataset.label.name(language).to_owned(), tone)
}

/// Whether a contract is needed.
pub fn access(desk: &Desk<'_>, offer: &Offer) -> (String, Tone) {
    if offer.dataset.public {
        (desk.say("Công khai", "Public"), Tone::Good)
    } else {
        (desk.say("Theo thoả thuận", "By contract"), Tone::Info)
    }
}
