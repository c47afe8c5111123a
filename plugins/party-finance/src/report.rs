//! The organisations of a report B01/ĐP, from their books.

use dinh_sdk::access;
use dinh_sdk::prelude::*;

use crate::book::{self, Tables};
use crate::month::Month;
use crate::permission;
use crate::rules::book::Line;
use crate::rules::report::{Figures, Part};

/// An organisation of the report.
pub(crate) struct Reported {
    pub(crate) unit: UnitId,
    pub(crate) part: Part,
    /// The month of the quarter in which its members were last counted.
    pub(crate) counted: Option<Month>,
}

/// What a report covers.
pub(crate) struct Report {
    pub(crate) organisations: Vec<Reported>,
    /// Organisations whose shares are not known: what they retain is not in it.
    pub(crate) undivided: Vec<UnitId>,
}

/// The quarter that a month is in: its first and last month.
pub(crate) fn quarter(month: Month) -> (Month, Month) {
    let first = month.plus(-i32::from((month.number() - 1) % 3));
    (first, first.plus(2))
}

/// An organisation and all below it, in the quarter of a month. Refused where the reader may not see one of them: a sum
/// that leaves something out would be wrong.
pub(crate) fn of(request: &Request, top: UnitId, month: Month, tables: &Tables) -> Result<Report> {
    let (first, last) = quarter(month);
    let covered = tables.organisations.within(top, last.last_day());
    let hidden: Vec<String> = covered
        .iter()
        .filter(|placed| !access::may(permission::READ, placed.unit))
        .map(|placed| crate::pages::unit_name(placed.unit))
        .collect();
    if !hidden.is_empty() {
        let names = hidden.join(", ");
        return Err(Error::Denied(
            request
                .say(
                    &format!("Báo cáo gồm tổ chức mà bạn chưa có quyền xem sổ: {names}."),
                    &format!("The report covers organisations whose ledgers you may not see: {names}."),
                )
                .to_owned(),
        ));
    }
    let january = first.plus(1 - i32::from(first.number()));
    let mut report = Report { organisations: Vec::new(), undivided: Vec::new() };
    for placed in &covered {
        let book = book::of_unit(request, placed.unit, last, tables)?;
        if book.lines.range(january..).any(|(_, line)| line.divided.is_none()) {
            report.undivided.push(placed.unit);
        }
        let stays = placed.upper.is_some_and(|upper| covered.iter().any(|other| other.unit == upper));
        let of_quarter = book.sum(first, last);
        let counted = book.lines.range(first..=last).rfind(|(_, line)| line.activity.members > 0);
        let part = Part {
            kind: placed.kind,
            level: placed.level,
            outermost: !stays,
            members: of_quarter.activity.members,
            quarter: figures(&of_quarter),
            year: figures(&book.sum(january, last)),
        };
        report.organisations.push(Reported {
            unit: placed.unit,
            part,
            counted: counted.map(|(month, _)| *month),
        });
    }
    Ok(report)
}

fn figures(line: &Line) -> Figures {
    let turnover = line.activity.turnover;
    let retained = line.divided.unwrap_or_default().retained;
    Figures { collected: turnover.collected, retained, remitted: turnover.remitted }
}
