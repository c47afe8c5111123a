//! The papers of an officer's file: which there are, which are missing, their scans.

use dinh_sdk::prelude::*;
use dinh_sdk::{access, time};

use super::{actor, not_own, sheet_of, target};
use crate::model::{Paper, Person};
use crate::permission;
use crate::rules::parameters::{Parameters, key};
use crate::rules::standing;
use crate::sheet::check::Wrong;
use crate::sheet::words::{self, Word};

/// The papers that a file has to have on a day and has not, in the order of the list. `there` are the kinds it has.
pub(crate) fn missing(
    parameters: &Parameters,
    person: &Person,
    there: &[String],
    day: Date,
) -> Vec<&'static Word> {
    let is_member = standing::between(person.party_admitted_on, person.party_left_on, day);
    let required = |kind: &str| {
        let applies = kind != words::OF_MEMBERS || is_member;
        applies && parameters.whole(&key::required_paper(kind), day).is_some_and(|value| value > 0)
    };
    let lacks = |kind: &str| required(kind) && !there.iter().any(|known| known == kind);
    words::PAPERS.iter().filter(|(kind, ..)| lacks(kind)).collect()
}

/// What they are called.
pub(crate) fn title(request: &Request) -> &str {
    request.say("Giấy tờ trong hồ sơ", "Papers of the file")
}

/// What is said of a paper, besides its scan.
pub(crate) fn fields(request: &Request) -> [Field; 3] {
    let say = |vi, en| request.say(vi, en);
    let choices =
        Choices { choices: words::choices(words::PAPERS, request.language()), style: ChoiceStyle::Select };
    let kind = FieldKind::Choice(choices);
    [
        Field::new("kind", say("Loại giấy tờ", "Kind"), kind).required().width(6),
        Field::of(Paper::TITLE, say("Tên, số giấy tờ", "Name, number")).at_most(200).width(6),
        Field::of(Paper::DATED, say("Ngày cấp", "Dated")).width(3),
    ]
}

/// What is wrong with the day of a paper: nothing is issued ahead.
pub(crate) fn wrong(request: &Request, dated: Option<Date>, today: Date) -> Option<Wrong> {
    let dated = dated.filter(|day| *day > today)?;
    let (day, today) = (dated.strftime("%d/%m/%Y"), today.strftime("%d/%m/%Y"));
    let message = request
        .say(
            &format!("Ngày cấp {day} chưa đến, hôm nay là {today}."),
            &format!("The paper is dated {day}, and today is {today}."),
        )
        .to_owned();
    let remedy = request.say(
        "Kiểm tra lại năm, hoặc để trống nếu không rõ ngày cấp.",
        "Check the year, or leave it empty where the day is not known.",
    );
    Some(Wrong { field: "dated", message, remedy: remedy.to_owned() })
}

/// The section of a sheet; with what can be done to it, for whoever keeps the record.
pub(crate) fn section(request: &Request, papers: &[Stored<Paper>], keeps: bool) -> Section {
    let say = |vi, en| request.say(vi, en);
    let table = Table::of("paper-list", papers)
        .column(Head::new("kind", say("Loại giấy tờ", "Kind")).wide(), |row| {
            words::word(words::PAPERS, &row.kind, request.language()).to_owned()
        })
        .column(Head::new("title", say("Tên, số giấy tờ", "Name, number")), |row| row.title.as_deref())
        .column(Head::new("dated", say("Ngày cấp", "Dated")).format(Format::Date), |row| row.dated)
        .column(Head::new("file", say("Tệp", "File")), |row| row.file)
        .column(
            Head::new("recorded-at", say("Cập nhật lúc", "Recorded at")).format(Format::Instant),
            |row| row.recorded_at,
        )
        .row_key(|row| row.id.to_string())
        .build()
        .empty(say("Chưa có giấy tờ nào.", "No papers yet."));
    let section = Section::new("papers", title(request));
    if !keeps {
        return section.block(Table { row_keys: Vec::new(), ..table });
    }
    let drop = Action::submit(say("Bỏ giấy tờ đã chọn", "Remove those selected"), "drop")
        .confirm(say("Bỏ các giấy tờ đã chọn khỏi hồ sơ, cả tệp?", "Remove them, with their files?"));
    section.block(table.bulk_action(drop)).block(form(request))
}

fn form(request: &Request) -> Form {
    let say = |vi, en| request.say(vi, en);
    let form = Form::new("paper", say("Thêm giấy tờ", "Add the paper"));
    fields(request).into_iter().fold(form, Form::field).field(
        Field::of(Paper::FILE, say("Tệp (bản quét)", "File (scan)"))
            .help(say("Để trống nếu chỉ có bản giấy.", "Empty if there is only the paper."))
            .width(9),
    )
}

/// The officer whose file it is, if the actor may keep it.
fn kept(request: &Request) -> Result<Stored<Person>> {
    let person = Person::get(request.parameter("id")?)?;
    access::require(permission::MANAGE, target(person.unit, None))?;
    not_own(request, &person)?;
    Ok(person)
}

/// Adds a paper.
pub(crate) fn add(request: &Request, submission: &Submission) -> Result<Outcome> {
    let person = kept(request)?;
    let dated: Option<Date> = submission.field(Paper::DATED)?;
    if let Some(wrong) = wrong(request, dated, time::today()) {
        return Err(Error::field(wrong.field, format!("{} {}", wrong.message, wrong.remedy)));
    }
    Paper {
        person: person.id,
        unit: person.unit,
        account: person.account,
        kind: submission.get("kind")?,
        title: submission.field(Paper::TITLE)?,
        dated,
        file: submission.field(Paper::FILE)?,
        recorded_by: actor(request)?,
        recorded_at: time::now(),
    }
    .insert()?;
    Ok(Outcome::done(sheet_of(person.id)).saying(request.say("Đã thêm giấy tờ", "Paper added")))
}

/// Removes papers, with their files.
pub(crate) fn remove(request: &Request, submission: &Submission) -> Result<Outcome> {
    let person = kept(request)?;
    for key in submission.selected() {
        let paper = Paper::get(key.parse().or_not_found(key.clone())?)?;
        if paper.person != person.id {
            return Err(Error::NotFound(key.clone()));
        }
        paper.delete()?;
    }
    Ok(Outcome::done(sheet_of(person.id)).saying(request.say("Đã bỏ giấy tờ", "Removed")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deeds::tests::officer;
    use crate::rules::parameters::Dated;
    use dinh_sdk::jiff::civil::date;

    #[test]
    fn a_paper_of_a_day_to_come_is_refused_with_both_days_and_what_to_do() {
        let request = Request::test("/", Language::Vi);
        let today = date(2026, 3, 2);
        let wrong = |day| wrong(&request, day, today);
        assert_eq!((wrong(None), wrong(Some(today))), (None, None));
        let said = wrong(Some(date(2026, 3, 3))).unwrap();
        assert_eq!(said.field, "dated");
        assert_eq!(said.message, "Ngày cấp 03/03/2026 chưa đến, hôm nay là 02/03/2026.");
        assert_eq!(said.remedy, "Kiểm tra lại năm, hoặc để trống nếu không rõ ngày cấp.");
    }

    #[test]
    fn a_file_lacks_what_is_required_on_the_day_and_not_there() {
        let row = |kind: &str, from, value: i64| Dated {
            key: key::required_paper(kind),
            from,
            value: Decimal::from(value),
        };
        let parameters = Parameters::new(vec![
            row("khai-sinh", date(2020, 1, 1), 1),
            row("suc-khoe", date(2020, 1, 1), 1),
            row("suc-khoe", date(2026, 1, 1), 0),
            row(words::OF_MEMBERS, date(2020, 1, 1), 1),
        ]);
        let lacks = |person: &Person, there: &[&str], day| {
            let there: Vec<String> = there.iter().map(|kind| (*kind).to_owned()).collect();
            let missing = missing(&parameters, person, &there, day);
            missing.into_iter().map(|(kind, ..)| *kind).collect::<Vec<_>>()
        };
        let person = Person { party_admitted_on: Some(date(2010, 2, 3)), ..officer() };
        assert_eq!(lacks(&person, &[], date(2025, 12, 31)), ["khai-sinh", "suc-khoe", "dang-vien"]);
        assert_eq!(lacks(&person, &["khai-sinh"], date(2026, 1, 1)), ["dang-vien"]);
        let other = Person { party_admitted_on: None, ..officer() };
        assert_eq!(lacks(&other, &["khai-sinh"], date(2026, 1, 1)), Vec::<&str>::new());
        assert_eq!(lacks(&person, &[], date(2019, 12, 31)), Vec::<&str>::new());
    }
}
