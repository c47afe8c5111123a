//! What the list is narrowed by.

use dinh_sdk::prelude::*;

use super::{ALL, Asked, Lists};
use crate::pages::{as_of_field, unit_field};
use crate::rules::ages::{BANDS, Band};
use crate::sheet::words;

/// The filters, with what was asked for.
pub(super) fn filters(request: &Request, asked: &Asked, lists: &Lists) -> Filters {
    let say = |vi, en| request.say(vi, en);
    let language = request.language();
    let bands = BANDS.iter().map(|band| Choice::new(band.key, band_name(request, *band))).collect();
    let party = vec![
        Choice::new("yes", say("Đảng viên", "Members")),
        Choice::new("no", say("Chưa phải đảng viên", "Others")),
    ];
    let mut statuses = words::choices(words::STATUSES, language);
    statuses.push(Choice::new(ALL, say("Tất cả", "All")));
    let select = |field: Field| match field.kind {
        FieldKind::Choice(choices) => {
            Field { kind: FieldKind::Choice(Choices { style: ChoiceStyle::Select, ..choices }), ..field }
        }
        _ => field,
    };
    Filters::new(vec![
        Field::text("q", say("Tìm kiếm", "Search"))
            .help(say(
                "Tên, số hiệu, đơn vị, hoặc đủ 12 số CCCD.",
                "Name, number, unit, or the whole identity number.",
            ))
            .at_most(80)
            .value(asked.q.clone())
            .width(4),
        unit_field(request, asked.unit),
        select(Field::choice("sex", say("Giới tính", "Sex"), lists.sexes.choices()))
            .value(asked.sex.clone())
            .width(2),
        select(Field::choice("age", say("Độ tuổi", "Age"), bands)).value(asked.age.clone()).width(2),
        select(Field::choice("grade", say("Ngạch", "Grade"), lists.grades.choices()))
            .value(asked.grade.clone())
            .width(4),
        select(Field::choice("party", say("Đảng viên", "Party"), party)).value(asked.party.clone()).width(2),
        select(Field::choice("education", say("Trình độ", "Education"), lists.levels.choices()))
            .value(asked.education.clone())
            .width(2),
        select(Field::choice("ethnic", say("Dân tộc", "Ethnic group"), lists.groups.choices()))
            .value(asked.ethnic.clone())
            .width(2),
        select(Field::choice("status", say("Tình trạng", "Status"), statuses))
            .value(asked.status())
            .required()
            .width(2),
        as_of_field(request, asked.as_of).help(say("Để trống: hiện nay.", "Empty: today.")),
    ])
}

/// What a band of ages is called.
pub(crate) fn band_name(request: &Request, band: Band) -> String {
    match (band.least, band.most) {
        (None, Some(most)) => {
            format!("{} {most} {}", request.say("Đến", "Up to"), request.say("tuổi", "years"))
        }
        (Some(least), Some(most)) => format!("{least}–{most} {}", request.say("tuổi", "years")),
        (Some(least), None) => {
            format!("{} {least} {}", request.say("Từ", "From"), request.say("tuổi", "years"))
        }
        (None, None) => String::new(),
    }
}
