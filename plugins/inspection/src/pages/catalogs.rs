//! What changes by decree: five tables of dated rows, brought in as files, and ended on a day.

use dinh_sdk::access;
use dinh_sdk::prelude::*;
use dinh_sdk::time;

use super::{kind_name, stage_name};
use crate::import::catalogs::{block, form};
use crate::import::listed::Listed;
use crate::model::catalog::{key, list};
use crate::model::{Paper, Setting, Step, Template, Term};
use crate::permission;

/// The tables, as tabs: path, name.
const TABS: [(&str, &str, &str); 5] = [
    ("/catalogs", "Các bước", "Steps"),
    ("/catalogs/papers", "Tài liệu", "Documents"),
    ("/catalogs/terms", "Danh mục", "Terms"),
    ("/catalogs/settings", "Tham số", "Settings"),
    ("/catalogs/templates", "Mẫu văn bản", "Templates"),
];

/// A page of one table.
fn page<R: Listed>(request: &Request, table: impl Fn(&[Stored<R>]) -> Table) -> Result<Page> {
    let say = |vi, en| request.say(vi, en);
    let mut rows = R::all().list()?;
    rows.sort_by_cached_key(|row| (row.place(), row.from()));
    let tabs: Vec<Link> = TABS.iter().map(|(path, vi, en)| Link::new(say(vi, en), *path)).collect();
    let note = say(
        "Một hồ sơ theo quy trình có hiệu lực vào ngày lập và giữ quy trình đó. Dòng cùng mã bắt đầu sau thay dòng trước.",
        "A dossier follows the procedure of the day it was opened on. Of rows with one code the later one holds.",
    );
    let mut page = Page::new(say("Quy trình, danh mục", "Procedures and catalogs"))
        .subtitle(R::title(request).to_owned())
        .block(tabs)
        .block(table(&rows).note(note).empty(say("Chưa có dòng nào.", "No rows yet.")));
    if access::may_somewhere(permission::CATALOG) {
        let running: Vec<Choice> = rows
            .iter()
            .filter(|row| row.until().is_none())
            .map(|row| Choice::new(row.id.to_string(), format!("{} ({})", row.key(), row.from())))
            .collect();
        page = page
            .section(
                Section::new("add-row", say("Ghi một dòng", "Record a row"))
                    .collapsed()
                    .block(form::<R>(request)),
            )
            .section(
                Section::new("import-rows", say("Bổ sung, sửa bằng tệp", "Add and change by file"))
                    .block(block::<R>(request)?),
            );
        if !running.is_empty() {
            let form = Form::new("end", say("Kết thúc áp dụng", "End"))
                .field(Field::choice("row", say("Dòng", "Row"), running).required().width(6))
                .field(
                    Field::date("until", say("Ngày cuối cùng áp dụng", "Last day"))
                        .value(time::today())
                        .required()
                        .width(3),
                );
            page = page.section(
                Section::new("end-row", say("Thôi áp dụng một dòng", "End a row")).collapsed().block(form),
            );
        }
    }
    Ok(page)
}

/// Ends a row on a day.
pub(crate) fn end<R: Listed>(request: &Request, submission: &Submission) -> Result<Outcome> {
    let (row, until): (String, Date) = (submission.get("row")?, submission.get("until")?);
    let mut row = R::get(row.parse().or_not_found(row.clone())?)?;
    if until < row.from() {
        return Err(Error::field(
            "until",
            request.say("Trước ngày bắt đầu áp dụng.", "Before its first day."),
        ));
    }
    row.record.ends(until);
    row.save()?;
    Ok(Outcome::done(request.path()).saying(request.say("Đã kết thúc áp dụng", "Ended")))
}

/// The columns that every dated row has.
macro_rules! dated {
    ($table:expr, $request:expr) => {
        $table
            .column(Head::new("from", $request.say("Áp dụng từ", "From")).format(Format::Date), |row| {
                row.from
            })
            .column(Head::new("until", $request.say("Đến hết", "Until")).format(Format::Date), |row| {
                row.until
            })
            .column(Head::new("source", $request.say("Căn cứ", "Source")).wide(), |row| row.source.clone())
            .row_kind(|row| {
                row.until.is_some_and(|until| until < time::today()).then_some(RowKind::Cancelled)
            })
            .build()
    };
}

/// The steps.
pub(crate) fn steps(request: &Request) -> Result<Page> {
    let say = |vi, en| request.say(vi, en);
    page::<Step>(request, |rows| {
        let table = Table::of("step-list", rows)
            .column(Head::new("kind", say("Loại hồ sơ", "Kind")), |row| kind_name(request, &row.kind))
            .column(Head::new("order", say("TT", "No.")).format(Format::Integer).narrow(), |row| row.order)
            .column(Head::new("stage", say("Giai đoạn", "Stage")), |row| stage_name(request, &row.stage))
            .column(Head::new("title", say("Bước", "Step")).wide(), |row| row.title.clone())
            .column(Head::new("responsible", say("Thực hiện", "Responsible")), |row| {
                row.responsible.clone()
            })
            .column(Head::new("days", say("Thời hạn (ngày)", "Days")).format(Format::Integer), |row| {
                row.days
            })
            .column(
                Head::new("working", say("Ngày làm việc", "Working days")).format(Format::Cross),
                |row| row.working,
            )
            .column(Head::new("code", say("Mã", "Code")).format(Format::Code), |row| row.code.clone());
        dated!(table, request)
    })
}

/// The documents.
pub(crate) fn papers(request: &Request) -> Result<Page> {
    let say = |vi, en| request.say(vi, en);
    page::<Paper>(request, |rows| {
        let table = Table::of("paper-list", rows)
            .column(Head::new("kind", say("Loại hồ sơ", "Kind")), |row| kind_name(request, &row.kind))
            .column(Head::new("order", say("TT", "No.")).format(Format::Integer).narrow(), |row| row.order)
            .column(Head::new("title", say("Tài liệu", "Document")).wide(), |row| row.title.clone())
            .column(Head::new("required", say("Bắt buộc", "Required")).format(Format::Cross), |row| {
                row.required
            })
            .column(Head::new("step", say("Mã bước", "Step")).format(Format::Code), |row| {
                row.step.clone()
            })
            .column(Head::new("code", say("Mã", "Code")).format(Format::Code), |row| row.code.clone());
        dated!(table, request)
    })
}

/// Levels, contents, conclusions, forms.
pub(crate) fn terms(request: &Request) -> Result<Page> {
    let say = |vi, en| request.say(vi, en);
    page::<Term>(request, |rows| {
        let table = Table::of("term-list", rows)
            .column(Head::new("list", say("Danh mục", "List")), |row| list_name(request, &row.list))
            .column(Head::new("order", say("TT", "No.")).format(Format::Integer).narrow(), |row| row.order)
            .column(Head::new("title", say("Tên", "Title")).wide(), |row| row.title.clone())
            .column(
                Head::new("limitation", say("Thời hiệu (năm)", "Limitation")).format(Format::Integer),
                |row| row.limitation_years,
            )
            .column(
                Head::new("effect", say("Hiệu lực (tháng)", "Effect")).format(Format::Integer),
                |row| row.effect_months,
            )
            .column(Head::new("code", say("Mã", "Code")).format(Format::Code), |row| row.code.clone());
        dated!(table, request)
    })
}

/// The settings.
pub(crate) fn settings(request: &Request) -> Result<Page> {
    let say = |vi, en| request.say(vi, en);
    page::<Setting>(request, |rows| {
        let table = Table::of("setting-list", rows)
            .column(Head::new("name", say("Tham số", "Setting")).wide(), |row| {
                setting_name(request, &row.key)
            })
            .column(Head::new("value", say("Giá trị", "Value")).format(Format::Integer), |row| row.value)
            .column(
                Head::new("working", say("Ngày làm việc", "Working days")).format(Format::Cross),
                |row| row.working,
            )
            .column(Head::new("key", say("Mã", "Key")).format(Format::Code), |row| row.key.clone());
        dated!(table, request)
    })
}

/// The templates.
pub(crate) fn templates(request: &Request) -> Result<Page> {
    let say = |vi, en| request.say(vi, en);
    page::<Template>(request, |rows| {
        let table = Table::of("template-list", rows)
            .column(Head::new("title", say("Văn bản", "Document")).wide(), |row| row.title.clone())
            .column(Head::new("kind", say("Loại hồ sơ", "Kind")), |row| {
                row.kind
                    .as_deref()
                    .map_or_else(|| say("Mọi loại", "All").to_owned(), |kind| kind_name(request, kind))
            })
            .column(Head::new("body", say("Nội dung mẫu", "Body")).wide(), |row| row.body.clone())
            .column(Head::new("code", say("Mã", "Code")).format(Format::Code), |row| row.code.clone());
        dated!(table, request)
    })
}

/// What a list of terms is called.
pub(crate) fn list_name(request: &Request, key: &str) -> String {
    let (vi, en) = match key {
        list::LEVEL => ("Cấp", "Level"),
        list::CONTENT => ("Nội dung", "Content"),
        list::CONCLUSION => ("Kết luận", "Conclusion"),
        list::FORM_MEMBER => ("Hình thức kỷ luật đảng viên", "Discipline of members"),
        list::FORM_ORGANISATION => ("Hình thức kỷ luật tổ chức đảng", "Discipline of organisations"),
        _ => return key.to_owned(),
    };
    request.say(vi, en).to_owned()
}

/// What a setting is called.
pub(crate) fn setting_name(request: &Request, code: &str) -> String {
    let (vi, en) = match code {
        key::LODGE => ("Thời hạn gửi khiếu nại kỷ luật (ngày)", "Days to lodge a complaint"),
        key::ANSWER => {
            ("Thời hạn giải quyết khiếu nại, từ cấp tỉnh trở xuống (ngày)", "Days to answer, province down")
        }
        key::ANSWER_CENTRE => {
            ("Thời hạn giải quyết khiếu nại, cấp Trung ương (ngày)", "Days to answer, centre")
        }
        key::SOON => ("Nhắc sắp đến hạn trước (ngày)", "Days ahead that count as soon"),
        key::MAJORITY => ("Biểu quyết phải quá (% số được biểu quyết)", "Majority (% of those eligible)"),
        _ => return code.to_owned(),
    };
    request.say(vi, en).to_owned()
}
