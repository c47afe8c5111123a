//! What a sheet may not say: days out of order, numbers that cannot be.

use dinh_sdk::prelude::*;

use super::{fields, show};
use crate::model::common::Grades;
use crate::model::{Person, Training};
use crate::rules::{ages, allowances};
use crate::told::Summary;

/// The youngest at which somebody is recruited (Law on Cadres and Civil Servants 2008, Article 36).
const YOUNGEST: i64 = 18;

/// Something wrong with a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Wrong {
    pub(crate) field: &'static str,
    pub(crate) message: String,
    pub(crate) remedy: String,
}

/// All that is wrong with an officer's record as of a day.
pub(crate) fn person(request: &Request, person: &Person, today: Date) -> Vec<Wrong> {
    let mut wrong = Vec::new();
    let mut add = |field, message: (&str, &str), remedy: (&str, &str)| {
        wrong.push(Wrong {
            field,
            message: request.say(message.0, message.1).to_owned(),
            remedy: request.say(remedy.0, remedy.1).to_owned(),
        });
    };
    let twelve = |text: &String| text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit());
    if person.citizen_id.as_ref().is_some_and(|number| !twelve(number)) {
        add(
            "citizen-id",
            ("Số căn cước công dân không đủ 12 chữ số.", "The identity number has not 12 digits."),
            ("Nhập đúng 12 chữ số, không có dấu cách.", "Enter 12 digits without spaces."),
        );
    }
    let ten = |text: &String| text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_digit());
    if person.social_insurance.as_ref().is_some_and(|number| !ten(number)) {
        add(
            "social-insurance",
            ("Số sổ BHXH không đủ 10 chữ số.", "The insurance number has not 10 digits."),
            ("Nhập đúng 10 chữ số, không có dấu cách.", "Enter 10 digits without spaces."),
        );
    }
    if person.full_name.split_whitespace().count() < 2 {
        add(
            "full-name",
            ("Họ và tên chỉ có một chữ.", "The name has one word only."),
            ("Ghi đầy đủ họ, tên đệm và tên.", "Write family name and given name."),
        );
    }
    if person.birth_date > today {
        add(
            "birth-date",
            ("Ngày sinh ở tương lai.", "The date of birth is to come."),
            ("Kiểm tra lại năm sinh.", "Check the year."),
        );
    }
    let too_young = person
        .recruited_on
        .is_some_and(|day| ages::age(person.birth_date, day).is_none_or(|age| age < YOUNGEST));
    if too_young {
        add(
            "recruited-on",
            ("Chưa đủ 18 tuổi vào ngày tuyển dụng.", "Not 18 years old when recruited."),
            ("Kiểm tra ngày sinh và ngày tuyển dụng.", "Check both days."),
        );
    }
    let pairs = [
        (
            "party-official-on",
            person.party_admitted_on,
            person.party_official_on,
            "Ngày chính thức trước ngày vào Đảng.",
            "Full member before admission.",
        ),
        (
            "party-left-on",
            person.party_admitted_on,
            person.party_left_on,
            "Ngày ra khỏi Đảng trước ngày vào Đảng.",
            "Left the Party before admission.",
        ),
        (
            "discharged-on",
            person.enlisted_on,
            person.discharged_on,
            "Ngày xuất ngũ trước ngày nhập ngũ.",
            "Discharged before enlisted.",
        ),
        (
            "appointed-until",
            person.appointed_on,
            person.appointed_until,
            "Hết thời hạn bổ nhiệm trước ngày bổ nhiệm.",
            "The appointment ends before it begins.",
        ),
        (
            "left-on",
            person.recruited_on,
            person.left_on,
            "Ngày thôi công tác trước ngày tuyển dụng.",
            "Left before recruited.",
        ),
        (
            "party-admitted-on",
            Some(person.birth_date),
            person.party_admitted_on,
            "Ngày vào Đảng trước ngày sinh.",
            "Admitted before birth.",
        ),
    ];
    for (field, first, second, vi, en) in pairs {
        if first.zip(second).is_some_and(|(first, second)| second < first) {
            add(field, (vi, en), ("Kiểm tra lại hai ngày này.", "Check both days."));
        }
    }
    if person.grade.is_some()
        && (person.step.is_none() || person.coefficient.is_none() || person.step_since.is_none())
    {
        add(
            "grade",
            ("Có ngạch nhưng thiếu bậc, hệ số hoặc ngày hưởng.", "A grade without step, coefficient or day."),
            ("Ghi đủ bậc, hệ số và ngày hưởng.", "Give step, coefficient and day."),
        );
    }
    wrong
}

/// What is wrong with a training that attests a level: that counts from the last day, which has come.
pub(crate) fn training(request: &Request, training: &Training, today: Date) -> Option<Wrong> {
    let attests = Training { until: Some(training.until.unwrap_or(today)), ..training.clone() }.attested();
    let (message, remedy) = match (attests, training.until) {
        (Some(_), None) => (
            ("Có trình độ đạt được nhưng thiếu ngày kết thúc.", "A level without a last day."),
            ("Ghi ngày kết thúc ở cột “Đến”.", "Give the day on which it was finished."),
        ),
        (Some(_), Some(until)) if until > today => (
            ("Khoá đào tạo chưa kết thúc nên chưa đạt trình độ nào.", "Not finished yet."),
            ("Ghi trình độ khi đã có văn bằng, chứng chỉ.", "Write the level once it is finished."),
        ),
        _ => return None,
    };
    let say = |(vi, en): (&str, &str)| request.say(vi, en).to_owned();
    Some(Wrong { field: "until", message: say(message), remedy: say(remedy) })
}

/// What a field of the record says, and what rows that begin to tell of it come to.
pub(crate) fn disagreement(
    request: &Request,
    field: &'static str,
    record: &Summary,
    rows: &Summary,
) -> Wrong {
    let known = fields::all(request, &Grades::default()).into_iter().find(|known| known.name == field);
    let words = |summary: &Summary| {
        let value = summary.value(field);
        match known.as_ref().map_or(value.clone(), |known| show::shown(request, known, value)) {
            Value::Text(text) => text,
            value => match Decimal::from_value(value) {
                Ok(number) => number.normalize().to_string().replace('.', request.say(",", ".")),
                Err(_) => request.say("chưa có", "nothing").to_owned(),
            },
        }
    };
    let label = known.as_ref().map_or(field, |known| known.label.as_str());
    let message = format!(
        "{label}: {} {}, {} {}.",
        request.say("hồ sơ đang ghi", "the record says"),
        words(record),
        request.say("còn các dòng này cho đến nay là", "these rows come to"),
        words(rows),
    );
    let remedy = request.say(
        "Ghi đủ các dòng cho đến hiện nay, hoặc sửa mục ấy của hồ sơ trước.",
        "Give all rows until today, or mend the record first.",
    );
    Wrong { field, message, remedy: remedy.to_owned() }
}

/// What is wrong with the rate of an allowance of a kind.
pub(crate) fn rate(request: &Request, kind: &str, rate: Decimal) -> Option<String> {
    let most = allowances::of_key(kind).map_or(Decimal::ZERO, |kind| kind.measure.most());
    let wrong = rate <= Decimal::ZERO || most < rate;
    wrong.then(|| {
        let say = request.say("Mức hưởng phải lớn hơn 0 và không quá", "The rate is above 0 and at most");
        format!("{say} {most}.")
    })
}

/// The same as problems of a form.
pub(crate) fn form(request: &Request, record: &Person, today: Date, problems: &mut Problems) {
    for wrong in person(request, record, today) {
        problems.field(wrong.field, format!("{} {}", wrong.message, wrong.remedy));
    }
}

/// What a complete record has, and this one lacks: names of the fields.
pub(crate) fn missing(person: &Person) -> Vec<&'static str> {
    let lacks = [
        ("citizen-id", person.citizen_id.is_none()),
        ("social-insurance", person.social_insurance.is_none()),
        ("home-town", person.home_town.is_none()),
        ("ethnic-group", person.ethnic_group.is_none()),
        ("permanent-address", person.permanent_address.is_none()),
        ("recruited-on", person.recruited_on.is_none()),
        ("grade", person.grade.is_none()),
        ("education-level", person.education_level.is_none()),
        ("general-education", person.general_education.is_none()),
    ];
    lacks.into_iter().filter(|(_, lacks)| *lacks).map(|(field, _)| field).collect()
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::model::status;
    use crate::sheet::values;
    use dinh_sdk::jiff::civil::date;

    /// An officer with nothing but what has to be there.
    pub(crate) fn someone() -> Person {
        let values = Person::FIELDS.iter().map(|field| match *field {
            "birth-date" => date(1985, 3, 8).into_value(),
            "unit" => Value::Unit(3),
            "code" => Value::Text("CB001".into()),
            "full-name" => Value::Text("Nguyễn Thị Lan".into()),
            "sex" => Value::Text(crate::codes::FEMALE.into()),
            "status" => Value::Text(status::WORKING.into()),
            "sort-name" => Value::Text("Lan Nguyễn Thị".into()),
            _ => Value::Empty,
        });
        values::from(values.collect()).unwrap()
    }

    fn wrong(person: &Person) -> Vec<&'static str> {
        let request = Request::test("/", Language::Vi);
        super::person(&request, person, date(2026, 3, 2)).into_iter().map(|wrong| wrong.field).collect()
    }

    #[test]
    fn a_plain_record_is_right() {
        assert!(wrong(&someone()).is_empty());
    }

    #[test]
    fn every_day_out_of_order_is_named_at_its_field() {
        let day = |year| Some(date(year, 1, 1));
        for (person, field) in [
            (
                Person { party_admitted_on: day(2010), party_official_on: day(2009), ..someone() },
                "party-official-on",
            ),
            (Person { party_admitted_on: day(2010), party_left_on: day(2009), ..someone() }, "party-left-on"),
            (Person { enlisted_on: day(2006), discharged_on: day(2005), ..someone() }, "discharged-on"),
            (Person { appointed_on: day(2020), appointed_until: day(2019), ..someone() }, "appointed-until"),
            (Person { recruited_on: day(2008), left_on: day(2007), ..someone() }, "left-on"),
            (Person { recruited_on: day(2002), ..someone() }, "recruited-on"),
            (Person { birth_date: date(2030, 1, 1), ..someone() }, "birth-date"),
            (Person { grade: Some("01.003".into()), ..someone() }, "grade"),
            (Person { full_name: "Lan".into(), ..someone() }, "full-name"),
        ] {
            assert_eq!(wrong(&person), [field]);
        }
    }

    #[test]
    fn numbers_have_their_digits_and_nothing_else() {
        for number in
            ["03808500123", "0380850012345", "038085 01234", "o38085001234", "０３８０８５００１２３４"]
        {
            let person = Person { citizen_id: Some(number.into()), ..someone() };
            assert_eq!(wrong(&person), ["citizen-id"], "{number}");
        }
        let right = Person {
            citizen_id: Some("038085001234".into()),
            social_insurance: Some("0123456789".into()),
            ..someone()
        };
        assert!(wrong(&right).is_empty());
        assert_eq!(
            wrong(&Person { social_insurance: Some("123".into()), ..someone() }),
            ["social-insurance"]
        );
    }

    #[test]
    fn what_a_record_lacks_is_listed() {
        assert_eq!(missing(&someone()).len(), 9);
        let person = Person { citizen_id: Some("038085001234".into()), ..someone() };
        assert!(!missing(&person).contains(&"citizen-id"));
    }
}
