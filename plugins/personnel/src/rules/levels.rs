//! What somebody has reached on a day: levels of education and political theory, qualifications. Trainings attest them,
//! each from the day on which it was finished; nothing else does, where a training attests one at all.

use dinh_sdk::time::Date;

/// What a training attests, or what a record sheet says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Levels {
    /// Education (trình độ chuyên môn): a code.
    pub education: Option<String>,
    /// What was studied for it (chuyên ngành).
    pub specialty: Option<String>,
    /// Political theory (lý luận chính trị): a code.
    pub theory: Option<String>,
    /// State management (quản lý nhà nước).
    pub management: Option<String>,
    /// Foreign language (ngoại ngữ).
    pub language: Option<String>,
    /// Computing (tin học).
    pub computing: Option<String>,
}

impl Levels {
    /// Whether there is nothing of it; a specialty alone is no level.
    pub fn is_empty(&self) -> bool {
        let levels = [&self.education, &self.theory, &self.management, &self.language, &self.computing];
        levels.into_iter().all(Option::is_none)
    }
}

/// What a training attests, from a day on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attested {
    /// The day on which it was finished.
    pub on: Date,
    /// What was reached.
    pub levels: Levels,
}

/// The codes of the catalogs of levels, the lowest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ladders {
    /// Of education.
    pub education: Vec<String>,
    /// Of political theory.
    pub theory: Vec<String>,
}

/// What somebody has reached on a day: of education and political theory the highest, of the others the last. What no
/// training attests, at whatever time, is as the record was taken over; what one attests later was not reached yet. A
/// level that its catalog no longer has stands below all that it has.
pub fn reached(trainings: &[Attested], taken_over: &Levels, ladders: &Ladders, day: Date) -> Levels {
    let best = |level: fn(&Levels) -> &Option<String>, ladder: &[String]| -> Option<Option<&Levels>> {
        let attested = || trainings.iter().filter(|training| level(&training.levels).is_some());
        let height = |training: &&Attested| {
            let place = ladder.iter().position(|code| Some(code) == level(&training.levels).as_ref());
            (place, training.on)
        };
        attested().next()?;
        let until = attested().filter(|training| training.on <= day);
        Some(until.max_by_key(height).map(|training| &training.levels))
    };
    let told = |level: fn(&Levels) -> &Option<String>, ladder: &[String]| match best(level, ladder) {
        Some(levels) => levels.and_then(|levels| level(levels).clone()),
        None => level(taken_over).clone(),
    };
    let last: &[String] = &[];
    Levels {
        education: told(|levels| &levels.education, &ladders.education),
        specialty: match best(|levels| &levels.education, &ladders.education) {
            Some(levels) => levels.and_then(|levels| levels.specialty.clone()),
            None => taken_over.specialty.clone(),
        },
        theory: told(|levels| &levels.theory, &ladders.theory),
        management: told(|levels| &levels.management, last),
        language: told(|levels| &levels.language, last),
        computing: told(|levels| &levels.computing, last),
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use dinh_sdk::jiff::ToSpan;
    use dinh_sdk::jiff::civil::date;
    use proptest::prelude::*;

    pub(crate) fn ladders() -> Ladders {
        let codes = |codes: &[&str]| codes.iter().map(|code| (*code).to_owned()).collect();
        Ladders {
            education: codes(&["trung-cap", "cao-dang", "dai-hoc", "thac-si", "tien-si"]),
            theory: codes(&["so-cap", "trung-cap", "cao-cap", "cu-nhan"]),
        }
    }

    fn education(on: Date, level: &str, specialty: &str) -> Attested {
        let levels =
            Levels { education: Some(level.into()), specialty: Some(specialty.into()), ..Levels::default() };
        Attested { on, levels }
    }

    #[test]
    fn a_degree_counts_from_the_day_it_was_finished_with_what_was_studied_for_it() {
        let trainings = [
            education(date(2007, 6, 30), "dai-hoc", "Luật"),
            education(date(2017, 7, 30), "thac-si", "Kinh tế"),
        ];
        let on = |day| {
            let levels = reached(&trainings, &Levels::default(), &ladders(), day);
            (levels.education, levels.specialty)
        };
        let is = |level: &str, specialty: &str| (Some(level.to_owned()), Some(specialty.to_owned()));
        assert_eq!(on(date(2007, 6, 29)), (None, None));
        assert_eq!(on(date(2007, 6, 30)), is("dai-hoc", "Luật"));
        assert_eq!(on(date(2017, 7, 29)), is("dai-hoc", "Luật"));
        assert_eq!(on(date(2017, 7, 30)), is("thac-si", "Kinh tế"));
    }

    #[test]
    fn a_lower_degree_later_does_not_lower_the_level_and_of_equal_ones_the_later_counts() {
        let trainings = [
            education(date(2010, 6, 30), "thac-si", "Kinh tế"),
            education(date(2015, 6, 30), "dai-hoc", "Luật"),
            education(date(2019, 6, 30), "thac-si", "Quản lý công"),
        ];
        let on = |day| reached(&trainings, &Levels::default(), &ladders(), day);
        assert_eq!(on(date(2016, 1, 1)).education.as_deref(), Some("thac-si"));
        assert_eq!(on(date(2016, 1, 1)).specialty.as_deref(), Some("Kinh tế"));
        assert_eq!(on(date(2020, 1, 1)).specialty.as_deref(), Some("Quản lý công"));
    }

    #[test]
    fn of_qualifications_the_last_counts_whatever_it_is_called() {
        let language = |on, words: &str| {
            let levels = Levels { language: Some(words.into()), ..Levels::default() };
            Attested { on, levels }
        };
        let trainings =
            [language(date(2020, 1, 1), "Tiếng Anh B2"), language(date(2024, 1, 1), "Tiếng Anh A2")];
        let on = |day| reached(&trainings, &Levels::default(), &ladders(), day).language;
        assert_eq!(on(date(2023, 12, 31)).as_deref(), Some("Tiếng Anh B2"));
        assert_eq!(on(date(2024, 1, 1)).as_deref(), Some("Tiếng Anh A2"));
    }

    #[test]
    fn what_no_training_attests_is_as_it_was_taken_over_on_every_day() {
        let taken_over = Levels {
            education: Some("dai-hoc".into()),
            specialty: Some("Luật".into()),
            theory: Some("so-cap".into()),
            ..Levels::default()
        };
        let trainings = [education(date(2017, 7, 30), "thac-si", "Kinh tế")];
        let then = reached(&trainings, &taken_over, &ladders(), date(2010, 1, 1));
        assert_eq!((then.education, then.specialty), (None, None), "trainings tell of it");
        assert_eq!(then.theory.as_deref(), Some("so-cap"));
        assert_eq!(reached(&[], &taken_over, &ladders(), date(1990, 1, 1)), taken_over);
    }

    #[test]
    fn a_level_that_its_catalog_no_longer_has_stands_below_those_it_has() {
        let trainings = [
            education(date(2000, 1, 1), "dai-hoc", "Luật"),
            education(date(2005, 1, 1), "pho-tien-si", "Sử"),
        ];
        let on = |day| reached(&trainings, &Levels::default(), &ladders(), day).education;
        assert_eq!(on(date(2010, 1, 1)).as_deref(), Some("dai-hoc"));
        let alone = trainings.split_at(1).1;
        let level = reached(alone, &Levels::default(), &ladders(), date(2010, 1, 1)).education;
        assert_eq!(level.as_deref(), Some("pho-tien-si"));
    }

    /// Any levels.
    pub(crate) fn levels() -> impl Strategy<Value = Levels> {
        let of = |codes: Vec<String>| proptest::option::of(proptest::sample::select(codes));
        let words = || proptest::option::of("[A-C][12]");
        (of(ladders().education), words(), of(ladders().theory), words(), words(), words()).prop_map(
            |(education, specialty, theory, management, language, computing)| Levels {
                education,
                specialty,
                theory,
                management,
                language,
                computing,
            },
        )
    }

    /// Any trainings, of the last forty years.
    pub(crate) fn trainings() -> impl Strategy<Value = Vec<Attested>> {
        let training = (0_i32..14_600, levels()).prop_map(|(days, levels)| {
            let on = date(1990, 1, 1).checked_add(days.days()).unwrap();
            Attested { on, levels }
        });
        proptest::collection::vec(training, 0..8)
    }

    proptest! {
        #[test]
        fn education_never_falls_as_days_go_by(
            trainings in trainings(), first in 0_i32..14_600, later in 0_i32..14_600,
        ) {
            let height = |days: i32| {
                let day = date(1990, 1, 1).checked_add(days.days()).unwrap();
                let level = reached(&trainings, &Levels::default(), &ladders(), day).education;
                level.and_then(|level| ladders().education.iter().position(|code| *code == level))
            };
            prop_assert!(height(first.min(later)) <= height(first.max(later)));
        }
    }
}
