//! Permissions and roles by name.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{ParseError, PluginId, ids::is_name};

/// A permission (quyền) `plugin.thing.verb`, declared in the manifest of `plugin`; the platform's own are
/// `dinh.thing.verb`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Permission(Box<str>);

impl Permission {
    /// As text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The plugin that declares it.
    pub fn plugin(&self) -> &str {
        self.0.split('.').next().unwrap_or_default()
    }
}

impl FromStr for Permission {
    type Err = ParseError;
    fn from_str(text: &str) -> Result<Self, ParseError> {
        let mut parts = text.split('.');
        let plugin = parts.next().is_some_and(|part| part.parse::<PluginId>().is_ok());
        let thing = parts.next().is_some_and(|part| is_name(part, 40));
        let verb = parts.next().is_some_and(|part| is_name(part, 40));
        if plugin && thing && verb && parts.next().is_none() {
            Ok(Self(text.into()))
        } else {
            Err(ParseError::new("a permission `plugin.thing.verb`", text))
        }
    }
}

/// A role (vai trò) `plugin.name`: a named set of permissions. The platform's own are `dinh.name`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct RoleId(Box<str>);

impl RoleId {
    /// As text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for RoleId {
    type Err = ParseError;
    fn from_str(text: &str) -> Result<Self, ParseError> {
        match text.split_once('.') {
            Some((plugin, name)) if plugin.parse::<PluginId>().is_ok() && is_name(name, 40) => {
                Ok(Self(text.into()))
            }
            _ => Err(ParseError::new("a role `plugin.name`", text)),
        }
    }
}

macro_rules! as_text {
    ($name:ident) => {
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<$name> for String {
            fn from(name: $name) -> String {
                name.0.into()
            }
        }

        impl TryFrom<String> for $name {
            type Error = ParseError;
            fn try_from(text: String) -> Result<Self, ParseError> {
                text.parse()
            }
        }
    };
}

as_text!(Permission);
as_text!(RoleId);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_permission_has_three_parts() {
        assert_eq!("pci-index.score.read".parse::<Permission>().unwrap().plugin(), "pci-index");
        for bad in
            ["", "pci-index", "pci-index.score", "pci-index.score.read.all", "pci-index..read", "a.b.c"]
        {
            assert!(bad.parse::<Permission>().is_err(), "{bad}");
        }
    }
}
