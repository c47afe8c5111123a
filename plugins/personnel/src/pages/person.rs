//! An officer's record sheet: 2C-BNV/2008, 2C/TCTW-98.

use std::collections::HashMap;

use dinh_sdk::prelude::*;
use dinh_sdk::time;

use super::{as_of_field, decision_of, may, party_discipline, sheet_of};
use crate::model::common::{Grades, parameters};
use crate::model::decision::{Kind, state_name};
use crate::model::{
    Career, Decision, Discipline, History, Person, Relative, Reward, SalaryStep, Training, status,
};
use crate::permission;
use crate::prospects;
use crate::rules::ages::age;
use crate::rules::parameters::{Parameters, key};
use crate::rules::{salary, standing};
use crate::sheet::tables::Described;
use crate::sheet::{check, fields, show, values, words};
use crate::units;

/// What a sheet is drawn from.
pub(crate) struct Sheet {
    pub(crate) person: Stored<Person>,
    pub(crate) decisions: Vec<Stored<Decision>>,
    pub(crate) grades: Grades,
    pub(crate) parameters: Parameters,
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
        Ok(Self { person, decisions, grades: Grades::load()?, parameters: parameters()? })
    }
}

/// Draws the sheet.
pub(crate) fn draw(request: &Request) -> Result<Page> {
    let sheet = Sheet::load(Person::get(request.parameter("id")?)?)?;
    let day = request.optional::<Date>("as-of")?;
    let person = &sheet.person;
    let mut page = Page::new(person.full_name.clone())
        .subtitle(subtitle(request, person))
        .breadcrumb(request.say("Danh sách cán bộ", "Officers"), "/");
    if may(permission::MANAGE, person) {
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
    page = page.block(metrics(request, sheet, &steps, &disciplines, day));
    if let Some(notice) = lacking(request, sheet) {
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
                .block(table(request, &disciplines, sheet))
                .block_some(party_discipline::table(request, id)?),
            "education" => section.block(table(request, &Training::of(id)?, sheet)),
            "more" => section.block(table(request, &Reward::of(id)?, sheet)),
            _ => section,
        });
    }
    Ok(page.section(
        Section::new("life", request.say("Quyết định", "Decisions")).block(timeline(request, sheet)),
    ))
}

/// Salary, next raise, retirement, age: what follows from the record on a day.
fn metrics(
    request: &Request,
    sheet: &Sheet,
    steps: &[Stored<SalaryStep>],
    disciplines: &[Stored<Discipline>],
    day: Date,
) -> Vec<Metric> {
    let say = |vi, en| request.say(vi, en);
    let person = &sheet.person;
    let mut metrics = Vec::new();
    let rows: Vec<SalaryStep> = steps.iter().map(|row| row.record.clone()).collect();
    let then = standing::on(&rows, day).filter(|_| person.step_since.is_none_or(|since| day < since));
    let (coefficient, over_frame) = match then {
        Some(step) => (Some(step.coefficient), step.over_frame),
        None => (
            person.coefficient.filter(|_| person.step_since.is_none_or(|since| since <= day)),
            person.over_frame,
        ),
    };
    let insured = coefficient.and_then(|coefficient| {
        salary::insured(coefficient, over_frame.unwrap_or_default(), person.position_allowance)
    });
    if let Some(insured) = insured {
        let base = sheet.parameters.on(key::BASE_SALARY, day);
        let amount = base.and_then(|base| salary::in_dong(insured, base));
        let note = base.and_then(|base| salary::in_dong(Decimal::ONE, base)).map_or_else(
            || say("Chưa có mức lương cơ sở của ngày này", "No base salary of this day").to_owned(),
            |base| format!("{} {}", say("Lương cơ sở (đồng):", "Base salary (đồng):"), thousands(base)),
        );
        metrics
            .push(Metric::new(say("Lương tháng", "Monthly salary"), amount).format(Format::Money).note(note));
        metrics.push(
            Metric::new(say("Hệ số đóng BHXH", "Insured coefficient"), insured)
                .format(Format::Decimal(2))
                .note(say(
                    "Gồm vượt khung và phụ cấp chức vụ",
                    "With what is paid beyond the frame and for the position",
                )),
        );
    }
    let disciplined = disciplines.iter().map(|row| (row.decided_on, row.delay_months.unwrap_or_default()));
    if let Some(raise) = prospects::raise(&person.record, &sheet.grades, &sheet.parameters, disciplined, day)
    {
        let tone = if raise.due <= day { Tone::Warning } else { Tone::Neutral };
        metrics.push(
            Metric::new(say("Nâng lương kế tiếp", "Next raise"), raise.due).format(Format::Date).tone(tone),
        );
    }
    if let Some(last) = prospects::retirement(person.birth_date, &person.sex, &sheet.parameters) {
        metrics
            .push(Metric::new(say("Nghỉ hưu hết ngày", "Retires at the end of"), last).format(Format::Date));
    }
    metrics.push(
        Metric::new(say("Tuổi", "Age"), age(person.birth_date, day))
            .format(Format::Integer)
            .note(words::word(words::STATUSES, &person.status, request.language())),
    );
    metrics
}

/// A whole number with dots between thousands, as the notes of figures have it.
fn thousands(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.char_indices() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push('.');
        }
        text.push(digit);
    }
    text
}

/// What a complete sheet would have, and this one has not.
fn lacking(request: &Request, sheet: &Sheet) -> Option<Notice> {
    let missing = check::missing(&sheet.person);
    if missing.is_empty() {
        return None;
    }
    let names = fields::all(request, &sheet.grades).into_iter();
    let names: Vec<String> =
        names.filter(|field| missing.contains(&field.name.as_str())).map(|field| field.label).collect();
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
        let signs = signs(&sheet.decisions);
        let sign = |row: &Stored<R>| row.decision().and_then(|id| signs.get(&(id.high, id.low)).cloned());
        let column = u32::try_from(table.columns.len()).unwrap_or(u32::MAX);
        let linked = may(permission::DRAFT, &sheet.person);
        for (at, row) in rows.iter().enumerate() {
            if let Some(decision) = row.decision().filter(|_| linked) {
                table.cell_styles.push(CellStyle {
                    row: u32::try_from(at).unwrap_or(u32::MAX),
                    column,
                    tone: Tone::Neutral,
                    note: None,
                    target: Some(decision_of(decision).into()),
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

/// The numbers of signed decisions.
fn signs(decisions: &[Stored<Decision>]) -> HashMap<(u64, u64), String> {
    let sign = |decision: &Stored<Decision>| {
        let issuer = decision.issuer.map(units::code)?;
        Some(((decision.id.high, decision.id.low), decision.sign(&issuer)?))
    };
    decisions.iter().filter_map(sign).collect()
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
        if linked {
            event = event.to(decision_of(decision.id));
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_have_dots() {
        assert_eq!([0, 999, 1_000, 2_340_000].map(thousands), ["0", "999", "1.000", "2.340.000"]);
    }
}
