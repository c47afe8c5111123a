//! One edition with all that defines it, and the provinces of its time.

use dinh_sdk::catalog;
use dinh_sdk::prelude::*;

use crate::arithmetic::{self, Weighted};
use crate::model::{Component, Edition, Group, Score};

/// The shared catalog of provinces and centrally run cities.
pub(crate) const PROVINCES: &str = "provinces";

/// An edition with its components and groups, in their order.
#[derive(Clone, Debug)]
pub(crate) struct Definition {
    pub(crate) edition: Stored<Edition>,
    pub(crate) components: Vec<Stored<Component>>,
    pub(crate) groups: Vec<Stored<Group>>,
}

/// All editions, the latest first.
pub(crate) fn editions() -> Result<Vec<Stored<Edition>>> {
    Edition::all().order_by(Edition::YEAR.descending()).list()
}

/// Fewest provinces that make a ranking: with fewer, an edition holds the figures of single provinces.
const RANKING: u64 = 10;

/// The latest edition with a ranking, to be shown when none is asked for; without one, the latest with
/// results, and without any, the latest of all.
pub(crate) fn latest(editions: &[Stored<Edition>]) -> Result<Option<i64>> {
    let mut with_results = None;
    for edition in editions {
        let results = Score::all().filter(Score::YEAR.is(edition.year)).count()?;
        if results >= RANKING {
            return Ok(Some(edition.year));
        }
        if results > 0 && with_results.is_none() {
            with_results = Some(edition.year);
        }
    }
    Ok(with_results.or_else(|| editions.first().map(|edition| edition.year)))
}

/// An edition that a request names, or the latest; an error when there is no such edition.
pub(crate) fn asked(
    request: &Request,
    editions: &[Stored<Edition>],
    year: Option<i64>,
) -> Result<Option<i64>> {
    match year {
        None => latest(editions),
        Some(year) if editions.iter().any(|edition| edition.year == year) => Ok(Some(year)),
        Some(year) => Err(Error::NotFound(format!("{} {year}", request.say("kỳ PCI", "PCI edition")))),
    }
}

impl Definition {
    /// The definition of an edition.
    pub(crate) fn load(year: i64) -> Result<Option<Self>> {
        let Some(edition) = Edition::all().filter(Edition::YEAR.is(year)).first()? else { return Ok(None) };
        Ok(Some(Self {
            edition,
            components: Component::all()
                .filter(Component::YEAR.is(year))
                .order_by(Component::POSITION.ascending())
                .list()?,
            groups: Group::all().filter(Group::YEAR.is(year)).order_by(Group::POSITION.ascending()).list()?,
        }))
    }

    /// The total computed from a result's components; none when it cannot be (see [`arithmetic::total`]).
    pub(crate) fn computed(&self, score: &Score) -> Option<Decimal> {
        arithmetic::total(
            self.components
                .iter()
                .map(|component| Weighted { weight: component.weight, score: component.score(score) }),
        )
    }

    /// Whether all weights are known.
    pub(crate) fn weights_known(&self) -> bool {
        !self.components.is_empty() && self.components.iter().all(|component| component.weight.is_some())
    }

    /// The group of a result, as its place in the edition's groups and its name: the published one, else
    /// that of the highest threshold that the total reaches.
    pub(crate) fn group(&self, score: &Score, language: Language) -> Option<(Option<usize>, String)> {
        let named = |group: &Stored<Group>| language.of(&group.name_vi, &group.name_en).clone();
        if let Some(published) = &score.group {
            let key = dinh_sdk::text::fold(published);
            let known = self.groups.iter().position(|group| dinh_sdk::text::fold(&group.name_vi) == key);
            let name = known.and_then(|at| self.groups.get(at)).map_or_else(|| published.clone(), named);
            return Some((known, name));
        }
        let total = score.total?;
        let reached = |group: &&Stored<Group>| group.from.is_some_and(|from| total >= from);
        let group = self.groups.iter().filter(reached).max_by_key(|group| group.from)?;
        Some((self.groups.iter().position(|known| known.id == group.id), named(group)))
    }

    /// What a group means for the reader, by its place: the best ones good, the last one a warning.
    pub(crate) fn group_tone(&self, place: Option<usize>) -> Tone {
        match place {
            Some(0 | 1) => Tone::Good,
            Some(at) if at >= 3 && at + 1 == self.groups.len() => Tone::Warning,
            Some(_) => Tone::Info,
            None => Tone::Neutral,
        }
    }
}

/// The results of an edition.
pub(crate) fn results(year: i64) -> Result<Vec<Stored<Score>>> {
    Score::all().filter(Score::YEAR.is(year)).list()
}

/// Names of provinces by code, on a day.
#[derive(Clone, Debug)]
pub(crate) struct Provinces(Vec<catalog::Named>);

impl Provinces {
    /// The provinces of a day, in Vietnamese alphabetical order.
    pub(crate) fn on(day: Date) -> Result<Self> {
        let mut named = catalog::list(PROVINCES, day)?;
        named.sort_by_cached_key(|named| dinh_sdk::text::sort_key(&named.name));
        Ok(Self(named))
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// Codes and names, by name.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &catalog::Named> {
        self.0.iter()
    }

    /// The name of a province of that day; the code itself for one that is not.
    pub(crate) fn name<'a>(&'a self, code: &'a str) -> &'a str {
        self.0.iter().find(|named| named.code == code).map_or(code, |named| &named.name)
    }
}

/// The name of a province whatever its term.
pub(crate) fn province(request: &Request, code: &str) -> Result<catalog::Entry> {
    let what = request.say("tỉnh, thành phố mang mã", "province of code");
    catalog::get(PROVINCES, code)?.or_not_found(format!("{what} “{code}”"))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::model::SLOTS;
    use dinh_sdk::RecordId;

    pub(crate) fn stored<R>(number: u64, record: R) -> Stored<R> {
        Stored { id: RecordId { high: 0, low: number }, version: 1, record }
    }

    fn group(position: i64, name: &str, from: Option<&str>) -> Stored<Group> {
        let from = from.map(|from| from.parse().unwrap());
        let (name_vi, name_en) = (name.to_owned(), format!("{name} (en)"));
        stored(position as u64, Group { year: 2021, position, name_vi, name_en, from })
    }

    fn definition(groups: Vec<Stored<Group>>) -> Definition {
        let edition =
            Edition { year: 2021, provinces_as_of: dinh_sdk::jiff::civil::date(2021, 12, 31), note: None };
        Definition { edition: stored(1, edition), components: Vec::new(), groups }
    }

    fn score(total: Option<&str>, group: Option<&str>) -> Score {
        Score {
            year: 2021,
            province: Code("38".into()),
            total: total.map(|total| total.parse().unwrap()),
            rank: None,
            group: group.map(str::to_owned),
            component: [None; SLOTS],
        }
    }

    #[test]
    fn the_published_group_counts_whatever_the_thresholds_say() {
        let definition = definition(vec![group(1, "Rất tốt", Some("70")), group(2, "Tốt", Some("60"))]);
        let found = definition.group(&score(Some("75"), Some("TỐT")), Language::En);
        assert_eq!(found, Some((Some(1), "Tốt (en)".into())));
        let found = definition.group(&score(Some("75"), Some("Xuất sắc")), Language::Vi);
        assert_eq!(found, Some((None, "Xuất sắc".into())));
    }

    #[test]
    fn without_a_published_group_the_highest_threshold_reached_decides() {
        let definition = definition(vec![group(1, "Rất tốt", Some("70")), group(2, "Tốt", Some("60"))]);
        let place = |total| definition.group(&score(total, None), Language::Vi).map(|(place, _)| place);
        assert_eq!(place(Some("70")), Some(Some(0)));
        assert_eq!(place(Some("69.99")), Some(Some(1)));
        assert_eq!(place(Some("59.99")), None);
        assert_eq!(place(None), None);
    }

    #[test]
    fn groups_without_thresholds_group_nobody() {
        let definition = definition(vec![group(1, "Rất tốt", None)]);
        assert_eq!(definition.group(&score(Some("90"), None), Language::Vi), None);
    }
}
