//! What can be wrong with a line of scores, each with its remedy; and what should be looked at.

use dinh_sdk::prelude::*;

use crate::arithmetic;
use crate::edition::Definition;
use crate::import::{Findings, number};
use crate::model::{Component, Score};

pub(super) fn unknown_edition(request: &Request, row: u32, year: i64) -> SheetProblem {
    SheetProblem::new(
        row,
        format!("{} {year}", request.say("Chưa có kỳ PCI", "There is no edition")),
        request.say(
            "Nhập các chỉ số thành phần của kỳ tại trang “Các kỳ PCI”, hoặc sửa năm.",
            "Import the edition's components on the page “PCI editions”, or correct the year.",
        ),
    )
    .in_column("year")
}

pub(super) fn unknown_province(
    request: &Request,
    row: u32,
    name: &str,
    definition: &Definition,
) -> SheetProblem {
    let day = definition.edition.provinces_as_of.strftime("%d/%m/%Y");
    SheetProblem::new(
        row,
        request.say(
            &format!("“{name}” không có trong danh mục tỉnh tại ngày {day}"),
            &format!("“{name}” is not in the catalog of provinces as of {day}"),
        ),
        request.say(
            "Ghi tên hoặc mã tỉnh theo danh mục dùng chung.",
            "Write the name or the code of a province of the shared catalog.",
        ),
    )
    .in_column("province")
}

pub(super) fn duplicate(request: &Request, row: u32, name: &str, year: i64, line: u32) -> SheetProblem {
    SheetProblem::new(
        row,
        request.say(
            &format!("{name} năm {year} đã có ở dòng {line}"),
            &format!("{name} in {year} is also on line {line}"),
        ),
        request.say("Giữ lại một dòng.", "Keep one of the two."),
    )
    .in_column("province")
}

pub(super) fn foreign_component(request: &Request, row: u32, column: &str, year: i64) -> SheetProblem {
    SheetProblem::new(
        row,
        request.say(
            &format!("Kỳ PCI {year} không có chỉ số thành phần này"),
            &format!("Edition {year} has no such component"),
        ),
        request.say("Ghi N/A, hoặc sửa năm.", "Write N/A, or correct the year."),
    )
    .in_column(column)
}

/// Said once for an edition, on its first row.
pub(super) fn missing_columns(
    request: &Request,
    row: u32,
    missing: &[&Component],
    year: i64,
) -> SheetProblem {
    let named =
        |component: &&Component| format!("{} ({})", component.name(request.language()), component.key);
    let names = missing.iter().map(named).collect::<Vec<_>>().join(", ");
    SheetProblem::new(
        row,
        request.say(
            &format!("Tệp không có cột của kỳ PCI {year}: {names}"),
            &format!("The file lacks columns of edition {year}: {names}"),
        ),
        request.say(
            "Điểm đã có được giữ nguyên; tỉnh mới được ghi N/A ở các chỉ số này.",
            "Scores already there stay; new provinces get N/A for these components.",
        ),
    )
    .warning()
}

/// What may be imported, but should be looked at.
pub(super) fn warn(
    request: &Request,
    row: usize,
    result: &Score,
    computed: Option<Decimal>,
    definition: &Definition,
    findings: &mut Findings,
) {
    if let (Some(gap), Some(computed)) = (arithmetic::gap(result.total, computed), computed) {
        let (gap, computed) = (number(request, gap), number(request, computed));
        findings.add(row, |row| {
            SheetProblem::new(
                row,
                request.say(
                    &format!("Điểm công bố lệch {gap} so với điểm tính lại {computed}"),
                    &format!("The published score is {gap} from the computed {computed}"),
                ),
                request.say(
                    "Đối chiếu với nguồn; nếu đúng như công bố thì vẫn nhập được.",
                    "Compare with the source; if it is as published, import it.",
                ),
            )
            .in_column("published_score")
            .warning()
        });
    }
    let grouped = definition.group(result, request.language());
    if let (Some(published), Some((None, _)), false) = (&result.group, grouped, definition.groups.is_empty())
    {
        let names: Vec<&str> = definition.groups.iter().map(|group| group.name_vi.as_str()).collect();
        findings.add(row, |row| {
            SheetProblem::new(
                row,
                request.say(
                    &format!("Kỳ PCI {} không khai báo nhóm “{published}”", result.year),
                    &format!("Edition {} does not declare the group “{published}”", result.year),
                ),
                format!("{} {}.", request.say("Các nhóm đã khai báo:", "Declared groups:"), names.join(", ")),
            )
            .in_column("published_group")
            .warning()
        });
    }
}
