//! Values as people read them.

use dinh_sdk::prelude::*;

use super::values;
use crate::codes;

/// A value as it is shown: the word of a code, everything else as it is.
pub(crate) fn shown(request: &Request, field: &Field, value: Value) -> Value {
    match (&field.kind, value) {
        (FieldKind::Code(picker), Value::Text(code)) => {
            Value::Text(codes::name(&picker.catalog, &code, request.language()))
        }
        (FieldKind::Choice(choices), Value::Text(code)) => {
            let choice = choices.choices.iter().find(|choice| choice.value == code);
            Value::Text(choice.map_or(code, |choice| choice.text.clone()))
        }
        (_, value) => value,
    }
}

/// How a field's values are formatted.
pub(crate) fn format(field: &Field) -> Format {
    match &field.kind {
        FieldKind::Decimal(range) => Format::Decimal(range.scale),
        FieldKind::Date(_) => Format::Date,
        FieldKind::Integer(_) if field.name.ends_with("-year") => Format::Year,
        _ => Format::Plain,
    }
}

/// The fields of a record as labelled values.
pub(crate) fn facts<R: Record + Clone>(request: &Request, record: &R, fields: &[Field]) -> Facts {
    let facts = fields.iter().map(|field| {
        let value = shown(request, field, record.value(&field.name));
        let label = match &field.unit_of_measure {
            Some(unit) => format!("{} ({unit})", field.label),
            None => field.label.clone(),
        };
        Fact::new(label, values::Any(value)).format(format(field)).width(field.width)
    });
    Facts::new(facts.collect())
}

/// A value as a text that [`read`] takes back: what a request for correction holds.
pub(crate) fn text(value: &Value) -> Option<String> {
    match value {
        Value::Text(text) => Some(text.clone()),
        Value::Integer(number) => Some(number.to_string()),
        Value::Date(_) => {
            let day = Date::from_value(value.clone()).ok()?;
            Some(format!("{:02}/{:02}/{:04}", day.day(), day.month(), day.year()))
        }
        _ => None,
    }
}

/// A text as a value of a field: what a request for correction asks for. The error says what is wrong.
pub(crate) fn read(request: &Request, field: &Field, text: &str) -> std::result::Result<Value, String> {
    let text = text.trim();
    let say = |vi: &str, en: &str| request.say(vi, en).to_owned();
    match &field.kind {
        FieldKind::Date(_) => day(text).map(FieldType::into_value).ok_or_else(|| {
            say("Hãy ghi ngày dạng ngày/tháng/năm, ví dụ 08/03/1985.", "Write a day such as 08/03/1985.")
        }),
        FieldKind::Integer(range) => text
            .parse::<i64>()
            .ok()
            .filter(|number| range.minimum.is_none_or(|least| least <= *number))
            .filter(|number| range.maximum.is_none_or(|most| *number <= most))
            .map(Value::Integer)
            .ok_or_else(|| {
                say(
                    "Hãy ghi một số nguyên trong giới hạn của mục này.",
                    "Write a whole number within bounds.",
                )
            }),
        FieldKind::Choice(choices) => {
            let wanted = dinh_sdk::text::fold(text);
            let choice = choices
                .choices
                .iter()
                .find(|choice| choice.value == text || dinh_sdk::text::fold(&choice.text) == wanted);
            choice.map(|choice| Value::Text(choice.value.clone())).ok_or_else(|| {
                let known: Vec<&str> = choices.choices.iter().map(|choice| choice.text.as_str()).collect();
                format!("{} {}.", request.say("Hãy ghi một trong:", "Write one of:"), known.join(", "))
            })
        }
        FieldKind::Code(picker) => {
            let found = codes::find(&picker.catalog, text).ok().flatten();
            found.map(Value::Text).ok_or_else(|| {
                let (vi, en) =
                    ("Danh mục dùng chung không có mục này:", "The shared catalog has no such entry:");
                format!("{} “{text}”.", request.say(vi, en))
            })
        }
        FieldKind::Text(range) if text.chars().count() > range.maximum as usize => {
            Err(format!("{} {}", request.say("Số ký tự nhiều nhất:", "Characters at most:"), range.maximum))
        }
        FieldKind::Text(_) if !text.is_empty() => Ok(Value::Text(text.to_owned())),
        _ => Err(say("Hãy điền mục này.", "Fill in this field.")),
    }
}

fn day(text: &str) -> Option<Date> {
    let mut parts = text.split('/');
    let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
    let date =
        Date::new(year.trim().parse().ok()?, month.trim().parse().ok()?, day.trim().parse().ok()?).ok()?;
    parts.next().is_none().then_some(date)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sheet::fields;

    fn field(name: &str) -> (Request, Field) {
        let request = Request::test("/", Language::Vi);
        let field = fields::by_clerk(&request).into_iter().find(|field| field.name == name).unwrap();
        (request, field)
    }

    #[test]
    fn a_day_asked_for_is_read_as_people_write_it_and_written_the_same() {
        let (request, field) = field("birth-date");
        let value = read(&request, &field, " 8/3/1985 ").unwrap();
        assert_eq!(text(&value).as_deref(), Some("08/03/1985"));
        for wrong in ["31/02/1985", "1985", "8/3/1985/1", ""] {
            assert!(read(&request, &field, wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_choice_is_known_by_its_word_without_diacritics() {
        let request = Request::test("/", Language::Vi);
        let choices = crate::sheet::words::choices(crate::sheet::words::DISCIPLINE, Language::Vi);
        let field = Field::choice("form", "Hình thức", choices);
        assert_eq!(read(&request, &field, "khiển trách"), Ok(Value::Text("khien-trach".into())));
        assert_eq!(read(&request, &field, "KHIEN TRACH"), Ok(Value::Text("khien-trach".into())));
        assert!(read(&request, &field, "khác").unwrap_err().contains("Khiển trách, Cảnh cáo"));
    }

    #[test]
    fn texts_and_numbers_keep_the_bounds_of_their_fields() {
        let (request, citizen) = field("citizen-id");
        assert!(read(&request, &citizen, "0380850012345").is_err(), "thirteen digits");
        let (request, height) = field("height");
        assert_eq!(read(&request, &height, "165"), Ok(Value::Integer(165)));
        assert!(read(&request, &height, "1650").is_err());
    }
}
