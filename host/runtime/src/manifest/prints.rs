//! The printed forms of a manifest: which template prints which pages.

use dinh_model::Localized;

use super::check::{at_most, name, title};
use super::error::Wrong;
use super::raw::{RawPrint, Text};

/// What the web floor calls the form that every page has.
const EVERY_PAGE: &str = "page";

/// A printed form of some pages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Print {
    /// Its name in addresses.
    pub name: String,
    /// Its name on pages.
    pub title: Localized,
    /// The pages it prints: segments, of which `{…}` stands for any.
    pub path: String,
    /// The file of the package that lays it out.
    pub template: String,
}

impl Print {
    /// Whether it prints the page at `path`.
    pub fn is_of(&self, path: &str) -> bool {
        let fits = |(wanted, found): (&str, &str)| wanted == found || (is_any(wanted) && !found.is_empty());
        let (wanted, found) =
            (self.path.trim_end_matches('/').split('/'), path.trim_end_matches('/').split('/'));
        wanted.clone().count() == found.clone().count() && wanted.zip(found).all(fits)
    }
}

fn is_any(segment: &str) -> bool {
    segment.starts_with('{') && segment.ends_with('}')
}

pub(super) fn prints(raw: Vec<RawPrint>) -> Result<Vec<Print>, Wrong> {
    at_most(raw, "prints", |print| &print.name)?
        .into_iter()
        .map(|raw| {
            let found = name(&raw.name)?;
            if found == EVERY_PAGE {
                let problem = "`page` is the form that every page has";
                return Err(Wrong::at(raw.name.span(), problem, "choose another name"));
            }
            Ok(Print {
                name: found,
                title: title(&raw.title)?,
                path: path(&raw.path)?,
                template: template(&raw.template)?,
            })
        })
        .collect()
}

fn path(raw: &Text) -> Result<String, Wrong> {
    let path = raw.get_ref();
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    let good = path == "/"
        || path.strip_prefix('/').is_some_and(|rest| {
            rest.split('/').all(|segment| {
                let inner = if is_any(segment) { segment.trim_matches(['{', '}']) } else { segment };
                !matches!(inner, "" | "." | "..") && inner.bytes().all(plain)
            })
        });
    if good {
        return Ok(path.clone());
    }
    let remedy = "write the address of the pages as your router has it: `/people/{id}`";
    Err(Wrong::at(raw.span(), format!("{path:?} is not the path of a page that is printed"), remedy))
}

fn template(raw: &Text) -> Result<String, Wrong> {
    let template = raw.get_ref();
    if template.ends_with(".typ") && dinh_model::FormFiles::default().add(template, Vec::new()).is_ok() {
        return Ok(template.clone());
    }
    let remedy = "write `prints/NAME.typ`, with a–z, 0–9, `-` and `_`: a file in the folder `prints` beside plugin.toml";
    Err(Wrong::at(raw.span(), format!("{template:?} is not a template"), remedy))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_of_the_pages_that_its_path_describes() {
        let of = |path: &str| Print {
            name: "sheet".into(),
            title: Localized::new("Phiếu", "Sheet"),
            path: path.into(),
            template: "prints/sheet.typ".into(),
        };
        assert!(of("/people/{id}").is_of("/people/7"));
        assert!(of("/own").is_of("/own") && of("/own").is_of("/own/"));
        assert!(of("/").is_of("/") && !of("/").is_of("/book"));
        for other in ["/people", "/people/", "/people/7/edit", "/persons/7", "/"] {
            assert!(!of("/people/{id}").is_of(other), "{other}");
        }
    }

    fn parsed(print: &str) -> Result<Vec<Print>, String> {
        let good = include_str!("../../tests/manifests/good.toml");
        let manifest = super::super::Manifest::parse(&format!("{good}\n{print}"));
        manifest.map(|manifest| manifest.prints).map_err(|error| error.to_string())
    }

    const GOOD: &str = "[[prints]]\nname = \"sheet\"\ntitle = { vi = \"Phiếu\", en = \"Sheet\" }\npath = \"/people/{id}\"\n\
                        template = \"prints/sheet.typ\"\n";

    #[test]
    fn every_mistake_in_a_printed_form_is_named_with_its_remedy() {
        assert_eq!(parsed(GOOD).unwrap().len(), 1);
        for (good, bad, says) in [
            ("\"sheet\"\n", "\"page\"\n", "choose another name"),
            ("\"sheet\"\n", "\"Sheet\"\n", "is not a name"),
            ("prints/sheet.typ", "../sheet.typ", "write `prints/NAME.typ`"),
            ("prints/sheet.typ", "prints/sheet.svg", "write `prints/NAME.typ`"),
            ("/people/{id}", "people", "as your router has it"),
            ("/people/{id}", "/people/{}", "as your router has it"),
            ("/people/{id}", "/people/../x", "as your router has it"),
            ("template =", "permission = \"score.read\"\ntemplate =", "unknown key"),
        ] {
            let error = parsed(&GOOD.replacen(good, bad, 1)).unwrap_err();
            assert!(error.starts_with("plugin.toml:") && error.contains(says), "{bad}: {error}");
        }
        assert!(parsed(&format!("{GOOD}{GOOD}")).unwrap_err().contains("twice"));
    }
}
