//! The profile of a province: its place in an edition, its components against the best and the median, and
//! its way over the years.

use dinh_sdk::catalog;
use dinh_sdk::prelude::*;

use super::{NOT_AVAILABLE, edition_field, method, profile_of, score, source};
use crate::arithmetic;
use crate::edition::{Definition, Provinces, asked, editions, province, results};
use crate::model::{Component, Score};

/// What the page may be asked for.
#[derive(Query)]
struct Asked {
    edition: Option<i64>,
}

/// One component of the province in an edition, beside the others.
struct Standing<'a> {
    component: &'a Component,
    score: Option<Decimal>,
    best: Option<Decimal>,
    median: Option<Decimal>,
    /// Place among the provinces with a score, and how many those are.
    place: Option<(i64, i64)>,
}

/// One year of the province.
struct Year {
    definition: Definition,
    result: Stored<Score>,
    computed: Option<Decimal>,
}

/// Draws the profile.
pub(crate) fn draw(request: &Request) -> Result<Page> {
    let code: String = request.parameter("code")?;
    let entry = province(&code)?;
    let query: Asked = request.query()?;
    let editions = editions()?;
    let years = years(&code)?;
    let page = Page::new(entry.name(request.language()))
        .breadcrumb(request.say("Xếp hạng PCI", "PCI ranking"), "/")
        .block_some(lineage(request, &entry)?);
    let chosen = match asked(request, &editions, query.edition)? {
        // The latest edition that the province is in, unless one was asked for.
        Some(year) if query.edition.is_some() || years.iter().any(|known| known.result.year == year) => {
            Some(year)
        }
        other => years.last().map(|year| year.result.year).or(other),
    };
    let Some(year) = chosen else { return Ok(page.block(nothing(request))) };
    let shown = editions.iter().filter(|edition| {
        edition.year == year || years.iter().any(|known| known.result.year == edition.year)
    });
    let page = page
        .subtitle(format!("PCI {year}"))
        .action(Action::open(
            request.say("So sánh với tỉnh khác", "Compare with others"),
            Address::new("/compare").with("edition", year).with("province", &code),
        ))
        .block(Filters::new(vec![edition_field(request, shown, year)]).submit(request.say("Xem", "Show")));
    let Some(at) = years.iter().position(|known| known.result.year == year) else {
        return Ok(page.block(nothing(request)).section(history(request, &years, &code)));
    };
    let (Some(now), before) = (years.get(at), at.checked_sub(1).and_then(|before| years.get(before))) else {
        return Ok(page);
    };
    let all = results(year)?;
    let standings: Vec<Standing<'_>> =
        now.definition.components.iter().map(|component| standing(component, &now.result, &all)).collect();
    let provinces = Provinces::on(now.definition.edition.provinces_as_of)?;
    Ok(page
        .block(metrics(request, now, before, provinces.len()))
        .section(
            Section::new("standing", request.say("Chỉ số thành phần", "Components"))
                .block(radar(request, entry.name(request.language()), &standings, all.len()))
                .block(components(request, &standings)),
        )
        .section(trend(request, &years))
        .section(history(request, &years, &code)))
}

/// All results of a province with the definitions of their editions, oldest first.
fn years(code: &str) -> Result<Vec<Year>> {
    let results = Score::all()
        .filter(Score::PROVINCE.is(Code(code.to_owned())))
        .order_by(Score::YEAR.ascending())
        .list()?;
    let mut years = Vec::new();
    for result in results {
        if let Some(definition) = Definition::load(result.year)? {
            let computed = definition.computed(&result);
            years.push(Year { definition, result, computed });
        }
    }
    Ok(years)
}

fn standing<'a>(component: &'a Component, result: &Score, all: &[Stored<Score>]) -> Standing<'a> {
    let scores = || all.iter().filter_map(|other| component.score(other));
    let own = component.score(result);
    let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    Standing {
        component,
        score: own,
        best: scores().max(),
        median: arithmetic::median(scores()),
        place: own.map(|own| (count(arithmetic::place(own, scores())), count(scores().count()))),
    }
}

fn nothing(request: &Request) -> Notice {
    Notice::info(
        request.say("Chưa có kết quả của tỉnh trong kỳ này", "The province has no result in this edition"),
    )
}

/// What became of the province, or what it came from: figures of before and after a merger are of
/// different provinces.
fn lineage(request: &Request, entry: &catalog::Entry) -> Result<Option<Block>> {
    let mut spans = Vec::new();
    let mut add = |lead: &str, entries: Vec<catalog::Entry>| {
        for (at, other) in entries.iter().enumerate() {
            let lead = if at == 0 { lead } else { ", " };
            spans.push(Span::new(lead));
            spans.push(Span::link(other.name(request.language()), profile_of(&other.code, None)));
        }
        if !entries.is_empty() {
            spans.push(Span::new(". "));
        }
    };
    add(
        request.say("Trước khi sắp xếp đơn vị hành chính: ", "Before the mergers: "),
        catalog::predecessors(crate::edition::PROVINCES, &entry.code)?,
    );
    add(
        request.say("Sau khi sắp xếp đơn vị hành chính: ", "After the mergers: "),
        catalog::successors(crate::edition::PROVINCES, &entry.code)?,
    );
    Ok((!spans.is_empty()).then(|| Block::Text(vec![Paragraph { kind: ParagraphKind::Note, spans }])))
}

fn metrics(request: &Request, now: &Year, before: Option<&Year>, provinces: usize) -> Vec<Metric> {
    let change = |of: fn(&Score) -> Option<Decimal>| Some(of(&now.result)? - of(&before?.result)?);
    let against =
        before.map(|before| format!("{} {}", request.say("so với năm", "against"), before.result.year));
    let noted = |metric: Metric, changed: bool| match &against {
        Some(against) if changed => metric.note(against),
        _ => metric,
    };
    let points = change(|score| score.total);
    let places = change(|score| score.rank.map(Decimal::from));
    let score = Metric::new(request.say("Điểm PCI", "PCI score"), now.result.total)
        .format(Format::Decimal(2))
        .unit(request.say("điểm", "points"))
        .change(points, Format::ChangeUp(2));
    let rank = Metric::new(request.say("Hạng", "Rank"), now.result.rank)
        .format(Format::Integer)
        .unit(format!("/{provinces}"))
        .change(places, Format::ChangeDown(0));
    let mut metrics = vec![noted(score, points.is_some()), noted(rank, places.is_some())];
    if let Some((place, name)) = now.definition.group(&now.result, request.language()) {
        let metric = Metric::new(request.say("Nhóm", "Group"), name).format(Format::Badge);
        metrics.push(metric.tone(now.definition.group_tone(place)));
    }
    if let Some(computed) = now.computed {
        let metric =
            Metric::new(request.say("Điểm tính lại", "Computed total"), computed).format(Format::Decimal(2));
        metrics.push(match arithmetic::gap(now.result.total, now.computed) {
            Some(_) => metric.tone(Tone::Warning).note(
                request.say("Lệch quá 0,05 so với điểm công bố", "More than 0.05 from the published score"),
            ),
            None => metric,
        });
    }
    metrics
}

fn radar(request: &Request, name: &str, standings: &[Standing<'_>], provinces: usize) -> Chart {
    let language = request.language();
    Chart::new(
        ChartKind::Radar,
        "radar",
        request.say("So với tỉnh tốt nhất và trung vị", "Against the best and the median"),
        standings.iter().map(|standing| standing.component.name(language)),
    )
    .series(Series::new(name, standings.iter().map(|standing| standing.score)).emphasised())
    .series(Series::new(request.say("Tốt nhất", "Best"), standings.iter().map(|standing| standing.best)))
    .series(Series::new(request.say("Trung vị", "Median"), standings.iter().map(|standing| standing.median)))
    .axis(Axis::new().from_to(0_i64, 10_i64))
    .format(Format::Decimal(2))
    .note(request.say(
        &format!("Tốt nhất và trung vị tính trên {provinces} tỉnh có kết quả trong kỳ."),
        &format!("Best and median are of the {provinces} provinces with results in this edition."),
    ))
}

fn components(request: &Request, standings: &[Standing<'_>]) -> Table {
    let language = request.language();
    let weighted = standings.iter().any(|standing| standing.component.weight.is_some());
    let mut table = Table::of("components", standings)
        .column(
            Head::new("component", request.say("Chỉ số thành phần", "Component")).wide().frozen(),
            |standing| standing.component.name(language).to_owned(),
        )
        .column(Head::new("score", request.say("Điểm", "Score")).decimal(2), |standing| {
            score(standing.score)
        })
        .column(Head::new("best", request.say("Tốt nhất", "Best")).decimal(2), |standing| {
            score(standing.best)
        })
        .column(Head::new("median", request.say("Trung vị", "Median")).decimal(2), |standing| {
            score(standing.median)
        })
        .column(
            Head::new("difference", request.say("So với trung vị", "Against the median"))
                .format(Format::ChangeUp(2)),
            |standing| Some(standing.score? - standing.median?),
        )
        .column(Head::new("place", request.say("Thứ bậc", "Place")).format(Format::Integer), |standing| {
            standing.place.map(|(place, _)| place)
        })
        .column(
            Head::new("of", request.say("Trên số tỉnh", "Of")).format(Format::Integer).narrow(),
            |standing| standing.place.map(|(_, of)| of),
        );
    if weighted {
        table = table.column(
            Head::new("weight", request.say("Trọng số", "Weight")).format(Format::Percent(0)).narrow(),
            |standing| standing.component.weight,
        );
    }
    table.build().note(source(request))
}

fn trend(request: &Request, years: &[Year]) -> Section {
    let chart = Chart::new(
        ChartKind::Line,
        "trend",
        request.say("Điểm PCI và hạng qua các năm", "PCI score and rank over the years"),
        years.iter().map(|year| year.result.year.to_string()),
    )
    .series(Series::new(request.say("Điểm PCI", "PCI score"), years.iter().map(|year| year.result.total)).emphasised())
    .series(Series::new(request.say("Hạng", "Rank"), years.iter().map(|year| year.result.rank)).on_second_axis())
    .axis(Axis::new().title(request.say("Điểm", "Score")))
    .second_axis(Axis::new().title(request.say("Hạng", "Rank")).reversed())
    .format(Format::Decimal(2))
    .note(request.say(
        "Cách tính, trọng số và bộ chỉ số thay đổi theo kỳ; điểm các kỳ khác cách tính không so sánh trực tiếp được.",
        "Method, weights and components change with the edition; scores of different methods do not compare directly.",
    ));
    Section::new("over-years", request.say("Diễn biến qua các năm", "Over the years")).block(chart)
}

/// The components over the years: one row for each year, the latest first.
fn history(request: &Request, years: &[Year], code: &str) -> Section {
    let language = request.language();
    let latest_first: Vec<&Year> = years.iter().rev().collect();
    // Every component that some edition has, in the order and with the names of the latest that has it.
    let mut known: Vec<&Component> = Vec::new();
    for component in latest_first.iter().flat_map(|year| &year.definition.components) {
        if !known.iter().any(|other| other.key == component.key) {
            known.push(component);
        }
    }
    let mut table = Table::of("history", &latest_first)
        .column(
            Head::new("year", request.say("Năm", "Year")).format(Format::Year).narrow().frozen(),
            |year| Cell::new(year.result.year).to(profile_of(code, Some(year.result.year))),
        )
        .column(Head::new("rank", request.say("Hạng", "Rank")).format(Format::Integer).narrow(), |year| {
            Cell::new(year.result.rank).or(NOT_AVAILABLE)
        })
        .column(Head::new("total", request.say("Điểm PCI", "PCI score")).decimal(2), |year| {
            score(year.result.total)
        })
        .column(Head::new("computed", request.say("Điểm tính lại", "Computed")).decimal(2), |year| {
            let cell = Cell::new(year.computed);
            match arithmetic::gap(year.result.total, year.computed) {
                Some(_) => cell.tone(Tone::Warning).note(
                    request
                        .say("Lệch quá 0,05 so với điểm công bố", "More than 0.05 from the published score"),
                ),
                None => cell.or("–"),
            }
        });
    for component in known {
        let head = Head::new(component.key.replace('_', "-"), component.name(language))
            .under(request.say("Chỉ số thành phần", "Components"))
            .decimal(2)
            .narrow();
        table = table.column(head, |year| {
            match year.definition.components.iter().find(|own| own.key == component.key) {
                Some(own) => score(own.score(&year.result)),
                // The edition has no such component.
                None => Cell::new(None).or("–"),
            }
        });
    }
    let table = table
        .build()
        .caption(request.say("Chỉ số thành phần qua các năm", "Components over the years"))
        .note(format!("{} {}", source(request), method(request)));
    Section::new("figures", request.say("Số liệu qua các năm", "Figures over the years")).block(table)
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
        let standing_of = |result: &Stored<Score>| standing(&component, result, &all);
        let own = standing_of(&all[3]);
        assert_eq!(own.place, Some((2, 3)));
        assert_eq!((own.best, own.median), (all[0].component[0], all[3].component[0]));
        assert_eq!(standing_of(&all[2]).place, None);
    }
}
