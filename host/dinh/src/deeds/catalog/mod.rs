//! `dinh catalog`: one file for what is defined, one for what is proposed, one for how it is shown.

mod define;
mod propose;
mod shown;

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use clap::{Subcommand, ValueEnum};
use dinh_model::Date;
use dinh_runtime::usage::{self, Counted};
use dinh_services::catalog::{self, Changed, Entry, Imported, Shipped, Translation};
use dinh_services::{Platform, ServiceError, Thing};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::Authority;
use super::decide::{self, DecideDeed};
use super::input::{Input, Wanted};
use crate::day::Day;
use crate::house::House;
use crate::reply::{self, Reply};

pub(super) use shown::in_words;

use define::{DefineCatalog, define};
use propose::{ProposeEntry, propose};
use shown::{Shown, facts_of_catalog, mistakes, shown_version};

/// Most bytes of a table: 100,000 entries fit.
const MOST: u64 = 32 << 20;
/// Versions that are shown.
const VERSIONS: usize = 20;

/// What can be done to shared catalogs.
#[derive(Subcommand, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CatalogDeed {
    /// List the catalogs
    List,
    /// Show a catalog with its entries, or one entry with what it came from, what became of it and what it was
    Show {
        /// The catalog
        catalog: String,
        /// One of its codes
        code: Option<String>,
        /// Entries in their terms on this day [default: today]
        #[arg(long, value_name = "DATE", conflicts_with_all = ["all", "version"])]
        as_of: Option<Day>,
        /// All entries, also those whose terms are over or have not begun
        #[arg(long)]
        all: bool,
        /// All entries as they were at this version
        #[arg(long, value_name = "NUMBER")]
        version: Option<u32>,
    },
    /// Define a catalog, or give it another title, source or owner, or more attributes
    Define(DefineCatalog),
    /// Ask for the entries of a CSV table, a workbook or JSON: all of them, or none when one is wrong
    Import {
        /// The catalog
        catalog: String,
        /// The file; its heads are those that `export` prints
        file: PathBuf,
        /// Why, for whoever decides
        #[arg(long, default_value = "")]
        reason: String,
    },
    /// Print a catalog, whatever the terms of its entries
    Export {
        /// The catalog
        catalog: String,
        /// As which
        #[arg(long, value_enum, default_value_t = Format::Csv)]
        format: Format,
    },
    /// Ask for one entry: a new one, or another content for one that is there; a steward of the owner decides
    Propose(ProposeEntry),
    /// Say what a code is on another day: what became of it, or what it came from
    Translate {
        /// The catalog
        catalog: String,
        /// The code
        code: String,
        /// On this day [default: today]
        #[arg(long, value_name = "DATE")]
        to: Option<Day>,
    },
    /// List the fields of installed plugins that hold codes of a catalog, and how many records hold one code
    Usage {
        /// The catalog
        catalog: String,
        /// A code whose records are counted, of those that whoever asks may see
        code: Option<String>,
    },
    /// Lay the catalogs that come with the platform; what the deployment changed stays
    Ship,
    /// What becomes of such a request.
    #[command(flatten)]
    Decide(DecideDeed),
}

/// As what a catalog is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    /// A table for spreadsheets
    Csv,
    /// For programs
    Json,
}

impl CatalogDeed {
    /// The table, for those that import one.
    pub(super) fn wanted(&self) -> Wanted {
        match self {
            Self::Import { file, .. } => Wanted::File { path: file.clone(), most: MOST },
            _ => Wanted::Nothing,
        }
    }
}

/// Does it.
pub(super) fn perform(
    house: &House,
    authority: &Authority,
    deed: CatalogDeed,
    input: Input,
) -> Result<Reply> {
    let platform = house.platform();
    match deed {
        CatalogDeed::List => list(platform, authority),
        CatalogDeed::Show { catalog, code: Some(code), .. } => {
            show_entry(platform, authority, &catalog, &code)
        }
        CatalogDeed::Show { catalog, code: None, as_of, all, version } => {
            show(platform, authority, &catalog, (as_of.map(Day::date), all, version))
        }
        CatalogDeed::Define(definition) => define(platform, authority, &definition),
        CatalogDeed::Import { catalog, file, reason } => {
            let table = input.file.context("the command came without the file it imports")?.0;
            let name = file.file_name().unwrap_or_default().to_string_lossy();
            let done = authority.perform(platform, "catalog import", |call| {
                catalog::import(call, &catalog, &name, &table, &reason)
            })?;
            if !done.problems.is_empty() {
                bail!("nothing was imported; {}", mistakes(&done.problems));
            }
            let Imported { added, changed, unchanged, request, .. } = done;
            let counts = format!("{catalog}: {added} added, {changed} changed, {unchanged} as they were");
            Ok(Reply::done(
                json!({ "catalog": catalog, "added": added, "changed": changed, "unchanged": unchanged, "request": request }),
                asked(counts, request),
            ))
        }
        CatalogDeed::Export { catalog, format } => {
            let text = authority.perform(platform, "catalog export", |call| match format {
                Format::Csv => catalog::export_csv(call, &catalog),
                Format::Json => catalog::export_json(call, &catalog),
            })?;
            let value = match format {
                Format::Csv => json!({ "catalog": catalog, "csv": text }),
                Format::Json => serde_json::from_str(&text).context("the export cannot be read")?,
            };
            Ok(Reply { value, text: text.trim_end().to_owned() })
        }
        CatalogDeed::Propose(entry) => propose(platform, authority, &entry),
        CatalogDeed::Translate { catalog, code, to } => translate(platform, authority, &catalog, &code, to),
        CatalogDeed::Usage { catalog, code } => usage_of(house, authority, &catalog, code.as_deref()),
        CatalogDeed::Ship => ship(platform, authority),
        CatalogDeed::Decide(deed) => decide::perform(platform, authority, "catalog", &deed),
    }
}

/// What was done, or that it waits.
fn asked(done: String, request: Option<dinh_model::RequestId>) -> String {
    match request {
        Some(request) => format!("{done}; request {request} waits for a steward of the catalog"),
        None => done,
    }
}

fn list(platform: &Platform, authority: &Authority) -> Result<Reply> {
    let (values, rows) = authority.perform(platform, "catalog list", |call| {
        let all = catalog::catalogs(call)?;
        let values: Vec<_> = all.iter().map(|it| catalog::described(call, it)).collect();
        let rows: Vec<_> = all.iter().map(|it| facts_of_catalog(call, it)).collect();
        Ok((values, rows))
    })?;
    Ok(Reply::table(values, ["catalog", "version", "owner", "title", "source"], rows))
}

fn show(
    platform: &Platform,
    authority: &Authority,
    catalog: &str,
    (as_of, all, version): (Option<Date>, bool, Option<u32>),
) -> Result<Reply> {
    let (about, entries, versions) = authority.perform(platform, "catalog show", |call| {
        let now = catalog::open(call, catalog)?;
        let then = match version {
            None => None,
            Some(version) => Some(catalog::at_version(call, catalog, version)?.ok_or_else(|| {
                ServiceError::invalid(
                    format!("Danh mục không có phiên bản {version}."),
                    format!("the catalog {catalog:?} has no version {version}"),
                )
            })?),
        };
        let shown = then.as_ref().unwrap_or(&now);
        let day = as_of.unwrap_or_else(|| call.today());
        let meant = |entry: &&Entry| all || version.is_some() || entry.is_valid_on(day);
        let entries: Vec<_> =
            shown.entries().iter().filter(meant).map(|entry| Shown::new(entry, shown.catalog())).collect();
        let versions = catalog::versions(call, catalog, None, VERSIONS)?;
        let versions: Vec<_> = versions.iter().map(|version| shown_version(call, version)).collect();
        Ok((catalog::described(call, now.catalog()), entries, versions))
    })?;
    let rows = entries.iter().map(Shown::row);
    let mut text = reply::table(["code", "name", "from", "until", "above", "attributes"], rows);
    let rows = versions.iter().map(|(_, row)| row.clone());
    text.push_str(&format!("\n\n{}", reply::table(["version", "at", "what", "by", "approved by"], rows)));
    let versions: Vec<_> = versions.into_iter().map(|(value, _)| value).collect();
    Ok(Reply { value: json!({ "catalog": about, "entries": entries, "versions": versions }), text })
}

fn show_entry(platform: &Platform, authority: &Authority, catalog: &str, code: &str) -> Result<Reply> {
    authority
        .perform(platform, "catalog show", |call| {
            let compiled = catalog::open(call, catalog)?;
            let entry = compiled.get(code).ok_or_else(|| ServiceError::not_found(Thing::Entry, code))?;
            let about = compiled.catalog();
            let codes = |entries: Vec<&Entry>| entries.iter().map(|it| it.code.clone()).collect::<Vec<_>>();
            let (before, after) = (codes(compiled.predecessors(code)), codes(compiled.successors(code)));
            let below = codes(compiled.below(code));
            let history = catalog::history_of(call, catalog, code)?;
            let shown = Shown::new(entry, about);
            let mut facts: Vec<(&str, String)> = shown.facts();
            facts.push(("came from", before.join(", ")));
            facts.push(("became", after.join(", ")));
            facts.push(("below it", below.join(", ")));
            let mut was = Vec::new();
            for (version, entry) in &history {
                let (value, [number, at, ..]) = shown_version(call, version);
                facts.push(("version", format!("{number}, {at}: {}", in_words(entry))));
                was.push(json!({ "version": value, "entry": Shown::new(entry, about) }));
            }
            let value = json!({
                "entry": shown, "predecessors": before, "successors": after, "below": below, "history": was,
            });
            Ok(Reply::facts(value, &facts))
        })
        .map_err(Into::into)
}

fn translate(
    platform: &Platform,
    authority: &Authority,
    catalog: &str,
    code: &str,
    to: Option<Day>,
) -> Result<Reply> {
    authority
        .perform(platform, "catalog translate", |call| {
            let compiled = catalog::open(call, catalog)?;
            let day = to.map_or_else(|| call.today(), Day::date);
            let found =
                compiled.translate(code, day).ok_or_else(|| ServiceError::not_found(Thing::Entry, code))?;
            let (kind, said) = match &found {
                Translation::Exact(_) => ("exact", "is exactly"),
                Translation::Ambiguous(_) => {
                    ("ambiguous", "is one of these, the code alone does not say which:")
                }
                Translation::None => ("nothing", "is nothing"),
            };
            let entries = found.candidates();
            let shown: Vec<_> = entries.iter().map(|it| Shown::new(it, compiled.catalog())).collect();
            let words: Vec<_> = entries.iter().map(|it| in_words(it)).collect();
            let sentence = format!("{code} on {day} {said} {}", words.join("; "));
            let value = json!({ "code": code, "day": day, "translation": kind, "entries": shown });
            Ok(Reply::done(value, sentence.trim_end()))
        })
        .map_err(Into::into)
}

fn usage_of(house: &House, authority: &Authority, catalog: &str, code: Option<&str>) -> Result<Reply> {
    let fields = usage::bound_fields(&house.runtime()?.plugins(), catalog);
    let counted = authority.perform(house.platform(), "catalog usage", |call| {
        let compiled = catalog::open(call, catalog)?;
        if let Some(code) = code
            && compiled.get(code).is_none()
        {
            return Err(ServiceError::not_found(Thing::Entry, code));
        }
        let mut counted = Vec::new();
        for field in &fields {
            counted.push(code.map(|code| field.count(call, code)).transpose()?);
        }
        Ok(counted)
    })?;
    let (mut values, mut rows) = (Vec::new(), Vec::new());
    for (field, counted) in fields.iter().zip(counted) {
        let (count, said) = match counted {
            None => (None, "–".to_owned()),
            Some(Counted::Seen(count)) => (Some(count), count.to_string()),
            Some(Counted::NoIndex) => (None, "not counted: no index begins with the field".to_owned()),
            Some(Counted::Hidden) => (None, "not counted: the records may not be seen".to_owned()),
        };
        values
            .push(json!({ "plugin": field.plugin(), "field": field.path(), "records": count, "said": said }));
        rows.push([field.plugin().to_string(), field.path(), said]);
    }
    Ok(Reply::table(values, ["plugin", "field", "records"], rows))
}

fn ship(platform: &Platform, authority: &Authority) -> Result<Reply> {
    let all = authority.perform(platform, "catalog ship", catalog::ship)?;
    let value = |it: &Shipped| {
        json!({
            "catalog": it.catalog, "added": it.added, "changed": it.changed, "unchanged": it.unchanged,
            "kept": it.kept, "request": it.request, "problems": mistakes(&it.problems),
        })
    };
    let row = |it: &Shipped| {
        let what = match it.request {
            Some(request) => format!("request {request}"),
            None => mistakes(&it.problems),
        };
        let counts = [it.added, it.changed, it.unchanged, it.kept].map(|count| count.to_string());
        let [added, changed, unchanged, kept] = counts;
        [it.catalog.clone(), added, changed, unchanged, kept, what]
    };
    let values: Vec<_> = all.iter().map(value).collect();
    let heads =
        ["catalog", "added", "changed", "as shipped", "kept as they are", "waits or stands against it"];
    Ok(Reply::table(values, heads, all.iter().map(row)))
}

/// What a version changed, in a few words.
pub(super) fn changed(what: &Changed) -> String {
    match what {
        Changed::Definition => "definition".to_owned(),
        Changed::Entries { added, changed, shipped } => {
            let shipped = if *shipped { ", shipped" } else { "" };
            format!("{added} added, {changed} changed{shipped}")
        }
    }
}
