//! Which page of which plugin a request is for.

use std::sync::Arc;

use axum::http::Uri;
use dinh_model::{Actor, PluginId};
use dinh_runtime::bindings::{pages, types};
use dinh_runtime::{Asked, AskedSheet, Plugin};

use crate::app::App;
use crate::place::{Place, RESERVED, parse_query};
use crate::problem::{Kind, Problem};
use crate::visitor::Visitor;

/// Most names in a query.
const QUERY: usize = 200;

/// A page of a plugin, as it is asked for.
pub struct Address {
    /// The plugin.
    pub plugin: Arc<Plugin>,
    /// Path below the plugin's own.
    pub path: String,
    /// The query that the plugin sees.
    pub query: Vec<(String, String)>,
    /// The host's own names in the query.
    pub host: Vec<(String, String)>,
}

impl Address {
    /// Of a request. Without a session only what is public is there.
    pub fn of(app: &App, visitor: &Visitor, uri: &Uri) -> Result<Self, Problem> {
        let rest = uri.path().strip_prefix("/apps/").ok_or(Kind::NotFound)?;
        let (id, path) = rest.split_once('/').unwrap_or((rest, ""));
        let known = id.parse::<PluginId>().ok().and_then(|id| app.runtime.plugin(&id));
        let path = decode(path);
        let Some((plugin, path)) = known.zip(path) else {
            // Strangers do not learn which plugins and pages there are.
            return Err(if visitor.session.is_some() { Kind::NotFound.into() } else { Kind::SignIn.into() });
        };
        if visitor.session.is_none() {
            let now = app.platform.clock().now();
            if !plugin.opens(&app.platform.policy(), &Actor::Public, &path, now) {
                return Err(Kind::SignIn.into());
            }
        }
        let pairs = parse_query(uri.query().unwrap_or_default());
        if pairs.len() > QUERY {
            return Err(Kind::BadRequest.into());
        }
        let (host, query) = pairs.into_iter().partition(|(name, _)| RESERVED.contains(&name.as_str()));
        Ok(Self { plugin, path, query, host })
    }

    /// A name of the host's own in the query.
    pub fn host(&self, name: &str) -> Option<&str> {
        self.host.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Where the page is, for links.
    pub fn place(&self) -> Place<'_> {
        Place { plugin: &self.plugin.manifest.id, path: &self.path, query: &self.query }
    }

    /// What the plugin is asked.
    pub fn asked(&self, visitor: &Visitor, export: Option<&str>, sheet: Option<AskedSheet>) -> Asked {
        let request = pages::Request {
            path: self.path.clone(),
            query: self.query.clone(),
            language: match visitor.language {
                dinh_model::Language::Vi => types::Language::Vi,
                dinh_model::Language::En => types::Language::En,
            },
            export_table: export.map(str::to_owned),
        };
        Asked {
            actor: visitor.actor(),
            scope: visitor.scope(),
            language: visitor.language,
            request,
            sheet,
            leaves: false,
        }
    }
}

/// The path with its segments decoded; none when one of them is not UTF-8, climbs, or hides a `/`.
fn decode(path: &str) -> Option<String> {
    let mut decoded = String::from("/");
    let trimmed = path.trim_end_matches('/');
    for (place, segment) in trimmed.split('/').enumerate() {
        let text = percent_encoding::percent_decode_str(segment).decode_utf8().ok()?;
        if matches!(&*text, "." | "..") || text.contains('/') || text.chars().any(char::is_control) {
            return None;
        }
        if place > 0 {
            decoded.push('/');
        }
        decoded.push_str(&text);
    }
    Some(decoded)
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn a_path_is_decoded_segment_by_segment() {
        assert_eq!(decode("").as_deref(), Some("/"));
        assert_eq!(decode("ranking/").as_deref(), Some("/ranking"));
        assert_eq!(decode("provinces/Thanh%20H%C3%B3a").as_deref(), Some("/provinces/Thanh Hóa"));
        for bad in ["a/../b", "a/%2e%2e/b", "a%2Fb", "%FF", "a%0Ab", "./a"] {
            assert_eq!(decode(bad), None, "{bad}");
        }
    }
}
