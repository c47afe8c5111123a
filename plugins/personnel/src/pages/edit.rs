//! The record sheet as one form: the officer's own fields and all histories, saved together or not at all.

use dinh_sdk::prelude::*;
use dinh_sdk::time;

use super::{not_own, sheet_of};
use crate::codes;
use crate::deeds::apply::move_along;
use crate::model::common::Grades;
use crate::model::{Allowance, Career, Discipline, Person, Relative, Reward, SalaryStep, Training};
use crate::sheet::tables::Described;
use crate::sheet::values::{self, Any};
use crate::sheet::{check, fields};
use crate::told::{Summary, Told};

/// Most rows of a history in a form.
const MOST_ROWS: u32 = 100;

/// Draws the form.
pub(crate) fn draw(request: &Request) -> Result<Page> {
    let person = Person::get(request.parameter("id")?)?;
    let grades = Grades::load()?;
    let id = person.id;
    let told = Told::of(id)?.fields();
    let mut form = Form::new("save", request.say("Lưu hồ sơ", "Save")).cancel(sheet_of(id)).showing(&person);
    for group in fields::groups(request, &grades) {
        if group.written != fields::Written::ByClerk {
            continue;
        }
        form = form.group(group.title);
        for field in group.fields {
            let value = Any(person.record.value(&field.name));
            let field = if told.contains(&field.name.as_str()) { field.read_only() } else { field };
            form = form.field(field.value(value));
        }
    }
    form = form.group(request.say("Tài khoản", "Account")).field(
        Field::of(Person::ACCOUNT, request.say("Tài khoản của cán bộ", "The officer's account"))
            .help(request.say(
                "Người có tài khoản này xem được hồ sơ của mình và gửi đề nghị đính chính.",
                "Whoever has this account sees the own record and may ask for corrections.",
            ))
            .value(person.account)
            .width(6),
    );
    form = history::<Relative>(form, request, &grades, id)?;
    form = history::<Training>(form, request, &grades, id)?;
    form = history::<Career>(form, request, &grades, id)?;
    form = history::<SalaryStep>(form, request, &grades, id)?;
    form = history::<Allowance>(form, request, &grades, id)?;
    form = history::<Reward>(form, request, &grades, id)?;
    form = history::<Discipline>(form, request, &grades, id)?;
    let title = format!("{} {}", request.say("Sửa hồ sơ", "Edit"), person.full_name);
    Ok(Page::new(title)
        .subtitle(request.say(
            "Đơn vị, chức vụ, ngạch và bậc lương thay đổi bằng quyết định; trình độ đã có dòng đào tạo thì theo dòng đào tạo; dòng do quyết định ghi không sửa ở đây.",
            "Unit, position, grade and step change by decisions; levels that trainings attest follow them; rows that decisions wrote are not edited here.",
        ))
        .breadcrumb(request.say("Danh sách cán bộ", "Officers"), "/")
        .breadcrumb(person.full_name.clone(), sheet_of(id))
        .block(form))
}

/// A history as rows of the form, without those that decisions wrote.
fn history<R: Described>(form: Form, request: &Request, grades: &Grades, person: RecordId) -> Result<Form> {
    let mut children = ChildRows::new(R::ID, R::title(request), R::fields(request, grades));
    children.maximum = MOST_ROWS;
    for row in R::of(person)?.into_iter().filter(|row| row.decision().is_none()) {
        let shown = row.record.clone().into_values().into_iter().skip(R::FIXED);
        children = children.row(row.id.to_string(), shown.collect());
    }
    Ok(form.children(children))
}

/// Saves all of it.
pub(crate) fn save(request: &Request, submission: &Submission) -> Result<Outcome> {
    let mut person = Person::get(request.parameter("id")?)?;
    not_own(request, &person)?;
    let before = person.account;
    let told = Told::of(person.id)?.fields();
    let known = fields::by_clerk(request);
    let given = |name: &str| -> Result<Option<Value>> {
        if told.contains(&name) {
            // The rows of this form tell of it again, below; without such rows nothing does any more.
            Ok(Some(Value::Empty))
        } else if known.iter().any(|field| field.name == name) {
            submission.get::<Any>(name).map(|any| Some(any.0))
        } else {
            Ok(None)
        }
    };
    person.record = values::with(person.record.clone(), given)?;
    person.account = submission.field(Person::ACCOUNT)?;
    let today = time::today();
    let mut problems = Problems::default();
    check::form(request, &person.record, today, &mut problems);
    order::<Training>(request, submission, &mut problems)?;
    order::<Career>(request, submission, &mut problems)?;
    order::<Allowance>(request, submission, &mut problems)?;
    order::<Discipline>(request, submission, &mut problems)?;
    let (id, account, name) = (person.id, person.account, person.full_name.clone());
    let whose = [Value::Reference(id), Value::Unit(person.unit.0), account.into_value()];
    let sent = Sent { submission, person: id, whose };
    let ladders = codes::ladders(today)?;
    let mut after = Told::default();
    sent.tell::<Training>(request, &mut after, &mut problems)?;
    sent.tell::<Allowance>(request, &mut after, &mut problems)?;
    let record = Summary::of(&person.record);
    let (summary, fields) = after.disagreeing(&told, &record, &ladders, today);
    for field in fields {
        let wrong = check::disagreement(request, field, &record, &summary);
        problems.form(format!("{} {}", wrong.message, wrong.remedy));
    }
    problems.check()?;
    sent.write::<Relative>()?;
    sent.write::<Training>()?;
    sent.write::<Career>()?;
    sent.write::<SalaryStep>()?;
    sent.write::<Allowance>()?;
    sent.write::<Reward>()?;
    sent.write::<Discipline>()?;
    person.record = person.record.clone().settle(&after, &ladders, today);
    person.save()?;
    if account != before {
        move_along(id)?;
    }
    Ok(Outcome::done(sheet_of(id)).saying(request.say("Đã lưu hồ sơ", "Record saved")).saying_more(name))
}

/// Rows whose last day lies before their first.
fn order<R: Described>(request: &Request, submission: &Submission, problems: &mut Problems) -> Result<()> {
    let first = if R::FIELDS.contains(&"from") { "from" } else { "decided-on" };
    for (at, child) in submission.children(R::ID).enumerate() {
        let (from, until): (Option<Date>, Option<Date>) = (child.get(first)?, child.get("until")?);
        if from.zip(until).is_some_and(|(from, until)| until < from) {
            let said =
                request.say("ngày kết thúc trước ngày bắt đầu.", "the last day lies before the first.");
            problems.form(format!("{}: {said}", place::<R>(request, at)));
        }
    }
    Ok(())
}

/// The rows of histories that come with the form.
struct Sent<'a> {
    submission: &'a Submission,
    person: RecordId,
    /// Officer, unit and account, with which every row begins.
    whose: [Value; 3],
}

impl Sent<'_> {
    /// The rows of a history, each with the key of the one it changes; an empty key for a new one.
    fn rows<R: Described>(&self) -> Result<Vec<(String, R)>> {
        let children = self.submission.children(R::ID).map(|child| {
            let mut row: Vec<Value> = self.whose.to_vec();
            row.resize(R::FIXED, Value::Empty);
            for field in R::FIELDS.iter().skip(R::FIXED) {
                row.push(child.get::<Any>(field)?.0);
            }
            Ok((child.key().to_owned(), values::from(row)?))
        });
        children.collect()
    }

    /// What rows tell once the form is saved: those of the form, and those that decisions wrote.
    fn tell<R: Described>(&self, request: &Request, told: &mut Told, problems: &mut Problems) -> Result<()> {
        for (at, (_, row)) in self.rows::<R>()?.iter().enumerate() {
            if let Some(wrong) = row.wrong(request, time::today()) {
                problems.form(format!("{}: {} {}", place::<R>(request, at), wrong.message, wrong.remedy));
            }
            row.tell(told);
        }
        let decided = R::of(self.person)?.into_iter().filter(|row| row.decision().is_some());
        decided.for_each(|row| row.record.tell(told));
        Ok(())
    }

    /// Adds, changes and removes rows of a history so that they are those of the form.
    fn write<R: Described>(&self) -> Result<()> {
        let mut stored = R::of(self.person)?;
        stored.retain(|row| row.decision().is_none());
        for (key, record) in self.rows::<R>()? {
            let known = stored.iter().position(|row| row.id.to_string() == key);
            match known.filter(|_| !key.is_empty()) {
                Some(at) => Stored { record, ..stored.swap_remove(at) }.save()?,
                None => drop(record.insert()?),
            }
        }
        // What did not come back was taken out of the form.
        stored.into_iter().try_for_each(Stored::delete)
    }
}

/// A row of a history, as problems name it.
fn place<R: Described>(request: &Request, at: usize) -> String {
    format!("{}, {} {}", R::title(request), request.say("dòng", "row"), at + 1)
}
