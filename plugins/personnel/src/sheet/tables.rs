//! The columns of the histories of a sheet.

use dinh_sdk::prelude::*;

use super::check::{self, Wrong};
use super::fields::code;
use super::words;
use crate::codes;
use crate::model::common::Grades;
use crate::model::{Allowance, Career, Discipline, History, Relative, Reward, SalaryStep, Training};
use crate::told::Told;

/// How a history is named and what its rows say, in the order of the record's fields after the fixed ones.
pub(crate) trait Described: History {
    /// Its name in forms, imports and addresses.
    const ID: &'static str;

    /// Whether the record holds a summary of such rows ([`crate::told`]).
    const SUMMARISED: bool = false;

    /// Adds what the row tells.
    fn tell(&self, _: &mut Told) {}

    /// What is wrong with the row on a day, besides days out of order.
    fn wrong(&self, _: &Request, _: Date) -> Option<Wrong> {
        None
    }

    /// Its title.
    fn title(request: &Request) -> &str;

    /// What a row says.
    fn fields(request: &Request, grades: &Grades) -> Vec<Field>;
}

fn pick(request: &Request, field: Field, list: &[words::Word]) -> Field {
    let choices = words::choices(list, request.language());
    field.kind(FieldKind::Choice(Choices { choices, style: ChoiceStyle::Select }))
}

impl Described for Training {
    const ID: &'static str = "trainings";
    const SUMMARISED: bool = true;

    fn tell(&self, told: &mut Told) {
        told.attested.extend(self.attested());
    }

    fn wrong(&self, request: &Request, today: Date) -> Option<Wrong> {
        check::training(request, self, today)
    }

    fn title(request: &Request) -> &str {
        request.say("Đào tạo, bồi dưỡng", "Training")
    }

    fn fields(request: &Request, _: &Grades) -> Vec<Field> {
        let say = |vi, en| request.say(vi, en);
        vec![
            Field::of(Self::SCHOOL, say("Tên trường, cơ sở", "School")),
            Field::of(Self::SPECIALTY, say("Chuyên ngành, nội dung", "Specialty")),
            Field::of(Self::FROM, say("Từ", "From")),
            Field::of(Self::UNTIL, say("Đến", "Until")),
            Field::of(Self::MODE, say("Hình thức", "Mode")).at_most(40),
            Field::of(Self::DEGREE, say("Văn bằng, chứng chỉ", "Degree")).at_most(80),
            code(
                Field::of(Self::EDUCATION_LEVEL, say("Đạt trình độ chuyên môn", "Education reached")),
                codes::EDUCATION_LEVELS,
            ),
            code(
                Field::of(Self::POLITICAL_THEORY, say("Đạt lý luận chính trị", "Political theory reached")),
                codes::THEORY_LEVELS,
            ),
            Field::of(Self::STATE_MANAGEMENT, say("Đạt quản lý nhà nước", "State management reached")),
            Field::of(Self::FOREIGN_LANGUAGE, say("Đạt ngoại ngữ", "Foreign language reached")),
            Field::of(Self::COMPUTING, say("Đạt tin học", "Computing reached")),
        ]
    }
}

impl Described for Career {
    const ID: &'static str = "careers";

    fn title(request: &Request) -> &str {
        request.say("Quá trình công tác", "Career")
    }

    fn fields(request: &Request, _: &Grades) -> Vec<Field> {
        let say = |vi, en| request.say(vi, en);
        vec![
            Field::of(Self::FROM, say("Từ", "From")),
            Field::of(Self::UNTIL, say("Đến", "Until")),
            Field::of(Self::AGENCY, say("Cơ quan, đơn vị", "Agency")),
            Field::of(Self::POSITION, say("Chức vụ, chức danh", "Position")),
            Field::of(Self::SERVED_UNIT, say("Đơn vị trong hệ thống", "Unit of the system")),
            Field::of(Self::BASIS, say("Căn cứ", "Basis")).at_most(120),
        ]
    }
}

impl Described for Relative {
    const ID: &'static str = "relatives";

    fn title(request: &Request) -> &str {
        request.say("Quan hệ gia đình", "Family")
    }

    fn fields(request: &Request, _: &Grades) -> Vec<Field> {
        let say = |vi, en| request.say(vi, en);
        vec![
            pick(request, Field::of(Self::SIDE, say("Bên", "Side")), words::SIDES),
            Field::of(Self::RELATION, say("Quan hệ", "Relation")).at_most(40),
            Field::of(Self::NAME, say("Họ và tên", "Name")).at_most(80),
            Field::of(Self::BIRTH_YEAR, say("Năm sinh", "Born in")).between(1850, 2100),
            Field::of(Self::DETAILS, say("Quê quán, nghề nghiệp, nơi ở", "Home town, work, residence")),
        ]
    }
}

impl Described for SalaryStep {
    const ID: &'static str = "salary-steps";

    fn title(request: &Request) -> &str {
        request.say("Diễn biến quá trình lương", "Salary history")
    }

    fn fields(request: &Request, grades: &Grades) -> Vec<Field> {
        let say = |vi, en| request.say(vi, en);
        let grade = Choices { choices: grades.choices(), style: ChoiceStyle::Select };
        vec![
            Field::of(Self::FROM, say("Từ ngày", "From")),
            Field::of(Self::GRADE, say("Ngạch", "Grade")).kind(FieldKind::Choice(grade)),
            Field::of(Self::STEP, say("Bậc", "Step")).between(1, 20),
            Field::decimal(Self::COEFFICIENT.name(), say("Hệ số", "Coefficient"), 2)
                .between(0, 20)
                .required(),
            Field::of(Self::OVER_FRAME, say("Vượt khung", "Beyond the frame")).between(0, 100).unit("%"),
            Field::of(Self::BASIS, say("Căn cứ", "Basis")).at_most(120),
        ]
    }
}

impl Described for Allowance {
    const ID: &'static str = "allowances";
    const SUMMARISED: bool = true;

    fn tell(&self, told: &mut Told) {
        told.held.push(self.held());
    }

    fn wrong(&self, request: &Request, _: Date) -> Option<Wrong> {
        let message = check::rate(request, &self.kind, self.rate)?;
        let remedy = request.say(
            "Ghi hệ số, hoặc phần trăm nếu loại phụ cấp tính theo %.",
            "Write a coefficient, or per cent where the kind is of per cent.",
        );
        Some(Wrong { field: "rate", message, remedy: remedy.to_owned() })
    }

    fn title(request: &Request) -> &str {
        request.say("Phụ cấp", "Allowances")
    }

    fn fields(request: &Request, _: &Grades) -> Vec<Field> {
        let say = |vi, en| request.say(vi, en);
        vec![
            pick(request, Field::of(Self::KIND, say("Loại phụ cấp", "Kind")), words::ALLOWANCES),
            Field::decimal(Self::RATE.name(), say("Mức hưởng", "Rate"), 2).between(0, 100).required(),
            Field::of(Self::FROM, say("Từ ngày", "From")),
            Field::of(Self::UNTIL, say("Đến ngày", "Until")),
            Field::of(Self::BASIS, say("Căn cứ", "Basis")).at_most(120),
        ]
    }
}

impl Described for Reward {
    const ID: &'static str = "rewards";

    fn title(request: &Request) -> &str {
        request.say("Khen thưởng", "Rewards")
    }

    fn fields(request: &Request, _: &Grades) -> Vec<Field> {
        let say = |vi, en| request.say(vi, en);
        vec![
            Field::of(Self::DECIDED_ON, say("Ngày", "Date")),
            Field::of(Self::FORM, say("Hình thức", "Form")).at_most(120),
            Field::of(Self::AUTHORITY, say("Cấp quyết định", "Authority")).at_most(120),
            Field::of(Self::CONTENT, say("Nội dung", "Content")),
            Field::of(Self::BASIS, say("Căn cứ", "Basis")).at_most(120),
        ]
    }
}

impl Described for Discipline {
    const ID: &'static str = "disciplines";

    fn title(request: &Request) -> &str {
        request.say("Kỷ luật", "Discipline")
    }

    fn fields(request: &Request, _: &Grades) -> Vec<Field> {
        let say = |vi, en| request.say(vi, en);
        vec![
            Field::of(Self::DECIDED_ON, say("Ngày", "Date")),
            pick(request, Field::of(Self::FORM, say("Hình thức", "Form")), words::DISCIPLINE),
            Field::of(Self::AUTHORITY, say("Cấp quyết định", "Authority")).at_most(120),
            Field::of(Self::CONTENT, say("Nội dung", "Content")),
            Field::of(Self::UNTIL, say("Hết hiệu lực", "End of effect")),
            Field::of(Self::DELAY_MONTHS, say("Kéo dài nâng lương", "Raise put off"))
                .between(0, 36)
                .unit(say("tháng", "months")),
            Field::of(Self::BASIS, say("Căn cứ", "Basis")).at_most(120),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn described<R: Described>() {
        let request = Request::test("/", Language::Vi);
        let names: Vec<String> =
            R::fields(&request, &Grades::default()).into_iter().map(|field| field.name).collect();
        assert_eq!(names, R::FIELDS[R::FIXED..], "{}", R::ID);
        assert_eq!(R::ID, R::COLLECTION);
        assert!(R::FIELDS.contains(&R::SORTED_BY), "{}", R::ID);
    }

    #[test]
    fn a_history_is_described_in_the_order_of_its_fields() {
        described::<Training>();
        described::<Career>();
        described::<Relative>();
        described::<SalaryStep>();
        described::<Allowance>();
        described::<Reward>();
        described::<Discipline>();
    }
}
