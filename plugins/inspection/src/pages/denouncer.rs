//! Who denounced: a page of its own, under rights of its own.

use dinh_sdk::prelude::*;
use dinh_sdk::time;

use super::may;
use crate::deeds::denounce::{known_at, named};
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
    let corrects = dossier.is_open() && may(permission::REGISTER, dossier.unit);
    let table = Table::of("denouncers", &known)
        .column(Head::new("name", say("Họ và tên", "Name")).wide(), |row| row.name.as_str())
        .column(Head::new("identity", say("Số căn cước", "Identity number")), |row| {
            row.identity.clone()
        })
        .column(Head::new("address", say("Địa chỉ", "Address")), |row| row.address.as_deref())
        .column(Head::new("contact", say("Liên hệ", "Contact")), |row| row.contact.as_deref())
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
        .column(Head::new("letter", say("Đơn tố cáo (bản gốc)", "Letter (original)")), |row| {
            row.letter
        })
        .column(Head::new("received-by", say("Người nhận", "Received by")), |row| row.received_by)
        .row_target(|row| corrects.then(|| known_at(dossier.id).segment(row.id)))
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
    if corrects {
        let form = fields(request, Form::new("register", say("Ghi", "Record")), None);
        page = page.section(
            Section::new("new-denouncer", say("Ghi người tố cáo", "Record who denounced")).block(form),
        );
    }
    Ok(page)
}

/// Draws the page on which what was recorded of one is corrected.
pub(crate) fn one(request: &Request) -> Result<Page> {
    let say = |vi, en| request.say(vi, en);
    let dossier = Dossier::get(request.parameter("id")?)?;
    let known = named(request, dossier.id)?;
    let mut page = Page::new(known.name.clone())
        .letterhead(dossier.unit)
        .subtitle(dossier.title.clone())
        .breadcrumb(say("Hồ sơ", "Dossiers"), "/")
        .breadcrumb(dossier.sign(), crate::deeds::shown_at(dossier.id))
        .breadcrumb(say("Người tố cáo", "Who denounced"), known_at(dossier.id))
        .label(Label::Confidential);
    if let Some(letter) = known.letter {
        let label = say("Đơn tố cáo (bản gốc)", "Letter (original)");
        page = page.block(Facts::new(vec![Fact::new(label, letter).width(12)]));
    }
    if dossier.is_open() && may(permission::REGISTER, dossier.unit) {
        let form = Form::new("correct", say("Sửa", "Correct")).showing(&known);
        page =
            page.section(
                Section::new("correct-denouncer", say("Sửa thông tin người tố cáo", "Correct"))
                    .block(fields(request, form, Some(&known))),
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

/// The fields of one, with what is known.
fn fields(request: &Request, form: Form, known: Option<&Denouncer>) -> Form {
    let say = |vi, en| request.say(vi, en);
    let channels = CHANNELS.iter().map(|(key, vi, en)| Choice::new(*key, say(vi, en))).collect();
    let text = |of: fn(&Denouncer) -> Option<String>| known.and_then(of);
    let received_on = known.map_or_else(time::today, |known| known.received_on);
    let replaces = known.is_some_and(|known| known.letter.is_some());
    let letter = Field::of(Denouncer::LETTER, say("Đơn tố cáo (bản gốc)", "Letter (original)"));
    form.field(
        Field::of(Denouncer::NAME, say("Họ và tên", "Name")).value(text(|it| Some(it.name.clone()))).width(6),
    )
    .field(
        Field::of(Denouncer::IDENTITY, say("Số căn cước", "Identity number"))
            .value(text(|it| it.identity.clone()))
            .at_most(20)
            .width(6),
    )
    .field(Field::of(Denouncer::ADDRESS, say("Địa chỉ", "Address")).value(text(|it| it.address.clone())))
    .field(
        Field::of(Denouncer::CONTACT, say("Điện thoại, thư điện tử", "Contact"))
            .value(text(|it| it.contact.clone()))
            .width(6),
    )
    .field(
        Field::choice("channel", say("Hình thức gửi", "Channel"), channels)
            .value(text(|it| Some(it.channel.clone())))
            .required()
            .width(6),
    )
    .field(Field::of(Denouncer::RECEIVED_ON, say("Ngày nhận", "Received on")).value(received_on).width(3))
    .field(
        Field::of(Denouncer::PROTECTED, say("Đề nghị giữ bí mật, bảo vệ", "Asks for protection"))
            .value(known.is_some_and(|known| known.protected))
            .width(6),
    )
    .field(letter.help(if replaces {
        say("Chỉ chọn tệp khi thay bản đang có.", "Only to replace the one that is there.")
    } else {
        say(
            "Chỉ người được xem danh tính người tố cáo mới mở được tệp này.",
            "Only those who may see who denounced can open it.",
        )
    }))
}
