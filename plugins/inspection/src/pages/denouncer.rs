//! Who denounced: a page of its own, under rights of its own.

use dinh_sdk::prelude::*;
use dinh_sdk::time;

use super::may;
use crate::model::{Denouncer, Dossier};
use crate::permission;
use crate::rules::kind::Kind;

/// Draws the page.
pub(crate) fn draw(request: &Request) -> Result<Page> {
    let say = |vi, en| request.say(vi, en);
    let dossier = Dossier::get(request.parameter("id")?)?;
    if dossier.kind()? != Kind::Denunciation {
        return Err(Error::NotFound(request.path().to_owned()));
    }
    let known = Denouncer::all().filter(Denouncer::DOSSIER.is(dossier.id)).list()?;
    let table = Table::of("denouncers", &known)
        .column(Head::new("name", say("Họ và tên", "Name")).wide(), |row| row.name.clone())
        .column(Head::new("identity", say("Số căn cước", "Identity number")), |row| {
            row.identity.clone()
        })
        .column(Head::new("address", say("Địa chỉ", "Address")), |row| row.address.clone())
        .column(Head::new("contact", say("Liên hệ", "Contact")), |row| row.contact.clone())
        .column(Head::new("channel", say("Hình thức gửi", "Channel")), |row| {
            channel(request, &row.channel)
        })
        .column(Head::new("received-on", say("Ngày nhận", "Received on")).format(Format::Date), |row| {
            row.received_on
        })
        .column(
            Head::new("protected", say("Đề nghị bảo vệ", "Protection")).format(Format::Cross),
            |row| row.protected,
        )
        .column(Head::new("received-by", say("Người nhận", "Received by")), |row| row.received_by)
        .build()
        .not_exportable()
        .empty(say("Chưa ghi người tố cáo.", "Not recorded yet."));
    let mut page = Page::new(say("Người tố cáo", "Who denounced"))
        .letterhead(dossier.unit)
        .subtitle(dossier.title.clone())
        .breadcrumb(say("Hồ sơ", "Dossiers"), "/")
        .breadcrumb(dossier.sign(), crate::deeds::shown_at(dossier.id))
        .label(Label::Confidential)
        .block(Notice::info(say("Giữ bí mật danh tính người tố cáo", "The identity is kept secret")).text(
            say(
                "Chỉ người được giao mới xem được trang này; mỗi lần xem được ghi nhật ký.",
                "Only those entrusted see this page, and each look is evidence.",
            ),
        ))
        .block(table);
    if dossier.is_open() && may(permission::REGISTER, dossier.unit) {
        page = page.section(
            Section::new("new-denouncer", say("Ghi người tố cáo", "Record who denounced"))
                .block(form(request)),
        );
    }
    Ok(page)
}

fn channel(request: &Request, key: &str) -> String {
    let known = CHANNELS.iter().find(|(known, ..)| *known == key);
    known.map_or(key, |(_, vi, en)| request.say(vi, en)).to_owned()
}

const CHANNELS: [(&str, &str, &str); 4] = [
    ("letter", "Đơn gửi qua bưu chính", "Letter"),
    ("handed", "Đơn nộp trực tiếp", "Handed in"),
    ("spoken", "Trình bày trực tiếp", "Spoken"),
    ("forwarded", "Cơ quan khác chuyển đến", "Forwarded"),
];

fn form(request: &Request) -> Form {
    let say = |vi, en| request.say(vi, en);
    let channels = CHANNELS.iter().map(|(key, vi, en)| Choice::new(*key, say(vi, en))).collect();
    Form::new("register", say("Ghi", "Record"))
        .field(Field::of(Denouncer::NAME, say("Họ và tên", "Name")).width(6))
        .field(Field::of(Denouncer::IDENTITY, say("Số căn cước", "Identity number")).at_most(20).width(6))
        .field(Field::of(Denouncer::ADDRESS, say("Địa chỉ", "Address")))
        .field(Field::of(Denouncer::CONTACT, say("Điện thoại, thư điện tử", "Contact")).width(6))
        .field(Field::choice("channel", say("Hình thức gửi", "Channel"), channels).required().width(6))
        .field(
            Field::of(Denouncer::RECEIVED_ON, say("Ngày nhận", "Received on")).value(time::today()).width(3),
        )
        .field(
            Field::of(Denouncer::PROTECTED, say("Đề nghị giữ bí mật, bảo vệ", "Asks for protection"))
                .width(6),
        )
}
