//! One entry of a catalog: what it says, what it came from and what became of it, what it was, who uses it; proposed
//! anew or with another content.

use dinh_model::{Date, Localized, Value as Stored};
use dinh_runtime::bindings::pages::Outcome;
use dinh_runtime::bindings::types::{Decimal, Value};
use dinh_runtime::bindings::views::{
    Block, DecimalRange, Field, FieldKind, IntegerRange, Page, Section, TextRange,
};
use dinh_runtime::usage::Counted;
use dinh_services::catalog::{self, Attribute, AttributeKind, Compiled, Entry, Version, history_of, open};
use dinh_services::{ServiceError, Thing};

use super::blocks::{facts, link, open as go, page as blank, section, text, to, untitled};
use super::desk::{Desk, Given, Inputs};
use super::fields::{self, Described, date, field, filters, form, line};
use super::table::Rows;
use super::{catalogs, entries};

/// Longest code, name and list of names.
const CODE: u32 = 40;
const NAME: u32 = 500;

/// `/catalogs/NAME/entry?code=CODE`
pub fn page(desk: &mut Desk<'_>, name: &str) -> Given<Page> {
    let compiled = open(desk.call, name).map_err(|_| desk.missing())?;
    let code = desk.query("code").unwrap_or_default().to_owned();
    let entry = compiled.get(&code).ok_or_else(|| desk.missing())?;
    let about = compiled.catalog();
    let attributes = &about.definition.attributes;
    let mut page = blank(entry.name.get(desk.language()).to_owned());
    page.subtitle = Some(format!("{} {code}", desk.say("Mã", "Code")));
    page.breadcrumbs = catalogs::way(desk, Some(about));
    if catalog::require_proposer(desk.call).is_ok() {
        let path = format!("/catalogs/{name}/propose?code={code}");
        page.actions.push(go(desk.say("Đề nghị sửa", "Propose a change"), path));
    }
    page.sections.push(untitled("facts", vec![facts(entries::facts(desk, attributes, entry))]));
    if let Some(above) = entry.parent.as_deref().and_then(|above| compiled.get(above)) {
        page.sections.push(linked(desk, &compiled, "above", ("Mã cấp trên", "The code above"), vec![above]));
    }
    for (id, words, found) in [
        ("came-from", ("Tiền thân", "Came from"), compiled.predecessors(&code)),
        ("became", ("Kế thừa", "Became"), compiled.successors(&code)),
        ("below", ("Mã cấp dưới", "Codes below"), compiled.below(&code)),
    ] {
        if !found.is_empty() {
            page.sections.push(linked(desk, &compiled, id, words, found));
        }
    }
    page.sections.push(translation(desk, &compiled, &code)?);
    page.sections.push(usage(desk, name, &code)?);
    page.sections.push(history(desk, name, entry)?);
    Ok(page)
}

fn linked(
    desk: &Desk<'_>,
    compiled: &Compiled,
    id: &str,
    (vi, en): (&str, &str),
    found: Vec<&Entry>,
) -> Section {
    let about = &compiled.catalog().definition;
    let rows = entries::flat(found);
    let table = entries::table(desk, id, (&about.name, &about.attributes), &rows, desk.call.today());
    section(&format!("{id}-of"), desk.say(vi, en), vec![table.within().block()])
}

fn translation(desk: &Desk<'_>, compiled: &Compiled, code: &str) -> Given<Section> {
    let day = desk.day("to")?.unwrap_or_else(|| desk.call.today());
    let hidden = field("code", String::new(), FieldKind::Hidden).value(text(code));
    let to = date("to", desk.say("Vào ngày", "On the day")).value(fields::day(day));
    let mut blocks = vec![filters(desk.say("Quy đổi", "Translate"), vec![hidden, to])];
    blocks.extend(catalogs::translated(desk, compiled, code, day));
    Ok(section("translation", desk.say("Mã tương ứng theo ngày", "On another day"), blocks))
}

fn usage(desk: &mut Desk<'_>, name: &str, code: &str) -> Given<Section> {
    let mut counted = Vec::new();
    for field in desk.bound_fields(name) {
        let count = field.count(desk.call, code)?;
        counted.push((field, count));
    }
    let language = desk.language();
    let said = |count: &Counted| match count {
        Counted::Seen(count) => {
            crate::format::Formats::of(language).integer(i64::try_from(*count).unwrap_or(i64::MAX))
        }
        Counted::NoIndex => desk.say("không đếm (trường không có chỉ mục)", "not counted (no index)"),
        Counted::Hidden => desk.say("không đếm (bạn không được xem)", "not counted (not yours to see)"),
    };
    let none = desk.say("Chưa ứng dụng nào dùng danh mục này.", "No application uses this catalog.");
    let list = Rows::new("used", &counted, none)
        .text("field", desk.say("Trường của ứng dụng", "Field"), |(field, _)| {
            field.titles().map(|title| title.get(language).to_owned()).join(" – ")
        })
        .text(
            "records",
            desk.say("Số bản ghi bạn được xem", "Records that you may see"),
            |(_, count)| said(count),
        );
    Ok(section("usage", desk.say("Nơi sử dụng", "Used by"), vec![list.within().block()]))
}

fn history(desk: &Desk<'_>, name: &str, entry: &Entry) -> Given<Section> {
    let language = desk.language();
    let all = history_of(desk.call, name, &entry.code)?;
    let versions: Vec<Version> = all.iter().map(|(version, _)| version.clone()).collect();
    let was = |version: &Version| {
        let found = all.iter().find(|(known, _)| known.number == version.number);
        found.map(|(_, entry)| {
            let until = entries::last_day(entry).map(crate::format::date);
            let until = until.map(|until| format!(" – {until}")).unwrap_or_default();
            format!("{} ({}{until})", entry.name.get(language), crate::format::date(entry.valid_from))
        })
    };
    let list =
        entries::versions(desk, name, &versions).maybe("was", desk.say("Mã khi đó", "The entry then"), was);
    Ok(section("history", desk.say("Lịch sử sửa đổi", "History"), vec![list.within().block()]))
}

/// `/catalogs/NAME/propose`
pub fn propose_page(desk: &mut Desk<'_>, name: &str) -> Given<Page> {
    catalog::require_proposer(desk.call)?;
    let compiled = open(desk.call, name).map_err(|_| desk.missing())?;
    let about = compiled.catalog();
    let before = match desk.query("code") {
        Some(code) => Some(compiled.get(code).ok_or_else(|| desk.missing())?),
        None => None,
    };
    let mut page = blank(match before {
        Some(_) => desk.say("Đề nghị sửa mã", "Propose a change"),
        None => desk.say("Đề nghị thêm mã", "Propose an entry"),
    });
    page.subtitle = before.map(|entry| format!("{} {}", entry.code, entry.name.get(desk.language())));
    page.breadcrumbs = catalogs::way(desk, Some(about));
    let mut propose = form(
        "propose",
        desk.say("Gửi đề nghị", "Send the proposal"),
        inputs_of(desk, &about.definition.attributes, before),
    );
    if let (Some(before), Some(group)) = (before, propose.groups.first_mut()) {
        let seen = text(seen(desk, name, &before.code)?);
        group.fields.push(field(SEEN, String::new(), FieldKind::Hidden).value(seen));
    }
    propose.help = Some(desk.say(
        "Đề nghị có hiệu lực khi người quản lý danh mục của đơn vị quản lý phê duyệt. Mã đã có không bị xoá: hết dùng thì ghi ngày kết thúc, và ghi mã này là tiền thân của mã thay thế.",
        "It takes effect when a steward of the owner approves. Entries are never removed: one that is no longer used gets a last day, and stands as predecessor of what takes its place.",
    ));
    propose.cancel = Some(to(format!("/catalogs/{name}")));
    page.sections = vec![untitled("new", vec![Block::Form(propose)])];
    if before.is_some() {
        let path = entries::path(name, desk.query("code").unwrap_or_default());
        page.breadcrumbs.push(link(desk.say("Mã", "Entry"), path));
    }
    Ok(page)
}

/// The version of the entry that the form shows.
const SEEN: &str = "seen";

/// The version in which an entry was last changed, as a form carries it.
fn seen(desk: &Desk<'_>, name: &str, code: &str) -> Given<String> {
    let last = history_of(desk.call, name, code)?.into_iter().next();
    Ok(last.map(|(version, _)| version.number.to_string()).unwrap_or_default())
}

fn inputs_of(desk: &Desk<'_>, attributes: &[Attribute], before: Option<&Entry>) -> Vec<Field> {
    let words = |of: fn(&Entry) -> String| before.map_or(Value::Empty, |before| text(of(before)));
    let day = |day: Option<Date>| day.map_or(Value::Empty, fields::day);
    let from = before.map_or_else(|| desk.call.today(), |before| before.valid_from);
    let mut list = vec![
        line("vi", desk.say("Tên tiếng Việt", "Name in Vietnamese"), NAME)
            .required()
            .value(words(|it| it.name.vi.clone())),
        line("en", desk.say("Tên tiếng Anh", "Name in English"), NAME)
            .help(desk.say("Để trống thì dùng tên tiếng Việt.", "Empty: the Vietnamese one."))
            .value(words(|it| it.name.en.clone())),
        date("from", desk.say("Hiệu lực từ ngày", "From")).required().value(fields::day(from)),
        date("until", desk.say("Hiệu lực đến hết ngày", "Through"))
            .help(desk.say("Để trống khi còn hiệu lực.", "Empty while it lasts."))
            .value(day(before.and_then(entries::last_day))),
    ];
    if before.is_none() {
        let code = line("code", desk.say("Mã", "Code"), CODE).required().help(desk.say(
            "a–z, A–Z, 0–9, “.”, “-”, “_”, “/”; không đổi được về sau.",
            "a–z, A–Z, 0–9, “.”, “-”, “_”, “/”; it cannot be changed later.",
        ));
        list.insert(0, code);
    }
    for (place, attribute) in attributes.iter().enumerate() {
        let title = attribute.title.get(desk.language()).to_owned();
        let stored = before.map_or(&Stored::Empty, |before| before.attribute(place));
        list.push(field(&entries::key(attribute), title, kind(attribute.kind)).value(input(stored)));
    }
    let order = IntegerRange { minimum: None, maximum: None };
    list.extend([
        line("parent", desk.say("Mã cấp trên", "Code above"), CODE)
            .value(words(|it| it.parent.clone().unwrap_or_default())),
        line("predecessors", desk.say("Mã tiền thân", "Predecessors"), NAME)
            .help(desk.say(
                "Các mã mà mã này trực tiếp thay thế, cách nhau bằng dấu phẩy.",
                "The codes that it directly follows, with commas between.",
            ))
            .value(words(|it| it.predecessors.join(", "))),
        line("aliases", desk.say("Tên gọi khác", "Other names"), NAME)
            .help(desk.say("Cách nhau bằng dấu chấm phẩy.", "With semicolons between."))
            .value(words(|it| it.aliases.join("; "))),
        field("order", desk.say("Thứ tự", "Order"), FieldKind::Integer(order))
            .value(Value::Integer(before.map_or(0, |before| before.order))),
        catalogs::why(desk),
    ]);
    list
}

fn kind(kind: AttributeKind) -> FieldKind {
    match kind {
        AttributeKind::Integer => FieldKind::Integer(IntegerRange { minimum: None, maximum: None }),
        AttributeKind::Decimal { scale } => {
            FieldKind::Decimal(DecimalRange { scale, minimum: None, maximum: None })
        }
        AttributeKind::Text => FieldKind::Text(TextRange { minimum: 0, maximum: NAME }),
    }
}

fn input(value: &Stored) -> Value {
    match value {
        Stored::Integer(number) => Value::Integer(*number),
        Stored::Decimal(number) => match (i64::try_from(number.mantissa()), u8::try_from(number.scale())) {
            (Ok(unscaled), Ok(scale)) => Value::Decimal(Decimal { unscaled, scale }),
            _ => Value::Empty,
        },
        Stored::Text(words) => text(words),
        _ => Value::Empty,
    }
}

fn stored(value: &Value) -> Stored {
    match value {
        Value::Integer(number) => Stored::Integer(*number),
        Value::Decimal(number) => {
            let exact = dinh_model::Decimal::try_from_i128_with_scale(
                i128::from(number.unscaled),
                u32::from(number.scale),
            );
            exact.map_or(Stored::Empty, Stored::Decimal)
        }
        Value::Text(words) => Stored::Text(words.clone()),
        _ => Stored::Empty,
    }
}

/// What comes back from it.
pub fn propose(desk: &mut Desk<'_>, inputs: &Inputs<'_>, name: &str) -> Given<Outcome> {
    let compiled = open(desk.call, name).map_err(|_| desk.missing())?;
    let code = desk.query("code").unwrap_or_else(|| inputs.text("code")).trim().to_owned();
    if desk.query("code").is_none() && compiled.get(&code).is_some() {
        return Err(ServiceError::exists(Thing::Entry, code).into());
    }
    if desk.query("code").is_some() && inputs.text(SEEN) != seen(desk, name, &code)? {
        return Err(ServiceError::invalid(
            "Mã này vừa được sửa sau khi bạn mở trang: hãy mở lại trang và xem nội dung mới.",
            "This entry was changed since the page was opened; open it again and look at what it is now.",
        )
        .into());
    }
    let parts = |name: &str, between: char| -> Vec<String> {
        inputs.text(name).split(between).map(str::to_owned).collect()
    };
    let attributes = compiled.catalog().definition.attributes.iter();
    let attributes = attributes.map(|attribute| {
        let value = stored(inputs.value(&entries::key(attribute)));
        value.clone().fit(&attribute.kind.field_type()).unwrap_or(value)
    });
    let entry = Entry {
        code,
        name: Localized::new(inputs.text("vi"), inputs.text("en")),
        parent: Some(inputs.text("parent").to_owned()),
        valid_from: inputs.day("from").ok_or_else(|| desk.missing())?,
        valid_until: inputs.day("until").and_then(|last| last.tomorrow().ok()),
        order: match inputs.value("order") {
            Value::Integer(order) => *order,
            _ => 0,
        },
        aliases: parts("aliases", ';'),
        predecessors: parts("predecessors", ','),
        attributes: attributes.collect(),
    };
    let request = catalog::propose(desk.call, name, entry, inputs.text("reason"))?;
    desk.done_or_asked(format!("/catalogs/{name}"), request, "Đã ghi mã", "The entry was written")
}
