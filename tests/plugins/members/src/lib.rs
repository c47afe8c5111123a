//! A stand-in for personnel: keeps people, and offers those who are Party members.

use dinh_sdk::prelude::*;

/// Somebody.
#[derive(Clone, Record)]
#[record(collection = "people")]
pub struct Person {
    /// Name.
    pub full_name: String,
    /// Unit.
    pub unit: UnitId,
    /// What dues are based on.
    pub insured_coefficient: Option<Decimal>,
    /// Day of leaving service.
    pub left_on: Option<Date>,
    /// Day of admission to the Party.
    pub party_admitted_on: Option<Date>,
    /// Day of leaving the Party.
    pub party_left_on: Option<Date>,
    /// Whether the person is, or was, a member.
    pub party_member: Option<bool>,
}

fn draw(_: &Request) -> Result<Page> {
    let people = Person::all().list()?;
    let table = Table::of("people", &people)
        .column(Head::new("name", "Họ và tên"), |person| person.full_name.as_str())
        .build();
    let form = Form::new("add", "Thêm")
        .field(Field::of(Person::FULL_NAME, "Họ và tên"))
        .field(Field::of(Person::UNIT, "Đơn vị"))
        .field(Field::decimal("insured-coefficient", "Hệ số đóng BHXH", 4))
        .field(Field::of(Person::LEFT_ON, "Ngày thôi công tác"))
        .field(Field::of(Person::PARTY_ADMITTED_ON, "Ngày vào Đảng"))
        .field(Field::of(Person::PARTY_LEFT_ON, "Ngày ra khỏi Đảng"));
    Ok(Page::new("Đảng viên").block(table).block(form))
}

fn add(_: &Request, submission: &Submission) -> Result<Outcome> {
    let mut person: Person = submission.record()?;
    person.party_member = Some(person.party_admitted_on.is_some());
    person.insert()?;
    Ok(Outcome::done("/"))
}

fn routes() -> Router {
    Router::new().page("/", draw).form("add", add)
}

dinh_sdk::plugin!(routes);
