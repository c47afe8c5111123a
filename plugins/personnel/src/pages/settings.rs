//! What changes by decree: parameters and pay scales, as dated rows with their source.

use dinh_sdk::access;
use dinh_sdk::prelude::*;

use crate::import::common;
use crate::model::common::Grades;
use crate::model::{Grade, ParameterRow};
use crate::permission;
use crate::rules::parameters::key;
use crate::sheet::words;

/// Draws the page.
pub(crate) fn draw(request: &Request) -> Result<Page> {
    let say = |vi, en| request.say(vi, en);
    let mut rows = ParameterRow::all().list()?;
    rows.sort_by(|one, other| (&one.key, other.from).cmp(&(&other.key, one.from)));
    let parameters = Table::of("parameter-list", &rows)
        .column(Head::new("name", say("Tham số", "Parameter")).wide(), |row| name(request, &row.key))
        .column(Head::new("from", say("Áp dụng từ", "From")).format(Format::Date), |row| row.from)
        .column(Head::new("value", say("Giá trị", "Value")).format(Format::Plain), |row| row.value)
        .column(Head::new("key", say("Mã", "Key")).format(Format::Code), |row| row.key.as_str())
        .column(Head::new("source", say("Căn cứ", "Source")), |row| row.source.as_deref())
        .build()
        .empty(say("Chưa có tham số nào.", "No parameters yet."));
    let grades = Grades::load()?;
    let grades: Vec<&Grade> = grades.iter().collect();
    let scales = Table::of("scale-list", &grades)
        .column(Head::new("code", say("Mã ngạch", "Grade")).format(Format::Code), |grade| {
            grade.code.clone()
        })
        .column(Head::new("name", say("Tên ngạch", "Name")).wide(), |grade| grade.name.as_str())
        .column(Head::new("first", say("Hệ số bậc 1", "First")).decimal(2), |grade| grade.first)
        .column(Head::new("increment", say("Chênh lệch bậc", "Increment")).decimal(2), |grade| {
            grade.increment
        })
        .column(Head::new("steps", say("Số bậc", "Steps")).format(Format::Integer), |grade| grade.steps)
        .column(Head::new("last", say("Hệ số bậc cuối", "Last")).decimal(2), |grade| {
            grade.scale().coefficient(grade.steps)
        })
        .column(Head::new("months", say("Giữ bậc (tháng)", "Months")).format(Format::Integer), |grade| {
            grade.months
        })
        .column(Head::new("source", say("Căn cứ", "Source")), |grade| grade.source.as_deref())
        .build()
        .empty(say("Chưa có thang lương nào.", "No pay scales yet."));
    let mut page = Page::new(say("Tham số và thang lương", "Parameters and pay scales"))
        .subtitle(say(
            "Mỗi dòng áp dụng từ ngày của nó đến dòng kế tiếp cùng mã",
            "A row holds from its day until the next one of its key",
        ))
        .section(Section::new("values", say("Tham số", "Parameters")).block(parameters))
        .section(Section::new("scales", say("Thang lương theo ngạch", "Pay scales")).block(scales));
    if access::may_somewhere(permission::PARAMETERS) {
        page = page
            .section(
                Section::new("import-parameters", say("Nhập tham số", "Import parameters"))
                    .block(common::block::<ParameterRow>(request)?),
            )
            .section(
                Section::new("import-grades", say("Nhập thang lương", "Import pay scales"))
                    .block(common::block::<Grade>(request)?),
            );
    }
    Ok(page)
}

/// What a parameter is called.
fn name(request: &Request, code: &str) -> String {
    let (vi, en) = match code {
        key::BASE_SALARY => ("Mức lương cơ sở (đồng/tháng)", "Base salary (đồng a month)"),
        key::RETIREMENT_MALE => ("Tuổi nghỉ hưu của nam (tháng tuổi)", "Age of retirement of men (months)"),
        key::RETIREMENT_FEMALE => {
            ("Tuổi nghỉ hưu của nữ (tháng tuổi)", "Age of retirement of women (months)")
        }
        key::APPOINTMENT_YEARS => ("Thời hạn bổ nhiệm (năm)", "Term of an appointment (years)"),
        key::OVER_FRAME_FIRST => ("Vượt khung lần đầu (%)", "First share beyond the frame (%)"),
        key::OVER_FRAME_NEXT => ("Vượt khung mỗi lần sau (%)", "Each further share (%)"),
        key::OVER_FRAME_MONTHS => ("Thời gian giữa hai lần vượt khung (tháng)", "Months between shares"),
        key::RAISE_NOTICE => ("Nhắc nâng lương trước (ngày)", "Notice of raises (days)"),
        key::RETIREMENT_NOTICE => ("Nhắc nghỉ hưu lần đầu trước (ngày)", "First notice of retirement (days)"),
        key::RETIREMENT_URGENT => ("Nhắc nghỉ hưu gấp trước (ngày)", "Pressing notice of retirement (days)"),
        key::APPOINTMENT_NOTICE => {
            ("Nhắc hết thời hạn bổ nhiệm trước (ngày)", "Notice of ends of appointments (days)")
        }
        _ => {
            if let Some((_, vi, en)) =
                words::PAPERS.iter().find(|(kind, ..)| code == key::required_paper(kind))
            {
                let paper = request.say("Giấy tờ phải có trong hồ sơ (1: có)", "Every file has (1: yes)");
                return format!("{paper}: {}", request.say(vi, en));
            }
            let form = words::DISCIPLINE.iter().find(|(form, ..)| code == key::raise_delay(form));
            return form.map_or_else(
                || code.to_owned(),
                |(_, vi, en)| {
                    let delay = request.say("Kéo dài nâng lương (tháng)", "Raise put off (months)");
                    format!("{delay}: {}", request.say(vi, en))
                },
            );
        }
    };
    request.say(vi, en).to_owned()
}
