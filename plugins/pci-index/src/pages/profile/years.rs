//! The way of a province over the years.

use dinh_sdk::prelude::*;

use super::Year;
use crate::arithmetic;
use crate::model::Component;
use crate::pages::{NOT_AVAILABLE, method, profile_of, score, source};

/// Total and rank as lines.
pub(super) fn trend(request: &Request, years: &[Year]) -> Section {
    let chart = Chart::new(
        ChartKind::Line,
        "trend",
        request.say("Điểm PCI và hạng qua các năm", "PCI score and rank over the years"),
        years.iter().map(|year| year.result.year.to_string()),
    )
    .series(Series::new(request.say("Điểm PCI", "PCI score"), years.iter().map(|year| year.result.total)).emphasised())
    .series(Series::new(request.say("Hạng", "Rank"), years.iter().map(|year| year.result.rank)).on_second_axis())
    .axis(Axis::new().title(request.say("Điểm", "Score")))
    .second_axis(Axis::new().title(request.say("Hạng", "Rank")).starting_at(1_i64).reversed())
    .format(Format::Decimal(2))
    .note(request.say(
        "Cách tính, trọng số và bộ chỉ số thay đổi theo kỳ; điểm các kỳ khác cách tính không so sánh trực tiếp được.",
        "Method, weights and components change with the edition; scores of different methods do not compare directly.",
    ));
    Section::new("over-years", request.say("Diễn biến qua các năm", "Over the years")).block(chart)
}

/// The components over the years: one row for each year, the latest first.
pub(super) fn history(request: &Request, years: &[Year], code: &str) -> Section {
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
        });
    if years.iter().any(|year| year.computed.is_some()) {
        let head = Head::new("computed", request.say("Điểm tính lại", "Computed")).decimal(2);
        table = table.column(head, |year| {
            let cell = Cell::new(year.computed).or("–");
            match arithmetic::gap(year.result.total, year.computed) {
                Some(_) => cell.tone(Tone::Warning).note(
                    request
                        .say("Lệch quá 0,05 so với điểm công bố", "More than 0.05 from the published score"),
                ),
                None => cell,
            }
        });
    }
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
