//! The JSON twin of a page: the same view, for programs.
//!
//! Values are typed, not formatted. A whole number is a JSON number while every reader keeps it exact (up
//! to ±(2^53 − 1)), a string beyond; a decimal is always a string (`"73.02"`); a day is `2021-12-31`, a moment
//! is RFC 3339 in UTC; what names a unit or a person is `{"id", "name"}`, a file `{"id", "name", "size", "href", …}`;
//! an empty value is `null`.
//! Addresses are whole paths of the platform. A table's rows are objects by column key.

pub mod blocks;
mod fields;
mod tables;

use dinh_model::{Label, time};
use dinh_runtime::bindings::types::{self, Value as Plugin};
use dinh_runtime::bindings::views::*;
use serde_json::{Map, Value, json};

use crate::datum::Datum;
use crate::directory::Directory;
use crate::files;
use crate::place::Place;

/// Largest whole number that every reader of JSON keeps exact.
const EXACT: u64 = (1 << 53) - 1;

/// What the twin needs besides the view.
#[derive(Clone, Copy)]
pub struct Twin<'a> {
    /// Where the page is.
    pub place: Place<'a>,
    /// Names behind identifiers.
    pub directory: &'a dyn Directory,
    /// How confidential the page is, after everything the call has read.
    pub label: Label,
}

/// A page.
pub fn page(twin: Twin<'_>, page: &Page) -> Value {
    json!({
        "plugin": twin.place.plugin.as_str(),
        "path": twin.place.path,
        "title": page.title,
        "subtitle": page.subtitle,
        "label": twin.label.as_str(),
        "as_of": page.as_of.and_then(time::from_microseconds).map(|moment| moment.to_string()),
        "breadcrumbs": list(&page.breadcrumbs, |link| twin.link(link)),
        "actions": list(&page.actions, |action| twin.action(action)),
        "sections": list(&page.sections, |section| json!({
            "id": section.id,
            "title": section.title,
            "blocks": list(&section.blocks, |block| blocks::block(twin, block)),
        })),
    })
}

fn list<T>(items: &[T], each: impl Fn(&T) -> Value) -> Value {
    Value::Array(items.iter().map(each).collect())
}

/// A whole number, exact for every reader.
pub fn integer(number: i64) -> Value {
    if number.unsigned_abs() <= EXACT { json!(number) } else { json!(number.to_string()) }
}

/// A value.
pub fn datum(directory: &dyn Directory, datum: &Datum<'_>) -> Value {
    match datum {
        Datum::Empty => Value::Null,
        Datum::Integer(number) => integer(*number),
        Datum::Decimal(number) => json!(number.to_string()),
        Datum::Text(text) => json!(text),
        Datum::Date(day) => json!(day.to_string()),
        Datum::Instant(moment) => json!(moment.to_string()),
        Datum::Boolean(yes) => json!(yes),
        Datum::Reference(id) | Datum::Attachment(id) => json!(id.to_string()),
        Datum::Unit(id) => json!({ "id": id.0, "name": directory.unit(*id) }),
        Datum::Account(id) => {
            json!({ "id": id.0, "name": directory.person(*id).map(|person| person.text) })
        }
        Datum::Texts(texts) => json!(texts),
    }
}

/// The name of a tone.
fn tone(tone: Tone) -> &'static str {
    crate::draw::tone(tone)
}

/// The name of a format; places are a number of their own.
fn format(format: Format) -> &'static str {
    match format {
        Format::Plain => "plain",
        Format::Integer => "integer",
        Format::Decimal(_) => "decimal",
        Format::Money => "money",
        Format::Percent(_) => "percent",
        Format::Date => "date",
        Format::Month => "month",
        Format::Instant => "instant",
        Format::Year => "year",
        Format::Code => "code",
        Format::Badge => "badge",
        Format::ChangeUp(_) => "change-up",
        Format::ChangeDown(_) => "change-down",
        Format::Cross => "cross",
    }
}

impl Twin<'_> {
    /// A value of a view.
    fn value(&self, value: &Plugin) -> Value {
        self.datum(&Datum::of(value))
    }

    /// A value.
    fn datum(&self, datum: &Datum<'_>) -> Value {
        match datum {
            Datum::Attachment(id) => match self.directory.file(*id) {
                Some(info) => files::told(self.place, &info),
                None => json!({ "id": id.to_string() }),
            },
            datum => self::datum(self.directory, datum),
        }
    }

    /// The address of a target.
    fn href(&self, target: &Target) -> Value {
        json!(self.place.address(target).href)
    }

    fn maybe_href(&self, target: Option<&Target>) -> Value {
        target.map_or(Value::Null, |target| self.href(target))
    }

    fn link(&self, link: &Link) -> Value {
        json!({ "text": link.text, "href": self.href(&link.target) })
    }

    fn action(&self, action: &Action) -> Value {
        let mut object = Map::new();
        object.insert("text".into(), json!(action.text));
        if let Some(reason) = &action.disabled {
            object.insert("disabled".into(), json!(reason));
        }
        match &action.effect {
            Effect::Open(target) => {
                object.insert("href".into(), self.href(target));
            }
            Effect::ExportTable(table) => {
                object.insert("export".into(), json!(self.export(table)));
            }
            Effect::Submit(effect) => {
                let inputs: Map<String, Value> =
                    effect.inputs.iter().map(|(name, text)| (name.clone(), json!(text))).collect();
                object.insert(
                    "submit".into(),
                    json!({ "form": effect.form, "inputs": inputs, "confirm": effect.confirm }),
                );
            }
        }
        Value::Object(object)
    }

    /// Where a table is exported.
    fn export(&self, table: &str) -> String {
        self.place.with(&[("export", Some(table)), ("format", Some("csv")), ("after", None)])
    }

    fn record(&self, id: types::RecordId) -> Value {
        json!(crate::datum::record(id).to_string())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::OnceLock;

    use dinh_model::PluginId;

    use super::*;
    use crate::{gallery, village::Village};

    fn place() -> Place<'static> {
        static PLUGIN: OnceLock<PluginId> = OnceLock::new();
        let plugin = PLUGIN.get_or_init(|| "pci-index".parse().unwrap());
        Place { plugin, path: "/gallery", query: &[] }
    }

    fn twin() -> Value {
        page(Twin { place: place(), directory: &Village, label: Label::Ordinary }, &gallery::page())
    }

    fn block<'a>(page: &'a Value, kind: &str) -> &'a Value {
        let blocks =
            page["sections"].as_array().unwrap().iter().flat_map(|s| s["blocks"].as_array().unwrap());
        blocks.into_iter().find(|block| block["kind"] == kind).unwrap()
    }

    #[test]
    fn every_kind_of_block_has_its_twin() {
        let page = twin();
        for kind in [
            "tabs",
            "filters",
            "metrics",
            "table",
            "chart",
            "text",
            "notice",
            "facts",
            "form",
            "entry-grid",
            "sheet-import",
            "steps",
            "timeline",
            "documents",
            "actions",
        ] {
            block(&page, kind);
        }
    }

    #[test]
    fn a_table_is_rows_by_key_with_exact_numbers() {
        let page = twin();
        let table = block(&page, "table");
        let first = &table["rows"][0];
        assert_eq!(first["cells"]["province"], "Quảng Ninh");
        assert_eq!(first["cells"]["score"], "73.02");
        assert_eq!(first["cells"]["rank"], 1);
        assert_eq!(first["key"], "r1");
        assert_eq!(first["href"], "/apps/pci-index/provinces/Qu%E1%BA%A3ng%20Ninh?edition=2021");
        assert_eq!(table["rows"][7]["cells"]["c5"], Value::Null);
        assert_eq!(table["rows"][7]["kind"], "highlight");
        assert_eq!(table["paging"]["next"], "/apps/pci-index/gallery?after=cursor-8");
        assert_eq!(table["export"], "/apps/pci-index/gallery?export=ranking&format=csv");
        assert_eq!(table["columns"][5]["heads"][0], "Chỉ số thành phần");
    }

    #[test]
    fn an_empty_table_offers_no_export() {
        let mut view = gallery::page();
        let mut blocks = view.sections.iter_mut().flat_map(|section| &mut section.blocks);
        let table = blocks.find_map(|block| if let Block::Table(table) = block { Some(table) } else { None });
        let table = table.unwrap();
        table.data.clear();
        assert!(table.exportable);
        let page = page(Twin { place: place(), directory: &Village, label: Label::Ordinary }, &view);
        let table = block(&page, "table");
        assert_eq!((&table["rows"], &table["export"]), (&json!([]), &Value::Null));
    }

    #[test]
    fn a_row_of_an_entry_grid_says_how_deep_it_stands() {
        let mut view = gallery::page();
        let mut blocks = view.sections.iter_mut().flat_map(|section| &mut section.blocks);
        let grid =
            blocks.find_map(|block| if let Block::EntryGrid(grid) = block { Some(grid) } else { None });
        grid.unwrap().row_styles = vec![RowStyle { row: 1, kind: None, depth: 2 }];
        let page = page(Twin { place: place(), directory: &Village, label: Label::Ordinary }, &view);
        let rows = &block(&page, "entry-grid")["rows"];
        assert_eq!((&rows[0]["depth"], &rows[1]["depth"]), (&Value::Null, &json!(2)));
    }

    #[test]
    fn a_form_says_what_each_field_takes_and_holds() {
        let page = twin();
        let form = block(&page, "form");
        assert_eq!(form["form"], "edit");
        let fields = form["groups"][0]["fields"].as_array().unwrap();
        let born = fields.iter().find(|field| field["name"] == "born").unwrap();
        assert_eq!(born["kind"], "date");
        assert_eq!(born["value"], "1985-03-08");
        assert_eq!(born["latest"], "2026-12-31");
        assert_eq!(born["required"], true);
        assert_eq!(form["children"][0]["rows"][0]["key"], "k1");
        assert!(form["shown"].as_str().unwrap().contains("officers"));
    }

    #[test]
    fn numbers_that_readers_would_round_are_texts() {
        assert_eq!(integer(9_007_199_254_740_991), json!(9_007_199_254_740_991_i64));
        assert_eq!(integer(9_007_199_254_740_992), json!("9007199254740992"));
        assert_eq!(integer(i64::MIN), json!("-9223372036854775808"));
    }
}
