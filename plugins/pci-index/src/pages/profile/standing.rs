//! The components of a province in an edition, beside those of the others.

use dinh_sdk::prelude::*;

use crate::arithmetic;
use crate::edition::Definition;
use crate::model::{Component, Score};
use crate::pages::{score, source, weight_format};

/// Fewest provinces whose best and median say something.
const OTHERS: usize = 3;

/// All components of a province in an edition.
pub(super) struct Standing<'a> {
    components: Vec<One<'a>>,
    /// Provinces with results.
    provinces: usize,
}

/// One component.
struct One<'a> {
    component: &'a Component,
    score: Option<Decimal>,
    best: Option<Decimal>,
    median: Option<Decimal>,
    /// Place among the provinces with a score, and how many those are.
    place: Option<(i64, i64)>,
}

impl<'a> Standing<'a> {
    /// Of a result among all results of its edition.
    pub(super) fn of(definition: &'a Definition, result: &Score, all: &[Stored<Score>]) -> Self {
        let components = definition.components.iter().map(|component| one(component, result, all)).collect();
        Self { components, provinces: all.len() }
    }

    /// With fewer others, best and median would be the province itself.
    fn has_others(&self) -> bool {
        self.provinces >= OTHERS
    }

    /// The components as a radar, against the best and the median.
    pub(super) fn radar(&self, request: &Request, name: &str) -> Chart {
        let language = request.language();
        let chart = Chart::new(
            ChartKind::Radar,
            "radar",
            request.say("Các chỉ số thành phần", "The components"),
            self.components.iter().map(|one| one.component.name(language)),
        )
        .series(Series::new(name, self.components.iter().map(|one| one.score)).emphasised())
        .axis(Axis::new().from_to(0_i64, 10_i64))
        .format(Format::Decimal(2));
        if !self.has_others() {
            return chart.note(request.say(
                "Kỳ này chưa có đủ kết quả của các tỉnh khác để so sánh.",
                "This edition does not hold enough results of other provinces to compare with.",
            ));
        }
        let provinces = self.provinces;
        chart
            .series(Series::new(request.say("Tốt nhất", "Best"), self.components.iter().map(|one| one.best)))
            .series(Series::new(
                request.say("Trung vị", "Median"),
                self.components.iter().map(|one| one.median),
            ))
            .note(request.say(
                &format!("Tốt nhất và trung vị tính trên {provinces} tỉnh có kết quả trong kỳ."),
                &format!("Best and median are of the {provinces} provinces with results in this edition."),
            ))
    }

    /// The same as a table.
    pub(super) fn table(&self, request: &Request) -> Table {
        let language = request.language();
        let mut table = Table::of("components", &self.components)
            .column(
                Head::new("component", request.say("Chỉ số thành phần", "Component")).wide().frozen(),
                |one| one.component.name(language).to_owned(),
            )
            .column(Head::new("score", request.say("Điểm", "Score")).decimal(2), |one| score(one.score));
        if self.has_others() {
            table = table
                .column(Head::new("best", request.say("Tốt nhất", "Best")).decimal(2), |one| {
                    score(one.best)
                })
                .column(Head::new("median", request.say("Trung vị", "Median")).decimal(2), |one| {
                    score(one.median)
                })
                .column(
                    Head::new("difference", request.say("So với trung vị", "Against the median"))
                        .format(Format::ChangeUp(2)),
                    |one| Some(one.score? - one.median?),
                )
                .column(
                    Head::new("place", request.say("Thứ bậc", "Place")).format(Format::Integer),
                    |one| one.place.map(|(place, _)| place),
                )
                .column(
                    Head::new("of", request.say("Trên số tỉnh", "Of")).format(Format::Integer).narrow(),
                    |one| one.place.map(|(_, of)| of),
                );
        }
        if self.components.iter().any(|one| one.component.weight.is_some()) {
            let format = weight_format(self.components.iter().map(|one| one.component));
            table = table.column(
                Head::new("weight", request.say("Trọng số", "Weight")).format(format).narrow(),
                |one| one.component.weight,
            );
        }
        table.build().note(source(request))
    }
}

fn one<'a>(component: &'a Component, result: &Score, all: &[Stored<Score>]) -> One<'a> {
    let scores = || all.iter().filter_map(|other| component.score(other));
    let own = component.score(result);
    let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    One {
        component,
        score: own,
        best: scores().max(),
        median: arithmetic::median(scores()),
        place: own.map(|own| (count(arithmetic::place(own, scores())), count(scores().count()))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edition::tests::stored;
    use crate::model::SLOTS;

    fn result(first: Option<&str>) -> Stored<Score> {
        let mut component = [None; SLOTS];
        component[0] = first.map(|score| score.parse().unwrap());
        let (province, total, rank, group) = (Code("38".into()), None, None, None);
        stored(1, Score { year: 2021, province, total, rank, group, component })
    }

    #[test]
    fn a_component_stands_among_the_provinces_that_have_a_score() {
        let component = Component {
            year: 2021,
            key: "entry_costs".into(),
            slot: 1,
            position: 1,
            name_vi: "Gia nhập thị trường".into(),
            name_en: "Entry costs".into(),
            weight: None,
        };
        let all = [result(Some("7.98")), result(Some("6.52")), result(None), result(Some("7.21"))];
        let standing_of = |result: &Stored<Score>| one(&component, result, &all);
        let own = standing_of(&all[3]);
        assert_eq!(own.place, Some((2, 3)));
        assert_eq!((own.best, own.median), (all[0].component[0], all[3].component[0]));
        assert_eq!(standing_of(&all[2]).place, None);
    }
}
