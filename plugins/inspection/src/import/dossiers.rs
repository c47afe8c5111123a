//! Dossiers from the paper book: each at the step where it stands. The steps before it are done, and say that they come
//! from the book.

use dinh_sdk::prelude::*;
use dinh_sdk::sheet::{Rows, Sheet};
use dinh_sdk::{access, accounts, records, time};

use super::{Findings, Wrong, wrong};
use crate::deeds::open::{About, due};
use crate::deeds::{actor, work};
use crate::model::catalog::list;
use crate::model::dossier::event;
use crate::model::shared;
use crate::model::{Catalog, Dossier, Event, Progress, Step};
use crate::permission;
use crate::rules::kind::Kind;
use crate::rules::procedure::state;

const BLOCK: &str = "dossiers";

const COLUMNS: [&str; 14] = [
    "kind",
    "title",
    "level",
    "content",
    "officer",
    "organisation",
    "opened-on",
    "step",
    "step-started-on",
    "lead",
    "suspended-on",
    "conclusion",
    "findings",
    "concluded-on",
];

/// Says that a dossier is finished, in the column of the step.
const CLOSED: &str = "closed";

/// The block of the page.
pub(crate) fn block(request: &Request) -> Result<SheetImport> {
    let say = |vi, en| request.say(vi, en);
    let long = FieldKind::Text(TextRange { minimum: 0, maximum: 4000 });
    let import = SheetImport::new(BLOCK, say("Sổ hồ sơ", "Book of dossiers"))
        .help(say(
            "Đối tượng là đảng viên thì ghi số hiệu, là tổ chức đảng thì ghi mã đơn vị. Bước: mã bước đang thực hiện, hoặc “closed” nếu đã kết thúc.",
            "A member by number, an organisation by its code. Step: the code of the current one, or “closed”.",
        ))
        .column(SheetColumn::text("kind", say("Loại hồ sơ", "Kind")).required())
        .column(SheetColumn::text("title", say("Trích yếu", "Subject")).required())
        .column(SheetColumn::text("level", say("Cấp", "Level")).required())
        .column(SheetColumn::text("content", say("Nội dung", "Content")).required())
        .column(SheetColumn::text("officer", say("Số hiệu đảng viên", "Member")))
        .column(SheetColumn::text("organisation", say("Tổ chức đảng (mã)", "Organisation")))
        .column(SheetColumn::date("opened-on", say("Ngày lập", "Opened on")).required())
        .column(SheetColumn::text("step", say("Bước", "Step")).required())
        .column(SheetColumn::date("step-started-on", say("Bắt đầu bước", "Step started on")).required())
        .column(SheetColumn::text("lead", say("Người phụ trách (tên đăng nhập)", "Lead (sign-in name)")))
        .column(SheetColumn::date("suspended-on", say("Tạm đình chỉ từ", "Suspended since")))
        .column(SheetColumn::text("conclusion", say("Kết luận", "Conclusion")))
        .column(SheetColumn::new("findings", say("Nội dung kết luận", "Findings"), long))
        .column(SheetColumn::date("concluded-on", say("Ngày kết luận", "Concluded on")))
        .at_most(200);
    let Some(sheet) = Sheet::of(BLOCK) else { return Ok(import) };
    let (plan, findings) = plan(request, &sheet.read(&COLUMNS)?)?;
    let count = plan.len();
    let summary =
        request.say(&format!("Thêm {count} hồ sơ."), &format!("{count} dossiers to add.")).to_owned();
    Ok(import.preview(Some(findings.preview(summary))))
}

/// Imports the sheet.
pub(crate) fn submit(request: &Request, _: &Submission) -> Result<Outcome> {
    let rows = Sheet::of(BLOCK).or_failed("no sheet")?.read(&COLUMNS)?;
    let (plan, findings) = plan(request, &rows)?;
    findings.check(request, &rows)?;
    let reason = request.say("Chuyển từ sổ giấy", "From the paper book");
    let (now, by) = (time::now(), actor(request)?);
    let mut steps: Vec<Progress> = Vec::new();
    let mut events: Vec<Event> = Vec::new();
    for mut brought in plan {
        let year = brought.dossier.year.to_string();
        brought.dossier.number = Some(records::draw("dossier-number", &year)?);
        let id = brought.dossier.clone().insert()?;
        let at = (brought.at, brought.started);
        steps.extend(work::brought(&brought.dossier, id, &brought.steps, at, reason));
        events.push(Event {
            unit: brought.dossier.unit,
            dossier: id,
            kind: event::BROUGHT.to_owned(),
            at: now,
            by,
            reason: None,
            from: None,
            until: None,
        });
    }
    let count = events.len();
    Progress::insert_many(steps)?;
    Event::insert_many(events)?;
    let summary =
        request.say(&format!("Đã nhập {count} hồ sơ"), &format!("{count} dossiers imported")).to_owned();
    Ok(Outcome::done("/").saying(summary))
}

/// A dossier of the book.
struct Brought {
    dossier: Dossier,
    steps: Vec<Step>,
    /// The position of the current step; behind the last one, of a dossier that is closed.
    at: usize,
    started: Date,
}

/// What plans share.
struct House {
    unit: UnitId,
    today: Date,
    by: AccountId,
}

fn plan(request: &Request, rows: &Rows) -> Result<(Vec<Brought>, Findings)> {
    let unit = access::units(permission::OPEN).into_iter().next();
    let unit = unit.ok_or_else(|| {
        Error::Denied(request.say("Chưa được phân quyền lập hồ sơ.", "You may not open dossiers.").to_owned())
    })?;
    let house = House { unit, today: time::today(), by: actor(request)? };
    let (mut plan, mut findings) = (Vec::new(), Findings::default());
    for row in 0..rows.len() {
        match brought(request, rows, row, &house)? {
            None => {}
            Some(Ok(brought)) => plan.push(brought),
            Some(Err(wrong)) => findings.add(row, wrong),
        }
    }
    Ok((plan, findings))
}

/// The dossier of a row; none when something required is missing, which the host has reported.
fn brought(
    request: &Request,
    rows: &Rows,
    row: usize,
    house: &House,
) -> Result<Option<std::result::Result<Brought, Wrong>>> {
    let text = |column: &str| rows.get::<String>(row, column);
    let day = |column: &str| rows.get::<Date>(row, column);
    let (Some(kind), Some(title), Some(level), Some(content), Some(step)) =
        (text("kind"), text("title"), text("level"), text("content"), text("step"))
    else {
        return Ok(None);
    };
    let (Some(opened_on), Some(started)) = (day("opened-on"), day("step-started-on")) else {
        return Ok(None);
    };
    let unknown = |column: &'static str, vi: &str, en: &str| {
        let remedy = ("Xem trang Quy trình, danh mục.", "See the catalogs.");
        Ok(Some(Err(wrong(request, column, (vi, en), remedy))))
    };
    let Some(kind) = Kind::of_key(&kind).filter(|kind| *kind != Kind::Complaint) else {
        return unknown(
            "kind",
            "Không có loại hồ sơ này; hồ sơ khiếu nại được lập ở trang Lập hồ sơ.",
            "There is no such kind; complaints are opened by hand.",
        );
    };
    let catalog = Catalog::on(opened_on)?;
    if catalog.term(list::LEVEL, &level).is_none() {
        return unknown("level", "Không có cấp này.", "There is no such level.");
    }
    if catalog.term(list::CONTENT, &content).is_none() {
        return unknown("content", "Không có nội dung này.", "There is no such content.");
    }
    let conclusion = text("conclusion");
    if conclusion.as_deref().is_some_and(|code| catalog.term(list::CONCLUSION, code).is_none()) {
        return unknown("conclusion", "Không có kết luận này.", "There is no such conclusion.");
    }
    let steps = Step::of(kind.key(), opened_on)?;
    let position =
        if step == CLOSED { Some(steps.len()) } else { steps.iter().position(|known| known.code == step) };
    let Some(at) = position.filter(|_| !steps.is_empty()) else {
        return unknown("step", "Quy trình không có bước này.", "The procedure has no such step.");
    };
    let Some(about) = about(text("officer"), text("organisation"))? else {
        return unknown(
            "officer",
            "Không tìm thấy đảng viên hoặc tổ chức đảng này.",
            "There is no such member or organisation.",
        );
    };
    if started < opened_on || started > house.today || (at == steps.len() && conclusion.is_none()) {
        return unknown(
            "step-started-on",
            "Ngày bắt đầu bước phải từ ngày lập đến hôm nay; hồ sơ đã kết thúc phải có kết luận.",
            "The step started between the opening and today; what is closed has a conclusion.",
        );
    }
    let closed = at == steps.len();
    let suspended_on = day("suspended-on").filter(|_| !closed);
    let state = match (closed, suspended_on) {
        (true, _) => state::CLOSED,
        (_, Some(_)) => state::SUSPENDED,
        _ => state::OPEN,
    };
    let lead = text("lead").and_then(|login| {
        let found = accounts::search(&login, None, 2).into_iter().next();
        found.map(|found| found.account)
    });
    let current = steps.get(at);
    let dossier = Dossier {
        unit: house.unit,
        number: None,
        year: i64::from(opened_on.year()),
        kind: kind.key().to_owned(),
        title,
        level,
        content,
        subject: about.subject,
        member: about.member,
        organisation: about.organisation,
        state: state.to_owned(),
        step: current.map(|step| step.title.clone()),
        due: current.and_then(|step| due(step, started)),
        lead,
        opened_on,
        opened_by: house.by,
        suspended_on,
        concluded_on: day("concluded-on").or_else(|| conclusion.as_ref().map(|_| started)),
        conclusion,
        findings: text("findings"),
        closed_on: closed.then_some(started),
        measure: None,
        lodged_on: None,
        answer_due: None,
        subject_account: about.account,
    };
    Ok(Some(Ok(Brought { dossier, steps, at, started })))
}

/// A member by number, or an organisation by its code.
fn about(officer: Option<String>, organisation: Option<String>) -> Result<Option<About>> {
    match (officer, organisation) {
        (Some(number), _) => match shared::officer(number.trim())? {
            Some(member) => About::member(member),
            None => Ok(None),
        },
        (None, Some(code)) => {
            let unit = accounts::find_unit(code.trim()).map(|unit| UnitId(unit.id));
            Ok(unit.map(About::organisation))
        }
        (None, None) => Ok(None),
    }
}
