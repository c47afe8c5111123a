//! A new dossier: its kind first, then what it is about.

use dinh_sdk::access;
use dinh_sdk::prelude::*;

use super::unit_name;
use crate::deeds::open::today;
use crate::model::catalog::list;
use crate::model::shared;
use crate::model::{Catalog, Dossier};
use crate::permission;
use crate::rules::kind::Kind;
use crate::rules::matrix::subject;

/// Draws the choice of a kind.
pub(crate) fn draw(request: &Request) -> Result<Page> {
    let say = |vi, en| request.say(vi, en);
    let open = |kind: Kind| {
        Action::open(kind.name().in_language(request.language()), Address::new("/new").segment(kind.key()))
    };
    let kinds: Vec<Action> = Kind::ALL.into_iter().map(open).collect();
    Ok(Page::new(say("Lập hồ sơ", "Open a dossier"))
        .subtitle(say(
            "Chọn loại hồ sơ; quy trình áp dụng là quy trình có hiệu lực vào ngày lập",
            "Choose the kind: its procedure is the one in force on the day of opening",
        ))
        .breadcrumb(say("Hồ sơ", "Dossiers"), "/")
        .block(kinds))
}

/// Draws the form of a kind.
pub(crate) fn form(request: &Request) -> Result<Page> {
    let say = |vi, en| request.say(vi, en);
    let name: String = request.parameter("kind")?;
    let kind = Kind::of_key(&name).or_not_found(name)?;
    let catalog = Catalog::on(today())?;
    let units = access::units(permission::OPEN);
    let choices = units.iter().map(|unit| Choice::new(unit.0.to_string(), unit_name(*unit)));
    let unit =
        Field::of(Dossier::UNIT, say("Đơn vị chủ trì", "Unit in charge")).value(units.first().copied());
    let unit = if choices.len() > 1 { unit.width(6) } else { unit.read_only().width(6) };
    let mut form = Form::new("open", say("Lập hồ sơ", "Open"))
        .cancel("/")
        .group(say("Hồ sơ", "Dossier"))
        .field(Field::of(Dossier::TITLE, say("Trích yếu", "Subject")))
        .field(unit)
        .field(Field::of(Dossier::OPENED_ON, say("Ngày lập", "Opened on")).value(today()).width(3))
        .field(Field::of(Dossier::LEAD, say("Người phụ trách", "Lead")).width(6))
        .field(choice(Dossier::LEVEL.name(), say("Cấp của đối tượng", "Level"), &catalog, list::LEVEL))
        .field(choice(Dossier::CONTENT.name(), say("Nội dung", "Content"), &catalog, list::CONTENT));
    form = match kind {
        Kind::Complaint => form
            .group(say("Quyết định bị khiếu nại", "Decision complained against"))
            .field(
                Field::text("decision", say("Số quyết định kỷ luật", "Number of the decision"))
                    .value(request.optional::<String>("decision")?)
                    .required()
                    .help(say("Như đã ghi ở trang Kỷ luật.", "As the page Discipline has it."))
                    .width(6),
            )
            .field(Field::date("lodged-on", say("Ngày nhận khiếu nại", "Lodged on")).required().width(3)),
        _ => about(request, form),
    };
    Ok(Page::new(kind.name().in_language(request.language()))
        .breadcrumb(say("Hồ sơ", "Dossiers"), "/")
        .breadcrumb(say("Lập hồ sơ", "Open a dossier"), "/new")
        .label(Label::Confidential)
        .block(form))
}

fn choice(name: &str, label: &str, catalog: &Catalog, list: &str) -> Field {
    let choices = Choices { choices: catalog.choices(list), style: ChoiceStyle::Select };
    Field::new(name, label, FieldKind::Choice(choices)).required().width(6)
}

fn about(request: &Request, form: Form) -> Form {
    let say = |vi, en| request.say(vi, en);
    let subjects = [subject::MEMBER, subject::ORGANISATION]
        .map(|key| Choice::new(key, super::subject_name(request, key)))
        .to_vec();
    form.group(say("Đối tượng", "Subject"))
        .field(
            Field::choice(Dossier::SUBJECT.name(), say("Đối tượng là", "Subject is"), subjects)
                .required()
                .width(6),
        )
        .field(
            shared::picker(request, Dossier::MEMBER.name())
                .help(say(
                    "Gõ họ tên để tìm; họ tên đọc từ phần mềm cán bộ theo thoả thuận chia sẻ, không lưu ở đây.",
                    "Type a name to search; names are read from personnel under contract and not kept here.",
                ))
                .when(Dossier::SUBJECT.name(), &[subject::MEMBER])
                .width(6),
        )
        .field(
            Field::new(Dossier::ORGANISATION.name(), say("Tổ chức đảng", "Organisation"), FieldKind::Unit)
                .when(Dossier::SUBJECT.name(), &[subject::ORGANISATION])
                .width(6),
        )
}
