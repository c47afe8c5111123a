//! Báo cáo B01/ĐP: dues of a quarter over an organisation and all below it, by type of Party committee.
//!
//! Each organisation contributes to each row by itself ([`contribution`]); a figure is the sum of contributions, so it can
//! be taken apart again, down to entries. What one organisation of the report hands to another of it is no remittance of
//! the report: rows 12 and 13 hold what left it. So of the Provincial committee's own report they hold what it handed to
//! the centre, and what was collected is what was kept (08), what left (13) and what is yet to be handed up.
//!
//! The form as we know it has rows for what cells, grassroots committees and their immediate superiors keep. A report of
//! the Provincial committee has one more for what that keeps itself ([`rows`]), without a Mã số until the guidance of
//! Quy định 01-QĐ/TW gives it one.

use dinh_sdk::Words;

use super::organisations::{Kind, Level};

/// What an organisation did in a span of months, in đồng but for the members.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// Collected from its own members.
    pub collected: i64,
    /// Kept by itself.
    pub retained: i64,
    /// Handed up and confirmed there.
    pub remitted: i64,
}

/// An organisation of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// Its column.
    pub kind: Kind,
    /// Who keeps what.
    pub level: Level,
    /// Whether what it hands up leaves the report.
    pub outermost: bool,
    /// Its members at the quarter's end.
    pub members: i64,
    /// In the quarter.
    pub quarter: Figures,
    /// From January on.
    pub year: Figures,
}

/// A row of the form, with its Mã số.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// Thứ tự.
    pub number: &'static str,
    /// Chỉ tiêu.
    pub title: Words,
    /// Mã số; what names the row in addresses where the form has none ([`has_code`](Self::has_code)).
    pub code: &'static str,
    /// A count of members rather than money.
    pub counts: bool,
    /// How deep it stands below the row that adds it up.
    pub depth: u8,
}

impl Row {
    /// Whether the form gives it a Mã số.
    pub fn has_code(&self) -> bool {
        !matches!(self.code, KEPT_BY_PROVINCE | KEPT_BY_PROVINCE_IN_YEAR)
    }

    /// Whether it counts from January on, not the quarter alone.
    pub fn is_of_year(&self) -> bool {
        matches!(self.code, "03" | "08" | "09" | "10" | "11" | KEPT_BY_PROVINCE_IN_YEAR | "13")
    }
}

/// What the Provincial committee kept in the quarter.
const KEPT_BY_PROVINCE: &str = "04d";
/// The same from January on.
const KEPT_BY_PROVINCE_IN_YEAR: &str = "08d";

const fn row(number: &'static str, code: &'static str, depth: u8, vi: &'static str, en: &'static str) -> Row {
    Row { number, title: Words::new(vi, en), code, counts: false, depth }
}

/// The rows of the form, in order.
pub const ROWS: [Row; 13] = [
    Row {
        counts: true,
        ..row("1", "01", 0, "Tổng số đảng viên có đến cuối kỳ báo cáo", "Members at the end")
    },
    row("2", "02", 0, "Đảng phí đã thu kỳ này", "Dues collected in the quarter"),
    row("3", "03", 0, "Đảng phí đã thu luỹ kế từ đầu năm", "Dues collected from January on"),
    row("4", "04", 0, "Đảng phí trích giữ lại kỳ này (04=05+06+07)", "Retained in the quarter (04=05+06+07)"),
    row("a", "05", 1, "Chi bộ", "Cells"),
    row("b", "06", 1, "Đảng uỷ cơ sở", "Grassroots committees"),
    row("c", "07", 1, "Cấp trên trực tiếp cơ sở", "Their immediate superiors"),
    row(
        "5",
        "08",
        0,
        "Đảng phí trích giữ lại luỹ kế từ đầu năm (08=09+10+11)",
        "Retained from January on (08=09+10+11)",
    ),
    row("a", "09", 1, "Chi bộ", "Cells"),
    row("b", "10", 1, "Đảng uỷ cơ sở", "Grassroots committees"),
    row("c", "11", 1, "Cấp trên trực tiếp cơ sở", "Their immediate superiors"),
    row("6", "12", 0, "Đảng phí đã nộp cấp trên kỳ này", "Remitted in the quarter"),
    row("7", "13", 0, "Đảng phí đã nộp cấp trên luỹ kế từ đầu năm", "Remitted from January on"),
];

/// The rows of a report of these organisations: those of the form, and where the Provincial committee is one of them,
/// what it kept itself.
pub fn rows<'a>(parts: impl IntoIterator<Item = &'a Part>) -> Vec<Row> {
    if !parts.into_iter().any(|part| part.level == Level::Province) {
        return ROWS.to_vec();
    }
    let province = |code| row("d", code, 1, "Tỉnh uỷ", "Provincial committee");
    let mut rows = Vec::with_capacity(ROWS.len() + 2);
    for known in ROWS {
        match known.code {
            "04" => rows.push(Row {
                title: Words::new(
                    "Đảng phí trích giữ lại kỳ này (04=05+06+07+d)",
                    "Retained in the quarter (04=05+06+07+d)",
                ),
                ..known
            }),
            "08" => rows.extend([
                province(KEPT_BY_PROVINCE),
                Row {
                    title: Words::new(
                        "Đảng phí trích giữ lại luỹ kế từ đầu năm (08=09+10+11+d)",
                        "Retained from January on (08=09+10+11+d)",
                    ),
                    ..known
                },
            ]),
            "12" => rows.extend([province(KEPT_BY_PROVINCE_IN_YEAR), known]),
            _ => rows.push(known),
        }
    }
    rows
}

/// What an organisation contributes to the row of a code.
pub fn contribution(part: &Part, code: &str) -> i64 {
    let at = |level, figures: Figures| if part.level == level { figures.retained } else { 0 };
    let left = |figures: Figures| if part.outermost { figures.remitted } else { 0 };
    match code {
        "01" => part.members,
        "02" => part.quarter.collected,
        "03" => part.year.collected,
        "04" => part.quarter.retained,
        "05" => at(Level::Cell, part.quarter),
        "06" => at(Level::Grassroots, part.quarter),
        "07" => at(Level::Superior, part.quarter),
        KEPT_BY_PROVINCE => at(Level::Province, part.quarter),
        "08" => part.year.retained,
        "09" => at(Level::Cell, part.year),
        "10" => at(Level::Grassroots, part.year),
        "11" => at(Level::Superior, part.year),
        KEPT_BY_PROVINCE_IN_YEAR => at(Level::Province, part.year),
        "12" => left(part.quarter),
        "13" => left(part.year),
        _ => 0,
    }
}

/// A figure of the report: of one column, or the sum of all.
pub fn figure<'a>(parts: impl IntoIterator<Item = &'a Part>, code: &str, column: Option<Kind>) -> i64 {
    let parts = parts.into_iter().filter(|part| column.is_none_or(|kind| part.kind == kind));
    parts.fold(0_i64, |sum, part| sum.saturating_add(contribution(part, code)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(kind: Kind, level: Level, collected: i64, retained: i64, remitted: i64) -> Part {
        let quarter = Figures { collected, retained, remitted };
        let year = Figures { collected: collected * 2, retained: retained * 2, remitted: remitted * 2 };
        Part { kind, level, outermost: level == Level::Superior, members: 10, quarter, year }
    }

    #[test]
    fn a_report_adds_up_by_type_and_level_and_holds_only_what_left_it() {
        let parts = [
            part(Kind::Commune, Level::Cell, 1_000, 500, 500),
            part(Kind::Commune, Level::Grassroots, 0, 400, 100),
            part(Kind::Other, Level::Superior, 200, 150, 150),
        ];
        let row = |code| {
            let column = |kind| figure(&parts, code, Some(kind));
            (column(Kind::Commune), column(Kind::Enterprise), column(Kind::Other), figure(&parts, code, None))
        };
        assert_eq!(row("01"), (20, 0, 10, 30));
        assert_eq!(row("02"), (1_000, 0, 200, 1_200));
        assert_eq!(row("03"), (2_000, 0, 400, 2_400));
        assert_eq!(row("04"), (900, 0, 150, 1_050));
        assert_eq!((row("05").3, row("06").3, row("07").3), (500, 400, 150));
        assert_eq!((row("08").3, row("09").3, row("10").3, row("11").3), (2_100, 1_000, 800, 300));
        assert_eq!((row("12"), row("13").3), ((0, 0, 150, 150), 300));
    }

    #[test]
    fn a_report_of_the_province_has_a_row_for_what_it_kept_and_nothing_left_it_but_to_the_centre() {
        // 100.000 đ collected by a cell: 50.000 kept there, 30.000 by the committee above, 20.000 received by the province.
        let below = [
            part(Kind::Other, Level::Cell, 100_000, 50_000, 50_000),
            Part { outermost: false, ..part(Kind::Other, Level::Superior, 0, 30_000, 20_000) },
        ];
        let province = Part { outermost: true, ..part(Kind::Other, Level::Province, 0, 20_000, 0) };
        let all = [below[0], below[1], province];
        let codes: Vec<&str> = rows(&all).iter().map(|row| row.code).collect();
        assert_eq!(
            codes,
            ["01", "02", "03", "04", "05", "06", "07", "04d", "08", "09", "10", "11", "08d", "12", "13"]
        );
        assert_eq!(rows(&below), ROWS);
        let at = |code| figure(&all, code, None);
        assert_eq!((at("04"), at("05"), at("06"), at("07"), at("04d")), (100_000, 50_000, 0, 30_000, 20_000));
        assert_eq!((at("08"), at("08d"), at("12"), at("13")), (200_000, 40_000, 0, 0));
        assert!(rows(&all).iter().all(|row| row.has_code() != row.code.ends_with('d')));
    }
}
