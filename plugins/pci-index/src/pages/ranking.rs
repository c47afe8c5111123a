//! The ranking of an edition.

use dinh_sdk::access;
use dinh_sdk::prelude::*;

use super::{NOT_AVAILABLE, edition_field, method, no_edition, profile_of, score, source};
use crate::arithmetic;
use crate::edition::{Definition, Provinces, asked, editions, results};
use crate::model::Score;
use crate::permission;

/// What the page may be asked for.
#[derive(Query)]
struct Asked {
    edition: Option<i64>,
    /// Words of the province's name.
    q: Option<String>,
    /// Name of a group, in Vietnamese.
    group: Option<String>,
}

/// One row of the table.
struct Line<'a> {
    result: &'a Stored<Score>,
    name: &'a str,
    computed: Option<Decimal>,
    gap: Option<Decimal>,
    group: Option<(Option<usize>, String)>,
}

/// Draws the ranking.
pub(crate) fn draw(request: &Request) -> Result<Page> {
    let title = request.say("Xếp hạng PCI", "PCI ranking");
    let query: Asked = request.query()?;
    let editions = editions()?;
    let Some(year) = asked(request, &editions, query.edition)? else {
        return Ok(no_edition(request, title));
    };
    let Some(definition) = Definition::load(year)? else { return Ok(no_edition(request, title)) };
    let provinces = Provinces::on(definition.edition.provinces_as_of)?;
    let results = results(year)?;
    let all: Vec<Line<'_>> =
        results.iter().map(|result| line(result, &definition, &provinces, request)).collect();
    let flagged = all.iter().filter(|line| line.gap.is_some()).count();
    let metrics = metrics(request, &all, provinces.len(), flagged);
    let mut lines = filter(all, &query);
    sort(&mut lines, request.sorting().as_ref(), &definition);
    let table = table(request, &definition, &lines, query.q.is_some() || query.group.is_some());
    Ok(Page::new(title)
        .subtitle(format!("PCI {year}"))
        .action(Action::open(request.say("So sánh các tỉnh", "Compare provinces"), compare_of(year, &[])))
        .block(filters(request, &editions, &definition, year, &query))
        .block(metrics)
        .block_some(gaps(request, flagged))
        .block(table))
}

fn line<'a>(
    result: &'a Stored<Score>,
    definition: &Definition,
    provinces: &'a Provinces,
    request: &Request,
) -> Line<'a> {
    let computed = definition.computed(result);
    Line {
        result,
        name: provinces.name(&result.province.0),
        computed,
        gap: arithmetic::gap(result.total, computed),
        group: definition.group(result, request.language()),
    }
}

fn filter<'a>(lines: Vec<Line<'a>>, query: &Asked) -> Vec<Line<'a>> {
    let named =
        |line: &Line<'_>| query.q.as_ref().is_none_or(|words| dinh_sdk::text::matches(line.name, words));
    let grouped = |line: &Line<'_>| {
        let published = line.result.group.as_deref().map(dinh_sdk::text::fold);
        query.group.as_ref().is_none_or(|group| published == Some(dinh_sdk::text::fold(group)))
    };
    lines.into_iter().filter(|line| named(line) && grouped(line)).collect()
}

/// Sorts by the column asked for, by rank otherwise. Rows without a value come last either way, equal ones
/// in the order of their names.
fn sort(lines: &mut [Line<'_>], sorting: Option<&Sorting>, definition: &Definition) {
    let column = sorting.map_or("rank", |sorting| sorting.column.as_str());
    let descending = sorting.is_some_and(|sorting| sorting.descending);
    let component = definition.components.iter().find(|component| column_key(&component.key) == column);
    let value = |line: &Line<'_>| match column {
        "total" => line.result.total,
        "computed" => line.computed,
        "gap" => line.gap,
        "group" => line.group.as_ref().and_then(|(place, _)| *place).map(Decimal::from),
        _ => match component {
            Some(component) => component.score(line.result),
            None => line.result.rank.map(Decimal::from),
        },
    };
    // Names first; sorting by the value keeps that order among equals.
    lines.sort_by_cached_key(|line| dinh_sdk::text::sort_key(line.name));
    if column == "province" {
        if descending {
            lines.reverse();
        }
        return;
    }
    lines.sort_by(|one, other| match (value(one), value(other)) {
        (Some(one), Some(other)) if descending => other.cmp(&one),
        (Some(one), Some(other)) => one.cmp(&other),
        (one, other) => one.is_none().cmp(&other.is_none()),
    });
}

/// The key of a component's column: keys of files have underscores, keys of columns hyphens.
fn column_key(key: &str) -> String {
    key.replace('_', "-")
}

fn table(request: &Request, definition: &Definition, lines: &[Line<'_>], narrowed: bool) -> Table {
    let year = definition.edition.year;
    let language = request.language();
    let components = request.say("Chỉ số thành phần", "Components");
    let mut table = Table::of("ranking", lines)
        .column(
            Head::new("rank", request.say("Hạng", "Rank"))
                .format(Format::Integer)
                .narrow()
                .frozen()
                .sortable(),
            |line| Cell::new(line.result.rank).or(NOT_AVAILABLE),
        )
        .column(
            Head::new("province", request.say("Tỉnh, thành phố", "Province")).frozen().sortable(),
            |line| Cell::new(line.name).to(profile_of(&line.result.province.0, Some(year))),
        )
        .column(Head::new("total", request.say("Điểm PCI", "PCI score")).decimal(2).sortable(), |line| {
            score(line.result.total)
        });
    if definition.weights_known() {
        table = table
            .column(
                Head::new("computed", request.say("Điểm tính lại", "Computed")).decimal(2).sortable(),
                |line| score(line.computed),
            )
            .column(Head::new("gap", request.say("Lệch", "Gap")).decimal(2).narrow().sortable(), |line| {
                let cell = Cell::new(line.gap);
                if line.gap.is_some() {
                    cell.tone(Tone::Warning).note(request.say("Quá 0,05", "Above 0.05"))
                } else {
                    cell
                }
            });
    }
    table = table.column(
        Head::new("group", request.say("Nhóm", "Group")).format(Format::Badge).sortable(),
        |line| {
            let place = line.group.as_ref().and_then(|(place, _)| *place);
            Cell::new(line.group.as_ref().map(|(_, name)| name.clone())).tone(definition.group_tone(place))
        },
    );
    for component in &definition.components {
        let mut head = Head::new(column_key(&component.key), component.name(language))
            .under(components)
            .decimal(2)
            .narrow()
            .sortable();
        if let Some(weight) = component.weight {
            head = head.help(format!("{} {} %", request.say("Trọng số", "Weight"), weight.normalize()));
        }
        table = table.column(head, |line| score(component.score(line.result)));
    }
    let mut table = table
        .row_key(|line| line.result.province.0.clone())
        .build()
        .caption(format!("{} PCI {year}", request.say("Bảng xếp hạng", "Ranking")))
        .sorted(Some(Sorting { column: "rank".into(), descending: false }))
        .sorted(request.sorting())
        .empty(if narrowed {
            request.say("Không có tỉnh nào phù hợp.", "No province fits.")
        } else {
            request.say("Kỳ này chưa có kết quả.", "This edition has no results yet.")
        })
        .note(format!("{} {}", source(request), method(request)))
        .bulk_action(Action::submit(request.say("So sánh", "Compare"), "compare"));
    if access::may_somewhere(permission::IMPORT) {
        let remove = Action::submit(request.say("Xoá kết quả", "Remove results"), "delete").danger();
        table = table.bulk_action(remove.confirm(request.say(
            &format!("Xoá kết quả PCI {year} của các tỉnh đã chọn?"),
            &format!("Remove the results of the selected provinces from PCI {year}?"),
        )));
    }
    table
}

fn filters(
    request: &Request,
    editions: &[Stored<crate::model::Edition>],
    definition: &Definition,
    year: i64,
    query: &Asked,
) -> Filters {
    let mut fields = vec![
        edition_field(request, editions, year),
        Field::text("q", request.say("Tên tỉnh", "Name"))
            .help(request.say("Gõ có dấu hoặc không dấu", "With or without diacritics"))
            .value(query.q.clone())
            .width(4),
    ];
    if !definition.groups.is_empty() {
        let named = |group: &Stored<crate::model::Group>| {
            Choice::new(group.name_vi.clone(), request.say(&group.name_vi, &group.name_en))
        };
        let choices = definition.groups.iter().map(named).collect();
        let field = Field::choice("group", request.say("Nhóm", "Group"), choices);
        fields.push(field.value(query.group.clone()).width(3));
    }
    Filters::new(fields).submit(request.say("Xem", "Show"))
}

fn metrics(request: &Request, lines: &[Line<'_>], provinces: usize, flagged: usize) -> Vec<Metric> {
    let totals = || lines.iter().filter_map(|line| line.result.total);
    let best = lines.iter().filter(|line| line.result.total.is_some()).max_by_key(|line| line.result.total);
    let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    let mut metrics = vec![
        Metric::new(request.say("Tỉnh có kết quả", "Provinces with results"), count(lines.len()))
            .unit(format!("/{provinces}")),
        Metric::new(request.say("Điểm cao nhất", "Highest score"), best.and_then(|line| line.result.total))
            .format(Format::Decimal(2))
            .note(best.map_or("", |line| line.name)),
        Metric::new(request.say("Trung vị", "Median"), arithmetic::median(totals()))
            .format(Format::Decimal(2)),
    ];
    if flagged > 0 {
        let metric = Metric::new(request.say("Điểm lệch quá 0,05", "Gaps above 0.05"), count(flagged));
        metrics.push(metric.tone(Tone::Warning));
    }
    metrics
}

fn gaps(request: &Request, flagged: usize) -> Option<Notice> {
    (flagged > 0).then(|| {
        Notice::warning(request.say(
            "Có điểm công bố lệch quá 0,05 so với điểm tính lại",
            "Some published scores are more than 0.05 from the computed ones",
        ))
        .text(request.say(
            "Điểm công bố được giữ nguyên. Hãy đối chiếu số liệu đã nhập với nguồn và kiểm tra trọng số của kỳ.",
            "Published scores are kept. Compare what was imported with the source, and check the edition's weights.",
        ))
    })
}

fn compare_of(year: i64, codes: &[String]) -> Address {
    Address::new("/compare").with("edition", year).with_all("province", codes)
}

/// The edition that the page of a submission shows.
fn shown(request: &Request) -> Result<i64> {
    let query: Asked = request.query()?;
    asked(request, &editions()?, query.edition)?.or_not_found("")
}

/// Goes to the comparison of the rows selected.
pub(crate) fn compare(request: &Request, submission: &Submission) -> Result<Outcome> {
    if submission.selected().is_empty() {
        return Err(Error::form(
            request.say("Hãy chọn các tỉnh cần so sánh.", "Select the provinces to compare."),
        ));
    }
    Ok(Outcome::done(compare_of(shown(request)?, submission.selected())))
}

/// Removes the results of the rows selected.
pub(crate) fn delete(request: &Request, submission: &Submission) -> Result<Outcome> {
    let year = shown(request)?;
    let selected = submission.selected();
    if selected.is_empty() {
        return Err(Error::form(
            request.say("Hãy chọn các tỉnh cần xoá.", "Select the provinces to remove."),
        ));
    }
    let mut removed = 0;
    for result in results(year)?.into_iter().filter(|result| selected.contains(&result.province.0)) {
        result.delete()?;
        removed += 1;
    }
    let said = request
        .say(
            &format!("Đã xoá kết quả PCI {year} của {removed} tỉnh"),
            &format!("Removed the results of {removed} provinces from PCI {year}"),
        )
        .to_owned();
    Ok(Outcome::done(Address::new("/").with("edition", year)).saying(said))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edition::tests::stored;
    use crate::model::{Edition, SLOTS};

    fn result(code: &str, rank: Option<i64>, total: Option<i64>) -> Stored<Score> {
        let total = total.map(|total| Decimal::new(total, 2));
        let (province, group) = (Code(code.into()), Some("Tốt".into()));
        stored(1, Score { year: 2021, province, total, rank, group, component: [None; SLOTS] })
    }

    fn definition() -> Definition {
        let edition =
            Edition { year: 2021, provinces_as_of: dinh_sdk::jiff::civil::date(2021, 12, 31), note: None };
        Definition { edition: stored(1, edition), components: Vec::new(), groups: Vec::new() }
    }

    fn sorted(
        results: &[(&'static str, Stored<Score>)],
        column: &str,
        descending: bool,
    ) -> Vec<&'static str> {
        let mut lines: Vec<Line<'_>> = results
            .iter()
            .map(|(name, result)| Line { result, name, computed: None, gap: None, group: None })
            .collect();
        sort(&mut lines, Some(&Sorting { column: column.into(), descending }), &definition());
        lines.iter().map(|line| results.iter().find(|(name, _)| *name == line.name).unwrap().0).collect()
    }

    #[test]
    fn rows_without_a_value_come_last_in_either_direction() {
        let results = [
            ("Cần Thơ", result("92", None, None)),
            ("Đà Nẵng", result("48", Some(4), Some(7042))),
            ("Cà Mau", result("96", None, Some(6000))),
            ("Hải Phòng", result("31", Some(2), Some(7061))),
        ];
        assert_eq!(sorted(&results, "rank", false), ["Hải Phòng", "Đà Nẵng", "Cà Mau", "Cần Thơ"]);
        assert_eq!(sorted(&results, "rank", true), ["Đà Nẵng", "Hải Phòng", "Cà Mau", "Cần Thơ"]);
        assert_eq!(sorted(&results, "total", true), ["Hải Phòng", "Đà Nẵng", "Cà Mau", "Cần Thơ"]);
        assert_eq!(sorted(&results, "province", true), ["Hải Phòng", "Đà Nẵng", "Cần Thơ", "Cà Mau"]);
    }

    #[test]
    fn names_are_found_without_diacritics_and_groups_by_name() {
        let results =
            [("Thừa Thiên Huế", result("46", Some(8), None)), ("Đà Nẵng", result("48", Some(4), None))];
        let lines = || {
            results.iter().map(|(name, result)| Line { result, name, computed: None, gap: None, group: None })
        };
        let found = |q: Option<&str>, group: Option<&str>| {
            let query = Asked { edition: None, q: q.map(str::to_owned), group: group.map(str::to_owned) };
            filter(lines().collect(), &query).iter().map(|line| line.name).collect::<Vec<_>>()
        };
        assert_eq!(found(Some("da nang"), None), ["Đà Nẵng"]);
        assert_eq!(found(Some("HUẾ"), Some("Tốt")), ["Thừa Thiên Huế"]);
        assert_eq!(found(None, Some("Khá")), Vec::<&str>::new());
    }
}
