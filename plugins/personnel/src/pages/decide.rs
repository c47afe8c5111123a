//! The form of a decision, new or as a draft.

use dinh_sdk::prelude::*;
use dinh_sdk::{access, time};

use super::{actor, decision_of, not_own, party_discipline, sheet_of, target};
use crate::codes;
use crate::deeds::{fits, propose};
use crate::model::common::{Grades, parameters};
use crate::model::decision::{Kind, state};
use crate::model::{Decision, Discipline, History, Person};
use crate::permission;
use crate::rules::raise::Measures;
use crate::sheet::fields::code;
use crate::sheet::values::{self, Any};
use crate::sheet::words;
use crate::told::Told;

fn kind(request: &Request) -> Result<Kind> {
    let key: String = request.parameter("kind")?;
    Kind::of_key(&key).or_not_found(format!("{} “{key}”", request.say("loại quyết định", "kind of decision")))
}

/// A draft with what the rules propose. Discipline by the Party is read for the page alone: what it proposes comes back as
/// what the person submits.
fn draft(
    request: &Request,
    kind: Kind,
    person: &Stored<Person>,
    grades: &Grades,
    party: Vec<(Date, i64)>,
) -> Result<Decision> {
    let by = actor(request)?;
    let mut decision = Decision::draft(kind, person, time::today(), by, time::now());
    let official = Discipline::of(person.id)?.into_iter();
    let official = official.map(|row| (row.decided_on, row.delay_months.unwrap_or_default())).collect();
    let (told, parameters) = (Told::of(person.id)?, parameters()?);
    let measures = Measures { official, party };
    propose::fill(&mut decision, kind, person, &told, (grades, &parameters), &measures);
    Ok(decision)
}

/// Draws the form of a new decision.
pub(crate) fn draw(request: &Request) -> Result<Page> {
    let kind = kind(request)?;
    let person = Person::get(request.parameter("id")?)?;
    let grades = Grades::load()?;
    let party = match kind {
        Kind::Raise => party_discipline::delays(person.id, &parameters()?)?,
        _ => Vec::new(),
    };
    let decision = draft(request, kind, &person, &grades, party)?;
    let form = form(request, "draft", kind, &decision, &grades).cancel(sheet_of(person.id));
    let name = kind.name(request.language());
    Ok(Page::new(format!("{}: {name}", request.say("Quyết định", "Decision")))
        .subtitle(format!("{} · {}", person.full_name, super::person::subtitle(request, &person)))
        .breadcrumb(request.say("Danh sách cán bộ", "Officers"), "/")
        .breadcrumb(person.full_name.clone(), sheet_of(person.id))
        .block(form))
}

/// The form of a decision with what it says.
pub(crate) fn form(request: &Request, id: &str, kind: Kind, decision: &Decision, grades: &Grades) -> Form {
    let say = |vi, en| request.say(vi, en);
    let fields = fields(request, kind, grades).into_iter().map(|field| {
        let value = Any(decision.value(&field.name));
        field.value(value)
    });
    let form = Form::new(id, say("Lưu và trình ký", "Save and submit"));
    fields.fold(form, Form::field).button("keep", say("Lưu dự thảo", "Keep as a draft"))
}

/// What a decision of a kind says.
pub(crate) fn fields(request: &Request, kind: Kind, grades: &Grades) -> Vec<Field> {
    let say = |vi, en| request.say(vi, en);
    let effective = Field::of(
        Decision::EFFECTIVE_ON,
        match kind {
            Kind::Raise | Kind::Promote => say("Hưởng từ ngày", "From"),
            Kind::Allowance => say("Hưởng từ ngày", "From"),
            Kind::EndAllowance => say("Thôi hưởng từ ngày", "Without it from"),
            Kind::Training => say("Ngày hoàn thành", "Finished on"),
            Kind::Retire => say("Nghỉ hưu từ ngày", "Retired from"),
            Kind::Reward => say("Ngày khen thưởng", "Day of the reward"),
            _ => say("Hiệu lực từ ngày", "In effect from"),
        },
    );
    let grade = Choices { choices: grades.choices(), style: ChoiceStyle::Select };
    let grade = || {
        let kind = FieldKind::Choice(grade.clone());
        Field::of(Decision::GRADE, say("Ngạch", "Grade")).kind(kind).required().width(6)
    };
    let step = || Field::of(Decision::STEP, say("Bậc", "Step")).between(1, 20).required().width(3);
    let position =
        || Field::of(Decision::POSITION, say("Chức vụ, chức danh", "Position")).at_most(120).width(6);
    let unit = || Field::of(Decision::TO_UNIT, say("Đơn vị", "Unit")).width(6);
    let mut fields = vec![effective.width(4)];
    match kind {
        Kind::Recruit => fields.extend([unit().required(), position().required(), grade(), step()]),
        Kind::Appoint => fields.extend([
            position().required(),
            unit().help(say("Để trống nếu không đổi đơn vị.", "Empty to stay in the unit.")),
            Field::of(Decision::TERM_UNTIL, say("Thời hạn đến", "Term until"))
                .help(say("Để trống: theo thời hạn bổ nhiệm chung.", "Empty: the usual term."))
                .width(4),
            Field::decimal(Decision::ALLOWANCE.name(), say("Hệ số phụ cấp chức vụ", "Allowance"), 2)
                .between(0, 5)
                .width(4),
        ]),
        Kind::Transfer => fields.extend([unit().required(), position()]),
        Kind::Promote => fields.extend([grade(), step()]),
        Kind::Raise => fields.extend([
            grade(),
            step(),
            Field::of(Decision::OVER_FRAME, say("Vượt khung", "Beyond the frame"))
                .between(0, 100)
                .unit("%")
                .width(3),
        ]),
        Kind::Allowance => fields.extend([
            allowance(request),
            Field::decimal(Decision::RATE.name(), say("Mức hưởng", "Rate"), 2)
                .between(0, 100)
                .help(say("Hệ số, hoặc % nếu loại phụ cấp tính theo %.", "A coefficient, or per cent."))
                .required()
                .width(4),
            Field::of(Decision::UNTIL, say("Hưởng đến ngày", "Until"))
                .help(say("Để trống nếu không có thời hạn.", "Empty without a term."))
                .width(4),
        ]),
        Kind::EndAllowance => fields.push(allowance(request)),
        Kind::Training => fields.extend(training(request)),
        Kind::Reward => fields.push(
            Field::of(Decision::FORM, say("Hình thức khen thưởng", "Form")).at_most(120).required().width(8),
        ),
        Kind::Discipline => {
            let choices = words::choices(words::DISCIPLINE, request.language());
            fields.extend([
                Field::choice(Decision::FORM.name(), say("Hình thức kỷ luật", "Form"), choices)
                    .required()
                    .width(8),
                Field::of(Decision::UNTIL, say("Hết hiệu lực", "End of effect")).width(4),
                Field::of(Decision::DELAY_MONTHS, say("Kéo dài thời hạn nâng lương", "Raise put off"))
                    .between(0, 36)
                    .unit(say("tháng", "months"))
                    .help(say("Để trống: theo tham số của hình thức.", "Empty: as the parameters say."))
                    .width(4),
            ]);
        }
        Kind::Retire => {}
    }
    if kind.pays() {
        fields.push(
            Field::decimal(
                Decision::OTHER_ALLOWANCE.name(),
                say("Hệ số phụ cấp khác", "Other allowances"),
                2,
            )
            .between(0, 5)
            .width(4),
        );
    }
    fields.push(
        Field::long_text(Decision::CONTENT.name(), say("Nội dung, lý do", "Content, reason")).at_most(2000),
    );
    fields.push(
        Field::of(Decision::DOCUMENT, say("Hồ sơ kèm theo (số, ký hiệu)", "Documents (numbers)"))
            .help(say("Tờ trình, biên bản họp, phiếu tín nhiệm …", "Proposals, minutes …")),
    );
    fields.push(Field::of(Decision::PROPOSAL, say("Hồ sơ kèm theo (tệp)", "Documents (file)")));
    fields
}

/// The kind of allowance that is granted or ended.
fn allowance(request: &Request) -> Field {
    let choices = words::choices(words::ALLOWANCES, request.language());
    Field::choice(Decision::ALLOWANCE_KIND.name(), request.say("Loại phụ cấp", "Kind"), choices)
        .required()
        .width(8)
}

/// A training that was finished, and what it attests.
fn training(request: &Request) -> Vec<Field> {
    let say = |vi, en| request.say(vi, en);
    let education = Field::of(Decision::EDUCATION_LEVEL, say("Đạt trình độ chuyên môn", "Education reached"));
    let theory =
        Field::of(Decision::POLITICAL_THEORY, say("Đạt lý luận chính trị", "Political theory reached"));
    vec![
        Field::of(Decision::TRAINING_FROM, say("Học từ ngày", "Training from")).required().width(4),
        Field::of(Decision::SCHOOL, say("Trường, cơ sở đào tạo", "School")).required().width(8),
        Field::of(Decision::SPECIALTY, say("Chuyên ngành", "Specialty")).width(4),
        Field::of(Decision::MODE, say("Hình thức đào tạo", "Mode")).at_most(40).width(4),
        Field::of(Decision::DEGREE, say("Văn bằng, chứng chỉ", "Degree")).at_most(80).width(4),
        code(education, codes::EDUCATION_LEVELS).width(4),
        code(theory, codes::THEORY_LEVELS).width(4),
        Field::of(Decision::STATE_MANAGEMENT, say("Đạt quản lý nhà nước", "State management reached"))
            .width(4),
        Field::of(Decision::FOREIGN_LANGUAGE, say("Đạt ngoại ngữ", "Foreign language reached")).width(4),
        Field::of(Decision::COMPUTING, say("Đạt tin học", "Computing reached")).width(4),
    ]
}

/// Saves a new decision: as a draft, or submitted for signature.
pub(crate) fn save(request: &Request, submission: &Submission) -> Result<Outcome> {
    let kind = kind(request)?;
    let person = Person::get(request.parameter("id")?)?;
    access::require(permission::DRAFT, target(person.unit, None))?;
    not_own(request, &person)?;
    let grades = Grades::load()?;
    let decision = draft(request, kind, &person, &grades, Vec::new())?;
    let decision = fill(request, submission, decision, kind, &person, &grades)?;
    let submitted = decision.state == state::SUBMITTED;
    let id = decision.insert()?;
    Ok(Outcome::done(decision_of(id)).saying(said(request, submitted)))
}

/// Saves a draft again.
pub(crate) fn change(request: &Request, submission: &Submission) -> Result<Outcome> {
    let mut decision = Decision::get(request.parameter("id")?)?;
    if !decision.is_open() {
        return Err(Error::form(
            request.say("Quyết định này không còn là dự thảo.", "This is no draft any more."),
        ));
    }
    let person = Person::get(decision.person)?;
    access::require(permission::DRAFT, target(person.unit, None))?;
    not_own(request, &person)?;
    let kind = decision.kind()?;
    let grades = Grades::load()?;
    // Whoever writes it last is whoever may not sign it.
    decision.drafted_by = actor(request)?;
    decision.record = fill(request, submission, decision.record.clone(), kind, &person, &grades)?;
    let submitted = decision.state == state::SUBMITTED;
    decision.save()?;
    Ok(Outcome::done(request.path()).saying(said(request, submitted)))
}

fn said(request: &Request, submitted: bool) -> &str {
    if submitted {
        request.say("Đã trình ký", "Submitted for signature")
    } else {
        request.say("Đã lưu dự thảo", "Draft saved")
    }
}

/// The decision with what was typed in, checked.
fn fill(
    request: &Request,
    submission: &Submission,
    decision: Decision,
    kind: Kind,
    person: &Stored<Person>,
    grades: &Grades,
) -> Result<Decision> {
    let known = fields(request, kind, grades);
    let mut decision = values::with(decision, |name| {
        let asked = known.iter().any(|field| field.name == name);
        if asked { submission.get::<Any>(name).map(|any| Some(any.0)) } else { Ok(None) }
    })?;
    propose::complete(&mut decision, kind, grades, &parameters()?);
    fits::check(request, &decision, kind, (person, &Told::of(person.id)?), grades, true)?;
    if submission.button() == "keep" {
        decision.state = state::DRAFT.to_owned();
    } else {
        decision.state = state::SUBMITTED.to_owned();
        decision.submitted_at = Some(time::now());
    }
    Ok(decision)
}
