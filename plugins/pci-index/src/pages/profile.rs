//! The profile of a province: its place in an edition, its components against the best and the median, and
//! its way over the years.

mod standing;
mod years;

use dinh_sdk::catalog;
use dinh_sdk::prelude::*;

use super::{edition_field, profile_of};
use crate::arithmetic;
use crate::edition::{Definition, Provinces, asked, editions, province, results};
use crate::model::Score;
use standing::Standing;
use years::{history, trend};

/// What the page may be asked for.
#[derive(Query)]
struct Asked {
    edition: Option<i64>,
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
    let entry = province(request, &code)?;
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
    let standing = Standing::of(&now.definition, &now.result, &results(year)?);
    let provinces = Provinces::on(now.definition.edition.provinces_as_of)?;
    Ok(page
        .block(metrics(request, now, before, provinces.len()))
        .section(
            Section::new("standing", request.say("Chỉ số thành phần", "Components"))
                .block(standing.radar(request, entry.name(request.language())))
                .block(standing.table(request)),
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
    let mut metrics = vec![noted(score, points.is_some())];
    if let Some(rank) = now.result.rank {
        let rank = Metric::new(request.say("Hạng", "Rank"), rank)
            .format(Format::Integer)
            .unit(format!("/{provinces}"))
            .change(places, Format::ChangeDown(0));
        metrics.push(noted(rank, places.is_some()));
    }
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
