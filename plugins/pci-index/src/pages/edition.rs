//! One edition: what it is made of, and the few things about it that are typed in.

use dinh_sdk::access;
use dinh_sdk::prelude::*;

use crate::edition::Definition;
use crate::model::{Edition, Score};
use crate::permission;

fn load(request: &Request) -> Result<Definition> {
    let year: i64 = request.parameter("year")?;
    Definition::load(year)?.or_not_found(format!("{} {year}", request.say("kỳ PCI", "PCI edition")))
}

/// Draws the edition.
pub(crate) fn draw(request: &Request) -> Result<Page> {
    let definition = load(request)?;
    let year = definition.edition.year;
    let results = Score::all().filter(Score::YEAR.is(year)).count()?;
    let page = Page::new(format!("PCI {year}"))
        .breadcrumb(request.say("Các kỳ PCI", "PCI editions"), "/editions")
        .action(Action::open(
            request.say("Xem xếp hạng", "See the ranking"),
            Address::new("/").with("edition", year),
        ))
        .section(
            Section::new("made-of", request.say("Chỉ số thành phần", "Components"))
                .block(components(request, &definition)),
        )
        .section(
            Section::new("ranked-in", request.say("Nhóm xếp hạng", "Groups"))
                .block(groups(request, &definition)),
        );
    if !access::may_somewhere(permission::EDITIONS) {
        return Ok(page);
    }
    Ok(page.section(
        Section::new("settings", request.say("Thiết lập của kỳ", "Settings"))
            .block(form(request, &definition))
            .block(delete_button(request, results)),
    ))
}

fn components(request: &Request, definition: &Definition) -> Table {
    Table::of("components", &definition.components)
        .column(Head::new("order", request.say("Thứ tự", "Order")).narrow().frozen(), |component| {
            component.position
        })
        .column(Head::new("key", request.say("Mã", "Key")).format(Format::Code), |component| {
            component.key.clone()
        })
        .column(Head::new("name-vi", request.say("Tên", "Name in Vietnamese")).wide(), |component| {
            component.name_vi.clone()
        })
        .column(Head::new("name-en", request.say("Tên tiếng Anh", "Name in English")).wide(), |component| {
            component.name_en.clone()
        })
        .column(
            Head::new("weight", request.say("Trọng số", "Weight")).format(super::weight_format(
                definition.components.iter().map(|component| &component.record),
            )),
            |component| Cell::new(component.weight).or(super::NOT_AVAILABLE),
        )
        .build()
        .note(super::method(request))
}

fn groups(request: &Request, definition: &Definition) -> Table {
    Table::of("groups", &definition.groups)
        .column(Head::new("order", request.say("Thứ tự", "Order")).narrow().frozen(), |group| {
            group.position
        })
        .column(Head::new("name-vi", request.say("Tên nhóm", "Name in Vietnamese")).wide(), |group| {
            group.name_vi.clone()
        })
        .column(Head::new("name-en", request.say("Tên tiếng Anh", "Name in English")).wide(), |group| {
            group.name_en.clone()
        })
        .column(Head::new("from", request.say("Từ điểm", "From score")).decimal(2), |group| {
            super::score(group.from)
        })
        .build()
        .empty(request.say("Kỳ này không có nhóm xếp hạng.", "This edition has no groups."))
}

fn form(request: &Request, definition: &Definition) -> Form {
    let edition = &definition.edition;
    let as_of = Field::of(Edition::PROVINCES_AS_OF, request.say("Danh mục tỉnh tại ngày", "Provinces as of"))
        .help(request.say(
            "Tên tỉnh trong tệp điểm được tra theo danh mục dùng chung tại ngày này.",
            "Names of provinces in score files are looked up in the shared catalog as of this day.",
        ))
        .value(edition.provinces_as_of)
        .width(4);
    let note = Field::of(Edition::NOTE, request.say("Ghi chú", "Note")).value(edition.note.clone());
    Form::new("edition", request.say("Lưu", "Save")).field(as_of).field(note).showing(edition)
}

/// An edition with results is not removed: its results would lose their meaning.
fn delete_button(request: &Request, results: u64) -> Action {
    let action = Action::submit(request.say("Xoá kỳ", "Remove the edition"), "delete").danger();
    if results > 0 {
        action.disabled(
            request.say(
                "Kỳ đã có kết quả; hãy xoá kết quả trước.",
                "The edition has results; remove them first.",
            ),
        )
    } else {
        action.confirm(request.say(
            "Xoá kỳ này cùng các chỉ số thành phần và nhóm của kỳ?",
            "Remove this edition with its components and groups?",
        ))
    }
}

/// Saves what is typed in.
pub(crate) fn save(request: &Request, submission: &Submission) -> Result<Outcome> {
    let mut edition = load(request)?.edition;
    edition.provinces_as_of = submission.field(Edition::PROVINCES_AS_OF)?;
    edition.note = submission.field(Edition::NOTE)?;
    edition.save()?;
    Ok(Outcome::done(request.path()).saying(request.say("Đã lưu", "Saved")))
}

/// Removes an edition that has no results.
pub(crate) fn delete(request: &Request, _: &Submission) -> Result<Outcome> {
    let definition = load(request)?;
    if Score::all().filter(Score::YEAR.is(definition.edition.year)).count()? > 0 {
        return Err(Error::form(request.say("Kỳ đã có kết quả.", "The edition has results.")));
    }
    for component in definition.components {
        component.delete()?;
    }
    for group in definition.groups {
        group.delete()?;
    }
    definition.edition.delete()?;
    Ok(Outcome::done("/editions").saying(request.say("Đã xoá kỳ", "Edition removed")))
}
