//! An officer's record sheet: 2C-BNV/2008, 2C/TCTW-98.

use std::collections::HashMap;

use dinh_sdk::prelude::*;
use dinh_sdk::time;

use super::{as_of_field, decision_of, figures, may, papers, party_discipline, sheet_of};
use crate::model::common::{Grades, parameters};
use crate::model::decision::{Kind, state_name};
use crate::model::{
    Allowance, Career, Decision, Discipline, History, Paper, Person, Relative, Reward, SalaryStep, Training,
    status,
};
use crate::permission;
use crate::rules::parameters::Parameters;
use crate::rules::raise::Measures;
use crate::sheet::tables::Described;
use crate::sheet::{check, fields, show, values, words};
use crate::units;

/// What a sheet is drawn from.
pub(crate) struct Sheet {
    pub(crate) person: Stored<Person>,
    pub(crate) decisions: Vec<Stored<Decision>>,
    pub(crate) grades: Grades,
    pub(crate) parameters: Parameters,
    /// Whether it is drawn for keeping it: with what can be done to its papers.
    pub(crate) keeps: bool,
}

impl Sheet {
    /// An officer's sheet. What is not signed yet is only for those who draft decisions: an officer does not read on
    /// the own sheet what is being written about them.
    pub(crate) fn load(person: Stored<Person>) -> Result<Self> {
        let mut decisions = Decision::all()
            .filter(Decision::PERSON.is(person.id))
            .order_by(Decision::EFFECTIVE_ON.descending())
            .list()?;
        if !may(permission::DRAFT, &person) {
            decisions.retain(|decision| decision.is_signed());
        }
        Ok(Self { person, decisions, grades: Grades::load()?, parameters: parameters()?, keeps: false })
    }
}

/// Draws the sheet.
pub(crate) fn draw(request: &Request) -> Result<Page> {
    let mut sheet = Sheet::load(Person::get(request.parameter("id")?)?)?;
    sheet.keeps = may(permission::MANAGE, &sheet.person);
    let day = request.optional::<Date>("as-of")?;
    let person = &sheet.person;
    let mut page = Page::new(person.full_name.clone())
        .subtitle(subtitle(request, person))
        .breadcrumb(request.say("Danh sách cán bộ", "Officers"), "/");
    if sheet.keeps {
        let edit = sheet_of(person.id).segment("edit");
        page = page.action(Action::open(request.say("Sửa hồ sơ", "Edit"), edit).primary());
    }
    page = page.block(Filters::new(vec![as_of_field(request, day)]).submit(request.say("Xem", "Show")));
    page = body(request, page, &sheet, day.unwrap_or_else(time::today))?;
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

/// The sections of a sheet, as of a day.
pub(crate) fn body(request: &Request, mut page: Page, sheet: &Sheet, day: Date) -> Result<Page> {
    let id = sheet.person.id;
    let steps = SalaryStep::of(id)?;
    let careers = Career::of(id)?;
    let disciplines = Discipline::of(id)?;
    page = page.block(figures::metrics(request, sheet, &steps, &measures(sheet, &disciplines)?, day));
    let papers = Paper::of(id)?;
    if let Some(notice) = lacking(request, sheet, &papers) {
        page = page.block(notice);
    }
    for group in fields::groups(request, &sheet.grades) {
        let facts = show::facts(request, &sheet.person.record, &group.fields);
        let section = Section::new(group.id, group.title).block(facts);
        page = page.section(match group.id {
            "identity" => section.block(table(request, &Relative::of(id)?, sheet)),
            "service" => section
                .block(table(request, &careers, sheet))
                .block(table(request, &steps, sheet))
                .block(table(request, &Allowance::of(id)?, sheet))
                .block(table(request, &disciplines, sheet))
                .block_some(party_discipline::table(request, id)?),
            "education" => section.block(table(request, &Training::of(id)?, sheet)),
            "more" => section.block(table(request, &Reward::of(id)?, sheet)),
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

/// What puts the next raise off.
fn measures(sheet: &Sheet, disciplines: &[Stored<Discipline>]) -> Result<Measures> {
    Ok(Measures {
        official: disciplines
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
