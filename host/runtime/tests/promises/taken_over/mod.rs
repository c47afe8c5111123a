//! Versions of our plugins over records of the one before.

mod inspection;
mod personnel;

use dinh_model::{Date, RecordId, Value};
use dinh_services::records::{FieldValue, insert};
use wasm_encoder::{ComponentSection, CustomSection};
use wasmparser::{Parser, Payload};

use crate::house::{House, component};

const SECTION: &str = "dinh:manifest";

/// The component of a plugin under another manifest: what that stored is all that counts; its code does not run.
fn under(plugin: &str, manifest: &str) -> Vec<u8> {
    let bytes = component(plugin);
    let mut depth = 0;
    let section = Parser::new(0).parse_all(&bytes).find_map(|payload| match payload.unwrap() {
        Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => {
            depth += 1;
            None
        }
        Payload::End(_) => {
            depth -= 1;
            None
        }
        Payload::CustomSection(section) if depth == 0 && section.name() == SECTION => {
            Some((section.data_offset(), section.data().to_vec()))
        }
        _ => None,
    });
    let (data, old) = section.unwrap();
    let mut whole = Vec::new();
    CustomSection { name: SECTION.into(), data: (&old).into() }.append_to_component(&mut whole);
    let end = data + old.len();
    let start = end - whole.len();
    assert_eq!(bytes[start..end], whole, "the section as the encoder writes it");
    let mut altered = bytes[..start].to_vec();
    CustomSection { name: SECTION.into(), data: manifest.as_bytes().into() }
        .append_to_component(&mut altered);
    altered.extend(&bytes[end..]);
    altered
}

fn stored(house: &House, plugin: &str, collection: &str, values: &[(&str, Value)]) -> RecordId {
    let data = house.runtime.plugin(&plugin.parse().unwrap()).unwrap().data.clone();
    let field = |(field, value): &(&str, Value)| FieldValue { field: (*field).into(), value: value.clone() };
    let inserted = house.platform.perform(&house.operator(), |call| {
        Ok(insert(call, &data, collection, values.iter().map(field).collect())?)
    });
    inserted.unwrap()
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn day(day: &str) -> Value {
    Value::Date(day.parse::<Date>().unwrap())
}
