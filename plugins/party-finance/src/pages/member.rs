//! One member's account: every entry, corrections, decisions.

use dinh_sdk::prelude::*;
use dinh_sdk::{access, time};

use super::{money, month_field, under_contract};
use crate::dong::Dong;
use crate::model::{Base, Entry, Exemption, MemberFacts, MemberName, Status, kind};
use crate::month::Month;
use crate::permission;
use crate::rules::dues::Category;

/// Draws the page.
pub(crate) fn draw(request: &Request) -> Result<Page> {
    let title = request.say("Sổ đảng phí của đảng viên", "A member's account");
    under_contract(request, title, || page(request))
}

fn page(request: &Request) -> Result<Page> {
    let say = |vi, en| request.say(vi, en);
    let member: RecordId = request.parameter("id")?;
    let facts = MemberFacts::resolve(&[member])?.into_iter().next().flatten();
    let name = MemberName::resolve(&[member])?.into_iter().next().flatten();
    let entries =
        Entry::all().filter(Entry::MEMBER.is(member)).order_by(Entry::PERIOD.descending()).list()?;
    if facts.is_none() && entries.is_empty() {
        return Err(Error::NotFound(say("đảng viên", "the member").to_owned()));
    }
    let status = Status::all().filter(Status::MEMBER.is(member)).list()?;
    let months: i64 = status.iter().map(|status| status.months_unpaid).sum();
    let unit = facts.as_ref().map(|facts| facts.unit).or_else(|| entries.first().map(|entry| entry.unit));
    let name = name.map_or_else(
        || say("(không còn trong danh sách)", "(no longer listed)").to_owned(),
        |name| name.full_name,
    );
    let mut page =
        Page::new(name).breadcrumb(say("Sổ thu đảng phí", "Ledger of dues"), "/").block(Facts::new(vec![
            Fact::new(say("Tổ chức đảng", "Unit"), unit).width(6),
            Fact::new(say("Số tháng chưa đóng", "Months unpaid"), months)
                .tone(if months > 0 { Tone::Warning } else { Tone::Good })
                .width(3),
            Fact::new(say("Còn phải đóng", "Unpaid"), status.iter().map(|status| status.unpaid).sum::<i64>())
                .format(Format::Money)
                .width(3),
            Fact::new(
                say("Ngày vào Đảng", "Admitted on"),
                facts.as_ref().and_then(|facts| facts.party_admitted_on),
            )
            .width(3),
            Fact::new(
                say("Hệ số đóng BHXH", "Insured coefficient"),
                facts.as_ref().and_then(|facts| facts.insured_coefficient),
            )
            .width(3),
        ]));
    page = page.section(Section::new("entries", say("Bút toán", "Entries")).block(table(request, &entries)));
    page = decisions(request, page, member)?;
    let Some(unit) = unit else { return Ok(page) };
    if access::may(permission::RECORD, unit) && !entries.is_empty() {
        page = page.section(
            Section::new("correction", say("Đính chính", "Correction"))
                .collapsed()
                .block(correction(request, &entries)),
        );
    }
    if access::may(permission::EXEMPT, unit) {
        page = page
            .section(
                Section::new("exemption", say("Ghi miễn, giảm", "Record an exemption"))
                    .collapsed()
                    .block(exemption(request, unit)),
            )
            .section(
                Section::new("basis", say("Ghi căn cứ thu nhập khác", "Record another basis of income"))
                    .collapsed()
                    .block(basis(request, unit)),
            );
    }
    Ok(page)
}

/// What an entry is, as people say it.
pub(super) fn kind_name(request: &Request, entry: &Entry) -> &'static str {
    let language = request.language();
    match (entry.kind.as_str(), entry.corrects.is_some(), entry.amount < 0) {
        (_, true, true) => language.of("Đảo bút toán", "Counter-entry"),
        (kind::COLLECTED, true, _) => language.of("Đã thu (đính chính)", "Collected (corrected)"),
        (_, true, _) => language.of("Phải thu (đính chính)", "Assessed (corrected)"),
        (kind::COLLECTED, ..) => language.of("Đã thu", "Collected"),
        _ => language.of("Phải thu", "Assessed"),
    }
}

fn table(request: &Request, entries: &[Stored<Entry>]) -> Table {
    let say = |vi, en| request.say(vi, en);
    let month = |key: &str, head: &str| Head::new(key, head).format(Format::Month);
    Table::of("account", entries)
        .column(month("period", say("Kỳ ghi sổ", "Period")), |entry| entry.period)
        .column(Head::new("kind", say("Loại", "Kind")), |entry| kind_name(request, entry))
        .column(month("month", say("Tháng đóng", "Month")), |entry| entry.month)
        .column(money("income", say("Thu nhập tính đóng", "Income")), |entry| entry.income)
        .column(money("amount", say("Số tiền", "Amount")), |entry| entry.amount)
        .column(Head::new("exempt", say("Được miễn", "Exempt")).format(Format::Cross), |entry| {
            entry.exempt == Some(true)
        })
        .column(Head::new("reason", say("Lý do, ghi chú", "Reason, note")).wide(), |entry| {
            entry.reason.clone()
        })
        .column(Head::new("at", say("Ghi lúc", "Recorded at")).format(Format::Instant), |entry| {
            entry.recorded_at
        })
        .column(Head::new("by", say("Người ghi", "Recorded by")), |entry| entry.recorded_by)
        .row_kind(|entry| (entry.corrects.is_some() && entry.amount < 0).then_some(RowKind::Cancelled))
        .build()
        .empty(say("Chưa có bút toán nào.", "No entries yet."))
}

fn decisions(request: &Request, page: Page, member: RecordId) -> Result<Page> {
    let say = |vi, en| request.say(vi, en);
    let exemptions = Exemption::all().filter(Exemption::MEMBER.is(member)).list()?;
    let bases = Base::all().filter(Base::MEMBER.is(member)).list()?;
    let mut section = Section::new("decisions", say("Miễn, giảm và căn cứ thu nhập", "Decisions"));
    if exemptions.is_empty() && bases.is_empty() {
        return Ok(page);
    }
    let month = |key: &str, head: &str| Head::new(key, head).format(Format::Month);
    if !exemptions.is_empty() {
        section = section.block(
            Table::of("exemptions", &exemptions)
                .column(
                    Head::new("percent", say("Mức giảm", "Reduction")).format(Format::Percent(0)),
                    |row| row.percent,
                )
                .column(month("from", say("Từ tháng", "From")), |row| row.from)
                .column(month("until", say("Hết tháng", "Until")), |row| row.until)
                .column(Head::new("reason", say("Lý do", "Reason")), |row| row.reason.as_str())
                .column(Head::new("decision", say("Quyết định", "Decision")), |row| {
                    row.decision.as_str()
                })
                .build(),
        );
    }
    if !bases.is_empty() {
        section = section.block(
            Table::of("bases", &bases)
                .column(Head::new("category", say("Đối tượng", "Category")), |row| {
                    Category::of_key(&row.category).map(|category| category_name(request, category))
                })
                .column(money("income", say("Thu nhập", "Income")), |row| row.income)
                .column(Head::new("zone", say("Vùng", "Zone")), |row| row.zone)
                .column(month("from", say("Từ tháng", "From")), |row| row.from)
                .column(month("until", say("Hết tháng", "Until")), |row| row.until)
                .column(Head::new("source", say("Căn cứ", "Source")), |row| row.source.as_str())
                .build(),
        );
    }
    Ok(page.section(section))
}

fn category_name(request: &Request, category: Category) -> &'static str {
    let (vi, en) = match category {
        Category::Allowance => ("Hưởng trợ cấp ốm đau, thai sản", "Allowance of sickness or maternity"),
        Category::Pension => ("Hưởng lương hưu", "Pension"),
        Category::Student => ("Học sinh, sinh viên", "Student"),
        Category::Uninsured => ("Không tham gia BHXH", "No social insurance"),
        Category::UninsuredPensionAge => {
            ("Không tham gia BHXH, đủ tuổi nghỉ hưu", "No social insurance, at the age of retirement")
        }
    };
    request.language().of(vi, en)
}

fn correction(request: &Request, entries: &[Stored<Entry>]) -> Form {
    let say = |vi, en| request.say(vi, en);
    let undone = |entry: &&Stored<Entry>| {
        let counter = entry.corrects.is_some() && entry.amount < 0;
        !counter && !entries.iter().any(|other| other.corrects == Some(entry.id))
    };
    let choices = entries.iter().filter(undone).map(|entry| {
        let text = format!("{} {}: {}", kind_name(request, entry), entry.month, Dong(entry.amount));
        Choice::new(entry.id.to_string(), text)
    });
    Form::new("correct", say("Đính chính", "Correct"))
        .help(say(
            "Bút toán sai được giữ nguyên và đảo lại; số đúng được ghi cạnh đó.",
            "The wrong entry stays and is undone by its opposite; the right amount is recorded beside it.",
        ))
        .field(Field::choice("entry", say("Bút toán", "Entry"), choices.collect()).required().width(6))
        .field(
            Field::new(
                "amount",
                say("Số tiền đúng", "Right amount"),
                FieldKind::Money(IntegerRange { minimum: Some(0), maximum: Some(1_000_000_000) }),
            )
            .required()
            .width(3),
        )
        .field(
            named(
                month_field(request, "period", Some(Month::of(time::today()))),
                say("Ghi vào kỳ", "In the period"),
            )
            .required(),
        )
        .field(Field::text("reason", say("Lý do", "Reason")).required().at_most(300))
}

fn named(field: Field, label: &str) -> Field {
    Field { label: label.to_owned(), ..field }
}

fn terms(request: &Request, form: Form, unit: UnitId) -> Form {
    let say = |vi, en| request.say(vi, en);
    form.field(
        named(month_field(request, "from", Some(Month::of(time::today()))), say("Từ tháng", "From"))
            .required(),
    )
    .field(named(month_field(request, "until", None), say("Hết tháng", "Last month")))
    .field(Field::new("unit", say("Tổ chức đảng", "Unit"), FieldKind::Unit).value(unit).required().width(6))
}

fn exemption(request: &Request, unit: UnitId) -> Form {
    let say = |vi, en| request.say(vi, en);
    let percents = [("100", say("Miễn", "Exempt")), ("30", "30 %"), ("50", "50 %"), ("70", "70 %")];
    let reasons = [
        ("social-pension", say("Hưởng trợ cấp hưu trí xã hội", "Social pension")),
        ("poor", say("Hộ nghèo, cận nghèo", "Poor or near-poor household")),
        ("illness", say("Mắc bệnh hiểm nghèo", "Grave illness")),
        ("hardship", say("Hoàn cảnh khó khăn", "Hardship")),
    ];
    let choices = |all: &[(&str, &str)]| all.iter().map(|(value, text)| Choice::new(*value, *text)).collect();
    let form = Form::new("exempt", say("Ghi quyết định", "Record"))
        .field(Field::choice("percent", say("Mức giảm", "Reduction"), choices(&percents)).required().width(3))
        .field(Field::choice("reason", say("Lý do", "Reason"), choices(&reasons)).required().width(3));
    terms(request, form, unit).field(
        Field::text("decision", say("Số, ngày quyết định", "Number and day of the decision"))
            .required()
            .at_most(200),
    )
}

fn basis(request: &Request, unit: UnitId) -> Form {
    let say = |vi, en| request.say(vi, en);
    let categories =
        Category::ALL.map(|category| Choice::new(category.key(), category_name(request, category)));
    let zones = ["1", "2", "3", "4"].map(|zone| Choice::new(zone, zone));
    let form = Form::new("base", say("Ghi căn cứ", "Record"))
        .field(
            Field::choice("category", say("Đối tượng", "Category"), categories.to_vec()).required().width(6),
        )
        .field(
            Field::new(
                "income",
                say("Thu nhập tháng", "Income of a month"),
                FieldKind::Money(IntegerRange { minimum: Some(0), maximum: Some(1_000_000_000_000) }),
            )
            .when("category", &[Category::Allowance.key(), Category::Pension.key()])
            .width(3),
        )
        .field(
            Field::choice("zone", say("Vùng lương tối thiểu", "Zone of the minimum wage"), zones.to_vec())
                .when("category", &[Category::Uninsured.key(), Category::UninsuredPensionAge.key()])
                .width(3),
        );
    terms(request, form, unit).field(Field::text("source", say("Căn cứ", "Source")).required().at_most(200))
}
