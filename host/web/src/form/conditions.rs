//! Which fields a form shows: a field may depend on what another holds.

use dinh_runtime::bindings::views::{Field, FieldKind};

use super::{Raw, typed};
use crate::format::Formats;

/// Longest chain of fields that depend on each other; a longer one, or a circle, shows nothing.
const CHAIN: usize = 10;

/// The fields that stand together, and what came back for them.
#[derive(Clone, Copy)]
pub struct Conditions<'a> {
    /// All fields of the form, or of one row.
    pub fields: &'a [Field],
    /// What their names in HTML begin with: `f`, `c.ROWS.INDEX`.
    pub prefix: &'a str,
    /// What came back.
    pub raw: &'a Raw,
    /// How values are typed.
    pub formats: Formats,
}

impl Conditions<'_> {
    /// Whether a field is shown. One that depends on a field that is not shown is not shown either.
    pub fn shows(&self, field: &Field) -> bool {
        self.holds(field, 0)
    }

    fn holds(&self, field: &Field, chain: usize) -> bool {
        let Some(condition) = &field.show_when else { return true };
        let other = self.fields.iter().find(|other| other.name == condition.field);
        other.is_some_and(|other| {
            chain < CHAIN
                && self.holds(other, chain + 1)
                && self.texts(other).iter().any(|text| condition.values.contains(text))
        })
    }

    /// What a field holds, as the texts that conditions name.
    fn texts(&self, field: &Field) -> Vec<String> {
        if field.read_only || matches!(field.kind, FieldKind::Hidden) {
            return typed::texts(self.formats, &field.kind, &field.value);
        }
        let name = format!("{}.{}", self.prefix, field.name);
        if matches!(field.kind, FieldKind::Boolean) {
            let ticked = matches!(self.raw.first(&name), Some("true" | "on" | "1"));
            return vec![ticked.to_string()];
        }
        self.raw.all(&name).map(|text| text.trim().to_owned()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dinh_model::Language;
    use dinh_runtime::bindings::types::Value;
    use dinh_runtime::bindings::views::{ShowWhen, TextRange};

    fn field(name: &str, when: Option<(&str, &str)>) -> Field {
        let condition = |(field, value): (&str, &str)| ShowWhen {
            field: field.to_owned(),
            values: vec![value.to_owned()],
        };
        Field {
            name: name.to_owned(),
            label: name.to_owned(),
            help: None,
            kind: FieldKind::Text(TextRange { minimum: 0, maximum: 10 }),
            value: Value::Empty,
            required: true,
            read_only: false,
            show_when: when.map(condition),
            unit_of_measure: None,
            width: 0,
        }
    }

    fn shown(fields: &[Field], pairs: &[(&str, &str)]) -> Vec<String> {
        let raw =
            Raw::typed(pairs.iter().map(|(n, t)| (format!("f.{n}"), (*t).to_owned())).collect(), vec![]);
        let conditions = Conditions { fields, prefix: "f", raw: &raw, formats: Formats::of(Language::Vi) };
        fields.iter().filter(|field| conditions.shows(field)).map(|field| field.name.clone()).collect()
    }

    #[test]
    fn a_field_may_stand_before_the_one_it_depends_on() {
        let fields = [field("b", Some(("a", "yes"))), field("a", None)];
        assert_eq!(shown(&fields, &[("a", "yes")]), ["b", "a"]);
        assert_eq!(shown(&fields, &[("a", "no")]), ["a"]);
    }

    #[test]
    fn what_depends_on_a_hidden_field_is_hidden_and_circles_show_nothing() {
        let chain = [field("a", None), field("b", Some(("a", "1"))), field("c", Some(("b", "1")))];
        assert_eq!(shown(&chain, &[("a", "0"), ("b", "1")]), ["a"]);
        assert_eq!(shown(&chain, &[("a", "1"), ("b", "1")]), ["a", "b", "c"]);
        let circle = [field("a", Some(("b", "1"))), field("b", Some(("a", "1")))];
        assert_eq!(shown(&circle, &[("a", "1"), ("b", "1")]), Vec::<String>::new());
    }
}
