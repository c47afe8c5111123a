//! Rates: what changes by decree, as dated rows with their source.

use std::cmp::Reverse;

use dinh_sdk::access;
use dinh_sdk::prelude::*;

use crate::model::Rate;
use crate::permission;
use crate::rules::rates::key;

/// Draws the page.
pub(crate) fn draw(request: &Request) -> Result<Page> {
    let say = |vi, en| request.say(vi, en);
    let mut rows = Rate::all().list()?;
    let place = |row: &Rate| key::ALL.iter().position(|key| *key == row.key);
    rows.sort_by_key(|row| (place(row), Reverse(row.from)));
    let table = Table::of("rate-list", &rows)
        .column(Head::new("name", say("Mức", "Rate")).wide(), |row| name(request, &row.key))
        .column(Head::new("from", say("Áp dụng từ", "From")).format(Format::Date), |row| row.from)
        .column(Head::new("value", say("Giá trị", "Value")), |row| row.value)
        .column(Head::new("source", say("Căn cứ", "Source")).wide(), |row| row.source.as_deref())
        .build()
        .empty(say("Chưa có mức đóng nào.", "No rates yet."));
    let mut page = Page::new(say("Mức đóng đảng phí", "Rates of dues"))
        .subtitle(say(
            "Mỗi dòng áp dụng từ ngày của nó đến dòng kế tiếp của cùng mức",
            "A row holds from its day until the next one of the same",
        ))
        .block(table);
    if access::may_somewhere(permission::RATES) {
        page = page
            .section(
                Section::new("new-rate", say("Ghi mức đóng", "Record a rate")).block(
                    Form::new("rate", say("Ghi", "Record"))
                        .field(Field::choice("key", say("Mức", "Rate"), choices(request)).required().width(6))
                        .field(Field::of(Rate::FROM, say("Áp dụng từ", "From")).width(3))
                        .field(
                            Field::decimal("value", say("Giá trị", "Value"), 4)
                                .between(0, 1_000_000_000)
                                .required()
                                .width(3),
                        )
                        .field(Field::of(Rate::SOURCE, say("Căn cứ", "Source")).required().at_most(300)),
                ),
            )
            .section(
                Section::new("import", say("Nhập mức đóng từ tệp", "Import rates"))
                    .block(crate::import::block::<Rate>(request)?),
            );
    }
    Ok(page)
}

/// The rates to choose from.
pub(crate) fn choices(request: &Request) -> Vec<Choice> {
    key::ALL.iter().map(|key| Choice::new(*key, name(request, key))).collect()
}

/// Said where nobody has recorded a rate.
pub(crate) fn missing(request: &Request, code: &str, day: Date) -> String {
    let (name, day) = (name(request, code), day.strftime("%d/%m/%Y"));
    request
        .say(
            &format!("Chưa ghi “{name}” áp dụng cho ngày {day} ở trang Mức đóng"),
            &format!("There is no “{name}” for {day} among the rates"),
        )
        .to_owned()
}

/// What a rate is called.
fn name(request: &Request, code: &str) -> String {
    let (vi, en) = match code {
        key::BASE_SALARY => ("Mức lương cơ sở (đồng/tháng)", "Base salary (đồng a month)"),
        key::SALARY => ("Tiền lương làm căn cứ đóng BHXH (%)", "Salary that insurance is based on (%)"),
        key::ALLOWANCE => ("Trợ cấp ốm đau, thai sản (%)", "Allowance of sickness or maternity (%)"),
        key::PENSION => ("Lương hưu (%)", "Pension (%)"),
        key::STUDENT => ("Học sinh, sinh viên (đồng/tháng)", "Students (đồng a month)"),
        key::UNINSURED => {
            ("Không tham gia BHXH (% lương tối thiểu vùng)", "Without insurance (% of the minimum wage)")
        }
        key::UNINSURED_PENSION_AGE => (
            "Không tham gia BHXH, đủ tuổi nghỉ hưu (% lương tối thiểu vùng)",
            "Without insurance, at the age of retirement (% of the minimum wage)",
        ),
        key::EXEMPT_YEARS => ("Miễn từ số năm tuổi Đảng", "Years of membership that exempt"),
        key::REDUCTION_MONTHS => ("Giảm nhiều nhất (tháng)", "Most months of a reduction"),
        key::REPORT_MONTHS => {
            ("Báo cáo khi chưa đóng (tháng trong năm)", "Unpaid months of a year that are reported")
        }
        other => match other.strip_prefix("minimum-wage.") {
            Some(zone) => {
                let text = request
                    .say("Lương tối thiểu vùng (đồng/tháng), vùng", "Minimum wage (đồng a month), zone");
                return format!("{text} {zone}");
            }
            None => return other.to_owned(),
        },
    };
    request.say(vi, en).to_owned()
}
