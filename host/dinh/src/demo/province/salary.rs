//! How somebody rose in pay: a step after the months of each grade, beyond the frame at its end, a higher grade for some.

use dinh_model::Date;

use super::months_after;

/// A pay scale, in hundredths of the coefficient, as `grades.csv` has it.
struct Scale {
    grade: &'static str,
    first: u32,
    increment: u32,
    steps: u32,
    months: i32,
}

const SCALES: [Scale; 5] = [
    Scale { grade: "01.001", first: 620, increment: 36, steps: 6, months: 36 },
    Scale { grade: "01.002", first: 440, increment: 34, steps: 8, months: 36 },
    Scale { grade: "01.003", first: 234, increment: 33, steps: 9, months: 36 },
    Scale { grade: "01.004", first: 186, increment: 20, steps: 12, months: 24 },
    Scale { grade: "01.005", first: 165, increment: 18, steps: 12, months: 24 },
];

/// A step of pay and since when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Its first day.
    pub from: Date,
    /// Code of the grade.
    pub grade: &'static str,
    /// Counted from 1.
    pub step: u32,
    /// Beyond the frame, in per cent.
    pub over_frame: u32,
    hundredths: u32,
}

impl Step {
    /// The coefficient, such as `3.99`.
    pub fn coefficient(&self) -> String {
        format!("{}.{:02}", self.hundredths / 100, self.hundredths % 100)
    }
}

/// All steps since the recruitment until `today`. Who is `promoted` enters the next higher grade from its seventh step,
/// where that pays more.
pub fn history(recruited: Date, grade: &str, promoted: bool, today: Date) -> Vec<Step> {
    let Some(mut at) = SCALES.iter().position(|scale| scale.grade == grade) else { return Vec::new() };
    let (mut step, mut over_frame, mut from) = (1, 0, recruited.first_of_month());
    let mut steps = Vec::new();
    while let Some(scale) = SCALES.get(at).filter(|_| from <= today) {
        let hundredths = scale.first + scale.increment * (step - 1);
        steps.push(Step { from, grade: scale.grade, step, over_frame, hundredths });
        let higher = at.checked_sub(1).filter(|higher| promoted && *higher <= 1 && step >= 7);
        let months = if over_frame > 0 { 12 } else { scale.months };
        if let Some(higher) = higher {
            (at, step, over_frame) = (higher, 1, 0);
        } else if step < scale.steps {
            step += 1;
        } else {
            over_frame = if over_frame == 0 { 5 } else { over_frame + 1 };
        }
        from = months_after(from, months);
    }
    steps
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn the_scales_are_those_that_the_demo_imports() {
        let file = include_str!("../../../../../plugins/personnel/data/grades.csv");
        for scale in SCALES {
            let line = file.lines().find(|line| line.starts_with(scale.grade)).unwrap();
            let cells: Vec<&str> = line.split(',').collect();
            let hundredths = |cell: &str| cell.replace('.', "").parse::<u32>().unwrap();
            assert_eq!((hundredths(cells[2]), hundredths(cells[3])), (scale.first, scale.increment));
            assert_eq!((cells[4].parse(), cells[5].parse()), (Ok(scale.steps), Ok(scale.months)));
        }
    }

    #[test]
    fn a_step_follows_the_months_of_the_grade_and_the_frame_ends_it() {
        let steps = history(date(1996, 9, 15), "01.004", false, date(2026, 11, 22));
        let said: Vec<_> = steps.iter().map(|step| (step.from.year(), step.step, step.over_frame)).collect();
        assert_eq!(said[..2], [(1996, 1, 0), (1998, 2, 0)]);
        assert_eq!(
            said[11..],
            [
                (2018, 12, 0),
                (2020, 12, 5),
                (2021, 12, 6),
                (2022, 12, 7),
                (2023, 12, 8),
                (2024, 12, 9),
                (2025, 12, 10),
                (2026, 12, 11)
            ]
        );
        assert_eq!(steps[1].coefficient(), "2.06");
        let promoted = history(date(1996, 9, 1), "01.003", true, date(2026, 11, 22));
        let last = promoted.last().unwrap();
        assert_eq!((last.grade, last.step, last.coefficient()), ("01.002", 4, "5.42".to_owned()));
    }
}
