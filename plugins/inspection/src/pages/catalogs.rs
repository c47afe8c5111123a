//! What changes by decree: five tables of dated rows, brought in as files, and ended on a day.

use dinh_sdk::access;
use dinh_sdk::prelude::*;
use dinh_sdk::time;

use crate::import::catalogs::{block, form};
use crate::import::listed::{Listed, columns};
use crate::model::catalog::{key, list};
use crate::permission;

/// The tables, as tabs: path, name.
const TABS: [(&str, &str, &str); 5] = [
    ("/catalogs", "Các bước", "Steps"),
    ("/catalogs/papers", "Tài liệu", "Documents"),
    ("/catalogs/terms", "Danh mục", "Terms"),
    ("/catalogs/settings", "Tham số", "Settings"),
    ("/catalogs/templates", "Mẫu văn bản", "Templates"),
];

/// Draws a table.
pub(crate) fn draw<R: Listed>(request: &Request) -> Result<Page> {
    let say = |vi, en| request.say(vi, en);
    let columns = columns::<R>(request);
    let mut rows = R::all().list()?;
    rows.sort_by_cached_key(|row| (place(&columns, row), row.from()));
    let tabs: Vec<Link> = TABS.iter().map(|(path, vi, en)| Link::new(say(vi, en), *path)).collect();
    let mut page = Page::new(say("Quy trình, danh mục", "Procedures and catalogs"))
        .subtitle(R::title(request).to_owned())
        .block(tabs)
        .block(table(request, columns, &rows));
    if access::may_somewhere(permission::CATALOG) {
        let running: Vec<Choice> = rows
            .iter()
            .filter(|row| row.until().is_none())
            .map(|row| {
                Choice::new(
                    row.id.to_string(),
                    format!("{} ({})", row.key(), row.from().strftime("%d/%m/%Y")),
                )
            })
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
                        .help(say(
                            "Dòng ghi nhầm, chưa áp dụng: ghi ngày liền trước ngày bắt đầu.",
                            "Of a row that is wrong and has not begun: the day before it does.",
                        ))
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

/// Ends a row on a day; one that no dossier can have followed yet also before its first, which takes it back.
pub(crate) fn end<R: Listed>(request: &Request, submission: &Submission) -> Result<Outcome> {
    let (row, until): (String, Date) = (submission.get("row")?, submission.get("until")?);
    let mut row = R::get(row.parse().or_not_found(row.clone())?)?;
    let first = if row.from() >= time::today() { row.from().yesterday() } else { Ok(row.from()) };
    if first.is_ok_and(|first| until < first) {
        let from = row.from().strftime("%d/%m/%Y");
        return Err(Error::field(
            "until",
            request.say(
                &format!("Dòng này áp dụng từ {from}; hãy ghi từ ngày đó, hoặc ngày liền trước nếu chưa áp dụng."),
                &format!("It holds from {from}: end it then at the earliest, or the day before if it has not begun."),
            ),
        ));
    }
    row.record.end(until);
    row.save()?;
    Ok(Outcome::done(request.path()).saying(request.say("Đã kết thúc áp dụng", "Ended")))
}

/// The table of all rows, a column for each of its own.
fn table<R: Listed>(request: &Request, columns: Vec<SheetColumn>, rows: &[Stored<R>]) -> Table {
    let today = time::today();
    let whole = Table::of(format!("{}-list", R::COLLECTION), rows);
    let shown = columns.into_iter().fold(whole, |table, column| {
        let SheetColumn { name, label, kind, format, .. } = column;
        let head = Head::new(&name, label);
        let text = |row: &Stored<R>| Option::<String>::from_value(row.value(&name)).ok().flatten();
        match kind {
            FieldKind::Integer(_) => table.column(head.format(Format::Integer).narrow(), |row| {
                Option::<i64>::from_value(row.value(&name)).ok().flatten()
            }),
            FieldKind::Boolean => table.column(head.format(Format::Cross).narrow(), |row| {
                Option::<bool>::from_value(row.value(&name)).ok().flatten()
            }),
            FieldKind::Date(_) => table.column(head.format(Format::Date), |row| {
                Option::<Date>::from_value(row.value(&name)).ok().flatten()
            }),
            FieldKind::Choice(known) => table.column(head.wide(), |row| {
                text(row).map(|code| {
                    let choice = known.choices.iter().find(|choice| choice.value == code);
                    choice.map_or(code, |choice| choice.text.clone())
                })
            }),
            _ if format == Format::Code => table.column(head.format(format), text),
            _ => table.column(head.wide(), text),
        }
    });
    shown
        .row_kind(|row| row.until().is_some_and(|until| until < today).then_some(RowKind::Cancelled))
        .build()
        .note(request.say(
            "Một hồ sơ theo quy trình có hiệu lực vào ngày lập và giữ quy trình đó. Dòng cùng mã bắt đầu sau thay dòng trước.",
            "A dossier follows the procedure of the day it was opened on. Of rows with one code the later one holds.",
        ))
        .empty(request.say("Chưa có dòng nào.", "No rows yet."))
}

/// Where a row stands: in the order of the choices of the first column, then as `order` says, then by its code.
fn place<R: Listed>(columns: &[SheetColumn], row: &Stored<R>) -> (usize, i64, String) {
    let group = columns.first().and_then(|column| match &column.kind {
        FieldKind::Choice(known) => {
            let code = String::from_value(row.value(&column.name)).ok()?;
            known.choices.iter().position(|choice| choice.value == code)
        }
        _ => None,
    });
    let order = i64::from_value(row.value("order")).unwrap_or_default();
    (group.unwrap_or_default(), order, row.key())
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
        key::REMIND => ("Gửi thông báo nhắc hạn trước (ngày)", "Days ahead that a notice is sent"),
        key::MAJORITY => ("Biểu quyết phải quá (% số được biểu quyết)", "Majority (% of those eligible)"),
        _ => return code.to_owned(),
    };
    request.say(vi, en).to_owned()
}
