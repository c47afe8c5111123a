//! An officer's record sheet: 2C-BNV/2008, 2C/TCTW-98.

use std::collections::HashMap;

use dinh_sdk::prelude::*;
use dinh_sdk::time;

use super::{as_of_field, decision_of, figures, may, papers, party_discipline, sheet_of};
use crate::codes;
use crate::model::common::{Grades, parameters};
use crate::model::decision::{Kind, state_name};
use crate::model::{
    Allowance, Career, Decision, Discipline, History, Paper, Person, Relative, Reward, SalaryStep, Training,
    status,
};
use crate::past;
use crate::permission;
use crate::rules::parameters::Parameters;
use crate::rules::raise::Measures;
use crate::sheet::tables::Described;
use crate::sheet::{check, fields, show, values, words};
use crate::told::{Summary, Told};
use crate::units;

/// What a sheet is drawn from.
pub(crate) struct Sheet {
    /// The record of today, by which rights go.
    pub(crate) person: Stored<Person>,
    /// The day that the sheet is true of, and the record as it was then.
    pub(crate) day: Date,
    pub(crate) then: Person,
    pub(crate) told: Told,
    trainings: Vec<Stored<Training>>,
    careers: Vec<Stored<Career>>,
    steps: Vec<Stored<SalaryStep>>,
    allowances: Vec<Stored<Allowance>>,
    rewards: Vec<Stored<Reward>>,
    disciplines: Vec<Stored<Discipline>>,
    pub(crate) decisions: Vec<Stored<Decision>>,
    pub(crate) grades: Grades,
    pub(crate) parameters: Parameters,
    /// Whether it is drawn for keeping it: with what can be done to its papers.
    pub(crate) keeps: bool,
}

impl Sheet {
    /// An officer's sheet as of a day. What is not signed yet is only for those who draft decisions: an officer does not
    /// read on the own sheet what is being written about them.
    pub(crate) fn load(person: Stored<Person>, day: Date) -> Result<Self> {
        let id = person.id;
        let mut decisions = Decision::all()
            .filter(Decision::PERSON.is(id))
            .order_by(Decision::EFFECTIVE_ON.descending())
            .list()?;
        if !may(permission::DRAFT, &person) {
            decisions.retain(|decision| decision.is_signed());
        }
        let (trainings, allowances) = (Training::of(id)?, Allowance::of(id)?);
        let told =
            Told::new(trainings.iter().map(|row| &row.record), allowances.iter().map(|row| &row.record));
        let mut sheet = Self {
            day,
            then: person.record.clone(),
            told,
            trainings,
            careers: Career::of(id)?,
            steps: SalaryStep::of(id)?,
            allowances,
            rewards: Reward::of(id)?,
            disciplines: Discipline::of(id)?,
            decisions,
            grades: Grades::load()?,
            parameters: parameters()?,
            keeps: false,
            person,
        };
        let ladders = codes::ladders(day)?;
        if sheet.is_past() {
            let then = sheet.then;
            sheet.then = past::record(then, &sheet.careers, &sheet.steps, &sheet.told, &ladders, day);
            sheet.trainings = past::as_of(sheet.trainings, day);
            sheet.careers = past::as_of(sheet.careers, day);
            sheet.steps = past::as_of(sheet.steps, day);
            sheet.allowances = past::as_of(sheet.allowances, day);
            sheet.rewards = past::as_of(sheet.rewards, day);
            sheet.disciplines = past::as_of(sheet.disciplines, day);
            sheet.decisions.retain(|decision| decision.effective_on <= day);
        } else {
            let summary = sheet.told.summary(Summary::of(&sheet.then), &ladders, day);
            summary.put_on(&mut sheet.then);
        }
        Ok(sheet)
    }

    /// Whether it is of a day that is past.
    fn is_past(&self) -> bool {
        past::needed(self.day, time::today())
    }
}

/// Draws the sheet.
pub(crate) fn draw(request: &Request) -> Result<Page> {
    let day = request.optional::<Date>("as-of")?;
    let mut sheet = Sheet::load(Person::get(request.parameter("id")?)?, day.unwrap_or_else(time::today))?;
    sheet.keeps = may(permission::MANAGE, &sheet.person);
    let person = &sheet.person;
    let mut page = Page::new(person.full_name.clone())
        .letterhead(person.unit)
        .subtitle(subtitle(request, &sheet.then))
        .breadcrumb(request.say("Danh sách cán bộ", "Officers"), "/");
    if sheet.keeps {
        let edit = sheet_of(person.id).segment("edit");
        page = page.action(Action::open(request.say("Sửa hồ sơ", "Edit"), edit).primary());
    }
    page = page.block(Filters::new(vec![as_of_field(request, day)]).submit(request.say("Xem", "Show")));
    page = body(request, page, &sheet)?;
    if may(permission::DRAFT, person) {
        page = page.section(
            Section::new("decide", request.say("Lập quyết định", "Draft a decision"))
                .block(kinds(request, person)),
        );
    }
    Ok(page)
}

/// “Trưởng phòng · Phòng Tổng hợp”.
pub(crate) fn subtitle(request: &Request, person: &Person) -> String {
    let unit = units::name(person.unit);
    let position = person
        .position
        .clone()
        .unwrap_or_else(|| words::word(words::STATUSES, &person.status, request.language()).to_owned());
    format!("{position} · {unit} · {}", person.code)
}

/// Which decisions make sense for an officer as things are.
fn kinds(request: &Request, person: &Stored<Person>) -> Vec<Action> {
    let recruited = person.status == status::WORKING;
    let fits = |kind: &Kind| match kind {
        Kind::Recruit => person.status == status::CANDIDATE,
        _ => recruited,
    };
    let open = |kind: Kind| {
        let to = sheet_of(person.id).segment("decide").segment(kind.key());
        Action::open(kind.name(request.language()), to)
    };
    Kind::ALL.into_iter().filter(fits).map(open).collect()
}

/// The sections of a sheet.
pub(crate) fn body(request: &Request, mut page: Page, sheet: &Sheet) -> Result<Page> {
    let id = sheet.person.id;
    page = page.block(figures::metrics(request, sheet, &measures(sheet)?));
    let papers = Paper::of(id)?;
    if sheet.is_past() {
        page = page.block(of_then(request, sheet.day));
    } else if let Some(notice) = lacking(request, sheet, &papers) {
        page = page.block(notice);
    }
    for group in fields::groups(request, &sheet.grades) {
        let facts = show::facts(request, &sheet.then, &group.fields);
        let section = Section::new(group.id, group.title).block(facts);
        page = page.section(match group.id {
            "identity" => section.block(table(request, &Relative::of(id)?, sheet)),
            "service" => section
                .block(table(request, &sheet.careers, sheet))
                .block(table(request, &sheet.steps, sheet))
                .block(table(request, &sheet.allowances, sheet))
                .block(table(request, &sheet.disciplines, sheet))
                .block_some(party_discipline::table(request, id)?),
            "education" => section.block(table(request, &sheet.trainings, sheet)),
            "more" => section.block(table(request, &sheet.rewards, sheet)),
            _ => section,
        });
    }
    page = page.section(papers::section(request, &papers, sheet.keeps));
    let life = Section::new("life", request.say("Quyết định", "Decisions"));
    Ok(page.section(if sheet.decisions.is_empty() {
        life.block(Paragraph::note(request.say("Chưa có quyết định nào.", "No decisions yet.")))
    } else {
        life.block(timeline(request, sheet))
    }))
}

/// What a sheet of a day that is past says of then, and what of today.
fn of_then(request: &Request, day: Date) -> Notice {
    let title = request.say("Hồ sơ tại ngày", "The record as of");
    Notice::info(format!("{title} {}", day.strftime("%d/%m/%Y"))).text(request.say(
        "Công tác, lương, phụ cấp, trình độ theo lịch sử tại ngày này; các mục không có lịch sử ghi như hiện nay.",
        "Post, pay, allowances and levels are those of the day, from the histories; what has no history is as today.",
    ))
}

/// What puts the next raise off.
fn measures(sheet: &Sheet) -> Result<Measures> {
    Ok(Measures {
        official: sheet
            .disciplines
            .iter()
            .map(|row| (row.decided_on, row.delay_months.unwrap_or_default()))
            .collect(),
        party: party_discipline::delays(sheet.person.id, &sheet.parameters)?,
    })
}

/// What a complete sheet would have, and this one has not.
fn lacking(request: &Request, sheet: &Sheet, papers: &[Stored<Paper>]) -> Option<Notice> {
    let missing = check::missing(&sheet.person);
    let names = fields::all(request, &sheet.grades).into_iter();
    let mut names: Vec<String> =
        names.filter(|field| missing.contains(&field.name.as_str())).map(|field| field.label).collect();
    let there: Vec<String> = papers.iter().map(|paper| paper.kind.clone()).collect();
    let papers = papers::missing(&sheet.parameters, &sheet.person, &there, time::today());
    names.extend(papers.into_iter().map(|(_, vi, en)| request.say(vi, en).to_owned()));
    if names.is_empty() {
        return None;
    }
    let title = request.say("Hồ sơ còn thiếu", "The record lacks");
    Some(Notice::warning(title).text(format!("{}.", names.join(", "))))
}

/// A history of the sheet.
fn table<R: Described>(request: &Request, rows: &[Stored<R>], sheet: &Sheet) -> Table {
    let fields = R::fields(request, &sheet.grades);
    let mut table = Table::new(R::ID).caption(R::title(request));
    for (at, field) in fields.iter().enumerate() {
        let kind = R::KINDS.get(R::FIXED + at).copied().unwrap_or(dinh_sdk::Kind::Text);
        let cells = rows.iter().map(|row| show::shown(request, field, row.record.value(&field.name)));
        let label = match &field.unit_of_measure {
            Some(unit) => format!("{} ({unit})", field.label),
            None => field.label.clone(),
        };
        table = table
            .with(Head::new(&field.name, label).format(show::format(field)), values::column(kind, cells));
    }
    if rows.iter().any(|row| row.decision().is_some()) {
        let signed = signed(sheet);
        let found = |row: &Stored<R>| row.decision().and_then(|id| signed.get(&(id.high, id.low)).cloned());
        let sign = |row: &Stored<R>| found(row).map(|(sign, _)| sign);
        let column = u32::try_from(table.columns.len()).unwrap_or(u32::MAX);
        for (at, row) in rows.iter().enumerate() {
            if let Some(target) = found(row).and_then(|(_, target)| target) {
                table.cell_styles.push(CellStyle {
                    row: u32::try_from(at).unwrap_or(u32::MAX),
                    column,
                    tone: Tone::Neutral,
                    note: None,
                    target: Some(target),
                    placeholder: None,
                });
            }
        }
        table = table.with(
            Head::new("decision", request.say("Quyết định", "Decision")),
            Column::of(rows.iter().map(sign)),
        );
    }
    table.empty(request.say("Chưa có dòng nào.", "No rows yet."))
}

/// The numbers of signed decisions, and where each leads.
fn signed(sheet: &Sheet) -> HashMap<(u64, u64), (String, Option<Target>)> {
    let linked = may(permission::DRAFT, &sheet.person);
    let sign = |decision: &Stored<Decision>| {
        let issuer = decision.issuer.map(units::code)?;
        let (id, sign) = (decision.id, decision.sign(&issuer)?);
        Some(((id.high, id.low), (sign, leads(decision, linked))))
    };
    sheet.decisions.iter().filter_map(sign).collect()
}

/// Where a decision leads: to its page for those who draft decisions, for others to what was signed.
fn leads(decision: &Stored<Decision>, linked: bool) -> Option<Target> {
    if linked { Some(decision_of(decision.id).into()) } else { decision.scan.map(Target::from) }
}

/// What was decided, the latest first; drafts as what they are.
fn timeline(request: &Request, sheet: &Sheet) -> Vec<Event> {
    let language = request.language();
    let linked = may(permission::DRAFT, &sheet.person);
    let events = sheet.decisions.iter().map(|decision| {
        let (name, tone) = state_name(&decision.state, language);
        let kind = Kind::of_key(&decision.kind).map_or("", |kind| kind.name(language));
        let issuer = decision.issuer.map(units::code).unwrap_or_default();
        let number = decision.sign(&issuer).unwrap_or_else(|| name.to_owned());
        let mut event = Event::new(decision.effective_on, format!("{kind} – {number}")).tone(tone);
        if let Some(target) = leads(decision, linked) {
            event = event.to(target);
        }
        if let Some(by) = decision.signed_by {
            event = event.by(by);
        }
        match &decision.content {
            Some(content) => event.text(content.clone()),
            None => event,
        }
    });
    events.collect()
}
