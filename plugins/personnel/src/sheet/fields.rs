//! The fields of an officer, in the groups and the order of the record sheet (2C-BNV/2008, 2C/TCTW-98).

use dinh_sdk::prelude::*;
use dinh_sdk::view::CodePicker;

use super::words;
use crate::codes;
use crate::model::Person;
use crate::model::common::Grades;

/// Who writes a group of fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Written {
    /// The clerk, from papers.
    ByClerk,
    /// A signed decision; the clerk only when an old record is taken over.
    ByDecision,
}

/// A group of fields.
#[derive(Clone, Debug)]
pub(crate) struct Group {
    pub(crate) id: &'static str,
    pub(crate) title: String,
    pub(crate) written: Written,
    pub(crate) fields: Vec<Field>,
}

/// The groups of a sheet.
pub(crate) fn groups(request: &Request, grades: &Grades) -> Vec<Group> {
    let group =
        |id, vi, en, written, fields| Group { id, title: request.say(vi, en).to_owned(), written, fields };
    use Written::{ByClerk, ByDecision};
    vec![
        group("identity", "Sơ yếu lý lịch", "Identity", ByClerk, identity(request)),
        group("service", "Công tác và lương", "Service and salary", ByDecision, service(request, grades)),
        group("education", "Trình độ", "Education", ByClerk, education(request)),
        group("party", "Đảng, đoàn thể", "Party and Youth Union", ByClerk, party(request)),
        group("army", "Quân đội", "Military service", ByClerk, army(request)),
        group("more", "Khen thưởng, sức khoẻ, chính sách", "Honours, health, policy", ByClerk, more(request)),
    ]
}

/// All fields of a sheet.
pub(crate) fn all(request: &Request, grades: &Grades) -> Vec<Field> {
    groups(request, grades).into_iter().flat_map(|group| group.fields).collect()
}

/// Only those that the clerk writes.
pub(crate) fn by_clerk(request: &Request) -> Vec<Field> {
    let groups = groups(request, &Grades::default()).into_iter();
    groups.filter(|group| group.written == Written::ByClerk).flat_map(|group| group.fields).collect()
}

/// A field for a word of a closed list.
fn pick(request: &Request, field: Field, list: &[words::Word]) -> Field {
    let choices = words::choices(list, request.language());
    // Two words stand side by side; longer lists would push the form apart.
    let style = if choices.len() > 2 { ChoiceStyle::Select } else { ChoiceStyle::Automatic };
    field.kind(FieldKind::Choice(Choices { choices, style }))
}

/// A field for a code of a shared catalog.
pub(crate) fn code(field: Field, catalog: &str) -> Field {
    field.kind(FieldKind::Code(CodePicker { catalog: catalog.to_owned(), as_of: None }))
}

fn identity(request: &Request) -> Vec<Field> {
    let say = |vi, en| request.say(vi, en);
    vec![
        Field::of(Person::CODE, say("Số hiệu cán bộ", "Officer number")).at_most(20).width(4),
        Field::of(Person::FULL_NAME, say("Họ và tên khai sinh", "Full name")).at_most(80).width(4),
        Field::of(Person::OTHER_NAME, say("Tên gọi khác", "Other name")).at_most(80).width(4),
        Field::of(Person::BIRTH_DATE, say("Ngày sinh", "Date of birth")).width(4),
        code(Field::of(Person::SEX, say("Giới tính", "Sex")), codes::SEXES).width(4),
        Field::of(Person::BIRTH_PLACE, say("Nơi sinh", "Place of birth")).width(4),
        Field::of(Person::HOME_TOWN, say("Quê quán", "Home town")).width(4),
        code(Field::of(Person::ETHNIC_GROUP, say("Dân tộc", "Ethnic group")), codes::ETHNIC_GROUPS).width(4),
        Field::of(Person::RELIGION, say("Tôn giáo", "Religion")).at_most(40).width(4),
        Field::of(Person::PERMANENT_ADDRESS, say("Nơi đăng ký hộ khẩu thường trú", "Permanent residence"))
            .width(6),
        Field::of(Person::RESIDENCE, say("Nơi ở hiện nay", "Present residence")).width(6),
        Field::of(Person::CITIZEN_ID, say("Số căn cước công dân", "Citizen identity number"))
            .at_most(12)
            .help(say("12 chữ số.", "12 digits."))
            .width(4),
        Field::of(Person::SOCIAL_INSURANCE, say("Số sổ BHXH", "Social insurance number"))
            .at_most(10)
            .help(say("10 chữ số.", "10 digits."))
            .width(4),
    ]
}

fn service(request: &Request, grades: &Grades) -> Vec<Field> {
    let say = |vi, en| request.say(vi, en);
    let grade = Choices { choices: grades.choices(), style: ChoiceStyle::Select };
    vec![
        pick(request, Field::of(Person::STATUS, say("Tình trạng", "Status")), words::STATUSES).width(4),
        Field::of(Person::UNIT, say("Đơn vị", "Unit")).width(8),
        pick(request, Field::of(Person::CATEGORY, say("Đối tượng", "Category")), words::CATEGORIES).width(4),
        Field::of(Person::RECRUITED_ON, say("Ngày tuyển dụng", "Recruited on")).width(4),
        Field::of(Person::RECRUITED_BY, say("Cơ quan tuyển dụng", "Recruiting agency")).width(4),
        Field::of(Person::POSITION, say("Chức vụ, chức danh", "Position")).width(4),
        Field::of(Person::APPOINTED_ON, say("Ngày bổ nhiệm", "Appointed on")).width(4),
        Field::of(Person::APPOINTED_UNTIL, say("Hết thời hạn bổ nhiệm", "Appointed until")).width(4),
        Field::of(Person::MAIN_WORK, say("Công việc chính được giao", "Main work")).width(4),
        Field::of(Person::GRADE, say("Ngạch", "Grade")).kind(FieldKind::Choice(grade)).width(8),
        Field::of(Person::STEP, say("Bậc lương", "Step")).between(1, 20).width(3),
        Field::decimal(Person::COEFFICIENT.name(), say("Hệ số lương", "Coefficient"), 2)
            .between(0, 20)
            .width(3),
        Field::of(Person::OVER_FRAME, say("Vượt khung", "Beyond the frame"))
            .between(0, 100)
            .unit("%")
            .width(3),
        Field::of(Person::STEP_SINCE, say("Ngày hưởng", "Since")).width(3),
        Field::decimal(Person::POSITION_ALLOWANCE.name(), say("Phụ cấp chức vụ", "Position allowance"), 2)
            .between(0, 5)
            .width(3),
        Field::decimal(Person::OTHER_ALLOWANCE.name(), say("Phụ cấp khác (hệ số)", "Other allowances"), 2)
            .between(0, 5)
            .width(3),
        Field::of(Person::LEFT_ON, say("Ngày thôi công tác", "Left on")).width(3),
        Field::of(Person::LEFT_REASON, say("Lý do thôi công tác", "Reason of leaving")).width(3),
    ]
}

fn education(request: &Request) -> Vec<Field> {
    let say = |vi, en| request.say(vi, en);
    let level = Field::of(Person::EDUCATION_LEVEL, say("Trình độ chuyên môn cao nhất", "Highest education"));
    let theory = Field::of(Person::POLITICAL_THEORY, say("Lý luận chính trị", "Political theory"));
    vec![
        Field::of(Person::GENERAL_EDUCATION, say("Giáo dục phổ thông", "General education"))
            .help(say("Đã tốt nghiệp lớp mấy, hệ nào: 12/12", "Such as 12/12"))
            .at_most(40)
            .width(4),
        code(level, codes::EDUCATION_LEVELS).width(4),
        Field::of(Person::SPECIALTY, say("Chuyên ngành", "Specialty")).width(4),
        code(theory, codes::THEORY_LEVELS).width(4),
        Field::of(Person::STATE_MANAGEMENT, say("Quản lý nhà nước", "State management")).width(4),
        Field::of(Person::FOREIGN_LANGUAGE, say("Ngoại ngữ", "Foreign language")).width(4),
        Field::of(Person::COMPUTING, say("Tin học", "Computing")).width(4),
    ]
}

fn party(request: &Request) -> Vec<Field> {
    let say = |vi, en| request.say(vi, en);
    vec![
        Field::of(Person::PARTY_ADMITTED_ON, say("Ngày vào Đảng", "Admitted to the Party on")).width(4),
        Field::of(Person::PARTY_OFFICIAL_ON, say("Ngày chính thức", "Full member since")).width(4),
        Field::of(Person::PARTY_LEFT_ON, say("Ngày ra khỏi Đảng", "Left the Party on")).width(4),
        Field::of(Person::PARTY_POST, say("Chức vụ Đảng", "Party post")).width(4),
        Field::of(Person::YOUTH_UNION_ON, say("Ngày vào Đoàn", "Joined the Youth Union on")).width(4),
    ]
}

fn army(request: &Request) -> Vec<Field> {
    let say = |vi, en| request.say(vi, en);
    vec![
        Field::of(Person::ENLISTED_ON, say("Ngày nhập ngũ", "Enlisted on")).width(4),
        Field::of(Person::DISCHARGED_ON, say("Ngày xuất ngũ", "Discharged on")).width(4),
        Field::of(Person::MILITARY_RANK, say("Quân hàm cao nhất", "Highest rank")).width(4),
    ]
}

fn more(request: &Request) -> Vec<Field> {
    let say = |vi, en| request.say(vi, en);
    let blood = Field::of(Person::BLOOD_GROUP, say("Nhóm máu", "Blood group"));
    vec![
        Field::of(Person::HONOURS, say("Danh hiệu được phong tặng cao nhất", "Highest honour")).width(6),
        Field::of(Person::FORTE, say("Sở trường công tác", "Forte")).width(6),
        Field::of(Person::HEALTH, say("Tình trạng sức khoẻ", "Health")).width(3),
        Field::of(Person::HEIGHT, say("Chiều cao", "Height")).between(100, 230).unit("cm").width(3),
        Field::of(Person::WEIGHT, say("Cân nặng", "Weight")).between(30, 200).unit("kg").width(3),
        pick(request, blood, words::BLOOD).width(3),
        Field::of(Person::INVALID_CLASS, say("Là thương binh hạng", "War invalid of class"))
            .at_most(40)
            .width(6),
        Field::of(Person::POLICY_FAMILY, say("Là con gia đình chính sách", "Of a family under policy"))
            .width(6),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_of_a_record_is_on_the_sheet_or_kept_by_the_plugin() {
        let request = Request::test("/", Language::Vi);
        let shown: Vec<String> =
            all(&request, &Grades::default()).into_iter().map(|field| field.name).collect();
        let kept = ["account", "insured-coefficient", "sort-name", "search"];
        for field in Person::FIELDS {
            let times = shown.iter().filter(|name| name == field).count();
            assert_eq!(times, usize::from(!kept.contains(field)), "{field}");
        }
        assert_eq!(shown.len() + kept.len(), Person::FIELDS.len());
    }

    #[test]
    fn the_clerk_does_not_write_what_decisions_write() {
        let request = Request::test("/", Language::Vi);
        let names: Vec<String> = by_clerk(&request).into_iter().map(|field| field.name).collect();
        for field in ["status", "unit", "position", "grade", "step", "coefficient", "step-since", "left-on"] {
            assert!(!names.iter().any(|name| name == field), "{field}");
        }
        assert!(names.iter().any(|name| name == "full-name"));
    }
}
