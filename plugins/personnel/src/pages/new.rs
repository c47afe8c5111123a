//! A new record: somebody who is to be recruited. What follows is decided, not typed in.

use dinh_sdk::prelude::*;
use dinh_sdk::time;

use super::sheet_of;
use crate::model::common::Grades;
use crate::model::{Person, status};
use crate::rules::levels::Ladders;
use crate::sheet::values::{self, Any};
use crate::sheet::{check, fields, words};
use crate::told::Told;

/// Draws the form.
pub(crate) fn draw(request: &Request) -> Result<Page> {
    let say = |vi, en| request.say(vi, en);
    let mut form = Form::new("add", say("Thêm hồ sơ", "Add")).cancel("/");
    for group in fields::groups(request, &Grades::default()) {
        if group.id == "identity" {
            form = form.group(group.title);
            form = group.fields.into_iter().fold(form, Form::field);
        }
    }
    let category = words::choices(words::CATEGORIES, request.language());
    form = form
        .group(say("Nơi tiếp nhận", "Where to"))
        .field(Field::of(Person::UNIT, say("Đơn vị", "Unit")).width(6))
        .field(
            Field::choice(Person::CATEGORY.name(), say("Đối tượng", "Category"), category)
                .required()
                .width(6),
        );
    Ok(Page::new(say("Thêm hồ sơ", "New record"))
        .subtitle(say(
            "Hồ sơ mới ở tình trạng chờ tuyển dụng cho đến khi quyết định tuyển dụng được ký.",
            "A new record waits for recruitment until that decision is signed.",
        ))
        .breadcrumb(say("Danh sách cán bộ", "Officers"), "/")
        .block(form))
}

/// Adds the record.
pub(crate) fn add(request: &Request, submission: &Submission) -> Result<Outcome> {
    let given = Person::FIELDS.iter().map(|field| match *field {
        "status" => Ok(Value::Text(status::CANDIDATE.to_owned())),
        "sort-name" => Ok(Value::Text(String::new())),
        field => submission.get::<Any>(field).map(|any| any.0),
    });
    let person: Person = values::from(given.collect::<Result<_>>()?)?;
    let today = time::today();
    let person = person.settle(&Told::default(), &Ladders::default(), today);
    let mut problems = Problems::default();
    check::form(request, &person, today, &mut problems);
    problems.check()?;
    let id = person.insert()?;
    Ok(Outcome::done(sheet_of(id)).saying(request.say("Đã thêm hồ sơ", "Record added")))
}
