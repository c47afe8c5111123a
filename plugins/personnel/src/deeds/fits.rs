//! Whether a decision makes sense for the officer as things are: when it is drafted, and again when it is signed
//! and when it takes effect, for things may have changed.

use dinh_sdk::prelude::*;

use crate::model::common::Grades;
use crate::model::decision::Kind;
use crate::model::{Decision, Person, status};

/// What is wrong with a decision, each with the field it concerns.
pub(crate) fn problems(
    request: &Request,
    decision: &Decision,
    kind: Kind,
    person: &Person,
    grades: &Grades,
) -> Vec<(&'static str, String)> {
    let mut problems = Vec::new();
    let mut add = |field, vi: &str, en: &str| problems.push((field, request.say(vi, en).to_owned()));
    let wanted = if kind == Kind::Recruit { status::CANDIDATE } else { status::WORKING };
    if person.status != wanted {
        add(
            "effective-on",
            "Tình trạng hiện nay của cán bộ không cho phép quyết định này.",
            "The officer's present status does not allow this decision.",
        );
    }
    if person.recruited_on.is_some_and(|day| decision.effective_on < day) {
        add("effective-on", "Ngày hiệu lực trước ngày tuyển dụng.", "In effect before recruitment.");
    }
    let graded = matches!(kind, Kind::Recruit | Kind::Promote | Kind::Raise);
    if graded {
        match decision.grade.as_deref().map(|code| (code, grades.get(code))) {
            None => add("grade", "Chưa chọn ngạch.", "Choose a grade."),
            Some((_, None)) => add(
                "grade",
                "Chưa có thang lương của ngạch này; bổ sung tại trang Tham số.",
                "No pay scale of this grade; add it on the page Parameters.",
            ),
            Some((_, Some(grade))) => {
                if decision.step.and_then(|step| grade.scale().coefficient(step)).is_none() {
                    add("step", "Ngạch không có bậc này.", "The grade has no such step.");
                }
                let last = decision.step == Some(grade.steps);
                if decision.over_frame.is_some_and(|share| share > 0) && !last {
                    add(
                        "over-frame",
                        "Chỉ hưởng vượt khung ở bậc cuối cùng của ngạch.",
                        "Only at the last step of the grade.",
                    );
                }
            }
        }
    }
    match kind {
        Kind::Raise => {
            let place = |step: Option<i64>, share: Option<i64>| (step.unwrap_or(0), share.unwrap_or(0));
            if decision.grade != person.grade {
                add("grade", "Nâng bậc lương không đổi ngạch.", "A raise keeps the grade.");
            } else if place(decision.step, decision.over_frame) <= place(person.step, person.over_frame) {
                add(
                    "step",
                    "Bậc hoặc mức vượt khung không cao hơn hiện nay.",
                    "Neither step nor share is higher than now.",
                );
            }
            if person.step_since.is_some_and(|since| decision.effective_on <= since) {
                add(
                    "effective-on",
                    "Ngày hưởng không sau ngày hưởng bậc hiện nay.",
                    "Not after the present step began.",
                );
            }
        }
        Kind::Promote if decision.grade == person.grade => {
            add("grade", "Ngạch mới trùng ngạch hiện nay.", "The grade is the present one.");
        }
        Kind::Appoint => {
            if decision.position.is_none() {
                add("position", "Chưa ghi chức vụ bổ nhiệm.", "Name the position.");
            }
            if decision.term_until.is_some_and(|until| until < decision.effective_on) {
                add("term-until", "Thời hạn hết trước ngày hiệu lực.", "The term ends before it begins.");
            }
        }
        Kind::Transfer => match decision.to_unit {
            None => add("to-unit", "Chưa chọn đơn vị đến.", "Choose the unit."),
            Some(unit) if unit == person.unit => {
                add("to-unit", "Cán bộ đang ở đơn vị này.", "The officer is in this unit.");
            }
            Some(_) => {}
        },
        Kind::Reward | Kind::Discipline => {
            if decision.form.is_none() {
                add("form", "Chưa ghi hình thức.", "Name the form.");
            }
            if decision.until.is_some_and(|until| until < decision.effective_on) {
                add("until", "Hết hiệu lực trước ngày hiệu lực.", "The effect ends before it begins.");
            }
        }
        Kind::Promote | Kind::Recruit | Kind::Retire => {}
    }
    problems
}

/// Goes on only if nothing is wrong.
pub(crate) fn check(
    request: &Request,
    decision: &Decision,
    kind: Kind,
    person: &Person,
    grades: &Grades,
    at_fields: bool,
) -> Result<()> {
    let mut problems = Problems::default();
    for (field, message) in self::problems(request, decision, kind, person, grades) {
        if at_fields {
            problems.field(field, message);
        } else {
            problems.form(message);
        }
    }
    problems.check()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deeds::tests::{draft, grades, officer};
    use dinh_sdk::jiff::civil::date;

    fn fields(decision: &Decision, kind: Kind, person: &Person) -> Vec<&'static str> {
        let request = Request::test("/", Language::Vi);
        problems(&request, decision, kind, person, &grades()).into_iter().map(|(field, _)| field).collect()
    }

    fn raise(step: i64, over_frame: Option<i64>) -> Decision {
        let grade = Some("01.003".to_owned());
        Decision { grade, step: Some(step), over_frame, ..draft(Kind::Raise, date(2026, 4, 1)) }
    }

    #[test]
    fn a_raise_goes_a_step_up_in_the_grade_after_the_present_one_began() {
        let person = officer();
        assert!(fields(&raise(7, None), Kind::Raise, &person).is_empty());
        assert_eq!(fields(&raise(6, None), Kind::Raise, &person), ["step"]);
        assert_eq!(fields(&raise(10, None), Kind::Raise, &person), ["step"]);
        assert_eq!(fields(&raise(7, Some(5)), Kind::Raise, &person), ["over-frame"]);
        let early = Decision { effective_on: date(2023, 4, 1), ..raise(7, None) };
        assert_eq!(fields(&early, Kind::Raise, &person), ["effective-on"]);
        let other = Decision { grade: Some("01.002".into()), ..raise(7, None) };
        assert_eq!(fields(&other, Kind::Raise, &person), ["grade"]);
        let unknown = Decision { grade: Some("99.999".into()), ..raise(7, None) };
        assert!(fields(&unknown, Kind::Raise, &person).contains(&"grade"));
    }

    #[test]
    fn at_the_last_step_the_share_grows() {
        let person = Person { step: Some(9), ..officer() };
        assert!(fields(&raise(9, Some(5)), Kind::Raise, &person).is_empty());
        assert_eq!(fields(&raise(9, None), Kind::Raise, &person), ["step"]);
    }

    #[test]
    fn only_those_to_be_recruited_are_recruited_and_only_those_in_service_are_anything_else() {
        let recruit = Decision {
            grade: Some("01.003".into()),
            step: Some(1),
            ..draft(Kind::Recruit, date(2026, 4, 1))
        };
        let waiting = Person { status: status::CANDIDATE.into(), recruited_on: None, ..officer() };
        assert!(fields(&recruit, Kind::Recruit, &waiting).is_empty());
        assert_eq!(fields(&recruit, Kind::Recruit, &officer()), ["effective-on"]);
        let retired = Person { status: status::RETIRED.into(), ..officer() };
        for kind in Kind::ALL {
            let decision = draft(kind, date(2026, 4, 1));
            assert!(fields(&decision, kind, &retired).contains(&"effective-on"), "{kind:?}");
        }
    }

    #[test]
    fn nothing_takes_effect_before_recruitment_and_no_term_ends_before_it_begins() {
        let early = draft(Kind::Retire, date(2000, 1, 1));
        assert_eq!(fields(&early, Kind::Retire, &officer()), ["effective-on"]);
        let appoint = Decision {
            position: Some("Trưởng phòng".into()),
            term_until: Some(date(2026, 3, 31)),
            ..draft(Kind::Appoint, date(2026, 4, 1))
        };
        assert_eq!(fields(&appoint, Kind::Appoint, &officer()), ["term-until"]);
        assert_eq!(fields(&draft(Kind::Appoint, date(2026, 4, 1)), Kind::Appoint, &officer()), ["position"]);
        let discipline = Decision {
            form: Some("khien-trach".into()),
            until: Some(date(2026, 3, 31)),
            ..draft(Kind::Discipline, date(2026, 4, 1))
        };
        assert_eq!(fields(&discipline, Kind::Discipline, &officer()), ["until"]);
    }

    #[test]
    fn a_transfer_leads_to_another_unit() {
        let stay = Decision { to_unit: Some(officer().unit), ..draft(Kind::Transfer, date(2026, 4, 1)) };
        assert_eq!(fields(&stay, Kind::Transfer, &officer()), ["to-unit"]);
        assert_eq!(fields(&draft(Kind::Transfer, date(2026, 4, 1)), Kind::Transfer, &officer()), ["to-unit"]);
        let go = Decision { to_unit: Some(UnitId(9)), ..draft(Kind::Transfer, date(2026, 4, 1)) };
        assert!(fields(&go, Kind::Transfer, &officer()).is_empty());
    }
}
