//! The list of officers.
//!
//! ```text
//! select    who is listed
//! filters   what it is narrowed by
//! ```

mod filters;
mod select;

pub(crate) use filters::band_name;
pub(crate) use select::page as page_of;

use dinh_sdk::prelude::*;
use dinh_sdk::{access, time};

use super::sheet_of;
use crate::codes::{self, Names};
use crate::model::common::Grades;
use crate::model::status;
use crate::past::{Line, needed};
use crate::permission;
use crate::sheet::words;

/// Officers on one page, and in one part of an export.
const PAGE: u32 = 50;
const EXPORTED: u32 = 1000;

/// What the page may be asked for.
#[derive(Query)]
struct Asked {
    q: Option<String>,
    unit: Option<UnitId>,
    sex: Option<String>,
    age: Option<String>,
    grade: Option<String>,
    education: Option<String>,
    ethnic: Option<String>,
    party: Option<String>,
    status: Option<String>,
    as_of: Option<Date>,
}

/// The status that stands for all of them.
const ALL: &str = "all";

impl Asked {
    /// Those in service, where nothing else is asked for.
    fn status(&self) -> &str {
        self.status.as_deref().unwrap_or(status::WORKING)
    }
}

/// What codes of the list are called.
struct Lists {
    grades: Grades,
    sexes: Names,
    levels: Names,
    groups: Names,
}

impl Lists {
    fn load() -> Result<Self> {
        Ok(Self {
            grades: Grades::load()?,
            sexes: Names::of(codes::SEXES)?,
            levels: Names::of(codes::EDUCATION_LEVELS)?.highest_first(),
            groups: Names::of(codes::ETHNIC_GROUPS)?,
        })
    }
}

/// Draws the list.
pub(crate) fn draw(request: &Request) -> Result<Page> {
    let asked: Asked = request.query()?;
    let today = time::today();
    let day = asked.as_of.unwrap_or(today);
    let lists = Lists::load()?;
    let limit = if request.export().is_some() { EXPORTED } else { PAGE };
    let found = select::find(request, &asked, (day, today), limit)?;
    // As of a day, everybody listed was in service then; what became of them since is another matter.
    let with_status = asked.as_of.is_none() && asked.status() != status::WORKING;
    let mut table =
        table(request, &found.rows, &lists, day, with_status).paged(request, found.next).total(found.total);
    if found.by_unit {
        table = table.note(request.say(
            "Không có ai tên như vậy; danh sách gồm cán bộ của đơn vị có tên này.",
            "Nobody is called so: listed are the officers of the units that are.",
        ));
    } else if needed(day, today) {
        table = table.note(request.say(
            "Đơn vị, chức vụ, ngạch, bậc và trình độ lấy theo quá trình công tác, diễn biến lương và đào tạo tại ngày đã chọn.",
            "Unit, position, grade, step and education are those of the day, from the histories.",
        ));
    }
    let mut page = Page::new(request.say("Danh sách cán bộ", "Officers")).subtitle(request.say(
        "Cán bộ, công chức, viên chức thuộc phạm vi được phân quyền",
        "Cadres, civil servants and public employees within your rights",
    ));
    if access::may_somewhere(permission::MANAGE) {
        page = page
            .action(Action::open(request.say("Thêm hồ sơ", "New record"), "/new").primary())
            .action(Action::open(request.say("Nhập từ bảng tính", "Import"), "/import"));
    }
    Ok(page.block(filters::filters(request, &asked, &lists)).block(table))
}

fn table(request: &Request, lines: &[Stored<Line>], lists: &Lists, day: Date, with_status: bool) -> Table {
    let language = request.language();
    let say = |vi, en| request.say(vi, en);
    let table = Table::of("people", lines)
        .column(Head::new("name", say("Họ và tên", "Name")).frozen().sortable(), |line| {
            line.full_name.clone()
        })
        .column(Head::new("code", say("Số hiệu", "Number")).format(Format::Code).sortable(), |line| {
            line.code.clone()
        })
        .column(Head::new("birth-date", say("Ngày sinh", "Born")).format(Format::Date).sortable(), |line| {
            line.birth_date
        })
        .column(Head::new("sex", say("Giới tính", "Sex")).narrow(), |line| {
            lists.sexes.name(&line.sex).to_owned()
        })
        .column(Head::new("unit", say("Đơn vị", "Unit")), |line| line.unit)
        .column(Head::new("position", say("Chức vụ, chức danh", "Position")), |line| {
            line.position.clone()
        })
        .column(Head::new("grade", say("Ngạch", "Grade")).format(Format::Code).sortable(), |line| {
            let cell = Cell::new(line.grade.clone());
            match line.grade.as_deref().and_then(|code| lists.grades.get(code)) {
                Some(grade) => cell.note(grade.name.clone()),
                None => cell,
            }
        })
        .column(Head::new("step", say("Bậc", "Step")).format(Format::Integer).narrow(), |line| line.step)
        .column(Head::new("coefficient", say("Hệ số", "Coefficient")).decimal(2).narrow(), |line| {
            line.coefficient
        })
        .column(Head::new("party", say("Đảng viên", "Member")).format(Format::Cross).narrow(), |line| {
            line.is_member(day)
        });
    let table = if with_status {
        table.column(Head::new("status", say("Tình trạng", "Status")).format(Format::Badge), |line| {
            words::word(words::STATUSES, &line.status, language).to_owned()
        })
    } else {
        table
    };
    table
        .row_target(|line| Some(sheet_of(line.id)))
        .build()
        .caption(say("Danh sách cán bộ, công chức, viên chức", "List of officers"))
        .sorted(Some(Sorting { column: "name".into(), descending: false }))
        .sorted(request.sorting())
        .empty(say("Không có ai phù hợp.", "Nobody fits."))
}
