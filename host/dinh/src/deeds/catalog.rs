//! `dinh catalog`.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use clap::Subcommand;
use dinh_model::Localized;
use dinh_services::Platform;
use dinh_services::catalog::{self, Catalog, Existing, Imported};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::Authority;
use super::input::{Input, Wanted};
use crate::reply::Reply;

/// Most bytes of a table: 100,000 entries fit.
const MOST: u64 = 32 << 20;
/// Most mistakes named in a refusal.
const NAMED: usize = 10;

/// What can be done to shared catalogs.
#[derive(Subcommand, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CatalogDeed {
    /// List the catalogs
    List,
    /// Define a catalog, or give it another title or source
    Define {
        /// Its name: a–z, 0–9, `-`
        catalog: String,
        /// Its title in Vietnamese
        #[arg(long, value_name = "TITLE")]
        title_vi: String,
        /// Its title in English [default: the Vietnamese one]
        #[arg(long, value_name = "TITLE")]
        title_en: Option<String>,
        /// Where its entries come from: a decision, an office
        #[arg(long)]
        source: String,
    },
    /// Import entries from a CSV table or a workbook: all of them, or none when one is wrong
    Import {
        /// The catalog
        catalog: String,
        /// The file; its heads are those that `export` prints
        file: PathBuf,
    },
    /// Print a catalog as a CSV table
    Export {
        /// The catalog
        catalog: String,
    },
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
    platform: &Platform,
    authority: &Authority,
    deed: CatalogDeed,
    input: Input,
) -> Result<Reply> {
    match deed {
        CatalogDeed::List => {
            let catalogs = authority.perform(platform, "catalog list", |call| catalog::catalogs(call))?;
            let rows: Vec<_> =
                catalogs.iter().map(|it| [it.name.clone(), it.title.vi.clone(), it.source.clone()]).collect();
            Ok(Reply::table(catalogs, ["catalog", "title", "source"], rows))
        }
        CatalogDeed::Define { catalog, title_vi, title_en, source } => {
            let title = Localized::new(&title_vi, title_en.as_deref().unwrap_or(&title_vi));
            let defined = Catalog { name: catalog, title, source };
            authority.perform(platform, "catalog define", |call| catalog::define(call, &defined))?;
            let sentence = format!("{} is defined: {}", defined.name, defined.title.vi);
            Ok(Reply::done(defined, sentence))
        }
        CatalogDeed::Import { catalog, file } => {
            let table = input.file.context("the command came without the file it imports")?.0;
            let name = file.file_name().unwrap_or_default().to_string_lossy();
            let done = authority.perform(platform, "catalog import", |call| {
                catalog::import(call, &catalog, &name, &table, Existing::Update)
            })?;
            if !done.problems.is_empty() {
                bail!("nothing was imported; {}", mistakes(&done));
            }
            let Imported { added, changed, unchanged, .. } = done;
            let sentence =
                format!("{catalog}: {added} added, {changed} changed, {unchanged} left as they were");
            Ok(Reply::done(
                json!({ "catalog": catalog, "added": added, "changed": changed, "unchanged": unchanged }),
                sentence,
            ))
        }
        CatalogDeed::Export { catalog } => {
            let csv =
                authority.perform(platform, "catalog export", |call| catalog::export_csv(call, &catalog))?;
            Ok(Reply { value: json!({ "catalog": catalog, "csv": csv }), text: csv.trim_end().to_owned() })
        }
    }
}

/// The mistakes of a file in one line.
fn mistakes(done: &Imported) -> String {
    let mut named: Vec<_> = done
        .problems
        .iter()
        .take(NAMED)
        .map(|problem| {
            let column = problem.column.as_deref().map(|column| format!(", {column}")).unwrap_or_default();
            // A remedy is a sentence of its own; several stand in one line.
            let remedy = problem.remedy.trim_end_matches('.');
            format!("line {}{column}: {}; {remedy}", problem.line, problem.message)
        })
        .collect();
    let more = done.problems.len().saturating_sub(NAMED);
    if more > 0 {
        named.push(format!("and {more} more"));
    }
    named.join("; ")
}
