//! Up to five provinces side by side: their components in one edition, their totals and ranks over the
//! years.

use dinh_sdk::prelude::*;

use super::{NOT_AVAILABLE, edition_field, no_edition, profile_of, score, source};
use crate::edition::{Definition, Provinces, asked, editions, province};
use crate::model::{Component, Score};

/// Most provinces side by side: more lines than this cannot be told apart in a chart.
const MOST: usize = 5;

/// What the page may be asked for.
#[derive(Query)]
struct Asked {
    edition: Option<i64>,
    province: Vec<String>,
}

/// One of the provinces, with all its results.
struct Side {
    code: String,
    name: String,
    results: Vec<Stored<Score>>,
}

impl Side {
    fn in_year(&self, year: i64) -> Option<&Score> {
        self.results.iter().find(|result| result.year == year).map(|result| &result.record)
    }
}

/// Draws the comparison.
pub(crate) fn draw(request: &Request) -> Result<Page> {
    let title = request.say("So sánh các tỉnh", "Compare provinces");
    let query: Asked = request.query()?;
    let editions = editions()?;
    let Some(year) = asked(request, &editions, query.edition)? else { return Ok(no_edition(request, title)) };
    let Some(definition) = Definition::load(year)? else { return Ok(no_edition(request, title)) };
    let provinces = Provinces::on(definition.edition.provinces_as_of)?;
    let (codes, more) = codes(&query.province);
    let choices = provinces.iter().map(|named| Choice::new(named.code.clone(), named.name.clone())).collect();
    let filters = Filters::new(vec![
        edition_field(request, &editions, year),
        Field::choice_list("province", request.say("Tỉnh, thành phố", "Provinces"), choices)
            .help(request.say("Chọn từ 2 đến 5 tỉnh", "Choose 2 to 5"))
            .value(codes.clone()),
    ]);
    let mut page = Page::new(title)
        .subtitle(format!("PCI {year}"))
        .breadcrumb(request.say("Xếp hạng PCI", "PCI ranking"), Address::new("/").with("edition", year))
        .block(filters.submit(request.say("So sánh", "Compare")));
    if more {
        page = page.block(Notice::warning(request.say(
            "Chỉ so sánh được nhiều nhất 5 tỉnh; trang này dùng 5 tỉnh đầu tiên",
            "At most 5 provinces can be compared; this page shows the first 5",
        )));
    }
    if codes.is_empty() {
        return Ok(page.block(Notice::info(
            request.say("Hãy chọn các tỉnh cần so sánh", "Choose provinces to compare"),
        )));
    }
    if codes.len() == 1 {
        page = page.block(Notice::info(request.say(
            "Mới chọn một tỉnh: hãy chọn thêm ít nhất một tỉnh để so sánh",
            "Only one province is chosen: choose at least one more to compare",
        )));
    }
    let mut sides = Vec::new();
    for code in codes {
        let name = province(request, &code)?.name(request.language()).to_owned();
        let results = Score::all()
            .filter(Score::PROVINCE.is(Code(code.clone())))
            .order_by(Score::YEAR.ascending())
            .list()?;
        sides.push(Side { code, name, results });
    }
    let section = Section::new("in-edition", request.say("Chỉ số thành phần", "Components"));
    Ok(page
        .section(section.block(radar(request, &definition, &sides)).block(components(
            request,
            &definition,
            &sides,
        )))
        .section(over_years(request, &sides)))
}

/// The first codes asked for, each once; and whether there are more than can be compared.
fn codes(asked: &[String]) -> (Vec<String>, bool) {
    let mut codes: Vec<String> = Vec::new();
    for code in asked {
        if !codes.contains(code) {
            codes.push(code.clone());
        }
    }
    let more = codes.len() > MOST;
    codes.truncate(MOST);
    (codes, more)
}

fn radar(request: &Request, definition: &Definition, sides: &[Side]) -> Chart {
    let language = request.language();
    let year = definition.edition.year;
    let chart = Chart::new(
        ChartKind::Radar,
        "radar",
        format!("{} {year}", request.say("Chỉ số thành phần năm", "Components of")),
        definition.components.iter().map(|component| component.name(language)),
    )
    .axis(Axis::new().from_to(0_i64, 10_i64))
    .format(Format::Decimal(2));
    sides.iter().fold(chart, |chart, side| {
        let result = side.in_year(year);
        let scores = definition.components.iter().map(|component| component.score(result?));
        chart.series(Series::new(&side.name, scores))
    })
}

/// A row of the table of components: a component, or the total.
enum Line<'a> {
    Component(&'a Component),
    Total,
}

fn components(request: &Request, definition: &Definition, sides: &[Side]) -> Table {
    let language = request.language();
    let year = definition.edition.year;
    let lines: Vec<Line<'_>> = definition
        .components
        .iter()
        .map(|component| Line::Component(component))
        .chain([Line::Total])
        .collect();
    let mut table = Table::of("components", &lines)
        .column(Head::new("component", request.say("Chỉ số", "Index")).wide().frozen(), |line| {
            match line {
                Line::Component(component) => component.name(language),
                Line::Total => request.say("Điểm PCI", "PCI score"),
            }
            .to_owned()
        })
        .row_kind(|line| matches!(line, Line::Total).then_some(RowKind::Total));
    for side in sides {
        let value = |line: &Line<'_>| {
            let result = side.in_year(year)?;
            match line {
                Line::Component(component) => component.score(result),
                Line::Total => result.total,
            }
        };
        let best = |line: &Line<'_>| {
            let all = sides.iter().filter_map(|side| {
                let result = side.in_year(year)?;
                match line {
                    Line::Component(component) => component.score(result),
                    Line::Total => result.total,
                }
            });
            all.max()
        };
        let head = Head::new(format!("p-{}", side.code), &side.name).decimal(2);
        table = table.column(head, |line| {
            let own = value(line);
            let cell = score(own);
            if sides.len() > 1 && own.is_some() && own == best(line) { cell.tone(Tone::Good) } else { cell }
        });
    }
    table
        .build()
        .caption(format!("{} PCI {year}", request.say("Chỉ số thành phần", "Components")))
        .note(source(request))
}

fn over_years(request: &Request, sides: &[Side]) -> Section {
    let mut years: Vec<i64> = sides.iter().flat_map(|side| &side.results).map(|result| result.year).collect();
    years.sort_unstable();
    years.dedup();
    let chart = Chart::new(
        ChartKind::Line,
        "trend",
        request.say("Điểm PCI qua các năm", "PCI score over the years"),
        years.iter().map(i64::to_string),
    )
    .format(Format::Decimal(2));
    let chart = sides.iter().fold(chart, |chart, side| {
        chart.series(Series::new(&side.name, years.iter().map(|year| side.in_year(*year)?.total)))
    });
    years.reverse();
    let mut table = Table::of("years", &years).column(
        Head::new("year", request.say("Năm", "Year")).format(Format::Year).narrow().frozen(),
        |year| *year,
    );
    for side in sides {
        let score_head = Head::new(format!("score-{}", side.code), request.say("Điểm", "Score"));
        table = table
            .column(score_head.under(&side.name).decimal(2), |year| {
                let result = side.in_year(*year);
                let cell = Cell::new(result.and_then(|result| result.total));
                match result {
                    Some(_) => cell.or(NOT_AVAILABLE).to(profile_of(&side.code, Some(*year))),
                    None => cell.or("–"),
                }
            })
            .column(
                Head::new(format!("rank-{}", side.code), request.say("Hạng", "Rank"))
                    .under(&side.name)
                    .format(Format::Integer)
                    .narrow(),
                |year| {
                    let result = side.in_year(*year);
                    let cell = Cell::new(result.and_then(|result| result.rank));
                    cell.or(if result.is_some() { NOT_AVAILABLE } else { "–" })
                },
            );
    }
    Section::new("over-years", request.say("Qua các năm", "Over the years")).block(chart).block(
        table
            .build()
            .caption(request.say("Điểm PCI và hạng qua các năm", "PCI score and rank over the years"))
            .note(source(request)),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_provinces_are_compared_each_once() {
        let asked = ["22", "31", "22", "38", "25", "48", "46"].map(str::to_owned);
        let (five, more) = codes(&asked);
        assert_eq!(five, ["22", "31", "38", "25", "48"]);
        assert!(more);
        assert_eq!(codes(&asked[..3]), (vec!["22".to_owned(), "31".into()], false));
    }
}
