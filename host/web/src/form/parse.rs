//! A form that came back, against its description as drawn now.
//!
//! Read-only fields come back as they are drawn now, whatever was sent. Hidden fields come back as they
//! were drawn then: a seal proves it; without one (programs) they have to equal what is drawn now. A field
//! whose condition does not hold comes back empty and is not required.

use std::collections::{BTreeMap, HashMap};

use dinh_runtime::bindings::pages::{ChildInput, Input, Submission};
use dinh_runtime::bindings::types::Value;
use dinh_runtime::bindings::views::*;

use super::conditions::Conditions;
use super::{Problem, Raw, Reader, typed};
use crate::directory::Found;
use crate::guard::Guard;

/// What became of a form.
#[derive(Clone, Debug)]
pub struct Parsed {
    /// What the plugin sees, when nothing is wrong.
    pub submission: Submission,
    /// What is wrong.
    pub problems: Vec<Problem>,
    /// What the words of pickers may mean, by the name of the field.
    pub found: HashMap<String, Found>,
}

impl Parsed {
    /// An empty submission of `form`.
    pub fn new(form: &str) -> Self {
        let submission = Submission {
            form: form.to_owned(),
            button: String::new(),
            inputs: Vec::new(),
            children: Vec::new(),
            cells: Vec::new(),
            selected: Vec::new(),
        };
        Self { submission, problems: Vec::new(), found: HashMap::new() }
    }

    /// A problem of the field `name`.
    pub fn problem(&mut self, name: Option<&str>, message: String) {
        self.problems.push(Problem { name: name.map(str::to_owned), message });
    }
}

/// Rows of child records that came back, at most; more are a problem.
const ROWS: usize = 1_000;

/// The texts that a seal on the hidden fields of a form covers.
pub fn sealed_texts<'a>(form: &'a Form, text: impl Fn(&'a Field) -> String) -> Vec<String> {
    let hidden =
        form.groups.iter().flat_map(|group| &group.fields).filter(|f| matches!(f.kind, FieldKind::Hidden));
    std::iter::once(form.id.clone())
        .chain(hidden.flat_map(|field| [field.name.clone(), text(field)]))
        .collect()
}

/// Reads `raw` by the description `form`.
pub fn form(reader: &Reader<'_>, form: &Form, raw: &Raw, guard: Option<&Guard>) -> Parsed {
    let mut parsed = Parsed::new(&form.id);
    let sealed = seal_holds(reader, form, raw, guard);
    if let Some(button) = raw.first("button").filter(|button| !button.is_empty()) {
        if form.buttons.iter().any(|(known, _)| known == button) {
            parsed.submission.button = button.to_owned();
        } else {
            parsed.problem(None, reader.texts.say("form-unknown-button"));
        }
    }
    let fields: Vec<Field> = form.groups.iter().flat_map(|group| group.fields.iter().cloned()).collect();
    let conditions = Conditions { fields: &fields, prefix: "f", raw, formats: reader.formats };
    for field in &fields {
        let name = format!("f.{}", field.name);
        let value = self::field(reader, field, &name, raw, conditions.shows(field), sealed, &mut parsed);
        parsed.submission.inputs.push(Input { name: field.name.clone(), value });
    }
    for children in &form.children {
        self::children(reader, children, raw, &mut parsed);
    }
    if raw.exact() {
        exactly(reader, &fields, raw, &mut parsed);
    }
    parsed
}

/// What programs send is what the form asks for: a name that it has not is a slip that would lose what was meant, and so
/// are several values where one is taken.
fn exactly(reader: &Reader<'_>, fields: &[Field], raw: &Raw, parsed: &mut Parsed) {
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for (name, _) in raw.pairs() {
        if let Some(name) = name.strip_prefix("f.") {
            *seen.entry(name).or_default() += 1;
        }
    }
    let several = |kind: &FieldKind| matches!(kind, FieldKind::ChoiceList(_) | FieldKind::Attachment(_));
    for (name, count) in seen {
        match fields.iter().find(|field| field.name == name) {
            None => parsed.problem(None, reader.texts.with("form-unknown-input", &[("name", name)])),
            Some(field) if count > 1 && !several(&field.kind) => {
                let message = reader.texts.with("form-one-value", &[("label", &field.label)]);
                parsed.problem(Some(&format!("f.{name}")), message);
            }
            Some(_) => {}
        }
    }
}

fn seal_holds(reader: &Reader<'_>, form: &Form, raw: &Raw, guard: Option<&Guard>) -> bool {
    let drawn = |field: &Field| typed::text(reader.formats, &field.kind, &field.value);
    let sent =
        |field: &Field| raw.first(&format!("f.{}", field.name)).map_or_else(|| drawn(field), str::to_owned);
    let texts = sealed_texts(form, sent);
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    match (raw.first("seal"), guard) {
        (Some(seal), Some(guard)) => guard.sealed("hidden", &texts, seal),
        _ => sealed_texts(form, drawn).iter().map(String::as_str).eq(texts),
    }
}

fn field(
    reader: &Reader<'_>,
    field: &Field,
    name: &str,
    raw: &Raw,
    shown: bool,
    sealed: bool,
    parsed: &mut Parsed,
) -> Value {
    if field.read_only {
        return field.value.clone();
    }
    if matches!(field.kind, FieldKind::Hidden) {
        if !sealed {
            parsed.problem(None, reader.texts.say("form-hidden-changed"));
        }
        let text = raw
            .first(name)
            .map_or_else(|| typed::text(reader.formats, &field.kind, &field.value), str::to_owned);
        return Value::Text(text);
    }
    if !shown {
        return Value::Empty;
    }
    let refused: Vec<&str> = raw.refused(name).collect();
    if !refused.is_empty() {
        refused.into_iter().for_each(|message| parsed.problem(Some(name), message.to_owned()));
        return Value::Empty;
    }
    match reader.value(raw, name, &field.label, &field.kind, field.required) {
        Ok(value) => value,
        Err(wrong) => {
            parsed.problem(Some(name), wrong.message);
            if let Some(found) = wrong.found {
                parsed.found.insert(name.to_owned(), found);
            }
            Value::Empty
        }
    }
}

fn children(reader: &Reader<'_>, children: &ChildRows, raw: &Raw, parsed: &mut Parsed) {
    let counter = format!("c.{}.rows", children.name);
    let count = raw.first(&counter).and_then(|count| count.parse::<usize>().ok()).unwrap_or(0);
    if count > ROWS {
        let most = reader.formats.integer(i64::from(children.maximum));
        parsed.problem(
            None,
            reader.texts.with("rows-too-many", &[("title", &children.title), ("maximum", &most)]),
        );
        return;
    }
    let mut kept = 0_u32;
    for index in 0..count {
        let prefix = format!("c.{}.{index}", children.name);
        let key = raw.first(&format!("{prefix}..key")).unwrap_or_default();
        if raw.has(&format!("{prefix}..remove")) {
            continue;
        }
        let known = key.is_empty() || children.rows.iter().any(|row| row.key == key);
        if !known {
            parsed.problem(None, reader.texts.with("rows-gone", &[("title", &children.title)]));
            continue;
        }
        // A new row in which nothing was filled in is a row nobody asked for.
        if key.is_empty()
            && children.fields.iter().all(|field| is_blank(raw, &format!("{prefix}.{}", field.name), field))
        {
            continue;
        }
        kept += 1;
        let inputs = row(reader, children, key, &prefix, raw, parsed);
        parsed.submission.children.push(ChildInput {
            name: children.name.clone(),
            key: key.to_owned(),
            inputs,
        });
    }
    let bound = |number: u32| reader.formats.integer(i64::from(number));
    if kept < children.minimum {
        let variables = [("title", children.title.as_str()), ("minimum", &bound(children.minimum))];
        parsed.problem(None, reader.texts.with("rows-too-few", &variables));
    }
    if kept > children.maximum {
        let variables = [("title", children.title.as_str()), ("maximum", &bound(children.maximum))];
        parsed.problem(None, reader.texts.with("rows-too-many", &variables));
    }
}

fn is_blank(raw: &Raw, name: &str, field: &Field) -> bool {
    let words = format!("{name}.words");
    let typed = raw.all(name).chain(raw.all(&words)).any(|text| !text.trim().is_empty())
        || raw.refused(name).next().is_some();
    // A choice or tick that a new row begins with is not something filled in.
    let preset = matches!(field.kind, FieldKind::Boolean | FieldKind::Hidden);
    !typed || preset
}

fn row(
    reader: &Reader<'_>,
    children: &ChildRows,
    key: &str,
    prefix: &str,
    raw: &Raw,
    parsed: &mut Parsed,
) -> Vec<Input> {
    let drawn = children.rows.iter().find(|row| row.key == key && !key.is_empty());
    // The fields with the values of this row as it is drawn now.
    let fields: Vec<Field> = children
        .fields
        .iter()
        .enumerate()
        .map(|(index, field)| {
            let value = drawn.and_then(|row| row.values.get(index)).unwrap_or(&field.value).clone();
            Field { value, ..field.clone() }
        })
        .collect();
    let conditions = Conditions { fields: &fields, prefix, raw, formats: reader.formats };
    let mut inputs = Vec::with_capacity(fields.len());
    for field in &fields {
        let name = format!("{prefix}.{}", field.name);
        // What a row hides is not sealed: it comes back as it is drawn now.
        let value = match field.kind {
            FieldKind::Hidden => field.value.clone(),
            _ => self::field(reader, field, &name, raw, conditions.shows(field), true, parsed),
        };
        inputs.push(Input { name: field.name.clone(), value });
    }
    inputs
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gallery;
    use crate::village::Village;
    use dinh_model::Language;

    /// The gallery's form, filled in rightly, with some inputs replaced.
    fn read(changes: &[(&str, &str)]) -> Parsed {
        let mut filled = crate::form::samples::filled_in();
        for (name, text) in changes {
            filled.set(name, (*text).to_owned());
        }
        form(&Village.reader(Language::Vi), &gallery::form(), &filled, None)
    }

    fn input<'a>(parsed: &'a Parsed, name: &str) -> &'a Value {
        &parsed.submission.inputs.iter().find(|input| input.name == name).unwrap().value
    }

    #[test]
    fn a_form_filled_in_rightly_becomes_a_typed_submission() {
        let parsed = read(&[]);
        assert_eq!(parsed.problems, []);
        assert_eq!(parsed.submission.form, "edit");
        assert_eq!(input(&parsed, "name"), &Value::Text("Nguyễn Thị Lan".into()));
        assert_eq!(input(&parsed, "children"), &Value::Integer(2));
        let [child] = parsed.submission.children.as_slice() else {
            panic!("{:?}", parsed.submission.children)
        };
        assert_eq!((child.name.as_str(), child.key.as_str()), ("family", "k1"));
    }

    #[test]
    fn what_a_program_sends_and_the_form_does_not_ask_for_is_named() {
        let body = serde_json::json!({ "form": "edit", "inputs": { "nmae": "Lan", "name": ["Lan", "Hoa"] } });
        let raw = Raw::from_json(&body).unwrap();
        let parsed = form(&Village.reader(Language::Vi), &gallery::form(), &raw, None);
        let told: Vec<&str> = parsed.problems.iter().map(|problem| problem.message.as_str()).collect();
        assert!(told.iter().any(|told| told.contains("không có ô nhập “nmae”")), "{told:?}");
        assert!(told.iter().any(|told| told.contains("chỉ nhận một giá trị")), "{told:?}");
    }

    #[test]
    fn each_problem_names_its_field() {
        let parsed = read(&[("f.name", " "), ("f.children", "hai"), ("c.family.0.born", "31/02/1990")]);
        let names: Vec<_> = parsed.problems.iter().map(|p| p.name.as_deref().unwrap()).collect();
        assert_eq!(names, ["f.name", "f.children", "c.family.0.born"]);
    }

    #[test]
    fn read_only_fields_come_back_as_drawn_whatever_was_sent() {
        assert_eq!(input(&read(&[("f.code", "FORGED")]), "code"), &Value::Text("CB-0012".into()));
    }

    #[test]
    fn hidden_fields_are_sealed() {
        let guard = Guard::new([9; 32]);
        let description = gallery::form();
        let texts = sealed_texts(&description, |field| {
            typed::text(Village.reader(Language::Vi).formats, &field.kind, &field.value)
        });
        let seal = guard.seal("hidden", &texts.iter().map(String::as_str).collect::<Vec<_>>());
        let read = |hidden: &str, seal: &str| {
            let mut filled = crate::form::samples::filled_in();
            filled.set("f.dossier", hidden.to_owned());
            filled.set("seal", seal.to_owned());
            form(&Village.reader(Language::Vi), &description, &filled, Some(&guard))
        };
        assert_eq!(read("d-7", &seal).problems, []);
        assert!(!read("d-8", &seal).problems.is_empty());
        assert!(!read("d-7", "forged").problems.is_empty());
    }

    #[test]
    fn a_field_whose_condition_does_not_hold_is_neither_required_nor_sent() {
        let parsed = read(&[("f.party", "false"), ("f.joined", "01/01/2000")]);
        assert_eq!(parsed.problems, []);
        assert_eq!(input(&parsed, "joined"), &Value::Empty);
        let parsed = read(&[("f.party", "true"), ("f.joined", "")]);
        assert_eq!(parsed.problems[0].name.as_deref(), Some("f.joined"));
    }

    #[test]
    fn child_rows_are_removed_added_and_counted() {
        let parsed = read(&[("c.family.0..remove", "true")]);
        assert!(parsed.submission.children.is_empty());
        assert!(parsed.problems[0].message.contains("ít nhất 1"), "{:?}", parsed.problems);
        let parsed =
            read(&[("c.family.rows", "2"), ("c.family.1.name", "Trần Minh"), ("c.family.1.relation", "con")]);
        assert_eq!(parsed.problems, []);
        assert_eq!(parsed.submission.children[1].key, "");
        let parsed = read(&[("c.family.rows", "3")]);
        assert_eq!(parsed.submission.children.len(), 1, "blank new rows are nobody's");
        let parsed = read(&[("c.family.0..key", "k9")]);
        assert!(!parsed.problems.is_empty(), "a row that is not on the page");
        assert!(!read(&[("c.family.rows", "1000000000")]).problems.is_empty());
    }

    #[test]
    fn a_file_that_was_refused_is_told_even_where_nothing_else_was_filled_in() {
        let pairs = crate::form::samples::filled_in().pairs().to_vec();
        let problem =
            |name: &str| Problem { name: Some(name.to_owned()), message: "Tệp lớn quá.".to_owned() };
        let mut raw =
            Raw::typed(pairs, Vec::new()).refusing(vec![problem("f.scan"), problem("c.family.1.name")]);
        raw.set("c.family.rows", "2".to_owned());
        let parsed = form(&Village.reader(Language::Vi), &gallery::form(), &raw, None);
        let told: Vec<_> = parsed.problems.iter().filter(|it| it.message == "Tệp lớn quá.").collect();
        assert_eq!(told.len(), 2, "{:?}", parsed.problems);
    }

    #[test]
    fn an_unknown_button_is_refused() {
        assert_eq!(read(&[("button", "draft")]).submission.button, "draft");
        assert!(!read(&[("button", "approve")]).problems.is_empty());
    }
}
