//! What tests look for in pages.

use serde_json::Value;

/// A form of a page, as a browser would send it without anything filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Form {
    /// Where it goes.
    pub action: String,
    /// Its hidden fields.
    pub hidden: Vec<(String, String)>,
}

impl Form {
    /// A hidden field.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.hidden.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// The first form of `html` that `wanted` accepts.
pub fn form(html: &str, wanted: impl Fn(&Form) -> bool) -> Form {
    html.split("<form")
        .skip(1)
        .map(|form| {
            let form = form.split("</form").next().unwrap_or_default();
            let (tag, inside) = form.split_once('>').unwrap_or_default();
            let hidden = |input: &str| {
                let input = input.split('>').next()?;
                let pair = (attribute(input, "name")?, attribute(input, "value")?);
                (attribute(input, "type")? == "hidden").then_some(pair)
            };
            Form {
                action: attribute(tag, "action").unwrap_or_default(),
                hidden: inside.split("<input").skip(1).filter_map(hidden).collect(),
            }
        })
        .find(wanted)
        .unwrap_or_else(|| panic!("no such form in {html}"))
}

/// The value of an attribute in the inside of a tag.
fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    let (value, _) = rest.split_once('"')?;
    Some(value.replace("&quot;", "\"").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))
}

/// The first value in `page`, however deep, that `wanted` accepts.
pub fn find<'a>(page: &'a Value, wanted: &impl Fn(&Value) -> bool) -> Option<&'a Value> {
    if wanted(page) {
        return Some(page);
    }
    match page {
        Value::Array(items) => items.iter().find_map(|item| find(item, wanted)),
        Value::Object(fields) => fields.values().find_map(|field| find(field, wanted)),
        _ => None,
    }
}

/// All values in `page`, however deep, that `wanted` accepts.
pub fn all<'a>(page: &'a Value, wanted: &impl Fn(&Value) -> bool) -> Vec<&'a Value> {
    let inside: Vec<&Value> = match page {
        Value::Array(items) => items.iter().flat_map(|item| all(item, wanted)).collect(),
        Value::Object(fields) => fields.values().flat_map(|field| all(field, wanted)).collect(),
        _ => Vec::new(),
    };
    std::iter::once(page).filter(|page| wanted(page)).chain(inside).collect()
}

/// The table of a page with this id.
pub fn table<'a>(page: &'a Value, id: &str) -> &'a Value {
    let table = find(page, &|value| value["kind"] == "table" && value["id"] == id);
    table.unwrap_or_else(|| panic!("no table {id} in {page}"))
}

/// The number of a unit of a ledger's choice, which names each after the one it stands below: `Đảng bộ › Chi bộ`.
pub fn unit(ledger: &Value, name: &str) -> Option<String> {
    let own =
        |choice: &Value| choice["text"].as_str().and_then(|text| text.rsplit(" › ").next()) == Some(name);
    let choice = find(ledger, &|choice| own(choice) && choice["value"].is_string())?;
    choice["value"].as_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_found_with_its_hidden_fields_and_nothing_else() {
        let html = r#"<form method="post" action="/language"><input type="hidden" name="csrf" value="other"></form>
            <form action="/sign-in" method="post"><input type="hidden" name="csrf" value="a&amp;b">
            <input name="account" type="text" value="lan"></form>"#;
        let form = form(html, |form| form.action.starts_with("/sign"));
        assert_eq!(form.hidden, [("csrf".to_owned(), "a&b".to_owned())]);
    }

    #[test]
    fn values_are_found_at_any_depth() {
        let page = serde_json::json!({ "a": [{ "kind": "table", "id": "x" }, { "b": { "kind": "table", "id": "y" } }] });
        assert_eq!(table(&page, "y")["id"], "y");
        assert_eq!(all(&page, &|value| value["kind"] == "table").len(), 2);
    }
}
