//! Import of officers, thousands at once. An officer is known by the number; columns that the file has not stay as
//! they are.

use std::collections::{HashMap, HashSet};

use dinh_sdk::prelude::*;
use dinh_sdk::sheet::{Rows, Sheet};
use dinh_sdk::{access, accounts, time};

use super::{Findings, Known, column, known};
use crate::codes;
use crate::model::common::Grades;
use crate::model::{Person, status};
use crate::pages::actor;
use crate::permission;
use crate::rules::levels::Ladders;
use crate::sheet::values::{self, Any};
use crate::sheet::{check, fields};
use crate::told::{Officer, Summary, Told, officer};
use crate::units::Units;

/// The import block.
const BLOCK: &str = "people";

/// The column for sign-in names.
const LOGIN: &str = "login";

/// What files call columns besides: the list of officers as it is exported, and usual books.
const ALIASES: [(&str, &str); 6] = [
    ("code", "Số hiệu"),
    ("code", "Mã cán bộ"),
    ("full-name", "Họ và tên"),
    ("full-name", "Họ tên"),
    ("step", "Bậc"),
    ("coefficient", "Hệ số"),
];

/// What would be done.
#[derive(Default)]
struct Plan {
    added: Vec<Person>,
    updated: Vec<Stored<Person>>,
    findings: Findings,
}

/// The block.
pub(crate) fn block(request: &Request) -> Result<SheetImport> {
    let grades = Grades::load()?;
    let mut import = SheetImport::new(BLOCK, request.say("Tệp hồ sơ cán bộ", "File of officers")).help(request.say(
        "Mỗi dòng một người; số hiệu đã có thì cập nhật, chưa có thì thêm. Đơn vị ghi mã hoặc tên. Cột nào tệp không có thì giữ nguyên.",
        "One line each; a known number is updated, a new one added. Units by code or name. What the file has no column for stays as it is.",
    ));
    for field in fields::all(request, &grades) {
        let required = field.required && field.name != Person::STATUS.name();
        let name = field.name.clone();
        let mut column = column(Field { required, ..field });
        for (_, alias) in ALIASES.iter().filter(|(field, _)| *field == name) {
            column = column.alias(*alias);
        }
        import = import.column(column);
    }
    import = import.column(SheetColumn::text(LOGIN, request.say("Tài khoản", "Account")));
    let Some(sheet) = Sheet::of(BLOCK) else { return Ok(import) };
    let (_, plan) = read(request, &sheet, &grades)?;
    let summary = summary(request, &plan);
    Ok(import.preview(Some(plan.findings.preview(summary))))
}

fn summary(request: &Request, plan: &Plan) -> String {
    let (added, updated, wrong) = (plan.added.len(), plan.updated.len(), plan.findings.rows());
    request
        .say(
            &format!("Thêm {added} hồ sơ, cập nhật {updated} hồ sơ; {wrong} dòng sai."),
            &format!("{added} records to add, {updated} to update; {wrong} wrong lines."),
        )
        .to_owned()
}

/// Imports the sheet.
pub(crate) fn submit(request: &Request, _: &Submission) -> Result<Outcome> {
    let sheet = Sheet::of(BLOCK).or_failed("no sheet")?;
    let (rows, plan) = read(request, &sheet, &Grades::load()?)?;
    plan.findings.check(request, &rows)?;
    let summary = summary(request, &plan);
    Person::insert_many(plan.added)?;
    for person in plan.updated {
        person.save()?;
    }
    Ok(Outcome::done("/").saying(request.say("Đã nhập hồ sơ", "Records imported")).saying_more(summary))
}

/// What rows are held against.
struct Context<'a> {
    request: &'a Request,
    grades: &'a Grades,
    units: Units,
    manages: HashSet<UnitId>,
    known: HashMap<String, Stored<Known>>,
    /// What rows tell of the officers who are known; of nobody where the file names none of them.
    told: HashMap<Officer, Told>,
    ladders: Ladders,
    today: Date,
    actor: AccountId,
}

fn read(request: &Request, sheet: &Sheet, grades: &Grades) -> Result<(Rows, Plan)> {
    let names: Vec<String> = fields::all(request, grades).into_iter().map(|field| field.name).collect();
    let mut columns: Vec<&str> = names.iter().map(String::as_str).collect();
    columns.push(LOGIN);
    columns.retain(|column| sheet.has(column));
    let rows = sheet.read(&columns)?;
    let known = known()?;
    let code = |row| rows.get::<String>(row, Person::CODE.name());
    let updates = (0..rows.len()).any(|row| code(row).is_some_and(|code| known.contains_key(&code)));
    let context = Context {
        request,
        grades,
        units: Units::load(),
        manages: access::units(permission::MANAGE).into_iter().collect(),
        known,
        told: if updates { Told::of_all()? } else { HashMap::new() },
        ladders: codes::ladders(time::today())?,
        today: time::today(),
        actor: actor(request)?,
    };
    let mut plan = Plan::default();
    let mut seen = HashSet::new();
    let mut citizens: HashMap<String, String> = HashMap::new();
    for known in context.known.values() {
        if let Some(number) = &known.citizen_id {
            citizens.insert(number.clone(), known.code.clone());
        }
    }
    for row in 0..rows.len() {
        person(&context, &rows, row, &columns, &mut seen, &mut citizens, &mut plan)?;
    }
    Ok((rows, plan))
}

/// One row.
fn person(
    context: &Context<'_>,
    rows: &Rows,
    row: usize,
    columns: &[&str],
    seen: &mut HashSet<String>,
    citizens: &mut HashMap<String, String>,
    plan: &mut Plan,
) -> Result<()> {
    let say = |vi, en| context.request.say(vi, en);
    if columns.iter().any(|column| rows.is_wrong(row, column)) {
        return Ok(());
    }
    let Some(code) = rows.get::<String>(row, "code") else { return Ok(()) };
    let before = plan.findings.0.len();
    if !seen.insert(code.clone()) {
        let message = format!(
            "{} “{code}” {}",
            say("Số hiệu", "Number"),
            say("đã có ở dòng trên.", "is there already.")
        );
        plan.findings.add(row, "code", message, say("Mỗi người một dòng.", "One line each."));
    }
    let unit =
        rows.get::<String>(row, "unit").map(|words| context.units.find(&words).ok_or(words)).transpose();
    let unit = match unit {
        Ok(unit) => unit,
        Err(words) => {
            let message = format!("{} “{words}”.", say("Không có đơn vị", "There is no unit"));
            plan.findings.add(
                row,
                "unit",
                message,
                say("Ghi mã hoặc tên đầy đủ của đơn vị.", "Write its code or full name."),
            );
            None
        }
    };
    let account = account(context, rows, row, &mut plan.findings);
    let known = context.known.get(&code);
    let stored = known.map(|known| Person::get(known.id)).transpose()?;
    let base = stored.as_ref().map_or_else(
        || Person::FIELDS.iter().map(|_| Value::Empty).collect(),
        |stored| stored.record.clone().into_values(),
    );
    let mut given: Vec<Value> = Vec::with_capacity(base.len());
    for (field, before) in Person::FIELDS.iter().zip(base) {
        let value = match *field {
            "unit" => unit.map(FieldType::into_value),
            "account" => account.map(FieldType::into_value),
            "status" => rows
                .get::<Any>(row, field)
                .map(|any| any.0)
                .or_else(|| before_or(&before, || Value::Text(status::WORKING.to_owned()))),
            "sort-name" => before_or(&before, || Value::Text(String::new())),
            field if columns.contains(&field) => {
                Some(rows.get::<Any>(row, field).map_or(Value::Empty, |any| any.0))
            }
            _ => None,
        };
        given.push(value.unwrap_or(before));
    }
    let Ok(person) = values::from::<Person>(given) else {
        // What is missing has been reported by the host, or is the unit, reported above.
        if unit.is_none() && plan.findings.0.len() == before {
            plan.findings.add(
                row,
                "unit",
                say("Chưa ghi đơn vị.", "No unit."),
                say("Ghi mã hoặc tên đơn vị.", "Write its code or name."),
            );
        }
        return Ok(());
    };
    // What rows tell of somebody who is here already is put on the record again, and the file does not say otherwise.
    let told = stored.as_ref().and_then(|stored| context.told.get(&officer(stored.id)));
    let person = match told {
        None => person.settle(&Told::default(), &context.ladders, context.today),
        Some(told) => {
            let written = Summary::of(&person);
            let person = person.settle(told, &context.ladders, context.today);
            let wrong = written.differing(&Summary::of(&person)).into_iter().filter(|field| {
                let said = columns.contains(field) && !matches!(written.value(field), Value::Empty);
                said && told.fields().contains(field)
            });
            for field in wrong {
                plan.findings.add(
                    row,
                    field,
                    say(
                        "Khác với lịch sử đào tạo, phụ cấp của hồ sơ.",
                        "It is not what the record's trainings or allowances tell.",
                    ),
                    say(
                        "Nhập dòng đào tạo hoặc phụ cấp tương ứng, hoặc bỏ trống ô này.",
                        "Import the training or the allowance, or leave this cell empty.",
                    ),
                );
            }
            person
        }
    };
    if !context.manages.contains(&person.unit) {
        plan.findings.add(
            row,
            "unit",
            say("Ngoài phạm vi được phân quyền.", "Outside your rights."),
            say("Chỉ nhập hồ sơ của đơn vị mình quản lý.", "Import records of your own units only."),
        );
    }
    if let Some(grade) = person.grade.as_deref().filter(|grade| context.grades.get(grade).is_none()) {
        let message =
            format!("{} “{grade}”.", say("Chưa có thang lương của ngạch", "No pay scale of the grade"));
        plan.findings.add(
            row,
            "grade",
            message,
            say("Bổ sung tại trang Tham số.", "Add it on the page Parameters."),
        );
    }
    for wrong in check::person(context.request, &person, context.today) {
        plan.findings.add(row, wrong.field, wrong.message, wrong.remedy);
    }
    if let Some(number) = &person.citizen_id {
        let holder = citizens.entry(number.clone()).or_insert_with(|| code.clone());
        if *holder != code {
            let message = format!(
                "{} {holder}.",
                say("Số căn cước này đã ghi cho người mang số hiệu", "This number is that of")
            );
            plan.findings.add(row, "citizen-id", message, say("Kiểm tra lại giấy tờ.", "Check the papers."));
        }
    }
    let holders = [stored.as_ref().and_then(|stored| stored.account), person.account];
    if stored.as_ref().is_none_or(|stored| stored.record != person) {
        plan.findings.own(context.request, row, Person::CODE.name(), context.actor, &holders);
    }
    if plan.findings.0.len() > before {
        return Ok(());
    }
    match stored {
        Some(stored) => plan.updated.push(Stored { record: person, ..stored }),
        None => plan.added.push(person),
    }
    Ok(())
}

fn before_or(before: &Value, otherwise: impl FnOnce() -> Value) -> Option<Value> {
    matches!(before, Value::Empty).then(otherwise)
}

/// The account of a sign-in name.
fn account(context: &Context<'_>, rows: &Rows, row: usize, findings: &mut Findings) -> Option<AccountId> {
    let login = rows.get::<String>(row, LOGIN)?;
    let found = accounts::search(&login, None, 10)
        .into_iter()
        .find(|found| accounts::get_person(found.account).is_some_and(|person| person.login == login.trim()));
    if found.is_none() {
        let message =
            format!("{} “{login}”.", context.request.say("Không có tài khoản", "There is no account"));
        findings.add(
            row,
            LOGIN,
            message,
            context.request.say("Ghi đúng tên đăng nhập.", "Write the sign-in name."),
        );
    }
    found.map(|found| found.account)
}
