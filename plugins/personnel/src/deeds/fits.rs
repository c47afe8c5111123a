//! Whether a decision makes sense for the officer as things are: when it is drafted, and again when it is signed
//! and when it takes effect, for things may have changed.

use dinh_sdk::prelude::*;

use super::allowances;
use crate::model::common::Grades;
use crate::model::decision::Kind;
use crate::model::{Decision, Person, status};
use crate::sheet::check;
use crate::told::Told;

/// What is wrong with a decision, each with the field it concerns.
pub(crate) fn problems(
    request: &Request,
    decision: &Decision,
    kind: Kind,
    person: &Person,
    told: &Told,
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
        Kind::Allowance | Kind::EndAllowance if decision.allowance_kind.is_none() => {
            add("allowance-kind", "Chưa chọn loại phụ cấp.", "Choose the kind.");
        }
        Kind::Allowance => {
            if decision.until.is_some_and(|until| until < decision.effective_on) {
                add("until", "Hết hạn hưởng trước ngày hưởng.", "It ends before it begins.");
            }
        }
        Kind::Training => {
            if decision.school.is_none() {
                add("school", "Chưa ghi trường, cơ sở đào tạo.", "Name the school.");
            }
            match decision.training_from {
                None => add("training-from", "Chưa ghi ngày bắt đầu học.", "Give the first day."),
                Some(first) if decision.effective_on < first => {
                    add("effective-on", "Kết thúc trước ngày bắt đầu học.", "Finished before it began.");
                }
                Some(_) => {}
            }
            let levels = attested(decision);
            if decision.degree.is_none() && levels.iter().all(|(_, level)| level.is_none()) {
                add(
                    "degree",
                    "Chưa ghi văn bằng, chứng chỉ hoặc trình độ đạt được.",
                    "Name the degree or the level that was reached.",
                );
            }
            // A level that was taken over is not forgotten: it gets its own training first.
            let known = told.fields();
            for (field, level) in levels {
                let now = person.value(field);
                let other = !matches!(now, Value::Empty) && now != level.clone().into_value();
                if level.is_some() && other && !known.contains(&field) {
                    add(
                        field,
                        "Trình độ đang ghi trên hồ sơ chưa có dòng đào tạo; hãy ghi trình độ ấy vào dòng đào tạo của nó trước.",
                        "No training attests the level on the record yet: write it into its training first.",
                    );
                }
            }
        }
        Kind::EndAllowance | Kind::Promote | Kind::Recruit | Kind::Retire => {}
    }
    problems.extend(of_allowances(request, decision, kind, person, told));
    problems
}

/// The levels that a training attests, by the fields that have them.
fn attested(decision: &Decision) -> [(&'static str, &Option<String>); 5] {
    [
        ("education-level", &decision.education_level),
        ("political-theory", &decision.political_theory),
        ("state-management", &decision.state_management),
        ("foreign-language", &decision.foreign_language),
        ("computing", &decision.computing),
    ]
}

/// What is wrong with what a decision does to allowances.
fn of_allowances(
    request: &Request,
    decision: &Decision,
    kind: Kind,
    person: &Person,
    told: &Told,
) -> Vec<(&'static str, String)> {
    let mut problems = Vec::new();
    let mut add = |field, vi: &str, en: &str| problems.push((field, request.say(vi, en).to_owned()));
    let day = decision.effective_on;
    for change in allowances::changes(decision, kind) {
        if kind == Kind::Allowance
            && let Some(wrong) = check::rate(request, change.kind, decision.rate.unwrap_or_default())
        {
            add("rate", &wrong, &wrong);
        } else if change.is_done(told, person, day) {
            match kind {
                Kind::Allowance => {
                    add("rate", "Cán bộ đang hưởng đúng mức này.", "The officer has it at this rate already.")
                }
                Kind::EndAllowance => add(
                    "allowance-kind",
                    "Cán bộ không hưởng loại phụ cấp này vào ngày đó.",
                    "The officer has no such allowance on that day.",
                ),
                _ => {}
            }
        } else if change.comes_late(told, day) {
            add(
                "effective-on",
                "Loại phụ cấp này đã có dòng hưởng từ ngày đó hoặc sau đó; hãy chọn ngày sau ngày hưởng ấy.",
                "A row of this allowance begins on that day or later: choose a day after it began.",
            );
        }
    }
    problems
}

/// Goes on only if nothing is wrong.
pub(crate) fn check(
    request: &Request,
    decision: &Decision,
    kind: Kind,
    (person, told): (&Person, &Told),
    grades: &Grades,
    at_fields: bool,
) -> Result<()> {
    let mut problems = Problems::default();
    for (field, message) in self::problems(request, decision, kind, person, told, grades) {
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
    use crate::rules::allowances::Held;
    use crate::rules::levels::{Attested, Levels};
    use dinh_sdk::jiff::civil::date;

    fn fields(decision: &Decision, kind: Kind, person: &Person) -> Vec<&'static str> {
        fields_told(decision, kind, person, &Told::default())
    }

    fn fields_told(decision: &Decision, kind: Kind, person: &Person, told: &Told) -> Vec<&'static str> {
        let request = Request::test("/", Language::Vi);
        problems(&request, decision, kind, person, told, &grades())
            .into_iter()
            .map(|(field, _)| field)
            .collect()
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

    #[test]
    fn an_allowance_has_a_kind_and_a_rate_within_its_measure_and_ends_after_it_began() {
        let allowance = |kind: &str, rate: i64| Decision {
            allowance_kind: Some(kind.into()),
            rate: Some(Decimal::from(rate)),
            ..draft(Kind::Allowance, date(2026, 4, 1))
        };
        let person = officer();
        let wrong = |decision: &Decision| fields(decision, Kind::Allowance, &person);
        assert!(wrong(&allowance("khu-vuc", 5)).is_empty());
        assert_eq!(wrong(&allowance("khu-vuc", 6)), ["rate"], "a coefficient");
        assert!(wrong(&allowance("thu-hut", 70)).is_empty(), "per cent");
        assert_eq!(wrong(&allowance("thu-hut", 101)), ["rate"]);
        assert_eq!(wrong(&allowance("thu-hut", 0)), ["rate"]);
        assert_eq!(wrong(&allowance("khong-co", 1)), ["rate"]);
        assert_eq!(wrong(&draft(Kind::Allowance, date(2026, 4, 1))), ["allowance-kind"]);
        let short = Decision { until: Some(date(2026, 3, 31)), ..allowance("khu-vuc", 1) };
        assert_eq!(wrong(&short), ["until"]);
    }

    #[test]
    fn what_is_had_already_is_not_granted_again_and_what_is_not_had_does_not_end() {
        let area =
            Held { kind: "khu-vuc".into(), rate: Decimal::new(3, 1), from: date(2024, 1, 1), until: None };
        let told = Told { held: vec![area], ..Told::default() };
        let decision = |kind, named: &str, rate: Option<i64>, day| Decision {
            allowance_kind: Some(named.into()),
            rate: rate.map(|tenths| Decimal::new(tenths, 1)),
            ..draft(kind, day)
        };
        let wrong = |decision: &Decision, kind| fields_told(decision, kind, &officer(), &told);
        let (end, grant, day) = (Kind::EndAllowance, Kind::Allowance, date(2026, 4, 1));
        assert!(wrong(&decision(end, "khu-vuc", None, day), end).is_empty());
        assert_eq!(wrong(&decision(end, "doc-hai", None, day), end), ["allowance-kind"]);
        assert_eq!(wrong(&decision(end, "khu-vuc", None, date(2024, 1, 1)), end), ["effective-on"]);
        assert_eq!(wrong(&decision(grant, "khu-vuc", Some(3), day), grant), ["rate"]);
        assert!(wrong(&decision(grant, "khu-vuc", Some(5), day), grant).is_empty());
        assert_eq!(wrong(&decision(grant, "khu-vuc", Some(5), date(2023, 1, 1)), grant), ["effective-on"]);
    }

    #[test]
    fn a_training_says_where_since_when_and_what_for_and_does_not_hide_what_was_taken_over() {
        let kind = Kind::Training;
        let training = Decision {
            school: Some("Học viện Chính trị khu vực I".into()),
            training_from: Some(date(2024, 9, 5)),
            political_theory: Some("cao-cap".into()),
            ..draft(kind, date(2026, 6, 30))
        };
        assert!(fields(&training, kind, &officer()).is_empty());
        let bare = draft(kind, date(2026, 6, 30));
        assert_eq!(fields(&bare, kind, &officer()), ["school", "training-from", "degree"]);
        let backwards = Decision { training_from: Some(date(2026, 7, 1)), ..training.clone() };
        assert_eq!(fields(&backwards, kind, &officer()), ["effective-on"]);
        let person = Person { political_theory: Some("trung-cap".into()), ..officer() };
        assert_eq!(fields(&training, kind, &person), ["political-theory"]);
        let levels = Levels { theory: Some("trung-cap".into()), ..Levels::default() };
        let attested = vec![Attested { on: date(2018, 3, 30), levels }];
        let told = Told { attested, ..Told::default() };
        assert!(fields_told(&training, kind, &person, &told).is_empty());
    }
}
