//! The list of officers.

use dinh_sdk::prelude::*;
use dinh_sdk::{access, time};

use super::{as_of_field, sheet_of, unit_field};
use crate::codes::{self, Names};
use crate::model::common::Grades;
use crate::model::status;
use crate::past::{Histories, Line, needed};
use crate::permission;
use crate::rules::ages::{BANDS, Band};
use crate::sheet::words;
use crate::units::Units;

/// Officers on one page, and in one part of an export.
const PAGE: u32 = 50;
const EXPORTED: u32 = 1000;

/// Most lists of conditions that a query takes.
const MOST_LISTS: usize = 100;

/// What the page may be asked for.
#[derive(Query)]
struct Asked {
    q: Option<String>,
    unit: Option<UnitId>,
    sex: Option<String>,
    age: Option<String>,
    grade: Option<String>,
    education: Option<String>,
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
}

impl Lists {
    fn load() -> Result<Self> {
        Ok(Self {
            grades: Grades::load()?,
            sexes: Names::of(codes::SEXES)?,
            levels: Names::of(codes::EDUCATION_LEVELS)?.highest_first(),
        })
    }
}

/// Draws the list.
pub(crate) fn draw(request: &Request) -> Result<Page> {
    let asked: Asked = request.query()?;
    let today = time::today();
    let day = asked.as_of.unwrap_or(today);
    let lists = Lists::load()?;
    let selection = select(request, &asked, day)?;
    let total = selection.count()?;
    let limit = if request.export().is_some() { EXPORTED } else { PAGE };
    let mut found = order(selection, request).page(request.after(), limit)?;
    if needed(day, today) {
        let histories = Histories::of(found.rows.iter().map(|line| line.id))?;
        found.rows.iter_mut().for_each(|line| histories.put_back(line, day));
    }
    // As of a day, everybody listed was in service then; what became of them since is another matter.
    let with_status = asked.as_of.is_none() && asked.status() != status::WORKING;
    let mut table =
        table(request, &found.rows, &lists, day, with_status).paged(request, found.next).total(total);
    if needed(day, today) {
        table = table.note(request.say(
            "Đơn vị, chức vụ, ngạch và bậc lấy theo quá trình công tác và diễn biến lương tại ngày đã chọn; bộ lọc đơn vị và ngạch theo hồ sơ hiện nay.",
            "Unit, position, grade and step are those of the day, from the histories; the filters by unit and grade go by the records of today.",
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
    Ok(page.block(filters(request, &asked, &lists)).block(table))
}

/// The officers asked for.
fn select(request: &Request, asked: &Asked, day: Date) -> Result<dinh_sdk::records::Selection<Line>> {
    let mut lists = 1;
    let mut selection = Line::all();
    if asked.as_of.is_some() {
        selection = selection
            .filter(Line::RECRUITED_ON.at_most(day))
            .filter_any([Line::LEFT_ON.is_empty(), Line::LEFT_ON.above(day)]);
        lists *= 2;
    } else {
        let wanted = Some(asked.status()).filter(|status| *status != ALL);
        selection = selection.filter_some(wanted.map(|status| Line::STATUS.is(status.to_owned())));
    }
    selection = selection
        .filter_some(asked.q.as_deref().map(sought))
        .filter_some(asked.sex.clone().map(|sex| Line::SEX.is(sex)))
        .filter_some(asked.grade.clone().map(|grade| Line::GRADE.is(grade)))
        .filter_some(asked.education.clone().map(|level| Line::EDUCATION_LEVEL.is(level)));
    if let Some(band) = asked.age.as_deref().and_then(Band::of_key) {
        selection = selection
            .filter_some(band.born_at_latest(day).map(|latest| Line::BIRTH_DATE.at_most(latest)))
            .filter_some(band.born_after(day).map(|after| Line::BIRTH_DATE.above(after)));
    }
    match asked.party.as_deref() {
        Some("yes") => {
            selection = selection
                .filter(Line::PARTY_ADMITTED_ON.at_most(day))
                .filter_any([Line::PARTY_LEFT_ON.is_empty(), Line::PARTY_LEFT_ON.above(day)]);
            lists *= 2;
        }
        Some("no") => {
            selection = selection.filter_any([
                Line::PARTY_ADMITTED_ON.is_empty(),
                Line::PARTY_ADMITTED_ON.above(day),
                Line::PARTY_LEFT_ON.at_most(day),
            ]);
            lists *= 3;
        }
        _ => {}
    }
    if let Some(unit) = asked.unit {
        let units = Units::load();
        let within = units.within(unit);
        if within.len() * lists > MOST_LISTS && !units.is_all(&within) {
            return Err(Error::BadRequest(
                request
                    .say(
                        "Đơn vị này có quá nhiều đơn vị trực thuộc; hãy chọn đơn vị cấp dưới hoặc bớt điều kiện.",
                        "This unit has too many units below it; choose one of them, or fewer conditions.",
                    )
                    .to_owned(),
            ));
        }
        if !units.is_all(&within) {
            selection = selection.filter_any(within.into_iter().map(|unit| Line::UNIT.is(unit)));
        }
    }
    Ok(selection)
}

/// The words for search, which lines do not carry along.
const SEARCH: dinh_sdk::Property<Line, Option<String>> = dinh_sdk::Property::new("search");

/// The identity number, which lies sealed and is found whole.
const CITIZEN_ID: dinh_sdk::Property<Line, String> = dinh_sdk::Property::new("citizen-id");

/// What was typed to search by: an identity number, or words of a name or a code.
fn sought(words: &str) -> dinh_sdk::records::Condition<Line> {
    let typed = words.trim();
    if typed.len() == 12 && typed.bytes().all(|byte| byte.is_ascii_digit()) {
        CITIZEN_ID.is(typed.to_owned())
    } else {
        SEARCH.matches(words)
    }
}

fn order(
    selection: dinh_sdk::records::Selection<Line>,
    request: &Request,
) -> dinh_sdk::records::Selection<Line> {
    let sorting = request.sorting();
    let descending = sorting.as_ref().is_some_and(|sorting| sorting.descending);
    let column = sorting.map_or_else(String::new, |sorting| sorting.column);
    macro_rules! by {
        ($property:expr) => {
            selection.order_by(if descending { $property.descending() } else { $property.ascending() })
        };
    }
    match column.as_str() {
        "code" => by!(Line::CODE),
        "birth-date" => by!(Line::BIRTH_DATE),
        "grade" => by!(Line::GRADE),
        _ => by!(Line::SORT_NAME),
    }
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

fn filters(request: &Request, asked: &Asked, lists: &Lists) -> Filters {
    let say = |vi, en| request.say(vi, en);
    let language = request.language();
    let bands = BANDS.iter().map(|band| Choice::new(band.key, band_name(request, *band))).collect();
    let party = vec![
        Choice::new("yes", say("Đảng viên", "Members")),
        Choice::new("no", say("Chưa phải đảng viên", "Others")),
    ];
    let mut statuses = words::choices(words::STATUSES, language);
    statuses.push(Choice::new(ALL, say("Tất cả", "All")));
    let select = |field: Field| match field.kind {
        FieldKind::Choice(choices) => {
            Field { kind: FieldKind::Choice(Choices { style: ChoiceStyle::Select, ..choices }), ..field }
        }
        _ => field,
    };
    Filters::new(vec![
        Field::text("q", say("Tìm kiếm", "Search"))
            .help(say("Tên, số hiệu, hoặc đủ 12 số CCCD.", "Name, number, or the whole identity number."))
            .at_most(80)
            .value(asked.q.clone())
            .width(4),
        unit_field(request, asked.unit),
        select(Field::choice("sex", say("Giới tính", "Sex"), lists.sexes.choices()))
            .value(asked.sex.clone())
            .width(2),
        select(Field::choice("age", say("Độ tuổi", "Age"), bands)).value(asked.age.clone()).width(2),
        select(Field::choice("grade", say("Ngạch", "Grade"), lists.grades.choices()))
            .value(asked.grade.clone())
            .width(4),
        select(Field::choice("party", say("Đảng viên", "Party"), party)).value(asked.party.clone()).width(2),
        select(Field::choice("education", say("Trình độ", "Education"), lists.levels.choices()))
            .value(asked.education.clone())
            .width(2),
        select(Field::choice("status", say("Tình trạng", "Status"), statuses))
            .value(asked.status())
            .required()
            .width(2),
        as_of_field(request, asked.as_of).help(say("Để trống: hiện nay.", "Empty: today.")),
    ])
}

/// What a band of ages is called.
pub(crate) fn band_name(request: &Request, band: Band) -> String {
    match (band.least, band.most) {
        (None, Some(most)) => {
            format!("{} {most} {}", request.say("Đến", "Up to"), request.say("tuổi", "years"))
        }
        (Some(least), Some(most)) => format!("{least}–{most} {}", request.say("tuổi", "years")),
        (Some(least), None) => {
            format!("{} {least} {}", request.say("Từ", "From"), request.say("tuổi", "years"))
        }
        (None, None) => String::new(),
    }
}
