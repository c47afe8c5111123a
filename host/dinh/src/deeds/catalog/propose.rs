//! `dinh catalog propose`.

use anyhow::Result;
use clap::Args;
use dinh_model::{Localized, Value};
use dinh_services::catalog::{self, AttributeKind, Entry};
use dinh_services::{Call, Platform, ServiceError};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{asked, in_words};
use crate::day::Day;
use crate::deeds::Authority;
use crate::reply::Reply;

/// What an entry is to be; what is not said stays as it is.
#[derive(Args, Debug, Serialize, Deserialize)]
pub struct ProposeEntry {
    /// The catalog
    catalog: String,
    /// The code
    code: String,
    /// Its name in Vietnamese
    #[arg(long, value_name = "NAME")]
    name_vi: Option<String>,
    /// Its name in English
    #[arg(long, value_name = "NAME")]
    name_en: Option<String>,
    /// The code above; empty for none
    #[arg(long, value_name = "CODE")]
    parent: Option<String>,
    /// First day of its term
    #[arg(long, value_name = "DATE")]
    from: Option<Day>,
    /// Last day of its term
    #[arg(long, value_name = "DATE", conflicts_with = "open")]
    until: Option<Day>,
    /// Its term has no end
    #[arg(long)]
    open: bool,
    /// Its place in the catalog's order
    #[arg(long, value_name = "NUMBER", allow_negative_numbers = true)]
    order: Option<i64>,
    /// Another name by which it is found; all of them
    #[arg(long = "alias", value_name = "NAME")]
    aliases: Vec<String>,
    /// A code that it directly follows; all of them
    #[arg(long = "predecessor", value_name = "CODE")]
    predecessors: Vec<String>,
    /// The value of an attribute: NAME=VALUE
    #[arg(long = "set", value_name = "NAME=VALUE")]
    set: Vec<String>,
    /// Why, for whoever decides
    #[arg(long, default_value = "")]
    reason: String,
}

/// Asks for it.
pub(super) fn propose(platform: &Platform, authority: &Authority, wanted: &ProposeEntry) -> Result<Reply> {
    let (request, entry) = authority.perform(platform, "catalog propose", |call| {
        let entry = entry(call, wanted)?;
        let request = catalog::propose(call, &wanted.catalog, entry.clone(), &wanted.reason)?;
        Ok((request, entry))
    })?;
    let value = json!({ "catalog": wanted.catalog, "code": entry.code, "request": request });
    Ok(Reply::done(value, asked(format!("{}: {}", wanted.catalog, in_words(&entry)), request)))
}

/// The entry that is asked for: what is there, with what was said changed.
fn entry(call: &Call, wanted: &ProposeEntry) -> Result<Entry, ServiceError> {
    let compiled = catalog::open(call, &wanted.catalog)?;
    let before = compiled.get(&wanted.code).cloned();
    let needs = |vi: &str, en: &str| ServiceError::invalid(vi, en);
    let mut entry = match before {
        Some(before) => before,
        None => Entry {
            code: wanted.code.clone(),
            name: Localized::new(
                wanted.name_vi.as_deref().ok_or_else(|| {
                    needs("Mã mới cần tên: --name-vi.", "a new entry needs a name; say --name-vi")
                })?,
                "",
            ),
            parent: None,
            valid_from: wanted.from.map(Day::date).ok_or_else(|| {
                needs("Mã mới cần ngày bắt đầu: --from.", "a new entry needs its first day; say --from")
            })?,
            valid_until: None,
            order: 0,
            aliases: Vec::new(),
            predecessors: Vec::new(),
            attributes: Vec::new(),
        },
    };
    if let Some(name) = &wanted.name_vi {
        // An English name that only repeated the Vietnamese one goes with it.
        if entry.name.en == entry.name.vi {
            entry.name.en.clone_from(name);
        }
        entry.name.vi.clone_from(name);
    }
    if let Some(name) = &wanted.name_en {
        entry.name.en.clone_from(name);
    }
    if let Some(parent) = &wanted.parent {
        entry.parent = Some(parent.clone());
    }
    if let Some(from) = wanted.from {
        entry.valid_from = from.date();
    }
    if wanted.open {
        entry.valid_until = None;
    }
    if let Some(until) = wanted.until {
        entry.valid_until = Some(until.next());
    }
    entry.order = wanted.order.unwrap_or(entry.order);
    if !wanted.aliases.is_empty() {
        entry.aliases.clone_from(&wanted.aliases);
    }
    if !wanted.predecessors.is_empty() {
        entry.predecessors.clone_from(&wanted.predecessors);
    }
    let known = &compiled.catalog().definition.attributes;
    for text in &wanted.set {
        let (name, value) = text.split_once('=').unwrap_or((text, ""));
        let wrong = || {
            needs(
                &format!("“{text}”: danh mục không có thuộc tính này hoặc giá trị không đúng kiểu."),
                &format!("{text:?}: no such attribute, or not a value of it"),
            )
        };
        let place = known.iter().position(|known| known.name == name).ok_or_else(wrong)?;
        let kind = known.get(place).map(|known| known.kind).ok_or_else(wrong)?;
        let value = match kind {
            _ if value.is_empty() => Some(Value::Empty),
            AttributeKind::Integer => value.parse().ok().map(Value::Integer),
            AttributeKind::Decimal { .. } => value.parse().ok().map(Value::Decimal),
            AttributeKind::Text => Some(Value::Text(value.to_owned())),
        };
        let value = value.and_then(|value| value.fit(&kind.field_type()).ok()).ok_or_else(wrong)?;
        if entry.attributes.len() <= place {
            entry.attributes.resize(place + 1, Value::Empty);
        }
        if let Some(slot) = entry.attributes.get_mut(place) {
            *slot = value;
        }
    }
    Ok(entry)
}
