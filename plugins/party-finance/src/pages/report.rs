//! Báo cáo B01/ĐP: a quarter over an organisation and all below it. Each figure leads to what it is made of.

use dinh_sdk::prelude::*;

use super::{Scope, unit_name};
use crate::book::Tables;
use crate::month::Month;
use crate::permission;
use crate::report::{self, Report};
use crate::rules::organisations::Kind;
use crate::rules::report::{Part, Row, figure, rows};

/// Which organisation and quarter, and the filters that choose them.
pub(crate) struct Asked {
    pub(crate) scope: Scope,
    pub(crate) quarter: i64,
}

impl Asked {
    /// From the query; by default the quarter of this month.
    pub(crate) fn read(request: &Request) -> Result<Self> {
        let mut scope = Scope::read(request, permission::READ)?;
        let own = i64::from(scope.month.quarter());
        let quarter = request.optional::<i64>("quarter")?.filter(|quarter| (1..=4).contains(quarter));
        let quarter = quarter.unwrap_or(own);
        let months = Month::of_year(scope.month.year());
        let last = months.into_iter().rfind(|month| i64::from(month.quarter()) == quarter);
        scope.month = last.unwrap_or(scope.month);
        Ok(Self { scope, quarter })
    }

    fn filters(&self, request: &Request) -> Result<Filters> {
        let quarters = ["1", "2", "3", "4"].map(|quarter| Choice::new(quarter, quarter)).to_vec();
        let quarter = Field::choice("quarter", request.say("Quý", "Quarter"), quarters);
        let mut filters = self.scope.year_filters(request)?;
        filters.fields.insert(1, quarter.value(self.quarter.to_string()).required().width(2));
        Ok(filters)
    }

    /// The same of another page.
    pub(crate) fn address(&self, path: &str) -> Address {
        self.scope.year_address(path).with("quarter", self.quarter)
    }

    /// `Quý 2 năm 2026`.
    pub(crate) fn title(&self, request: &Request) -> String {
        let (quarter, year) = (self.quarter, self.scope.year());
        request.say(&format!("Quý {quarter} năm {year}"), &format!("Quarter {quarter} of {year}")).to_owned()
    }
}

/// Draws the page.
pub(crate) fn draw(request: &Request) -> Result<Page> {
    let say = |vi, en| request.say(vi, en);
    let asked = Asked::read(request)?;
    let report = report::of(request, asked.scope.unit, asked.scope.month, &Tables::load()?)?;
    let mut page = Page::new(say("Báo cáo thu, nộp đảng phí (B01/ĐP)", "Report of dues (B01/ĐP)"))
        .letterhead(asked.scope.unit)
        .subtitle(format!("{} – {}", unit_name(asked.scope.unit), asked.title(request)))
        .block(asked.filters(request)?);
    if report.organisations.is_empty() {
        let head = say("Chưa có tổ chức đảng nào trong báo cáo", "No organisation is reported");
        return Ok(page.block(Notice::warning(head).text(say(
            "Người quản trị mức đóng cần khai báo loại hình, cấp của tổ chức ở trang Tổ chức, tỷ lệ trích nộp; nếu đã có, bạn cần vai trò “Cán bộ dùng mức đóng chung”.",
            "The steward of rates has to record the organisation's kind and level; if they are, you need the role “Staff (common rates)”.",
        ))));
    }
    if !report.undivided.is_empty() {
        let names: Vec<String> = report.undivided.iter().map(|unit| unit_name(*unit)).collect();
        let head =
            say("Chưa có tỷ lệ trích giữ lại, số trích chưa gồm", "No share is known; not retained in it");
        page = page.block(Notice::warning(head).text(names.join(", ")));
    }
    Ok(page.block(table(request, &asked, &report)))
}

fn table(request: &Request, asked: &Asked, report: &Report) -> Table {
    let say = |vi, en| request.say(vi, en);
    let language = request.language();
    let parts: Vec<Part> = report.organisations.iter().map(|reported| reported.part).collect();
    let cell = |row: &Row, column: Option<Kind>| {
        let to = asked.address(&format!("/report/{}", row.code)).with_some("kind", column.map(Kind::key));
        let value = figure(&parts, row.code, column);
        if value == 0 { Cell::new(value) } else { Cell::new(value).to(to) }
    };
    let column = |key: &str, head: Words, number: &str| {
        Head::new(key, head.in_language(language)).format(Format::Integer).number(number).narrow()
    };
    let rows = rows(&parts);
    let mut table = Table::of("b01", &rows)
        .column(Head::new("number", say("TT", "No.")).narrow(), |row| row.number)
        .column(Head::new("title", say("Chỉ tiêu", "Item")).wide(), |row| row.title.in_language(language))
        .column(Head::new("measure", say("ĐVT", "In")).narrow(), |row| {
            if row.counts { say("Người", "People") } else { say("Đồng", "Đồng") }
        })
        .column(Head::new("code", say("Mã số", "Code")).narrow().format(Format::Code), |row| {
            row.has_code().then_some(row.code)
        });
    for (kind, number) in Kind::ALL.into_iter().zip(["1", "2", "3"]) {
        table = table.column(column(kind.key(), kind.name(), number), |row| cell(row, Some(kind)));
    }
    let mut note = say(
        "Gồm tổ chức được chọn và mọi tổ chức nộp lên tổ chức đó; khoản nộp giữa các tổ chức trong báo cáo không tính là đã nộp cấp trên. Mỗi số dẫn đến các tổ chức và bút toán tạo nên nó.",
        "Covers the organisation and all that remit up to it; what one of them hands to another is not remitted. Each figure leads to the organisations and entries that make it.",
    )
    .to_owned();
    if !rows.iter().all(Row::has_code) {
        note.push(' ');
        note.push_str(say(
            "Dòng d, số Tỉnh uỷ giữ lại, chưa có mã số trong mẫu: cần đối chiếu.",
            "Row d, what the Provincial committee keeps, has no code in the form: to be compared.",
        ));
    }
    table
        .column(column("total", Words::new("Cộng", "Total"), "4=1+2+3"), |row| cell(row, None))
        .column(Head::new("note", say("Ghi chú", "Note")).narrow(), |_| None::<String>)
        .row_kind(|row| (row.depth == 0 && matches!(row.code, "04" | "08")).then_some(RowKind::Subtotal))
        .build()
        .caption(say("Biểu B01/ĐP", "Form B01/ĐP"))
        .note(note)
}
