//! The published figures of `data/`, for tests.

use dinh_sdk::Decimal;

/// A published row: the components are those that its edition has, in its order.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) year: i64,
    pub(crate) province: String,
    pub(crate) components: Vec<Option<Decimal>>,
    pub(crate) total: Decimal,
}

const FILES: [&str; 3] = [
    include_str!("../data/scores-2021.csv"),
    include_str!("../data/scores-thanh-hoa-phu-tho-2021-2024.csv"),
    include_str!("../data/scores-tien-giang-2007-2016.csv"),
];

/// Lines of `data/components.csv`: year, key, order, name_vi, name_en, weight.
pub(crate) fn components() -> Vec<Vec<&'static str>> {
    let lines = include_str!("../data/components.csv").lines().skip(1);
    lines.map(|line| line.split(',').collect()).collect()
}

/// The weights of an edition, in its order.
pub(crate) fn weights(year: i64) -> Vec<Option<Decimal>> {
    let year = year.to_string();
    components().iter().filter(|line| line[0] == year).map(|line| line[5].parse().ok()).collect()
}

/// All published rows.
pub(crate) fn rows() -> Vec<Row> {
    let mut rows = Vec::new();
    for file in FILES {
        let mut lines = file.lines().map(|line| line.split(',').collect::<Vec<_>>());
        let heads = lines.next().unwrap();
        let cell = |line: &[&str], head: &str| {
            line[heads.iter().position(|known| *known == head).unwrap()].to_owned()
        };
        for line in lines {
            let year = cell(&line, "year");
            rows.push(Row {
                province: cell(&line, "province"),
                total: cell(&line, "published_score").parse().unwrap(),
                components: components()
                    .iter()
                    .filter(|component| component[0] == year)
                    .map(|component| cell(&line, component[1]).parse().ok())
                    .collect(),
                year: year.parse().unwrap(),
            });
        }
    }
    rows
}

#[test]
fn the_known_weights_of_every_edition_add_up_to_100() {
    for year in 2019..=2024 {
        let sum: Decimal = weights(year).into_iter().map(Option::unwrap).sum();
        assert_eq!(sum, Decimal::ONE_HUNDRED, "{year}");
    }
}

#[test]
fn every_published_component_is_a_score_from_1_to_10() {
    let rows = rows();
    assert_eq!(rows.len(), 36);
    for row in rows {
        assert!(!row.province.is_empty());
        for score in row.components.iter().map(|score| score.unwrap()) {
            assert!((Decimal::ONE..=Decimal::TEN).contains(&score), "{} {}: {score}", row.province, row.year);
        }
    }
}
