//! `dinh catalog define`.

use anyhow::{Context, Result, bail};
use clap::Args;
use dinh_model::Localized;
use dinh_services::Platform;
use dinh_services::catalog::{self, Attribute, AttributeKind, Definition};
use serde::{Deserialize, Serialize};

use crate::deeds::{Authority, named};
use crate::reply::Reply;

/// What a catalog is to be.
#[derive(Args, Debug, Serialize, Deserialize)]
pub struct DefineCatalog {
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
    /// Code of the unit whose stewards decide about it [default: as it is; for a new one, the whole house]
    #[arg(long, value_name = "CODE", conflicts_with = "of_the_house")]
    owner: Option<String>,
    /// It belongs to the whole house
    #[arg(long)]
    of_the_house: bool,
    /// An attribute that its entries have from now on, after those they have: NAME:integer, NAME:text or
    /// NAME:decimal:PLACES, then :TITLE
    #[arg(long = "attribute", value_name = "ATTRIBUTE")]
    attributes: Vec<String>,
    /// Why
    #[arg(long, default_value = "")]
    reason: String,
}

/// Defines it.
pub(super) fn define(platform: &Platform, authority: &Authority, wanted: &DefineCatalog) -> Result<Reply> {
    let attributes: Vec<Attribute> =
        wanted.attributes.iter().map(|text| attribute(text)).collect::<Result<_>>()?;
    let value = authority.perform(platform, "catalog define", |call| {
        let known = catalog::catalogs(call)?.into_iter().find(|it| it.definition.name == wanted.catalog);
        let known = known.map(|known| known.definition);
        let owner = match &wanted.owner {
            Some(code) => Some(named::unit(call, code)?.id),
            None if wanted.of_the_house => None,
            None => known.as_ref().and_then(|known| known.owner),
        };
        let mut all = known.map(|known| known.attributes).unwrap_or_default();
        all.extend(attributes.iter().cloned());
        let title_en = wanted.title_en.as_ref().unwrap_or(&wanted.title_vi);
        let definition = Definition {
            name: wanted.catalog.clone(),
            title: Localized::new(&wanted.title_vi, title_en),
            source: wanted.source.clone(),
            owner,
            attributes: all,
        };
        catalog::define(call, &definition, &wanted.reason)?;
        Ok(catalog::described(call, catalog::open(call, &wanted.catalog)?.catalog()))
    })?;
    let sentence = format!("{} is defined: {}", wanted.catalog, wanted.title_vi);
    Ok(Reply::done(value, sentence))
}

/// An attribute as it is typed.
fn attribute(text: &str) -> Result<Attribute> {
    let parts: Vec<&str> = text.split(':').collect();
    let (name, kind, rest) = match parts.as_slice() {
        [name, "integer", rest @ ..] => (name, AttributeKind::Integer, rest),
        [name, "text", rest @ ..] => (name, AttributeKind::Text, rest),
        [name, "decimal", scale, rest @ ..] => {
            let scale = scale.parse().with_context(|| format!("{text:?} names no number of places"))?;
            (name, AttributeKind::Decimal { scale }, rest)
        }
        _ => bail!(
            "{text:?} is no attribute; write NAME:integer, NAME:text or NAME:decimal:PLACES, then :TITLE"
        ),
    };
    let title = match rest {
        [] => (*name).to_owned(),
        title => title.join(":"),
    };
    Ok(Attribute { name: (*name).to_owned(), title: Localized::new(&title, &title), kind })
}
